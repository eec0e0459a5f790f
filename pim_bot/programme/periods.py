"""Things that hold from one day until another: which of them are the same thing told twice.

Two entries with the same key whose periods overlap cannot both be true, so they are one thing, told with other dates;
entries whose periods lie apart are two things (a city that left and came back).
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Generic, Protocol, TypeVar


class Dated(Protocol):
    """Holds from ``since`` until ``until``, both days included; None is an open end."""

    @property
    def since(self) -> date | None:
        """The first day."""

    @property
    def until(self) -> date | None:
        """The last day."""


DatedT = TypeVar("DatedT", bound=Dated)
Key = Callable[[DatedT], tuple[str, ...]]


def overlap(one: Dated, other: Dated) -> bool:
    """Tell whether there is a day on which both hold."""
    return _starts_by_end_of(one, other) and _starts_by_end_of(other, one)


def _starts_by_end_of(one: Dated, other: Dated) -> bool:
    return one.since is None or other.until is None or one.since <= other.until


def same(one: DatedT, other: DatedT, key: Key[DatedT]) -> bool:
    """Tell whether two entries speak of one thing."""
    return key(one) == key(other) and overlap(one, other)


def matched(
    before: Iterable[DatedT], after: Iterable[DatedT], key: Key[DatedT]
) -> list[tuple[DatedT | None, DatedT | None]]:
    """Pair the entries of two lists that speak of one thing; what has no counterpart is paired with None.

    Equal entries find each other first, so that a correction of one period never takes another's partner.
    """
    wanted = list(after)
    old = list(before)
    partners = {index: entry for index, entry in enumerate(wanted) if entry in old}
    for entry in partners.values():
        if entry in old:
            old.remove(entry)
    for index, entry in enumerate(wanted):
        found = None if index in partners else next((one for one in old if same(one, entry, key)), None)
        if found is not None:
            partners[index] = found
            old.remove(found)
    pairs: list[tuple[DatedT | None, DatedT | None]] = [
        (partners.get(index), entry) for index, entry in enumerate(wanted)
    ]
    return pairs + [(entry, None) for entry in old]


def merged(before: Iterable[DatedT], after: Iterable[DatedT], key: Key[DatedT]) -> tuple[DatedT, ...]:
    """Put two lists together; where both speak of one thing, ``after`` is right."""
    wanted = list(after)
    unmatched = [old for old, new in matched(before, wanted, key) if old is not None and new is None]
    return in_order([*wanted, *unmatched], key)


class Seen(Generic[DatedT]):
    """Remembers entries, so that a thing told twice is noticed."""

    def __init__(self, key: Key[DatedT]) -> None:
        self._key = key
        self._entries: dict[tuple[str, ...], list[DatedT]] = {}

    def repeats(self, entry: DatedT) -> bool:
        """Tell whether the entry speaks of a thing that was told before, and remember it."""
        before = self._entries.setdefault(self._key(entry), [])
        told = any(overlap(entry, other) for other in before)
        before.append(entry)
        return told


def in_order(entries: Iterable[DatedT], key: Key[DatedT]) -> tuple[DatedT, ...]:
    """Put entries in the order in which they are kept: by key, then by their first day."""
    return tuple(sorted(entries, key=lambda entry: (key(entry), entry.since or date.min)))
