"""Rows of the fault matrix (docs/reliability.md) that no other test shows, judged by what stands in the chat.

Nothing here is left to chance: clocks are wound and gates are opened, so every run is the same.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from random import Random

import pytest
from sqlalchemy import func, select

from pim_bot.bootstrap import Parts, background, put_together
from pim_bot.errors import Refused, StorageUnavailable
from pim_bot.playground.faults import Drop, Fault, Late, PartialHistory, Refuse, ServerError, TooMany
from pim_bot.playground.model import Message
from pim_bot.programme.assigning import answer_assignment, assign_expert
from pim_bot.programme.assignment import ExpertAssignment
from pim_bot.programme.people import Actor
from pim_bot.programme.scheduling import schedule_activity
from pim_bot.storage.tables.base import metadata
from pim_bot.storage.tables.flow import audit, event_log
from pim_bot.storage.tables.people import expert_assignment
from tests.engines import SQLITE, Engines
from tests.harness.seeds import SEED, SOAK
from tests.hub import BOT, MONDAY_NINE, RunningHub, running_hub, settings_for
from tests.integration.test_at_once import EDITION, others
from tests.integration.test_bad_input import WORKSHOP, forge_click, open_form, planned, schedule
from tests.integration.test_delivery_faults import (
    ALL,
    assert_each_once,
    keys_in_chat,
    later,
    planned_workshop,
    posted,
    states,
)
from tests.integration.test_reactions import CLI
from tests.integration.test_reactions import WORKSHOP as DRAFT
from tests.integration.test_reactions import schedule as schedule_in_core

DOUBT = 91
"""Seconds after which a doubtful message is looked for."""

DECISIONS = 1000 if SOAK else 20


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        yield running


@asynccontextmanager
async def second_worker(hub: RunningHub, engines: Engines) -> AsyncIterator[Parts]:
    """Another worker on the same database and the same chat."""
    settings = settings_for(engines.folder, hub.slack.api_url, database_url=engines.database_url)
    async with put_together(settings, machine=hub.machine) as parts:
        parts.clock.set_to(hub.parts.clock())
        yield parts


def calls(hub: RunningHub, method: str) -> int:
    return len(hub.slack.workspace.calls[method])


def met(hub: RunningHub, fault: type[Fault]) -> int:
    """How many calls met a fault of that kind."""
    return sum(isinstance(call.fault, fault) for call in hub.slack.workspace.calls)


def titles(messages: list[Message]) -> list[str]:
    return [message.blocks[0]["text"]["text"] for message in messages if message.user == BOT]


# The chat says no, or nothing at all, or half of it


async def test_a_history_that_hides_its_end_makes_a_double_that_is_taken_away(hub: RunningHub) -> None:
    await planned_workshop(hub)
    hub.slack.faults.always("chat.postMessage", Drop(after_accept=True))
    await hub.settle()
    hub.slack.faults.clear()
    hub.slack.faults.always("conversations.history", PartialHistory(keep=0, admitted=False))
    await later(hub, seconds=DOUBT)
    hub.slack.faults.clear()
    assert len(keys_in_chat(hub)) == 2 * ALL  # the chat said that this was all: nobody can know better
    for minutes in (2, 7, 30):
        await later(hub, minutes=minutes)
    await assert_each_once(hub)


async def test_while_the_chat_is_away_for_two_hours_acts_are_saved_and_what_is_still_true_is_told_in_order(
    hub: RunningHub,
) -> None:
    await hub.settle()
    for method in ("chat.postMessage", "chat.update", "conversations.open", "conversations.history"):
        hub.slack.faults.always(method, ServerError(status=503))
    named = [f"Warsztat {number}" for number in range(4)]
    ids = []
    for title in named:
        ids.append(await schedule(hub, {"Tytuł": title}))
        await later(hub, minutes=30)
    await forge_click(hub, "koordynatorka", "activity.cancel", ids[1])
    planner = hub.user("koordynatorka")
    assert (await planner.submit(planner.modal, {"Powód": "Burza"})).ok
    assert keys_in_chat(hub) == []
    hub.slack.faults.clear()
    for _ in range(12):
        await later(hub, minutes=11)
    said = [title for title in titles(hub.channel()) if title in named]
    assert said == [title for title in named if title in said]
    assert {named[0], named[2], named[3]} <= set(said)
    assert not any("Warsztat 1" in text and "Odpowied" in text for text in hub.texts("zory"))
    assert {state for state, _ in await states(hub)} <= {"sent", "dropped"}
    await assert_each_once(hub)


async def test_acts_are_acknowledged_while_the_chat_answers_nothing(hub: RunningHub) -> None:
    await hub.settle()
    planner = await open_form(hub)
    activity_id = await schedule(hub, {"Tytuł": "Pierwsze"})
    gate = asyncio.Event()
    for method in ("chat.postMessage", "chat.update"):
        hub.slack.faults.always(method, Late(gate=gate))
    planner = await open_form(hub)
    assert (await planner.submit(planner.modal, WORKSHOP)).ok
    before, sending = hub.slack.workspace.revision, asyncio.create_task(hub.settle())
    await hub.slack.until(lambda: hub.slack.workspace.revision > before)
    clicks = [forge_click(hub, name, "attend.going", activity_id) for name in ("zory", "lublin")]
    assert [answer.status for answer in await asyncio.gather(*clicks)] == [200, 200]
    assert not sending.done()
    assert len(await planned(hub, "id")) == 2
    gate.set()
    await sending
    hub.slack.faults.clear()
    for _ in range(3):
        await later(hub, minutes=2)
    await assert_each_once(hub)


async def test_a_form_that_the_chat_opens_no_more_changes_nothing(hub: RunningHub) -> None:
    await hub.settle()
    hub.slack.faults.next("views.open", Refuse("trigger_expired"))
    tables = ("activity", "notification", "event_log", "event_reaction")
    before = [await counted(hub, name) for name in tables]
    person = hub.user("koordynatorka")
    assert (await person.command("/pim", "wydarzenie")).ok
    await hub.settle()
    assert (person.modal, [await counted(hub, name) for name in tables]) == (None, before)
    assert (await person.command("/pim", "wydarzenie")).ok
    assert person.modal is not None


async def counted(hub: RunningHub, table: str) -> int:
    ((number,),) = await hub.rows(None, select(func.count()).select_from(metadata.tables[table]).scalar_subquery())
    return int(number)


# Pace is one for all workers


async def test_after_too_many_calls_nothing_is_posted_anywhere_before_the_chat_allows_it(
    hub: RunningHub, engines: Engines
) -> None:
    await hub.settle()
    await planned_workshop(hub)
    hub.slack.faults.next("chat.postMessage", TooMany(retry_after=30))
    hub.parts.delivery.batch, before = 1, posted(hub)
    await hub.settle()
    assert posted(hub) == before + 1  # the other conversations were not even tried
    by_now = posted(hub)
    async with second_worker(hub, engines) as other:
        for seconds in (10, 10, 9):
            hub.machine.advance(seconds=seconds)
            await other.delivery.run_due()
            assert posted(hub) == by_now
        hub.machine.advance(seconds=2)
        await other.delivery.run_due()
    assert len(keys_in_chat(hub)) == ALL


# What is delivered again, and what is decided twice


async def test_an_event_that_comes_again_for_a_day_has_one_effect(hub: RunningHub) -> None:
    await hub.settle()
    since = len(await hub.rows(event_log, event_log.c.id))
    await hub.user("zory").join("CZIELONE")
    request = hub.slack.last_request
    for _ in range(5):
        hub.machine.advance(hours=5)
        again = hub.slack.signed(request.body, request.headers["Content-Type"])
        assert (await hub.slack.deliver(again)).status == 200
    found = await hub.rows(event_log, event_log.c.type)
    assert [row[0] for row in found][since:] == ["ChannelOpened"]


async def test_of_two_decisions_at_once_one_stands_and_the_other_is_told(hub: RunningHub, engines: Engines) -> None:
    chance = Random(SEED)  # noqa: S311 - the seed makes a failing run replayable
    async with hub.parts.storage.reading() as work:
        expert = (await work.people.experts(EDITION, MONDAY_NINE.date()))[0]
        coordinator = (await work.people.coordinators(EDITION, MONDAY_NINE.date()))[0]
    asker, asked = Actor(door="chat", member=coordinator), Actor(door="chat", member=expert)
    async with others(hub, engines, 2) as both:
        for number in range(DECISIONS):
            wanted = _assignment(expert.id, number)
            async with hub.parts.storage.work() as work:
                made = await assign_expert(work, asker, wanted, now=hub.parts.clock())
            delays = [chance.uniform(0, 0.003) for _ in both]
            decisions = zip(both, (True, False), delays, strict=True)
            said = await asyncio.gather(
                *(_decide(parts, asked, made.id, accept, wait) for parts, accept, wait in decisions)
            )
            ((status,),) = await _rows_of(hub, expert_assignment.c.status, expert_assignment.c.id == made.id)
            won = said.index("done")
            assert (sorted(said), status) == (["done", "refused"], ("accepted", "declined")[won]), (SEED, number)
            rows = await _rows_of(hub, audit.c.action, audit.c.subject == f"assignment:{made.id}")
            assert len(rows) == 2, (SEED, number)  # asked, and decided once


def _assignment(expert: str, number: int) -> ExpertAssignment:
    """One day after another, so that no two of them overlap."""
    day = MONDAY_NINE.date() + timedelta(days=number % 300)
    return ExpertAssignment(
        id="", edition=EDITION, member_id=expert, network="miasto-cyfrowe", city="", since=day, until=day
    )


async def _decide(parts: Parts, actor: Actor, assignment_id: str, accept: bool, wait: float) -> str:  # noqa: FBT001
    await asyncio.sleep(wait)
    try:
        async with parts.storage.work() as work:
            await answer_assignment(work, actor, assignment_id, accept=accept, now=parts.clock())
    except Refused:
        return "refused"
    return "done"


async def _rows_of(hub: RunningHub, column: object, which: object) -> list[tuple[object, ...]]:
    async with hub.parts.storage.engine.connect() as connection:
        found = await connection.execute(select(column).where(which))  # type: ignore[call-overload]
        return [tuple(row) for row in found]


# The database and its bells


async def test_a_long_transaction_that_began_first_keeps_nobody_and_its_events_are_heard_when_it_ends(
    hub: RunningHub, engines: Engines, request: pytest.FixtureRequest
) -> None:
    await hub.settle()
    async with others(hub, engines, 1) as (slow,):
        began, may_end = asyncio.Event(), asyncio.Event()
        first = asyncio.create_task(_slowly(slow, began, may_end))
        await began.wait()
        if SQLITE in request.node.name:
            # One writer at a time: who comes second waits a moment, and is told to try again.
            with pytest.raises(StorageUnavailable):
                await schedule_in_core(hub.parts)
            heard = 0
        else:
            await schedule_in_core(hub.parts)
            await hub.settle()
            heard = 1
        assert len([one for one in hub.channel() if one.user == BOT]) == heard
        may_end.set()
        await first
    await hub.settle()
    assert len([one for one in hub.channel() if one.user == BOT]) == heard + 1


async def _slowly(parts: Parts, began: asyncio.Event, may_end: asyncio.Event) -> None:
    async with parts.storage.work() as work:
        await schedule_activity(work, CLI, EDITION, DRAFT, now=parts.clock())
        began.set()
        await may_end.wait()


def announced(hub: RunningHub, number: int) -> bool:
    return len(titles(hub.channel())) == number


async def test_work_for_which_no_bell_rings_is_found_by_looking(hub: RunningHub) -> None:
    await hub.settle()
    hub.parts.settings.poll_seconds = 0.05
    async with background(hub.parts, frozenset({"worker"})):
        hub.parts.bells.heard_by.clear()
        for number in (1, 2):  # the first may still be found by the look with which a worker begins
            await schedule_in_core(hub.parts)
            await hub.slack.until(partial(announced, hub, number), seconds=30)
    await hub.settle()
    await assert_each_once(hub)
