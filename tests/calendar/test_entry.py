"""What subscribers read of an activity: titles that say what became of it, the old date, the place."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from pim_bot.calendar.entry import Days, Hours, Status
from pim_bot.calendar.zones import UnknownZone
from tests.calendar.samples import TERMS, at, entry

OLD_HOURS = TERMS["day-before-winter"]
VISIT = TERMS["visit"]


@pytest.mark.parametrize(
    ("language", "status", "moved", "title"),
    [
        ("pl", Status.CONFIRMED, None, "Warsztaty a1"),
        ("pl", Status.PROVISIONAL, None, "Warsztaty a1 (termin wstępny)"),
        ("pl", Status.CONFIRMED, OLD_HOURS, "PRZENIESIONE: Warsztaty a1"),
        ("pl", Status.PROVISIONAL, OLD_HOURS, "PRZENIESIONE: Warsztaty a1 (termin wstępny)"),
        ("pl", Status.CANCELLED, OLD_HOURS, "ODWOŁANE: Warsztaty a1"),
        ("en", Status.CONFIRMED, OLD_HOURS, "MOVED: Warsztaty a1"),
        ("en", Status.PROVISIONAL, None, "Warsztaty a1 (provisional date)"),
        ("en-GB", Status.CANCELLED, None, "CANCELLED: Warsztaty a1"),
    ],
)
def test_the_title_says_what_became_of_it(language: str, status: Status, moved: Hours | None, title: str) -> None:
    assert entry(language=language, status=status, moved_from=moved).shown_title == title


def test_a_title_with_braces_is_a_title() -> None:
    assert entry(title="{title} {0}", status=Status.CANCELLED).shown_title == "ODWOŁANE: {title} {0}"


@pytest.mark.parametrize(
    ("language", "old", "line"),
    [
        ("pl", OLD_HOURS, "Zmiana terminu. Poprzednio: 24.10.2026, 9:00–15:00."),
        ("en", OLD_HOURS, "The date has changed. Previously: 24 Oct 2026, 9:00–15:00."),
        ("pl", VISIT, "Zmiana terminu. Poprzednio: 10.05.2027–14.05.2027."),
        ("en", TERMS["one-day"], "The date has changed. Previously: 31 Dec 2026."),
        ("pl", TERMS["across-spring"], "Zmiana terminu. Poprzednio: 27.03.2027, 22:00–28.03.2027, 6:00."),
    ],
)
def test_a_moved_activity_tells_its_old_term(language: str, old: Hours | Days, line: str) -> None:
    assert entry(language=language, moved_from=old).shown_description == line


def test_the_description_says_all_that_some_clients_show_nowhere_else() -> None:
    told = entry(
        status=Status.CANCELLED,
        moved_from=VISIT,
        description="Program:\n- spacer",
        url="https://pim.example/a/1",
        contact="pim@urzad.example",
    ).shown_description
    assert told == (
        "Wydarzenie odwołane.\nZmiana terminu. Poprzednio: 10.05.2027–14.05.2027.\nProgram:\n- spacer\n"
        "https://pim.example/a/1\nKontakt: pim@urzad.example"
    )


def test_a_page_named_in_the_text_is_not_repeated() -> None:
    named = entry(description="Więcej: https://pim.example/a/1", url="https://pim.example/a/1")
    assert named.shown_description == "Więcej: https://pim.example/a/1"


def test_the_place_stands_on_one_line() -> None:
    assert entry(place="Ratusz\n", address="Rua 1, Lisboa", country="Portugalia").shown_place == (
        "Ratusz, Rua 1, Lisboa, Portugalia"
    )
    assert entry(country="Portugalia").shown_place == "Portugalia"


@pytest.mark.parametrize(
    "change",
    [{"uid": "a b"}, {"uid": ""}, {"sequence": -1}, {"sequence": 2**31}, {"changed_at": datetime(2026, 1, 1)}],  # noqa: DTZ001
)
def test_an_entry_without_an_identity_or_a_version_is_no_entry(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"UID|SEQUENCE|zone"):
        replace(entry(), **change)  # type: ignore[arg-type]


def test_a_term_ends_after_it_starts_and_has_a_zone() -> None:
    start = at(2026, 5, 5, 8)
    with pytest.raises(ValueError, match="end is not after"):
        Hours(start, start)
    with pytest.raises(ValueError, match="end is not after"):
        Hours(start, start + timedelta(microseconds=1))
    with pytest.raises(ValueError, match="without a zone"):
        Hours(start.replace(tzinfo=None), start)
    with pytest.raises(ValueError, match="before the first"):
        Days(date(2026, 5, 5), date(2026, 5, 4))


@pytest.mark.parametrize("zone", ["Europe/Warszawa", "CET", "EST", "", "../../etc/passwd", "Europe", "Europe/Warsaw\n"])
def test_a_zone_that_clients_would_not_know_is_refused(zone: str) -> None:
    with pytest.raises(UnknownZone):
        Hours(at(2026, 5, 5, 8), at(2026, 5, 5, 9), zone)


def test_the_days_of_hours_are_those_of_their_zone() -> None:
    late = Hours(at(2026, 12, 31, 22, 30), at(2026, 12, 31, 23), "Europe/Warsaw")
    assert (late.first_day, late.last_day) == (date(2026, 12, 31), date(2026, 12, 31))
    later = Hours(late.starts, late.ends + timedelta(seconds=1))
    assert (later.first_day, later.last_day) == (date(2026, 12, 31), date(2027, 1, 1))
