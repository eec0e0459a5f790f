"""From a question that was understood to its answer: which facts are read, and which block says them, by meaning.

What is read is what whoever asks may read, checked again here, since the answer is made when it goes out. In a channel
everybody asks at once: only what stands in the public calendars is said there.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from pim_bot.blocks import answers as blocks
from pim_bot.blocks import assignments as assignment_blocks
from pim_bot.blocks import attendance as attendance_blocks
from pim_bot.blocks import contributions as document_blocks
from pim_bot.blocks import materials as material_blocks
from pim_bot.blocks import privacy as privacy_blocks
from pim_bot.blocks import sessions as session_blocks
from pim_bot.blocks import teams as team_blocks
from pim_bot.blocks import topics as topic_blocks
from pim_bot.blocks import waiting as waiting_blocks
from pim_bot.blocks.activities import kind_name
from pim_bot.blocks.elements import Message
from pim_bot.i18n import Words
from pim_bot.jobs.ports import WorkerWork
from pim_bot.notifications.chasing import owing_of_many
from pim_bot.notifications.waiting import waiting_for
from pim_bot.programme.activity import Activity, Attendance
from pim_bot.programme.bulletins import networks_to_tell
from pim_bot.programme.card import ActivityCard
from pim_bot.programme.contributing import documents_for, documents_of
from pim_bot.programme.contribution import ContributionStatus, ContributionType
from pim_bot.programme.document import Document, DocumentKind
from pim_bot.programme.document_view import document_view
from pim_bot.programme.edition import Scope
from pim_bot.programme.enrolling import place_of_city, team_list
from pim_bot.programme.materials import find_materials
from pim_bot.programme.names import city_names, folded
from pim_bot.programme.permissions import Action, Place, rights_of
from pim_bot.programme.privacy import Contacts
from pim_bot.programme.questions.finding import (
    Asked,
    CityState,
    activities_meant,
    changed_since,
    city_states,
    experience_with,
    guardians_of,
    is_addressed,
    is_kind,
    own_bodies,
    people_serving,
    recommendations_of,
    said_about,
)
from pim_bot.programme.questions.question import Meaning
from pim_bot.programme.questions.understanding import OF_ONE_CITY
from pim_bot.programme.session_card import session_cards
from pim_bot.programme.staffing import staff_of
from pim_bot.programme.topics import topics_ahead

MOST_OFFERED = 3
MOST_COMING = 3
MOST_SESSIONS = 10
A_MONTH = timedelta(days=30)
A_WEEK = timedelta(days=7)
ABOUT = (
    Meaning.WAITING,
    Meaning.WHEN,
    Meaning.EXPERT,
    Meaning.ARRANGE,
    Meaning.AGREEMENTS,
    Meaning.SHOW_MID,
    Meaning.EXPERIENCE,
    Meaning.OWING,
    Meaning.MID_STATE,
    Meaning.FOR_US,
    Meaning.NEWS,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answering:
    """One answer in the making."""

    work: WorkerWork
    asked: Asked
    words: Words
    contacts: Contacts


async def answer(one: Answering) -> Message:
    """Answer a question. First it is asked which city is meant, where that is not clear; nothing is guessed."""
    asked = one.asked
    if asked.member is None:
        return await _when(one)
    cities = {city.slug: city.name for city in await one.work.editions.cities(asked.edition.slug)}
    question = asked.question
    unsure = question.unsure or (question.cities if question.meaning in OF_ONE_CITY else ())
    if question.unsure or len(unsure) > 1:
        known = [(slug, await _name_of(one, slug, cities)) for slug in unsure]
        return blocks.which_city(one.words, question, known)
    if question.meaning in OF_ONE_CITY:
        if not question.cities and question.words:
            names = city_names(await one.work.editions.cities(asked.edition.slug))
            near = [cities[slug] for slug in names.nearest(question.words[0])]
            return blocks.unknown_city(one.words, question.words[0], near)
        if question.cities and question.cities[0] not in cities:
            return blocks.not_in_edition(one.words, await _name_of(one, question.cities[0], cities))
        if not question.cities and len(asked.own_cities) > 1:
            mine = [(slug, cities.get(slug, slug)) for slug in asked.own_cities]
            return blocks.which_city(one.words, question, mine)
    return await ANSWERS[question.meaning](one)


async def _name_of(one: Answering, slug: str, cities: dict[str, str]) -> str:
    if slug in cities:
        return cities[slug]
    editions = [known.slug for known in await one.work.editions.known()]
    found = [city.name for each in editions for city in await one.work.editions.cities(each) if city.slug == slug]
    return next(iter(found), slug)


def _sought(one: Answering) -> str:
    return " ".join(one.asked.question.words)


async def _waiting(one: Answering) -> Message:
    """Say what ``/pim`` says, to whoever has no commands."""
    member = one.asked.member
    assert member is not None
    waits = await waiting_for(one.work, member, one.asked.now, shown=MOST_COMING)
    return waiting_blocks.waiting(one.words, waits, rights_of(member, one.asked.edition.slug, one.asked.day))


async def _when(one: Answering) -> Message:
    coming = await activities_meant(one.work, one.asked)
    past = [] if coming else await activities_meant(one.work, one.asked, past=True)
    mine = _invitation(one, coming[0]) if coming else None
    return blocks.when(one.words, coming, past, mine, _sought(one))


def _invitation(one: Answering, card: ActivityCard) -> Attendance | None:
    if one.asked.member is None:
        return None
    mine = one.asked.member.in_edition(card.activity.edition).invitees(one.asked.day)
    return next((each for each in card.attendances if each.invitee in mine), None)


async def _prepare(one: Answering) -> Message:
    cards = await activities_meant(one.work, one.asked)
    asked = one.asked
    steps = []
    names = {city.slug: city.name for city in await one.work.editions.cities(asked.edition.slug)}
    if asked.own_cities:
        for session in await one.work.sessions.latest(asked.edition.slug, asked.own_cities, 1):
            steps = [
                (names.get(told.city, told.city), told)
                for told in session.cities
                if told.next_step and asked.may(Action.READ_SESSION, session.place_of(told))
            ]
    return blocks.prepare(one.words, cards[: None if asked.question.first else 1], steps)


async def _agenda(one: Answering) -> Message:
    return blocks.agenda(one.words, next(iter(await activities_meant(one.work, one.asked)), None))


async def _send_agenda(one: Answering) -> Message:
    card = next(iter(await activities_meant(one.work, one.asked)), None)
    changes = card is not None and one.asked.may(Action.CHANGE_ACTIVITY, card.place)
    return blocks.agenda(one.words, card, sends=True, changes=changes)


async def _deadline(one: Answering) -> Message:
    return blocks.deadline(one.words, await guardians_of(one.work, one.asked, one.asked.own_networks))


async def _document(one: Answering, kind: DocumentKind) -> Document | None:
    """Find the document that is meant: that of the city or network named, else one's own."""
    asked = one.asked
    everything = await documents_of(one.work, asked.edition.slug, asked.day)
    of_kind = [each for each in everything if each.kind is kind]
    if kind is DocumentKind.MID:
        wanted = asked.question.cities or asked.own_cities
        return next((each for each in of_kind if each.city in wanted), None)
    networks = asked.question.networks or asked.own_networks
    return next((each for each in of_kind if each.network in networks), None)


