"""Everything a database holds, as plain values."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from pim_bot.clock import machine_clock
from pim_bot.storage.engine import make_engine, upgrade
from pim_bot.storage.unit_of_work import Storage

Rows = list[tuple[Any, ...]]


def _dump(connection: Connection) -> dict[str, Rows]:
    found = {}
    for table in sorted(inspect(connection).get_table_names()):
        rows = connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608 - names from the database itself
        found[table] = sorted((tuple(row) for row in rows), key=repr)
    return found


async def dump(engine: AsyncEngine) -> dict[str, Rows]:
    """Every row of every table."""
    async with engine.connect() as connection:
        return await connection.run_sync(_dump)


async def schema(engine: AsyncEngine) -> list[tuple[Any, ...]]:
    """What the database says of its tables and indexes."""
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"))
        return [tuple(row) for row in rows]


def engine_in(folder: Path) -> AsyncEngine:
    """An engine on a database in that folder."""
    return make_engine(f"sqlite:///{folder / 'pim_bot.db'}")


async def storage_in(folder: Path) -> Storage:
    """A storage on a new database in that folder."""
    engine = engine_in(folder)
    await upgrade(engine)
    return Storage(engine, names={}, machine_clock=machine_clock, ring=lambda _bell: None)
