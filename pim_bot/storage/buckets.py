"""Buckets and pauses: how fast the chat may be spoken to, and why it is not spoken to at all. Shared by all workers."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, delete, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.notifications.pace import CHANGE, OPEN, POST, Allowance, Pace, Room, conversation_bucket
from pim_bot.storage.machine_time import MachineTime
from pim_bot.storage.rows import insert_into, insert_new, upsert
from pim_bot.storage.tables.flow import bucket, pause


class BucketRows:
    """What was said lately, as far as it limits what may be said now. Times are machine time."""

    def __init__(self, connection: AsyncConnection, machine_time: MachineTime) -> None:
        self._connection = connection
        self._machine_time = machine_time

    async def room(self, pace: Pace) -> Room:
        """Tell how much the chat takes now, and which pauses stand; asked before every claim, so one statement."""
        now = self._machine_time.now().label("now")
        methods = select(bucket.c.name, bucket.c.free_at, bucket.c.closed_until, now, null().cast(JSON).label("facts"))
        pauses = select(pause.c.why, pause.c.since, pause.c.since, now, pause.c.facts)
        found = await self._connection.execute(methods.where(bucket.c.name.in_([POST, CHANGE, OPEN])).union_all(pauses))
        read = found.mappings().all()
        rows = {row["name"]: row for row in read if row["facts"] is None}

        def left(method: str, allowance: Allowance) -> int:
            row = rows.get(method)
            if row is None:
                return allowance.left(timedelta())
            is_closed = row["closed_until"] is not None and row["closed_until"] > row["now"]
            return 0 if is_closed else allowance.left((row["free_at"] or row["now"]) - row["now"])

        opening = left(OPEN, Allowance(per_minute=0, burst=1))
        return Room(
            posts=left(POST, pace.posts),
            changes=left(CHANGE, pace.changes),
            may_open=opening > 0,
            pauses={row["name"]: row["facts"] for row in read if row["facts"] is not None},
        )

    async def spend(self, pace: Pace, *, lines: Mapping[str, int], changes: int) -> None:
        """Count posts into lines of messages, and changes."""
        allowances = {conversation_bucket(line): pace.conversation for line in lines}
        uses = {conversation_bucket(line): count for line, count in lines.items()}
        allowances |= {POST: pace.posts, CHANGE: pace.changes}
        uses |= {POST: sum(lines.values()), CHANGE: changes}
        limited = sorted(name for name, count in uses.items() if count and allowances[name].per_minute)
        if not limited:
            return
        found = await self._connection.execute(
            select(bucket.c.name, bucket.c.free_at)
            .where(bucket.c.name.in_(limited))
            .order_by(bucket.c.name)
            .with_for_update()
        )
        free_at = {row.name: row.free_at for row in found}
        now = await self._now()
        rows = [
            {"name": name, "free_at": allowances[name].after(free_at.get(name), now, uses[name])} for name in limited
        ]
        await upsert(self._connection, bucket, rows)

    async def _now(self) -> datetime:
        now: datetime = (await self._connection.execute(select(self._machine_time.now()))).scalar_one()
        return now

    async def close(self, method: str, after: timedelta) -> None:
        """Leave a method alone for as long as the chat asked for."""
        statement = insert_into(self._connection, bucket).values(
            name=method, closed_until=self._machine_time.after(after)
        )
        until = {"closed_until": statement.excluded.closed_until}
        await self._connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=until))


class PauseRows:
    """Why nothing is sent at present; see ``notifications.delivery`` for the reasons."""

    def __init__(self, connection: AsyncConnection, machine_time: MachineTime) -> None:
        self._connection = connection
        self._machine_time = machine_time

    async def standing(self) -> dict[str, dict[str, Any]]:
        """Tell the pauses that stand: why → facts."""
        found = await self._connection.execute(select(pause.c.why, pause.c.facts))
        return {row.why: row.facts for row in found}

    async def begin(self, why: str, facts: Mapping[str, Any]) -> bool:
        """Begin a pause; tells False when it stands already."""
        now = await self._connection.execute(select(self._machine_time.now()))
        row = {"why": why, "since": now.scalar_one(), "facts": dict(facts)}
        return await insert_new(self._connection, pause, [row]) == 1

    async def lift(self, why: str) -> bool:
        """End a pause; tells whether it stood."""
        result = await self._connection.execute(delete(pause).where(pause.c.why == why))
        return result.rowcount == 1
