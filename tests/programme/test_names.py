import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim_bot.programme.edition import Edition
from pim_bot.programme.names import Names, city_names, network_names
from tests.programme.programme_texts import shipped


@pytest.fixture(scope="module")
def pim2() -> Edition:
    return shipped("pim2-2021-2023.yaml")


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("Żory", "zory"),
        ("Zory", "zory"),
        ("ŻORY", "zory"),
        ("w Żorach", "zory"),
        ("Żorami", "zory"),
        ("miasto Żory", "zory"),
        ("Lodz", "lodz"),
        ("z Łodzi", "lodz"),
        ("Łodzią", "lodz"),
        ("Wyszkow", "wyszkow"),
        ("Wyszaków", "wyszkow"),
        ("z Rudy Śląskiej", "ruda-slaska"),
        ("Rudę Śląską", "ruda-slaska"),
        ("ruda-slaska", "ruda-slaska"),
        ("Ruda", "ruda-slaska"),
        ("dla Marek", "marki"),
        ("do Świdnicy", "swidnica"),
        ("Kostrzyn", "kostrzyn-nad-odra"),
        ("w Białymstoku?", "bialystok"),
        ("Dąbrowa", "dabrowa-gornicza"),
        ("  Z\u0307ory\u200b ", "zory"),
        ("", None),
        ("w", None),
        ("P", None),
        ("Kraków", None),
        ("🎉", None),
    ],
)
def test_a_city_is_found_as_people_type_it(pim2: Edition, typed: str, slug: str | None) -> None:
    assert city_names(pim2.cities).find(typed) == slug


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("Miasto Zielone", "miasto-zielone"),
        ("sieć zielona", "miasto-zielone"),
        ("w Mieście Zielonym", "miasto-zielone"),
        ("Sieci Miast Zielonych", "miasto-zielone"),
        ("zielona", "miasto-zielone"),
        ("cyfrowej", "miasto-cyfrowe"),
        ("PPP", "miasto-inicjatyw-ppp"),
        ("Green City", "miasto-zielone"),
        ("miasto", None),
    ],
)
def test_a_network_is_found_as_people_type_it(pim2: Edition, typed: str, slug: str | None) -> None:
    assert network_names(pim2.networks).find(typed) == slug


def test_every_city_of_every_edition_is_found_by_each_of_its_spellings() -> None:
    for name in ("pim1-pilot-2017-2019.yaml", "pim2-2021-2023.yaml", "pim3-2024-2026.yaml"):
        cities = shipped(name).cities
        names = city_names(cities)
        spellings = {
            spelling: city.slug for city in cities for spelling in (city.name, city.genitive, city.locative, *city.also)
        }
        assert {spelling: names.find(spelling) for spelling in spellings} == spellings


def test_a_slip_of_the_finger_brings_the_nearest_and_nonsense_brings_none(pim2: Edition) -> None:
    names = city_names(pim2.cities)

    assert (names.find("Świdica"), names.nearest("Świdica")[0]) == (None, "swidnica")
    assert names.nearest("Zorki", n=1) == ["zory"]
    assert names.nearest("qwertyuiop") == []


def test_what_fits_two_names_fits_none() -> None:
    names = Names([("swidnica", ["Świdnica"]), ("swidwin", ["Świdwin"])])

    assert (names.find("Świd"), names.find("Świdn")) == (None, "swidnica")


@given(st.one_of(st.text(), st.sampled_from(["ż" * 10_000, "\u200b" * 10_000, "🎉" * 10_000, "w " * 5_000])))
def test_whatever_is_typed_is_answered(typed: str) -> None:
    names = Names([("zory", ["Żory", "Żor", "Żorach"])])

    assert names.find(typed) in {None, "zory"}
    assert set(names.nearest(typed)) <= {"zory"}
