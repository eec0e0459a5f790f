"""The rule in a zone file's footer is read as RFC 9636 and POSIX write it."""

from datetime import datetime, timedelta

import pytest

from pim_bot.calendar.posix_tz import NotYearly, Onset, Period, parse

HOUR = timedelta(hours=1)


def test_central_europe() -> None:
    assert parse("CET-1CEST,M3.5.0,M10.5.0/3") == (
        Period("CET", HOUR, Onset(10, 5, 0, 3 * HOUR)),
        Period("CEST", 2 * HOUR, Onset(3, 5, 0, 2 * HOUR)),
    )


def test_ireland_where_the_law_calls_summer_time_standard() -> None:
    assert parse("IST-1GMT0,M10.5.0,M3.5.0/1") == (
        Period("GMT", 0 * HOUR, Onset(10, 5, 0, 2 * HOUR)),
        Period("IST", HOUR, Onset(3, 5, 0, HOUR)),
    )


def test_names_of_digits_and_hours_before_the_day() -> None:
    assert parse("<-02>2<-01>,M3.5.0/-1,M10.5.0/0") == (
        Period("-02", -2 * HOUR, Onset(10, 5, 0, 0 * HOUR)),
        Period("-01", -1 * HOUR, Onset(3, 5, 0, -1 * HOUR)),
    )


def test_offsets_and_hours_with_minutes() -> None:
    assert parse("<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45:30") == (
        Period("+1245", timedelta(hours=12, minutes=45), Onset(4, 1, 0, timedelta(hours=3, minutes=45, seconds=30))),
        Period("+1345", timedelta(hours=13, minutes=45), Onset(9, 5, 0, timedelta(hours=2, minutes=45))),
    )


@pytest.mark.parametrize(
    "text",
    ["CET-1", "<+03>-3", "UTC0", "EST5EDT", "EST5EDT,J60,J300", "EST5EDT,59,299", "CET-1CEST,M13.1.0,M10.5.0", "", "?"],
)
def test_what_is_no_yearly_rule_is_refused(text: str) -> None:
    with pytest.raises(NotYearly):
        parse(text)


@pytest.mark.parametrize(
    ("onset", "year", "expected"),
    [
        (Onset(3, 5, 0, 2 * HOUR), 2026, datetime(2026, 3, 29, 2)),  # noqa: DTZ001
        (Onset(10, 5, 0, 3 * HOUR), 2026, datetime(2026, 10, 25, 3)),  # noqa: DTZ001
        (Onset(3, 2, 0, 2 * HOUR), 2026, datetime(2026, 3, 8, 2)),  # noqa: DTZ001
        (Onset(2, 5, 6, 0 * HOUR), 2028, datetime(2028, 2, 26)),  # noqa: DTZ001
        (Onset(3, 5, 0, -1 * HOUR), 2025, datetime(2025, 3, 29, 23)),  # noqa: DTZ001
        (Onset(3, 4, 4, 50 * HOUR), 2026, datetime(2026, 3, 28, 2)),  # noqa: DTZ001
    ],
)
def test_an_onset_falls_on_its_weekday(onset: Onset, year: int, expected: datetime) -> None:
    assert onset.in_year(year) == expected


def test_onsets_as_recurrences() -> None:
    assert Onset(3, 5, 0, 2 * HOUR).recurrence() == {"freq": "yearly", "bymonth": 3, "byday": "-1SU"}
    assert Onset(3, 2, 0, 2 * HOUR).recurrence() == {"freq": "yearly", "bymonth": 3, "byday": "2SU"}
    assert Onset(3, 4, 4, 50 * HOUR).recurrence() == {
        "freq": "yearly",
        "bymonth": 3,
        "bymonthday": [24, 25, 26, 27, 28, 29, 30],
        "byday": "SA",
    }


@pytest.mark.parametrize("onset", [Onset(10, 5, 4, 24 * HOUR), Onset(2, 5, 0, -HOUR), Onset(4, 1, 0, -HOUR)])
def test_an_onset_that_may_leave_its_month_is_no_recurrence(onset: Onset) -> None:
    with pytest.raises(NotYearly):
        onset.recurrence()
