"""Messages about people: who is new, who stands in for somebody, whose data are to be corrected."""

from datetime import datetime

from pim_bot.blocks import absence, messages, newcomers, privacy
from pim_bot.blocks.elements import Message
from pim_bot.blocks.people_list import list_shown
from pim_bot.i18n import Words
from pim_bot.jobs.ports import WorkerWork
from pim_bot.jobs.rendering.recipient import member_of
from pim_bot.notifications.absence import absence_key
from pim_bot.notifications.delivery import Notification
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.introduction import Introduction


async def welcome(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Welcome a member to their first conversation."""
    member = await member_of(work, claimed)
    return messages.welcome(words, member) if member else None


async def stranger(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Ask somebody on no list who they are."""
    return messages.stranger(words)


async def introduced(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Ask a guardian whether a newcomer is who they say."""
    introduction = await work.introductions.get(claimed.subject.removeprefix("visitor:"))
    if introduction is None or not (introduction.waits or claimed.target_ts):
        return None
    by = await work.people.get(introduction.decided_by) if introduction.decided_by else None
    known = await work.people.by_email(introduction.email) if introduction.waits else None
    return newcomers.introduced(
        words,
        introduction,
        place=await _place_of_newcomer(work, introduction),
        known=known.name if known else "",
        by=by.name if by else "",
    )


async def _place_of_newcomer(work: NotificationWork, introduction: Introduction) -> str:
    if introduction.city:
        cities = await work.editions.cities(introduction.edition)
        return next((one.name for one in cities if one.slug == introduction.city), introduction.city)
    institutions = {one.slug: one.names for one in await work.editions.institutions(introduction.edition)}
    names = institutions.get(introduction.institution, ())
    return next((one.name for one in reversed(names) if one.until is None), introduction.institution)


async def introduction_declined(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    """Tell a newcomer that nobody confirmed them."""
    return newcomers.introduction_declined(words)


async def people_list(work: WorkerWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Show what a list of people would do, or what became of it."""
    one = await work.people_lists.get(claimed.subject.removeprefix("people-list:"))
    return list_shown(words, one) if one is not None else None


async def standing_in(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell a deputy for whom they stand in."""
    member = await work.people.get(claimed.subject.removeprefix("member:"))
    return absence.standing_in(words, member, holds=absence_key(member) == claimed.occurrence) if member else None


async def correction(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Ask a coordinator to correct somebody's data."""
    facts = claimed.facts
    return privacy.correction(words, who=facts["who"], name=facts["name"], email=facts["email"], member_id=facts["id"])
