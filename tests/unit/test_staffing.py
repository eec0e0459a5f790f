"""Assignments end early, are handed on with their history, and are told to whom they concern."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.events.catalogue import ExpertAssigned, ExpertReleased, ExpertReplaced
from pim_bot.programme.assigning import OverBudget, assign_expert, release_expert, replace_expert
from pim_bot.programme.assignment import AssignmentStatus, ExpertAssignment
from pim_bot.programme.load import Load, load_of, weekdays
from pim_bot.programme.people import RoleName
from pim_bot.programme.session import AdvisorySession, CityWords
from pim_bot.programme.staffing import Service, staff_of
from tests.fakes import FakeWork
from tests.unit.green import (
    COORDINATOR,
    DIGITAL,
    EDITION,
    EXPERT,
    GREEN,
    GUARDIAN,
    NOW,
    ZORY,
    acting,
    person,
    programme,
)

SECOND = person("second", RoleName.EXPERT, network=GREEN, side="world_bank")
SERVES = ExpertAssignment(
    id="a1",
    edition=EDITION,
    member_id="expert",
    network=GREEN,
    city="zory",
    since=date(2022, 1, 3),
    until=date(2022, 6, 30),
    days=12,
    status=AssignmentStatus.ACCEPTED,
    assigned_by="member:coordinator",
)
LAST = date(2022, 1, 31)


def serving(**changes: Any) -> FakeWork:
    work = programme(SECOND)
    work.assignments.by_id["a1"] = replace(SERVES, **changes)
    return work


async def test_a_release_ends_it_on_a_day_and_keeps_what_was() -> None:
    work = serving()
    await release_expert(work, acting(COORDINATOR), "a1", last_day=LAST, now=NOW)
    assert work.assignments.by_id == {"a1": replace(SERVES, until=LAST, revision=2)}
    assert work.recorded == [(ExpertReleased(assignment_id="a1", revision=2), "member:coordinator", NOW)]


@pytest.mark.parametrize(
    ("changes", "last_day"),
    [({"status": AssignmentStatus.PROPOSED}, LAST), ({}, date(2022, 1, 2))],
)
async def test_what_never_began_is_released_as_a_whole(changes: dict[str, Any], last_day: date) -> None:
    work = serving(**changes)
    released = await release_expert(work, acting(COORDINATOR), "a1", last_day=last_day, now=NOW)
    assert released == replace(SERVES, status=AssignmentStatus.RELEASED, revision=2)


@pytest.mark.parametrize("who", [GUARDIAN, EXPERT, ZORY])
async def test_only_coordinators_end_assignments(who: Any) -> None:
    work = serving()
    with pytest.raises(NotAllowed):
        await release_expert(work, acting(who), "a1", last_day=LAST, now=NOW)
    with pytest.raises(NotAllowed):
        await replace_expert(work, acting(who), "a1", expert="second", since=LAST, days=3, now=NOW)
    assert work.assignments.by_id == {"a1": SERVES}
    assert work.recorded == []


async def test_what_is_over_or_gone_cannot_be_ended() -> None:
    with pytest.raises(NotFound):
        await release_expert(programme(), acting(COORDINATOR), "a1", last_day=LAST, now=NOW)
    with pytest.raises(Refused, match="już zakończone"):
        await release_expert(
            serving(status=AssignmentStatus.DECLINED), acting(COORDINATOR), "a1", last_day=LAST, now=NOW
        )
    with pytest.raises(Refused) as refused:
        await release_expert(serving(), acting(COORDINATOR), "a1", last_day=SERVES.until, now=NOW)
    assert set(refused.value.fields) == {"last_day"}


async def test_a_replacement_goes_on_the_next_day_and_names_whom_it_replaces() -> None:
    work = serving()
    made = await replace_expert(
        work, acting(COORDINATOR), "a1", expert="second", since=date(2022, 2, 1), days=7, now=NOW
    )
    assert work.assignments.by_id == {
        "a1": replace(SERVES, until=LAST, revision=2),
        made.id: replace(
            SERVES,
            id=made.id,
            member_id="second",
            since=date(2022, 2, 1),
            days=7,
            status=AssignmentStatus.PROPOSED,
            replaces="a1",
        ),
    }
    assert [event for event, _, _ in work.recorded] == [
        ExpertAssigned(assignment_id=made.id, revision=1),
        ExpertReplaced(assignment_id="a1", revision=2, successor=made.id),
    ]


@pytest.mark.parametrize(
    ("expert", "since", "fields"),
    [
        ("expert", date(2022, 2, 1), {"expert"}),
        ("second", date(2022, 7, 1), {"since"}),
        ("expert", date(2022, 7, 1), {"expert", "since"}),
        ("zory", date(2022, 2, 1), {"expert"}),
    ],
)
async def test_a_replacement_by_nobody_in_time_is_refused(expert: str, since: date, fields: set[str]) -> None:
    with pytest.raises(Refused) as refused:
        await replace_expert(serving(), acting(COORDINATOR), "a1", expert=expert, since=since, days=1, now=NOW)
    assert set(refused.value.fields) == fields


async def test_more_days_than_there_are_is_shown_before_it_is_saved() -> None:
    work = serving()
    wanted = replace(
        SERVES,
        id="",
        city="lublin",
        since=date(2022, 1, 3),
        until=date(2022, 1, 14),
        days=120,
        status=AssignmentStatus.PROPOSED,
    )
    with pytest.raises(OverBudget) as over:
        await assign_expert(work, acting(COORDINATOR), wanted, now=NOW)
    assert over.value.facts == {"asked": 132, "available": 129, "since": date(2022, 1, 3), "until": date(2022, 6, 30)}
    assert work.recorded == []
    made = await assign_expert(work, acting(COORDINATOR), wanted, now=NOW, over_budget_is_fine=True)
    assert work.assignments.by_id[made.id].days == 120


def test_only_what_is_open_and_overlaps_counts_as_load() -> None:
    others = [
        replace(SERVES, id="other person", member_id="second"),
        replace(SERVES, id="declined", status=AssignmentStatus.DECLINED),
        replace(SERVES, id="earlier", since=date(2021, 1, 1), until=date(2022, 1, 2)),
        replace(SERVES, id="overlaps", since=date(2022, 6, 30), until=date(2022, 7, 1), days=3),
        SERVES,
    ]
    assert load_of(SERVES, others) == Load(asked=15, available=130, since=date(2022, 1, 3), until=date(2022, 7, 1))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 500))
def test_weekdays_are_counted_as_one_by_one(since: date, length: int) -> None:
    days = [since + timedelta(days=number) for number in range(length + 1)]
    assert weekdays(since, days[-1]) == sum(day.weekday() < 5 for day in days)


async def test_whoever_assigns_sees_days_and_proposals_and_others_what_was_accepted() -> None:
    work = serving()
    proposed = replace(SERVES, id="a2", member_id="second", city="", status=AssignmentStatus.PROPOSED, days=5)
    work.assignments.by_id["a2"] = proposed
    work.assignments.by_id["a0"] = replace(SERVES, id="a0", until=date(2022, 1, 9))
    spent = AdvisorySession(
        id="s1",
        edition=EDITION,
        day=date(2022, 1, 20),
        minutes=1200,
        experts=("expert",),
        cities=(CityWords(city="zory", network=GREEN),),
        logged_by="expert",
        logged_at=NOW,
    )
    await work.sessions.add(spent)
    green = work.editions.networks_by_slug[GREEN].name
    zory = work.editions.cities_by_slug["zory"].name
    accepted = Service(assignment=SERVES, place=zory, expert=EXPERT.name)
    waiting = Service(assignment=proposed, place=green, expert=SECOND.name, days_used=0.0)

    async def told(who: Any) -> set[Service]:
        return set((await staff_of(work, acting(who), EDITION, now=NOW)).services)

    assert await told(COORDINATOR) == {replace(accepted, days_used=2.5), waiting}
    assert await told(ZORY) == {accepted}
    assert await told(EXPERT) == {replace(accepted, days_used=2.5)}
    assert await told(SECOND) == {accepted, waiting}
    found = await staff_of(work, acting(ZORY), EDITION, now=NOW)
    assert [network.slug for network in found.gaps] == [DIGITAL]
    assert found.in_networks == ((green, (EXPERT.name, SECOND.name)),)
    assert not found.assigns
