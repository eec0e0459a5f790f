"""Reactions to requests for advisory sessions: each side hears what the other one did."""

from datetime import datetime, timedelta

from pim_bot.events.catalogue import SessionRequestEvent
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.direct import tell_members
from pim_bot.notifications.hours import hours_of
from pim_bot.notifications.intent import DueItem, Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.arranging import side_of
from pim_bot.programme.people import Member, RoleName
from pim_bot.programme.session import RequestStatus, SessionRequest, Side

NUDGES = "session-request-nudge"
NUDGE_AFTER = timedelta(days=3)
ASKING = (Kind.SESSION_REQUESTED, Kind.SESSION_OFFERED, Kind.SESSION_REQUEST_NUDGE)


async def _present(work: NotificationWork, recorded: RecordedEvent) -> SessionRequest | None:
    """Read the event's request; None when it is gone or newer than the event."""
    event = recorded.event
    assert isinstance(event, SessionRequestEvent)
    request = await work.session_requests.get(event.request_id)
    return request if request is not None and request.revision == event.revision else None


async def ask_other_side(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Ask the city's contacts, or its World Bank experts, for times."""
    request = await _present(work, recorded)
    if request is not None and request.is_open:
        people = await _people_of(work, request, request.other_side, recorded.at)
        await tell_members(work, recorded, people, Kind.SESSION_REQUESTED)
        await _plan_nudge(work, recorded, request)


async def _people_of(work: NotificationWork, request: SessionRequest, side: Side, now: datetime) -> list[Member]:
    day = now.date()
    if side is Side.CITY:
        teams = [
            team
            for team in await work.people.teams(request.edition, [request.network], day)
            if team.city == request.city
        ]
        contacts = {one for team in teams for one in team.contacts}
        members = [member for team in teams for member in team.members]
        return [member for member in members if member.id in contacts] or members
    experts = await work.people.experts(request.edition, day)
    serving = [one for one in experts if side_of(one, request, now) is Side.EXPERT]
    own = [one for one in serving if one.has_role(RoleName.EXPERT, day, city=request.city)]
    return own or serving


async def _plan_nudge(work: NotificationWork, recorded: RecordedEvent, request: SessionRequest) -> None:
    edition = await work.editions.get(request.edition)
    if edition is None:
        return
    due_at = hours_of(edition.zone).next_open(recorded.at + NUDGE_AFTER)
    item = DueItem(
        kind=NUDGES,
        subject=recorded.event.subject,
        occurrence=str(request.revision),
        due_at=due_at,
        nominal_at=due_at,
    )
    await work.due_items.plan([item])


async def ask_again(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Ask whoever's turn it is once more, unless something was done meanwhile."""
    request = await _present(work, recorded)
    if request is None or not request.is_open:
        return
    if request.status is RequestStatus.ASKED:
        people = await _people_of(work, request, request.other_side, recorded.at)
    else:
        people = await work.people.many([request.asked_by])
    await tell_members(work, recorded, people, Kind.SESSION_REQUEST_NUDGE, occurrence=str(request.revision))


async def sides_of(work: NotificationWork, request: SessionRequest, now: datetime) -> list[Member]:
    """Tell everybody on either side of a request."""
    asking = await work.people.many([request.asked_by])
    return [*asking, *await _people_of(work, request, request.other_side, now)]


async def show_offers(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Show whoever asked the offered times, and take the buttons off the question."""
    request = await _present(work, recorded)
    if request is None:
        return
    await work.outbox.refresh(recorded.event.subject, ASKING, at=recorded.at)
    people = await work.people.many([request.asked_by])
    await tell_members(work, recorded, people, Kind.SESSION_OFFERED, occurrence=str(request.revision))
    await _plan_nudge(work, recorded, request)


async def tell_of_arrangement(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Tell whoever offered which time it is; the one who chose hears it as any planner does."""
    request = await _present(work, recorded)
    if request is None:
        return
    await work.outbox.refresh(recorded.event.subject, ASKING, at=recorded.at)
    people = await work.people.many([request.answered_by])
    about = f"activity:{request.activity_id}"
    await tell_members(work, recorded, people, Kind.SESSION_ARRANGED, occurrence=request.id, subject=about, urgent=True)


async def tell_of_refusal(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Tell the other side why the request was ended."""
    request = await _present(work, recorded)
    if request is None:
        return
    await work.outbox.refresh(recorded.event.subject, ASKING, at=recorded.at)
    ended_by = recorded.actor.removeprefix("member:")
    sides = [one for one in (request.asked_by, request.answered_by) if one and one != ended_by]
    await tell_members(work, recorded, await work.people.many(sides), Kind.SESSION_DECLINED)
