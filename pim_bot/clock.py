"""Time, which is handed in everywhere, and the only place that reads the machine's clock.

There are two times. *Programme time* (what is due, what is past, what a message says) can be wound forward by the
demo, the tests and ``simulate``. *Machine time* (leases, back-off, signature age) is never wound.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from zoneinfo import ZoneInfo

from pim_bot.errors import Refused

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
        self.offset = offset

    def __call__(self) -> datetime:
        """Tell programme time now, in UTC."""
        return self._machine() + self.offset

    def set_to(self, instant: datetime) -> timedelta:
        """Wind so that it is ``instant`` now; returns the new offset, which the caller stores."""
        self.offset = instant - self._machine()
        return self.offset


def new_id() -> str:
    """Make an opaque id of 32 hex digits that sorts roughly by its time of making (RFC 9562, version 7)."""
    milliseconds = time.time_ns() // 1_000_000
    raw = bytearray(milliseconds.to_bytes(6, "big") + token_bytes(10))
    raw[6] = 0x70 | raw[6] & 0x0F
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
