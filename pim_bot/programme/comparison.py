"""What an import would do: the difference between an edition as it is and as a file wants it.

An import adds and changes, it never takes away: what the file no longer names stays, and is only told (``unnamed``).
A membership or a role ends by its last day. A channel, a language and a zone that the file leaves open stay.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from pim_bot.programme.edition import Edition, Network, Person
from pim_bot.programme.keys import guardianship_key, membership_key, role_key
from pim_bot.programme.periods import Dated, DatedT, Key, matched
from pim_bot.programme.sentences import Captions, added, changed, left_alone


class Verb(StrEnum):
    """What an import does with a thing."""

    ADDED = "added"
    CHANGED = "changed"


class What(StrEnum):
    """The kinds of things that an edition is made of, in the order in which one may need another."""

    EDITION = "edition"
    GOAL = "goal"
    INSTITUTION = "institution"
    CITY = "city"
    NETWORK = "network"
    MEMBERSHIP = "membership"
    GUARDIANSHIP = "guardianship"
    KIND = "kind"
    PART = "part"
    RECOMMENDATION = "recommendation"
    MILESTONE = "milestone"
    PERSON = "person"
    ROLE = "role"
    ACTIVITY = "activity"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that an import adds or changes.

    ``after`` is the thing as it shall be and ``before`` as it is. ``owner`` is the network's slug of a membership or
    guardianship and the e-mail of a role. ``fields`` tells, for a change, field → (before, after).
    """

    verb: Verb
    what: What
    key: str
    name: str
    after: Any
    before: Any = None
    owner: str = ""
    fields: Mapping[str, tuple[object, object]] = field(default_factory=dict)

    def sentence(self) -> str:
        """Say it in Polish, in one line."""
        return added(self.what, self.name) if self.verb is Verb.ADDED else changed(self.what, self.name, self.fields)


@dataclass(frozen=True, kw_only=True)
class Unnamed:
    """One thing that is there and that the file does not name; an import leaves it alone."""

    what: What
    key: str
    name: str
    thing: Any
    owner: str = ""

    def sentence(self) -> str:
        """Say it in Polish, in one line."""
        return left_alone(self.what, self.name)


_APART = frozenset({"memberships", "guardianships", "roles"})
_KEPT_WHEN_BLANK = ("channel", "language", "zone")
_Pair = tuple[What, str, str, Any, Any]
_COLLECTIONS: tuple[tuple[What, str, Callable[[Any], str]], ...] = (
    (What.GOAL, "goals", lambda goal: str(goal.number)),
    (What.INSTITUTION, "institutions", lambda institution: str(institution.slug)),
    (What.CITY, "cities", lambda city: str(city.slug)),
    (What.NETWORK, "networks", lambda network: str(network.slug)),
    (What.KIND, "kinds", lambda kind: str(kind.slug)),
    (What.PART, "parts", lambda part: f"{part.document}/{part.slug}"),
    (What.RECOMMENDATION, "recommendations", lambda recommendation: str(recommendation.slug)),
    (What.MILESTONE, "milestones", lambda milestone: str(milestone.slug)),
    (What.PERSON, "people", lambda person: str(person.email)),
    (What.ACTIVITY, "activities", lambda activity: str(activity.slug)),
)
_WHOLE = _APART | {name for _, name, _ in _COLLECTIONS}
_ORDER = {what: place for place, what in enumerate(What)}


def differences(present: Edition | None, wanted: Edition) -> tuple[Change, ...]:
    """Tell what has to be added and changed so that ``present`` becomes as ``wanted``; nothing if it already is."""
    names = Captions(wanted)
    changes = [
        change
        for what, key, owner, before, after in _pairs(present, wanted)
        if after is not None and (change := _change(what, key, owner, before, after, names))
    ]
    return tuple(changes)


def unnamed(present: Edition | None, wanted: Edition) -> tuple[Unnamed, ...]:
    """Tell what is present and not named in ``wanted``."""
    if present is None:
        return ()
    names = Captions(present)
    return tuple(
        Unnamed(what=what, key=key, owner=owner, thing=before, name=names.of(what, before, owner))
        for what, key, owner, before, after in _pairs(present, wanted)
        if after is None
    )


def _change(what: What, key: str, owner: str, before: Any, after: Any, names: Captions) -> Change | None:
    name = names.of(what, after, owner)
    if before is None:
        return Change(verb=Verb.ADDED, what=what, key=key, owner=owner, name=name, after=after)
    kept = {key: getattr(before, key) for key in _KEPT_WHEN_BLANK if getattr(after, key, None) == ""}
    after = replace(after, **kept)
    told = {one.name: (getattr(before, one.name), getattr(after, one.name)) for one in fields(after)}
    apart = {name: (old, new) for name, (old, new) in told.items() if name not in _WHOLE and old != new}
    if not apart:
        return None
    return Change(
        verb=Verb.CHANGED, what=what, key=key, owner=owner, name=name, before=before, after=after, fields=apart
    )


def _pairs(present: Edition | None, wanted: Edition) -> list[_Pair]:
    pairs: list[_Pair] = [(What.EDITION, wanted.slug, "", present, wanted)]
    for what, collection, key in _COLLECTIONS:
        before = {key(thing): thing for thing in getattr(present, collection, ())}
        after = {key(thing): thing for thing in getattr(wanted, collection)}
        for name in [*after, *(name for name in before if name not in after)]:
            pairs.append((what, name, "", before.get(name), after.get(name)))
            pairs.extend(_dated_pairs(before.get(name), after.get(name)))
    return sorted(pairs, key=lambda pair: _ORDER[pair[0]])


def _dated_pairs(before: Any, after: Any) -> Iterator[_Pair]:
    if isinstance(after, Network):
        old = before or Network(slug=after.slug, name="")
        yield from _matched(What.MEMBERSHIP, after.slug, old.memberships, after.memberships, membership_key)
        yield from _matched(What.GUARDIANSHIP, after.slug, old.guardianships, after.guardianships, guardianship_key)
    elif isinstance(after, Person):
        yield from _matched(What.ROLE, after.email, before.roles if before else (), after.roles, role_key)


def _matched(
    what: What, owner: str, before: Iterable[DatedT], after: Iterable[DatedT], key: Key[DatedT]
) -> Iterator[_Pair]:
    for old, new in matched(before, after, key):
        one = old if old is not None else new
        if one is not None:
            yield what, _key(key(one), one), owner, old, new


def _key(parts: tuple[str, ...], entry: Dated) -> str:
    named = "/".join(part for part in parts if part)
    return f"{named}@{entry.since}" if entry.since else named
