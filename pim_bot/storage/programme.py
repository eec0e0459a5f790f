"""A whole edition, as a programme file tells it: kept as rows and read back equal."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.clock import new_id
from pim_bot.programme.edition import (
    DocumentPart,
    Edition,
    Goal,
    Guardianship,
    Membership,
    Milestone,
    Network,
    Person,
    PersonRole,
    ProgrammeActivity,
)
from pim_bot.programme.keys import role_key
from pim_bot.storage.editions import (
    city_of,
    institution_of,
    kind_of,
    membership_of,
    network_of,
    part_of,
    recommendation_of,
)
from pim_bot.storage.rows import Row, fact_of, fact_row, upsert
from pim_bot.storage.tables import edition as tables
from pim_bot.storage.tables.people import member, member_role


class ProgrammeRows:
    """Keeps editions, their people and what files told of activities; ``changed`` hears that an edition did."""

    def __init__(self, connection: AsyncConnection, changed: Callable[[], None]) -> None:
        self._connection = connection
        self._changed = changed

    async def load(self, slug: str) -> Edition | None:
        """Read an edition back, whole; None when there is none of that name."""
        found = await self._connection.execute(select(tables.edition).where(tables.edition.c.slug == slug))
        row = found.mappings().first()
        if row is None:
            return None
        return Edition(
            slug=row["slug"],
            name=row["name"],
            name_en=row["name_en"],
            short=row["short"],
            first_day=row["first_day"],
            last_day=row["last_day"],
            zone=row["zone"],
            hours_per_day=row["hours_per_day"],
            channel=row["channel"],
            contribution_reaction=row["contribution_reaction"],
            themes=tuple(row["themes"]),
            values_days=tuple(map(date.fromisoformat, row["values_days"])),
            named_feedback=row["named_feedback"],
            goals=tuple(
                [
                    Goal(number=one["number"], text=one["text"], **fact_of(one))
                    for one in await self._of(slug, tables.goal)
                ]
            ),
            institutions=tuple([institution_of(one) for one in await self._of(slug, tables.institution)]),
            cities=tuple([city_of(one) for one in await self._of(slug, tables.city)]),
            networks=await self._networks(slug),
            kinds=tuple(
                sorted([kind_of(one) for one in await self._of(slug, tables.activity_kind)], key=lambda k: k.slug)
            ),
            parts=await self._parts(slug),
            recommendations=tuple([recommendation_of(one) for one in await self._of(slug, tables.recommendation)]),
            milestones=tuple([_milestone(one) for one in await self._of(slug, tables.milestone)]),
            activities=tuple(
                [
                    msgspec.convert(one["told"], ProgrammeActivity)
                    for one in await self._of(slug, tables.programme_activity)
                ]
            ),
            people=await self._people(slug),
            **fact_of(row),
        )

    async def _of(self, slug: str, table: Table) -> list[Row]:
        found = await self._connection.execute(
            select(table).where(table.c.edition == slug).order_by(*table.primary_key.columns)
        )
        return list(found.mappings())

    async def _networks(self, slug: str) -> tuple[Network, ...]:
        memberships = [(row["network"], membership_of(row)) for row in await self._of(slug, tables.membership)]
        guardianships = [(row["network"], _guardianship(row)) for row in await self._of(slug, tables.guardianship)]
        networks = []
        for row in await self._of(slug, tables.network):
            mine = [one for network, one in memberships if network == row["slug"]]
            guards = [one for network, one in guardianships if network == row["slug"]]
            networks.append(_network(row, mine, guards))
        return tuple(networks)

    async def _parts(self, slug: str) -> tuple[DocumentPart, ...]:
        parts = [part_of(row) for row in await self._of(slug, tables.document_part)]
        return tuple(sorted(parts, key=lambda part: (part.document, part.position)))

    async def _people(self, slug: str) -> tuple[Person, ...]:
        found = await self._connection.execute(
            select(member, *(column.label(f"role_{column.name}") for column in member_role.c))
            .join(member_role, member_role.c.member_id == member.c.id)
            .where(member_role.c.edition == slug, member.c.email.is_not(None))
        )
        people: dict[str, tuple[Row, list[PersonRole]]] = {}
        for row in found.mappings():
            people.setdefault(row["email"], (row, []))[1].append(_person_role(row))
        return tuple(
            Person(
                email=email,
                name=row["name"],
                roles=tuple(sorted(roles, key=lambda role: (*role_key(role), _first_day(role)))),
                language=row["told_language"],
                zone=row["told_zone"],
            )
            for email, (row, roles) in sorted(people.items())
        )

    async def keep(self, edition: Edition) -> None:
        """Keep everything of an edition but its people and activities; nothing is deleted but undone periods."""
        await upsert(self._connection, tables.programme_version, [{"id": 1, "version": new_id()}])
        self._changed()
        days = [day.isoformat() for day in edition.values_days]
        own = fact_row(edition) | {
            name: getattr(edition, name)
            for name in (
                "slug",
                "name",
                "name_en",
                "short",
                "first_day",
                "last_day",
                "zone",
                "hours_per_day",
                "channel",
                "contribution_reaction",
                "named_feedback",
            )
        }
        await upsert(self._connection, tables.edition, [own | {"themes": list(edition.themes), "values_days": days}])
        await self._keep(tables.goal, edition, edition.goals, ("number", "text"))
        await self._keep(tables.city, edition, edition.cities, ("slug", "name", "kind", "genitive", "locative", "also"))
        await self._keep(
            tables.network, edition, edition.networks, ("slug", "name", "name_en", "also", "type", "topics", "channel")
        )
        await self._keep(
            tables.document_part, edition, edition.parts, ("document", "slug", "name", "group", "position")
        )
        await self._keep(
            tables.recommendation,
            edition,
            edition.recommendations,
            ("slug", "network", "part", "text", "text_en", "addressee"),
        )
        await self._keep(tables.milestone, edition, edition.milestones, ("slug", "day", "text", "precision"))
        await self._keep_institutions_and_kinds(edition)
        await self._keep_places(edition)

    async def _keep_institutions_and_kinds(self, edition: Edition) -> None:
        await upsert(
            self._connection,
            tables.institution,
            [
                fact_row(one)
                | {
                    "edition": edition.slug,
                    "slug": one.slug,
                    "names": msgspec.to_builtins(one.names),
                    "name_en": one.name_en,
                    "side": one.side,
                }
                for one in edition.institutions
            ],
        )
        names = ("slug", "name", "name_en", "scope", "invites", "ladder", "all_day")
        kinds = [_columns(edition, kind, names) | {"position": place} for place, kind in enumerate(edition.kinds)]
        await upsert(self._connection, tables.activity_kind, kinds)

    async def _keep_places(self, edition: Edition) -> None:
        """Keep memberships and guardianships; a period that the file tells otherwise takes the place of the old one."""
        memberships, guardianships = [], []
        for network in edition.networks:
            for one in network.memberships:
                row = _columns(edition, one, ("city", "role", "since", "until", "mid"))
                memberships.append(row | {"network": network.slug})
            for guard in network.guardianships:
                row = _columns(edition, guard, ("institution", "person", "since", "until"))
                guardianships.append(row | {"network": network.slug})
        for table, rows in ((tables.membership, memberships), (tables.guardianship, guardianships)):
            await self._connection.execute(delete(table).where(table.c.edition == edition.slug))
            if rows:
                await self._connection.execute(insert(table), [{"id": new_id(), **row} for row in rows])

    async def _keep(self, table: Table, edition: Edition, things: Iterable[Any], names: tuple[str, ...]) -> None:
        await upsert(self._connection, table, [_columns(edition, thing, names) for thing in things])

    async def keep_person(self, edition: Edition, person: Person) -> tuple[str, int]:
        """Keep a person with their roles in this edition; tells the member's id and new revision."""
        self._changed()
        found = await self._connection.execute(select(member).where(member.c.email == person.email))
        row = found.mappings().first()
        member_id, revision = (row["id"], row["revision"] + 1) if row else (new_id(), 1)
        values = {
            "name": person.name,
            "language": person.language or (row["language"] if row else ""),
            "zone": person.zone or (row["zone"] if row else ""),
            "told_language": person.language,
            "told_zone": person.zone,
            "looked_up_at": None,
            "revision": revision,
        }
        if row:
            await self._connection.execute(update(member).where(member.c.id == member_id).values(values))
        else:
            await self._connection.execute(insert(member), {"id": member_id, "email": person.email, **values})
        await self._keep_roles(edition, member_id, person)
        return member_id, revision

    async def _keep_roles(self, edition: Edition, member_id: str, person: Person) -> None:
        sides = {one.slug: one.side for one in edition.institutions}
        mine = (member_role.c.member_id == member_id, member_role.c.edition == edition.slug)
        await self._connection.execute(delete(member_role).where(*mine))
        rows = [
            {
                "id": new_id(),
                "member_id": member_id,
                "edition": edition.slug,
                "role": role.role,
                "told_network": role.network,
                "network": role.network,
                "city": role.city,
                "institution": role.institution,
                "side": sides.get(role.institution, "world_bank" if role.role == "expert" else ""),
                "contact": role.contact,
                "since": role.since,
                "until": role.until,
            }
            for role in person.roles
        ]
        if rows:
            await self._connection.execute(insert(member_role), rows)

    async def place_officials(self, edition: str) -> None:
        """Fill in, for officials of whom only the city is told, the network that the city is a member of."""
        self._changed()
        network = (
            select(tables.membership.c.network)
            .where(tables.membership.c.edition == edition, tables.membership.c.city == member_role.c.city)
            .order_by(tables.membership.c.since.desc())
            .limit(1)
            .scalar_subquery()
        )
        officials = (
            member_role.c.edition == edition,
            member_role.c.role == "official",
            member_role.c.told_network == "",
            network.is_not(None),
        )
        await self._connection.execute(update(member_role).where(*officials).values(network=network))

    async def keep_activity(self, edition: str, told: ProgrammeActivity, activity_id: str) -> None:
        """Keep what the file tells of an activity, and which activity on the calendar came of it ("" for none)."""
        row = {
            "edition": edition,
            "slug": told.slug,
            "told": msgspec.to_builtins(told),
            "activity_id": activity_id,
        }
        await upsert(self._connection, tables.programme_activity, [row])

    async def activity_id(self, edition: str, slug: str) -> str:
        """Tell the activity on the calendar that came of a file's activity, or "" when none did."""
        table = tables.programme_activity
        found = await self._connection.execute(
            select(table.c.activity_id).where(table.c.edition == edition, table.c.slug == slug)
        )
        return found.scalar() or ""


