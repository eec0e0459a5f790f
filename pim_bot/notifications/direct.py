"""Direct messages: one to each member, in their working hours unless it is urgent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.hours import hours_for
from pim_bot.notifications.intent import Intent, Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.people import Member


def opening_for(member: Member, now: datetime, *, urgent: bool = False) -> tuple[datetime, str]:
    """Tell when a message may reach a member, and why it is held if it is."""
    opening = hours_for(member).next_open(now)
    return (now, "") if urgent or opening == now else (opening, "quiet-hours")


async def tell_members(
    work: NotificationWork,
    recorded: RecordedEvent,
    members: Sequence[Member],
    kind: Kind,
    *,
    subject: str = "",
    occurrence: str = "",
    revision: int = 0,
    facts: dict[str, Any] | None = None,
    urgent: bool = False,
) -> None:
    """Plan one direct message to each of these members, about the event's subject where no other is named."""
    recipients = await work.recipients.members([member.id for member in members])
    intents = []
    for member in members:
        not_before, why = opening_for(member, recorded.at, urgent=urgent)
        intents.append(
            Intent(
                kind=kind,
                recipient=recipients[member.id],
                subject=subject or recorded.event.subject,
                occurrence=occurrence,
                revision=revision,
                not_before=not_before,
                held_why=why,
                facts=facts or {},
            )
        )
    await work.outbox.intend(intents)
