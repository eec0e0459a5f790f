"""Logging a contribution to a MID or a PU: one act, one event; the same source is never counted twice.

A MID belongs to its city, a PU is written by the network's World Bank experts (presentation of MFiPR and the World
Bank, „Formy współpracy i podział ról”).
"""

from dataclasses import fields, replace
from datetime import date, datetime

from pim_bot.clock import new_id
from pim_bot.errors import Refused
from pim_bot.events.catalogue import ContributionAccepted, ContributionLogged
from pim_bot.programme import ports
from pim_bot.programme.circles import place_of
from pim_bot.programme.contribution import (
    Consent,
    Contribution,
    ContributionDraft,
    ContributionStatus,
    MarkedMessage,
    Source,
    SourceMessage,
)
from pim_bot.programme.document import Document, DocumentKind, mid_of, pu_of
from pim_bot.programme.people import Actor
from pim_bot.programme.permissions import Action, can, require
from pim_bot.programme.words import clean_line, clean_text

LONGEST_TEXT = 3000
LONGEST_LINE = 300


async def documents_of(work: ports.ProgrammeWork, edition: str, day: date) -> list[Document]:
    """Tell every document of an edition: the PU of each network, and the MID of each of its participants."""
    documents: list[Document] = []
    for network in await work.editions.networks(edition):
        cities = sorted(city for _, city in await work.editions.cities_of(edition, [network.slug], day))
        documents += [*(mid_of(edition, network.slug, city) for city in cities), pu_of(edition, network.slug)]
    return documents


async def documents_for(
    work: ports.ProgrammeWork, actor: Actor, action: Action, edition: str, *, now: datetime
) -> list[Document]:
    """Tell the documents on which the actor has this right; those of their own city and network stand first."""
    day = actor.member.day_of(now) if actor.member else now.date()
    return [one for one in await documents_of(work, edition, day) if can(actor, action, place_of(one), day=day)]


async def log_message(
    work: ports.ProgrammeWork, actor: Actor, draft: ContributionDraft, message: SourceMessage, *, now: datetime
) -> Contribution:
    """Keep what somebody said in the chat; of a private message its author is asked first.

    Raises ``Refused`` where the author of a private message cannot be asked.
    """
    mine = message.by_bot or not message.author_user
    writer = None if mine else await work.people.by_chat_user(message.author_team, message.author_user)
    author = actor.member if mine else writer
    asked = message.is_private and author != actor.member
    if asked and (author is None or author.is_restricted):
        raise Refused(
            "To wiadomość z prywatnej rozmowy, a jej autora ani autorki nie możemy zapytać o zgodę. "
            "Prosimy wpisać treść własnymi słowami poleceniem /pim dodaj."
        )
    draft = replace(
        draft,
        source=Source.MESSAGE,
        source_key=message.key,
        source_link=message.link,
        consent=Consent.ASKED if asked else Consent.NOT_NEEDED,
        consent_from=f"{message.author_team}/{message.author_user}" if asked else "",
    )
    shown = author.id if author is not None and not author.is_restricted else ""
    return await log_contribution(work, actor, draft, author=shown, now=now)


async def log_contribution(
    work: ports.ProgrammeWork, actor: Actor, draft: ContributionDraft, *, author: str, now: datetime
) -> Contribution:
    """Keep a contribution; what was logged from the same source before is given back as it is.

    What the document's owner adds is taken in at once: nobody else is to be asked.

    Raises ``NotAllowed``, or ``Refused`` whose ``fields`` names every field to be corrected.
    """
    document = draft.document
    require(
        actor,
        Action.LOG_CONTRIBUTION,
        now=now,
        edition=document.edition,
        network=document.network,
        city=document.city,
    )
    await work.hold(f"contributions:{draft.source_key or document.key}", changes=False)
    if draft.source_key and (known := await work.contributions.by_source(draft.source_key)):
        return known
    draft = _cleaned(draft)
    if problems := await _problems(work, draft):
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    contribution = Contribution(
        **{field.name: getattr(draft, field.name) for field in fields(ContributionDraft)},
        id=new_id(),
        author=author,
        logged_by=actor.id,
        logged_at=now,
    )
    if not contribution.is_withheld and owns_document(actor, document, now=now):
        contribution = replace(contribution, status=ContributionStatus.ACCEPTED, decided_by=actor.id, decided_at=now)
    await work.contributions.add(contribution)
    work.record(ContributionLogged(contribution_id=contribution.id, revision=1), actor=actor, at=now)
    if contribution.status is ContributionStatus.ACCEPTED:
        work.record(ContributionAccepted(contribution_id=contribution.id, revision=1), actor=actor, at=now)
    return contribution


