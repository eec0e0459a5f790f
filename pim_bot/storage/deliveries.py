"""What the worker does with notifications: claim them, keep their words, record what came of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.clock import new_id
from pim_bot.errors import LineTaken
from pim_bot.notifications import delivery
from pim_bot.notifications.delivery import Notification, intent_key
from pim_bot.notifications.intent import NEVER_FOLDED, URGENT, Kind, Operation, State
from pim_bot.notifications.pace import NO_LIMIT, WIDE, Pace, Room, conversation_bucket
from pim_bot.storage.addressed import with_addressees
from pim_bot.storage.machine_time import MachineTime
from pim_bot.storage.rows import Row, in_state, is_still, one_of
from pim_bot.storage.tables.flow import bucket, due_item, event_reaction, notification
from pim_bot.storage.tables.people import recipient as recipient_table

_OPEN = (State.PLANNED, State.SENDING, State.DOUBTFUL)
_IN_FLIGHT = (State.SENDING, State.DOUBTFUL)


class DeliveryRows:
    """What the worker does with notifications: claim, keep the rendering, record the outcome.

    Whoever claims a row holds it by a token until the lease ends; a write with an old token changes nothing.
    """

    def __init__(self, connection: AsyncConnection, machine_time: MachineTime) -> None:
        self._connection = connection
        self._machine_time = machine_time

    async def claimable(
        self, programme: datetime, limit: int, *, pace: Pace = NO_LIMIT, room: Room = WIDE
    ) -> list[Notification]:
        """Tell planned messages that may go now: of each line only the first, and none while one is on its way.

        Programme time says what is due, machine time what waits for its next try, the buckets how much the chat takes.
        What is urgent comes first.
        """
        first = _firsts_of_lines(programme)
        chosen = (
            select(notification)
            .join(first, first.c.id == notification.c.id)
            .where(
                is_still(notification, State.PLANNED),
                or_(notification.c.try_at.is_(None), notification.c.try_at <= self._machine_time.now()),
                *self._within(pace, room),
            )
            .order_by(_urgency(notification), notification.c.not_before, notification.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=notification)
        )
        found = await with_addressees(self._connection, chosen, _urgency, "not_before")
        posts = [one for one in found if one.operation is not Operation.UPDATE][: room.posts]
        changes = [one for one in found if one.operation is Operation.UPDATE][: room.changes]
        chosen_ids = {one.id for one in (*posts, *changes)}
        return [one for one in found if one.id in chosen_ids]

    def _within(self, pace: Pace, room: Room) -> list[ColumnElement[bool]]:
        """Make the conditions that keep the chat's pace; a change counts for no conversation."""
        is_change = notification.c.operation == Operation.UPDATE.value
        conditions: list[ColumnElement[bool]] = []
        if not room.posts:
            conditions.append(is_change)
        if not room.changes:
            conditions.append(~is_change)
        if not room.may_open:
            is_known = exists().where(
                recipient_table.c.id == notification.c.recipient_id, recipient_table.c.conversation != ""
            )
            conditions.append(is_known)
        if pace.conversation.per_minute:
            is_full = exists().where(
                bucket.c.name == literal(conversation_bucket("")).op("||")(notification.c.order_key),
                bucket.c.free_at > self._machine_time.after(pace.conversation.slack),
            )
            conditions.append(or_(is_change, ~is_full))
        return conditions

    async def floods(self, lines: Sequence[str], programme: datetime, *, most: int) -> list[str]:
        """Tell in which of these lines more than ``most`` new messages are due."""
        if not lines:
            return []
        found = await self._connection.execute(
            select(notification.c.order_key)
            .where(notification.c.order_key.in_(lines), *_foldable(programme))
            .group_by(notification.c.order_key)
            .having(func.count() > most)
        )
        return list(found.scalars())

    async def fold(self, line: str, programme: datetime, *, most: int) -> None:
        """Let one new message, in the place of the first, say what so many of a line are to say."""
        found = await self._connection.execute(
            select(notification)
            .where(notification.c.order_key == line, *_foldable(programme))
            .order_by(notification.c.line)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        parts = found.mappings().all()
        bundle = _bundle_row(parts[0])
        await self._connection.execute(insert(notification), [bundle])
        await self._connection.execute(
            update(notification)
            .where(notification.c.id.in_([part["id"] for part in parts]))
            .values(state=State.FOLDED.value, target_id=bundle["id"])
        )

    async def parts(self, bundle_id: str) -> list[Notification]:
        """Tell the messages that one message says together, in their order."""
        chosen = select(notification).where(
            notification.c.target_id == bundle_id, notification.c.state == State.FOLDED.value
        )
        return await with_addressees(self._connection, chosen, "line")

    async def start(
        self, claimed: Sequence[tuple[Notification, dict[str, Any]]], *, token: str, lease: timedelta
    ) -> None:
        """Take rows with their renderings: from now on each counts as possibly sent until its outcome is recorded.

        Raises ``LineTaken`` when somebody else has a message of one of these lines on its way.
        """
        if not claimed:
            return
        statement = (
            update(notification)
            .where(notification.c.id == bindparam("claimed_id"), is_still(notification, State.PLANNED))
            .values(
                state=State.SENDING.value,
                started_at=self._machine_time.now(),
                lease_until=self._machine_time.after(lease),
                lease_token=token,
                posts=notification.c.posts + case((notification.c.operation == Operation.UPDATE.value, 0), else_=1),
                rendering=bindparam("said", type_=notification.c.rendering.type),
            )
        )
        try:
            await self._connection.execute(statement, [{"claimed_id": one.id, "said": said} for one, said in claimed])
        except IntegrityError as error:
            raise LineTaken("another worker has a message of this line on its way") from error

    async def drop(self, claimed: Notification, why: str) -> None:
        """Settle a row that there is nothing to say for any more."""
        await self._connection.execute(
            update(notification).where(notification.c.id == claimed.id).values(state=State.DROPPED.value, error=why)
        )

    async def set_aside(self, claimed: Notification, *, wait: timedelta | None) -> None:
        """Note that the words of a planned message could not be made: try again after the wait, or fail."""
        values: dict[str, Any] = {"state": State.FAILED.value, "error": delivery.BROKEN}
        if wait is not None:
            values = {"try_at": self._machine_time.after(wait), "late_why": delivery.BROKEN}
        await self._connection.execute(
            update(notification)
            .where(notification.c.id == claimed.id)
            .values(attempts=notification.c.attempts + 1, **values)
        )

    async def look_first(self, claimed: Notification, *, since: datetime) -> None:
        """Let a planned message be looked for in its conversation since then, before it is sent."""
        await self._connection.execute(
            update(notification)
            .where(notification.c.id == claimed.id)
            .values(state=State.DOUBTFUL.value, started_at=since, late_why=delivery.RESTORED, try_at=None)
        )

    async def settle(
        self,
        notification_id: str,
        token: str,
        *,
        wait: timedelta | None = None,
        sweep_after: timedelta | None = None,
        **values: Any,
    ) -> bool:
        """Record an outcome; tells False when the lease was lost and nothing was written.

        ``wait`` is how long of machine time the next try waits, ``sweep_after`` how long the first reading for a late
        double. A change of a message that is to be tried again while a newer one waits is dropped instead: the newer
        says it all.
        """
        if wait is not None:
            values["try_at"] = self._machine_time.after(wait)
        if sweep_after is not None:
            values["sweep_at"] = self._machine_time.after(sweep_after)
        mine = and_(notification.c.id == notification_id, notification.c.lease_token == token)
        return await self._release(mine, values) == 1

    async def _release(self, which: ColumnElement[bool], values: dict[str, Any]) -> int:
        """Write values and give the lease up; tells how many rows that were."""
        free = {"lease_token": "", "lease_until": None}
        if values["state"] != State.PLANNED:
            result = await self._connection.execute(update(notification).where(which).values(free | values))
            return result.rowcount
        superseded = free | {"state": State.DROPPED.value, "error": delivery.SUPERSEDED}
        dropped = await self._connection.execute(update(notification).where(which, _is_superseded()).values(superseded))
        try:
            async with self._connection.begin_nested():
                kept = await self._connection.execute(update(notification).where(which).values(free | values))
        except IntegrityError:  # a newer change was planned just now
            return await self._release(which, values)
        return dropped.rowcount + kept.rowcount

    async def abandon_late(self) -> int:
        """Call doubtful what was being sent when its worker died or hung; a change can simply be made again."""
        late = and_(in_state(notification, State.SENDING), notification.c.lease_until <= self._machine_time.now())
        if not (await self._connection.execute(select(exists().where(late)))).scalar_one():
            return 0
        is_change = notification.c.operation == Operation.UPDATE.value
        again = await self._release(and_(late, is_change), {"state": State.PLANNED.value})
        return again + await self._release(and_(late, ~is_change), {"state": State.DOUBTFUL.value})

    async def doubtful(self, *, wait: timedelta, token: str, lease: timedelta, limit: int) -> list[Notification]:
        """Claim doubtful messages whose wait is over, to look for them in their conversations."""
        now = self._machine_time.now()
        chosen = (
            select(notification)
            .where(
                in_state(notification, *_IN_FLIGHT),
                in_state(notification, State.DOUBTFUL),
                notification.c.started_at <= self._machine_time.after(-wait),
                or_(notification.c.lease_until.is_(None), notification.c.lease_until <= now),
                or_(notification.c.try_at.is_(None), notification.c.try_at <= now),
            )
            .order_by(notification.c.started_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        found = await with_addressees(self._connection, chosen, "started_at")
        if not found:
            return []
        await self._connection.execute(
            update(notification)
            .where(notification.c.id.in_([one.id for one in found]))
            .values(lease_token=token, lease_until=self._machine_time.after(lease))
        )
        return found

    async def suspect(self, notification_id: str, *, after: timedelta) -> None:
        """Note that a message may stand there twice: somebody who had lost the lease may have sent it."""
        await self._connection.execute(
            update(notification)
            .where(notification.c.id == notification_id)
            .values(sweep_at=self._machine_time.after(after))
        )

    async def to_sweep(self, wait: timedelta, limit: int) -> list[Notification]:
        """Claim sent messages whose conversation is to be read for a late double, for the time of one wait."""
        chosen = (
            select(notification)
            .where(notification.c.sweep_at <= self._machine_time.now())
            .order_by(notification.c.sweep_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        found = await with_addressees(self._connection, chosen, "sweep_at")
        if found:
            await self._connection.execute(
                update(notification)
                .where(notification.c.id.in_([one.id for one in found]))
                .values(sweep_at=self._machine_time.after(wait))
            )
        return found

    async def swept(self, sent: Notification, *, after: timedelta | None) -> None:
        """Note that a conversation was read for a double, and after how long it is read again, if ever."""
        again = self._machine_time.after(after) if after is not None else None
        await self._connection.execute(
            update(notification).where(notification.c.id == sent.id).values(sweep_at=again, sweeps=sent.sweeps + 1)
        )

    async def is_reconciled(self, programme: datetime) -> bool:
        """Tell whether, after a restore, nothing is left that may have been sent before it."""
        blind = and_(
            in_state(notification, State.PLANNED),
            notification.c.not_before <= programme,
            notification.c.operation != Operation.UPDATE.value,
            notification.c.late_why != delivery.RESTORED,
        )
        doubtful = in_state(notification, *_IN_FLIGHT)
        overdue = and_(in_state(due_item, "planned"), due_item.c.due_at <= programme)
        found = await self._connection.execute(
            select(
                or_(
                    exists().where(blind),
                    exists().where(doubtful),
                    exists().where(overdue),
                    exists().where(in_state(event_reaction, "due")),
                )
            )
        )
        return not found.scalar_one()

    async def next_times(self) -> tuple[datetime | None, datetime | None]:
        """Tell the next programme time and the next machine time at which there may be something to do."""
        planned = in_state(notification, State.PLANNED)
        flying = in_state(notification, *_IN_FLIGHT)
        due = await self._connection.execute(
            select(func.min(notification.c.not_before)).where(planned, notification.c.try_at.is_(None))
        )
        retry = await self._connection.execute(
            select(func.min(notification.c.try_at)).where(planned, notification.c.try_at.is_not(None))
        )
        lease = await self._connection.execute(
            select(func.min(func.coalesce(notification.c.lease_until, notification.c.started_at))).where(flying)
        )
        machine = [time for time in (retry.scalar(), lease.scalar()) if time is not None]
        return due.scalar(), min(machine, default=None)

    async def oldest_waiting(self, programme: datetime) -> datetime | None:
        """Tell since when the oldest message waits that should have gone and is not waiting for its next try."""
        found = await self._connection.execute(
            select(func.min(notification.c.not_before)).where(
                in_state(notification, State.PLANNED),
                notification.c.not_before <= programme,
                or_(notification.c.try_at.is_(None), notification.c.try_at <= self._machine_time.now()),
            )
        )
        oldest: datetime | None = found.scalar()
        return oldest

    async def counts(self) -> dict[str, int]:
        """Count notifications by state."""
        found = await self._connection.execute(
            select(notification.c.state, func.count().label("number")).group_by(notification.c.state)
        )
        return {row.state: row.number for row in found}


def _is_superseded() -> ColumnElement[bool]:
    """Tell of a change of a message whether a newer change of it waits."""
    newer = notification.alias("newer")
    return and_(
        notification.c.operation == Operation.UPDATE.value,
        exists().where(
            newer.c.target_id == notification.c.target_id,
            one_of(newer.c.operation, Operation.UPDATE),
            in_state(newer, State.PLANNED),
        ),
    )


def _firsts_of_lines(programme: datetime) -> Subquery:
    """Select of each line that has nothing on its way the first message that is due.

    If anything is due it walks from line to line, so that it takes as long as there are lines and not as they are long.
    """
    one, flying, due = notification.alias("one"), notification.alias("flying"), notification.alias("due")
    is_anything_due = exists().where(in_state(due, State.PLANNED), due.c.not_before <= programme)
    line = select(literal("").label("order_key")).where(is_anything_due).cte("line", recursive=True)
    following = (
        select(func.min(one.c.order_key))
        .where(in_state(one, *_OPEN), one.c.order_key > line.c.order_key)
        .scalar_subquery()
    )
    line = line.union_all(select(following).where(line.c.order_key.is_not(None)))
    first = (
        select(one.c.id)
        .where(one.c.order_key == line.c.order_key, in_state(one, *_OPEN), one.c.not_before <= programme)
        .order_by(one.c.line)
        .limit(1)
        .scalar_subquery()
    )
    # A scalar, not NOT EXISTS, which PostgreSQL would make a join of.
    on_its_way = (
        select(flying.c.id)
        .where(flying.c.order_key == line.c.order_key, in_state(flying, *_IN_FLIGHT))
        .limit(1)
        .scalar_subquery()
    )
    return select(first.label("id")).where(line.c.order_key.is_not(None), on_its_way.is_(None)).subquery("first")


def _urgency(rows: FromClause) -> ColumnElement[int]:
    return case((rows.c.kind.in_([kind.value for kind in sorted(URGENT)]), 0), else_=1)


def _foldable(programme: datetime) -> list[ColumnElement[bool]]:
    """Make the conditions of a new message that may be said together with others."""
    return [
        in_state(notification, State.PLANNED),
        notification.c.not_before <= programme,
        notification.c.operation == Operation.POST.value,
        notification.c.posts == 0,
        notification.c.kind.not_in([kind.value for kind in sorted(NEVER_FOLDED)]),
    ]


def _bundle_row(first: Row) -> dict[str, Any]:
    """Make the row of a message that says several, in the place of the first of them."""
    subject = f"recipient:{first['recipient_id']}"
    return {
        "id": new_id(),
        "key": intent_key(Kind.BUNDLE, first["recipient_id"], subject, first["id"]),
        "kind": Kind.BUNDLE.value,
        "recipient_id": first["recipient_id"],
        "subject": subject,
        "occurrence": first["id"],
        "operation": Operation.POST.value,
        "not_before": first["not_before"],
        "order_key": first["order_key"],
        "line": first["line"],
    }
