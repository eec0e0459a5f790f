"""Feedback after an activity: asked after its end, nudged once, closed by a date, never tied to a person.

An advisory session is not asked about one by one (its round is pooled, once a quarter).
"""

from datetime import datetime, timedelta

from pim_bot.errors import NotFound, Refused
from pim_bot.events.catalogue import ActivityEvent, FeedbackClosed, FeedbackGiven, FeedbackRequested
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.audience import audience_of
from pim_bot.notifications.direct import tell_members
from pim_bot.notifications.hours import hours_of
from pim_bot.notifications.intent import DueItem, Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.activity import Activity, ActivityStatus, Answer
from pim_bot.programme.edition import Scope
from pim_bot.programme.people import Actor, Member
from pim_bot.programme.permissions import Action, require
from pim_bot.programme.preferences import Topic

ENDS = "activity-ends"
OPENS = "feedback-opens"
NUDGES = "feedback-nudge"
CLOSES = "feedback-closes"
NUDGE_AFTER = timedelta(days=4)
OPEN_FOR = timedelta(days=14)
FEWEST_FOR_RESULT = 5
SCORES = range(1, 6)
QUESTIONS = (Kind.FEEDBACK_QUESTION, Kind.FEEDBACK_NUDGE)


async def plan_end(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Plan that the activity ends, and that feedback is asked for after it."""
    event = recorded.event
    assert isinstance(event, ActivityEvent)
    activity = await work.activities.get(event.activity_id)
    if activity is None or activity.revision != event.revision:
        return
    items: list[DueItem] = []
    if activity.is_open:
        items.append(_item(ENDS, activity, activity.ends_at))
        kind = await work.editions.kind(activity.edition, activity.kind)
        if kind is None or kind.scope is not Scope.ONE_CITY:
            items.append(_item(OPENS, activity, hours_of(activity.zone).next_open(activity.ends_at)))
    if activity.status is not ActivityStatus.HELD:
        await work.due_items.keep_only(event.subject, (ENDS, OPENS), items, why=activity.status)


def _item(kind: str, activity: Activity, at: datetime) -> DueItem:
    return DueItem(kind=kind, subject=f"activity:{activity.id}", due_at=at, nominal_at=at)


async def ask_for_feedback(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Open the round and ask those who took part; the nudge goes only to those who have not answered."""
    event = recorded.event
    assert isinstance(event, FeedbackRequested)
    activity = await work.activities.get(event.activity_id)
    if activity is None or activity.status is not ActivityStatus.HELD:
        return
    if not event.nudge:
        await _open_round(work, activity, recorded.at)
    if await work.feedback.state(activity.id) != "open":
        return
    members = [
        one.member
        for one in await audience_of(work, activity)
        if one.attendance.answer is Answer.GOING and one.takes_part
    ]
    answered = await work.feedback.answered(activity.id)
    silent = [one for one in members if one.id not in answered and one.preferences.wants(Topic.FEEDBACK)]
    kind = Kind.FEEDBACK_NUDGE if event.nudge else Kind.FEEDBACK_QUESTION
    await tell_members(work, recorded, silent, kind)


async def _open_round(work: NotificationWork, activity: Activity, now: datetime) -> None:
    """Open the round, and plan its one nudge and its end from now on: an outage makes neither of them early."""
    await work.feedback.open(activity.id, at=now, closes_at=now + OPEN_FOR)
    nudge_at = hours_of(activity.zone).next_open(now + NUDGE_AFTER)
    await work.due_items.plan([_item(NUDGES, activity, nudge_at), _item(CLOSES, activity, now + OPEN_FOR)])


async def give_feedback(work: NotificationWork, actor: Actor, activity_id: str, score: int, *, now: datetime) -> None:
    """Put a score into the bag; what is said of it anywhere else is only that somebody answered.

    A second answer of the same person changes nothing (the form says so before). Raises ``Refused`` when the round is
    closed.
    """
    if score not in SCORES:
        raise Refused("Prosimy wybrać ocenę od 1 do 5.")
    await work.hold(f"activity:{activity_id}")  # the bag is closed once, and nobody puts anything in meanwhile
    activity = await work.activities.get(activity_id)
    if activity is None or actor.member is None:
        raise NotFound("Tego wydarzenia już nie ma. Aktualną listę pokaże polecenie /pim terminy.")
    member: Member = actor.member
    invited = [one for one in await audience_of(work, activity) if one.member.id == member.id]
    require(actor, Action.GIVE_FEEDBACK, now=now, owner=member.id if invited else "")
    if await work.feedback.state(activity_id) != "open":
        raise Refused("Zbieranie opinii o tym wydarzeniu już się zakończyło. Dziękujemy.")
    if await work.feedback.has_answered(activity_id, member.id):
        return
    await work.feedback.put(activity_id, member.id, score)
    work.record(FeedbackGiven(activity_id=activity_id, revision=activity.revision), actor=Actor(door="chat"), at=now)


async def close_feedback(work: NotificationWork, activity_id: str, *, now: datetime) -> None:
    """Close the round: the bag is rewritten, the marks are deleted, the result is computed once and never moves."""
    await work.hold(f"activity:{activity_id}")
    if await work.feedback.state(activity_id) != "open":
        return
    scores = await work.feedback.close(activity_id)
    result: dict[str, object] = {"enough": len(scores) >= FEWEST_FOR_RESULT}
    if result["enough"]:
        result |= {"answers": len(scores), "mean": round(sum(scores) / len(scores), 1)}
    await work.feedback.keep_result(activity_id, result)
    work.record(FeedbackClosed(activity_id=activity_id), actor=Actor(door="clock"), at=now)


async def thank_for_feedback(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Bring every question about the activity up to date; that all are hides whose answer it was."""
    event = recorded.event
    assert isinstance(event, FeedbackGiven)
    await work.outbox.refresh(event.subject, QUESTIONS, at=recorded.at)


async def tell_feedback_result(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Take the buttons off the questions, and tell the coordinators what the round came to."""
    event = recorded.event
    assert isinstance(event, FeedbackClosed)
    activity = await work.activities.get(event.activity_id)
    if activity is None:
        return
    await work.outbox.refresh(event.subject, QUESTIONS, at=recorded.at)
    coordinators = await work.people.coordinators(activity.edition, recorded.at.date())
    await tell_members(work, recorded, coordinators, Kind.FEEDBACK_RESULT)
