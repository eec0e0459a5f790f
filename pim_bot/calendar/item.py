"""One entry as the bytes of a VEVENT, and what a feed must know of it without reading them (RFC 5545 3.6.1)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Event

from pim_bot.calendar.entry import CalendarEntry, Days, Hours
from pim_bot.calendar.text import one_line, web_address
from pim_bot.calendar.zones import UTC_NAMES


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedItem:
    """A finished VEVENT that can be stored, with what ``feed`` and ``window`` ask. ``zone`` is "" if it names none."""

    uid: str
    body: bytes
    zone: str
    first_day: date
    last_day: date
    cancelled: bool = False


def item_of(entry: CalendarEntry) -> FeedItem:
    """Make the item of an entry."""
    return FeedItem(
        uid=entry.uid,
        body=item_bytes(entry),
        zone="" if isinstance(entry.when, Days) or _must_be_utc(entry.when) else entry.when.zone,
        first_day=entry.when.first_day,
        last_day=entry.when.last_day,
        cancelled=entry.cancelled,
    )


def item_bytes(entry: CalendarEntry) -> bytes:
    """Write the VEVENT of an entry. The same entry always gives the same bytes.

    Without METHOD, DTSTAMP says the same as LAST-MODIFIED (RFC 5545 3.8.7.2): when the entry changed, never "now".
    There is no ATTENDEE (nobody's name is published) and no VALARM (a subscriber's alarms are the subscriber's).
    """
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    for name in ("dtstamp", "last-modified"):
        event.add(name, entry.changed_at.astimezone(UTC))
    for name, moment in zip(("dtstart", "dtend"), _moments(entry.when), strict=True):
        event.add(name, moment)
    _add_texts(event, entry)
    _add_occupation(event, entry)
    written: bytes = event.to_ical()
    return written


def _add_texts(event: Event, entry: CalendarEntry) -> None:
    event.add("summary", entry.shown_title)
    texts = {
        "location": entry.shown_place,
        "description": entry.shown_description,
        "url": web_address(entry.url),
        "contact": one_line(entry.contact),
        "categories": [name for name in map(one_line, entry.categories) if name],
    }
    for name, value in texts.items():
        if value:
            event.add(name, value)


def _add_occupation(event: Event, entry: CalendarEntry) -> None:
    """Say whether the time is taken: TRANSP for all (RFC 5545 3.8.2.7), and Outlook's own word beside it."""
    event.add("status", entry.status.value)
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    away = "OOF" if isinstance(entry.when, Days) else "BUSY"
    event.add("x-microsoft-cdo-busystatus", "FREE" if entry.cancelled else away)


def _moments(when: Hours | Days) -> tuple[date, date]:
    """Give DTSTART and DTEND, the latter not included any more (RFC 5545 3.6.1)."""
    if isinstance(when, Days):
        return when.first_day, when.last_day + timedelta(days=1)
    if _must_be_utc(when):
        return when.starts.astimezone(UTC), when.ends.astimezone(UTC)
    return when.local_start, when.local_end


def _must_be_utc(when: Hours) -> bool:
    """Tell whether local time cannot say it: in a doubled hour it means the first one (RFC 5545 3.3.5).

    Readers do not agree on that, so both are written in UTC.
    """
    return when.zone in UTC_NAMES or _comes_twice(when.local_start) or _comes_twice(when.local_end)


def _comes_twice(local: datetime) -> bool:
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
