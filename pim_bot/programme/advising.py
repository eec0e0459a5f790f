"""Advisory sessions: logged by the expert, added to, corrected by the city, proposed for its MID."""

from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pim_bot.clock import new_id
from pim_bot.errors import NotFound, Refused
from pim_bot.events.catalogue import AdvisorySessionChanged, AdvisorySessionCorrected, AdvisorySessionLogged
from pim_bot.programme import ports
from pim_bot.programme.activity import Activity, ActivityStatus, Answer, Attendance, Form
from pim_bot.programme.contributing import log_contribution
from pim_bot.programme.contribution import Circle, Contribution, ContributionDraft, ContributionType, Source
from pim_bot.programme.document import mid_of
from pim_bot.programme.edition import Scope
from pim_bot.programme.people import Actor, team_of
from pim_bot.programme.permissions import Action, can, require
from pim_bot.programme.session import AdvisorySession, CityWords, SessionDraft, SessionStatus
from pim_bot.programme.words import clean_line, clean_text

LONGEST_LINE = 300
LONGEST_TEXT = 3000
MINUTES = range(5, 24 * 60 + 1)
FARTHEST_BACK = timedelta(days=366)
MOST_CITIES = 10
_TEXTS = ("agreed", "next_step", "notes")


def may_read(actor: Actor, session: AdvisorySession, words: CityWords, day: date) -> bool:
    """Tell whether somebody may read what was said to a city in a session; every door asks this.

    DESIGN of the programme: its city's team and its World Bank experts; coordinators know only that it took place.
    """
    return can(actor, Action.READ_SESSION, session.place_of(words), day=day)


async def log_session(
    work: ports.ProgrammeWork, actor: Actor, draft: SessionDraft, *, now: datetime
) -> AdvisorySession:
    """Log a session that took place; the same one logged again is given back as it is.

    Raises ``NotAllowed``, or ``Refused`` whose ``fields`` names every field to be corrected.
    """
    draft = await _completed(work, actor, draft)
    if not draft.cities:
        raise Refused("Formularz wymaga poprawek.", fields={"cities": Refused("Prosimy wybrać miasto.")})
    for words in draft.cities:
        require(actor, Action.LOG_SESSION, now=now, edition=draft.edition, network=words.network, city=words.city)
    await work.hold(f"sessions:{draft.activity_id or next(iter(draft.experts), '')}", changes=False)
    if known := await _logged_before(work, draft):
        return known
    if problems := await _problems(work, draft, _day_of(actor, now)):
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    session = AdvisorySession(
        **{field.name: getattr(draft, field.name) for field in fields(SessionDraft)},
        id=new_id(),
        logged_by=actor.id,
        logged_at=now,
    )
    await work.sessions.add(session)
    event = AdvisorySessionLogged(session_id=session.id, revision=session.revision, activity_id=session.activity_id)
    work.record(event, actor=actor, at=now)
    return session


async def _completed(work: ports.ProgrammeWork, actor: Actor, draft: SessionDraft) -> SessionDraft:
    """Fill in each city's network and whoever logs, and clean what was typed."""
    networks = [network.slug for network in await work.editions.networks(draft.edition)]
    places = {city: network for network, city in await work.editions.cities_of(draft.edition, networks, draft.day)}
    experts = [*([actor.member.id] if actor.member else []), *draft.experts]
    return replace(
        draft,
        topic=clean_line(draft.topic),
        experts=tuple(dict.fromkeys(experts)),
        cities=tuple(_cleaned(replace(one, network=places.get(one.city, ""))) for one in draft.cities),
    )


def _cleaned(words: CityWords) -> CityWords:
    return replace(
        words,
        agreed=clean_text(words.agreed),
        next_step=clean_text(words.next_step),
        notes=clean_text(words.notes),
        owner=clean_line(words.owner),
    )


async def _logged_before(work: ports.ProgrammeWork, draft: SessionDraft) -> AdvisorySession | None:
    if draft.activity_id:
        return await work.sessions.of_activity(draft.activity_id)
    for expert in draft.experts[:1]:
        that_day = await work.sessions.on_day(draft.edition, expert, draft.day)
        return next((one for one in that_day if one.tells_the_same(draft)), None)
    return None


