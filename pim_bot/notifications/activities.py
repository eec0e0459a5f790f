"""Reactions to what happens to an activity: the channel hears of it, those who owe an answer are asked.

Every reaction here brings what is said into line with the present state of the activity and does nothing when the
event is older than what it finds.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pim_bot.events.catalogue import ActivityChanged, ActivityEvent, ActivityMoved, AttendanceEvent, PlaceGiven
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.audience import Invited, audience_of
from pim_bot.notifications.direct import tell_members
from pim_bot.notifications.intent import Intent, Kind, Operation
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.activity import Activity, ActivityStatus
from pim_bot.programme.edition import Scope
from pim_bot.programme.preferences import Topic

MESSAGES_IN_PLACE = (
    Kind.ANNOUNCEMENT,
    Kind.INVITATION,
    Kind.PLANNED,
    Kind.SESSION_ARRANGED,
    Kind.ATTENDANCE_NUDGE,
)
WORTH_TELLING = ("place", "form", "link")
"""What people must know beforehand; all else stands in the messages they have."""

BREAKS_THROUGH = timedelta(hours=24)
"""A change this close to the old or the new start is told at once, also outside working hours."""

ASKED_WITHIN = timedelta(days=31)
"""How far back reminders are looked for whose question was answered; the longest rung is a month."""

QUIET_DOOR = "import"
"""An import is the state of things, not news: it plans reminders and calendars, and announces nothing."""


async def present_activity(work: NotificationWork, event: ActivityEvent) -> Activity | None:
    """Read the event's activity; None when it is gone or newer than the event."""
    activity = await work.activities.get(event.activity_id)
    return activity if activity is not None and activity.revision == event.revision else None


