"""Time zones, and the VTIMEZONE that a feed carries for each zone it names (RFC 5545 3.6.5).

Everything comes from the tzdata package, never from the machine, so that a feed is the same bytes wherever it is made.
A zone whose clocks follow one rule gets two observances with yearly RRULEs: the only form that all readers understand
alike (lists of RDATEs put summer events an hour off in several of them). A zone that changed its rule within the
feed's years, or follows none that an RRULE can say (Morocco's Ramadan), gets one observance for each switch.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from pim_bot.calendar.posix_tz import NotYearly, Period, parse
from pim_bot.errors import PimBotError

UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Universal", "Zulu"})
_NAME = re.compile(r"[A-Za-z0-9_+\-]+(?:/[A-Za-z0-9_+\-]+)*")


class UnknownZone(PimBotError):
    """There is no time zone of this name in the IANA database."""


@dataclass(frozen=True, slots=True)
class Switch:
    """The instant at which a zone's offset changes, and the offset and name before and after."""

    instant: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool


@dataclass(frozen=True, slots=True)
class Observance:
    """A STANDARD or DAYLIGHT part of a VTIMEZONE; ``onset`` is local in ``before`` and recurs by ``recurrence``."""

    summer: bool
    name: str
    before: timedelta
    after: timedelta
    onset: datetime
    recurrence: dict[str, object] | None = None


@cache
def zone_named(name: str) -> ZoneInfo:
    """Give the zone of an IANA name, as the tzdata package knows it."""
    return ZoneInfo.from_file(BytesIO(_tzif(name)), key=name)


@lru_cache(maxsize=1024)
def vtimezone(name: str, first_year: int, last_year: int) -> bytes:
    """Make the VTIMEZONE of a zone for events of these years.

    It begins two years earlier: one would do, but some readers overlook the occurrence at DTSTART itself.
    """
    component = Timezone()
    component.add("tzid", name)
    for observance in observances(name, first_year - 2, last_year + 1):
        component.add_component(_part(observance))
    written: bytes = component.to_ical()
    return written


def observances(name: str, first_year: int, last_year: int) -> tuple[Observance, ...]:
    """Say how the clocks of a zone go from the first of January of one year to the end of another."""
    zone = zone_named(name)
    start, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (first_year, last_year + 1))
    real = tuple(switches(zone, start, end))
    try:
        winter, summer = parse(_footer(name))
    except NotYearly:
        return _listed(zone, start, real)
    if _by_rule(winter, summer, first_year, last_year) != [(switch.instant, switch.after) for switch in real]:
        return _listed(zone, start, real)
    try:
        return _yearly(summer, winter, first_year), _yearly(winter, summer, first_year)
    except NotYearly:
        return _listed(zone, start, real)


def switches(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[Switch]:
    """Find every change of a zone's offset between two instants in UTC."""
    step = timedelta(days=1)
    while start < end:
        following = min(start + step, end)
        if _offset(zone, start) != _offset(zone, following):
            yield _switch_between(zone, start, following)
        start = following


def _switch_between(zone: ZoneInfo, early: datetime, late: datetime) -> Switch:
    before = _offset(zone, early)
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        early, late = (middle, late) if _offset(zone, middle) == before else (early, middle)
    local = late.astimezone(zone)
    return Switch(late, before, _offset(zone, late), local.tzname() or zone.key, _is_summer(local))


def _is_summer(local: datetime) -> bool:
    return (local.dst() or timedelta()) > timedelta()


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _by_rule(winter: Period, summer: Period, first_year: int, last_year: int) -> list[tuple[datetime, timedelta]]:
    return sorted(
        ((to.onset.in_year(year) - since.offset).replace(tzinfo=UTC), to.offset)
        for since, to in ((winter, summer), (summer, winter))
        for year in range(first_year, last_year + 1)
    )


def _yearly(to: Period, since: Period, year: int) -> Observance:
    """Name the greater offset DAYLIGHT even where the law calls it standard (Ireland): so readers expect it."""
    summer = to.offset > since.offset
    return Observance(summer, to.name, since.offset, to.offset, to.onset.in_year(year), to.onset.recurrence())


def _listed(zone: ZoneInfo, start: datetime, real: tuple[Switch, ...]) -> tuple[Observance, ...]:
    offset = _offset(zone, start)
    local = start.astimezone(zone)
    base = Observance(_is_summer(local), local.tzname() or zone.key, offset, offset, start.replace(tzinfo=None))
    return (base, *map(_once, real))


def _once(switch: Switch) -> Observance:
    onset = (switch.instant + switch.before).replace(tzinfo=None)
    return Observance(switch.summer, switch.name, switch.before, switch.after, onset)


def _part(observance: Observance) -> TimezoneDaylight | TimezoneStandard:
    part = TimezoneDaylight() if observance.summer else TimezoneStandard()
    part.add("dtstart", observance.onset)
    part.add("tzoffsetfrom", observance.before)
    part.add("tzoffsetto", observance.after)
    part.add("tzname", observance.name)
    if observance.recurrence:
        part.add("rrule", observance.recurrence)
    return part


def _footer(name: str) -> str:
    return _tzif(name).rstrip(b"\n").rpartition(b"\n")[2].decode("ascii")


@cache
def _tzif(name: str) -> bytes:
    file = files("tzdata").joinpath("zoneinfo", *name.split("/")) if _NAME.fullmatch(name) else None
    if file is None or not file.is_file() or not (data := file.read_bytes()).startswith(b"TZif"):
        raise UnknownZone(name)
    return data
