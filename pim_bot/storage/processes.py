"""The processes of the hub and who of them leads, as rows."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, inspect, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.process import Process, Sighting
from pim_bot.storage.machine_time import MachineTime
from pim_bot.storage.rows import Row, insert_new
from pim_bot.storage.tables.processes import leadership, process

FORGOTTEN_AFTER = timedelta(days=1)


class ProcessRows:
    """Heartbeats, and duties that one process at a time has. Times are machine time."""

    def __init__(self, connection: AsyncConnection, machine_time: MachineTime) -> None:
        self._connection = connection
        self._machine_time = machine_time

    async def are_kept(self) -> bool:
        """Tell whether the database is so far migrated that processes register in it."""
        return await self._connection.run_sync(lambda connection: inspect(connection).has_table(process.name))

    async def register(self, one: Process) -> None:
        """Write that a process has started; rows of those that died long ago go."""
        now = self._machine_time.now()
        long_ago = self._machine_time.after(-FORGOTTEN_AFTER)
        await self._connection.execute(delete(process).where(process.c.beat_at < long_ago))
        row = {"id": one.id, "host": one.host, "machine": one.machine, "boot": one.boot, "pid": one.pid}
        statement = insert(process).values(row | {"roles": list(one.roles), "started_at": now, "beat_at": now})
        await self._connection.execute(statement)

    async def beat(self, process_id: str) -> bool:
        """Say that a process is alive; tells False when its row is gone and it has to register again."""
        result = await self._connection.execute(
            update(process).where(process.c.id == process_id).values(beat_at=self._machine_time.now())
        )
        return result.rowcount == 1

    async def leave(self, process_id: str) -> None:
        """Take a process's row and its duties away: it ends well."""
        await self._connection.execute(delete(process).where(process.c.id == process_id))
        await self._connection.execute(
            update(leadership).where(leadership.c.process_id == process_id).values(until=self._machine_time.now())
        )

    async def seen(self, *, within: timedelta) -> list[Sighting]:
        """Tell every process that has not ended well; live is whose heart beat ``within`` that time."""
        live = (process.c.beat_at > self._machine_time.after(-within)).label("live")
        found = await self._connection.execute(select(process, live).order_by(process.c.started_at, process.c.id))
        return [
            Sighting(
                process=_process(row), started_at=row["started_at"], beat_at=row["beat_at"], live=bool(row["live"])
            )
            for row in found.mappings()
        ]

    async def lead(self, duty: str, one: Process, *, lease: timedelta) -> bool:
        """Take or keep a duty for so long; tells False while somebody else has it.

        In the transaction of what the leader does, this also keeps a former leader who wakes too late from doing it.
        """
        now, until = self._machine_time.now(), self._machine_time.after(lease)
        mine = {"process_id": one.id, "leader": one.name, "until": until}
        result = await self._connection.execute(
            update(leadership)
            .where(leadership.c.duty == duty, or_(leadership.c.process_id == one.id, leadership.c.until <= now))
            .values(mine)
        )
        if result.rowcount == 1:
            return True
        return await insert_new(self._connection, leadership, [{"duty": duty}], computed=mine) == 1

    async def leader(self, duty: str) -> tuple[str, datetime, bool] | None:
        """Tell who leads: the name, until when, and whether that is still to come; None when nobody ever did."""
        lasts = (leadership.c.until > self._machine_time.now()).label("lasts")
        found = await self._connection.execute(select(leadership, lasts).where(leadership.c.duty == duty))
        row = found.mappings().first()
        return (row["leader"], row["until"], bool(row["lasts"])) if row else None


def _process(row: Row) -> Process:
    return Process(
        id=row["id"],
        host=row["host"],
        machine=row["machine"],
        boot=row["boot"],
        pid=row["pid"],
        roles=tuple(row["roles"]),
    )
