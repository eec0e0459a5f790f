"""Messages about what is done together: topics that cities choose, and bulletins that many people read."""

from datetime import datetime

from pim_bot.blocks import bulletins as bulletin_blocks
from pim_bot.blocks import topics as topic_blocks
from pim_bot.blocks.elements import Message
from pim_bot.i18n import Words
from pim_bot.notifications.delivery import Notification
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.bulletin import Bulletin


async def topics(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Ask for topics while they are collected, and show where they stand."""
    card = await _topics_card(work, claimed)
    if card is None or not (claimed.target_ts or topic_blocks.is_collecting(card, now)):
        return None
    return topic_blocks.topics(words, card, now=now)


async def topics_ended(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell whoever collects the topics that it is their turn, unless they were settled meanwhile."""
    card = await _topics_card(work, claimed, leads=True)
    if card is None or not (claimed.target_ts or card.activity.is_open):
        return None
    return topic_blocks.ended_message(words, card, now=now)


async def _topics_card(
    work: NotificationWork, claimed: Notification, *, leads: bool = False
) -> topic_blocks.TopicsCard | None:
    activity_id = claimed.subject.removeprefix("topics:")
    activity, found = await work.activities.get(activity_id), await work.topics.get(activity_id)
    if activity is None or found is None:
        return None
    names = {city.slug: city.name for city in await work.editions.cities(activity.edition)}
    return topic_blocks.TopicsCard(activity=activity, found=found, names=names, leads=leads)


async def bulletin(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell somebody, or a channel, a bulletin, and whether it was read."""
    one = await _bulletin(work, claimed)
    if one is None:
        return None
    readers = await work.bulletins.readers(one.id)
    networks = {place.slug: place.name for place in await work.editions.networks(one.edition)}
    senders = await work.people.many([one.sent_by])
    own = claimed.addressee.member_id
    return bulletin_blocks.bulletin(
        words,
        one,
        sender=senders[0].name if senders else words.text("koordynacja programu"),
        network=networks.get(one.network) or words.text("Wszystkie sieci"),
        read_at=readers.get(own) if own else None,
        counts=None if own else (sum(at is not None for at in readers.values()), len(readers)),
    )


async def bulletin_sent(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell the sender how many have read it."""
    one = await _bulletin(work, claimed)
    if one is None:
        return None
    readers = await work.bulletins.readers(one.id)
    read = sum(at is not None for at in readers.values())
    return bulletin_blocks.sent(words, one, read=read, total=len(readers))


async def _bulletin(work: NotificationWork, claimed: Notification) -> Bulletin | None:
    return await work.bulletins.get(claimed.subject.removeprefix("bulletin:"))
