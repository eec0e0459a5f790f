"""Notifications as rows: planned by reactions, claimed, sent and settled by the worker."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    and_,
    bindparam,
    func,
    null,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.clock import new_id
from pim_bot.notifications import delivery
from pim_bot.notifications.delivery import intent_key
from pim_bot.notifications.intent import Intent, Kind, Operation, State
from pim_bot.notifications.ports import Failure
from pim_bot.storage.recipients import home_of
from pim_bot.storage.rows import Row, hold, in_state, insert_new, is_still
from pim_bot.storage.tables.flow import notification
from pim_bot.storage.tables.people import recipient as recipient_table

_NEVER_SENT = (State.FAILED, State.DROPPED, State.NEEDS_HUMAN)
_OPEN = (State.PLANNED, State.SENDING, State.DOUBTFUL)
_IN_FLIGHT = (State.SENDING, State.DOUBTFUL)
_SHOWN = (State.SENDING, State.DOUBTFUL, State.SENT)

Which = Callable[[FromClause], ColumnElement[bool]]
"""Makes the condition that chooses notifications, of the table or of an alias of it."""


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
        await self._refresh(lambda rows: rows.c.subject == subject, kinds, at=at)

    async def refresh_for(
        self, recipients: Sequence[str], kinds: Sequence[Kind], *, since: datetime, at: datetime
    ) -> None:
        def theirs(rows: FromClause) -> ColumnElement[bool]:
            return and_(rows.c.recipient_id.in_(recipients), rows.c.not_before >= since)

        await self._refresh(theirs, kinds, at=at)

    async def _refresh(self, which: Which, kinds: Sequence[Kind], *, at: datetime) -> None:
        await self._change(notification.c.id.in_(_shown_in(which, kinds)), at)

    async def _change(self, which: ColumnElement[bool], at: datetime) -> None:
        found = await self._connection.execute(
            select(
                notification.c.id,
                notification.c.recipient_id,
                notification.c.subject,
                notification.c.order_key,
                notification.c.kind,
            )
            .where(which, notification.c.state.in_(_SHOWN))
            .order_by(notification.c.order_key, notification.c.line)
        )
        await self._stand_in_line([_change_row(row, at) for row in found.mappings()])

    async def stands(self, recipient: str, kind: Kind, subject: str, *, conversation: str, at: datetime) -> None:
        there = {"state": State.SENT.value, "conversation": conversation, "ts": kind.value, "sent_at": at}
        intent = Intent(kind=kind, recipient=recipient, subject=subject, not_before=at)
        await insert_new(self._connection, notification, [_intent_row(intent, None) | there])

    async def refresh_homes(self, member_ids: Sequence[str], *, at: datetime) -> None:
        # By their keys: every refresh of a Home tab ever made has its kind and its subject.
        keys = [intent_key(Kind.HOME, home_of(one), f"home:{one}", "") for one in member_ids]
        if keys:
            await self._change(notification.c.key.in_(keys), at)

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

    async def take_words(self, subject: str, kinds: Sequence[Kind]) -> None:
        await self._connection.execute(
            update(notification)
            .where(
                notification.c.target_id.in_(_shown_in(lambda rows: rows.c.subject == subject, kinds)),
                notification.c.operation == Operation.UPDATE.value,
                notification.c.state.in_((State.SENT, State.DROPPED)),
            )
            .values(rendering=null())
        )

    async def forget_words(self, subject: str, kind: Kind) -> None:
        await self._connection.execute(
            update(notification)
            .where(
                notification.c.subject == subject,
                notification.c.kind == kind.value,
                notification.c.state.in_((State.SENT, State.DROPPED)),
            )
            .values(rendering=null())
        )

    async def was_intended(self, kind: Kind, subject: str, occurrence: str) -> bool:
        found = await self._connection.execute(
            select(notification.c.id)
            .where(
                notification.c.subject == subject,
                notification.c.kind == kind.value,
                notification.c.occurrence == occurrence,
            )
            .limit(1)
        )
        return found.first() is not None

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
        targets = set(changed.scalars())
        await self._refresh(lambda rows: rows.c.id.in_(targets), list(Kind), at=at)
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


def _shown_in(which: Which, kinds: Sequence[Kind]) -> Any:
    """Select the messages in which people read these: their own, or the one that says several together."""
    part = notification.alias("part")
    own = select(notification.c.id).where(
        which(notification), notification.c.kind.in_(kinds), notification.c.operation != Operation.UPDATE.value
    )
    together = select(part.c.target_id).where(
        which(part), part.c.kind.in_(kinds), part.c.state == State.FOLDED.value, part.c.target_id.is_not(None)
    )
    return union_all(own, together)


def _change_row(row: Row, at: datetime) -> dict[str, Any]:
    """Make the row of a change of a message that stands in its conversation."""
    occurrence = f"refresh/{new_id()}"
    return {
        "id": new_id(),
        "key": intent_key(row["kind"], row["recipient_id"], row["subject"], occurrence),
        "kind": row["kind"],
        "recipient_id": row["recipient_id"],
        "subject": row["subject"],
        "occurrence": occurrence,
        "operation": Operation.UPDATE.value,
        "target_id": row["id"],
        "not_before": at,
        "order_key": row["order_key"],
    }


def _intent_row(intent: Intent, target: Row | None) -> dict[str, Any]:
    """Make the row of what is to be said; a reply to a message that is held waits for it."""
    operation = Operation.POST if intent.operation is Operation.REPLY and target is None else intent.operation
    return {
        "id": new_id(),
        "key": intent_key(intent.kind.value, intent.recipient, intent.subject, intent.occurrence),
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
