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
from pim_bot.programme.questions.english import TWINS
from pim_bot.programme.questions.grammar import ASKING, BEYOND, DECISIVE, FORMS, IDEAS, NEUTRAL, RULES, WEAK, Rule
from pim_bot.programme.questions.moods import is_told, is_verb, main_clause
from pim_bot.programme.questions.question import Meaning, Question

LONGEST = 600
"""Of a longer text only the beginning is read: a question stands there or nowhere."""
LONGEST_NAME = 4
MOST_WORDS = 6
LONGEST_WORD = 40
NEAREST = 3
CORE, BESIDE, STRANGE, LEAST = 4, 2, 3, 4
LEAST_IN_PART = 6
"""A part of a text needs more than one word that could stand in any sentence."""
MARGIN = 3
"""A meaning that is less than this ahead of the next is none: both are offered instead."""
STRANGE_IN_SEARCH = 1

SEARCHING = frozenset(
    {Meaning.EXPERIENCE, Meaning.SAID, Meaning.WHEN, Meaning.WHO_GOES, Meaning.MATERIALS, Meaning.AGENDA}
)
"""What is asked with words of one's own: what they are is kept, to search for it."""
ABOUT_ANYTHING = frozenset({Meaning.EXPERIENCE, Meaning.SAID})
"""What may be asked with any words: also those that bear ideas elsewhere („Kto robił ankietę wśród mieszkańców?”)."""
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
    "da sie chodzi dziekuje thanks thank ok ktos cos jakies jakas jakiegos tutaj here ostatnio takie taki taka "
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

    What stands after a colon, a dash or „że” is somebody's own text: it need not be understood, and never decides.
    """
    text = text[:LONGEST]
    whole = _meaning_of(text, vocabulary, today)
    main = main_clause(text)
    if not _says_something(main, vocabulary, today):
        main = text
    meaning = _agreed(whole, [_meaning_of(main, vocabulary, today)])
    asked = "".join(_QUESTION.findall(main))
    mark = "?" if asked else ""
    for parts in (_SENTENCE.split(asked or main), _CLAUSE.split(asked or main)):
        if isinstance(meaning, Unclear):
            found = [_meaning_of(one + mark, vocabulary, today, least=LEAST_IN_PART) for one in parts if one.strip()]
            meaning = _known_throughout(_agreed(whole, found), _read(main, vocabulary, today))
    return meaning if isinstance(meaning, Unclear) else _question(meaning, text, vocabulary, today)


_QUESTION = re.compile(r"[^.?!]+\?")
"""Where something is asked with its mark, the sentences beside it only tell why."""
_SENTENCE = re.compile(r"(?<=[^\W\d_]{3})[.!?]+(?:\s|$)")
_CLAUSE = re.compile(r"(?<=[^\W\d_]{3})[.!?]+(?:\s|$)|[,;()…]|\s[-–—]\s")


def _says_something(text: str, vocabulary: Vocabulary, today: date) -> bool:
    """Tell whether there is more in a text than a greeting."""
    return any(ideas - NEUTRAL for ideas in _read(text, vocabulary, today).borne)


def _agreed(whole: Meaning | Unclear, parts: Sequence[Meaning | Unclear]) -> Meaning | Unclear:
    """Take the one meaning that the whole and its parts have; two different ones are none."""
    known = {one for one in (whole, *parts) if not isinstance(one, Unclear)}
    if len(known) == 1:
        return known.pop()
    heard = whole.heard if isinstance(whole, Unclear) else ()
    nearest = whole.nearest if isinstance(whole, Unclear) else ()
    return Unclear(heard=heard, nearest=tuple(dict.fromkeys([*sorted(known), *nearest]))[:NEAREST])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    """The words of a text without its names and times, the ideas that each bears, and how it is said."""

    words: Sequence[str]
    borne: Sequence[frozenset[str]]
    told: bool

    @property
    def heard(self) -> frozenset[str]:
        return frozenset(idea for ideas in self.borne for idea in ideas)

    @property
    def strange(self) -> list[str]:
        """The words that bear no idea."""
        return [
            word
            for word, ideas in zip(self.words, self.borne, strict=True)
            if not ideas and word not in _EMPTY and not word.isdigit()
        ]


def _read(text: str, vocabulary: Vocabulary, today: date) -> _Reading:
    said = _words_in(times_in(text, today).rest)
    words = _named_in(said, vocabulary).rest
    borne = _ideas_of(words)
    asked = any(ideas & ASKING for ideas in borne)
    return _Reading(words=words, borne=borne, told=not asked and is_told(text, said))


def _known_throughout(meaning: Meaning | Unclear, reading: _Reading) -> Meaning | Unclear:
    """Take what a part means only if the rest asks for nothing and orders nothing else."""
    if isinstance(meaning, Unclear) or _knows_what_is_wanted(RULES[meaning], reading):
        return meaning
    return Unclear(heard=tuple(sorted(reading.heard)), nearest=(meaning,))


def _meaning_of(text: str, vocabulary: Vocabulary, today: date, *, least: int = LEAST) -> Meaning | Unclear:
    """Tell what a text means, if one meaning is well ahead of the next."""
    reading = _read(text, vocabulary, today)
    weights = {meaning: weight for meaning in RULES if (weight := _weight(meaning, reading)) is not None}
    ahead = sorted(weights, key=lambda one: -weights[one])
    best = weights[ahead[0]] if ahead else 0
    next_best = weights[ahead[1]] if len(ahead) > 1 else 0
    if best >= least and best - next_best >= MARGIN:
        return ahead[0]
    return Unclear(heard=tuple(sorted(reading.heard)), nearest=_nearest(weights, reading.heard))


def _weight(meaning: Meaning, reading: _Reading) -> int | None:
    """Weigh a meaning; None when its rule is not met, or the text says something that it does not account for."""
    rule = RULES[meaning]
    if reading.heard & BEYOND or _is_forbidden(rule, reading) or not _accounts_for(meaning, rule, reading):
        return None
    strange = STRANGE_IN_SEARCH if meaning in ABOUT_ANYTHING else STRANGE
    cores = [core for core in _cores(rule.cores) if core <= reading.heard and not _is_weak(core, rule, reading)]
    weights = [_weight_with(core, rule, reading.borne, strange) for core in cores]
    unknown = 0 if meaning in SEARCHING else len(reading.strange)
    return max(weights) - unknown if weights else None


def _accounts_for(meaning: Meaning, rule: Rule, reading: _Reading) -> bool:
    """Tell whether a rule knows of everything that is asked or ordered here; a fact is told only to who asks for it."""
    if not _knows_what_is_wanted(rule, reading):
        return False
    if meaning in FORMS:
        return True
    return not reading.told and (meaning in SEARCHING or not any(map(is_verb, reading.strange)))


def _is_forbidden(rule: Rule, reading: _Reading) -> bool:
    """Tell whether a word bears an idea that the rule must not have, and none of which it knows."""
    never, explained = _ideas_named(rule.never), _explained(rule)
    return any(ideas & never and not ideas & explained for ideas in reading.borne)


def _knows_what_is_wanted(rule: Rule, reading: _Reading) -> bool:
    explained = _explained(rule) | NEUTRAL
    return not any(ideas & DECISIVE and not ideas & explained for ideas in reading.borne)


def _is_weak(core: frozenset[str], rule: Rule, reading: _Reading) -> bool:
    """Tell whether a core is no more than a thing that is mentioned in a sentence about something else."""
    if len(core) > 1 or not core <= WEAK:
        return False
    beside = any(ideas & _explained(rule) - core for ideas in reading.borne)
    return bool(reading.strange) and not beside


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


Beginnings = tuple[str, ...]
"""Beginnings of one word, of which any will do."""


def stems_of(words: Sequence[str]) -> tuple[Beginnings, ...]:
    """Tell the beginnings by which words are found in any case: „łąki kwietne” by „lak” and „kwietn”.

    What is written in the programme is Polish, so an English word is found by its Polish twin, too.
    """
    plain = (folded(word) for word in words)
    return tuple(dict.fromkeys((_beginning(word), *_polish_of(word)) for word in plain if word))


def _polish_of(word: str) -> Iterator[str]:
    for english, polish in TWINS.items():
        if word.startswith(english):
            yield from polish.split()


_PLURAL = ("ych", "ich", "ymi", "imi", "iach", "iami", "iom")


def _beginning(word: str) -> str:
    """Take off also plural endings („otwartych danych”, „o zamówieniach”), which names in the singular never have."""
    short = next((word[: -len(ending)] for ending in _PLURAL if word.endswith(ending)), "")
    return short if len(short) >= 3 else stem(word)  # noqa: PLR2004 - as names are cut


def is_about(text: str, stems: Sequence[str | Beginnings]) -> bool:
    """Tell whether all these words stand in a text, in whatever case."""
    words = re.findall(r"[a-z0-9]+", plain_letters(text))
    return all(any(word.startswith(one) for word in words) for one in stems)
