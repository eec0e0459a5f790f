"""From the date and time fields of a form to instants: wall-clock times of the place, with DST told in words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pim_bot.clock import DoubledHour, instant_of
from pim_bot.errors import Refused

YEARS = range(2000, 2100)
ANSWERS_UNTIL = time(16, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """From when until when; an all-day span ends at the midnight after its last day."""

    starts_at: datetime
    ends_at: datetime
    all_day: bool
    answer_by: datetime | None


class WhichHour(Refused):
    """An hour comes twice that day; ``asks`` names the questions that the form must show."""

    def __init__(self, problems: Mapping[str, Refused], asks: tuple[str, ...]) -> None:
        super().__init__("Formularz wymaga poprawek.", fields=problems)
        self.asks = asks


def span_of(typed: Mapping[str, Any], zone: str) -> Span:
    """Read the span of time of a form. Raises ``Refused`` with fields, or ``WhichHour``."""
    tz = ZoneInfo(zone)
    problems: dict[str, Refused] = {}
    first = _day(typed, "starts_at", problems)
    last = _day(typed, "ends_at", problems, empty_is_fine=True) or first
    answer_day = _day(typed, "answer_by", problems, empty_is_fine=True)
    start_time, end_time = _time(typed, "starts_time", problems), _time(typed, "ends_time", problems)
    if (start_time is None) != (end_time is None) and not problems:
        missing = "ends_time" if end_time is None else "starts_time"
        problems[missing] = Refused("Prosimy podać obie godziny albo żadnej (wtedy to cały dzień).")
    if problems or first is None or last is None:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    asks: list[str] = []
    if start_time is None or end_time is None:
        starts_at = _instant("starts_at", first, time(), tz, "0", problems, asks)
        ends_at = _instant("ends_at", last + timedelta(days=1), time(), tz, "0", problems, asks)
    else:
        starts_at = _instant("starts_time", first, start_time, tz, typed.get("starts_fold"), problems, asks)
        ends_at = _instant("ends_time", last, end_time, tz, typed.get("ends_fold"), problems, asks)
    if asks:
        raise WhichHour(problems, tuple(asks))
    if problems or starts_at is None or ends_at is None:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    answer_by = instant_of(datetime.combine(answer_day, ANSWERS_UNTIL), tz, fold=0) if answer_day else None
    return Span(starts_at=starts_at, ends_at=ends_at, all_day=start_time is None, answer_by=answer_by)


@contextmanager
def at_clock_fields(typed: Mapping[str, Any]) -> Iterator[None]:
    """Point at the hour, not at the day, when an end on the same day is refused."""
    try:
        yield
    except Refused as refused:
        same_day = (typed.get("ends_at") or typed.get("starts_at")) == typed.get("starts_at")
        if "ends_at" in refused.fields and typed.get("ends_time") and same_day:
            refused.fields["ends_time"] = refused.fields.pop("ends_at")
        raise


def _day(
    typed: Mapping[str, Any], name: str, problems: dict[str, Refused], *, empty_is_fine: bool = False
) -> date | None:
    written = typed.get(name)
    if not written and empty_is_fine:
        return None
    try:
        day = date.fromisoformat(written or "")
    except ValueError:
        problems[name] = Refused("Prosimy wybrać dzień z kalendarza.")
        return None
    if day.year not in YEARS:
        problems[name] = Refused("To bardzo odległy termin. Prosimy sprawdzić rok.")
        return None
    return day


def _time(typed: Mapping[str, Any], name: str, problems: dict[str, Refused]) -> time | None:
    if not typed.get(name):
        return None
    try:
        return time.fromisoformat(typed[name])
    except ValueError:
        problems[name] = Refused("Prosimy podać godzinę w postaci 9:00.")
        return None


def _instant(
    name: str,
    day: date,
    clock_time: time,
    zone: ZoneInfo,
    fold: str | None,
    problems: dict[str, Refused],
    asks: list[str],
) -> datetime | None:
    try:
        return instant_of(datetime.combine(day, clock_time), zone, fold=int(fold) if fold in ("0", "1") else None)
    except DoubledHour as doubled:
        asks.append(name.replace("_time", "_fold"))
        problems[name] = doubled
    except Refused as refused:
        problems[name] = refused
    return None
