"""Where a person is named in text: found in every column that is tagged as personal, and taken out of it.

A name counts only whole and as it is written in the programme; one of a single word is never looked for in text, since
it may be anybody's. Other forms of it („z Anną Nowak”) are not found, and the reply to the person says so.
"""

import json
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, Text, cast, false, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.storage.rows import Row
from pim_bot.storage.tables import metadata
from pim_bot.storage.tables.activities import feed_item
from pim_bot.storage.tables.flow import notification, parked_request
from pim_bot.storage.tables.people import identity, member, recipient
from pim_bot.storage.tables.privacy import held, notice

GONE = "(dane usunięte)"
"""What stands where a name stood."""

OWN = frozenset(
    {
        member.c.name,
        member.c.email,
        identity.c.user_id,
        recipient.c.address,
        recipient.c.conversation,
        notification.c.conversation,
        notice.c.user_id,
        held.c.rows,
    }
)
"""Columns that hold what is one person's own: followed by ``storage.privacy.TRAILS``, never searched for names."""

DERIVED = frozenset({feed_item.c.body})
"""Columns that are made anew from others."""


@dataclass(frozen=True, slots=True)
class Naming:
    """The ways in which text names a person: full name, e-mail, Slack ids."""

    spellings: tuple[str, ...]

    @property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.spellings, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)

    def names(self, value: Any) -> bool:
        """Tell whether a value, or anything in it, names the person."""
        return bool(self.spellings) and self.without(value) != value

    def without(self, value: Any) -> Any:
        """Give the value without the person's names; its shape and the length of lists stay."""
        if not self.spellings:
            return value
        if isinstance(value, str):
            return self._pattern.sub(GONE, value)
        if isinstance(value, list):
            return [self.without(one) for one in value]
        if isinstance(value, dict):
            return {name: self.without(one) for name, one in value.items()}
        return value

    def in_bytes(self, body: bytes) -> bool:
        """Tell whether raw bytes name the person, written as they are or as JSON writes them."""
        text = body.decode("utf-8", "replace")
        unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)
        return self.names(text) or self.names(unescaped)

    def written(self) -> list[bytes]:
        """Tell every spelling as the bytes in which a database may hold it."""
        forms = {form for one in self.spellings for form in (one, json.dumps(one)[1:-1])}
        return sorted(form.encode() for form in forms)

    def may_be_in(self, column: Column[Any]) -> ColumnElement[bool]:
        """Make a condition that no row fails which names the person; some others meet it too."""
        text = column if isinstance(column.type, Text) else cast(column, Text)
        cases = {case for one in self.spellings for case in (one, one.lower(), one.upper(), one.title())}
        forms = sorted({form for one in cases for form in (one, json.dumps(one)[1:-1])})
        emails = [one.lower() for one in self.spellings if "@" in one]
        conditions = [text.contains(form, autoescape=True) for form in forms]
        conditions += [func.lower(text).contains(one, autoescape=True) for one in emails]
        return or_(false(), *conditions)


def naming_of(name: str, email: str, others: Iterable[str] = ()) -> Naming:
    """Make the naming of a person; what would fit anybody is left out."""
    full = [name] if len(name.split()) > 1 else []
    return Naming(tuple(dict.fromkeys(one for one in (*full, email, *others) if one)))


def searched_columns() -> list[Column[Any]]:
    """Tell every tagged column in which people may be named."""
    tagged = (column for table in metadata.sorted_tables for column in table.columns if column.info.get("personal"))
    return [column for column in tagged if column not in OWN and column not in DERIVED]


@dataclass(frozen=True, slots=True)
class Mention:
    """A row in which the person is named, and in which of its columns."""

    table: Table
    row: Row
    columns: tuple[Column[Any], ...]

    @property
    def key(self) -> dict[str, Any]:
        """The row's primary key."""
        return {column.name: self.row[column.name] for column in self.table.primary_key}


async def mentions_of(connection: AsyncConnection, naming: Naming) -> AsyncIterator[Mention]:
    """Tell every row in which the person is named."""
    if not naming.spellings:
        return
    by_table: dict[Table, list[Column[Any]]] = {}
    for column in searched_columns():
        by_table.setdefault(column.table, []).append(column)
    for table, columns in by_table.items():
        for row in await _candidates(connection, table, columns, naming):
            named = tuple(column for column in columns if _is_named(naming, row[column.name]))
            if named:
                yield Mention(table, row, named)


async def _candidates(
    connection: AsyncConnection, table: Table, columns: list[Column[Any]], naming: Naming
) -> list[Row]:
    if table is parked_request:  # few, and in bytes
        statement = select(table)
    else:
        statement = select(table).where(or_(*(naming.may_be_in(column) for column in columns)))
    return list((await connection.execute(statement.order_by(*table.primary_key))).mappings())


def _is_named(naming: Naming, value: Any) -> bool:
    return naming.in_bytes(value) if isinstance(value, bytes) else naming.names(value)


async def take_out(connection: AsyncConnection, mention: Mention, naming: Naming) -> None:
    """Take the names out of a row; raw bytes that hold them go whole."""
    mine = [column == mention.row[column.name] for column in mention.table.primary_key]
    if any(isinstance(column.type, LargeBinary) for column in mention.columns):
        await connection.execute(mention.table.delete().where(*mine))
        return
    values = {column.name: naming.without(mention.row[column.name]) for column in mention.columns}
    await connection.execute(update(mention.table).where(*mine).values(values))
