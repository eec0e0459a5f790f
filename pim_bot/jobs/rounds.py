"""What keeps background work going when nobody rings: polling as a net, and sleeping until the next due time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from pim_bot.clock import Clock
from pim_bot.errors import StorageUnavailable
from pim_bot.jobs.ports import OpenWork

log = structlog.get_logger(__name__)


@dataclass(kw_only=True)
class Polling:
    """Does the worker's jobs every so often, bell or no bell: a lost ring costs one period. Jobs do not raise."""

    jobs: Mapping[str, Callable[[], Awaitable[object]]]
    every: timedelta

    async def run(self) -> None:
        """Do them, each at its own pace, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for job in self.jobs.values():
                group.create_task(self._repeat(job))

    async def _repeat(self, job: Callable[[], Awaitable[object]]) -> None:
        while True:
            await job()
            await asyncio.sleep(self.every.total_seconds())


async def do_job(name: str, job: Callable[[], Awaitable[object]]) -> bool:
    """Do a job; what goes wrong is logged, since the ledger knows what is still to be done. Tells whether it went."""
    try:
        await job()
    except StorageUnavailable as error:
        log.warning("job.waits-for-database", job=name, error=str(error))
    except Exception:
        log.exception("job.failed", job=name)
    else:
        return True
    return False


@dataclass(kw_only=True)
class Wakeful:
    """Sleeps until the next thing falls due or that changes, and looks again at the latest after a while.

    ``at_latest`` is also how often a leading clock says so again and one that stands by asks whether it leads now.
    """

    open_reading: OpenWork
    run_due: Callable[[], Awaitable[object]]
    leads: Callable[[], bool]
    programme_clock: Clock
    at_latest: timedelta
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _delay: float = 0.0

    def wake(self) -> None:
        """Say that what falls due has changed."""
        self._woken.set()

    async def run(self) -> None:
        """Let things fall due until cancelled."""
        while True:
            self._woken.clear()
            delay = self.at_latest.total_seconds()
            if not await do_job("clock", self._look):
                delay = min(delay, 1.0)
            elif self.leads():
                delay = self._delay
            try:
                await asyncio.wait_for(self._woken.wait(), delay)
            except TimeoutError:
                continue

    async def _look(self) -> None:
        await self.run_due()
        async with self.open_reading() as work:
            due_at = await work.due_items.next_at()
        until = (due_at - self.programme_clock()).total_seconds() if due_at else self.at_latest.total_seconds()
        self._delay = min(max(until, 0.0), self.at_latest.total_seconds())
