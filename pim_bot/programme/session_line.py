"""One line that logs a session: „Żory 2h łąki kwietne”, „wczoraj 90 min z Rudą Śląską i Raciborzem: PPP”.

The line is read from its beginning: cities, a length and a day in any order, and the topic is what is left. A length or
a day may also stand at the very end. Nothing is guessed: what is missing is asked for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from pim_bot.programme.names import Names, folded

LONGEST_NAME = 5
_HALVES = {"pol godziny": 30, "poltorej godziny": 90, "godzina": 60, "godzine": 60, "half an hour": 30, "an hour": 60}
_HOURS = r"(?:h|godz\.?|godzin[aęy]?|hours?|hrs?)"
_MINUTES = r"(?:min(?:ut[aęy]?|utes?)?\.?|m)"
_LENGTHS = (
    re.compile(
        rf"(?P<hours>\d{{1,3}}(?:[.,]\d{{1,2}})?)\s*{_HOURS}(?:\s*(?P<minutes>\d{{1,3}})\s*{_MINUTES})?(?!\w)",
        re.IGNORECASE,
    ),
    re.compile(rf"(?P<minutes>\d{{1,4}})\s*{_MINUTES}(?!\w)", re.IGNORECASE),
)
_DAYS = {"dzis": 0, "dzisiaj": 0, "today": 0, "wczoraj": 1, "yesterday": 1, "przedwczoraj": 2}
_WEEKDAYS = (
    ("poniedzialek", "monday"),
    ("wtorek", "tuesday"),
    ("srode", "sroda", "wednesday"),
    ("czwartek", "thursday"),
    ("piatek", "friday"),
    ("sobote", "sobota", "saturday"),
    ("niedziele", "niedziela", "sunday"),
)
_BEFORE_WEEKDAY = frozenset({"w", "we", "on", "zeszly", "zeszla", "ostatni", "ostatnia", "last"})
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_POLISH = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?\.?")
_AND = re.compile(r"\s*(?:,|&|(?:i|oraz|and)(?=\s))\s*", re.IGNORECASE)
_PUNCTUATION = ",;:–-"


@dataclass(kw_only=True, slots=True)
class SessionLine:
    """What a line says; ``minutes`` and ``day`` are None and ``cities`` empty where it says nothing."""

    cities: list[str] = field(default_factory=list)
    minutes: int | None = None
    day: date | None = None
    topic: str = ""


def minutes_in(text: str) -> int | None:
    """Tell how long a text says: „2h”, „1,5 godz.”, „1 h 30 min”, „90 min”, „2”; None when it says nothing.

    A bare number is hours up to 12 and minutes above.
    """
    bare = text.strip()
    if bare.isascii() and bare.isdigit() and len(bare) <= 4:  # noqa: PLR2004 - digits of 1440
        return int(bare) * 60 if int(bare) <= 12 else int(bare)  # noqa: PLR2004 - said above
    found = _length_at(bare)
    return found[0] if found and not found[1].strip() else None


def read_line(text: str, cities: Names, *, today: date) -> SessionLine:
    """Read a line."""
    line = SessionLine()
    rest = text.strip()
    while rest:
        taken = _without_head(rest, line, cities, today)
        if taken is None:
            break
        rest = taken.lstrip(f"{_PUNCTUATION} ")
    line.topic = _without_tail(rest, line, today).strip(f"{_PUNCTUATION} ")
    return line


def _without_head(rest: str, line: SessionLine, cities: Names, today: date) -> str | None:
    """Take what the text begins with; None when it begins with nothing that is looked for."""
    if line.minutes is None and (length := _length_at(rest)):
        line.minutes = length[0]
        return length[1]
    if line.day is None and (day := _day_at(rest, today)):
        line.day = day[0]
        return day[1]
    return _without_cities(rest, line, cities)


def _without_cities(rest: str, line: SessionLine, cities: Names) -> str | None:
    """Take one city, or several with „i” or a comma between them."""
    if line.cities:
        return None
    found = _city_at(rest, cities)
    while found:
        line.cities += [found[0]] if found[0] not in line.cities else []
        rest = found[1]
        more = _AND.match(rest)
        found = _city_at(rest[more.end() :], cities) if more else None
    return rest if line.cities else None


def _city_at(text: str, cities: Names) -> tuple[str, str] | None:
    """Find the longest beginning of the text that names a city."""
    ends = [found.end() for found in re.finditer(r"[^\s,;:]+", text)][:LONGEST_NAME]
    for end in reversed(ends):
        if not re.search(r"[,;:]", text[:end]) and (slug := cities.find(text[:end])):
            return slug, text[end:]
    return None


def _length_at(text: str) -> tuple[int, str] | None:
    for pattern in _LENGTHS:
        if found := pattern.match(text):
            parts = found.groupdict()
            hours = float((parts.get("hours") or "0").replace(",", "."))
            return round(hours * 60) + int(parts.get("minutes") or 0), text[found.end() :]
    words = text.split()
    for length in (3, 2, 1):
        said = folded(" ".join(words[:length]))
        if len(words) >= length and said in _HALVES:
            return _HALVES[said], " ".join(words[length:])
    return None


def _day_at(text: str, today: date) -> tuple[date, str] | None:
    words = text.split()
    lead = 0
    while lead < len(words) - 1 and folded(words[lead]) in _BEFORE_WEEKDAY:
        lead += 1
    said = folded(words[lead])
    if said in _DAYS and not lead:
        return today - timedelta(days=_DAYS[said]), " ".join(words[1:])
    for number, names in enumerate(_WEEKDAYS):
        if said in names:
            back = (today.weekday() - number) % 7
            return today - timedelta(days=back), " ".join(words[lead + 1 :])
    if day := _date_in(words[0].rstrip(",;:"), today):
        return day, " ".join(words[1:])
    return None


def _date_in(word: str, today: date) -> date | None:
    try:
        if iso := _ISO.fullmatch(word):
            return date(*map(int, iso.groups()))
        if polish := _POLISH.fullmatch(word):
            day, month, year = polish.groups()
            if year:
                return date(int(year), int(month), int(day))
            this = date(today.year, int(month), int(day))
            return this if this <= today else date(today.year - 1, int(month), int(day))
    except ValueError:
        return None
    return None


def _without_tail(rest: str, line: SessionLine, today: date) -> str:
    """Take a length and a day off the end of the topic, where they stand there alone."""
    for _ in range(2):
        words: Sequence[str] = rest.split()
        for length in range(min(3, len(words)), 0, -1):
            tail, before = " ".join(words[-length:]), " ".join(words[:-length])
            if line.minutes is None and (found := _length_at(tail)) and not found[1].strip():
                line.minutes, rest = found[0], before
                break
            if line.day is None and (day := _day_at(tail, today)) and not day[1].strip():
                line.day, rest = day[0], before
                break
    return rest
