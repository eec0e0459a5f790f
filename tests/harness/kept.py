"""The playground's workspace, with every change on disk before anybody is answered."""

from collections import deque
from datetime import datetime
from typing import Any

from pim_bot.clock import machine_clock
from pim_bot.playground.call_log import Call
from pim_bot.playground.model import Conversation, Json, Message, User
from pim_bot.playground.workspace import Workspace
from tests.harness.slack_file import SlackFile, key_in

REMEMBERED_CALLS = 200
IDS_OF_A_LIFE = 10_000_000
"""Ids of events and triggers are never given twice, also after a new start: the hub takes an event once."""


class KeptCalls(deque[Call]):
    """The newest calls in memory, all of them on disk."""

    def __init__(self, file: SlackFile) -> None:
        super().__init__(maxlen=REMEMBERED_CALLS)
        self._file = file

    def append(self, call: Call) -> None:
        self._file.keep_call(call)
        super().append(call)


class KeptWorkspace(Workspace):
    """A workspace that goes on where its file ends. Open forms and Home tabs do not outlive a process."""

    def __init__(self, file: SlackFile, *, bot_token: str) -> None:
        self._file = file
        self._awake = False
        self.standing = 0
        """How many messages with a key stand there, without counting them anew each time."""
        super().__init__(
            machine_clock=machine_clock, programme_clock=machine_clock, bot_user_id="UBOT", bot_token=bot_token
        )
        self.calls.all = KeptCalls(file)
        self.life = file.begin_life(machine_clock())
        self._ids = self.life * IDS_OF_A_LIFE
        self._wake()

    def _wake(self) -> None:
        """Read what was kept."""
        self.users |= {user.id: user for user in self._file.users()}
        self.conversations |= {one.id: one for one in self._file.conversations()}
        for message in self._file.messages():
            self._messages.setdefault(message.channel, []).append(message)
            self.standing += bool(key_in(message.metadata))
            self._last_tick = max(self._last_tick, int(message.ts.replace(".", "")))
        self._awake = True

    def add_user(self, **person: Any) -> User:
        user = super().add_user(**person)
        if self._awake:
            self._file.keep_user(user)
        return user

    def add_channel(self, **channel: Any) -> Conversation:
        return self._kept(super().add_channel(**channel))

    def direct(self, user_id: str) -> Conversation:
        before = len(self.conversations)
        conversation = super().direct(user_id)
        return self._kept(conversation) if len(self.conversations) > before else conversation

    def join(self, user_id: str, channel_id: str) -> None:
        super().join(user_id, channel_id)
        self._kept(self.conversation(channel_id))

    def leave(self, user_id: str, channel_id: str) -> None:
        super().leave(user_id, channel_id)
        self._kept(self.conversation(channel_id))

    def archive(self, channel_id: str) -> None:
        super().archive(channel_id)
        self._kept(self.conversation(channel_id))

    def deactivate(self, user_id: str) -> None:
        super().deactivate(user_id)
        self._file.keep_user(self.user(user_id))

    def post(self, channel_id: str, **said: Any) -> Message:
        message = super().post(channel_id, **said)
        self._file.keep_message(message)
        self.standing += bool(key_in(message.metadata))
        return message

    def edit(self, message: Message, *, text: str | None, blocks: list[Json] | None, metadata: Json | None) -> Message:
        edited = super().edit(message, text=text, blocks=blocks, metadata=metadata)
        self._file.keep_message(edited)
        return edited

    def delete(self, channel_id: str, ts: str) -> None:
        self.standing -= bool(key_in(self.message(channel_id, ts).metadata))
        super().delete(channel_id, ts)
        self._file.keep_deletion(channel_id, ts)

    def note_act(self, user: str, what: str, *, acknowledged: bool) -> None:
        """Keep what somebody did, and whether they were told that it is done."""
        self._file.keep_act(self._now(), user, what, acknowledged=acknowledged)

    def _now(self) -> datetime:
        return self.machine_clock()

    def _kept(self, conversation: Conversation) -> Conversation:
        self._file.keep_conversation(conversation)
        return conversation
