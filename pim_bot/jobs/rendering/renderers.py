"""From a claimed notification to words: which facts are read and which block says them, by kind of message.

The facts are those of the present, so a message that waited says what is true when it goes out. None means that there
is nothing to say any more.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from pim_bot.blocks import messages
from pim_bot.blocks.elements import Message
from pim_bot.blocks.preferences import with_fewer
from pim_bot.i18n import Words, language_of
from pim_bot.jobs.ports import WorkerWork
from pim_bot.jobs.rendering import (
    activities,
    answers,
    assignments,
    contributions,
    feedback,
    overviews,
    people,
    sessions,
    together,
    troubles,
)
from pim_bot.notifications.delivery import Notification
from pim_bot.notifications.intent import AUTOMATIC, Kind

Render = Callable[[WorkerWork, Notification, Words, datetime], Awaitable[Message | None]]


async def render(work: WorkerWork, claimed: Notification, now: datetime, *, public_url: str = "") -> Message | None:
    """Say the message in the recipient's language from the present state; None when nothing is to be said.

    ``public_url`` is where the calendars are.
    """
    if not _is_heard(claimed):
        return None
    words = Words(language_of(claimed.addressee.language))
    if claimed.kind is Kind.HOME:
        return await overviews.home_tab(work, claimed, words, now, public_url)
    said = await RENDERERS[claimed.kind](work, claimed, words, now)
    return with_fewer(words, said) if said is not None and claimed.kind in AUTOMATIC else said


def _is_heard(claimed: Notification) -> bool:
    """Tell whether the recipient may be told: who limited their data hears only why an act of theirs was refused."""
    return not claimed.addressee.is_restricted or claimed.kind is Kind.REFUSAL


async def bundle(work: WorkerWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Say several messages in one; each as it would be said alone."""
    parts = await work.deliveries.parts(claimed.target_id or claimed.id)
    heard = [replace(part, target_ts=claimed.target_ts) for part in parts if _is_heard(part)]
    said = [await RENDERERS[part.kind](work, part, words, now) for part in heard]
    told = [message for message in said if message is not None]
    return messages.bundle(words, told) if told else None


RENDERERS: dict[Kind, Render] = {
    Kind.ANNOUNCEMENT: activities.announcement,
    Kind.INVITATION: activities.invitation,
    Kind.PLANNED: activities.planned,
    Kind.MOVED: activities.moved,
    Kind.CHANGED: activities.changed,
    Kind.CANCELLED: activities.cancelled,
    Kind.PLACE_GIVEN: activities.place_given,
    Kind.ATTENDANCE_NUDGE: activities.attendance_nudge,
    Kind.REMINDER: activities.reminder,
    Kind.ASSIGNMENT_QUESTION: assignments.question,
    Kind.ASSIGNMENT_ANSWER: assignments.answered,
    Kind.SESSION_REQUESTED: sessions.requested,
    Kind.SESSION_OFFERED: sessions.offered,
    Kind.SESSION_REQUEST_NUDGE: sessions.request_nudge,
    Kind.SESSION_ARRANGED: sessions.arranged,
    Kind.SESSION_DECLINED: sessions.declined,
    Kind.SESSION_QUESTION: sessions.question,
    Kind.SESSION_NUDGE: sessions.question,
    Kind.SESSION_LOGGED: sessions.logged,
    Kind.SESSION_AGREED: sessions.agreed,
    Kind.SESSION_CORRECTED: sessions.corrected,
    Kind.ASSIGNMENT_RELEASED: assignments.released,
    Kind.HANDOVER: assignments.handover,
    Kind.DUTIES: assignments.duties,
    Kind.CONTACTS: activities.contacts,
    Kind.STANDING_IN: people.standing_in,
    Kind.FEEDBACK_QUESTION: feedback.question,
    Kind.FEEDBACK_NUDGE: feedback.question,
    Kind.FEEDBACK_RESULT: feedback.result,
    Kind.REPORT_QUESTION: activities.report,
    Kind.REPORT_NUDGE: activities.report,
    Kind.REPORT_ESCALATION: activities.report,
    Kind.DIGEST: overviews.digest,
    Kind.WELCOME: people.welcome,
    Kind.STRANGER: people.stranger,
    Kind.INTRODUCED: people.introduced,
    Kind.INTRODUCTION_DECLINED: people.introduction_declined,
    Kind.REFUSAL: troubles.refusal,
    Kind.DELIVERY_FAILED: troubles.delivery_failed,
    Kind.RUNS_MISSED: troubles.runs_missed,
    Kind.CORRECTION: people.correction,
    Kind.DELIVERIES: overviews.deliveries,
    Kind.CONTRIBUTION_PROPOSED: contributions.proposed,
    Kind.CONTRIBUTION_THANKS: contributions.thanks,
    Kind.CONTRIBUTION_DECIDED: contributions.decided,
    Kind.CONTRIBUTION_CONSENT: contributions.consent,
    Kind.CONTRIBUTION_EDIT: contributions.edit_offer,
    Kind.ANSWER: answers.answer_to,
    Kind.CONTRIBUTION_OFFER: contributions.offer,
    Kind.TOPICS: together.topics,
    Kind.TOPICS_ENDED: together.topics_ended,
    Kind.BULLETIN: together.bulletin,
    Kind.BULLETIN_SENT: together.bulletin_sent,
    Kind.PEOPLE_LIST: people.people_list,
    Kind.BUNDLE: bundle,
}
