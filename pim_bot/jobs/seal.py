"""The leading clock's work on the audit: what was written since the last time is sealed into the chain."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from pim_bot.clock import Clock
from pim_bot.jobs.fall_due import DUTY
from pim_bot.jobs.ports import OpenWork
from pim_bot.process import Process
from pim_bot.shift import Shift

log = structlog.get_logger(__name__)

EVERY = timedelta(minutes=1)


@dataclass(kw_only=True)
class Sealing:
    """Seals the audit every minute, so many rows in one transaction, and only while ``process`` leads the clocks.

    The end of the chain is logged each time: a log that is kept elsewhere is what a cut-off end is told by.
    """

    open_work: OpenWork
    machine_clock: Clock
    process: Process
    lease: timedelta
    batch: int = 200
    shift: Shift = field(default_factory=Shift)
    _sealed_at: datetime | None = None

    async def run_due(self) -> int:
        """Seal what is not sealed yet, if it is time; returns how many rows were."""
        now = self.machine_clock()
        if self._sealed_at is not None and now - self._sealed_at < EVERY:
            return 0
        total = 0
        while not self.shift.is_over:
            sealed = await self._seal_batch(now)
            total += sealed
            if sealed < self.batch:
                self._sealed_at = now
                break
        return total

    async def _seal_batch(self, now: datetime) -> int:
        async with self.open_work() as work:
            if not await work.processes.lead(DUTY, self.process, lease=self.lease):
                return 0
            sealed, head = await work.audit.seal(at=now, limit=self.batch)
        if sealed:
            log.info("audit.sealed", rows=sealed, position=head.position, chain=head.chain)
        return int(sealed)
