"""Readers find the same instants in a feed, in whatever zone their machine (or ours) lives."""

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

import pytest
import recurring_ical_events  # type: ignore[import-untyped]
from icalendar import Calendar, Event, Timezone, vDDDTypes

from pim_bot.calendar.feed import feed_bytes
from pim_bot.calendar.item import item_of
from tests.calendar.samples import ENTRIES, FEED, HEADER, TERMS, instants

Moments = dict[str, tuple[date, date]]
EXPECTED: Moments = {uid: instants(when) for uid, when in TERMS.items()}


@pytest.fixture(autouse=True, params=["UTC", "America/Los_Angeles", "Europe/Warsaw", "Asia/Kolkata"])
def _machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


def universal(moment: date) -> date:
    if not isinstance(moment, datetime):
        return moment
    assert moment.tzinfo is not None
    return moment.astimezone(UTC)


def test_the_bytes_do_not_depend_on_the_machine() -> None:
    assert feed_bytes(HEADER, [item_of(each) for each in ENTRIES]) == FEED


def found_in(events: Iterable[object]) -> Moments:
    return {
        str(event["UID"]): (universal(event.start), universal(event.end))
        for event in events
        if isinstance(event, Event) and str(event["UID"]) in TERMS
    }


def test_icalendar_finds_the_instants() -> None:
    assert found_in(Calendar.from_ical(FEED).walk("VEVENT")) == EXPECTED


def test_recurring_ical_events_finds_the_instants() -> None:
    found = found_in(recurring_ical_events.of(Calendar.from_ical(FEED)).between((2025, 1, 1), (2029, 1, 1)))
    # it turns UTC into the zone of X-WR-TIMEZONE and forgets which of two equal hours was meant
    assert found.pop("doubled-second")[1] == EXPECTED["doubled-second"][1]
    assert found == {uid: moments for uid, moments in EXPECTED.items() if uid != "doubled-second"}


def test_a_reader_that_trusts_only_the_feeds_own_zones_finds_the_instants() -> None:
    calendar = Calendar.from_ical(FEED)
    parts = [part for part in calendar.walk("VTIMEZONE") if isinstance(part, Timezone)]
    zones = {str(part["TZID"]): part.to_tz(lookup_tzid=False) for part in parts}
    events = [event for event in calendar.walk("VEVENT") if isinstance(event, Event)]
    for moment in [event[name] for event in events for name in ("DTSTART", "DTEND")]:
        if isinstance(moment, vDDDTypes) and isinstance(moment.dt, datetime) and "TZID" in moment.params:
            moment.dt = moment.dt.replace(tzinfo=zones[moment.params["TZID"]])
            assert "zoneinfo" not in repr(moment.dt)
    assert found_in(events) == EXPECTED
