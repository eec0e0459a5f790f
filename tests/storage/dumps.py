"""Everything a database holds, as plain values."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from pim_bot.clock import machine_clock
from pim_bot.storage.engine import make_engine, make_reading, upgrade
from pim_bot.storage.unit_of_work import Storage

OF_THE_MOMENT = {"process", "leadership"}
"""Who is at work just now; no part of what the hub knows."""

Rows = list[tuple[Any, ...]]


def _dump(connection: Connection) -> dict[str, Rows]:
    found = {}
    for table in sorted(set(inspect(connection).get_table_names()) - OF_THE_MOMENT):
        rows = connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608 - names from the database itself
        found[table] = sorted((tuple(row) for row in rows), key=repr)
    return found


async def dump(engine: AsyncEngine) -> dict[str, Rows]:
    """Every row of every table, but who is at work just now."""
    async with reading(engine) as connection:
        return await connection.run_sync(_dump)


async def schema(engine: AsyncEngine) -> list[tuple[Any, ...]]:
    """What the database says of its tables and indexes."""
    async with reading(engine) as connection:
        rows = await connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"))
        return [tuple(row) for row in rows]


@asynccontextmanager
async def engine_in(folder: Path) -> AsyncIterator[AsyncEngine]:
    """An engine on a database in that folder."""
    engine = make_engine(f"sqlite:///{folder / 'pim_bot.db'}")
    try:
        yield engine
    finally:
        await engine.dispose()


@asynccontextmanager
async def storage_in(folder: Path) -> AsyncIterator[Storage]:
    """A storage on a new database in that folder."""
    async with engine_in(folder) as engine:
        await upgrade(engine)
        yield Storage(engine, names={}, machine=machine_clock, ring=lambda _bell: None)


def reading(engine: AsyncEngine) -> AbstractAsyncContextManager[AsyncConnection]:
    """A connection that takes no lock."""
    return make_reading(engine).connect()
