"""Logging a contribution to a MID or a PU: one act, one event; the same source is never counted twice.

A MID belongs to its city, a PU is written by the network's World Bank experts (presentation of MFiPR and the World
Bank, „Formy współpracy i podział ról”).
"""

from dataclasses import fields, replace
from datetime import datetime

from pim_bot.clock import new_id
from pim_bot.errors import Refused
from pim_bot.events.catalogue import ContributionLogged
from pim_bot.programme import ports
from pim_bot.programme.contribution import Contribution, ContributionDraft
from pim_bot.programme.document import Document, DocumentKind
from pim_bot.programme.people import Actor
from pim_bot.programme.permissions import Action, require
from pim_bot.programme.words import clean_line, clean_text

LONGEST_TEXT = 3000
LONGEST_LINE = 300


async def log_contribution(
    work: ports.ProgrammeWork, actor: Actor, draft: ContributionDraft, *, author: str, now: datetime
) -> Contribution:
    """Keep a contribution; what was logged from the same source before is given back as it is.

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
    await work.contributions.add(contribution)
    work.record(
        ContributionLogged(contribution_id=contribution.id, revision=contribution.revision), actor=actor, at=now
    )
    return contribution


def _cleaned(draft: ContributionDraft) -> ContributionDraft:
    return replace(
        draft,
        text=clean_text(draft.text),
        justification=clean_text(draft.justification),
        addressee=clean_line(draft.addressee),
        link=clean_line(draft.link),
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
    return problems


async def _is_known(work: ports.ProgrammeWork, document: Document) -> bool:
    networks = {network.slug for network in await work.editions.networks(document.edition)}
    if document.network not in networks:
        return False
    if document.kind is DocumentKind.PU:
        return not document.city
    return document.city in {city.slug for city in await work.editions.cities(document.edition)}
