"""What waits for a person: what they owe others, most urgent first, and what comes next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pim_bot.notifications.feedback import ASKED_FOR, Asked, rounds_for
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.activity import Activity, ActivityStatus, Answer, Attendance
from pim_bot.programme.arranging import side_of
from pim_bot.programme.assignment import AssignmentStatus, ExpertAssignment
from pim_bot.programme.bulletin import Bulletin
from pim_bot.programme.card import ActivityCard, cards_of
from pim_bot.programme.contributing import owns_document
from pim_bot.programme.contribution import Contribution
from pim_bot.programme.edition import Scope
from pim_bot.programme.feedback import FeedbackRound
from pim_bot.programme.people import Actor, Member, RoleName
from pim_bot.programme.session import RequestStatus, SessionRequest
from pim_bot.programme.topic import TopicRound
from pim_bot.programme.topics import city_speaking

ASKED_AHEAD = timedelta(days=30)
"""How far ahead an answer is worth asking for."""
LOGGED_WITHIN = timedelta(days=14)
"""How long a session that nobody has logged is worth asking about."""
READ_WITHIN = timedelta(days=30)
"""How long a bulletin that somebody has not marked as read is worth showing."""

Assigned = tuple[ExpertAssignment, str]
"""An assignment and the name of its place."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """What waits for a person. ``owed`` are activities that want an answer, ``to_log`` advisory sessions to be logged.

    ``requests`` are requests for advisory sessions whose turn is theirs, each with the city's name; ``undecided`` is
    how many contributions they decide on; ``to_read`` are bulletins not marked as read, ``topics`` activities for which
    their city has not said any topic yet; ``zone`` is the one that times are told in.
    """

    owed: tuple[ActivityCard, ...] = ()
    assignments: tuple[Assigned, ...] = ()
    requests: tuple[tuple[SessionRequest, str], ...] = ()
    to_log: tuple[ActivityCard, ...] = ()
    to_rate: tuple[tuple[Asked, FeedbackRound], ...] = ()
    undecided: int = 0
    zone: str = ""
    to_read: tuple[Bulletin, ...] = ()
    topics: tuple[tuple[Activity, TopicRound], ...] = ()
    coming: tuple[tuple[ActivityCard, Attendance], ...] = ()

    @property
    def total(self) -> int:
        """How many things wait for an act of the person."""
        counted = (self.owed, self.assignments, self.requests, self.to_log, self.to_rate, self.to_read, self.topics)
        return sum(map(len, counted)) + self.undecided


async def waiting_for(work: NotificationWork, member: Member, now: datetime, *, shown: int) -> Waiting:
    """Tell what waits for a member; of what comes, and needs no answer now, the next ``shown``."""
    since = now - max(ASKED_FOR, LOGGED_WITHIN)
    invited = await work.attendances.of_invitees(member.invitees(member.day_of(now)), since)
    open_ones = [pair for pair in invited if pair[0].is_open and pair[0].starts_at > now]
    owed = [activity for activity, one in open_ones if one.answer is None and _is_near(activity, now)]
    rest = [pair for pair in open_ones if pair[0] not in owed][:shown]
    held = [pair for pair in invited if pair[0].status is ActivityStatus.HELD]
    advised = await _advised(work, member, held, now)
    found = [*owed, *(one for one, _ in rest), *advised]
    cards = {card.activity.id: card for card in await cards_of(work, found)}
    return Waiting(
        owed=tuple(cards[one.id] for one in owed),
        assignments=tuple(await assignments_of(work, member, now, AssignmentStatus.PROPOSED)),
        requests=tuple(await _requests(work, member, now)),
        to_log=tuple(cards[one.id] for one in advised if cards[one.id].kind.scope is Scope.ONE_CITY),
        to_rate=tuple(await rounds_for(work, member, held, now)),
        zone=member.zone,
        to_read=tuple(await work.bulletins.unread(member.id, now - READ_WITHIN)),
        topics=tuple(await _topics(work, member, [activity for activity, _ in open_ones], now)),
        undecided=len(await contributions_to_decide(work, member, now)),
        coming=tuple((cards[activity.id], one) for activity, one in rest),
    )


async def _topics(
    work: NotificationWork, member: Member, activities: list[Activity], now: datetime
) -> list[tuple[Activity, TopicRound]]:
    """Tell for which activities topics are collected, and the member's city has not backed any."""
    rounds = await work.topics.many([one.id for one in activities]) if activities else {}
    speaks = {one.id: city_speaking(member, one, member.day_of(now)) for one in activities}
    found = [(one, rounds[one.id]) for one in activities if one.id in rounds and speaks[one.id]]
    return [(one, its) for one, its in found if its.is_open(now) and not its.backed_by(speaks[one.id])]


def _is_near(activity: Activity, now: datetime) -> bool:
    return (activity.answer_by or activity.starts_at) < now + ASKED_AHEAD


async def _advised(
    work: NotificationWork, member: Member, held: list[tuple[Activity, Attendance]], now: datetime
) -> list[Activity]:
    """Tell what an expert took part in alone, and nobody has logged as a session."""
    alone = [
        activity
        for activity, attendance in held
        if attendance.invitee == f"member:{member.id}"
        and attendance.answer is not Answer.NOT_GOING
        and activity.ends_at > now - LOGGED_WITHIN
    ]
    logged = await work.sessions.logged([one.id for one in alone]) if alone else set()
    return [one for one in alone if one.id not in logged]


async def _requests(work: NotificationWork, member: Member, now: datetime) -> list[tuple[SessionRequest, str]]:
    """Tell the requests whose turn is the member's: to offer times, or to choose one."""
    edition = await work.editions.in_force(member.day_of(now))
    if edition is None:
        return []
    waiting = [one for one in await work.session_requests.open_in(edition.slug) if _is_turn_of(member, one, now)]
    names = {one.slug: one.name for one in await work.editions.cities(edition.slug)} if waiting else {}
    return [(one, names.get(one.city, one.city)) for one in waiting]


def _is_turn_of(member: Member, request: SessionRequest, now: datetime) -> bool:
    if request.status is RequestStatus.OFFERED:
        return request.asked_by == member.id
    return side_of(member, request, now) is request.other_side


async def assignments_of(
    work: NotificationWork, member: Member, now: datetime, status: AssignmentStatus
) -> list[Assigned]:
    """Tell the member's assignments of the running edition, each with the name of its place."""
    edition = await work.editions.in_force(member.day_of(now))
    if edition is None or not member.in_edition(edition.slug).has_role(RoleName.EXPERT, member.day_of(now)):
        return []
    names = {one.slug: one.name for one in await work.editions.networks(edition.slug)}
    names |= {one.slug: one.name for one in await work.editions.cities(edition.slug)}
    return [
        (one, names.get(one.city or one.network, ""))
        for one in await work.assignments.of_edition(edition.slug)
        if one.member_id == member.id and one.status is status
    ]


async def contributions_to_decide(work: NotificationWork, member: Member, now: datetime) -> list[Contribution]:
    """Tell what waits for this person's decision, the oldest first."""
    edition = await work.editions.in_force(member.day_of(now))
    if edition is None:
        return []
    actor = Actor(door="chat", member=member)
    return [
        one for one in await work.contributions.waiting(edition.slug) if owns_document(actor, one.document, now=now)
    ]
