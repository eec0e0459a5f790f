"""A small edition as text, and the shipped files, for the tests of this folder."""

from pathlib import Path

from pim_bot.programme.edition import Edition
from pim_bot.programme.file import read_edition

SHIPPED = Path(__file__).parents[2] / "pim_bot" / "programme" / "editions"

SMALL = """\
slug: proba
name: Edycja próbna
first_day: 2022-01-01
last_day: 2022-12-31
themes: [Smart City]
sources:
  strona: https://example.org/strona
institutions:
  - {slug: mfipr, name: Ministerstwo, side: mfipr}
  - {slug: bank, name: Bank, side: world_bank}
cities:
  - {slug: zory, name: Żory, genitive: Żor, locative: Żorach, source: strona}
  - {slug: marki, name: Marki, source: strona, certainty: inferred}
networks:
  - slug: zielone
    name: Miasto Zielone
    guardians: [mfipr]
    cities:
      - zory
      - {city: marki, since: 2022-02-01}
kinds:
  - {slug: warsztaty, name: Warsztaty, ladder: [1d, 7d]}
  - {slug: konferencja, name: Konferencja, scope: all_networks}
mid_sections:
  - {slug: wyzwanie, name: Wyzwanie}
  - {slug: dzialania, name: Działania}
pu_categories:
  - {slug: prawo, name: Prawo}
recommendations:
  - {slug: z1, network: zielone, category: prawo, text: Treść}
milestones:
  - {slug: m1, day: 2022-03, text: Start}
activities:
  - {slug: a1, kind: warsztaty, title: Spotkanie, networks: zielone, first_day: 2022-05-10, starts: 9:30, ends: 12:00}
people:
  - {email: Urzad@example.org, name: Urząd, role: official, city: zory, contact: tak}
"""


def small() -> Edition:
    """Read the small edition."""
    return read_edition(SMALL.encode(), name="proba.yaml")


def shipped(name: str, present: Edition | None = None) -> Edition:
    """Read a file that is shipped with the hub."""
    return read_edition((SHIPPED / name).read_bytes(), name=name, present=present)
