"""The addresses under which an app may answer later: five uses within half an hour."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from aiohttp import web

from pim_bot.playground.model import Json, Message, SlackError
from pim_bot.playground.workspace import Workspace

USES = 5
LIFE = timedelta(minutes=30)


@dataclass
class _Address:
    user: str
    channel: str
    ts: str | None
    given_at: datetime
    uses: int = 0


class ResponseUrls:
    """Gives response URLs and takes what is posted to them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._addresses: dict[str, _Address] = {}
        self.base = ""
        """The public address of this door; set by the server once it knows its port."""

    def new(self, user_id: str, channel_id: str, message: Message | None = None) -> str:
        """Give an address for one act of a person, on a message or not."""
        key = token_urlsafe(12)
        ts = message.ts if message is not None else None
        self._addresses[key] = _Address(user_id, channel_id, ts, self._workspace.machine_clock())
        return f"{self.base}/{key}"

    async def handle(self, request: web.Request) -> web.Response:
        """Answer `POST …/hooks/<key>`."""
        address = self._addresses.get(request.match_info["key"])
        if address is None or self._workspace.machine_clock() - address.given_at > LIFE:
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        if address.uses >= USES:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        address.uses += 1
        try:
            self._take(address, _read(await request.text()))
        except SlackError as refusal:
            return web.json_response(refusal.as_slack(), status=400)
        return web.Response(text="ok")

    def _take(self, address: _Address, given: Json) -> None:
        original = self._original(address)
        if given.get("delete_original"):
            if original is not None:
                self._workspace.delete(address.channel, original.ts)
            return
        blocks = given.get("blocks") or []
        if given.get("replace_original") and original is not None:
            text = str(given.get("text", ""))
            self._workspace.edit(original, text=text, blocks=blocks, metadata=given.get("metadata"))
            return
        answer_as_bot(self._workspace, given, user_id=address.user, channel_id=address.channel)

    def _original(self, address: _Address) -> Message | None:
        if address.ts is None:
            return None
        try:
            return self._workspace.message(address.channel, address.ts)
        except SlackError:
            return None


def answer_as_bot(workspace: Workspace, given: Json, *, user_id: str, channel_id: str) -> Message:
    """Post an answer that needs no membership: only for that person, unless it is said to be for all."""
    if not given.get("text") and not given.get("blocks"):
        raise SlackError("no_text")
    return workspace.post(
        channel_id,
        user=workspace.bot_user_id,
        text=str(given.get("text", "")),
        blocks=given.get("blocks") or [],
        attachments=given.get("attachments") or [],
        only_for=None if given.get("response_type") == "in_channel" else user_id,
        thread_ts=given.get("thread_ts"),
    )


def _read(text: str) -> Json:
    try:
        given: Any = json.loads(text)
    except ValueError:
        raise SlackError("invalid_payload") from None
    if not isinstance(given, dict):
        raise SlackError("invalid_payload")
    return given
