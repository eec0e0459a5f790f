"""Moving a hub from SQLite to PostgreSQL: one transaction, in which everything is compared before it is kept."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    URL,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    String,
    Table,
    Text,
    cast,
    collate,
    func,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy import table as unknown_table
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncResult

from pim_bot.clock import machine_clock
from pim_bot.errors import PimBotError, SettingsError, StorageBusy
from pim_bot.process import Sighting
from pim_bot.storage import postgresql, sqlite
from pim_bot.storage.engine import make_engine, make_reading, newest_version, upgrade, version
from pim_bot.storage.machine_time import MachineTime
from pim_bot.storage.processes import ProcessRows
from pim_bot.storage.tables import metadata
from pim_bot.storage.tables.activities import feedback_answer
from pim_bot.storage.tables.processes import leadership, process
from pim_bot.storage.trouble import trouble_of

BATCH = 1000
MOST_NAMED = 20

OF_THE_MOMENT = frozenset({leadership, process})
"""Who is at work just now: not carried over, since nobody is while a hub is moved."""
CARRIED = tuple(table for table in metadata.sorted_tables if table not in OF_THE_MOMENT)
"""In the order in which they can be filled: whoever is referred to comes first."""

_BAGS = frozenset({feedback_answer})
"""Rows without order: their numbers say nothing, and are made anew so that they go on saying nothing."""

_LIMITS = (
    "statement_timeout = 0",  # a copy takes as long as it takes
    "idle_in_transaction_session_timeout = 0",
    "timezone = 'UTC'",
    "lock_timeout = '60s'",  # so long may the server take to notice that an interrupted move is over
    "tcp_keepalives_idle = 30",  # and it looks for us itself, should the line go dead
    "tcp_keepalives_interval = 10",
)

_SECRETS = ("password", "sslpassword")


class NotMoved(PimBotError):
    """The hub was not moved and PostgreSQL holds nothing of it; the sentence says why and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """What was carried over and found equal: how many rows of each table; ``left_out`` are tables that were not.

    ``address`` is the new one, without a password. ``again`` tells that everything had been there already.
    """

    rows: dict[str, int]
    left_out: tuple[str, ...]
    address: str
    again: bool


async def move(source_url: str, target_url: str, *, within: timedelta) -> Moved:
    """Carry a hub over from SQLite to PostgreSQL; whoever wants to write to SQLite has to wait meanwhile.

    An interruption leaves nothing on PostgreSQL, so the same move can be made again; one that was complete is told as
    such. ``within`` is how fresh the last beat of a living process is. Raises ``NotMoved`` when either database is in
    use or unfit, and ``SettingsError`` when the hub is not on SQLite.
    """
    source = _source(source_url)
    target = _target(target_url)
    try:
        async with _held(source, within=within) as old:
            await _made_ready(target)
            async with _reserved(target, within=within) as new:
                again = bool(await _counts(new))
                rows = await _compared_with_what_is_there(old, new) if again else await _carried_over(old, new)
                await new.commit()
        return Moved(rows=rows, left_out=_names(OF_THE_MOMENT), address=_shown(target.url), again=again)
    finally:
        await source.dispose()
        await target.dispose()


def _source(url: str) -> AsyncEngine:
    engine = make_engine(url)
    if engine.dialect.name != "sqlite":
        raise SettingsError(
            "PIM_DATABASE_URL: przenosi się z bazy SQLite, a to jest adres PostgreSQL. "
            "Prosimy podać adres starej bazy, na przykład sqlite:///data/pim_bot.db"
        )
    if not Path(engine.url.database or "").is_file():
        raise SettingsError(
            f"PIM_DATABASE_URL: nie ma pliku {engine.url.database}. Prosimy podać adres bazy, którą mamy przenieść."
        )
    return engine


def _target(url: str) -> AsyncEngine:
    try:
        backend = make_url(url).get_backend_name()
    except (ArgumentError, ValueError):  # their texts would tell a piece of the password
        backend = ""
    if backend not in ("postgresql", "postgres"):
        raise NotMoved(
            "Cel musi być adresem bazy PostgreSQL, na przykład postgresql://UŻYTKOWNIK:HASŁO@SERWER:5432/BAZA. "
            "Znaki @ : / ? # w haśle prosimy zapisać jako %40 %3A %2F %3F %23."
        )
    return make_engine(url)


def _shown(url: URL) -> str:
    """Write an address so that it can be printed: a password is three stars, or is left out of the parameters."""
    return url.set(drivername="postgresql").difference_update_query(_SECRETS).render_as_string()


