"""Messages about feedback: the question and the result."""

from datetime import datetime

from pim_bot.blocks import feedback as feedback_blocks
from pim_bot.blocks.elements import Message
from pim_bot.i18n import Words
from pim_bot.jobs.rendering.recipient import member_of
from pim_bot.notifications.delivery import Notification
from pim_bot.notifications.feedback import asked_about, is_overseer
from pim_bot.notifications.intent import Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.feedback import FeedbackAnswer


async def question(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Ask for feedback, while somebody has not given any."""
    asked = await asked_about(work, claimed.subject)
    found = await work.feedback.get(claimed.subject)
    if asked is None or found is None:
        return None
    state = "closed"
    if found.is_open:
        answered = await work.feedback.has_answered(found.subject, claimed.addressee.member_id)
        state = "answered" if answered else "asked"
    if not claimed.target_ts and state != "asked":
        return None
    nudge = claimed.kind is Kind.FEEDBACK_NUDGE
    return feedback_blocks.feedback_question(words, asked, found, state=state, nudge=nudge)


async def result(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell the result to those who may read it."""
    asked = await asked_about(work, claimed.subject)
    closed = await work.feedback.get(claimed.subject)
    member = await member_of(work, claimed)
    if asked is None or closed is None or closed.result is None or member is None:
        return None
    answers: list[FeedbackAnswer] = []
    if is_overseer(member, asked, member.day_of(now)) and (closed.named or closed.result.enough):
        answers = await work.feedback.answers(closed)
    people = await work.people.many([one.member_id for one in answers]) if closed.named else []
    names = {one.id: one.name for one in people}
    return feedback_blocks.feedback_result(words, asked, closed.result, answers, names)
