"""Restoring a hub from a backup into an empty database of either engine: all of it in one transaction, or nothing.

In the same transaction everybody who was erased since is erased again, and a pause is written: what was sent between
the backup and now is not in the backup, so nothing goes out before its conversation has been looked at.
"""

import asyncio
import errno
import json
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select
from sqlalchemy import table as unknown_table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from pim_bot.clock import Clock
from pim_bot.errors import why_not
from pim_bot.notifications.delivery import RESTORED
from pim_bot.programme.people import Actor
from pim_bot.programme.privacy import ErasureNote
from pim_bot.storage import sqlite
from pim_bot.storage.backup import FORMAT, NO_ROOM, Mark
from pim_bot.storage.copying import OF_THE_MOMENT, NotCopied, carry_over, names_of, reserve, said_by
from pim_bot.storage.editions import EditionShelf
from pim_bot.storage.engine import make_reading, newest_version, upgrade, version
from pim_bot.storage.machine_time import MachineTime
from pim_bot.storage.reactions import ReactionNames
from pim_bot.storage.unit_of_work import UnitOfWork

COPY = "restoring.db"
DOOR = Actor(door="restore")
"""The restore acts under a door of its own, so that its row stands beside those of the erasures."""

EraseAgain = Callable[[UnitOfWork, Sequence[ErasureNote], datetime], Awaitable[int]]
"""Erases those of these members whom the restored database knows, as the erasure itself does; tells how many.

It is called inside the restore's transaction, before anybody can read what was restored, and records its acts.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What came of a restore: the backup, how many rows of each table, and how many people were erased again."""

    mark: Mark
    rows: dict[str, int]
    erased: int
    restored_at: datetime


async def restore(
    file: Path,
    engine: AsyncEngine,
    *,
    clock: Clock,
    folder: Path,
    erasures: Sequence[ErasureNote],
    erase: EraseAgain,
    names: ReactionNames,
    within: timedelta,
) -> Restored:
    """Restore a backup into the empty database of ``engine``, which holds everything afterwards or nothing.

    ``folder`` is where a copy of the file lies meanwhile, since an older backup is migrated first; ``within`` is how
    fresh the last beat of a living process is; ``names`` are the reactions to what the erasures record. Raises
    ``NotCopied`` and ``SettingsError``.
    """
    await _require_empty(engine)
    async with _copied(file, folder) as copy:
        mark = await asyncio.to_thread(_mark_of, copy, file)
        async with _migrated(copy, file) as old:
            await upgrade(engine)
            try:
                async with engine.connect() as new, new.begin():
                    await reserve(new, within)
                    await _require_no_rows(new)
                    rows = await carry_over(old, new)
                    restored_at = clock()
                    work = UnitOfWork(new, MachineTime(clock), EditionShelf())
                    erased = await _finish(work, mark, erasures, erase, restored_at)
                    await work.flush(names)
            except DBAPIError as error:
                raise _interrupted(error) from error
    return Restored(mark=mark, rows=rows, erased=erased, restored_at=restored_at)


async def _finish(
    work: UnitOfWork, mark: Mark, erasures: Sequence[ErasureNote], erase: EraseAgain, now: datetime
) -> int:
    """Erase again who was erased, begin the pause, and note the restore in the audit.

    Where a pause stood when the backup was made, what is looked for begins at the earlier backup.
    """
    erased = await erase(work, erasures, now)
    earlier = (await work.pauses.standing()).get(RESTORED)
    facts = {"backup_at": earlier["backup_at"] if earlier else mark.made_at.isoformat(), "restored_at": now.isoformat()}
    await work.pauses.lift(RESTORED)
    await work.pauses.begin(RESTORED, facts)
    work.act("BackupRestored", f"backup:{mark.made_at.isoformat()}", actor=DOOR, at=now)
    return erased


@asynccontextmanager
async def _copied(file: Path, folder: Path) -> AsyncIterator[Path]:
    """Copy the backup, so that it stays as it is whatever happens; only its owner can read the copy."""
    copy = folder / COPY
    try:
        await asyncio.to_thread(_copy, file, copy)
    except OSError as error:
        copy.unlink(missing_ok=True)
        if error.errno in NO_ROOM:
            raise NotCopied(
                f"Na dysku {folder} zabrakło miejsca. Prosimy zwolnić miejsce; nic nie zapisano."
            ) from error
        raise NotCopied(
            f"Nie da się odczytać kopii {file}: {why_not(error)}. Prosimy sprawdzić ścieżkę i prawa."
        ) from error
    try:
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _copy(file: Path, copy: Path) -> None:
    copy.parent.mkdir(sqlite.OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    copy.unlink(missing_ok=True)
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, sqlite.OWNER_ONLY))
    shutil.copyfile(file, copy)


