"""Visiting cards, as rows."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.programme.visiting_card import VisitingCard
from pim_bot.storage.rows import upsert
from pim_bot.storage.tables.people import visiting_card as visiting_card_table


class VisitingCardRows:
    """Implements ``programme.ports.VisitingCards``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, member_id: str) -> VisitingCard | None:
        return next(iter(await self.of([member_id])), None)

    async def of(self, member_ids: Sequence[str]) -> list[VisitingCard]:
        found = await self._connection.execute(
            select(visiting_card_table)
            .where(visiting_card_table.c.member_id.in_(member_ids))
            .order_by(visiting_card_table.c.member_id)
        )
        return [VisitingCard(**row) for row in found.mappings()]

    async def save(self, card: VisitingCard) -> None:
        await upsert(self._connection, visiting_card_table, [asdict(card)])

    async def take_away(self, member_id: str) -> None:
        await self._connection.execute(delete(visiting_card_table).where(visiting_card_table.c.member_id == member_id))
