from collections import Counter

import pytest

from pim_bot.programme.edition import Certainty, City, Edition, Fact, Membership, Network
from tests.programme.programme_texts import SHIPPED, shipped

PRESENTATION = "Prezentacja MFiPR i Banku Światowego, edycja 2021-2023"
WHOLE = ("pim1-pilot-2017-2019.yaml", "pim2-2021-2023.yaml", "pim3-2024-2026.yaml")


def network(edition: Edition, slug: str) -> Network:
    return next(network for network in edition.networks if network.slug == slug)


def members(edition: Edition, slug: str) -> list[str]:
    return [membership.city for membership in network(edition, slug).memberships]


def city(edition: Edition, slug: str) -> City:
    return next(city for city in edition.cities if city.slug == slug)


def membership(edition: Edition, network_slug: str, city_slug: str) -> Membership:
    return next(one for one in network(edition, network_slug).memberships if one.city == city_slug)


def facts(edition: Edition) -> list[Fact]:
    nested = [entry for network in edition.networks for entry in (*network.memberships, *network.guardianships)]
    return [
        edition,
        *edition.goals,
        *edition.institutions,
        *edition.cities,
        *edition.networks,
        *nested,
        *edition.kinds,
        *edition.parts,
        *edition.recommendations,
        *edition.milestones,
        *edition.activities,
    ]


def test_second_edition_has_its_28_cities_in_three_networks_and_two_more_without_a_network() -> None:
    pim2 = shipped("pim2-2021-2023.yaml")

    assert members(pim2, "miasto-zielone") == [
        "gdansk", "kostrzyn-nad-odra", "lublin", "miedzyrzec-podlaski", "raciborz",
        "ruda-slaska", "slupsk", "uniejow", "zory", "zyrardow",
    ]  # fmt: skip
    assert members(pim2, "miasto-cyfrowe") == [
        "bialogard", "bialystok", "debica", "dzierzgon", "pilawa", "rzeszow", "swidnica", "wyszkow",
    ]  # fmt: skip
    assert members(pim2, "miasto-inicjatyw-ppp") == [
        "dabrowa-gornicza", "kolobrzeg", "koszalin", "lomianki", "marki",
        "pieszyce", "plock", "poznan", "szlichtyngowa", "zdunska-wola",
    ]  # fmt: skip
    in_networks = {one.city for each in pim2.networks for one in each.memberships}
    assert len(in_networks) == 28
    assert {one.slug for one in pim2.cities} - in_networks == {"krzywin", "lodz"}


def test_second_edition_has_no_leader_and_its_documents_activities_and_goals() -> None:
    pim2 = shipped("pim2-2021-2023.yaml")

    assert {one.role for each in pim2.networks for one in each.memberships} == {"member"}
    assert Counter(part.document for part in pim2.parts) == {"MID": 9, "PU": 5}
    assert [part.slug for part in pim2.parts if part.document == "PU"] == [
        "polityki-krajowe", "polityka-spojnosci", "zmiany-prawne", "dobre-praktyki", "mechanizmy-wspolpracy",
    ]  # fmt: skip
    assert [goal.number for goal in pim2.goals] == [0, 1, 2, 3, 4, 5]
    assert len(pim2.activities) == 9
    assert {one.slug for one in pim2.activities if one.first_day is None} == {
        "pim2-inauguration",
        "pim2-digital-study-visit",
        "pim2-ppp-study-visit",
    }
    assert pim2.themes == ("Smart City", "Rezyliencja miejska")


def test_every_kind_of_activity_has_its_ladder_and_its_guests() -> None:
    kinds = {kind.slug: kind for kind in shipped("pim2-2021-2023.yaml").kinds}
    day, hour = 24 * 60, 60

    assert sorted(kinds) == [
        "doradztwo-indywidualne", "konferencja", "spotkanie-lokalne", "spotkanie-robocze-pu",
        "warsztaty-sieci", "webinarium", "wspolne-warsztaty", "zagraniczna-wizyta-studyjna",
    ]  # fmt: skip
    assert kinds["zagraniczna-wizyta-studyjna"].ladder == (30 * day, 14 * day, 7 * day, day)
    assert kinds["warsztaty-sieci"].ladder == (7 * day, day)
    assert kinds["doradztwo-indywidualne"].ladder == (2 * day, 2 * hour)
    assert kinds["doradztwo-indywidualne"].invites == ("cities", "world_bank")
    assert {slug for slug, kind in kinds.items() if kind.all_day} == {"zagraniczna-wizyta-studyjna"}


def test_what_is_not_sure_is_marked() -> None:
    pim2, pim3 = shipped("pim2-2021-2023.yaml"), shipped("pim3-2024-2026.yaml")

    assert city(pim2, "wyszkow").certainty == Certainty.INFERRED
    assert membership(pim2, "miasto-cyfrowe", "wyszkow").certainty == Certainty.INFERRED
    assert membership(pim2, "miasto-cyfrowe", "pilawa").certainty == Certainty.CERTAIN
    assert membership(pim3, "miasto-dostepnych-mieszkan", "zory").certainty == Certainty.INFERRED
    digital = network(pim2, "miasto-cyfrowe").guardianships
    assert {one.institution: one.certainty for one in digital} == {
        "bank-swiatowy": Certainty.CERTAIN,
        "kprm": Certainty.INFERRED,
        "mfipr": Certainty.CERTAIN,
    }


