"""What keeps background work going when nobody rings: polling as a net, and sleeping until the next due time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from pim_bot.clock import Clock
from pim_bot.jobs.ports import OpenWork

log = structlog.get_logger(__name__)

Ring = Callable[[str], None]


@dataclass(kw_only=True)
class Polling:
    """Rings the worker's bells every so often: a lost ring costs one period."""

    ring: Ring
    bells: tuple[str, ...]
    every: timedelta

    async def run(self) -> None:
        """Ring until cancelled."""
        while True:
            for bell in self.bells:
                self.ring(bell)
            await asyncio.sleep(self.every.total_seconds())


@dataclass(kw_only=True)
class Wakeful:
    """Sleeps until the next thing falls due or that changes, and looks again at the latest after a while."""

    open_reading: OpenWork
    run_due: Callable[[], Awaitable[int]]
    programme_clock: Clock
    at_latest: timedelta = timedelta(seconds=30)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Say that what falls due has changed."""
        self._woken.set()

    async def run(self) -> None:
        """Let things fall due until cancelled."""
        while True:
            self._woken.clear()
            try:
                await self.run_due()
                delay = await self._delay()
            except Exception:
                log.exception("clock.failed")
                delay = 1.0
            try:
                await asyncio.wait_for(self._woken.wait(), delay)
            except TimeoutError:
                continue

    async def _delay(self) -> float:
        async with self.open_reading() as work:
            due_at = await work.due_items.next_at()
        if due_at is None:
            return self.at_latest.total_seconds()
        until: float = (due_at - self.programme_clock()).total_seconds()
        return min(max(until, 0.0), self.at_latest.total_seconds())
