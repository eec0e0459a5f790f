"""Winding programme time forward (demo, tests, simulate only), through every due instant on the way, in order."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pim_bot.clock import ProgrammeClock
from pim_bot.jobs.ports import OpenWork


@dataclass(kw_only=True)
class Winding:
    """Moves the programme clock, instant by instant. ``runs`` are the jobs that are run until nothing is left to do."""

    clock: ProgrammeClock
    open_work: OpenWork
    open_reading: OpenWork
    runs: tuple[Callable[[], Awaitable[int]], ...]
    _running: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def settle(self) -> None:
        """Do everything that is due now, and everything that follows from it."""
        while sum([await run() for run in self.runs]):
            continue

    async def forward(self, *, hours: int = 0, days: int = 0) -> datetime:
        """Wind by hours and days; returns the new programme time."""
        return await self.to(self.clock() + timedelta(hours=hours, days=days))

    async def to_next_due(self) -> datetime | None:
        """Wind to the next thing that falls due; None when nothing is planned."""
        async with self._running:
            await self.settle()
            due_at = await self._next()
            if due_at is None:
                return None
            await self._set(due_at)
            await self.settle()
            return self.clock()

    async def to(self, target: datetime) -> datetime:
        """Wind to an instant; a target in the past changes nothing."""
        async with self._running:
            await self.settle()
            while (due_at := await self._next()) is not None and due_at <= target:
                await self._set(due_at)
                await self.settle()
            await self._set(target)
            await self.settle()
            return self.clock()

    async def _next(self) -> datetime | None:
        async with self.open_reading() as work:
            due_at = await work.due_items.next_at()
            message_at, _ = await work.deliveries.next_times()
        # What is due already and still there waits for something else than programme time.
        times = [time for time in (due_at, message_at) if time is not None and time > self.clock()]
        return min(times, default=None)

    async def _set(self, instant: datetime) -> None:
        if instant <= self.clock():
            return
        async with self.open_work() as work:
            await work.keep_offset(self.clock.set_to(instant))
