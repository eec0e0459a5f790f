"""Recipients and chat identities, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.clock import new_id
from pim_bot.notifications.delivery import UNKNOWN_CHANNEL
from pim_bot.storage.memory import Memory
from pim_bot.storage.rows import Row, in_state, insert_new, one_of, upsert
from pim_bot.storage.tables.people import identity, member, recipient

MEMBER, CHANNEL, STRANGER, HOME = "member", "channel", "stranger", "home"


def home_of(member_id: str) -> str:
    """Name the recipient that stands for a member's Home tab."""
    return f"slack:home:{member_id}"


_IS_CHANNEL = one_of(recipient.c.kind, CHANNEL)
"""Few recipients are channels; a bound kind might be one that most of them are of."""


class RecipientRows:
    """Implements ``notifications.ports.Recipients``; ids follow from what the recipient is."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def members(self, member_ids: Sequence[str]) -> dict[str, str]:
        ids = {member_id: f"slack:member:{member_id}" for member_id in member_ids}
        rows = [
            {"id": recipient_id, "kind": MEMBER, "medium": "slack", "member_id": member_id}
            for member_id, recipient_id in ids.items()
        ]
        await insert_new(self._connection, recipient, rows)
        return ids

    async def home(self, member_id: str, team_id: str, user_id: str) -> str:
        recipient_id = home_of(member_id)
        way = {"team_id": team_id, "address": user_id, "conversation": user_id}
        row = {"id": recipient_id, "kind": HOME, "medium": "slack", "member_id": member_id, **way}
        await upsert(self._connection, recipient, [row])
        return recipient_id

    async def channel(self, name: str) -> str:
        recipient_id = f"slack:channel:{name.lstrip('#')}"
        row = {"id": recipient_id, "kind": CHANNEL, "medium": "slack", "address": name.lstrip("#")}
        await insert_new(self._connection, recipient, [row])
        return recipient_id

    async def channel_by_conversation(self, conversation: str) -> str | None:
        found = await self._connection.execute(
            select(recipient.c.id).where(_IS_CHANNEL, recipient.c.conversation == conversation)
        )
        return found.scalar()

    async def unknown_channels(self) -> list[str]:
        found = await self._connection.execute(
            select(recipient.c.id).where(_IS_CHANNEL, recipient.c.problem == UNKNOWN_CHANNEL)
        )
        return list(found.scalars())

    async def visitor(self, visitor: str) -> str | None:
        found = await self._connection.execute(
            select(identity.c.team_id, identity.c.user_id, identity.c.locale).where(identity.c.visitor == visitor)
        )
        one = found.first()
        if one is None:
            return None
        recipient_id = f"slack:visitor:{visitor}"
        way = {"team_id": one.team_id, "address": one.user_id, "language": one.locale[:2]}
        row = {"id": recipient_id, "kind": STRANGER, "medium": "slack", **way}
        await insert_new(self._connection, recipient, [row])
        return recipient_id

    async def reached(self, recipient_id: str, *, address: str, conversation: str, team_id: str) -> None:
        """Keep what was found out about the way to a recipient."""
        values = {"conversation": conversation, "problem": "", "team_id": team_id}
        if address:
            values["address"] = address
        await self._connection.execute(update(recipient).where(recipient.c.id == recipient_id).values(values))

    async def unreachable(self, recipient_id: str, problem: str) -> None:
        """Keep why nothing can be delivered there now."""
        await self._connection.execute(update(recipient).where(recipient.c.id == recipient_id).values(problem=problem))

    async def channels(self) -> list[Row]:
        """Tell every channel that messages go to, with its problem if it has one."""
        found = await self._connection.execute(select(recipient).where(_IS_CHANNEL).order_by(recipient.c.address))
        return list(found.mappings())


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatUser:
    """Who a user of chat is; ``state`` is new, matched or stranger."""

    team_id: str
    user_id: str
    state: str
    visitor: str = ""
    member_id: str = ""
    locale: str = ""


class IdentityRows:
    """Users of chat and the members they are."""

    def __init__(self, connection: AsyncConnection, memory: Memory) -> None:
        self._connection = connection
        self._memory = memory
        self.seen = False

    async def get(self, team_id: str, user_id: str) -> ChatUser | None:
        found = await self._connection.execute(
            select(identity).where(identity.c.team_id == team_id, identity.c.user_id == user_id)
        )
        row = found.mappings().first()
        return _chat_user(row) if row else None

    async def see(self, team_id: str, user_id: str, *, at: datetime) -> str:
        """Note that a user was seen; tells their pseudonymous id when they are new, else ""."""
        self.seen = True
        visitor = new_id()
        row = {"team_id": team_id, "user_id": user_id, "visitor": visitor, "state": "new", "seen_at": at}
        return visitor if await insert_new(self._connection, identity, [row]) else ""

    async def unmatched(self, limit: int) -> list[ChatUser]:
        """Tell users of whom it is not known yet whether the programme knows them."""
        found = await self._connection.execute(
            select(identity).where(in_state(identity, "new")).order_by(identity.c.seen_at).limit(limit)
        )
        return [_chat_user(row) for row in found.mappings()]

    async def not_looked_up(self, limit: int) -> list[tuple[str, str]]:
        """Tell (id, e-mail) of members whom chat was not asked for yet and who have not come by themselves."""
        known = select(identity.c.member_id).where(identity.c.member_id == member.c.id).exists()
        found = await self._connection.execute(
            select(member.c.id, member.c.email)
            .where(member.c.looked_up_at.is_(None), member.c.email.is_not(None), ~known)
            .order_by(member.c.id)
            .limit(limit)
        )
        return [(member_id, email) for member_id, email in found]

    async def was_looked_up(self, member_id: str) -> bool:
        """Tell whether chat was asked for a member's e-mail."""
        found = await self._connection.execute(select(member.c.looked_up_at).where(member.c.id == member_id))
        return found.scalar() is not None

    async def looked_up(self, member_id: str, *, at: datetime) -> None:
        """Note that chat was asked for a member's e-mail."""
        await self._connection.execute(update(member).where(member.c.id == member_id).values(looked_up_at=at))

    async def match(
        self, team_id: str, user_id: str, *, email: str, locale: str, zone: str, at: datetime
    ) -> tuple[str, bool] | None:
        """Tie a chat user to the member with that e-mail; tells the member's id and whether the tie is new.

        The language and zone of chat fill in what the programme does not say of the person.
        """
        self._memory.forget()
        found = await self._connection.execute(select(member).where(member.c.email == email.lower()))
        row = found.mappings().first()
        known = await self.get(team_id, user_id)
        await upsert(
            self._connection,
            identity,
            [
                {
                    "team_id": team_id,
                    "user_id": user_id,
                    "visitor": (known.visitor if known else "") or new_id(),
                    "member_id": row["id"] if row else None,
                    "state": "matched" if row else "stranger",
                    "locale": locale,
                    "zone": zone,
                    "seen_at": at,
                }
            ],
        )
        if row is None:
            return None
        await self._connection.execute(
            update(member)
            .where(member.c.id == row["id"])
            .values(language=row["language"] or locale[:2], zone=row["zone"] or zone)
        )
        return row["id"], known is None or known.member_id != row["id"]


def _chat_user(row: Row) -> ChatUser:
    return ChatUser(
        team_id=row["team_id"],
        user_id=row["user_id"],
        state=row["state"],
        visitor=row["visitor"],
        member_id=row["member_id"] or "",
        locale=row["locale"],
    )
