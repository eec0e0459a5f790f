"""``POST /slack/events``: events, commands and clicks over signed HTTP, handed to Bolt after the guard."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from pim_bot.web.guard import Guard


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackPages:
    """Lets signed requests through to Bolt."""

    guard: Guard
    bolt: AsyncApp

    async def receive(self, request: web.Request) -> web.Response:
        """Check the signature over the raw bytes, then let Bolt route the request and answer it."""
        body = await self.guard.signed_body(request)
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return web.Response(status=400, text="not UTF-8")
        headers: dict[str, str | Sequence[str]] = dict(request.headers)
        answer = await self.bolt.async_dispatch(
            AsyncBoltRequest(body=text, query=request.query_string, headers=headers)
        )
        return await to_aiohttp_response(answer)
