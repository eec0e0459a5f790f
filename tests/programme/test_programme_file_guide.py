from dataclasses import fields
from pathlib import Path
from typing import Any

from pim_bot.programme.edition import Edition
from pim_bot.programme.file import read_edition
from tests.programme.programme_texts import small

GUIDE = (Path(__file__).parents[2] / "docs" / "programme-file.md").read_text()
EXAMPLE, SUPPLEMENT = (block.partition("```")[0] for block in GUIDE.split("```yaml\n")[1:])


def read(text: str, present: Edition | None = None) -> Edition:
    return read_edition(text.encode(), name="docs/programme-file.md", present=present)


def test_the_guide_s_example_is_a_whole_edition() -> None:
    edition = read(EXAMPLE)

    assert [one.city for one in edition.networks[0].memberships] == ["marki", "zory"]
    assert [(person.email, len(person.roles)) for person in edition.people] == [
        ("ekspertka@example.com", 2),
        ("koordynacja@example.org", 1),
        ("rozwoj@example.org", 1),
    ]
    assert edition.milestones[0].sources == ("Umowa MFiPR i Banku Światowego z 15 stycznia 2025 r.",)


def test_the_guide_s_supplement_fits_its_example() -> None:
    edition = read(SUPPLEMENT, read(EXAMPLE))

    assert edition.networks[0].channel == "zielone-2025"
    assert [person.email for person in edition.people][-1] == "zielen@example.org"


def test_the_guide_tells_every_field_of_the_shapes() -> None:
    shapes: list[Any] = [
        small(),
        *small().networks,
        *small().kinds,
        *small().activities,
        *small().people,
        *small().cities,
    ]
    elsewhere = {"sources", "parts", "memberships", "guardianships"}  # told under their names in the file
    names = {field.name for shape in shapes for field in fields(shape)} - elsewhere

    assert [field for field in sorted(names) if f"`{field}`" not in GUIDE and f"{field}:" not in GUIDE] == []
