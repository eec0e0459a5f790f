"""The plan and the ledger: what was planned is what happens, and every row of it is accounted for.

A failing seed is in the test's name; ``-k`` with that name replays it.
"""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from random import Random as Seeded
from typing import Any

import pytest
from sqlalchemy import select

from pim_bot.notifications.intent import Kind, Operation, State
from pim_bot.notifications.ledger import Entry, Plan, PlannedMessage
from pim_bot.programme.activity import CHOICES, Activity, ActivityDraft
from pim_bot.programme.invitations import answer_invitation
from pim_bot.programme.people import Actor
from pim_bot.programme.scheduling import cancel_activity, move_activity, schedule_activity
from pim_bot.storage.rehearsal import READ_IN_PLACE
from pim_bot.storage.tables.base import metadata
from pim_bot.storage.tables.flow import due_item, notification
from tests.hub import USERS, RunningHub

CLI = Actor(door="command-line")
EDITION = "pim2-2021-2023"
DAYS = 16


def seeded(seed: int) -> Seeded:
    return Seeded(seed)  # noqa: S311 - replayable


async def scheduled(hub: RunningHub, random: Seeded, number: int) -> Activity:
    """Put something on the calendar, at any hour of any day of the coming weeks, and let it be announced or not."""
    starts_at = hub.parts.clock() + timedelta(hours=random.randrange(3, 24 * 14), minutes=random.choice((0, 30)))
    kind = random.choice(
        ("warsztaty-sieci", "warsztaty-sieci", "doradztwo-indywidualne", "zagraniczna-wizyta-studyjna")
    )
    by = starts_at - timedelta(hours=random.randrange(1, 24 * 6))
    draft = ActivityDraft(
        kind=kind,
        title=f"Spotkanie {number}",
        networks=("miasto-zielone",),
        cities=("zory",) if kind == "doradztwo-indywidualne" else (),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=random.randrange(1, 30)),
        zone="Europe/Warsaw",
        answer_by=by if by > hub.parts.clock() and random.random() < 0.6 else None,
    )
    async with hub.parts.storage.work() as work:
        return await schedule_activity(work, CLI, EDITION, draft, now=hub.parts.clock())


async def answered(hub: RunningHub, random: Seeded, activity: Activity) -> None:
    """Let some of the people answer."""
    for name in USERS:
        if random.random() < 0.5:
            continue
        async with hub.parts.storage.work() as work:
            member = await work.people.by_chat_user(hub.slack.workspace.team_id, f"U{name.upper()}")
            invited = {one.invitee for one in await work.attendances.of(activity.id)}
            now = hub.parts.clock()
            if member is None or not invited & set(member.invitees(member.day_of(now))) or activity.starts_at <= now:
                continue
            answer = random.choice(CHOICES)
            await answer_invitation(work, Actor(door="chat", member=member), activity.id, answer, now=now)


async def life(hub: RunningHub, random: Seeded) -> list[Activity]:
    """A hub with some activities, some answers, some of it heard and some still to be heard."""
    await hub.meet()
    activities = [await scheduled(hub, random, number) for number in range(random.randrange(2, 5))]
    await hub.settle()
    for one in activities:
        await answered(hub, random, one)
    if random.random() < 0.5:
        await hub.settle()
    await hub.wind(hours=random.randrange(0, 30))
    return [*activities, await scheduled(hub, random, len(activities))]  # the last of them nobody has heard of yet


async def planned(hub: RunningHub, days: int = DAYS) -> Plan:
    return await hub.parts.rehearsing.plan(hub.parts.clock() + timedelta(days=days))


async def ledger(hub: RunningHub) -> dict[str, Entry]:
    """Everything that stands in the ledger, by id."""
    async with hub.parts.storage.reading() as work:
        ids = [row[0] for row in await hub.rows(None, notification.c.id)]
        return {one.id: one for one in await work.ledger.entries(ids)}


def told(entries: list[Entry]) -> Counter[Any]:
    """What was said to whom and when, and what was dropped and why."""
    return Counter((one.key, one.state, one.sent_at, one.error) for one in entries)


async def dump(hub: RunningHub) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    found = {}
    async with hub.parts.storage.engine.connect() as connection:
        for table in metadata.sorted_tables:
            found[table.name] = sorted((tuple(row) for row in await connection.execute(select(table))), key=repr)
    return found


@pytest.mark.parametrize("seed", range(3))
async def test_what_is_planned_is_what_happens_and_nothing_else_does(hub: RunningHub, seed: int) -> None:
    await life(hub, seeded(seed))
    before = await ledger(hub)
    settled = {key for key, one in before.items() if not one.is_open}
    plan = await planned(hub)
    assert len(plan.messages) > 10
    await hub.wind(days=DAYS)
    after = [one for key, one in (await ledger(hub)).items() if key not in settled]
    came = [one for one in after if not one.is_open or one.not_before <= plan.until]
    assert told([one.entry for one in plan.messages]) == told(came)


