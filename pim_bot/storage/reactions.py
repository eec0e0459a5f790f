"""The event log and the rows that say which reaction has yet to hear of which event."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import and_, bindparam, func, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.events.bus import DueReaction
from pim_bot.events.catalogue import BY_NAME
from pim_bot.events.event import Event, RecordedEvent
from pim_bot.programme.people import Actor
from pim_bot.storage.machine_time import MachineTime
from pim_bot.storage.rows import Row, hold, in_state
from pim_bot.storage.tables.flow import event_log, event_reaction

ReactionNames = Mapping[type[Event], tuple[str, ...]]
Recorded = tuple[Event, Actor, datetime]

_OPEN = ("due", "parked")
_RELAY = "relay"
_KNOWN_TYPES = sorted((name, event.version) for name, event in BY_NAME.items())


async def write_events(connection: AsyncConnection, recorded: Sequence[Recorded], names: ReactionNames) -> None:
    """Write events with their reactions, in the transaction of the change."""
    if not recorded:
        return
    rows = [_event_row(event, actor, at) for event, actor, at in recorded]
    result = await connection.execute(insert(event_log).returning(event_log.c.id, sort_by_parameter_order=True), rows)
    due = [
        {
            "event_id": event_id,
            "reaction": name,
            "subject": row["subject"],
            "type": row["type"],
            "version": row["version"],
        }
        for event_id, row, (event, _, _) in zip(result.scalars(), rows, recorded, strict=True)
        for name in names.get(type(event), ())
    ]
    if due:
        await connection.execute(insert(event_reaction), due)


def _event_row(event: Event, actor: Actor, at: datetime) -> dict[str, Any]:
    return {
        "type": event.type_name(),
        "version": event.version,
        "subject": event.subject,
        "at": at,
        "actor": actor.id,
        "body": msgspec.to_builtins(event),
    }


def event_of(row: Row) -> RecordedEvent:
    """Read an event of the log."""
    event = msgspec.convert(row["body"], BY_NAME[row["type"]])
    return RecordedEvent(id=row["event_id"], at=row["at"], actor=row["actor"], event=event)


class ReactionRows:
    """Implements ``events.bus.ReactionLedger``; the claim, the effects and the receipt are one transaction."""

    def __init__(self, connection: AsyncConnection, machine_time: MachineTime) -> None:
        self._connection = connection
        self._machine_time = machine_time

    async def due(self, names: frozenset[str], limit: int) -> list[DueReaction]:
        # Reactions to different subjects write the same feeds and plans: two batches at once would only wait for each
        # other, or deadlock. So one batch at a time is run, by whichever worker comes first.
        await hold(self._connection, [_RELAY])
        mine, earlier = event_reaction, event_reaction.alias("earlier")
        # A scalar, not NOT EXISTS: PostgreSQL would join with everything that is open instead of one look at the index.
        first = (
            select(func.min(earlier.c.event_id))
            .where(
                earlier.c.reaction == mine.c.reaction,
                earlier.c.subject == mine.c.subject,
                in_state(earlier, *_OPEN),
            )
            .scalar_subquery()
        )
        statement = (
            select(
                mine.c.event_id,
                mine.c.reaction,
                mine.c.attempts,
                mine.c.type,
                event_log.c.at,
                event_log.c.actor,
                event_log.c.body,
            )
            .join(event_log, event_log.c.id == mine.c.event_id)
            .where(
                in_state(mine, "due"),
                mine.c.reaction.in_(sorted(names)),
                tuple_(mine.c.type, mine.c.version).in_(_KNOWN_TYPES),
                or_(mine.c.try_at.is_(None), mine.c.try_at <= self._machine_time.now()),
                mine.c.event_id == first,
            )
            .order_by(mine.c.event_id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=mine)
        )
        rows = (await self._connection.execute(statement)).mappings()
        return [DueReaction(recorded=event_of(row), reaction=row["reaction"], attempts=row["attempts"]) for row in rows]

    async def done(self, reactions: list[DueReaction]) -> None:
        if not reactions:
            return
        # One key at a time: SQLite does not look pairs up in an index.
        statement = (
            update(event_reaction)
            .where(event_reaction.c.event_id == bindparam("done_id"), event_reaction.c.reaction == bindparam("done_by"))
            .values(state="done", error="")
        )
        keys = [{"done_id": due.recorded.id, "done_by": due.reaction} for due in reactions]
        await self._connection.execute(statement, keys)

    async def failed(self, reaction: DueReaction, error: str, *, retry_in: timedelta | None) -> None:
        await self._connection.execute(
            update(event_reaction)
            .where(
                event_reaction.c.event_id == reaction.recorded.id,
                event_reaction.c.reaction == reaction.reaction,
                in_state(event_reaction, "due"),
            )
            .values(
                attempts=event_reaction.c.attempts + 1,
                error=error,
                state="parked" if retry_in is None else "due",
                try_at=None if retry_in is None else self._machine_time.after(retry_in),
            )
        )

    async def next_try(self) -> datetime | None:
        """Tell when a reaction that failed is to be tried again."""
        found = await self._connection.execute(
            select(func.min(event_reaction.c.try_at)).where(in_state(event_reaction, "due"))
        )
        earliest: datetime | None = found.scalar()
        return earliest

    async def parked(self) -> list[Row]:
        """Tell the reactions that cannot run, and how many others each of them blocks."""
        mine, later = event_reaction, event_reaction.alias("later")
        blocks = (
            select(func.count())
            .where(
                later.c.reaction == mine.c.reaction,
                later.c.subject == mine.c.subject,
                in_state(later, *_OPEN),
                in_state(later, "due"),
                later.c.event_id > mine.c.event_id,
            )
            .scalar_subquery()
        )
        found = await self._connection.execute(
            select(mine.c.event_id, mine.c.reaction, mine.c.subject, mine.c.type, mine.c.error, blocks.label("blocks"))
            .where(in_state(mine, "parked"))
            .order_by(mine.c.event_id)
        )
        return list(found.mappings())

    async def settle(self, event_id: int, reaction: str, *, retry: bool) -> bool:
        """Try a parked reaction again, or skip it for good; tells whether it was parked."""
        key = and_(event_reaction.c.event_id == event_id, event_reaction.c.reaction == reaction)
        result = await self._connection.execute(
            update(event_reaction)
            .where(key, in_state(event_reaction, "parked"))
            .values(state="due" if retry else "skipped", attempts=0, try_at=None)
        )
        return result.rowcount == 1
