"""What somebody needs who takes over in a network or a city: documents, last agreements, next dates, people."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pim_bot.programme import ports
from pim_bot.programme.card import ActivityCard, cards_of
from pim_bot.programme.contribution import Circle, Contribution, ContributionStatus, ContributionType
from pim_bot.programme.document import Document, DocumentKind, mid_of, pu_of
from pim_bot.programme.people import Actor, Member, RoleName
from pim_bot.programme.permissions import Action, Place, can

AHEAD = timedelta(days=120)
MOST_DATES, MOST_AGREEMENTS, MOST_PEOPLE = 5, 5, 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Handover:
    """What there is to know of a place; ``people`` are (name, what they are). ``before`` is whose work goes on."""

    network: str
    city: str
    place: str
    documents: tuple[tuple[Document, Mapping[ContributionStatus, int]], ...]
    agreements: tuple[Contribution, ...]
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
    readable = [one for found in kept.values() for one in found if _may_read(reader, one, day)]
    agreements = [one for one in readable if one.type is ContributionType.AGREEMENT]
    return Handover(
        network=network,
        city=city,
        place=await _named(work, edition, network, city),
        documents=tuple((one, Counter(each.status for each in found)) for one, found in kept.items()),
        agreements=tuple(sorted(agreements, key=lambda one: one.logged_at, reverse=True)[:MOST_AGREEMENTS]),
        coming=await _coming(work, reader, edition, network, city, now),
        people=await _people(work, reader, edition, network, city, day),
        before=before,
    )


def _may_read(reader: Member, contribution: Contribution, day: date) -> bool:
    """Let in on what is between a city and its World Bank experts only them; nothing returned or withdrawn is told."""
    if contribution.status not in (ContributionStatus.PROPOSED, ContributionStatus.ACCEPTED):
        return False
    document = contribution.document
    if contribution.circle is not Circle.CITY:
        return True
    place = Place(edition=document.edition, networks=(document.network,), city=document.city)
    is_mid = document.kind is DocumentKind.MID
    return is_mid and can(Actor(door="chat", member=reader), Action.LOG_CONTRIBUTION, place, day=day)


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
