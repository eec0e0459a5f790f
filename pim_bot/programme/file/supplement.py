"""Putting a supplement (channels, guardians, activities, people) together with the edition that it supplements."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from pim_bot.programme.edition import Edition, Network, Person
from pim_bot.programme.keys import guardianship_key, role_key
from pim_bot.programme.periods import merged

T = TypeVar("T")


def supplemented(edition: Edition, supplement: Edition) -> Edition:
    """Add what the supplement tells; where both tell of one thing, the supplement is right, and nothing is lost."""
    return replace(
        edition,
        channel=supplement.channel or edition.channel,
        networks=_joined(edition.networks, supplement.networks, lambda network: network.slug, _network),
        activities=_joined(edition.activities, supplement.activities, lambda activity: activity.slug, _newer),
        people=_joined(edition.people, supplement.people, lambda person: person.email, _person),
    )


def _joined(
    before: tuple[T, ...], after: tuple[T, ...], key: Callable[[T], str], both: Callable[[T, T], T]
) -> tuple[T, ...]:
    things = {key(thing): thing for thing in before}
    for thing in after:
        things[key(thing)] = both(things[key(thing)], thing) if key(thing) in things else thing
    return tuple(things[name] for name in sorted(things))


def _newer(_before: T, after: T) -> T:
    return after


def _network(before: Network, after: Network) -> Network:
    guardianships = merged(before.guardianships, after.guardianships, guardianship_key)
    return replace(before, channel=after.channel or before.channel, guardianships=guardianships)


def _person(before: Person, after: Person) -> Person:
    return replace(
        after,
        roles=merged(before.roles, after.roles, role_key),
        language=after.language or before.language,
        zone=after.zone or before.zone,
    )
