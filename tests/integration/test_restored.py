"""After a restore the database knows less than the chat: what was sent since the backup is found, not sent again."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import delete, update

from pim_bot.notifications import delivery
from pim_bot.playground.faults import Late, ServerError
from pim_bot.storage.tables.activities import attendance
from pim_bot.storage.tables.flow import event_reaction, notification, pause
from tests.engines import Engines
from tests.hub import RunningHub, running_hub
from tests.integration.test_bad_input import schedule
from tests.integration.test_delivery_faults import ALL, assert_each_once, keys_in_chat, later, planned_workshop, states


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        await running.settle()
        yield running


async def restore(hub: RunningHub, *, replayed: bool = False) -> None:
    """Bring the database back to before anything of a workshop was sent, or (``replayed``) before it was planned."""
    backup_at = hub.machine.now
    hub.machine.advance(hours=3)
    as_planned = {"state": "planned", "ts": "", "conversation": "", "posts": 0, "rendering": None, "started_at": None}
    async with hub.parts.storage.engine.begin() as connection:
        if replayed:
            await connection.execute(delete(notification))
            await connection.execute(update(event_reaction).values(state="due"))
        else:
            await connection.execute(update(notification).values(**as_planned))
    async with hub.parts.storage.work() as work:
        facts = {"backup_at": backup_at.isoformat(), "restored_at": hub.machine.now.isoformat()}
        await work.pauses.begin(delivery.RESTORED, facts)


@pytest.mark.parametrize("replayed", [False, True])
async def test_what_was_sent_since_the_backup_is_found(hub: RunningHub, replayed: bool) -> None:  # noqa: FBT001
    backup = hub.machine.now
    await planned_workshop(hub)
    await hub.settle()
    hub.machine.now = backup
    assert len(keys_in_chat(hub)) == ALL
    await restore(hub, replayed=replayed)
    await later(hub, seconds=91)
    await later(hub, seconds=91)
    assert len(keys_in_chat(hub)) == ALL
    assert await states(hub) == {("sent", "")}
    await assert_each_once(hub)
    assert await hub.rows(pause) == []


@pytest.mark.parametrize("before_it_is_looked_for", [True, False])
async def test_what_the_chat_takes_in_only_after_the_restore_stands_there_once(
    hub: RunningHub,
    before_it_is_looked_for: bool,  # noqa: FBT001
) -> None:
    await planned_workshop(hub)
    await hub.parts.bus.run_due()
    gate = asyncio.Event()
    hub.slack.faults.always("chat.postMessage", Late(gate=gate, drop=True))
    await hub.parts.delivery.run_due()
    hub.slack.faults.clear()
    await restore(hub)
    await later(hub, seconds=80)
    assert keys_in_chat(hub) == []
    if before_it_is_looked_for:
        gate.set()
        await hub.slack.until(lambda: len(keys_in_chat(hub)) == ALL)
    await later(hub, seconds=11)
    await later(hub, seconds=1)
    assert (len(keys_in_chat(hub)), await states(hub)) == (ALL, {("sent", "")})
    if not before_it_is_looked_for:
        gate.set()
        await hub.slack.until(lambda: len(keys_in_chat(hub)) == 2 * ALL)
    await later(hub, seconds=91)
    await assert_each_once(hub)


async def test_what_was_not_sent_before_goes_out_once_and_then_all_is_as_usual(hub: RunningHub) -> None:
    await planned_workshop(hub)
    await hub.parts.bus.run_due()
    await restore(hub)
    await later(hub, seconds=91)
    await later(hub, seconds=1)
    assert (len(keys_in_chat(hub)), await states(hub), await hub.rows(pause)) == (ALL, {("sent", "")}, [])
    reads = len(hub.slack.workspace.calls["conversations.history"])
    assert reads == ALL
    await schedule(hub, {"Tytuł": "Drugie"})
    assert len(hub.slack.workspace.calls["conversations.history"]) == reads
    await assert_each_once(hub)


async def test_as_long_as_the_chat_cannot_be_read_nothing_goes_out(hub: RunningHub) -> None:
    await planned_workshop(hub)
    await hub.parts.bus.run_due()
    await restore(hub)
    hub.slack.faults.always("conversations.history", ServerError())
    for _ in range(5):
        await later(hub, minutes=1)
    assert (keys_in_chat(hub), len(await hub.rows(pause))) == ([], 1)
    hub.slack.faults.clear()
    for _ in range(3):
        await later(hub, minutes=1)
    assert (len(keys_in_chat(hub)), await hub.rows(pause)) == (ALL, [])
    await assert_each_once(hub)


async def test_what_is_found_says_again_what_is_true_after_the_restore(hub: RunningHub) -> None:
    backup = hub.machine.now
    await planned_workshop(hub)
    await hub.settle()
    zory = hub.user("zory")
    await zory.click(zory.last(), "attend.going")
    await hub.settle()
    assert "Odpowiedź: Wezmę udział." in hub.texts("zory")[-1]
    hub.machine.now = backup
    unanswered: dict[str, Any] = {"answer": None, "people": [], "answered_by": "", "answered_at": None, "revision": 0}
    async with hub.parts.storage.engine.begin() as connection:
        await connection.execute(delete(notification).where(notification.c.operation == "update"))
        await connection.execute(update(attendance).values(**unanswered))
    await restore(hub)
    for _ in range(3):
        await later(hub, seconds=91)
    (asked,) = [text for text in hub.texts("zory") if "Odpowiedź" in text or "Prosimy o odpowiedź" in text]
    assert "Prosimy o odpowiedź za zespół" in asked
    await assert_each_once(hub)
