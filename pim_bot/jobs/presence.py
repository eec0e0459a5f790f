"""Being there: a process writes that it has started, says again and again that it is alive, and takes its leave."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pim_bot.clock import Clock
from pim_bot.errors import SettingsError
from pim_bot.jobs.ports import OpenWork, WorkerWork
from pim_bot.jobs.rounds import do_job
from pim_bot.process import Process

MISSED_BEATS = 3
"""After so many beats that did not come a process counts as dead."""


@dataclass(kw_only=True, slots=True)
class Presence:
    """The heartbeat of ``process``. On a database of ``one_host`` (SQLite) processes of other hosts are refused.

    ``on_beat`` takes over what processes share besides: how far programme time was wound. ``beat_at`` is when this
    process could write last.
    """

    open_work: OpenWork
    process: Process
    every: timedelta
    one_host: bool
    on_beat: Callable[[WorkerWork], Awaitable[None]]
    machine_clock: Clock
    beat_at: datetime | None = None

    @property
    def within(self) -> timedelta:
        """How fresh the last beat of a living process is."""
        return self.every * MISSED_BEATS

    async def enter(self) -> None:
        """Register. Raises ``SettingsError`` when the database is in use by another host that cannot share it."""
        async with self.open_work() as work:
            await self.require_one_host(work)
            await work.processes.register(self.process)
        self.beat_at = self.machine_clock()

    async def require_one_host(self, work: WorkerWork) -> None:
        """Raise ``SettingsError`` when the database is in use by another host that cannot share it."""
        if not self.one_host or not await work.processes.are_kept():
            return
        for seen in await work.processes.seen(within=self.within):
            if seen.live and not seen.process.shares_host_with(self.process):
                raise SettingsError(
                    f"PIM_DATABASE_URL: tej bazy SQLite używa teraz {seen.process.name} (inna maszyna, "
                    f"ostatni znak życia {seen.beat_at:%H:%M:%S} UTC), a dwie maszyny naraz by ją zniszczyły. "
                    "Prosimy zatrzymać tamten proces albo użyć PostgreSQL."
                )

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            await asyncio.sleep(self.every.total_seconds())
            await do_job("heartbeat", self.beat)

    async def beat(self) -> None:
        """Say once that this process is alive."""
        async with self.open_work() as work:
            if not await work.processes.beat(self.process.id):
                await work.processes.register(self.process)
            await self.on_beat(work)
        self.beat_at = self.machine_clock()
