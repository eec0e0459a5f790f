"""Reactions to somebody leaving a team: whoever looks after the network hears which duties need another owner."""

from datetime import timedelta

from pim_bot.events.catalogue import ActivityChanged, TeamChanged
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.direct import tell_members
from pim_bot.notifications.guarding import who_looks_after
from pim_bot.notifications.intent import Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.enrolling import TeamPlace
from pim_bot.programme.leaving import LEAD, duties_of

SHOWN_FOR = timedelta(days=92)


async def list_duties(work: NotificationWork, recorded: RecordedEvent) -> None:
    """List what a leaver has to hand on, if there is anything, and bring earlier lists of the team up to date."""
    event = recorded.event
    assert isinstance(event, TeamChanged)
    await work.outbox.refresh(event.subject, [Kind.DUTIES], at=recorded.at)
    leaver = await work.people.get(event.member_id) if event.change == "left" else None
    if leaver is None:
        return
    place = TeamPlace(edition=event.edition, network=event.network, city=event.city)
    if (await duties_of(work, leaver, place, now=recorded.at)).are_left:
        members = await who_looks_after(work, event.edition, event.network, recorded.at)
        await tell_members(work, recorded, members, Kind.DUTIES, occurrence=f"{leaver.id}/{recorded.id}")


async def show_duties(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Take an activity that somebody took over off the lists of duties."""
    event = recorded.event
    assert isinstance(event, ActivityChanged)
    activity = await work.activities.get(event.activity_id) if LEAD in event.what else None
    if activity is None:
        return
    members = await work.people.coordinators(activity.edition, recorded.at.date())
    for network in activity.networks:
        members += await who_looks_after(work, activity.edition, network, recorded.at)
    recipients = await work.recipients.members(sorted({one.id for one in members}))
    since = recorded.at - SHOWN_FOR
    await work.outbox.refresh_for(sorted(recipients.values()), [Kind.DUTIES], since=since, at=recorded.at)
