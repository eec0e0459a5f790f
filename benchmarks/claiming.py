"""B12: claiming a hundred messages among a million, looking when nothing is due, and four who claim at once."""

import json
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.backlog import backlogged
from benchmarks.claimer import A_CLAIM, claim
from benchmarks.engines import Engine
from benchmarks.furnish import Furnished, furnished
from benchmarks.measure import Row, beside, in_turns
from benchmarks.processes import talking
from benchmarks.store import bare_engine
from pim_bot.storage.tables.flow import notification

LINES = 2_000
CLAIMERS = 4
A_STATEMENT = 100_000
SOON, LATER = timedelta(hours=-1), timedelta(days=30)

FILL = """
INSERT INTO notification (id, key, kind, recipient_id, subject, occurrence, not_before, state, order_key, line, sent_at)
SELECT md5(:name || g), md5(:name || g), 'welcome', (SELECT min(id) FROM recipient), 'member:' || g, :name || g, :at,
    CASE WHEN g / :lines % :waits > 0 THEN 'sent' ELSE 'planned' END, 'line/' || g % :lines, :first + g / :lines, :at
FROM generate_series(CAST(:since AS integer), :until) AS g
"""


@dataclass(frozen=True, kw_only=True)
class Mass:
    """How many rows lie there, one in a hundred for later, and how many are due, no more than there are lines."""

    rows: int
    due: int


@dataclass(kw_only=True)
class Counter:
    """A hub on a database full of messages, and the bare driver beside it."""

    hub: Furnished
    bare: AsyncEngine
    driver: psycopg.AsyncConnection[Any]
    statements: list[tuple[str, Any]]

    async def claimed(self, times: int) -> float:
        """Claim a hundred, so many times; tells milliseconds a claim."""
        seconds = 0.0
        for _ in range(times):
            started = time.perf_counter()
            got = await claim(self.hub.parts.storage, self.hub.parts.clock())
            seconds += time.perf_counter() - started
            assert len(got) == A_CLAIM
            await self.put_back()
        return seconds / times * 1000

    async def looked(self, times: int) -> float:
        """Look when nothing is due, so many times; tells milliseconds a look."""
        started = time.perf_counter()
        for _ in range(times):
            assert not await claim(self.hub.parts.storage, self.hub.parts.clock() + SOON * 2)
        return (time.perf_counter() - started) / times * 1000

    async def driven(self, times: int) -> float:
        """Send the very same statements with the driver alone; tells milliseconds a claim."""
        (choose, chosen), (take, taken) = self.statements
        seconds = 0.0
        for _ in range(times):
            started = time.perf_counter()
            async with self.driver.transaction(), self.driver.cursor() as cursor:
                await cursor.execute(choose.encode(), chosen)
                rows = [row[0] for row in await cursor.fetchall()]
                await cursor.executemany(take.encode(), [taken[0] | {"claimed_id": row} for row in rows])
                taken_rows = cursor.rowcount
            seconds += time.perf_counter() - started
            assert len(rows) == taken_rows == A_CLAIM
            await self.put_back()
        return seconds / times * 1000

    async def put_back(self) -> None:
        """Let everything that was claimed wait again."""
        waits = {"state": "planned", "lease_token": "", "lease_until": None, "rendering": None}
        async with self.bare.begin() as connection:
            await connection.execute(update(notification).where(notification.c.state == "sending").values(waits))

    async def tidy(self) -> None:
        """Take away what the updates left behind, as the server does in its own time."""
        async with self.bare.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await connection.execute(text("VACUUM ANALYZE notification"))

    async def together(self, claimers: int, due: int) -> float:
        """Let so many claim at once until nothing is left; tells rows a second."""
        await self.tidy()
        arguments = (self.hub.address, self.hub.parts.clock().isoformat(), str(self.hub.folder))
        async with AsyncExitStack() as running:
            all_of_them = [
                await running.enter_async_context(talking("benchmarks.claimer", *arguments)) for _ in range(claimers)
            ]
            for one in all_of_them:
                assert await one.heard() == "ready"
            started = time.perf_counter()
            for one in all_of_them:
                one.tell("go")
            told = [json.loads(await one.heard()) for one in all_of_them]
        rows = [row for one in told for row in one["rows"]]
        assert len(rows) == len(set(rows)) == due, f"{due} due, {len(rows)} claimed, {len(set(rows))} different"
        await self.put_back()
        ended: float = max(one["ended"] for one in told)
        return due / (ended - started)


