from datetime import date, time

from pim_bot.programme.edition import (
    ActivityKind,
    Certainty,
    City,
    DatedName,
    DocumentPart,
    Edition,
    Guardianship,
    Institution,
    Membership,
    Milestone,
    Network,
    Person,
    PersonRole,
    ProgrammeActivity,
    Recommendation,
    Scope,
)
from pim_bot.programme.file import opened, read_edition, supplemented
from tests.programme.programme_texts import SMALL, small

PAGE = ("https://example.org/strona",)
DAY = 24 * 60


def read(text: str, present: Edition | None = None) -> Edition:
    return read_edition(text.encode(), name="proba.yaml", present=present)


def test_a_small_file_becomes_an_edition_with_its_defaults() -> None:
    assert small() == Edition(
        slug="proba",
        name="Edycja próbna",
        first_day=date(2022, 1, 1),
        last_day=date(2022, 12, 31),
        themes=("Smart City",),
        institutions=(
            Institution(slug="bank", names=(DatedName(name="Bank"),), side="world_bank"),
            Institution(slug="mfipr", names=(DatedName(name="Ministerstwo"),), side="mfipr"),
        ),
        cities=(
            City(slug="marki", name="Marki", sources=PAGE, certainty=Certainty.INFERRED),
            City(slug="zory", name="Żory", genitive="Żor", locative="Żorach", sources=PAGE),
        ),
        networks=(
            Network(
                slug="zielone",
                name="Miasto Zielone",
                guardianships=(Guardianship(institution="mfipr"),),
                memberships=(
                    Membership(city="marki", since=date(2022, 2, 1), sources=PAGE, certainty=Certainty.INFERRED),
                    Membership(city="zory", sources=PAGE),
                ),
            ),
        ),
        kinds=(
            ActivityKind(slug="konferencja", name="Konferencja", scope=Scope.ALL_NETWORKS),
            ActivityKind(slug="warsztaty", name="Warsztaty", ladder=(7 * DAY, DAY)),
        ),
        parts=(
            DocumentPart(document="MID", slug="wyzwanie", name="Wyzwanie", position=1),
            DocumentPart(document="MID", slug="dzialania", name="Działania", position=2),
            DocumentPart(document="PU", slug="prawo", name="Prawo", position=1),
        ),
        recommendations=(Recommendation(slug="z1", network="zielone", part="prawo", text="Treść"),),
        milestones=(Milestone(slug="m1", day=date(2022, 3, 1), text="Start", precision="month"),),
        activities=(
            ProgrammeActivity(
                slug="a1",
                kind="warsztaty",
                title="Spotkanie",
                networks=("zielone",),
                first_day=date(2022, 5, 10),
                last_day=date(2022, 5, 10),
                starts=time(9, 30),
                ends=time(12),
            ),
        ),
        people=(
            Person(
                email="urzad@example.org",
                name="Urząd",
                roles=(PersonRole(role="official", city="zory", contact=True),),
            ),
        ),
    )


def test_an_activity_for_the_whole_programme_needs_no_networks() -> None:
    edition = read(SMALL.replace("kind: warsztaty, title: Spotkanie, networks: zielone", "kind: konferencja, title: A"))

    assert edition.activities[0].networks == ("zielone",)


def test_all_means_every_network_of_the_edition() -> None:
    second = "networks:\n  - {slug: cyfrowe, name: Miasto Cyfrowe}"
    edition = read(SMALL.replace("networks:", second, 1).replace("networks: zielone", "networks: all"))

    assert edition.activities[0].networks == ("cyfrowe", "zielone")


def test_a_city_that_left_and_came_back_has_two_memberships() -> None:
    came_back = "{city: marki, until: 2022-01-31}\n      - {city: marki, since: 2022-02-01}"
    edition = read(SMALL.replace("{city: marki, since: 2022-02-01}", came_back))

    assert [(one.city, one.since, one.until) for one in edition.networks[0].memberships] == [
        ("marki", None, date(2022, 1, 31)),
        ("marki", date(2022, 2, 1), None),
        ("zory", None, None),
    ]


def test_words_that_yaml_takes_for_something_else_stay_as_they_are_written() -> None:
    edition = read(SMALL.replace("name: Edycja próbna", "name: 2022\nshort: NO").replace("name: Żory", "name: yes"))

    assert (edition.name, edition.short, edition.cities[1].name) == ("2022", "NO", "yes")


def test_text_is_kept_in_one_spelling_and_on_one_line_except_a_description() -> None:
    long = 'title: "Z\\u0307ory  i\\n Marki", description: "Raz  dwa\\ntrzy"'
    activity = read(SMALL.replace("title: Spotkanie", long)).activities[0]

    assert (activity.title, activity.description) == ("Żory i Marki", "Raz dwa\ntrzy")


SUPPLEMENT = """\
supplements: proba
channel: pim
networks:
  - {slug: zielone, channel: pim-zielone, guardians: [bank]}
activities:
  - {slug: a2, kind: konferencja, title: Konferencja, first_day: 2022-06-01}
people:
  - email: urzad@example.org
    name: Urząd Miasta
    language: en
    roles:
      - {role: official, city: zory, contact: tak, until: 2022-03-31}
      - {role: expert, network: zielone}
"""


def test_a_supplement_says_which_edition_it_supplements() -> None:
    file, whole = opened(SUPPLEMENT.encode(), name="osoby.yaml"), opened(SMALL.encode(), name="proba.yaml")

    assert (file.slug, file.supplements) == ("proba", True)
    assert (whole.slug, whole.supplements) == ("proba", False)


def test_a_supplement_adds_to_the_edition_that_is_present() -> None:
    edition = read(SUPPLEMENT, small())

    assert (edition.channel, edition.networks[0].channel) == ("pim", "pim-zielone")
    assert [one.institution for one in edition.networks[0].guardianships] == ["bank", "mfipr"]
    assert edition.networks[0].memberships == small().networks[0].memberships
    assert [one.slug for one in edition.activities] == ["a1", "a2"]
    assert edition.people == (
        Person(
            email="urzad@example.org",
            name="Urząd Miasta",
            language="en",
            roles=(
                PersonRole(role="expert", network="zielone"),
                PersonRole(role="official", city="zory", contact=True, until=date(2022, 3, 31)),
            ),
        ),
    )


def test_a_supplement_read_again_changes_nothing() -> None:
    once = read(SUPPLEMENT, small())

    assert read(SUPPLEMENT, once) == once


def test_an_empty_supplement_changes_nothing() -> None:
    assert supplemented(small(), Edition(slug="proba", name="")) == small()


def test_what_a_supplement_leaves_open_stays() -> None:
    once = read(SUPPLEMENT, small())
    again = read("supplements: proba\npeople:\n  - {email: urzad@example.org, name: U, role: coordinator}\n", once)

    assert (again.channel, again.people[0].language, len(again.people[0].roles)) == ("pim", "en", 3)
