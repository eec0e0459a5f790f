"""A contribution with the names that a message or a list says of it, read in one go from the present state."""

from collections.abc import Sequence
from dataclasses import dataclass

from pim_bot.programme import ports
from pim_bot.programme.contribution import Contribution
from pim_bot.programme.document import Document


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentName:
    """A document by the names of its network and, for a MID, its city."""

    document: Document
    network: str
    city: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContributionCard:
    """A contribution, where it belongs and who is named in it."""

    contribution: Contribution
    document: DocumentName
    part: str
    author: str
    logged_by: str
    decided_by: str
    people: tuple[str, ...]
    cities: tuple[str, ...]


async def names_of(work: ports.ProgrammeWork, documents: Sequence[Document]) -> list[DocumentName]:
    """Read the names of documents, in their order."""
    found = []
    for document in documents:
        networks = {one.slug: one.name for one in await work.editions.networks(document.edition)}
        cities = {one.slug: one.name for one in await work.editions.cities(document.edition)}
        network = networks.get(document.network, document.network)
        found.append(DocumentName(document=document, network=network, city=cities.get(document.city, document.city)))
    return found


async def contribution_card(work: ports.ProgrammeWork, contribution: Contribution) -> ContributionCard:
    """Read the card of a contribution."""
    return (await contribution_cards(work, [contribution]))[0]


async def contribution_cards(
    work: ports.ProgrammeWork, contributions: Sequence[Contribution]
) -> list[ContributionCard]:
    """Read the cards of contributions, in their order, with as many statements as one card takes."""
    ids = {member_id for one in contributions for member_id in _people_of(one)} - {""}
    names = {one.id: one.name for one in await work.people.many(sorted(ids))} if ids else {}
    documents = await names_of(work, [one.document for one in contributions])
    cards = []
    for one, document in zip(contributions, documents, strict=True):
        parts = {part.slug: part.name for part in await work.editions.parts(one.document.edition)}
        cities = {city.slug: city.name for city in await work.editions.cities(one.document.edition)}
        cards.append(
            ContributionCard(
                contribution=one,
                document=document,
                part=parts.get(one.part, one.part),
                author=names.get(one.author, ""),
                logged_by=names.get(one.logged_by.removeprefix("member:"), ""),
                decided_by=names.get(one.decided_by.removeprefix("member:"), ""),
                people=tuple(names[person] for person in one.people if person in names),
                cities=tuple(cities[city] for city in one.cities if city in cities),
            )
        )
    return cards


def _people_of(contribution: Contribution) -> set[str]:
    actors = (contribution.logged_by, contribution.decided_by)
    members = {one.removeprefix("member:") for one in actors if one.startswith("member:")}
    return members | {contribution.author, *contribution.people}
