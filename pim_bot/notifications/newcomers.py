"""Reactions to somebody who says who they are: those who look after the network are asked, and the person hears."""

from pim_bot.events.catalogue import IntroductionDeclined, VisitorEvent, VisitorIntroduced
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.direct import tell_members
from pim_bot.notifications.guarding import who_looks_after
from pim_bot.notifications.intent import Intent, Kind
from pim_bot.notifications.ports import NotificationWork


async def ask_to_confirm(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Ask whoever looks after the network whether this is who they say."""
    event = recorded.event
    assert isinstance(event, VisitorIntroduced)
    introduction = await work.introductions.get(event.visitor)
    if introduction is None or introduction.revision != event.revision:
        return
    members = await who_looks_after(work, introduction.edition, introduction.network, recorded.at)
    await tell_members(work, recorded, members, Kind.INTRODUCED, occurrence=str(event.revision))


async def show_introduction(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Take the buttons off the question, and say to the person if nobody knew them."""
    event = recorded.event
    assert isinstance(event, VisitorEvent)
    await work.outbox.refresh(event.subject, [Kind.INTRODUCED], at=recorded.at)
    recipient = await work.recipients.visitor(event.visitor) if isinstance(event, IntroductionDeclined) else None
    if recipient is not None:
        intent = Intent(
            kind=Kind.INTRODUCTION_DECLINED,
            recipient=recipient,
            subject=event.subject,
            occurrence=str(event.revision),
            not_before=recorded.at,
        )
        await work.outbox.intend([intent])
