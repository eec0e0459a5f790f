"""Machine time inside statements: the database's own clock where several machines share it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Interval, func, literal

from pim_bot.clock import Clock
from pim_bot.storage.tables.base import Instant


class MachineTime:
    """Tells machine time as a value for statements. ``clock`` None means the database's clock (PostgreSQL).

    Leases compare times that different machines wrote, so these must come from one clock.
    """

    def __init__(self, clock: Clock | None) -> None:
        self._clock = clock

    def now(self) -> ColumnElement[datetime]:
        """Tell the present instant."""
        return self.after(timedelta())

    def after(self, wait: timedelta) -> ColumnElement[datetime]:
        """Tell the instant that comes after so much waiting; a negative wait is an instant that has passed."""
        if self._clock is not None:
            return literal(self._clock() + wait, Instant())
        now: ColumnElement[Any] = func.statement_timestamp(type_=Instant())
        return now + literal(wait, Interval()) if wait else now
