"""The methods of the Web API that write, change and read messages."""

import base64
import binascii
from typing import Any

from pim_bot.playground.arguments import Arguments
from pim_bot.playground.model import Conversation, Json, Message, SlackError
from pim_bot.playground.workspace import Workspace

_LONGEST_PAGE = 999


def post_message(workspace: Workspace, arguments: Arguments) -> Json:
    """chat.postMessage."""
    conversation = _writable(workspace, arguments.required("channel"))
    content = _content(arguments)
    metadata = _metadata(arguments)
    if not any(content.values()):
        raise SlackError("no_text")
    thread_ts = arguments.text("thread_ts") or None
    message = workspace.post(
        conversation.id,
        user=workspace.bot_user_id,
        thread_ts=thread_ts,
        broadcast=arguments.flag("reply_broadcast"),
        metadata=metadata,
        **content,
    )
    return {
        "ok": True,
        "channel": conversation.id,
        "ts": message.ts,
        "message": message_as_slack(workspace, message, with_metadata=True),
    }


def post_ephemeral(workspace: Workspace, arguments: Arguments) -> Json:
    """chat.postEphemeral."""
    conversation = _writable(workspace, arguments.required("channel"))
    user = workspace.user(arguments.required("user"))
    if user.id not in conversation.members:
        raise SlackError("user_not_in_channel")
    content = _content(arguments)
    if not any(content.values()):
        raise SlackError("no_text")
    thread_ts = arguments.text("thread_ts") or None
    message = workspace.post(
        conversation.id, user=workspace.bot_user_id, only_for=user.id, thread_ts=thread_ts, **content
    )
    return {"ok": True, "message_ts": message.ts}


def update(workspace: Workspace, arguments: Arguments) -> Json:
    """chat.update."""
    conversation = _writable(workspace, arguments.required("channel"))
    message = _own_message(workspace, conversation, arguments, error="cant_update_message")
    text = arguments.given.get("text")
    blocks = arguments.nested("blocks")
    metadata = _metadata(arguments)
    if text is None and blocks is None and metadata is None:
        raise SlackError("no_text")
    workspace.edit(message, text=text, blocks=blocks, metadata=metadata)
    told = message_as_slack(workspace, message, with_metadata=True)
    return {"ok": True, "channel": conversation.id, "ts": message.ts, "text": message.text, "message": told}


def delete(workspace: Workspace, arguments: Arguments) -> Json:
    """chat.delete."""
    conversation = workspace.conversation(arguments.required("channel"))
    message = _own_message(workspace, conversation, arguments, error="cant_delete_message")
    workspace.delete(conversation.id, message.ts)
    return {"ok": True, "channel": conversation.id, "ts": message.ts}


def get_permalink(workspace: Workspace, arguments: Arguments) -> Json:
    """chat.getPermalink."""
    conversation = workspace.conversation(arguments.required("channel"))
    message = workspace.message(conversation.id, arguments.required("message_ts"))
    address = f"https://{workspace.team_id.lower()}.slack.com/archives/{conversation.id}/p{message.ts.replace('.', '')}"
    return {"ok": True, "channel": conversation.id, "permalink": address}


def add_reaction(workspace: Workspace, arguments: Arguments) -> Json:
    """reactions.add."""
    conversation = _readable(workspace, arguments.required("channel"))
    message = workspace.message(conversation.id, arguments.required("timestamp"))
    users = message.reactions.setdefault(arguments.required("name"), [])
    if workspace.bot_user_id in users:
        raise SlackError("already_reacted")
    users.append(workspace.bot_user_id)
    workspace.changed()
    return {"ok": True}


def history(workspace: Workspace, arguments: Arguments) -> Json:
    """conversations.history: newest first, without the replies in threads."""
    conversation = _readable(workspace, arguments.required("channel"))
    found = [
        message
        for message in workspace.messages(conversation.id)
        if message.only_for is None and (message.thread_ts in (None, message.ts) or message.broadcast)
    ]
    return _page(workspace, arguments, found[::-1])


