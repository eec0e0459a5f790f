"""The names of the shipped editions, as questions bear them."""

from functools import cache
from pathlib import Path

import yaml

from pim_bot.programme.edition import City
from pim_bot.programme.file import opened
from pim_bot.programme.names import city_names, network_names
from pim_bot.programme.questions.understanding import Vocabulary
from tests.hub import shipped

HERE = Path(__file__).parent
EARLIER = ("pim1-pilot-2017-2019.yaml", "pim3-2024-2026.yaml")
IN_FORCE = "pim2-2021-2023.yaml"


@cache
def vocabulary() -> Vocabulary:
    """The cities of all editions, the networks and parts of the second."""
    cities: dict[str, City] = {}
    for name in (*EARLIER, IN_FORCE):
        edition = opened(shipped(name), name=name).edition(None)
        cities |= {city.slug: city for city in edition.cities}
    return Vocabulary(cities=city_names(cities.values()), networks=network_names(edition.networks), parts=edition.parts)


def listed(name: str) -> list[dict[str, str]]:
    """The entries of a file of phrases."""
    found: list[dict[str, str]] = yaml.safe_load((HERE / name).read_text())
    return found
