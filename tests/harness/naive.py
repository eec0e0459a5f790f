"""NOT the product: bots as they are usually built, for comparison. They keep an outbox too, and they do retry.

``retry`` posts, then marks as sent, and tries again whatever failed, with the retries that the SDK comes with.
``mark-first`` marks as sent, then posts, and takes the mark back when it sees a failure.
``look-at-once`` marks as being sent, posts, marks as sent; what it finds being sent, or what failed, it looks for in
the conversation by the key in the message's metadata, at once, and posts it again when it is not there.
"""

import argparse
import asyncio
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from pim_bot.faults import crash_point
from tests.harness.fake_slack import BOT_TOKEN

RETRY, MARK_FIRST, LOOK_AT_ONCE = WAYS = ("retry", "mark-first", "look-at-once")
BATCH = 20
PAUSE = 0.05
FAILURES = (SlackApiError, SlackClientError, aiohttp.ClientError, TimeoutError)
SCHEMA = """
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY, channel TEXT NOT NULL, text TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'planned'
)
"""

Row = tuple[int, str, str, str]


class Outbox:
    """What is to be said, in a file."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute(SCHEMA)

    def plan(self, messages: Sequence[tuple[str, str]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO outbox (channel, text) VALUES (?, ?)", messages)
        self._connection.execute("COMMIT")

    def waiting(self) -> list[Row]:
        """The first of each conversation, so that order is kept."""
        asked = (
            "SELECT id, channel, text, state FROM outbox WHERE id IN"
            " (SELECT min(id) FROM outbox WHERE state <> 'sent' GROUP BY channel) LIMIT ?"
        )
        return self._connection.execute(asked, (BATCH,)).fetchall()

    def mark(self, row: Row, state: str) -> None:
        crash_point("record.before-commit")
        self._connection.execute("UPDATE outbox SET state = ? WHERE id = ?", (state, row[0]))
        crash_point("record.after-commit")

    def close(self) -> None:
        self._connection.close()


class NaiveBot:
    """Posts what waits, in one of the usual ways."""

    def __init__(self, outbox: Outbox, client: AsyncWebClient, way: str) -> None:
        self._outbox = outbox
        self._client = client
        self._way = way

    async def run(self) -> None:
        while True:
            rows = self._outbox.waiting()
            await asyncio.gather(*(self._say(row) for row in rows))
            if not rows:
                await asyncio.sleep(PAUSE)

    async def _say(self, row: Row) -> None:
        if self._way == LOOK_AT_ONCE and row[3] == "sending" and await self._stands(row):
            self._outbox.mark(row, "sent")
            return
        if self._way != RETRY:
            self._outbox.mark(row, "sent" if self._way == MARK_FIRST else "sending")
        crash_point("send.before")
        try:
            metadata = {"event_type": "naive", "event_payload": {"key": str(row[0])}}
            await self._client.chat_postMessage(channel=row[1], text=row[2], metadata=metadata)
        except FAILURES:
            if self._way == MARK_FIRST:
                self._outbox.mark(row, "planned")
            return
        crash_point("send.after")
        self._outbox.mark(row, "sent")

    async def _stands(self, row: Row) -> bool:
        try:
            opened = await self._client.conversations_open(users=row[1])
            page = await self._client.conversations_history(
                channel=opened["channel"]["id"], include_all_metadata=True, limit=200
            )
        except FAILURES:
            return False
        keys = [((one.get("metadata") or {}).get("event_payload") or {}).get("key") for one in page["messages"]]
        return str(row[0]) in keys


async def live(path: Path, api_url: str, way: str) -> None:
    outbox = Outbox(path)
    print(json.dumps({"event": "started"}), flush=True)  # noqa: T201 - as the hub says it
    async with aiohttp.ClientSession() as session:
        await NaiveBot(outbox, AsyncWebClient(token=BOT_TOKEN, base_url=api_url, session=session), way).run()


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("file", type=Path)
    reader.add_argument("api_url")
    reader.add_argument("way", choices=WAYS)
    given = reader.parse_args(arguments)
    asyncio.run(live(given.file, given.api_url, given.way))
