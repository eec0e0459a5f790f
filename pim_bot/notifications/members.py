"""Reactions to people coming and going, to strangers, and to messages that could not be delivered."""

from pim_bot.events.catalogue import ChannelOpened, DeliveryFailed, MemberEvent, RunsMissed, StrangerMet, TeamChanged
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.activities import QUIET_DOOR
from pim_bot.notifications.direct import opening_for, tell_members
from pim_bot.notifications.intent import Intent, Kind
from pim_bot.notifications.ports import NotificationWork


async def release_channel(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Send what waited for a channel that the bot has now been invited to."""
    event = recorded.event
    assert isinstance(event, ChannelOpened)
    recipient = await work.recipients.channel_by_conversation(event.channel_id)
    # A private channel is not shown before the bot is in it, so any channel not found so far may be this one.
    waiting = [recipient] if recipient is not None else await work.recipients.unknown_channels()
    for one in waiting:
        await work.outbox.retry_for(one, at=recorded.at)


async def tell_of_failed_delivery(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Tell the coordinators, once a day and cause, that a message did not reach somebody and what to do."""
    event = recorded.event
    assert isinstance(event, DeliveryFailed)
    failure = await work.outbox.failure(event.notification_id)
    edition = await work.editions.in_force(recorded.at.date())
    if failure is None or edition is None or failure.kind is Kind.DELIVERY_FAILED:
        return
    members = await work.people.coordinators(edition.slug, recorded.at.date())
    recipients = await work.recipients.members([member.id for member in members])
    intents = []
    for member in members:
        not_before, why = opening_for(member, recorded.at)
        intents.append(
            Intent(
                kind=Kind.DELIVERY_FAILED,
                recipient=recipients[member.id],
                subject=f"recipient:{failure.recipient}",
                occurrence=f"{failure.error}/{member.day_of(recorded.at)}",
                not_before=not_before,
                held_why=why,
                facts={"error": failure.error, "kind": failure.kind, "address": failure.address},
            )
        )
    await work.outbox.intend([one for one in intents if one.recipient != failure.recipient])


async def tell_of_missed_runs(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Tell the coordinators, in one message, what should have run and did not."""
    event = recorded.event
    assert isinstance(event, RunsMissed)
    edition = await work.editions.in_force(recorded.at.date())
    if edition is None:
        return
    members = await work.people.coordinators(edition.slug, recorded.at.date())
    runs = [
        {"kind": run.kind, "due_at": run.due_at.isoformat(), "items": run.items, "members": list(run.members)}
        for run in event.runs
    ]
    await tell_members(work, recorded, members, Kind.RUNS_MISSED, occurrence=str(recorded.id), facts={"runs": runs})


async def welcome_member(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Greet a person whom chat and programme now know as the same."""
    event = recorded.event
    assert isinstance(event, MemberEvent)
    member = await work.people.get(event.member_id)
    if member is None:
        return
    await tell_members(work, recorded, [member], Kind.WELCOME)


async def hand_over_team(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Give whoever joined a city's team its summary; an import is quiet."""
    event = recorded.event
    assert isinstance(event, TeamChanged)
    member = (
        await work.people.get(event.member_id) if event.change == "joined" and recorded.actor != QUIET_DOOR else None
    )
    if member is not None:
        await tell_members(work, recorded, [member], Kind.HANDOVER, occurrence=f"{recorded.id}")


async def answer_stranger(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Tell somebody whom no programme file names what to do."""
    event = recorded.event
    assert isinstance(event, StrangerMet)
    recipient = await work.recipients.visitor(event.visitor)
    if recipient is None:
        return
    intent = Intent(kind=Kind.STRANGER, recipient=recipient, subject=event.subject, not_before=recorded.at)
    await work.outbox.intend([intent])
