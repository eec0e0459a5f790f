"""Notifications as rows: planned by reactions, claimed, sent and settled by the worker."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    exists,
    func,
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
from pim_bot.notifications.delivery import Addressee, Notification
from pim_bot.notifications.intent import Intent, Kind, Operation, State
from pim_bot.notifications.ports import Failure
from pim_bot.storage.machine_time import MachineTime
from pim_bot.storage.rows import Row, hold, in_state, insert_new, is_still, one_of
from pim_bot.storage.tables.flow import notification
from pim_bot.storage.tables.people import member
from pim_bot.storage.tables.people import recipient as recipient_table

_NEVER_SENT = (State.FAILED, State.DROPPED, State.NEEDS_HUMAN)
_OPEN = (State.PLANNED, State.SENDING, State.DOUBTFUL)
_IN_FLIGHT = (State.SENDING, State.DOUBTFUL)


class OutboxRows:
    """Implements ``notifications.ports.Outbox``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.planned = False

    async def intend(self, intents: Sequence[Intent]) -> None:
        if not intents:
            return
        targets = await self._targets(intents)
        await self._stand_in_line(
            [_intent_row(intent, targets.get((intent.recipient, intent.subject))) for intent in intents]
        )

    async def _stand_in_line(self, rows: list[dict[str, Any]]) -> None:
        """Write rows, each at the end of its line.

        Whoever plans for a line holds it until the commit, so that places are seen in the order they were given.
        """
        self.planned = True
        await hold(self._connection, (row["order_key"] for row in rows))
        end = select(func.coalesce(func.max(notification.c.line), 0)).where(
            notification.c.order_key == bindparam("key_of_line")
        )
        places: Counter[str] = Counter()
        numbered = []
        for row in rows:
            places[row["order_key"]] += 1
            numbered.append(row | {"key_of_line": row["order_key"], "place": places[row["order_key"]]})
        line = end.scalar_subquery() + bindparam("place", type_=Integer())
        await insert_new(self._connection, notification, numbered, computed={"line": line})

    async def _targets(self, intents: Sequence[Intent]) -> dict[tuple[str, str], Row]:
        """Find the messages whose threads replies belong to; a reply to nothing becomes a post of its own."""
        replies = [intent for intent in intents if intent.operation is Operation.REPLY]
        if not replies:
            return {}
        found = await self._connection.execute(
            select(
                notification.c.recipient_id, notification.c.subject, notification.c.id, notification.c.not_before
            ).where(
                notification.c.operation == Operation.POST.value,
                notification.c.kind.in_({intent.target_kind for intent in replies}),
                notification.c.subject.in_({intent.subject for intent in replies}),
                notification.c.state.not_in(_NEVER_SENT),
            )
        )
        return {(row["recipient_id"], row["subject"]): row for row in found.mappings()}

    async def refresh(self, subject: str, kinds: Sequence[Kind], *, at: datetime) -> None:
        await self._refresh(notification.c.subject == subject, kinds, at=at)

    async def refresh_for(
        self, recipients: Sequence[str], kinds: Sequence[Kind], *, since: datetime, at: datetime
    ) -> None:
        theirs = and_(notification.c.recipient_id.in_(recipients), notification.c.not_before >= since)
        await self._refresh(theirs, kinds, at=at)

    async def _refresh(self, which: ColumnElement[bool], kinds: Sequence[Kind], *, at: datetime) -> None:
        found = await self._connection.execute(
            select(
                notification.c.id,
                notification.c.recipient_id,
                notification.c.subject,
                notification.c.order_key,
                notification.c.kind,
            )
            .where(
                which,
                notification.c.kind.in_(kinds),
                notification.c.operation != Operation.UPDATE.value,
                notification.c.state.in_((State.SENDING, State.DOUBTFUL, State.SENT)),
            )
            .order_by(notification.c.order_key, notification.c.line)
        )
        rows = [
            {
                "id": new_id(),
                "key": str(uuid4()),
                "kind": row["kind"],
                "recipient_id": row["recipient_id"],
                "subject": row["subject"],
                "occurrence": f"refresh/{new_id()}",
                "operation": Operation.UPDATE.value,
                "target_id": row["id"],
                "not_before": at,
                "order_key": row["order_key"],
            }
            for row in found.mappings()
        ]
        await self._stand_in_line(rows)

    async def drop(self, subject: str, kinds: Sequence[Kind], *, why: str) -> None:
        await self._connection.execute(
            update(notification)
            .where(
                notification.c.subject == subject,
                notification.c.kind.in_(kinds),
                is_still(notification, State.PLANNED),
            )
            .values(state=State.DROPPED.value, error=why)
        )

    async def retry_for(self, recipient: str, *, at: datetime) -> int:
        self.planned = True
        unreached = and_(
            notification.c.recipient_id == recipient,
            notification.c.state == State.FAILED.value,
            notification.c.error.in_((delivery.NOT_INVITED, delivery.UNKNOWN_CHANNEL, delivery.ARCHIVED)),
        )
        is_change = notification.c.operation == Operation.UPDATE.value
        result = await self._connection.execute(
            update(notification)
            .where(unreached, ~is_change)
            .values(state=State.PLANNED.value, error="", attempts=0, try_at=None, not_before=at, rendering=None)
        )
        # Of several changes of one message that did not come through, one that says the present is enough.
        changed = await self._connection.execute(
            update(notification)
            .where(unreached, is_change)
            .values(state=State.DROPPED.value, error=delivery.SUPERSEDED)
            .returning(notification.c.target_id)
        )
        await self._refresh(notification.c.id.in_(set(changed.scalars())), list(Kind), at=at)
        await self._connection.execute(
            update(recipient_table).where(recipient_table.c.id == recipient).values(problem="")
        )
        return result.rowcount

    async def failure(self, notification_id: str) -> Failure | None:
        found = await self._connection.execute(
            select(
                notification.c.kind,
                notification.c.recipient_id,
                notification.c.error,
                recipient_table.c.kind,
                recipient_table.c.address,
            )
            .join(recipient_table, recipient_table.c.id == notification.c.recipient_id)
            .where(notification.c.id == notification_id, notification.c.state.in_((State.FAILED, State.NEEDS_HUMAN)))
        )
        row = found.first()
        if row is None:
            return None
        kind, recipient_id, error, recipient_kind, address = row
        shown = address if recipient_kind == "channel" else ""
        return Failure(kind=Kind(kind), recipient=recipient_id, error=error, address=shown)

    async def failed_since(self, since: datetime) -> int:
        found = await self._connection.execute(
            select(func.count()).where(
                in_state(notification, State.FAILED, State.NEEDS_HUMAN), notification.c.not_before >= since
            )
        )
        return found.scalar_one()


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


