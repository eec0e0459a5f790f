"""The ledger as rows: read by people, and the two things a person may decide about a message."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.notifications.delivery import NOTHING_TO_SAY
from pim_bot.notifications.digests import DIGEST
from pim_bot.notifications.intent import Kind, Operation, State
from pim_bot.notifications.ledger import BY_PERSON, LATE, About, Decision, Entry, Wanted, troubles_first
from pim_bot.notifications.reminders import KINDS
from pim_bot.programme.names import folded
from pim_bot.storage.due_items import item_of
from pim_bot.storage.rows import Row, in_state, one_of
from pim_bot.storage.tables.flow import due_item, event_log, notification
from pim_bot.storage.tables.people import member, recipient

_OPEN = (State.PLANNED, State.SENDING, State.DOUBTFUL)
_IN_DOUBT = (State.DOUBTFUL, State.NEEDS_HUMAN)
_DECIDED = {"DeliveryResent": "resent", "DeliveryDropped": "dropped"}
_MOST_READ = 2000
"""How many rows are looked at for a person's name at most: names are compared without diacritics, by us."""


class LedgerRows:
    """Implements ``notifications.ledger.Ledger``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.planned = False

    async def entry(self, notification_id: str) -> Entry | None:
        return next(iter(await self.entries([notification_id])), None)

    async def entries(self, notification_ids: Sequence[str]) -> list[Entry]:
        found = {
            one.id: one for one in await self._read(entries_of_ledger().where(notification.c.id.in_(notification_ids)))
        }
        return [found[one] for one in notification_ids if one in found]

    async def _read(self, statement: Select[Any]) -> list[Entry]:
        return [entry_of(row) for row in (await self._connection.execute(statement)).mappings()]

    async def facts(self, notification_id: str) -> dict[str, Any]:
        found = await self._connection.execute(select(notification.c.facts).where(notification.c.id == notification_id))
        return found.scalar() or {}

    async def found(self, wanted: Wanted, *, now: datetime) -> list[Entry]:
        chosen = entries_of_ledger()
        if wanted.since is not None:
            chosen = chosen.where(notification.c.not_before >= wanted.since)
        if wanted.states:
            chosen = chosen.where(in_state(notification, *wanted.states))
        limit = _MOST_READ if wanted.who else wanted.limit
        # What waits for a person is never cut off by what is new.
        troubled = await self._read(chosen.where(_is_troubled(now)).order_by(_NEWEST, notification.c.id).limit(limit))
        newest = await self._read(chosen.where(~_is_troubled(now)).order_by(_NEWEST, notification.c.id).limit(limit))
        unsaid = await self._unsaid(wanted, limit) if wanted.who or State.DROPPED in wanted.states else []
        mine = [one for one in [*troubled, *newest, *unsaid] if _is_for(one, wanted.who)]
        return troubles_first(mine, now=now)[: wanted.limit]

    async def _unsaid(self, wanted: Wanted, limit: int) -> list[Entry]:
        """Read the reminders and digests that were planned for people and never became a message."""
        if wanted.states and State.DROPPED not in wanted.states:
            return []
        said = exists().where(
            notification.c.subject == literal("member:") + due_item.c.member_id,
            notification.c.kind == Kind.REMINDER.value,
            notification.c.occurrence == due_item.c.batch,
        )
        is_unsaid = or_(
            in_state(due_item, "dropped"),
            and_(due_item.c.kind.in_(KINDS), in_state(due_item, "fell"), ~said),
        )
        chosen = (
            select(due_item, member.c.name, member.c.email, member.c.zone)
            .join(member, member.c.id == due_item.c.member_id)
            .where(due_item.c.kind.in_((*KINDS, DIGEST)), is_unsaid)
            .order_by(due_item.c.due_at.desc(), due_item.c.id)
            .limit(limit)
        )
        if wanted.since is not None:
            chosen = chosen.where(due_item.c.due_at >= wanted.since)
        return [_unsaid_entry(row) for row in (await self._connection.execute(chosen)).mappings()]

    async def troubled(self, *, now: datetime, limit: int) -> list[str]:
        wanted = select(notification.c.id).where(_is_troubled(now), _IS_NO_LIST)
        chosen = wanted.order_by(_NEWEST, notification.c.id).limit(limit)
        entries = await self.entries(list((await self._connection.execute(chosen)).scalars()))
        return [one.id for one in troubles_first(entries, now=now)]

    async def lately(self, *, since: datetime, limit: int) -> list[str]:
        chosen = (
            select(notification.c.id)
            .where(
                in_state(notification, State.SENT),
                notification.c.not_before >= since,
                notification.c.operation != Operation.UPDATE.value,
                _IS_NO_LIST,
            )
            .order_by(notification.c.sent_at.desc(), notification.c.id)
            .limit(limit)
        )
        return list((await self._connection.execute(chosen)).scalars())

    async def counts(self, *, since: datetime) -> dict[State, int]:
        found = await self._connection.execute(
            select(notification.c.state, func.count())
            .where(notification.c.not_before >= since, notification.c.operation != Operation.UPDATE.value, _IS_NO_LIST)
            .group_by(notification.c.state)
        )
        return {State(state): count for state, count in found}

    async def decisions(self, notification_ids: Sequence[str]) -> dict[str, Decision]:
        subjects = [f"notification:{one}" for one in notification_ids]
        found = await self._connection.execute(
            select(event_log.c.subject, event_log.c.type, event_log.c.actor, event_log.c.at, event_log.c.body)
            .where(event_log.c.subject.in_(subjects), event_log.c.type.in_(_DECIDED))
            .order_by(event_log.c.id)
        )
        decisions: dict[str, Decision] = {}
        for subject, kind, actor, at, body in found:
            key = subject.removeprefix("notification:")
            first = decisions[key].due if key in decisions else None
            due = first or (datetime.fromisoformat(body["due"]) if body.get("due") else None)
            decisions[key] = Decision(what=_DECIDED[kind], actor=actor, at=at, due=due)
        return decisions

    async def resend(self, entry: Entry, *, at: datetime, held_why: str = "") -> bool:
        if entry.operation is Operation.UPDATE and await self._is_superseded(entry):
            return False
        again: dict[str, Any] = {
            "state": State.PLANNED.value,
            "error": "",
            "late_why": "",
            "held_why": held_why,
            "attempts": 0,
            "try_at": None,
            "not_before": at,
            "lease_token": "",
            "lease_until": None,
        }
        if entry.state not in _IN_DOUBT:  # what may have arrived is said in the same words
            again["rendering"] = None
        self.planned = True
        return await self._change(entry, again)

    async def _is_superseded(self, entry: Entry) -> bool:
        """Tell whether a newer change of the same message waits: it says it all."""
        newer = notification.alias("newer")
        found = await self._connection.execute(
            select(newer.c.id).where(
                newer.c.target_id
                == select(notification.c.target_id).where(notification.c.id == entry.id).scalar_subquery(),
                one_of(newer.c.operation, Operation.UPDATE),
                in_state(newer, State.PLANNED),
            )
        )
        return found.first() is not None

    async def drop(self, entry: Entry) -> bool:
        settled = {"state": State.DROPPED.value, "error": BY_PERSON, "lease_token": "", "lease_until": None}
        return await self._change(entry, settled)

    async def _change(self, entry: Entry, values: dict[str, Any]) -> bool:
        mine = and_(notification.c.id == entry.id, func.coalesce(notification.c.state, "") == entry.state.value)
        result = await self._connection.execute(update(notification).where(mine).values(values))
        return result.rowcount == 1

    async def about(self, subject: str) -> About:
        items = await self._connection.execute(
            select(due_item).where(due_item.c.subject == subject, in_state(due_item, "planned"))
        )
        mine = entries_of_ledger().where(notification.c.subject == subject, in_state(notification, *_OPEN))
        return About(
            items={row["id"]: item_of(row) for row in items.mappings()},
            entries={one.id: one for one in await self._read(mine)},
        )


_NEWEST = notification.c.not_before.desc()
_IS_NO_LIST = notification.c.kind != Kind.DELIVERIES.value


def _is_troubled(now: datetime) -> ColumnElement[bool]:
    """Make the condition that a message waits for a person, is in doubt, or is late and still open."""
    is_message = notification.c.operation != Operation.UPDATE.value
    late = and_(in_state(notification, *_OPEN), is_message, notification.c.not_before <= now - LATE)
    return or_(in_state(notification, State.FAILED, State.NEEDS_HUMAN), in_state(notification, State.DOUBTFUL), late)


def entries_of_ledger() -> Select[Any]:
    """Select messages with whom they are for."""
    target, earlier = notification.alias("target"), notification.alias("earlier")
    in_line = exists().where(
        earlier.c.order_key == notification.c.order_key,
        earlier.c.line < notification.c.line,
        in_state(earlier, *_OPEN),
    )
    names = (
        "id",
        "kind",
        "subject",
        "operation",
        "state",
        "not_before",
        "held_why",
        "sent_at",
        "error",
        "late_why",
        "attempts",
        "conversation",
        "ts",
        "recipient_id",
        "occurrence",
    )
    return (
        select(
            *(notification.c[name] for name in names),
            target.c.occurrence.label("target_occurrence"),
            target.c.kind.label("target_kind"),
            recipient.c.kind.label("recipient_kind"),
            recipient.c.address,
            recipient.c.problem,
            recipient.c.member_id,
            member.c.name,
            member.c.email,
            member.c.zone,
            in_line.label("in_line"),
        )
        .join(recipient, recipient.c.id == notification.c.recipient_id)
        .outerjoin(member, member.c.id == recipient.c.member_id)
        .outerjoin(target, target.c.id == notification.c.target_id)
    )


def entry_of(row: Row) -> Entry:
    """Read an entry."""
    names = (
        "id",
        "subject",
        "not_before",
        "held_why",
        "sent_at",
        "error",
        "late_why",
        "attempts",
        "conversation",
        "ts",
    )
    operation = Operation(row["operation"])
    return Entry(
        **{name: row[name] for name in names},
        kind=Kind(row["kind"]),
        operation=operation,
        occurrence=row["target_occurrence"] or "" if operation is Operation.UPDATE else row["occurrence"],
        state=State(row["state"]),
        recipient=row["recipient_id"],
        recipient_kind=row["recipient_kind"],
        address=row["address"] if row["recipient_kind"] == "channel" else "",
        problem=row["problem"],
        member_id=row["member_id"] or "",
        name=row["name"] or "",
        email=row["email"] or "",
        zone=row["zone"] or "Europe/Warsaw",
        in_line=bool(row["in_line"]),
    )


def _unsaid_entry(row: Row) -> Entry:
    """Read something that was to be said to a person and never was, as an entry that was dropped."""
    return Entry(
        id=row["id"],
        kind=Kind.DIGEST if row["kind"] == DIGEST else Kind.REMINDER,
        subject=row["subject"],
        occurrence=row["occurrence"],
        operation=Operation.POST,
        state=State.DROPPED,
        not_before=row["due_at"],
        held_why="",
        sent_at=None,
        error=row["why"] if row["state"] == "dropped" else NOTHING_TO_SAY,
        late_why="",
        attempts=0,
        conversation="",
        ts="",
        recipient=f"slack:member:{row['member_id']}",
        recipient_kind="member",
        member_id=row["member_id"],
        name=row["name"] or "",
        email=row["email"] or "",
        zone=row["zone"] or "Europe/Warsaw",
    )


def _is_for(entry: Entry, who: str) -> bool:
    wanted = folded(who).lstrip("#")
    return not wanted or any(wanted in folded(one) for one in (entry.name, entry.email, entry.address))
