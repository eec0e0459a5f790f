"""What the domain needs from storage, and no more. One unit of work is one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from pim_bot.events.event import Event
from pim_bot.programme.activity import Activity, Attendance
from pim_bot.programme.assignment import ExpertAssignment
from pim_bot.programme.bulletin import Bulletin
from pim_bot.programme.contribution import Contribution, ContributionStatus, MarkedMessage
from pim_bot.programme.document import Document
from pim_bot.programme.edition import (
    ActivityKind,
    City,
    DocumentPart,
    Institution,
    Membership,
    Network,
    Recommendation,
)
from pim_bot.programme.introduction import Introduction
from pim_bot.programme.material import Material
from pim_bot.programme.people import Actor, Member, Role, Team
from pim_bot.programme.presence import Presence
from pim_bot.programme.questions.question import Counted
from pim_bot.programme.report import ActivityReport
from pim_bot.programme.session import AdvisorySession, SessionRequest, Spent, Tally
from pim_bot.programme.topic import TopicRound
from pim_bot.programme.visiting_card import VisitingCard


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionInForce:
    """The few facts of an edition that everyday work needs."""

    slug: str
    name: str
    name_en: str = ""
    zone: str = "Europe/Warsaw"
    hours_per_day: int = 8
    channel: str = ""
    contribution_reaction: str = ""
    themes: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    values_days: tuple[date, ...] = ()
    named_feedback: bool = False


class Editions(Protocol):
    """The editions and what belongs to them as data."""

    async def in_force(self, day: date) -> EditionInForce | None:
        """Tell the edition that runs on that day, else the latest one begun, else the first to come."""

    async def get(self, slug: str) -> EditionInForce | None: ...

    async def kinds(self, edition: str) -> list[ActivityKind]: ...

    async def kind(self, edition: str, slug: str) -> ActivityKind | None: ...

    async def networks(self, edition: str) -> list[Network]:
        """Tell the networks without their memberships."""

    async def cities(self, edition: str) -> list[City]: ...

    async def parts(self, edition: str) -> list[DocumentPart]:
        """Tell the sections of a MID and the categories of a PU, in their order."""

    async def institutions(self, edition: str) -> list[Institution]: ...

    async def city_networks(self, edition: str, city: str, day: date) -> list[str]:
        """Tell the networks a city belongs to on that day."""

    async def cities_of(self, edition: str, networks: Sequence[str], day: date) -> list[tuple[str, str]]:
        """Tell (network, city) of every membership in force on that day."""

    async def known(self) -> list[EditionInForce]:
        """Tell every edition, the first first."""

    async def memberships(self, edition: str) -> list[tuple[str, Membership]]:
        """Tell every membership there ever was in an edition, with its network."""

    async def recommendations(self, edition: str) -> list[Recommendation]:
        """Tell the recommendations of an edition's finished PUs."""


class Activities(Protocol):
    """Activities on the calendar."""

    async def get(self, activity_id: str) -> Activity | None: ...

    async def many(self, activity_ids: Iterable[str]) -> dict[str, Activity]:
        """Tell several activities, by id."""

    async def add(self, activity: Activity) -> None: ...

    async def save(self, activity: Activity) -> None:
        """Keep a changed activity; its revision must be one above what is kept, else ``StaleForm``."""

    async def between(
        self, edition: str, since: datetime, until: datetime, *, networks: Sequence[str] | None = None
    ) -> list[Activity]:
        """Tell the activities that overlap the span, by start; ``networks`` None means all."""


class Attendances(Protocol):
    """Invitations and the answers to them."""

    async def invite(self, activity_id: str, invitees: Sequence[str]) -> None:
        """Add invitations; those that are there already stay as they are."""

    async def of(self, activity_id: str) -> list[Attendance]: ...

    async def of_many(self, activity_ids: Sequence[str]) -> dict[str, list[Attendance]]:
        """Tell the invitations of several activities, by activity."""

    async def get(self, activity_id: str, invitee: str) -> Attendance | None: ...

    async def save(self, attendance: Attendance) -> None: ...

    async def of_invitees(self, invitees: Sequence[str], since: datetime) -> list[tuple[Activity, Attendance]]:
        """Tell the invitations of these invitees to activities that end after ``since``, by start."""


class Presences(Protocol):
    """Who came."""

    async def of(self, activity_id: str) -> list[Presence]: ...

    async def of_many(self, activity_ids: Sequence[str]) -> dict[str, list[Presence]]:
        """Tell what was marked of several activities, by activity."""

    async def save(self, presences: Sequence[Presence]) -> None: ...


class Reports(Protocol):
    """Reports on activities that are over."""

    async def get(self, activity_id: str) -> ActivityReport | None: ...

    async def save(self, report: ActivityReport) -> None: ...