@asynccontextmanager
async def _held(engine: AsyncEngine, *, within: timedelta) -> AsyncIterator[AsyncConnection]:
    """Hold the old database, so that nobody writes to it; nothing is committed, so nothing changes in it."""
    path = engine.url.database
    async with AsyncExitStack() as opened:
        try:
            connection = await opened.enter_async_context(engine.connect())
            present = await connection.run_sync(version)
        except DBAPIError as error:
            raise _not_held(engine.url, error) from error
        if present < newest_version():
            raise NotMoved(f"Baza {path} nie ma najnowszej postaci. Prosimy najpierw użyć: pim-bot db upgrade")
        if present > newest_version():
            raise NotMoved(f"Baza {path} jest nowsza niż ten program. Prosimy zaktualizować program.")
        await _require_nobody(connection, MachineTime(machine_clock), within)
        yield connection


def _not_held(url: URL, error: DBAPIError) -> PimBotError:
    if problem := sqlite.problem_of(url, error):
        return SettingsError(problem)
    if isinstance(trouble_of(error), StorageBusy):
        return NotMoved(
            f"Do bazy {url.database} pisze teraz inny proces. "
            "Prosimy zatrzymać centrum i uruchomić polecenie jeszcze raz."
        )
    return NotMoved(f"Bazy {url.database} nie da się odczytać ({_said(error)}). Prosimy sprawdzić plik i prawa.")


async def _made_ready(engine: AsyncEngine) -> None:
    """Bring the new database to the newest migration, unless it is somebody's old one."""
    try:
        async with make_reading(engine).connect() as connection:
            if counts := await connection.run_sync(_counts_of_others):
                raise NotMoved(_not_empty(counts))
        await upgrade(engine)
    except SettingsError as error:
        raise NotMoved(_of_target(str(error))) from error
    except DBAPIError as error:
        if problem := postgresql.problem_of(engine.url, error):
            raise NotMoved(_of_target(problem)) from error
        raise NotMoved(
            f"W docelowej bazie nie da się założyć tabel ({_said(error)}). "
            "Prosimy podać bazę, w której jeszcze niczego nie ma."
        ) from error


def _of_target(problem: str) -> str:
    return f"Docelowa baza: {problem.removeprefix('PIM_DATABASE_URL: ')}"


def _counts_of_others(connection: Connection) -> dict[str, int]:
    """Count the rows of what stands in the way: tables that are not the hub's, and those of a hub that is older.

    An older hub would have to be migrated first, whatever its tables were at that time.
    """
    present = version(connection)
    if present > newest_version():
        return {}  # told by the migration
    names = set(inspect(connection).get_table_names()) - {"alembic_version", *_names(OF_THE_MOMENT)}
    is_older = "" < present < newest_version()
    if present == newest_version():
        names -= set(metadata.tables)
    counts = {
        name: connection.execute(select(func.count()).select_from(unknown_table(name))).scalar_one()
        for name in sorted(names)
    }
    return {name: count for name, count in counts.items() if count or not is_older}


def _names(tables: Iterable[Table]) -> tuple[str, ...]:
    return tuple(sorted(table.name for table in tables))


def _not_empty(counts: Mapping[str, int]) -> str:
    found = ", ".join(f"{name} {count}" for name, count in counts.items())
    return (
        f"Docelowa baza nie jest pusta i nie jest kopią tej bazy; ma wiersze: {found}. "
        "Nic w niej nie zmieniono. Prosimy podać pustą bazę, na przykład nową: createdb NAZWA"
    )


@asynccontextmanager
async def _reserved(engine: AsyncEngine, *, within: timedelta) -> AsyncIterator[AsyncConnection]:
    """Open the one transaction on the new database, with its tables to ourselves; left early, it keeps nothing."""
    from psycopg import Error  # noqa: PLC0415 - an extra

    try:
        async with engine.connect() as connection:
            await _reserve(connection, within)
            yield connection
    except (DBAPIError, Error) as error:
        raise NotMoved(
            f"Przenoszenie zostało przerwane ({_said(error)}). Prosimy usunąć przyczynę i uruchomić polecenie "
            "jeszcze raz: zapisało się wszystko albo nic, a polecenie samo to sprawdzi."
        ) from error


async def _reserve(connection: AsyncConnection, within: timedelta) -> None:
    for limit in _LIMITS:
        await connection.execute(text(f"SET LOCAL {limit}"))
    await _require_unicode(connection)
    names = ", ".join(_quoted(connection, table) for table in metadata.sorted_tables)
    await connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
    await _require_nobody(connection, MachineTime(None), within)


async def _require_unicode(connection: AsyncConnection) -> None:
    found = (await connection.execute(text("SHOW server_encoding"))).scalar_one()
    if found != "UTF8":
        raise NotMoved(
            f"Docelowa baza ma kodowanie {found}, a potrzebne jest UTF8. "
            "Prosimy założyć inną: createdb --encoding UTF8 --template template0 NAZWA"
        )


