"""Reactions to somebody being away: whoever stands in for them hears it."""

from pim_bot.events.catalogue import AbsenceChanged
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.direct import tell_members
from pim_bot.notifications.intent import Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.people import Member


async def tell_deputy(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Tell whoever stands in for somebody, and bring what was told of it before up to date."""
    event = recorded.event
    assert isinstance(event, AbsenceChanged)
    await work.outbox.refresh(event.subject, [Kind.STANDING_IN], at=recorded.at)
    member = await work.people.get(event.member_id)
    deputy = await work.people.get(member.preferences.deputy) if member and member.preferences.deputy else None
    if member is not None and deputy is not None:
        await tell_members(work, recorded, [deputy], Kind.STANDING_IN, occurrence=absence_key(member))


def absence_key(member: Member) -> str:
    """Tell an absence in one word: another time or another deputy make another one."""
    preferences = member.preferences
    return f"{preferences.away_since}/{preferences.away_until}/{preferences.deputy}"
