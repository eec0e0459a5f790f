"""Time: wall-clock times to instants, ids by time, and programme time that can be wound."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pim_bot.clock import DoubledHour, ProgrammeClock, SkippedHour, instant_of, new_id
from pim_bot.programme.countries import ZONES
from tests.hub import StillClock

WARSAW = ZoneInfo("Europe/Warsaw")
SUMMER_BEGINS = datetime(2022, 3, 27, 2, 30)  # noqa: DTZ001 - a wall-clock time
WINTER_BEGINS = datetime(2022, 10, 30, 2, 30)  # noqa: DTZ001 - a wall-clock time

zones = st.sampled_from(sorted({*ZONES.values(), "UTC", "Australia/Lord_Howe", "Asia/Kathmandu"})).map(ZoneInfo)
walls = st.datetimes(min_value=datetime(2015, 1, 1), max_value=datetime(2035, 1, 1))  # noqa: DTZ001 - wall-clock times


@st.composite
def near_changes(draw: st.DrawFn) -> tuple[datetime, ZoneInfo]:
    """A wall-clock time within two hours of an hour at which some zone of Europe changes its clocks."""
    year = draw(st.integers(2015, 2035))
    month = draw(st.sampled_from((3, 10)))
    last = datetime(year, month, 31)  # noqa: DTZ001 - a wall-clock time
    sunday = last - timedelta(days=(last.weekday() + 1) % 7)
    return sunday + timedelta(minutes=draw(st.integers(0, 5 * 60))), draw(zones)


def offsets(wall: datetime, zone: ZoneInfo) -> set[datetime]:
    """Every instant at which a clock of the zone shows the wall-clock time, found by trying all offsets."""
    tried = (wall.replace(tzinfo=UTC) - timedelta(minutes=15 * step) for step in range(-56, 57))
    return {instant for instant in tried if instant.astimezone(zone).replace(tzinfo=None) == wall}


def told(wall: datetime, zone: ZoneInfo) -> set[datetime]:
    """What ``instant_of`` makes of it: one instant, both, or none."""
    try:
        return {instant_of(wall, zone)}
    except SkippedHour:
        return set()
    except DoubledHour:
        return {instant_of(wall, zone, fold=0), instant_of(wall, zone, fold=1)}


@settings(deadline=None)
@given(walls, zones)
def test_a_wall_clock_time_is_every_instant_at_which_clocks_show_it(wall: datetime, zone: ZoneInfo) -> None:
    assert told(wall, zone) == offsets(wall, zone)


@settings(deadline=None)
@given(near_changes())
def test_near_a_change_of_clocks_a_time_is_refused_or_asked_about_exactly_when_it_must_be(
    case: tuple[datetime, ZoneInfo],
) -> None:
    wall, zone = case
    assert told(wall, zone) == offsets(wall, zone)


def test_an_hour_that_is_skipped_is_refused_whichever_fold_is_said() -> None:
    for fold in (None, 0, 1):
        with pytest.raises(SkippedHour) as refused:
            instant_of(SUMMER_BEGINS, WARSAW, fold=fold)
        assert refused.value.facts == {"time": "02:30"}


def test_an_hour_that_comes_twice_is_asked_about_and_the_second_is_an_hour_later() -> None:
    with pytest.raises(DoubledHour) as refused:
        instant_of(WINTER_BEGINS, WARSAW)
    assert refused.value.facts == {"time": "02:30"}
    assert [instant_of(WINTER_BEGINS, WARSAW, fold=fold) for fold in (0, 1)] == [
        datetime(2022, 10, 30, 0, 30, tzinfo=UTC),
        datetime(2022, 10, 30, 1, 30, tzinfo=UTC),
    ]


def test_ten_thousand_ids_are_different_and_sort_in_the_order_in_which_they_were_made() -> None:
    ids = [new_id() for _ in range(10_000)]
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)
    assert {(len(one), one[12], one[16] in "89ab", one == one.lower()) for one in ids} == {(32, "7", True, True)}


def test_ids_go_on_in_their_order_when_the_clock_stands_or_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = new_id()
    monkeypatch.setattr("time.time_ns", lambda: 1)
    later = [new_id() for _ in range(10_000)]
    assert [first, *later] == sorted({first, *later})


def test_programme_time_follows_machine_time_at_the_distance_it_was_wound_to() -> None:
    machine = StillClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    clock = ProgrammeClock(machine)
    assert clock() == machine.now
    wound = datetime(2022, 1, 10, 8, 0, tzinfo=UTC)
    assert clock.set_to(wound) == clock.offset == wound - machine.now
    machine.advance(hours=2)
    assert clock() == wound + timedelta(hours=2)
    assert ProgrammeClock(machine, clock.offset)() == clock()
