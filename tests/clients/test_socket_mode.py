"""Two connections of Socket Mode against real local sockets: one is always heard, and a deaf one is replaced."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import aiohttp
import pytest

from pim_bot.clients.egress import guarded_session
from pim_bot.clients.slack import make_client
from pim_bot.clients.socket_mode import LINES, SocketMode, address_from
from pim_bot.playground.server import LocalSlack
from tests.endtoend.running import until as eventually
from tests.hub import StillClock, make_workspace

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DEAF = timedelta(seconds=20)
END = timedelta(seconds=300)


async def until(is_so: Callable[[], bool]) -> None:
    await eventually(is_so, seconds=20, what="the connections are so")


@dataclass(kw_only=True)
class Scene:
    """Connections to a local Slack; what came in over them, and what was said about them."""

    slack: LocalSlack
    clock: StillClock
    sockets: SocketMode
    handled: list[int]
    gave_up: list[str]
    noted: list[tuple[str, bool]]

    @property
    def line(self) -> Any:
        return self.slack.switchboard.sockets

    async def event(self, number: int) -> str | None:
        """Deliver an event as Slack does, three times more if it is not acknowledged; tells the last failure."""
        answer = await self.line.send("events_api", {"number": number})
        for attempt in (1, 2, 3):
            if answer.ok:
                break
            answer = await self.line.send("events_api", {"number": number}, attempt=attempt)
        error: str | None = answer.error
        return error

    async def mute(self, *, oldest: bool = False) -> None:
        """Nothing more is said, and what was on its way has come in."""
        self.line.mute(oldest=oldest)
        await asyncio.sleep(0.1)

    async def both_open(self) -> None:
        await until(lambda: [one.is_open for one in self.sockets.links()] == [True] * LINES)
        await until(lambda: self.line.open_count == LINES)


@asynccontextmanager
async def scene(*, handling: float = 0.0) -> AsyncIterator[Scene]:
    clock = StillClock(START)
    workspace = make_workspace(clock)
    async with LocalSlack(workspace) as slack, aiohttp.ClientSession() as session:
        slack.switchboard.sockets.answer_within = 1.0
        handled: list[int] = []
        gave_up: list[str] = []
        noted: list[tuple[str, bool]] = []
        client = make_client("xoxb-of-the-tests", slack.api_url, session)

        async def answer(frame: dict[str, Any]) -> dict[str, Any] | None:
            number = frame["payload"]["number"]
            await asyncio.sleep(handling)
            if number < 0:
                raise ValueError("not this one")
            handled.append(number)
            return {"number": number}

        sockets = SocketMode(
            open_address=address_from(client, workspace.app_token),
            make_session=partial(guarded_session, slack.api_url),
            answer=answer,
            machine_clock=clock,
            deaf_after=DEAF,
            end_after=END,
            give_up=gave_up.append,
            noted=lambda kind, _seconds, acknowledged: noted.append((kind, acknowledged)),
            apart=timedelta(),
            ping_every=timedelta(seconds=0.05),
        )
        it = Scene(slack=slack, clock=clock, sockets=sockets, handled=handled, gave_up=gave_up, noted=noted)
        assert await sockets.start(within=timedelta(seconds=10))
        try:
            await it.both_open()
            yield it
        finally:
            await sockets.stop(within=timedelta(seconds=1))


async def test_requests_come_in_over_both_connections_and_the_answer_goes_back() -> None:
    async with scene() as it:
        answers = [await it.line.send("events_api", {"number": number}) for number in range(4)]
    assert [answer.content for answer in answers] == [{"number": number} for number in range(4)]
    assert it.handled == [0, 1, 2, 3]
    assert it.noted == [("events_api", True)] * 4


async def test_what_fails_is_not_acknowledged_so_that_it_comes_again() -> None:
    async with scene() as it:
        answer = await it.line.send("events_api", {"number": -1})
    assert answer.error == "operation_timeout"
    assert (it.handled, it.noted) == ([], [("events_api", False)])


async def test_while_each_connection_is_refreshed_every_request_is_handled_and_acknowledged_once() -> None:
    """The first one is refreshed, then the other, as each grows old: nothing has to come again."""
    async with scene(handling=0.02) as it:
        failures = []
        refreshing = asyncio.create_task(_refresh_again_and_again(it))
        for number in range(0, 300, 3):
            failures += await asyncio.gather(*(it.event(one) for one in range(number, number + 3)))
        refreshing.cancel()
        await it.both_open()
    assert failures == [None] * 300
    # An acknowledgement that the closing end did not read any more lets the event come again, as Slack lets it.
    assert sorted(set(it.handled)) == list(range(300))
    assert it.line.opened > 4


async def _refresh_again_and_again(it: Scene) -> None:
    while True:
        await asyncio.sleep(0.2)
        await it.line.refresh(oldest=True)


async def test_a_connection_that_falls_silent_is_replaced_and_the_other_carries_on() -> None:
    async with scene() as it:
        await it.mute(oldest=True)
        it.clock.advance(seconds=15)
        await until(lambda: any(one.heard_at == it.clock() for one in it.sockets.links()))  # a pong of the other
        it.clock.advance(seconds=6)
        it.sockets.look()
        await until(lambda: it.line.opened == LINES + 1)
        await it.both_open()
        it.sockets.look()
        assert await it.event(7) is None
    assert (it.handled, it.gave_up, it.line.opened) == ([7], [], LINES + 1)


async def test_when_nothing_is_heard_anywhere_that_is_told_and_after_a_while_it_gives_up() -> None:
    async with scene() as it:
        it.line.is_mute = True
        await it.mute()
        before = it.line.opened
        heard = [one.heard_at for one in it.sockets.links()]
        it.clock.advance(seconds=21)
        it.sockets.look()
        await until(lambda: it.line.opened == before + LINES)  # replaced, but nothing is heard there either
        assert [one.heard_at for one in it.sockets.links()] == heard == [START] * LINES
        assert it.gave_up == []
        it.clock.advance(seconds=300)
        it.sockets.look()
    assert it.gave_up[:1] == ["Slack is not heard on any connection for 321 s"]


async def test_slack_that_was_away_is_found_again_without_a_restart() -> None:
    async with scene() as it:
        it.slack.workspace.refuses_token = "internal_error"
        await it.line.close()
        await until(lambda: not any(one.is_open for one in it.sockets.links()))
        it.slack.workspace.refuses_token = None
        await it.both_open()
        assert await it.event(1) is None


async def test_what_is_being_handled_at_the_end_is_finished_and_acknowledged() -> None:
    async with scene(handling=0.3) as it:
        coming = asyncio.create_task(it.line.send("events_api", {"number": 5}))
        await asyncio.sleep(0.1)
        await it.sockets.stop(within=timedelta(seconds=3))
        answer = await coming
    assert answer.content == {"number": 5}


@pytest.mark.parametrize("odd", ["no JSON", "[]", '"word"', '{"type": "new-thing"}', '{"envelope_id": "1"}'])
async def test_odd_frames_change_nothing(odd: str) -> None:
    async with scene() as it:
        for socket in it.line._sockets:
            await socket.send_str(odd)
        assert await it.event(1) is None
    assert (it.handled, it.line.opened) == ([1], LINES)
