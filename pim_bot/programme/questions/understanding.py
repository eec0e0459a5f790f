"""From what somebody wrote to what they mean. Deterministic, with no state: the same words always mean the same."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import pairwise

from pim_bot.programme.edition import DocumentPart
from pim_bot.programme.names import Names, folded, plain_letters, stem
from pim_bot.programme.questions.dates import Times, times_in
from pim_bot.programme.questions.grammar import BEYOND, IDEAS, NEUTRAL, RULES, Rule
from pim_bot.programme.questions.question import Meaning, Question

LONGEST = 600
"""Of a longer text only the beginning is read: a question stands there or nowhere."""
LONGEST_NAME = 4
MOST_WORDS = 6
LONGEST_WORD = 40
NEAREST = 3
CORE, BESIDE, STRANGE, LEAST = 4, 2, 3, 2
STRANGE_IN_SEARCH = 1

SEARCHING = frozenset(
    {Meaning.EXPERIENCE, Meaning.SAID, Meaning.WHEN, Meaning.WHO_GOES, Meaning.MATERIALS, Meaning.AGENDA}
)
"""What is asked with words of one's own: what they are is kept, to search for it."""
OF_ONE_CITY = frozenset({Meaning.SESSIONS_COUNT, Meaning.SHOW_MID, Meaning.MISSING, Meaning.AGREEMENTS, Meaning.TEAM})

KINDS = {
    "visit": ("wizyt", "visit", "wyjazd", "trip", "podroz"),
    "workshop": ("warsztat", "workshop"),
    "conference": ("konferenc", "conference"),
    "webinar": ("webinar",),
    "session": ("konsultac", "doradztw", "consultation", "sesj"),
}
PARTS = ("diagnoz", "wyzwan", "dzialan", "harmonogram", "interesariusz", "sciezk", "wskaznik", "koszt", "ryzyk")
_SMALL_WORDS = (
    "a aby ale albo ani bardzo bo by byl byla bylo byly byc bedzie beda chyba ci co czy czyli dla do go i ich ile "
    "im ja jak jaka jaki jakie jako jakis jest jestem jestesmy jesli jeszcze juz kiedy kto ktora ktore ktory ku "
    "ma mam mamy maja miec mi mial miala mialo mialy mnie moge mozna moze mozemy mozecie my na nad nam nami nas "
    "nasz nasza nasze nie no o od on ona one oni oraz pan pani panstwo panstwa po pod prosze prosimy przed przez "
    "przy sa sie so sobie ta tak tam te tego tej ten to tu tylko tym u w we wiec wszystko z za ze zeby an and any "
    "are as at be been can could did does for from had has have how if in is it its me of or our please s that "
    "the their them there they this us was were what when where which who will with should shall would you your "
    "about re ll ve d t temat temacie tematu sprawie kwestii zakresie topic przypadkiem obecnie teraz now dzieki "
    "dziekuje thanks thank ok ktos cos jakies jakas jakiegos tutaj here ostatnio takie taki taka "
)
_EMPTY = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """The names that questions may bear: of the cities of all editions, of the networks and MID parts of this one."""

    cities: Names
    networks: Names
    parts: Sequence[DocumentPart] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Unclear:
    """What was not understood: the ideas that were heard, and the nearest things that can be asked."""

    heard: tuple[str, ...] = ()
    nearest: tuple[Meaning, ...] = ()


@dataclass(kw_only=True, slots=True)
class _Named:
    """The names found in a sentence, and the words that are left."""

    cities: list[str] = field(default_factory=list)
    networks: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)


def understand(text: str, vocabulary: Vocabulary, *, today: date) -> Question | Unclear:
    """Tell what a text asks for: read as a whole, and by its sentences and clauses where the whole says nothing.

    What stands after a colon or a dash is somebody's own text and need not be understood.
    """
    text = text[:LONGEST]
    whole = _meaning_of(text, vocabulary, today)
    meaning = _agreed(whole, [_meaning_of(one, vocabulary, today) for one in _heads_of(text)])
    for parts in (_SENTENCE.split(text), _CLAUSE.split(text)):
        if isinstance(meaning, Unclear):
            meaning = _agreed(whole, [_meaning_of(one, vocabulary, today) for one in parts if one.strip()])
    return meaning if isinstance(meaning, Unclear) else _question(meaning, text, vocabulary, today)


_HEAD = re.compile(r":(?!\d)|\s[-–—]\s")
_SENTENCE = re.compile(r"(?<=[^\W\d_]{3})[.!?]+(?:\s|$)")
_CLAUSE = re.compile(r"(?<=[^\W\d_]{3})[.!?]+(?:\s|$)|[,;()…]|\s[-–—]\s")


def _heads_of(text: str) -> list[str]:
    """Tell what stands before a colon or a dash, after which somebody's own words begin."""
    return [text[: found.start()] for found in _HEAD.finditer(text)][:1]


