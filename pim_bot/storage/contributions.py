"""Contributions, as rows."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.errors import StaleForm
from pim_bot.programme.contribution import Circle, Consent, Contribution, ContributionStatus, ContributionType, Source
from pim_bot.programme.document import Document, DocumentKind
from pim_bot.storage.memory import Memory
from pim_bot.storage.rows import Row, one_of
from pim_bot.storage.tables.contributions import contribution as contribution_table

_WITHHELD = (Consent.ASKED.value, Consent.REFUSED.value)
_LISTS = ("people", "cities", "bodies", "topics")
_WORDS = {
    "type": ContributionType,
    "circle": Circle,
    "source": Source,
    "consent": Consent,
    "status": ContributionStatus,
}


class ContributionRows:
    """Implements ``programme.ports.Contributions``."""

    def __init__(self, connection: AsyncConnection, memory: Memory) -> None:
        self._connection = connection
        self._memory = memory

    async def get(self, contribution_id: str) -> Contribution | None:
        return (await self.many([contribution_id])).get(contribution_id)

    async def many(self, contribution_ids: Sequence[str]) -> dict[str, Contribution]:
        found = await self._connection.execute(
            select(contribution_table).where(contribution_table.c.id.in_(contribution_ids))
        )
        return {row["id"]: contribution_of(row) for row in found.mappings()}

    async def by_source(self, source_key: str) -> Contribution | None:
        found = await self._connection.execute(
            select(contribution_table).where(contribution_table.c.source_key == source_key)
        )
        row = found.mappings().first()
        return contribution_of(row) if row else None

    async def of_document(self, document: Document) -> list[Contribution]:
        table = contribution_table
        found = await self._connection.execute(
            select(table)
            .where(
                table.c.edition == document.edition,
                table.c.network == document.network,
                table.c.city == document.city,
                table.c.document == document.kind.value,
            )
            .order_by(table.c.logged_at, table.c.id)
        )
        return [contribution_of(row) for row in found.mappings()]

    async def waiting(self, edition: str) -> list[Contribution]:
        table = contribution_table
        found = await self._connection.execute(
            select(table)
            .where(
                table.c.edition == edition,
                one_of(table.c.status, ContributionStatus.PROPOSED),
                table.c.consent.not_in(_WITHHELD),
            )
            .order_by(table.c.logged_at, table.c.id)
        )
        return [contribution_of(row) for row in found.mappings()]

    async def of_editions(self, editions: Sequence[str]) -> list[Contribution]:
        table = contribution_table
        found = await self._connection.execute(
            select(table).where(table.c.edition.in_(editions)).order_by(table.c.logged_at, table.c.id)
        )
        return [contribution_of(row) for row in found.mappings()]

    async def counted(
        self, edition: str, networks: Sequence[str]
    ) -> dict[Document, dict[tuple[str, ContributionStatus], int]]:
        columns = contribution_table.c
        by = (columns.document, columns.network, columns.city, columns.part, columns.status)
        found = await self._connection.execute(
            select(*by, func.count())
            .where(columns.edition == edition, columns.network.in_(networks), columns.consent.not_in(_WITHHELD))
            .group_by(*by)
        )
        counted: dict[Document, dict[tuple[str, ContributionStatus], int]] = {}
        for kind, network, city, part, status, count in found:
            document = Document(kind=DocumentKind(kind), edition=edition, network=network, city=city)
            counted.setdefault(document, {})[part, ContributionStatus(status)] = count
        return counted

    async def add(self, contribution: Contribution) -> None:
        self._memory.forget()
        await self._connection.execute(insert(contribution_table), _row_of(contribution))

    async def save(self, contribution: Contribution) -> None:
        self._memory.forget()
        statement = (
            update(contribution_table)
            .where(
                contribution_table.c.id == contribution.id,
                contribution_table.c.revision == contribution.revision - 1,
            )
            .values(_row_of(contribution))
        )
        if (await self._connection.execute(statement)).rowcount != 1:
            raise StaleForm("Ten wkład zmienił się od otwarcia formularza. Prosimy sprawdzić aktualną treść.")


def contribution_of(row: Row) -> Contribution:
    """Read a contribution."""
    values = {field.name: row[field.name] for field in fields(Contribution) if field.name != "document"}
    values |= {name: tuple(row[name]) for name in _LISTS}
    values |= {name: word(row[name]) for name, word in _WORDS.items()}
    document = Document(
        kind=DocumentKind(row["document"]), edition=row["edition"], network=row["network"], city=row["city"]
    )
    return Contribution(**(values | {"document": document, "source_key": row["source_key"] or ""}))


def _row_of(contribution: Contribution) -> dict[str, Any]:
    row = {field.name: getattr(contribution, field.name) for field in fields(Contribution)}
    row |= {name: list(row[name]) for name in _LISTS} | {name: row[name].value for name in _WORDS}
    document = contribution.document
    return row | {
        "document": document.kind.value,
        "edition": document.edition,
        "network": document.network,
        "city": document.city,
        "source_key": contribution.source_key or None,
    }
