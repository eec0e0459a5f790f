"""Finding a city or a network by what people type: „w Żorach”, „dla Marek”, „Lodz”, „miasto cyfrowe”.

Names are compared without case, diacritics and punctuation; then without words that only lead to a name („z”, „sieć”),
then without case endings, and last by a beginning that only one name has. Whatever fits two names fits none.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from difflib import SequenceMatcher

from pim_bot.programme.edition import City, Network

_LONGEST = 100
_SHORTEST_BEGINNING = 3
_LIKE = 0.6
_LETTERS = str.maketrans({"ł": "l", "ß": "ss", "ø": "o", "đ": "d", "æ": "ae"})
_PREPOSITIONS = (
    "a",
    "at",
    "dla",
    "do",
    "for",
    "in",
    "ku",
    "na",
    "nad",
    "o",
    "od",
    "po",
    "pod",
    "przez",
    "przy",
    "u",
    "w",
    "we",
    "z",
    "ze",
)
_COMMON_WORDS = (
    "gmina",
    "gminy",
    "m",
    "miasta",
    "miastem",
    "miasto",
    "miescie",
    "siec",
    "sieci",
    "urzad",
    "urzedu",
    "um",
)
_LEADING = frozenset({*_PREPOSITIONS, *_COMMON_WORDS})
_ENDINGS = ("ami", "ach", "owi", "iem", "ego", "emu", "ie", "ia", "om", "em", "ow", "ej", "ym", "im", *"aeiouy")


class Names:
    """The spellings of some things, each by its slug."""

    def __init__(self, entries: Iterable[tuple[str, Iterable[str]]]) -> None:
        exact: dict[str, set[str]] = {}
        for slug, spellings in entries:
            for spelling in (slug, *spellings):
                exact.setdefault(folded(spelling), set()).add(slug)
        exact.pop("", None)
        self._exact = exact
        self._bare = _regrouped(exact, _bare)
        self._stems = _regrouped(exact, lambda name: _stem(_bare(name)))

    def find(self, text: str) -> str | None:
        """Find the slug of the one thing that ``text`` names."""
        wanted = folded(text)
        bare = _bare(wanted)
        for spellings, name in ((self._exact, wanted), (self._bare, bare), (self._stems, _stem(bare))):
            if name and name in spellings:
                return _only(spellings[name])
        return self._by_beginning(bare)

    def named(self, text: str, *, in_any_case: bool = True) -> frozenset[str]:
        """Tell the slugs of everything that has just this name, or this name in another case; beginnings name nothing.

        Two slugs are two things of one name: whoever asks has to say which.
        """
        wanted = folded(text)
        bare = _bare(wanted)
        spelled = ((self._exact, wanted), (self._bare, bare))
        for spellings, name in (*spelled, (self._stems, _stem(bare))) if in_any_case else spelled:
            if name and name in spellings:
                return frozenset(spellings[name])
        return frozenset()

    def _by_beginning(self, bare: str) -> str | None:
        if len(bare) < _SHORTEST_BEGINNING:
            return None
        return _only({slug for name, slugs in self._bare.items() if name.startswith(bare) for slug in slugs})

    def nearest(self, text: str, n: int = 3) -> list[str]:
        """List up to ``n`` slugs whose names look most like ``text``, best first; empty if none does."""
        wanted = _bare(folded(text))
        likeness: dict[str, float] = {}
        for name, slugs in self._bare.items():
            ratio = SequenceMatcher(None, name, wanted, autojunk=False).ratio()
            for slug in slugs:
                likeness[slug] = max(ratio, likeness.get(slug, 0))
        like = [slug for slug, ratio in likeness.items() if ratio >= _LIKE]
        return sorted(like, key=lambda slug: (-likeness[slug], slug))[:n]


def city_names(cities: Iterable[City]) -> Names:
    """Make the names of cities, with their Polish forms and other spellings."""
    return Names((city.slug, (city.name, city.genitive, city.locative, *city.also)) for city in cities)


def network_names(networks: Iterable[Network]) -> Names:
    """Make the names of networks, with what else they are called."""
    return Names((network.slug, (network.name, network.name_en, *network.also)) for network in networks)


def folded(text: str) -> str:
    """Write a name so that two spellings of it are equal: small plain letters and digits, single spaces."""
    return " ".join(re.findall(r"[a-z0-9]+", plain_letters(text[:_LONGEST])))


def plain_letters(text: str) -> str:
    """Write a text in small letters without diacritics and invisible signs; everything else stays as it is."""
    lowered = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(char for char in lowered if unicodedata.category(char) not in {"Mn", "Cf"})


def stems(text: str) -> frozenset[str]:
    """Tell the words of a text without case, diacritics and case endings."""
    return frozenset(map(stem, folded(text).split()))


def _bare(name: str) -> str:
    words = name.split()
    while len(words) > 1 and words[0] in _LEADING:
        words.pop(0)
    return " ".join(words)


def _stem(name: str) -> str:
    return " ".join(stem(word) for word in name.split())


def stem(word: str) -> str:
    """Tell a word without its case ending, as far as one can tell."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_BEGINNING:
            return word[: -len(ending)]
    return word


def _regrouped(spellings: Mapping[str, set[str]], change: Callable[[str], str]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for name, slugs in spellings.items():
        groups.setdefault(change(name), set()).update(slugs)
    return groups


def _only(slugs: set[str]) -> str | None:
    return next(iter(slugs)) if len(slugs) == 1 else None