async def mark_message(
    work: ports.ProgrammeWork, actor: Actor, edition: str, message: MarkedMessage, *, now: datetime
) -> bool:
    """Note that the actor wants to add a message, whose words are read after this; tells False when that waits already.

    Raises ``NotAllowed`` for somebody who can add to no document.
    """
    if not await documents_for(work, actor, Action.LOG_CONTRIBUTION, edition, now=now):
        require(actor, Action.LOG_CONTRIBUTION, now=now, edition=edition)
    is_new = await work.marked.mark(message)
    if is_new:
        work.act("MessageMarked", f"member:{message.member_id}", actor=actor, at=now)
    return is_new


def owns_document(actor: Actor, document: Document, *, now: datetime) -> bool:
    """Tell whether the actor is a person who decides what comes into the document."""
    if actor.member is None:
        return False
    return can(actor, Action.DECIDE_CONTRIBUTION, place_of(document), day=actor.member.day_of(now))


def _cleaned(draft: ContributionDraft) -> ContributionDraft:
    return replace(
        draft,
        text=clean_text(draft.text),
        justification=clean_text(draft.justification),
        addressee=clean_line(draft.addressee),
        link=clean_line(draft.link),
        people=tuple(dict.fromkeys(draft.people)),
        cities=tuple(dict.fromkeys(draft.cities)),
    )


async def _problems(work: ports.ProgrammeWork, draft: ContributionDraft) -> dict[str, Refused]:
    problems: dict[str, Refused] = {}
    if not await _is_known(work, draft.document):
        problems["document"] = Refused("Nie ma takiego dokumentu. Prosimy wybrać z listy.")
    parts = await work.editions.parts(draft.document.edition)
    if draft.part not in {one.slug for one in parts if one.document == draft.document.kind}:
        problems["part"] = Refused("Prosimy wybrać część dokumentu.")
    if not draft.text:
        problems["text"] = Refused("Prosimy wpisać treść.")
    for name, most in (("text", LONGEST_TEXT), ("justification", LONGEST_TEXT), ("addressee", LONGEST_LINE)):
        length = len(getattr(draft, name))
        if length > most:
            problems[name] = Refused(
                "Ten tekst ma {length} znaków, a zmieści się najwyżej {most}. Prosimy go skrócić.",
                length=length,
                most=most,
            )
    return problems | await _credit_problems(work, draft)


async def _credit_problems(work: ports.ProgrammeWork, draft: ContributionDraft) -> dict[str, Refused]:
    problems: dict[str, Refused] = {}
    if draft.people and len(await work.people.many(draft.people)) != len(draft.people):
        problems["credited"] = Refused("Nie ma już takiej osoby w programie. Prosimy wybrać z listy.")
    if set(draft.cities) - {city.slug for city in await work.editions.cities(draft.document.edition)}:
        problems["cities"] = Refused("Nie ma takiego miasta. Prosimy wybrać z listy.")
    return problems


async def _is_known(work: ports.ProgrammeWork, document: Document) -> bool:
    networks = {network.slug for network in await work.editions.networks(document.edition)}
    if document.network not in networks:
        return False
    if document.kind is DocumentKind.PU:
        return not document.city
    return document.city in {city.slug for city in await work.editions.cities(document.edition)}
