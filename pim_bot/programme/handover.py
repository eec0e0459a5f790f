"""What somebody needs who takes over in a network or a city: documents, last agreements, next dates, people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pim_bot.programme import ports
from pim_bot.programme.advising import may_read as may_read_session
from pim_bot.programme.card import ActivityCard, cards_of
from pim_bot.programme.circles import may_read
from pim_bot.programme.contribution import Contribution, ContributionStatus, ContributionType
from pim_bot.programme.document import Document, mid_of, pu_of
from pim_bot.programme.people import Actor, Member, RoleName
from pim_bot.programme.permissions import Action, can

AHEAD = timedelta(days=120)
MOST_DATES, MOST_AGREEMENTS, MOST_PEOPLE = 5, 5, 12


CURRENT = (ContributionStatus.PROPOSED, ContributionStatus.ACCEPTED)
"""What was returned or withdrawn is not handed over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """What was agreed on a day, in a document or in an advisory session."""

    day: date
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Handover:
    """What there is to know of a place; ``people`` are (name, what they are). ``before`` is whose work goes on."""

    network: str
    city: str
    place: str
    documents: tuple[tuple[Document, Mapping[ContributionStatus, int]], ...]
    agreements: tuple[Agreement, ...]
    coming: tuple[ActivityCard, ...]
    people: tuple[tuple[str, RoleName], ...]
    before: str = ""


async def hand_over(
    work: ports.ProgrammeWork, reader: Member, edition: str, *, network: str, city: str, before: str = "", now: datetime
) -> Handover:
    """Read the summary of a place for somebody; nothing in it that they may not read."""
    day = reader.day_of(now)
    network = network or next(iter(await work.editions.city_networks(edition, city, day)), "")
    documents = [pu_of(edition, network)] if network else []
    documents += [mid_of(edition, network, city)] if network and city else []
    kept = {document: await work.contributions.of_document(document) for document in documents}
    added = [one for found in kept.values() for one in found]
    cities = [city] if city else [one for _, one in await work.editions.cities_of(edition, [network], day)]
    return Handover(
        network=network,
        city=city,
        place=await _named(work, edition, network, city),
        documents=tuple((one, Counter(each.status for each in found)) for one, found in kept.items()),
        agreements=await _agreements(work, reader, edition, added, cities, now),
        coming=await _coming(work, reader, edition, network, city, now),
        people=await _people(work, reader, edition, network, city, day),
        before=before,
    )


async def _agreements(
    work: ports.ProgrammeWork,
    reader: Member,
    edition: str,
    contributions: Sequence[Contribution],
    cities: Sequence[str],
    now: datetime,
) -> tuple[Agreement, ...]:
    """Tell what was agreed last: in the documents, and in advisory sessions with these cities."""
    actor, day = Actor(door="chat", member=reader), reader.day_of(now)
    found = [
        Agreement(day=reader.day_of(one.logged_at), text=one.text)
        for one in contributions
        if one.type is ContributionType.AGREEMENT and one.status in CURRENT and may_read(reader, one, day)
    ]
    for session in await work.sessions.latest(edition, cities, MOST_AGREEMENTS) if cities else []:
        found += [
            Agreement(day=session.day, text="; ".join(filter(None, [words.agreed, words.next_step])))
            for words in session.cities
            if words.city in cities and words.has_agreements and may_read_session(actor, session, words, day)
        ]
    return tuple(sorted(found, key=lambda one: one.day, reverse=True)[:MOST_AGREEMENTS])


async def _coming(
    work: ports.ProgrammeWork, reader: Member, edition: str, network: str, city: str, now: datetime
) -> tuple[ActivityCard, ...]:
    networks = [network] if network else []
    found = await work.activities.between(edition, now, now + AHEAD, networks=networks)
    actor, day = Actor(door="chat", member=reader), reader.day_of(now)
    cards = [
        card
        for card in await cards_of(work, [one for one in found if one.is_open])
        if can(actor, Action.SEE_ACTIVITY, card.place, day=day)
        and (not card.kind.scope.is_of_one_city or not city or city in card.activity.cities)
    ]
    return tuple(cards[:MOST_DATES])


async def _people(
    work: ports.ProgrammeWork, reader: Member, edition: str, network: str, city: str, day: date
) -> tuple[tuple[str, RoleName], ...]:
    """Tell whom to turn to: guardians, experts and the ministry's people of the network, and the city's team."""
    known = [
        (one, _role_in(one, edition, network, day)) for one in await work.people.in_networks(edition, [network], day)
    ]
    teams = await work.people.teams(edition, [network], day) if city else []
    known += [(one, RoleName.OFFICIAL) for team in teams if team.city == city for one in team.members]
    told = dict.fromkeys((one.name, role) for one, role in known if one.id != reader.id)
    return tuple(told)[:MOST_PEOPLE]


def _role_in(member: Member, edition: str, network: str, day: date) -> RoleName:
    held = [role for role in member.in_edition(edition).roles if role.holds_on(day)]
    mine = [role.name for role in held if role.network == network and role.name is not RoleName.OFFICIAL]
    return next(iter(mine), RoleName.EXPERT)


async def _named(work: ports.ProgrammeWork, edition: str, network: str, city: str) -> str:
    networks = {one.slug: one.name for one in await work.editions.networks(edition)}
    cities = {one.slug: one.name for one in await work.editions.cities(edition)}
    return ", ".join(name for name in (cities.get(city, ""), networks.get(network, "")) if name)