def _agreed(whole: Meaning | Unclear, parts: Sequence[Meaning | Unclear]) -> Meaning | Unclear:
    """Take the one meaning that the whole and its parts have; two different ones are none."""
    known = {one for one in (whole, *parts) if not isinstance(one, Unclear)}
    if len(known) == 1:
        return known.pop()
    heard = whole.heard if isinstance(whole, Unclear) else ()
    nearest = whole.nearest if isinstance(whole, Unclear) else ()
    return Unclear(heard=heard, nearest=tuple(dict.fromkeys([*sorted(known), *nearest]))[:NEAREST])


def _meaning_of(text: str, vocabulary: Vocabulary, today: date) -> Meaning | Unclear:
    times = times_in(text, today)
    named = _named_in(_words_in(times.rest), vocabulary)
    words = named.rest
    borne = _ideas_of(words)
    heard = frozenset(idea for ideas in borne for idea in ideas)
    strange = sum(1 for word, ideas in zip(words, borne, strict=True) if not ideas and word not in _EMPTY)
    weights = {
        meaning: weight
        for meaning, rule in RULES.items()
        if (weight := _weight(rule, heard, borne, strange=STRANGE_IN_SEARCH if meaning in SEARCHING else STRANGE))
        is not None
    }
    searching = {meaning: weight - (0 if meaning in SEARCHING else strange) for meaning, weight in weights.items()}
    best = max(searching.values(), default=0)
    won = [meaning for meaning, weight in searching.items() if weight == best]
    if best >= LEAST and len(won) == 1:
        return won[0]
    return Unclear(heard=tuple(sorted(heard)), nearest=_nearest(searching, heard))


def _weight(rule: Rule, heard: frozenset[str], borne: Sequence[frozenset[str]], *, strange: int) -> int | None:
    """Weigh a rule; None when it is not met. ``strange`` is what a word counts of which it knows nothing."""
    if heard & (BEYOND | _ideas_named(rule.never)):
        return None
    weights = [_weight_with(core, rule, borne, strange) for core in _cores(rule.cores) if core <= heard]
    return max(weights, default=None)


def _weight_with(core: frozenset[str], rule: Rule, borne: Sequence[frozenset[str]], strange: int) -> int:
    weight, met = 0, frozenset[str]()
    for ideas in borne:
        if new := (ideas & core) - met:
            met |= new
            weight += CORE
        elif ideas & _explained(rule):
            weight += BESIDE
        elif ideas - NEUTRAL and not ideas & NEUTRAL:
            weight -= strange
    return weight


def _nearest(weights: Mapping[Meaning, int], heard: frozenset[str]) -> tuple[Meaning, ...]:
    """Choose the meanings that share most with what was heard; met rules first."""
    near: dict[Meaning, float] = {}
    for meaning, rule in RULES.items():
        cores = _cores(rule.cores)
        share = max(len(core & heard) / len(core) for core in cores)
        near[meaning] = share + 0.1 * len(_ideas_named(rule.beside) & heard) + (1 if meaning in weights else 0)
    known = [meaning for meaning, value in near.items() if value > 0]
    return tuple(sorted(known, key=lambda one: (-near[one], list(Meaning).index(one)))[:NEAREST])


@cache
def _ideas_named(names: str) -> frozenset[str]:
    return frozenset(names.split())


@cache
def _cores(alternatives: str) -> tuple[frozenset[str], ...]:
    return tuple(_ideas_named(core) for core in alternatives.split("|"))


