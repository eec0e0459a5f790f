"""The Home tab as a work list: what waits for a person first, then what comes, and where they belong.

It is delivered as everything else is: it stands before the person from the first look on, and is refreshed whenever
something in it may have changed. It is made from the present state when it goes out.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from pim_bot.events import catalogue as happened
from pim_bot.events.event import Event, RecordedEvent
from pim_bot.notifications.arranging import sides_of
from pim_bot.notifications.audience import audience_of
from pim_bot.notifications.contributions import owners_of
from pim_bot.notifications.feedback import asked_about, people_of
from pim_bot.notifications.intent import Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.notifications.waiting import Assigned, Waiting, assignments_of, waiting_for
from pim_bot.programme.assignment import AssignmentStatus
from pim_bot.programme.budget import days_used
from pim_bot.programme.card import ActivityCard, cards_of
from pim_bot.programme.circles import place_of
from pim_bot.programme.contributing import documents_of
from pim_bot.programme.contribution import ContributionStatus
from pim_bot.programme.contribution_card import DocumentName, names_of
from pim_bot.programme.document import Document, DocumentKind
from pim_bot.programme.edition import Network
from pim_bot.programme.people import Actor, Member, RoleName
from pim_bot.programme.permissions import Action, can, rights_of

MOST_COMING = 5
AHEAD = timedelta(days=365)
MOST_DOCUMENTS = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a document is: of ``parts`` so many hold something accepted, and so many contributions wait."""

    name: DocumentName
    parts: int
    begun: int
    waiting: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """Everything a Home tab shows. ``networks`` come with the names of their guardians, ``used`` is days by assignment.

    ``ahead`` is what comes in those networks, for whoever is invited to nothing: who coordinates sees the programme.
    ``rights`` are what the person may do that not everybody may.
    """

    member: Member
    waiting: Waiting
    ahead: tuple[ActivityCard, ...] = ()
    networks: tuple[tuple[Network, tuple[str, ...]], ...] = ()
    documents: tuple[Progress, ...] = ()
    assignments: tuple[Assigned, ...] = ()
    used: Mapping[str, float] = field(default_factory=dict)
    rights: frozenset[Action] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to show but what to do first."""
        return not (self.waiting.total or self.waiting.coming or self.ahead or self.networks or self.assignments)


async def compose_home(work: NotificationWork, member: Member, now: datetime) -> Home:
    """Read everything that a member's Home tab shows."""
    day = member.day_of(now)
    edition = await work.editions.in_force(day)
    waiting = await waiting_for(work, member, now, shown=MOST_COMING)
    if edition is None:
        return Home(member=member, waiting=waiting)
    assignments = await assignments_of(work, member, now, AssignmentStatus.ACCEPTED)
    networks = await _networks(work, member, edition.slug, day)
    slugs = [one.slug for one, _ in networks]
    return Home(
        member=member,
        waiting=waiting,
        ahead=() if waiting.coming or not slugs else tuple(await _ahead(work, edition.slug, slugs, now)),
        networks=tuple(networks),
        documents=tuple(await _documents(work, member, edition.slug, day)),
        assignments=tuple(assignments),
        used=await _days_used(work, member, edition.slug) if assignments else {},
        rights=rights_of(member, edition.slug, day),
    )


async def _days_used(work: NotificationWork, member: Member, edition: str) -> dict[str, float]:
    """Tell the days used of each of the member's assignments; those that ended had their share, too."""
    kept = await work.assignments.of_edition(edition)
    return await days_used(work, edition, [one for one in kept if one.member_id == member.id])


async def _ahead(work: NotificationWork, edition: str, networks: list[str], now: datetime) -> list[ActivityCard]:
    """Tell what comes in these networks; advice to one city is nobody else's matter."""
    alone = {kind.slug for kind in await work.editions.kinds(edition) if kind.scope.is_of_one_city}
    found = await work.activities.between(edition, now, now + AHEAD, networks=networks)
    shown = [one for one in found if one.is_open and one.starts_at > now and one.kind not in alone]
    return await cards_of(work, shown[:MOST_COMING])


async def _networks(
    work: NotificationWork, member: Member, edition: str, day: date
) -> list[tuple[Network, tuple[str, ...]]]:
    networks = [one for one in await work.editions.networks(edition) if _belongs_to(member, one.slug, edition, day)]
    people = await work.people.in_networks(edition, [one.slug for one in networks], day) if networks else []
    return [
        (one, tuple(p.name for p in people if p.has_role(RoleName.GUARDIAN, day, network=one.slug))) for one in networks
    ]


async def _documents(work: NotificationWork, member: Member, edition: str, day: date) -> list[Progress]:
    """Tell how far the documents are that the person works on: the MIDs they may read, the PUs of their networks."""
    mine = [one for one in await documents_of(work, edition, day) if _works_on(member, one, day)][:MOST_DOCUMENTS]
    if not mine:
        return []
    parts = await work.editions.parts(edition)
    counted = await work.contributions.counted(edition, sorted({one.network for one in mine}))
    return [
        _progress(name, sum(one.document == name.document.kind for one in parts), counted.get(name.document, {}))
        for name in await names_of(work, mine)
    ]


