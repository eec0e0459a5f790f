"""Delivery: claim, render, commit, send, record. Between the commit and the record nobody knows whether it was sent.

A row that is found in that state after its lease is doubtful and never sent again blindly: its conversation is read to
the end for the row's key, and only then it counts as sent or goes out once more.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog

from pim_bot.clock import Clock
from pim_bot.errors import LineTaken, StorageUnavailable
from pim_bot.events.catalogue import DeliveryFailed
from pim_bot.faults import crash_point
from pim_bot.jobs.ports import OpenWork
from pim_bot.jobs.rendering import render
from pim_bot.notifications import delivery
from pim_bot.notifications.delivery import Finding, Later, Missing, Notification, Outcome, Refused, Sent, Unknown
from pim_bot.notifications.intent import Operation, State
from pim_bot.notifications.ports import Chat, Way
from pim_bot.programme.people import Actor
from pim_bot.shift import Shift

log = structlog.get_logger(__name__)

WORKER = Actor(door="worker")
RECORDED_TOGETHER = 0.02
FIRST_PAUSE, LONGEST_PAUSE = timedelta(milliseconds=100), timedelta(seconds=2)
MOST_CLAIMS = 50
"""How often a claim is repeated that found only what somebody else has, or what there is nothing to say for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One notification on its way: under which token it is held and what came of it."""

    notification: Notification
    rendering: dict[str, Any]
    token: str
    outcome: Outcome | None = None
    way: Way | None = None


@dataclass(kw_only=True)
class Delivery:
    """Delivers what is due. ``claim_work`` and ``record_work`` open transactions under those names."""

    claim_work: OpenWork
    record_work: OpenWork
    chat: Chat
    programme_clock: Clock
    machine_clock: Clock
    lease: timedelta
    doubt_wait: timedelta
    batch: int = 20
    longest_transaction: timedelta = timedelta(milliseconds=15)
    shift: Shift = field(default_factory=Shift)
    noted: Callable[[str, str], None] = lambda _kind, _outcome: None
    _running: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run_due(self) -> int:
        """Deliver everything that is due now; returns how many attempts were made."""
        async with self._running:
            total = await self._deliver()
            if resolved := await self._resolve_doubts():  # after the messages: few are in doubt, and they have waited
                total += resolved + await self._deliver()
            return total

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
                attempts, dropped = await self._claim_batch()
            except LineTaken:
                continue
            if attempts or not dropped:
                return attempts
        return []

    async def _claim_batch(self) -> tuple[list[Attempt], int]:
        """Take a batch, with its words, and commit; from here on each counts as possibly sent.

        Tells also how many were dropped.
        """
        token = uuid4().hex
        said: list[tuple[Notification, dict[str, Any]]] = []
        dropped = 0
        async with self.claim_work() as work:
            started = self.machine_clock()
            for claimed in await work.deliveries.claimable(self.programme_clock(), self.batch):
                rendering = await self._rendering(work, claimed)
                if isinstance(rendering, str):
                    await work.deliveries.drop(claimed, rendering)
                    dropped += 1
                else:
                    said.append((claimed, rendering))
                if self.machine_clock() - started > self.longest_transaction:
                    break
            await work.deliveries.start(said, token=token, lease=self.lease)
        return [Attempt(notification=claimed, rendering=rendering, token=token) for claimed, rendering in said], dropped

    async def _rendering(self, work: Any, claimed: Notification) -> dict[str, Any] | str:
        """Say the message, or why there is nothing to say; a repeat says the same words as before."""
        if claimed.operation is Operation.UPDATE and claimed.target_state != State.SENT:
            return delivery.NO_TARGET
        if claimed.rendering is not None and claimed.operation is not Operation.UPDATE:
            return claimed.rendering
        message = await render(work, claimed, self.programme_clock())
        return delivery.NOTHING_TO_SAY if message is None else message.as_payload()

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
        if claimed.operation is Operation.UPDATE:
            outcome = await self.chat.update(
                claimed.target_conversation, claimed.target_ts, attempt.rendering, key=claimed.key
            )
            return replace(attempt, outcome=outcome)
        way = await self.chat.reach(claimed.addressee)
        if not isinstance(way, Way):
            return replace(attempt, outcome=way)
        crash_point("send.before")
        thread = claimed.target_ts if claimed.operation is Operation.REPLY else ""
        outcome = await self.chat.post(way.conversation, attempt.rendering, key=claimed.key, thread=thread)
        crash_point("send.after")
        return replace(attempt, outcome=outcome, way=way)

    async def _record(self, attempts: list[Attempt]) -> None:
        async with self.record_work() as work:
            for attempt in attempts:
                assert attempt.outcome is not None
                if attempt.way is not None:
                    await self._keep_way(work, attempt.notification, attempt.way)
                await self._settle(work, attempt.notification, attempt.token, attempt.outcome)

    async def _keep_way(self, work: Any, claimed: Notification, way: Way) -> None:
        """Keep the way that was found to a recipient; a person found by e-mail is matched to the chat by that."""
        addressee = claimed.addressee
        if addressee.conversation:
            return
        team_id = way.profile.team_id if way.profile else addressee.team_id
        await work.recipients.reached(
            addressee.recipient_id, address=way.address, conversation=way.conversation, team_id=team_id
        )
        if way.profile is not None:
            await work.identities.match(
                way.profile.team_id,
                way.profile.user_id,
                email=addressee.email,
                locale=way.profile.locale,
                zone=way.profile.zone,
                at=self.machine_clock(),
            )

    async def _settle(self, work: Any, claimed: Notification, token: str, outcome: Outcome) -> None:
        match outcome:
            case Sent(conversation, ts):
                values: dict[str, Any] = {"state": State.SENT, "error": "", "sent_at": self.programme_clock()}
                values |= {"conversation": conversation, "ts": ts}
            case Refused(reason, _) if reason == delivery.NO_TARGET:
                values = {"state": State.DROPPED, "error": reason}
            case Refused(reason, _):
                values = {"state": State.FAILED, "error": reason}
            case Later(after, counted, _) if not counted or claimed.attempts + 1 < delivery.MOST_ATTEMPTS:
                wait = max(after, delivery.back_off(claimed.attempts)) if counted and after else after
                values = {"state": State.PLANNED, "wait": wait, "attempts": claimed.attempts + int(counted)}
            case Later():
                values = {"state": State.FAILED, "error": delivery.UNREACHABLE}
            case Unknown(conversation, _):
                values = {"state": State.DOUBTFUL, "conversation": conversation}
        settled = await work.deliveries.settle(claimed.id, token, **values)
        if settled:
            self.noted(claimed.kind, values["state"])
        if settled and values["state"] is State.FAILED:
            await self._fail(work, claimed, values["error"])
        if not isinstance(outcome, Sent):
            log.warning("delivery.not-sent", kind=claimed.kind, state=values["state"], detail=outcome.detail)

    async def _fail(self, work: Any, claimed: Notification, reason: str) -> None:
        await work.recipients.unreachable(claimed.addressee.recipient_id, reason)
        work.record(DeliveryFailed(notification_id=claimed.id), actor=WORKER, at=self.programme_clock())

    async def _resolve_doubts(self) -> int:
        token = uuid4().hex
        async with self.claim_work() as work:
            freed: int = await work.deliveries.abandon_late()
            doubtful: list[Notification] = await work.deliveries.doubtful(
                wait=self.doubt_wait, token=token, lease=self.lease, limit=self.batch
            )
        for claimed in doubtful:
            finding, way = await self._look_for(claimed)
            async with self.record_work() as work:
                if way is not None:
                    await self._keep_way(work, claimed, way)
                await self._settle_doubt(work, claimed, token, finding)
        return freed + len(doubtful)

    async def _look_for(self, claimed: Notification) -> tuple[Finding, Way | None]:
        conversation, way = claimed.conversation, None
        if not conversation:
            found = await self.chat.reach(claimed.addressee)
            if not isinstance(found, Way):
                # Without a way there the message cannot have been posted: the way is found before the post.
                return (found, None) if isinstance(found, Later) else (Missing(), None)
            conversation, way = found.conversation, found
        assert claimed.started_at is not None
        thread = claimed.target_ts if claimed.operation is Operation.REPLY else ""
        crash_point("doubt.before-read")
        finding = await self.chat.find(conversation, key=claimed.key, since=claimed.started_at, thread=thread)
        crash_point("doubt.after-read")
        return finding, way

    async def _settle_doubt(self, work: Any, claimed: Notification, token: str, finding: Finding) -> None:
        match finding:
            case Sent():
                await self._settle(work, claimed, token, finding)
            case Missing():
                # Not there after a complete reading: once more, a bounded number of times. The wait was pause enough.
                again = claimed.attempts + 1 < delivery.MOST_ATTEMPTS
                outcome = Later(timedelta(), detail="not there") if again else Refused(delivery.UNREACHABLE)
                await self._settle(work, claimed, token, outcome)
            case Later(after, _, _):
                await work.deliveries.settle(claimed.id, token, state=State.DOUBTFUL, wait=after)
            case _:
                settled = await work.deliveries.settle(
                    claimed.id, token, state=State.NEEDS_HUMAN, error=delivery.UNREADABLE
                )
                if settled:
                    await self._fail(work, claimed, delivery.UNREADABLE)
