"""Reactions: exactly once in their effects, isolated, retried, parked, in order, and aware of the present."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from pim_bot.bootstrap import Parts
from pim_bot.events.bus import Bus, Reaction, Reactions
from pim_bot.events.catalogue import ActivityScheduled
from pim_bot.events.event import RecordedEvent
from pim_bot.programme.activity import Activity, ActivityDraft
from pim_bot.programme.people import Actor
from pim_bot.programme.scheduling import cancel_activity, move_activity, schedule_activity
from pim_bot.routes import REACTIONS
from pim_bot.storage.tables.flow import due_item, event_log, event_reaction, notification
from tests.hub import RunningHub

CLI = Actor(door="command-line")
EDITION = "pim2-2021-2023"
WORKSHOP = ActivityDraft(
    kind="warsztaty-sieci",
    title="Zieleń",
    networks=("miasto-zielone",),
    starts_at=datetime(2022, 2, 22, 9, 0, tzinfo=UTC),
    ends_at=datetime(2022, 2, 22, 11, 0, tzinfo=UTC),
    zone="Europe/Warsaw",
)
LATER = {
    "starts_at": datetime(2022, 3, 22, 9, 0, tzinfo=UTC),
    "ends_at": datetime(2022, 3, 22, 11, 0, tzinfo=UTC),
    "answer_by": None,
}


async def schedule(parts: Parts) -> Activity:
    async with parts.storage.work() as work:
        return await schedule_activity(work, CLI, EDITION, WORKSHOP, now=parts.clock())


async def move(parts: Parts, activity: Activity) -> Activity:
    async with parts.storage.work() as work:
        return await move_activity(work, CLI, activity.id, now=parts.clock(), **LATER)  # type: ignore[arg-type]


def failing(name: str, *, times: int, before: bool = True) -> tuple[Reactions, list[int]]:
    """The reactions of the hub, one of which raises the first ``times`` times, before or after its effects.

    A try is two calls: in its batch, and alone after the batch was taken back.
    """
    failures: list[int] = []

    def wrapped(
        run: Callable[[Any, RecordedEvent], Awaitable[None]],
    ) -> Callable[[Any, RecordedEvent], Awaitable[None]]:
        async def raising(work: Any, recorded: RecordedEvent) -> None:
            if not before:
                await run(work, recorded)
            if len(failures) < times:
                failures.append(recorded.id)
                raise RuntimeError("on purpose")
            if before:
                await run(work, recorded)

        return raising

    changed = {
        event: tuple(Reaction(one.name, wrapped(one.run)) if one.name == name else one for one in named)
        for event, named in REACTIONS.items()
    }
    # One name must be one function for all events, as the bus demands.
    first = {one.name: one for named in changed.values() for one in named}
    return {event: tuple(first[one.name] for one in named) for event, named in changed.items()}, failures


def bus_with(hub: RunningHub, reactions: Reactions) -> Bus:
    return Bus(reactions=reactions, open_work=partial(hub.parts.storage.work, "relay"), machine_clock=hub.machine)


async def states(hub: RunningHub) -> dict[tuple[str, str], str]:
    """The state of each reaction to activities, by event and reaction."""
    rows = await hub.rows(None, event_reaction.c.type, event_reaction.c.reaction, event_reaction.c.state)
    return {(kind, name): state for kind, name, state in rows if "Activity" in kind}


async def newest_states(hub: RunningHub) -> dict[str, str]:
    """The state of each reaction to the event that was recorded last."""
    rows = await hub.rows(None, event_reaction.c.event_id, event_reaction.c.reaction, event_reaction.c.state)
    newest = max(number for number, _, _ in rows)
    return {str(name): str(state) for number, name, state in rows if number == newest}


async def reminded_days(hub: RunningHub, activity: Activity) -> set[str]:
    """The days on which rungs to the start of an activity are meant."""
    rows = await hub.rows(None, due_item.c.subject, due_item.c.kind, due_item.c.nominal_at, due_item.c.state)
    mine = (f"activity:{activity.id}", "reminder-start")
    return {f"{at:%Y-%m-%d}" for subject, kind, at, state in rows if (subject, kind) == mine and state == "planned"}


async def test_a_failing_reaction_does_not_stop_its_neighbours_and_is_tried_again(hub: RunningHub) -> None:
    await hub.settle()
    bus = bus_with(hub, failing("announce-activity", times=2)[0])
    await schedule(hub.parts)
    await bus.run_due()
    expected = dict.fromkeys(
        ("invite-participants", "plan-reminders", "plan-end", "publish-activity", "refresh-homes"), "done"
    ) | {"announce-activity": "due"}
    assert await newest_states(hub) == expected
    hub.machine.advance(seconds=3)
    await bus.run_due()
    assert set((await newest_states(hub)).values()) == {"done"}
    kinds = [kind for (kind,) in await hub.rows(None, notification.c.kind)]
    assert kinds.count("announcement") == 1


async def test_what_a_reaction_wrote_before_it_failed_is_taken_back(hub: RunningHub) -> None:
    await hub.settle()
    bus = bus_with(hub, failing("announce-activity", times=5, before=False)[0])
    await schedule(hub.parts)
    for _ in range(4):
        await bus.run_due()
        hub.machine.advance(minutes=1)
    kinds = [kind for (kind,) in await hub.rows(None, notification.c.kind)]
    assert kinds.count("announcement") == 1


async def test_a_reaction_that_never_succeeds_is_parked_with_its_error_and_shown_as_blocking(hub: RunningHub) -> None:
    await hub.settle()
    reactions, failures = failing("plan-reminders", times=1000)
    bus = bus_with(hub, reactions)
    activity = await schedule(hub.parts)
    await move(hub.parts, activity)
    for _ in range(10):
        await bus.run_due()
        hub.machine.advance(minutes=1)
    assert len(failures) == 2 * bus.most_attempts
    async with hub.parts.storage.reading() as work:
        parked = [dict(row) for row in await work.reactions.parked()]
    assert [(row["reaction"], row["type"], row["error"], row["blocks"]) for row in parked] == [
        ("plan-reminders", "ActivityScheduled", "RuntimeError: on purpose", 1)
    ]
    assert (await states(hub))[("ActivityMoved", "tell-of-move")] == "done"


async def test_a_parked_reaction_can_be_skipped_and_then_blocks_nothing(hub: RunningHub) -> None:
    await hub.settle()
    reactions, failures = failing("plan-reminders", times=10)
    bus = bus_with(hub, reactions)
    activity = await schedule(hub.parts)
    await move(hub.parts, activity)
    for _ in range(6):
        await bus.run_due()
        hub.machine.advance(minutes=1)
    async with hub.parts.storage.work() as work:
        assert await work.reactions.settle(failures[0], "plan-reminders", retry=False)
    await bus.run_due()
    assert (await states(hub))[("ActivityScheduled", "plan-reminders")] == "skipped"
    assert await reminded_days(hub, activity) == {"2022-03-15", "2022-03-21"}


async def test_a_retried_scheduled_after_a_moved_plans_nothing_for_the_old_date(hub: RunningHub) -> None:
    await hub.settle()
    bus = bus_with(hub, failing("plan-reminders", times=2)[0])
    activity = await schedule(hub.parts)
    await bus.run_due()
    await move(hub.parts, activity)
    hub.machine.advance(minutes=1)
    await bus.run_due()
    assert await reminded_days(hub, activity) == {"2022-03-15", "2022-03-21"}


async def test_a_cancelled_activity_is_not_announced_when_its_scheduling_is_heard_late(hub: RunningHub) -> None:
    await hub.settle()
    activity = await schedule(hub.parts)
    async with hub.parts.storage.work() as work:
        await cancel_activity(work, CLI, activity.id, reason="", now=hub.parts.clock())
    await hub.settle()
    rows = await hub.rows(None, notification.c.subject, notification.c.kind)
    kinds = sorted({kind for subject, kind in rows if subject == f"activity:{activity.id}"})
    assert kinds == ["cancelled"]


async def test_events_of_one_subject_reach_a_reaction_in_their_order(hub: RunningHub) -> None:
    await hub.settle()
    heard: list[tuple[str, int]] = []

    async def listen(work: Any, recorded: RecordedEvent) -> None:
        heard.append((recorded.event.type_name(), recorded.event.revision))

    listening = {event: (Reaction("plan-reminders", listen),) for event in REACTIONS}
    bus = bus_with(hub, listening)
    activity = await schedule(hub.parts)
    activity = await move(hub.parts, activity)
    async with hub.parts.storage.work() as work:
        await cancel_activity(work, CLI, activity.id, reason="", now=hub.parts.clock())
    await bus.run_due()
    assert heard == [("ActivityScheduled", 1), ("ActivityMoved", 2), ("ActivityCancelled", 3)]


async def test_two_relays_at_once_run_each_reaction_once(hub: RunningHub) -> None:
    await hub.settle()
    for _ in range(3):
        await schedule(hub.parts)
    buses = [bus_with(hub, REACTIONS) for _ in range(4)]
    ran = await asyncio.gather(*(bus.run_due() for bus in buses))
    rows = await hub.rows(None, event_reaction.c.type, event_reaction.c.state)
    scheduled = [state for kind, state in rows if kind == "ActivityScheduled"]
    assert set(scheduled) == {"done"}
    assert sum(ran) == 3 * len(REACTIONS[ActivityScheduled])


@pytest.mark.parametrize("change", [{"type": "ActivityDreamt"}, {"version": 99}])
async def test_a_type_or_version_of_a_newer_process_is_left_alone(hub: RunningHub, change: dict[str, object]) -> None:
    await hub.settle()
    await schedule(hub.parts)
    async with hub.parts.storage.engine.begin() as connection:
        due = event_reaction.c.state == "due"
        events = select(event_reaction.c.event_id).where(due)
        await connection.execute(update(event_log).where(event_log.c.id.in_(events)).values(change))
        await connection.execute(update(event_reaction).where(due).values(change))
    await hub.settle()
    assert set((await newest_states(hub)).values()) == {"due"}


async def test_a_reaction_that_nobody_here_knows_is_left_to_a_newer_process(hub: RunningHub) -> None:
    await hub.settle()
    await schedule(hub.parts)
    rows = await hub.rows(None, event_log.c.id, event_log.c.type)
    event_id = max(number for number, kind in rows)
    async with hub.parts.storage.engine.begin() as connection:
        row = {
            "event_id": event_id,
            "reaction": "paint-a-picture",
            "subject": "x",
            "type": "ActivityScheduled",
            "version": 1,
        }
        await connection.execute(insert(event_reaction), row)
    await hub.settle()
    found = await hub.rows(None, event_reaction.c.reaction, event_reaction.c.state)
    assert ("paint-a-picture", "due") in found


def test_two_functions_under_one_name_are_refused() -> None:
    async def one(work: Any, recorded: RecordedEvent) -> None: ...

    async def other(work: Any, recorded: RecordedEvent) -> None: ...

    twice = {ActivityScheduled: (Reaction("a", one), Reaction("a", other))}
    with pytest.raises(ValueError, match="two reactions are called a"):
        Bus(reactions=twice, open_work=lambda: None, machine_clock=lambda: datetime.now(UTC))  # type: ignore[arg-type,return-value]
