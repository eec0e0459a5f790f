"""The door itself: who asks, in one transaction with what they ask, and how a refusal is told.

Every request's work and its key are committed together before it is answered, so the same request delivered again has
no second effect, and what was answered is saved.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from pim_bot.blocks.forms import done_view
from pim_bot.clock import Clock
from pim_bot.errors import PimBotError, Refused
from pim_bot.events.catalogue import ChatUserSeen
from pim_bot.handlers.payloads import Command, Request, Submission
from pim_bot.i18n import Words, language_of
from pim_bot.notifications.intent import Intent, Kind
from pim_bot.notifications.ports import LedgerWork
from pim_bot.programme.people import Actor, Member
from pim_bot.programme.permissions import Action, require
from pim_bot.programme.ports import EditionInForce
from pim_bot.programme.privacy import NOTICE_VERSION, Contacts

CHAT = "chat"
VISITING: ContextVar[tuple[Request, Words]] = ContextVar("visiting")
"""Who is at the door just now, for the screen that may be opened for them."""


class HandledBefore(PimBotError):
    """The same request was handled already; it is answered and has no second effect."""


class UnknownVisitor(PimBotError):
    """Nobody in the programme is known to be this user of chat."""


class HandlerWork(LedgerWork, Protocol):
    """One transaction as handlers see it."""

    @property
    def requests(self) -> Any: ...
    @property
    def identities(self) -> Any: ...
    @property
    def privacy(self) -> Any: ...
    @property
    def pauses(self) -> Any: ...
    @property
    def one_time_tokens(self) -> Any: ...
    @property
    def dropped_files(self) -> Any: ...
    @property
    def people_lists(self) -> Any: ...
    @property
    def forgotten(self) -> Any: ...


class Screens(Protocol):
    """Opens forms for the person who clicked."""

    async def open(self, trigger_id: str, view: dict[str, Any]) -> None: ...


OpenWork = Callable[..., AbstractAsyncContextManager[Any]]


def told_once(request: Request) -> str:
    """Name a request without naming the user of chat, as its key does."""
    return sha256(request.key.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """One person at the door, inside one transaction."""

    work: HandlerWork
    member: Member
    words: Words
    now: datetime

    @property
    def actor(self) -> Actor:
        """The person as the one who acts."""
        return Actor(door=CHAT, member=self.member)

    async def edition(self) -> EditionInForce:
        """Tell the edition that runs today; raises ``Refused`` when none was imported yet."""
        found = await self.work.editions.in_force(self.member.day_of(self.now))
        if found is None:
            raise Refused("Nie wczytano jeszcze żadnej edycji programu. Prosimy o kontakt z koordynacją.")
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Reception:
    """Somebody at the door whom the programme does not know, inside one transaction."""

    work: HandlerWork
    visitor: str
    words: Words
    now: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """Lets people in; handlers share one. ``contacts`` are whom people ask about their data."""

    open_work: OpenWork
    open_trial: OpenWork
    open_reading: OpenWork
    programme_clock: Clock
    machine_clock: Clock
    screens: Screens
    contacts: Contacts = field(default_factory=Contacts)

    async def show(self, request: Request, text: str) -> None:
        """Show one sentence on a screen of its own; it needs no database."""
        await self.screens.open(request.trigger_id, done_view(Words(), "pim_bot", text))

    @asynccontextmanager
    async def act(
        self, request: Request, *, remember: bool = True, need: Action = Action.SEE_PROGRAMME
    ) -> AsyncIterator[Visit]:
        """Open a visit that changes something. Raises ``UnknownVisitor``, ``NotAllowed`` and ``HandledBefore``.

        ``remember`` False leaves no key of the request, for acts that must not be traced to a person. ``need`` is the
        least right to come in. A notice of personal data that stood in the form is noted as shown.
        """
        async with self.open_work() as work:
            if remember and not await work.requests.is_new(request.key, at=self.machine_clock()):
                raise HandledBefore(request.key)
            visit = await self._visit(work, request, need)
            if isinstance(request, Submission) and request.notice == NOTICE_VERSION:
                await work.privacy.note_notice(request.team_id, request.user_id, request.notice, at=visit.now)
            yield visit

    @asynccontextmanager
    async def try_out(self, request: Request, *, need: Action = Action.SEE_PROGRAMME) -> AsyncIterator[Visit]:
        """Open a visit whose changes are taken back at its end: it shows what an act would do."""
        async with self.open_trial() as work:
            yield await self._visit(work, request, need)

    @asynccontextmanager
    async def look(self, request: Request, *, need: Action = Action.SEE_PROGRAMME) -> AsyncIterator[Visit]:
        """Open a visit that only reads. Raises ``UnknownVisitor`` and ``NotAllowed``."""
        async with self.open_reading() as work:
            yield await self._visit(work, request, need)

    @asynccontextmanager
    async def step(self, submission: Submission, *, need: Action = Action.SEE_PROGRAMME) -> AsyncIterator[Visit]:
        """Open a visit that reads one step of a form; only a notice that stood in the step is noted."""
        opened = self.act(submission, remember=False, need=need) if submission.notice else self.look(submission)
        async with opened as visit:
            yield visit

    async def _visit(self, work: HandlerWork, request: Request, need: Action) -> Visit:
        member = await work.people.by_chat_user(request.team_id, request.user_id)
        if member is None:
            raise UnknownVisitor(request.user_id)
        now = self.programme_clock()
        require(Actor(door=CHAT, member=member), need, now=now, owner=member.id)
        words = Words(language_of(member.language))
        VISITING.set((request, words))
        return Visit(work=work, member=member, words=words, now=now)

    @asynccontextmanager
    async def receive(self, request: Request, *, changes: bool = False) -> AsyncIterator[Reception]:
        """Let somebody in whom no list names. Raises ``Refused`` for a member, ``HandledBefore``."""
        async with (self.open_work if changes else self.open_reading)() as work:
            if changes and not await work.requests.is_new(request.key, at=self.machine_clock()):
                raise HandledBefore(request.key)
            known = await work.identities.get(request.team_id, request.user_id)
            if known is None or known.state != "stranger":
                raise Refused("To konto jest już rozpoznane albo właśnie je sprawdzamy. Prosimy użyć polecenia /pim.")
            words, now = Words(language_of(known.locale)), self.programme_clock()
            VISITING.set((request, words))
            if isinstance(request, Submission) and request.notice == NOTICE_VERSION:
                await work.privacy.note_notice(request.team_id, request.user_id, request.notice, at=now)
            yield Reception(work=work, visitor=known.visitor, words=words, now=now)

    async def meet(self, request: Request) -> bool:
        """Note somebody who is not known yet, to be matched by e-mail; tells whether that still goes on.

        Whoever came by a command is shown the notice of personal data in the answer to it.
        """
        async with self.open_work() as work:
            now = self.programme_clock()
            if visitor := await work.identities.see(request.team_id, request.user_id, at=self.machine_clock()):
                work.record(ChatUserSeen(visitor=visitor), actor=Actor(door=CHAT), at=now)
                if isinstance(request, Command):
                    await work.privacy.note_notice(request.team_id, request.user_id, NOTICE_VERSION, at=now)
                return True
            known = await work.identities.get(request.team_id, request.user_id)
            return known is None or known.state == "new"

    async def words_for(self, request: Request) -> Words:
        """Tell in which language to speak to whoever asks."""
        async with self.open_reading() as work:
            member = await work.people.by_chat_user(request.team_id, request.user_id)
            return Words(language_of(member.language if member else "pl"))

    async def tell_refusal(self, request: Request, refused: Refused) -> None:
        """Tell a person by message why their click had no effect; the same click is told once."""
        async with self.open_work() as work:
            member = await work.people.by_chat_user(request.team_id, request.user_id)
            if member is None:
                return
            await self._say(work, member, told_once(request), next(iter(refused.fields.values()), refused))

    async def _say(self, work: HandlerWork, member: Member, occurrence: str, said: Refused) -> None:
        recipients = await work.recipients.members([member.id])
        intent = Intent(
            kind=Kind.REFUSAL,
            recipient=recipients[member.id],
            subject=f"member:{member.id}",
            occurrence=occurrence,
            not_before=self.programme_clock(),
            facts={"reason": said.reason, "facts": {key: str(one) for key, one in said.facts.items()}},
        )
        await work.outbox.intend([intent])

    async def park(self, body: bytes, why: str) -> None:
        """Keep a request that failed by our own fault, for a person to look at."""
        async with self.open_work() as work:
            await work.requests.park(body, why, at=self.machine_clock())
