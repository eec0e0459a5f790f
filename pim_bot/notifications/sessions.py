"""Reactions to advisory sessions: the expert is asked after one, the city hears what was agreed, nobody else does."""

from collections.abc import Sequence
from datetime import timedelta

from pim_bot.events.catalogue import (
    ActivityEvent,
    AdvisorySessionCorrected,
    AdvisorySessionLogged,
    ContributionLogged,
    SessionEvent,
    SessionLogFellDue,
)
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.audience import audience_of
from pim_bot.notifications.direct import tell_members
from pim_bot.notifications.hours import hours_of
from pim_bot.notifications.intent import DueItem, Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.activity import Activity, ActivityStatus, Answer
from pim_bot.programme.contribution import Source
from pim_bot.programme.edition import Scope
from pim_bot.programme.people import Member, team_of
from pim_bot.programme.session import AdvisorySession, SessionStatus

NUDGES = "session-nudge"
NUDGE_AFTER = timedelta(days=2)
QUESTIONS = (Kind.SESSION_QUESTION, Kind.SESSION_NUDGE)


async def ask_how_it_went(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Ask the experts of a session that is over, and plan the one nudge to the silent."""
    event = recorded.event
    assert isinstance(event, ActivityEvent)
    activity = await work.activities.get(event.activity_id)
    kind = await work.editions.kind(activity.edition, activity.kind) if activity else None
    if activity is None or kind is None or kind.scope is not Scope.ONE_CITY:
        return
    if await _is_to_be_asked(work, activity):
        await tell_members(work, recorded, await _experts_of(work, activity), Kind.SESSION_QUESTION)
        nudge_at = hours_of(activity.zone).next_open(recorded.at + NUDGE_AFTER)
        await work.due_items.plan([DueItem(kind=NUDGES, subject=event.subject, due_at=nudge_at, nominal_at=nudge_at)])


async def nudge_to_log(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Ask once more, if still nobody has logged the session."""
    event = recorded.event
    assert isinstance(event, SessionLogFellDue)
    activity = await work.activities.get(event.activity_id)
    if activity is not None and await _is_to_be_asked(work, activity):
        await tell_members(work, recorded, await _experts_of(work, activity), Kind.SESSION_NUDGE)


async def _is_to_be_asked(work: NotificationWork, activity: Activity) -> bool:
    return activity.status is ActivityStatus.HELD and await work.sessions.of_activity(activity.id) is None


async def _experts_of(work: NotificationWork, activity: Activity) -> list[Member]:
    """Tell the experts who said that they come; where none did, all who did not say that they do not."""
    alone = [one for one in await audience_of(work, activity) if team_of(one.attendance.invitee) is None]
    coming = [one.member for one in alone if one.attendance.answer is Answer.GOING]
    return coming or [one.member for one in alone if one.attendance.answer is not Answer.NOT_GOING]


async def tell_of_session(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Confirm to the experts what is logged, and tell each city what was agreed with it; later changes stand there."""
    event = recorded.event
    assert isinstance(event, SessionEvent)
    session = await work.sessions.get(event.session_id)
    if session is None or session.revision != event.revision:
        return
    if isinstance(event, AdvisorySessionLogged) and session.activity_id:
        await _end_questions(work, recorded, session.activity_id)
    if session.status is not SessionStatus.HELD:
        return
    await work.outbox.refresh(event.subject, [Kind.SESSION_LOGGED, Kind.SESSION_AGREED], at=recorded.at)
    experts = await work.people.many(session.experts)
    await tell_members(work, recorded, experts, Kind.SESSION_LOGGED, urgent=True)
    for words in session.cities:
        if words.has_agreements:
            people = await _team_of(work, session, words.network, words.city)
            await tell_members(work, recorded, people, Kind.SESSION_AGREED, occurrence=words.city)


async def _end_questions(work: NotificationWork, recorded: RecordedEvent, activity_id: str) -> None:
    subject = f"activity:{activity_id}"
    await work.outbox.drop(subject, QUESTIONS, why="answered")
    await work.outbox.refresh(subject, QUESTIONS, at=recorded.at)
    await work.due_items.keep_only(subject, (NUDGES,), [], why="answered")


async def _team_of(work: NotificationWork, session: AdvisorySession, network: str, city: str) -> Sequence[Member]:
    """Tell a city's contacts, or where it has none its whole team on the day of the session."""
    teams = await work.people.teams(session.edition, [network], session.day)
    members = [member for team in teams if team.city == city for member in team.members]
    contacts = {one for team in teams if team.city == city for one in team.contacts}
    return [member for member in members if member.id in contacts] or members


async def tell_of_correction(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Tell the experts what the city says of the agreements, and show it where they stand."""
    event = recorded.event
    assert isinstance(event, AdvisorySessionCorrected)
    session = await work.sessions.get(event.session_id)
    if session is None or session.revision != event.revision:
        return
    await work.outbox.refresh(event.subject, [Kind.SESSION_LOGGED, Kind.SESSION_AGREED], at=recorded.at)
    experts = await work.people.many(session.experts)
    occurrence = f"{event.city}/{session.revision}"
    await tell_members(work, recorded, experts, Kind.SESSION_CORRECTED, occurrence=occurrence)


async def show_proposal(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Show the experts that a session's agreements are among the MID's proposals."""
    event = recorded.event
    assert isinstance(event, ContributionLogged)
    contribution = await work.contributions.get(event.contribution_id)
    if contribution is not None and contribution.source is Source.SESSION:
        session_id = contribution.source_key.removeprefix("session:").split("/")[0]
        await work.outbox.refresh(f"session:{session_id}", [Kind.SESSION_LOGGED], at=recorded.at)