async def _problems(work: ports.ProgrammeWork, draft: SessionDraft, today: date) -> dict[str, Refused]:
    problems: dict[str, Refused] = {}
    unknown = {one.city for one in draft.cities} - {city.slug for city in await work.editions.cities(draft.edition)}
    if unknown:
        problems["cities"] = Refused(
            "Nie ma takiego miasta: {names}. Prosimy wybrać z listy.", names=", ".join(sorted(unknown))
        )
    elif len(draft.cities) > MOST_CITIES:
        problems["cities"] = Refused("Jedna sesja obejmie najwyżej {most} miast.", most=MOST_CITIES)
    if draft.day > today:
        problems["day"] = Refused("Ten dzień jeszcze nie nadszedł. Prosimy podać dzień, w którym była sesja.")
    elif today - draft.day > FARTHEST_BACK:
        problems["day"] = Refused("To było ponad rok temu. Prosimy sprawdzić datę.")
    if draft.status is SessionStatus.HELD and draft.minutes not in MINUTES:
        problems["length"] = Refused("Prosimy podać czas od 5 minut do 24 godzin, na przykład: 2h albo 90 min.")
    experts = {one.id for one in await work.people.experts(draft.edition, draft.day)}
    if not draft.experts or set(draft.experts) - experts:
        problems["experts"] = Refused("Sesję prowadzą eksperci i ekspertki tej edycji. Prosimy wybrać z listy.")
    problems |= _too_long({"topic": draft.topic}, LONGEST_LINE)
    for words in draft.cities:
        problems |= await _words_problems(work, draft.edition, words)
    return problems


async def _words_problems(work: ports.ProgrammeWork, edition: str, words: CityWords) -> dict[str, Refused]:
    problems = _too_long({name: getattr(words, name) for name in _TEXTS}, LONGEST_TEXT)
    problems |= _too_long({"owner": words.owner}, LONGEST_LINE)
    parts = {one.slug for one in await work.editions.parts(edition) if one.document == "MID"} if words.sections else ()
    if set(words.sections) - set(parts):
        problems["sections"] = Refused("Nie ma takiej części MID. Prosimy wybrać z listy.")
    return problems


def _too_long(texts: Mapping[str, str], most: int) -> dict[str, Refused]:
    return {
        name: Refused(
            "Ten tekst ma {length} znaków, a zmieści się najwyżej {most}. Prosimy go skrócić.",
            length=len(text),
            most=most,
        )
        for name, text in texts.items()
        if len(text) > most
    }


def _day_of(actor: Actor, now: datetime) -> date:
    return actor.member.day_of(now) if actor.member else now.date()


async def session_for(
    work: ports.ProgrammeWork, actor: Actor, session_id: str, action: Action, *, city: str = "", now: datetime
) -> AdvisorySession:
    """Load a session on which the actor may do this, for one city or for any of them.

    Raises ``NotFound`` and ``NotAllowed``.
    """
    session = await work.sessions.get(session_id)
    cities = [one for one in session.cities if city in ("", one.city)] if session else []
    if session is None or not cities:
        raise NotFound("Tej sesji już nie ma. Zapisane sesje pokaże polecenie /pim ustalenia.")
    day = _day_of(actor, now)
    allowed = [one for one in cities if can(actor, action, session.place_of(one), day=day)]
    chosen = (allowed or cities)[0]
    require(actor, action, now=now, edition=session.edition, network=chosen.network, city=chosen.city)
    return session


async def detail_session(
    work: ports.ProgrammeWork,
    actor: Actor,
    session_id: str,
    *,
    topic: str,
    form: str,
    experts: Collection[str],
    now: datetime,
) -> AdvisorySession:
    """Add what concerns the whole session: topic, form, who else advised."""
    await work.hold(f"session:{session_id}")
    session = await session_for(work, actor, session_id, Action.LOG_SESSION, now=now)
    lead = session.experts[:1] if not actor.member else (actor.member.id,)
    changed = replace(
        session,
        topic=clean_line(topic),
        form=form if form in set(Form) else session.form,
        experts=tuple(sorted({*lead, *experts})),
    )
    return await _keep(work, actor, session, changed, now=now)


async def word_session(
    work: ports.ProgrammeWork, actor: Actor, session_id: str, words: CityWords, *, now: datetime
) -> AdvisorySession:
    """Write down what the session came to for one city; what the city said of it stays."""
    await work.hold(f"session:{session_id}")
    session = await session_for(work, actor, session_id, Action.LOG_SESSION, city=words.city, now=now)
    cities = tuple(_worded(one, words) if one.city == words.city else one for one in session.cities)
    return await _keep(work, actor, session, replace(session, cities=cities), now=now)


def _worded(before: CityWords, words: CityWords) -> CityWords:
    kept = {name: getattr(before, name) for name in ("network", "correction", "corrected_by", "corrected_at")}
    return _cleaned(replace(words, **kept))


