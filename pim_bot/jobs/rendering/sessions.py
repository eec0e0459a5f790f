"""Messages about advisory sessions: arranging them, logging them, and what was agreed."""

from datetime import datetime

from pim_bot.blocks import activities as activity_blocks
from pim_bot.blocks import arranging as arranging_blocks
from pim_bot.blocks import sessions as session_blocks
from pim_bot.blocks.elements import Message
from pim_bot.i18n import Words
from pim_bot.jobs.rendering.recipient import member_of
from pim_bot.notifications.delivery import Notification
from pim_bot.notifications.intent import Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.arranging import side_of
from pim_bot.programme.budget import days_used
from pim_bot.programme.people import Actor, Member
from pim_bot.programme.session import AdvisorySession, SessionRequest, SessionStatus
from pim_bot.programme.session_card import SessionCard, session_cards


async def _request(
    work: NotificationWork, claimed: Notification, request_id: str, now: datetime
) -> tuple[SessionRequest, str, Member] | None:
    """Read a request for a session with the name of its city, for somebody who still stands on a side of it."""
    request = await work.session_requests.get(request_id)
    member = await member_of(work, claimed)
    if request is None or member is None or side_of(member, request, now) is None:
        return None
    cities = {city.slug: city.name for city in await work.editions.cities(request.edition)}
    return request, cities.get(request.city, request.city), member


async def requested(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell the other side that a session is asked for."""
    found = await _request(work, claimed, claimed.subject.removeprefix("session-request:"), now)
    if found is None or not (found[0].is_open or claimed.target_ts):
        return None
    request, city, _ = found
    by = await work.people.get(request.asked_by)
    parts = {part.slug: part.name for part in await work.editions.parts(request.edition)}
    part = parts.get(request.part, "")
    return arranging_blocks.requested(words, request, city, who=by.name if by else city, part=part)


async def offered(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Show the times that are offered."""
    found = await _request(work, claimed, claimed.subject.removeprefix("session-request:"), now)
    if found is None or not (found[0].is_open or claimed.target_ts):
        return None
    request, city, member = found
    by = await work.people.get(request.answered_by)
    return arranging_blocks.offered(words, request, city, who=by.name if by else city, zone=member.zone)


async def request_nudge(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Show a request once more to the side whose turn it is."""
    request = await work.session_requests.get(claimed.subject.removeprefix("session-request:"))
    if request is None or not (claimed.target_ts or str(request.revision) == claimed.occurrence):
        return None
    is_mine = request.asked_by == claimed.addressee.member_id
    said = await (offered if is_mine else requested)(work, claimed, words, now)
    return arranging_blocks.once_more(words, said) if said is not None and request.is_open else said


async def arranged(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell when the session is."""
    found = await _request(work, claimed, claimed.occurrence, now)
    activity = await work.activities.get(claimed.subject.removeprefix("activity:"))
    if found is None or activity is None:
        return None
    over = not activity.is_open or activity.starts_at <= now
    return arranging_blocks.arranged(words, found[0], activity, found[1], over=over)


async def declined(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell that there will be none."""
    found = await _request(work, claimed, claimed.subject.removeprefix("session-request:"), now)
    return arranging_blocks.declined(words, found[0], found[1]) if found else None


async def question(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Ask the expert afterwards how it went, while it is not logged."""
    activity = await work.activities.get(claimed.subject.removeprefix("activity:"))
    if activity is None:
        return None
    session = await work.sessions.of_activity(activity.id)
    if session is not None and not claimed.target_ts:
        return None
    return session_blocks.question(
        words,
        title=activity.title,
        when=activity_blocks.when_of(words, activity),
        length=session_blocks.length_of(words, round((activity.ends_at - activity.starts_at).total_seconds() / 60)),
        activity_id=activity.id,
        state=session.status if session else "asked",
        nudge=claimed.kind is Kind.SESSION_NUDGE,
    )


async def _session_card(work: NotificationWork, claimed: Notification, now: datetime) -> SessionCard | None:
    """Read a session as its recipient may read it; None when it, or the recipient, is gone or did not take place."""
    session = await work.sessions.get(claimed.subject.removeprefix("session:"))
    member = await member_of(work, claimed)
    if session is None or member is None or session.status is not SessionStatus.HELD:
        return None
    return (await session_cards(work, [session], Actor(door="chat", member=member), now))[0]


async def logged(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Show the expert what was logged, and the days it used."""
    card = await _session_card(work, claimed, now)
    if card is None or not card.readable:
        return None
    session = card.session
    sources = {one.city: f"session:{session.id}/{one.city}" for one in session.cities}
    proposed = [city for city, source in sources.items() if await work.contributions.by_source(source)]
    used = await _days_used(work, session, claimed.addressee.member_id)
    return session_blocks.logged(words, card, used, proposed=proposed)


async def _days_used(work: NotificationWork, session: AdvisorySession, member_id: str) -> list[tuple[float, int]]:
    """Tell, of each assignment with a budget that the session counts for, the days used and the budget."""
    places = {(one.network, "") for one in session.cities} | {("", one.city) for one in session.cities}
    mine = [
        one
        for one in await work.assignments.of_edition(session.edition)
        if one.member_id == member_id and one.days and one.since <= session.day <= one.until
    ]
    used = await days_used(work, session.edition, mine) if mine else {}
    counted = [one for one in mine if ("" if one.city else one.network, one.city) in places]
    return [(used[one.id], one.days) for one in counted]


async def agreed(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell a city what was agreed with it."""
    card = await _session_card(work, claimed, now)
    told = card.session.words_for(claimed.occurrence) if card else None
    if card is None or told is None or told.city not in card.readable or not told.has_agreements:
        return None
    by = await work.people.get(told.corrected_by) if told.corrected_by else None
    return session_blocks.agreed(words, card, told, by=by.name if by else "")


async def corrected(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell the expert how a city corrected it."""
    card = await _session_card(work, claimed, now)
    told = card.session.words_for(claimed.occurrence.split("/")[0]) if card else None
    if card is None or told is None or told.city not in card.readable or not told.correction:
        return None
    by = await work.people.get(told.corrected_by) if told.corrected_by else None
    return session_blocks.corrected(words, card, told, by=by.name if by else "")
