"""From a claimed notification to words: which facts are read and which block says them, by kind of message.

The facts are those of the present, so a message that waited says what is true when it goes out. None means that there
is nothing to say any more.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from pim_bot.blocks import activities as activity_blocks
from pim_bot.blocks import home, lists, messages, privacy
from pim_bot.blocks import ledger as ledger_blocks
from pim_bot.blocks.elements import Message
from pim_bot.blocks.missed import Missed, runs_missed
from pim_bot.i18n import Words, language_of
from pim_bot.jobs.ports import WorkerWork
from pim_bot.notifications.delivery import Notification
from pim_bot.notifications.digests import LOOK_BACK, compose_digest
from pim_bot.notifications.home import compose_home
from pim_bot.notifications.intent import Kind
from pim_bot.notifications.ports import LedgerWork, NotificationWork
from pim_bot.notifications.reminders import what_matters
from pim_bot.notifications.subjects import titles_of
from pim_bot.programme.activity import Attendance
from pim_bot.programme.assignment import ExpertAssignment
from pim_bot.programme.card import ActivityCard, card_of
from pim_bot.programme.invitations import invitation_of
from pim_bot.programme.people import Member

Render = Callable[[WorkerWork, Notification, Words, datetime], Awaitable[Message | None]]


async def render(work: WorkerWork, claimed: Notification, now: datetime) -> Message | None:
    """Say the message in the recipient's language from the present state; None when nothing is to be said."""
    if claimed.addressee.is_restricted and claimed.kind is not Kind.REFUSAL:
        return None
    words = Words(language_of(claimed.addressee.language))
    return await RENDERERS[claimed.kind](work, claimed, words, now)


async def _card(work: NotificationWork, claimed: Notification) -> ActivityCard | None:
    activity = await work.activities.get(claimed.subject.removeprefix("activity:"))
    return await card_of(work, activity) if activity else None


async def _member(work: NotificationWork, claimed: Notification) -> Member | None:
    return await work.people.get(claimed.addressee.member_id) if claimed.addressee.member_id else None


async def _my_attendance(
    work: NotificationWork, card: ActivityCard, claimed: Notification, now: datetime
) -> Attendance | None:
    member = await _member(work, claimed)
    return await invitation_of(work, card.activity, member, member.day_of(now)) if member else None


