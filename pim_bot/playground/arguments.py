"""What a call of the Web API was given: query, form and JSON body alike, the JSON inside of them decoded."""

import json
from typing import Any

from aiohttp import web

from pim_bot.playground.model import Json, SlackError

_NESTED = {"blocks": "invalid_blocks_format", "view": "invalid_arguments", "metadata": "invalid_metadata_format"}
_NESTED["attachments"] = "invalid_attachments"


class Arguments:
    """The arguments of one call, without its token."""

    def __init__(self, given: Json) -> None:
        self.given = given

    def required(self, name: str) -> str:
        """Read an argument that must be there."""
        value = self.given.get(name)
        if value in (None, ""):
            raise SlackError("invalid_arguments", f"missing required field: {name}")
        return str(value)

    def text(self, name: str, default: str = "") -> str:
        """Read a text that may be left out."""
        value = self.given.get(name)
        return default if value is None else str(value)

    def flag(self, name: str) -> bool:
        """Read a yes or no, in any of the ways that clients write it."""
        return str(self.given.get(name, "")).lower() in ("1", "true")

    def number(self, name: str, default: int, *, most: int) -> int:
        """Read a whole number between 1 and `most`."""
        try:
            return min(max(int(self.text(name) or default), 1), most)
        except ValueError:
            raise SlackError("invalid_arguments", f"{name} must be an integer") from None

    def nested(self, name: str) -> Any:
        """Read a value that travels as JSON; None if it was not given."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise SlackError(_NESTED.get(name, "invalid_json")) from None


async def read_arguments(request: web.Request) -> tuple[str | None, Arguments]:
    """Read the token and the arguments, wherever the client has put them."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        given.update(body)
    elif request.can_read_body:
        given.update(await request.post())
    header = request.headers.get("Authorization", "")
    in_body = given.pop("token", None)
    token = header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else in_body
    return token or None, Arguments(given)
