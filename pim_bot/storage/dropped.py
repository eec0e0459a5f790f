"""Files dropped into the chat that are still to be fetched, and lists of people as they were shown, as rows."""

from dataclasses import fields
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.errors import Refused
from pim_bot.programme.dropping import DroppedFile
from pim_bot.programme.people_list import PeoplePlan, RowProblem, Step
from pim_bot.programme.people_lists import ListStatus, PeopleList
from pim_bot.storage.rows import upsert
from pim_bot.storage.tables.dropped import dropped_file, people_list

_OF_FILE = tuple(field.name for field in fields(DroppedFile))
_OF_LIST = tuple(field.name for field in fields(PeopleList))


class DroppedFileRows:
    """Implements ``programme.dropping.DroppedFiles``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.new = False

    async def add(self, one: DroppedFile) -> None:
        await self._connection.execute(insert(dropped_file), {name: getattr(one, name) for name in _OF_FILE})
        self.new = True

    async def waiting(self, at: datetime, limit: int) -> list[DroppedFile]:
        """Tell what is to be fetched by now, by machine time, the oldest first."""
        found = await self._connection.execute(
            select(dropped_file).where(dropped_file.c.next_at <= at).order_by(dropped_file.c.id).limit(limit)
        )
        return [DroppedFile(**row) for row in found.mappings()]

    async def put_off(self, one: DroppedFile, *, tries: int, until: datetime) -> None:
        """Try one again later; of two workers that tried it at once the first counts."""
        mine = (dropped_file.c.id == one.id, dropped_file.c.next_at == one.next_at)
        await self._connection.execute(update(dropped_file).where(*mine).values(tries=tries, next_at=until))

    async def take(self, dropped_id: str) -> bool:
        """Take one away; tells False when another worker has taken it already."""
        return (
            await self._connection.execute(delete(dropped_file).where(dropped_file.c.id == dropped_id))
        ).rowcount == 1


class PeopleListRows:
    """Implements ``programme.people_lists.PeopleLists``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, list_id: str) -> PeopleList | None:
        found = await self._connection.execute(select(people_list).where(people_list.c.id == list_id))
        row = found.mappings().first()
        if row is None:
            return None
        return PeopleList(**{**row, "plan": _plan_of(row["plan"]), "status": ListStatus(row["status"])})

    async def save(self, one: PeopleList) -> None:
        row = {name: getattr(one, name) for name in _OF_LIST}
        row |= {"plan": _plan_row(one.plan), "status": one.status.value}
        await upsert(self._connection, people_list, [row])


def _plan_row(plan: PeoplePlan) -> dict[str, Any]:
    if plan == PeoplePlan():
        return {}
    problems = [
        {
            "number": one.number,
            "reason": one.why.reason,
            "facts": {name: str(value) for name, value in one.why.facts.items()},
        }
        for one in plan.problems
    ]
    return {"steps": msgspec.to_builtins(plan.steps), "problems": problems}


def _plan_of(row: dict[str, Any]) -> PeoplePlan:
    steps = msgspec.convert(row.get("steps", ()), tuple[Step, ...])
    return PeoplePlan(steps=steps, problems=tuple(_problem(**one) for one in row.get("problems", ())))


def _problem(number: int, reason: str, facts: dict[str, Any]) -> RowProblem:
    return RowProblem(number=number, why=Refused(reason, **facts))
