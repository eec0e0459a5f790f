from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim_bot.errors import BrokenProgrammeFile
from pim_bot.programme.edition import Edition
from pim_bot.programme.file import opened, read_edition
from tests.programme.programme_texts import SHIPPED, SMALL, shipped, small

Problem = tuple[int, str, str]


def problems(text: str | bytes, present: Edition | None = None) -> list[Problem]:
    raw = text.encode() if isinstance(text, str) else text
    with pytest.raises(BrokenProgrammeFile) as broken:
        read_edition(raw, name="proba.yaml", present=present)
    return broken.value.problems


def broken_files() -> list[tuple[str, str, str]]:
    """Read what is replaced in the small edition (⏎ is a line's end), with what, and what is said of it."""
    blocks = Path(__file__).with_name("broken_files.txt").read_text().strip().split("\n\n")
    cases = [block.replace("⏎", "\0").split("\n") for block in blocks]
    return [(good[2:].replace("\0", "\n"), bad[2:].replace("\0", "\n"), said) for good, bad, said in cases]


@pytest.mark.parametrize(("good", "bad", "said"), broken_files())
def test_a_mistake_is_told_with_its_line_its_field_and_a_remedy(good: str, bad: str, said: str) -> None:
    assert SMALL.count(good) == 1

    with pytest.raises(BrokenProgrammeFile) as broken:
        read_edition(SMALL.replace(good, bad).encode(), name="proba.yaml")

    assert str(broken.value) == said
    assert "Prosimy" in said


def test_text_that_is_too_long_is_refused() -> None:
    [(line, field, said)] = problems(SMALL.replace("name: Edycja próbna", f"name: {'x' * 201}"))

    assert (line, field) == (2, "name")
    assert said == "Tekst ma 201 znaków, a może mieć najwyżej 200. Prosimy go skrócić."


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
        told = [line >= 1 and bool(field) and "\n" not in field + text for line, field, text in broken.problems]
    else:
        told = [True]
    assert set(told) == {True}


VALUES = ("zory", "2022-01-01", "~", "9:30", "{}", "[]", '""', '"\\ud800"', "tak", "all", "x: y", "!!int 1", "<<")
KEYS = ("slug", "city", "name", "role", "roles", "networks", "?")


def in_braces(fields: dict[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + "}"


YAML_LIKE = st.recursive(
    st.sampled_from(VALUES),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda entries: "[" + ", ".join(entries) + "]"),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=3).map(in_braces),
    ),
    max_leaves=8,
)
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
