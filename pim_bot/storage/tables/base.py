"""What all tables share: names of constraints, the column types, and the mark of personal data."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Dialect, ForeignKey, MetaData, String, Text, TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

PERSONAL = {"personal": True}
"""``Column.info`` of a column that holds personal data: names, addresses, free text, rendered messages."""


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC on every engine; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        aware: datetime = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC)


def key(name: str, *, of: str = "", personal: bool = False) -> Column[str]:
    """Make a column of the primary key for an id or a slug; ``of`` names the column it refers to."""
    info = PERSONAL if personal else {}
    return Column(name, String(160), *_reference(of), primary_key=True, nullable=False, info=info)


def reference(name: str, of: str, *, optional: bool = False, index: bool = False) -> Column[str]:
    """Make a column that refers to another table's key."""
    return Column(name, String(160), ForeignKey(of), nullable=optional, index=index)


def _reference(of: str) -> list[ForeignKey]:
    return [ForeignKey(of)] if of else []


def word(name: str, *, default: str = "") -> Column[str]:
    """Make a column for a short word of ours: a state, a kind, a slug that may be empty."""
    return Column(name, String(160), nullable=False, server_default=default)


def text(name: str, *, personal: bool = False) -> Column[str]:
    """Make a column for text of any length."""
    return Column(name, Text, nullable=False, server_default="", info=PERSONAL if personal else {})


def many(name: str, *, personal: bool = False) -> Column[Any]:
    """Make a column for a list of plain values."""
    return Column(name, JSON, nullable=False, server_default="[]", info=PERSONAL if personal else {})


def fact_columns() -> list[Column[Any]]:
    """Make the columns that tell where a fact comes from."""
    return [many("sources"), word("certainty", default="certain"), text("note")]
