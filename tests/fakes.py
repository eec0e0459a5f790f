"""In-memory fakes of the ports: dictionaries inside, the whole state comparable with ``==``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from pim_bot.errors import StaleForm
from pim_bot.events.event import Event
from pim_bot.notifications.intent import DueItem, Intent, Kind, Operation, Run
from pim_bot.notifications.ports import Failure
from pim_bot.programme.activity import Activity, Attendance
from pim_bot.programme.assignment import ExpertAssignment
from pim_bot.programme.bulletin import Bulletin
from pim_bot.programme.contribution import Contribution, ContributionStatus, MarkedMessage
from pim_bot.programme.document import Document
from pim_bot.programme.dropping import DroppedFile
from pim_bot.programme.edition import ActivityKind, City, DocumentPart, Institution, Membership, Network, Recommendation
from pim_bot.programme.feedback import FeedbackAnswer, FeedbackResult, FeedbackRound
from pim_bot.programme.introduction import Introduction
from pim_bot.programme.material import Material
from pim_bot.programme.people import Actor, Member, Role, RoleName, Team
from pim_bot.programme.people_lists import PeopleList
from pim_bot.programme.ports import EditionInForce
from pim_bot.programme.presence import Presence
from pim_bot.programme.questions.question import Counted
from pim_bot.programme.report import ActivityReport
from pim_bot.programme.session import AdvisorySession, SessionRequest, SessionStatus, Spent, Tally
from pim_bot.programme.topic import TopicRound
from pim_bot.programme.visiting_card import VisitingCard

Recorded = tuple[Event, str, datetime]


def _holds(one: Membership, day: date) -> bool:
    return (one.since is None or one.since <= day) and (one.until is None or day <= one.until)


@dataclass(kw_only=True)
class FakeEditions:
    """Implements ``programme.ports.Editions`` for one edition."""

    edition: EditionInForce
    kinds_by_slug: dict[str, ActivityKind] = field(default_factory=dict)
    networks_by_slug: dict[str, Network] = field(default_factory=dict)
    cities_by_slug: dict[str, City] = field(default_factory=dict)
    parts_in_order: Sequence[DocumentPart] = ()
    institutions_by_slug: dict[str, Institution] = field(default_factory=dict)
    recommendations_in_order: Sequence[Recommendation] = ()

    async def in_force(self, day: date) -> EditionInForce | None:
        return self.edition

    async def get(self, slug: str) -> EditionInForce | None:
        return self.edition if slug == self.edition.slug else None

    async def kinds(self, edition: str) -> list[ActivityKind]:
        return list(self.kinds_by_slug.values())

    async def kind(self, edition: str, slug: str) -> ActivityKind | None:
        return self.kinds_by_slug.get(slug) if edition == self.edition.slug else None

    async def parts(self, edition: str) -> list[DocumentPart]:
        return list(self.parts_in_order)

    async def institutions(self, edition: str) -> list[Institution]:
        return list(self.institutions_by_slug.values())

    async def networks(self, edition: str) -> list[Network]:
        return [replace(self.networks_by_slug[slug], memberships=()) for slug in sorted(self.networks_by_slug)]

    async def cities(self, edition: str) -> list[City]:
        return [self.cities_by_slug[slug] for slug in sorted(self.cities_by_slug)]

    async def city_networks(self, edition: str, city: str, day: date) -> list[str]:
        places = await self.cities_of(edition, list(self.networks_by_slug), day)
        return [network for network, member in places if member == city]

    async def known(self) -> list[EditionInForce]:
        return [self.edition]

    async def memberships(self, edition: str) -> list[tuple[str, Membership]]:
        mine = self.networks_by_slug.values() if edition == self.edition.slug else ()
        return [(network.slug, one) for network in mine for one in network.memberships]

    async def recommendations(self, edition: str) -> list[Recommendation]:
        return list(self.recommendations_in_order) if edition == self.edition.slug else []

    async def cities_of(self, edition: str, networks: Sequence[str], day: date) -> list[tuple[str, str]]:
        return sorted(
            (slug, one.city)
            for slug, network in self.networks_by_slug.items()
            if slug in networks
            for one in network.memberships
            if _holds(one, day)
        )


@dataclass
class FakeActivities:
    """Implements ``programme.ports.Activities``."""

    by_id: dict[str, Activity] = field(default_factory=dict)

    async def get(self, activity_id: str) -> Activity | None:
        return self.by_id.get(activity_id)

    async def many(self, activity_ids: Iterable[str]) -> dict[str, Activity]:
        return {one: self.by_id[one] for one in activity_ids if one in self.by_id}

    async def add(self, activity: Activity) -> None:
        assert activity.id not in self.by_id
        self.by_id[activity.id] = activity

    async def save(self, activity: Activity) -> None:
        if self.by_id[activity.id].revision != activity.revision - 1:
            raise StaleForm("stale")
        self.by_id[activity.id] = activity

    async def between(
        self, edition: str, since: datetime, until: datetime, *, networks: Sequence[str] | None = None
    ) -> list[Activity]:
        found = [
            one
            for one in self.by_id.values()
            if one.edition == edition
            and one.starts_at < until
            and one.ends_at > since
            and (networks is None or set(networks) & set(one.networks))
        ]
        return sorted(found, key=lambda one: (one.starts_at, one.id))


@dataclass
class FakeAttendances:
    """Implements ``programme.ports.Attendances``."""

    activities: FakeActivities
    by_key: dict[tuple[str, str], Attendance] = field(default_factory=dict)

    async def invite(self, activity_id: str, invitees: Sequence[str]) -> None:
        for invitee in invitees:
            self.by_key.setdefault((activity_id, invitee), Attendance(activity_id=activity_id, invitee=invitee))

    async def of(self, activity_id: str) -> list[Attendance]:
        return [self.by_key[key] for key in sorted(self.by_key) if key[0] == activity_id]

    async def of_many(self, activity_ids: Sequence[str]) -> dict[str, list[Attendance]]:
        return {activity_id: await self.of(activity_id) for activity_id in activity_ids}

    async def get(self, activity_id: str, invitee: str) -> Attendance | None:
        return self.by_key.get((activity_id, invitee))

    async def save(self, attendance: Attendance) -> None:
        assert (attendance.activity_id, attendance.invitee) in self.by_key
        self.by_key[attendance.activity_id, attendance.invitee] = attendance

    async def of_invitees(self, invitees: Sequence[str], since: datetime) -> list[tuple[Activity, Attendance]]:
        pairs = [(self.activities.by_id[one.activity_id], one) for one in self.by_key.values()]
        mine = [pair for pair in pairs if pair[1].invitee in invitees and pair[0].ends_at > since]
        return sorted(mine, key=lambda pair: (pair[0].starts_at, pair[0].id))


@dataclass
class FakePresences:
    """Implements ``programme.ports.Presences``."""

    by_key: dict[tuple[str, str], Presence] = field(default_factory=dict)

    async def of(self, activity_id: str) -> list[Presence]:
        return [self.by_key[key] for key in sorted(self.by_key) if key[0] == activity_id]

    async def of_many(self, activity_ids: Sequence[str]) -> dict[str, list[Presence]]:
        return {activity_id: await self.of(activity_id) for activity_id in activity_ids}

    async def save(self, presences: Sequence[Presence]) -> None:
        self.by_key |= {(one.activity_id, one.invitee): one for one in presences}


@dataclass
class FakePeople:
    """Implements ``programme.ports.People``; ``chat`` is (team id, user id) → member id."""

    editions: FakeEditions
    by_id: dict[str, Member] = field(default_factory=dict)
    chat: dict[tuple[str, str], str] = field(default_factory=dict)

    async def get(self, member_id: str) -> Member | None:
        return self.by_id.get(member_id)

    async def many(self, member_ids: Sequence[str]) -> list[Member]:
        return [self.by_id[one] for one in sorted(set(member_ids)) if one in self.by_id]

    async def by_chat_user(self, team_id: str, user_id: str) -> Member | None:
        return self.by_id.get(self.chat.get((team_id, user_id), ""))

    async def teams(self, edition: str, networks: Sequence[str], day: date) -> list[Team]:
        return [
            Team(
                network=network,
                city=city,
                members=tuple(self._officials(network, city, day, contact=False)),
                contacts=tuple(one.id for one in self._officials(network, city, day, contact=True)),
            )
            for network, city in await self.editions.cities_of(edition, networks, day)
        ]

    async def teams_on(self, edition: str, networks: Sequence[str], days: Sequence[date]) -> dict[date, list[Team]]:
        return {day: await self.teams(edition, networks, day) for day in days}

    def _officials(self, network: str, city: str, day: date, *, contact: bool) -> list[Member]:
        return [
            member
            for member in self._all()
            if any(
                role.name is RoleName.OFFICIAL
                and (role.network, role.city) == (network, city)
                and role.holds_on(day)
                and (role.contact or not contact)
                for role in member.roles
            )
        ]

    async def in_networks(self, edition: str, networks: Sequence[str], day: date) -> list[Member]:
        names = (RoleName.GUARDIAN, RoleName.EXPERT, RoleName.MINISTRY)
        return self._with(edition, names, day, networks)

    async def coordinators(self, edition: str, day: date) -> list[Member]:
        return self._with(edition, (RoleName.COORDINATOR,), day)

    async def experts(self, edition: str, day: date) -> list[Member]:
        return self._with(edition, (RoleName.EXPERT,), day)

    async def everybody(self, edition: str, day: date) -> list[Member]:
        return self._with(edition, tuple(RoleName), day)

    async def by_email(self, email: str) -> Member | None:
        return next((one for one in self._all() if one.email == email), None)

    async def enrolled(self, edition: str, network: str, city: str, day: date) -> list[Member]:
        return [
            member
            for member in self._all()
            if any(
                role.name is RoleName.OFFICIAL
                and (role.edition, role.network, role.city) == (edition, network, city)
                and (role.until is None or role.until >= day)
                for role in member.roles
            )
        ]

    async def enrol(self, email: str, name: str, role: Role) -> str:
        known = await self.by_email(email) or Member(id=f"new-{len(self.by_id)}", name=name, email=email)
        self.by_id[known.id] = replace(known, roles=(*known.roles, role))
        return known.id

    async def change_role(self, member_id: str, before: Role, after: Role) -> None:
        member = self.by_id[member_id]
        roles = tuple(after if role == before else role for role in member.roles)
        self.by_id[member_id] = replace(member, roles=roles)

    async def prefer(self, member: Member) -> None:
        self.by_id[member.id] = member

    def _with(
        self, edition: str, names: Sequence[RoleName], day: date, networks: Sequence[str] | None = None
    ) -> list[Member]:
        return [
            member
            for member in self._all()
            if any(
                role.edition == edition
                and role.name in names
                and role.holds_on(day)
                and (networks is None or role.network in networks)
                for role in member.roles
            )
        ]

    def _all(self) -> list[Member]:
        return [self.by_id[one] for one in sorted(self.by_id)]


@dataclass
class FakeVisitingCards:
    """Implements ``programme.ports.VisitingCards``."""

    by_member: dict[str, VisitingCard] = field(default_factory=dict)

    async def get(self, member_id: str) -> VisitingCard | None:
        return self.by_member.get(member_id)

    async def of(self, member_ids: Sequence[str]) -> list[VisitingCard]:
        return [self.by_member[one] for one in sorted(set(member_ids)) if one in self.by_member]

    async def save(self, card: VisitingCard) -> None:
        self.by_member[card.member_id] = card

    async def take_away(self, member_id: str) -> None:
        del self.by_member[member_id]


@dataclass
class FakeIntroductions:
    """Implements ``programme.ports.Introductions``; ``accounts`` is visitor → member id."""

    by_visitor: dict[str, Introduction] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)

    async def get(self, visitor: str) -> Introduction | None:
        return self.by_visitor.get(visitor)

    async def save(self, introduction: Introduction) -> None:
        self.by_visitor[introduction.visitor] = introduction

    async def tie(self, visitor: str, member_id: str) -> None:
        self.accounts[visitor] = member_id


@dataclass
class FakeContributions:
    """Implements ``programme.ports.Contributions``."""

    by_id: dict[str, Contribution] = field(default_factory=dict)

    async def get(self, contribution_id: str) -> Contribution | None:
        return self.by_id.get(contribution_id)

    async def many(self, contribution_ids: Sequence[str]) -> dict[str, Contribution]:
        return {one: self.by_id[one] for one in contribution_ids if one in self.by_id}

    async def by_source(self, source_key: str) -> Contribution | None:
        return next((one for one in self.by_id.values() if source_key and one.source_key == source_key), None)

    async def of_document(self, document: Document) -> list[Contribution]:
        mine = [one for one in self.by_id.values() if one.document == document]
        return sorted(mine, key=lambda one: (one.logged_at, one.id))

    async def of_editions(self, editions: Sequence[str]) -> list[Contribution]:
        mine = [one for one in self.by_id.values() if one.document.edition in editions]
        return sorted(mine, key=lambda one: (one.logged_at, one.id))

    async def waiting(self, edition: str) -> list[Contribution]:
        mine = [one for one in self.by_id.values() if one.document.edition == edition and one.is_open]
        return sorted(mine, key=lambda one: (one.logged_at, one.id))

    async def counted(
        self, edition: str, networks: Sequence[str]
    ) -> dict[Document, dict[tuple[str, ContributionStatus], int]]:
        counted: dict[Document, dict[tuple[str, ContributionStatus], int]] = {}
        for one in self.by_id.values():
            if one.document.edition == edition and one.document.network in networks and not one.is_withheld:
                its = counted.setdefault(one.document, {})
                its[one.part, one.status] = its.get((one.part, one.status), 0) + 1
        return counted

    async def add(self, contribution: Contribution) -> None:
        assert contribution.id not in self.by_id
        self.by_id[contribution.id] = contribution

    async def save(self, contribution: Contribution) -> None:
        if self.by_id[contribution.id].revision != contribution.revision - 1:
            raise StaleForm("Ten wkład zmienił się od otwarcia formularza. Prosimy sprawdzić aktualną treść.")
        self.by_id[contribution.id] = contribution


@dataclass
class FakeSessions:
    """Implements ``programme.ports.Sessions``."""

    by_id: dict[str, AdvisorySession] = field(default_factory=dict)

    async def get(self, session_id: str) -> AdvisorySession | None:
        return self.by_id.get(session_id)

    async def of_activity(self, activity_id: str) -> AdvisorySession | None:
        return next((one for one in self._newest_first() if one.activity_id == activity_id), None)

    async def logged(self, activity_ids: Sequence[str]) -> set[str]:
        return {one.activity_id for one in self.by_id.values()} & set(activity_ids)

    async def on_day(self, edition: str, expert: str, day: date) -> list[AdvisorySession]:
        return [
            one for one in self._newest_first() if (one.edition, one.day) == (edition, day) and expert in one.experts
        ]

    async def latest(self, edition: str, cities: Sequence[str], limit: int) -> list[AdvisorySession]:
        held = [one for one in self._newest_first() if (one.edition, one.status) == (edition, SessionStatus.HELD)]
        return [one for one in held if {said.city for said in one.cities} & set(cities)][:limit]

    async def cities_advised(self, edition: str, network: str, first: date, last: date) -> set[str]:
        return {
            said.city
            for one in self.by_id.values()
            if (one.edition, one.status) == (edition, SessionStatus.HELD) and first <= one.day <= last
            for said in one.cities
            if said.network == network
        }

    async def spent(self, edition: str, experts: Sequence[str]) -> list[Spent]:
        return [
            Spent(
                member_id=expert,
                day=one.day,
                network=said.network,
                city=said.city,
                minutes=one.minutes / len(one.cities),
            )
            for one in self._newest_first()
            if one.edition == edition
            for said in one.cities
            for expert in one.experts
            if expert in experts
        ]

    async def tally(self, edition: str) -> dict[str, Tally]:
        held = [one for one in self.by_id.values() if (one.edition, one.status) == (edition, SessionStatus.HELD)]
        cities = {said.city for one in held for said in one.cities}
        mine = {city: [one for one in held if one.words_for(city)] for city in cities}
        return {
            city: Tally(count=len(ones), minutes=sum(one.minutes for one in ones), last=max(one.day for one in ones))
            for city, ones in mine.items()
        }

    async def add(self, session: AdvisorySession) -> None:
        assert session.id not in self.by_id
        self.by_id[session.id] = session

    async def save(self, session: AdvisorySession) -> None:
        if self.by_id[session.id].revision != session.revision - 1:
            raise StaleForm("Ten zapis zmienił się od otwarcia formularza. Prosimy otworzyć go ponownie.")
        self.by_id[session.id] = session

    def _newest_first(self) -> list[AdvisorySession]:
        return sorted(self.by_id.values(), key=lambda one: (one.day, one.id), reverse=True)


@dataclass
class FakeSessionRequests:
    """Implements ``programme.ports.SessionRequests``."""

    by_id: dict[str, SessionRequest] = field(default_factory=dict)

    async def get(self, request_id: str) -> SessionRequest | None:
        return self.by_id.get(request_id)

    async def open_in(self, edition: str) -> list[SessionRequest]:
        mine = [one for one in self.by_id.values() if one.edition == edition and one.is_open]
        return sorted(mine, key=lambda one: (one.asked_at, one.id))

    async def add(self, request: SessionRequest) -> None:
        assert request.id not in self.by_id
        self.by_id[request.id] = request

    async def save(self, request: SessionRequest) -> None:
        if self.by_id[request.id].revision != request.revision - 1:
            raise StaleForm("Ten zapis zmienił się od otwarcia formularza. Prosimy otworzyć go ponownie.")
        self.by_id[request.id] = request


@dataclass
class FakeQuestions:
    """Implements ``programme.ports.Questions``."""

    counts: dict[tuple[str, str, str], int] = field(default_factory=dict)

    async def count(self, month: str, meaning: str, heard: str) -> None:
        self.counts[month, meaning, heard] = self.counts.get((month, meaning, heard), 0) + 1

    async def counted(self, since: str) -> list[Counted]:
        return [
            Counted(month=month, meaning=meaning, heard=heard, count=count)
            for (month, meaning, heard), count in sorted(self.counts.items())
            if month >= since
        ]


@dataclass
class FakeMarked:
    """Implements ``programme.ports.MarkedMessages``."""

    waiting: dict[tuple[str, str], MarkedMessage] = field(default_factory=dict)

    async def mark(self, one: MarkedMessage) -> bool:
        is_new = (one.key, one.member_id) not in self.waiting
        self.waiting.setdefault((one.key, one.member_id), one)
        return is_new


@dataclass
class FakeTopics:
    """Implements ``programme.ports.Topics``."""

    by_id: dict[str, TopicRound] = field(default_factory=dict)

    async def get(self, activity_id: str) -> TopicRound | None:
        return self.by_id.get(activity_id)

    async def many(self, activity_ids: Iterable[str]) -> dict[str, TopicRound]:
        return {one: self.by_id[one] for one in activity_ids if one in self.by_id}

    async def add(self, found: TopicRound) -> None:
        assert found.activity_id not in self.by_id
        self.by_id[found.activity_id] = found

    async def save(self, found: TopicRound) -> None:
        if self.by_id[found.activity_id].revision != found.revision - 1:
            raise StaleForm("stale")
        self.by_id[found.activity_id] = found


@dataclass
class FakeBulletins:
    """Implements ``programme.ports.Bulletins``."""

    by_id: dict[str, Bulletin] = field(default_factory=dict)
    read_at: dict[tuple[str, str], datetime | None] = field(default_factory=dict)

    async def get(self, bulletin_id: str) -> Bulletin | None:
        return self.by_id.get(bulletin_id)

    async def add(self, bulletin: Bulletin, readers: Sequence[str]) -> None:
        assert bulletin.id not in self.by_id
        self.by_id[bulletin.id] = bulletin
        self.read_at |= {(bulletin.id, one): None for one in readers}

    async def readers(self, bulletin_id: str) -> dict[str, datetime | None]:
        return {one: at for (key, one), at in sorted(self.read_at.items()) if key == bulletin_id}

    async def unread(self, member_id: str, since: datetime) -> list[Bulletin]:
        found = [one for one in self.by_id.values() if (one.id, member_id) in self.read_at and one.sent_at >= since]
        waiting = [one for one in found if self.read_at[one.id, member_id] is None]
        return sorted(waiting, key=lambda one: (one.sent_at, one.id))

    async def read(self, bulletin_id: str, member_id: str, *, at: datetime) -> None:
        assert (bulletin_id, member_id) in self.read_at
        self.read_at[bulletin_id, member_id] = at


@dataclass
class FakeMaterials:
    """Implements ``programme.ports.Materials``."""

    activities: FakeActivities
    by_id: dict[str, Material] = field(default_factory=dict)

    async def get(self, material_id: str) -> Material | None:
        return self.by_id.get(material_id)

    async def of(self, activity_id: str) -> list[Material]:
        return sorted(
            (one for one in self.by_id.values() if one.activity_id == activity_id),
            key=lambda one: (one.added_at, one.id),
        )

    async def of_edition(self, edition: str) -> list[Material]:
        theirs = [one.id for one in self.activities.by_id.values() if one.edition == edition]
        return [material for one in theirs for material in await self.of(one)]

    async def add(self, material: Material) -> None:
        assert material.id not in self.by_id
        self.by_id[material.id] = material

    async def remove(self, material_id: str) -> None:
        del self.by_id[material_id]


@dataclass(kw_only=True)
class FakeAssignments:
    """Implements ``programme.ports.Assignments``."""

    by_id: dict[str, ExpertAssignment] = field(default_factory=dict)

    async def get(self, assignment_id: str) -> ExpertAssignment | None:
        return self.by_id.get(assignment_id)

    async def many(self, assignment_ids: Sequence[str]) -> list[ExpertAssignment]:
        return [self.by_id[one] for one in assignment_ids if one in self.by_id]

    async def add(self, assignment: ExpertAssignment) -> None:
        assert assignment.id not in self.by_id
        self.by_id[assignment.id] = assignment

    async def save(self, assignment: ExpertAssignment) -> None:
        assert assignment.id in self.by_id
        self.by_id[assignment.id] = assignment

    async def of_edition(self, edition: str) -> list[ExpertAssignment]:
        mine = [one for one in self.by_id.values() if one.edition == edition]
        return sorted(mine, key=lambda one: (one.since, one.id))


@dataclass
class FakeOutbox:
    """Implements ``notifications.ports.Outbox``: (kind, recipient, subject, occurrence) → what is to be said."""

    planned: dict[tuple[Kind, str, str, str], Intent] = field(default_factory=dict)
    refreshed: list[tuple[str, tuple[Kind, ...]]] = field(default_factory=list)
    dropped: dict[tuple[Kind, str, str, str], str] = field(default_factory=dict)
    wordless: list[tuple[str, tuple[Kind, ...]]] = field(default_factory=list)
    failures: dict[str, Failure] = field(default_factory=dict)
    standing: dict[str, str] = field(default_factory=dict)

    async def intend(self, intents: Sequence[Intent]) -> None:
        for one in intents:
            self.planned.setdefault((one.kind, one.recipient, one.subject, one.occurrence), one)

    async def refresh(self, subject: str, kinds: Sequence[Kind], *, at: datetime) -> None:
        self.refreshed.append((subject, tuple(kinds)))

    async def refresh_for(
        self, recipients: Sequence[str], kinds: Sequence[Kind], *, since: datetime, at: datetime
    ) -> None:
        self.refreshed += [(recipient, tuple(kinds)) for recipient in recipients]

    async def stands(self, recipient: str, kind: Kind, subject: str, *, conversation: str, at: datetime) -> None:
        self.standing[subject] = conversation

    async def refresh_homes(self, member_ids: Sequence[str], *, at: datetime) -> None:
        homes = [f"home:{one}" for one in member_ids]
        self.refreshed += [(one, (Kind.HOME,)) for one in homes if one in self.standing]

    async def drop(self, subject: str, kinds: Sequence[Kind], *, why: str) -> None:
        for key, one in list(self.planned.items()):
            if one.subject == subject and one.kind in kinds and one.operation is not Operation.UPDATE:
                self.dropped[key] = why
                del self.planned[key]

    async def take_words(self, subject: str, kinds: Sequence[Kind]) -> None:
        self.wordless.append((subject, tuple(kinds)))

    async def forget_words(self, subject: str, kind: Kind) -> None:
        self.wordless.append((subject, (kind,)))

    async def was_intended(self, kind: Kind, subject: str, occurrence: str) -> bool:
        return any((key[0], key[2], key[3]) == (kind, subject, occurrence) for key in self.planned)

    async def retry_for(self, recipient: str, *, at: datetime) -> int:
        waiting = [key for key, one in self.failures.items() if one.recipient == recipient]
        for key in waiting:
            del self.failures[key]
        return len(waiting)

    async def failure(self, notification_id: str) -> Failure | None:
        return self.failures.get(notification_id)

    async def failed_since(self, since: datetime) -> int:
        return len(self.failures)


@dataclass
class FakeRecipients:
    """Implements ``notifications.ports.Recipients``; ids say what the recipient is."""

    known: dict[str, str] = field(default_factory=dict)
    conversations: dict[str, str] = field(default_factory=dict)

    async def members(self, member_ids: Sequence[str]) -> dict[str, str]:
        found = {one: f"to:member:{one}" for one in member_ids}
        self.known |= dict.fromkeys(found.values(), "member")
        return found

    async def home(self, member_id: str, team_id: str, user_id: str) -> str:
        self.known[f"to:home:{member_id}"] = "home"
        return f"to:home:{member_id}"

    async def channel(self, name: str) -> str:
        self.known[f"to:channel:{name}"] = "channel"
        return f"to:channel:{name}"

    async def channel_by_conversation(self, conversation: str) -> str | None:
        return self.conversations.get(conversation)

    async def unknown_channels(self) -> list[str]:
        reached = self.conversations.values()
        return [one for one, kind in self.known.items() if kind == "channel" and one not in reached]

    async def visitor(self, visitor: str) -> str | None:
        self.known[f"to:visitor:{visitor}"] = "visitor"
        return f"to:visitor:{visitor}"


@dataclass
class FakeDueItems:
    """Implements ``notifications.ports.DueItems``: id → (state, item); ids tell what falls due for whom."""

    by_id: dict[str, tuple[str, DueItem]] = field(default_factory=dict)

    async def plan(self, items: Sequence[DueItem]) -> None:
        for item in items:
            key = f"{item.kind}/{item.subject}/{item.member_id}/{item.occurrence}"
            state, _ = self.by_id.get(key, ("planned", item))
            if state in ("planned", "dropped"):
                self.by_id[key] = ("planned", replace(item, id=key))

    async def keep_only(self, subject: str, kinds: Sequence[str], items: Sequence[DueItem], *, why: str) -> None:
        keep = {(item.kind, item.member_id, item.occurrence) for item in items}
        for key, (state, item) in self.by_id.items():
            mine = item.subject == subject and item.kind in kinds and state == "planned"
            if mine and (item.kind, item.member_id, item.occurrence) not in keep:
                self.by_id[key] = ("dropped", replace(item, why=why))
        await self.plan(items)

    async def keep_only_for(
        self, member_ids: Sequence[str], kinds: Sequence[str], items: Sequence[DueItem], *, why: str
    ) -> None:
        keep = {(item.kind, item.subject, item.member_id, item.occurrence) for item in items}
        for key, (state, item) in self.by_id.items():
            mine = item.member_id in member_ids and item.kind in kinds and state == "planned"
            if mine and (item.kind, item.subject, item.member_id, item.occurrence) not in keep:
                self.by_id[key] = ("dropped", replace(item, why=why))
        await self.plan(items)

    async def due(self, now: datetime, limit: int) -> list[DueItem]:
        return [item for item in self.planned() if item.due_at <= now][:limit]

    async def of_members(self, untils: Mapping[str, datetime], kinds: Sequence[str]) -> list[DueItem]:
        mine = [one for one in self.planned() if one.member_id in untils and one.kind in kinds]
        return [one for one in mine if one.due_at < untils[one.member_id]]

    async def fell(self, items: Sequence[DueItem], *, batch: str = "") -> None:
        for item in items:
            self.by_id[item.id] = ("fell", replace(item, batch=batch))

    async def of_batch(self, member_id: str, batch: str) -> list[DueItem]:
        fallen = [item for state, item in self.by_id.values() if state == "fell"]
        return [item for item in fallen if (item.member_id, item.batch) == (member_id, batch)]

    async def next_at(self) -> datetime | None:
        return min((item.due_at for item in self.planned()), default=None)

    async def overdue(self, since: datetime) -> list[Run]:
        late = [item for item in self.planned() if item.due_at <= since]
        runs = {(item.due_at, item.kind) for item in late}
        return [
            Run(
                kind=kind,
                due_at=due_at,
                items=sum((item.due_at, item.kind) == (due_at, kind) for item in late),
                members=tuple(
                    sorted({i.member_id for i in late if i.member_id and (i.due_at, i.kind) == (due_at, kind)})
                )[:3],
            )
            for due_at, kind in sorted(runs)
        ][:10]

    async def is_overdue(self, kind: str, due_at: datetime) -> bool:
        return any((item.kind, item.due_at) == (kind, due_at) for item in self.planned())

    def planned(self) -> list[DueItem]:
        """What is still to fall due, by time."""
        items = [item for state, item in self.by_id.values() if state == "planned"]
        return sorted(items, key=lambda item: (item.due_at, item.id))


@dataclass
class FakeFeedback:
    """Implements ``notifications.ports.FeedbackRounds``."""

    rounds: dict[str, FeedbackRound] = field(default_factory=dict)
    marks: set[tuple[str, str]] = field(default_factory=set)
    bags: dict[str, list[FeedbackAnswer]] = field(default_factory=dict)

    async def open(self, opened: FeedbackRound, *, at: datetime) -> None:
        self.rounds.setdefault(opened.subject, opened)

    async def get(self, subject: str) -> FeedbackRound | None:
        return self.rounds.get(subject)

    async def has_answered(self, subject: str, member_id: str) -> bool:
        return (subject, member_id) in self.marks

    async def answered(self, subject: str) -> set[str]:
        return {member_id for answered, member_id in self.marks if answered == subject}

    async def open_for(self, member_id: str) -> list[FeedbackRound]:
        return [one for one in self.rounds.values() if one.is_open and (one.subject, member_id) not in self.marks]

    async def put(self, to: FeedbackRound, member_id: str, answer: FeedbackAnswer) -> None:
        assert (to.subject, member_id) not in self.marks
        self.marks.add((to.subject, member_id))
        kept = replace(answer, member_id=member_id) if to.named else answer
        self.bags[to.subject] = sorted(
            [*self.bags.get(to.subject, []), kept], key=lambda one: (one.scores, one.comment, one.member_id)
        )

    async def answers(self, of: FeedbackRound) -> list[FeedbackAnswer]:
        return list(self.bags.get(of.subject, []))

    async def close(self, closed: FeedbackRound, result: FeedbackResult) -> None:
        self.rounds[closed.subject] = replace(closed, is_open=False, result=result)
        self.marks = {mark for mark in self.marks if mark[0] != closed.subject}
        if not closed.named and not result.enough:
            self.bags.pop(closed.subject, None)


@dataclass
class FakeReports:
    """Implements ``programme.ports.Reports``."""

    by_activity: dict[str, ActivityReport] = field(default_factory=dict)

    async def get(self, activity_id: str) -> ActivityReport | None:
        return self.by_activity.get(activity_id)

    async def save(self, report: ActivityReport) -> None:
        self.by_activity[report.activity_id] = report


@dataclass
class FakePeopleLists:
    """Implements ``programme.people_lists.PeopleLists``."""

    by_id: dict[str, PeopleList] = field(default_factory=dict)

    async def get(self, list_id: str) -> PeopleList | None:
        return self.by_id.get(list_id)

    async def save(self, one: PeopleList) -> None:
        self.by_id[one.id] = one


@dataclass
class FakeDroppedFiles:
    """Implements ``programme.dropping.DroppedFiles``."""

    by_id: dict[str, DroppedFile] = field(default_factory=dict)

    async def add(self, one: DroppedFile) -> None:
        self.by_id[one.id] = one


@dataclass
class FakeForgotten:
    """Implements ``programme.importing.Forgotten``."""

    emails: set[str] = field(default_factory=set)

    async def among(self, emails: Sequence[str]) -> set[str]:
        return self.emails & set(emails)

    async def without_them(self, texts: Sequence[str]) -> list[str]:
        return list(texts)


class FakeWork:
    """Implements ``notifications.ports.NotificationWork``: one transaction that never ends."""

    def __init__(self, editions: FakeEditions, members: Sequence[Member] = ()) -> None:
        self.editions = editions
        self.activities = FakeActivities()
        self.attendances = FakeAttendances(self.activities)
        self.presences = FakePresences()
        self.reports = FakeReports()
        self.people = FakePeople(editions, {member.id: member for member in members})
        self.visiting_cards = FakeVisitingCards()
        self.introductions = FakeIntroductions()
        self.assignments = FakeAssignments()
        self.contributions = FakeContributions()
        self.sessions = FakeSessions()
        self.session_requests = FakeSessionRequests()
        self.questions = FakeQuestions()
        self.marked = FakeMarked()
        self.dropped_files = FakeDroppedFiles()
        self.people_lists = FakePeopleLists()
        self.forgotten = FakeForgotten()
        self.topics = FakeTopics()
        self.bulletins = FakeBulletins()
        self.materials = FakeMaterials(self.activities)
        self.outbox = FakeOutbox()
        self.recipients = FakeRecipients()
        self.due_items = FakeDueItems()
        self.feedback = FakeFeedback()
        self.recorded: list[Recorded] = []
        self.acts: list[tuple[str, str, str, datetime]] = []
        self.offset = timedelta()
        self.held: list[str] = []

    async def hold(self, subject: str, *, changes: bool = True) -> None:
        self.held.append(subject)

    def record(self, event: Event, *, actor: Actor, at: datetime) -> None:
        self.recorded.append((event, actor.id, at))

    def act(self, action: str, subject: str, *, actor: Actor, at: datetime) -> None:
        self.acts.append((action, subject, actor.id, at))

    def state(self) -> dict[str, Any]:
        """Everything that acts can change, as plain values to compare."""
        return {
            "activities": dict(self.activities.by_id),
            "attendances": dict(self.attendances.by_key),
            "presences": dict(self.presences.by_key),
            "visiting_cards": dict(self.visiting_cards.by_member),
            "introductions": (dict(self.introductions.by_visitor), dict(self.introductions.accounts)),
            "reports": dict(self.reports.by_activity),
            "assignments": dict(self.assignments.by_id),
            "contributions": dict(self.contributions.by_id),
            "sessions": dict(self.sessions.by_id),
            "session_requests": dict(self.session_requests.by_id),
            "questions": dict(self.questions.counts),
            "marked": dict(self.marked.waiting),
            "dropped_files": dict(self.dropped_files.by_id),
            "people_lists": dict(self.people_lists.by_id),
            "topics": dict(self.topics.by_id),
            "bulletins": (dict(self.bulletins.by_id), dict(self.bulletins.read_at)),
            "materials": dict(self.materials.by_id),
            "outbox": dict(self.outbox.planned),
            "due": dict(self.due_items.by_id),
            "feedback": (dict(self.feedback.rounds), set(self.feedback.marks), dict(self.feedback.bags)),
            "recorded": list(self.recorded),
            "acts": list(self.acts),
        }
