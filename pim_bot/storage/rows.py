"""Small things that all repositories need: inserting once on either engine, and facts as columns."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.programme.edition import Certainty, Fact

Row = Mapping[Any, Any]


async def insert_new(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> int:
    """Insert rows; those whose key is there already are left as they are. Returns how many are new."""
    if not rows:
        return 0
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    result = await connection.execute(insert(table).on_conflict_do_nothing(), list(rows))
    return result.rowcount


async def upsert(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, or change those whose primary key is there already. All rows have the same columns."""
    if not rows:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    keys = [column.name for column in table.primary_key]
    statement: Any = insert(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    await connection.execute(statement, list(rows))


def fact_row(fact: Fact) -> dict[str, Any]:
    """Tell the columns of where a fact comes from."""
    return {"sources": list(fact.sources), "certainty": fact.certainty.value, "note": fact.note}


def fact_of(row: Row) -> dict[str, Any]:
    """Read the columns of where a fact comes from."""
    return {"sources": tuple(row["sources"]), "certainty": Certainty(row["certainty"]), "note": row["note"]}
