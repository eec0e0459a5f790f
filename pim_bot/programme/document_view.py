"""A document as one reader may see it, read in one go from the present state."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pim_bot.programme import ports
from pim_bot.programme.circles import may_know_of, may_read, place_of
from pim_bot.programme.contributing import owns_document
from pim_bot.programme.contribution_card import ContributionCard, DocumentName, contribution_cards, names_of
from pim_bot.programme.document import Document
from pim_bot.programme.edition import DocumentPart
from pim_bot.programme.people import Actor
from pim_bot.programme.permissions import Action, can


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentView:
    """A document as one reader may see it: by part, what they may read, and of how much they may only know."""

    name: DocumentName
    parts: Sequence[DocumentPart]
    read: Mapping[str, Sequence[ContributionCard]]
    known: Mapping[str, int]
    contributes: bool
    waiting: int


async def document_view(work: ports.ProgrammeWork, reader: Actor, document: Document, *, now: datetime) -> DocumentView:
    """Read what is in a document: the words of what the reader may read, of the rest that it is there."""
    assert reader.member is not None
    day = reader.member.day_of(now)
    found = await work.contributions.of_document(document)
    readable = [one for one in found if may_read(reader.member, one, day)]
    known = Counter(one.part for one in found if one not in readable and may_know_of(reader.member, one, day))
    read: dict[str, list[ContributionCard]] = {}
    for card in await contribution_cards(work, readable):
        read.setdefault(card.contribution.part, []).append(card)
    parts = await work.editions.parts(document.edition)
    return DocumentView(
        name=(await names_of(work, [document]))[0],
        parts=[one for one in parts if one.document == document.kind],
        read=read,
        known=known,
        contributes=can(reader, Action.LOG_CONTRIBUTION, place_of(document), day=day),
        waiting=sum(one.is_open for one in found) if owns_document(reader, document, now=now) else 0,
    )