async def _show(one: Answering, kind: DocumentKind) -> Message:
    document = await _document(one, kind)
    if document is None:
        words = one.words
        return blocks.sentence(
            words,
            words.text("Prosimy podać miasto, na przykład: Pokaż MID Dębicy.")
            if kind is DocumentKind.MID
            else words.text("Prosimy podać sieć, na przykład: Pokaż PU sieci Miasto Zielone."),
        )
    found = await document_view(one.work, one.asked.actor, document, now=one.asked.now)
    named = tuple(part for part in found.parts if part.slug == one.asked.question.part)
    return document_blocks.document(one.words, replace(found, parts=named or found.parts))


async def _show_mid(one: Answering) -> Message:
    return await _show(one, DocumentKind.MID)


async def _show_pu(one: Answering) -> Message:
    return await _show(one, DocumentKind.PU)


async def _missing(one: Answering) -> Message:
    document = await _document(one, DocumentKind.MID)
    if document is None:
        return await _show(one, DocumentKind.MID)
    place = Place(edition=document.edition, networks=(document.network,), city=document.city)
    found = await document_view(one.work, one.asked.actor, document, now=one.asked.now)
    statuses = {part.slug: {card.contribution.status for card in found.read.get(part.slug, ())} for part in found.parts}
    waiting = [
        part.name
        for part in found.parts
        if ContributionStatus.PROPOSED in statuses[part.slug] and ContributionStatus.ACCEPTED not in statuses[part.slug]
    ]
    kept = {ContributionStatus.PROPOSED, ContributionStatus.ACCEPTED}
    empty = [part.name for part in found.parts if not statuses[part.slug] & kept and not found.known.get(part.slug)]
    reads = one.asked.may(Action.SEE_SESSION, place)
    mine = await documents_for(one.work, one.asked.actor, Action.LOG_CONTRIBUTION, document.edition, now=one.asked.now)
    key = document.key if document in mine else ""
    return blocks.missing(one.words, found.name.city, empty, waiting, reads=reads, key=key)


