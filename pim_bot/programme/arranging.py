"""Arranging an advisory session: one side asks, the other offers up to three times, one tap puts it on the calendar."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta

from pim_bot.clock import new_id
from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.events.catalogue import SessionArranged, SessionRequestDeclined, SessionRequested, SessionTimesOffered
from pim_bot.programme import ports
from pim_bot.programme.activity import Activity, ActivityDraft, Answer, Form
from pim_bot.programme.edition import Scope
from pim_bot.programme.people import Actor, Member, RoleName, team_of
from pim_bot.programme.permissions import Action, require
from pim_bot.programme.scheduling import FARTHEST, LONGEST_LINE, LONGEST_TEXT, schedule_activity
from pim_bot.programme.session import RequestStatus, SessionRequest, SessionRequestDraft, Side
from pim_bot.programme.words import clean_line, clean_text

MOST_OFFERS = 3
MINUTES = range(15, 8 * 60 + 1)
OUTDATED = "Ta prośba jest już załatwiona. Aktualne terminy pokaże polecenie /pim terminy."


def side_of(member: Member, request: SessionRequest, now: datetime) -> Side | None:
    """Tell on which side of a request somebody stands; None for a stranger to it."""
    day = member.day_of(now)
    mine = member.in_edition(request.edition)
    if mine.has_role(RoleName.OFFICIAL, day, city=request.city):
        return Side.CITY
    for role in mine.roles:
        serves = request.city == role.city if role.city else bool(role.network) and role.network == request.network
        if role.name is RoleName.EXPERT and role.side == "world_bank" and role.holds_on(day) and serves:
            return Side.EXPERT
    return None


async def ask_for_session(
    work: ports.ProgrammeWork, actor: Actor, draft: SessionRequestDraft, *, now: datetime
) -> SessionRequest:
    """Ask for a session. Raises ``NotAllowed``, or ``Refused`` whose ``fields`` names every field to be corrected."""
    if actor.member is None:
        raise NotAllowed("O doradztwo prosi osoba z programu.")
    draft = replace(draft, topic=clean_line(draft.topic), question=clean_text(draft.question))
    day = actor.member.day_of(now)
    network = next(iter(await work.editions.city_networks(draft.edition, draft.city, day)), "")
    if not draft.city:
        raise Refused("Formularz wymaga poprawek.", fields={"city": Refused("Prosimy wybrać miasto.")})
    require(actor, Action.ARRANGE_SESSION, now=now, edition=draft.edition, network=network, city=draft.city)
    if problems := await _problems(work, draft):
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    request = SessionRequest(
        **{field.name: getattr(draft, field.name) for field in fields(SessionRequestDraft)},
        id=new_id(),
        network=network,
        asked_by=actor.member.id,
        asked_at=now,
        side=Side.CITY,
    )
    request = replace(request, side=side_of(actor.member, request, now) or Side.CITY)
    await work.session_requests.add(request)
    work.record(SessionRequested(request_id=request.id, revision=request.revision), actor=actor, at=now)
    return request


async def _problems(work: ports.ProgrammeWork, draft: SessionRequestDraft) -> dict[str, Refused]:
    problems: dict[str, Refused] = {}
    if not draft.topic:
        problems["topic"] = Refused("Prosimy wpisać temat.")
    for name, most in (("topic", LONGEST_LINE), ("question", LONGEST_TEXT)):
        length = len(getattr(draft, name))
        if length > most:
            problems[name] = Refused(
                "Ten tekst ma {length} znaków, a zmieści się najwyżej {most}. Prosimy go skrócić.",
                length=length,
                most=most,
            )
    parts = {one.slug for one in await work.editions.parts(draft.edition) if one.document == "MID"}
    if draft.part and draft.part not in parts:
        problems["part"] = Refused("Nie ma takiej części MID. Prosimy wybrać z listy.")
    return problems


async def request_for(work: ports.ProgrammeWork, actor: Actor, request_id: str, *, now: datetime) -> SessionRequest:
    """Load an open request that the actor may arrange.

    Raises ``NotFound``, ``NotAllowed``, and ``Refused`` once it is arranged or declined.
    """
    request = await work.session_requests.get(request_id)
    if request is None:
        raise NotFound("Tej prośby już nie ma. Aktualne sprawy pokaże polecenie /pim.")
    require(actor, Action.ARRANGE_SESSION, now=now, edition=request.edition, network=request.network, city=request.city)
    if not request.is_open:
        raise Refused(OUTDATED)
    return request


async def offer_times(
    work: ports.ProgrammeWork,
    actor: Actor,
    request_id: str,
    starts: Sequence[datetime | None],
    *,
    minutes: int,
    now: datetime,
) -> SessionRequest:
    """Offer up to three times at which neither side has another activity; a later offer takes the place of this one."""
    await work.hold(f"session-request:{request_id}")
    request = await request_for(work, actor, request_id, now=now)
    assert actor.member is not None
    if side_of(actor.member, request, now) is not request.other_side:
        raise Refused("Teraz odpowiada druga strona. Prosimy chwilę poczekać.")
    offered = replace(request, answered_by=actor.member.id, minutes=minutes)
    if problems := await _offer_problems(work, offered, starts, now):
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    offered = replace(
        offered,
        offers=tuple(sorted({one for one in starts if one})),
        status=RequestStatus.OFFERED,
        revision=request.revision + 1,
    )
    await work.session_requests.save(offered)
    work.record(SessionTimesOffered(request_id=offered.id, revision=offered.revision), actor=actor, at=now)
    return offered


async def _offer_problems(
    work: ports.ProgrammeWork, request: SessionRequest, starts: Sequence[datetime | None], now: datetime
) -> dict[str, Refused]:
    problems: dict[str, Refused] = {}
    if request.minutes not in MINUTES:
        problems["length"] = Refused("Prosimy podać czas od 15 minut do 8 godzin, na przykład: 1h albo 90 min.")
    if not any(starts):
        problems["offer_1"] = Refused("Prosimy podać przynajmniej jeden termin.")
    taken = await _taken(work, request, now)
    for number, start in enumerate(starts, start=1):
        if start is None:
            continue
        end = start + timedelta(minutes=request.minutes)
        if start <= now:
            problems[f"offer_{number}"] = Refused("Ten termin już minął. Prosimy podać przyszły.")
        elif start - now > FARTHEST:
            problems[f"offer_{number}"] = Refused("To bardzo odległy termin. Prosimy sprawdzić rok.")
        elif any(one.starts_at < end and start < one.ends_at for one in taken):
            problems[f"offer_{number}"] = Refused(
                "W tym czasie jedna ze stron ma już inne wydarzenie. Prosimy podać inny termin."
            )
    return problems


async def _taken(work: ports.ProgrammeWork, request: SessionRequest, now: datetime) -> list[Activity]:
    """Tell what the two people who arrange this, and the city's team, take part in already."""
    people = await work.people.many([request.asked_by, request.answered_by])
    invitees = {invitee for one in people for invitee in one.in_edition(request.edition).invitees(one.day_of(now))}
    invited = await work.attendances.of_invitees(sorted(invitees), now)
    return [activity for activity, one in invited if activity.is_open and one.answer is not Answer.NOT_GOING]


