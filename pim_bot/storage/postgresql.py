"""PostgreSQL: timeouts, pool, and what its refusals mean."""

import re
from typing import Any, NamedTuple

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
LAST_PORT = 65_535


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
    if problem := too_old(int((connection.dialect.server_version_info or (0,))[0])):
        raise SettingsError(problem)
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


def too_old(server: int) -> str:
    """Say that a server of this version cannot be used and what to do; "" when it can."""
    if server >= OLDEST_SERVER:
        return ""
    return (
        f"PIM_DATABASE_URL: serwer PostgreSQL ma wersję {server}, potrzebna jest co najmniej {OLDEST_SERVER}. "
        "Prosimy go zaktualizować albo podać adres nowszego."
    )


class _Refusal(NamedTuple):
    """A way in which a server says no: the codes it has, how it is worded in English, and what we say of it."""

    states: tuple[str, ...]
    words: str
    sentence: str


_REFUSALS = (
    _Refusal(
        (),
        r"^connection timeout expired",
        "serwer nie odpowiada ({where}). Prosimy sprawdzić adres, port i zaporę sieciową.",
    ),
    _Refusal(
        (),
        r"pg_hba\.conf",
        "serwer nie wpuszcza użytkownika {user} z tej maszyny ({said}). Prosimy dopisać go w pg_hba.conf.",
    ),
    _Refusal(
        (),
        r'role ".*" does not exist',
        "serwer nie zna użytkownika {user} ({said}). Prosimy poprawić adres albo utworzyć go: createuser -P {user}",
    ),
    _Refusal(
        ("28P01", "28000"),
        r"authentication failed|not permitted to log in",
        "serwer odrzucił użytkownika {user} lub jego hasło ({said}). Prosimy poprawić adres.",
    ),
    _Refusal(
        ("3D000",),
        r'database ".*" does not exist',
        "nie ma takiej bazy ({said}). Prosimy poprawić adres albo utworzyć ją: createdb -O {user} {database}",
    ),
    _Refusal(
        (),
        r"permission denied for database",
        "użytkownik {user} nie może łączyć się z tą bazą ({said}). Prosimy nadać prawo: "
        "GRANT CONNECT ON DATABASE {database} TO {user};",
    ),
    _Refusal(
        ("53300",),
        r"too many (clients|connections)|remaining connection slots",
        "serwer nie ma wolnych połączeń ({said}). Prosimy zmniejszyć PIM_POOL_SIZE albo zwiększyć max_connections.",
    ),
    _Refusal(
        ("57P01", "57P02", "57P03"),
        r"the database system is",
        "serwer właśnie wstaje albo kończy pracę ({said}). Prosimy spróbować za chwilę.",
    ),
    _Refusal(
        ("42501", "3F000"),
        r"permission denied for",
        "użytkownik {user} nie ma potrzebnych praw ({said}). Które prawa nadać, powie: pim-bot doctor",
    ),
)
"""In the order in which they are looked for.

Of a connection that was refused the driver tells no code, only the server's words; where the server speaks another
language they are told as they are.
"""
_NO_HOST = (
    "w adresie nie ma serwera, a na tej maszynie żaden nie odpowiada ({said}). "
    "Prosimy go dopisać: postgresql://UŻYTKOWNIK:HASŁO@SERWER/BAZA"
)
_NO_CONNECTION = "brak połączenia z {where} ({said}). Prosimy sprawdzić adres i czy serwer działa."
_OF_CONNECTIONS = ("08", "28", "3D", "53", "57P")

TORN = (
    "PIM_DATABASE_URL: tego adresu nie da się odczytać; na przykład postgresql://UŻYTKOWNIK:HASŁO@SERWER:5432/BAZA. "
    "Znaki @ : / ? # w haśle prosimy zapisać jako %40 %3A %2F %3F %23."
)


def problem_of(url: URL, error: Exception) -> str:
    """Say why a database cannot be opened and what to do; "" when that is not what the error is about."""
    if is_torn(url):
        return TORN
    cause = getattr(error, "orig", None) or error
    said = _said(cause)
    sentence = _sentence(error, cause, said)
    if sentence == _NO_CONNECTION and not url.host and "host" not in url.query:
        sentence = _NO_HOST
    user, database = url.username or "UŻYTKOWNIK", url.database or "BAZA"
    text = sentence.format(said=said, where=_where(url), user=user, database=database)
    return f"PIM_DATABASE_URL: {text}" if text else ""


def _sentence(error: Exception, cause: object, said: str) -> str:
    if getattr(getattr(cause, "pgconn", None), "needs_password", False):
        return "serwer żąda hasła, a w adresie go nie ma. Prosimy je dopisać: postgresql://UŻYTKOWNIK:HASŁO@SERWER/BAZA"
    state = getattr(cause, "sqlstate", None) or ""
    for refusal in _REFUSALS:
        if state in refusal.states or (not state and re.search(refusal.words, said)):
            return refusal.sentence
    is_of_connection = isinstance(error, OperationalError) and (not state or state.startswith(_OF_CONNECTIONS))
    return _NO_CONNECTION if is_of_connection else ""


def is_torn(url: URL, address: str = "") -> bool:
    """Tell whether an ``address`` was read wrongly: a piece of the password ended up in the name of the server.

    Only one @ can stand in an address as it is: before the server. A second one behind it belongs to a password.
    """
    asked = address.partition("?")[2] if address else repr(dict(url.query))
    behind = f"{url.host or ''}{url.database or ''}{'' if url.database else asked}"
    return "@" in behind or (url.port or 0) > LAST_PORT


def _where(url: URL) -> str:
    """Name the database without the password, wherever in the address that stands."""
    return URL.create("postgresql", url.username, None, url.host, url.port, url.database).render_as_string()


def _said(cause: object) -> str:
    """Tell a server's words without what the driver says before and after them."""
    first = next(iter(str(cause).strip().splitlines()), "")
    return " ".join(first.rpartition(" failed: ")[2].removeprefix("FATAL:").split())[:200]
