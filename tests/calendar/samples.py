"""Entries whose terms and texts are hard for calendars, with the instants that every reader must find."""

from datetime import UTC, date, datetime, timedelta

from pim_bot.calendar.entry import CalendarEntry, Days, Hours, Status
from pim_bot.calendar.feed import FeedHeader, feed_bytes
from pim_bot.calendar.item import item_of

HARD_TEXT = (
    'Zażółć gęślą jaźń ĄĘŚĆŻŹŃŁÓ, „cudzysłów”; "quotes" 👩‍👩‍👧‍👦 – a: b=c ' * 3
    + "\nDruga linia, też; z przecinkiem\n\nTrzecia"
)
HEADER = FeedHeader(name="Sieć „Zieleń, woda”; ład", description="Terminy sieci,\nwszystkie", colour="teal")
CHANGED = datetime(2026, 9, 1, 8, 30, 15, 999, tzinfo=UTC)


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def entry(uid: str = "a1", **changes: object) -> CalendarEntry:
    plain: dict[str, object] = {
        "uid": uid,
        "sequence": 0,
        "changed_at": CHANGED,
        "title": f"Warsztaty {uid}",
        "when": Hours(at(2026, 11, 5, 8), at(2026, 11, 5, 14)),
    }
    return CalendarEntry(**(plain | changes))  # type: ignore[arg-type]


TERMS: dict[str, Hours | Days] = {
    "day-before-winter": Hours(at(2026, 10, 24, 7), at(2026, 10, 24, 13)),  # 9:00 in Warsaw, still summer time
    "day-after-winter": Hours(at(2026, 10, 26, 8), at(2026, 10, 26, 14)),  # 9:00 in Warsaw, winter time
    "across-spring": Hours(at(2027, 3, 27, 21), at(2027, 3, 28, 4)),  # 22:00 to 6:00, over 28 March 2:00
    "across-autumn": Hours(at(2026, 10, 24, 22), at(2026, 10, 25, 3)),
    "doubled-first": Hours(at(2026, 10, 25, 0, 30), at(2026, 10, 25, 3)),
    "doubled-second": Hours(at(2026, 10, 25, 1, 30), at(2026, 10, 25, 3)),
    "lisbon-summer": Hours(at(2027, 5, 11, 8), at(2027, 5, 11, 16), "Europe/Lisbon"),
    "lisbon-winter": Hours(at(2026, 10, 26, 9), at(2026, 10, 26, 17), "Europe/Lisbon"),
    "tokyo": Hours(at(2026, 11, 3, 23), at(2026, 11, 4, 1), "Asia/Tokyo"),
    "new-year": Hours(at(2026, 12, 31, 22, 30), at(2026, 12, 31, 23, 30)),
    "january": Hours(at(2026, 1, 1, 8), at(2026, 1, 1, 9)),
    "visit": Days(date(2027, 5, 10), date(2027, 5, 14)),
    "one-day": Days(date(2026, 12, 31), date(2026, 12, 31)),
}

ENTRIES = (
    *(entry(uid, when=when) for uid, when in TERMS.items()),
    entry("texts", title=HARD_TEXT, description=HARD_TEXT, place=HARD_TEXT, categories=("Warsztaty", "Zieleń, woda")),
    entry("moved", sequence=3, moved_from=TERMS["day-before-winter"], url="https://pim.example/a/1?b=c,d;e"),
    entry("cancelled", sequence=4, status=Status.CANCELLED),
    entry("cancelled-visit", sequence=1, status=Status.CANCELLED, when=TERMS["visit"]),
    entry("provisional", status=Status.PROVISIONAL, language="en", contact="pim@urzad.example"),
)
FEED = feed_bytes(HEADER, [item_of(each) for each in ENTRIES])


def instants(when: Hours | Days) -> tuple[date, date]:
    if isinstance(when, Days):
        return when.first_day, when.last_day + timedelta(days=1)
    return when.starts, when.ends
