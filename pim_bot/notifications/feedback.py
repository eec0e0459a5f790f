"""Feedback: asked after an activity, about the five values and about a quarter of advice; nudged once, then closed.

Never tied to a person, unless the edition chose the named mode, which every question says first. An advisory session is
not asked about one by one: a network's sessions are pooled by quarter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pim_bot.errors import NotFound, Refused
from pim_bot.events.catalogue import (
    ActivityEvent,
    EditionChanged,
    FeedbackClosed,
    FeedbackGiven,
    FeedbackRequested,
    PooledFeedbackClosed,
    PooledFeedbackGiven,
    PooledFeedbackRequested,
    SessionEvent,
)
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.audience import Invited, audience_of
from pim_bot.notifications.direct import tell_members
from pim_bot.notifications.hours import hours_of
from pim_bot.notifications.intent import DueItem, Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.activity import Activity, ActivityStatus, Answer, Attendance
from pim_bot.programme.edition import Scope
from pim_bot.programme.feedback import (
    END,
    HALF,
    About,
    FeedbackRound,
    about_of,
    advice_subject,
    checked_answer,
    days_of_quarter,
    days_of_values,
    quarter_of,
    result_of,
    values_subject,
)
from pim_bot.programme.people import Actor, Member, RoleName
from pim_bot.programme.permissions import Action, require
from pim_bot.programme.ports import EditionInForce
from pim_bot.programme.preferences import Topic
from pim_bot.programme.session import SessionStatus

ENDS = "activity-ends"
OPENS = "feedback-opens"
NUDGES = "feedback-nudge"
CLOSES = "feedback-closes"
NUDGE_AFTER = timedelta(days=4)
OPEN_FOR = timedelta(days=14)
ASKED_FOR = OPEN_FOR + timedelta(days=7)
"""How long after its end an activity may still be asked about: a round opens at the first open moment."""
QUESTIONS = (Kind.FEEDBACK_QUESTION, Kind.FEEDBACK_NUDGE)
GONE = "Tego wydarzenia już nie ma. Aktualną listę pokaże polecenie /pim terminy."
OVER = "Zbieranie opinii już się zakończyło. Dziękujemy."


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a round asks about, read from the present: an activity, or a time in the edition and perhaps a network."""

    subject: str
    edition: EditionInForce
    networks: tuple[str, ...]
    activity: Activity | None = None
    network: str = ""
    period: str = ""

    @property
    def about(self) -> About:
        """The sort of round."""
        return about_of(self.subject)


async def asked_about(
    work: NotificationWork, subject: str, known: Mapping[str, Activity] | None = None
) -> Asked | None:
    """Read what a round asks about; None when it is gone. ``known`` are activities that were read already."""
    about, _, key = subject.partition(":")
    if about == About.ACTIVITY:
        activity = known.get(key) if known is not None else await work.activities.get(key)
        edition = await work.editions.get(activity.edition) if activity else None
        if activity is None or edition is None:
            return None
        return Asked(subject=subject, edition=edition, networks=activity.networks, activity=activity)
    slug, _, rest = key.partition("/")
    edition = await work.editions.get(slug)
    if edition is None or about not in set(About):
        return None
    networks = {one.slug: one.name for one in await work.editions.networks(slug)}
    if about == About.VALUES:
        return Asked(subject=subject, edition=edition, networks=tuple(networks), period=rest)
    network, _, quarter = rest.partition("/")
    name = networks.get(network, network)
    return Asked(subject=subject, edition=edition, networks=(network,), network=name, period=quarter)


