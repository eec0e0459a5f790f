"""Time, which is handed in everywhere, and the only place that reads the machine's clock.

There are two times. *Programme time* (what is due, what is past, what a message says) can be wound forward by the
demo, the tests and ``simulate``. *Machine time* (leases, back-off, signature age) is never wound.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from threading import Lock
from zoneinfo import ZoneInfo

from pim_bot.errors import Refused

EVER = datetime.min.replace(tzinfo=UTC)
"""Before everything."""

Clock = Callable[[], datetime]
"""Tells an aware instant in UTC. Whether programme or machine time is said by the parameter's name."""


def machine_clock() -> datetime:
    """Read the machine's clock: now, aware, in UTC."""
    return datetime.now(UTC)


class ProgrammeClock:
    """Programme time: machine time plus an offset that only winding changes.

    The offset is a row of the database; whoever winds it stores the row and sets it here.
    """

    def __init__(self, machine: Clock = machine_clock, offset: timedelta = timedelta()) -> None:
        self._machine = machine
        self._offset = offset
        self._wound_at: datetime | None = None

    def __call__(self) -> datetime:
        """Tell programme time now, in UTC."""
        return self._machine() + self._offset

    @property
    def offset(self) -> timedelta:
        """How far programme time was wound from machine time."""
        return self._offset

    @offset.setter
    def offset(self, offset: timedelta) -> None:
        if offset != self._offset:
            self._offset, self._wound_at = offset, self._machine()

    def waited(self, since: datetime) -> timedelta:
        """Tell how long something has waited since an instant of programme time; winding is not waiting."""
        waited = self() - since
        return waited if self._wound_at is None else min(waited, self._machine() - self._wound_at)

    def set_to(self, instant: datetime) -> timedelta:
        """Wind so that it is ``instant`` now; returns the new offset, which the caller stores."""
        self.offset = instant - self._machine()
        return self.offset

    def ago(self, wait: timedelta) -> datetime:
        """Tell the instant of programme time since which something would have waited so long."""
        return self() - wait if self.waited(EVER) >= wait else EVER


class Skew:
    """How far this machine's clock is ahead of another one, by what that one says of the time now and then."""

    def __init__(self, machine: Clock = machine_clock) -> None:
        self._machine = machine
        self.ahead: timedelta | None = None
        self.told_at: datetime | None = None

    def told(self, said: datetime) -> None:
        """Take the time that the other clock said just now."""
        self.told_at = self._machine()
        self.ahead = self.told_at - said

    def stamped(self, said: datetime) -> None:
        """Take the time on a letter, which may have travelled or come again: only that ours is behind can be seen."""
        ahead = self._machine() - said
        if ahead < (self.ahead or timedelta()):
            self.ahead = ahead


MOST_IN_A_MILLISECOND = 0xFFF


class _Counted:
    """The milliseconds of the last id of this process and how many ids that millisecond has had (RFC 9562, 6.2)."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = (0, 0)

    def next(self) -> tuple[int, int]:
        """Tell the millisecond and the count of one more id; never less than before, also when the clock goes back."""
        with self._lock:
            now, (last, count) = time.time_ns() // 1_000_000, self._last
            if now > last:
                self._last = (now, 0)
            else:
                self._last = (last, count + 1) if count < MOST_IN_A_MILLISECOND else (last + 1, 0)
            return self._last


_counted = _Counted()


def new_id() -> str:
    """Make an opaque id of 32 hex digits that sorts by its time of making (RFC 9562, version 7).

    Ids of one process sort strictly in the order in which they were made; those of two processes by the millisecond.
    """
    millisecond, count = _counted.next()
    raw = bytearray(millisecond.to_bytes(6, "big") + count.to_bytes(2, "big") + token_bytes(8))
    raw[6] |= 0x70
    raw[8] = 0x80 | raw[8] & 0x3F
    return raw.hex()


class SkippedHour(Refused):
    """The wall-clock time does not exist: the clocks go forward over it."""


class DoubledHour(Refused):
    """The wall-clock time comes twice: the clocks go back over it. ``fold`` 0 is the first, 1 the second."""


def instant_of(wall: datetime, zone: ZoneInfo, *, fold: int | None = None) -> datetime:
    """Turn a naive wall-clock time of ``zone`` into the instant in UTC.

    Raises ``SkippedHour`` for a time in the gap of a DST change and ``DoubledHour`` for one that comes twice unless
    ``fold`` says which one is meant.
    """
    first, second = (wall.replace(tzinfo=zone, fold=choice) for choice in (0, 1))
    said = f"{wall:%H:%M}"
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        raise SkippedHour(
            "Godziny {time} w tym dniu nie ma: zegary przechodzą na czas letni. Prosimy podać inną godzinę.", time=said
        )
    if first.utcoffset() != second.utcoffset() and fold is None:
        raise DoubledHour(
            "Godzina {time} wypada w tym dniu dwa razy: zegary przechodzą na czas zimowy. "
            "Prosimy wybrać, o którą chodzi.",
            time=said,
        )
    return (second if fold else first).astimezone(UTC)