async def _experts(one: Answering) -> Message:
    asked, question = one.asked, one.asked.question
    cities = question.cities or (() if question.networks else asked.own_cities)
    networks = question.networks or (() if cities else asked.own_networks)
    if not cities and not networks:
        networks = tuple(each.slug for each in await one.work.editions.networks(asked.edition.slug))
    return blocks.experts(one.words, await people_serving(one.work, asked, cities, networks))


async def _guardians(one: Answering) -> Message:
    networks = one.asked.question.networks or one.asked.own_networks
    return blocks.guardians(one.words, await guardians_of(one.work, one.asked, networks))


async def _team(one: Answering) -> Message:
    asked = one.asked
    city = next(iter(asked.question.cities or asked.own_cities), "")
    if not city:
        cities = await one.work.editions.cities(asked.edition.slug)
        return blocks.sentence(one.words, team_blocks.teams(one.words, [each.name for each in cities]).text)
    if not await one.work.editions.city_networks(asked.edition.slug, city, asked.day):
        cities_known = {each.slug: each.name for each in await one.work.editions.cities(asked.edition.slug)}
        return blocks.not_in_edition(one.words, await _name_of(one, city, cities_known))
    place = await place_of_city(one.work, asked.edition.slug, city, asked.day)
    found = await team_list(one.work, asked.actor, place, now=asked.now)
    return team_blocks.team(one.words, found, today=asked.day)


async def _team_change(one: Answering) -> Message:
    asked = one.asked
    city = next(iter(asked.question.cities or asked.own_cities), "")
    networks = await one.work.editions.city_networks(asked.edition.slug, city, asked.day) if city else []
    place = Place(edition=asked.edition.slug, networks=tuple(networks[:1]))
    names = {each.slug: each.name for each in await one.work.editions.cities(asked.edition.slug)}
    manages = bool(networks) and asked.may(Action.MANAGE_TEAM, place)
    key = f"{asked.edition.slug}/{networks[0]}/{city}" if manages else ""
    known = await guardians_of(one.work, asked, networks or asked.own_networks)
    return blocks.team_change(one.words, names.get(city, city), key, known)


async def _agreements(one: Answering) -> Message:
    asked, edition = one.asked, one.asked.edition.slug
    networks = [each.slug for each in await one.work.editions.networks(edition)]
    seen = {
        city
        for network, city in await one.work.editions.cities_of(edition, networks, asked.day)
        if asked.may(Action.SEE_SESSION, Place(edition=edition, networks=(network,), city=city))
    }
    wanted = set(asked.question.cities) or seen
    if not seen or not wanted <= seen:
        return blocks.private(one.words)
    sessions = await one.work.sessions.latest(edition, sorted(wanted), MOST_SESSIONS)
    cards = await session_cards(one.work, sessions, asked.actor, asked.now)
    names = {city.slug: city.name for city in await one.work.editions.cities(edition)}
    name = names.get(next(iter(asked.question.cities), ""), "")
    return session_blocks.session_list(one.words, cards, name=name)


async def _places(one: Answering, action: Action) -> list[str]:
    """Tell the cities on which the person has a right."""
    edition = one.asked.edition.slug
    networks = [each.slug for each in await one.work.editions.networks(edition)]
    return [
        city
        for network, city in await one.work.editions.cities_of(edition, networks, one.asked.day)
        if one.asked.may(action, Place(edition=edition, networks=(network,), city=city))
    ]


