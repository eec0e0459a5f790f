"""Activities, invitations and answers, as rows."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.errors import StaleForm
from pim_bot.programme.activity import Activity, ActivityStatus, Answer, Attendance
from pim_bot.storage.memory import Memory
from pim_bot.storage.rows import Row, insert_new
from pim_bot.storage.tables.activities import activity as activity_table
from pim_bot.storage.tables.activities import activity_network
from pim_bot.storage.tables.activities import attendance as attendance_table

_ACTIVITY_FIELDS = tuple(field.name for field in fields(Activity))


def activity_of(row: Row) -> Activity:
    """Read an activity."""
    values = {name: row[name] for name in _ACTIVITY_FIELDS}
    values |= {
        "networks": tuple(row["networks"]),
        "cities": tuple(row["cities"]),
        "status": ActivityStatus(row["status"]),
    }
    return Activity(**values)


def _activity_row(activity: Activity) -> dict[str, Any]:
    row = {name: getattr(activity, name) for name in _ACTIVITY_FIELDS}
    return row | {"networks": list(activity.networks), "cities": list(activity.cities), "status": activity.status.value}


class ActivityRows:
    """Implements ``programme.ports.Activities``."""

    def __init__(self, connection: AsyncConnection, memory: Memory) -> None:
        self._connection = connection
        self._memory = memory

    async def get(self, activity_id: str) -> Activity | None:
        return (await self.many([activity_id])).get(activity_id)

    async def many(self, activity_ids: Iterable[str]) -> dict[str, Activity]:
        return await self._memory.recall_many("activity", activity_ids, self._read)

    async def _read(self, activity_ids: list[str]) -> dict[str, Activity]:
        found = await self._connection.execute(select(activity_table).where(activity_table.c.id.in_(activity_ids)))
        return {row["id"]: activity_of(row) for row in found.mappings()}

    async def add(self, activity: Activity) -> None:
        self._memory.forget()
        await self._connection.execute(insert(activity_table), _activity_row(activity))
        await self._add_networks(activity)

    async def save(self, activity: Activity) -> None:
        self._memory.forget()
        statement = (
            update(activity_table)
            .where(activity_table.c.id == activity.id, activity_table.c.revision == activity.revision - 1)
            .values(_activity_row(activity))
        )
        if (await self._connection.execute(statement)).rowcount != 1:
            raise StaleForm(
                "To wydarzenie zmieniło się od otwarcia formularza. Poniżej są aktualne dane; prosimy je sprawdzić."
            )
        await self._connection.execute(delete(activity_network).where(activity_network.c.activity_id == activity.id))
        await self._add_networks(activity)

    async def _add_networks(self, activity: Activity) -> None:
        rows = [
            {"activity_id": activity.id, "network": slug, "edition": activity.edition, "starts_at": activity.starts_at}
            for slug in activity.networks
        ]
        if rows:
            await self._connection.execute(insert(activity_network), rows)

    async def between(
        self, edition: str, since: datetime, until: datetime, *, networks: Sequence[str] | None = None
    ) -> list[Activity]:
        statement = select(activity_table).where(
            activity_table.c.edition == edition, activity_table.c.starts_at < until, activity_table.c.ends_at > since
        )
        if networks is not None:
            concerned = exists().where(
                activity_network.c.activity_id == activity_table.c.id, activity_network.c.network.in_(networks)
            )
            statement = statement.where(concerned)
        found = await self._connection.execute(statement.order_by(activity_table.c.starts_at, activity_table.c.id))
        return [activity_of(row) for row in found.mappings()]


class AttendanceRows:
    """Implements ``programme.ports.Attendances``."""

    def __init__(self, connection: AsyncConnection, memory: Memory) -> None:
        self._connection = connection
        self._memory = memory

    async def invite(self, activity_id: str, invitees: Sequence[str]) -> None:
        self._memory.forget()
        rows = [{"activity_id": activity_id, "invitee": invitee} for invitee in dict.fromkeys(invitees)]
        await insert_new(self._connection, attendance_table, rows)

    async def of(self, activity_id: str) -> list[Attendance]:
        return (await self.of_many([activity_id]))[activity_id]

    async def of_many(self, activity_ids: Sequence[str]) -> dict[str, list[Attendance]]:
        known = await self._memory.recall_many("attendances", activity_ids, self._read)
        return {activity_id: list(attendances) for activity_id, attendances in known.items()}

    async def _read(self, activity_ids: list[str]) -> dict[str, list[Attendance]]:
        found = await self._connection.execute(
            select(attendance_table)
            .where(attendance_table.c.activity_id.in_(activity_ids))
            .order_by(attendance_table.c.activity_id, attendance_table.c.invitee)
        )
        told: dict[str, list[Attendance]] = {activity_id: [] for activity_id in activity_ids}
        for row in found.mappings():
            told[row["activity_id"]].append(attendance_of(row))
        return told

    async def get(self, activity_id: str, invitee: str) -> Attendance | None:
        found = await self._connection.execute(
            select(attendance_table).where(
                attendance_table.c.activity_id == activity_id, attendance_table.c.invitee == invitee
            )
        )
        row = found.mappings().first()
        return attendance_of(row) if row else None

    async def save(self, attendance: Attendance) -> None:
        self._memory.forget()
        row = asdict(attendance) | {"people": list(attendance.people)}
        key = (
            attendance_table.c.activity_id == attendance.activity_id,
            attendance_table.c.invitee == attendance.invitee,
        )
        await self._connection.execute(update(attendance_table).where(*key).values(row))

    async def of_invitees(self, invitees: Sequence[str], since: datetime) -> list[tuple[Activity, Attendance]]:
        found = await self._connection.execute(
            select(activity_table, *(column.label(f"answer_{column.name}") for column in attendance_table.c))
            .join(attendance_table, attendance_table.c.activity_id == activity_table.c.id)
            .where(attendance_table.c.invitee.in_(invitees), activity_table.c.ends_at > since)
            .order_by(activity_table.c.starts_at, activity_table.c.id)
        )
        return [(activity_of(row), attendance_of(row, prefix="answer_")) for row in found.mappings()]


def attendance_of(row: Row, *, prefix: str = "") -> Attendance:
    """Read an invitation and its answer."""
    values = {field.name: row[prefix + field.name] for field in fields(Attendance)}
    values["people"] = tuple(values["people"])
    values["answer"] = Answer(values["answer"]) if values["answer"] else None
    return Attendance(**values)
