"""Copying a hub's rows from one database to another, of either engine, and comparing what came of it.

A move, a backup and a restore are all this: every row of every table, read from one unchanging state and written in one
transaction.
"""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    Table,
    Text,
    cast,
    collate,
    func,
    insert,
    select,
    text,
)
from sqlalchemy import column as plain_column
from sqlalchemy import table as plain_table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncResult

from pim_bot.clock import machine_clock
from pim_bot.errors import PimBotError
from pim_bot.process import Sighting
from pim_bot.storage.machine_time import MachineTime
from pim_bot.storage.processes import ProcessRows
from pim_bot.storage.tables import metadata
from pim_bot.storage.tables.feedback import feedback_answer, pooled_answer
from pim_bot.storage.tables.processes import leadership, process

BATCH = 1000
MOST_NAMED = 20

OF_THE_MOMENT = frozenset({leadership, process})
"""Who is at work just now: not carried over, since nobody is while a hub is moved."""
CARRIED = tuple(table for table in metadata.sorted_tables if table not in OF_THE_MOMENT)
"""In the order in which they can be filled: whoever is referred to comes first."""

_BAGS = frozenset({feedback_answer, pooled_answer})
"""Rows without order: their numbers say nothing, and are made anew so that they go on saying nothing."""

_LIMITS = (
    "statement_timeout = 0",  # a copy takes as long as it takes
    "idle_in_transaction_session_timeout = 0",
    "timezone = 'UTC'",
    "lock_timeout = '60s'",  # so long may the server take to notice that an interrupted move is over
    "tcp_keepalives_idle = 30",  # and it looks for us itself, should the line go dead
    "tcp_keepalives_interval = 10",
)


class NotCopied(PimBotError):
    """Rows were not copied and nothing of them is kept; the sentence says why and what to do."""


async def unhurried(connection: AsyncConnection) -> None:
    """Let this transaction take as long as it takes; on SQLite nothing limits it."""
    if connection.dialect.name == "postgresql":
        for limit in _LIMITS:
            await connection.execute(text(f"SET LOCAL {limit}"))


async def reserve(connection: AsyncConnection, within: timedelta) -> None:
    """Keep the tables of the new database to ourselves until the transaction ends.

    Raises ``NotCopied`` when a hub is alive on it, or when it would not keep every letter.
    """
    if connection.dialect.name == "sqlite":  # the transaction itself keeps everybody else from writing
        await connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        await require_nobody(connection, MachineTime(machine_clock), within)
        return
    await unhurried(connection)
    await _require_unicode(connection)
    names = ", ".join(_quoted(connection, table) for table in metadata.sorted_tables)
    await connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
    await require_nobody(connection, MachineTime(None), within)


async def _require_unicode(connection: AsyncConnection) -> None:
    found = (await connection.execute(text("SHOW server_encoding"))).scalar_one()
    if found != "UTF8":
        raise NotCopied(
            f"Docelowa baza ma kodowanie {found}, a potrzebne jest UTF8. "
            "Prosimy założyć inną: createdb --encoding UTF8 --template template0 NAZWA"
        )


async def require_nobody(connection: AsyncConnection, machine_time: MachineTime, within: timedelta) -> None:
    """Raise ``NotCopied`` when a process of a hub is alive on this database."""
    seen = await ProcessRows(connection, machine_time).seen(within=within)
    live = [one for one in seen if one.live]
    if live:
        raise NotCopied(
            f"Centrum działa na tej bazie ({connection.dialect.name}): {', '.join(map(_sighted, live))}. Prosimy je "
            f"zatrzymać; po procesie, który zginął, wystarczy odczekać {within.total_seconds():.0f} s."
        )


def _sighted(one: Sighting) -> str:
    return f"{one.process.name} ({', '.join(one.process.roles)}, znak życia {one.beat_at:%H:%M:%S} UTC)"


async def count_rows(connection: AsyncConnection) -> dict[str, int]:
    """Count the rows of every table that has any."""
    counts = {
        table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
        for table in CARRIED
    }
    return {name: count for name, count in counts.items() if count}


async def carry_over(old: AsyncConnection, new: AsyncConnection) -> dict[str, int]:
    """Copy every row of every table and compare it; tells how many there are of each table."""
    for table in CARRIED:
        await _copy(old, new, table)
        await _count_on(new, table)
    return {table.name: await compared(old, new, table) for table in CARRIED}


async def _copy(old: AsyncConnection, new: AsyncConnection, table: Table) -> None:
    if new.dialect.name == "postgresql":
        await _copy_to_postgresql(old, new, table)
    else:
        await _copy_to_sqlite(old, new, table)


async def _copy_to_sqlite(old: AsyncConnection, new: AsyncConnection, table: Table) -> None:
    """Copy all rows of a table; JSON is written word for word, as it was read."""
    columns = [plain_column(one.name, Text() if isinstance(one.type, JSON) else one.type) for one in table.columns]
    names = [one.name for one in columns]
    statement = insert(plain_table(table.name, *columns))
    async with _streamed(old, _to_carry(table)) as found:
        async for rows in found.partitions(BATCH):
            await new.execute(statement, [dict(zip(names, row, strict=True)) for row in rows])


async def _copy_to_postgresql(old: AsyncConnection, new: AsyncConnection, table: Table) -> None:
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
        raise NotCopied(await _why_unfit(old, table, error)) from error


async def _count_on(connection: AsyncConnection, table: Table) -> None:
    """Let new rows be numbered after those that are there. Unlike setval this is taken back with the transaction."""
    numbered = table.autoincrement_column
    if numbered is None or connection.dialect.name == "sqlite":  # which numbers after the highest by itself
        return
    sequence = select(func.pg_get_serial_sequence(_quoted(connection, table), numbered.name))
    name = (await connection.execute(sequence)).scalar_one()
    highest = (await connection.execute(select(func.max(numbered)))).scalar_one() or 0
    await connection.execute(text(f"ALTER SEQUENCE {name} RESTART WITH {highest + 1:d}"))


async def compared(old: AsyncConnection, new: AsyncConnection, table: Table) -> int:
    """Compare a table row by row and tell how many there are. Raises ``NotCopied`` at the first difference."""
    count = 0
    async with _streamed(old, _to_compare(table, old)) as left, _streamed(new, _to_compare(table, new)) as right:
        parts = right.partitions(BATCH)
        async for rows in left.partitions(BATCH):
            others: Sequence[Row[Any]] = await anext(parts, [])
            if rows != others:
                raise NotCopied(_difference(table, rows, others))
            count += len(rows)
        if others := await anext(parts, []):
            raise NotCopied(_difference(table, [], others))
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
            f"Wierszy tabeli {table.name} nie da się przenieść ({said_by(error)}), więc nic nie zostało przeniesione. "
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


def said_by(error: Exception) -> str:
    """Tell what a driver said in one line, without the details, in which it would quote whole rows."""
    cause = getattr(error, "orig", None) or error
    said = getattr(getattr(cause, "diag", None), "message_primary", None) or str(cause)
    return " ".join(said.split())[:200].rstrip(".")


def names_of(tables: Iterable[Table]) -> tuple[str, ...]:
    """Tell the names of tables, in their order."""
    return tuple(sorted(table.name for table in tables))
