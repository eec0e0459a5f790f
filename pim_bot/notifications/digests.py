"""The weekly digest: on the day and hour that a person chose (Monday at 8:00), once per ISO week, by exception."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pim_bot.events.catalogue import DigestFellDue, MemberEvent
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.activities import QUIET_DOOR
from pim_bot.notifications.hours import hours_for
from pim_bot.notifications.intent import DueItem, Intent, Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.notifications.reminders import PREFERRED
from pim_bot.programme.activity import Activity, ActivityStatus
from pim_bot.programme.assignment import AssignmentStatus
from pim_bot.programme.card import ActivityCard, cards_of
from pim_bot.programme.edition import Network
from pim_bot.programme.people import Actor, Member, RoleName
from pim_bot.programme.permissions import Action, can, rights_of
from pim_bot.programme.ports import ProgrammeWork
from pim_bot.programme.preferences import Topic

DIGEST = "digest"
LATE = timedelta(days=2)
"""How late a digest still is that of its own week, although the next one may have begun (a holiday, an outage)."""

LOOK_AHEAD = timedelta(days=7)
LOOK_BACK = timedelta(days=7)
ANSWERS_WITHIN = timedelta(days=14)
AHEAD = timedelta(days=365)
GAPS_WITHIN = timedelta(days=60)


def week_of(day: date) -> str:
    """Name the ISO week of a day, such as 2022-W03."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def next_digest(member: Member, now: datetime) -> DueItem:
    """Tell the next digest of this member; on a holiday it waits for the next open moment."""
    local = now.astimezone(ZoneInfo(member.zone))
    monday = local.date() - timedelta(days=local.weekday())
    item = _digest_of(member, monday)
    return item if item.nominal_at > now else _digest_of(member, monday + timedelta(days=7))


def _digest_of(member: Member, monday: date) -> DueItem:
    """Tell the digest of the week that begins on that Monday."""
    preferences = member.preferences
    day = monday + timedelta(days=preferences.digest_day)
    nominal = datetime.combine(day, preferences.digest_at, ZoneInfo(member.zone))
    return DueItem(
        kind=DIGEST,
        subject=f"member:{member.id}",
        member_id=member.id,
        occurrence=week_of(monday),
        due_at=hours_for(member).next_open(nominal),
        nominal_at=nominal,
    )


async def gets_digest(work: NotificationWork, member: Member, now: datetime) -> bool:
    """Tell whether the member coordinates the edition in force, or guards a network of it, today, and wants it."""
    return member.preferences.wants(Topic.DIGEST) and await may_get_digest(work, member, now)


async def may_get_digest(work: ProgrammeWork, member: Member, now: datetime) -> bool:
    """Tell whether the member coordinates the edition in force, or guards a network of it, today."""
    day = member.day_of(now)
    edition = await work.editions.in_force(day)
    if edition is None:
        return False
    member = member.in_edition(edition.slug)
    return member.has_role(RoleName.COORDINATOR, day) or member.has_role(RoleName.GUARDIAN, day)


