"""What a single value of a programme file may be: text in, value out, or ``Unfit`` with what to do."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, time
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pim_bot.programme.file.problems import nearest, quoted

T = TypeVar("T")
EnumT = TypeVar("EnumT", bound=StrEnum)
Parse = Callable[[str], T]

NAME, TEXT, SLUG, ADDRESS, EMAIL = 200, 3000, 60, 500, 254
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_EMOJI = re.compile(r"[a-z0-9_+-]{1,80}")
_EMAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+"
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)
_LEAD = re.compile(r"(\d{1,4}) ?(d|h|m)", re.ASCII)
_ZONE = re.compile(r"[A-Za-z]+(?:/[A-Za-z_+-]+)*[0-9]*", re.ASCII)
_MINUTES = {"d": 24 * 60, "h": 60, "m": 1}
_LONGEST_LEAD = 366 * 24 * 60
_YEARS = range(1990, 2101)
_YES, _NO = frozenset({"true", "yes", "tak"}), frozenset({"false", "no", "nie"})


class Unfit(ValueError):
    """The text is no value of the wanted kind; its message says why, and what to do."""


def text_up_to(limit: int, *, lines: bool = False) -> Parse[str]:
    """Take text of at most ``limit`` characters; its spaces are made single, and its lines one unless ``lines``."""

    def parse(text: str) -> str:
        kept = [" ".join(line.split()) for line in (text.strip().split("\n") if lines else [text])]
        whole = unicodedata.normalize("NFC", "\n".join(kept))
        if hidden := next((char for char in whole if char != "\n" and unicodedata.category(char) in _HIDDEN), ""):
            raise Unfit(f"Jest tu niewidoczny znak U+{ord(hidden):04X}. Prosimy go usunąć.")
        if len(whole) > limit:
            raise Unfit(f"Tekst ma {len(whole)} znaków, a może mieć najwyżej {limit}. Prosimy go skrócić.")
        return whole

    return parse


_HIDDEN = frozenset({"Cc", "Cf", "Cs"})


def emoji(text: str) -> str:
    """Take the name of an emoji as the chat knows it, with or without its colons: ``memo``."""
    name = text.strip().strip(":")
    if _EMOJI.fullmatch(name):
        return name
    raise Unfit(f"{quoted(text)} nie jest nazwą reakcji. Prosimy podać jej nazwę z komunikatora, na przykład memo.")


def slug(text: str) -> str:
    """Take a slug."""
    if _SLUG.fullmatch(text) and len(text) <= SLUG:
        return text
    raise Unfit(
        f"{quoted(text)} nie może być identyfikatorem. Prosimy użyć małych liter bez znaków diakrytycznych, cyfr "
        f"i łączników, np. „ruda-slaska” (najwyżej {SLUG} znaków)."
    )


def day(text: str) -> date:
    """Take a day."""
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        raise Unfit(f"{quoted(text)} to nie jest data. Prosimy wpisać datę jako RRRR-MM-DD.")
    if found.year not in _YEARS:
        raise Unfit(f"Rok {found.year} jest poza zakresem. Prosimy podać rok od {_YEARS[0]} do {_YEARS[-1]}.")
    return found


def day_or_month(text: str) -> tuple[date, str]:
    """Take a day, or a month as its first day; tells which of the two it was."""
    if _MONTH.fullmatch(text):
        return day(f"{text}-01"), "month"
    return day(text), "day"


def clock_time(text: str) -> time:
    """Take a time of day."""
    if found := _TIME.fullmatch(text):
        return time(int(found[1]), int(found[2]))
    raise Unfit(f"{quoted(text)} to nie jest godzina. Prosimy wpisać godzinę jako GG:MM, np. 9:30.")


def zone(text: str) -> str:
    """Take the name of a time zone."""
    try:
        if _ZONE.fullmatch(text):
            return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise Unfit(f"Nie ma strefy czasowej {quoted(text)}. Prosimy podać np. „Europe/Warsaw”.")


def email(text: str) -> str:
    """Take an e-mail address, in lower case."""
    lowered = text.lower()
    if len(lowered) <= EMAIL and _EMAIL.fullmatch(lowered):
        return lowered
    raise Unfit(f"{quoted(text)} to nie jest adres e-mail. Prosimy wpisać adres w postaci nazwa@example.org.")


def country(text: str) -> str:
    """Take a country's two letters."""
    if re.fullmatch(r"[A-Za-z]{2}", text):
        return text.upper()
    raise Unfit(f"{quoted(text)} to nie jest kod kraju. Prosimy podać dwie litery, np. PL albo DK.")


def lead(text: str) -> int:
    """Take a time before the start, in minutes."""
    found = _LEAD.fullmatch(text)
    minutes = int(found[1]) * _MINUTES[found[2]] if found else 0
    if 0 < minutes <= _LONGEST_LEAD:
        return minutes
    raise Unfit(
        f"{quoted(text)} to nie jest wyprzedzenie. Prosimy wpisać np. 30d (dni), 2h (godziny) albo 15m (minuty)."
    )


def number(lowest: int, highest: int) -> Parse[int]:
    """Take a whole number of a range."""

    def parse(text: str) -> int:
        if text.isascii() and text.isdecimal() and len(text) < 6 and lowest <= int(text) <= highest:  # noqa: PLR2004
            return int(text)
        raise Unfit(f"{quoted(text)} nie pasuje. Prosimy podać liczbę całkowitą od {lowest} do {highest}.")

    return parse


def flag(text: str) -> bool:
    """Take yes or no."""
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    raise Unfit(f"{quoted(text)} to ani tak, ani nie. Prosimy wpisać „tak” albo „nie”.")


def one_of(*words: str) -> Parse[str]:
    """Take one of some words."""

    def parse(text: str) -> str:
        if text in words:
            return text
        listed = ", ".join(words)
        raise Unfit(f"Wartości {quoted(text)} tu nie ma. {nearest(text, words)}Prosimy wybrać jedną z: {listed}.")

    return parse


def member_of(kind: type[EnumT]) -> Parse[EnumT]:
    """Take one of an enumeration's values."""
    word = one_of(*kind)
    return lambda text: kind(word(text))


def source(table: Mapping[str, str]) -> Parse[str]:
    """Take a source: a name from the file's own table, an address, or a name of several words."""

    def parse(text: str) -> str:
        if text in table:
            return table[text]
        if re.fullmatch(r"https?://[^\s<>\"]+", text) or " " in text:
            return text_up_to(ADDRESS)(text)
        raise Unfit(
            f"Nie ma źródła {quoted(text)}. {nearest(text, table)}Prosimy dopisać je w polu „sources”, "
            "podać adres strony (https://…) albo pełną nazwę dokumentu."
        )

    return parse