@cache
def _spellings() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Make of every idea the pattern of the words that bear it."""
    return tuple((idea, re.compile("|".join(map(_pattern, words.split())))) for idea, words in IDEAS.items())


def _pattern(written: str) -> str:
    said = re.escape(written).replace(r"\*", r"\w*").replace("_", " ")
    return rf"(?<!\w){said}(?!\w)"


def _ideas_of(words: Sequence[str]) -> list[frozenset[str]]:
    """Tell of each word the ideas that it bears, alone or with its neighbours."""
    line = " ".join(words)
    starts: dict[int, int] = {}
    position = 0
    for number, word in enumerate(words):
        starts |= dict.fromkeys(range(position, position + len(word)), number)
        position += len(word) + 1
    borne: list[set[str]] = [set() for _ in words]
    for idea, pattern in _spellings():
        for found in pattern.finditer(line):
            for number in {starts[at] for at in range(found.start(), found.end()) if at in starts}:
                borne[number].add(idea)
    return [frozenset(ideas) for ideas in borne]


def _words_in(said: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", plain_letters(said))


def _named_in(words: Sequence[str], vocabulary: Vocabulary) -> _Named:
    """Find the names of cities and networks, the longest first; of what two things are called both are noted."""
    named = _Named()
    position = 0
    while position < len(words):
        taken = _name_at(words, position, vocabulary, named)
        if not taken:
            named.rest.append(words[position])
        position += taken or 1
    return named


def _name_at(words: Sequence[str], position: int, vocabulary: Vocabulary, named: _Named) -> int:
    """Note the name that begins here; tells how many words it takes, 0 for none."""
    for length in range(min(LONGEST_NAME, len(words) - position), 0, -1):
        window = words[position : position + length]
        if length == 1 and (window[0] in _EMPTY or len(window[0]) < 3):  # noqa: PLR2004 - „pu”
            continue
        found = vocabulary.networks.named(" ".join(window)) if _is_network(words, position, length) else frozenset()
        kept = named.networks
        if not found and window[0] not in _EMPTY:
            is_word = length == 1 and any(_ideas_of(window))  # “Mark attendance” does not speak of Marki
            found, kept = vocabulary.cities.named(" ".join(window), in_any_case=not is_word), named.cities
        if not found:
            continue
        if len(found) == 1:
            kept += [one for one in found if one not in kept]
        else:
            named.unsure += sorted(found)
        if kept is named.networks and not re.match("siec|network", window[0]):
            named.rest.append("siec")
        elif kept is named.networks:
            named.rest.append(window[0])
        return length
    return 0


def _is_network(words: Sequence[str], position: int, length: int) -> bool:
    """Tell whether a network is spoken of here: its names are common words otherwise („zielona”, „cyfrowej”)."""
    near = words[max(0, position - 1) : position + length + 1]
    return any(re.match("siec|network|miast[oa]$|miescie|ppp$", word) for word in near)


def _question(meaning: Meaning, text: str, vocabulary: Vocabulary, today: date) -> Question:
    times: Times = times_in(text, today)
    words = _words_in(times.rest)
    named = _named_in(words, vocabulary)
    span = times.span
    return Question(
        meaning=meaning,
        cities=tuple(named.cities),
        networks=tuple(named.networks),
        unsure=tuple(named.unsure),
        first=span.first if span else None,
        last=span.last if span else None,
        hour=times.hour,
        kind=_kind_in(words),
        part=_part_in(words, vocabulary.parts),
        words=_searched(meaning, text, named),
        past=any(word.startswith(("ostatni", "poprzedni", "last", "byl")) for word in words),
    )


def _kind_in(words: Sequence[str]) -> str:
    said = (kind for word in words for kind, beginnings in KINDS.items() if word.startswith(beginnings))
    return next(said, "")


def _part_in(words: Sequence[str], parts: Sequence[DocumentPart]) -> str:
    """Tell the part of a MID that is spoken of."""
    beginnings = [beginning for word in words for beginning in PARTS if word.startswith(beginning)]
    found = (
        part.slug
        for beginning in beginnings
        for part in parts
        if part.document == "MID" and (part.slug.startswith(beginning) or beginning in folded(part.name))
    )
    return next(found, "")


def _searched(meaning: Meaning, text: str, named: _Named) -> tuple[str, ...]:
    """Tell the words that are searched for, as they were written; where a city is asked for, a name nobody knows."""
    if meaning not in SEARCHING and (meaning not in OF_ONE_CITY or named.cities):
        return ()
    explained = _explained(RULES[meaning])
    borne = _ideas_of(named.rest)
    left = {word for word, ideas in zip(named.rest, borne, strict=True) if not ideas & explained and word not in _EMPTY}
    written = list(_written(text))
    if meaning in OF_ONE_CITY:
        left = {folded(word) for first, word in pairwise(["", *written]) if first and word[:1].isupper()} & left
    found = dict.fromkeys(word[:LONGEST_WORD] for word in written if folded(word) in left)
    return tuple(found)[:MOST_WORDS]


@cache
def _explained(rule: Rule) -> frozenset[str]:
    """Tell every idea of which a rule knows."""
    return frozenset(idea for core in _cores(rule.cores) for idea in core) | _ideas_named(rule.beside)


def _written(text: str) -> Iterator[str]:
    for found in re.finditer(r"\w+", text):
        yield found.group()


def stems_of(words: Sequence[str]) -> tuple[str, ...]:
    """Tell the beginnings by which words are found in any case: „łąki kwietne” by „lak” and „kwietn”."""
    plain = (folded(word) for word in words)
    return tuple(dict.fromkeys(_beginning(word) for word in plain if word))


def _beginning(word: str) -> str:
    """Take off also the plural endings of adjectives („otwartych danych”), which names in the singular never have."""
    short = next((word[: -len(ending)] for ending in ("ych", "ich", "ymi", "imi") if word.endswith(ending)), "")
    return short if len(short) >= 3 else stem(word)  # noqa: PLR2004 - as names are cut


def is_about(text: str, stems: Sequence[str]) -> bool:
    """Tell whether all these words stand in a text, in whatever case."""
    words = re.findall(r"[a-z0-9]+", plain_letters(text))
    return all(any(word.startswith(one) for word in words) for one in stems)
