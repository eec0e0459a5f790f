"""Delivery: claim, render, commit, send, record. Between the commit and the record nobody knows whether it was sent.

A row that is found in that state after its lease is doubtful and never sent again blindly (``jobs/doubts.py``). Claims
keep the chat's pace, and wait altogether while a pause stands.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog

from pim_bot.clock import Clock
from pim_bot.errors import LineTaken, PimBotError, StorageUnavailable
from pim_bot.faults import crash_point
from pim_bot.jobs.doubts import Doubts
from pim_bot.jobs.outcomes import Outcomes
from pim_bot.jobs.ports import OpenWork, WorkerWork
from pim_bot.jobs.rendering.renderers import render
from pim_bot.notifications import delivery
from pim_bot.notifications.delivery import Later, Notification, Outcome
from pim_bot.notifications.intent import NEVER_FOLDED, Kind, Operation, State
from pim_bot.notifications.pace import Pace, Room
from pim_bot.notifications.ports import Chat, Way
from pim_bot.shift import Shift

log = structlog.get_logger(__name__)

RECORDED_TOGETHER = 0.02
FIRST_PAUSE, LONGEST_PAUSE = timedelta(milliseconds=100), timedelta(seconds=2)
MOST_CLAIMS = 50
"""How often a claim is repeated that found only what somebody else has, or what there is nothing to say for."""
MOST_FOLDED = 20
"""How many messages one message says together at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One notification on its way, with its words: under which token it is held and what came of it."""

    notification: Notification
    token: str
    held_until: datetime
    outcome: Outcome | None = None
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """The words of a message could not be made, by our own fault."""

    error: str


@dataclass(kw_only=True)
class Claim:
    """What one transaction of a claim has come to."""

    said: list[tuple[Notification, dict[str, Any]]] = field(default_factory=list)
    settled: int = 0


@dataclass(kw_only=True)
class Delivery:
    """Delivers what is due. ``claim_work`` and ``record_work`` open transactions under those names.

    More than ``flood`` new messages that wait for one person become one; 0 leaves them alone.
    """

    claim_work: OpenWork
    record_work: OpenWork
    chat: Chat
    programme_clock: Clock
    machine_clock: Clock
    lease: timedelta
    doubt_wait: timedelta
    pace: Pace = field(default_factory=Pace)
    flood: int = 0
    public_url: str = ""
    batch: int = 20
    longest_transaction: timedelta = timedelta(milliseconds=15)
    shift: Shift = field(default_factory=Shift)
    noted: Callable[[str, str], None] = lambda _kind, _outcome: None
    _pauses: Mapping[str, Any] = field(default_factory=dict)
    _running: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self._outcomes = Outcomes(
            programme_clock=self.programme_clock,
            machine_clock=self.machine_clock,
            doubt_wait=self.doubt_wait,
            noted=self._note,
        )
        self._doubts = Doubts(
            claim_work=self.claim_work,
            record_work=self.record_work,
            chat=self.chat,
            outcomes=self._outcomes,
            programme_clock=self.programme_clock,
            machine_clock=self.machine_clock,
            lease=self.lease,
            doubt_wait=self.doubt_wait,
            batch=self.batch,
        )

    def _note(self, kind: str, outcome: str) -> None:
        self.noted(kind, outcome)

    async def run_due(self) -> int:
        """Deliver everything that is due now; returns how many attempts were made."""
        async with self._running:
            total = await self._deliver()
            if resolved := await self._doubts.resolve(
                self._pauses
            ):  # after the messages: few are in doubt, and they have waited
                total += resolved + await self._deliver()
            return total

    async def begin(self) -> None:
        """Try again after an operator has acted: a worker that starts may have another token."""
        async with self.record_work() as work:
            if await work.pauses.lift(delivery.REFUSED_TOKEN):
                log.info("delivery.resumed", why=delivery.REFUSED_TOKEN)

    async def _deliver(self) -> int:
        total = 0
        while not self.shift.is_over and (attempts := await self._claim()):
            total += len(attempts)
            await self._send_and_record(attempts)
        return total

    async def _claim(self) -> list[Attempt]:
        """Take what is due and can be said; what there is nothing to say for is settled on the way."""
        for _ in range(MOST_CLAIMS):
            try:
                attempts, settled = await self._claim_batch()
            except LineTaken:
                continue
            except PimBotError:
                raise
            except Exception:
                # One message must not stop the others, whatever is wrong with it.
                log.exception("delivery.claim-failed")
                attempts, settled = await self._claim_batch(carefully=True)
            if attempts or not settled:
                return attempts
        return []

    async def _claim_batch(self, *, carefully: bool = False) -> tuple[list[Attempt], int]:
        """Take a batch, with its words, and commit; from here on each counts as possibly sent.

        Tells also how many were settled without being sent. ``carefully`` sets aside what cannot be said.
        """
        token, claim = uuid4().hex, Claim()
        async with self.claim_work() as work:
            started = self.machine_clock()
            room = await work.buckets.room(self.pace)
            self._pauses = room.pauses
            if delivery.REFUSED_TOKEN in room.pauses:
                return [], 0
            for claimed in await self._chosen(work, claim, room):
                await self._take(work, claim, claimed, room.pauses.get(delivery.RESTORED), carefully=carefully)
                if self.machine_clock() - started > self.longest_transaction:
                    break
            await self._start(work, claim, token)
        held_until = started + self.lease
        attempts = [
            Attempt(notification=replace(claimed, rendering=rendering), token=token, held_until=held_until)
            for claimed, rendering in claim.said
        ]
        return attempts, claim.settled

    async def _chosen(self, work: WorkerWork, claim: Claim, room: Room) -> list[Notification]:
        """Choose what goes now; lines in which too much waits for a person are folded, and go the next time."""
        if not room.posts and not room.changes:
            return []
        now = self.programme_clock()
        chosen = await work.deliveries.claimable(now, self.batch, pace=self.pace, room=room)
        lines = [one.addressee.recipient_id for one in chosen if self._may_fold(one)]
        floods = await work.deliveries.floods(lines, now, most=self.flood)
        for line in floods:
            await work.deliveries.fold(line, now, most=MOST_FOLDED)
        claim.settled += len(floods)
        return [one for one in chosen if one.addressee.recipient_id not in floods or not self._may_fold(one)]

    def _may_fold(self, one: Notification) -> bool:
        is_new = one.operation is Operation.POST and one.kind not in NEVER_FOLDED and not one.posts
        return bool(self.flood) and is_new and one.addressee.kind == "member"

    async def _take(
        self,
        work: WorkerWork,
        claim: Claim,
        claimed: Notification,
        restored: dict[str, Any] | None,
        *,
        carefully: bool,
    ) -> None:
        if restored is not None and claimed.operation is not Operation.UPDATE and claimed.late_why != delivery.RESTORED:
            await work.deliveries.look_first(claimed, since=datetime.fromisoformat(restored["backup_at"]))
            claim.settled += 1
            return
        match await (self._carefully(work, claimed) if carefully else self._rendering(work, claimed)):
            case Broken(error):
                await self._set_aside(work, claimed, error)
                claim.settled += 1
            case str(why):
                await work.deliveries.drop(claimed, why)
                claim.settled += 1
            case rendering:
                claim.said.append((claimed, rendering))

    async def _start(self, work: WorkerWork, claim: Claim, token: str) -> None:
        await work.deliveries.start(claim.said, token=token, lease=self.lease)
        posts = [claimed for claimed, _ in claim.said if claimed.operation is not Operation.UPDATE]
        lines = Counter(one.addressee.recipient_id for one in posts)
        await work.buckets.spend(self.pace, lines=lines, changes=len(claim.said) - len(posts))

    async def _carefully(self, work: WorkerWork, claimed: Notification) -> dict[str, Any] | str | Broken:
        try:
            async with work.tentatively():
                return await self._rendering(work, claimed)
        except PimBotError:
            raise
        except Exception as error:
            log.exception("delivery.cannot-be-said", kind=claimed.kind)
            return Broken(type(error).__name__)

    async def _set_aside(self, work: WorkerWork, claimed: Notification, error: str) -> None:
        again = claimed.attempts + 1 < delivery.MOST_RENDERINGS
        await work.deliveries.set_aside(claimed, wait=delivery.back_off(claimed.attempts) if again else None)
        if not again:
            log.warning("delivery.given-up", kind=claimed.kind, error=error)
            await self._outcomes.fail(work, claimed, delivery.BROKEN)

    async def _rendering(self, work: WorkerWork, claimed: Notification) -> dict[str, Any] | str:
        """Say the message, or why there is nothing to say; a repeat says the same words as before."""
        is_change = claimed.operation is Operation.UPDATE
        if is_change and claimed.target_state != State.SENT:
            return delivery.NO_TARGET
        if claimed.rendering is not None and not is_change:
            return claimed.rendering
        message = await render(work, claimed, self.programme_clock(), public_url=self.public_url)
        if message is None:
            return delivery.NOTHING_TO_SAY
        payload = message.as_payload()
        if claimed.rendering is not None and "blocks" not in claimed.rendering:  # the chat did not take them
            payload.pop("blocks", None)
        return payload

    async def _send_and_record(self, attempts: list[Attempt]) -> None:
        """Send all at once (each goes to another conversation) and record whatever is done."""
        pending = {asyncio.ensure_future(self._send(attempt)) for attempt in attempts}
        while pending:
            # What comes back at about the same time is recorded in one transaction.
            done, pending = await asyncio.wait(pending, timeout=RECORDED_TOGETHER)
            if not done:
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            await self._record_patiently([task.result() for task in done])

    async def _record_patiently(self, attempts: list[Attempt]) -> None:
        """Record outcomes, for as long as the claim lasts also against a database that is away.

        What cannot be recorded until then becomes doubtful, and is looked for in its conversation.
        """
        pause, waited = FIRST_PAUSE, timedelta()
        while True:
            try:
                return await self._record(attempts)
            except StorageUnavailable:
                if waited + pause >= self.lease:
                    raise
                log.warning("delivery.outcome-waits", messages=len(attempts))
            await asyncio.sleep(pause.total_seconds())
            waited, pause = waited + pause, min(pause * 2, LONGEST_PAUSE)

    async def _send(self, attempt: Attempt) -> Attempt:
        claimed = attempt.notification
        assert claimed.rendering is not None
        if claimed.kind is Kind.HOME:
            return replace(attempt, outcome=await self.chat.publish(claimed.target_conversation, claimed.rendering))
        if claimed.operation is Operation.UPDATE:
            outcome = await self.chat.update(
                claimed.target_conversation, claimed.target_ts, claimed.rendering, key=claimed.key
            )
            return replace(attempt, outcome=outcome)
        way = await self.chat.reach(claimed.addressee)
        if not isinstance(way, Way):
            return replace(attempt, outcome=way)
        crash_point("send.before")
        if self.machine_clock() >= attempt.held_until:  # this process stood still; somebody else has the message now
            return replace(attempt, outcome=Later(timedelta(), counted=False, detail="lease over"), way=way)
        outcome = await self.chat.post(way.conversation, claimed.rendering, key=claimed.key, thread=claimed.thread)
        crash_point("send.after")
        return replace(attempt, outcome=outcome, way=way)

    async def _record(self, attempts: list[Attempt]) -> None:
        async with self.record_work() as work:
            for attempt in attempts:
                assert attempt.outcome is not None
                claimed = attempt.notification
                if attempt.way is not None:
                    await self._outcomes.keep_way(work, claimed, attempt.way)
                await self._outcomes.settle(work, claimed, attempt.token, attempt.outcome, posts=claimed.posts + 1)
