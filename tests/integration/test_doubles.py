"""What stands in the chat twice although nobody wanted it: found, and the later one taken away."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from pim_bot.playground.faults import Late, PartialHistory, Refuse, ServerError, TooMany
from pim_bot.storage.tables.flow import notification
from tests.engines import Engines
from tests.hub import RunningHub, running_hub
from tests.integration.test_bad_input import Logs, schedule, watched
from tests.integration.test_delivery_faults import (
    ALL,
    assert_each_once,
    keys_in_chat,
    later,
    planned_workshop,
    states,
)


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        yield running


@pytest.fixture(autouse=True)
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[Logs]:
    yield from watched(caplog)


async def sent_twice(hub: RunningHub) -> None:
    """Let the chat accept every message of a workshop later than any doubt waits: each stands there twice."""
    await planned_workshop(hub)
    gate = asyncio.Event()
    hub.slack.faults.always("chat.postMessage", Late(gate=gate, drop=True))
    await hub.settle()
    hub.slack.faults.clear()
    await later(hub, seconds=91)
    assert (len(keys_in_chat(hub)), await states(hub)) == (ALL, {("sent", "")})
    gate.set()
    await hub.slack.until(lambda: len(keys_in_chat(hub)) == 2 * ALL)


async def test_of_two_messages_with_one_key_the_later_one_is_taken_away(hub: RunningHub) -> None:
    await sent_twice(hub)
    await later(hub, seconds=91)
    await assert_each_once(hub)
    kept = {
        (str(row[0]), str(row[1]))
        for row in await hub.rows(notification, notification.c.conversation, notification.c.ts)
    }
    assert {(message.channel, message.ts) for message in hub.channel()} <= kept


async def test_a_double_that_comes_hours_later_is_found_by_the_last_reading(hub: RunningHub) -> None:
    await planned_workshop(hub)
    gate = asyncio.Event()
    hub.slack.faults.always("chat.postMessage", Late(gate=gate, drop=True))
    await hub.settle()
    hub.slack.faults.clear()
    for _ in range(3):
        await later(hub, minutes=25)
    gate.set()
    await hub.slack.until(lambda: len(keys_in_chat(hub)) == 2 * ALL)
    await later(hub, hours=2)
    await assert_each_once(hub)
    await later(hub, hours=2)
    reads = len(hub.slack.workspace.calls["conversations.history"])
    await later(hub, hours=12)
    assert len(hub.slack.workspace.calls["conversations.history"]) == reads, "nobody reads for ever"


async def test_a_double_is_taken_away_though_the_chat_says_no_at_first(hub: RunningHub) -> None:
    await sent_twice(hub)
    hub.slack.faults.next("chat.delete", TooMany(retry_after=20), Refuse("internal_error"))
    hub.slack.faults.next("conversations.history", PartialHistory(keep=0, admitted=True))
    for _ in range(10):
        await later(hub, minutes=10)
    await assert_each_once(hub)


async def test_somebody_took_the_first_away_and_the_other_stays(hub: RunningHub) -> None:
    await sent_twice(hub)
    kept = {str(row[0]) for row in await hub.rows(notification, notification.c.ts)}
    first, second = hub.channel()
    assert {first.ts in kept, second.ts in kept} == {True, False}
    hub.slack.workspace.delete("CZIELONE", first.ts if first.ts in kept else second.ts)
    await later(hub, seconds=91)
    await assert_each_once(hub)


async def standing(hub: RunningHub) -> set[tuple[object, ...]]:
    """Where every message stands."""
    return set(await hub.rows(notification, notification.c.id, notification.c.ts, notification.c.state))


async def all_on_their_way(hub: RunningHub) -> None:
    """Wait until a worker holds every message."""
    async with asyncio.timeout(5):
        while await states(hub) != {("sending", "")}:  # noqa: ASYNC110 - the database sets no event
            await asyncio.sleep(0)


async def test_a_worker_that_stood_still_past_its_lease_posts_nothing(hub: RunningHub) -> None:
    await planned_workshop(hub)
    await hub.parts.bus.run_due()
    gate = asyncio.Event()
    hub.slack.faults.always("conversations.open", Late(gate=gate))
    hub.slack.faults.always("conversations.list", Late(gate=gate))
    zombie = asyncio.create_task(hub.parts.delivery._deliver())
    await all_on_their_way(hub)
    hub.machine.advance(seconds=61)
    assert await hub.parts.delivery._doubts.resolve({}) == ALL, "another worker calls them doubtful"
    hub.slack.faults.clear()
    gate.set()
    await zombie
    assert (keys_in_chat(hub), await states(hub)) == ([], {("doubtful", "")})
    await later(hub, seconds=91)
    assert await states(hub) == {("sent", "")}
    await assert_each_once(hub)


async def test_a_worker_that_posts_after_it_lost_its_lease_changes_nothing_and_its_double_is_taken_away(
    hub: RunningHub,
) -> None:
    await planned_workshop(hub)
    await hub.parts.bus.run_due()
    gate = asyncio.Event()
    hub.slack.faults.always("chat.postMessage", Late(gate=gate))
    zombie = asyncio.create_task(hub.parts.delivery._deliver())
    await all_on_their_way(hub)
    await hub.slack.until(lambda: len(hub.slack.workspace.calls["conversations.open"]) == ALL - 1)
    await asyncio.sleep(0.1)  # the calls are made, and wait in the chat
    hub.slack.faults.clear()
    await later(hub, seconds=61)
    await later(hub, seconds=91)
    assert (await states(hub), len(keys_in_chat(hub))) == ({("sent", "")}, ALL)
    before = await standing(hub)
    gate.set()
    await zombie
    assert len(keys_in_chat(hub)) == 2 * ALL
    assert await standing(hub) == before
    await later(hub, seconds=91)
    await assert_each_once(hub)


async def test_a_double_of_a_worker_that_wakes_after_the_last_reading_is_taken_away(hub: RunningHub) -> None:
    await planned_workshop(hub)
    await hub.parts.bus.run_due()
    gate = asyncio.Event()
    hub.slack.faults.always("chat.postMessage", Late(gate=gate))
    zombie = asyncio.create_task(hub.parts.delivery._deliver())
    await all_on_their_way(hub)
    await hub.slack.until(lambda: len(hub.slack.workspace.calls["conversations.open"]) == ALL - 1)
    await asyncio.sleep(0.1)  # the calls are made, and wait in the chat
    hub.slack.faults.clear()
    for _ in range(8):
        await later(hub, hours=1)
    assert set(await hub.rows(notification, notification.c.sweep_at)) == {(None,)}
    gate.set()
    await zombie
    assert len(keys_in_chat(hub)) == 2 * ALL
    await later(hub, seconds=91)
    await assert_each_once(hub)


async def test_an_outage_takes_no_reading_away_and_is_not_asked_about_every_moment(hub: RunningHub) -> None:
    await planned_workshop(hub)
    gate = asyncio.Event()
    hub.slack.faults.always("chat.postMessage", Late(gate=gate, drop=True))
    await hub.settle()
    hub.slack.faults.clear()
    await later(hub, seconds=91)
    assert len(keys_in_chat(hub)) == ALL
    hub.slack.faults.always("conversations.history", ServerError())
    reads = len(hub.slack.workspace.calls["conversations.history"])
    for _ in range(60):
        await later(hub, seconds=10)
    assert len(hub.slack.workspace.calls["conversations.history"]) - reads <= ALL * 7, "once in a doubt wait"
    for _ in range(6):
        await later(hub, hours=1)
    hub.slack.faults.clear()
    for _ in range(3):
        await later(hub, seconds=91)
    gate.set()
    await hub.slack.until(lambda: len(keys_in_chat(hub)) == 2 * ALL)
    await later(hub, hours=2)
    await assert_each_once(hub)


async def test_what_was_sent_once_is_never_read_again(hub: RunningHub) -> None:
    await hub.settle()
    await schedule(hub)
    await later(hub, hours=5)
    calls = hub.slack.workspace.calls
    assert (len(calls["conversations.history"]), len(calls["conversations.replies"])) == (0, 0)