def _intent_row(intent: Intent, target: Row | None) -> dict[str, Any]:
    """Make the row of what is to be said; a reply to a message that is held waits for it."""
    operation = Operation.POST if intent.operation is Operation.REPLY and target is None else intent.operation
    return {
        "id": new_id(),
        "key": str(uuid4()),
        "kind": intent.kind.value,
        "recipient_id": intent.recipient,
        "subject": intent.subject,
        "occurrence": intent.occurrence,
        "operation": operation.value,
        "target_id": target["id"] if target else None,
        "revision": intent.revision,
        "not_before": max(intent.not_before, target["not_before"]) if target else intent.not_before,
        "held_why": intent.held_why,
        "order_key": intent.recipient,
        "facts": intent.facts,
    }


class DeliveryRows:
    """What the worker does with notifications: claim, keep the rendering, record the outcome.

    Whoever claims a row holds it by a token until the lease ends; a write with an old token changes nothing.
    """

    def __init__(self, connection: AsyncConnection, machine_time: MachineTime) -> None:
        self._connection = connection
        self._machine_time = machine_time

    async def claimable(self, programme: datetime, limit: int) -> list[Notification]:
        """Tell planned messages that may go now: of each line only the first, and none while one is on its way.

        Programme time says what is due, machine time says what waits for its next try.
        """
        first = _firsts_of_lines(programme)
        chosen = (
            select(notification)
            .join(first, first.c.id == notification.c.id)
            .where(
                is_still(notification, State.PLANNED),
                or_(notification.c.try_at.is_(None), notification.c.try_at <= self._machine_time.now()),
            )
            .order_by(notification.c.not_before, notification.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=notification)
        )
        return await self._with_addressees(chosen, "not_before")

    async def _with_addressees(self, chosen: Select[Any], order: str) -> list[Notification]:
        """Read rows that are chosen, and locked, before anything is joined to them."""
        statement = _joined(chosen.subquery("chosen"), order)
        return [_notification(row) for row in (await self._connection.execute(statement)).mappings()]

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

    async def settle(self, notification_id: str, token: str, *, wait: timedelta | None = None, **values: Any) -> bool:
        """Record an outcome; tells False when the lease was lost and nothing was written.

        ``wait`` is how long of machine time the next try waits. A change of a message that is to be tried again while
        a newer one waits is dropped instead: the newer says it all.
        """
        if wait is not None:
            values["try_at"] = self._machine_time.after(wait)
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
        found = await self._with_addressees(chosen, "started_at")
        await self._connection.execute(
            update(notification)
            .where(notification.c.id.in_([one.id for one in found]))
            .values(lease_token=token, lease_until=self._machine_time.after(lease))
        )
        return found

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
            select(notification.c.state, func.count()).group_by(notification.c.state)
        )
        return dict(found.tuples().all())


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