def _columns(edition: Edition, thing: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Read these attributes as the columns of one row; tuples become lists."""
    values = {name: getattr(thing, name) for name in names}
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return {"edition": edition.slug} | plain | fact_row(thing)


def _guardianship(row: Row) -> Guardianship:
    return Guardianship(
        institution=row["institution"], person=row["person"], since=row["since"], until=row["until"], **fact_of(row)
    )


def _milestone(row: Row) -> Milestone:
    names = ("slug", "day", "text", "precision")
    return Milestone(**{name: row[name] for name in names}, **fact_of(row))


def _person_role(row: Row) -> PersonRole:
    return PersonRole(
        role=row["role_role"],
        network=row["role_told_network"],
        city=row["role_city"],
        institution=row["role_institution"],
        contact=row["role_contact"],
        since=row["role_since"],
        until=row["role_until"],
    )


def _first_day(one: Membership | Guardianship | PersonRole) -> date:
    return one.since or date.min


def _network(row: Row, memberships: list[Membership], guardianships: list[Guardianship]) -> Network:
    return replace(
        network_of(row),
        memberships=tuple(sorted(memberships, key=lambda one: (one.city, _first_day(one)))),
        guardianships=tuple(sorted(guardianships, key=lambda one: (one.institution, one.person, _first_day(one)))),
    )
