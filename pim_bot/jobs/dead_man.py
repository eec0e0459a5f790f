"""The dead man's notice: whatever still works says that digests or reminders did not run.

The leading clock may be dead, or hang; so every worker and every web looks, and the first that finds something records
it. A run is told once, also when many look at the same time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from pim_bot.clock import Clock, ProgrammeClock
from pim_bot.events.catalogue import MissedRun, RunsMissed
from pim_bot.jobs.ports import OpenWork
from pim_bot.notifications.intent import Run
from pim_bot.programme.people import Actor

log = structlog.get_logger(__name__)

WATCH = Actor(door="watch")
DUTY = "missed-runs"
GRACE = timedelta(seconds=30)
"""How long a clock that has just been started again has for catching up before anybody is told."""


@dataclass(kw_only=True)
class DeadMan:
    """Looks for what is overdue for longer than ``patience``."""

    open_work: OpenWork
    open_reading: OpenWork
    programme_clock: ProgrammeClock
    machine_clock: Clock
    patience: timedelta
    _since: datetime | None = None

    async def look(self) -> int:
        """Record every run that was missed and not told yet; returns how many."""
        overdue_since, now = self.programme_clock.ago(self.patience), self.machine_clock()
        async with self.open_reading() as work:
            if not await work.due_items.overdue(overdue_since):
                self._since = None
                return 0
        self._since = self._since or now
        if now - self._since < GRACE:
            return 0
        async with self.open_work() as work:
            await work.hold(DUTY)
            runs = [
                run
                for run in await work.due_items.overdue(overdue_since)
                if await work.requests.is_new(_key(run), at=now)
            ]
            if runs:
                log.error("clock.runs-missed", runs=[_key(run) for run in runs])
                missed = tuple(
                    MissedRun(kind=run.kind, due_at=run.due_at, items=run.items, members=run.members) for run in runs
                )
                work.record(RunsMissed(runs=missed), actor=WATCH, at=self.programme_clock())
        return len(runs)


def _key(run: Run) -> str:
    return f"missed-run:{run.kind}/{run.due_at.isoformat()}"
