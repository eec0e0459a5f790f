"""What a person decides about one message: send it again, or leave it. Both are acts with an event and an audit row."""

from dataclasses import replace
from datetime import datetime

from pim_bot.errors import NotFound, Refused
from pim_bot.events.catalogue import DeliveryDropped, DeliveryResent
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.activities import ASKED_WITHIN, BREAKS_THROUGH
from pim_bot.notifications.direct import opening_for
from pim_bot.notifications.hours import hours_for
from pim_bot.notifications.intent import CHANGES, Kind, Operation, State
from pim_bot.notifications.ledger import BY_PERSON, DECIDABLE, Entry
from pim_bot.notifications.ports import LedgerWork, NotificationWork
from pim_bot.programme.people import Actor
from pim_bot.programme.permissions import Action, require


async def resend_delivery(
    work: LedgerWork, actor: Actor, notification_id: str, *, may_double: bool = False, now: datetime
) -> Entry:
    """Send a message again that did not arrive, or that a person left out.

    It waits for its recipient's hours as it did before; the entry tells until when. One that is in doubt goes only
    with ``may_double``: it may have arrived. Raises ``NotFound``, ``NotAllowed``, and ``Refused`` when there is nothing
    to send again.
    """
    entry = await _decided_by(work, actor, notification_id, now)
    by_person = entry.state is State.DROPPED and entry.error == BY_PERSON
    if entry.state is State.DOUBTFUL and not may_double:
        raise Refused(
            "Ta wiadomość mogła dotrzeć i właśnie to sprawdzamy. Prosimy poczekać albo, w wierszu poleceń, "
            "wyraźnie zgodzić się na drugi egzemplarz: --may-double."
        )
    if not (entry.state in DECIDABLE or by_person or entry.state is State.DOUBTFUL):
        raise _nothing_to_resend(entry)
    at, held_why = await _goes_at(work, entry, now)
    if not await work.ledger.resend(entry, at=at, held_why=held_why):
        if entry.operation is Operation.UPDATE:
            raise Refused("Nowsza zmiana tej samej wiadomości już czeka na wysłanie.")
        raise Refused("Stan tej wiadomości właśnie się zmienił. Prosimy spojrzeć na listę jeszcze raz.")
    work.record(DeliveryResent(notification_id=entry.id, due=entry.not_before), actor=actor, at=now)
    return replace(entry, state=State.PLANNED, not_before=at, held_why=held_why)


async def _goes_at(work: LedgerWork, entry: Entry, now: datetime) -> tuple[datetime, str]:
    """Tell when it goes again, and why it is held if it is.

    What may come at any hour: what is no direct message, or changes one in place; what broke through the first time,
    since it was meant to come outside the hours; and a change to what begins before the hours do.
    """
    member = await work.people.get(entry.member_id) if entry.member_id else None
    if member is None or entry.operation is Operation.UPDATE or not hours_for(member).is_open(entry.not_before):
        return now, ""
    return opening_for(member, now, urgent=entry.kind in CHANGES and await _begins_soon(work, entry, now))


async def _begins_soon(work: LedgerWork, entry: Entry, now: datetime) -> bool:
    found = await work.activities.many([entry.subject.removeprefix("activity:")])
    return any(one.starts_at - now < BREAKS_THROUGH for one in found.values())


async def drop_delivery(work: LedgerWork, actor: Actor, notification_id: str, *, now: datetime) -> Entry:
    """Leave a message unsent for good. Raises ``NotFound``, ``NotAllowed``, and ``Refused`` when it is too late."""
    entry = await _decided_by(work, actor, notification_id, now)
    if entry.state is State.SENT:
        raise Refused("Ta wiadomość już dotarła, więc nie można jej pominąć.")
    if entry.state is State.DROPPED:
        raise Refused("Ta wiadomość jest już pominięta.")
    if entry.state is State.SENDING:
        raise Refused("Ta wiadomość jest właśnie wysyłana. Prosimy spróbować za chwilę.")
    if not await work.ledger.drop(entry):
        raise Refused("Stan tej wiadomości właśnie się zmienił. Prosimy spojrzeć na listę jeszcze raz.")
    work.record(DeliveryDropped(notification_id=entry.id), actor=actor, at=now)
    return entry


async def _decided_by(work: LedgerWork, actor: Actor, notification_id: str, now: datetime) -> Entry:
    edition = await work.editions.in_force(now.date())
    require(actor, Action.DECIDE_DELIVERY, now=now, edition=edition.slug if edition else "")
    await work.hold(f"notification:{notification_id}")
    entry = await work.ledger.entry(notification_id)
    if entry is None:
        raise NotFound("Nie ma takiej wiadomości. Listę pokaże pim-bot deliveries albo /pim doręczenia.")
    if entry.state is State.FOLDED:
        raise Refused("Ta wiadomość idzie razem z innymi w jednej. Prosimy zdecydować o tamtej.")
    return entry


def _nothing_to_resend(entry: Entry) -> Refused:
    if entry.state is State.SENT:
        return Refused("Ta wiadomość już dotarła. Druga taka sama tylko by przeszkadzała.")
    if entry.state is State.DROPPED:
        return Refused("Ta wiadomość nie jest już potrzebna, więc nie można jej wysłać ponownie.")
    if entry.state is State.PLANNED:
        return Refused("Ta wiadomość i tak czeka na wysłanie.")
    return Refused("Ta wiadomość jest właśnie wysyłana. Prosimy spróbować za chwilę.")


async def show_deliveries(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Bring the coordinators' lists up to date: the buttons of what is decided end, of what fails again come back."""
    edition = await work.editions.in_force(recorded.at.date())
    if edition is None:
        return
    members = await work.people.coordinators(edition.slug, recorded.at.date())
    recipients = await work.recipients.members([member.id for member in members])
    since = recorded.at - ASKED_WITHIN
    await work.outbox.refresh_for(list(recipients.values()), [Kind.DELIVERIES], since=since, at=recorded.at)
