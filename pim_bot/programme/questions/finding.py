"""What can be found out about a question, by somebody who may know it; every list takes a constant few statements."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pim_bot.programme import ports
from pim_bot.programme.activity import ActivityStatus
from pim_bot.programme.assignment import AssignmentStatus
from pim_bot.programme.card import ActivityCard, cards_of
from pim_bot.programme.circles import may_read
from pim_bot.programme.contribution import Contribution, ContributionStatus, ContributionType
from pim_bot.programme.document import DocumentKind
from pim_bot.programme.edition import ActivityKind, City, Institution, Network
from pim_bot.programme.names import folded
from pim_bot.programme.people import Actor, Member, RoleName
from pim_bot.programme.permissions import Action, Place, can
from pim_bot.programme.ports import EditionInForce
from pim_bot.programme.questions.question import Question
from pim_bot.programme.questions.understanding import KINDS, is_about, stems_of
from pim_bot.programme.session import Tally

AHEAD = BACK = timedelta(days=365)
MOST_SESSIONS = 200
KEPT = (ContributionStatus.PROPOSED, ContributionStatus.ACCEPTED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question with who asks, and when. ``edition`` is the one in force; without a member everybody asks."""

    question: Question
    edition: EditionInForce
    now: datetime
    member: Member | None = None

    @property
    def actor(self) -> Actor:
        """Whoever asks, as the one who may or may not know."""
        return Actor(door="chat", member=self.member)

    @property
    def day(self) -> date:
        """Which day it is for whoever asks."""
        return self.member.day_of(self.now) if self.member else self.now.date()

    @property
    def own_cities(self) -> tuple[str, ...]:
        """The cities in whose teams the person is."""
        return self._of_roles("city", RoleName.OFFICIAL)

    @property
    def own_networks(self) -> tuple[str, ...]:
        """The networks in which the person has a role."""
        return self._of_roles("network")

    def _of_roles(self, name: str, *roles: RoleName) -> tuple[str, ...]:
        held = self.member.in_edition(self.edition.slug).roles if self.member else ()
        mine = [role for role in held if role.holds_on(self.day) and (not roles or role.name in roles)]
        return tuple(dict.fromkeys(getattr(role, name) for role in mine if getattr(role, name)))

    def may(self, action: Action, place: Place) -> bool:
        """Tell whether whoever asks has a right there."""
        return self.member is not None and can(self.actor, action, place, day=self.day)


async def activities_meant(
    work: ports.ProgrammeWork, asked: Asked, *, past: bool = False, of_kind: str = ""
) -> list[ActivityCard]:
    """Tell the activities that a question means, by start, the latest first among those that are over.

    Where it names nothing, those of the person's own networks. Everybody may know what is in the public calendars.
    """
    question = asked.question
    narrowed = bool(question.networks or question.cities or question.words)
    networks = question.networks or (() if narrowed else asked.own_networks)
    since, until = _between(asked, past=past)
    found = await work.activities.between(asked.edition.slug, since, until, networks=networks or None)
    cards = await cards_of(work, [one for one in found if _is_meant(one.status, past=past)])
    cities = {one.slug: one for one in await work.editions.cities(asked.edition.slug)}
    cities |= await _other_cities(work, asked, cities)
    kind = of_kind or question.kind
    meant = [card for card in cards if _may_know(asked, card) and _is_of_kind(card, kind)]
    meant = [card for card in meant if _is_where(card, question, cities)]
    return meant[::-1] if past else meant


def _between(asked: Asked, *, past: bool) -> tuple[datetime, datetime]:
    first, last = asked.question.first, asked.question.last
    zone = ZoneInfo(asked.edition.zone)
    if first and last:
        since = datetime.combine(first, time(), zone).astimezone(UTC)
        return since, datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
    return (asked.now - BACK, asked.now) if past else (asked.now, asked.now + AHEAD)


def _is_meant(status: ActivityStatus, *, past: bool) -> bool:
    return status is not ActivityStatus.CANCELLED and (past or status is ActivityStatus.SCHEDULED)


def _may_know(asked: Asked, card: ActivityCard) -> bool:
    if asked.member is None:
        return not card.kind.scope.is_of_one_city
    return asked.may(Action.SEE_ACTIVITY, card.place)


