"""Reactions to the topics that cities choose together: they are asked, the count stays true, the end is told."""

from pim_bot.events.catalogue import ActivityEvent, TopicsEnded, TopicsEvent
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.activities import channels_of
from pim_bot.notifications.direct import tell_members
from pim_bot.notifications.intent import DueItem, Intent, Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.activity import Activity
from pim_bot.programme.people import Actor, Member
from pim_bot.programme.preferences import Topic
from pim_bot.programme.topic import TopicsStatus

ENDS = "topics-end"
CLOCK = Actor(door="clock")
IN_PLACE = (Kind.TOPICS, Kind.TOPICS_ENDED)


async def ask_for_topics(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Ask in the networks' channels and each city's contact, once; plan the end. Another end is shown in place."""
    event = recorded.event
    assert isinstance(event, TopicsEvent)
    activity = await work.activities.get(event.activity_id)
    found = await work.topics.get(event.activity_id)
    if activity is None or found is None or not activity.is_open or not found.is_open(recorded.at):
        return
    ends = DueItem(
        kind=ENDS, subject=event.subject, occurrence=found.until.isoformat(), due_at=found.until, nominal_at=found.until
    )
    await work.due_items.keep_only(event.subject, (ENDS,), [ends], why="another-end")
    channels = await channels_of(work, activity)
    await work.outbox.intend(
        [Intent(kind=Kind.TOPICS, recipient=one, subject=event.subject, not_before=recorded.at) for one in channels]
    )
    await tell_members(work, recorded, await _asked(work, activity, in_channel=bool(channels)), Kind.TOPICS)
    await work.outbox.refresh(event.subject, IN_PLACE, at=recorded.at)


async def _asked(work: NotificationWork, activity: Activity, *, in_channel: bool) -> list[Member]:
    """Tell whose duty it is to speak for each city; whoever wants no question in person finds it in the channel."""
    teams = await work.people.teams(activity.edition, activity.networks, activity.first_day)
    duties = {
        member.id: member
        for team in teams
        for member in team.members
        if not team.contacts or member.id in team.contacts
    }
    return [one for one in duties.values() if not in_channel or one.preferences.wants(Topic.INVITATIONS)]


async def show_topics(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Bring the topics up to date wherever they stand."""
    event = recorded.event
    assert isinstance(event, TopicsEvent | ActivityEvent)
    await work.outbox.refresh(f"topics:{event.activity_id}", IN_PLACE, at=recorded.at)


async def tell_of_end(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Take the buttons off, and tell whoever collects the topics that it is their turn."""
    event = recorded.event
    assert isinstance(event, TopicsEnded)
    activity = await work.activities.get(event.activity_id)
    found = await work.topics.get(event.activity_id)
    if activity is None or found is None or not activity.is_open or found.status is not TopicsStatus.OPEN:
        return
    if found.until > recorded.at:
        return
    await work.outbox.refresh(event.subject, IN_PLACE, at=recorded.at)
    people = await work.people.many([found.opened_by.removeprefix("member:")])
    await tell_members(work, recorded, people, Kind.TOPICS_ENDED, occurrence=found.until.isoformat())
