"""What comes in from chat, decoded. The chat's own shapes end here."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pim_bot.blocks import ids
from pim_bot.errors import PimBotError


class OddPayload(PimBotError):
    """A payload does not have the shape that the chat's documentation tells."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """Who asked; ``key`` is equal for every delivery of the same request. Only the signed envelope tells the person.

    ``workspace`` is the address of the workspace in which it was asked, "" where the payload does not tell it.
    """

    team_id: str
    user_id: str
    key: str
    trigger_id: str = ""
    workspace: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Command(Request):
    """A slash command: its first word, lower case, and the rest as typed."""

    word: str
    rest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Quoted:
    """A message on which somebody used a shortcut: where it stands, who wrote it, what it says in the chat's markup.

    ``domain`` is that of the workspace, of which addresses are made. A reply in a thread is quoted itself. ``files``
    are (name, address) of what hangs on it.
    """

    team_id: str
    domain: str
    channel_id: str
    channel_name: str
    ts: str
    thread_ts: str
    author_team: str
    author_user: str
    by_bot: bool
    text: str
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Click(Request):
    """A press of a button; ``value`` is what the button stands for."""

    action_id: str
    value: str
    ephemeral: bool = False
    quoted: Quoted | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission(Request):
    """A form that was sent; ``typed`` is field → what was typed or chosen.

    ``notice`` is the version of the notice of personal data that stood in the form, "" when none did.
    """

    callback_id: str
    metadata: str
    typed: Mapping[str, Any]
    fields: tuple[str, ...] = ()
    notice: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion(Request):
    """A field that asks for choices while somebody types."""

    field_name: str
    typed: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening(Request):
    """Something happened in the chat (Events API)."""

    type: str
    event: Mapping[str, Any] = field(default_factory=dict)


def storable(part: Any) -> Any:
    """Take out of a payload the signs that no database takes: NUL and halves of surrogate pairs.

    Source: https://www.postgresql.org/docs/current/datatype-character.html
    """
    if isinstance(part, str):
        return part if part.isascii() and "\0" not in part else _UNSTORABLE.sub("", part)
    if isinstance(part, dict):
        return {storable(name): storable(value) for name, value in part.items()}
    return [storable(value) for value in part] if isinstance(part, list) else part


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def command_of(body: Mapping[str, Any]) -> Command:
    """Decode a slash command."""
    word, _, rest = str(body.get("text") or "").strip().partition(" ")
    return Command(
        team_id=_text(body, "team_id"),
        user_id=_text(body, "user_id"),
        key=f"command:{_text(body, 'trigger_id')}",
        trigger_id=_text(body, "trigger_id"),
        workspace=_workspace(body.get("team_domain")),
        word=word.lower(),
        rest=rest.strip(),
    )


def click_of(body: Mapping[str, Any]) -> Click:
    """Decode a press of a button."""
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[0], dict):
        raise OddPayload("a click without an action")
    action = actions[0]
    container = body.get("container") or {}
    place = container.get("message_ts") or container.get("view_id") or ""
    who = _who(body)
    name = str(action.get("action_id")).split("/")[0]  # what follows the stroke may be an answer that nobody keeps
    return Click(
        **who,
        key=f"click:{place}/{name}/{action.get('action_ts')}/{who['user_id']}",
        trigger_id=str(body.get("trigger_id") or ""),
        action_id=_text(action, "action_id"),
        value=str(action.get("value") or ""),
        ephemeral=bool(container.get("is_ephemeral")),
    )


def shortcut_of(body: Mapping[str, Any]) -> Click:
    """Decode a global or message shortcut; it is a click without a message of ours."""
    trigger_id = _text(body, "trigger_id")
    return Click(
        **_who(body),
        key=f"shortcut:{trigger_id}",
        trigger_id=trigger_id,
        action_id=_text(body, "callback_id"),
        value="",
        quoted=_quoted(body),
    )


def _quoted(body: Mapping[str, Any]) -> Quoted | None:
    message, channel, team = (body.get(name) for name in ("message", "channel", "team"))
    if message is None:
        return None
    if not (isinstance(message, dict) and isinstance(channel, dict) and isinstance(team, dict)):
        raise OddPayload("a shortcut on a message without the message or where it stands")
    author = str(message.get("user") or "")
    return Quoted(
        team_id=_text(team, "id"),
        domain=str(team.get("domain") or ""),
        channel_id=_text(channel, "id"),
        channel_name=str(channel.get("name") or ""),
        ts=_text(message, "ts"),
        thread_ts=str(message.get("thread_ts") or ""),
        # Somebody from another organisation (Slack Connect) is keyed by their own workspace, not by ours.
        author_team=str(message.get("user_team") or message.get("team") or team["id"]),
        author_user=author,
        by_bot=bool(message.get("bot_id")) or not author,
        text=str(message.get("text") or ""),
        files=_files(message.get("files")),
    )


def _files(files: object) -> tuple[tuple[str, str], ...]:
    """Read what hangs on a message, by name and address; what has no address cannot be kept."""
    found = [one for one in files if isinstance(one, dict)] if isinstance(files, list) else []
    named = [(str(one.get("title") or one.get("name") or ""), str(one.get("permalink") or "")) for one in found]
    return tuple((name, address) for name, address in named if address.startswith("https://"))


def submission_of(body: Mapping[str, Any]) -> Submission:
    """Decode a form that was sent."""
    view = body.get("view")
    if not isinstance(view, dict):
        raise OddPayload("a submission without a view")
    return Submission(
        **_who(body),
        key=f"view:{_text(view, 'id')}",
        trigger_id=str(body.get("trigger_id") or ""),
        callback_id=str(view.get("callback_id") or ""),
        metadata=str(view.get("private_metadata") or ""),
        typed=typed_in(view),
        fields=tuple(_input_blocks(view)),
        notice=notice_in(view),
    )


def _input_blocks(view: Mapping[str, Any]) -> Iterator[str]:
    for block in view.get("blocks") or ():
        if block.get("type") == "input" and block.get("block_id"):
            yield block["block_id"]


def suggestion_of(body: Mapping[str, Any]) -> Suggestion:
    """Decode a field's question for choices."""
    return Suggestion(
        **_who(body), key="", field_name=str(body.get("block_id") or ""), typed=str(body.get("value") or "")
    )


