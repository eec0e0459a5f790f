"""The few words that a calendar entry says by itself, in Polish and in English, and how it writes a date."""

from dataclasses import dataclass
from datetime import date, datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """The words of one language; ``{old}`` is a date, ``{office}`` a contact."""

    cancelled_title: str
    moved_title: str
    provisional_title: str
    cancelled: str
    moved: str
    provisional: str
    contact: str
    names_months: bool = False

    def day(self, day: date) -> str:
        """Write a date as people of this language do: 14.10.2026 or 14 Oct 2026."""
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if self.names_months else f"{day:%d.%m.%Y}"

    def hour(self, local: datetime) -> str:
        """Write a time of the day: 9:00."""
        return f"{local.hour}:{local:%M}"


POLISH = Words(
    cancelled_title="ODWOŁANE: {title}",
    moved_title="PRZENIESIONE: {title}",
    provisional_title="{title} (termin wstępny)",
    cancelled="Wydarzenie odwołane.",
    moved="Zmiana terminu. Poprzednio: {old}.",
    provisional="Termin wstępny, może się zmienić.",
    contact="Kontakt: {office}",
)
ENGLISH = Words(
    cancelled_title="CANCELLED: {title}",
    moved_title="MOVED: {title}",
    provisional_title="{title} (provisional date)",
    cancelled="This event has been cancelled.",
    moved="The date has changed. Previously: {old}.",
    provisional="The date is provisional and may change.",
    contact="Contact: {office}",
    names_months=True,
)


def words_of(language: str) -> Words:
    """Give the words of a language code; Polish for any code but English's."""
    return ENGLISH if language.lower().startswith("en") else POLISH
