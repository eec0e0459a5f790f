"""Days and hours in a sentence: „jutro o 10”, „10-12 maja”, „w przyszły wtorek”, „31.05-03.06”, “next Tuesday”.

Written by hand and short: a general library reads more languages and guesses („maja” as a name, „2 osoby” as the
second of the month), and a question may be answered with the wrong day. A day without its year is the nearest one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from pim_bot.programme.names import plain_letters

_MONTHS = (
    r"stycz\w*|january|jan",
    r"lut(?:y|ego|ym)|february|feb",
    r"mar(?:zec|ca|cu)|march",
    r"kwie(?:cien|tnia|tniu)|april|apr",
    r"maj(?:a|u)?|may",
    r"czerw(?:iec|ca|cu)|june|jun",
    r"lip(?:iec|ca|cu)|july|jul",
    r"sierp(?:ien|nia|niu)|august|aug",
    r"wrze(?:sien|snia|sniu)|september|sept?",
    r"pazdziernik\w*|october|oct",
    r"listopad\w*|november|nov",
    r"grud(?:zien|nia|niu)|december|dec",
)
_WEEKDAYS = (
    r"poniedzial\w+|pon|monday|mon",
    r"wtor\w+|tuesday|tue",
    r"srod[aeyę]|sr|wednesday|wed",
    r"czwart\w+|czw|thursday|thu",
    r"piat\w+|pt|friday|fri",
    r"sobot[aeyę]|sob|saturday|sat",
    r"niedziel[aeię]|sunday|sun",
)
_NUMBERS = {
    "jeden": 1,
    "dwa": 2,
    "dwoch": 2,
    "dwie": 2,
    "trzy": 3,
    "trzech": 3,
    "cztery": 4,
    "two": 2,
    "three": 3,
    "four": 4,
}
_NEAR_DAYS = {
    "przedwczoraj": -2,
    "wczoraj": -1,
    "yesterday": -1,
    "dzisiaj": 0,
    "dzis": 0,
    "today": 0,
    "pojutrze": 2,
    "day after tomorrow": 2,
    "jutro": 1,
    "jutra": 1,
    "jutrzejsz\\w+": 1,
    "tomorrow": 1,
}
_UNITS = (
    (r"dni|dzien|days?", 1),
    (r"tydzien|tygodnia|tygodnie|tygodni|weeks?", 7),
    (r"miesiac|miesiaca|miesiace|miesiecy|months?", 30),
    (r"kwartal\w*|quarters?", 91),
    (r"rok|roku|lata|lat|years?", 365),
)
_UNIT = "|".join(names for names, _ in _UNITS)
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)}|a|an|one)"
_MONTH = rf"(?:{'|'.join(_MONTHS)})"
_WEEKDAY = rf"(?:{'|'.join(_WEEKDAYS)})"
_YEAR = r"(?:,?\s*(?P<year>(?:19|20)\d\d)(?:\s*(?:r\.?|roku))?)?"
_DASH = r"\s*(?:-|–|—|do|to|i)\s*"
_NEXT = r"(?:przyszl\w+|nastepn\w+|kolejn\w+|next|coming)"
_LAST = r"(?:zeszl\w+|ubiegl\w+|ostatni\w*|minion\w+|poprzedni\w*|last|previous|past)"
_THIS = r"(?:t(?:ym|en|ego|a|e)|biezac\w+|this)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """From one day to another, both included."""

    first: date
    last: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """What a sentence says of time: days, an hour („10:00”), and the text without all that."""

    span: Span | None = None
    hour: str = ""
    rest: str = ""


def times_in(text: str, today: date) -> Times:
    """Read the first day, or span of days, and the first hour in a text; what was read is taken out of ``rest``."""
    said = plain_letters(text)
    for pattern, read in _READERS:
        if found := pattern.search(said):
            span = read(found, today)
            if span is not None:
                hour, rest = _hour_in(said[: found.start()] + " " + said[found.end() :])
                return Times(span=span, hour=hour, rest=rest)
    hour, rest = _hour_in(said)
    return Times(hour=hour, rest=rest)


def _hour_in(said: str) -> tuple[str, str]:
    for pattern in _HOURS:
        if (found := pattern.search(said)) and int(found["hour"]) < 24:  # noqa: PLR2004 - hours of a day
            minute = int(found["minute"] or 0)
            if minute < 60:  # noqa: PLR2004 - minutes of an hour
                return f"{int(found['hour'])}:{minute:02}", said[: found.start()] + " " + said[found.end() :]
    return "", said


_HOURS = (
    re.compile(r"\b(?:(?:godz\.?|godzin\w+|o|at|od)\s+)?(?P<hour>\d{1,2}):(?P<minute>\d\d)\b"),
    re.compile(r"\b(?:godz\.?|godzin\w+|o|at|od)\s+(?P<hour>\d{1,2})(?:[.:](?P<minute>\d\d))?\b(?!\s*[a-z])"),
)


def _day(year: str | None, month: int, day: str, today: date) -> date | None:
    """Make a day; without a year it is the nearest one, a past one only if it was not long ago."""
    try:
        if year:
            return date(int(year), month, int(day))
        near = [_safe(today.year + shift, month, int(day)) for shift in (-1, 0, 1)]
        known = [one for one in near if one is not None]
        return min(known, key=lambda one: _farness(one, today)) if known else None
    except ValueError:
        return None


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _farness(day: date, today: date) -> int:
    """Order days by how likely they are meant: what is to come counts half as far as what is over."""
    days = (day - today).days
    return days if days >= 0 else -2 * days


def _span(first: date | None, last: date | None) -> Span | None:
    if first is None or last is None:
        return None
    if last < first and (next_year := _safe(last.year + 1, last.month, last.day)):
        last = next_year
    return Span(first=first, last=last)


def _month_number(said: str) -> int:
    return next(number for number, names in enumerate(_MONTHS, start=1) if re.fullmatch(names, said))


def _read_iso(found: re.Match[str], today: date) -> Span | None:
    day = _day(found["y"], int(found["m"]), found["d"], today) if int(found["m"]) in range(1, 13) else None
    return _span(day, day)


def _read_numbers(found: re.Match[str], today: date) -> Span | None:
    """„31.05-03.06”, „10-12.05.2022”, „10.05”."""
    month = int(found["month"])
    first_month = int(found["first_month"] or month)
    if month not in range(1, 13) or first_month not in range(1, 13):
        return None
    last = _day(found["year"], month, found["last"], today)
    first = _day(found["year"], first_month, found["first"], today) if found["first"] else last
    return _span(first, last)


def _read_days_of_month(found: re.Match[str], today: date) -> Span | None:
    """„10-12 maja 2022”, „31 maja - 3 czerwca”, „28 marca”."""
    month = _month_number(found["month"])
    last = _day(found["year"], month, found["last"], today)
    if not found["first"]:
        return _span(last, last)
    first_month = _month_number(found["first_month"]) if found["first_month"] else month
    return _span(_day(found["year"], first_month, found["first"], today), last)


def _read_month_first(found: re.Match[str], today: date) -> Span | None:
    """“May 10-12, 2022”, “March 28th”."""
    month = _month_number(found["month"])
    first = _day(found["year"], month, found["first"], today)
    return _span(first, _day(found["year"], month, found["last"], today) if found["last"] else first)


def _read_near_day(found: re.Match[str], today: date) -> Span | None:
    shift = next(days for name, days in _NEAR_DAYS.items() if re.fullmatch(name, found["day"]))
    day = today + timedelta(days=shift)
    return Span(first=day, last=day)


def _read_since_weekday(found: re.Match[str], today: date) -> Span | None:
    """„od poniedziałku”: from the last one until today."""
    back = (today.weekday() - _weekday(found["weekday"])) % 7
    return Span(first=today - timedelta(days=back or 7), last=today)


def _read_weekday(found: re.Match[str], today: date) -> Span | None:
    """„we wtorek” is the one to come; „w przyszły wtorek” that of next week, „w zeszły” the last one."""
    number, which = _weekday(found["weekday"]), found["which"] or ""
    monday = today - timedelta(days=today.weekday())
    if re.fullmatch(_NEXT, which):
        day = monday + timedelta(days=7 + number)
    elif re.fullmatch(_LAST, which):
        day = today - timedelta(days=(today.weekday() - number) % 7 or 7)
    else:
        day = today + timedelta(days=(number - today.weekday()) % 7)
    return Span(first=day, last=day)


def _weekday(said: str) -> int:
    return next(number for number, names in enumerate(_WEEKDAYS) if re.fullmatch(names, said))


def _read_week(found: re.Match[str], today: date) -> Span | None:
    shift = _shift(found["which"])
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7 * shift)
    return Span(first=monday, last=monday + timedelta(days=6))


def _read_month_span(found: re.Match[str], today: date) -> Span | None:
    months = today.year * 12 + today.month - 1 + _shift(found["which"])
    return _whole_month(months // 12, months % 12 + 1)


def _shift(which: str) -> int:
    if re.fullmatch(_NEXT, which):
        return 1
    return -1 if re.fullmatch(_LAST, which) else 0


def _whole_month(year: int, month: int) -> Span:
    following = date(year + month // 12, month % 12 + 1, 1)
    return Span(first=date(year, month, 1), last=following - timedelta(days=1))


def _read_named_month(found: re.Match[str], today: date) -> Span | None:
    """„w maju”, „od marca”, “in May 2022”."""
    first = _day(found["year"], _month_number(found["month"]), "1", today)
    return _whole_month(first.year, first.month) if first else None


def _read_back(found: re.Match[str], today: date) -> Span | None:
    """„od miesiąca”, „przez ostatnie dwa tygodnie”, “for 30 days”: from then until today."""
    return Span(first=today - timedelta(days=_days_of(found)), last=today)


def _read_ahead(found: re.Match[str], today: date) -> Span | None:
    """„za tydzień”, “in two weeks”: that day."""
    day = today + timedelta(days=_days_of(found))
    return Span(first=day, last=day)


def _days_of(found: re.Match[str]) -> int:
    number = found["number"] or "1"
    count = int(number) if number.isdigit() else _NUMBERS.get(number, 1)
    return count * next(days for names, days in _UNITS if re.fullmatch(names, found["unit"]))


_Reader = Callable[[re.Match[str], date], Span | None]
_IN = r"(?:w|we|na|do|on|by|in|przed|until|till)\s+"
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b", _read_iso),
        (
            (
                rf"(?<![\d.])(?:(?P<first>\d{{1,2}})(?:\.(?P<first_month>\d{{1,2}})\.?)?{_DASH})?"
                r"(?P<last>\d{1,2})\.(?P<month>\d{1,2})(?:\.(?P<year>(?:19|20)\d\d))?(?!\d)"
            ),
            _read_numbers,
        ),
        (
            (
                rf"\b(?:(?P<first>\d{{1,2}})(?:\s+(?P<first_month>{_MONTH}))?{_DASH})?"
                rf"(?P<last>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?P<month>{_MONTH})\b{_YEAR}"
            ),
            _read_days_of_month,
        ),
        (
            (
                rf"\b(?P<month>{_MONTH})\s+(?P<first>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)"
                rf"(?:{_DASH}(?P<last>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?{_YEAR}"
            ),
            _read_month_first,
        ),
        (rf"\b(?:{_IN})?(?P<day>{'|'.join(_NEAR_DAYS)})\b", _read_near_day),
        (
            (
                rf"\b(?:od|since|from|for|przez|during|in the)\s+(?:{_LAST}\s+)?(?:(?P<number>{_NUMBER})\s+)?"
                rf"(?P<unit>{_UNIT})\b"
            ),
            _read_back,
        ),
        (rf"\b(?:{_LAST}|in the last)\s+(?P<number>{_NUMBER})\s+(?P<unit>{_UNIT})\b", _read_back),
        (rf"\b(?:za|in)\s+(?:(?P<number>{_NUMBER})\s+)?(?P<unit>{_UNIT})\b", _read_ahead),
        (rf"\b(?:od|since|from)\s+(?:{_LAST}\s+)?(?P<weekday>{_WEEKDAY})\b", _read_since_weekday),
        (rf"\b(?:{_IN})?(?P<which>{_NEXT}|{_LAST}|{_THIS})\s+(?:tydzien|tygodniu|tygodnia|week)\b", _read_week),
        (rf"\b(?:{_IN})?(?P<which>{_NEXT}|{_LAST}|{_THIS})\s+(?:miesiac|miesiacu|miesiaca|month)\b", _read_month_span),
        (rf"\b(?:{_IN})?(?:(?P<which>{_NEXT}|{_LAST}|{_THIS})\s+)?(?P<weekday>{_WEEKDAY})\b", _read_weekday),
        (rf"\b(?:w|od|na|in|from|since|for|do)\s+(?P<month>{_MONTH})\b{_YEAR}", _read_named_month),
    )
)
"""From the most exact to the least: the first that reads anything is taken."""
