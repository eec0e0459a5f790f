"""Which handler a request goes to, and what becomes of its errors: one place for all kinds of requests.

The tables come from ``routes.py``. An answer is what the chat expects in the response: text and blocks for a command,
``response_action`` for a form, options for a suggestion, None for everything else.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog

from pim_bot.blocks import lists
from pim_bot.blocks.elements import Message
from pim_bot.blocks.forms import done_view
from pim_bot.blocks.newcomers import ask_who
from pim_bot.blocks.privacy import notice
from pim_bot.errors import PimBotError, Refused, StorageBusy, StorageUnavailable, TooSlow
from pim_bot.handlers.door import Door, HandledBefore, UnknownVisitor
from pim_bot.handlers.payloads import (
    Click,
    Command,
    Happening,
    OddPayload,
    Request,
    Submission,
    Suggestion,
    click_of,
    command_of,
    happening_of,
    shortcut_of,
    storable,
    submission_of,
    suggestion_of,
)
from pim_bot.i18n import LANGUAGES, Words
from pim_bot.patience import within
from pim_bot.programme.names import folded

log = structlog.get_logger(__name__)

Answer = dict[str, Any] | None

LAST_RETRY = 3
"""Slack delivers an event again three times; after that it is lost unless we keep it."""

PATIENCE = timedelta(seconds=2)
"""Slack waits three seconds for an answer."""

BUSY = "Właśnie zapisujemy coś innego. Prosimy spróbować za chwilę."
AWAY = "Baza danych chwilowo nie odpowiada i nic nie zostało zapisane. Prosimy spróbować za chwilę."
SLOW = (
    "To trwa dłużej niż zwykle i nie ma jeszcze potwierdzenia zapisu. Prosimy spróbować za chwilę: "
    "nic nie zapisze się dwa razy."
)
BROKEN = "Coś poszło nie tak po naszej stronie i nic nie zostało zapisane. Prosimy spróbować za chwilę."
MEETING = (
    "Dzień dobry! To pierwszy kontakt, więc sprawdzamy adres e-mail na liście programu. Odezwiemy się za chwilę "
    "w wiadomości. / Hello! We are looking you up and will write in a moment."
)
STRANGER = (
    "Nie ma Państwa jeszcze na liście osób programu. Prosimy powiedzieć, kim Państwo są. / "
    "You are not on the programme's list yet. Please tell us who you are."
)
OUTDATED = "Ten przycisk jest już nieaktualny. Aktualne sprawy pokaże pytanie: Co na mnie czeka?"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tables:
    """Names on the wire → handlers."""

    commands: Mapping[str, Callable[[Command], Awaitable[Message | None]]]
    buttons: Mapping[str, Callable[[Click], Awaitable[None]]]
    forms: Mapping[str, Callable[[Submission], Awaitable[Answer]]]
    suggestions: Mapping[str, Callable[[Suggestion], Awaitable[Answer]]]
    happenings: Mapping[str, Callable[[Happening], Awaitable[None]]]
    unknown_command: Callable[[Command], Awaitable[Message | None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Dispatcher:
    """Takes each kind of request to its handler and answers in the chat's way, whatever happens."""

    door: Door
    tables: Tables
    _showing: set[asyncio.Task[None]] = field(default_factory=set)

    async def command(self, body: Mapping[str, Any]) -> Answer:
        """Answer a slash command: text that only the person sees."""
        command = command_of(storable(body))
        handler = self.tables.commands.get(folded(command.word), self.tables.unknown_command)
        try:
            message = await within(PATIENCE, handler(command))
        except HandledBefore:
            return None
        except Exception as error:  # noqa: BLE001 - the person gets a sentence whatever happens
            said = await self._sentence(command, error)
            message = ask_who(Words(), said) if said == STRANGER else lists.sentence(said)
        return None if message is None else {"response_type": "ephemeral", **message.as_payload()}

    async def click(self, body: Mapping[str, Any]) -> None:
        """Carry out a press of a button; a refusal is told in a message, since a click has no answer."""
        await self._carry_out(click_of(storable(body)))

    async def shortcut(self, body: Mapping[str, Any]) -> None:
        """Carry out a global or message shortcut."""
        await self._carry_out(shortcut_of(storable(body)))

    async def _carry_out(self, click: Click) -> None:
        handler = self.tables.buttons.get(click.action_id.split("/")[0]) or self._outdated
        try:
            await within(PATIENCE, handler(click))
        except HandledBefore:
            return
        except Exception as error:  # noqa: BLE001 - the person is told; if even that fails the click can be repeated
            await self._tell_click(click, error)

    async def _tell_click(self, click: Click, error: Exception) -> None:
        """Tell why a click had no effect. Without the database nothing can be written, not even that."""
        try:
            if isinstance(error, StorageUnavailable):
                self._show(click, error)
            elif isinstance(error, UnknownVisitor):
                await self.door.meet(click)
            elif isinstance(error, Refused):
                await self.door.tell_refusal(click, error)
            else:
                log.error("click.failed", exc_info=error)
                await self.door.tell_refusal(click, Refused(BROKEN))
        except StorageUnavailable as unavailable:
            self._show(click, unavailable)

    def _show(self, click: Click, error: StorageUnavailable) -> None:
        """Show on a screen that the database could not be asked; the answer to the click does not wait for it."""
        log.warning("click.unavailable", action_id=click.action_id[:60], error=type(error).__name__)
        showing = asyncio.create_task(self.door.show(click, unavailable_sentence(error)))
        self._showing.add(showing)
        showing.add_done_callback(self._showing.discard)

    async def _outdated(self, click: Click) -> None:
        log.info("click.outdated", action_id=click.action_id[:60])
        raise Refused(OUTDATED)

    async def submission(self, body: Mapping[str, Any]) -> Answer:
        """Carry out a form; whatever goes wrong is told on its fields and nothing typed is lost."""
        submission = submission_of(storable(body))
        try:
            handler = self.tables.forms.get(submission.callback_id)
            if handler is None:
                raise Refused("Ten formularz jest już nieaktualny. Prosimy otworzyć go ponownie.")  # noqa: TRY301
            return await within(PATIENCE, handler(submission))
        except HandledBefore:
            return {"response_action": "clear"}
        except Exception as error:  # noqa: BLE001 - the form must stay open with what was typed
            return await self._field_errors(submission, error)

    async def suggestion(self, body: Mapping[str, Any]) -> Answer:
        """Answer a field that asks for choices; on any trouble there are none."""
        suggestion = suggestion_of(storable(body))
        handler = self.tables.suggestions.get(suggestion.field_name)
        try:
            return await within(PATIENCE, handler(suggestion)) if handler else {"options": []}
        except (PimBotError, UnknownVisitor):
            return {"options": []}

    async def happening(self, body: Mapping[str, Any], *, retry: int = 0) -> None:
        """Take note of an event; one that fails by our fault on its last delivery is kept as it came."""
        try:
            happening = happening_of(storable(body))
            handler = self.tables.happenings.get(happening.type)
            if handler is not None:
                await within(PATIENCE, handler(happening))
        except HandledBefore:
            return
        except OddPayload as error:
            await self.door.park(_raw(body), str(error))
        except StorageUnavailable as error:
            log.warning("event.unavailable", error=type(error).__name__, retry=retry)
            raise  # the chat delivers it again; keeping it needs the database too
        except Exception as error:
            log.exception("event.failed", retry=retry)
            if retry < LAST_RETRY:
                raise
            await self.door.park(_raw(body), type(error).__name__)

    async def _field_errors(self, submission: Submission, error: Exception) -> Answer:
        words = Words() if isinstance(error, StorageUnavailable) else await self._words(submission)
        problems: Mapping[str, Refused] = error.fields if isinstance(error, Refused) else {}
        known = {name: problem for name, problem in problems.items() if name in submission.fields}
        errors = {name: words.text(problem.reason, **problem.facts) for name, problem in known.items()}
        others = [words.text(one.reason, **one.facts) for name, one in problems.items() if name not in known]
        if not problems:
            others.append(await self._sentence(submission, error))
        if others and submission.fields:
            first = next(iter(errors), submission.fields[0])
            errors[first] = " ".join([*([errors[first]] if first in errors else []), *others])
        if not errors:
            return {"response_action": "update", "view": done_view(words, "pim_bot", " ".join(others))}
        return {"response_action": "errors", "errors": errors}

    async def _sentence(self, request: Request, error: Exception) -> str:
        """Say in one sentence what went wrong and what to do."""
        if isinstance(error, UnknownVisitor):
            return await self._first_words(request)
        if isinstance(error, StorageUnavailable):
            log.warning("request.unavailable", error=type(error).__name__)
            return unavailable_sentence(error)
        words = await self._words(request)
        if isinstance(error, Refused):
            first = next(iter(error.fields.values()), error)
            return words.text(first.reason, **first.facts)
        log.error("request.failed", exc_info=error)
        return words.text(BROKEN)

    async def _first_words(self, request: Request) -> str:
        try:
            if not await self.door.meet(request):
                return STRANGER
            notices = [notice(Words(language), self.door.contacts) for language in LANGUAGES]
            return "\n\n".join([MEETING, *notices])
        except StorageUnavailable as error:
            return unavailable_sentence(error)

    async def _words(self, request: Request) -> Words:
        try:
            return await self.door.words_for(request)
        except Exception:
            log.exception("request.language-unknown")
            return Words()


def unavailable_sentence(error: StorageUnavailable) -> str:
    """Say that the database could not be asked, in both languages: whose it is stands in the database."""
    return " / ".join(_unavailable(Words(language), error) for language in ("pl", "en"))


def _unavailable(words: Words, error: StorageUnavailable) -> str:
    if isinstance(error, StorageBusy):
        return words.text(BUSY)
    return words.text(SLOW) if isinstance(error, TooSlow) else words.text(AWAY)


def _raw(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=True).encode()