async def _keep(
    work: ports.ProgrammeWork, actor: Actor, before: AdvisorySession, changed: AdvisorySession, *, now: datetime
) -> AdvisorySession:
    if replace(changed, experts=before.experts) == before and set(changed.experts) == set(before.experts):
        return before
    if problems := await _problems(work, changed, max(_day_of(actor, now), before.day)):
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    changed = replace(changed, revision=before.revision + 1)
    await work.sessions.save(changed)
    work.record(AdvisorySessionChanged(session_id=changed.id, revision=changed.revision), actor=actor, at=now)
    return changed


async def correct_session(
    work: ports.ProgrammeWork, actor: Actor, session_id: str, city: str, correction: str, *, now: datetime
) -> AdvisorySession:
    """Say for a city what is to be corrected in the agreements; the expert's own words stay beside it."""
    await work.hold(f"session:{session_id}")
    session = await session_for(work, actor, session_id, Action.CORRECT_SESSION, city=city, now=now)
    correction = clean_text(correction)
    problems = _too_long({"correction": correction}, LONGEST_TEXT)
    if not correction:
        problems["correction"] = Refused("Prosimy wpisać, co jest inaczej.")
    if problems:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    words = session.words_for(city)
    if words is None or words.correction == correction:
        return session
    by = actor.member.id if actor.member else ""
    corrected = replace(words, correction=correction, corrected_by=by, corrected_at=now)
    changed = replace(
        session,
        cities=tuple(corrected if one.city == city else one for one in session.cities),
        revision=session.revision + 1,
    )
    await work.sessions.save(changed)
    event = AdvisorySessionCorrected(session_id=changed.id, revision=changed.revision, city=city)
    work.record(event, actor=actor, at=now)
    return changed


def words_for_mid(session: AdvisorySession, words: CityWords) -> str:
    """Suggest what of a session goes to the MID: the topic and the agreed text, never the notes."""
    return ": ".join(part for part in (session.topic, words.agreed) if part)


async def propose_for_mid(
    work: ports.ProgrammeWork, actor: Actor, session_id: str, city: str, *, part: str, text: str, now: datetime
) -> Contribution:
    """Propose what was agreed for the city's MID; it is a draft in the same circle until the city accepts it."""
    session = await session_for(work, actor, session_id, Action.LOG_SESSION, city=city, now=now)
    words = session.words_for(city)
    assert words is not None
    draft = ContributionDraft(
        document=mid_of(session.edition, words.network, city),
        part=part,
        type=ContributionType.AGREEMENT,
        text=text,
        people=session.experts,
        cities=(city,),
        circle=Circle.CITY,
        source=Source.SESSION,
        source_key=f"session:{session.id}/{city}",
    )
    return await log_contribution(work, actor, draft, author=actor.member.id if actor.member else "", now=now)


async def draft_of(work: ports.ProgrammeWork, activity: Activity) -> SessionDraft:
    """Tell what an activity on the calendar says of the session that it was."""
    zone = ZoneInfo(activity.zone)
    answers = await work.attendances.of(activity.id)
    return SessionDraft(
        edition=activity.edition,
        day=activity.starts_at.astimezone(zone).date(),
        minutes=round((activity.ends_at - activity.starts_at) / timedelta(minutes=1)),
        experts=tuple(one.invitee.removeprefix("member:") for one in answers if _goes_alone(one)),
        cities=tuple(CityWords(city=city) for city in activity.cities),
        topic=activity.title,
        form=activity.form,
        activity_id=activity.id,
    )


def _goes_alone(attendance: Attendance) -> bool:
    return attendance.answer is Answer.GOING and team_of(attendance.invitee) is None


async def held_session(work: ports.ProgrammeWork, activity_id: str, *, now: datetime) -> Activity:
    """Load an activity of one city that is over, so that it can be logged. Raises ``NotFound`` and ``Refused``."""
    activity = await work.activities.get(activity_id)
    kind = await work.editions.kind(activity.edition, activity.kind) if activity else None
    if activity is None or kind is None or kind.scope is not Scope.ONE_CITY:
        raise NotFound("Tego spotkania już nie ma. Aktualną listę pokaże polecenie /pim terminy.")
    if activity.status is ActivityStatus.CANCELLED:
        raise Refused("To wydarzenie jest już odwołane. Aktualną listę pokaże polecenie /pim terminy.")
    if activity.ends_at > now:
        raise Refused("To spotkanie jeszcze trwa. Prosimy zapisać je po zakończeniu.")
    return activity


async def log_as_planned(
    work: ports.ProgrammeWork, actor: Actor, activity_id: str, *, now: datetime, held: bool = True
) -> AdvisorySession:
    """Log a session as it stood on the calendar, in one tap; or that it did not take place."""
    activity = await held_session(work, activity_id, now=now)
    draft = await draft_of(work, activity)
    if not held:
        draft = replace(draft, status=SessionStatus.NOT_HELD, minutes=0)
    return await log_session(work, actor, draft, now=now)
