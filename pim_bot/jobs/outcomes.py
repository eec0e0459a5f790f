"""What came of an attempt, written down: the state of the message, the way that was found, what the chat asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from pim_bot.clock import Clock
from pim_bot.events.catalogue import DeliveryFailed
from pim_bot.jobs.ports import WorkerWork
from pim_bot.notifications import delivery
from pim_bot.notifications.delivery import Finding, Later, Missing, Notification, Outcome, Refused, Sent, Unknown
from pim_bot.notifications.intent import Operation, State
from pim_bot.notifications.ports import Way
from pim_bot.programme.people import Actor

log = structlog.get_logger(__name__)

WORKER = Actor(door="worker")


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcomes:
    """Writes outcomes in the transaction that it is handed; ``noted`` hears of each, by kind and state."""

    programme_clock: Clock
    machine_clock: Clock
    doubt_wait: timedelta
    noted: Callable[[str, str], None] = lambda _kind, _outcome: None

    async def keep_way(self, work: WorkerWork, claimed: Notification, way: Way) -> None:
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

    async def settle(
        self, work: WorkerWork, claimed: Notification, token: str, outcome: Outcome, *, posts: int
    ) -> None:
        """Write what came of it under the claim's token; without the lease only a suspicion is noted.

        ``posts`` is how often the message was handed to the chat by now: more than once may mean twice. How often the
        hub handed it over between a backup and its restore, nobody knows.
        """
        values = self._values(claimed, outcome)
        may_be_twice = posts > 1 or claimed.late_why == delivery.RESTORED
        values |= {"sweep_after": self.doubt_wait} if isinstance(outcome, Sent) and may_be_twice else {}
        settled = await work.deliveries.settle(claimed.id, token, **values)
        if settled:
            self.noted(claimed.kind, values["state"])
        if not settled and claimed.operation is not Operation.UPDATE and isinstance(outcome, (Sent, Unknown)):
            log.warning("delivery.lease-lost", kind=claimed.kind, outcome=type(outcome).__name__)
            await work.deliveries.suspect(claimed.id, after=self.doubt_wait)
        if settled and values["state"] is State.FAILED:
            await self.fail(work, claimed, values["error"])
        if isinstance(outcome, Later):
            await self.heed(work, outcome)
        if not isinstance(outcome, Sent):
            log.warning("delivery.not-sent", kind=claimed.kind, state=values["state"], detail=outcome.detail)

    def _values(self, claimed: Notification, outcome: Outcome) -> dict[str, Any]:
        match outcome:
            case Sent(conversation, ts):
                there = {"conversation": conversation, "ts": ts, "sent_at": self.programme_clock()}
                return {"state": State.SENT, "error": "", "late_why": "", **there}
            case Refused():
                return _refused(claimed, outcome)
            case Later():
                return _again(claimed, outcome)
            case Unknown(conversation, _):
                return {"state": State.DOUBTFUL, "conversation": conversation}

    async def settle_doubt(self, work: WorkerWork, claimed: Notification, token: str, finding: Finding) -> None:
        """Write what a reading of the conversation told."""
        match finding:
            case Sent():
                await self.settle(work, claimed, token, finding, posts=claimed.posts)
                if claimed.late_why == delivery.RESTORED:  # it says what was true before the restore
                    await work.outbox.refresh(claimed.subject, [claimed.kind], at=self.programme_clock())
            case Missing():
                # Not there after a complete reading: once more, a bounded number of times. The wait was pause enough.
                again = claimed.attempts + 1 < delivery.MOST_ATTEMPTS
                outcome = Later(timedelta(), detail="not there", why="") if again else Refused(delivery.UNREACHABLE)
                await self.settle(work, claimed, token, outcome, posts=claimed.posts)
            case Later(after):
                await work.deliveries.settle(claimed.id, token, state=State.DOUBTFUL, wait=after)
                await self.heed(work, finding)
            case _:
                settled = await work.deliveries.settle(
                    claimed.id, token, state=State.NEEDS_HUMAN, error=delivery.UNREADABLE
                )
                if settled:
                    await self.fail(work, claimed, delivery.UNREADABLE)

    async def fail(self, work: WorkerWork, claimed: Notification, reason: str) -> None:
        """Let it be known that a message will not reach its recipient by itself."""
        if reason != delivery.BROKEN:
            await work.recipients.unreachable(claimed.addressee.recipient_id, reason)
        work.record(DeliveryFailed(notification_id=claimed.id), actor=WORKER, at=self.programme_clock())

    async def heed(self, work: WorkerWork, later: Later) -> None:
        """Do what the chat asked for: leave a method alone for a while, or be silent until an operator has acted."""
        if later.why == delivery.REFUSED_TOKEN:
            if await work.pauses.begin(delivery.REFUSED_TOKEN, {"detail": later.detail}):
                log.warning("delivery.paused", why=later.why, detail=later.detail)
        elif later.method:
            await work.buckets.close(later.method, later.after)


def _refused(claimed: Notification, outcome: Refused) -> dict[str, Any]:
    if outcome.reason == delivery.NO_TARGET:
        return {"state": State.DROPPED, "error": outcome.reason}
    if outcome.reason == delivery.SPOILED_BLOCKS and _has_blocks(claimed):
        log.warning("delivery.blocks-refused", kind=claimed.kind, detail=outcome.detail)
        return {"state": State.PLANNED, "wait": timedelta(), "rendering": _plain(claimed)}
    return {
        "state": State.FAILED,
        "error": outcome.reason if outcome.reason in delivery.REASONS else delivery.REFUSED,
    }


def _again(claimed: Notification, outcome: Later) -> dict[str, Any]:
    if outcome.counted and claimed.attempts + 1 >= delivery.MOST_ATTEMPTS:
        return {"state": State.FAILED, "error": delivery.UNREACHABLE}
    wait = outcome.after
    if outcome.counted and wait:
        wait = max(wait, delivery.back_off(claimed.attempts))
    late = {"late_why": outcome.why} if outcome.why else {}
    return {"state": State.PLANNED, "wait": wait, "attempts": claimed.attempts + int(outcome.counted), **late}


def _has_blocks(claimed: Notification) -> bool:
    return bool(claimed.rendering and claimed.rendering.get("blocks"))


def _plain(claimed: Notification) -> dict[str, Any]:
    """Leave of a message only its text, which says the whole point."""
    return {name: value for name, value in (claimed.rendering or {}).items() if name != "blocks"}
