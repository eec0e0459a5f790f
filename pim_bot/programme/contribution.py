"""A contribution: what somebody adds to a MID or a PU, with its own text, which outlives the chat it came from."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pim_bot.programme.document import Document


class ContributionStatus(StrEnum):
    """Where a contribution stands. The document's owner accepts or returns; its author may withdraw it before."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class ContributionType(StrEnum):
    """What a contribution is."""

    IDEA = "idea"
    AGREEMENT = "agreement"
    DATA = "data"
    PRACTICE = "practice"
    PROBLEM = "problem"
    RECOMMENDATION = "recommendation"
    COMMENT = "comment"


class Circle(StrEnum):
    """Who may read a contribution: a city with its World Bank experts, everybody of the network, the programme."""

    CITY = "city"
    NETWORK = "network"
    PROGRAMME = "programme"


class Source(StrEnum):
    """Where a contribution comes from."""

    MESSAGE = "message"
    SESSION = "session"
    ACTIVITY = "activity"
    FORM = "form"
    WEB = "web"


class Consent(StrEnum):
    """Whether the author of a private message agreed that it reaches a wider circle."""

    NOT_NEEDED = "not-needed"
    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceMessage:
    """A message of the chat from which something is taken: where it stands and which user of chat wrote it.

    A reply in a thread is a message of its own. ``by_bot`` tells that nobody wrote it. ``is_private`` tells that not
    everybody of the workspace can read it where it stands.
    """

    team_id: str
    channel_id: str
    ts: str
    author_team: str = ""
    author_user: str = ""
    by_bot: bool = False
    is_private: bool = True
    link: str = ""

    @property
    def key(self) -> str:
        """The one name of the message, however it was come by."""
        return f"slack:{self.team_id}/{self.channel_id}/{self.ts}"


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkedMessage:
    """A message that a member marked with the edition's reaction; a reply in a thread is a message of its own."""

    team_id: str
    channel_id: str
    ts: str
    member_id: str
    marked_at: datetime

    @property
    def key(self) -> str:
        """The one name of the message, as ``SourceMessage`` has it."""
        return SourceMessage(team_id=self.team_id, channel_id=self.channel_id, ts=self.ts).key


@dataclass(frozen=True, kw_only=True, slots=True)
class ContributionDraft:
    """What a person fills in. ``part`` is the slug of a section or category; ``people`` are ids of those credited.

    ``source_key`` names the one thing it was taken from (``slack:<team>/<channel>/<ts>``, ``session:<id>/<city>``); two
    contributions of one source are one. ``source_link`` is where it can be looked up. ``consent_from`` is the chat user
    (``<team>/<user>``) who has to agree.
    """

    document: Document
    part: str
    type: ContributionType
    text: str
    justification: str = ""
    addressee: str = ""
    people: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    link: str = ""
    circle: Circle = Circle.NETWORK
    source: Source = Source.FORM
    source_key: str = ""
    source_link: str = ""
    consent: Consent = Consent.NOT_NEEDED
    consent_from: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contribution(ContributionDraft):
    """A contribution that is kept. ``author`` is the member who wrote it, ``logged_by`` whoever put it in.

    ``newer_text`` is what the source says since it was edited, until somebody takes it over; ``source_gone_at`` is when
    the source was deleted, None while it stands or where the hub cannot know.
    """

    id: str
    author: str
    logged_by: str
    status: ContributionStatus = ContributionStatus.PROPOSED
    revision: int = 1
    logged_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    newer_text: str = ""
    source_gone_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for the document's owner, and for nobody before."""
        return self.status is ContributionStatus.PROPOSED and not self.is_withheld

    @property
    def is_withheld(self) -> bool:
        """Tell whether the author of the private message has not agreed, or not yet, that others read it."""
        return self.consent in (Consent.ASKED, Consent.REFUSED)

    @property
    def own(self) -> frozenset[str]:
        """The members whose own words it is: who wrote it, and who put it in."""
        return frozenset({self.author, self.logged_by.removeprefix("member:")}) - {""}