async def choose_time(
    work: ports.ProgrammeWork, actor: Actor, request_id: str, chosen: datetime, *, now: datetime
) -> Activity:
    """Put the session on the calendar at one of the offered times; both sides are counted as coming.

    Choosing the same time again changes nothing. Raises ``Refused`` when the time is no longer offered or free.
    """
    await work.hold(f"session-request:{request_id}")
    known = await work.session_requests.get(request_id)
    if known is not None and known.activity_id and (done := await work.activities.get(known.activity_id)):
        require(actor, Action.ARRANGE_SESSION, now=now, edition=known.edition, network=known.network, city=known.city)
        if done.starts_at == chosen:
            return done
    request = await request_for(work, actor, request_id, now=now)
    if actor.member is None or side_of(actor.member, request, now) is not request.side:
        raise Refused("Teraz odpowiada druga strona. Prosimy chwilę poczekać.")
    if chosen not in request.offers:
        raise Refused("Ten termin nie jest już proponowany. Prosimy wybrać jeden z aktualnych.")
    if problems := await _offer_problems(work, request, [chosen], now):
        raise next(iter(problems.values()))
    activity = await _schedule(work, actor, request, chosen, now)
    arranged = replace(request, status=RequestStatus.ARRANGED, activity_id=activity.id, revision=request.revision + 1)
    await work.session_requests.save(arranged)
    work.record(SessionArranged(request_id=arranged.id, revision=arranged.revision), actor=actor, at=now)
    return activity


async def _schedule(
    work: ports.ProgrammeWork, actor: Actor, request: SessionRequest, chosen: datetime, now: datetime
) -> Activity:
    kinds = [kind for kind in await work.editions.kinds(request.edition) if kind.scope is Scope.ONE_CITY]
    if not kinds:
        raise Refused("Ta edycja nie ma rodzaju wydarzenia dla doradztwa. Można go dodać w pliku programu.")
    edition = await work.editions.get(request.edition)
    draft = ActivityDraft(
        kind=kinds[0].slug,
        title=request.topic,
        networks=(),
        cities=(request.city,),
        starts_at=chosen,
        ends_at=chosen + timedelta(minutes=request.minutes),
        zone=edition.zone if edition else "Europe/Warsaw",
        form=Form.ONLINE,
    )
    expert, official = request.answered_by, request.asked_by
    if request.side is Side.EXPERT:
        expert, official = official, expert
    invitees = [f"team:{request.network}/{request.city}", f"member:{expert}"]
    activity = await schedule_activity(
        work, actor, request.edition, draft, now=now, right=Action.ARRANGE_SESSION, invitees=invitees
    )
    names = [one.name for one in await work.people.many([official])]
    for one in await work.attendances.of(activity.id):
        of_team = team_of(one.invitee) is not None
        people = tuple(names) if of_team else ()
        by = official if of_team else expert
        coming = replace(one, answer=Answer.GOING, people=people, answered_by=by, answered_at=now, revision=1)
        await work.attendances.save(coming)
    return activity


async def decline_request(
    work: ports.ProgrammeWork, actor: Actor, request_id: str, *, reason: str, now: datetime
) -> SessionRequest:
    """End a request, with a reason that the other side hears."""
    await work.hold(f"session-request:{request_id}")
    request = await request_for(work, actor, request_id, now=now)
    reason = clean_text(reason)
    if not reason or len(reason) > LONGEST_TEXT:
        problem = Refused("Prosimy podać powód, najwyżej {most} znaków.", most=LONGEST_TEXT)
        raise Refused("Formularz wymaga poprawek.", fields={"reason": problem})
    mine = actor.member is not None and side_of(actor.member, request, now) is request.other_side
    answered_by = actor.member.id if actor.member and mine else request.answered_by
    declined = replace(
        request,
        status=RequestStatus.DECLINED,
        reason=reason,
        answered_by=answered_by,
        revision=request.revision + 1,
    )
    await work.session_requests.save(declined)
    work.record(SessionRequestDeclined(request_id=declined.id, revision=declined.revision), actor=actor, at=now)
    return declined
