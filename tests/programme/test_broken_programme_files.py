from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.programme.programme_texts import SHIPPED, SMALL, shipped, small

from pim_bot.errors import BrokenProgrammeFile
from pim_bot.programme.edition import Edition
from pim_bot.programme.file import opened, read_edition

Problem = tuple[int, str, str]


def problems(text: str | bytes, present: Edition | None = None) -> list[Problem]:
    raw = text.encode() if isinstance(text, str) else text
    with pytest.raises(BrokenProgrammeFile) as broken:
        read_edition(raw, name="proba.yaml", present=present)
    return broken.value.problems


# What is replaced in the small edition, with what, the field that is named, and how its sentence begins.
BROKEN = [
    ("first_day: 2022-01-01", "first_day: 2022-13-01", "first_day", "„2022-13-01” to nie jest data. Prosimy wpisać datę jako RRRR-MM-DD."),
    ("first_day: 2022-01-01", "first_day: 1.02.2022", "first_day", "„1.02.2022” to nie jest data."),
    ("first_day: 2022-01-01", "first_day: 0001-01-01", "first_day", "Rok 1 jest poza zakresem. Prosimy podać rok od 1990 do 2100."),
    ("last_day: 2022-12-31", "last_day: 2021-12-31", "last_day", "Koniec 2021-12-31 jest przed początkiem 2022-01-01."),
    ("name: Edycja próbna", "name: Edycja próbna\nname_em: A", "name_em", "Nie ma takiego pola. Czy chodziło o „name_en”? Prosimy poprawić nazwę."),
    ("slug: proba\nname: Edycja próbna", "slug: proba", "name", "Brakuje pola „name”. Prosimy je dopisać."),
    ("name: Edycja próbna", "name: Edycja próbna\nqqqq: 1", "qqqq", "Nie ma takiego pola. Prosimy usunąć je albo wybrać jedno z: activities, "),
    ("name: Edycja próbna", "name: Edycja próbna\nname: Inna", "name", "To pole jest już w wierszu 2. Prosimy zostawić jedno."),
    ("name: Edycja próbna", "name: Edycja próbna\nzone: Europe/Warszawa", "zone", "Nie ma strefy czasowej „Europe/Warszawa”. Prosimy podać np. „Europe/Warsaw”."),
    ("name: Edycja próbna", "name: Edycja próbna\nzone: Europe", "zone", "Nie ma strefy czasowej „Europe”."),
    ("name: Edycja próbna", "name: [Edycja]", "name", "Oczekiwano jednej wartości, a jest lista."),
    ("name: Edycja próbna", 'name: "Edycja\\u0007"', "name", "Jest tu niewidoczny znak U+0007. Prosimy go usunąć."),
    ("name: Edycja próbna", 'name: "Edycja\\u202E"', "name", "Jest tu niewidoczny znak U+202E."),
    ("name: Edycja próbna", f"name: {'x' * 201}", "name", "Tekst ma 201 znaków, a może mieć najwyżej 200. Prosimy go skrócić."),
    ("name: Edycja próbna", "name: Edycja próbna\nhours_per_day: dużo", "hours_per_day", "„dużo” nie pasuje. Prosimy podać liczbę całkowitą od 1 do 24."),
    ("slug: proba", "slug: Próba", "slug", "„Próba” nie może być identyfikatorem. Prosimy użyć małych liter"),
    ("  strona: https://example.org/strona", "  strona: strona", "sources.strona", "Nie ma źródła „strona”."),
    ("{slug: marki, name: Marki, source: strona", "{slug: marki, name: Marki, source: strna", "cities[1].source", "Nie ma źródła „strna”. Czy chodziło o „strona”?"),
    ("{slug: marki, name: Marki", "{slug: marki", "cities[1].name", "Brakuje pola „name”. Prosimy je dopisać."),
    ("certainty: inferred", "certainty: infered", "cities[1].certainty", "Wartości „infered” tu nie ma. Czy chodziło o „inferred”? Prosimy wybrać jedną z: certain, inferred, uncertain."),
    ("guardians: [mfipr]", "guardians: [mfip]", "networks[0].guardians[0].institution", "Nie ma instytucji „mfip”. Czy chodziło o „mfipr”?"),
    ("guardians: [mfipr]", "guardians: mfipr", "networks[0].guardians", "Oczekiwano listy, a jest tekst „mfipr”."),
    ("guardians: [mfipr]", "guardians: [mfipr, [mfipr]]", "networks[0].guardians[1]", "Oczekiwano wpisu z polami (nazwa: wartość), a jest lista."),
    ("      - zory", "      - zori", "networks[0].cities[0].city", "Nie ma miasta „zori”. Czy chodziło o „zory”? Prosimy poprawić tę wartość albo dopisać wpis w polu „cities”."),
    ("since: 2022-02-01}", "since: 2022-02-01, until: 2022-01-01}", "networks[0].cities[1].until", "Koniec 2022-01-01 jest przed początkiem 2022-02-01."),
    ("since: 2022-02-01}", "since: 2022-02-30}", "networks[0].cities[1].since", "„2022-02-30” to nie jest data."),
    ("since: 2022-02-01}", "since: 2022-02-01}\n      - marki", "networks[0].cities[2].city", "Miasto „marki” ma już w tej sieci wpis na te dni."),
    ("ladder: [1d, 7d]", "ladder: [1d, tydzień]", "kinds[0].ladder[1]", "„tydzień” to nie jest wyprzedzenie. Prosimy wpisać np. 30d (dni), 2h (godziny) albo 15m (minuty)."),
    ("ladder: [1d, 7d]", "ladder: [0d]", "kinds[0].ladder[0]", "„0d” to nie jest wyprzedzenie."),
    ("{slug: dzialania, name", "{slug: wyzwanie, name", "mid_sections[1].slug", "„wyzwanie” ma już wpis w wierszu "),
    ("category: prawo", "category: prawa", "recommendations[0].category", "Nie ma zakresu zalecenia „prawa”. Czy chodziło o „prawo”?"),
    ("day: 2022-03,", "day: 2022-3,", "milestones[0].day", "„2022-3” to nie jest data."),
    ("kind: warsztaty", "kind: warsztat", "activities[0].kind", "Nie ma rodzaju działania „warsztat”. Czy chodziło o „warsztaty”?"),
    ("networks: zielone,", "networks: zielona,", "activities[0].networks", "Nie ma sieci „zielona”. Czy chodziło o „zielone”?"),
    ("networks: zielone,", "", "activities[0].networks", "Brakuje pola „networks”. Prosimy podać sieci albo „all” (wszystkie)."),
    ("networks: zielone,", "networks: zielone, hosts: [lublin],", "activities[0].hosts[0]", "Nie ma miasta „lublin”."),
    ("networks: zielone,", "networks: zielone, theme: Smart,", "activities[0].theme", "Nie ma zagadnienia przekrojowego „Smart”."),
    ("networks: zielone,", "networks: zielone, answer_by: 2022-06-01,", "activities[0].answer_by", "Termin odpowiedzi 2022-06-01 jest po pierwszym dniu 2022-05-10."),
    ("networks: zielone,", "networks: zielone, last_day: 2022-05-09,", "activities[0].last_day", "Koniec 2022-05-09 jest przed początkiem 2022-05-10."),
    ("networks: zielone,", "networks: zielone, country: Polska,", "activities[0].country", "„Polska” to nie jest kod kraju."),
    ("starts: 9:30", "starts: 25:30", "activities[0].starts", "„25:30” to nie jest godzina. Prosimy wpisać godzinę jako GG:MM, np. 9:30."),
    ("ends: 12:00", "ends: 9:00", "activities[0].ends", "Koniec o 09:00 nie jest po początku o 09:30."),
    ("first_day: 2022-05-10, starts: 9:30", "first_day: 2022-05-10", "activities[0].ends", "Jest godzina końca bez godziny początku."),
    ("first_day: 2022-05-10, starts: 9:30, ends: 12:00", "starts: 9:30", "activities[0].starts", "Bez pierwszego dnia nie ma terminu."),
    ("first_day: 2022-05-10, starts: 9:30", "first_day: 2022-03-27, starts: 2:30", "activities[0].starts", "Tej godziny w tym dniu nie ma (zmiana czasu na letni)."),
    ("first_day: 2022-05-10, starts: 9:30", "first_day: 2022-10-30, starts: 2:30", "activities[0].starts", "Ta godzina wypada w tym dniu dwa razy (zmiana czasu na zimowy)."),
    ("Urzad@example.org", "urzad@example", "people[0].email", "„urzad@example” to nie jest adres e-mail."),
    ("role: official, city: zory", "role: official", "people[0].city", "Rola „official” wymaga pola „city”. Prosimy je dopisać."),
    ("role: official, city: zory", "role: guardian, institution: bank", "people[0].network", "Rola „guardian” wymaga pola „network”."),
    ("role: official, city: zory", "role: expert", "people[0].role", "Rola „expert” wymaga pola „network” albo „city”."),
    ("role: official, city: zory", "role: ministry", "people[0].institution", "Rola „ministry” wymaga pola „institution”."),
    ("role: official, city: zory", "role: official, city: lodz", "people[0].city", "Nie ma miasta „lodz”."),
    ("role: official, city: zory", "roles: [{role: official, city: zory}]", "people[0].contact", "Role są już w polu „roles”."),
    ("contact: tak", "contact: może", "people[0].contact", "„może” to ani tak, ani nie. Prosimy wpisać „tak” albo „nie”."),
    ("contact: tak}", "contact: tak}\n  - {email: urzad@example.org, name: Inny, role: official, city: marki}", "people[1].email", "„urzad@example.org” ma już wpis w wierszu "),
    ("contact: tak}", "contact: tak}\n  - {email: b@example.org, name: Inny, role: official, city: zory, contact: tak}", "people[1].contact", "„zory” ma już osobę kontaktową na te dni."),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "field", "said"), BROKEN)
