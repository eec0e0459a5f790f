"""What somebody who leaves a team has to hand on is listed until each duty has another owner."""

from dataclasses import replace
from datetime import date

import pytest

from pim_bot.errors import NotAllowed
from pim_bot.events.catalogue import ActivityChanged, TeamChanged
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.intent import Kind
from pim_bot.notifications.leaving import list_duties
from pim_bot.programme.activity import Activity
from pim_bot.programme.assignment import AssignmentStatus, ExpertAssignment
from pim_bot.programme.enrolling import TeamPlace, end_in_team, make_contact
from pim_bot.programme.leaving import Duties, duties_of, take_over_activity
from pim_bot.programme.people import Member
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
    programme,
)

PLACE = TeamPlace(edition=EDITION, network=GREEN, city="zory")
SERVES = ExpertAssignment(
    id="a1",
    edition=EDITION,
    member_id="zory",
    network=GREEN,
    since=date(2022, 1, 3),
    until=date(2022, 6, 30),
    status=AssignmentStatus.ACCEPTED,
)


async def left(work: FakeWork, member_id: str = "zory") -> Duties:
    await end_in_team(work, acting(GUARDIAN), PLACE, member_id, last_day=DAY, now=NOW)
    return await duties_of(work, work.people.by_id[member_id], PLACE, now=NOW)


async def planned_by(work: FakeWork, member_id: str) -> Activity:
    activity = await schedule_activity(work, HUB, EDITION, DRAFT, now=NOW)
    planned = replace(activity, scheduled_by=f"member:{member_id}")
    work.activities.by_id[activity.id] = planned
    return planned


async def test_every_duty_of_the_leaver_is_listed() -> None:
    work = programme()
    activity = await planned_by(work, "zory")
    others = [SERVES, replace(SERVES, id="a2", member_id="expert"), replace(SERVES, id="a3", until=DAY)]
    work.assignments.by_id = {one.id: one for one in others}
    found = await left(work)
    assert found == Duties(
        leaver=work.people.by_id["zory"],
        place=PLACE,
        last_day=DAY,
        others=(ZORY2,),
        was_contact=True,
        was_last=False,
        activities=(activity,),
        assignments=(SERVES,),
    )


async def test_whoever_owned_nothing_leaves_nothing_behind() -> None:
    assert not (await left(programme(), "zory2")).are_left


async def test_the_last_of_a_team_leaves_its_mid_behind() -> None:
    work = programme()
    await left(work, "zory2")
    found = await left(work)
    assert (found.was_last, found.was_contact) == (True, False)


async def test_what_is_handed_on_is_listed_no_more() -> None:
    work = programme()
    activity = await planned_by(work, "zory")
    await left(work)
    await make_contact(work, acting(GUARDIAN), PLACE, "zory2", now=NOW)
    for _ in range(2):
        taken = await take_over_activity(work, acting(GUARDIAN), activity.id, now=NOW)
    assert taken == replace(activity, scheduled_by="member:guardian", revision=2)
    assert work.recorded[-1][0] == ActivityChanged(activity_id=activity.id, revision=2, what=("lead",))
    assert not (await duties_of(work, work.people.by_id["zory"], PLACE, now=NOW)).are_left


@pytest.mark.parametrize("who", [ZORY2, LUBLIN, EXPERT, MINISTRY])
async def test_only_whoever_may_plan_takes_an_activity_over(who: Member) -> None:
    work = programme()
    activity = await planned_by(work, "zory")
    with pytest.raises(NotAllowed):
        await take_over_activity(work, acting(who), activity.id, now=NOW)
    assert work.activities.by_id == {activity.id: activity}


@pytest.mark.parametrize(("guardians", "told"), [((GUARDIAN,), {"guardian"}), ((), {"coordinator"})])
async def test_whoever_looks_after_the_network_hears_once(guardians: tuple[Member, ...], told: set[str]) -> None:
    work = programme()
    if not guardians:
        del work.people.by_id["guardian"]
    await end_in_team(work, acting(COORDINATOR), PLACE, "zory", last_day=DAY, now=NOW)
    event = work.recorded[-1][0]
    assert isinstance(event, TeamChanged)
    for _ in range(2):
        await list_duties(work, RecordedEvent(id=7, at=NOW, actor="chat", event=event))
    wanted = {(Kind.DUTIES, f"to:member:{one}", f"team:{PLACE.key}", "zory/7") for one in told}
    assert set(work.outbox.planned) == wanted


async def test_nobody_hears_of_a_leaver_without_duties() -> None:
    work = programme()
    await end_in_team(work, acting(GUARDIAN), PLACE, ZORY2.id, last_day=DAY, now=NOW)
    await list_duties(work, RecordedEvent(id=7, at=NOW, actor="chat", event=work.recorded[-1][0]))
    assert work.outbox.planned == {}
    assert ZORY.id in work.people.by_id
