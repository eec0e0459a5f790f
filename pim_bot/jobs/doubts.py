"""Doubts: messages of which nobody knows whether they were posted, and messages that may stand there twice.

A doubtful message waits longer than the chat's worst delay; then its conversation is read to the end for its key. What
was sent more than once is looked for again later: of two messages with one key the later one is taken away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog

from pim_bot.clock import Clock
from pim_bot.faults import crash_point
from pim_bot.jobs.outcomes import Outcomes
from pim_bot.jobs.ports import OpenWork, WorkerWork
from pim_bot.notifications import delivery
from pim_bot.notifications.delivery import Finding, Later, Missing, Notification, Sent, Unreadable
from pim_bot.notifications.ports import Chat, Way

log = structlog.get_logger(__name__)

TRIED_BEFORE = timedelta(days=1)
"""How long before its last try the first copy of a message may stand: a history that hid it let it be sent again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubts:
    """Resolves doubts. ``claim_work`` and ``record_work`` open transactions under those names."""

    claim_work: OpenWork
    record_work: OpenWork
    chat: Chat
    outcomes: Outcomes
    programme_clock: Clock
    machine_clock: Clock
    lease: timedelta
    doubt_wait: timedelta
    batch: int

    async def resolve(self, pauses: Mapping[str, Any]) -> int:
        """Look for what is in doubt and has waited, and for late doubles; tells how many messages that moved on."""
        if delivery.REFUSED_TOKEN in pauses:
            return 0
        token = uuid4().hex
        async with self.claim_work() as work:
            await self._end_restoring(work, pauses)
            freed: int = await work.deliveries.abandon_late()
            if self._may_still_arrive(pauses):
                return freed
            doubtful = await work.deliveries.doubtful(
                wait=self.doubt_wait, token=token, lease=self.lease, limit=self.batch
            )
            suspects = await work.deliveries.to_sweep(self.doubt_wait, self.batch)
        for claimed in doubtful:
            await self._resolve(claimed, token)
        return freed + len(doubtful) + sum([await self._sweep(one) for one in suspects])

    def _may_still_arrive(self, pauses: Mapping[str, Any]) -> bool:
        """Tell whether the chat may still be taking in what the hub said just before it was restored."""
        restored = pauses.get(delivery.RESTORED)
        return restored is not None and self.machine_clock() < (
            datetime.fromisoformat(restored["restored_at"]) + self.doubt_wait
        )

    async def _end_restoring(self, work: WorkerWork, pauses: Mapping[str, Any]) -> None:
        """Go on as usual once nothing is left that may have been sent between a backup and its restore."""
        if delivery.RESTORED in pauses and await work.deliveries.is_reconciled(self.programme_clock()):
            await work.pauses.lift(delivery.RESTORED)
            log.info("delivery.resumed", why=delivery.RESTORED)

    async def _resolve(self, claimed: Notification, token: str) -> None:
        finding, way = await self._look_for(claimed)
        async with self.record_work() as work:
            if way is not None:
                await self.outcomes.keep_way(work, claimed, way)
            await self.outcomes.settle_doubt(work, claimed, token, finding)

    async def _look_for(self, claimed: Notification) -> tuple[Finding, Way | None]:
        conversation, way = claimed.conversation, None
        if not conversation:
            found = await self.chat.reach(claimed.addressee)
            if not isinstance(found, Way):
                # Without a way there the message cannot have been posted: the way is found before the post.
                return (found, None) if isinstance(found, Later) else (Missing(), None)
            conversation, way = found.conversation, found
        assert claimed.started_at is not None
        crash_point("doubt.before-read")
        finding = await self.chat.find(conversation, key=claimed.key, since=claimed.started_at, thread=claimed.thread)
        crash_point("doubt.after-read")
        return finding, way

    async def _sweep(self, sent: Notification) -> int:
        """Read again where a message may stand twice; tells how many were taken away."""
        if not sent.ts:  # it is not known to stand anywhere yet
            await self._swept(sent)
            return 0
        assert sent.started_at is not None
        since = sent.started_at - TRIED_BEFORE
        copies = await self.chat.copies(sent.conversation, key=sent.key, since=since, thread=sent.thread)
        if isinstance(copies, (Later, Unreadable)):
            log.warning("delivery.not-swept", kind=sent.kind, detail=copies.detail)
            await self._swept(sent, copies)
            return 0
        doubles = [ts for ts in copies if ts != sent.ts]
        taken = 0
        for ts in doubles if sent.ts in copies else doubles[1:]:  # the one that is kept is the one that is answered
            crash_point("sweep.before-retract")
            outcome = await self.chat.retract(sent.conversation, ts)
            log.warning("delivery.double-retracted", kind=sent.kind, outcome=type(outcome).__name__)
            taken += isinstance(outcome, Sent)
            if isinstance(outcome, Later):
                await self._swept(sent, outcome)
                return taken
        await self._swept(sent)
        return taken

    async def _swept(self, sent: Notification, said: Later | Unreadable | None = None) -> None:
        """Plan the next reading. One that the chat put off did not take place, however long the chat is away."""
        async with self.record_work() as work:
            if isinstance(said, Later):
                await work.deliveries.suspect(sent.id, after=max(said.after, self.doubt_wait))
                await self.outcomes.heed(work, said)
            else:
                await work.deliveries.swept(sent, after=delivery.next_sweep(sent.sweeps + 1, self.doubt_wait))
