"""``/pim mid`` and ``/pim pu``: a document's parts with what was contributed, as the reader may see it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pim_bot.blocks import contributions as blocks
from pim_bot.blocks import lists
from pim_bot.blocks.elements import Message
from pim_bot.errors import Refused
from pim_bot.handlers.door import Door, Visit
from pim_bot.handlers.payloads import Command
from pim_bot.programme.contributing import documents_of
from pim_bot.programme.contribution_card import names_of
from pim_bot.programme.document import Document, DocumentKind
from pim_bot.programme.document_view import document_view
from pim_bot.programme.names import Names, city_names, folded, network_names
from pim_bot.programme.permissions import Action, needs

IMPROVEMENT = "ulepsze"


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentHandlers:
    """The two kinds of documents. ``agenda`` answers ``/pim plan``, which may also mean „plan ulepszeń”."""

    door: Door
    agenda: Callable[[Command], Awaitable[Message | None]]

    @needs(Action.SEE_PROGRAMME)
    async def mid(self, command: Command) -> Message:
        """``/pim mid [city]``: the MID of that city, or of one's own."""
        async with self.door.look(command) as visit:
            edition = (await visit.edition()).slug
            cities = await visit.work.editions.cities(edition)
            return await self._show(visit, command.rest, DocumentKind.MID, city_names(cities), edition)

    @needs(Action.SEE_PROGRAMME)
    async def pu(self, command: Command) -> Message:
        """``/pim pu [network]``: the PU of that network, or of one's own."""
        async with self.door.look(command) as visit:
            return await self._pu(visit, command.rest)

    @needs(Action.SEE_PROGRAMME)
    async def plan(self, command: Command) -> Message | None:
        """``/pim plan`` is the agenda, ``/pim plan ulepszeń [network]`` the PU."""
        first, _, rest = command.rest.strip().partition(" ")
        if not folded(first).startswith(IMPROVEMENT):
            return await self.agenda(command)
        async with self.door.look(command) as visit:
            return await self._pu(visit, rest)

    async def _pu(self, visit: Visit, typed: str) -> Message:
        edition = (await visit.edition()).slug
        networks = await visit.work.editions.networks(edition)
        return await self._show(visit, typed, DocumentKind.PU, network_names(networks), edition)

    async def _show(self, visit: Visit, typed: str, kind: DocumentKind, names: Names, edition: str) -> Message:
        everything = await documents_of(visit.work, edition, visit.member.day_of(visit.now))
        documents = [one for one in everything if one.kind is kind]
        wanted = names.find(typed) if typed.strip() else None
        if typed.strip() and wanted is None:
            near = set(names.nearest(typed))
            return lists.nothing_found(visit.words, typed, await _named(visit, documents, near))
        mine = [one for one in documents if (_slug(one) == wanted if wanted else _is_own(visit, one))]
        if not mine:
            raise Refused(_WHICH_CITY if kind is DocumentKind.MID else _WHICH_NETWORK)
        return blocks.document(visit.words, await document_view(visit.work, visit.actor, mine[0], now=visit.now))


_WHICH_CITY = "Prosimy podać miasto, które ma MID w tej edycji, na przykład: /pim mid Żory"
_WHICH_NETWORK = "Prosimy podać sieć, na przykład: /pim pu Miasto Zielone"


def _slug(document: Document) -> str:
    return document.city or document.network


def _is_own(visit: Visit, document: Document) -> bool:
    """Tell whether the document is of the person's city or network, so that it need not be named."""
    roles = [one for one in visit.member.in_edition(document.edition).roles if one.holds_on(visit.now.date())]
    if document.city:
        return any(one.city == document.city for one in roles)
    return any(one.network == document.network for one in roles)


async def _named(visit: Visit, documents: list[Document], slugs: set[str]) -> list[str]:
    names = await names_of(visit.work, [one for one in documents if _slug(one) in slugs])
    return [one.city or one.network for one in names]
