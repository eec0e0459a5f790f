"""The office's list of people: read row by row, shown before it is saved, saved as a whole or not at all."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from pim_bot.blocks.people_list import plan_lines
from pim_bot.errors import Refused
from pim_bot.events.catalogue import MemberJoined, TeamChanged
from pim_bot.i18n import Words
from pim_bot.programme.people import Actor, Member, Role, RoleName
from pim_bot.programme.people_list import (
    HEADINGS,
    Effect,
    PersonRow,
    plan_people,
    read_rows,
    take_people_over,
)
from tests.fakes import FakeWork
from tests.unit.green import COORDINATOR, DAY, EDITION, EXPERT, GREEN, GUARDIAN, HUB, NOW, ZORY, acting, programme

NEW = PersonRow(number=2, name="Nowa osoba", email="nowa@zory.pl", city="Zory")
KNOWN = PersonRow(number=3, name="Kto inny", email="zory2@example.org", city="Zory")


def cells(*rows: Any) -> list[list[object]]:
    return [list(HEADINGS), *map(list, rows)]


def test_rows_are_read_with_their_numbers_and_empty_ones_left_out() -> None:
    rows, problems = read_rows(
        [
            ["Lista osób, stan na luty"],
            [],
            ["adres e-mail", "Uwagi", "IMIĘ I NAZWISKO", "miasto", "od", "Osoba kontaktowa"],
            [" NOWA@zory.pl ", "?", "Nowa  osoba", "Żory", datetime(2022, 2, 1), "TAK"],  # noqa: DTZ001 - a cell
            [None, None, None],
            ["zory2@example.org", None, "Kto inny", "Żory", "31.01.2022", "nie"],
        ]
    )
    assert problems == []
    assert rows == [
        replace(NEW, number=4, city="Żory", contact=True, since=date(2022, 2, 1)),
        replace(KNOWN, number=6, city="Żory", contact=False, since=date(2022, 1, 31)),
    ]


@pytest.mark.parametrize("table", [[], [["a"]], [["Adres e-mail", "Miasto"]], [[None]] * 20 + cells()])
def test_a_table_without_its_headings_is_refused(table: list[list[object]]) -> None:
    with pytest.raises(Refused):
        read_rows(table)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("", "a@b.pl", "Żory"), "imię i nazwisko"),
        (("A", "a", "Żory"), "adres e-mail"),
        (("A", "a@b.pl", ""), "Brakuje miasta"),
        (('=HYPERLINK("x")', "a@b.pl", "Żory"), "formuła"),
        (("A", "a@b.pl", "Żory", "", "może"), "tak albo nie"),
        (("A", "a@b.pl", "Żory", "", "", "kiedyś"), "2022-01-31"),
        (("A", "a@b.pl", "Żory", "", "", "2022-02-01", "2022-01-01"), "przed początkiem"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_with_its_number(row: tuple[str, ...], said: str) -> None:
    rows, problems = read_rows(cells(row))
    assert rows == []
    assert [one.number for one in problems] == [2]
    assert said in problems[0].why.reason


async def effects(work: FakeWork, rows: list[PersonRow], who: Member = COORDINATOR) -> list[str]:
    plan = await plan_people(work, acting(who), EDITION, rows, now=NOW)
    return [*(one.effect for one in plan.steps), *(one.why.reason for one in plan.problems)]


async def test_a_list_is_taken_over_once_and_changes_nothing_the_second_time() -> None:
    work = programme()
    rows = [
        replace(NEW, contact=True, until=date(2022, 6, 30)),
        replace(KNOWN, until=date(2022, 3, 31)),
        PersonRow(number=4, name="Osoba lublin", email="lublin@example.org", city="lublin", contact=True),
    ]
    assert await effects(work, rows) == [Effect.NEW, Effect.CHANGED, Effect.UNCHANGED]
    await take_people_over(work, acting(COORDINATOR), EDITION, rows, now=NOW)
    place: dict[str, Any] = {"edition": EDITION, "network": GREEN, "city": "zory"}
    role = Role(name=RoleName.OFFICIAL, **place, contact=True, since=DAY, until=date(2022, 6, 30))
    new = await work.people.by_email("nowa@zory.pl")
    assert new == Member(id=new.id if new else "", name="Nowa osoba", email="nowa@zory.pl", roles=(role,))
    assert work.people.by_id["zory"].roles == (replace(ZORY.roles[0], contact=False),)
    assert work.people.by_id["zory2"].name == "Osoba zory2"
    assert work.people.by_id["zory2"].roles[0].until == date(2022, 3, 31)
    assert [event for event, _, _ in work.recorded] == [
        MemberJoined(member_id=new.id if new else ""),
        TeamChanged(**place, member_id=new.id if new else "", change="joined"),
        TeamChanged(**place, member_id="zory2", change="left"),
        TeamChanged(**place, member_id=new.id if new else "", change="contact"),
    ]
    before = work.state(), dict(work.people.by_id)
    assert await effects(work, rows) == [Effect.UNCHANGED] * 3
    await take_people_over(work, acting(COORDINATOR), EDITION, rows, now=NOW)
    assert (work.state(), work.people.by_id) == before


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (replace(NEW, city="Atlantyda"), "Nie ma takiego miasta"),
        (replace(NEW, city="Rybnik"), "w żadnej sieci"),
        (replace(NEW, network="Miasto Cyfrowe"), "nie jest w tej sieci"),
        (replace(KNOWN, email="zory@example.org", contact=False), "bez osoby kontaktowej"),
        (replace(NEW, city="Gdynia"), "opieka innej sieci"),
    ],
)
async def test_a_row_that_cannot_be_keeps_the_whole_list_out(row: PersonRow, said: str) -> None:
    work = programme()
    rows = [replace(KNOWN, number=1, until=date(2022, 3, 31)), row]
    found = await effects(work, rows, GUARDIAN)
    assert found[0] is Effect.CHANGED
    assert said in found[1]
    with pytest.raises(Refused, match="wymaga poprawek"):
        await take_people_over(work, acting(GUARDIAN), EDITION, rows, now=NOW)
    assert work.people.by_id == programme().people.by_id
    assert work.recorded == []


async def test_the_same_person_and_a_second_contact_are_told() -> None:
    rows = [replace(NEW, contact=True), replace(NEW, number=3), replace(KNOWN, number=4, contact=True)]
    found = await effects(programme(), rows)
    assert found == [
        Effect.NEW,
        "Ta osoba jest już w wierszu {number}.",
        "Osoba kontaktowa tego zespołu jest już w wierszu {number}.",
    ]


@pytest.mark.parametrize("who", [EXPERT, ZORY])
async def test_others_take_no_list_over(who: Member) -> None:
    assert len(await effects(programme(), [NEW], who)) == 1
    with pytest.raises(Refused):
        await take_people_over(programme(), acting(who), EDITION, [NEW], now=NOW)


async def test_the_preview_names_everybody_who_is_new_or_changes() -> None:
    rows = [NEW, replace(KNOWN, until=date(2022, 3, 31))]
    plan = await plan_people(programme(), HUB, EDITION, rows, now=NOW)
    assert plan_lines(Words(), plan) == [
        "Nowa osoba: Nowa osoba, nowa@zory.pl, Zory",
        "Zmiana: Kto inny, zory2@example.org, Zory, – 2022-03-31",
        "Nowe osoby: 1, zmiany: 1, bez zmian: 0.",
    ]
    broken = await plan_people(programme(), Actor(door="import"), EDITION, [replace(NEW, city="X")], now=NOW)
    assert plan_lines(Words(), broken)[0] == "Wiersz 2: Nie ma takiego miasta: X."
