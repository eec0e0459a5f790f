"""The two ways of reaching the app: a signed HTTP request, or an envelope over a Socket Mode connection."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web

from pim_bot.playground.model import Json
from pim_bot.playground.payloads import as_form_field

Kind = Literal["slash_commands", "interactive", "events_api"]


@dataclass(frozen=True, kw_only=True)
class SignedRequest:
    """A request to the app as it goes over the wire; kept, so that it can be sent again to the letter."""

    body: bytes
    headers: Mapping[str, str]

    def with_headers(self, **changed: str) -> "SignedRequest":
        """Copy it with other headers (`X_Slack_Signature="v0=…"`), as a forger would."""
        return replace(self, headers={**self.headers, **{name.replace("_", "-"): v for name, v in changed.items()}})


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the app answered: `error` is None, or what Slack tells the person (operation_timeout, dispatch_failed)."""

    error: str | None = None
    status: int | None = None
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether Slack is content with the answer."""
        return self.error is None

    @property
    def json(self) -> Json:
        """The answer as an object; empty if it is none."""
        return self.content if isinstance(self.content, dict) else {}


def signed(body: bytes, *, content_type: str, secret: str, at: datetime) -> SignedRequest:
    """Sign a body as Slack does (version 0)."""
    timestamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest}",
    }
    return SignedRequest(body=body, headers=headers)


def encoded(kind: Kind, payload: Json) -> tuple[bytes, str]:
    """Encode a payload as Slack does over HTTP: forms for people's acts, JSON for events."""
    if kind == "events_api":
        return json.dumps(payload, ensure_ascii=False).encode(), "application/json"
    form = payload if kind == "slash_commands" else as_form_field(payload)
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


class HttpLine:
    """Sends requests to the app's URL; what takes longer than `answer_within` seconds counts as failed."""

    def __init__(self, answer_within: float) -> None:
        self.answer_within = answer_within
        self._session: aiohttp.ClientSession | None = None

    async def send(self, url: str, request: SignedRequest) -> Answer:
        """Send it and wait for the answer."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self.answer_within))
        try:
            async with self._session.post(url, data=request.body, headers=request.headers) as response:
                content = await _content(response)
                error = None if response.ok else "dispatch_failed"
                return Answer(error=error, status=response.status, content=content, headers=dict(response.headers))
        except TimeoutError:
            return Answer(error="operation_timeout")
        except aiohttp.ClientError:
            return Answer(error="dispatch_failed")

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _content(response: aiohttp.ClientResponse) -> Any:
    text = await response.text(errors="replace")
    if response.content_type != "application/json" or not text:
        return text or None
    try:
        return json.loads(text)
    except ValueError:
        return text


class SocketLine:
    """The open Socket Mode connections; an envelope goes to one of them, in turn. `changed` hears of each new one.

    With `is_mute` new connections are taken and nothing is ever said on them, as when a link is open at one end only.
    """

    def __init__(self, answer_within: float, changed: Callable[[], None]) -> None:
        self.answer_within = answer_within
        self.is_mute = False
        self.opened = 0
        self._muted: set[web.WebSocketResponse] = set()
        self._changed = changed
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._envelopes = 0

    @property
    def is_open(self) -> bool:
        """Whether the app is connected."""
        return bool(self._sockets)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until the app leaves."""
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.opened += 1
        if self.is_mute:
            self._muted.add(socket)
        else:
            await socket.send_json({"type": "hello", "num_connections": len(self._sockets) + 1})
        self._sockets.append(socket)
        self._changed()
        try:
            async for frame in socket:
                if frame.type is WSMsgType.PING and socket not in self._muted:
                    await socket.pong(frame.data)
                elif frame.type is WSMsgType.TEXT:
                    self._take(frame.data)
        finally:
            self._muted.discard(socket)
            if socket in self._sockets:
                self._sockets.remove(socket)
            self._changed()
        return socket

    @property
    def open_count(self) -> int:
        """How many connections are open."""
        return len(self._sockets)

    def mute(self, *, oldest: bool = False) -> None:
        """Say nothing more on the connections there are, or on the oldest of them: no request, no answer to a ping."""
        self._muted |= set(self._sockets[:1] if oldest else self._sockets)

    async def send(self, kind: Kind, payload: Json, *, attempt: int = 0, reason: str = "") -> Answer:
        """Send an envelope and wait for its acknowledgement."""
        if not self._sockets:
            return Answer(error="dispatch_failed")
        self._envelopes += 1
        envelope_id = f"envelope-{self._envelopes}"
        envelope: Json = {"envelope_id": envelope_id, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        socket = self._sockets[self._envelopes % len(self._sockets)]
        try:
            if socket not in self._muted:
                await socket.send_json(envelope)
            content = await asyncio.wait_for(self._waiting[envelope_id], self.answer_within)
        except TimeoutError:
            return Answer(error="operation_timeout")
        except ConnectionError:
            return Answer(error="dispatch_failed")
        finally:
            del self._waiting[envelope_id]
        return Answer(content=content)

    async def refresh(self, reason: str = "refresh_requested", *, oldest: bool = False) -> None:
        """Ask the app to connect anew, as Slack does every few hours, and close the old connections.

        Slack refreshes each by its own age: with `oldest` only one is.
        """
        old = self._sockets[:1] if oldest else self._sockets
        self._sockets = [socket for socket in self._sockets if socket not in old]
        for socket in old:
            await socket.send_json({"type": "disconnect", "reason": reason})
            await socket.close()

    async def close(self) -> None:
        """Close all connections without a word."""
        old, self._sockets = self._sockets, []
        for socket in old:
            await socket.close()

    def _take(self, data: str) -> None:
        try:
            frame = json.loads(data)
        except ValueError:
            return  # clients may ping in plain text
        waiting = self._waiting.get(str(frame.get("envelope_id")))
        if waiting is not None and not waiting.done():
            waiting.set_result(frame.get("payload"))