def _is_of_kind(card: ActivityCard, kind: str) -> bool:
    named = any(word.startswith(KINDS[kind]) for word in folded(card.activity.title).split()) if kind else True
    return named or is_kind(card.kind, kind)


def is_kind(kind: ActivityKind, sort: str) -> bool:
    """Tell whether a kind of activity is of the sort that was spoken of."""
    return any(word.startswith(KINDS[sort]) for word in folded(f"{kind.slug} {kind.name}").split())


def _is_where(card: ActivityCard, question: Question, cities: Mapping[str, City]) -> bool:
    """Tell whether an activity is in the cities, or about the words, that a question names."""
    activity = card.activity
    said = " ".join([activity.title, activity.place, *(one.name for one in card.cities)])
    if not is_about(f"{said} {activity.description}", stems_of(question.words)):
        return False
    wanted = [cities[slug] for slug in question.cities if slug in cities]
    if card.kind.scope.is_of_one_city:
        return not wanted or any(one.slug in activity.cities for one in wanted)
    return not wanted or any(one.slug in activity.cities or _is_named(one, said) for one in wanted)


def _is_named(city: City, said: str) -> bool:
    return any(is_about(said, [folded(name)]) for name in (city.name, city.locative, city.genitive) if name)


async def _other_cities(work: ports.ProgrammeWork, asked: Asked, known: Mapping[str, City]) -> dict[str, City]:
    """Tell the cities of other editions that a question names: a host need not take part."""
    if all(slug in known for slug in asked.question.cities):
        return {}
    editions = [one.slug for one in await work.editions.known() if one.slug != asked.edition.slug]
    return {city.slug: city for one in editions for city in await work.editions.cities(one) if city.slug not in known}


@dataclass(frozen=True, kw_only=True, slots=True)
class CityState:
    """What may be told of a city's work, by the numbers; never a word of it."""

    city: City
    network: Network
    filled: int
    parts: int
    waiting: int
    sessions: int
    minutes: int
    last_day: date | None


async def city_states(work: ports.ProgrammeWork, asked: Asked) -> list[CityState]:
    """Tell the state of every city of which the person may know that advice takes place (DESIGN: private advice)."""
    edition = asked.edition.slug
    networks = {one.slug: one for one in await work.editions.networks(edition)}
    cities = {one.slug: one for one in await work.editions.cities(edition)}
    parts = [one.slug for one in await work.editions.parts(edition) if one.document == DocumentKind.MID]
    places = await work.editions.cities_of(edition, list(networks), asked.day)
    known = [
        (network, city)
        for network, city in places
        if asked.may(Action.SEE_SESSION, Place(edition=edition, networks=(network,), city=city))
    ]
    tallies = await work.sessions.tally(edition)
    found: dict[str, list[Contribution]] = {}
    for one in await work.contributions.of_editions([edition]):
        if one.document.kind is DocumentKind.MID and not one.is_withheld and one.status in KEPT:
            found.setdefault(one.document.city, []).append(one)
    return [
        _state(cities[city], networks[network], found.get(city, ()), parts, tallies)
        for network, city in known
        if city in cities
    ]


def _state(
    city: City,
    network: Network,
    found: Sequence[Contribution],
    parts: Sequence[str],
    tallies: Mapping[str, Tally],
) -> CityState:
    accepted = {one.part for one in found if one.status is ContributionStatus.ACCEPTED}
    tally = tallies.get(city.slug)
    days = [one.logged_at.date() for one in found] + ([tally.last] if tally else [])
    return CityState(
        city=city,
        network=network,
        filled=len(accepted & set(parts)),
        parts=len(parts),
        waiting=sum(one.status is ContributionStatus.PROPOSED for one in found),
        sessions=tally.count if tally else 0,
        minutes=tally.minutes if tally else 0,
        last_day=max(days, default=None),
    )