def replies(workspace: Workspace, arguments: Arguments) -> Json:
    """conversations.replies: the parent and its replies, oldest first."""
    conversation = _readable(workspace, arguments.required("channel"))
    ts = arguments.required("ts")
    thread = [
        message
        for message in workspace.messages(conversation.id)
        if message.only_for is None and ts in (message.ts, message.thread_ts)
    ]
    if not thread:
        raise SlackError("thread_not_found")
    return _page(workspace, arguments, thread)


def message_as_slack(workspace: Workspace, message: Message, *, with_metadata: bool = False) -> Json:
    """Tell a message as Slack does; of its metadata only the type, unless the caller asked for all."""
    told: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    told["team"] = workspace.team_of(message.user)
    if message.user == workspace.bot_user_id:
        told |= {"bot_id": workspace.bot_id, "app_id": workspace.app_id}
    told |= {name: value for name in ("blocks", "attachments", "files") if (value := getattr(message, name))}
    if message.metadata is not None:
        told["metadata"] = message.metadata if with_metadata else {"event_type": message.metadata["event_type"]}
    if message.thread_ts is not None:
        told["thread_ts"] = message.thread_ts
    if message.edited_ts is not None:
        told["edited"] = {"user": message.user, "ts": message.edited_ts}
    if message.reactions:
        told["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()
        ]
    return told


def page_of(items: list[Any], arguments: Arguments, *, default: int = 100) -> tuple[list[Any], str]:
    """Cut one page out of a list; the cursor of the next page is empty at the end."""
    limit = arguments.number("limit", default, most=_LONGEST_PAGE)
    start = _start_of(arguments.text("cursor"))
    more = start + limit < len(items)
    cursor = base64.b64encode(f"at:{start + limit}".encode()).decode() if more else ""
    return items[start : start + limit], cursor


def _start_of(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor).decode().removeprefix("at:"))
    except (binascii.Error, ValueError):
        raise SlackError("invalid_cursor") from None


def _page(workspace: Workspace, arguments: Arguments, messages: list[Message]) -> Json:
    oldest, latest = arguments.text("oldest", "0"), arguments.text("latest") or "9999999999"
    inclusive = arguments.flag("inclusive")
    within = [m for m in messages if _between(float(oldest), float(m.ts), float(latest), inclusive=inclusive)]
    page, cursor = page_of(within, arguments)
    whole = arguments.flag("include_all_metadata")
    return {
        "ok": True,
        "messages": [message_as_slack(workspace, message, with_metadata=whole) for message in page],
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


def _between(oldest: float, ts: float, latest: float, *, inclusive: bool) -> bool:
    return oldest <= ts <= latest if inclusive else oldest < ts < latest


def _content(arguments: Arguments) -> Json:
    blocks = arguments.nested("blocks") or []
    attachments = arguments.nested("attachments") or []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    return {"text": arguments.text("text"), "blocks": blocks, "attachments": attachments}


def _metadata(arguments: Arguments) -> Json | None:
    metadata = arguments.nested("metadata")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if not metadata.get("event_type"):
        raise SlackError("invalid_metadata_format")
    return metadata


def _own_message(workspace: Workspace, conversation: Conversation, arguments: Arguments, *, error: str) -> Message:
    message = workspace.message(conversation.id, arguments.required("ts"))
    if message.only_for is not None:
        raise SlackError("message_not_found")
    if message.user != workspace.bot_user_id:
        raise SlackError(error)
    return message


def _readable(workspace: Workspace, channel: str) -> Conversation:
    conversation = workspace.conversation(channel)
    if workspace.bot_user_id not in conversation.members:
        raise SlackError("not_in_channel")
    return conversation


def _writable(workspace: Workspace, channel: str) -> Conversation:
    """Find where to write; a person's id means the direct conversation with that person."""
    conversation = workspace.direct(channel) if channel in workspace.users else _readable(workspace, channel)
    if conversation.archived:
        raise SlackError("is_archived")
    if conversation.kind == "im" and workspace.user(conversation.members[0]).deleted:
        raise SlackError("user_disabled")
    return conversation
