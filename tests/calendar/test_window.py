"""Which activities stand in a feed, also at midnight, on New Year's Eve and on both switch days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim_bot.calendar.entry import CalendarEntry, Days, Status
from pim_bot.calendar.item import item_of
from pim_bot.calendar.window import in_window, moved_at, stands, window_start
from tests.calendar.samples import entry

NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)


def on(day: date, status: Status = Status.CONFIRMED) -> CalendarEntry:
    return entry(day.isoformat(), when=Days(day, day), status=status)


def test_a_feed_shows_the_past_year_and_everything_ahead() -> None:
    days = [date(2025, 10, 31), date(2025, 11, 1), date(2026, 11, 15), date(2049, 1, 1)]
    items = [item_of(on(day)) for day in days]
    assert in_window(items, NOW) == items[1:]


def test_a_cancellation_stays_for_thirty_days_after_its_date() -> None:
    days = [date(2026, 10, 15), date(2026, 10, 16), date(2026, 11, 15), date(2049, 1, 1)]
    cancelled = [item_of(on(day, Status.CANCELLED)) for day in days]
    assert in_window(cancelled, NOW) == cancelled[1:]


def test_a_visit_stands_by_its_last_day() -> None:
    visit = entry(when=Days(date(2025, 10, 27), date(2025, 11, 1)))
    assert stands(item_of(visit), NOW)


@pytest.mark.parametrize(
    ("now", "start"),
    [
        ((2026, 12, 31, 23, 30), date(2025, 12, 1)),
        ((2027, 1, 1, 0, 30), date(2025, 12, 1)),
        ((2027, 1, 1, 1, 30), date(2026, 1, 1)),
        ((2028, 2, 29, 12, 0), date(2027, 2, 1)),
        ((2026, 3, 29, 3, 0), date(2025, 3, 1)),
        ((2026, 10, 25, 2, 30), date(2025, 10, 1)),
    ],
)
def test_the_window_moves_once_a_month(now: tuple[int, int, int, int, int], start: date) -> None:
    assert window_start(datetime(*now, tzinfo=ZoneInfo("Europe/Warsaw"))) == start


@given(st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_at_least_twelve_months_back_and_never_an_upcoming_one_lost(now: datetime) -> None:
    assert now.date() - window_start(now) >= timedelta(days=365)
    assert stands(item_of(on(now.date(), Status.CANCELLED)), now)
    assert stands(item_of(on(now.date())), now)


@pytest.mark.parametrize(
    ("days", "moved"),
    [
        ([], date(2026, 11, 1)),
        ([date(2026, 10, 15)], date(2026, 11, 15)),
        ([date(2026, 10, 16)], date(2026, 11, 1)),
        ([date(2026, 10, 2), date(2026, 10, 12), date(2026, 11, 30)], date(2026, 11, 12)),
        ([date(2026, 9, 1)], date(2026, 11, 1)),
    ],
)
def test_the_window_says_when_it_last_moved(days: list[date], moved: date) -> None:
    items = [item_of(on(day, Status.CANCELLED)) for day in days] + [item_of(on(date(2026, 10, 14)))]
    assert moved_at(items, NOW) == datetime(moved.year, moved.month, moved.day, tzinfo=UTC)


@given(st.dates(date(2024, 1, 1), date(2028, 1, 1)), st.sampled_from(Status), st.integers(0, 48 * 400))
def test_nothing_leaves_without_the_window_having_moved(day: date, status: Status, half_hours: int) -> None:
    item, now = item_of(on(day, status)), NOW + timedelta(minutes=30 * half_hours)
    before = now - timedelta(minutes=30)
    assert moved_at([item], before) <= moved_at([item], now) <= now
    if stands(item, before) != stands(item, now):
        assert moved_at([item], now) > before
