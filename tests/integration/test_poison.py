"""A message that cannot be said, or that the chat does not take, stops alone."""

from collections.abc import AsyncIterator, Iterator, MutableMapping
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from pim_bot.jobs.rendering import renderers
from pim_bot.notifications.intent import Kind
from pim_bot.playground.faults import Refuse
from pim_bot.storage.tables.flow import notification
from tests.engines import Engines
from tests.hub import RunningHub, running_hub
from tests.integration.test_bad_input import WORKSHOP, forge_click, schedule
from tests.integration.test_delivery_faults import (
    ALL,
    assert_each_once,
    later,
    planned_workshop,
    posted,
    report,
    reports,
    states,
)


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        await running.settle()
        yield running


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged, as it is: writing tracebacks out takes longer than a transaction may last."""
    with capture_logs() as ours:
        yield ours


async def _divides(work: Any, *_: Any) -> None:
    raise ZeroDivisionError


async def _asks_nonsense(work: Any, *_: Any) -> None:
    await work.deliveries._connection.execute(text("SELECT nothing FROM nowhere"))


@pytest.mark.parametrize("spoiled", [_divides, _asks_nonsense])
async def test_what_cannot_be_said_fails_alone_and_is_told(
    hub: RunningHub, monkeypatch: pytest.MonkeyPatch, spoiled: Any
) -> None:
    monkeypatch.setitem(renderers.RENDERERS, Kind.ANNOUNCEMENT, spoiled)
    await schedule(hub)
    assert await states(hub, "invitation") == {("sent", "")}
    assert await states(hub, "announcement") == {("planned", "")}
    for _ in range(5):
        await later(hub, minutes=1)
    assert await states(hub, "announcement") == {("failed", "broken")}
    assert reports(hub) == [report("broken")]
    monkeypatch.undo()
    await schedule(hub, {"Tytuł": "Drugie"})
    assert [message.blocks[0]["text"]["text"] for message in hub.channel()] == ["Drugie"]
    await assert_each_once(hub)


async def test_words_that_can_be_made_the_second_time_go_out(hub: RunningHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(renderers.RENDERERS, Kind.ANNOUNCEMENT, _divides)
    await schedule(hub)
    monkeypatch.undo()
    await later(hub, minutes=1)
    assert await states(hub) == {("sent", "")}


async def test_blocks_that_the_chat_does_not_take_are_left_out_once(hub: RunningHub) -> None:
    await planned_workshop(hub)
    hub.slack.faults.next("chat.postMessage", Refuse("invalid_blocks"), times=ALL)
    await hub.settle()
    assert await states(hub) == {("sent", "")}
    assert posted(hub) == 2 * ALL
    (announced,) = hub.channel()
    assert (announced.blocks, WORKSHOP["Tytuł"] in announced.text) == ([], True)
    await assert_each_once(hub)


async def test_a_message_that_the_chat_takes_in_no_form_fails(hub: RunningHub) -> None:
    await planned_workshop(hub)
    hub.slack.faults.always("chat.postMessage", Refuse("invalid_blocks"))
    await hub.settle()
    assert posted(hub) == 2 * len(await hub.rows(notification))
    assert {state for state, _ in await states(hub)} == {"failed"}
    hub.slack.faults.clear()
    await later(hub, hours=1)
    assert {error for _, error in await states(hub, "announcement")} == {"refused"}


async def test_a_change_without_blocks_is_made_when_the_chat_does_not_take_them(hub: RunningHub) -> None:
    activity_id = await schedule(hub)
    changes = len([row for row in await hub.rows(notification, notification.c.operation) if row == ("update",)])
    await forge_click(hub, "zory", "attend.going", activity_id)
    await hub.parts.bus.run_due()
    planned = [row for row in await hub.rows(notification, notification.c.operation) if row == ("update",)]
    hub.slack.faults.next("chat.update", Refuse("invalid_blocks"), times=len(planned) - changes)
    await hub.settle()
    found = await hub.rows(notification, notification.c.operation, notification.c.state)
    assert {state for operation, state in found if operation == "update"} == {"sent"}
    (announced,) = hub.channel()
    assert (announced.blocks, "udział 1" in announced.text or WORKSHOP["Tytuł"] in announced.text) == ([], True)
