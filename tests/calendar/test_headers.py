"""Conditional requests are answered as RFC 9110 says, for clients that ask by tag and for those that ask by date."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim_bot.calendar.feed import etag
from pim_bot.calendar.headers import FeedVersion, first_version, http_date, status_for

CHANGED = datetime(2026, 9, 1, 8, 30, 15, tzinfo=UTC)
VERSION = FeedVersion('"abc"', CHANGED)
SAME, EARLIER = "Tue, 01 Sep 2026 08:30:15 GMT", "Tue, 01 Sep 2026 08:30:14 GMT"


def ask(tag: str | None = None, date: str | None = None) -> int:
    return status_for(VERSION, if_none_match=tag, if_modified_since=date)


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        (None, 200),
        ('"abc"', 304),
        ('W/"abc"', 304),
        ('"x", "abc"', 304),
        ('"x",W/"abc","y"', 304),
        ('"a,b", "abc"', 304),
        ("*", 304),
        (" * ", 304),
        ('"x"', 200),
        ('"ABC"', 200),
        ("abc", 200),
        ("", 200),
        ('"*"', 200),
        ('"x,"abc', 200),
    ],
)
def test_by_tag(tag: str | None, status: int) -> None:
    assert ask(tag) == status


@pytest.mark.parametrize(
    ("date", "status"),
    [
        (SAME, 304),
        (EARLIER, 200),
        ("Wed, 02 Sep 2026 00:00:00 GMT", 304),
        ("Tuesday, 01-Sep-26 08:30:15 GMT", 304),
        ("Tue Sep  1 08:30:15 2026", 304),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 200),
        ("Tue, 01 Sep 2026 08:30:15 +0200", 200),
        ("2026-09-01T08:30:15Z", 200),
        ("Tue, 99 Sep 2026 08:30:15 GMT", 200),
        ("Tue, 01 Xyz 2026 08:30:15 GMT", 200),
        ("Tue, 01 Sep 2026 25:30:15 GMT", 200),
        ("0", 200),
        ("", 200),
        ("garbage", 200),
    ],
)
def test_by_date(date: str, status: int) -> None:
    assert ask(date=date) == status


def test_a_tag_beats_a_date() -> None:
    assert (ask('"stale"', SAME), ask('"abc"', EARLIER), ask("", SAME)) == (200, 304, 200)


@given(st.text(), st.text())
def test_no_header_whatever_breaks_the_answer(tag: str, date: str) -> None:
    assert ask(tag, date) in (200, 304)
    assert ask(date=date) in (200, 304)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_date_we_send_is_the_date_we_understand(instant: datetime) -> None:
    version = FeedVersion('"abc"', instant)
    assert status_for(version, if_none_match=None, if_modified_since=http_date(instant)) == 304
    earlier = http_date(instant - timedelta(seconds=1))
    assert status_for(version, if_none_match=None, if_modified_since=earlier) == 200


def test_a_date_is_written_in_gmt() -> None:
    assert http_date(CHANGED.astimezone(timezone(timedelta(hours=2)))) == SAME


def test_a_version_changes_with_the_bytes_only() -> None:
    first = first_version(b"a", CHANGED)
    assert first == FeedVersion(etag(b"a"), CHANGED)
    assert first.after(b"a", CHANGED + timedelta(days=1)) == first
    assert first.after(b"b", CHANGED + timedelta(days=1, microseconds=5)) == FeedVersion(
        etag(b"b"), CHANGED + timedelta(days=1)
    )


def test_the_date_goes_up_even_within_a_second_and_when_the_clock_went_back() -> None:
    first = first_version(b"a", CHANGED)
    next_second = FeedVersion(etag(b"b"), CHANGED + timedelta(seconds=1))
    assert first.after(b"b", CHANGED) == next_second
    assert first.after(b"b", CHANGED - timedelta(days=400)) == next_second
