"""The shape of what Slack sends, checked before anything relies on it.

A signed request can still be odd: cut off, of a new kind, or with half a letter in it. What has not the shape that
Slack documents is refused with 400; an event that has not is kept as it came, since Slack would only send it again.
"""

import json
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

import msgspec

Json = dict[str, Any]


Name = Annotated[str, msgspec.Meta(pattern="[!-~]")]
"""A name on the wire: it keeps at least one sign when those are taken out that no database takes."""

Id = Annotated[str, msgspec.Meta(pattern="[!-~]", max_length=150)]
"""An id of a person or a workspace, short enough for the column in which people are kept."""

Reference = Annotated[str, msgspec.Meta(max_length=150)]
"""What an event refers to, by an id that finds room in the subjects of our own events; it may be empty."""


class _Named(msgspec.Struct):
    id: Id


class _User(_Named):
    team_id: Reference | None = None


class _Action(msgspec.Struct):
    action_id: Name
    block_id: str
    action_ts: str = ""
    value: str | None = None


class _Option(msgspec.Struct):
    value: str


class _Element(msgspec.Struct):
    value: str | None = None
    selected_option: _Option | None = None
    selected_options: list[_Option] | None = None
    selected_date: str | None = None
    selected_time: str | None = None
    selected_user: str | None = None


class _State(msgspec.Struct):
    values: dict[str, dict[str, _Element]] = {}


class _Block(msgspec.Struct):
    type: str
    block_id: str = ""


class _View(msgspec.Struct):
    id: Name
    type: str
    callback_id: str = ""
    private_metadata: str = ""
    state: _State | None = None
    blocks: list[_Block] = []


class _Container(msgspec.Struct):
    message_ts: str = ""
    view_id: str = ""
    is_ephemeral: bool = False


class _Payload(msgspec.Struct):
    user: _User
    team: _Named | None = None


class _Click(_Payload, kw_only=True):
    actions: Annotated[list[_Action], msgspec.Meta(min_length=1)]
    container: _Container | None = None
    trigger_id: str = ""


class _Submission(_Payload, kw_only=True):
    view: _View


class _Suggestion(_Payload, kw_only=True):
    action_id: str
    block_id: str
    value: str = ""


class _Place(msgspec.Struct):
    """Where something stands in the chat: an event itself, the message that it tells of, or what was reacted to."""

    channel: Reference | Json | None = None
    user: Reference | Json | None = None
    team: Reference | Json | None = None
    user_team: Reference | None = None
    ts: Reference | None = None
    thread_ts: Reference | None = None
    deleted_ts: Reference | None = None


class _Shortcut(_Payload, kw_only=True):
    callback_id: Name
    trigger_id: Name
    channel: _Named | None = None
    message: _Place | None = None


class _Command(msgspec.Struct):
    command: str
    team_id: Id
    user_id: Id
    trigger_id: Name
    text: str = ""


class _Happening(_Place, kw_only=True):
    type: Name
    item: _Place | None = None
    message: _Place | None = None
    previous_message: _Place | None = None


class _EventCallback(msgspec.Struct):
    event: _Happening
    event_id: Name
    team_id: Id


class _Verification(msgspec.Struct):
    type: Literal["url_verification"]
    challenge: str


_SHAPES: dict[str, type[msgspec.Struct]] = {
    "block_actions": _Click,
    "view_submission": _Submission,
    "view_closed": _Submission,
    "block_suggestion": _Suggestion,
    "shortcut": _Shortcut,
    "message_action": _Shortcut,
    "event_callback": _EventCallback,
    "url_verification": _Verification,
}

NOTICES = frozenset({"app_rate_limited"})
"""Types that are only to be taken note of."""


def read_envelope(text: str, content_type: str) -> Json | None:
    """Read the body of a request: JSON, a form with a ``payload``, or a command's form; None when it is neither."""
    try:
        if content_type == "application/json":
            found = json.loads(text)
        else:
            form = {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
            found = json.loads(form["payload"]) if "payload" in form else form
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found else None


def is_whole(envelope: Json) -> bool:
    """Tell whether everything is there that handlers rely on, and can be written down.

    What people typed may hold halves of letters; handlers drop those.
    """
    shape = _SHAPES.get(str(envelope.get("type")), _Command if "command" in envelope else None)
    if shape is None:
        return False
    try:
        msgspec.convert(envelope, shape)
        view = envelope.get("view")
        ours = envelope | {"view": {**view, "state": None}} if isinstance(view, dict) else envelope
        json.dumps(ours, ensure_ascii=False).encode()
    except (msgspec.ValidationError, UnicodeEncodeError, RecursionError):
        return False
    return True


def is_event(envelope: Json) -> bool:
    """Tell whether it is an event of the Events API."""
    return envelope.get("type") == "event_callback"
