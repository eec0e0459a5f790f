"""How long things are kept: what is older is found by a reader, who keeps nobody waiting, and goes few rows at a time.

Which period belongs to which category is ``settings.Settings.retention``'s.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, and_, cast, delete, func, not_, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.storage.erasing import ErasureRows
from pim_bot.storage.privacy import HAS_WORDS, PrivacyRows
from pim_bot.storage.rows import in_state, upsert
from pim_bot.storage.tables.bulletins import bulletin, bulletin_reader
from pim_bot.storage.tables.dropped import people_list
from pim_bot.storage.tables.flow import (
    audit,
    audit_seal,
    due_item,
    event_log,
    event_reaction,
    handled_request,
    notification,
    parked_request,
)
from pim_bot.storage.tables.materials import material
from pim_bot.storage.tables.people import identity
from pim_bot.storage.tables.privacy import held, legal_hold, one_time_token, retention_run

RETENTION = "retention"
SETTLED = ("sent", "dropped")
GIVEN_UP = ("failed", "needs-human")


def _old_message(before: datetime) -> ColumnElement[bool]:
    said = or_(HAS_WORDS, cast(notification.c.facts, Text) != "{}")
    settled = and_(notification.c.state.in_(SETTLED), said)
    sent_at = func.coalesce(notification.c.sent_at, notification.c.not_before)
    return and_(sent_at < before, or_(settled, in_state(notification, *GIVEN_UP)))


def _old_event(before: datetime) -> ColumnElement[bool]:
    still_open = select(event_reaction.c.event_id).where(in_state(event_reaction, "due", "parked"))
    return and_(event_log.c.at < before, event_log.c.id.not_in(still_open))


def _held_no_longer(before: datetime) -> ColumnElement[bool]:
    lasting = or_(legal_hold.c.until.is_(None), legal_hold.c.until >= before.date())
    return held.c.category.not_in(select(legal_hold.c.category).where(lasting))


def _sealed(before: datetime) -> ColumnElement[bool]:
    """Rows go by the age of their seals, which stay; the database refuses those of less than two years."""
    seal = select(audit_seal.c.position).where(audit_seal.c.audit_id == audit.c.id, audit_seal.c.sealed_at < before)
    return seal.exists()


@dataclass(frozen=True, slots=True)
class Kind:
    """A category of rows: what names one, and which are older than an instant (by a hold: whose hold is over then)."""

    table: Table
    key: ColumnElement[Any]
    is_old: Callable[[datetime], ColumnElement[bool]]


KINDS = {
    "requests": Kind(handled_request, handled_request.c.key, lambda before: handled_request.c.at < before),
    "parked": Kind(parked_request, parked_request.c.id, lambda before: parked_request.c.at < before),
    "messages": Kind(notification, notification.c.id, _old_message),
    "events": Kind(event_log, event_log.c.id, _old_event),
    "fallen": Kind(
        due_item,
        due_item.c.id,
        lambda before: and_(due_item.c.due_at < before, not_(in_state(due_item, "planned"))),
    ),
    "audit": Kind(audit, audit.c.id, _sealed),
    "tokens": Kind(one_time_token, one_time_token.c.digest, lambda before: one_time_token.c.ends_at < before),
    "materials": Kind(material, material.c.id, lambda before: material.c.added_at < before),
    "bulletins": Kind(bulletin, bulletin.c.id, lambda before: bulletin.c.sent_at < before),
    "lists": Kind(people_list, people_list.c.id, lambda before: people_list.c.brought_at < before),
    "strangers": Kind(
        identity,
        identity.c.team_id + "/" + identity.c.user_id,
        lambda before: and_(identity.c.member_id.is_(None), identity.c.seen_at < before),
    ),
    "held": Kind(held, held.c.category + "/" + held.c.member_id, _held_no_longer),
}


class RetentionRows:
    """Lets go of what is older than its period, and notes when that was done."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def runs(self) -> dict[str, datetime]:
        """Tell when each category's period was applied last."""
        found = await self._connection.execute(select(retention_run.c.category, retention_run.c.ran_at))
        return {row.category: row.ran_at for row in found}

    async def note(self, category: str, *, at: datetime, deleted: int) -> None:
        """Note that a category's period was applied, and how many rows went."""
        await upsert(self._connection, retention_run, [{"category": category, "ran_at": at, "deleted": deleted}])

    async def older(self, category: str, before: datetime, *, limit: int) -> list[Any]:
        """Tell the keys of at most so many rows of a category that are older."""
        kind = KINDS[category]
        chosen = select(kind.key).where(kind.is_old(before)).order_by(kind.key).limit(limit)
        found = await self._connection.execute(chosen)
        return list(found.scalars())

    async def forget(self, category: str, keys: Sequence[Any], before: datetime) -> None:
        """Let go of these rows, unless something happened to them since they were found."""
        kind = KINDS[category]
        mine = and_(kind.key.in_(keys), kind.is_old(before))
        match category:
            case "messages":
                await self._take_words(mine)
            case "strangers":
                for key in keys:
                    person = await PrivacyRows(self._connection).person(key)
                    if not person.is_member:
                        await ErasureRows(self._connection).erase(person, asked_by=RETENTION, at=before)
            case "events":
                receipts = event_reaction.c.event_id.in_(select(event_log.c.id).where(mine))
                await self._connection.execute(delete(event_reaction).where(receipts))
                await self._connection.execute(delete(event_log).where(mine))
            case "bulletins":
                readers = bulletin_reader.c.bulletin_id.in_(select(bulletin.c.id).where(mine))
                await self._connection.execute(delete(bulletin_reader).where(readers))
                await self._connection.execute(delete(bulletin).where(mine))
            case _:
                await self._connection.execute(delete(kind.table).where(mine))

    async def _take_words(self, mine: ColumnElement[bool]) -> None:
        """Take the words out of messages; that they were sent, when and of what kind stays. Old failures are over."""
        failed = and_(mine, notification.c.state.in_(GIVEN_UP))
        silent = {"rendering": null(), "facts": {}}
        await self._connection.execute(update(notification).where(failed).values(state="dropped", **silent))
        await self._connection.execute(update(notification).where(mine).values(silent))
