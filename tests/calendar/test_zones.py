"""Every VTIMEZONE switches at the second at which the zone's clocks do."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest

from pim_bot.calendar.zones import UnknownZone, observances, switches, vtimezone, zone_named
from tests.calendar.grammar import blocks, lines

IANA_ZONES = files("tzdata").joinpath("zones").read_text().split()
FIRST, LAST = 2020, 2030
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
EUROPEAN = [
    f"Europe/{city}"
    for city in (
        *("Amsterdam", "Athens", "Berlin", "Brussels", "Bucharest", "Budapest", "Copenhagen", "Dublin", "Helsinki"),
        *("Kyiv", "Lisbon", "Ljubljana", "London", "Luxembourg", "Madrid", "Malta", "Oslo", "Paris", "Prague", "Riga"),
        *("Rome", "Sofia", "Stockholm", "Tallinn", "Vienna", "Vilnius", "Warsaw", "Zagreb"),
    )
]

Onset = tuple[datetime, timedelta, timedelta]


def read_offset(text: str) -> timedelta:
    hours, minutes, seconds = int(text[1:3]), int(text[3:5]), int(text[5:7] or 0)
    size = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -size if text[0] == "-" else size


def onsets(name: str) -> list[Onset]:
    """Expand a VTIMEZONE as a reader would: (instant, offset before, offset after)."""
    body = lines(vtimezone(name, FIRST, LAST))
    parts = [
        dict(line.split(":", 1) for line in part) for kind in ("STANDARD", "DAYLIGHT") for part in blocks(kind, body)
    ]
    return sorted(onset for part in parts for onset in expanded(part))


def expanded(part: dict[str, str]) -> list[Onset]:
    before, after = read_offset(part["TZOFFSETFROM"]), read_offset(part["TZOFFSETTO"])
    first = datetime.strptime(part["DTSTART"], "%Y%m%dT%H%M%S")  # noqa: DTZ007
    days = [first.date()]
    if "RRULE" in part:
        rule = dict(field.split("=") for field in part["RRULE"].split(";"))
        assert rule.pop("FREQ") == "YEARLY"
        days = [day for year in range(first.year, LAST + 2) for day in days_of(year, **rule)]
        assert days[0] == first.date()
    return [((datetime.combine(day, first.time()) - before).replace(tzinfo=UTC), before, after) for day in days]


def days_of(year: int, BYMONTH: str, BYDAY: str, BYMONTHDAY: str = "") -> list[date]:  # noqa: N803
    number, weekday = re.fullmatch(r"(-?\d)?(\w\w)", BYDAY).groups()  # type: ignore[union-attr]
    month = [date(year, int(BYMONTH), day + 1) for day in range(monthrange(year, int(BYMONTH))[1])]
    fitting = [day for day in month if WEEKDAYS[day.weekday()] == weekday]
    if number:
        return [fitting[int(number) - (int(number) > 0)]]
    return [day for day in fitting if str(day.day) in BYMONTHDAY.split(",")]


@pytest.mark.parametrize("name", IANA_ZONES)
def test_a_zone_switches_when_its_clocks_do(name: str) -> None:
    zone, expected = zone_named(name), onsets(name)
    for instant, before, after in expected:
        around = (instant - timedelta(seconds=1)).astimezone(zone), instant.astimezone(zone)
        assert (around[0].utcoffset(), around[1].utcoffset()) == (before, after)
    for day in range(0, 365 * (LAST - FIRST + 1), 3):
        noon = datetime(FIRST, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
        assert noon.astimezone(zone).utcoffset() == [after for at, _, after in expected if at <= noon][-1]


@pytest.mark.parametrize("name", EUROPEAN)
def test_european_zones_have_two_yearly_observances(name: str) -> None:
    winter_and_summer = sorted(
        (part.summer, (part.recurrence or {}).get("byday"), part.after > part.before, part.onset.year)
        for part in observances(name, 2025, 2028)
    )
    assert winter_and_summer == [(False, "-1SU", False, 2025), (True, "-1SU", True, 2025)]


@pytest.mark.parametrize("name", ["Asia/Tokyo", "Etc/GMT+3", "Asia/Kolkata", "America/Sao_Paulo"])
def test_a_zone_that_never_switches_has_one_standard(name: str) -> None:
    (only,) = observances(name, 2025, 2028)
    assert (only.summer, only.before == only.after, only.onset, only.recurrence) == (
        False,
        True,
        datetime(2025, 1, 1),  # noqa: DTZ001
        None,
    )


def test_a_switch_at_an_hour_outside_its_day_moves_to_the_neighbouring_day() -> None:
    nuuk = [line for line in lines(vtimezone("America/Nuuk", 2026, 2027)) if line.startswith(("DTSTART", "RRULE"))]
    assert nuuk[:2] == [
        "DTSTART:20240330T230000",
        "RRULE:FREQ=YEARLY;BYDAY=SA;BYMONTHDAY=24,25,26,27,28,29,30;BYMONTH=3",
    ]


def test_a_rule_that_no_recurrence_says_is_listed_switch_by_switch() -> None:
    cairo = observances("Africa/Cairo", 2025, 2026)
    assert [(part.onset, part.summer, part.recurrence) for part in cairo] == [
        (datetime(2025, 1, 1), False, None),  # noqa: DTZ001
        (datetime(2025, 4, 25), True, None),  # noqa: DTZ001
        (datetime(2025, 10, 31), False, None),  # noqa: DTZ001
        (datetime(2026, 4, 24), True, None),  # noqa: DTZ001
        (datetime(2026, 10, 30), False, None),  # noqa: DTZ001
    ]


def test_a_zone_that_gave_up_summer_time_is_listed_only_while_it_had_it() -> None:
    mexico = [part.after for part in observances("America/Mexico_City", 2021, 2023)]
    assert mexico == [timedelta(hours=hours) for hours in (-6, -5, -6, -5, -6)]
    assert len(observances("America/Mexico_City", 2025, 2028)) == 1


def test_switches_are_found_to_the_second() -> None:
    year = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    assert [switch.instant for switch in switches(zone_named("Europe/Warsaw"), *year)] == [
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 1, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    "name", ["", "Europe", "Europe/Nowhere", "../tzdata/zones", "tzdata.zi", "zone.tab", "/etc/hosts"]
)
def test_a_name_that_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone):
        zone_named(name)
