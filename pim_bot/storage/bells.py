"""Bells through PostgreSQL: NOTIFY wakes the other processes. A hint: whoever misses it finds the work by polling."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from pim_bot.storage.postgresql import LISTENING

log = structlog.get_logger(__name__)

CHANNEL = "pim_bot_bell"
LISTEN_AGAIN_SECONDS = 2.0
LEAVE_SECONDS = 1.0
"""A connection to a server that has frozen takes longer to end; it is left to do so by itself."""

Hear = Callable[[str], None]


@asynccontextmanager
async def bells_of(engine: AsyncEngine, hear: Hear) -> AsyncIterator[Hear]:
    """Hear what any process rings, and give what this one rings to all. On SQLite nobody is there to hear."""
    if engine.dialect.name != "postgresql":
        yield lambda _name: None
        return
    ringing = _Ringing(engine)
    tasks = [asyncio.create_task(ringing.run()), asyncio.create_task(_listen(engine, ringing.others(hear)))]
    try:
        yield ringing.ring
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=LEAVE_SECONDS)


class _Ringing:
    """Sends what was rung, outside the transactions of people's acts: commits that notify wait for each other."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._id = uuid4().hex
        self._rung: set[str] = set()
        self._woken = asyncio.Event()

    def ring(self, name: str) -> None:
        self._rung.add(f"{self._id}:{name}")
        self._woken.set()

    def others(self, hear: Hear) -> Hear:
        """Hear only what other processes rang: one's own bells were heard when they were rung."""

        def hear_others(payload: str) -> None:
            process, _, name = payload.partition(":")
            if process != self._id:
                hear(name)

        return hear_others

    async def run(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            names, self._rung = sorted(self._rung), set()
            statement = text("SELECT pg_notify(:channel, name) FROM unnest(CAST(:names AS text[])) AS name")
            try:
                async with self._engine.connect() as connection:
                    await connection.execute(statement, {"channel": CHANNEL, "names": names})
            except (DBAPIError, PoolTimeout, OSError) as error:
                log.info("bell.not-heard", error=type(error).__name__)


async def _listen(engine: AsyncEngine, hear: Hear) -> None:
    """Listen on a connection of its own, and connect anew when it is lost."""
    from psycopg import AsyncConnection, Error  # noqa: PLC0415 - an extra

    _, arguments = engine.dialect.create_connect_args(engine.url)
    while True:
        try:
            async with await AsyncConnection.connect(**{**LISTENING, **arguments}, autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                async for notice in connection.notifies():
                    hear(notice.payload)
        except (Error, OSError) as error:
            log.info("bell.listens-again", error=type(error).__name__)
        await asyncio.sleep(LISTEN_AGAIN_SECONDS)
