"""A backup of a running hub: every row of every table at one instant, in one SQLite file, whatever the hub runs on.

The file is written under another name and renamed when it is whole; its mark is written last. It holds personal data,
so nobody but its owner may read it.
"""

import asyncio
import errno
import fcntl
import json
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from pim_bot.clock import Clock
from pim_bot.errors import why_not
from pim_bot.storage import sqlite
from pim_bot.storage.copying import NotCopied, carry_over, said_by, unhurried
from pim_bot.storage.engine import make_reading, newest_version, upgrade, version
from pim_bot.storage.sqlite import OWNER_ONLY

FORMAT = 1
"""Grows when a backup is no longer what an older program would read."""

PART = ".part"
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """What a backup says of itself. ``made_at`` is the instant whose state it holds."""

    format: int
    version: str
    engine: str
    made_at: datetime
    rows: dict[str, int]


async def back_up(engine: AsyncEngine, file: Path, *, clock: Clock) -> Mark:
    """Write a backup of the hub on ``engine`` while it runs; nobody has to wait for it.

    Whatever was committed before is in it, and nothing half. Raises ``NotCopied``; then there is no file.
    """
    _require_new(file)
    part = file.with_name(file.name + PART)
    with _reserved(part), _told(file):
        try:
            mark = await _written(engine, part, clock)
            await asyncio.to_thread(_finish, part, mark)
            _require_new(file)
            part.rename(file)
        finally:
            part.unlink(missing_ok=True)
        _make_durable(file.parent)
    return mark


@contextmanager
def _reserved(part: Path) -> Iterator[None]:
    """Have the unfinished file to ourselves; what somebody who was killed left there is thrown away."""
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, OWNER_ONLY)
    except OSError as error:
        raise NotCopied(f"Nie da się zapisać pliku {part}: {why_not(error)}. Prosimy podać inne miejsce.") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _require_same(descriptor, part)
        os.fchmod(descriptor, OWNER_ONLY)
        os.ftruncate(descriptor, 0)
        yield
    except (BlockingIOError, FileNotFoundError) as error:
        raise NotCopied(f"Inna kopia {part} właśnie powstaje. Prosimy poczekać, aż się skończy.") from error
    finally:
        os.close(descriptor)


def _require_new(file: Path) -> None:
    if os.path.lexists(file):
        raise NotCopied(f"Plik {file} już istnieje i nie zostanie nadpisany. Prosimy podać inną nazwę.")


def _require_same(descriptor: int, part: Path) -> None:
    """Raise ``OSError`` when the file was finished by somebody else, and renamed, before we had it."""
    if not os.path.samestat(os.fstat(descriptor), part.stat()):
        raise BlockingIOError(errno.EWOULDBLOCK, "renamed meanwhile")


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """Say in one sentence why a backup could not be written."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, OSError) as error:
        cause = getattr(error, "orig", None) or error
        is_full = getattr(cause, "sqlite_errorname", "").startswith(("SQLITE_FULL", "SQLITE_IOERR"))
        if is_full or getattr(cause, "errno", None) in NO_ROOM:
            raise NotCopied(
                f"Na dysku zabrakło miejsca na kopię {file}. Prosimy zwolnić miejsce albo podać inny dysk; "
                "niedokończony plik został usunięty."
            ) from error
        raise NotCopied(
            f"Kopia {file} nie powstała ({said_by(error)}). Prosimy usunąć przyczynę i uruchomić polecenie jeszcze raz."
        ) from error


async def _written(engine: AsyncEngine, part: Path, clock: Clock) -> Mark:
    async with make_reading(engine).connect() as old:
        present = await old.run_sync(version)
        if present != newest_version():
            raise NotCopied(
                f"Baza jest w wersji {present or 'żadnej'}, a ten program robi kopie wersji {newest_version()}. "
                "Prosimy zrobić kopię programem, który na niej działa, albo najpierw użyć: pim-bot db upgrade"
            )
    async with _opened(part) as file:
        await upgrade(file)
        made_at = clock()
        async with make_reading(engine).connect() as old, file.begin() as new:
            await unhurried(old)
            rows = await carry_over(old, new)
    return Mark(format=FORMAT, version=present, engine=engine.dialect.name, made_at=made_at, rows=rows)


@asynccontextmanager
async def _opened(part: Path) -> AsyncIterator[AsyncEngine]:
    """Open an unfinished file. Nobody else reads it and a part of it is worth nothing, so it needs no journal."""
    engine = sqlite.make_file_engine(part)
    try:
        yield engine
    finally:
        await engine.dispose()


def _finish(part: Path, mark: Mark) -> None:
    """Write the mark, by which a whole backup is known, and wait until all of it is on the disk."""
    with closing(sqlite3.connect(part)) as connection, connection:
        connection.execute("CREATE TABLE backup (format INTEGER, version TEXT, engine TEXT, made_at TEXT, rows TEXT)")
        connection.execute(
            "INSERT INTO backup VALUES (?, ?, ?, ?, ?)",
            (mark.format, mark.version, mark.engine, mark.made_at.isoformat(), json.dumps(mark.rows)),
        )
    _make_durable(part)


def _make_durable(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
