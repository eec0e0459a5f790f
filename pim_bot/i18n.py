"""Languages: Polish source texts, gettext catalogues read at start, and dates as people say them.

A text in the code is the Polish sentence itself. The English catalogue translates it; the Polish one holds the plural
forms, of which Polish has three (1 osoba, 2 osoby, 5 osób).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_datetime, get_timezone_location
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES = ("pl", "en")
WARSAW = "Europe/Warsaw"


@cache
def _catalogue(language: str) -> Catalog:
    path = resources.files("pim_bot") / "locale" / language / "pim_bot.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def language_of(locale: str) -> str:
    """Choose the language for a chat locale such as ``en-GB``: English for English, Polish for all others."""
    return "en" if locale[:2].lower() == "en" else "pl"


@dataclass(frozen=True, slots=True)
class Words:
    """Says things in one language."""

    language: str = "pl"

    def text(self, message: str, **facts: object) -> str:
        """Say a message of the catalogue with its facts filled in."""
        found = _catalogue(self.language).get(message)
        said = found.string if found and isinstance(found.string, str) and found.string else message
        return self._fill(said, facts)

    def plural(self, one: str, many: str, n: int, **facts: object) -> str:
        """Say a message whose form depends on a number; ``{n}`` is the number."""
        catalogue = _catalogue(self.language)
        found = catalogue.get(one)
        forms = tuple(found.string or ()) if found and not isinstance(found.string, str) else ()
        index = _plural_index(self.language, n)
        said = forms[index] if index < len(forms) and forms[index] else (one if n == 1 else many)
        return self._fill(said, {"n": n, **facts})

    def _fill(self, said: str, facts: Mapping[str, object]) -> str:
        return said.format(**{name: self._say(value) for name, value in facts.items()}) if facts else said

    def _say(self, value: object) -> object:
        if isinstance(value, float):
            return format_decimal(value, locale=self.language)
        return self.day(value, weekday=False) if isinstance(value, date) and not isinstance(value, datetime) else value

    def day(self, day: date, *, weekday: bool = True) -> str:
        """Say a day: „wtorek, 10 maja 2022”."""
        pattern = "EEEE, d MMMM y" if weekday else "d MMMM y"
        return format_date(day, pattern, locale=self.language)

    def weekday(self, day: date) -> str:
        """Say a day of the week: „wtorek”."""
        return format_date(day, "EEEE", locale=self.language)

    def moment(self, instant: datetime, zone: str = WARSAW) -> str:
        """Say a day and a time: „wtorek, 10 maja 2022, 9:00”."""
        return format_datetime(instant, "EEEE, d MMMM y, H:mm", tzinfo=ZoneInfo(zone), locale=self.language)

    def when(self, starts: datetime, ends: datetime, zone: str, *, all_day: bool = False) -> str:
        """Say from when until when, by the clock of the place; the place's zone is named when it is not Poland's."""
        tz = ZoneInfo(zone)
        first, last = starts.astimezone(tz), (ends - timedelta(microseconds=1)).astimezone(tz)
        if all_day:
            return self.day(first.date()) if first.date() == last.date() else self.days(first.date(), last.date())
        end = ends.astimezone(tz)
        until = f"{end:%H:%M}".lstrip("0").rjust(4, "0") if end.date() == first.date() else self.moment(ends, zone)
        dash = "–" if end.date() == first.date() else " – "
        said = f"{self.moment(starts, zone)}{dash}{until}"
        if starts.astimezone(tz).utcoffset() == starts.astimezone(ZoneInfo(WARSAW)).utcoffset():
            return said
        city = get_timezone_location(tz, locale=self.language, return_city=True)
        return f"{said} {self.text('(czas miejscowy: {zone})', zone=city)}"

    def days(self, first: date, last: date) -> str:
        """Say a span of days: „10–12 maja 2022”, „31 maja – 3 czerwca 2022”."""
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{format_date(last, 'd MMMM y', locale=self.language)}"
        pattern = "d MMMM" if first.year == last.year else "d MMMM y"
        return f"{format_date(first, pattern, locale=self.language)} – {self.day(last, weekday=False)}"

    def country(self, code: str) -> str:
        """Say a country's name."""
        return str(Locale.parse(self.language).territories.get(code, code))


@cache
def _plural_index(language: str, n: int) -> int:
    if language == "en":
        return 0 if n == 1 else 1
    if n == 1:
        return 0
    few = n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14)
    return 1 if few else 2
