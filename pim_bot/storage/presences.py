"""Presence at activities, as rows."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.programme.presence import Presence
from pim_bot.storage.rows import upsert
from pim_bot.storage.tables.activities import presence as presence_table


class PresenceRows:
    """Implements ``programme.ports.Presences``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, activity_id: str) -> list[Presence]:
        return (await self.of_many([activity_id]))[activity_id]

    async def of_many(self, activity_ids: Sequence[str]) -> dict[str, list[Presence]]:
        found = await self._connection.execute(
            select(presence_table)
            .where(presence_table.c.activity_id.in_(activity_ids))
            .order_by(presence_table.c.activity_id, presence_table.c.invitee)
        )
        told: dict[str, list[Presence]] = {activity_id: [] for activity_id in activity_ids}
        for row in found.mappings():
            told[row["activity_id"]].append(Presence(**{**row, "people": tuple(row["people"])}))
        return told

    async def save(self, presences: Sequence[Presence]) -> None:
        await upsert(
            self._connection, presence_table, [asdict(one) | {"people": list(one.people)} for one in presences]
        )