async def _require_nobody(connection: AsyncConnection, machine_time: MachineTime, within: timedelta) -> None:
    seen = await ProcessRows(connection, machine_time).seen(within=within)
    live = [one for one in seen if one.live]
    if live:
        raise NotMoved(
            f"Centrum działa na tej bazie ({connection.dialect.name}): {', '.join(map(_sighted, live))}. Prosimy je "
            f"zatrzymać; po procesie, który zginął, wystarczy odczekać {within.total_seconds():.0f} s."
        )


def _sighted(one: Sighting) -> str:
    return f"{one.process.name} ({', '.join(one.process.roles)}, znak życia {one.beat_at:%H:%M:%S} UTC)"


async def _counts(connection: AsyncConnection) -> dict[str, int]:
    """Count the rows of every table that has any."""
    counts = {
        table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
        for table in CARRIED
    }
    return {name: count for name, count in counts.items() if count}


async def _compared_with_what_is_there(old: AsyncConnection, new: AsyncConnection) -> dict[str, int]:
    """Tell the rows of a move that was complete; anything else that is there is not ours to touch."""
    try:
        return {table.name: await _compared(old, new, table) for table in CARRIED}
    except NotMoved as error:
        raise NotMoved(_not_empty(await _counts(new))) from error


async def _carried_over(old: AsyncConnection, new: AsyncConnection) -> dict[str, int]:
    for table in CARRIED:
        await _copy(old, new, table)
        await _count_on(new, table)
    return {table.name: await _compared(old, new, table) for table in CARRIED}


async def _copy(old: AsyncConnection, new: AsyncConnection, table: Table) -> None:
    """Copy all rows of a table by one COPY: references are checked at its end, so rows may refer to later ones."""
    from psycopg import DataError, IntegrityError  # noqa: PLC0415 - an extra

    columns = ", ".join(_quoted(new, column) for column in table.columns)
    statement = f"COPY {_quoted(new, table)} ({columns}) FROM STDIN"
    connection: Any = (await new.get_raw_connection()).driver_connection
    try:
        async with (
            _streamed(old, _to_carry(table)) as found,
            connection.cursor() as cursor,
            cursor.copy(statement) as copy,
        ):
            async for rows in found.partitions(BATCH):
                for row in rows:
                    await copy.write_row(row)
    except (DBAPIError, DataError, IntegrityError, ValueError, TypeError) as error:
        raise NotMoved(await _why_unfit(old, table, error)) from error


async def _count_on(connection: AsyncConnection, table: Table) -> None:
    """Let new rows be numbered after those that are there. Unlike setval this is taken back with the transaction."""
    column = table.autoincrement_column
    if column is None:
        return
    sequence = select(func.pg_get_serial_sequence(_quoted(connection, table), column.name))
    name = (await connection.execute(sequence)).scalar_one()
    highest = (await connection.execute(select(func.max(column)))).scalar_one() or 0
    await connection.execute(text(f"ALTER SEQUENCE {name} RESTART WITH {highest + 1:d}"))


async def _compared(old: AsyncConnection, new: AsyncConnection, table: Table) -> int:
    """Compare a table row by row and tell how many there are. Raises ``NotMoved`` at the first difference."""
    count = 0
    async with _streamed(old, _to_compare(table, old)) as left, _streamed(new, _to_compare(table, new)) as right:
        parts = right.partitions(BATCH)
        async for rows in left.partitions(BATCH):
            others: Sequence[Row[Any]] = await anext(parts, [])
            if rows != others:
                raise NotMoved(_difference(table, rows, others))
            count += len(rows)
        if others := await anext(parts, []):
            raise NotMoved(_difference(table, [], others))
    return count


def _difference(table: Table, rows: Sequence[Row[Any]], others: Sequence[Row[Any]]) -> str:
    first = next(one or other for one, other in zip_longest(rows, others) if one != other)
    keys = [value for column, value in zip(table.columns, first, strict=False) if column.primary_key]
    where = "" if table in _BAGS else f" ({_key(table, keys)})"
    return (
        f"Tabela {table.name} różni się w docelowej bazie od starej{where}, więc niczego tam nie zostawiono. "
        "Prosimy sprawdzić, czy docelowa baza nie ma własnych wyzwalaczy, i zgłosić ten błąd."
    )


@asynccontextmanager
async def _streamed(connection: AsyncConnection, statement: Select[Any]) -> AsyncIterator[AsyncResult[Any]]:
    """Read rows as they come; the cursor is closed however that ends."""
    found = await connection.stream(statement)
    try:
        yield found
    finally:
        await found.close()


def _plain(column: Column[Any]) -> ColumnElement[Any]:
    """Tell a column so that both engines give equal values: JSON word for word, which keeps null and nothing apart."""
    return cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column


