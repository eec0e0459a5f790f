"""Assigning experts: asked once, answered once, never booked twice."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.events.catalogue import ExpertAccepted, ExpertAssigned, ExpertDeclined
from pim_bot.programme.assigning import answer_assignment, assign_expert
from pim_bot.programme.assignment import AssignmentStatus, ExpertAssignment
from tests.fakes import FakeWork
from tests.unit.green import COORDINATOR, EDITION, EXPERT, GREEN, GUARDIAN, NOW, ZORY, acting, programme

LATER = NOW + timedelta(hours=1)
WANTED = ExpertAssignment(
    id="",
    edition=EDITION,
    member_id="expert",
    network=GREEN,
    since=date(2022, 2, 1),
    until=date(2022, 12, 31),
    days=12,
)
DOUBLED = "Ta osoba ma już takie przypisanie od {since} do {until}. Prosimy zmienić okres albo osobę."


async def assigned(work: FakeWork, **changes: Any) -> ExpertAssignment:
    return await assign_expert(work, acting(COORDINATOR), replace(WANTED, **changes), now=NOW)


async def test_an_assignment_stands_proposed_with_its_event() -> None:
    work = programme()
    made = await assigned(work)
    assert made == replace(WANTED, id=made.id, assigned_by="member:coordinator")
    assert work.state() == programme().state() | {
        "assignments": {made.id: made},
        "recorded": [(ExpertAssigned(assignment_id=made.id, revision=1), "member:coordinator", NOW)],
    }


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"network": "", "city": ""}, {"network"}),
        ({"network": "cudza"}, {"network"}),
        ({"city": "atlantyda"}, {"city"}),
        ({"until": date(2022, 1, 31)}, {"until"}),
        ({"since": date(2012, 1, 1)}, {"since"}),
        ({"until": date(2032, 1, 1)}, {"until"}),
        ({"days": 401}, {"days"}),
        ({"days": -1}, {"days"}),
        ({"member_id": "zory"}, {"expert"}),
        ({"member_id": "gone"}, {"expert"}),
        ({"member_id": "gone", "network": "", "days": 500}, {"expert", "network", "days"}),
    ],
)
async def test_an_assignment_that_cannot_be_names_its_fields_and_leaves_no_trace(
    changes: dict[str, Any], fields: set[str]
) -> None:
    work = programme()
    before = work.state()
    with pytest.raises(Refused) as refused:
        await assigned(work, **changes)
    assert (set(refused.value.fields), work.state()) == (fields, before)


@pytest.mark.parametrize("member", [GUARDIAN, EXPERT, ZORY])
async def test_only_coordinators_assign(member: Any) -> None:
    work = programme()
    before = work.state()
    with pytest.raises(NotAllowed):
        await assign_expert(work, acting(member), WANTED, now=NOW)
    assert work.state() == before


async def test_double_booking_is_refused_with_the_period_that_stands() -> None:
    work = programme()
    await assigned(work)
    before = work.state()
    with pytest.raises(Refused) as refused:
        await assigned(work, since=date(2022, 12, 31), until=date(2023, 3, 1))
    assert {name: (one.reason, one.facts) for name, one in refused.value.fields.items()} == {
        "expert": (DOUBLED, {"since": date(2022, 2, 1), "until": date(2022, 12, 31)})
    }
    assert work.state() == before
    assert (await assigned(work, since=date(2023, 1, 1), until=date(2023, 3, 1))).status is AssignmentStatus.PROPOSED
    assert (await assigned(work, city="zory")).city == "zory"


async def test_whoever_declined_may_be_asked_again() -> None:
    work = programme()
    first = await assigned(work)
    await answer_assignment(work, acting(EXPERT), first.id, accept=False, now=LATER)
    assert (await assigned(work)).status is AssignmentStatus.PROPOSED


@pytest.mark.parametrize(
    ("accept", "status", "event"),
    [
        (True, AssignmentStatus.ACCEPTED, ExpertAccepted),
        (False, AssignmentStatus.DECLINED, ExpertDeclined),
    ],
)
async def test_an_answer_counts_once_and_cannot_be_turned_round(
    accept: bool,  # noqa: FBT001
    status: AssignmentStatus,
    event: type[ExpertAccepted] | type[ExpertDeclined],
) -> None:
    work = programme()
    made = await assigned(work)
    before = work.state()
    await answer_assignment(work, acting(EXPERT), made.id, accept=accept, now=LATER)
    after = before | {
        "assignments": {made.id: replace(made, status=status, revision=2)},
        "recorded": [*before["recorded"], (event(assignment_id=made.id, revision=2), "member:expert", LATER)],
    }
    assert work.state() == after
    await answer_assignment(work, acting(EXPERT), made.id, accept=accept, now=LATER)
    with pytest.raises(Refused):
        await answer_assignment(work, acting(EXPERT), made.id, accept=not accept, now=LATER)
    assert work.state() == after


async def test_only_the_expert_who_is_asked_answers() -> None:
    work = programme()
    made = await assigned(work)
    before = work.state()
    for member in (COORDINATOR, GUARDIAN, ZORY):
        with pytest.raises(NotAllowed):
            await answer_assignment(work, acting(member), made.id, accept=True, now=LATER)
    with pytest.raises(NotFound):
        await answer_assignment(work, acting(EXPERT), "gone", accept=True, now=LATER)
    assert work.state() == before


days = st.dates(date(2022, 1, 1), date(2022, 3, 1))
spans = st.tuples(days, days).map(sorted)


@settings(deadline=None)
@given(spans, spans)
def test_two_periods_double_exactly_when_there_is_a_day_in_both(one: list[date], other: list[date]) -> None:
    first = replace(WANTED, since=one[0], until=one[1])
    second = replace(WANTED, since=other[0], until=other[1])
    shared = {
        one[0] + timedelta(days=n)
        for n in range((one[1] - one[0]).days + 1)
        if other[0] <= one[0] + timedelta(days=n) <= other[1]
    }
    assert first.doubles(second) == second.doubles(first) == bool(shared)
