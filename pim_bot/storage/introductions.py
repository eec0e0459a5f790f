"""What people who stand on no list say of themselves, as rows."""

from dataclasses import fields

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.programme.introduction import Introduction, IntroductionStatus
from pim_bot.storage.memory import Memory
from pim_bot.storage.rows import insert_new, upsert
from pim_bot.storage.tables.newcomers import introduction as introduction_table
from pim_bot.storage.tables.people import identity, member, recipient

_KEPT = tuple(field.name for field in fields(Introduction) if field.name != "account")


class IntroductionRows:
    """Implements ``programme.ports.Introductions``."""

    def __init__(self, connection: AsyncConnection, memory: Memory) -> None:
        self._connection = connection
        self._memory = memory

    async def get(self, visitor: str) -> Introduction | None:
        found = await self._connection.execute(
            select(introduction_table, identity.c.user_id)
            .outerjoin(identity, identity.c.visitor == introduction_table.c.visitor)
            .where(introduction_table.c.visitor == visitor)
        )
        row = found.mappings().first()
        if row is None:
            return None
        values = {name: row[name] for name in _KEPT} | {"status": IntroductionStatus(row["status"])}
        return Introduction(**values, account=row["user_id"] or "")

    async def save(self, introduction: Introduction) -> None:
        row = {name: getattr(introduction, name) for name in _KEPT} | {"status": introduction.status.value}
        await upsert(self._connection, introduction_table, [row])

    async def tie(self, visitor: str, member_id: str) -> None:
        self._memory.forget()
        found = await self._connection.execute(select(identity).where(identity.c.visitor == visitor))
        account = found.mappings().one()
        await self._connection.execute(
            update(identity).where(identity.c.visitor == visitor).values(member_id=member_id, state="matched")
        )
        told = {"language": account["locale"][:2], "zone": account["zone"]}
        for name, value in told.items():
            unknown = (member.c.id == member_id, member.c[name] == "")
            await self._connection.execute(update(member).where(*unknown).values({name: value}))
        way = {"team_id": account["team_id"], "address": account["user_id"]}
        recipient_id = f"slack:member:{member_id}"
        row = {"id": recipient_id, "kind": "member", "medium": "slack", "member_id": member_id, **way}
        await insert_new(self._connection, recipient, [row])
        await self._connection.execute(
            update(recipient).where(recipient.c.id == recipient_id, recipient.c.address == "").values(**way, problem="")
        )
