"""A list of people that somebody dropped into the chat: it is shown, carried out once accepted, and then forgotten."""

from datetime import datetime
from typing import Protocol

from pim_bot.errors import Refused
from pim_bot.events.catalogue import PeopleListAccepted, PeopleListEvent, PeopleListRead
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.direct import tell_members
from pim_bot.notifications.intent import DueItem, Intent, Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.dropping import DroppedFile
from pim_bot.programme.importing import Forgotten
from pim_bot.programme.people import Actor
from pim_bot.programme.people_lists import PeopleLists, take_list_over

ENDS = "people-list-ends"


class ListNotificationWork(NotificationWork, Protocol):
    """One transaction in which a list of people is shown or carried out."""

    @property
    def people_lists(self) -> PeopleLists: ...
    @property
    def forgotten(self) -> Forgotten: ...


async def tell_unread(work: NotificationWork, one: DroppedFile, why: Refused, *, now: datetime) -> None:
    """Tell whoever dropped a file why nothing came of it."""
    recipients = await work.recipients.members([one.member_id])
    facts = {"reason": why.reason, "facts": {name: str(value) for name, value in why.facts.items()}}
    intent = Intent(
        kind=Kind.REFUSAL,
        recipient=recipients[one.member_id],
        subject=f"member:{one.member_id}",
        occurrence=f"file/{one.id}",
        not_before=now,
        facts=facts,
    )
    await work.outbox.intend([intent])


async def show_list(work: ListNotificationWork, recorded: RecordedEvent) -> None:
    """Show what a list would do, where it was shown before if it was, and plan when it is forgotten."""
    event = recorded.event
    assert isinstance(event, PeopleListRead)
    one = await work.people_lists.get(event.list_id)
    if one is None or one.revision != event.revision:
        return
    ends = DueItem(kind=ENDS, subject=event.subject, due_at=one.ends_at, nominal_at=one.ends_at)
    await work.due_items.plan([ends])
    members = await work.people.many([one.member_id])
    await tell_members(work, recorded, members, Kind.PEOPLE_LIST, urgent=True)
    await work.outbox.refresh(event.subject, [Kind.PEOPLE_LIST], at=recorded.at)


async def take_over(work: ListNotificationWork, recorded: RecordedEvent) -> None:
    """Carry out a list that was accepted."""
    event = recorded.event
    assert isinstance(event, PeopleListAccepted)
    one = await work.people_lists.get(event.list_id)
    member = await work.people.get(one.member_id) if one is not None else None
    if member is not None:
        await take_list_over(work, Actor(door="chat", member=member), event.list_id, now=recorded.at)


async def show_decided(work: ListNotificationWork, recorded: RecordedEvent) -> None:
    """Take names and buttons off the list that was shown; the words in which it was shown are forgotten, too."""
    event = recorded.event
    assert isinstance(event, PeopleListEvent)
    await work.outbox.refresh(event.subject, [Kind.PEOPLE_LIST], at=recorded.at)
    await work.outbox.forget_words(event.subject, Kind.PEOPLE_LIST)
