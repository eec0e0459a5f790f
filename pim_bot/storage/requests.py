"""Which requests were handled, so that the same one delivered again has no second effect."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.clock import new_id
from pim_bot.storage.rows import insert_new
from pim_bot.storage.tables.flow import handled_request, parked_request


class RequestRows:
    """Keys of handled requests, and raw requests that could not be handled; both are kept for a few days."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def is_new(self, key: str, *, at: datetime) -> bool:
        """Remember the key of a request; tells False when it was handled before."""
        return (
            await insert_new(self._connection, handled_request, [{"key": sha256(key.encode()).hexdigest(), "at": at}])
            == 1
        )

    async def park(self, body: bytes, why: str, *, at: datetime) -> None:
        """Keep a request that cannot be decoded, as it came, for a person to look at."""
        await self._connection.execute(insert(parked_request), {"id": new_id(), "at": at, "why": why, "body": body})