def _mark_of(copy: Path, file: Path) -> Mark:
    """Read what the backup says of itself, and see that it is whole. Raises ``NotCopied``."""
    not_whole = NotCopied(
        f"{file} nie jest kopią zapasową centrum albo jest uszkodzona lub niedokończona. "
        "Prosimy podać plik, który zapisało polecenie: pim-bot db backup"
    )
    try:
        with closing(sqlite3.connect(copy)) as connection:
            found = connection.execute("SELECT format, version, engine, made_at, rows FROM backup").fetchone()
            if found is None or connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise not_whole
            if found[0] > FORMAT or found[1] > newest_version():
                raise NotCopied(
                    f"Kopia {file} jest nowsza niż ten program (wersja bazy {found[1]}, program zna do "
                    f"{newest_version()}). Prosimy zaktualizować program; nic nie zapisano."
                )
            made_at = datetime.fromisoformat(found[3])
            mark = Mark(format=found[0], version=found[1], engine=found[2], made_at=made_at, rows=json.loads(found[4]))
            if any(_count(connection, name) != count for name, count in mark.rows.items()):
                raise not_whole
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise not_whole from error
    return mark


def _count(connection: sqlite3.Connection, table: str) -> int:
    found = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608 - named by the backup
    return int(found[0])


@asynccontextmanager
async def _migrated(copy: Path, file: Path) -> AsyncIterator[AsyncConnection]:
    """Bring the copy to the newest migration, and open it for reading."""
    engine = sqlite.make_file_engine(copy)
    try:
        try:
            await upgrade(engine)
        except DBAPIError as error:
            raise NotCopied(f"Kopii {file} nie da się odczytać ({said_by(error)}). Nic nie zapisano.") from error
        async with make_reading(engine).connect() as connection:
            yield connection
    finally:
        await engine.dispose()


async def _require_empty(engine: AsyncEngine) -> None:
    """See, before anything is written, that there is nothing in the database but perhaps empty tables of ours."""
    try:
        async with make_reading(engine).connect() as connection:
            rows = await connection.run_sync(_rows_there)
    except DBAPIError as error:
        raise NotCopied(f"Bazy nie da się odczytać ({said_by(error)}). Prosimy sprawdzić PIM_DATABASE_URL.") from error
    if rows:
        raise NotCopied(_not_empty(rows))


async def _require_no_rows(new: AsyncConnection) -> None:
    """See once more, now that nobody else can write."""
    if rows := await new.run_sync(_rows_there):
        raise NotCopied(_not_empty(rows))


def _rows_there(connection: Connection) -> dict[str, int]:
    """Count what stands in the way: the rows of all tables but those that say who is at work."""
    names = set(inspect(connection).get_table_names()) - {"alembic_version", *names_of(OF_THE_MOMENT)}
    counts = {
        name: connection.execute(select(func.count()).select_from(unknown_table(name))).scalar_one()
        for name in sorted(names)
    }
    is_foreign = bool(names) and not version(connection)
    return {name: count for name, count in counts.items() if count or is_foreign}


def _not_empty(rows: dict[str, int]) -> str:
    found = ", ".join(f"{name} {count}" for name, count in rows.items())
    return (
        f"Baza, do której mamy przywrócić kopię, nie jest pusta; ma wiersze: {found}. Nic w niej nie zmieniono. "
        "Prosimy ustawić PIM_DATABASE_URL na pustą bazę (nowy plik SQLite albo createdb NAZWA)."
    )


def _interrupted(error: DBAPIError) -> NotCopied:
    cause = getattr(error, "orig", None)
    if getattr(cause, "sqlite_errorname", "") == "SQLITE_FULL" or getattr(cause, "errno", None) == errno.ENOSPC:
        return NotCopied("Na dysku zabrakło miejsca na przywróconą bazę. Prosimy zwolnić miejsce; nic nie zapisano.")
    return NotCopied(
        f"Przywracanie zostało przerwane ({said_by(error)}). Prosimy usunąć przyczynę i uruchomić polecenie jeszcze "
        "raz: zapisało się wszystko albo nic."
    )