async def plan_digest(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Plan the next digest of a member who is to get one; whoever does not want it any more gets none.

    Next week's is planned, too: this week's may have been sent already, and there is one a week.
    """
    event = recorded.event
    assert isinstance(event, MemberEvent)
    member = await work.people.get(event.member_id)
    if member is None:
        return
    items: list[DueItem] = []
    if await gets_digest(work, member, recorded.at):
        first = next_digest(member, recorded.at)
        items = list({one.occurrence: one for one in (first, next_digest(member, first.nominal_at))}.values())
    await work.due_items.keep_only_for([member.id], (DIGEST,), items, why=PREFERRED)


async def let_digest_fall_due(work: NotificationWork, item: DueItem, *, now: datetime) -> None:
    """Turn a due digest into an event and plan the next one; weeks that an outage swallowed are not made up for."""
    await work.due_items.fell([item])
    member = await work.people.get(item.member_id)
    if member is None or not await gets_digest(work, member, now):
        return
    week = item.occurrence if now < item.due_at + LATE else week_of(member.day_of(now))
    work.record(DigestFellDue(member_id=member.id, week=week), actor=Actor(door="clock"), at=now)
    await work.due_items.plan([next_digest(member, now)])


async def send_digest(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Plan the digest's message; its lines are read when it is written."""
    event = recorded.event
    assert isinstance(event, DigestFellDue)
    member = await work.people.get(event.member_id)
    if member is None or member.preferences.is_away(member.day_of(recorded.at)):  # the next one says what matters then
        return
    opening = hours_for(member).next_open(recorded.at)
    recipients = await work.recipients.members([member.id])
    await work.outbox.intend(
        [
            Intent(
                kind=Kind.DIGEST,
                recipient=recipients[member.id],
                subject=event.subject,
                occurrence=event.week,
                not_before=opening,
                held_why="" if opening == recorded.at else "quiet-hours",
            )
        ]
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """What one person's digest says: what needs them, what comes, what changed."""

    week: str
    coming: tuple[ActivityCard, ...] = ()
    unanswered: tuple[ActivityCard, ...] = ()
    provisional: tuple[ActivityCard, ...] = ()
    scheduled: tuple[ActivityCard, ...] = ()
    moved: tuple[ActivityCard, ...] = ()
    cancelled: tuple[ActivityCard, ...] = ()
    held: tuple[ActivityCard, ...] = ()
    networks_without_expert: tuple[Network, ...] = ()
    networks_without_date: tuple[Network, ...] = ()
    undelivered: int = 0
    rights: frozenset[Action] = frozenset()

    @property
    def all_is_well(self) -> bool:
        """Tell whether nothing waits for this person."""
        return not (
            self.unanswered
            or self.provisional
            or self.networks_without_expert
            or self.networks_without_date
            or self.undelivered
        )


async def compose_digest(work: NotificationWork, member: Member, week: str, now: datetime) -> Digest | None:
    """Read the digest of a member from the present state; None outside any edition."""
    edition = await work.editions.in_force(member.day_of(now))
    if edition is None:
        return None
    mine = _networks_of(member.in_edition(edition.slug), now)
    networks = [one for one in await work.editions.networks(edition.slug) if mine is None or one.slug in mine]
    slugs = [network.slug for network in networks]
    activities = await work.activities.between(edition.slug, now - GAPS_WITHIN, now + AHEAD, networks=slugs)
    worth = await cards_of(work, [activity for activity in activities if _is_worth(activity, now)])
    cards = {card.activity.id: card for card in worth}
    actor, day = Actor(door="clock", member=member), member.day_of(now)
    cards = {key: card for key, card in cards.items() if can(actor, Action.SEE_ACTIVITY, card.place, day=day)}
    return Digest(
        week=week,
        coming=_pick(cards, lambda one: one.is_open and now <= one.starts_at < now + LOOK_AHEAD),
        unanswered=tuple(card for card in cards.values() if _waits_for_answers(card, now)),
        provisional=_pick(
            cards, lambda one: one.is_open and one.provisional and now < one.starts_at <= now + GAPS_WITHIN
        ),
        scheduled=_pick(cards, lambda one: one.is_open and one.revision == 1 and _is_new(one, now) and _is_news(one)),
        moved=_pick(cards, lambda one: one.is_open and one.moved_from is not None and _is_new(one, now)),
        cancelled=_pick(cards, lambda one: one.status is ActivityStatus.CANCELLED and _is_new(one, now)),
        held=_pick(cards, lambda one: one.status is ActivityStatus.HELD and now - LOOK_BACK <= one.ends_at <= now),
        networks_without_expert=await _without_expert(work, edition.slug, networks, now),
        networks_without_date=_without_date(networks, activities, now),
        rights=rights_of(member, edition.slug, day),
        undelivered=await work.outbox.failed_since(now - LOOK_BACK) if mine is None else 0,
    )


def _networks_of(member: Member, now: datetime) -> set[str] | None:
    """Tell the networks a guardian's digest is about; None for a coordinator, who sees all."""
    day = member.day_of(now)
    if member.has_role(RoleName.COORDINATOR, day):
        return None
    return {role.network for role in member.roles if role.name is RoleName.GUARDIAN and role.holds_on(day)}


def _is_new(activity: Activity, now: datetime) -> bool:
    return now - LOOK_BACK <= activity.changed_at <= now


def _is_news(activity: Activity) -> bool:
    return activity.scheduled_by != QUIET_DOOR


def _is_worth(activity: Activity, now: datetime) -> bool:
    """Tell whether a digest may speak of it: what lies far ahead only when it is new or answers are due."""
    is_near = activity.ends_at >= now - LOOK_BACK and activity.starts_at <= now + GAPS_WITHIN
    return is_near or _is_new(activity, now) or _answers_are_due(activity, now)


def _answers_are_due(activity: Activity, now: datetime) -> bool:
    until = activity.answer_by or activity.starts_at
    return activity.is_open and now < activity.starts_at and until < now + ANSWERS_WITHIN


def _pick(cards: dict[str, ActivityCard], wanted: Callable[[Activity], bool]) -> tuple[ActivityCard, ...]:
    return tuple(card for card in cards.values() if wanted(card.activity))


def _waits_for_answers(card: ActivityCard, now: datetime) -> bool:
    return _answers_are_due(card.activity, now) and card.count.owed > 0


async def _without_expert(
    work: NotificationWork, edition: str, networks: Sequence[Network], now: datetime
) -> tuple[Network, ...]:
    served = {
        assignment.network
        for assignment in await work.assignments.of_edition(edition)
        if assignment.status is AssignmentStatus.ACCEPTED and assignment.since <= now.date() <= assignment.until
    }
    experts = await work.people.experts(edition, now.date())
    served |= {role.network for member in experts for role in member.roles if role.name is RoleName.EXPERT}
    return tuple(network for network in networks if network.slug not in served)


def _without_date(networks: Sequence[Network], activities: Sequence[Activity], now: datetime) -> tuple[Network, ...]:
    soon = [one for one in activities if one.is_open and now < one.starts_at <= now + GAPS_WITHIN]
    planned = {slug for one in soon for slug in one.networks}
    return tuple(network for network in networks if network.slug not in planned)
