"""What is put together from much: the digest, the Home tab, and the list of deliveries."""

from datetime import datetime

from pim_bot.blocks import home, lists
from pim_bot.blocks import ledger as ledger_blocks
from pim_bot.blocks.elements import Message
from pim_bot.i18n import Words
from pim_bot.jobs.rendering.recipient import member_of
from pim_bot.notifications.delivery import Notification
from pim_bot.notifications.digests import LOOK_BACK, compose_digest
from pim_bot.notifications.home import compose_home
from pim_bot.notifications.ports import LedgerWork, NotificationWork
from pim_bot.notifications.subjects import titles_of


async def digest(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Say the digest of a week."""
    member = await member_of(work, claimed)
    found = await compose_digest(work, member, claimed.occurrence, now) if member else None
    return lists.digest(words, found, now=now) if found else None


async def home_tab(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime, public_url: str
) -> Message | None:
    """Fill somebody's Home tab. ``public_url`` is where the calendars are."""
    member = await member_of(work, claimed)
    if member is None:
        return None
    return home.home(words, await compose_home(work, member, now), now=now, public_url=public_url)


async def deliveries(work: LedgerWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """List deliveries in trouble and those of late."""
    member = await member_of(work, claimed)
    if member is None:
        return None
    facts = await work.ledger.facts(claimed.target_id or claimed.id)  # a change has none of its own
    entries = await work.ledger.entries(facts["ids"])
    decisions = await work.ledger.decisions([one.id for one in entries])
    deciders = await work.people.many([one.actor.removeprefix("member:") for one in decisions.values()])
    troubles = facts.get("troubles", len(facts["ids"]))
    listed = set(facts["ids"][:troubles])
    in_trouble = {one.id for one in entries if one.id in listed and (one.id in decisions or not one.is_settled)}
    found = ledger_blocks.DeliveryList(
        entries=[one for one in entries if one.id in in_trouble],
        sent=[one for one in entries if one.id not in in_trouble and (one.sent_at or one.id not in listed)],
        titles=await titles_of(work, [one.subject for one in entries]),
        decisions=decisions,
        deciders={f"member:{one.id}": one.name for one in deciders},
        counts=await work.ledger.counts(since=now - LOOK_BACK),
        more=facts["more"],
        page=facts["page"],
        workspace=facts.get("workspace", ""),
    )
    return ledger_blocks.deliveries(words, found, zone=member.zone, now=now)