def _joined(chosen: Subquery, order: str) -> Select[Any]:
    target = notification.alias("target")
    return (
        select(
            chosen,
            recipient_table.c.kind.label("recipient_kind"),
            recipient_table.c.member_id,
            recipient_table.c.team_id,
            recipient_table.c.address,
            recipient_table.c.conversation.label("recipient_conversation"),
            recipient_table.c.language.label("recipient_language"),
            member.c.language.label("member_language"),
            member.c.zone.label("member_zone"),
            member.c.email,
            member.c.restricted_at,
            target.c.conversation.label("target_conversation"),
            target.c.ts.label("target_ts"),
            target.c.state.label("target_state"),
            target.c.occurrence.label("target_occurrence"),
        )
        .join(recipient_table, recipient_table.c.id == chosen.c.recipient_id)
        .outerjoin(member, member.c.id == recipient_table.c.member_id)
        .outerjoin(target, target.c.id == chosen.c.target_id)
        .order_by(chosen.c[order], chosen.c.id)
    )


def _notification(row: Row) -> Notification:
    return Notification(
        id=row["id"],
        key=row["key"],
        kind=Kind(row["kind"]),
        subject=row["subject"],
        occurrence=row["target_occurrence"] if row["operation"] == Operation.UPDATE else row["occurrence"],
        operation=Operation(row["operation"]),
        facts=row["facts"],
        attempts=row["attempts"],
        rendering=row["rendering"],
        conversation=row["conversation"],
        target_conversation=row["target_conversation"] or "",
        target_ts=row["target_ts"] or "",
        target_state=row["target_state"] or "",
        started_at=row["started_at"],
        lease_token=row["lease_token"],
        addressee=Addressee(
            recipient_id=row["recipient_id"],
            kind=row["recipient_kind"],
            language=row["member_language"] or row["recipient_language"] or "pl",
            zone=row["member_zone"] or "Europe/Warsaw",
            member_id=row["member_id"] or "",
            is_restricted=row["restricted_at"] is not None,
            team_id=row["team_id"],
            address=row["address"],
            email=row["email"] or "",
            conversation=row["recipient_conversation"],
        ),
    )