def _works_on(member: Member, document: Document, day: date) -> bool:
    actor = Actor(door="reaction", member=member)
    if document.kind is DocumentKind.MID:
        return can(actor, Action.LOG_CONTRIBUTION, place_of(document), day=day)
    return _belongs_to(member, document.network, document.edition, day)


def _belongs_to(member: Member, network: str, edition: str, day: date) -> bool:
    """Tell whether a network is a person's own; to whoever coordinates the programme all are."""
    roles = [one for one in member.in_edition(edition).roles if one.holds_on(day)]
    return any(one.network == network or one.name is RoleName.COORDINATOR for one in roles)


def _progress(name: DocumentName, parts: int, counted: Mapping[tuple[str, ContributionStatus], int]) -> Progress:
    return Progress(
        name=name,
        parts=parts,
        begun=len({part for part, status in counted if status is ContributionStatus.ACCEPTED}),
        waiting=sum(n for (_, status), n in counted.items() if status is ContributionStatus.PROPOSED),
    )


async def show_home(work: NotificationWork, member: Member, team_id: str, user_id: str, *, now: datetime) -> None:
    """Show a member their Home tab, and keep it up to date from now on."""
    recipient = await work.recipients.home(member.id, team_id, user_id)
    await work.outbox.stands(recipient, Kind.HOME, f"home:{member.id}", conversation=user_id, at=now)
    await work.outbox.refresh_homes([member.id], at=now)


async def refresh_homes(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Show anew the Home tabs in which something may be different now."""
    members = {recorded.actor.removeprefix("member:")} if recorded.actor.startswith("member:") else set()
    members |= await _concerned(work, recorded.event, recorded.at)
    await work.outbox.refresh_homes(sorted(members), at=recorded.at)


async def _concerned(work: NotificationWork, event: Event, now: datetime) -> set[str]:
    """Tell whose list of work an event may change."""
    who = next((who for kind, who in _CONCERNED.items() if isinstance(event, kind)), None)
    return await who(work, event, now) if who else set()


async def _of_activity(work: NotificationWork, event: Any, now: datetime) -> set[str]:
    activity = await work.activities.get(event.activity_id)
    if activity is None:
        return set()
    coordinators = await work.people.coordinators(activity.edition, now.date())
    return {one.member.id for one in await audience_of(work, activity)} | {one.id for one in coordinators}


async def _of_assignment(work: NotificationWork, event: Any, now: datetime) -> set[str]:
    assignment = await work.assignments.get(event.assignment_id)
    return {assignment.member_id} if assignment else set()


async def _of_round(work: NotificationWork, event: Any, now: datetime) -> set[str]:
    asked = await asked_about(work, event.about)
    return {one.id for one in await people_of(work, asked, now)} if asked else set()


async def _of_member(work: NotificationWork, event: Any, now: datetime) -> set[str]:
    return {event.member_id}


async def _of_session(work: NotificationWork, event: Any, now: datetime) -> set[str]:
    session = await work.sessions.get(event.session_id)
    return set(session.experts) if session else set()


async def _of_request(work: NotificationWork, event: Any, now: datetime) -> set[str]:
    request = await work.session_requests.get(event.request_id)
    return {one.id for one in await sides_of(work, request, now)} if request else set()


async def _of_contribution(work: NotificationWork, event: Any, now: datetime) -> set[str]:
    contribution = await work.contributions.get(event.contribution_id)
    if contribution is None:
        return set()
    return {one.id for one in await owners_of(work, contribution.document, now)} | contribution.own


async def _of_topics(work: NotificationWork, event: Any, now: datetime) -> set[str]:
    activity = await work.activities.get(event.activity_id)
    teams = await work.people.teams(activity.edition, activity.networks, activity.first_day) if activity else []
    return {member.id for team in teams for member in team.members}


async def _of_bulletin(work: NotificationWork, event: Any, now: datetime) -> set[str]:
    return set(await work.bulletins.readers(event.bulletin_id)) if isinstance(event, happened.BulletinSent) else set()


_CONCERNED: Mapping[type[Event], Callable[[NotificationWork, Any, datetime], Awaitable[set[str]]]] = {
    happened.ActivityEvent: _of_activity,
    happened.AttendanceEvent: _of_activity,
    happened.AssignmentEvent: _of_assignment,
    happened.PooledFeedbackEvent: _of_round,
    happened.MemberEvent: _of_member,
    happened.TeamChanged: _of_member,
    happened.SessionEvent: _of_session,
    happened.SessionRequestEvent: _of_request,
    happened.ContributionEvent: _of_contribution,
    happened.TopicsEvent: _of_topics,
    happened.BulletinEvent: _of_bulletin,
}
