"""Members, their roles, who they are in chat, and experts' assignments, as rows."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, time
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.clock import new_id
from pim_bot.programme.assignment import AssignmentStatus, ExpertAssignment
from pim_bot.programme.people import Member, Role, RoleName, Team
from pim_bot.programme.preferences import AS_USUAL, Preferences, Topic
from pim_bot.storage.editions import in_force_between, in_force_on
from pim_bot.storage.memory import Memory
from pim_bot.storage.rows import Row, insert_new, upsert
from pim_bot.storage.tables.edition import membership
from pim_bot.storage.tables.people import expert_assignment, identity, member_role, preference
from pim_bot.storage.tables.people import member as member_table

HOURS = ("opens", "closes", "digest_at")


def role_of(row: Row) -> Role:
    """Read a role."""
    values = {field.name: row[field.name] for field in fields(Role) if field.name != "name"}
    return Role(name=RoleName(row["role"]), **values)


class PeopleRows:
    """Implements ``programme.ports.People``."""

    def __init__(self, connection: AsyncConnection, memory: Memory) -> None:
        self._connection = connection
        self._memory = memory

    async def get(self, member_id: str) -> Member | None:
        return next(iter(await self.many([member_id])), None)

    async def many(self, member_ids: Sequence[str]) -> list[Member]:
        return list((await self._memory.recall_many("member", sorted(member_ids), self._read_by_id)).values())

    async def _read_by_id(self, member_ids: list[str]) -> dict[str, Member]:
        return {one.id: one for one in await self._read_usable(member_table.c.id.in_(member_ids))}

    async def by_chat_user(self, team_id: str, user_id: str) -> Member | None:
        known = select(identity.c.member_id).where(identity.c.team_id == team_id, identity.c.user_id == user_id)
        return next(iter(await self._read(member_table.c.id.in_(known))), None)

    async def teams(self, edition: str, networks: Sequence[str], day: date) -> list[Team]:
        return (await self.teams_on(edition, networks, [day]))[day]

    async def teams_on(self, edition: str, networks: Sequence[str], days: Sequence[date]) -> dict[date, list[Team]]:
        question = ("teams", edition, tuple(networks), tuple(days))
        return dict(await self._memory.recall(question, lambda: self._teams(edition, networks, days)))

    async def _teams(self, edition: str, networks: Sequence[str], days: Sequence[date]) -> dict[date, list[Team]]:
        found = await self._connection.execute(
            select(membership.c.network, membership.c.city, membership.c.since, membership.c.until)
            .where(
                membership.c.edition == edition,
                membership.c.network.in_(networks),
                in_force_between(membership, min(days), max(days)),
            )
            .order_by(membership.c.network, membership.c.city)
        )
        places = found.all()
        officials = await self._with_roles(edition, [RoleName.OFFICIAL], networks, min(days), max(days))
        teams = {}
        for day in days:
            there = [(network, city) for network, city, since, until in places if _is_in_force(since, until, day)]
            teams[day] = _teams_of(there, officials, day)
        return teams

    async def in_networks(self, edition: str, networks: Sequence[str], day: date) -> list[Member]:
        names = [RoleName.GUARDIAN, RoleName.EXPERT, RoleName.MINISTRY]
        return await self._with_roles(edition, names, networks, day)

    async def coordinators(self, edition: str, day: date) -> list[Member]:
        return await self._with_roles(edition, [RoleName.COORDINATOR], None, day)

    async def experts(self, edition: str, day: date) -> list[Member]:
        return await self._with_roles(edition, [RoleName.EXPERT], None, day)

    async def everybody(self, edition: str, day: date) -> list[Member]:
        return await self._with_roles(edition, list(RoleName), None, day)

    async def by_email(self, email: str) -> Member | None:
        return next(iter(await self._read(member_table.c.email == email)), None)

    async def enrolled(self, edition: str, network: str, city: str, day: date) -> list[Member]:
        holders = select(member_role.c.member_id).where(
            member_role.c.edition == edition,
            member_role.c.network == network,
            member_role.c.city == city,
            member_role.c.role == RoleName.OFFICIAL.value,
            or_(member_role.c.until.is_(None), member_role.c.until >= day),
        )
        return await self._read_usable(member_table.c.id.in_(holders))

    async def enrol(self, email: str, name: str, role: Role) -> str:
        self._memory.forget()
        found = await self._connection.execute(select(member_table.c.id).where(member_table.c.email == email))
        member_id: str = found.scalar() or new_id()
        row = {"id": member_id, "name": name, "email": email}
        await insert_new(self._connection, member_table, [row])
        values = {field.name: getattr(role, field.name) for field in fields(Role) if field.name != "name"}
        await self._connection.execute(
            insert(member_role), {"id": new_id(), "member_id": member_id, "role": role.name.value, **values}
        )
        return member_id

    async def change_role(self, member_id: str, before: Role, after: Role) -> None:
        self._memory.forget()
        same = [
            member_role.c[field.name] == getattr(before, field.name) for field in fields(Role) if field.name != "name"
        ]
        values = {field.name: getattr(after, field.name) for field in fields(Role) if field.name != "name"}
        await self._connection.execute(
            update(member_role)
            .where(member_role.c.member_id == member_id, member_role.c.role == before.name.value, *same)
            .values(values)
        )

    async def prefer(self, member: Member) -> None:
        self._memory.forget()
        chosen = {"language": member.language, "zone": member.zone, "revision": member_table.c.revision + 1}
        await self._connection.execute(update(member_table).where(member_table.c.id == member.id).values(chosen))
        row = {field.name: getattr(member.preferences, field.name) for field in fields(Preferences)}
        row |= {name: f"{row[name]:%H:%M}" for name in HOURS}
        row |= {"member_id": member.id, "ladder": list(row["ladder"]), "muted": sorted(row["muted"])}
        await upsert(self._connection, preference, [row])

    async def _with_roles(
        self, edition: str, names: list[RoleName], networks: Sequence[str] | None, day: date, last: date | None = None
    ) -> list[Member]:
        """Read who has such a role on that day, or on any day until the last one."""
        question = ("roles", edition, tuple(names), None if networks is None else tuple(networks), day, last)
        return list(
            await self._memory.recall(question, lambda: self._read_roles(edition, names, networks, day, last or day))
        )

    async def _read_roles(
        self, edition: str, names: list[RoleName], networks: Sequence[str] | None, day: date, last: date
    ) -> list[Member]:
        holders = select(member_role.c.member_id).where(
            member_role.c.edition == edition,
            member_role.c.role.in_([name.value for name in names]),
            in_force_between(member_role, day, last),
        )
        if networks is not None:
            holders = holders.where(member_role.c.network.in_(networks))
        if RoleName.EXPERT in names and networks is not None:
            # One list of both, since neither engine looks two lists up in an index.
            return await self._read_usable(member_table.c.id.in_(holders.union(_assigned_to(edition, networks, day))))
        return await self._read_usable(member_table.c.id.in_(holders))

    async def _read_usable(self, condition: ColumnElement[bool]) -> list[Member]:
        """Read those whose data may be used: of the others nobody hears, and nothing is sent to them."""
        return await self._read(and_(condition, member_table.c.restricted_at.is_(None)))

    async def _read(self, condition: ColumnElement[bool]) -> list[Member]:
        found = await self._connection.execute(
            select(
                member_table,
                *(column.label(f"role_{column.name}") for column in member_role.c),
                *(column.label(f"preference_{column.name}") for column in preference.c),
            )
            .outerjoin(member_role, member_role.c.member_id == member_table.c.id)
            .outerjoin(preference, preference.c.member_id == member_table.c.id)
            .where(condition)
            .order_by(member_table.c.id, member_role.c.id)
        )
        members: dict[str, Member] = {}
        for row in found.mappings():
            one = members.get(row["id"]) or _member_of(row)
            if row["role_id"] is not None:
                role = role_of({name.removeprefix("role_"): row[name] for name in row if name.startswith("role_")})
                one = replace(one, roles=(*one.roles, role))
            members[row["id"]] = one
        experts = [one.id for one in members.values() if any(role.name is RoleName.EXPERT for role in one.roles)]
        for member_id, role in await self._assigned_roles(experts):
            one = members[member_id]
            members[member_id] = replace(one, roles=(*one.roles, role))
        return list(members.values())

    async def _assigned_roles(self, member_ids: Sequence[str]) -> list[tuple[str, Role]]:
        """Tell what experts are by the assignments that they accepted."""
        if not member_ids:
            return []
        found = await self._connection.execute(
            select(expert_assignment)
            .where(
                expert_assignment.c.member_id.in_(member_ids),
                expert_assignment.c.status == AssignmentStatus.ACCEPTED.value,
            )
            .order_by(expert_assignment.c.id)
        )
        return [(row["member_id"], _assigned_role(row)) for row in found.mappings()]


def _is_in_force(since: date | None, until: date | None, day: date) -> bool:
    return (since is None or since <= day) and (until is None or day <= until)


def _teams_of(places: Sequence[tuple[str, str]], officials: Sequence[Member], day: date) -> list[Team]:
    teams = {(network, city): Team(network=network, city=city) for network, city in places}
    for one in officials:
        for role in one.roles:
            place = (role.network, role.city)
            if role.name is RoleName.OFFICIAL and role.holds_on(day) and place in teams:
                team = teams[place]
                contacts = (*team.contacts, one.id) if role.contact else team.contacts
                teams[place] = replace(team, members=(*team.members, one), contacts=contacts)
    return list(teams.values())


def _assigned_to(edition: str, networks: Sequence[str], day: date) -> Select[tuple[str]]:
    """Select who accepted to serve these networks, or a city of theirs, on that day."""
    cities = select(membership.c.city).where(
        membership.c.edition == edition, membership.c.network.in_(networks), in_force_on(membership, day)
    )
    return select(expert_assignment.c.member_id).where(
        expert_assignment.c.edition == edition,
        expert_assignment.c.status == AssignmentStatus.ACCEPTED.value,
        or_(expert_assignment.c.network.in_(networks), expert_assignment.c.city.in_(cities)),
        in_force_on(expert_assignment, day),
    )


def _assigned_role(row: Row) -> Role:
    return Role(
        name=RoleName.EXPERT,
        edition=row["edition"],
        network=row["network"],
        city=row["city"],
        side="world_bank",
        since=row["since"],
        until=row["until"],
    )


def _member_of(row: Row) -> Member:
    return Member(
        id=row["id"],
        name=row["name"],
        email=row["email"] or "",
        language=row["language"] or "pl",
        zone=row["zone"] or "Europe/Warsaw",
        is_restricted=row["restricted_at"] is not None,
        preferences=_preferences_of(row) if row["preference_member_id"] else AS_USUAL,
    )


def _preferences_of(row: Row) -> Preferences:
    values = {field.name: row[f"preference_{field.name}"] for field in fields(Preferences)}
    values |= {name: time.fromisoformat(values[name]) for name in HOURS}
    topics = frozenset(Topic(one) for one in values["muted"])
    return Preferences(**(values | {"ladder": tuple(values["ladder"]), "muted": topics}))


class AssignmentRows:
    """Implements ``programme.ports.Assignments``."""

    def __init__(self, connection: AsyncConnection, memory: Memory) -> None:
        self._connection = connection
        self._memory = memory

    async def get(self, assignment_id: str) -> ExpertAssignment | None:
        found = await self._connection.execute(select(expert_assignment).where(expert_assignment.c.id == assignment_id))
        row = found.mappings().first()
        return _assignment_of(row) if row else None

    async def many(self, assignment_ids: Sequence[str]) -> list[ExpertAssignment]:
        found = await self._connection.execute(
            select(expert_assignment).where(expert_assignment.c.id.in_(assignment_ids))
        )
        return [_assignment_of(row) for row in found.mappings()]

    async def add(self, assignment: ExpertAssignment) -> None:
        self._memory.forget()
        await self._connection.execute(insert(expert_assignment), _assignment_row(assignment))

    async def save(self, assignment: ExpertAssignment) -> None:
        self._memory.forget()
        await self._connection.execute(
            update(expert_assignment).where(expert_assignment.c.id == assignment.id).values(_assignment_row(assignment))
        )

    async def of_edition(self, edition: str) -> list[ExpertAssignment]:
        found = await self._connection.execute(
            select(expert_assignment)
            .where(expert_assignment.c.edition == edition)
            .order_by(expert_assignment.c.since, expert_assignment.c.id)
        )
        return [_assignment_of(row) for row in found.mappings()]


def _assignment_of(row: Row) -> ExpertAssignment:
    values = {field.name: row[field.name] for field in fields(ExpertAssignment)}
    return ExpertAssignment(**(values | {"status": AssignmentStatus(row["status"])}))


def _assignment_row(assignment: ExpertAssignment) -> dict[str, Any]:
    row = {field.name: getattr(assignment, field.name) for field in fields(ExpertAssignment)}
    return row | {"status": assignment.status.value}