class People(Protocol):
    """Members and what they are."""

    async def get(self, member_id: str) -> Member | None: ...

    async def many(self, member_ids: Sequence[str]) -> list[Member]: ...

    async def by_chat_user(self, team_id: str, user_id: str) -> Member | None:
        """Tell who a user of chat is; the only question that also finds whoever limited the use of their data."""

    async def teams(self, edition: str, networks: Sequence[str], day: date) -> list[Team]:
        """Tell the teams of these networks' cities, with their members on that day (a team may have none)."""

    async def teams_on(self, edition: str, networks: Sequence[str], days: Sequence[date]) -> dict[date, list[Team]]:
        """Tell the teams as they are on each of these days."""

    async def in_networks(self, edition: str, networks: Sequence[str], day: date) -> list[Member]:
        """Tell guardians, experts and ministry people of these networks on that day."""

    async def coordinators(self, edition: str, day: date) -> list[Member]: ...

    async def experts(self, edition: str, day: date) -> list[Member]: ...

    async def everybody(self, edition: str, day: date) -> list[Member]:
        """Tell who has any role in the edition on that day."""

    async def by_email(self, email: str) -> Member | None: ...

    async def enrolled(self, edition: str, network: str, city: str, day: date) -> list[Member]:
        """Tell who is in a city's team on that day, or will be."""

    async def enrol(self, email: str, name: str, role: Role) -> str:
        """Give the person with that e-mail a role, made where there was none (their name stays); tells the id."""

    async def change_role(self, member_id: str, before: Role, after: Role) -> None:
        """Put one role of a member in the place of another."""

    async def prefer(self, member: Member) -> None:
        """Keep the language, the zone and the preferences that a member chose."""


class VisitingCards(Protocol):
    """What people offer to help with."""

    async def get(self, member_id: str) -> VisitingCard | None: ...

    async def of(self, member_ids: Sequence[str]) -> list[VisitingCard]:
        """Tell the cards of these members, in the order of their ids."""

    async def save(self, card: VisitingCard) -> None: ...

    async def take_away(self, member_id: str) -> None: ...


class Introductions(Protocol):
    """What people who stand on no list say of themselves."""

    async def get(self, visitor: str) -> Introduction | None: ...

    async def save(self, introduction: Introduction) -> None:
        """Keep an introduction in the place of the one before; the ``account`` is the chat's and is not kept."""

    async def tie(self, visitor: str, member_id: str) -> None:
        """Keep that this user of chat is that member, who is reached there if there was no way to them before."""


class Assignments(Protocol):
    """Experts' assignments."""

    async def get(self, assignment_id: str) -> ExpertAssignment | None: ...

    async def many(self, assignment_ids: Sequence[str]) -> list[ExpertAssignment]: ...

    async def add(self, assignment: ExpertAssignment) -> None: ...

    async def save(self, assignment: ExpertAssignment) -> None: ...

    async def of_edition(self, edition: str) -> list[ExpertAssignment]: ...


class Contributions(Protocol):
    """What was added to MIDs and PUs."""

    async def get(self, contribution_id: str) -> Contribution | None: ...

    async def many(self, contribution_ids: Sequence[str]) -> dict[str, Contribution]:
        """Tell several contributions, by id."""

    async def by_source(self, source_key: str) -> Contribution | None:
        """Tell the one contribution that was taken from this source."""

    async def of_document(self, document: Document) -> list[Contribution]:
        """Tell everything that was added to a document, the oldest first."""

    async def waiting(self, edition: str) -> list[Contribution]:
        """Tell everything in an edition that waits for a document's owner, the oldest first."""

    async def of_editions(self, editions: Sequence[str]) -> list[Contribution]:
        """Tell everything that was added to the documents of these editions, the oldest first."""

    async def counted(
        self, edition: str, networks: Sequence[str]
    ) -> dict[Document, dict[tuple[str, ContributionStatus], int]]:
        """Tell how many contributions each document of these networks has, by part and status.

        Those withheld are not counted.
        """

    async def add(self, contribution: Contribution) -> None: ...

    async def save(self, contribution: Contribution) -> None:
        """Keep a changed contribution; its revision must be one above what is kept, else ``StaleForm``."""


