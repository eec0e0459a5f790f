"""Small things that all repositories need: holding, states, inserting once on either engine, facts as columns."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, func, literal_column
from sqlalchemy.dialects import postgresql as postgresql_dialect
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.programme.edition import Certainty, Fact
from pim_bot.storage import postgresql

Row = Mapping[Any, Any]

REHEARSAL = "rehearsal"
"""Execution option of a connection whose changes nobody else ever sees: nothing needs to be held there."""


async def hold(connection: AsyncConnection, keys: Iterable[str]) -> None:
    """Keep others from changing what goes by these names until this transaction ends.

    On SQLite whoever writes holds the whole database already.
    """
    names = list(keys)
    if names and connection.dialect.name == "postgresql" and not _is_rehearsal(connection):
        await postgresql.hold(connection, names)


def _is_rehearsal(connection: AsyncConnection) -> bool:
    return connection.sync_connection is not None and REHEARSAL in connection.sync_connection.get_execution_options()


def in_state(rows: FromClause, *states: str) -> ColumnElement[bool]:
    """Make the condition that a row is in one of these states."""
    return one_of(rows.c.state, *states)


def one_of(column: ColumnElement[str], *words: str) -> ColumnElement[bool]:
    """Make the condition that a column holds one of these words of ours, written out as in the index that serves it.

    A partial index serves only a statement in which its own condition can be read: what a bound value will be is not
    known when the plan is made.
    """
    written = [literal_column(f"'{word}'", column.type) for word in words]
    return column == written[0] if len(written) == 1 else column.in_(written)


def is_still(rows: FromClause, state: str) -> ColumnElement[bool]:
    """Make the condition that a row which is found by its key is in this state, and that no partial index serves.

    What was empty when the statistics were made counts as empty for PostgreSQL. Where it can, it looks a key up by
    reading everything that is open.
    """
    return func.coalesce(rows.c.state, "") == state


def insert_into(connection: AsyncConnection, table: Table) -> Any:
    """Begin an insert that can say what is to be done about a conflict."""
    insert = postgresql_dialect.insert if connection.dialect.name == "postgresql" else sqlite_dialect.insert
    return insert(table)


async def insert_new(
    connection: AsyncConnection, table: Table, rows: Sequence[Row], *, computed: Row | None = None
) -> int:
    """Insert rows; those whose key is there already are left as they are. Returns how many are new.

    ``computed`` are columns whose value is an expression, the same for all rows; it sees none of them.
    """
    if not rows:
        return 0
    statement = insert_into(connection, table).values(computed) if computed else insert_into(connection, table)
    # Returned rows are counted, since drivers do not agree on the count of many.
    statement = statement.on_conflict_do_nothing().returning(*table.primary_key)
    return len((await connection.execute(statement, list(rows))).all())


async def upsert(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, or change those whose primary key is there already. All rows have the same columns."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    statement = insert_into(connection, table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    await connection.execute(statement, list(rows))


def fact_row(fact: Fact) -> dict[str, Any]:
    """Tell the columns of where a fact comes from."""
    return {"sources": list(fact.sources), "certainty": fact.certainty.value, "note": fact.note}


def fact_of(row: Row) -> dict[str, Any]:
    """Read the columns of where a fact comes from."""
    return {"sources": tuple(row["sources"]), "certainty": Certainty(row["certainty"]), "note": row["note"]}