def _to_carry(table: Table) -> Select[Any]:
    """Select rows by their keys, so that the order in which they were once written is not carried over."""
    if table not in _BAGS:
        return select(*map(_plain, table.columns)).order_by(*table.primary_key)
    anew = func.row_number().over(order_by=func.random())
    return select(*(anew if column.primary_key else _plain(column) for column in table.columns)).order_by(anew)


def _to_compare(table: Table, connection: AsyncConnection) -> Select[Any]:
    """Select what has to be equal, in an order that is the same on both engines."""
    values = [column for column in table.columns if table not in _BAGS or not column.primary_key]
    by = values if table in _BAGS else list(table.primary_key)
    return select(*map(_plain, values)).order_by(*(_ordered(column, connection) for column in by))


def _ordered(column: Column[Any], connection: AsyncConnection) -> ColumnElement[Any]:
    """Order text by its bytes and what is missing first, whatever the database would do."""
    value = _plain(column)
    if isinstance(value.type, String):
        value = collate(value, "C" if connection.dialect.name == "postgresql" else "BINARY")
    return value.nulls_first() if column.nullable else value


async def _why_unfit(old: AsyncConnection, table: Table, error: Exception) -> str:
    """Say which values PostgreSQL does not take; the whole old database is searched, so that all are told at once."""
    found = [line async for line in _unfit(old)]
    if not found:
        return (
            f"Wierszy tabeli {table.name} nie da się przenieść ({_said(error)}), więc nic nie zostało przeniesione. "
            "Prosimy poprawić je w starej bazie i uruchomić polecenie jeszcze raz."
        )
    more = [f"… i jeszcze {len(found) - MOST_NAMED}"] if len(found) > MOST_NAMED else []
    return "\n".join(
        [
            "PostgreSQL nie przyjmie tych wartości, więc nic nie zostało przeniesione:",
            *(f"  {line}" for line in [*found[:MOST_NAMED], *more]),
            "Prosimy poprawić je w starej bazie (usunąć znak, skrócić tekst) i uruchomić polecenie jeszcze raz.",
        ]
    )


async def _unfit(old: AsyncConnection) -> AsyncIterator[str]:
    """Tell every value that SQLite holds and PostgreSQL would not."""
    connection: Any = (await old.get_raw_connection()).driver_connection
    connection.text_factory = _even_broken
    for table in CARRIED:
        keys = list(table.primary_key)
        looked_at = [column for column in table.columns if isinstance(column.type, (String, JSON, Integer))]
        async with _streamed(old, select(*keys, *map(_raw, looked_at)).order_by(*keys)) as found:
            async for row in found:
                for column, value in zip(looked_at, row[len(keys) :], strict=True):
                    if value is not None and (why := _why(column, value)):
                        yield f"{table.name}.{column.name} ({_key(table, row[: len(keys)])}): {why}"


def _raw(column: Column[Any]) -> ColumnElement[Any]:
    """Tell a column under another name than that of a key."""
    return _plain(column).label(f"value_{column.name}")


def _why(column: Column[Any], value: Any) -> str:
    """Say why PostgreSQL would not take a value; "" for one that it takes."""
    if isinstance(column.type, Integer):
        most = 2 ** (63 if isinstance(column.type, BigInteger) else 31)
        return "" if isinstance(value, int) and -most <= value < most else "to nie jest liczba w dozwolonym zakresie"
    if "\0" in value:
        return "znak NUL (U+0000)"
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        return "bajty, które nie są tekstem UTF-8"
    if isinstance(column.type, JSON):
        return "" if _is_json(value) else "to nie jest poprawny JSON"
    most = getattr(column.type, "length", None) or len(value)
    return f"{len(value)} znaków, a mieści się {most}" if len(value) > most else ""


def _is_json(value: str) -> bool:
    try:
        json.loads(value, parse_constant=int)  # NaN and Infinity are Python's own
    except ValueError:
        return False
    return True


def _even_broken(raw: bytes) -> str:
    """Read text of SQLite, of which nobody has checked that it is UTF-8; what is not becomes lone surrogates."""
    return raw.decode("utf-8", "surrogateescape")


def _key(table: Table, values: Sequence[Any]) -> str:
    """Name a row by its key, so that it can be looked up."""
    return ", ".join(f"{column.name}={value}" for column, value in zip(table.primary_key, values, strict=True))


def _quoted(connection: AsyncConnection, named: Table | Column[Any]) -> str:
    return connection.dialect.identifier_preparer.quote(named.name)


def _said(error: Exception) -> str:
    """Tell what a driver said in one line, without the details, in which it would quote whole rows."""
    cause = getattr(error, "orig", None) or error
    said = getattr(getattr(cause, "diag", None), "message_primary", None) or str(cause)
    return " ".join(said.split())[:200].rstrip(".")
