"""The Home tab as a work list: what waits for a person first, then what comes, and where they belong.

It is delivered as everything else is: it stands before the person from the first look on, and is refreshed whenever
something in it may have changed. It is made from the present state when it goes out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pim_bot.events import catalogue as happened
from pim_bot.events.event import Event, RecordedEvent
from pim_bot.notifications.audience import audience_of
from pim_bot.notifications.feedback import OPEN_FOR
from pim_bot.notifications.intent import Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.activity import Activity, Answer, Attendance
from pim_bot.programme.assignment import AssignmentStatus, ExpertAssignment
from pim_bot.programme.card import ActivityCard, cards_of
from pim_bot.programme.edition import Network
from pim_bot.programme.people import Member, RoleName
from pim_bot.programme.permissions import assigns_experts, plans_anything

ASKED_AHEAD = timedelta(days=30)
"""How far ahead an answer is worth asking for."""
MOST_COMING = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """What waits for a person: answers they owe, assignments to answer, activities to rate; and what comes."""

    owed: tuple[ActivityCard, ...]
    assignments: tuple[tuple[ExpertAssignment, str], ...]
    coming: tuple[tuple[ActivityCard, Attendance], ...]
    to_rate: tuple[ActivityCard, ...] = ()

    @property
    def total(self) -> int:
        """How many things wait for an act of the person."""
        return len(self.owed) + len(self.assignments) + len(self.to_rate)


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """Everything a Home tab shows. ``networks`` come with the names of their guardians."""

    member: Member
    waiting: Waiting
    networks: tuple[tuple[Network, tuple[str, ...]], ...]
    assignments: tuple[tuple[ExpertAssignment, str], ...]
    plans: bool = False
    assigns: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to show but what to do first."""
        return not (self.waiting.total or self.waiting.coming or self.networks or self.assignments)


async def waiting_for(work: NotificationWork, member: Member, now: datetime, *, shown: int) -> Waiting:
    """Tell what waits for a member; of what comes, and needs no answer now, the next ``shown``."""
    invited = await work.attendances.of_invitees(member.invitees(member.day_of(now)), now - OPEN_FOR)
    open_ones = [pair for pair in invited if pair[0].is_open and pair[0].starts_at > now]
    owed = [activity for activity, one in open_ones if one.answer is None and _is_near(activity, now)]
    rest = [pair for pair in open_ones if pair[0] not in owed][:shown]
    held = [one.id for one, attendance in invited if not one.is_open and attendance.answer is Answer.GOING]
    asked = await work.feedback.asked(member.id, held) if held else set()
    to_rate = [activity for activity, _ in invited if activity.id in asked]
    cards = {card.activity.id: card for card in await cards_of(work, [*owed, *(one for one, _ in rest), *to_rate])}
    return Waiting(
        owed=tuple(cards[one.id] for one in owed),
        assignments=tuple(await _assignments(work, member, now, AssignmentStatus.PROPOSED)),
        coming=tuple((cards[activity.id], one) for activity, one in rest),
        to_rate=tuple(cards[one.id] for one in to_rate),
    )


def _is_near(activity: Activity, now: datetime) -> bool:
    return (activity.answer_by or activity.starts_at) < now + ASKED_AHEAD


async def _assignments(
    work: NotificationWork, member: Member, now: datetime, status: AssignmentStatus
) -> list[tuple[ExpertAssignment, str]]:
    """Tell the member's assignments of the running edition, each with the name of its place."""
    edition = await work.editions.in_force(member.day_of(now))
    if edition is None:
        return []
    names = {one.slug: one.name for one in await work.editions.networks(edition.slug)}
    names |= {one.slug: one.name for one in await work.editions.cities(edition.slug)}
    return [
        (one, names.get(one.city or one.network, ""))
        for one in await work.assignments.of_edition(edition.slug)
        if one.member_id == member.id and one.status is status
    ]


async def compose_home(work: NotificationWork, member: Member, now: datetime) -> Home:
    """Read everything that a member's Home tab shows."""
    day = member.day_of(now)
    edition = await work.editions.in_force(day)
    return Home(
        member=member,
        waiting=await waiting_for(work, member, now, shown=MOST_COMING),
        networks=tuple(await _networks(work, member, now)),
        assignments=tuple(await _assignments(work, member, now, AssignmentStatus.ACCEPTED)),
        plans=edition is not None and plans_anything(member, edition.slug, day),
        assigns=edition is not None and assigns_experts(member, edition.slug, day),
    )


async def _networks(work: NotificationWork, member: Member, now: datetime) -> list[tuple[Network, tuple[str, ...]]]:
    day = member.day_of(now)
    edition = await work.editions.in_force(day)
    if edition is None:
        return []
    mine = {role.network for role in member.in_edition(edition.slug).roles if role.holds_on(day)}
    networks = [one for one in await work.editions.networks(edition.slug) if one.slug in mine]
    people = await work.people.in_networks(edition.slug, [one.slug for one in networks], day) if networks else []
    return [
        (one, tuple(p.name for p in people if p.has_role(RoleName.GUARDIAN, day, network=one.slug))) for one in networks
    ]


async def show_home(work: NotificationWork, member: Member, team_id: str, user_id: str, *, now: datetime) -> None:
    """Show a member their Home tab, and keep it up to date from now on."""
    recipient = await work.recipients.home(member.id, team_id, user_id)
    await work.outbox.stands(recipient, Kind.HOME, f"home:{member.id}", conversation=user_id, at=now)
    await work.outbox.refresh_homes([member.id], at=now)


async def refresh_homes(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Show anew the Home tabs in which something may be different now."""
    members = {recorded.actor.removeprefix("member:")} if recorded.actor.startswith("member:") else set()
    members |= await _concerned(work, recorded.event)
    await work.outbox.refresh_homes(sorted(members), at=recorded.at)


async def _concerned(work: NotificationWork, event: Event) -> set[str]:
    """Tell whose list of work an event may change."""
    match event:
        case happened.ActivityEvent(activity_id=activity_id) | happened.AttendanceAnswered(activity_id=activity_id):
            activity = await work.activities.get(activity_id)
            return {one.member.id for one in await audience_of(work, activity)} if activity else set()
        case happened.AssignmentEvent(assignment_id=assignment_id):
            assignment = await work.assignments.get(assignment_id)
            return {assignment.member_id} if assignment else set()
        case happened.MemberEvent(member_id=member_id):
            return {member_id}
    return set()