async def people_serving(
    work: ports.ProgrammeWork, asked: Asked, cities: Sequence[str], networks: Sequence[str]
) -> dict[str, list[str]]:
    """Tell, by the name of the place, the experts who serve these cities or networks today."""
    edition, day = asked.edition.slug, asked.day
    for city in cities:
        networks = [*networks, *await work.editions.city_networks(edition, city, day)]
    experts = {one.id: one for one in await work.people.experts(edition, day)}
    served: dict[str, list[str]] = {}
    for slug, place in (await _place_names(work, edition)).items():
        if slug in cities or slug in networks:
            served[place] = [one.name for one in experts.values() if _serves(one, edition, slug, day)]
    assigned = [
        one
        for one in await work.assignments.of_edition(edition)
        if one.status is AssignmentStatus.ACCEPTED and one.since <= day <= one.until
    ]
    names = {one.id: one.name for one in await work.people.many([one.member_id for one in assigned])}
    places = await _place_names(work, edition)
    for one in assigned:
        place = places.get(one.city or one.network, "")
        if place in served and names.get(one.member_id) not in (None, *served[place]):
            served[place].append(names[one.member_id])
    return {place: sorted(found) for place, found in served.items() if found}


def _serves(member: Member, edition: str, place: str, day: date) -> bool:
    roles = member.in_edition(edition).roles
    return any(
        one.name is RoleName.EXPERT and one.holds_on(day) and (one.city or one.network) == place for one in roles
    )


async def _place_names(work: ports.ProgrammeWork, edition: str) -> dict[str, str]:
    names = {one.slug: one.name for one in await work.editions.networks(edition)}
    return names | {one.slug: one.name for one in await work.editions.cities(edition)}


