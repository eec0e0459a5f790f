"""The clock's work: whatever falls due by programme time becomes an event again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from pim_bot.clock import Clock
from pim_bot.events.catalogue import ReportFellDue, SessionLogFellDue, SessionRequestFellDue, TopicsEnded
from pim_bot.jobs.ports import OpenWork, WorkerWork
from pim_bot.notifications import arranging, digests, feedback, people_lists, reminders, reports, sessions, topics
from pim_bot.notifications.intent import DueItem
from pim_bot.process import Process
from pim_bot.programme.holding import hold_activity
from pim_bot.programme.people import Actor
from pim_bot.programme.people_lists import end_list
from pim_bot.shift import Shift

log = structlog.get_logger(__name__)

CLOCK = Actor(door="clock")
DUTY = "clock"


@dataclass(kw_only=True)
class FallingDue:
    """Lets things fall due, few at a time, each batch in one short transaction, while ``process`` leads.

    One clock at a time leads, for ``lease``; the others stand by. ``chores`` is what else the leader does, each at its
    own pace.
    """

    open_work: OpenWork
    programme_clock: Clock
    machine_clock: Clock
    process: Process
    lease: timedelta
    batch: int = 20
    chores: tuple[Callable[[], Awaitable[object]], ...] = ()
    shift: Shift = field(default_factory=Shift)
    leads: bool = False

    async def run_due(self) -> int:
        """Let everything fall due that is due now; returns how many items did."""
        total = 0
        while not self.shift.is_over and (fell := await self._run_batch()):
            total += fell
        if self.leads:
            for chore in self.chores:
                await chore()
        return total

    async def _run_batch(self) -> int:
        async with self.open_work() as work:
            led = self.leads
            self.leads = await work.processes.lead(DUTY, self.process, lease=self.lease)
            if self.leads is not led:
                log.info("clock.leads" if self.leads else "clock.stands-by", process=self.process.name)
            if not self.leads:
                return 0
            now = self.programme_clock()
            items = await work.due_items.due(now, self.batch)
            await let_fall_due(work, items, now)
            return len(items)


async def let_fall_due(work: WorkerWork, items: list[DueItem], now: datetime) -> None:
    """Turn due items into events, by kind."""
    reminding = [item for item in items if item.kind in reminders.KINDS]
    if reminding:
        await reminders.let_reminders_fall_due(work, reminding, now=now)
    for item in items:
        if item.kind in reminders.KINDS:
            continue
        await FALLS[item.kind](work, item, now)


async def _ends(work: WorkerWork, item: DueItem, now: datetime) -> None:
    await work.due_items.fell([item])
    await hold_activity(work, CLOCK, item.subject.removeprefix("activity:"), now=now)


async def _feedback_opens(work: WorkerWork, item: DueItem, now: datetime) -> None:
    await work.due_items.fell([item])
    feedback.request_feedback(work, item, now=now)


async def _feedback_closes(work: WorkerWork, item: DueItem, now: datetime) -> None:
    await work.due_items.fell([item])
    await feedback.close_feedback(work, item.subject, now=now)


async def _session_nudge(work: WorkerWork, item: DueItem, now: datetime) -> None:
    await work.due_items.fell([item])
    work.record(SessionLogFellDue(activity_id=item.subject.removeprefix("activity:")), actor=CLOCK, at=now)


async def _request_nudge(work: WorkerWork, item: DueItem, now: datetime) -> None:
    await work.due_items.fell([item])
    request_id = item.subject.removeprefix("session-request:")
    work.record(SessionRequestFellDue(request_id=request_id, revision=int(item.occurrence)), actor=CLOCK, at=now)


async def _topics_end(work: WorkerWork, item: DueItem, now: datetime) -> None:
    await work.due_items.fell([item])
    work.record(TopicsEnded(activity_id=item.subject.removeprefix("topics:")), actor=CLOCK, at=now)


async def _report(work: WorkerWork, item: DueItem, now: datetime) -> None:
    await work.due_items.fell([item])
    event = ReportFellDue(activity_id=item.subject.removeprefix("activity:"), step=item.kind)
    work.record(event, actor=CLOCK, at=now)


async def _people_list_ends(work: WorkerWork, item: DueItem, now: datetime) -> None:
    await work.due_items.fell([item])
    await end_list(work, CLOCK, item.subject.removeprefix("people-list:"), now=now)


async def _digest(work: WorkerWork, item: DueItem, now: datetime) -> None:
    await digests.let_digest_fall_due(work, item, now=now)


FALLS: dict[str, Callable[[WorkerWork, DueItem, datetime], Awaitable[None]]] = {
    feedback.ENDS: _ends,
    feedback.OPENS: _feedback_opens,
    feedback.NUDGES: _feedback_opens,
    feedback.CLOSES: _feedback_closes,
    sessions.NUDGES: _session_nudge,
    arranging.NUDGES: _request_nudge,
    topics.ENDS: _topics_end,
    people_lists.ENDS: _people_list_ends,
    reports.NUDGES: _report,
    reports.ESCALATES: _report,
    digests.DIGEST: _digest,
}
