from dataclasses import replace
from datetime import date

import pytest

from pim_bot.programme.comparison import Change, Verb, What, differences, unnamed
from pim_bot.programme.edition import City, Edition, Membership, PersonRole
from pim_bot.programme.file import read_edition
from tests.programme.programme_texts import SMALL, shipped, small


def read(text: str) -> Edition:
    return read_edition(text.encode(), name="proba.yaml")


def sentences(present: Edition | None, wanted: Edition) -> list[str]:
    return [change.sentence() for change in differences(present, wanted)]


@pytest.mark.parametrize("name", ["pim1-pilot-2017-2019.yaml", "pim2-2021-2023.yaml", "pim3-2024-2026.yaml"])
def test_the_same_file_again_changes_nothing(name: str) -> None:
    assert differences(shipped(name), shipped(name)) == ()
    assert unnamed(shipped(name), shipped(name)) == ()


def test_the_first_import_adds_everything_and_whatever_another_needs_comes_first() -> None:
    changes = differences(None, small())

    assert {change.verb for change in changes} == {Verb.ADDED}
    order = list(What)
    assert [change.what for change in changes] == sorted([change.what for change in changes], key=order.index)
    assert sentences(None, small()) == [
        "+ edycja Edycja próbna",
        "+ instytucja Bank",
        "+ instytucja Ministerstwo",
        "+ miasto Marki",
        "+ miasto Żory",
        "+ sieć Miasto Zielone",
        "+ udział w sieci Miasto Zielone: Marki",
        "+ udział w sieci Miasto Zielone: Żory",
        "+ opieka nad siecią Miasto Zielone: Ministerstwo",
        "+ rodzaj działania Konferencja",
        "+ rodzaj działania Warsztaty",
        "+ część dokumentu Wyzwanie",
        "+ część dokumentu Działania",
        "+ część dokumentu Prawo",
        "+ zalecenie Treść",
        "+ wydarzenie z kalendarium Start",
        "+ osoba Urząd",
        "+ rola osoby Urząd: zespół miejski, Żory",
        "+ wydarzenie Spotkanie",
    ]


def test_a_changed_field_is_told_with_what_it_was() -> None:
    wanted = read(SMALL.replace("name: Miasto Zielone", "name: Miasto Zielone\n    channel: pim-zielone"))

    [change] = differences(small(), wanted)

    assert (change.verb, change.what, change.key) == (Verb.CHANGED, What.NETWORK, "zielone")
    assert change.fields == {"channel": ("", "pim-zielone")}
    assert change.after == wanted.networks[0]
    assert change.sentence() == "~ sieć Miasto Zielone: kanał „” → „pim-zielone”"


SENTENCES = [
    ("starts: 9:30", "starts: 10:00", "~ wydarzenie Spotkanie: godzina początku „09:30” → „10:00”"),
    (
        "first_day: 2022-05-10",
        "first_day: 2022-05-11",
        "~ wydarzenie Spotkanie: pierwszy dzień „2022-05-10” → „2022-05-11”; ostatni dzień „2022-05-10” → „2022-05-11”",
    ),
    ("ladder: [1d, 7d]", "ladder: [2h, 30m]", "~ rodzaj działania Warsztaty: przypomnienia „7d, 1d” → „2h, 30m”"),
    ("contact: tak", "contact: nie", "~ rola osoby Urząd: zespół miejski, Żory: osoba kontaktowa „tak” → „nie”"),
    ("name: Ministerstwo", "name: Resort", "~ instytucja Resort: nazwy „Ministerstwo” → „Resort”"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "sentence"), SENTENCES)
def test_every_change_is_one_sentence(before: str, after: str, sentence: str) -> None:
    assert sentences(small(), read(SMALL.replace(before, after))) == [sentence]


def test_order_of_a_document_s_parts_is_a_change() -> None:
    first, second = "{slug: wyzwanie, name: Wyzwanie}", "{slug: dzialania, name: Działania}"
    turned = SMALL.replace(first, "X").replace(second, first).replace("X", second)

    assert [(change.key, change.fields) for change in differences(small(), read(turned))] == [
        ("MID/dzialania", {"position": (2, 1)}),
        ("MID/wyzwanie", {"position": (1, 2)}),
    ]


def test_a_membership_with_other_dates_is_changed_and_one_after_it_is_added() -> None:
    network = small().networks[0]
    marki, zory = network.memberships
    ended = replace(zory, until=date(2022, 6, 30))
    back = Membership(city="zory", since=date(2022, 9, 1))
    wanted = replace(small(), networks=(replace(network, memberships=(marki, ended, back)),))

    changed, added = differences(small(), wanted)

    assert (changed.verb, changed.owner, changed.key) == (Verb.CHANGED, "zielone", "zory")
    assert (changed.before, changed.after) == (zory, ended)
    assert changed.sentence() == "~ udział w sieci Miasto Zielone: Żory: do „” → „2022-06-30”"
    assert (added.verb, added.owner, added.key, added.after) == (Verb.ADDED, "zielone", "zory@2022-09-01", back)


def test_a_role_belongs_to_its_person() -> None:
    person = small().people[0]
    wanted = replace(small(), people=(replace(person, roles=(*person.roles, PersonRole(role="coordinator"))),))

    assert differences(small(), wanted) == (
        Change(
            verb=Verb.ADDED,
            what=What.ROLE,
            key="coordinator",
            owner="urzad@example.org",
            name="Urząd: koordynacja programu",
            after=PersonRole(role="coordinator"),
        ),
    )


def test_what_the_file_no_longer_names_stays_and_is_told() -> None:
    present = replace(small(), cities=(*small().cities, City(slug="lodz", name="Łódź")))

    assert differences(present, small()) == ()
    assert [(one.what, one.key, one.sentence()) for one in unnamed(present, small())] == [
        (What.CITY, "lodz", "= miasto Łódź: w pliku tego nie ma, zostaje bez zmian")
    ]


def test_a_channel_that_the_file_leaves_open_stays_also_when_something_else_changes() -> None:
    network = replace(small().networks[0], channel="pim-zielone")
    wanted = replace(small(), networks=(replace(network, channel="", name="Zielone"),))

    [change] = differences(replace(small(), networks=(network,)), wanted)

    assert change.fields == {"name": ("Miasto Zielone", "Zielone")}
    assert change.after.channel == "pim-zielone"


def test_importing_the_edition_again_after_its_supplement_changes_nothing() -> None:
    pim2 = shipped("pim2-2021-2023.yaml")
    demo = shipped("demo-pim2.yaml", pim2)

    assert differences(demo, pim2) == ()
    assert differences(demo, shipped("demo-pim2.yaml", demo)) == ()
