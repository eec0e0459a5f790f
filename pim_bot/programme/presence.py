"""Presence: who of those who were expected came to an activity, and who came besides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby

OTHERS = "others"
"""Stands for an invitation where people came whom nobody had registered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Presence:
    """Who came of one invitation; a row is there once it was marked, with nobody in it if nobody came."""

    activity_id: str
    invitee: str
    people: tuple[str, ...] = ()
    marked_by: str = ""
    marked_at: datetime
    revision: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """A person who was to come. ``key`` names them in a form without their name; ``came`` is None until marked."""

    invitee: str
    name: str
    came: bool | None = None

    @property
    def key(self) -> str:
        """A short name of this person at this activity."""
        return sha256(f"{self.invitee}\n{self.name}".encode()).hexdigest()[:20]


def pages_of(roster: Sequence[Expected], *, most: int) -> list[list[Expected]]:
    """Split a list into pages of so many people, without splitting a team; an empty list is one empty page."""
    pages: list[list[Expected]] = [[]]
    for _, team in groupby(roster, key=lambda one: one.invitee):
        people = list(team)
        if pages[-1] and len(pages[-1]) + len(people) > most:
            pages.append([])
        pages[-1] += people
    return pages
