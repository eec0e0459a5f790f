"""The state of one workspace, without any network: people, conversations, messages, what is unread.

Two clocks are handed in. Machine time gives `ts` and the life of triggers; programme time is what people see beside
a message, because a demonstration may play in another year.
"""

import asyncio
import copy
from collections.abc import Callable
from datetime import datetime
from typing import Any

from pim_bot.blocks.limits import broken_limits
from pim_bot.playground.call_log import CallLog
from pim_bot.playground.elements import interactive_elements
from pim_bot.playground.faults import Faults
from pim_bot.playground.model import SLACKBOT, Conversation, Json, Message, SlackError, StoredFile, User
from pim_bot.playground.views import Views

Clock = Callable[[], datetime]

LONGEST_TEXT = 40_000
LONGEST_EDITED_TEXT = 4_000


class Workspace:
    """One workspace with one app in it. Every change wakes the subscribers."""

    def __init__(
        self,
        *,
        machine_clock: Clock,
        programme_clock: Clock,
        team_id: str = "T1",
        name: str = "Partnerska Inicjatywa Miast",
        bot_user_id: str = "UBOT",
        bot_name: str = "pim",
        bot_token: str = "xoxb-local",  # noqa: S107 - the name of a local toy, no secret
        app_token: str = "xapp-local",  # noqa: S107 - the same
        app_id: str = "A1",
    ) -> None:
        self.team_id = team_id
        self.name = name
        self.bot_user_id = bot_user_id
        self.bot_id = f"B{bot_user_id.removeprefix('U')}"
        self.app_id = app_id
        self.bot_token = bot_token
        self.app_token = app_token
        self.machine_clock = machine_clock
        self.programme_clock = programme_clock
        self.refuses_token: str | None = None
        """Set to `token_revoked` or `account_inactive`, every call is refused with it."""
        self.users: dict[str, User] = {}
        self.conversations: dict[str, Conversation] = {}
        self.files: dict[str, StoredFile] = {}
        self.files_url = ""
        """Where the bytes of files are; set by the server once it knows its port."""
        self.calls = CallLog()
        self.faults = Faults(machine_clock)
        self.views = Views(self)
        self.revision = 0
        self._messages: dict[str, list[Message]] = {}
        self._read_to: dict[tuple[str, str], str] = {}
        self._listeners: set[Callable[[], None]] = set()
        self._last_tick = 0
        self._ids = 0
        self.add_user(id=bot_user_id, name=bot_name, real_name=bot_name, is_bot=True)
        self.add_user(id=SLACKBOT, name="slackbot", real_name="Slackbot", is_bot=True)

    # People and conversations

    def add_user(self, *, id: str, name: str, real_name: str, **more: Any) -> User:  # noqa: A002 - Slack's own word
        """Add a person; `more` are further fields of `User`."""
        self.users[id] = User(id=id, name=name, real_name=real_name, **more)
        self.changed()
        return self.users[id]

    def add_channel(
        self,
        *,
        id: str,  # noqa: A002 - Slack's own word
        name: str,
        members: list[str],
        private: bool = False,
        shared: bool = False,
    ) -> Conversation:
        """Add a channel; the bot is in it only if its id is among the members."""
        self.conversations[id] = Conversation(
            id=id,
            name=name,
            kind="channel",
            members=list(members),
            private=private,
            shared=shared,
            created=int(self.machine_clock().timestamp()),
        )
        self.changed()
        return self.conversations[id]

    def user(self, user_id: str, *, error: str = "user_not_found") -> User:
        """Find a person, or refuse as Slack does."""
        if user_id not in self.users:
            raise SlackError(error)
        return self.users[user_id]

    def team_of(self, user_id: str) -> str:
        """Tell the workspace to which somebody belongs: their own, for whoever comes by Slack Connect."""
        user = self.users.get(user_id)
        return (user.home_team if user else "") or self.team_id

    def conversation(self, conversation_id: str) -> Conversation:
        """Find a conversation, or refuse as Slack does."""
        if conversation_id not in self.conversations:
            raise SlackError("channel_not_found")
        return self.conversations[conversation_id]

    def direct(self, user_id: str) -> Conversation:
        """Find or open the direct conversation of a person with the bot."""
        user = self.user(user_id)
        if user.deleted:
            raise SlackError("user_disabled")
        if user.is_bot:
            raise SlackError("cannot_dm_bot")
        conversation_id = f"D{user_id.removeprefix('U')}"
        if conversation_id not in self.conversations:
            self.conversations[conversation_id] = Conversation(
                id=conversation_id, name="", kind="im", members=[user_id, self.bot_user_id]
            )
            self.changed()
        return self.conversations[conversation_id]

    def join(self, user_id: str, channel_id: str) -> None:
        """Let somebody into a channel."""
        members = self.conversation(channel_id).members
        if self.user(user_id).id not in members:
            members.append(user_id)
            self.changed()

    def leave(self, user_id: str, channel_id: str) -> None:
        """Let somebody out of a channel."""
        members = self.conversation(channel_id).members
        if user_id in members:
            members.remove(user_id)
            self.changed()

    def archive(self, channel_id: str) -> None:
        """Archive a channel: it can be read, and nobody can write in it."""
        self.conversation(channel_id).archived = True
        self.changed()

    def deactivate(self, user_id: str) -> None:
        """Deactivate a person."""
        self.user(user_id).deleted = True
        self.changed()

    def conversations_of(self, user_id: str) -> list[Conversation]:
        """List the conversations that somebody is in."""
        return [conversation for conversation in self.conversations.values() if user_id in conversation.members]

    # Messages

    def post(
        self,
        channel_id: str,
        *,
        user: str,
        text: str = "",
        blocks: list[Json] | None = None,
        only_for: str | None = None,
        **more: Any,
    ) -> Message:
        """Put a message into a conversation; `more` are further fields of `Message`."""
        sentences = broken_limits("message", blocks or [])
        if sentences:
            raise SlackError("invalid_blocks", *sentences)
        message = Message(
            ts=self.next_ts(),
            channel=self.conversation(channel_id).id,
            user=user,
            text=text[:LONGEST_TEXT],
            blocks=self.with_ids(blocks or []),
            shown_at=self.programme_clock(),
            only_for=only_for,
            **more,
        )
        self._messages.setdefault(channel_id, []).append(message)
        self.changed()
        return message

    def store(self, user_id: str, name: str, data: bytes) -> StoredFile:
        """Keep a file that somebody uploads."""
        file = StoredFile(id=self.new_id("F"), name=name, user=user_id, data=data)
        self.files[file.id] = file
        return file

    def edit(self, message: Message, *, text: str | None, blocks: list[Json] | None, metadata: Json | None) -> Message:
        """Change a message in place; what is None stays, but a new text alone takes the old blocks away."""
        sentences = broken_limits("message", blocks or [])
        if sentences:
            raise SlackError("invalid_blocks", *sentences)
        if text is not None and len(text) > LONGEST_EDITED_TEXT:
            raise SlackError("msg_too_long")
        if text is not None or blocks is not None:
            message.text = text or ""
            message.blocks = self.with_ids(blocks or [])
        if metadata is not None:
            message.metadata = metadata
        message.edited_ts = self.next_ts()
        self.changed()
        return message

    def delete(self, channel_id: str, ts: str) -> None:
        """Take a message away, whoever wrote it (an administrator may)."""
        self._messages[channel_id].remove(self.message(channel_id, ts))
        self.changed()

    def react(self, message: Message, user_id: str, name: str) -> bool:
        """Put somebody's reaction on a message, or take it away if it is there; tells whether it is there now."""
        users = message.reactions.setdefault(name, [])
        is_new = user_id not in users
        if is_new:
            users.append(user_id)
        else:
            users.remove(user_id)
        if not users:
            del message.reactions[name]
        self.changed()
        return is_new

    def message(self, channel_id: str, ts: str) -> Message:
        """Find a message, or refuse as Slack does."""
        for message in self._messages.get(self.conversation(channel_id).id, []):
            if message.ts == ts:
                return message
        raise SlackError("message_not_found")

    def messages(self, channel_id: str) -> list[Message]:
        """List all that was posted in a conversation, ephemeral messages included, oldest first."""
        return list(self._messages.get(self.conversation(channel_id).id, []))

    def seen_by(self, user_id: str, channel_id: str) -> list[Message]:
        """List what one person sees in a conversation, oldest first."""
        return [message for message in self.messages(channel_id) if message.only_for in (None, user_id)]

    # What is unread

    def mark_read(self, user_id: str, channel_id: str) -> None:
        """Take everything in the conversation as read by that person."""
        seen = self.seen_by(user_id, channel_id)
        if seen and self._read_to.get((user_id, channel_id)) != seen[-1].ts:
            self._read_to[user_id, channel_id] = seen[-1].ts
            self.changed()

    def unread(self, user_id: str, channel_id: str) -> int:
        """Count what others wrote there since the person last looked."""
        read_to = self._read_to.get((user_id, channel_id), "")
        return sum(message.ts > read_to and message.user != user_id for message in self.seen_by(user_id, channel_id))

    # Ids and change

    def next_ts(self) -> str:
        """Give a time stamp that nobody had before, even when the clock stands still."""
        self._last_tick = max(self._last_tick + 1, int(self.machine_clock().timestamp() * 1_000_000))
        seconds, micros = divmod(self._last_tick, 1_000_000)
        return f"{seconds}.{micros:06d}"

    def new_id(self, letter: str) -> str:
        """Give an id that nobody had before, with Slack's first letter for its kind."""
        self._ids += 1
        return f"{letter}{self._ids:06d}"

    def with_ids(self, blocks: list[Json]) -> list[Json]:
        """Copy the blocks and name what the app left unnamed, as Slack does."""
        named = copy.deepcopy(blocks)
        for block in named:
            block.setdefault("block_id", self.new_id("b"))
            for element in interactive_elements(block):
                element.setdefault("action_id", self.new_id("a"))
        return named

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call the listener at every change, until the returned function is called."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def changed(self) -> None:
        """Tell the subscribers that something is different."""
        self.revision += 1
        for listener in tuple(self._listeners):
            listener()

    async def until(self, is_so: Callable[[], bool], *, seconds: float = 5.0) -> None:
        """Wait, without polling, for the workspace to become as described; TimeoutError if it does not."""
        woken = asyncio.Event()
        unsubscribe = self.subscribe(woken.set)
        try:
            async with asyncio.timeout(seconds):
                while not is_so():
                    await woken.wait()
                    woken.clear()
        finally:
            unsubscribe()
