"""One-time tokens, as rows: only their keyed hashes are here."""

from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.programme.one_time import Pass
from pim_bot.storage.tables.privacy import one_time_token


class OneTimeTokenRows:
    """Implements ``programme.one_time.OneTimeTokens``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(self, digest: str, made: Pass, *, at: datetime, until: datetime) -> None:
        row = {
            "digest": digest,
            "purpose": made.purpose,
            "member_id": made.member_id,
            "facts": dict(made.facts),
            "made_at": at,
            "ends_at": until,
        }
        await self._connection.execute(insert(one_time_token), row)

    async def spend(
        self, digests: tuple[str, ...], *, purpose: str, member_id: str | None, at: datetime
    ) -> Pass | None:
        rows = one_time_token.c
        statement = (
            update(one_time_token)
            .where(rows.digest.in_(digests), rows.purpose == purpose, rows.spent_at.is_(None), rows.ends_at > at)
            .values(spent_at=at)
            .returning(rows.purpose, rows.member_id, rows.facts)
        )
        if member_id is not None:
            statement = statement.where(rows.member_id == member_id)
        found = (await self._connection.execute(statement)).first()
        return Pass(purpose=found.purpose, member_id=found.member_id, facts=found.facts) if found else None
