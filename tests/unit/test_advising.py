"""Advisory sessions: logged once, read by the city and its experts only, counted in days."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.events.catalogue import (
    AdvisorySessionChanged,
    AdvisorySessionCorrected,
    AdvisorySessionLogged,
    ContributionLogged,
)
from pim_bot.programme.activity import ActivityStatus
from pim_bot.programme.advising import (
    correct_session,
    detail_session,
    log_as_planned,
    log_session,
    may_read,
    propose_for_mid,
    word_session,
)
from pim_bot.programme.assignment import AssignmentStatus, ExpertAssignment
from pim_bot.programme.budget import days_of, days_used, minutes_used
from pim_bot.programme.contribution import Circle, Contribution, ContributionType, Source
from pim_bot.programme.document import mid_of
from pim_bot.programme.edition import DocumentPart
from pim_bot.programme.people import Member, RoleName
from pim_bot.programme.scheduling import schedule_activity
from pim_bot.programme.session import AdvisorySession, CityWords, SessionDraft, SessionStatus, Spent
from tests.fakes import FakeWork
from tests.unit.green import (
    ADVICE,
    COORDINATOR,
    DAY,
    DIGITAL,
    DRAFT,
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
    person,
    programme,
)

SECOND = person("second", RoleName.EXPERT, network=GREEN, side="world_bank")
ELSEWHERE = person("elsewhere", RoleName.EXPERT, network=DIGITAL, side="world_bank")
WORDS = CityWords(city="zory", agreed=" Łąka przy szkole ", next_step="Wycena", notes="Budżet niepewny")
SESSION = SessionDraft(edition=EDITION, day=DAY, minutes=120, experts=(), cities=(WORDS,), topic="łąki")
LATER = NOW + timedelta(hours=1)


def green() -> FakeWork:
    work = programme(SECOND, ELSEWHERE)
    work.editions.parts_in_order = [DocumentPart(document="MID", slug="wyzwanie", name="Wyzwanie")]
    return work


async def logged(work: FakeWork, **changes: Any) -> AdvisorySession:
    return await log_session(work, acting(EXPERT), replace(SESSION, **changes), now=NOW)


async def test_a_session_is_logged_with_its_event_by_whoever_held_it() -> None:
    work = green()
    made = await logged(work)
    said = replace(WORDS, agreed="Łąka przy szkole", network=GREEN)
    assert made == AdvisorySession(
        id=made.id,
        edition=EDITION,
        day=DAY,
        minutes=120,
        experts=("expert",),
        cities=(said,),
        topic="łąki",
        logged_by="member:expert",
        logged_at=NOW,
    )
    assert work.state() == green().state() | {
        "sessions": {made.id: made},
        "recorded": [(AdvisorySessionLogged(session_id=made.id, revision=1), "member:expert", NOW)],
    }


async def test_the_same_session_is_logged_once_and_another_one_beside_it() -> None:
    work = green()
    first = await logged(work)
    assert await logged(work) == first
    assert len(work.recorded) == 1
    assert await logged(work, minutes=60) != first
    assert len(work.sessions.by_id) == 2


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"day": date(2022, 1, 11)}, {"day"}),
        ({"day": date(2021, 1, 8)}, {"day"}),
        ({"minutes": 0}, {"length"}),
        ({"minutes": 1441}, {"length"}),
        ({"experts": ("zory",)}, {"experts"}),
        ({"cities": ()}, {"cities"}),
        ({"topic": "x" * 301}, {"topic"}),
        ({"cities": (replace(WORDS, agreed="x" * 3001),)}, {"agreed"}),
        ({"cities": (replace(WORDS, owner="x" * 301),)}, {"owner"}),
        ({"cities": (replace(WORDS, sections=("nie-ma",)),)}, {"sections"}),
        ({"minutes": 0, "day": date(2022, 1, 11), "topic": "x" * 301}, {"length", "day", "topic"}),
    ],
)
async def test_wrong_input_is_refused_at_its_fields_and_nothing_is_written(
    changes: dict[str, Any], wrong: set[str]
) -> None:
    work = green()
    with pytest.raises(Refused) as refused:
        await logged(work, **changes)
    assert set(refused.value.fields) == wrong
    assert work.state() == green().state()


@pytest.mark.parametrize("member", [COORDINATOR, GUARDIAN, MINISTRY, ZORY, LUBLIN, NOBODY, ELSEWHERE])
async def test_only_the_citys_experts_log(member: Member) -> None:
    work = green()
    with pytest.raises(NotAllowed):
        await log_session(work, acting(member), SESSION, now=NOW)
    assert work.state() == green().state()


async def test_one_city_that_is_not_ones_own_is_enough_to_be_refused() -> None:
    work = green()
    with pytest.raises(NotAllowed):
        await logged(work, cities=(WORDS, CityWords(city="gdynia")))
    assert work.state() == green().state()


async def test_words_are_read_by_their_city_and_its_experts_only() -> None:
    work = green()
    session = await logged(work, cities=(WORDS, CityWords(city="lublin", agreed="Tylko Lublin")))
    readers = {
        words.city: {one.id for one in work.people.by_id.values() if may_read(acting(one), session, words, DAY)}
        for words in session.cities
    }
    assert readers == {"zory": {"zory", "zory2", "expert", "second"}, "lublin": {"lublin", "expert", "second"}}


async def test_details_and_words_are_added_and_the_same_again_changes_nothing() -> None:
    work = green()
    session = await logged(work)
    for _ in range(2):
        detailed = await detail_session(
            work, acting(EXPERT), session.id, topic="PPP", form="hybrid", experts=["second"], now=LATER
        )
        said = replace(WORDS, agreed="Inaczej", due=date(2022, 2, 1), owner="Wydział", sections=("wyzwanie",))
        changed = await word_session(work, acting(SECOND), session.id, said, now=LATER)
    assert changed == replace(
        session,
        topic="PPP",
        form="hybrid",
        experts=("expert", "second"),
        cities=(replace(said, network=GREEN),),
        revision=3,
    )
    assert detailed == changed
    assert [event for event, _, _ in work.recorded[1:]] == [
        AdvisorySessionChanged(session_id=session.id, revision=2),
        AdvisorySessionChanged(session_id=session.id, revision=3),
    ]


async def test_the_city_corrects_and_the_experts_words_stay() -> None:
    work = green()
    session = await logged(work)
    for _ in range(2):
        corrected = await correct_session(work, acting(ZORY2), session.id, "zory", " Szkoła nr 5 ", now=LATER)
    said = replace(session.cities[0], correction="Szkoła nr 5", corrected_by="zory2", corrected_at=LATER)
    assert corrected == replace(session, cities=(said,), revision=2)
    assert work.recorded[1:] == [
        (AdvisorySessionCorrected(session_id=session.id, revision=2, city="zory"), "member:zory2", LATER)
    ]
    again = await word_session(work, acting(EXPERT), session.id, replace(WORDS, agreed="Nowe"), now=LATER)
    assert again.cities[0].correction == "Szkoła nr 5"


@pytest.mark.parametrize("member", [COORDINATOR, GUARDIAN, MINISTRY, LUBLIN, EXPERT, NOBODY])
async def test_nobody_but_the_city_corrects(member: Member) -> None:
    work = green()
    session = await logged(work)
    before = work.state()
    with pytest.raises(NotAllowed):
        await correct_session(work, acting(member), session.id, "zory", "Inaczej", now=LATER)
    assert work.state() == before


async def test_a_session_or_a_city_that_is_not_there_is_said_so() -> None:
    work = green()
    session = await logged(work)
    for session_id, city in (("gone", "zory"), (session.id, "lublin")):
        with pytest.raises(NotFound):
            await correct_session(work, acting(ZORY), session_id, city, "Inaczej", now=LATER)


async def test_what_goes_to_the_mid_is_a_draft_of_the_same_circle_and_goes_once() -> None:
    work = green()
    session = await logged(work)
    for _ in range(2):
        made = await propose_for_mid(
            work, acting(EXPERT), session.id, "zory", part="wyzwanie", text="łąki: Łąka przy szkole", now=LATER
        )
    assert made == Contribution(
        id=made.id,
        document=mid_of(EDITION, GREEN, "zory"),
        part="wyzwanie",
        type=ContributionType.AGREEMENT,
        text="łąki: Łąka przy szkole",
        people=("expert",),
        cities=("zory",),
        circle=Circle.CITY,
        source=Source.SESSION,
        source_key=f"session:{session.id}/zory",
        author="expert",
        logged_by="member:expert",
        logged_at=LATER,
    )
    assert [type(event) for event, _, _ in work.recorded] == [AdvisorySessionLogged, ContributionLogged]


async def advice(work: FakeWork) -> str:
    """An advisory session on the calendar, which is over an hour after now."""
    draft = replace(DRAFT, kind=ADVICE.slug, cities=("zory",), networks=(), answer_by=None)
    draft = replace(draft, starts_at=NOW - timedelta(minutes=90), ends_at=NOW)
    made = await schedule_activity(work, acting(COORDINATOR), EDITION, draft, now=NOW, past_is_fine=True)
    assert made.status is ActivityStatus.HELD
    work.recorded.clear()
    return made.id


async def test_as_planned_is_one_tap_and_two_experts_log_one_session() -> None:
    work = green()
    activity_id = await advice(work)
    session = await log_as_planned(work, acting(EXPERT), activity_id, now=LATER)
    assert await log_as_planned(work, acting(SECOND), activity_id, now=LATER) == session
    assert (session.minutes, session.experts, session.activity_id) == (90, ("expert",), activity_id)
    assert [one.city for one in session.cities] == ["zory"]
    assert len(work.recorded) == 1


async def test_what_did_not_take_place_takes_no_time() -> None:
    work = green()
    session = await log_as_planned(work, acting(EXPERT), await advice(work), now=LATER, held=False)
    assert (session.minutes, session.status) == (0, SessionStatus.NOT_HELD)


@pytest.mark.parametrize(("minutes", "hours", "days"), [(480, 8, 1.0), (90, 8, 0.19), (90, 6, 0.25), (0, 8, 0.0)])
def test_hours_become_days_by_the_rule_of_the_edition(minutes: int, hours: int, days: float) -> None:
    assert days_of(minutes, hours) == days


def assignment(key: str, **changes: Any) -> ExpertAssignment:
    usual: dict[str, Any] = {"network": GREEN, "since": date(2022, 1, 1), "until": date(2022, 6, 30)}
    accepted = {"member_id": "expert", "status": AssignmentStatus.ACCEPTED, "days": 12}
    return ExpertAssignment(id=key, edition=EDITION, **(usual | accepted | changes))


def test_a_share_counts_once_for_the_city_before_the_network() -> None:
    network, city = assignment("n"), assignment("c", network="", city="zory")
    others = [
        assignment("declined", status=AssignmentStatus.DECLINED),
        assignment("over", until=date(2022, 1, 9)),
        assignment("later", since=date(2022, 1, 11)),
        assignment("somebody's", member_id="second"),
        assignment("elsewhere", network=DIGITAL),
    ]
    spent = [
        Spent(member_id="expert", day=DAY, network=GREEN, city="zory", minutes=60),
        Spent(member_id="expert", day=DAY, network=GREEN, city="lublin", minutes=30),
    ]
    assert minutes_used([network, city, *others], spent) == {
        "n": 30,
        "c": 60,
        **dict.fromkeys((one.id for one in others), 0),
    }


async def test_a_session_for_two_cities_is_shared_equally_between_their_budgets() -> None:
    work = green()
    await logged(work, minutes=480, cities=(WORDS, CityWords(city="lublin")))
    mine = [assignment("n"), assignment("c", network="", city="zory")]
    assert await days_used(work, EDITION, mine) == {"n": 0.5, "c": 0.5}
