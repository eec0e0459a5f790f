"""Direct messages: one to each member, in their working hours unless it is urgent."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.hours import hours_for
from pim_bot.notifications.intent import PASSED_ON, Intent, Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.absence import can_stand_in
from pim_bot.programme.people import Member


def opening_for(member: Member, now: datetime, *, urgent: bool = False) -> tuple[datetime, str]:
    """Tell when a message may reach a member, and why it is held if it is; who is away hears it after the return."""
    if urgent:
        return now, ""
    back = back_at(member, now)
    opening = hours_for(member).next_open(back)
    return (now, "") if opening == now else (opening, "quiet-hours" if back == now else "away")


def back_at(member: Member, now: datetime) -> datetime:
    """Tell when somebody who is away now is back; of all others, now."""
    until = member.preferences.away_until
    if until is None or not member.preferences.is_away(member.day_of(now)):
        return now
    return datetime.combine(until + timedelta(days=1), time(), ZoneInfo(member.zone)).astimezone(now.tzinfo)


async def heard_by(work: NotificationWork, members: Sequence[Member], now: datetime) -> list[Member]:
    """Tell who hears what is these members' duty, nobody twice: of whoever is away the deputy.

    A deputy who is away, too, or has another part in the programme by now, is none.
    """
    away = {one.id: one.preferences.deputy for one in members if one.preferences.is_away(one.day_of(now))}
    wanted = sorted({deputy for deputy in away.values() if deputy})
    deputies = {one.id: one for one in (await work.people.many(wanted) if wanted else [])}
    heard = []
    for one in members:
        deputy = deputies.get(away.get(one.id, ""))
        heard.append(deputy if deputy is not None and _stands_in(deputy, one, now) else one)
    return list({one.id: one for one in heard}.values())


def _stands_in(deputy: Member, member: Member, now: datetime) -> bool:
    day = deputy.day_of(now)
    return not deputy.preferences.is_away(day) and can_stand_in(deputy, member, day)


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
    """Plan one direct message to each of these members, about the event's subject where no other is named.

    A duty of somebody who is away goes to their deputy, unless it is ``urgent``.
    """
    if kind in PASSED_ON and not urgent:
        members = await heard_by(work, members, recorded.at)
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