async def _ask_session(one: Answering) -> Message:
    mine = await _places(one, Action.ARRANGE_SESSION)
    question = one.asked.question
    if not mine or (question.cities and question.cities[0] not in mine):
        words = one.words
        return blocks.sentence(words, words.text("O doradztwo proszą miasta i ich eksperci Banku Światowego."))
    typed: dict[str, Any] = {"city": question.cities[0]} if question.cities else {}
    typed |= {"part": question.part} if question.part else {}
    return blocks.to_ask(one.words, typed, question=question.meaning is Meaning.ASK_EXPERT)


async def _log_session(one: Answering) -> Message:
    mine = await _places(one, Action.LOG_SESSION)
    question, words = one.asked.question, one.words
    if not mine:
        return blocks.sentence(words, words.text("Sesje doradztwa zapisują eksperci i ekspertki Banku Światowego."))
    cities = [slug for slug in question.cities if slug in mine]
    names = {city.slug: city.name for city in await one.work.editions.cities(one.asked.edition.slug)}
    day = question.last if question.last and question.last <= one.asked.day else None
    typed = {"cities": cities, "minutes": None, "day": day.isoformat() if day else None, "topic": ""}
    return blocks.to_log(words, [names[slug] for slug in cities], typed)


async def _changeable(one: Answering, action: Action, *, cancels: bool) -> Message:
    cards = [card for card in await activities_meant(one.work, one.asked) if one.asked.may(action, card.place)]
    return blocks.to_change(one.words, cards[:MOST_OFFERED], cancels=cancels)


async def _move(one: Answering) -> Message:
    return await _changeable(one, Action.MOVE_ACTIVITY, cancels=False)


async def _cancel(one: Answering) -> Message:
    return await _changeable(one, Action.CANCEL_ACTIVITY, cancels=True)


async def _who_goes(one: Answering) -> Message:
    asked = one.asked
    cities = asked.question.cities
    found = await activities_meant(one.work, _anywhere(asked)) or await activities_meant(
        one.work, _anywhere(asked), past=True
    )
    card = next(iter(found), None)
    if card is None:
        return blocks.who_goes(one.words, None, named=(), cities=())
    plans = asked.may(Action.CHASE_ANSWERS, card.place)
    named = tuple(card.city_names) if plans else asked.own_cities
    return blocks.who_goes(one.words, card, named=named, cities=cities)


def _anywhere(asked: Asked) -> Asked:
    """Read the cities as whose people are meant, not as where it is."""
    return replace(asked, question=replace(asked.question, cities=()))


async def _invited(one: Answering) -> list[tuple[Activity, Attendance]]:
    asked = one.asked
    assert asked.member is not None
    invitees = asked.member.in_edition(asked.edition.slug).invitees(asked.day)
    found = await one.work.attendances.of_invitees(invitees, asked.now)
    return [pair for pair in found if pair[0].is_open and pair[0].starts_at > asked.now][:MOST_OFFERED]


async def _register(one: Answering) -> Message:
    teams = [pair for pair in await _invited(one) if pair[1].invitee.startswith("team:")]
    return blocks.to_answer(one.words, teams, register=True)


async def _online(one: Answering) -> Message:
    return blocks.to_answer(one.words, (await _invited(one))[:1], register=False)


async def _experience(one: Answering) -> Message:
    found = await experience_with(one.work, one.asked) if one.asked.question.words else []
    return blocks.traces(one.words, found, _sought(one), said=False)


async def _said(one: Answering) -> Message:
    found = await said_about(one.work, one.asked) if one.asked.question.words else []
    return blocks.traces(one.words, found, _sought(one), said=True)


async def _materials(one: Answering) -> Message:
    asked = one.asked
    cities = {city.slug: city.name for city in await one.work.editions.cities(asked.edition.slug)}
    named = [await _name_of(one, slug, cities) for slug in asked.question.cities]
    typed = " ".join([*named, *asked.question.words])
    kept = await find_materials(one.work, asked.actor, asked.edition.slug, typed, now=asked.now)
    if kept:
        return material_blocks.materials(one.words, kept, typed=typed)
    found = await activities_meant(one.work, one.asked, past=True) or await activities_meant(one.work, one.asked)
    return blocks.materials(one.words, found, _sought(one))