class Sessions(Protocol):
    """Advisory sessions that were logged."""

    async def get(self, session_id: str) -> AdvisorySession | None: ...

    async def of_activity(self, activity_id: str) -> AdvisorySession | None:
        """Tell the session that was logged of an activity."""

    async def logged(self, activity_ids: Sequence[str]) -> set[str]:
        """Tell which of these activities were logged as sessions, held or not."""

    async def on_day(self, edition: str, expert: str, day: date) -> list[AdvisorySession]:
        """Tell an expert's sessions of a day."""

    async def latest(self, edition: str, cities: Sequence[str], limit: int) -> list[AdvisorySession]:
        """Tell the latest sessions with any of these cities that took place, the newest first."""

    async def cities_advised(self, edition: str, network: str, first: date, last: date) -> set[str]:
        """Tell the cities that had a session in that network which took place on one of these days."""

    async def spent(self, edition: str, experts: Sequence[str]) -> list[Spent]:
        """Tell what these experts spent on cities, each city's equal share of every session."""

    async def tally(self, edition: str) -> dict[str, Tally]:
        """Tell of each city how many sessions it had, how long, and when the last one was."""

    async def add(self, session: AdvisorySession) -> None: ...

    async def save(self, session: AdvisorySession) -> None:
        """Keep a changed session; its revision must be one above what is kept, else ``StaleForm``."""


class SessionRequests(Protocol):
    """Requests for advisory sessions."""

    async def get(self, request_id: str) -> SessionRequest | None: ...

    async def open_in(self, edition: str) -> list[SessionRequest]:
        """Tell the requests of an edition that wait for either side, the oldest first."""

    async def add(self, request: SessionRequest) -> None: ...

    async def save(self, request: SessionRequest) -> None:
        """Keep a changed request; its revision must be one above what is kept, else ``StaleForm``."""


class Questions(Protocol):
    """How often what was asked for."""

    async def count(self, month: str, meaning: str, heard: str) -> None:
        """Add one."""

    async def counted(self, since: str) -> list[Counted]:
        """Tell the counts of that month and all later ones."""


class Topics(Protocol):
    """Topics that cities choose together."""

    async def get(self, activity_id: str) -> TopicRound | None: ...

    async def many(self, activity_ids: Iterable[str]) -> dict[str, TopicRound]:
        """Tell the rounds of several activities, by activity."""

    async def add(self, found: TopicRound) -> None: ...

    async def save(self, found: TopicRound) -> None:
        """Keep a changed round; its revision must be one above what is kept, else ``StaleForm``."""


class Bulletins(Protocol):
    """Bulletins, and who has read them."""

    async def get(self, bulletin_id: str) -> Bulletin | None: ...

    async def add(self, bulletin: Bulletin, readers: Sequence[str]) -> None:
        """Keep a bulletin for these members; none of them has read it."""

    async def readers(self, bulletin_id: str) -> dict[str, datetime | None]:
        """Tell the members it is for, and when each has read it."""

    async def unread(self, member_id: str, since: datetime) -> list[Bulletin]:
        """Tell what was sent to a member since then and not marked as read, the oldest first."""

    async def read(self, bulletin_id: str, member_id: str, *, at: datetime) -> None: ...


class Materials(Protocol):
    """What belongs to activities: presentations, recordings, things to read."""

    async def get(self, material_id: str) -> Material | None: ...

    async def of(self, activity_id: str) -> list[Material]:
        """Tell the materials of an activity, the oldest first."""

    async def of_edition(self, edition: str) -> list[Material]:
        """Tell the materials of all activities of an edition, the oldest first."""

    async def add(self, material: Material) -> None: ...

    async def remove(self, material_id: str) -> None: ...


class MarkedMessages(Protocol):
    """Messages that somebody marked to be added, and whose words are still to be read."""

    async def mark(self, one: MarkedMessage) -> bool:
        """Keep one until it is read; tells False for one that waits already."""


class ProgrammeWork(Protocol):
    """One transaction as the domain sees it."""

    @property
    def editions(self) -> Editions: ...
    @property
    def activities(self) -> Activities: ...
    @property
    def attendances(self) -> Attendances: ...
    @property
    def presences(self) -> Presences: ...
    @property
    def reports(self) -> Reports: ...
    @property
    def people(self) -> People: ...
    @property
    def visiting_cards(self) -> VisitingCards: ...
    @property
    def introductions(self) -> Introductions: ...
    @property
    def assignments(self) -> Assignments: ...
    @property
    def contributions(self) -> Contributions: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def session_requests(self) -> SessionRequests: ...
    @property
    def questions(self) -> Questions: ...
    @property
    def marked(self) -> MarkedMessages: ...
    @property
    def topics(self) -> Topics: ...
    @property
    def bulletins(self) -> Bulletins: ...
    @property
    def materials(self) -> Materials: ...

    async def hold(self, subject: str, *, changes: bool = True) -> None:
        """Keep everybody else from changing a subject until this transaction ends; what is read after it is current.

        How it is now goes into the audit as the state before the act, unless the act ``changes`` something else.
        """

    def record(self, event: Event, *, actor: Actor, at: datetime) -> None:
        """Write the event, its reactions and its audit row together with the change."""

    def act(self, action: str, subject: str, *, actor: Actor, at: datetime) -> None:
        """Write one audit row for everything this actor does in this transaction, whatever events come of it."""