async def claimed(engine: Engine, folder: Path, source: str, *, repetitions: int, times: int, mass: Mass) -> list[Row]:
    """Measure claims among a mass of rows."""
    full = await backlogged(engine, folder / "full", source, messages=0)
    async with AsyncExitStack() as opened:
        hub = await opened.enter_async_context(furnished(engine, folder / "mass", full))
        bare = bare_engine(hub.address)
        opened.push_async_callback(bare.dispose)
        driver = await opened.enter_async_context(await psycopg.AsyncConnection.connect(hub.address))
        await _fill(hub, bare, mass)
        counter = Counter(hub=hub, bare=bare, driver=driver, statements=[])
        await counter.tidy()
        counter.statements = await _captured(hub.engine, counter)
        return await _rows(counter, repetitions=repetitions, times=times, mass=mass)


async def _rows(counter: Counter, *, repetitions: int, times: int, mass: Mass) -> list[Row]:
    claims, drivers = await in_turns(repetitions, lambda: counter.claimed(times), lambda: counter.driven(times))
    await counter.tidy()
    looks, again = await in_turns(repetitions, lambda: counter.looked(times), lambda: counter.claimed(times))
    four, one = await in_turns(
        repetitions, lambda: counter.together(CLAIMERS, mass.due), lambda: counter.together(1, mass.due)
    )
    among = f"{mass.due:,} due among {mass.rows:,} rows"
    return [
        beside(
            claims,
            drivers,
            id="B12a",
            what=f"a claim of {A_CLAIM}, {among}",
            unit="ms",
            ceiling_is="the same statements by psycopg alone",
            at_most=1.6,
        ),
        beside(
            looks,
            again,
            id="B12b",
            what=f"a look when nothing is due, {mass.rows:,} rows",
            unit="ms",
            ceiling_is=f"a claim of {A_CLAIM}",
            at_most=0.1,
        ),
        beside(
            four,
            one,
            id="B12c",
            what=f"{CLAIMERS} processes claiming at once, {among}; no row twice",
            unit="rows/s",
            ceiling_is="one process claiming",
            at_least=1.0,
        ),
    ]


async def _captured(engine: AsyncEngine, counter: Counter) -> list[tuple[str, Any]]:
    """Tell the statements of a claim and their values, as the driver gets them."""
    seen: list[tuple[str, Any]] = []

    def keep(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: Any) -> None:
        seen.append((statement, values))

    event.listen(engine.sync_engine, "before_cursor_execute", keep)
    await counter.claimed(1)
    event.remove(engine.sync_engine, "before_cursor_execute", keep)
    return seen


async def _fill(hub: Furnished, bare: AsyncEngine, mass: Mass) -> None:
    """Lay down rows in their lines, sent but for one in a hundred that waits; what is due is first in its line."""
    now = hub.parts.clock()
    for since in range(0, mass.rows, A_STATEMENT):
        until = min(since + A_STATEMENT, mass.rows) - 1
        await _lay(bare, name="mass", at=now + LATER, since=since, until=until, waits=100, first=2)
    await _lay(bare, name="due", at=now + SOON, since=0, until=mass.due - 1, waits=1, first=1)


async def _lay(bare: AsyncEngine, **values: Any) -> None:
    async with bare.begin() as connection:
        await connection.execute(text(FILL), values | {"lines": LINES})