async def _to_contribute(one: Answering, kind: DocumentKind, type_: ContributionType) -> Message:
    asked = one.asked
    mine = await documents_for(one.work, asked.actor, Action.LOG_CONTRIBUTION, asked.edition.slug, now=asked.now)
    wanted = await _document(one, kind)
    key = wanted.key if wanted is not None and wanted in mine else ""
    if not key:
        key = next((each.key for each in mine if each.kind is kind), "")
    recommends = type_ is ContributionType.RECOMMENDATION
    return blocks.to_contribute(one.words, key, type_.value, recommends=recommends)


async def _comment(one: Answering) -> Message:
    return await _to_contribute(one, DocumentKind.PU, ContributionType.COMMENT)


async def _recommend(one: Answering) -> Message:
    return await _to_contribute(one, DocumentKind.PU, ContributionType.RECOMMENDATION)


async def _add_to_mid(one: Answering) -> Message:
    return await _to_contribute(one, DocumentKind.MID, ContributionType.IDEA)


async def _states(one: Answering) -> list[CityState]:
    wanted = one.asked.question
    return [
        state
        for state in await city_states(one.work, one.asked)
        if (not wanted.networks or state.network.slug in wanted.networks)
        and (not wanted.cities or state.city.slug in wanted.cities)
    ]


def _sees_all(one: Answering) -> bool:
    """Tell whether the person may know of every city's advice."""
    return one.asked.may(Action.SEE_SESSION, Place(edition=one.asked.edition.slug, city="any"))


async def _silent(one: Answering) -> Message:
    states = await _states(one)
    if not states:
        return blocks.private(one.words)
    first = one.asked.question.first
    since = first if first and first < one.asked.day else one.asked.day - A_MONTH
    quiet = [state for state in states if state.last_day is None or state.last_day < since]
    return blocks.silent(one.words, quiet, since, sees_all=_sees_all(one))


async def _session_count(one: Answering) -> Message:
    cities = one.asked.question.cities or one.asked.own_cities
    states = [state for state in await city_states(one.work, one.asked) if state.city.slug in cities]
    if not cities:
        words = one.words
        return blocks.sentence(words, words.text("Prosimy podać miasto, na przykład: Ile konsultacji miały Żory?"))
    return blocks.session_count(one.words, states[0]) if states else blocks.private(one.words)


async def _mid_state(one: Answering) -> Message:
    states = await _states(one)
    if not states:
        return blocks.private(one.words)
    return blocks.mid_states(one.words, states, one.words.text("Stan MID-ów:"), sees_all=_sees_all(one))


async def _at_risk(one: Answering) -> Message:
    """Tell the facts, the least advanced first; whether a city is in danger is for people to say."""
    states = await _states(one)
    if not states:
        return blocks.private(one.words)
    cold = one.asked.day - A_MONTH
    behind = [state for state in states if state.last_day is None or state.last_day < cold or not state.filled]
    behind.sort(
        key=lambda state: (state.filled, state.last_day is not None, state.last_day or cold, folded(state.city.name))
    )
    words = one.words
    if not behind:
        return blocks.sentence(words, words.text("Żadne miasto nie ma pustego MID-u ani miesiąca bez kontaktu."))
    first = words.text("Pusty MID albo miesiąc bez kontaktu:")
    return blocks.mid_states(words, behind, first, sees_all=_sees_all(one))


async def _compare(one: Answering) -> Message:
    states = await city_states(one.work, one.asked)
    if not states:
        return blocks.private(one.words)
    rows = []
    for network in dict.fromkeys(state.network.name for state in states):
        mine = [state for state in states if state.network.name == network]
        filled, parts = sum(each.filled for each in mine), sum(each.parts for each in mine)
        rows.append((network, len(mine), filled, parts, sum(each.sessions for each in mine)))
    return blocks.compared(one.words, rows, sees_all=_sees_all(one))


async def _owing(one: Answering) -> Message:
    asked = one.asked
    cards = await activities_meant(one.work, asked)
    mine = [card for card in cards if card.count.owed and asked.may(Action.CHASE_ANSWERS, card.place)]
    if not mine and not await _plans_anything(one):
        words = one.words
        return blocks.sentence(words, words.text("Odpowiedzi widzą osoby, które planują wydarzenia sieci."))
    owing = await owing_of_many(one.work, [card.activity for card in mine[:1]])
    return attendance_blocks.who_owes(one.words, [(card, owing[card.activity.id]) for card in mine[:1]])


