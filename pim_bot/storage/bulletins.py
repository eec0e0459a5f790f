"""Bulletins and who has read them, as rows."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.programme.bulletin import Audience, Bulletin
from pim_bot.storage.rows import Row
from pim_bot.storage.tables.bulletins import bulletin as bulletin_table
from pim_bot.storage.tables.bulletins import bulletin_reader

_FIELDS = tuple(field.name for field in fields(Bulletin))


class BulletinRows:
    """Implements ``programme.ports.Bulletins``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, bulletin_id: str) -> Bulletin | None:
        found = await self._connection.execute(select(bulletin_table).where(bulletin_table.c.id == bulletin_id))
        row = found.mappings().first()
        return _bulletin_of(row) if row is not None else None

    async def add(self, bulletin: Bulletin, readers: Sequence[str]) -> None:
        row = {name: getattr(bulletin, name) for name in _FIELDS} | {"audience": bulletin.audience.value}
        await self._connection.execute(insert(bulletin_table), row)
        rows = [{"bulletin_id": bulletin.id, "member_id": one, "read_at": None} for one in readers]
        await self._connection.execute(insert(bulletin_reader), rows)

    async def readers(self, bulletin_id: str) -> dict[str, datetime | None]:
        found = await self._connection.execute(
            select(bulletin_reader.c.member_id, bulletin_reader.c.read_at)
            .where(bulletin_reader.c.bulletin_id == bulletin_id)
            .order_by(bulletin_reader.c.member_id)
        )
        return {row.member_id: row.read_at for row in found}

    async def unread(self, member_id: str, since: datetime) -> list[Bulletin]:
        found = await self._connection.execute(
            select(bulletin_table)
            .join(bulletin_reader, bulletin_reader.c.bulletin_id == bulletin_table.c.id)
            .where(
                bulletin_reader.c.member_id == member_id,
                bulletin_reader.c.read_at.is_(None),
                bulletin_table.c.sent_at >= since,
            )
            .order_by(bulletin_table.c.sent_at, bulletin_table.c.id)
        )
        return [_bulletin_of(row) for row in found.mappings()]

    async def read(self, bulletin_id: str, member_id: str, *, at: datetime) -> None:
        await self._connection.execute(
            update(bulletin_reader)
            .where(bulletin_reader.c.bulletin_id == bulletin_id, bulletin_reader.c.member_id == member_id)
            .values(read_at=at)
        )


def _bulletin_of(row: Row) -> Bulletin:
    return Bulletin(**({name: row[name] for name in _FIELDS} | {"audience": Audience(row["audience"])}))
