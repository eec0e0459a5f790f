"""A look at the database that changes nothing: can it be opened, is it new enough, may we do in it what we have to."""

import os
import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from pim_bot.errors import SettingsError, StorageBusy, why_not
from pim_bot.finding import Finding, well, wrong
from pim_bot.storage import postgresql, sqlite
from pim_bot.storage.engine import make_engine, make_reading, newest_version, version
from pim_bot.storage.rights import rights
from pim_bot.storage.trouble import trouble_of

NAME = "baza danych"
DEFAULT_PORT = 5432
SETTING = "PIM_DATABASE_URL: "
_OWN_WAYS = {"host", "hostaddr", "service"}


def server_of(address: str) -> tuple[str, int] | None:
    """Tell the host and the port of the database's server; None for a file, and where the driver finds it by itself.

    Raises ``SettingsError`` for an address that cannot be read.
    """
    url = _parsed(address)
    if url.get_backend_name() == "sqlite" or not url.host or "," in url.host or not _OWN_WAYS.isdisjoint(url.query):
        return None
    return url.host, DEFAULT_PORT if url.port is None else url.port


def open_to_look(address: str) -> AsyncEngine:
    """Make an engine that neither makes nor changes a database.

    Raises ``SettingsError`` for an address that cannot be used, for a missing driver, and where there is no file yet.
    """
    url = _parsed(address)
    return _open_file(url) if url.get_backend_name() == "sqlite" else make_engine(address)


def _parsed(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError:
        make_engine(address)  # says what an address looks like
        raise
    except ValueError:  # its text would tell a piece of the password
        raise SettingsError(postgresql.TORN) from None
    if postgresql.is_torn(url, address):
        raise SettingsError(postgresql.TORN)
    return url


def _open_file(url: URL) -> AsyncEngine:
    if not url.database or url.database == ":memory:":
        raise SettingsError(
            f"{SETTING}baza w pamięci znika razem z procesem. Prosimy podać plik, na przykład sqlite:////dane/pim_bot.db"
        )
    path = Path(url.database).absolute()
    folder = _nearest_folder(path)
    sqlite.make_engine(url.set(database=str(folder / path.name)))  # refuses a disk of another machine
    if not os.access(folder, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.R_OK | os.W_OK)):
        raise SettingsError(f"{SETTING}brak prawa zapisu w folderze {folder}. Prosimy je nadać albo podać inny folder.")
    if not path.exists():
        raise SettingsError(
            f"pliku {path} jeszcze nie ma. Utworzy go pim-bot db upgrade albo pierwszy start; "
            "jeśli baza już gdzieś jest, prosimy poprawić PIM_DATABASE_URL albo PIM_DATA_DIR."
        )
    # Beside a file that is opened with mode=ro SQLite leaves others; with mode=rw it takes them away again.
    file = url.set(drivername="sqlite+aiosqlite", database=path.as_uri(), query={"mode": "rw", "uri": "true"})
    arguments = {"timeout": sqlite.BUSY_MILLISECONDS / 1000}
    return create_async_engine(file, hide_parameters=True, poolclass=NullPool, connect_args=arguments)


def _nearest_folder(path: Path) -> Path:
    """Tell the folder of a file, or the nearest one above it. Raises ``SettingsError`` for one that is closed."""
    for folder in path.parents:
        try:
            folder.stat()
        except FileNotFoundError:
            continue
        except OSError as error:
            problem = f"do folderu {folder} nie da się wejść ({why_not(error)}). Prosimy podać inny folder."
            raise SettingsError(SETTING + problem) from error
        return folder
    return path


async def look(engine: AsyncEngine, address: str) -> list[Finding]:
    """Look at the database itself, by an engine made to look at this address; when all is well it can be read."""
    look_at = _look_at_postgresql if engine.dialect.name == "postgresql" else _look_at_sqlite
    try:
        async with make_reading(engine).connect() as connection:
            return await connection.run_sync(look_at)
    except (DBAPIError, OSError) as error:
        return [wrong(NAME, _problem_of(make_url(address), error))]


def _problem_of(url: URL, error: Exception) -> str:
    engine_of = sqlite if url.get_backend_name() == "sqlite" else postgresql
    problem: str = engine_of.problem_of(url, error)
    if problem:
        return problem
    if isinstance(trouble_of(error), StorageBusy):
        return "ktoś inny trzyma ją zamkniętą. Prosimy spróbować za chwilę albo zatrzymać program, który jej używa."
    return f"nie da się jej odczytać ({type(error).__name__}). Prosimy sprawdzić {SETTING[:-2]}."


def _look_at_sqlite(connection: Connection) -> list[Finding]:
    return _compared(f"SQLite {sqlite3.sqlite_version}", version(connection))


def _look_at_postgresql(connection: Connection) -> list[Finding]:
    server = connection.dialect.server_version_info or (0,)
    if problem := postgresql.too_old(int(server[0])):
        return [wrong(NAME, problem)]
    ours = rights(connection)
    missing = [ours.missing_for_work()]
    found: list[Finding] = []
    if ours.may_see_version:
        present = version(connection)
        missing += [ours.missing_for_upgrade()] if present < newest_version() else []
        found = _compared(f"PostgreSQL {'.'.join(map(str, server))}", present)
    problems = [wrong(NAME, SETTING + text) for text in missing if text]
    return problems + [one for one in found if not (problems and one.ok)]


def _compared(server: str, present: str) -> list[Finding]:
    """Compare the version of the tables with the newest one."""
    newest = newest_version()
    if present == newest:
        return [well(NAME, f"{server}, tabele w najnowszej wersji {newest}")]
    if present > newest:
        text = f"tabele są w wersji {present}, a ten program zna wersje do {newest}. Prosimy zaktualizować program."
        return [wrong(NAME, text)]
    state = f"tabele są w wersji {present}, a najnowsza to {newest}" if present else "nie ma w niej jeszcze tabel"
    return [wrong(NAME, f"{state}. Prosimy uruchomić: pim-bot db upgrade (robi to też każdy start).")]