def happening_of(body: Mapping[str, Any]) -> Happening:
    """Decode an event of the Events API."""
    event = body.get("event")
    if not isinstance(event, dict):
        raise OddPayload("an event without a body")
    user = event.get("user")
    return Happening(
        team_id=_text(body, "team_id"),
        user_id=str(user.get("id") if isinstance(user, dict) else user or ""),
        key=f"event:{_text(body, 'event_id')}",
        type=_type_of(event),
        event=event,
    )


def _type_of(event: Mapping[str, Any]) -> str:
    """Tell the type of an event, of a message with its subtype: ``message/message_changed``."""
    subtype = event.get("subtype")
    return f"{_text(event, 'type')}/{subtype}" if isinstance(subtype, str) and subtype else _text(event, "type")


def notice_in(view: Mapping[str, Any]) -> str:
    """Tell the version of the notice that a form showed, "" when it showed none."""
    names = (str(block.get("block_id") or "") for block in view.get("blocks") or ())
    return next((name.partition("/")[2][:40] for name in names if name.startswith(f"{ids.NOTICE}/")), "")


def typed_in(view: Mapping[str, Any]) -> dict[str, Any]:
    """Read what was typed in a form: field → text, value, list of values, or None for an empty field."""
    values = (view.get("state") or {}).get("values") or {}
    return {name: _typed(next(iter(elements.values()), {})) for name, elements in values.items()}


def _typed(element: Mapping[str, Any]) -> Any:
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or ()]
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value")
    for name in ("selected_date", "selected_time", "selected_date_time", "selected_user", "value"):
        if name in element:
            return element[name]
    return None


def _who(body: Mapping[str, Any]) -> dict[str, Any]:
    user, team = body.get("user"), body.get("team")
    if not isinstance(user, dict):
        raise OddPayload("a payload without a user")
    # Somebody from another organisation (Slack Connect) is keyed by their own workspace, not by ours.
    team_id = str(user.get("team_id") or (team or {}).get("id") or "")
    workspace = _workspace((team or {}).get("domain"))
    return {"team_id": team_id, "user_id": _text(user, "id"), "workspace": workspace}


def _workspace(domain: object) -> str:
    return f"https://{domain}.slack.com" if isinstance(domain, str) and _DOMAIN.fullmatch(domain) else ""


_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def _text(part: Mapping[str, Any], name: str) -> str:
    value = part.get(name)
    if not isinstance(value, str) or not value:
        raise OddPayload(f"a payload without {name}")
    return value