async def _plans_anything(one: Answering) -> bool:
    """Tell whether the person plans activities in any network."""
    edition = one.asked.edition.slug
    places = [Place(edition=edition, networks=(network,)) for network in one.asked.own_networks]
    return any(one.asked.may(Action.SCHEDULE_ACTIVITY, place) for place in [*places, Place(edition=edition)])


async def _presence(one: Answering) -> Message:
    cards = await activities_meant(one.work, one.asked, past=True)
    mine = [
        card
        for card in cards
        if card.activity.starts_at <= one.asked.now and one.asked.may(Action.MARK_PRESENCE, card.hosted_place)
    ]
    listed = one.asked.question.meaning is Meaning.PEOPLE_LIST
    return blocks.to_mark(one.words, next(iter(mine), None), listed=listed)


async def _survey(one: Answering) -> Message:
    card = next(iter(await activities_meant(one.work, one.asked, past=True)), None)
    found = await one.work.feedback.get(f"activity:{card.activity.id}") if card else None
    return blocks.survey(one.words, card, found)


async def _news(one: Answering) -> Message:
    first = one.asked.question.first
    since = first if first and first <= one.asked.day else one.asked.day - A_WEEK
    cards, added = await changed_since(one.work, one.asked, since)
    return blocks.news(one.words, since, cards, added)


async def _for_us(one: Answering) -> Message:
    bodies = await own_bodies(one.work, one.asked)
    found = [each for each in await recommendations_of(one.work, one.asked) if is_addressed(each, bodies)]
    return blocks.for_us(one.words, found, position=one.asked.question.meaning is Meaning.POSITION_DUE)


async def _law(one: Answering) -> Message:
    found = await recommendations_of(one.work, one.asked)
    return blocks.law(one.words, [each for each in found if "prawn" in each.part.lower()])


async def _categories(one: Answering) -> Message:
    counts = Counter(each.part for each in await recommendations_of(one.work, one.asked))
    parts = [part.name for part in await one.work.editions.parts(one.asked.edition.slug) if part.document == "PU"]
    return blocks.categories(one.words, {part: counts.get(part, 0) for part in dict.fromkeys([*parts, *counts])})


async def _new_activity(one: Answering) -> Message:
    asked, question, words = one.asked, one.asked.question, one.words
    is_local = bool(asked.own_cities) and asked.may(
        Action.SCHEDULE_ACTIVITY, Place(edition=asked.edition.slug, city=asked.own_cities[0], scope=Scope.LOCAL)
    )
    plans = await _plans_anything(one)
    if not plans and not is_local:
        return blocks.sentence(
            words, words.text("Wydarzenia planuje opieka sieci i koordynacja, a miasto swoje lokalne.")
        )
    everything = await one.work.editions.kinds(asked.edition.slug)
    kinds = [kind for kind in everything if plans or kind.scope is Scope.LOCAL]
    named = [kind for kind in kinds if question.kind and is_kind(kind, question.kind)]
    if question.networks or not asked.may(Action.SCHEDULE_ACTIVITY, Place(edition=asked.edition.slug)):
        named = [kind for kind in named if kind.scope is not Scope.ALL_NETWORKS] or named
    typed: dict[str, Any] = {"kind": named[0].slug} if len(named) == 1 else {}
    typed |= {"networks": list(question.networks)} if question.networks else {}
    typed |= {"starts_at": question.first.isoformat()} if question.first else {}
    typed |= {"ends_at": question.last.isoformat()} if question.last and question.last != question.first else {}
    typed |= {"starts_time": question.hour.rjust(5, "0")} if question.hour else {}
    said = [kind_name(words, named[0])] if len(named) == 1 else []
    said += [words.day(question.first)] if question.first else []
    return blocks.to_schedule(words, typed, ", ".join([*said, *([question.hour] if question.hour else [])]))


async def _own_data(one: Answering) -> Message:
    member = one.asked.member
    assert member is not None
    kept = await one.work.privacy.kept_of(member.id)
    held = dict.fromkeys(role.name for role in member.roles if role.holds_on(one.asked.day))
    roles = [privacy_blocks.role_word(one.words, name) for name in held]
    return privacy_blocks.my_data(one.words, member, kept, roles=roles, contacts=one.contacts)


async def _fewer(one: Answering) -> Message:
    return blocks.fewer(one.words)


async def _help(one: Answering) -> Message:
    return blocks.capabilities(one.words, ABOUT)