async def _announcement(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    card = await _card(work, claimed)
    return activity_blocks.announcement(words, card, now=now) if card else None


async def _invitation(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    card = await _card(work, claimed)
    attendance = await _my_attendance(work, card, claimed, now) if card else None
    if card is None or attendance is None:
        return None
    if not claimed.target_ts and (attendance.answer is not None or card.is_over(now)):
        return None
    by = await work.people.get(attendance.answered_by) if attendance.answered_by else None
    return activity_blocks.invitation(words, card, attendance, by=by, now=now)


async def _planned(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    card = await _card(work, claimed)
    return activity_blocks.planned(words, card, now=now) if card else None


async def _moved(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    card = await _card(work, claimed)
    if card is None or not card.activity.is_open or str(card.activity.revision) != claimed.occurrence:
        return None
    attendance = await _my_attendance(work, card, claimed, now)
    previous = datetime.fromisoformat(claimed.facts["previous_start"])
    answered = attendance is not None and attendance.answer is not None
    return activity_blocks.moved(words, card, previous_start=previous, answered=answered)


async def _cancelled(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    card = await _card(work, claimed)
    return activity_blocks.cancelled(words, card) if card else None


async def _reminder(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    member = await _member(work, claimed)
    if member is None:
        return None
    found = await what_matters(work, member, claimed.occurrence, now, said=bool(claimed.target_ts))
    items = [(await card_of(work, activity), one.attendance) for activity, one in found]
    return messages.reminder(words, items, now=now) if items else None


async def place_of(work: NotificationWork, assignment: ExpertAssignment) -> str:
    """Name the network or the city that an assignment is for."""
    if assignment.city:
        cities = {city.slug: city.name for city in await work.editions.cities(assignment.edition)}
        return cities.get(assignment.city, assignment.city)
    networks = {network.slug: network.name for network in await work.editions.networks(assignment.edition)}
    return networks.get(assignment.network, assignment.network)


async def _assignment_question(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    assignment = await work.assignments.get(claimed.subject.removeprefix("assignment:"))
    if assignment is None:
        return None
    return messages.assignment_question(words, assignment, await place_of(work, assignment))


async def _assignment_answer(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    assignment = await work.assignments.get(claimed.subject.removeprefix("assignment:"))
    expert = await work.people.get(assignment.member_id) if assignment else None
    if assignment is None or expert is None:
        return None
    return messages.assignment_answer(words, assignment, await place_of(work, assignment), expert.name)


async def _feedback(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    card = await _card(work, claimed)
    if card is None:
        return None
    state = "closed"
    if await work.feedback.state(card.activity.id) == "open":
        answered = await work.feedback.has_answered(card.activity.id, claimed.addressee.member_id)
        state = "answered" if answered else "asked"
    if not claimed.target_ts and state != "asked":
        return None
    nudge = claimed.kind is Kind.FEEDBACK_NUDGE
    return messages.feedback_question(words, card, state=state, nudge=nudge)


async def _feedback_result(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    card = await _card(work, claimed)
    result = await work.feedback.result(card.activity.id) if card else None
    return messages.feedback_result(words, card, result) if card and result is not None else None


async def _digest(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    member = await _member(work, claimed)
    found = await compose_digest(work, member, claimed.occurrence, now) if member else None
    return lists.digest(words, found, now=now) if found else None


async def _welcome(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    member = await _member(work, claimed)
    return messages.welcome(words, member) if member else None


async def _stranger(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    return messages.stranger(words)


async def _refusal(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    return messages.refusal(words, claimed.facts["reason"], claimed.facts.get("facts", {}))


async def _delivery_failed(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    return messages.delivery_failed(words, **claimed.facts)


async def _runs_missed(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    runs = []
    for run in claimed.facts["runs"]:
        due_at = datetime.fromisoformat(run["due_at"])
        members = await work.people.many(run["members"])
        runs.append(
            Missed(
                kind=run["kind"],
                due_at=due_at,
                items=run["items"],
                names=tuple(member.name for member in members),
                waits=await work.due_items.is_overdue(run["kind"], due_at),
            )
        )
    return runs_missed(words, runs)


async def _correction(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    facts = claimed.facts
    return privacy.correction(words, who=facts["who"], name=facts["name"], email=facts["email"], member_id=facts["id"])


async def _deliveries(work: LedgerWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    member = await _member(work, claimed)
    if member is None:
        return None
    facts = await work.ledger.facts(claimed.target_id or claimed.id)  # a change has none of its own
    entries = await work.ledger.entries(facts["ids"])
    decisions = await work.ledger.decisions([one.id for one in entries])
    deciders = await work.people.many([one.actor.removeprefix("member:") for one in decisions.values()])
    found = ledger_blocks.DeliveryList(
        entries=entries,
        titles=await titles_of(work, [one.subject for one in entries]),
        decisions=decisions,
        deciders={f"member:{one.id}": one.name for one in deciders},
        counts=await work.ledger.counts(since=now - LOOK_BACK),
        more=facts["more"],
        page=facts["page"],
    )
    return ledger_blocks.deliveries(words, found, zone=member.zone, now=now)


async def _home(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    member = await _member(work, claimed)
    if member is None:
        return None
    return home.home(words, await compose_home(work, member, now), now=now)


async def _bundle(work: WorkerWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Say several messages in one; each as it would be said alone."""
    parts = await work.deliveries.parts(claimed.target_id or claimed.id)
    said = [await render(work, replace(part, target_ts=claimed.target_ts), now) for part in parts]
    told = [message for message in said if message is not None]
    return messages.bundle(words, told) if told else None


RENDERERS: dict[Kind, Render] = {
    Kind.ANNOUNCEMENT: _announcement,
    Kind.INVITATION: _invitation,
    Kind.PLANNED: _planned,
    Kind.MOVED: _moved,
    Kind.CANCELLED: _cancelled,
    Kind.REMINDER: _reminder,
    Kind.ASSIGNMENT_QUESTION: _assignment_question,
    Kind.ASSIGNMENT_ANSWER: _assignment_answer,
    Kind.FEEDBACK_QUESTION: _feedback,
    Kind.FEEDBACK_NUDGE: _feedback,
    Kind.FEEDBACK_RESULT: _feedback_result,
    Kind.DIGEST: _digest,
    Kind.WELCOME: _welcome,
    Kind.STRANGER: _stranger,
    Kind.REFUSAL: _refusal,
    Kind.DELIVERY_FAILED: _delivery_failed,
    Kind.RUNS_MISSED: _runs_missed,
    Kind.CORRECTION: _correction,
    Kind.DELIVERIES: _deliveries,
    Kind.BUNDLE: _bundle,
    Kind.HOME: _home,
}
