"""Arranging an advisory session: asked by either side, offered by the other, chosen once."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.events.catalogue import (
    ActivityScheduled,
    SessionArranged,
    SessionRequestDeclined,
    SessionRequested,
    SessionTimesOffered,
)
from pim_bot.programme.activity import Answer, Attendance
from pim_bot.programme.arranging import ask_for_session, choose_time, decline_request, offer_times
from pim_bot.programme.people import Member
from pim_bot.programme.session import RequestStatus, SessionRequest, SessionRequestDraft, Side
from tests.fakes import FakeWork
from tests.unit.green import (
    COORDINATOR,
    EDITION,
    EXPERT,
    GREEN,
    GUARDIAN,
    LUBLIN,
    MINISTRY,
    NOBODY,
    NOW,
    ZORY,
    ZORY2,
    acting,
    programme,
)

DRAFT = SessionRequestDraft(edition=EDITION, city="zory", topic="łąki", question="Kiedy kosić?")
FIRST, SECOND = NOW + timedelta(days=2), NOW + timedelta(days=3)
LATER = NOW + timedelta(hours=1)


async def asked(work: FakeWork, member: Member = ZORY, **changes: Any) -> SessionRequest:
    return await ask_for_session(work, acting(member), replace(DRAFT, **changes), now=NOW)


async def offered(work: FakeWork, *starts: datetime, member: Member = EXPERT) -> SessionRequest:
    request = await asked(work)
    return await offer_times(work, acting(member), request.id, starts or (FIRST, SECOND), minutes=60, now=NOW)


async def test_a_city_asks_and_the_expert_offers() -> None:
    work = programme()
    request = await offered(work)
    assert request == SessionRequest(
        id=request.id,
        edition=EDITION,
        network=GREEN,
        city="zory",
        topic="łąki",
        question="Kiedy kosić?",
        asked_by="zory",
        asked_at=NOW,
        side=Side.CITY,
        status=RequestStatus.OFFERED,
        answered_by="expert",
        offers=(FIRST, SECOND),
        minutes=60,
        revision=2,
    )
    assert work.state() == programme().state() | {
        "session_requests": {request.id: request},
        "recorded": [
            (SessionRequested(request_id=request.id, revision=1), "member:zory", NOW),
            (SessionTimesOffered(request_id=request.id, revision=2), "member:expert", NOW),
        ],
    }


async def test_a_colleague_chooses_and_both_sides_are_counted_as_coming_once() -> None:
    work = programme()
    request = await offered(work)
    for _ in range(2):
        activity = await choose_time(work, acting(ZORY2), request.id, SECOND, now=LATER)
    assert (activity.kind, activity.title, activity.cities, activity.networks) == (
        "doradztwo",
        "łąki",
        ("zory",),
        (GREEN,),
    )
    assert (activity.starts_at, activity.ends_at) == (SECOND, SECOND + timedelta(hours=1))
    coming = {"answer": Answer.GOING, "answered_at": LATER, "revision": 1}
    assert work.attendances.by_key == {
        (activity.id, f"team:{GREEN}/zory"): Attendance(
            activity_id=activity.id,
            invitee=f"team:{GREEN}/zory",
            people=("Osoba zory",),
            answered_by="zory",
            **coming,  # type: ignore[arg-type]
        ),
        (activity.id, "member:expert"): Attendance(
            activity_id=activity.id,
            invitee="member:expert",
            answered_by="expert",
            **coming,  # type: ignore[arg-type]
        ),
    }
    assert work.session_requests.by_id[request.id] == replace(
        request, status=RequestStatus.ARRANGED, activity_id=activity.id, revision=3
    )
    assert work.recorded[2:] == [
        (ActivityScheduled(activity_id=activity.id, revision=1), "member:zory2", LATER),
        (SessionArranged(request_id=request.id, revision=3), "member:zory2", LATER),
    ]


@pytest.mark.parametrize("member", [COORDINATOR, GUARDIAN, MINISTRY, LUBLIN, NOBODY])
async def test_nobody_else_asks_offers_chooses_or_declines(member: Member) -> None:
    work = programme()
    request = await offered(work)
    before = work.state()
    with pytest.raises(NotAllowed):
        await asked(work, member)
    with pytest.raises(NotAllowed):
        await offer_times(work, acting(member), request.id, [FIRST], minutes=60, now=NOW)
    with pytest.raises(NotAllowed):
        await choose_time(work, acting(member), request.id, FIRST, now=NOW)
    with pytest.raises(NotAllowed):
        await decline_request(work, acting(member), request.id, reason="Nie", now=NOW)
    assert work.state() == before


async def test_nobody_answers_their_own_side() -> None:
    work = programme()
    request = await offered(work)
    with pytest.raises(Refused, match="druga strona"):
        await offer_times(work, acting(ZORY), request.id, [FIRST], minutes=60, now=NOW)
    with pytest.raises(Refused, match="druga strona"):
        await choose_time(work, acting(EXPERT), request.id, FIRST, now=NOW)


@pytest.mark.parametrize(
    ("starts", "minutes", "wrong"),
    [
        ([None, None, None], 60, {"offer_1"}),
        ([NOW], 60, {"offer_1"}),
        ([FIRST, NOW - timedelta(days=1)], 60, {"offer_2"}),
        ([FIRST, None, NOW + timedelta(days=2000)], 60, {"offer_3"}),
        ([FIRST], 14, {"length"}),
        ([NOW], 481, {"offer_1", "length"}),
    ],
)
async def test_wrong_times_are_refused_at_their_fields(
    starts: list[datetime | None], minutes: int, wrong: set[str]
) -> None:
    work = programme()
    request = await asked(work)
    before = work.state()
    with pytest.raises(Refused) as refused:
        await offer_times(work, acting(EXPERT), request.id, starts, minutes=minutes, now=NOW)
    assert set(refused.value.fields) == wrong
    assert work.state() == before


async def test_a_time_at_which_either_side_has_an_activity_is_refused_also_when_it_is_chosen_too_late() -> None:
    work = programme()
    one, other = await offered(work, FIRST), await offered(work, FIRST)
    await choose_time(work, acting(ZORY), one.id, FIRST, now=NOW)
    with pytest.raises(Refused, match="ma już inne wydarzenie"):
        await choose_time(work, acting(ZORY), other.id, FIRST, now=NOW)
    starts = [FIRST + timedelta(minutes=59), FIRST - timedelta(hours=1)]
    with pytest.raises(Refused) as refused:
        await offer_times(work, acting(EXPERT), other.id, starts, minutes=60, now=NOW)
    assert set(refused.value.fields) == {"offer_1"}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [({"topic": " "}, {"topic"}), ({"question": "x" * 3001, "part": "nie-ma"}, {"question", "part"})],
)
async def test_a_wrong_question_is_refused_at_its_fields(changes: dict[str, Any], wrong: set[str]) -> None:
    work = programme()
    with pytest.raises(Refused) as refused:
        await asked(work, **changes)
    assert set(refused.value.fields) == wrong
    assert work.state() == programme().state()


async def test_a_request_is_declined_once_and_with_a_reason() -> None:
    work = programme()
    request = await asked(work)
    with pytest.raises(Refused):
        await decline_request(work, acting(EXPERT), request.id, reason=" ", now=NOW)
    declined = await decline_request(work, acting(EXPERT), request.id, reason=" Urlop ", now=LATER)
    assert declined == replace(request, status=RequestStatus.DECLINED, reason="Urlop", answered_by="expert", revision=2)
    assert work.recorded[1:] == [(SessionRequestDeclined(request_id=request.id, revision=2), "member:expert", LATER)]
    with pytest.raises(Refused):
        await offer_times(work, acting(EXPERT), request.id, [FIRST], minutes=60, now=LATER)


async def test_a_request_or_a_time_that_is_not_there_is_said_so() -> None:
    work = programme()
    request = await offered(work)
    with pytest.raises(NotFound):
        await choose_time(work, acting(ZORY), "gone", FIRST, now=NOW)
    with pytest.raises(Refused, match="nie jest już proponowany"):
        await choose_time(work, acting(ZORY), request.id, NOW + timedelta(days=9), now=NOW)
