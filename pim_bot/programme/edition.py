"""An edition of the programme as data: who is in it, which kinds of activity it has, which parts its documents have.

The same shapes come out of a programme file (``programme.file``) and out of storage, so that an import is the
difference of two editions. Slugs are the keys; dates are days in the edition's zone, ``until`` is the last day.
"""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum


class Certainty(StrEnum):
    """How sure a fact is; whatever is not ``certain`` is shown as provisional."""

    CERTAIN = "certain"
    INFERRED = "inferred"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """Where a statement comes from: addresses of pages, or the name of the presentation."""

    sources: tuple[str, ...] = ()
    certainty: Certainty = Certainty.CERTAIN
    note: str = ""


class CityKind(StrEnum):
    """What a participant is; not all of them are cities."""

    CITY = "city"
    ASSOCIATION = "association"
    FUNCTIONAL_AREA = "functional_area"
    METROPOLITAN_UNION = "metropolitan_union"


@dataclass(frozen=True, kw_only=True, slots=True)
class City(Fact):
    """A participant of the programme. ``genitive`` and ``locative`` are Polish forms („Żor”, „Żorach”)."""

    slug: str
    name: str
    kind: CityKind = CityKind.CITY
    genitive: str = ""
    locative: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DatedName:
    """A name an institution bore from one day until another (open ends are None)."""

    name: str
    abbreviation: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Institution(Fact):
    """A body that organises, advises or supports. ``side`` is mfipr, ministry, world_bank or other."""

    slug: str
    names: tuple[DatedName, ...]
    name_en: str = ""
    side: str = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Membership(Fact):
    """A city in a network, from a day until a day. ``role`` is member, partner or leader.

    ``mid`` is the title of the city's MID, or what it is about, where that is known.
    """

    city: str
    role: str = "member"
    mid: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Guardianship(Fact):
    """A guardian of a network: the institution's side, and the person (by e-mail) where one is named."""

    institution: str
    person: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Network(Fact):
    """A thematic network. ``channel`` is the name or id of its conversation in chat."""

    slug: str
    name: str
    name_en: str = ""
    also: tuple[str, ...] = ()
    type: str = ""
    topics: tuple[str, ...] = ()
    channel: str = ""
    memberships: tuple[Membership, ...] = ()
    guardianships: tuple[Guardianship, ...] = ()


class Scope(StrEnum):
    """Whom an activity of a kind is for."""

    ONE_CITY = "one_city"
    NETWORK = "network"
    ALL_NETWORKS = "all_networks"
    LOCAL = "local"

    @property
    def is_of_one_city(self) -> bool:
        """Tell whether it is between one city and its experts: not announced, and in no public calendar."""
        return self in (Scope.ONE_CITY, Scope.LOCAL)


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityKind(Fact):
    """A kind of activity with its ladder of reminders.

    ``invites`` holds sides: cities, world_bank, ministries. ``ladder`` holds leads before the start (and before the
    answer-by date), in minutes, longest first. ``all_day`` kinds span whole days (study visits).
    """

    slug: str
    name: str
    name_en: str = ""
    scope: Scope = Scope.NETWORK
    invites: tuple[str, ...] = ("cities", "world_bank", "ministries")
    ladder: tuple[int, ...] = (7 * 24 * 60, 24 * 60)
    all_day: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentPart(Fact):
    """A section of a MID or a category of a PU; ``document`` is MID or PU, ``position`` counts from 1 in each."""

    document: str
    slug: str
    name: str
    group: str = ""
    position: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Recommendation(Fact):
    """A recommendation of a finished PU: network, category (a part's slug), text, addressee if known."""

    slug: str
    network: str
    part: str
    text: str
    text_en: str = ""
    addressee: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Milestone(Fact):
    """A day (or a month, then its first day and ``precision`` month) on which something of note happened."""

    slug: str
    day: date
    text: str
    precision: str = "day"


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal(Fact):
    """A goal of the programme; number 0 is the strategic one."""

    number: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgrammeActivity(Fact):
    """An activity as a programme file tells it. Without ``first_day`` it is a fact without a date and is not planned.

    ``starts`` and ``ends`` are wall-clock times in ``zone``; without them it lasts whole days.
    """

    slug: str
    kind: str
    title: str
    networks: tuple[str, ...]
    first_day: date | None = None
    last_day: date | None = None
    starts: time | None = None
    ends: time | None = None
    zone: str = "Europe/Warsaw"
    answer_by: date | None = None
    place: str = ""
    country: str = "PL"
    hosts: tuple[str, ...] = ()
    form: str = "on_site"
    theme: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRole:
    """What a person is, where, and from when until when.

    ``role``: coordinator, guardian, expert, official or ministry. ``contact`` marks the owner of a team's duties.
    """

    role: str
    network: str = ""
    city: str = ""
    institution: str = ""
    contact: bool = False
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A person named in a programme file; the e-mail (lower case) is the key by which chat knows them."""

    email: str
    name: str
    roles: tuple[PersonRole, ...] = ()
    language: str = ""
    zone: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition(Fact):
    """One round of the programme, whole. ``contribution_reaction`` is the emoji that offers to add a message.

    ``values_days`` are the two days on which the five values are asked about, where the file tells them. ``parts`` are
    in their order; everything else is ordered by slug.
    """

    slug: str
    name: str
    name_en: str = ""
    short: str = ""
    first_day: date | None = None
    last_day: date | None = None
    zone: str = "Europe/Warsaw"
    hours_per_day: int = 8
    channel: str = ""
    contribution_reaction: str = ""
    themes: tuple[str, ...] = ()
    values_days: tuple[date, ...] = ()
    named_feedback: bool = False
    goals: tuple[Goal, ...] = ()
    institutions: tuple[Institution, ...] = ()
    cities: tuple[City, ...] = ()
    networks: tuple[Network, ...] = ()
    kinds: tuple[ActivityKind, ...] = ()
    parts: tuple[DocumentPart, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    activities: tuple[ProgrammeActivity, ...] = ()
    people: tuple[Person, ...] = field(default=())
