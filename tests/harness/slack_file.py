"""The file in which the fake Slack keeps what it answered for; the judge reads it when everything is over.

It is SQLite in WAL mode with ``synchronous=NORMAL`` and one commit for each change, made before the answer is sent.
A commit is then in the kernel's memory, which outlives a SIGKILL of the process; it does not outlive a power cut, and
need not: that would end the whole run.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from pim_bot.playground.call_log import Call
from pim_bot.playground.model import Conversation, Json, Message, User

SCHEMA = """
CREATE TABLE IF NOT EXISTS life (number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS order_given (
    number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS user (id TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS conversation (id TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS message (
    channel TEXT NOT NULL, ts TEXT NOT NULL, key TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0, body TEXT NOT NULL,
    PRIMARY KEY (channel, ts)
);
CREATE TABLE IF NOT EXISTS call (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, method TEXT NOT NULL, channel TEXT NOT NULL,
    key TEXT NOT NULL, answer TEXT NOT NULL, fault TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS act (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, user TEXT NOT NULL, what TEXT NOT NULL,
    acknowledged INTEGER NOT NULL
);
"""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A message as it stands in the chat."""

    channel: str
    ts: str
    key: str
    user: str
    text: str
    thread_ts: str | None


class SlackFile:
    """What the fake Slack has kept. Every method that writes has committed when it returns."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        self._connection.close()

    def _write(self, statement: str, *values: object) -> int:
        return self._connection.execute(statement, values).lastrowid or 0

    # Writing

    def begin_life(self, at: datetime) -> int:
        """Note that the fake was started; tells how often it was by now."""
        return self._write("INSERT INTO life (at) VALUES (?)", at.isoformat())

    def keep_order(self, name: str, body: Json) -> None:
        self._write("INSERT INTO order_given (name, body) VALUES (?, ?)", name, json.dumps(body))

    def keep_user(self, user: User) -> None:
        self._write("INSERT OR REPLACE INTO user VALUES (?, ?)", user.id, _told(user))

    def keep_conversation(self, conversation: Conversation) -> None:
        self._write("INSERT OR REPLACE INTO conversation VALUES (?, ?)", conversation.id, _told(conversation))

    def keep_message(self, message: Message) -> None:
        self._write(
            "INSERT INTO message (channel, ts, key, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET key = excluded.key, body = excluded.body",
            message.channel,
            message.ts,
            key_in(message.metadata),
            _told(message),
        )

    def keep_deletion(self, channel: str, ts: str) -> None:
        self._write("UPDATE message SET deleted = 1 WHERE channel = ? AND ts = ?", channel, ts)

    def keep_call(self, call: Call) -> None:
        answer = "" if call.answer is None else str(call.answer.get("error", "ok"))
        metadata: Any = call.arguments.get("metadata") or None
        key = key_in(json.loads(metadata) if isinstance(metadata, str) else metadata)
        channel = str(call.arguments.get("channel", ""))
        fault = "" if call.fault is None else repr(call.fault)
        self._write(
            "INSERT INTO call (at, method, channel, key, answer, fault) VALUES (?, ?, ?, ?, ?, ?)",
            call.at.isoformat(),
            call.method,
            channel,
            key,
            answer,
            fault,
        )

    def keep_act(self, at: datetime, user: str, what: str, *, acknowledged: bool) -> None:
        self._write(
            "INSERT INTO act (at, user, what, acknowledged) VALUES (?, ?, ?, ?)",
            at.isoformat(),
            user,
            what,
            acknowledged,
        )

    # Reading

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()

    def orders(self) -> list[tuple[str, Json]]:
        """What the control address was told that is to hold after a new start, in its order."""
        rows = self.rows("SELECT name, body FROM order_given ORDER BY number")
        return [(name, json.loads(body)) for name, body in rows]

    def users(self) -> Iterator[User]:
        for (body,) in self.rows("SELECT body FROM user ORDER BY rowid"):
            yield User(**json.loads(body))

    def conversations(self) -> Iterator[Conversation]:
        for (body,) in self.rows("SELECT body FROM conversation ORDER BY rowid"):
            yield Conversation(**json.loads(body))

    def messages(self) -> Iterator[Message]:
        """The messages that stand, in the order in which they were accepted."""
        for (body,) in self.rows("SELECT body FROM message WHERE NOT deleted ORDER BY ts"):
            told = json.loads(body)
            yield Message(**told | {"shown_at": datetime.fromisoformat(told["shown_at"])})

    def standing(self) -> list[Standing]:
        """What people see that stays: no ephemeral words."""
        names = {one.name for one in fields(Standing)} - {"key"}
        return [
            Standing(key=key_in(message.metadata), **{name: getattr(message, name) for name in names})
            for message in self.messages()
            if message.only_for is None
        ]

    def faults_met(self) -> dict[str, int]:
        """How often each fault struck, by the method it struck."""
        rows = self.rows("SELECT method, fault, count(*) FROM call WHERE fault <> '' GROUP BY 1, 2 ORDER BY 1, 2")
        return {f"{method} {fault}": number for method, fault, number in rows}

    def acknowledged(self) -> list[str]:
        """The acts of people that the hub said yes to."""
        return [what for (what,) in self.rows("SELECT what FROM act WHERE acknowledged ORDER BY number")]


def key_in(metadata: Json | None) -> str:
    """The hub's opaque key in the metadata of a message."""
    return str(((metadata or {}).get("event_payload") or {}).get("key", ""))


def _told(thing: User | Conversation | Message) -> str:
    return json.dumps(asdict(thing), default=lambda at: at.isoformat(), ensure_ascii=False)