@pytest.mark.parametrize("seed", range(6, 9))
async def test_every_row_of_the_plan_is_accounted_for_whatever_people_do_meanwhile(hub: RunningHub, seed: int) -> None:
    random = seeded(seed)
    activities = await life(hub, random)
    plan = await planned(hub)
    for _ in range(DAYS):
        await hub.wind(days=1)
        for one in activities:
            await something_happens(hub, random, one)
        await hub.settle()
    found = await ledger(hub)
    keys = {one.key: one for one in found.values()}
    items = {(row[0], row[1], row[2], row[3]): row[4:] for row in await hub.rows(None, *ITEM)}
    unaccounted = [one for one in plan.messages if not is_accounted_for(one, plan, found, keys, items)]
    assert unaccounted == []
    assert {one.state for one in found.values()} <= {State.SENT, State.DROPPED, State.PLANNED}
    assert [one for one in found.values() if one.state is State.DROPPED and not one.error] == []


ITEM = (
    due_item.c.kind,
    due_item.c.subject,
    due_item.c.member_id,
    due_item.c.occurrence,
    due_item.c.state,
    due_item.c.why,
    due_item.c.due_at,
)
REPORTS = (Kind.REPORT_QUESTION, Kind.REPORT_NUDGE, Kind.REPORT_ESCALATION)
ASKS_AT = {Kind.FEEDBACK_QUESTION: "feedback-opens", Kind.FEEDBACK_NUDGE: "feedback-nudge"}


def is_target(one: PlannedMessage, change: PlannedMessage) -> bool:
    return one.entry.operation is not Operation.UPDATE and one.entry.key[:4] == change.entry.key[:4]


def is_accounted_for(
    message: PlannedMessage,
    plan: Plan,
    found: dict[str, Entry],
    keys: dict[tuple[str, ...], Entry],
    items: dict[Any, Any],
) -> bool:
    """A planned message is in the ledger, settled; or what was to become of it fell due otherwise, or was dropped."""
    entry = found.get(message.entry.id) or keys.get(message.entry.key)
    if entry is not None:
        return not entry.is_open
    if message.entry.operation is Operation.UPDATE:  # of a message that never was, nothing is to be changed
        target = next((one for one in plan.messages if is_target(one, message)), None)
        return target is not None and is_accounted_for(target, plan, found, keys, items)
    parts = [(one.item.kind, one.item.subject, one.item.member_id, one.item.occurrence) for one in message.parts]
    if message.entry.kind in ASKS_AT:  # a round that never began has neither question nor nudge
        parts = [("feedback-opens", message.entry.subject, "", "")]
    if message.entry.kind is Kind.FEEDBACK_RESULT:
        parts = [("feedback-opens", message.entry.subject, "", "")]
    if message.entry.kind in REPORTS:  # of what did not end then, no report is asked for
        parts = [("activity-ends", message.entry.subject, "", "")]
    states = [items.get(part) for part in parts]
    return bool(states) and all(
        one is not None and (one[0] == "fell" or (one[0] == "dropped" and one[1]) or one[2] != message.entry.not_before)
        for one in states
    )


async def something_happens(hub: RunningHub, random: Seeded, activity: Activity) -> None:
    """Somebody answers, moves or cancels, now and then."""
    chance = random.random()
    async with hub.parts.storage.reading() as work:
        present = await work.activities.get(activity.id)
    now = hub.parts.clock()
    if present is None or not present.is_open or present.ends_at <= now:
        return
    if chance < 0.2:
        await answered(hub, random, present)
    elif chance < 0.26:
        shift = timedelta(hours=random.randrange(5, 100))
        async with hub.parts.storage.work() as work:
            await move_activity(
                work,
                CLI,
                activity.id,
                starts_at=now + shift,
                ends_at=now + shift + timedelta(hours=2),
                answer_by=None,
                now=now,
            )
    elif chance < 0.3:
        async with hub.parts.storage.work() as work:
            await cancel_activity(work, CLI, activity.id, reason="", now=now)


async def test_planning_changes_nothing_and_nobody_waits_for_it(hub: RunningHub) -> None:
    await life(hub, seeded(99))
    before = await dump(hub)
    at = hub.parts.clock()
    planning = asyncio.create_task(planned(hub))
    written: list[bool] = []
    while not planning.done():  # people go on writing while the plan is made
        async with hub.parts.storage.work() as work:
            written.append(await work.requests.is_new(f"meanwhile-{len(written)}", at=at))
        await asyncio.sleep(0.01)
    await planning
    after = await dump(hub)
    requests = len(after.pop("handled_request")) - len(before.pop("handled_request"))
    assert (before == after, requests, hub.parts.clock()) == (True, len(written), at)
    assert len(written) > 3


async def test_what_a_rehearsal_only_reads_it_cannot_write(hub: RunningHub) -> None:
    async def meddle(work: Any, now: datetime) -> None:
        await work.people.get("somebody")
        await work.identities.looked_up("somebody", at=now)

    assert "member" in {table.name for table in READ_IN_PLACE}
    with pytest.raises(RuntimeError, match="a rehearsal must not write to member"):
        await hub.parts.rehearsing.plan(hub.parts.clock(), first=meddle)
