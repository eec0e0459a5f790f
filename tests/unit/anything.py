"""Data of any kind for whoever takes it: made from the types of parameters and fields, nothing is listed by hand.

A new builder, parameter or field is met by itself. Only what a type does not tell stands here by name: which strings
are ids, zones or addresses, and the few values that the domain never lets be otherwise.
"""

import dataclasses
import random
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from pim_bot.blocks.elements import Message, actions, button, escape, section
from pim_bot.errors import Refused
from pim_bot.notifications import delivery
from pim_bot.notifications.difference import RungChange
from pim_bot.notifications.digests import Digest
from pim_bot.notifications.feedback import Asked
from pim_bot.notifications.intent import Kind
from pim_bot.programme.activity import Activity, Form
from pim_bot.programme.contribution_card import ContributionCard, DocumentName
from pim_bot.programme.feedback import FeedbackResult
from pim_bot.programme.handover import Handover
from pim_bot.programme.knowing import Found as FoundPerson
from pim_bot.programme.people_list import PersonRow, RowProblem
from pim_bot.programme.questions.finding import Advice, Trace
from pim_bot.programme.questions.question import Meaning

NOW = datetime(2022, 1, 10, 8, 0, tzinfo=UTC)
DISTINCT = 60
"""So many items of a list differ, each with ids of its own; what is beyond stands there again."""

LINKS = ("https://x.pl/a?b=1&c=<2>|x y", "https://x.pl/".ljust(1000, "&"), "https://x.pl/".ljust(40_000, "a"), "")
ZONES = ("Europe/Warsaw", "America/New_York")
SAID_IN_FULL = {ContributionCard, DocumentName, Handover, PersonRow, Advice, Trace, Asked, FoundPerson}
"""Where ``city``, ``network`` and the like are names to be read; in all other classes they are slugs."""

NAMED_IDS = {"credited", "found"}
"""Where pairs are a name and an id."""

SLUGS = {"city", "network", "edition", "institution", "cities", "networks", "part", "sections", "readable", "own"}
IDS = {
    "visitor",
    "value",
    "id",
    "uid",
    "slug",
    "key",
    "invitee",
    "member_id",
    "activity_id",
    "about",
    "subject",
    "conversation",
    "ts",
}
ACTORS = {"by", "scheduled_by", "answered_by", "asked_by", "added_by", "marked_by", "reported_by", "opened_by"}


