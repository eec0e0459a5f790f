"""What one activity publishes in calendars, in the language of the feed, before it becomes bytes."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from pim_bot.calendar.text import one_line, several_lines, web_address
from pim_bot.calendar.words import Words, words_of
from pim_bot.calendar.zones import UTC_NAMES, UnknownZone, zone_named

_UID = re.compile(r"[A-Za-z0-9._@\-]{1,200}")
_LARGEST_INTEGER = 2**31 - 1  # RFC 5545 3.3.8


class Status(StrEnum):
    """How far an activity may be counted on, in the words of RFC 5545 3.8.1.11."""

    CONFIRMED = "CONFIRMED"
    PROVISIONAL = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Hours:
    """From one instant to another, both aware, and the zone in which they were meant."""

    starts: datetime
    ends: datetime
    zone: str = "Europe/Warsaw"

    def __post_init__(self) -> None:
        if self.starts.tzinfo is None or self.ends.tzinfo is None:
            raise ValueError("an instant without a zone")
        if self.ends - self.starts < timedelta(seconds=1):
            raise ValueError("the end is not after the start")
        if "/" not in self.zone and self.zone not in UTC_NAMES:
            raise UnknownZone(f"{self.zone}: abbreviations shift times on some devices")
        zone_named(self.zone)

    @property
    def local_start(self) -> datetime:
        """The start by the clocks of its zone, to the second."""
        return self._local(self.starts)

    @property
    def local_end(self) -> datetime:
        """The end by the clocks of its zone, to the second."""
        return self._local(self.ends)

    @property
    def first_day(self) -> date:
        """The day of the start, in its zone."""
        return self.local_start.date()

    @property
    def last_day(self) -> date:
        """The day of the end, in its zone; midnight still belongs to the day before."""
        return (self.local_end - timedelta(seconds=1)).date()

    def _local(self, instant: datetime) -> datetime:
        zone = UTC if self.zone in UTC_NAMES else zone_named(self.zone)
        return instant.astimezone(zone).replace(microsecond=0)

    def told_in(self, words: Words) -> str:
        """Tell the term: 14.10.2026, 9:00–15:00."""
        start, end = self.local_start, self.local_end
        until = words.hour(end) if start.date() == end.date() else f"{words.day(end)}, {words.hour(end)}"
        return f"{words.day(start)}, {words.hour(start)}–{until}"


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days, the last one included; they float with nobody's zone (RFC 5545 3.3.4)."""

    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError("the last day is before the first")

    @property
    def zone(self) -> str:
        """No zone is named for whole days."""
        return ""

    def told_in(self, words: Words) -> str:
        """Tell the term: 10.05.2027–14.05.2027."""
        return "–".join(dict.fromkeys(map(words.day, (self.first_day, self.last_day))))


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarEntry:
    """One activity as subscribers see it.

    ``uid`` is opaque and made once (RFC 7986 5.3); ``sequence`` is a stored counter that goes up when the term, the
    place or the status changes (RFC 5546 2.1.4); ``changed_at`` goes up with any visible change. ``moved_from`` is
    the term before the last move. ``country`` is a name to be shown, not a code. ``url`` is the activity's page: a
    join link belongs only into entries of private feeds. ``contact`` is the office's address, never a person's.
    """

    uid: str
    sequence: int
    changed_at: datetime
    title: str
    when: Hours | Days
    status: Status = Status.CONFIRMED
    place: str = ""
    address: str = ""
    country: str = ""
    url: str = ""
    description: str = ""
    categories: tuple[str, ...] = ()
    moved_from: Hours | Days | None = None
    contact: str = ""
    language: str = "pl"

    def __post_init__(self) -> None:
        if not _UID.fullmatch(self.uid):
            raise ValueError("a UID is made of letters, digits and . _ - @")
        if not 0 <= self.sequence <= _LARGEST_INTEGER:
            raise ValueError("a SEQUENCE is a small counter")
        if self.changed_at.tzinfo is None:
            raise ValueError("an instant without a zone")

    @property
    def cancelled(self) -> bool:
        """Whether the activity will not take place."""
        return self.status is Status.CANCELLED

    @property
    def shown_title(self) -> str:
        """The title with what has become of the activity, for clients that show nothing but titles."""
        words, title = words_of(self.language), one_line(self.title)
        if self.cancelled:
            return words.cancelled_title.format(title=title)
        if self.moved_from:
            title = words.moved_title.format(title=title)
        return words.provisional_title.format(title=title) if self.status is Status.PROVISIONAL else title

    @property
    def shown_place(self) -> str:
        """Place, address and country on one line."""
        return ", ".join(filter(None, map(one_line, (self.place, self.address, self.country))))

    @property
    def shown_description(self) -> str:
        """What has changed first, then the text, the page and the contact, for clients that show no other property."""
        words, url = words_of(self.language), web_address(self.url)
        text, office = several_lines(self.description), one_line(self.contact)
        link = "" if url in text else url
        contact = words.contact.format(office=office) if office else ""
        return "\n".join(filter(None, (*self._changes(words), text, link, contact)))

    def _changes(self, words: Words) -> tuple[str, ...]:
        return (
            words.cancelled if self.cancelled else "",
            words.moved.format(old=self.moved_from.told_in(words)) if self.moved_from else "",
            words.provisional if self.status is Status.PROVISIONAL else "",
        )
