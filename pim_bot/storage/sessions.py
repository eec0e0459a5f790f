"""Advisory sessions, as rows."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.errors import StaleForm
from pim_bot.programme.session import (
    AdvisorySession,
    CityWords,
    RequestStatus,
    SessionRequest,
    SessionStatus,
    Side,
    Spent,
    Tally,
)
from pim_bot.storage.memory import Memory
from pim_bot.storage.rows import Row, one_of
from pim_bot.storage.tables.sessions import session as session_table
from pim_bot.storage.tables.sessions import session_city, session_expert, session_request

_OF_SESSION = tuple(field.name for field in fields(AdvisorySession) if field.name not in ("experts", "cities"))
_OF_CITY = tuple(field.name for field in fields(CityWords))


class SessionRows:
    """Implements ``programme.ports.Sessions``."""

    def __init__(self, connection: AsyncConnection, memory: Memory) -> None:
        self._connection = connection
        self._memory = memory

    async def get(self, session_id: str) -> AdvisorySession | None:
        return next(iter(await self._read(session_table.c.id == session_id)), None)

    async def of_activity(self, activity_id: str) -> AdvisorySession | None:
        return next(iter(await self._read(session_table.c.activity_id == activity_id)), None)

    async def logged(self, activity_ids: Sequence[str]) -> set[str]:
        column = session_table.c.activity_id
        found = await self._connection.execute(select(column).where(column.in_(activity_ids)))
        return set(found.scalars())

    async def on_day(self, edition: str, expert: str, day: date) -> list[AdvisorySession]:
        theirs = exists().where(session_expert.c.session_id == session_table.c.id, session_expert.c.member_id == expert)
        return await self._read(session_table.c.edition == edition, session_table.c.day == day, theirs)

    async def latest(self, edition: str, cities: Sequence[str], limit: int) -> list[AdvisorySession]:
        theirs = exists().where(session_city.c.session_id == session_table.c.id, session_city.c.city.in_(cities))
        held = session_table.c.status == SessionStatus.HELD.value
        return await self._read(session_table.c.edition == edition, held, theirs, limit=limit)

    async def cities_advised(self, edition: str, network: str, first: date, last: date) -> set[str]:
        found = await self._connection.execute(
            select(session_city.c.city)
            .join(session_table, session_table.c.id == session_city.c.session_id)
            .where(
                session_table.c.edition == edition,
                session_table.c.day.between(first, last),
                session_table.c.status == SessionStatus.HELD.value,
                session_city.c.network == network,
            )
        )
        return set(found.scalars())

    async def _read(self, *which: ColumnElement[bool], limit: int | None = None) -> list[AdvisorySession]:
        """Read sessions, the newest first, in three statements however many there are."""
        newest_first = (session_table.c.day.desc(), session_table.c.id.desc())
        found = await self._connection.execute(select(session_table).where(*which).order_by(*newest_first).limit(limit))
        rows = list(found.mappings())
        ids = [row["id"] for row in rows]
        if not ids:
            return []
        experts: dict[str, list[str]] = {one: [] for one in ids}
        told = await self._connection.execute(
            select(session_expert).where(session_expert.c.session_id.in_(ids)).order_by(*session_expert.primary_key)
        )
        for row in told.mappings():
            experts[row["session_id"]].append(row["member_id"])
        cities: dict[str, list[CityWords]] = {one: [] for one in ids}
        said = await self._connection.execute(
            select(session_city).where(session_city.c.session_id.in_(ids)).order_by(session_city.c.position)
        )
        for row in said.mappings():
            cities[row["session_id"]].append(_words_of(row))
        return [_session_of(row, experts[row["id"]], cities[row["id"]]) for row in rows]

    async def spent(self, edition: str, experts: Sequence[str]) -> list[Spent]:
        places = (
            select(session_city.c.session_id, func.count().label("cities"))
            .group_by(session_city.c.session_id)
            .subquery()
        )
        found = await self._connection.execute(
            select(
                session_expert.c.member_id,
                session_table.c.day,
                session_city.c.network,
                session_city.c.city,
                session_table.c.minutes,
                places.c.cities,
            )
            .join(session_table, session_table.c.id == session_expert.c.session_id)
            .join(session_city, session_city.c.session_id == session_table.c.id)
            .join(places, places.c.session_id == session_table.c.id)
            .where(session_table.c.edition == edition, session_expert.c.member_id.in_(experts))
            .order_by(session_table.c.day, session_table.c.id, session_city.c.city, session_expert.c.member_id)
        )
        return [
            Spent(
                member_id=row["member_id"],
                day=row["day"],
                network=row["network"],
                city=row["city"],
                minutes=row["minutes"] / row["cities"],
            )
            for row in found.mappings()
        ]

    async def tally(self, edition: str) -> dict[str, Tally]:
        held = session_table.c.status == SessionStatus.HELD.value
        found = await self._connection.execute(
            select(
                session_city.c.city,
                func.count().label("count"),
                func.sum(session_table.c.minutes).label("minutes"),
                func.max(session_table.c.day).label("last"),
            )
            .join(session_table, session_table.c.id == session_city.c.session_id)
            .where(session_table.c.edition == edition, held)
            .group_by(session_city.c.city)
        )
        return {
            row["city"]: Tally(count=row["count"], minutes=row["minutes"], last=row["last"]) for row in found.mappings()
        }

    async def add(self, session: AdvisorySession) -> None:
        self._memory.forget()
        await self._connection.execute(insert(session_table), _row_of(session))
        await self._add_parts(session)

    async def save(self, session: AdvisorySession) -> None:
        self._memory.forget()
        statement = (
            update(session_table)
            .where(session_table.c.id == session.id, session_table.c.revision == session.revision - 1)
            .values(_row_of(session))
        )
        if (await self._connection.execute(statement)).rowcount != 1:
            raise StaleForm("Ten zapis zmienił się od otwarcia formularza. Prosimy otworzyć go ponownie.")
        for table in (session_expert, session_city):
            await self._connection.execute(delete(table).where(table.c.session_id == session.id))
        await self._add_parts(session)

    async def _add_parts(self, session: AdvisorySession) -> None:
        experts = [{"session_id": session.id, "member_id": one} for one in session.experts]
        await self._connection.execute(insert(session_expert), experts)
        cities = [
            {name: getattr(one, name) for name in _OF_CITY}
            | {"session_id": session.id, "position": position, "sections": list(one.sections)}
            for position, one in enumerate(session.cities)
        ]
        await self._connection.execute(insert(session_city), cities)


def _words_of(row: Row) -> CityWords:
    return CityWords(**({name: row[name] for name in _OF_CITY} | {"sections": tuple(row["sections"])}))


def _session_of(row: Row, experts: Sequence[str], cities: Sequence[CityWords]) -> AdvisorySession:
    values = {name: row[name] for name in _OF_SESSION}
    values |= {"activity_id": row["activity_id"] or "", "status": SessionStatus(row["status"])}
    return AdvisorySession(**values, experts=tuple(experts), cities=tuple(cities))


def _row_of(session: AdvisorySession) -> dict[str, Any]:
    row = {name: getattr(session, name) for name in _OF_SESSION}
    return row | {"activity_id": session.activity_id or None, "status": session.status.value}


class SessionRequestRows:
    """Implements ``programme.ports.SessionRequests``."""

    def __init__(self, connection: AsyncConnection, memory: Memory) -> None:
        self._connection = connection
        self._memory = memory

    async def get(self, request_id: str) -> SessionRequest | None:
        found = await self._connection.execute(select(session_request).where(session_request.c.id == request_id))
        row = found.mappings().first()
        return _request_of(row) if row else None

    async def open_in(self, edition: str) -> list[SessionRequest]:
        found = await self._connection.execute(
            select(session_request)
            .where(
                session_request.c.edition == edition,
                one_of(session_request.c.status, RequestStatus.ASKED, RequestStatus.OFFERED),
            )
            .order_by(session_request.c.asked_at, session_request.c.id)
        )
        return [_request_of(row) for row in found.mappings()]

    async def add(self, request: SessionRequest) -> None:
        self._memory.forget()
        await self._connection.execute(insert(session_request), _request_row(request))

    async def save(self, request: SessionRequest) -> None:
        self._memory.forget()
        statement = (
            update(session_request)
            .where(session_request.c.id == request.id, session_request.c.revision == request.revision - 1)
            .values(_request_row(request))
        )
        if (await self._connection.execute(statement)).rowcount != 1:
            raise StaleForm("Ten zapis zmienił się od otwarcia formularza. Prosimy otworzyć go ponownie.")


def _request_of(row: Row) -> SessionRequest:
    values = {field.name: row[field.name] for field in fields(SessionRequest)}
    values |= {"status": RequestStatus(row["status"]), "side": Side(row["side"])}
    return SessionRequest(**(values | {"offers": tuple(map(datetime.fromisoformat, row["offers"]))}))


def _request_row(request: SessionRequest) -> dict[str, Any]:
    row = {field.name: getattr(request, field.name) for field in fields(SessionRequest)}
    row |= {"status": request.status.value, "side": request.side.value}
    return row | {"offers": [one.isoformat() for one in request.offers]}
