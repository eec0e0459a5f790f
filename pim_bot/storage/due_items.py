"""What falls due, as rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.clock import new_id
from pim_bot.notifications.intent import DueItem, Run
from pim_bot.storage.rows import Row, in_state, insert_new, is_still
from pim_bot.storage.tables.flow import due_item

MOST_RUNS, MOST_NAMED = 10, 3


class DueItemRows:
    """Implements ``notifications.ports.DueItems``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.planned = False

    async def plan(self, items: Sequence[DueItem]) -> None:
        if not items:
            return
        self.planned = True
        present = await self._present(items)
        await insert_new(self._connection, due_item, [_row(item) for item in items if _key(item) not in present])
        await self._plan_anew([(present[_key(item)], item) for item in items if _key(item) in present])

    async def _plan_anew(self, pairs: Sequence[tuple[Row, DueItem]]) -> None:
        """Give rows the new times of their items; what fell due meanwhile stays as it is."""
        statement = (
            update(due_item)
            .where(due_item.c.id == bindparam("present_id"), in_state(due_item, "planned", "dropped"))
            .values(state="planned")
        )
        moved = [
            {"present_id": row["id"], "due_at": item.due_at, "nominal_at": item.nominal_at, "why": item.why}
            for row, item in pairs
            if row["due_at"] != item.due_at or row["state"] == "dropped"
        ]
        if moved:
            await self._connection.execute(statement, moved)

    async def _present(self, items: Sequence[DueItem]) -> dict[tuple[str, ...], Row]:
        subjects = {item.subject for item in items}
        found = await self._connection.execute(select(due_item).where(due_item.c.subject.in_(subjects)))
        return {(row["kind"], row["subject"], row["member_id"], row["occurrence"]): row for row in found.mappings()}

    async def keep_only(self, subject: str, kinds: Sequence[str], items: Sequence[DueItem], *, why: str) -> None:
        keep = [(item.kind, item.member_id, item.occurrence) for item in items]
        await self._connection.execute(
            update(due_item)
            .where(
                due_item.c.subject == subject,
                due_item.c.kind.in_(kinds),
                is_still(due_item, "planned"),
                ~tuple_(due_item.c.kind, due_item.c.member_id, due_item.c.occurrence).in_(keep),
            )
            .values(state="dropped", why=why)
        )
        await self.plan(items)

    async def keep_only_for(
        self, member_ids: Sequence[str], kinds: Sequence[str], items: Sequence[DueItem], *, why: str
    ) -> None:
        keep = {_key(item) for item in items}
        planned = await self._connection.execute(
            select(due_item).where(due_item.c.member_id.in_(member_ids), in_state(due_item, "planned"))
        )
        mine = [item_of(row) for row in planned.mappings() if row["kind"] in kinds]
        gone = [item.id for item in mine if _key(item) not in keep]
        if gone:
            await self._connection.execute(
                update(due_item).where(due_item.c.id.in_(gone)).values(state="dropped", why=why)
            )
        await self.plan(items)

    async def due(self, now: datetime, limit: int) -> list[DueItem]:
        found = await self._connection.execute(
            select(due_item)
            .where(in_state(due_item, "planned"), due_item.c.due_at <= now)
            .order_by(due_item.c.due_at, due_item.c.kind, due_item.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [item_of(row) for row in found.mappings()]

    async def of_members(self, untils: Mapping[str, datetime], kinds: Sequence[str]) -> list[DueItem]:
        if not untils:
            return []
        found = await self._connection.execute(
            select(due_item)
            .where(
                due_item.c.member_id.in_(untils),
                in_state(due_item, "planned"),
                due_item.c.due_at < max(untils.values()),
            )
            .order_by(due_item.c.due_at, due_item.c.kind, due_item.c.id)
            .with_for_update(skip_locked=True)
        )
        # The kind is no condition of the statement: SQLite would read everything that ever was of these kinds.
        mine = [row for row in found.mappings() if row["kind"] in kinds]
        return [item_of(row) for row in mine if row["due_at"] < untils[row["member_id"]]]

    async def fell(self, items: Sequence[DueItem], *, batch: str = "") -> None:
        ids = [item.id for item in items]
        if not ids:
            return
        await self._connection.execute(update(due_item).where(due_item.c.id.in_(ids)).values(state="fell", batch=batch))

    async def of_batch(self, member_id: str, batch: str) -> list[DueItem]:
        found = await self._connection.execute(
            select(due_item)
            .where(due_item.c.member_id == member_id, due_item.c.batch == batch)
            .order_by(due_item.c.due_at, due_item.c.kind, due_item.c.id)
        )
        return [item_of(row) for row in found.mappings()]

    async def next_at(self) -> datetime | None:
        found = await self._connection.execute(select(func.min(due_item.c.due_at)).where(in_state(due_item, "planned")))
        earliest: datetime | None = found.scalar()
        return earliest

    async def overdue(self, since: datetime) -> list[Run]:
        late = and_(in_state(due_item, "planned"), due_item.c.due_at <= since)
        found = await self._connection.execute(
            select(due_item.c.kind, due_item.c.due_at, func.count().label("items"))
            .where(late)
            .group_by(due_item.c.due_at, due_item.c.kind)
            .order_by(due_item.c.due_at, due_item.c.kind)
            .limit(MOST_RUNS)
        )
        rows = found.mappings().all()
        return [
            Run(kind=row["kind"], due_at=row["due_at"], items=row["items"], members=await self._some(row))
            for row in rows
        ]

    async def _some(self, run: Row) -> tuple[str, ...]:
        """Tell some of those for whom a run is meant."""
        found = await self._connection.execute(
            select(due_item.c.member_id)
            .where(*_of_run(run["kind"], run["due_at"]), due_item.c.member_id != "")
            .distinct()
            .order_by(due_item.c.member_id)
            .limit(MOST_NAMED)
        )
        return tuple(found.scalars())

    async def is_overdue(self, kind: str, due_at: datetime) -> bool:
        found = await self._connection.execute(select(due_item.c.id).where(*_of_run(kind, due_at)).limit(1))
        return found.first() is not None


def _of_run(kind: str, due_at: datetime) -> tuple[ColumnElement[bool], ...]:
    return in_state(due_item, "planned"), due_item.c.due_at == due_at, due_item.c.kind == kind


def _key(item: DueItem) -> tuple[str, ...]:
    return item.kind, item.subject, item.member_id, item.occurrence


def _row(item: DueItem) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": item.kind,
        "subject": item.subject,
        "member_id": item.member_id,
        "occurrence": item.occurrence,
        "due_at": item.due_at,
        "nominal_at": item.nominal_at,
        "why": item.why,
    }


def item_of(row: Row) -> DueItem:
    """Read what falls due."""
    names = ("id", "kind", "subject", "member_id", "occurrence", "due_at", "nominal_at", "why", "batch")
    return DueItem(**{name: row[name] for name in names})