def test_a_mistake_is_told_with_its_line_its_field_and_a_remedy(good: str, bad: str, field: str, said: str) -> None:
    assert SMALL.count(good) == 1

    [(line, named, sentence)] = problems(SMALL.replace(good, bad))

    assert (line, named) == (SMALL[: SMALL.index(good)].count("\n") + bad.count("\n") + 1, field)
    assert sentence.startswith(said)
    assert "Prosimy" in sentence


UNREADABLE: list[tuple[str, str | bytes, int, str]] = [
    ("empty", b"", 1, "Plik jest pusty."),
    ("only a comment", "# nic\n", 1, "Plik jest pusty."),
    ("not UTF-8", "slug: proba\nname: Żory".encode("cp1250"), 2, "Plik nie jest zapisany w kodowaniu UTF-8."),
    ("UTF-16", "slug: proba".encode("utf-16"), 1, "Plik nie jest zapisany w kodowaniu UTF-8."),
    ("too big", b"#" * 5_000_001, 1, "Plik ma ponad 5 MB."),
    ("control character", "slug: proba\nname: a\x00b\n", 2, "Jest tu niewidoczny znak U+0000."),
    ("a list", "- slug: proba\n", 1, "Plik musi zaczynać się od pól"),
    ("a text", "proba\n", 1, "Plik musi zaczynać się od pól"),
    (
        "second colon",
        "slug: proba\nname: a: b\n",
        2,
        "Tego miejsca nie da się odczytać jako YAML. W wierszu jest drugi",
    ),
    ("open quotation", 'slug: proba\nname: "a\n', 3, "Tego miejsca nie da się odczytać jako YAML. Brakuje zamknięcia"),
    ("tabulator", "slug: proba\nname:\n\t- a\n", 3, "Tego miejsca nie da się odczytać jako YAML. Wiersz zaczyna się"),
    ("anchor", "slug: &a proba\nname: b\n", 1, "Kotwice i odwołania YAML"),
    ("alias", "slug: *a\n", 1, "Kotwice i odwołania YAML"),
    ("tag", "slug: proba\nname: !!python/name:os.system x\n", 2, "Znaczniki YAML"),
    ("two documents", "slug: proba\n---\nslug: b\n", 2, "Plik zawiera drugi dokument"),
    ("deep", "slug: " + "[" * 5000, 1, "Plik jest zagnieżdżony zbyt głęboko."),
    ("many", "slug: [" + "a," * 200_001 + "]", 1, "Plik ma zbyt wiele wpisów."),
]


