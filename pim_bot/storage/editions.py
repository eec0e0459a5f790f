"""Editions as data: what everyday work reads of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.programme.edition import ActivityKind, City, CityKind, Network, Scope
from pim_bot.programme.ports import EditionInForce
from pim_bot.storage.rows import Row, fact_of
from pim_bot.storage.tables import edition as tables


def in_force_on(table: Any, day: date) -> Any:
    """Make the condition that a dated row holds on that day; ``until`` is its last day."""
    return and_(or_(table.c.since.is_(None), table.c.since <= day), or_(table.c.until.is_(None), table.c.until >= day))


class EditionRows:
    """Implements ``programme.ports.Editions``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def in_force(self, day: date) -> EditionInForce | None:
        rows = (await self._connection.execute(select(tables.edition))).mappings().all()
        if not rows:
            return None
        return _in_force(min(rows, key=lambda row: _remoteness(row, day)))

    async def get(self, slug: str) -> EditionInForce | None:
        found = await self._connection.execute(select(tables.edition).where(tables.edition.c.slug == slug))
        row = found.mappings().first()
        return _in_force(row) if row else None

    async def kinds(self, edition: str) -> list[ActivityKind]:
        table = tables.activity_kind
        rows = await self._connection.execute(
            select(table).where(table.c.edition == edition).order_by(table.c.position)
        )
        return [kind_of(row) for row in rows.mappings()]

    async def kind(self, edition: str, slug: str) -> ActivityKind | None:
        table = tables.activity_kind
        found = await self._connection.execute(select(table).where(table.c.edition == edition, table.c.slug == slug))
        row = found.mappings().first()
        return kind_of(row) if row else None

    async def networks(self, edition: str) -> list[Network]:
        table = tables.network
        rows = await self._connection.execute(select(table).where(table.c.edition == edition).order_by(table.c.slug))
        return [network_of(row) for row in rows.mappings()]

    async def cities(self, edition: str) -> list[City]:
        table = tables.city
        rows = await self._connection.execute(select(table).where(table.c.edition == edition).order_by(table.c.slug))
        return [city_of(row) for row in rows.mappings()]

    async def city_networks(self, edition: str, city: str, day: date) -> list[str]:
        table = tables.membership
        found = await self._connection.execute(
            select(table.c.network)
            .where(table.c.edition == edition, table.c.city == city, in_force_on(table, day))
            .order_by(table.c.network)
        )
        return list(found.scalars())

    async def cities_of(self, edition: str, networks: Sequence[str], day: date) -> list[tuple[str, str]]:
        table = tables.membership
        found = await self._connection.execute(
            select(table.c.network, table.c.city)
            .where(table.c.edition == edition, table.c.network.in_(networks), in_force_on(table, day))
            .order_by(table.c.network, table.c.city)
        )
        return [(network, city) for network, city in found]


def _remoteness(row: Row, day: date) -> tuple[int, int]:
    """Order editions for a day: the running one, then the latest that began, then the first to come."""
    first, last = row["first_day"] or date.min, row["last_day"] or date.max
    if first <= day <= last:
        return 0, -first.toordinal()
    return (1, -first.toordinal()) if first <= day else (2, first.toordinal())


def _in_force(row: Row) -> EditionInForce:
    return EditionInForce(
        slug=row["slug"],
        name=row["name"],
        name_en=row["name_en"],
        zone=row["zone"],
        hours_per_day=row["hours_per_day"],
        channel=row["channel"],
        themes=tuple(row["themes"]),
    )


def kind_of(row: Row) -> ActivityKind:
    """Read a kind of activity."""
    return ActivityKind(
        slug=row["slug"],
        name=row["name"],
        name_en=row["name_en"],
        scope=Scope(row["scope"]),
        invites=tuple(row["invites"]),
        ladder=tuple(row["ladder"]),
        all_day=row["all_day"],
        **fact_of(row),
    )


def network_of(row: Row) -> Network:
    """Read a network without its memberships."""
    return Network(
        slug=row["slug"],
        name=row["name"],
        name_en=row["name_en"],
        also=tuple(row["also"]),
        type=row["type"],
        topics=tuple(row["topics"]),
        channel=row["channel"],
        **fact_of(row),
    )


def city_of(row: Row) -> City:
    """Read a participant."""
    return City(
        slug=row["slug"],
        name=row["name"],
        kind=CityKind(row["kind"]),
        genitive=row["genitive"],
        locative=row["locative"],
        also=tuple(row["also"]),
        **fact_of(row),
    )
