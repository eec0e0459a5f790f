"""The rule of a time zone as POSIX writes it: ``CET-1CEST,M3.5.0,M10.5.0/3``.

It stands in the footer of every TZif file (RFC 9636 3.3) and says how the clocks go from the last listed switch on.
Offsets count west of Greenwich there, hours may be negative or beyond 24 (RFC 9636 3.3.1).
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
LAST_WEEK = 5

_NAME = r"<[+\-A-Za-z0-9]+>|[A-Za-z]{3,}"
_HOURS = r"[+-]?\d{1,3}(?::\d{2}){0,2}"
_ZONE = re.compile(rf"({_NAME})({_HOURS})(?:({_NAME})({_HOURS})?(?:,([^,]+),([^,]+))?)?")
_RULE = re.compile(rf"M(1[0-2]|0?[1-9])\.([1-5])\.([0-6])(?:/({_HOURS}))?")


class NotYearly(ValueError):
    """The rule is not one that a single yearly recurrence on a weekday can say."""


@dataclass(frozen=True, slots=True)
class Onset:
    """The ``week``-th ``weekday`` (0 is Sunday) of ``month``, week 5 being the last, and the time since midnight."""

    month: int
    week: int
    weekday: int
    after: timedelta

    def in_year(self, year: int) -> datetime:
        """Give the wall-clock time of the switch, by the clock that is about to be changed."""
        days = monthrange(year, self.month)[1]
        first = days - 6 if self.week == LAST_WEEK else 7 * self.week - 6
        start = date(year, self.month, first)
        to_weekday = timedelta(days=(self.weekday - 1 - start.weekday()) % 7)
        return datetime.combine(start + to_weekday, time()) + self.after

    def recurrence(self) -> dict[str, object]:
        """Say the same as an RRULE (RFC 5545 3.3.10). A time outside the day moves the rule to a neighbouring day."""
        weekday = WEEKDAYS[(self.weekday + self.after.days) % 7]
        yearly: dict[str, object] = {"freq": "yearly", "bymonth": self.month}
        if self.after.days == 0:
            return yearly | {"byday": f"{-1 if self.week == LAST_WEEK else self.week}{weekday}"}
        return yearly | {"bymonthday": self._shifted_days(), "byday": weekday}

    def _shifted_days(self) -> list[int]:
        shortest, longest = (monthrange(year, self.month)[1] for year in (2001, 2000))
        if self.week == LAST_WEEK and shortest != longest:
            raise NotYearly("the last week of February moves with leap years")
        first = (shortest - 6 if self.week == LAST_WEEK else 7 * self.week - 6) + self.after.days
        if not 1 <= first <= shortest - 6:
            raise NotYearly("the switch may fall into the next month")
        return list(range(first, first + 7))


@dataclass(frozen=True, slots=True)
class Period:
    """A time that holds for a part of the year: its name, its offset east of Greenwich, and when it begins."""

    name: str
    offset: timedelta
    onset: Onset


def parse(text: str) -> tuple[Period, Period]:
    """Read a rule with two times a year, the one with the smaller offset first.

    Raises ``NotYearly`` for anything else: a zone that never switches, a rule by day numbers (``Jn``, ``n``), nonsense.
    """
    found = _ZONE.fullmatch(text)
    if not found or not found[6]:
        raise NotYearly(text)
    standard = -_duration(found[2])
    daylight = -_duration(found[4]) if found[4] else standard + timedelta(hours=1)
    periods = (
        Period(found[1].strip("<>"), standard, _onset(found[6])),
        Period(found[3].strip("<>"), daylight, _onset(found[5])),
    )
    return min(periods, key=_offset), max(periods, key=_offset)


def _offset(period: Period) -> timedelta:
    return period.offset


def _onset(text: str) -> Onset:
    found = _RULE.fullmatch(text)
    if not found:
        raise NotYearly(text)
    return Onset(int(found[1]), int(found[2]), int(found[3]), _duration(found[4] or "2"))


def _duration(text: str) -> timedelta:
    hours, minutes, seconds = (*map(int, text.lstrip("+-").split(":")), 0, 0)[:3]
    size = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -size if text.startswith("-") else size
