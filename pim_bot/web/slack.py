"""``POST /slack/events``: events, commands and clicks over signed HTTP, handed to Bolt after the guard."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from pim_bot.programme.permissions import open_to_all
from pim_bot.web.envelope import NOTICES, is_event, is_whole, read_envelope
from pim_bot.web.guard import Guard

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackPages:
    """Lets signed requests of the documented shapes through to Bolt; ``park`` keeps an odd event as it came."""

    guard: Guard
    bolt: AsyncApp
    park: Callable[[bytes, str], Awaitable[None]]

    @open_to_all("whoever it is must have signed it; the handler behind it asks for the right")
    async def receive(self, request: web.Request) -> web.Response:
        """Check the signature over the raw bytes and the shape, then let Bolt route the request and answer it."""
        body = await self.guard.signed_body(request)
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return self._odd("not UTF-8")
        envelope = read_envelope(text, request.content_type)
        if envelope is None:
            return self._odd("not JSON")
        if str(envelope.get("type")) in NOTICES:
            log.warning("slack.notice", type=envelope["type"])
            return web.Response()
        asked = _for_bolt(request, text) if is_whole(envelope) else None
        if asked is not None:
            return await to_aiohttp_response(await self.bolt.async_dispatch(asked))
        if is_event(envelope):
            await self.park(body, "odd event")
            return web.Response()
        return self._odd("odd shape")

    @staticmethod
    def _odd(why: str) -> web.Response:
        log.warning("slack.request-odd", why=why)
        return web.Response(status=400, text=why)


def _for_bolt(request: web.Request, text: str) -> AsyncBoltRequest | None:
    """Make Bolt's request; None when Bolt, which reads more of it than we do, finds something odd."""
    headers: dict[str, str | Sequence[str]] = dict(request.headers)
    try:
        return AsyncBoltRequest(body=text, query=request.query_string, headers=headers)
    except Exception as error:  # noqa: BLE001 - whatever it stumbles over is the sender's
        log.warning("slack.request-odd-for-bolt", error=type(error).__name__)
        return None