async def _announce(one: Answering) -> Message:
    told = await networks_to_tell(one.work, one.asked.actor, one.asked.edition.slug, now=one.asked.now)
    return blocks.to_announce(one.words, may=bool(told))


async def _topics(one: Answering) -> Message:
    found = await topics_ahead(one.work, one.asked.actor, one.asked.edition.slug, now=one.asked.now)
    return topic_blocks.ahead(one.words, found, now=one.asked.now)


async def _assign(one: Answering) -> Message:
    """Tell who serves where, that is the place asked about, with the buttons of whoever assigns."""
    asked, words, question = one.asked, one.words, one.asked.question
    if not asked.may(Action.ASSIGN_EXPERT, Place(edition=asked.edition.slug)):
        return blocks.sentence(words, words.text("Ekspertki i ekspertów przypisuje koordynacja programu."))
    staff = await staff_of(one.work, asked.actor, asked.edition.slug, now=asked.now)
    typed: dict[str, Any] = {"city": list(question.cities[:1])} if question.cities else {}
    typed |= {"network": question.networks[0]} if question.networks else {}
    return assignment_blocks.staff(words, staff.of_places(question.cities, question.networks), typed)


async def _later(one: Answering) -> Message:
    """Say honestly what cannot be done yet, and the nearest thing that can."""
    words = one.words
    said = {
        Meaning.ASK_COMMENTS: words.text(
            "Rund uwag bot jeszcze nie prowadzi. Co jest w PU, pokaże pytanie: Pokaż PU naszej sieci."
        ),
        Meaning.REPORT: words.text(
            "Raportów za kwartał bot jeszcze nie składa. Stan na dziś pokaże pytanie „Stan MID-ów na dziś”."
        ),
    }
    return blocks.sentence(words, said[one.asked.question.meaning])


ANSWERS: dict[Meaning, Callable[[Answering], Awaitable[Message]]] = {
    Meaning.WAITING: _waiting,
    Meaning.WHEN: _when,
    Meaning.PREPARE: _prepare,
    Meaning.AGENDA: _agenda,
    Meaning.DEADLINE: _deadline,
    Meaning.MISSING: _missing,
    Meaning.EXPERT: _experts,
    Meaning.GUARDIAN: _guardians,
    Meaning.TEAM: _team,
    Meaning.ARRANGE: _ask_session,
    Meaning.MOVE: _move,
    Meaning.CANCEL: _cancel,
    Meaning.AGREEMENTS: _agreements,
    Meaning.ASK_EXPERT: _ask_session,
    Meaning.WHO_GOES: _who_goes,
    Meaning.REGISTER: _register,
    Meaning.ONLINE: _online,
    Meaning.TEAM_CHANGE: _team_change,
    Meaning.EXPERIENCE: _experience,
    Meaning.SAID: _said,
    Meaning.MATERIALS: _materials,
    Meaning.COMMENT: _comment,
    Meaning.RECOMMEND: _recommend,
    Meaning.ADD_TO_MID: _add_to_mid,
    Meaning.LOG_SESSION: _log_session,
    Meaning.SILENT: _silent,
    Meaning.SESSIONS_COUNT: _session_count,
    Meaning.SHOW_MID: _show_mid,
    Meaning.SHOW_PU: _show_pu,
    Meaning.ASK_COMMENTS: _later,
    Meaning.OWING: _owing,
    Meaning.CHASE: _owing,
    Meaning.SEND_AGENDA: _send_agenda,
    Meaning.PRESENCE: _presence,
    Meaning.SURVEY: _survey,
    Meaning.REPLACED: _team,
    Meaning.NEWS: _news,
    Meaning.FOR_US: _for_us,
    Meaning.POSITION_DUE: _for_us,
    Meaning.LAW: _law,
    Meaning.MID_STATE: _mid_state,
    Meaning.AT_RISK: _at_risk,
    Meaning.COMPARE: _compare,
    Meaning.CATEGORIES: _categories,
    Meaning.PEOPLE_LIST: _presence,
    Meaning.REPORT: _later,
    Meaning.NEW_ACTIVITY: _new_activity,
    Meaning.ANNOUNCE: _announce,
    Meaning.TOPICS: _topics,
    Meaning.ASSIGN: _assign,
    Meaning.MY_DATA: _own_data,
    Meaning.FEWER: _fewer,
    Meaning.HELP: _help,
}
