"""The database engine: SQLite as it must be set up to be safe, and migrations run inside the running loop."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from pim_bot.errors import SettingsError

if TYPE_CHECKING:
    from alembic.config import Config

VERSIONS = Path(__file__).parent / "migrations" / "versions"
BUSY_MILLISECONDS = 1500
READ_ONLY = "sqlite_readonly"


def make_engine(url: str) -> AsyncEngine:
    """Make the engine for ``PIM_DATABASE_URL``; ``sqlite:///…`` is understood as aiosqlite.

    Raises ``SettingsError`` for an address that cannot be used.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            raise SettingsError("PIM_DATABASE_URL: na razie tylko SQLite, na przykład sqlite:////dane/pim_bot.db")
        parsed = parsed.set(drivername="sqlite+aiosqlite")
        if parsed.database:
            Path(parsed.database).expanduser().parent.mkdir(parents=True, exist_ok=True)
    except ArgumentError as error:
        raise SettingsError(
            "PIM_DATABASE_URL: to nie jest adres bazy; na przykład sqlite:////dane/pim_bot.db"
        ) from error
    except OSError as error:
        raise SettingsError(
            f"PIM_DATA_DIR: nie da się utworzyć folderu ({error.strerror}). Prosimy podać inny."
        ) from error
    engine = create_async_engine(parsed, hide_parameters=True)  # errors are logged, and parameters are personal
    if engine.dialect.name == "sqlite":
        _set_up_sqlite(engine)
    return engine


def _set_up_sqlite(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours, see below
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            "synchronous=FULL",  # what is acknowledged survives a power cut
            f"busy_timeout={BUSY_MILLISECONDS}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Connection) -> None:
        # A transaction that reads first and writes later cannot wait for the lock; it must take it at the start.
        reads = connection.get_execution_options().get(READ_ONLY)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


async def upgrade(engine: AsyncEngine) -> None:
    """Bring the database to the newest migration; nothing happens when it is there already.

    Raises ``SettingsError`` when the file is no database or cannot be opened.
    """
    try:
        await _bring_up_to_date(engine)
    except DatabaseError as error:
        if getattr(error.orig, "sqlite_errorname", "") in ("SQLITE_NOTADB", "SQLITE_CANTOPEN", "SQLITE_READONLY"):
            problem = (
                f"PIM_DATABASE_URL: nie da się otworzyć bazy {engine.url.database}. Prosimy sprawdzić plik i prawa."
            )
            raise SettingsError(problem) from error
        raise


async def _bring_up_to_date(engine: AsyncEngine) -> None:
    async with engine.execution_options(**{READ_ONLY: True}).connect() as connection:
        if await connection.run_sync(_version) == newest_version():
            return
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade)


def newest_version() -> str:
    """Tell the newest migration that is shipped; their files are numbered."""
    return max(path.name[:4] for path in VERSIONS.glob("[0-9]*.py"))


def _version(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a hub that is up to date starts without it

    command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection) -> "Config":
    """Make Alembic's configuration for an open connection; the scripts are shipped in the package."""
    from alembic.config import Config  # noqa: PLC0415 - a hub that is up to date starts without it

    config = Config()
    config.set_main_option("script_location", "pim_bot.storage:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
