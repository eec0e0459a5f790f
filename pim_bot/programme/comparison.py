"""What an import would do: the difference between an edition as it is and as a file wants it.

An import adds and changes, it never takes away: what the file no longer names stays, and is only told (``unnamed``).
A membership or a role ends by its last day. A channel that the file leaves open stays as it is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from pim_bot.programme.edition import DocumentPart, Edition, Goal, Guardianship, Membership, Network, Person, PersonRole
from pim_bot.programme.keys import guardianship_key, membership_key, role_key
from pim_bot.programme.periods import DatedT, Key, matched
from pim_bot.programme.sentences import FIELD_WORDS, VERB_SIGNS, shown, thing_words


class Verb(StrEnum):
    """What an import does with a thing."""

    ADDED = "added"
    CHANGED = "changed"


class What(StrEnum):
    """The kinds of things that an edition is made of."""

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
