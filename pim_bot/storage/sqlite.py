"""SQLite as it must be set up to be safe; the default, for one machine."""

import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from pim_bot.errors import SettingsError, why_not

BUSY_MILLISECONDS = 1500
MEMORY = ":memory:"
READ_ONLY = "sqlite_readonly"
READING = {READ_ONLY: True}
OWNER_ONLY, OWNER_ONLY_FOLDER = 0o600, 0o700
OTHERS = stat.S_IRWXG | stat.S_IRWXO
COMPANIONS = ("-wal", "-shm", "-journal")

PLACE = 4
_OCTAL = re.compile(r"\\([0-7]{3})")
_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK_KINDS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "gfs2", "ocfs2"}


def make_engine(url: URL) -> AsyncEngine:
    """Make the engine; the folder of the file is made if it is not there.

    Raises ``SettingsError`` when the folder cannot be made, or lies on another machine: SQLite's locks do not hold
    there, and two processes would destroy the file (https://www.sqlite.org/useovernet.html).
    """
    if path := file_of(url):
        try:
            path.parent.mkdir(OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        except OSError as error:
            problem = f"PIM_DATA_DIR: nie da się utworzyć folderu ({why_not(error)}). Prosimy podać inny."
            raise SettingsError(problem) from error
        if kind := network_kind(path, _mounts()):
            raise SettingsError(
                f"PIM_DATABASE_URL: {path.parent} leży na dysku sieciowym ({kind}), a tam SQLite gubi dane. "
                "Prosimy podać folder na dysku tej maszyny albo adres PostgreSQL."
            )
        url = url.set(database=str(path))
    engine = create_async_engine(url.set(drivername="sqlite+aiosqlite"), hide_parameters=True)
    if path:
        _make_private(engine, path)
    _set_up(engine)
    return engine


def _make_private(engine: AsyncEngine, path: Path) -> None:
    """Let a new file be its owner's alone: it holds personal data. SQLite gives its companions the same rights.

    A file that is there is never touched: closing it would end the locks that this process has on it, and spoil the
    database (https://www.sqlite.org/howtocorrupt.html, section 2.2).
    """

    @event.listens_for(engine.sync_engine, "do_connect")
    def before_connect(*_of_the_driver: object) -> None:
        if not path.exists():
            with suppress(OSError):  # SQLite says in its own words why the file cannot be opened
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ONLY))


def readable_by_others(path: Path) -> list[Path]:
    """Tell which of a database's files others than their owner can read."""
    files = [path, *(path.with_name(path.name + ending) for ending in COMPANIONS)]
    return [file for file in files if is_readable_by_others(file)]


def is_readable_by_others(file: Path) -> bool:
    """Tell whether others than its owner can do anything with a file; False where there is none."""
    try:
        return bool(file.stat().st_mode & OTHERS)
    except OSError:
        return False


def file_of(url: URL) -> Path | None:
    """Tell the file of an address; None for a database in memory."""
    if not url.database or url.database == MEMORY:
        return None
    return Path(url.database).expanduser().absolute()


def make_file_engine(path: Path) -> AsyncEngine:
    """Make the engine for a file of our own that nobody else opens, on any disk, and that is thrown away unless whole.

    It has no journal, so what is written by an interrupted transaction cannot be taken back.
    """
    engine = create_async_engine(URL.create("sqlite+aiosqlite", database=str(path)), hide_parameters=True)
    _begin_by_hand(engine, ("journal_mode=OFF", "synchronous=OFF", "temp_store=MEMORY"))
    return engine


def _set_up(engine: AsyncEngine) -> None:
    pragmas = (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",  # what is acknowledged survives a power cut
        "secure_delete=ON",  # what is deleted is overwritten: an erasure leaves nothing in free pages
        f"busy_timeout={BUSY_MILLISECONDS}",
    )
    _begin_by_hand(engine, pragmas)


def _begin_by_hand(engine: AsyncEngine, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours, see below
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Connection) -> None:
        # A transaction that reads first and writes later cannot wait for the lock; it must take it at the start.
        reads = connection.get_execution_options().get(READ_ONLY)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _mounts() -> str:
    try:
        return _MOUNTS.read_text()
    except OSError:  # not Linux: nothing tells
        return ""


def network_kind(path: Path, mounts: str) -> str:
    """Tell the kind of network file system a path lies on, "" when it is none, by Linux's table of mounts.

    Source of the format: proc_pid_mountinfo(5); the fifth field is the place, with blanks in octal, the first
    after „-” the kind.
    """
    found, depth = "", -1
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields, kind = before.split(" "), after.split(" ")[0]
        place = Path(_OCTAL.sub(_sign, fields[PLACE])) if len(fields) > PLACE else None
        if place is not None and path.resolve().is_relative_to(place) and len(place.parts) >= depth:
            found, depth = kind, len(place.parts)
    is_remote = found in _NETWORK_KINDS or (found.startswith("fuse.") and "sshfs" in found)
    return found if is_remote else ""


def _sign(octal: re.Match[str]) -> str:
    return chr(int(octal[1], 8))


def problem_of(url: URL, error: Exception) -> str:
    """Say why a database cannot be opened and what to do; "" when that is not what the error is about."""
    name = getattr(getattr(error, "orig", None), "sqlite_errorname", "")
    if isinstance(error, DatabaseError) and name in ("SQLITE_NOTADB", "SQLITE_CANTOPEN", "SQLITE_READONLY"):
        return f"PIM_DATABASE_URL: nie da się otworzyć bazy {url.database}. Prosimy sprawdzić plik i prawa."
    return ""
