"""While somebody is away their duties are their deputy's, who must be able to carry them out; each is told once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim_bot.errors import Refused
from pim_bot.events.catalogue import AbsenceChanged, ActivityScheduled, DigestFellDue
from pim_bot.events.event import Event, RecordedEvent
from pim_bot.handlers.absence import said_in
from pim_bot.notifications.absence import tell_deputy
from pim_bot.notifications.activities import invite_participants
from pim_bot.notifications.digests import send_digest
from pim_bot.notifications.direct import heard_by, opening_for, tell_members
from pim_bot.notifications.intent import Kind
from pim_bot.programme.absence import change_absence, deputies_of
from pim_bot.programme.people import Member, RoleName
from pim_bot.programme.preferences import AS_USUAL, Preferences
from pim_bot.programme.scheduling import schedule_activity
from tests.fakes import FakeWork
from tests.unit.green import (
    COORDINATOR,
    DAY,
    DRAFT,
    EDITION,
    EXPERT,
    GREEN,
    GUARDIAN,
    HUB,
    LUBLIN,
    MINISTRY,
    NOW,
    ZORY,
    ZORY2,
    acting,
    person,
    programme,
)

LAST = date(2022, 1, 21)
BACK = datetime(2022, 1, 24, 7, 0, tzinfo=UTC)
AWAY = Preferences(away_since=DAY, away_until=LAST, deputy="zory2")
SECOND = person("second", RoleName.EXPERT, network=GREEN, side="world_bank")


async def away(work: FakeWork, member: Member = ZORY, **changes: Any) -> Member:
    wanted: dict[str, Any] = {"since": DAY, "until": LAST, "deputy": "zory2"}
    return await change_absence(work, acting(member), **(wanted | changes), now=NOW)


def happened(event: Event) -> RecordedEvent:
    return RecordedEvent(id=1, event=event, actor="member:zory", at=NOW)


async def test_an_absence_is_kept_with_one_event_and_ended_with_another() -> None:
    work = programme()
    kept = await away(work)
    work.people.by_id["zory"] = kept
    await away(work, kept)
    assert kept == replace(ZORY, preferences=AWAY)
    assert work.recorded == [(AbsenceChanged(member_id="zory"), "member:zory", NOW)]
    await away(work, kept, since=None, until=None)
    assert work.people.by_id["zory"].preferences == AS_USUAL
    assert len(work.recorded) == 2


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"since": None}, {"since"}),
        ({"until": DAY - timedelta(days=1), "since": None}, {"since", "until"}),
        ({"until": DAY - timedelta(days=1)}, {"until"}),
        ({"until": DAY + timedelta(days=400)}, {"until"}),
        ({"deputy": "lublin"}, {"deputy"}),
        ({"deputy": "zory"}, {"deputy"}),
        ({"until": date(2021, 1, 1), "deputy": "nobody"}, {"until", "deputy"}),
    ],
)
async def test_what_cannot_be_is_told_on_its_fields(changes: dict[str, Any], fields: set[str]) -> None:
    work = programme()
    with pytest.raises(Refused) as refused:
        await away(work, **changes)
    assert set(refused.value.fields) == fields
    assert work.state() == programme().state()


@pytest.mark.parametrize(
    ("member", "able"),
    [
        (ZORY, [ZORY2]),
        (LUBLIN, []),
        (EXPERT, [SECOND]),
        (GUARDIAN, [COORDINATOR]),
        (MINISTRY, []),
        (COORDINATOR, []),
        (replace(ZORY, roles=(*ZORY.roles, *EXPERT.roles)), []),
    ],
)
async def test_only_who_can_do_everything_stands_in(member: Member, able: list[Member]) -> None:
    assert await deputies_of(programme(SECOND), member, EDITION, DAY) == able


async def test_duties_reach_the_deputy_once_and_nobody_else() -> None:
    work = programme()
    work.people.by_id["zory"] = replace(ZORY, preferences=AWAY)
    activity = await schedule_activity(work, HUB, EDITION, replace(DRAFT, networks=(GREEN,)), now=NOW)
    work.editions.networks_by_slug[GREEN] = replace(work.editions.networks_by_slug[GREEN], channel="")
    for _ in range(2):
        await invite_participants(work, happened(ActivityScheduled(activity_id=activity.id, revision=1)))
    told = [recipient for kind, recipient, _, _ in work.outbox.planned if kind is Kind.INVITATION]
    assert sorted(told) == [f"to:member:{one}" for one in ("expert", "guardian", "lublin", "ministry", "zory2")]


async def test_what_is_for_this_person_alone_waits_for_the_return_and_the_urgent_does_not() -> None:
    work = programme()
    member = replace(ZORY, preferences=AWAY)
    event = happened(AbsenceChanged(member_id="zory"))
    await tell_members(work, event, [member], Kind.FEEDBACK_QUESTION)
    await tell_members(work, event, [member], Kind.CHANGED, urgent=True)
    found = {(one.kind, one.recipient): (one.not_before, one.held_why) for one in work.outbox.planned.values()}
    assert found == {
        (Kind.FEEDBACK_QUESTION, "to:member:zory"): (BACK, "away"),
        (Kind.CHANGED, "to:member:zory"): (NOW, ""),
    }


async def test_without_a_deputy_who_is_there_duties_wait() -> None:
    work = programme()
    alone = replace(ZORY, preferences=replace(AWAY, deputy=""))
    work.people.by_id["zory2"] = replace(ZORY2, preferences=replace(AWAY, deputy="zory"))
    for member in (alone, replace(ZORY, preferences=AWAY)):
        assert await heard_by(work, [member], NOW) == [member]
        assert opening_for(member, NOW) == (BACK, "away")
    assert opening_for(alone, BACK) == (BACK, "")


async def test_a_deputy_who_has_left_the_team_is_none() -> None:
    work = programme()
    member = replace(ZORY, preferences=AWAY)
    left = replace(ZORY2, roles=(replace(ZORY2.roles[0], until=DAY - timedelta(days=1)),))
    work.people.by_id["zory2"] = left
    assert await heard_by(work, [member], NOW) == [member]
    work.people.by_id["zory2"] = replace(left, roles=LUBLIN.roles)
    assert await heard_by(work, [member], NOW) == [member]
    work.people.by_id["zory2"] = ZORY2
    assert await heard_by(work, [member, ZORY2], NOW) == [ZORY2]


async def test_the_deputy_hears_of_each_absence_once() -> None:
    work = programme()
    await away(work)
    for _ in range(2):
        await tell_deputy(work, happened(AbsenceChanged(member_id="zory")))
    key = (Kind.STANDING_IN, "to:member:zory2", "member:zory", f"{DAY}/{LAST}/zory2")
    assert list(work.outbox.planned) == [key]


async def test_nobody_gets_a_digest_while_away() -> None:
    work = programme()
    work.people.by_id["guardian"] = replace(GUARDIAN, preferences=replace(AWAY, deputy="coordinator"))
    await send_digest(work, happened(DigestFellDue(member_id="guardian", week="2022-W02")))
    assert work.outbox.planned == {}


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_one_is_away_from_the_first_day_until_the_last(day: date) -> None:
    assert AWAY.is_away(day) is (DAY <= day <= LAST)
    assert not AS_USUAL.is_away(day)


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("", {}),
        ("1.02 14.02 osoba zory2", {"since": "2022-02-01", "until": "2022-02-14", "deputy": "zory2"}),
        ("od 2022-02-01 do 2022-02-14", {"since": "2022-02-01", "until": "2022-02-14"}),
        ("3.01 4.01", {"since": "2023-01-03", "until": "2023-01-04"}),
        ("31.02 1.03.2022", {"since": "2022-03-01"}),
        ("kiedyś", {}),
    ],
)
def test_days_and_a_name_are_read_from_the_command(said: str, typed: dict[str, str]) -> None:
    assert said_in(said, DAY, [ZORY2]) == typed
