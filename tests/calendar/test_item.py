"""One activity as a VEVENT: terms, status, whether the time is taken."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pim_bot.calendar.entry import Days, Hours, Status
from pim_bot.calendar.item import FeedItem, item_bytes, item_of
from tests.calendar.grammar import lines
from tests.calendar.samples import TERMS, at, entry


def told(name: str, **changes: object) -> list[str]:
    return [line for line in lines(item_bytes(entry(**changes))) if line.startswith(name)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("term", "start", "end"),
    [
        ("day-before-winter", "DTSTART;TZID=Europe/Warsaw:20261024T090000", "DTEND;TZID=Europe/Warsaw:20261024T150000"),
        ("day-after-winter", "DTSTART;TZID=Europe/Warsaw:20261026T090000", "DTEND;TZID=Europe/Warsaw:20261026T150000"),
        ("across-spring", "DTSTART;TZID=Europe/Warsaw:20270327T220000", "DTEND;TZID=Europe/Warsaw:20270328T060000"),
        ("lisbon-summer", "DTSTART;TZID=Europe/Lisbon:20270511T090000", "DTEND;TZID=Europe/Lisbon:20270511T170000"),
        ("across-autumn", "DTSTART;TZID=Europe/Warsaw:20261025T000000", "DTEND;TZID=Europe/Warsaw:20261025T040000"),
        ("doubled-first", "DTSTART:20261025T003000Z", "DTEND:20261025T030000Z"),
        ("doubled-second", "DTSTART:20261025T013000Z", "DTEND:20261025T030000Z"),
        ("visit", "DTSTART;VALUE=DATE:20270510", "DTEND;VALUE=DATE:20270515"),
        ("one-day", "DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101"),
    ],
)
def test_terms_are_local_with_their_zone_or_whole_days(term: str, start: str, end: str) -> None:
    assert (told("DTSTART", when=TERMS[term]), told("DTEND", when=TERMS[term])) == ([start], [end])


def test_an_instant_with_a_bare_offset_is_written_in_the_zone_that_was_meant() -> None:
    offset = timezone(timedelta(hours=2))
    when = Hours(datetime(2026, 5, 5, 9, tzinfo=offset), datetime(2026, 5, 5, 10, tzinfo=offset))
    assert told("DTSTART", when=when) == ["DTSTART;TZID=Europe/Warsaw:20260505T090000"]


def test_utc_needs_no_zone() -> None:
    when = Hours(at(2026, 5, 5, 9), at(2026, 5, 5, 10), "Etc/UTC")
    assert told("DTSTART", when=when) == ["DTSTART:20260505T090000Z"]
    assert item_of(entry(when=when)).zone == ""


@pytest.mark.parametrize(
    ("status", "when", "expected"),
    [
        (Status.CONFIRMED, TERMS["january"], ["STATUS:CONFIRMED", "TRANSP:OPAQUE", "BUSY"]),
        (Status.PROVISIONAL, TERMS["january"], ["STATUS:TENTATIVE", "TRANSP:OPAQUE", "BUSY"]),
        (Status.CONFIRMED, TERMS["visit"], ["STATUS:CONFIRMED", "TRANSP:OPAQUE", "OOF"]),
        (Status.CANCELLED, TERMS["january"], ["STATUS:CANCELLED", "TRANSP:TRANSPARENT", "FREE"]),
        (Status.CANCELLED, TERMS["visit"], ["STATUS:CANCELLED", "TRANSP:TRANSPARENT", "FREE"]),
    ],
)
def test_a_cancelled_activity_takes_nobodys_time(status: Status, when: Hours | Days, expected: list[str]) -> None:
    found = lines(item_bytes(entry(status=status, when=when)))[-5:-1]
    assert [line for line in found if line.startswith(("STATUS", "TRANSP", "X-MICROSOFT"))] == [
        *expected[:2],
        f"X-MICROSOFT-CDO-BUSYSTATUS:{expected[2]}",
    ]


def test_a_cancellation_keeps_uid_and_term() -> None:
    before, after = (
        lines(item_bytes(entry(status=status, sequence=number)))
        for number, status in enumerate((Status.CONFIRMED, Status.CANCELLED))
    )
    kept = ("UID", "DTSTART", "DTEND", "DTSTAMP")
    assert [line for line in before if line.startswith(kept)] == [line for line in after if line.startswith(kept)]
    assert ("SEQUENCE:0" in before, "SEQUENCE:1" in after) == (True, True)


def test_an_item_knows_what_a_feed_asks() -> None:
    cancelled = entry(when=TERMS["across-spring"], status=Status.CANCELLED)
    term = TERMS["across-spring"]
    assert item_of(cancelled) == FeedItem(
        uid="a1",
        body=item_bytes(cancelled),
        zone="Europe/Warsaw",
        first_day=term.first_day,
        last_day=term.last_day,
        cancelled=True,
    )
    assert item_of(entry(when=TERMS["visit"])).zone == ""


def test_the_stamp_is_utc_whatever_zone_the_instant_came_in() -> None:
    warsaw = at(2026, 9, 1, 10).astimezone(timezone(timedelta(hours=2)))
    assert told("DTSTAMP", changed_at=warsaw) == [f"DTSTAMP:{warsaw.astimezone(UTC):%Y%m%dT%H%M%SZ}"]
