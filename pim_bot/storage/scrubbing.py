"""What a database leaves behind in its files after rows are gone, and getting rid of it beside a running hub.

SQLite keeps old pages in the write-ahead log until a checkpoint empties it, and, in files written before
``secure_delete`` was on, in free pages until VACUUM (https://www.sqlite.org/pragma.html#pragma_secure_delete,
https://www.sqlite.org/wal.html). PostgreSQL keeps dead rows until VACUUM, and samples of values until ANALYZE.
"""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from pim_bot.errors import StorageBusy
from pim_bot.storage.leftovers import stand_in
from pim_bot.storage.sqlite import MEMORY
from pim_bot.storage.tables import metadata

TRIES = 20
WAIT_SECONDS = 0.3
PAUSE_SECONDS = 0.6
"""A running hub reads and writes in short transactions: between two of them there is room. Whoever waits for readers
keeps writers out, so there is a pause in which they get through."""


async def scrub(engine: AsyncEngine, spellings: Sequence[bytes]) -> bool:
    """Leave nothing of deleted rows in the files; tells whether none of these spellings stands in them any more.

    On PostgreSQL only the server can read its files, so True means that it has cleaned up.
    Raises ``StorageBusy`` when the database is never free for it; it may be tried again at any time.
    """
    if engine.dialect.name == "postgresql":
        await _vacuum_server(engine)
        return True
    name = engine.url.database
    if not name or name == MEMORY:
        return True
    return await asyncio.to_thread(_scrub_file, Path(name), spellings)


async def _vacuum_server(engine: AsyncEngine) -> None:
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text("SET statement_timeout = 0"))
        await connection.execute(text("SET lock_timeout = 0"))
        try:
            for table in metadata.sorted_tables:
                await connection.execute(text(f'VACUUM (ANALYZE) "{table.name}"'))
        finally:
            await connection.invalidate()  # its limits were lifted, so nobody else gets it


def _scrub_file(path: Path, spellings: Sequence[bytes]) -> bool:
    with closing(sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        _rebuild_full_text(connection)
        _empty_log(connection)
        if not spellings or stand_in(path, spellings):
            _patiently(connection, "VACUUM")
            _empty_log(connection)
        return not stand_in(path, spellings)


def _rebuild_full_text(connection: sqlite3.Connection) -> None:
    """Write full-text tables anew from the rows that are left (https://www.sqlite.org/fts5.html, 6.7)."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'")
    for (name,) in found.fetchall():
        _patiently(connection, f'INSERT INTO "{name}" ("{name}") VALUES (\'rebuild\')')  # noqa: S608 - its own name
        _patiently(connection, f'INSERT INTO "{name}" ("{name}") VALUES (\'optimize\')')  # noqa: S608 - its own name


def _empty_log(connection: sqlite3.Connection) -> None:
    for _ in range(TRIES):
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return
        time.sleep(PAUSE_SECONDS)
    raise StorageBusy("somebody reads or writes for too long; the log could not be emptied")


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    for left in reversed(range(TRIES)):
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            if not left:
                raise StorageBusy("somebody reads or writes for too long") from error
            time.sleep(PAUSE_SECONDS)
        else:
            return