async def plan_end(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Plan that the activity ends, and that feedback is asked for after it."""
    event = recorded.event
    assert isinstance(event, ActivityEvent)
    activity = await work.activities.get(event.activity_id)
    if activity is None or activity.revision != event.revision:
        return
    items: list[DueItem] = []
    if activity.is_open:
        items.append(_item(ENDS, event.subject, activity.ends_at))
        kind = await work.editions.kind(activity.edition, activity.kind)
        if kind is None or kind.scope is not Scope.ONE_CITY:
            items.append(_item(OPENS, event.subject, hours_of(activity.zone).next_open(activity.ends_at)))
    if activity.status is not ActivityStatus.HELD:
        await work.due_items.keep_only(event.subject, (ENDS, OPENS), items, why=activity.status)


async def plan_values(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Plan the two rounds about the values; a day that is past is not made up for."""
    event = recorded.event
    assert isinstance(event, EditionChanged)
    edition = await work.editions.get(event.edition)
    if edition is None:
        return
    days = days_of_values(edition.first_day, edition.last_day, edition.values_days)
    for moment in (HALF, END):
        subject = values_subject(edition.slug, moment)
        day = days.get(moment)
        items = [_item(OPENS, subject, _opening(edition.zone, day))] if day else []
        coming = [item for item in items if item.due_at > recorded.at]
        await work.due_items.keep_only(subject, (OPENS,), coming, why="edition-changed")


async def plan_advice(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Plan that the cities of a session are asked about it once its quarter is over, with all others of the network."""
    event = recorded.event
    assert isinstance(event, SessionEvent)
    session = await work.sessions.get(event.session_id)
    edition = await work.editions.get(session.edition) if session else None
    if session is None or edition is None or session.status is not SessionStatus.HELD:
        return
    quarter = quarter_of(session.day)
    after = days_of_quarter(quarter)[1] + timedelta(days=1)
    opens_at = max(_opening(edition.zone, after), hours_of(edition.zone).next_open(recorded.at))
    networks = dict.fromkeys(one.network for one in session.cities if one.network)
    subjects = [advice_subject(session.edition, network, quarter) for network in networks]
    await work.due_items.plan([_item(OPENS, subject, opens_at) for subject in subjects])


def _opening(zone: str, day: date) -> datetime:
    """Tell the first moment from that day on at which people may be asked."""
    return hours_of(zone).next_open(datetime.combine(day, time(), ZoneInfo(zone)))


def _item(kind: str, subject: str, at: datetime) -> DueItem:
    return DueItem(kind=kind, subject=subject, due_at=at, nominal_at=at)


def request_feedback(work: NotificationWork, item: DueItem, *, now: datetime) -> None:
    """Turn a round, or the nudge of one, that falls due into its event."""
    nudge, clock = item.kind == NUDGES, Actor(door="clock")
    about, _, key = item.subject.partition(":")
    if about == About.ACTIVITY:
        work.record(FeedbackRequested(activity_id=key, nudge=nudge), actor=clock, at=now)
    else:
        work.record(PooledFeedbackRequested(about=item.subject, nudge=nudge), actor=clock, at=now)


async def ask_for_feedback(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Open the round and ask those concerned; the nudge goes only to those who have not answered."""
    event = recorded.event
    assert isinstance(event, FeedbackRequested | PooledFeedbackRequested)
    asked = await asked_about(work, event.subject)
    if asked is None or (asked.activity is not None and asked.activity.status is not ActivityStatus.HELD):
        return
    members = await people_of(work, asked, recorded.at)
    if not event.nudge and members:
        await _open_round(work, asked, recorded.at)
    found = await work.feedback.get(event.subject)
    if found is None or not found.is_open:
        return
    answered = await work.feedback.answered(event.subject)
    silent = [one for one in members if one.id not in answered and one.preferences.wants(Topic.FEEDBACK)]
    await tell_members(work, recorded, silent, Kind.FEEDBACK_NUDGE if event.nudge else Kind.FEEDBACK_QUESTION)


async def people_of(work: NotificationWork, asked: Asked, now: datetime) -> list[Member]:
    """Tell who is asked: who took part, all teams of the edition, or the teams of the cities that had a session."""
    if asked.activity is not None:
        return [one.member for one in _took_part(await audience_of(work, asked.activity))]
    teams = await work.people.teams(asked.edition.slug, asked.networks, _day(asked, now))
    if asked.about is About.ADVICE:
        advised = await _advised(work, asked)
        teams = [team for team in teams if team.city in advised]
    return list({member.id: member for team in teams for member in team.members}.values())


def _took_part(audience: Sequence[Invited]) -> list[Invited]:
    return [one for one in audience if one.attendance.answer is Answer.GOING and one.takes_part]


async def _advised(work: NotificationWork, asked: Asked) -> set[str]:
    first, last = days_of_quarter(asked.period)
    return await work.sessions.cities_advised(asked.edition.slug, asked.networks[0], first, last)


def _day(asked: Asked, now: datetime) -> date:
    return now.astimezone(ZoneInfo(asked.edition.zone)).date()


async def _is_pooled_in(work: NotificationWork, asked: Asked, member: Member, now: datetime) -> bool:
    """Tell whether a round about the values or about advice asks this person, by what they are today."""
    places = {
        (role.network, role.city)
        for role in member.in_edition(asked.edition.slug).roles
        if role.name is RoleName.OFFICIAL and role.holds_on(_day(asked, now)) and role.network in asked.networks
    }
    if asked.about is About.ADVICE and places:
        advised = await _advised(work, asked)
        places = {place for place in places if place[1] in advised}
    return bool(places)


async def _open_round(work: NotificationWork, asked: Asked, now: datetime) -> None:
    """Open the round, and plan its one nudge and its end from now on: an outage makes neither of them early.

    Whether answers bear names is settled here: who was promised the one is not kept by the other.
    """
    opened = FeedbackRound(subject=asked.subject, closes_at=now + OPEN_FOR, named=asked.edition.named_feedback)
    await work.feedback.open(opened, at=now)
    zone = asked.activity.zone if asked.activity else asked.edition.zone
    nudge_at = hours_of(zone).next_open(now + NUDGE_AFTER)
    items = [_item(NUDGES, asked.subject, nudge_at), _item(CLOSES, asked.subject, opened.closes_at)]
    await work.due_items.plan(items)


async def open_round(work: NotificationWork, actor: Actor, subject: str, *, now: datetime) -> FeedbackRound:
    """Load a round in which the actor may answer. Raises ``NotFound``, ``NotAllowed``, or ``Refused`` after its end."""
    asked = await asked_about(work, subject)
    member = actor.member
    if asked is None or member is None:
        raise NotFound(GONE)
    if asked.activity is not None:
        is_concerned = any(one.member.id == member.id for one in await audience_of(work, asked.activity))
    else:
        is_concerned = await _is_pooled_in(work, asked, member, now)
    require(actor, Action.GIVE_FEEDBACK, now=now, owner=member.id if is_concerned else "")
    found = await work.feedback.get(subject)
    if found is None or not found.is_open:
        raise Refused(OVER)
    return found


async def give_feedback(
    work: NotificationWork, actor: Actor, subject: str, typed: Mapping[str, object], *, now: datetime
) -> FeedbackRound:
    """Put an answer into the bag of a round, and tell the round; elsewhere stands only that somebody answered.

    A second answer of the same person changes nothing (the form says so before). Raises ``Refused`` when the round is
    closed, with the questions that have no score, and as ``open_round``.
    """
    await work.hold(subject)  # the bag is closed once, and nobody puts anything in meanwhile
    found = await open_round(work, actor, subject, now=now)
    answer = checked_answer(subject, typed)
    assert actor.member is not None
    if await work.feedback.has_answered(subject, actor.member.id):
        return found
    await work.feedback.put(found, actor.member.id, answer)
    somebody = actor if found.named else Actor(door="chat")
    if found.about is About.ACTIVITY:
        activity_id = subject.partition(":")[2]
        activity = await work.activities.get(activity_id)
        revision = activity.revision if activity else 0
        work.record(FeedbackGiven(activity_id=activity_id, revision=revision), actor=somebody, at=now)
    else:
        work.record(PooledFeedbackGiven(about=subject), actor=somebody, at=now)
    return found


async def close_feedback(work: NotificationWork, subject: str, *, now: datetime) -> None:
    """Close the round: the result is computed once and never moves, the bag is rewritten, the marks are deleted."""
    await work.hold(subject)
    found = await work.feedback.get(subject)
    if found is None or not found.is_open:
        return
    await work.feedback.close(found, result_of(await work.feedback.answers(found)))
    about, _, key = subject.partition(":")
    event = FeedbackClosed(activity_id=key) if about == About.ACTIVITY else PooledFeedbackClosed(about=subject)
    work.record(event, actor=Actor(door="clock"), at=now)


async def thank_for_feedback(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Bring every question of the round up to date; that all are hides whose answer it was."""
    await work.outbox.refresh(recorded.event.subject, QUESTIONS, at=recorded.at)


async def tell_feedback_result(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Take the buttons off the questions, forget what they said to whom, and tell what the round came to.

    Coordinators and the networks' guardians hear of it in any case, the people who were asked when there are enough
    answers; that there are too few stands in the question itself.
    """
    subject = recorded.event.subject
    asked = await asked_about(work, subject)
    closed = await work.feedback.get(subject)
    if asked is None or closed is None or closed.result is None:
        return
    await work.outbox.take_words(subject, QUESTIONS)
    await work.outbox.refresh(subject, QUESTIONS, at=recorded.at)
    told = await overseers_of(work, asked, recorded.at)
    if closed.result.enough:
        people = await people_of(work, asked, recorded.at)
        told = [*told, *(one for one in people if one.preferences.wants(Topic.FEEDBACK))]
    await tell_members(work, recorded, list({one.id: one for one in told}.values()), Kind.FEEDBACK_RESULT)


async def overseers_of(work: NotificationWork, asked: Asked, now: datetime) -> list[Member]:
    """Tell the coordinators of the edition and the guardians of the networks."""
    day = _day(asked, now)
    coordinators = await work.people.coordinators(asked.edition.slug, day)
    others = await work.people.in_networks(asked.edition.slug, asked.networks, day)
    return [*coordinators, *(one for one in others if is_overseer(one, asked, day))]


def is_overseer(member: Member, asked: Asked, day: date) -> bool:
    """Tell whether a person coordinates the edition, or guards one of the networks that a round is about."""
    here = member.in_edition(asked.edition.slug)
    guards = any(here.has_role(RoleName.GUARDIAN, day, network=network) for network in asked.networks)
    return guards or here.has_role(RoleName.COORDINATOR, day)


async def rounds_for(
    work: NotificationWork, member: Member, invited: Sequence[tuple[Activity, Attendance]], now: datetime
) -> list[tuple[Asked, FeedbackRound]]:
    """Tell the rounds that wait for a person's answer, those that close first first.

    ``invited`` are the person's invitations to what ended within ``ASKED_FOR``.
    """
    went = {activity.id: activity for activity, one in invited if _goes(member, activity, one)}
    waiting = []
    for one in sorted(await work.feedback.open_for(member.id), key=lambda one: (one.closes_at, one.subject)):
        about, _, key = one.subject.partition(":")
        if about == About.ACTIVITY and key not in went:
            continue
        asked = await asked_about(work, one.subject, went)
        if asked is not None and (asked.activity is not None or await _is_pooled_in(work, asked, member, now)):
            waiting.append((asked, one))
    return waiting


def _goes(member: Member, activity: Activity, attendance: Attendance) -> bool:
    """Tell whether a person took part, by the answer of their team or their own, as ``Invited.takes_part`` does."""
    if activity.status is not ActivityStatus.HELD or attendance.answer is not Answer.GOING:
        return False
    is_contact = any(role.contact and role.holds_on(activity.first_day) for role in member.roles)
    return not attendance.people or is_contact or member.name in attendance.people
