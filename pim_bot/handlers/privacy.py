"""„Co o mnie wiecie”: a person sees, corrects and limits what is kept of them (RODO art. 15, 16 and 18)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pim_bot.blocks import privacy as blocks
from pim_bot.blocks.elements import Message
from pim_bot.blocks.forms import done_view
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import Door, Screens, Visit
from pim_bot.handlers.payloads import Click, Command, Submission
from pim_bot.notifications.correcting import ask_for_correction, choose, lift_limit, limit
from pim_bot.programme.names import folded
from pim_bot.programme.permissions import Action, needs, require
from pim_bot.programme.privacy import Contacts

SPELLINGS = frozenset(
    {"moje", "my", "moje dane", "my data", "co o mnie wiecie", "co wiecie", "rodo", "gdpr", "dane", "data"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PrivacyHandlers:
    """``/pim moje dane`` and its buttons; ``unknown`` answers what only begins like it."""

    door: Door
    screens: Screens
    unknown: Callable[[Command], Awaitable[Message | None]]
    contacts: Contacts

    @needs(Action.SEE_OWN_DATA)
    async def my_data(self, command: Command) -> Message | None:
        """``/pim moje dane``: what is kept of this person, also of one who has no role any more."""
        if folded(f"{command.word} {command.rest}".strip().rstrip("?")) not in SPELLINGS:
            return await self.unknown(command)
        async with self.door.look(command, need=Action.SEE_OWN_DATA) as visit:
            return await self._told(visit)

    async def _told(self, visit: Visit) -> Message:
        kept = await visit.work.privacy.kept_of(visit.member.id)
        day = visit.member.day_of(visit.now)
        roles = dict.fromkeys(
            blocks.role_word(visit.words, one.name) for one in visit.member.roles if one.holds_on(day)
        )
        return blocks.my_data(visit.words, visit.member, kept, roles=list(roles), contacts=self.contacts)

    @needs(Action.CORRECT_OWN_DATA)
    async def open_correction(self, click: Click) -> None:
        """„Popraw”: open the form."""
        async with self.door.look(click, need=Action.SEE_OWN_DATA) as visit:
            require(visit.actor, Action.CORRECT_OWN_DATA, now=visit.now, owner=visit.member.id)
            view = blocks.correction_form(visit.words, visit.member)
        await self.screens.open(click.trigger_id, view)

    @needs(Action.CORRECT_OWN_DATA)
    async def correct(self, submission: Submission) -> Answer:
        """Change language and zone at once, and ask the coordinators for the rest."""
        typed = {name: str(value or "") for name, value in submission.typed.items()}
        async with self.door.act(submission, need=Action.SEE_OWN_DATA) as visit:
            actor, words = visit.actor, visit.words
            await choose(
                visit.work, actor, language=typed.get("language", ""), zone=typed.get("zone", ""), now=visit.now
            )
            asked = await ask_for_correction(
                visit.work,
                actor,
                name=typed.get("name", ""),
                email=typed.get("email", ""),
                key=f"{visit.now:%Y-%m-%dT%H:%M:%S.%f}",
                now=visit.now,
            )
            said = (
                words.text("Zapisane. Koordynacja dostała prośbę o poprawienie imienia i nazwiska lub adresu.")
                if asked
                else words.text("Zapisane.")
            )
            return {"response_action": "update", "view": done_view(words, words.text("Popraw dane"), said)}

    @needs(Action.LIMIT_OWN_DATA)
    async def limit(self, click: Click) -> None:
        """„Ogranicz używanie”."""
        async with self.door.act(click, need=Action.SEE_OWN_DATA) as visit:
            await limit(visit.work, visit.actor, now=visit.now)
            said = visit.words.text("Zapisane. Państwa dane tylko przechowujemy; bot nic już nie wyśle.")
            view = done_view(visit.words, visit.words.text("Państwa dane"), said)
        await self.screens.open(click.trigger_id, view)

    @needs(Action.LIMIT_OWN_DATA)
    async def lift_limit(self, click: Click) -> None:
        """„Zdejmij ograniczenie”."""
        async with self.door.act(click, need=Action.SEE_OWN_DATA) as visit:
            await lift_limit(visit.work, visit.actor, now=visit.now)
            said = visit.words.text("Zapisane. Przypomnienia i zaproszenia będą znów przychodzić.")
            view = done_view(visit.words, visit.words.text("Państwa dane"), said)
        await self.screens.open(click.trigger_id, view)
