"""Messages about contributions: what each addressee may read of them at the moment it goes out."""

from datetime import datetime

from pim_bot.blocks import contributions as blocks
from pim_bot.blocks.elements import Message
from pim_bot.blocks.markup import plain_text
from pim_bot.i18n import Words
from pim_bot.notifications.delivery import Notification
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.circles import may_read
from pim_bot.programme.contribution import ContributionStatus, SourceMessage
from pim_bot.programme.contribution_card import ContributionCard, contribution_card


async def proposed(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Ask an owner who may read it, while it waits."""
    card = await _card(work, claimed)
    if card is None or not (claimed.target_ts or card.contribution.is_open):
        return None
    return blocks.proposed(words, card) if await _reads(work, claimed, card, now) else None


async def thanks(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Thank somebody who made it; its words only to who may read them."""
    card = await _card(work, claimed)
    if card is None or not (claimed.target_ts or card.contribution.status is not ContributionStatus.WITHDRAWN):
        return None
    reads = await _reads(work, claimed, card, now)
    return blocks.thanks(words, card, reads=reads, is_own=claimed.addressee.member_id in card.contribution.own)


async def decided(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell what became of it."""
    card = await _card(work, claimed)
    return blocks.decided(words, card, reads=await _reads(work, claimed, card, now)) if card else None


async def consent(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Ask its author, whose words it is."""
    card = await _card(work, claimed)
    return blocks.consent(words, card) if card else None


async def edit_offer(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Offer its author the new words, while there are any."""
    card = await _card(work, claimed)
    if card is None or not (claimed.target_ts or card.contribution.newer_text):
        return None
    return blocks.edit_offer(words, card)


async def offer(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Offer whoever marked a message the form; once somebody has added it, say so."""
    facts = claimed.facts
    place = facts["source"]
    source = SourceMessage(team_id=place["team_id"], channel_id=place["channel_id"], ts=place["ts"])
    known = await work.contributions.by_source(source.key) is not None
    return blocks.offer(words, facts, plain_text(facts.get("text", "")), is_known=known)


async def _card(work: NotificationWork, claimed: Notification) -> ContributionCard | None:
    found = await work.contributions.get(claimed.subject.removeprefix("contribution:"))
    return await contribution_card(work, found) if found else None


async def _reads(work: NotificationWork, claimed: Notification, card: ContributionCard, now: datetime) -> bool:
    member = await work.people.get(claimed.addressee.member_id)
    return member is not None and may_read(member, card.contribution, member.day_of(now))
