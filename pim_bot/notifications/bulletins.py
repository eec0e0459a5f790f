"""Reactions to bulletins: everybody it is for is told once, and the count of who has read it stays true."""

from pim_bot.events.catalogue import BulletinEvent
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.direct import tell_members
from pim_bot.notifications.intent import Intent, Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.bulletin import Audience, Bulletin
from pim_bot.programme.preferences import Topic


async def tell_everybody(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Send a bulletin: for everybody of a network also to its channel, and to each person; its sender gets a receipt.

    Whoever wants no bulletins in person finds in the channel what stands there.
    """
    event = recorded.event
    assert isinstance(event, BulletinEvent)
    bulletin = await work.bulletins.get(event.bulletin_id)
    if bulletin is None:
        return
    channels = await channels_for(work, bulletin)
    await work.outbox.intend(
        [Intent(kind=Kind.BULLETIN, recipient=one, subject=event.subject, not_before=recorded.at) for one in channels]
    )
    readers = await work.people.many(list(await work.bulletins.readers(bulletin.id)))
    told = [one for one in readers if not channels or one.preferences.wants(Topic.BULLETINS)]
    await tell_members(work, recorded, told, Kind.BULLETIN)
    sender = await work.people.many([bulletin.sent_by])
    await tell_members(work, recorded, sender, Kind.BULLETIN_SENT, urgent=True)


async def channels_for(work: NotificationWork, bulletin: Bulletin) -> list[str]:
    """Tell the channels in which a bulletin stands: none when it is for one side only."""
    if bulletin.audience is not Audience.EVERYBODY:
        return []
    edition = await work.editions.get(bulletin.edition)
    if not bulletin.network and edition is not None and edition.channel:
        return [await work.recipients.channel(edition.channel)]
    networks = await work.editions.networks(bulletin.edition)
    names = [one.channel for one in networks if bulletin.network in ("", one.slug) and one.channel]
    return [await work.recipients.channel(name) for name in names]


async def show_read(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Bring the reader's own message, the channel's and the sender's receipt up to date."""
    event = recorded.event
    assert isinstance(event, BulletinEvent)
    bulletin = await work.bulletins.get(event.bulletin_id)
    if bulletin is None:
        return
    reader = recorded.actor.removeprefix("member:")
    own = await work.recipients.members([reader])
    shown = [*own.values(), *await channels_for(work, bulletin)]
    await work.outbox.refresh_for(shown, [Kind.BULLETIN], since=bulletin.sent_at, at=recorded.at)
    await work.outbox.refresh(event.subject, [Kind.BULLETIN_SENT], at=recorded.at)
