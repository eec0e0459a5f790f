"""Somebody whom no list names says who they are; a guardian or a coordinator confirms it with one button."""

from dataclasses import dataclass

from pim_bot.blocks import newcomers as blocks
from pim_bot.blocks.forms import done_view
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import Door, Screens
from pim_bot.handlers.payloads import Click, Submission
from pim_bot.programme.introducing import confirm_introduction, decline_introduction, introduce
from pim_bot.programme.permissions import Action, needs, open_to_all

NEWCOMERS = "whoever comes is no member yet; what they say gives no right before somebody confirms it"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewcomerHandlers:
    """The form of whoever is new, and the two buttons of whoever looks after the network."""

    door: Door
    screens: Screens

    @open_to_all(NEWCOMERS)
    async def open_form(self, click: Click) -> None:
        """„Wypełnij krótki formularz”: open it."""
        async with self.door.receive(click) as reception:
            view = blocks.introduction_form(reception.words)
        await self.screens.open(click.trigger_id, view)

    @open_to_all(NEWCOMERS)
    async def introduce(self, submission: Submission) -> Answer:
        """Keep who they say they are; somebody is asked to confirm it."""
        async with self.door.receive(submission, changes=True) as reception:
            said = {name: str(submission.typed.get(name) or "") for name in ("name", "place", "email")}
            await introduce(reception.work, reception.visitor, **said, now=reception.now)
            words = reception.words
            thanks = words.text("Dziękujemy. Zgłoszenie czeka na potwierdzenie; damy znać w wiadomości.")
            view = done_view(words, words.text("Kim Państwo są"), thanks)
        return {"response_action": "update", "view": view}

    @needs(Action.CONFIRM_PERSON)
    async def confirm(self, click: Click) -> None:
        """„Potwierdzam”."""
        async with self.door.act(click) as visit:
            await confirm_introduction(visit.work, visit.actor, click.value, now=visit.now)

    @needs(Action.CONFIRM_PERSON)
    async def decline(self, click: Click) -> None:
        """„Nie znam tej osoby”."""
        async with self.door.act(click) as visit:
            await decline_introduction(visit.work, visit.actor, click.value, now=visit.now)
