"""Socket Mode: two connections that the hub opens itself, each watched by the last frame that came in.

Slack closes every connection after some hours, gives each request to any one of them, and sends a request that was not
acknowledged again if it is an event (docs.slack.dev/apis/events-api/using-socket-mode). So there are two, opened some
time apart; before one is given up another is opened in its place; and one on which nothing is heard, not even the
answer to a ping, counts as deaf and is replaced. Why this is not the SDK's client: ``docs/decisions/0011``.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.proxy_env_variable_loader import load_http_proxy_from_env
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from pim_bot.clock import Clock
from pim_bot.vitals import Link

log = structlog.get_logger(__name__)

Json = dict[str, Any]
Answer = Callable[[Json], Awaitable[Json | None]]
"""Handles an envelope; what it returns goes with the acknowledgement, None means that there is none."""

LINES = 2
PING = timedelta(seconds=5)
LOOK = timedelta(seconds=1)
APART = timedelta(seconds=2)
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 30.0
LAST_WORDS = timedelta(seconds=10)
"""How long a connection that was given up is still read: Slack closes it about then."""
IN_TIME = 3.0
"""Seconds after which Slack takes no acknowledgement any more."""
CLOSING = 1.0
TROUBLES = (SlackApiError, SlackClientError, aiohttp.ClientError, OSError, TimeoutError)


@dataclass(eq=False)
class _Connection:
    """One open socket; ``over`` is set when another is to take its place, ``ended`` when nothing is read any more."""

    socket: aiohttp.ClientWebSocketResponse
    opened_at: datetime
    was_heard: bool = False
    is_deaf: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(eq=False)
class _Line:
    """One of the connections that are kept up: the socket it has now, and when anything was heard on it last."""

    number: int
    heard_at: datetime
    now: _Connection | None = None

    @property
    def is_open(self) -> bool:
        return self.now is not None and not self.now.over.is_set() and not self.now.socket.closed


@dataclass(kw_only=True)
class SocketMode:
    """Keeps the connections up while it is entered, and hands what comes in to ``answer``.

    ``open_address`` asks Slack for the address of a new connection, and ``make_session`` makes the session that
    connects there. ``give_up`` is told when nothing was heard on any of them for ``end_after``. ``noted`` hears of each
    envelope: its type, how many seconds it took, whether it was acknowledged.
    """

    open_address: Callable[[], Awaitable[str]]
    make_session: Callable[[], aiohttp.ClientSession]
    answer: Answer
    machine_clock: Clock
    deaf_after: timedelta
    end_after: timedelta
    give_up: Callable[[str], None] = lambda _why: None
    noted: Callable[[str, float, bool], None] = lambda _type, _seconds, _acknowledged: None
    apart: timedelta = APART
    ping_every: timedelta = PING
    _lines: list[_Line] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _handling: set[asyncio.Task[None]] = field(default_factory=set)
    _opened: asyncio.Event = field(default_factory=asyncio.Event)
    _session: aiohttp.ClientSession | None = None

    def links(self) -> tuple[Link, ...]:
        """Tell how each connection is."""
        return tuple(Link(is_open=line.is_open, heard_at=line.heard_at) for line in self._lines)

    async def start(self, *, within: timedelta) -> bool:
        """Begin to connect; tells whether a connection was open in that time. It goes on beside in any case."""
        self._session = self.make_session()
        now = self.machine_clock()
        self._lines = [_Line(number=number, heard_at=now) for number in range(1, LINES + 1)]
        for line in self._lines:
            self._begin(self._keep(line))
        self._begin(self._watch())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._opened.wait(), within.total_seconds())
        return self._opened.is_set()

    async def stop(self, *, within: timedelta) -> None:
        """Take nothing new in, let what is being handled come to its end, and close."""
        keeping, self._tasks = self._tasks, set()
        for task in keeping:
            task.cancel()
        if self._handling:
            await asyncio.wait(self._handling, timeout=within.total_seconds())
        await asyncio.gather(*keeping, return_exceptions=True)
        for line in self._lines:
            if line.now is not None:
                await _close(line.now)
        if self._session is not None:
            await self._session.close()

    def look(self) -> None:
        """Give up every connection on which nothing was heard for too long; if it was none at all, say so."""
        now = self.machine_clock()
        for line in self._lines:
            one = line.now
            if one is not None and not one.over.is_set() and now - max(line.heard_at, one.opened_at) > self.deaf_after:
                log.warning("slack.socket-deaf", line=line.number, seconds=(now - line.heard_at).total_seconds())
                one.is_deaf = True
                one.over.set()
        silence = now - max((line.heard_at for line in self._lines), default=now)
        if silence > self.end_after:
            self.give_up(f"Slack is not heard on any connection for {silence.total_seconds():.0f} s")

    def _begin(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK.total_seconds())
            self.look()

    async def _keep(self, line: _Line) -> None:
        """Have a connection, and another when it is given up; the old one is read on beside until it closes."""
        await asyncio.sleep(self.apart.total_seconds() * (line.number - 1))
        pause = FIRST_PAUSE
        while True:
            try:
                one = line.now = await self._connect()
            except TROUBLES as error:
                log.warning("slack.not-connected", line=line.number, error=_said(error))
                await asyncio.sleep(max(pause, _retry_after(error)))
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            self._begin(self._read(line, one))
            self._begin(self._ping(one))
            await one.over.wait()
            self._begin(self._retire(one))
            # Whoever is cut off again before a word was said waits longer each time.
            pause = FIRST_PAUSE if one.was_heard else min(pause * 2, LONGEST_PAUSE)
            if not one.was_heard:
                await asyncio.sleep(pause)

    async def _connect(self) -> _Connection:
        assert self._session is not None
        address = await self.open_address()
        timeout = aiohttp.ClientWSTimeout(ws_close=CLOSING)
        opening = self._session.ws_connect(address, autoping=False, timeout=timeout, proxy=_proxy_to(address))
        socket = await asyncio.wait_for(opening, self.deaf_after.total_seconds())
        return _Connection(socket, self.machine_clock())

    async def _ping(self, one: _Connection) -> None:
        """Give the other side a reason to say something."""
        while not one.socket.closed:
            with contextlib.suppress(*TROUBLES):
                await one.socket.ping()
            await asyncio.sleep(self.ping_every.total_seconds())

    async def _read(self, line: _Line, one: _Connection) -> None:
        try:
            async for frame in one.socket:
                line.heard_at, one.was_heard = self.machine_clock(), True
                if frame.type is aiohttp.WSMsgType.PING:
                    await one.socket.pong(frame.data)
                elif frame.type is aiohttp.WSMsgType.TEXT:
                    self._take(line, one, frame.data)
        except TROUBLES as error:
            log.info("slack.socket-lost", line=line.number, error=type(error).__name__)
        finally:
            one.over.set()
            one.ended.set()

    def _take(self, line: _Line, one: _Connection, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            return  # what is no JSON is no request
        kind = frame.get("type") if isinstance(frame, dict) else None
        if kind == "hello":
            self._opened.set()
        elif kind == "disconnect":
            log.info("slack.socket-refreshed", line=line.number, reason=str(frame.get("reason", ""))[:40])
            one.over.set()
        elif kind and frame.get("envelope_id"):
            task = asyncio.create_task(self._handle(one, frame))
            self._handling.add(task)
            task.add_done_callback(self._handling.discard)

    async def _handle(self, one: _Connection, frame: Json) -> None:
        began, acknowledged = self.machine_clock(), False
        try:
            content = await self.answer(frame)
            if content is not None:
                word = json.dumps({"envelope_id": frame["envelope_id"], **({"payload": content} if content else {})})
                left = IN_TIME - (self.machine_clock() - began).total_seconds()
                acknowledged = await self._acknowledge(one, word, within=left)
        except Exception:
            log.exception("slack.envelope-failed", type=str(frame["type"]))  # not acknowledged, so an event comes again
        self.noted(str(frame["type"]), (self.machine_clock() - began).total_seconds(), acknowledged)

    async def _acknowledge(self, one: _Connection, word: str, *, within: float) -> bool:
        """Acknowledge where the request came in, or where there is a connection now: Slack goes by the envelope."""
        try:
            async with asyncio.timeout(max(within, FIRST_PAUSE)):
                while True:
                    if await self._say(one, word):
                        return True
                    await asyncio.sleep(FIRST_PAUSE)
        except TimeoutError:
            log.warning("slack.envelope-not-acknowledged")
            return False

    async def _say(self, one: _Connection, word: str) -> bool:
        """Say a word on the first connection that takes it."""
        for way in [one, *(line.now for line in self._lines if line.now is not None)]:
            if not way.socket.closed:
                with contextlib.suppress(*TROUBLES):
                    await way.socket.send_str(word)
                    return True
        return False

    async def _retire(self, one: _Connection) -> None:
        """Close a connection that was given up, when Slack has had the time for its last words."""
        if not one.is_deaf:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(one.ended.wait(), LAST_WORDS.total_seconds())
        await _close(one)


def answer_by(bolt: AsyncApp) -> Answer:
    """Have Bolt answer envelopes; what does not end well is not acknowledged."""

    async def answer(frame: Json) -> Json | None:
        request = SocketModeRequest.from_dict(frame)
        if request is None:
            return None
        response = await run_async_bolt_app(bolt, request)
        if response.status != 200:  # noqa: PLR2004 - as HTTP says it
            return None
        if not response.body:
            return {}
        kind = response.headers.get("content-type", [""])[0]
        return json.loads(response.body) if kind.startswith("application/json") else {"text": response.body}

    return answer


def address_from(client: AsyncWebClient, app_token: str) -> Callable[[], Awaitable[str]]:
    """Ask Slack for the address of a new connection."""

    async def open_address() -> str:
        return str((await client.apps_connections_open(app_token=app_token))["url"])

    return open_address


def _proxy_to(address: str) -> str | None:
    """Tell the proxy on the way to an address; aiohttp by itself looks for no HTTPS_PROXY where a socket is opened."""
    return None if proxy_bypass(urlsplit(address).hostname or "") else load_http_proxy_from_env()


def _said(error: Exception) -> str:
    data = getattr(getattr(error, "response", None), "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else type(error).__name__


def _retry_after(error: Exception) -> float:
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    said = {str(name).lower(): str(value) for name, value in headers.items()}.get("retry-after", "0")
    return float(said) if said.isdigit() else 0.0


async def _close(one: _Connection) -> None:
    with contextlib.suppress(*TROUBLES):
        await one.socket.close()