@dataclasses.dataclass(kw_only=True)
class Anything:
    """Makes values: ``text`` wherever people type, lists of ``sizes`` items, the outer ones first; else by chance."""

    text: str
    sizes: tuple[int, ...]
    seed: int
    _made: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - for tests

    def arguments(self, builder: Callable[..., Any], **given: Any) -> dict[str, Any]:
        """Make what a function takes, but what is given."""
        hints = {name: hint for name, hint in get_type_hints(builder).items() if name != "return"}
        return {name: given[name] if name in given else self.of(hint, name) for name, hint in hints.items()}

    def of(self, hint: Any, name: str = "", owner: type | None = None, depth: int = 0) -> Any:
        """Make a value of a type; ``name`` is that of the parameter or field, ``owner`` whose field it is."""
        kind, inner = _shape(hint)
        if kind in (Union, types.UnionType):
            return self.of(self._chance.choice(inner), name, owner, depth)
        if name in READY and _holds(hint, dict, Message, Mapping):
            return READY[name](self)
        if kind is not None:
            return self._several(kind, inner, name, owner, depth)
        return self._thing(hint, depth) if dataclasses.is_dataclass(hint) else self._plain(hint, name, owner)

    def _several(self, kind: Any, inner: tuple[Any, ...], name: str, owner: type | None, depth: int) -> Any:
        if name in NAMED_IDS and inner == (str, str):
            return self.text, self.new_id()
        if kind is tuple and inner[-1] is not Ellipsis:
            return tuple(self.of(one, name, owner, depth) for one in inner)
        size = self.sizes[min(depth, len(self.sizes) - 1)]
        if issubclass(kind, Mapping):
            keys = [self.of(inner[0], f"{name}.key", owner, depth + 1) for _ in range(min(size, DISTINCT))]
            return {key: self.of(inner[1], name, owner, depth + 1) for key in keys}
        some = [self.of(inner[0], name, owner, depth + 1) for _ in range(min(size, DISTINCT))]
        items = [some[number % len(some)] for number in range(size)] if some else []
        return {list: list, frozenset: frozenset, tuple: tuple}.get(kind, tuple)(items)

    def _thing(self, kind: Any, depth: int) -> Any:
        if kind in THINGS:
            return THINGS[kind](self, depth)
        made = {name: self.of(hint, name, kind, depth) for name, hint in _hints(kind).items() if _is_taken(kind, name)}
        return kind(**made)

    def _plain(self, hint: Any, name: str, owner: type | None) -> Any:
        if hint is str:
            return self._words(name, owner)
        if hint is int:
            return self._number(name)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return self._chance.choice(list(hint))
        return self.text if hint in (Any, object) else self._chance.choice(VALUES[hint])

    def _number(self, name: str) -> int:
        if name in NUMBERS:
            return NUMBERS[name](self)
        return self._chance.choice([0, 1, 2, 5, 22, 100_000])

    def _words(self, name: str, owner: type | None) -> str:
        if name == "address" and owner is None:
            return self._chance.choice(LINKS)
        if name == "reason" and owner is None:
            return "Nie ma takiej sieci: {names}. Prosimy wybrać z listy."
        if name in STRINGS:
            return STRINGS[name](self)
        if name.endswith((".key", "_id")) or name in IDS | ACTORS:
            return self.new_id()
        if owner is not None and name in SLUGS and owner not in SAID_IN_FULL:
            return self.new_id()
        return self.text

    def new_id(self) -> str:
        """Make an id that no other has."""
        self._made += 1
        return f"{self._made:032}"

    def one_of(self, values: Iterable[Any]) -> Any:
        """Choose one."""
        return self._chance.choice(list(values))

    def buttons(self) -> list[dict[str, Any]]:
        """Make buttons, as whoever calls a builder hands them in."""
        return [button(self.text, f"some/{number}", self.new_id()) for number in range(self._chance.choice([0, 1, 3]))]

    def message(self) -> Message:
        """Make a message, as another builder would."""
        return Message(self.text, (section(escape(self.text)), actions(self.new_id(), button("A", "a", "b"))))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _shape(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    return get_origin(hint), get_args(hint)


@cache
def _holds(hint: Any, *kinds: type) -> bool:
    """Tell whether a type is one of some kinds, or a list of them."""
    return hint in kinds or get_origin(hint) in kinds or any(_holds(one, *kinds) for one in get_args(hint)[:1])


@cache
def _is_taken(kind: type, name: str) -> bool:
    return any(one.name == name and one.init for one in dataclasses.fields(kind))


def _activity(make: Anything, depth: int) -> Activity:
    """An activity ends after it starts."""
    hints = {name: hint for name, hint in _hints(Activity).items() if name not in ("starts_at", "ends_at")}
    made = {name: make.of(hint, name, Activity, depth) for name, hint in hints.items()}
    starts = make.of(datetime)
    return Activity(starts_at=starts, ends_at=starts + make.one_of([timedelta(hours=1), timedelta(days=400)]), **made)


def _asked(make: Anything, depth: int) -> Asked:
    """A round is about an activity, a quarter's advice, or the values; its subject and its period tell which."""
    edition = make.of(_hints(Asked)["edition"])
    of_values = [{"subject": f"values:{make.new_id()}/{period}", "period": period} for period in ("half", "end")]
    found = [
        {"subject": f"activity:{make.new_id()}", "activity": make.of(Activity, depth=depth)},
        {"subject": f"advice:e/n/2022-Q3/{make.new_id()}", "period": "2022-Q3", "network": make.text},
        *of_values,
    ]
    return Asked(edition=edition, networks=("n",), **make.one_of(found))


def _result(make: Anything, _: int) -> FeedbackResult:
    """A result has a mean for the whole, or one for each of the five values."""
    found: FeedbackResult = make.one_of(
        [FeedbackResult(), FeedbackResult(enough=True, answers=7, means=(4.25, 1.0, 5.0, 3.0, 2.0))]
    )
    return found


def _refused(make: Anything, _: int) -> RowProblem:
    return RowProblem(number=3, why=Refused("Nie ma takiego miasta: {names}. Prosimy wybrać z listy.", names=make.text))


def _rung(make: Anything, _: int) -> RungChange:
    """A rung that changes was there before or is there afterwards."""
    before, after = make.one_of([(NOW, None), (None, NOW), (NOW, NOW)])
    return RungChange(
        kind=make.one_of(["answer", "start"]), lead=make.of(timedelta), before=before, after=after, people=5
    )


def _digest(make: Anything, depth: int) -> Digest:
    """What was moved knows from when."""
    made = {name: make.of(hint, name, Digest, depth) for name, hint in _hints(Digest).items()}
    moved = [
        dataclasses.replace(one, activity=dataclasses.replace(one.activity, moved_from=NOW)) for one in made["moved"]
    ]
    return Digest(**made | {"moved": tuple(moved)})


THINGS: dict[type, Callable[[Anything, int], Any]] = {
    Activity: _activity,
    Asked: _asked,
    FeedbackResult: _result,
    RowProblem: _refused,
    RungChange: _rung,
    Digest: _digest,
    Message: lambda make, _: make.message(),
}
READY: dict[str, Callable[[Anything], Any]] = {
    "typed": lambda _: {},
    "buttons": Anything.buttons,
    "report": lambda make: [section(escape(make.text))],
    "notice": lambda _: section("Administratorem danych jest Ministerstwo."),
    "told": lambda make: [make.message() for _ in range(min(make.sizes[0], DISTINCT))],
    "questions": lambda make: [make.message() for _ in range(min(make.sizes[0], DISTINCT))],
    "facts": lambda make: {"source": {"channel": "C1"}, "text": make.text, "files": [], "names": make.text},
}
VALUES: dict[Any, Sequence[Any]] = {
    type(None): [None],
    bool: [True, False],
    float: [0.0, 0.125, 12.5],
    datetime: [NOW + timedelta(hours=hours) for hours in (-9000, -1, 0, 1, 9000)],
    date: [NOW.date() + timedelta(days=days) for days in (-400, 0, 1, 400)],
    time: [time(0), time(7, 30), time(23, 59)],
    timedelta: [timedelta(minutes=minutes) for minutes in (1, 60, 1440, 100_000)],
}
STRINGS: dict[str, Callable[[Anything], str]] = {
    "language": lambda make: make.one_of(["pl", "en"]),
    "zone": lambda make: make.one_of(ZONES),
    "country": lambda make: make.one_of(["PL", "US"]),
    "form": lambda make: make.one_of([one.value for one in Form]),
    "link": lambda make: make.one_of(LINKS),
    "source_link": lambda make: make.one_of(LINKS),
    "workspace": lambda make: make.one_of(["https://t1.slack.com", ""]),
    "public_url": lambda _: "https://pim.example.org",
    "metadata": lambda _: "{}",
    "week": lambda _: "2022-W02",
    "month": lambda _: "2022-01",
    "state": lambda make: make.one_of(["asked", "answered", "closed", "held", "not_held"]),
    "step": lambda make: make.one_of(["question", "nudge", "escalation"]),
    "invitee": lambda make: f"{make.one_of(['member:', 'team:zielone/'])}{make.new_id()}",
    "meaning": lambda make: make.one_of([*Meaning, "", "no longer known"]),
    "kind": lambda make: make.one_of(Kind),
    "length": lambda _: "1 h 30 min",
    "error": lambda make: make.one_of([*delivery.REASONS, make.text]),
}
NUMBERS: dict[str, Callable[[Anything], int]] = {
    "most": lambda make: make.one_of([3, 5]),
    "number": lambda make: int(make.new_id()),
    "step": lambda make: make.one_of([1, 2]),
    "merged_into": lambda make: make.one_of([0, 0, 1]),
    "digest_day": lambda make: make.one_of(range(5)),
    "scores": lambda make: make.one_of(range(1, 6)),
}