def test_pilot_has_its_leader_its_nine_recommendations_and_the_names_of_its_ministry() -> None:
    pilot = shipped("pim1-pilot-2017-2019.yaml")

    assert [one.city for one in network(pilot, "rewitalizacja").memberships if one.role == "leader"] == ["katowice"]
    assert Counter((one.network, one.part) for one in pilot.recommendations) == {
        (each, part): 1
        for each in ("rewitalizacja", "mobilnosc-miejska", "jakosc-powietrza")
        for part in ("zmiany-prawne", "usprawnienia-finansowe", "poszerzanie-wiedzy")
    }
    fund = next(one for one in pilot.recommendations if one.slug == "pu-pilot-4")
    assert "na kompleksowe działania rewitalizacyjne" in fund.text
    ministry = next(one for one in pilot.institutions if one.slug == "mfipr")
    assert [name.abbreviation for name in ministry.names] == ["MR", "MIiR", "MFiPR"]
    guide = next(one for one in pilot.milestones if one.slug == "2018-04-przewodnik")
    assert (str(guide.day), guide.precision) == ("2018-04-01", "month")


def test_third_edition_has_participants_that_are_not_cities() -> None:
    pim3 = shipped("pim3-2024-2026.yaml")

    assert {each.slug: len(each.memberships) for each in pim3.networks} == {
        "miasto-dostepnych-mieszkan": 1,
        "miasto-efektywne-energetycznie": 10,
        "miasto-kompaktowe": 10,
    }
    assert Counter(one.kind for one in pim3.cities) == {
        "city": 18,
        "association": 2,
        "functional_area": 1,
        "metropolitan_union": 1,
    }
    assert membership(pim3, "miasto-efektywne-energetycznie", "rybnik").mid == (
        "Technologiczna automatyzacja adaptacji zużycia energii do potrzeb obiektów"
    )


@pytest.mark.parametrize("name", WHOLE)
def test_every_fact_says_where_it_comes_from_except_a_network_gap(name: str) -> None:
    edition = shipped(name)

    assert [fact for fact in facts(edition) if not fact.sources] == []
    sources = {source for fact in facts(edition) for source in fact.sources}
    assert {one for one in sources if not one.startswith(("https://", "http://"))} <= {PRESENTATION}


@pytest.mark.parametrize("name", WHOLE)
def test_whole_editions_name_no_persons(name: str) -> None:
    assert shipped(name).people == ()


def test_one_institution_and_one_city_is_told_alike_in_every_edition() -> None:
    told: dict[str, set[object]] = {}
    for name in WHOLE:
        edition = shipped(name)
        for institution in edition.institutions:
            told.setdefault(institution.slug, set()).add(institution)
        for one in edition.cities:
            told.setdefault(one.slug, set()).add((one.name, one.kind, one.genitive, one.locative, one.also))

    assert [slug for slug, different in told.items() if len(different) > 1] == []


def test_demo_adds_made_up_people_channels_and_activities_to_the_second_edition() -> None:
    pim2 = shipped("pim2-2021-2023.yaml")
    demo = shipped("demo-pim2.yaml", pim2)

    assert {each.slug: each.channel for each in demo.networks} == {
        "miasto-cyfrowe": "pim-miasto-cyfrowe",
        "miasto-inicjatyw-ppp": "pim-miasto-inicjatyw-ppp",
        "miasto-zielone": "pim-miasto-zielone",
    }
    assert {person.email.partition("@")[2] for person in demo.people} == {"example.org", "example.com"}
    assert [person.name for person in demo.people if not person.name.endswith(" (przykład)")] == []
    added = {one.slug: one for one in demo.activities if one not in pim2.activities}
    assert [one.title for one in added.values() if not one.title.endswith(" (przykład)")] == []
    assert demo.cities == pim2.cities


def test_in_the_demo_every_city_of_a_network_has_somebody_to_ask_on_any_day() -> None:
    demo = shipped("demo-pim2.yaml", shipped("pim2-2021-2023.yaml"))
    contacts = {role.city for person in demo.people for role in person.roles if role.contact}

    assert contacts == {one.city for each in demo.networks for one in each.memberships}
    roles = Counter(role.role for person in demo.people for role in person.roles)
    assert (roles["coordinator"], roles["guardian"], roles["expert"], roles["ministry"]) == (2, 8, 6, 3)


def test_shipped_files_are_the_ones_tested() -> None:
    assert sorted(path.name for path in SHIPPED.glob("*.yaml")) == sorted([*WHOLE, "demo-pim2.yaml"])
