"""Messages that somebody marked and whose words are still to be read, as rows."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.programme.contribution import MarkedMessage
from pim_bot.storage.rows import insert_new
from pim_bot.storage.tables.marked import marked_message


class MarkedRows:
    """Implements ``programme.ports.MarkedMessages``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.new = False

    async def mark(self, one: MarkedMessage) -> bool:
        row = {"source_key": one.key, "member_id": one.member_id, "marked_at": one.marked_at}
        row |= {"team_id": one.team_id, "channel_id": one.channel_id, "ts": one.ts}
        is_new = bool(await insert_new(self._connection, marked_message, [row]))
        self.new = self.new or is_new
        return is_new

    async def waiting(self, limit: int) -> list[MarkedMessage]:
        """Tell what is still to be read, the oldest first."""
        found = await self._connection.execute(
            select(marked_message).order_by(marked_message.c.marked_at, *marked_message.primary_key).limit(limit)
        )
        return [
            MarkedMessage(
                team_id=row["team_id"],
                channel_id=row["channel_id"],
                ts=row["ts"],
                member_id=row["member_id"],
                marked_at=row["marked_at"],
            )
            for row in found.mappings()
        ]

    async def take(self, key: str, member_id: str, marked_at: datetime) -> bool:
        """Take one away; tells False when another worker has taken it already."""
        mine = (
            marked_message.c.source_key == key,
            marked_message.c.member_id == member_id,
            marked_message.c.marked_at == marked_at,
        )
        return (await self._connection.execute(delete(marked_message).where(*mine))).rowcount == 1
