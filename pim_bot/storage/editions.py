"""Editions as data: what everyday work reads of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Table, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.programme.edition import (
    ActivityKind,
    City,
    CityKind,
    DatedName,
    DocumentPart,
    Institution,
    Membership,
    Network,
    Recommendation,
    Scope,
)
from pim_bot.programme.ports import EditionInForce
from pim_bot.storage.rows import Row, fact_of
from pim_bot.storage.tables import edition as tables

Thing = TypeVar("Thing")


def in_force_on(table: Any, day: date) -> Any:
    """Make the condition that a dated row holds on that day; ``until`` is its last day."""
    return in_force_between(table, day, day)


def in_force_between(table: Any, first: date, last: date) -> Any:
    """Make the condition that a dated row holds on one of these days."""
    return and_(
        or_(table.c.since.is_(None), table.c.since <= last), or_(table.c.until.is_(None), table.c.until >= first)
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionFacts:
    """The few facts of all editions, as they were at one version of the programme."""

    version: str
    editions: dict[str, tuple[Row, EditionInForce]]
    kinds: dict[str, list[ActivityKind]]
    networks: dict[str, list[Network]]
    cities: dict[str, list[City]]
    parts: dict[str, list[DocumentPart]]
    institutions: dict[str, list[Institution]]
    memberships: dict[str, list[Row]]
    recommendations: dict[str, list[Recommendation]]


class EditionShelf:
    """Keeps the facts of editions in memory between transactions; whoever uses them asks first for their version."""

    def __init__(self) -> None:
        self._facts: EditionFacts | None = None

    async def facts(self, connection: AsyncConnection) -> EditionFacts:
        """Tell the facts as this transaction sees them."""
        found = await connection.execute(select(tables.programme_version.c.version))
        version = found.scalar() or ""
        if self._facts is None or self._facts.version != version:
            self._facts = await _read(connection, version)
        return self._facts


async def _read(connection: AsyncConnection, version: str) -> EditionFacts:
    async def rows(table: Table, *order: str) -> list[Row]:
        found = await connection.execute(select(table).order_by(*(table.c[name] for name in order)))
        return list(found.mappings())

    return EditionFacts(
        version=version,
        editions={row["slug"]: (row, _in_force(row)) for row in await rows(tables.edition, "slug")},
        kinds=_by_edition(await rows(tables.activity_kind, "position"), kind_of),
        networks=_by_edition(await rows(tables.network, "slug"), network_of),
        cities=_by_edition(await rows(tables.city, "slug"), city_of),
        parts=_by_edition(await rows(tables.document_part, "document", "position"), part_of),
        institutions=_by_edition(await rows(tables.institution, "slug"), institution_of),
        memberships=_by_edition(await rows(tables.membership, "network", "city"), lambda row: row),
        recommendations=_by_edition(await rows(tables.recommendation, "slug"), recommendation_of),
    )


def _by_edition(rows: list[Row], read: Callable[[Row], Thing]) -> dict[str, list[Thing]]:
    found: dict[str, list[Thing]] = {}
    for row in rows:
        found.setdefault(row["edition"], []).append(read(row))
    return found


class EditionRows:
    """Implements ``programme.ports.Editions``."""

    def __init__(self, connection: AsyncConnection, shelf: EditionShelf) -> None:
        self._connection = connection
        self._shelf = shelf
        self._facts: EditionFacts | None = None

    async def _known(self) -> EditionFacts:
        if self._facts is None:
            self._facts = await self._shelf.facts(self._connection)
        return self._facts

    def changed(self) -> None:
        """Read anew: the programme was changed in this transaction."""
        self._facts = None

    async def in_force(self, day: date) -> EditionInForce | None:
        editions = (await self._known()).editions
        if not editions:
            return None
        _, found = min(editions.values(), key=lambda one: _remoteness(one[0], day))
        return found

    async def get(self, slug: str) -> EditionInForce | None:
        found = (await self._known()).editions.get(slug)
        return found[1] if found else None

    async def kinds(self, edition: str) -> list[ActivityKind]:
        return list((await self._known()).kinds.get(edition, ()))

    async def kind(self, edition: str, slug: str) -> ActivityKind | None:
        kinds = (await self._known()).kinds.get(edition, ())
        return next((kind for kind in kinds if kind.slug == slug), None)

    async def networks(self, edition: str) -> list[Network]:
        return list((await self._known()).networks.get(edition, ()))

    async def cities(self, edition: str) -> list[City]:
        return list((await self._known()).cities.get(edition, ()))

    async def parts(self, edition: str) -> list[DocumentPart]:
        return list((await self._known()).parts.get(edition, ()))

    async def institutions(self, edition: str) -> list[Institution]:
        return list((await self._known()).institutions.get(edition, ()))

    async def city_networks(self, edition: str, city: str, day: date) -> list[str]:
        return [row["network"] for row in await self._members(edition, day) if row["city"] == city]

    async def cities_of(self, edition: str, networks: Sequence[str], day: date) -> list[tuple[str, str]]:
        wanted = set(networks)
        return [(row["network"], row["city"]) for row in await self._members(edition, day) if row["network"] in wanted]

    async def known(self) -> list[EditionInForce]:
        editions = (await self._known()).editions.values()
        return [found for _, found in sorted(editions, key=lambda one: (one[0]["first_day"] or date.max, one[1].slug))]

    async def memberships(self, edition: str) -> list[tuple[str, Membership]]:
        rows = (await self._known()).memberships.get(edition, ())
        return [(row["network"], membership_of(row)) for row in rows]

    async def recommendations(self, edition: str) -> list[Recommendation]:
        return list((await self._known()).recommendations.get(edition, ()))

    async def _members(self, edition: str, day: date) -> list[Row]:
        memberships = (await self._known()).memberships.get(edition, ())
        return [row for row in memberships if (row["since"] or day) <= day <= (row["until"] or day)]


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
        contribution_reaction=row["contribution_reaction"],
        themes=tuple(row["themes"]),
        first_day=row["first_day"],
        last_day=row["last_day"],
        values_days=tuple(map(date.fromisoformat, row["values_days"])),
        named_feedback=row["named_feedback"],
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


def part_of(row: Row) -> DocumentPart:
    """Read a part of a document."""
    names = ("document", "slug", "name", "group", "position")
    return DocumentPart(**{name: row[name] for name in names}, **fact_of(row))


def institution_of(row: Row) -> Institution:
    """Read an institution."""
    names = tuple(msgspec.convert(row["names"], list[DatedName]))
    return Institution(slug=row["slug"], names=names, name_en=row["name_en"], side=row["side"], **fact_of(row))


def membership_of(row: Row) -> Membership:
    """Read a membership."""
    names = ("city", "role", "mid", "since", "until")
    return Membership(**{name: row[name] for name in names}, **fact_of(row))


def recommendation_of(row: Row) -> Recommendation:
    """Read a recommendation of a finished PU."""
    names = ("slug", "network", "part", "text", "text_en", "addressee")
    return Recommendation(**{name: row[name] for name in names}, **fact_of(row))