@pytest.mark.parametrize(
    ("text", "line", "said"), [case[1:] for case in UNREADABLE], ids=[case[0] for case in UNREADABLE]
)
def test_a_file_that_cannot_be_read_says_where_and_why(text: str | bytes, line: int, said: str) -> None:
    [(told_line, field, sentence)] = problems(text)

    assert (told_line, field) == (line, "plik")
    assert sentence.startswith(said)
    assert "Prosimy" in sentence


def test_all_problems_come_at_once_in_the_order_of_lines() -> None:
    text = SMALL.replace("first_day: 2022-01-01", "first_day: wczoraj").replace("- zory", "- zori").replace("9:30", "x")

    assert [field for _, field, _ in problems(text)] == [
        "first_day",
        "networks[0].cities[0].city",
        "activities[0].starts",
    ]


def test_the_error_reads_like_a_compiler_s() -> None:
    with pytest.raises(BrokenProgrammeFile) as broken:
        read_edition(SMALL.replace("since: 2022-02-01", "since: 2022-13-01").encode(), name="pim.yaml")

    assert str(broken.value) == (
        "pim.yaml:20: networks[0].cities[1].since: „2022-13-01” to nie jest data. Prosimy wpisać datę jako RRRR-MM-DD."
    )


def test_a_file_full_of_mistakes_is_refused_after_the_first_hundred() -> None:
    found = problems("slug: proba\nname: a\nnieznane: x\ncities: [" + "Ż," * 5000 + "]")

    assert len(found) == 101
    assert found[-1][2] == "To pierwsze 100 uwag. Prosimy je poprawić i wczytać plik ponownie."


