"""The workspace as one person's browser reads it."""

from pim_bot.playground.model import Conversation, Json, Message, User
from pim_bot.playground.switchboard import Switchboard
from pim_bot.playground.views import View

NEWEST = 300
"""How many messages of a conversation the page shows."""


class Snapshot:
    """Tells the state of the workspace to one person, who looks at one conversation."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard
        self._workspace = switchboard.workspace

    def of(self, user_id: str, channel_id: str | None) -> Json:
        """Tell everything that the page shows."""
        workspace = self._workspace
        direct = workspace.direct(user_id).id
        mine = workspace.conversations_of(user_id)
        shown = channel_id if channel_id in {conversation.id for conversation in mine} else direct
        return {
            "revision": workspace.revision,
            "now": workspace.programme_clock().isoformat(),
            "team": workspace.name,
            "bot": workspace.bot_user_id,
            "me": user_id,
            "direct": direct,
            "channel": shown,
            "people": self.people(),
            "conversations": [self._conversation(user_id, conversation) for conversation in mine],
            "messages": [self._message(user_id, message) for message in workspace.seen_by(user_id, shown)[-NEWEST:]],
            "modal": self._modal(user_id),
            "home": self._view(workspace.views.homes.get(user_id)),
        }

    def people(self) -> list[Json]:
        """List the people one can be, with what each has not read yet."""
        return [self._person(user) for user in self._workspace.users.values()]

    def _person(self, user: User) -> Json:
        mine = self._workspace.conversations_of(user.id)
        return {
            "id": user.id,
            "name": user.name,
            "real_name": user.real_name,
            "title": user.title,
            "group": user.group,
            "tz": user.tz,
            "is_bot": user.is_bot,
            "deleted": user.deleted,
            "unread": sum(self._workspace.unread(user.id, conversation.id) for conversation in mine),
        }

    def _conversation(self, user_id: str, conversation: Conversation) -> Json:
        return {
            "id": conversation.id,
            "name": conversation.name,
            "kind": conversation.kind,
            "private": conversation.private,
            "archived": conversation.archived,
            "members": len(conversation.members),
            "unread": self._workspace.unread(user_id, conversation.id),
        }

    def _message(self, user_id: str, message: Message) -> Json:
        return {
            "ts": message.ts,
            "channel": message.channel,
            "user": message.user,
            "text": message.text,
            "blocks": message.blocks,
            "files": [self._workspace.files[one["id"]].name for one in message.files],
            "shown_at": message.shown_at.isoformat(),
            "thread_ts": message.thread_ts,
            "ephemeral": message.only_for is not None,
            "edited": message.edited_ts is not None,
            "reactions": {name: len(users) for name, users in message.reactions.items()},
            "mine": [name for name, users in message.reactions.items() if user_id in users],
            "notice": message.notice,
            "values": self._switchboard.values_of(user_id, message),
        }

    def _modal(self, user_id: str) -> Json | None:
        told = self._view(self._workspace.views.top(user_id))
        return told and {**told, "depth": len(self._workspace.views.stacks[user_id])}

    def _view(self, view: View | None) -> Json | None:
        if view is None:
            return None
        return {
            "id": view.id,
            "hash": view.hash,
            "title": view.title,
            "submit": (view.body.get("submit") or {}).get("text"),
            "close": (view.body.get("close") or {}).get("text"),
            "blocks": view.blocks,
            "values": view.values,
            "errors": view.errors,
        }