async def guardians_of(work: ports.ProgrammeWork, asked: Asked, networks: Sequence[str]) -> list[tuple[str, str, str]]:
    """Tell (network, guardian, side) of these networks; of all where none is given."""
    edition = asked.edition.slug
    known = {one.slug: one.name for one in await work.editions.networks(edition)}
    wanted = [slug for slug in known if slug in networks] or list(known)
    members = await work.people.in_networks(edition, wanted, asked.day)
    return sorted(
        (known[role.network], one.name, role.side)
        for one in members
        for role in one.in_edition(edition).roles
        if role.name is RoleName.GUARDIAN and role.holds_on(asked.day) and role.network in wanted
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """Somewhere that something was done or said: whose it is, in which edition, and the words that tell it."""

    who: str
    edition: str
    text: str


async def experience_with(work: ports.ProgrammeWork, asked: Asked) -> list[Trace]:
    """Look in all editions for who did something: topics of MIDs, recommendations, contributions that may be read."""
    stems = stems_of(asked.question.words)
    editions = {one.slug: one for one in await work.editions.known()}
    traces: list[Trace] = []
    contributed = await work.contributions.of_editions(list(editions))
    for slug, edition in editions.items():
        cities = {one.slug: one.name for one in await work.editions.cities(slug)}
        networks = {one.slug: one.name for one in await work.editions.networks(slug)}
        traces += [
            Trace(who=cities.get(one.city, one.city), edition=edition.name, text=one.mid)
            for _, one in await work.editions.memberships(slug)
            if one.mid and is_about(f"{one.mid} {one.note}", stems)
        ]
        traces += [
            Trace(who=networks.get(one.network, one.network), edition=edition.name, text=one.text)
            for one in await work.editions.recommendations(slug)
            if is_about(f"{one.text} {one.text_en}", stems)
        ]
        traces += [
            Trace(who=network.name, edition=edition.name, text=topic)
            for network in await work.editions.networks(slug)
            for topic in network.topics
            if is_about(topic, stems)
        ]
        mine = [one for one in contributed if one.document.edition == slug]
        traces += [
            Trace(who=_whose(one, cities, networks), edition=edition.name, text=one.text)
            for one in mine
            if _is_told(asked, one) and is_about(f"{one.text} {one.justification}", stems)
        ]
    return list(dict.fromkeys(traces))


def _is_told(asked: Asked, one: Contribution) -> bool:
    return one.status in KEPT and asked.member is not None and may_read(asked.member, one, asked.day)


def _whose(one: Contribution, cities: Mapping[str, str], networks: Mapping[str, str]) -> str:
    named = [cities[slug] for slug in (*one.cities, one.document.city) if slug in cities]
    return ", ".join(dict.fromkeys(named)) or networks.get(one.document.network, one.document.network)


async def said_about(work: ports.ProgrammeWork, asked: Asked) -> list[Trace]:
    """Look in this edition for what cities said of something: contributions and sessions that the person may read."""
    stems = stems_of(asked.question.words)
    edition = asked.edition
    cities = {one.slug: one.name for one in await work.editions.cities(edition.slug)}
    networks = {one.slug: one.name for one in await work.editions.networks(edition.slug)}
    traces = [
        Trace(who=_whose(one, cities, networks), edition=edition.name, text=one.text)
        for one in await work.contributions.of_editions([edition.slug])
        if _is_told(asked, one) and is_about(f"{one.text} {one.justification}", stems)
    ]
    for session in await work.sessions.latest(edition.slug, list(cities), MOST_SESSIONS):
        for told in session.cities:
            text = " ".join(part for part in (session.topic, told.agreed, told.next_step) if part)
            if asked.may(Action.READ_SESSION, session.place_of(told)) and is_about(text, stems):
                traces.append(Trace(who=cities.get(told.city, told.city), edition=edition.name, text=text))
    return traces


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """A recommendation of a PU, finished or in the making, as whoever asks may read it."""

    network: str
    part: str
    addressee: str
    text: str


async def recommendations_of(work: ports.ProgrammeWork, asked: Asked) -> list[Advice]:
    """Tell the recommendations of this edition that the person may read, in the networks that are asked about."""
    edition, wanted = asked.edition.slug, asked.question.networks
    networks = {one.slug: one.name for one in await work.editions.networks(edition)}
    parts = {one.slug: one.name for one in await work.editions.parts(edition) if one.document == DocumentKind.PU}
    told = [
        (one.network, one.part, one.addressee, one.text)
        for one in await work.editions.recommendations(edition)
        if not wanted or one.network in wanted
    ]
    told += [
        (one.document.network, one.part, one.addressee, one.text)
        for one in await work.contributions.of_editions([edition])
        if one.document.kind is DocumentKind.PU
        and one.type is ContributionType.RECOMMENDATION
        and _is_told(asked, one)
        and (not wanted or one.document.network in wanted)
    ]
    return [
        Advice(network=networks.get(network, network), part=parts.get(part, part), addressee=to, text=text)
        for network, part, to, text in told
    ]


async def own_bodies(work: ports.ProgrammeWork, asked: Asked) -> list[str]:
    """Tell what the person's own institutions are called, today and before, in words to look for."""
    roles = asked.member.in_edition(asked.edition.slug).roles if asked.member else ()
    mine = {one.institution for one in roles if one.institution and one.holds_on(asked.day)}
    known = [one for one in await work.editions.institutions(asked.edition.slug) if one.slug in mine]
    return [name for one in known for name in _called(one)]


def _called(one: Institution) -> Iterable[str]:
    for name in one.names:
        yield from (said for said in (name.name, name.abbreviation) if said)


def is_addressed(advice: Advice, bodies: Sequence[str]) -> bool:
    """Tell whether a recommendation is addressed to one of these bodies."""
    return bool(advice.addressee) and any(is_about(advice.addressee, stems_of(body.split())) for body in bodies)


async def changed_since(
    work: ports.ProgrammeWork, asked: Asked, since: date
) -> tuple[list[ActivityCard], Counter[str]]:
    """Tell the activities that were planned or changed since a day, and how many contributions came to each network."""
    edition, question = asked.edition.slug, asked.question
    networks = question.networks or asked.own_networks
    known = {one.slug: one.name for one in await work.editions.networks(edition)}
    start = datetime.combine(since, time(), ZoneInfo(asked.edition.zone)).astimezone(UTC)
    found = await work.activities.between(edition, start, asked.now + AHEAD, networks=networks or None)
    cards = await cards_of(work, [one for one in found if start <= one.changed_at <= asked.now])
    added = Counter(
        known.get(one.document.network, one.document.network)
        for one in await work.contributions.of_editions([edition])
        if one.logged_at >= start and _is_told(asked, one) and (not networks or one.document.network in networks)
    )
    return [card for card in cards if _may_know(asked, card)], added
