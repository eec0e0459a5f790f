"""PostgreSQL: timeouts, pool, and what its refusals mean."""

from typing import Any

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from pim_bot.errors import SettingsError

OLDEST_SERVER = 14
DEFAULT_POOL = 10
PATIENCE_SECONDS = 1.5
"""How long a request may wait for a connection or a lock: the person is to be answered within three seconds."""

READING: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

LISTENING: dict[str, Any] = {
    "application_name": "pim_bot",
    "connect_timeout": 2,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""How any connection behaves: a server that is gone is noticed within some ten seconds."""

_LIMITS = {
    "statement_timeout": "10s",
    "lock_timeout": f"{PATIENCE_SECONDS * 1000:.0f}ms",
    "idle_in_transaction_session_timeout": "10s",  # a process that froze in a transaction holds nobody up
    "timezone": "UTC",
}
_SESSION = LISTENING | {"options": " ".join(f"-c {name}={value}" for name, value in _LIMITS.items())}

MIGRATION_LOCK = 727


def make_engine(url: URL, *, pool: int) -> AsyncEngine:
    """Make the engine with at most ``pool`` connections; each is tried before it is used, so a lost one heals.

    Raises ``SettingsError`` when the driver is not installed.
    """
    try:
        import psycopg  # noqa: F401, PLC0415 - an extra: a hub on SQLite starts without it
    except ImportError as error:
        raise SettingsError(
            "PIM_DATABASE_URL: brakuje sterownika PostgreSQL. Prosimy go zainstalować: make engines "
            "albo pip install 'pim-bot[pg]'"
        ) from error
    return create_async_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=PATIENCE_SECONDS,
        pool_pre_ping=True,
        connect_args={name: value for name, value in _SESSION.items() if name not in url.query},
    )


def prepare_migration(connection: Connection) -> None:
    """Let one process at a time migrate, for as long as it takes. Raises ``SettingsError`` for an old server."""
    found = int((connection.dialect.server_version_info or (0,))[0])
    if found < OLDEST_SERVER:
        raise SettingsError(
            f"PIM_DATABASE_URL: serwer PostgreSQL ma wersję {found}, potrzebna jest co najmniej {OLDEST_SERVER}."
        )
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL lock_timeout = '60s'"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})


async def hold(connection: AsyncConnection, keys: list[str]) -> None:
    """Wait until nobody else holds any of these names, then hold them until the transaction ends.

    They are taken in their order, so that two who want the same never wait for each other.
    """
    names = sorted(set(keys))
    taken = "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(CAST(:names AS text[])) AS name"
    await connection.execute(text(taken), {"names": names})


def problem_of(url: URL, error: Exception) -> str:
    """Say why a database cannot be opened and what to do; "" when that is not what the error is about."""
    cause = getattr(error, "orig", None) or error
    state = getattr(cause, "sqlstate", None)
    said = " ".join(str(cause).split())[:300]
    where = url.render_as_string(hide_password=True)
    if state == "42501":
        return (
            f"PIM_DATABASE_URL: użytkownik {url.username} nie ma prawa tworzyć tabel ({said}). "
            f"Prosimy je nadać: GRANT CREATE, USAGE ON SCHEMA public TO {url.username};"
        )
    if not isinstance(error, OperationalError) or (state and not state.startswith(("08", "28", "3D", "57", "53"))):
        return ""
    if "password authentication" in said or state in ("28P01", "28000") or "no password" in said:
        return f"PIM_DATABASE_URL: serwer odrzucił użytkownika lub hasło ({said}). Prosimy poprawić adres."
    if "does not exist" in said or state == "3D000":
        return f"PIM_DATABASE_URL: nie ma takiej bazy ({said}). Prosimy ją utworzyć: createdb {url.database}"
    return f"PIM_DATABASE_URL: brak połączenia z {where} ({said}). Prosimy sprawdzić adres i czy serwer działa."