SUPPLEMENT = """\
supplements: proba
networks:
  - {slug: zielone, channel: pim-zielone}
people:
  - {email: a@example.org, name: A, role: official, city: zory}
"""

BROKEN_SUPPLEMENTS = [
    ("slug: zielone", "slug: zielona", "networks[0].slug", "Nie ma sieci „zielona”. Czy chodziło o „zielone”?"),
    ("city: zory", "city: zori", "people[0].city", "Nie ma miasta „zori”. Czy chodziło o „zory”?"),
    ("supplements: proba", "supplements: proba\nslug: proba", "slug", "Nie ma takiego pola."),
    ("supplements: proba", "supplements: proba\ncities: []", "cities", "Nie ma takiego pola."),
    ("channel: pim-zielone", "name: Zielone", "networks[0].name", "Nie ma takiego pola."),
]


@pytest.mark.parametrize(("good", "bad", "field", "said"), BROKEN_SUPPLEMENTS)
def test_a_mistake_in_a_supplement_is_told_alike(good: str, bad: str, field: str, said: str) -> None:
    [(_, named, sentence)] = problems(SUPPLEMENT.replace(good, bad), small())

    assert named == field
    assert sentence.startswith(said)


@pytest.mark.parametrize("present", [lambda: None, lambda: shipped("pim2-2021-2023.yaml")])
def test_a_supplement_without_its_edition_is_refused(present: Callable[[], Edition | None]) -> None:
    [(_, field, sentence)] = problems(SUPPLEMENT, present())

    assert field == "plik"
    assert sentence == "Plik uzupełnia edycję „proba”, której jeszcze nie ma. Prosimy wczytać ją najpierw."


def read_or_refuse(raw: bytes) -> None:
    try:
        opened(raw, name="proba.yaml").edition(small())
    except BrokenProgrammeFile as broken:
        assert broken.problems != []
        assert all(line >= 1 and field and text for line, field, text in broken.problems)


YAML_LIKE = st.recursive(
    st.sampled_from(["zory", "2022-01-01", "~", "9:30", "{}", "[]", '""', "\"\\ud800\"", "tak", "all", "x: y", "!!int 1", "<<"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda entries: "[" + ", ".join(entries) + "]"),
        st.dictionaries(st.sampled_from(["slug", "city", "name", "role", "roles", "networks", "?"]), inner, max_size=3).map(
            lambda fields: "{" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + "}"
        ),
    ),
    max_leaves=8,
)  # fmt: skip
FIELDS = st.sampled_from([
    "slug", "name", "supplements", "zone", "first_day", "themes", "sources", "goals", "institutions", "cities",
    "networks", "kinds", "mid_sections", "pu_categories", "recommendations", "milestones", "activities", "people",
])  # fmt: skip


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    read_or_refuse(raw)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    read_or_refuse(text.encode(errors="replace"))


@given(st.dictionaries(FIELDS, YAML_LIKE, max_size=6))
def test_any_values_in_known_fields_are_read_or_refused(fields: dict[str, str]) -> None:
    read_or_refuse("\n".join(f"{key}: {value}" for key, value in fields.items()).encode())


@given(
    st.integers(0, 5000), st.integers(0, 40), st.sampled_from(["", ":", "-", "[", "}", "\t", '"', "  ", "\x00", "ż"])
)
def test_a_shipped_file_with_a_slip_of_the_pen_is_read_or_refused(place: int, length: int, slip: str) -> None:
    raw = (SHIPPED / "pim1-pilot-2017-2019.yaml").read_bytes()
    read_or_refuse(raw[:place] + slip.encode() + raw[place + length :])
