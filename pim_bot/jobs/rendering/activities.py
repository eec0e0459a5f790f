"""Messages about activities: announcements, invitations, changes, reminders and reports."""

from datetime import datetime

from pim_bot.blocks import activities as activity_blocks
from pim_bot.blocks import messages, visiting_cards
from pim_bot.blocks.elements import Block, Message
from pim_bot.blocks.report import report_blocks, report_request
from pim_bot.i18n import Words
from pim_bot.jobs.rendering.recipient import member_of
from pim_bot.notifications.contacts import who_share
from pim_bot.notifications.delivery import Notification
from pim_bot.notifications.ports import NotificationWork
from pim_bot.notifications.reminders import duties_for, what_matters
from pim_bot.programme.activity import ActivityStatus, Answer, Attendance
from pim_bot.programme.card import ActivityCard, card_of
from pim_bot.programme.invitations import invitation_of


async def _card(work: NotificationWork, claimed: Notification) -> ActivityCard | None:
    activity = await work.activities.get(claimed.subject.removeprefix("activity:"))
    return await card_of(work, activity) if activity else None


async def _my_attendance(
    work: NotificationWork, card: ActivityCard, claimed: Notification, now: datetime
) -> Attendance | None:
    member = await member_of(work, claimed)
    return await invitation_of(work, card.activity, member, member.day_of(now)) if member else None


async def announcement(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Announce an activity in a channel, and show there what becomes of it."""
    card = await _card(work, claimed)
    if card is None:
        return None
    materials = await work.materials.of(card.activity.id)
    report = await _report_of(work, card, words, people=False)
    return activity_blocks.announcement(words, card, now=now, materials=materials, report=report)


async def _report_of(work: NotificationWork, card: ActivityCard, words: Words, *, people: bool) -> list[Block]:
    held = card.activity.status is ActivityStatus.HELD
    report = await work.reports.get(card.activity.id) if held else None
    return report_blocks(words, card.activity, report, people=people) if report else []


async def invitation(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Ask for an answer while there is none and the activity is to come."""
    card = await _card(work, claimed)
    attendance = await _my_attendance(work, card, claimed, now) if card else None
    if card is None or attendance is None:
        return None
    if not claimed.target_ts and (attendance.answer is not None or card.is_over(now)):
        return None
    by = await work.people.get(attendance.answered_by) if attendance.answered_by else None
    return activity_blocks.invitation(words, card, attendance, by=by, now=now)


async def planned(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell whoever looks after an activity that it is planned, and later what came of it."""
    card = await _card(work, claimed)
    if card is None:
        return None
    report = await _report_of(work, card, words, people=True)
    return activity_blocks.planned(words, card, report=report, now=now)


async def report(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Ask for the report, while there is none."""
    card = await _card(work, claimed)
    report = await work.reports.get(card.activity.id) if card else None
    if card is None or (report is not None and not claimed.target_ts):
        return None
    by = await work.people.get(report.reported_by.removeprefix("member:")) if report else None
    return report_request(words, card, report, by=by, step=claimed.kind.removeprefix("report-"))


async def moved(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell the new time, unless it was moved again."""
    card = await _card(work, claimed)
    if card is None or not card.activity.is_open or not _is_still_moved_there(card, claimed):
        return None
    attendance = await _my_attendance(work, card, claimed, now)
    previous = datetime.fromisoformat(claimed.facts["previous_start"])
    answered = attendance is not None and attendance.answer is not None
    return activity_blocks.moved(words, card, previous_start=previous, answered=answered)


def _is_still_moved_there(card: ActivityCard, claimed: Notification) -> bool:
    """Tell whether a move is the last one; details that were changed after it do not outdate it."""
    if str(card.activity.revision) == claimed.occurrence:
        return True
    return bool(claimed.facts.get("starts_at") == card.activity.starts_at.isoformat())


async def changed(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell which details changed, while the activity is to come."""
    card = await _card(work, claimed)
    if card is None or card.is_over(now):
        return None
    return activity_blocks.changed(words, card, what=claimed.facts["what"])


async def cancelled(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell that it does not take place."""
    card = await _card(work, claimed)
    return activity_blocks.cancelled(words, card) if card else None


async def place_given(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell somebody from the waiting list that there is a place."""
    card = await _card(work, claimed)
    attendance = await _my_attendance(work, card, claimed, now) if card else None
    if card is None or attendance is None or attendance.answer is not Answer.GOING or card.is_over(now):
        return None
    return activity_blocks.place_given(words, card, attendance)


async def attendance_nudge(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    """Ask again whoever has not answered."""
    card = await _card(work, claimed)
    attendance = await _my_attendance(work, card, claimed, now) if card else None
    if card is None or attendance is None:
        return None
    if not claimed.target_ts and (attendance.answer is not None or card.is_over(now)):
        return None
    return messages.reminder(words, [(card, attendance)], now=now)


async def reminder(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Remind somebody, or whoever stands in for them, of what matters to them."""
    member = await work.people.get(claimed.subject.removeprefix("member:"))
    reader = await member_of(work, claimed)
    if member is None or reader is None:
        return None
    found = await what_matters(work, member, claimed.occurrence, now, said=bool(claimed.target_ts))
    if reader.id != member.id and not claimed.target_ts:
        found = await duties_for(work, reader, found, now)
    items = [(await card_of(work, activity), one.attendance) for activity, one in found]
    return messages.reminder(words, items, now=now) if items else None


async def contacts(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Give those who agreed each other's contact."""
    activity = await work.activities.get(claimed.subject.removeprefix("activity:"))
    found = await who_share(work, activity) if activity else []
    mine = [one for one in found if one[0].id == claimed.addressee.member_id]
    others = [one for one in found if one[0].id != claimed.addressee.member_id]
    return visiting_cards.contacts(words, activity.title, others) if activity and mine and others else None
