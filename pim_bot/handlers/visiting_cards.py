"""``/pim wizytówka`` and ``/pim szukaj``: what people offer to help with, and finding them."""

from dataclasses import dataclass

from pim_bot.blocks import visiting_cards as blocks
from pim_bot.blocks.elements import Message
from pim_bot.blocks.forms import done_view
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import Door, Screens
from pim_bot.handlers.payloads import Click, Command, Request, Submission
from pim_bot.programme.knowing import find_people, keep_card
from pim_bot.programme.permissions import Action, needs, require


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitingCardHandlers:
    """One's own card, and the search over all."""

    door: Door
    screens: Screens

    @needs(Action.SET_PREFERENCES)
    async def open_by_command(self, command: Command) -> Message | None:
        """``/pim wizytówka``: open one's own card."""
        await self._open(command)
        return None

    @needs(Action.SET_PREFERENCES)
    async def open(self, click: Click) -> None:
        """„Moja wizytówka”: open it."""
        await self._open(click)

    async def _open(self, request: Request) -> None:
        async with self.door.look(request) as visit:
            require(visit.actor, Action.SET_PREFERENCES, now=visit.now, owner=visit.member.id)
            card = await visit.work.visiting_cards.get(visit.member.id)
            view = blocks.card_form(visit.words, card)
        await self.screens.open(request.trigger_id, view)

    @needs(Action.SET_PREFERENCES)
    async def save(self, submission: Submission) -> Answer:
        """Keep the card."""
        async with self.door.act(submission) as visit:
            offer, shares = str(submission.typed.get("offer") or ""), bool(submission.typed.get(blocks.SHARES))
            await keep_card(visit.work, visit.actor, offer=offer, shares=shares, now=visit.now)
            words = visit.words
            said = words.text("Zapisane. Wizytówkę można w każdej chwili zmienić albo usunąć.")
            return {"response_action": "update", "view": done_view(words, words.text("Wizytówka"), said)}

    @needs(Action.SEE_PROGRAMME)
    async def search(self, command: Command) -> Message:
        """``/pim szukaj łąki``: find people by what they offer and by their part in the programme."""
        async with self.door.look(command) as visit:
            edition = await visit.edition()
            found = await find_people(visit.work, visit.actor, edition.slug, command.rest, now=visit.now)
            places = {one.slug: one.name for one in await visit.work.editions.cities(edition.slug)}
            places |= {one.slug: one.name for one in await visit.work.editions.networks(edition.slug)}
            return blocks.found_people(visit.words, command.rest, found, places)
