"""Questions in plain words: what somebody writes to the bot, or says of it in a channel."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pim_bot.blocks import answers as blocks
from pim_bot.blocks.elements import Message
from pim_bot.blocks.markup import plain_text
from pim_bot.errors import Refused
from pim_bot.handlers.channels import of_sender
from pim_bot.handlers.door import Door, UnknownVisitor, Visit, told_once
from pim_bot.handlers.payloads import Click, Command, Happening
from pim_bot.notifications.asking import DIRECT, Place, answer, ask
from pim_bot.programme.permissions import Action, needs, open_to_all
from pim_bot.programme.privacy import NOTICE_VERSION
from pim_bot.programme.questions.counting import counted_questions
from pim_bot.programme.questions.question import Question, question_of

LONGEST_READ = 4000
LIMITED = (
    "Używanie Państwa danych jest ograniczone, więc bot nie odpowiada na pytania. "
    "Ograniczenie można zdjąć poleceniem /pim moje dane."
)
SLACKBOT = "USLACKBOT"
"""The chat's own voice, which writes to conversations as a person does and bears no mark of a bot."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionHandlers:
    """Messages to the bot and mentions of it; the buttons that ask; ``/pim pytania``."""

    door: Door

    @open_to_all("the door looks up who writes; whoever is not in the programme is told no more than by a command")
    async def message(self, happening: Happening) -> None:
        """Answer what somebody writes to the bot directly, in the thread in which it stands."""
        event = happening.event
        if event.get("channel_type") == "im" and _is_written(happening):
            await self._ask(happening, Place(thread=str(event.get("thread_ts") or "")))

    @open_to_all("the door looks up who asks; whoever is not in the programme is told no more than by a command")
    async def mention(self, happening: Happening) -> None:
        """Answer a mention: in its thread what everybody may read, all else to the person alone."""
        event = happening.event
        if _is_written(happening):
            thread = str(event.get("thread_ts") or event.get("ts") or "")
            await self._ask(happening, Place(thread=thread, channel=str(event.get("channel") or "")))

    async def _ask(self, happening: Happening, place: Place) -> None:
        asked = of_sender(happening)
        text = plain_text(str(happening.event.get("text") or "")[:LONGEST_READ])
        try:
            async with self.door.act(asked, need=Action.SEE_OWN_DATA) as visit:
                if visit.member.is_restricted:
                    raise Refused(LIMITED)  # noqa: TRY301 - told as every refusal is
                facts = await self._facts(visit, asked)
                key = told_once(asked)
                await ask(visit.work, visit.actor, text, key=key, place=place, facts=facts, now=visit.now)
        except UnknownVisitor:
            await self.door.meet(asked)
        except Refused as refused:
            await self.door.tell_refusal(asked, refused)

    async def _facts(self, visit: Visit, asked: Happening) -> dict[str, Any]:
        """Tell whom people ask about their data, and whether the notice of it is due with this answer."""
        contacts = self.door.contacts
        facts: dict[str, Any] = {"contacts": {"administrator": contacts.administrator, "iod": contacts.iod}}
        if not await visit.work.privacy.knows_notice(asked.team_id, asked.user_id, NOTICE_VERSION):
            await visit.work.privacy.note_notice(asked.team_id, asked.user_id, NOTICE_VERSION, at=visit.now)
            facts["notice"] = True
        return facts

    @needs(Action.SEE_PROGRAMME)
    async def ask_again(self, click: Click) -> None:
        """Answer a question that stands on a button."""
        async with self.door.act(click) as visit:
            question = _question(click.value)
            contacts = self.door.contacts
            facts = {"contacts": {"administrator": contacts.administrator, "iod": contacts.iod}}
            await answer(
                visit.work, visit.actor, question, key=told_once(click), place=DIRECT, facts=facts, now=visit.now
            )

    @needs(Action.SEE_QUESTIONS)
    async def counted(self, command: Command) -> Message:
        """``/pim pytania``: how often what was asked, and what was not understood."""
        async with self.door.look(command) as visit:
            edition = await visit.edition()
            found = await counted_questions(visit.work, visit.actor, edition.slug, now=visit.now)
            return blocks.questions_counted(visit.words, found)


def _is_written(happening: Happening) -> bool:
    """Tell whether a person wrote it, and only now."""
    event: Mapping[str, Any] = happening.event
    is_person = bool(happening.user_id) and happening.user_id != SLACKBOT and not event.get("bot_id")
    return is_person and not event.get("subtype") and not event.get("edited")


def _question(value: str) -> Question:
    """Read the question that stands on a button. Raises ``Refused`` for an old one."""
    with suppress(ValueError, KeyError, TypeError):
        return question_of(json.loads(value))
    raise Refused("Ten przycisk jest już nieaktualny. Prosimy napisać pytanie.")
