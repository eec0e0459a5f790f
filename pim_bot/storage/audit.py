"""Who did what to what: the rows of the audit, their keyed hashes, and their seals.

Every act has exactly one row, written in the transaction of its change. The leading clock seals rows afterwards, one
by one: by what is still unsealed and never by „id greater than the last”, since a number is given at the insert and
seen at the commit.
"""

import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.events.event import Event
from pim_bot.programme.people import Actor
from pim_bot.storage.chain import BEGINNING, digest_of, link_of
from pim_bot.storage.rows import insert_into
from pim_bot.storage.states import states_of
from pim_bot.storage.tables.flow import audit, audit_seal, audit_unsealed, person_key

KEPT = timedelta(days=731)
"""How long a row is kept at least, from its seal on (two years); the database's triggers hold the same."""

KEY_BYTES = 32
OWN_DOORS = frozenset({"clock", "worker", "waiting-list"})
"""What the hub does by itself: it has rows, and hashes only where it held what it changed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """What one actor did to one subject."""

    action: str
    subject: str
    actor: Actor
    at: datetime
    revision: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The end of the chain; noted elsewhere, it tells later whether anything before it was taken away."""

    position: int
    chain: str


def acts_of(recorded: Iterable[tuple[Event, Actor, datetime]], declared: Sequence[Act]) -> list[Act]:
    """Tell the acts of one transaction: an event is one, unless its actor declared what all of theirs come from."""
    busy = {(act.actor.id, act.actor.door) for act in declared}
    single = [
        Act(action=event.type_name(), subject=event.subject, actor=actor, at=at, revision=event.revision)
        for event, actor, at in recorded
        if (actor.id, actor.door) not in busy
    ]
    return [*declared, *single]


async def write_acts(connection: AsyncConnection, acts: Sequence[Act], before: Mapping[str, str]) -> None:
    """Write a row for each act, in its transaction; ``before`` is how the subjects were that the acts held.

    The subject of an act that held nothing was made by it. Hashes are HMAC-SHA256 under the key of whoever acted, so
    they can be compared only while that key exists.
    """
    if not acts:
        return
    noted = [act for act in acts if act.subject in before or act.actor.door not in OWN_DOORS]
    after = await states_of(connection, [act.subject for act in noted])
    keys = await keys_of(connection, {act.actor.id for act in noted if after[act.subject] or before.get(act.subject)})
    rows = [
        {
            "at": act.at,
            "actor": act.actor.id,
            "door": act.actor.door,
            "action": act.action,
            "subject": act.subject,
            "revision": act.revision,
            "before": _keyed(keys, act, before),
            "after": _keyed(keys, act, after),
        }
        for act in acts
    ]
    written = await connection.execute(insert(audit).returning(audit.c.id), rows)
    await connection.execute(insert(audit_unsealed), [{"audit_id": audit_id} for audit_id in written.scalars()])


def _keyed(keys: Mapping[str, bytes], act: Act, states: Mapping[str, str]) -> str:
    state = states.get(act.subject, "")
    return hmac.digest(keys[act.actor.id], state.encode(), "sha256").hex() if state else ""


async def keys_of(connection: AsyncConnection, actors: set[str]) -> dict[str, bytes]:
    """Tell the keys of these actors; one is made when it is needed first."""
    if not actors:
        return {}
    keys = await _known_keys(connection, actors)
    if missing := actors - set(keys):
        new = [{"actor": actor, "value": secrets.token_bytes(KEY_BYTES)} for actor in sorted(missing)]
        made = insert_into(connection, person_key).on_conflict_do_nothing()
        made = made.returning(person_key.c.actor, person_key.c.value)
        keys |= {row.actor: row.value for row in await connection.execute(made, new)}
    if missing := actors - set(keys):  # somebody made them meanwhile
        keys |= await _known_keys(connection, missing)
    return keys


async def _known_keys(connection: AsyncConnection, actors: set[str]) -> dict[str, bytes]:
    found = await connection.execute(select(person_key).where(person_key.c.actor.in_(sorted(actors))))
    return {row.actor: row.value for row in found}


class AuditRows:
    """What becomes of the rows of the audit after they were written."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def head(self) -> Head:
        """Tell the end of the chain; position 0 before the first seal."""
        last = select(func.max(audit_seal.c.position)).scalar_subquery()
        found = await self._connection.execute(
            select(audit_seal.c.position, audit_seal.c.chain).where(audit_seal.c.position == last)
        )
        row = found.first()
        return Head(position=row.position, chain=row.chain) if row else Head(position=0, chain=BEGINNING)

    async def seal(self, *, at: datetime, limit: int) -> tuple[int, Head]:
        """Seal rows that are not sealed yet; tells how many were, and the end of the chain. One process at a time may.

        A row that was committed late is sealed late: its position says when it was seen, not its number.
        """
        found = await self._connection.execute(
            select(audit)
            .join(audit_unsealed, audit_unsealed.c.audit_id == audit.c.id)
            .order_by(audit_unsealed.c.audit_id)
            .limit(limit)
        )
        rows = found.mappings().all()
        head = await self.head()
        if not rows:
            return 0, head
        seals = []
        chain = head.chain
        for position, row in enumerate(rows, start=head.position + 1):
            seal = {"position": position, "audit_id": row["id"], "digest": digest_of(row), "sealed_at": at}
            chain = link_of(chain, **seal)
            seals.append(seal | {"chain": chain})
        await self._connection.execute(insert(audit_seal), seals)
        sealed = [row["id"] for row in rows]
        await self._connection.execute(delete(audit_unsealed).where(audit_unsealed.c.audit_id.in_(sealed)))
        return len(rows), Head(position=head.position + len(rows), chain=chain)
