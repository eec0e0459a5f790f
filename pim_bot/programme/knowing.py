"""Visiting cards and the search for people, who are found by what they offer and by what they are."""

from dataclasses import dataclass, replace
from datetime import datetime

from pim_bot.errors import Refused
from pim_bot.events.catalogue import VisitingCardChanged
from pim_bot.programme import ports
from pim_bot.programme.names import folded, stem
from pim_bot.programme.people import Actor, Member, Role
from pim_bot.programme.permissions import Action, require
from pim_bot.programme.visiting_card import VisitingCard
from pim_bot.programme.words import clean_text

LONGEST = 600
MOST_FOUND = 10
SHORTEST_WORD = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Somebody who was looked for: what they are, and their card if they have one."""

    member: Member
    roles: tuple[Role, ...]
    offer: str = ""


async def keep_card(work: ports.ProgrammeWork, actor: Actor, *, offer: str, shares: bool, now: datetime) -> None:
    """Keep a person's own card; an empty one takes it away. The same again changes nothing. Raises ``Refused``."""
    assert actor.member is not None
    require(actor, Action.SET_PREFERENCES, now=now, owner=actor.member.id)
    said = clean_text(offer)
    if len(said) > LONGEST:
        problem = Refused("Prosimy skrócić do {most} znaków.", most=LONGEST)
        raise Refused("Formularz wymaga poprawek.", fields={"offer": problem})
    if shares and not said:
        problem = Refused("Prosimy wpisać, w czym mogą Państwo pomóc.")
        raise Refused("Formularz wymaga poprawek.", fields={"offer": problem})
    await work.hold(actor.id)
    before = await work.visiting_cards.get(actor.member.id)
    if not said and before is None:
        return
    if not said:
        await work.visiting_cards.take_away(actor.member.id)
    else:
        card = VisitingCard(
            member_id=actor.member.id, offer=said, shares=shares, revision=before.revision if before else 1
        )
        if card == before:
            return
        await work.visiting_cards.save(replace(card, revision=before.revision + 1 if before else 1))
    work.record(VisitingCardChanged(member_id=actor.member.id), actor=actor, at=now)


async def find_people(
    work: ports.ProgrammeWork, actor: Actor, edition: str, typed: str, *, now: datetime
) -> list[Found]:
    """Find people by what they offer and by their part in the programme; every word must be found of them.

    Those who offer what is looked for come first. Raises ``NotAllowed``.
    """
    require(actor, Action.SEE_PROGRAMME, now=now)
    day = now.date()
    wanted = [stem(word) for word in folded(typed).split() if len(word) >= SHORTEST_WORD]
    if not wanted:
        raise Refused("Prosimy wpisać, czego Państwo szukają, na przykład: {command}", command="/pim szukaj łąki")
    places = {one.slug: one.name for one in await work.editions.cities(edition)}
    places |= {one.slug: one.name for one in await work.editions.networks(edition)}
    members = await work.people.everybody(edition, day)
    offers = {one.member_id: one.offer for one in await work.visiting_cards.of([one.id for one in members])}
    found = []
    for member in members:
        roles = tuple(role for role in member.in_edition(edition).roles if role.holds_on(day))
        offer = offers.get(member.id, "")
        known = _words(" ".join([member.name, offer, *_said(roles, places)]))
        if all(any(one.startswith(word) for one in known) for word in wanted):
            found.append(Found(member=member, roles=roles, offer=offer))
    return sorted(found, key=lambda one: (not _offers(one, wanted), folded(one.member.name), one.member.id))[
        :MOST_FOUND
    ]


def _said(roles: tuple[Role, ...], places: dict[str, str]) -> list[str]:
    return [places.get(slug, "") for role in roles for slug in (role.city, role.network)]


def _offers(found: Found, wanted: list[str]) -> bool:
    known = _words(found.offer)
    return any(one.startswith(word) for one in known for word in wanted)


def _words(text: str) -> set[str]:
    """Tell the words of a text of any length, as they are compared."""
    return {stem(word) for part in text.split() for word in folded(part).split()}


async def sharing(work: ports.ProgrammeWork, members: list[Member]) -> list[tuple[Member, VisitingCard]]:
    """Tell, of these members, those who agreed that others get their contact."""
    cards = {one.member_id: one for one in await work.visiting_cards.of([one.id for one in members]) if one.shares}
    return [(one, cards[one.id]) for one in members if one.id in cards and not one.is_restricted]
