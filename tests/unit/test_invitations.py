"""Answering for a team or for oneself: one answer counts, the same again changes nothing, places are kept."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.events.catalogue import AttendanceAnswered, PlaceGiven
from pim_bot.programme.activity import (
    CHOICES,
    ActivityStatus,
    Answer,
    Attendance,
    AttendanceCount,
    count_attendance,
    waiting_list,
)
from pim_bot.programme.invitations import answer_invitation, checked_people
from pim_bot.programme.people import Actor
from pim_bot.programme.scheduling import schedule_activity
from tests.fakes import FakeWork
from tests.unit.green import (
    DRAFT,
    EDITION,
    EXPERT,
    GREEN,
    GUARDIAN,
    HUB,
    LUBLIN,
    NOBODY,
    NOW,
    ZORY,
    ZORY2,
    acting,
    programme,
)

LATER = NOW + timedelta(hours=1)
TEAM = f"team:{GREEN}/zory"
LUBLIN_TEAM = f"team:{GREEN}/lublin"
MINUTE = timedelta(minutes=1)


async def invited(**changes: object) -> tuple[FakeWork, str]:
    """The programme with one activity; changes are those of its row."""
    work = programme()
    activity = await schedule_activity(work, HUB, EDITION, DRAFT, now=NOW)
    work.activities.by_id[activity.id] = replace(activity, **changes)  # type: ignore[arg-type]
    return work, activity.id


async def test_an_answer_is_kept_with_who_gave_it_and_told_once() -> None:
    work, activity_id = await invited()
    before = work.state()
    given_answer = await answer_invitation(work, acting(ZORY2), activity_id, Answer.GOING, now=LATER)
    assert given_answer == Attendance(
        activity_id=activity_id,
        invitee=TEAM,
        answer=Answer.GOING,
        people=("Osoba zory2",),
        answered_by="zory2",
        answered_at=LATER,
        revision=1,
    )
    event = AttendanceAnswered(activity_id=activity_id, invitee=TEAM, revision=1)
    assert work.state() == before | {
        "attendances": before["attendances"] | {(activity_id, TEAM): given_answer},
        "recorded": [*before["recorded"], (event, "member:zory2", LATER)],
    }


@pytest.mark.parametrize("answer", CHOICES)
async def test_the_same_answer_again_by_anybody_of_the_team_changes_nothing(answer: Answer) -> None:
    work, activity_id = await invited()
    await answer_invitation(work, acting(ZORY), activity_id, answer, now=LATER)
    before = work.state()
    await answer_invitation(work, acting(ZORY), activity_id, answer, now=LATER + timedelta(days=1))
    await answer_invitation(work, acting(ZORY2), activity_id, answer, now=LATER + timedelta(days=1))
    assert work.state() == before


async def test_another_answer_takes_the_place_of_the_first_and_names_fall_away() -> None:
    work, activity_id = await invited()
    await answer_invitation(work, acting(ZORY), activity_id, Answer.GOING, people=["Anna", "Jan"], now=LATER)
    changed = await answer_invitation(work, acting(ZORY2), activity_id, Answer.NOT_GOING, now=LATER)
    assert (changed.answer, changed.people, changed.answered_by, changed.revision) == (
        Answer.NOT_GOING,
        (),
        "zory2",
        2,
    )


async def test_a_person_invited_on_their_own_answers_without_names() -> None:
    work, activity_id = await invited()
    one = await answer_invitation(work, acting(EXPERT), activity_id, Answer.GOING, people=["Ktoś"], now=LATER)
    assert (one.invitee, one.people) == ("member:expert", ())


async def test_whoever_is_not_invited_is_refused_and_changes_nothing() -> None:
    work, activity_id = await invited()
    before = work.state()
    for actor, error in ((acting(NOBODY), Refused), (Actor(door="chat"), NotFound)):
        with pytest.raises(error):
            await answer_invitation(work, actor, activity_id, Answer.GOING, now=LATER)
    with pytest.raises(NotFound):
        await answer_invitation(work, acting(ZORY), "gone", Answer.GOING, now=LATER)
    assert work.state() == before


async def test_an_invitation_that_is_not_the_actors_is_never_answered() -> None:
    work, activity_id = await invited()
    del work.attendances.by_key[activity_id, TEAM]
    before = work.state()
    with pytest.raises((Refused, NotAllowed)):
        await answer_invitation(work, acting(ZORY), activity_id, Answer.GOING, now=LATER)
    assert work.state() == before


async def test_after_the_start_or_a_cancellation_no_answer_is_taken() -> None:
    reasons = []
    for changes, now in (
        ({}, DRAFT.starts_at),
        ({"status": ActivityStatus.HELD}, LATER),
        ({"status": ActivityStatus.CANCELLED}, LATER),
    ):
        work, activity_id = await invited(**changes)
        before = work.state()
        with pytest.raises(Refused) as refused:
            await answer_invitation(work, acting(ZORY), activity_id, Answer.GOING, now=now)
        assert work.state() == before
        reasons.append(refused.value.reason)
    started = "To wydarzenie już się rozpoczęło, więc odpowiedzi nie można zmienić."
    assert reasons == [started, started, "To wydarzenie jest odwołane, odpowiedź nie jest już potrzebna."]


async def test_an_answer_after_the_answer_by_moment_is_still_taken() -> None:
    work, activity_id = await invited()
    assert DRAFT.answer_by is not None
    late = await answer_invitation(
        work, acting(ZORY), activity_id, Answer.GOING, now=DRAFT.answer_by + timedelta(hours=1)
    )
    assert late.answer is Answer.GOING


async def test_whoever_finds_no_place_waits_for_one_in_the_order_of_coming() -> None:
    work, activity_id = await invited(capacity=3)
    await answer_invitation(work, acting(ZORY), activity_id, Answer.GOING, people=["Anna", "Jan"], now=LATER)
    before = work.state()
    waits = await answer_invitation(
        work, acting(LUBLIN), activity_id, Answer.GOING, people=["Ewa", "Adam"], now=LATER + MINUTE
    )
    event = AttendanceAnswered(activity_id=activity_id, invitee=LUBLIN_TEAM, revision=1)
    assert waits == Attendance(
        activity_id=activity_id,
        invitee=LUBLIN_TEAM,
        answer=Answer.WAITING,
        people=("Ewa", "Adam"),
        answered_by="lublin",
        answered_at=LATER + MINUTE,
        revision=1,
        waiting_since=LATER + MINUTE,
    )
    assert work.state() == before | {
        "attendances": before["attendances"] | {(activity_id, LUBLIN_TEAM): waits},
        "recorded": [*before["recorded"], (event, "member:lublin", LATER + MINUTE)],
    }
    # One place is free, and it is the first one's: nobody overtakes who would need fewer.
    behind = await answer_invitation(work, acting(EXPERT), activity_id, Answer.GOING, now=LATER + 2 * MINUTE)
    assert (behind.answer, behind.waiting_since) == (Answer.WAITING, LATER + 2 * MINUTE)
    assert [one.invitee for one in waiting_list(await work.attendances.of(activity_id))] == [
        LUBLIN_TEAM,
        "member:expert",
    ]


async def waiting_for(work: FakeWork, activity_id: str) -> None:
    """Three places are taken; Lublin waits with two people, then the expert."""
    await answer_invitation(work, acting(ZORY), activity_id, Answer.GOING, people=["Anna", "Jan"], now=LATER)
    await answer_invitation(work, acting(GUARDIAN), activity_id, Answer.GOING, now=LATER)
    await answer_invitation(work, acting(LUBLIN), activity_id, Answer.GOING, people=["Ewa", "Adam"], now=LATER + MINUTE)
    await answer_invitation(work, acting(EXPERT), activity_id, Answer.GOING, now=LATER + 2 * MINUTE)


async def standing(work: FakeWork, activity_id: str) -> dict[str, Answer | None]:
    return {one.invitee: one.answer for one in await work.attendances.of(activity_id) if one.answer}


async def test_a_place_that_comes_free_goes_to_the_first_who_is_told_so() -> None:
    work, activity_id = await invited(capacity=3)
    await waiting_for(work, activity_id)
    before, told = work.state(), LATER + timedelta(hours=1)
    await answer_invitation(work, acting(GUARDIAN), activity_id, Answer.NOT_GOING, now=told)
    assert (await standing(work, activity_id))[LUBLIN_TEAM] is Answer.WAITING  # one place is too few for two people
    await answer_invitation(work, acting(ZORY2), activity_id, Answer.NOT_GOING, now=told)
    assert await standing(work, activity_id) == {
        LUBLIN_TEAM: Answer.GOING,
        TEAM: Answer.NOT_GOING,
        "member:guardian": Answer.NOT_GOING,
        "member:expert": Answer.GOING,
    }
    given_place = work.attendances.by_key[activity_id, LUBLIN_TEAM]
    assert given_place == replace(
        before["attendances"][activity_id, LUBLIN_TEAM], answer=Answer.GOING, waiting_since=None, revision=2
    )
    assert work.recorded[len(before["recorded"]) :] == [
        (AttendanceAnswered(activity_id=activity_id, invitee="member:guardian", revision=2), "member:guardian", told),
        (AttendanceAnswered(activity_id=activity_id, invitee=TEAM, revision=2), "member:zory2", told),
        (PlaceGiven(activity_id=activity_id, invitee=LUBLIN_TEAM, revision=2), "waiting-list", told),
        (PlaceGiven(activity_id=activity_id, invitee="member:expert", revision=2), "waiting-list", told),
    ]


async def test_fewer_people_of_a_team_and_a_first_who_gives_up_free_places_too() -> None:
    work, activity_id = await invited(capacity=3)
    await waiting_for(work, activity_id)
    await answer_invitation(work, acting(LUBLIN), activity_id, Answer.UNSURE, now=LATER + timedelta(hours=1))
    assert (await standing(work, activity_id))["member:expert"] is Answer.WAITING
    await answer_invitation(work, acting(ZORY), activity_id, Answer.GOING, people=["Jan"], now=LATER)
    assert (await standing(work, activity_id))["member:expert"] is Answer.GOING


async def test_whoever_waits_keeps_the_place_in_the_queue_unless_more_people_come() -> None:
    work, activity_id = await invited(capacity=3)
    await waiting_for(work, activity_id)
    later, before = LATER + timedelta(hours=1), work.state()
    await answer_invitation(work, acting(LUBLIN), activity_id, Answer.GOING, now=later)
    assert work.state() == before
    fewer = await answer_invitation(work, acting(LUBLIN), activity_id, Answer.GOING, people=["Ewa"], now=later)
    more = await answer_invitation(work, acting(LUBLIN), activity_id, Answer.GOING, people=["Ewa", "Jan"], now=later)
    assert (fewer.waiting_since, more.waiting_since) == (LATER + MINUTE, later)
    assert next(one.invitee for one in waiting_list(await work.attendances.of(activity_id))) == "member:expert"


async def test_a_team_that_goes_never_loses_its_places_by_asking_for_more() -> None:
    work, activity_id = await invited(capacity=3)
    await waiting_for(work, activity_id)
    before = work.state()
    for people, most in ((["Anna", "Jan", "Ola"], 2), (["Anna", "Jan", "Ola", "Ewa"], 3)):
        with pytest.raises(Refused) as refused:
            await answer_invitation(work, acting(ZORY), activity_id, Answer.GOING, people=people, now=LATER)
        assert {name: one.facts for name, one in refused.value.fields.items()} == {"people": {"most": most}}
    assert work.state() == before


async def test_a_team_that_goes_may_change_its_names_within_its_own_places_when_all_are_taken() -> None:
    work, activity_id = await invited(capacity=2)
    await answer_invitation(work, acting(ZORY), activity_id, Answer.GOING, people=["Anna", "Jan"], now=LATER)
    changed = await answer_invitation(work, acting(ZORY), activity_id, Answer.GOING, people=["Ewa", "Jan"], now=LATER)
    assert changed.people == ("Ewa", "Jan")
    await answer_invitation(work, acting(ZORY), activity_id, Answer.NOT_GOING, now=LATER)
    assert (await answer_invitation(work, acting(EXPERT), activity_id, Answer.GOING, now=LATER)).answer is Answer.GOING


async def test_more_people_than_a_team_may_bring_are_refused_on_their_field() -> None:
    work, activity_id = await invited(places_per_team=1)
    before = work.state()
    with pytest.raises(Refused) as refused:
        await answer_invitation(work, acting(ZORY), activity_id, Answer.GOING, people=["Anna", "Jan"], now=LATER)
    assert {name: one.facts for name, one in refused.value.fields.items()} == {"people": {"most": 1}}
    assert work.state() == before


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ([" Anna  N. ", "Anna N.", "", "\u200b"], ("Anna N.",)),
        (["Zoe\u0308"], ("Zoë",)),
        (["👩‍👩‍👧"], ("👩‍👩‍👧",)),
        ([f"Osoba {n}" for n in range(50)], tuple(f"Osoba {n}" for n in range(50))),
    ],
)
def test_of_names_what_can_be_read_is_kept_once(typed: list[str], kept: tuple[str, ...]) -> None:
    assert checked_people(typed) == kept


@pytest.mark.parametrize("typed", [[f"Osoba {n}" for n in range(51)], ["a" * 101]])
def test_too_many_and_too_long_names_are_refused_on_their_field(typed: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        checked_people(typed)
    assert list(refused.value.fields) == ["people"]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from([None, *Answer]), st.integers(0, 4)), max_size=40))
def test_the_count_tells_every_invitation_once(answers: list[tuple[Answer | None, int]]) -> None:
    attendances = [
        Attendance(activity_id="a", invitee=str(n), answer=answer, people=tuple(map(str, range(people))))
        for n, (answer, people) in enumerate(answers)
    ]
    count = count_attendance(attendances)
    assert count.going + count.unsure + count.not_going + count.owed + count.waiting == len(answers)
    people = sum(people or 1 for answer, people in answers if answer is Answer.GOING)
    assert count == AttendanceCount(
        going=sum(answer is Answer.GOING for answer, _ in answers),
        unsure=sum(answer is Answer.UNSURE for answer, _ in answers),
        not_going=sum(answer is Answer.NOT_GOING for answer, _ in answers),
        owed=sum(answer is None for answer, _ in answers),
        people=people,
        waiting=sum(answer is Answer.WAITING for answer, _ in answers),
    )
