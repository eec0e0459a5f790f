"""Ladders: where a rung goes that falls into quiet time, and which rungs there are."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pim_bot.notifications.hours import hours_of
from pim_bot.notifications.ladders import ANSWER, START, Rung, ladder, place_rung
from pim_bot.programme.activity import Activity
from pim_bot.programme.countries import ZONES
from tests.notifications.test_hours import instants, said, warsaw, zones
from tests.unit.green import DRAFT, EDITION

POLAND = hours_of("Europe/Warsaw")
LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)
BEFORE, HELD = "moved-before-quiet-time", "held-until-open"
WEEK, DAY, TWO_HOURS = timedelta(days=7), timedelta(days=1), timedelta(hours=2)


def activity_at(starts_at: datetime, answer_by: datetime | None = None) -> Activity:
    return Activity(
        **{name: getattr(DRAFT, name) for name in DRAFT.__dataclass_fields__}
        | {"starts_at": starts_at, "ends_at": starts_at + TWO_HOURS, "answer_by": answer_by},
        id="a",
        edition=EDITION,
        uid="u",
        changed_at=LONG_AGO,
    )


@pytest.mark.parametrize(
    ("lead", "target", "due", "why"),
    [
        (DAY, "2022-01-20 10:00", "2022-01-19 10:00", ""),
        # a day before a Monday is a Sunday: Monday would be most of the day late, so it is Friday
        (DAY, "2022-01-10 10:00", "2022-01-07 15:59", BEFORE),
        # a week before a Sunday is a Sunday: Monday is soon enough
        (WEEK, "2022-01-16 10:00", "2022-01-10 08:00", HELD),
        # the morning of the day before: half an hour of waiting is nothing
        (DAY, "2022-01-20 07:30", "2022-01-19 08:00", HELD),
        # two hours before half past nine is closed, and half of two hours is not enough to wait
        (TWO_HOURS, "2022-01-20 09:30", "2022-01-20 08:00", HELD),
        (TWO_HOURS, "2022-01-20 09:00", "2022-01-19 15:59", BEFORE),
        # holidays
        (DAY, "2022-01-07 10:00", "2022-01-05 15:59", BEFORE),  # Epiphany
        (DAY, "2022-11-12 10:00", "2022-11-10 15:59", BEFORE),  # 11 November
        (DAY, "2022-06-17 10:00", "2022-06-15 15:59", BEFORE),  # Corpus Christi
        (DAY, "2025-12-29 10:00", "2025-12-23 15:59", BEFORE),  # Christmas with its Eve
        (DAY, "2025-12-25 10:00", "2025-12-23 15:59", BEFORE),  # the Eve is a holiday since 2025
        (DAY, "2024-12-25 10:00", "2024-12-24 10:00", ""),  # and was none before
        (timedelta(days=30), "2022-02-05 10:00", "2022-01-07 08:00", HELD),  # Epiphany, a month ahead
        # the clocks change on the Sunday between: a day is a day of 24 hours
        (DAY, "2022-03-28 10:00", "2022-03-25 15:59", BEFORE),
        (WEEK, "2022-04-03 10:00", "2022-03-28 08:00", HELD),
        (WEEK, "2022-11-06 10:00", "2022-10-31 08:00", HELD),
        (DAY, "2022-10-31 10:00", "2022-10-28 15:59", BEFORE),
    ],
)
def test_where_a_rung_goes(lead: timedelta, target: str, due: str, why: str) -> None:
    at = warsaw(target)
    found, reason = place_rung(at - lead, lead, at, POLAND, LONG_AGO)
    assert (said(found), reason) == (due, why)


def test_a_rung_whose_quiet_time_began_already_is_held_or_comes_at_its_own_moment() -> None:
    target = warsaw("2022-01-10 10:00")
    saturday = warsaw("2022-01-08 12:00")
    found, why = place_rung(target - DAY, DAY, target, POLAND, saturday)
    assert (said(found), why) == ("2022-01-10 08:00", HELD)
    sunday = warsaw("2022-01-09 18:00")
    found, why = place_rung(sunday - TWO_HOURS, TWO_HOURS, sunday, POLAND, saturday)
    assert (said(found), why) == ("2022-01-09 16:00", "no-open-moment")


leads = st.sampled_from([timedelta(minutes=30), TWO_HOURS, DAY, timedelta(days=2), WEEK, timedelta(days=30)])


@settings(deadline=None)
@given(instants, leads, zones)
def test_a_rung_is_in_working_hours_before_its_target_and_waits_less_than_half_its_lead(
    target: datetime, lead: timedelta, zone: str
) -> None:
    hours, nominal = hours_of(zone), target - lead
    due, why = place_rung(nominal, lead, target, hours, LONG_AGO)
    assert hours.is_open(due)
    assert due < target
    assert due - nominal < lead / 2
    assert {"": due == nominal, HELD: due > nominal, BEFORE: due < nominal}[why]
    if why == BEFORE:
        assert due == hours.last_open(nominal)
        held = hours.next_open(nominal)
        assert held - nominal >= lead / 2 or held >= target


@settings(deadline=None)
@given(instants, leads, zones, st.integers(1, 10 * 1440))
def test_a_rung_is_never_due_before_now_unless_its_own_moment_is(
    target: datetime, lead: timedelta, zone: str, minutes: int
) -> None:
    nominal = target - lead
    due, _ = place_rung(nominal, lead, target, hours_of(zone), nominal - timedelta(minutes=minutes))
    assert nominal - timedelta(minutes=minutes) < due
    assert due < target


def days(rungs: list[Rung]) -> list[tuple[str, str, str]]:
    return [(rung.kind, rung.occurrence, said(rung.due_at)) for rung in rungs]


def test_the_rungs_lead_to_the_answer_by_moment_and_to_the_start() -> None:
    activity = activity_at(warsaw("2022-03-24 10:00"), warsaw("2022-03-17 16:00"))
    assert days(ladder(activity, (7 * 1440, 1440), POLAND, warsaw("2022-02-01 09:00"))) == [
        (ANSWER, "10080", "2022-03-11 08:00"),  # at 16:00 it is just closed
        (ANSWER, "1440", "2022-03-16 15:59"),
        (START, "10080", "2022-03-17 10:00"),
        (START, "1440", "2022-03-23 10:00"),
    ]


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2022-03-16 08:00", ["10080", "1440"]),
        ("2022-03-16 10:01", ["1440"]),  # a week ahead would only repeat the news of yesterday
        ("2022-03-17 10:00", ["1440"]),
        ("2022-03-23 09:59", ["1440"]),  # a day ahead is close enough to be said however fresh the news is
        ("2022-03-23 10:00", []),
        ("2022-03-24 09:00", []),
        ("2022-03-30 09:00", []),
    ],
)
def test_rungs_that_have_passed_or_would_repeat_the_news_are_left_out(now: str, left: list[str]) -> None:
    activity = activity_at(warsaw("2022-03-24 10:00"))
    rungs = ladder(activity, (7 * 1440, 1440), POLAND, warsaw(now))
    assert [rung.occurrence for rung in rungs] == left


@settings(deadline=None)
@given(
    instants,
    st.timedeltas(timedelta(0), timedelta(days=20)),
    st.timedeltas(timedelta(days=-5), timedelta(days=60)),
    st.sampled_from(sorted(set(ZONES.values()))),
)
def test_no_rung_is_due_after_what_it_leads_to(
    starts_at: datetime, answer_before: timedelta, ahead: timedelta, zone: str
) -> None:
    activity = activity_at(starts_at, starts_at - answer_before)
    now = starts_at - ahead
    rungs = ladder(activity, (30 * 1440, 7 * 1440, 1440, 120), hours_of(zone), now)
    targets = {ANSWER: starts_at - answer_before, START: starts_at}
    assert all(now < rung.nominal_at < targets[rung.kind] for rung in rungs)
    assert all(now < rung.due_at < targets[rung.kind] for rung in rungs)
    assert len({(rung.kind, rung.occurrence) for rung in rungs}) == len(rungs)


def test_the_same_rung_keeps_its_name_when_the_activity_moves() -> None:
    activity = activity_at(warsaw("2022-03-24 10:00"))
    moved = replace(activity, starts_at=warsaw("2022-04-07 12:00"))
    now = warsaw("2022-02-01 09:00")
    names = [[rung.occurrence for rung in ladder(one, (10080, 1440), POLAND, now)] for one in (activity, moved)]
    assert names == [["10080", "1440"], ["10080", "1440"]]


def test_the_zone_of_the_person_says_what_is_quiet() -> None:
    activity = activity_at(warsaw("2022-03-24 10:00"))
    there = hours_of("America/New_York")
    found = ladder(activity, (1440,), there, warsaw("2022-02-01 09:00"))
    assert [rung.due_at.astimezone(ZoneInfo("America/New_York")).hour for rung in found] == [8]
