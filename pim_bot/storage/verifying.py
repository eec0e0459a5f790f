"""Verifying the audit: every seal against the one before it and against its row, in one unchanging state."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from pim_bot.storage.audit import KEPT, Head
from pim_bot.storage.chain import BEGINNING, COLUMNS, digest_of, link_of
from pim_bot.storage.copying import unhurried
from pim_bot.storage.engine import make_reading
from pim_bot.storage.rows import Row
from pim_bot.storage.tables.flow import audit, audit_seal, audit_unsealed

BATCH = 1000
NOT_THE_NOTED_END = ("cut-off", "other-chain")
_IS_RESTORE = and_(audit.c.action == "BackupRestored", audit.c.door == "restore")


@dataclass(frozen=True, kw_only=True, slots=True)
class Break:
    """The first place at which the audit is not what was sealed.

    ``what`` is row-changed, row-missing, seal-changed, gap, cut-off, other-chain, unsealed-missing or hidden; or
    restored, when the chain is whole and only the end that was noted is not in it, and a restore may be why.
    """

    what: str
    position: int = 0
    audit_id: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """What was found: how many rows there are, are sealed and not yet, how many the retention took, and the end."""

    rows: int
    sealed: int
    unsealed: int
    pruned: int
    head: Head
    broken: Break | None
    restored_at: datetime | None = None


async def verify(engine: AsyncEngine, *, now: datetime, expected: Head | None = None) -> Verified:
    """Walk the chain to its end, or to the first break.

    ``expected`` is an end that was noted elsewhere before: without it nobody can tell that the newest rows were cut
    off together with their seals. ``now`` is machine time; a row may be missing only where its seal is old enough.
    After a restore the chain goes on from the backup: an end that was noted before the restore is not in it.
    """
    found = await _verified(engine, now, expected)
    if found.broken is None or found.broken.what not in NOT_THE_NOTED_END:
        return found
    async with make_reading(engine).connect() as connection:
        restored_at = (await connection.execute(select(func.max(audit.c.at)).where(_IS_RESTORE))).scalar()
    if restored_at is None:
        return found
    whole = await _verified(engine, now, None)
    broken = whole.broken or Break(what="restored", position=found.broken.position)
    return replace(whole, broken=broken, restored_at=restored_at)


async def _verified(engine: AsyncEngine, now: datetime, expected: Head | None) -> Verified:
    async with make_reading(engine).connect() as connection:
        await unhurried(connection)
        walk = _Walk(now=now, expected=expected)
        async for row in _seals(connection):
            walk.broken = walk.problem(row)
            if walk.broken:
                break
        rows = await _count(connection, select(func.count()).select_from(audit))
        unsealed = await _count(connection, select(func.count()).select_from(audit_unsealed))
        return Verified(
            rows=rows,
            sealed=await _count(connection, select(func.count()).select_from(audit_seal)),
            unsealed=unsealed,
            pruned=walk.pruned,
            head=Head(position=walk.position, chain=walk.chain),
            broken=walk.broken or walk.cut_off() or await _lost_before_its_seal(connection),
        )


@dataclass(kw_only=True)
class _Walk:
    """How far the chain was followed, and what was found on the way."""

    now: datetime
    expected: Head | None
    position: int = 0
    chain: str = BEGINNING
    pruned: int = 0
    broken: Break | None = None

    def problem(self, row: Row) -> Break | None:
        """Take the next seal, with its row if that is there; tells what is wrong with it."""
        position, audit_id = row["position"], row["audit_id"]
        if position != self.position + 1:
            return Break(what="gap", position=self.position + 1)
        seal = {name: row[name] for name in ("position", "audit_id", "digest", "sealed_at")}
        if row["chain"] != link_of(self.chain, **seal):
            return Break(what="seal-changed", position=position, audit_id=audit_id)
        self.position, self.chain = position, row["chain"]
        if self.expected and position == self.expected.position and self.chain != self.expected.chain:
            return Break(what="other-chain", position=position, audit_id=audit_id)
        if row["id"] is None:
            self.pruned += 1
            is_young = row["sealed_at"] > self.now - KEPT
            return Break(what="row-missing", position=position, audit_id=audit_id) if is_young else None
        if digest_of(row) != row["digest"]:
            return Break(what="row-changed", position=position, audit_id=audit_id)
        return None

    def cut_off(self) -> Break | None:
        """Tell whether the chain ends before the end that was noted elsewhere."""
        if self.expected is None or self.position >= self.expected.position:
            return None
        return Break(what="cut-off", position=self.position + 1)


async def _seals(connection: AsyncConnection) -> AsyncIterator[Row]:
    """Read every seal in the order of the chain, with the row that it seals."""
    statement = (
        select(*audit_seal.columns, *(audit.c[name] for name in COLUMNS))
        .select_from(audit_seal.outerjoin(audit, audit.c.id == audit_seal.c.audit_id))
        .order_by(audit_seal.c.position)
    )
    found = await connection.stream(statement)
    try:
        async for rows in found.mappings().partitions(BATCH):
            for row in rows:
                yield row
    finally:
        await found.close()


async def _lost_before_its_seal(connection: AsyncConnection) -> Break | None:
    """Look for a row that is neither sealed nor waits for its seal, and for one that waits and is not there."""
    is_sealed = select(audit_seal.c.audit_id).where(audit_seal.c.audit_id == audit.c.id).exists()
    waits = select(audit_unsealed.c.audit_id).where(audit_unsealed.c.audit_id == audit.c.id).exists()
    hidden = select(func.min(audit.c.id)).where(~is_sealed, ~waits)
    if audit_id := (await connection.execute(hidden)).scalar():
        return Break(what="hidden", audit_id=audit_id)
    is_there = select(audit.c.id).where(audit.c.id == audit_unsealed.c.audit_id).exists()
    missing = select(func.min(audit_unsealed.c.audit_id)).where(~is_there)
    if audit_id := (await connection.execute(missing)).scalar():
        return Break(what="unsealed-missing", audit_id=audit_id)
    return None


async def _count(connection: AsyncConnection, statement: Any) -> int:
    return int((await connection.execute(statement)).scalar_one())