async def announce_activity(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Announce a new activity in the channels of its networks, and confirm it to the person who planned it."""
    event = recorded.event
    assert isinstance(event, ActivityEvent)
    activity = await present_activity(work, event)
    if activity is None or not activity.is_open or recorded.actor == QUIET_DOOR:
        return
    intents = [
        Intent(
            kind=Kind.ANNOUNCEMENT,
            recipient=channel,
            subject=event.subject,
            revision=activity.revision,
            not_before=recorded.at,
        )
        for channel in await channels_of(work, activity)
    ]
    if activity.scheduled_by.startswith("member:"):
        planner = activity.scheduled_by.removeprefix("member:")
        recipient = (await work.recipients.members([planner]))[planner]
        intents.append(
            Intent(
                kind=Kind.PLANNED,
                recipient=recipient,
                subject=event.subject,
                revision=activity.revision,
                not_before=recorded.at,
            )
        )
    await work.outbox.intend(intents)


async def invite_participants(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Ask those who owe an answer, each in a direct message."""
    event = recorded.event
    assert isinstance(event, ActivityEvent)
    activity = await present_activity(work, event)
    if activity is None or not activity.is_open or recorded.actor == QUIET_DOOR:
        return
    owing = [one for one in await audience_of(work, activity) if one.owes_answer]
    if await channels_of(work, activity):  # whoever wants no question in person finds it there
        owing = [one for one in owing if one.member.preferences.wants(Topic.INVITATIONS)]
    await _tell_people(work, recorded, activity, owing, Kind.INVITATION)


async def tell_of_move(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Bring the messages up to date in place, and tell those concerned of the new time."""
    event = recorded.event
    assert isinstance(event, ActivityMoved)
    activity = await present_activity(work, event)
    if activity is None or not activity.is_open:
        return
    await work.outbox.refresh(event.subject, MESSAGES_IN_PLACE, at=recorded.at)
    facts = {"previous_start": event.previous_start.isoformat(), "starts_at": activity.starts_at.isoformat()}
    soon = min(event.previous_start, activity.starts_at) - recorded.at < BREAKS_THROUGH
    concerned = [one for one in await audience_of(work, activity) if one.takes_part]
    await _reply_in_channels(work, recorded, activity, Kind.MOVED, facts)
    await _tell_people(work, recorded, activity, concerned, Kind.MOVED, facts=facts, urgent=soon)


async def tell_of_change(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Bring the messages up to date in place; of another place, form or link those concerned are told besides."""
    event = recorded.event
    assert isinstance(event, ActivityChanged)
    activity = await present_activity(work, event)
    if activity is None or not activity.is_open:
        return
    await work.outbox.refresh(event.subject, MESSAGES_IN_PLACE, at=recorded.at)
    told = [name for name in event.what if name in WORTH_TELLING]
    if not told or activity.starts_at <= recorded.at:
        return
    soon = activity.starts_at - recorded.at < BREAKS_THROUGH
    concerned = [one for one in await audience_of(work, activity) if one.takes_part]
    if told != ["link"]:  # a link is for the invited alone
        await _reply_in_channels(
            work, recorded, activity, Kind.CHANGED, {"what": [name for name in told if name != "link"]}
        )
    await _tell_people(work, recorded, activity, concerned, Kind.CHANGED, facts={"what": told}, urgent=soon)


async def tell_of_cancellation(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Bring the messages up to date in place, and tell those concerned that it is called off."""
    event = recorded.event
    assert isinstance(event, ActivityEvent)
    activity = await present_activity(work, event)
    if activity is None or activity.status is not ActivityStatus.CANCELLED:
        return
    await work.outbox.drop(
        event.subject, [Kind.INVITATION, Kind.ATTENDANCE_NUDGE, Kind.MOVED, Kind.CHANGED], why="cancelled"
    )
    owing = [one for one in await audience_of(work, activity) if one.owes_answer]
    await _refresh_reminders(work, owing, recorded.at)
    await work.outbox.refresh(event.subject, MESSAGES_IN_PLACE, at=recorded.at)
    soon = activity.starts_at - recorded.at < BREAKS_THROUGH
    concerned = [one for one in await audience_of(work, activity) if one.takes_part]
    await _reply_in_channels(work, recorded, activity, Kind.CANCELLED, {})
    await _tell_people(work, recorded, activity, concerned, Kind.CANCELLED, urgent=soon)


async def show_answer(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Bring the count in the channel and the question in each direct message up to date."""
    event = recorded.event
    assert isinstance(event, AttendanceEvent)
    await work.outbox.refresh(f"activity:{event.activity_id}", MESSAGES_IN_PLACE, at=recorded.at)
    activity = await work.activities.get(event.activity_id)
    if activity is not None:
        mine = [one for one in await audience_of(work, activity) if one.attendance.invitee == event.invitee]
        await _refresh_reminders(work, mine, recorded.at)


async def tell_of_place(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Tell those who waited for a place that they have one."""
    event = recorded.event
    assert isinstance(event, PlaceGiven)
    activity = await work.activities.get(event.activity_id)
    if activity is None or not activity.is_open:
        return
    audience = [one for one in await audience_of(work, activity) if one.attendance.invitee == event.invitee]
    await tell_members(
        work,
        recorded,
        [one.member for one in audience if one.takes_part],
        Kind.PLACE_GIVEN,
        subject=f"activity:{activity.id}",
        occurrence=str(event.revision),
        urgent=activity.starts_at - recorded.at < BREAKS_THROUGH,
    )


async def show_held(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Take the buttons off the messages of an activity that is over."""
    event = recorded.event
    assert isinstance(event, ActivityEvent)
    await work.outbox.refresh(event.subject, MESSAGES_IN_PLACE, at=recorded.at)
    activity = await work.activities.get(event.activity_id)
    if activity is not None:
        await _refresh_reminders(
            work, [one for one in await audience_of(work, activity) if one.owes_answer], recorded.at
        )


async def _refresh_reminders(work: NotificationWork, people: Iterable[Invited], now: datetime) -> None:
    """Bring reminders that still ask up to date: a question that was answered is not to be asked anywhere."""
    recipients = await work.recipients.members([one.member.id for one in people])
    since = now - ASKED_WITHIN
    await work.outbox.refresh_for(list(recipients.values()), [Kind.REMINDER], since=since, at=now)


async def channels_of(work: NotificationWork, activity: Activity) -> list[str]:
    """Tell where an activity is announced: its networks' channels, or the programme's for one of all networks.

    What is between one city and its experts is announced nowhere.
    """
    kind = await work.editions.kind(activity.edition, activity.kind)
    if kind is not None and kind.scope.is_of_one_city:
        return []
    edition = await work.editions.get(activity.edition)
    if kind is not None and kind.scope is Scope.ALL_NETWORKS and edition is not None and edition.channel:
        return [await work.recipients.channel(edition.channel)]
    networks = await work.editions.networks(activity.edition)
    names = [network.channel for network in networks if network.slug in activity.networks and network.channel]
    return [await work.recipients.channel(name) for name in names]


async def _reply_in_channels(
    work: NotificationWork, recorded: RecordedEvent, activity: Activity, kind: Kind, facts: dict[str, Any]
) -> None:
    await work.outbox.intend(
        [
            Intent(
                kind=kind,
                recipient=channel,
                subject=recorded.event.subject,
                occurrence=str(activity.revision),
                revision=activity.revision,
                not_before=recorded.at,
                operation=Operation.REPLY,
                target_kind=Kind.ANNOUNCEMENT,
                facts=facts,
            )
            for channel in await channels_of(work, activity)
        ]
    )


async def _tell_people(
    work: NotificationWork,
    recorded: RecordedEvent,
    activity: Activity,
    people: Iterable[Invited],
    kind: Kind,
    *,
    facts: dict[str, Any] | None = None,
    urgent: bool = False,
) -> None:
    """Tell these people: an invitation goes out once, everything else once for each revision."""
    await tell_members(
        work,
        recorded,
        [one.member for one in people],
        kind,
        occurrence="" if kind is Kind.INVITATION else str(activity.revision),
        revision=activity.revision,
        facts=facts,
        urgent=urgent,
    )
