"""The leading clock's daily work: what is older than its period goes (RODO art. 5 ust. 1 lit. e)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from pim_bot.clock import Clock
from pim_bot.jobs.ports import OpenWork
from pim_bot.shift import Shift

log = structlog.get_logger(__name__)

EVERY = timedelta(days=1)
LOOKS_EVERY = timedelta(hours=1)
BY_MACHINE_TIME = frozenset({"requests", "parked", "audit", "tokens", "strangers"})
"""Categories whose rows bear machine time (of the audit, their seals); those of the others bear programme time."""


@dataclass(kw_only=True)
class Retaining:
    """Applies every period once a day, few rows in one short transaction. ``periods`` are by category.

    In one round no more than ``most`` transactions: whoever leads has other duties, and comes back soon.
    """

    open_work: OpenWork
    open_reading: OpenWork
    programme_clock: Clock
    machine_clock: Clock
    periods: Mapping[str, timedelta]
    batch: int = 200
    most: int = 50
    shift: Shift = field(default_factory=Shift)
    _deleted: Counter[str] = field(default_factory=Counter)
    _looked_at: datetime | None = None

    async def run_due(self) -> None:
        """Apply the periods that were not applied for a day; asks the database once an hour at most."""
        now = self.programme_clock()
        if self._looked_at is not None and timedelta() <= now - self._looked_at < LOOKS_EVERY:
            return
        async with self.open_reading() as work:
            runs = await work.retention.runs()
        left = self.most
        for category in self.periods:
            if left and (category not in runs or not timedelta() <= now - runs[category] < EVERY):
                left = await self._apply(category, now, left)
        self._looked_at = now if left else None

    async def _apply(self, category: str, now: datetime, left: int) -> int:
        """Apply one period with so many transactions at most; tells how many are left, 0 when it is not done."""
        clock = self.machine_clock if category in BY_MACHINE_TIME else self.programme_clock
        before = clock() - self.periods[category]
        while left and not self.shift.is_over:
            left -= 1
            async with self.open_reading() as work:
                keys = await work.retention.older(category, before, limit=self.batch)
            async with self.open_work() as work:
                if not keys:
                    deleted = self._deleted.pop(category, 0)
                    await work.retention.note(category, at=now, deleted=deleted)
                    break
                await work.retention.forget(category, keys, before)
            self._deleted[category] += len(keys)
        else:
            return left
        if deleted:
            log.info("retention.applied", category=category, deleted=deleted)
        return left
