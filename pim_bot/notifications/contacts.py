"""After a workshop those who agreed to it get each other's contact."""

from pim_bot.events.catalogue import ActivityEvent
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.audience import audience_of
from pim_bot.notifications.direct import tell_members
from pim_bot.notifications.intent import Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.activity import Activity, ActivityStatus, Answer
from pim_bot.programme.knowing import sharing
from pim_bot.programme.people import Member
from pim_bot.programme.visiting_card import VisitingCard

FEWEST = 2


async def share_contacts(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Plan one message to each of those who took part and agreed, if there are at least two."""
    event = recorded.event
    assert isinstance(event, ActivityEvent)
    activity = await work.activities.get(event.activity_id)
    if activity is None or activity.status is not ActivityStatus.HELD:
        return
    kind = await work.editions.kind(activity.edition, activity.kind)
    if kind is None or kind.scope.is_of_one_city:
        return
    found = await who_share(work, activity)
    if len(found) >= FEWEST:
        await tell_members(work, recorded, [member for member, _ in found], Kind.CONTACTS)


async def who_share(work: NotificationWork, activity: Activity) -> list[tuple[Member, VisitingCard]]:
    """Tell who was registered for an activity and agrees today that the others get their contact."""
    audience = await audience_of(work, activity)
    took_part = [one.member for one in audience if one.attendance.answer is Answer.GOING and one.takes_part]
    return await sharing(work, took_part)
