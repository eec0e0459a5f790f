"""The bytes of a feed keep every rule of RFC 5545, whatever is written into them."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from pim_bot.calendar.entry import CalendarEntry
from pim_bot.calendar.feed import DuplicateUid, FeedHeader, etag, feed_bytes
from pim_bot.calendar.item import item_bytes, item_of
from pim_bot.calendar.text import one_line, several_lines
from tests.calendar.grammar import lines, problems
from tests.calendar.samples import CHANGED, ENTRIES, FEED, HARD_TEXT, HEADER, entry

HEAD = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//pim-bot//programme calendar//PL
CALSCALE:GREGORIAN
X-WR-CALDESC:Terminy sieci\\,\\nwszystkie
NAME:Sieć „Zieleń\\, woda”\\; ład
X-WR-CALNAME:Sieć „Zieleń\\, woda”\\; ład
COLOR:teal
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
X-WR-TIMEZONE:Europe/Warsaw
"""
WARSAW = """\
BEGIN:VTIMEZONE
TZID:Europe/Warsaw
BEGIN:DAYLIGHT
DTSTART:20240331T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20241027T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""
EVENT = """\
BEGIN:VEVENT
SUMMARY:Warsztaty\\, Żory
DTSTART;TZID=Europe/Warsaw:20261105T090000
DTEND;TZID=Europe/Warsaw:20261105T150000
DTSTAMP:20260901T083015Z
UID:a1
SEQUENCE:2
CATEGORIES:Warsztaty,Zieleń\\, woda
DESCRIPTION:Program w drodze\\nhttps://pim.example/a/1
LAST-MODIFIED:20260901T083015Z
LOCATION:Ratusz\\, al. Wojska Polskiego 25\\, Żory
STATUS:CONFIRMED
TRANSP:OPAQUE
URL:https://pim.example/a/1
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
END:VEVENT
"""
WORKSHOP = entry(
    sequence=2,
    title="Warsztaty, Żory",
    description="Program w drodze",
    url="https://pim.example/a/1",
    place="Ratusz",
    address="al. Wojska Polskiego 25, Żory",
    categories=("Warsztaty", "Zieleń, woda"),
)

ANY_TEXT = st.text(
    st.characters(exclude_categories=())
    | st.sampled_from("\\;,:\n\r\t\"'<\x00\x0b\x1e\x85\u2028\u2029\u202e\ufeff\ud83d ąŻ👩\u200d")
)


def test_a_feed_is_a_header_its_zones_and_its_events() -> None:
    whole = HEAD + WARSAW + EVENT + "END:VCALENDAR\n"
    assert feed_bytes(HEADER, [item_of(WORKSHOP)]) == whole.replace("\n", "\r\n").encode()


def test_the_samples_break_no_rule() -> None:
    assert problems(FEED) == []


def test_an_empty_feed_is_a_calendar_without_events() -> None:
    assert feed_bytes(HEADER, []) == (HEAD + "END:VCALENDAR\n").replace("\n", "\r\n").encode()
    assert problems(feed_bytes(FeedHeader(name="x"), [])) == []


def test_the_same_input_in_any_order_gives_the_same_bytes() -> None:
    items = [item_of(each) for each in ENTRIES]
    assert feed_bytes(HEADER, items[::-1]) == FEED
    assert etag(FEED) == etag(feed_bytes(HEADER, items))


def test_a_feed_of_stored_bytes_contains_them_unchanged() -> None:
    assert all(item_bytes(each) in FEED for each in ENTRIES)


def test_one_uid_twice_is_refused() -> None:
    with pytest.raises(DuplicateUid):
        feed_bytes(HEADER, [item_of(entry("a1")), item_of(entry("a1"))])


def test_stamp_and_last_change_are_the_stored_instant_to_the_second() -> None:
    stamped = [line for line in lines(FEED) if line.startswith(("DTSTAMP", "LAST-MODIFIED"))]
    assert set(stamped) == {f"DTSTAMP:{CHANGED:%Y%m%dT%H%M%SZ}", f"LAST-MODIFIED:{CHANGED:%Y%m%dT%H%M%SZ}"}


def test_any_visible_change_changes_the_bytes() -> None:
    changes = ({"place": "Biblioteka"}, {"title": "Inne"}, {"sequence": 3}, {"url": ""}, {"categories": ()})
    bodies = [item_bytes(replace(WORKSHOP, **change)) for change in changes]
    assert len({item_bytes(WORKSHOP), *bodies}) == len(changes) + 1


def test_a_colour_that_is_no_word_is_left_out() -> None:
    body = feed_bytes(FeedHeader(name="x", colour="teal\r\nMETHOD:PUBLISH"), [])
    assert [line for line in lines(body) if line.startswith(("COLOR", "METHOD"))] == []


def events_of(body: bytes) -> list[Event]:
    return [event for event in Calendar.from_ical(body).walk("VEVENT") if isinstance(event, Event)]


def test_a_long_text_is_folded_and_comes_back_whole() -> None:
    (texts,) = (event for event in events_of(FEED) if event["UID"] == "texts")
    assert (texts["SUMMARY"], texts["LOCATION"]) == (one_line(HARD_TEXT), one_line(HARD_TEXT))
    assert texts["DESCRIPTION"] == several_lines(HARD_TEXT)
    assert texts.categories == ["Warsztaty", "Zieleń, woda"]


@given(ANY_TEXT)
def test_whatever_is_written_comes_back_clean_and_breaks_no_rule(text: str) -> None:
    body = feed_bytes(FeedHeader(name=text, description=text), [item_of(_made_of(text))])
    read = Calendar.from_ical(body)
    (event,) = events_of(body)
    assert problems(body) == []
    assert {re.sub(r"\\(.)", r"\1", str(read[key])) for key in ("NAME", "X-WR-CALNAME")} == {one_line(text)}
    assert (event["SUMMARY"], event.get("DESCRIPTION", "")) == (one_line(text), several_lines(text))


def _made_of(text: str) -> CalendarEntry:
    return entry(title=text, description=text, place=text, contact="", categories=(text, "b"))


@given(ANY_TEXT)
def test_an_address_that_holds_anything_breaks_no_rule(text: str) -> None:
    assert problems(feed_bytes(HEADER, [item_of(entry(url=f"https://pim.example/{text}", contact=text))])) == []
