"""Working hours: when a message may come, and the nearest such moments before and after."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pim_bot.notifications.hours import OpenHours, hours_of, polish_holidays
from pim_bot.programme.countries import ZONES

WARSAW = ZoneInfo("Europe/Warsaw")
HALF_HOUR = timedelta(minutes=30)

zones = st.sampled_from(sorted(set(ZONES.values())))
instants = st.datetimes(datetime(2016, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - in UTC


def warsaw(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW).astimezone(UTC)


def said(instant: datetime) -> str:
    return f"{instant.astimezone(WARSAW):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2022, 11, 11), False),  # Friday, independence
        (date(2022, 1, 6), False),  # Thursday, Epiphany
        (date(2022, 6, 16), False),  # Thursday, Corpus Christi
        (date(2025, 6, 19), False),  # Corpus Christi of another year
        (date(2022, 6, 17), True),  # the Friday after it
        (date(2022, 4, 18), False),  # Easter Monday
        (date(2022, 4, 15), True),  # Good Friday
        (date(2024, 12, 24), True),  # Tuesday, not yet a holiday
        (date(2025, 12, 24), False),  # Wednesday, a holiday since that year
        (date(2026, 12, 24), False),
        (date(2022, 5, 2), True),  # the flag's day is worked on
        (date(2022, 5, 3), False),
        (date(2022, 1, 8), False),  # Saturday
        (date(2022, 1, 10), True),
    ],
)
def test_on_which_days_people_work(day: date, works: bool) -> None:  # noqa: FBT001
    assert OpenHours.is_working_day(day) is works


def test_the_holidays_of_a_year_are_all_there_and_no_others() -> None:
    weekdays = sorted(f"{day:%m-%d}" for day in polish_holidays(2022) if day.weekday() != 6)
    assert weekdays == ["01-01", "01-06", "04-18", "05-03", "06-16", "08-15", "11-01", "11-11", "12-26"]


@pytest.mark.parametrize(
    ("instant", "after", "before"),
    [
        ("2022-01-10 07:59", "2022-01-10 08:00", "2022-01-07 15:59"),
        ("2022-01-10 08:00", "2022-01-10 08:00", "2022-01-10 08:00"),
        ("2022-01-10 15:59", "2022-01-10 15:59", "2022-01-10 15:59"),
        ("2022-01-10 16:00", "2022-01-11 08:00", "2022-01-10 15:59"),
        ("2022-01-05 20:00", "2022-01-07 08:00", "2022-01-05 15:59"),  # before Epiphany, a Thursday
        ("2022-11-11 12:00", "2022-11-14 08:00", "2022-11-10 15:59"),  # a Friday off, and its weekend
        ("2024-12-24 12:00", "2024-12-24 12:00", "2024-12-24 12:00"),
        ("2025-12-24 12:00", "2025-12-29 08:00", "2025-12-23 15:59"),  # Christmas and its weekend
        ("2022-03-27 12:00", "2022-03-28 08:00", "2022-03-25 15:59"),  # clocks go forward that Sunday
        ("2022-10-30 12:00", "2022-10-31 08:00", "2022-10-28 15:59"),  # clocks go back that Sunday
    ],
)
def test_the_next_and_the_last_open_moment(instant: str, after: str, before: str) -> None:
    hours = hours_of("Europe/Warsaw")
    found = hours.next_open(warsaw(instant)), hours.last_open(warsaw(instant))
    assert tuple(map(said, found)) == (after, before)


def test_over_a_change_of_clocks_the_working_day_still_begins_at_eight() -> None:
    hours = hours_of("Europe/Warsaw")
    assert hours.next_open(warsaw("2022-03-27 12:00")) == datetime(2022, 3, 28, 6, 0, tzinfo=UTC)
    assert hours.next_open(warsaw("2022-10-30 12:00")) == datetime(2022, 10, 31, 7, 0, tzinfo=UTC)
    assert hours.end_of_day(warsaw("2022-03-27 12:00")) - hours.end_of_day(warsaw("2022-03-26 12:00")) == timedelta(
        hours=23
    )


def test_whoever_lives_elsewhere_has_their_own_clock_and_polish_holidays() -> None:
    hours = hours_of("America/New_York")
    assert hours.next_open(warsaw("2022-01-10 09:00")) == datetime(2022, 1, 10, 13, 0, tzinfo=UTC)
    assert hours.next_open(datetime(2022, 11, 11, 15, 0, tzinfo=UTC)) == datetime(2022, 11, 14, 13, 0, tzinfo=UTC)


@settings(deadline=None)
@given(instants, zones)
def test_an_open_moment_stays_and_a_closed_one_goes_to_the_nearest_open_one(instant: datetime, zone: str) -> None:
    hours = hours_of(zone)
    after, before = hours.next_open(instant), hours.last_open(instant)
    assert before <= instant <= after
    assert hours.is_open(after)
    assert hours.is_open(before)
    assert (before == instant == after) is hours.is_open(instant)
    assert (hours.next_open(after), hours.last_open(before)) == (after, before)
    between = int((after - before) / HALF_HOUR)
    quiet = [before + HALF_HOUR * step for step in range(1, between + 1) if before + HALF_HOUR * step < after]
    assert [moment for moment in quiet if hours.is_open(moment)] == []
    assert (after.tzinfo, before.tzinfo) == (UTC, UTC)


@settings(deadline=None)
@given(instants, zones)
def test_a_persons_day_ends_at_their_midnight(instant: datetime, zone: str) -> None:
    end = hours_of(zone).end_of_day(instant).astimezone(ZoneInfo(zone))
    assert (end.hour, end.minute, end.date()) == (
        0,
        0,
        instant.astimezone(ZoneInfo(zone)).date() + timedelta(days=1),
    )
