"""The database engine for an address, and migrations run inside the running loop."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from pim_bot.errors import NoDatabase, SettingsError
from pim_bot.storage import postgresql, sqlite
from pim_bot.storage.postgresql import DEFAULT_POOL

if TYPE_CHECKING:
    from alembic.config import Config

VERSIONS = Path(__file__).parent / "migrations" / "versions"
EXAMPLES = "sqlite:////dane/pim_bot.db albo postgresql://pim_bot@serwer/pim_bot"


def make_engine(url: str, *, pool: int = DEFAULT_POOL) -> AsyncEngine:
    """Make the engine for ``PIM_DATABASE_URL``: SQLite, or PostgreSQL with at most ``pool`` connections.

    Raises ``SettingsError`` for an address that cannot be used.
    """
    parsed = _parsed(url)
    match parsed.get_backend_name():
        case "sqlite":
            return sqlite.make_engine(parsed)
        case "postgresql" | "postgres":
            if postgresql.is_torn(parsed, url):
                raise SettingsError(postgresql.TORN)
            return postgresql.make_engine(parsed, pool=pool)
        case other:
            raise SettingsError(f"PIM_DATABASE_URL: „{other}” nie jest obsługiwane; na przykład {EXAMPLES}")


def key_file(url: str) -> Path | None:
    """Tell where the hub's own key is kept: beside the file of SQLite. None for a server, which has no such place."""
    file = database_file(url)
    return file and file.with_suffix(".key")


def database_file(url: str) -> Path | None:
    """Tell the file of SQLite; None for a server, and for a database in memory. Raises ``SettingsError``."""
    parsed = _parsed(url)
    return sqlite.file_of(parsed) if parsed.get_backend_name() == "sqlite" else None


def require_there(url: str) -> None:
    """See that a database was begun at this address; a server says so itself. Raises ``NoDatabase``."""
    file = database_file(url)
    if file is not None and not file.exists():
        raise NoDatabase(
            f"Nie ma bazy {file}. Prosimy sprawdzić PIM_DATABASE_URL i PIM_DATA_DIR albo folder, w którym działa "
            "polecenie; nową bazę zakłada: pim-bot db upgrade"
        )


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        raise SettingsError(f"PIM_DATABASE_URL: to nie jest adres bazy; na przykład {EXAMPLES}") from error
    except ValueError:  # a part of the address, perhaps of the password, was taken for the port: never shown
        raise SettingsError(postgresql.TORN) from None


def make_reading(engine: AsyncEngine) -> AsyncEngine:
    """Make the same engine for transactions that only read, each of one unchanging state of the database."""
    engine_of = postgresql if engine.dialect.name == "postgresql" else sqlite
    return engine.execution_options(**engine_of.READING)


async def upgrade(engine: AsyncEngine, *, first: Callable[[], Awaitable[None]] | None = None) -> None:
    """Bring the database to the newest migration; nothing happens when it is there already.

    ``first`` is asked when the database could be read and before anything is written. Raises ``SettingsError`` when
    the database cannot be opened or is newer than this program.
    """
    try:
        await _bring_up_to_date(engine, first)
    except (DBAPIError, OSError) as error:
        engine_of = postgresql if engine.dialect.name == "postgresql" else sqlite
        problem = engine_of.problem_of(engine.url, error)
        if problem:
            raise SettingsError(problem) from error
        raise


async def _bring_up_to_date(engine: AsyncEngine, first: Callable[[], Awaitable[None]] | None) -> None:
    async with make_reading(engine).connect() as connection:
        present = await connection.run_sync(version)
    if first is not None:
        await first()
    if present == newest_version():
        return
    if present > newest_version():
        raise SettingsError(
            f"PIM_DATABASE_URL: baza jest w wersji {present}, a ten program zna wersje do {newest_version()}. "
            "Prosimy zaktualizować program."
        )
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade)


def newest_version() -> str:
    """Tell the newest migration that is shipped; their files are numbered."""
    return max(path.name[:4] for path in VERSIONS.glob("[0-9]*.py"))


def version(connection: Connection) -> str:
    """Tell the migration that a database is at; "" for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a hub that is up to date starts without it

    if connection.dialect.name == "postgresql":
        postgresql.prepare_migration(connection)
    command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection) -> "Config":
    """Make Alembic's configuration for an open connection; the scripts are shipped in the package."""
    from alembic.config import Config  # noqa: PLC0415 - a hub that is up to date starts without it

    config = Config()
    config.set_main_option("script_location", "pim_bot.storage:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
