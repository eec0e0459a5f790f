"""A whole feed: a header, the time zones it names, and its items, joined without reading them again.

There is no METHOD (the feed is a snapshot, RFC 5546 1.4 speaks of messages) and no UID of the calendar (legal by
RFC 7986 5.3, but vdirsyncer takes it for an event's).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from icalendar import Calendar, vDuration, vText

from pim_bot.calendar.item import FeedItem
from pim_bot.calendar.text import one_line, several_lines
from pim_bot.calendar.zones import vtimezone
from pim_bot.errors import PimBotError

PRODUCT = "-//pim-bot//programme calendar//PL"
REFRESH = timedelta(hours=1)
_END = b"END:VCALENDAR\r\n"


class DuplicateUid(PimBotError):
    """Two items of a feed bear one UID; Radicale and others refuse such a file whole."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedHeader:
    """What a feed says of itself. ``colour`` is a CSS3 name (RFC 7986 5.9)."""

    name: str
    description: str = ""
    zone: str = "Europe/Warsaw"
    colour: str = ""


def feed_bytes(header: FeedHeader, items: Sequence[FeedItem]) -> bytes:
    """Write a feed. The same header and items, in any order, give the same bytes; no items give an empty calendar."""
    ordered = sorted(items, key=lambda item: (item.first_day, item.uid))
    if len({item.uid for item in ordered}) != len(ordered):
        raise DuplicateUid(header.name)
    start = _header(header).removesuffix(_END)
    return b"".join((start, *_zones(ordered), *(item.body for item in ordered), _END))


def etag(body: bytes) -> str:
    """Make the strong validator of a body, quoted as it stands in the header (RFC 9110 8.8.3)."""
    return f'"{sha256(body).hexdigest()[:32]}"'


def _header(header: FeedHeader) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    _add_names(calendar, header)
    calendar.add("x-wr-timezone", vText(header.zone))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})  # RFC 7986 5.7
    calendar.add("x-published-ttl", vDuration(REFRESH))
    if header.colour.isascii() and header.colour.isalpha():
        calendar.add("color", header.colour.lower())
    written: bytes = calendar.to_ical()
    return written


def _add_names(calendar: Calendar, header: FeedHeader) -> None:
    """Add the name by the standard (RFC 7986 5.1) and by habit. As plain strings they would go out unescaped."""
    name, description = one_line(header.name), several_lines(header.description)
    for key in ("name", "x-wr-calname"):
        calendar.add(key, vText(name))
    if description:
        calendar.add("x-wr-caldesc", vText(description))


def _zones(items: Iterable[FeedItem]) -> Iterable[bytes]:
    years: dict[str, set[int]] = {}
    for item in items:
        if item.zone:
            years.setdefault(item.zone, set()).update((item.first_day.year, item.last_day.year))
    return (vtimezone(name, min(span), max(span)) for name, span in sorted(years.items()))
