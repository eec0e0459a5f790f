"""Presence: marked afterwards by whoever plans or hosts, by whole teams, and the same again changes nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.events.catalogue import PresenceMarked
from pim_bot.programme.activity import ActivityStatus, Answer
from pim_bot.programme.invitations import answer_invitation
from pim_bot.programme.marking import mark_presence, others_of, roster_of
from pim_bot.programme.presence import OTHERS, Expected, Presence, pages_of
from pim_bot.programme.scheduling import schedule_activity
from tests.fakes import FakeWork
from tests.unit.green import (
    COORDINATOR,
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
    acting,
    programme,
)

AFTER = DRAFT.ends_at + timedelta(hours=1)
TEAM, ALONE = f"team:{GREEN}/zory", "member:expert"


async def held() -> tuple[FakeWork, str]:
    """A workshop hosted by Lublin that is over; Żory registered two people, the expert comes, the ministry does not."""
    work = programme()
    activity = await schedule_activity(work, HUB, EDITION, replace(DRAFT, cities=("lublin",)), now=NOW)
    await answer_invitation(work, acting(ZORY), activity.id, Answer.GOING, people=["Anna", "Jan"], now=NOW)
    await answer_invitation(work, acting(EXPERT), activity.id, Answer.GOING, now=NOW)
    await answer_invitation(work, acting(MINISTRY), activity.id, Answer.NOT_GOING, now=NOW)
    work.activities.by_id[activity.id] = replace(activity, status=ActivityStatus.HELD)
    return work, activity.id


async def roster(work: FakeWork, activity_id: str) -> list[Expected]:
    return await roster_of(work, work.activities.by_id[activity_id])


async def test_who_came_is_kept_by_invitation_with_who_marked_it() -> None:
    work, activity_id = await held()
    before, listed = work.state(), await roster(work, activity_id)
    assert listed == [
        Expected(invitee=TEAM, name="Anna"),
        Expected(invitee=TEAM, name="Jan"),
        Expected(invitee=ALONE, name="Osoba expert"),
    ]
    keys = {one.name: one.key for one in listed}
    await mark_presence(
        work,
        acting(GUARDIAN),
        activity_id,
        shown=keys.values(),
        came=[keys["Jan"]],
        others=[" Ewa  Gość ", ""],
        now=AFTER,
    )
    rows = {
        (activity_id, invitee): Presence(
            activity_id=activity_id, invitee=invitee, people=people, marked_by="member:guardian", marked_at=AFTER
        )
        for invitee, people in ((TEAM, ("Jan",)), (ALONE, ()), (OTHERS, ("Ewa Gość",)))
    }
    marked = (PresenceMarked(activity_id=activity_id, revision=1), "member:guardian", AFTER)
    assert work.state() == before | {"presences": rows, "recorded": [*before["recorded"], marked]}
    assert [(one.name, one.came) for one in await roster(work, activity_id)] == [
        ("Anna", False),
        ("Jan", True),
        ("Osoba expert", False),
    ]


async def test_the_same_again_changes_nothing_and_what_was_not_shown_stays() -> None:
    work, activity_id = await held()
    team = [one.key for one in await roster(work, activity_id) if one.invitee == TEAM]
    await mark_presence(work, acting(COORDINATOR), activity_id, shown=team, came=team, others=["Ewa"], now=AFTER)
    assert [one.came for one in await roster(work, activity_id)] == [True, True, None]
    before = work.state()
    again = AFTER + timedelta(days=1)
    await mark_presence(work, acting(LUBLIN), activity_id, shown=team, came=team, others=["Ewa"], now=again)
    await mark_presence(work, acting(LUBLIN), activity_id, shown=team, came=team, now=again)
    assert work.state() == before
    await mark_presence(work, acting(LUBLIN), activity_id, shown=team, came=[], others=[], now=again)
    assert await others_of(work, work.activities.by_id[activity_id]) == ()
    changed = work.presences.by_key[activity_id, TEAM]
    assert (changed.people, changed.marked_by, changed.revision) == ((), "member:lublin", 2)


async def test_only_whoever_plans_or_hosts_marks_it() -> None:
    work, activity_id = await held()
    before = work.state()
    for member in (ZORY, EXPERT, MINISTRY):
        with pytest.raises(NotAllowed):
            await mark_presence(work, acting(member), activity_id, shown=[], came=[], others=["Ktoś"], now=AFTER)
    with pytest.raises(NotFound):
        await mark_presence(work, acting(GUARDIAN), "gone", shown=[], came=[], now=AFTER)
    assert work.state() == before


async def test_it_is_marked_neither_before_the_start_nor_of_what_was_called_off() -> None:
    reasons = []
    for status, now in ((ActivityStatus.SCHEDULED, NOW), (ActivityStatus.CANCELLED, AFTER)):
        work, activity_id = await held()
        work.activities.by_id[activity_id] = replace(work.activities.by_id[activity_id], status=status)
        with pytest.raises(Refused) as refused:
            await mark_presence(work, acting(GUARDIAN), activity_id, shown=[], came=[], others=["Ktoś"], now=now)
        reasons.append(refused.value.reason)
    assert reasons == [
        "Obecność można zaznaczyć, gdy wydarzenie się rozpocznie.",
        "To wydarzenie jest odwołane, więc nie ma obecności do zaznaczenia.",
    ]


def test_pages_hold_whole_teams() -> None:
    people = [Expected(invitee=f"team:{GREEN}/{city}", name=f"{city} {n}") for city in "abc" for n in range(30)]
    assert [len(page) for page in pages_of(people, most=50)] == [30, 30, 30]
    assert [len(page) for page in pages_of(people, most=60)] == [60, 30]
    assert pages_of([], most=50) == [[]]
