"""What a workspace consists of: people, conversations, messages, and the error that Slack answers with."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Json = dict[str, Any]

SLACKBOT = "USLACKBOT"
"""Who speaks when Slack itself tells somebody that the app has failed."""


class SlackError(Exception):
    """Slack's refusal of a call: its short error string, and sentences for the developer where Slack gives them."""

    def __init__(self, error: str, *messages: str, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.messages = list(messages)
        self.extra = extra

    def as_slack(self) -> Json:
        """Tell it as the Web API does."""
        answer: Json = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": [f"[ERROR] {sentence}" for sentence in self.messages]}
        return answer


@dataclass(kw_only=True)
class User:
    """A person or bot of the workspace. `title` says the role; `group` is the heading they are listed under."""

    id: str
    name: str
    real_name: str
    email: str | None = None
    locale: str = "pl-PL"
    tz: str = "Europe/Warsaw"
    title: str = ""
    group: str = ""
    restricted: bool = False
    home_team: str = ""
    """The workspace of somebody from another organisation (Slack Connect), "" for our own people."""
    deleted: bool = False
    is_bot: bool = False

    @property
    def stranger(self) -> bool:
        """Whether they belong to another workspace, in which this app does not exist."""
        return bool(self.home_team)


@dataclass(kw_only=True)
class Conversation:
    """A channel, or the direct conversation of one person with the bot (`kind` im, then `name` is empty)."""

    id: str
    name: str
    kind: Literal["channel", "im"]
    members: list[str]
    private: bool = False
    shared: bool = False
    archived: bool = False
    created: int = 0


@dataclass(kw_only=True)
class StoredFile:
    """A file of the workspace. What follows the bytes is how its address misbehaves, for tests.

    `said_size` is told instead of the true size, `gone` answers 404, `leads_to` redirects, and `held` keeps the answer
    back until it is set. `shared` files tell no more than their id in a message, as those of Slack Connect do.
    """

    id: str
    name: str
    user: str
    data: bytes
    said_size: int | None = None
    gone: bool = False
    leads_to: str = ""
    held: asyncio.Event | None = None
    shared: bool = False


@dataclass(kw_only=True)
class Message:
    """A message; `only_for` makes it ephemeral, `shown_at` is programme time and `ts` machine time."""

    ts: str
    channel: str
    user: str
    text: str
    shown_at: datetime
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    only_for: str | None = None
    edited_ts: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    notice: str | None = None
    """Set when Slack itself speaks: the error string shown to the person."""
