"""„Dodaj do MID/PU”: from a message, a command or a button to a contribution, and what becomes of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pim_bot.blocks import contributions as blocks
from pim_bot.blocks.contributions import cut_to_fit
from pim_bot.blocks.elements import Message
from pim_bot.blocks.forms import done_view
from pim_bot.blocks.markup import plain_text
from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import CHAT, Door, HandledBefore, Screens, UnknownVisitor, Visit
from pim_bot.handlers.payloads import Click, Command, Happening, Request, Submission, Suggestion
from pim_bot.handlers.quoting import source_of
from pim_bot.notifications.waiting import contributions_to_decide
from pim_bot.programme.circles import circle_of, may_read
from pim_bot.programme.contributing import documents_for, log_contribution, log_message, mark_message, owns_document
from pim_bot.programme.contribution import (
    Contribution,
    ContributionDraft,
    ContributionType,
    MarkedMessage,
    SourceMessage,
)
from pim_bot.programme.contribution_card import contribution_card, contribution_cards, names_of
from pim_bot.programme.contribution_life import (
    accept_contribution,
    answer_consent,
    decide_contributions,
    note_source_deleted,
    note_source_edited,
    return_contribution,
    take_over_edit,
    withdraw_contribution,
)
from pim_bot.programme.document import Document, document_of
from pim_bot.programme.names import folded
from pim_bot.programme.people import Actor
from pim_bot.programme.permissions import Action, needs, open_to_all, require

LONGEST_METADATA = 2900
LONGEST_NAME, LONGEST_ADDRESS = 100, 300
Files = Sequence[tuple[str, str]]
"""(name, address) of what hangs on a message."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContributionHandlers:
    """The form, the decisions, the consents, and what becomes of the messages it was taken from."""

    door: Door
    screens: Screens

    @needs(Action.LOG_CONTRIBUTION)
    async def open_form_by_command(self, command: Command) -> Message | None:
        """``/pim dodaj [text]``: open the form."""
        await self._open(command, text=command.rest)
        return None

    @needs(Action.LOG_CONTRIBUTION)
    async def open_form(self, click: Click) -> None:
        """Open the form from a button; its value may name the document, and after it the type."""
        document, _, type_ = click.value.partition(" ")
        await self._open(click, document=document, type_=type_)

    @needs(Action.LOG_CONTRIBUTION)
    async def open_form_by_shortcut(self, click: Click) -> None:
        """„Dodaj do MID/PU” on a message: open the form with its words, or show what was taken from it before."""
        async with self.door.look(click) as visit:
            documents = await _documents(visit)
            quoted = click.quoted
            if quoted is None:
                raise Refused("Prosimy użyć tego skrótu na wiadomości, którą chcą Państwo dodać.")
            source = source_of(quoted)
            known = await visit.work.contributions.by_source(source.key)
            view = (
                _done(visit, await _saved_line(visit, known, is_new=False))
                if known
                else await _document_step(
                    visit, documents, {}, text=plain_text(quoted.text), source=source, files=quoted.files
                )
            )
        await self.screens.open(click.trigger_id, view)

    @needs(Action.LOG_CONTRIBUTION)
    async def open_form_by_offer(self, click: Click) -> None:
        """„Dodaj do MID/PU” under the offer that answers a reaction: open the same form, filled in."""
        async with self.door.look(click) as visit:
            documents = await _documents(visit)
            facts = _facts(click.value)
            source = _source(facts)
            if source is None:
                raise Refused("Ten przycisk jest już nieaktualny. Aktualne sprawy pokaże pytanie: Co na mnie czeka?")
            known = await visit.work.contributions.by_source(source.key)
            view = (
                _done(visit, await _saved_line(visit, known, is_new=False))
                if known
                else await _document_step(
                    visit, documents, {}, text=str(facts["text"]), source=source, files=[_file(facts)]
                )
            )
        await self.screens.open(click.trigger_id, view)

    @open_to_all("a reaction of somebody who may add nothing, or another one than the edition's, is left alone")
    async def marked(self, happening: Happening) -> None:
        """Note that a message is marked with the edition's reaction; its words are read after this, not here."""
        item, reaction = happening.event.get("item"), str(happening.event.get("reaction") or "").split("::")[0]
        if not isinstance(item, dict) or item.get("type") != "message":
            return
        if not await self._is_asked_for(happening, reaction):
            return
        async with self.door.act(happening) as visit:
            edition = await visit.edition()
            message = MarkedMessage(
                team_id=happening.team_id,
                channel_id=str(item.get("channel") or ""),
                ts=str(item.get("ts") or ""),
                member_id=visit.member.id,
                marked_at=self.door.machine_clock(),
            )
            await mark_message(visit.work, visit.actor, edition.slug, message, now=visit.now)

    async def _is_asked_for(self, happening: Happening, reaction: str) -> bool:
        """Tell without writing whether a reaction means something here, from this person."""
        try:
            async with self.door.look(happening) as visit:
                edition = await visit.edition()
                if not reaction or edition.contribution_reaction != reaction:
                    return False
                await _documents(visit)
                return True
        except (UnknownVisitor, Refused):
            return False

    async def _open(self, request: Request, *, text: str = "", document: str = "", type_: str = "") -> None:
        async with self.door.look(request) as visit:
            documents = await _documents(visit)
            view = await _document_step(visit, documents, {"document": document, "type": type_}, text=text)
        await self.screens.open(request.trigger_id, view)

    @needs(Action.LOG_CONTRIBUTION)
    async def choose_document(self, submission: Submission) -> Answer:
        """Go on from the document to its parts; nothing is saved yet."""
        async with self.door.step(submission) as visit:
            document, kind = _chosen(submission.typed)
            require_logging(visit, document)
            facts = _facts(submission.metadata)
            view = await _text_step(visit, document, kind, facts)
            return {"response_action": "push", "view": view}

    @needs(Action.LOG_CONTRIBUTION)
    async def save(self, submission: Submission) -> Answer:
        """Keep the contribution; the last screen says what was saved, or what was there already."""
        facts = _facts(submission.metadata)
        document, kind = _chosen(facts)
        draft = replace(_draft(submission.typed, document, kind), link=_file(facts)[1])
        source = _source(facts)
        async with self.door.act(submission) as visit:
            if source is None:
                kept = await log_contribution(visit.work, visit.actor, draft, author=visit.member.id, now=visit.now)
            else:
                kept = await log_message(visit.work, visit.actor, draft, source, now=visit.now)
            is_new = kept.logged_by == visit.actor.id and kept.logged_at == visit.now
            view = _done(visit, await _saved_line(visit, kept, is_new=is_new))
            return {"response_action": "update", "view": view | {"clear_on_close": True}}

    @needs(Action.SEE_PROGRAMME)
    async def suggest_people(self, suggestion: Suggestion) -> Answer:
        """Offer the people of the edition's networks while somebody types."""
        async with self.door.look(suggestion) as visit:
            people = await _people(visit)
        wanted = folded(suggestion.typed)
        found = sorted((folded(name), name, one) for one, name in people.items() if wanted in folded(name))
        return blocks.suggested_people([(name, one) for _, name, one in found])

    @needs(Action.DECIDE_CONTRIBUTION)
    async def accept(self, click: Click) -> None:
        """„Przyjmij”."""
        async with self.door.act(click) as visit:
            await accept_contribution(visit.work, visit.actor, click.value, now=visit.now)

    @needs(Action.DECIDE_CONTRIBUTION)
    async def open_return(self, click: Click) -> None:
        """„Zwróć z powodem”: open the form that asks for the reason."""
        async with self.door.look(click) as visit:
            contribution = await _decidable(visit, click.value)
            view = blocks.return_form(visit.words, await contribution_card(visit.work, contribution), {})
        await self.screens.open(click.trigger_id, view)

    @needs(Action.DECIDE_CONTRIBUTION)
    async def give_back(self, submission: Submission) -> Answer:
        """Give a contribution back with a reason."""
        reason = str(submission.typed.get("reason") or "")
        async with self.door.act(submission) as visit:
            await return_contribution(visit.work, visit.actor, submission.metadata, reason=reason, now=visit.now)
            said = visit.words.text("Zwrócone. Osoby, od których to mamy, przeczytają powód.")
            return {"response_action": "update", "view": _done(visit, said)}

    @needs(Action.DECIDE_CONTRIBUTION)
    async def open_waiting(self, click: Click) -> None:
        """„Wszystkie czekające”: open the list on which several are decided at once."""
        async with self.door.look(click) as visit:
            waiting = await contributions_to_decide(visit.work, visit.member, visit.now)
            if not waiting:
                if not await _documents_to_decide(visit):
                    raise NotAllowed("O wkładzie decyduje zespół miasta (MID) albo Bank Światowy (PU).")
                view = _done(visit, visit.words.text("Nic nie czeka na Państwa decyzję."))
            else:
                view = blocks.waiting_form(visit.words, await contribution_cards(visit.work, waiting))
        await self.screens.open(click.trigger_id, view)

    @needs(Action.DECIDE_CONTRIBUTION)
    async def decide(self, submission: Submission) -> Answer:
        """Decide what was ticked, all or none."""
        typed = submission.typed
        chosen = [one for name, ids in typed.items() if name.startswith("chosen") for one in ids or ()]
        accept = typed.get("decision") != blocks.RETURN
        async with self.door.act(submission) as visit:
            reason = str(typed.get("reason") or "")
            decided = await decide_contributions(
                visit.work, visit.actor, chosen, accept=accept, reason=reason, now=visit.now
            )
            said = visit.words.plural("Zapisane: {n} decyzja.", "Zapisane: {n} decyzji.", len(decided))
            return {"response_action": "update", "view": _done(visit, said)}

    @needs(Action.ANSWER_FOR_CONTRIBUTION)
    async def withdraw(self, click: Click) -> None:
        """„Wycofaj”."""
        async with self.door.act(click) as visit:
            await withdraw_contribution(visit.work, visit.actor, click.value, now=visit.now)

    @needs(Action.ANSWER_FOR_CONTRIBUTION)
    async def agree(self, click: Click) -> None:
        """„Zgadzam się”."""
        async with self.door.act(click) as visit:
            await answer_consent(visit.work, visit.actor, click.value, agree=True, now=visit.now)

    @needs(Action.ANSWER_FOR_CONTRIBUTION)
    async def refuse(self, click: Click) -> None:
        """„Nie”: the message stays where it is, and its words are deleted here."""
        async with self.door.act(click) as visit:
            await answer_consent(visit.work, visit.actor, click.value, agree=False, now=visit.now)

    @needs(Action.ANSWER_FOR_CONTRIBUTION)
    async def take_over(self, click: Click) -> None:
        """„Przejmij nową treść”."""
        async with self.door.act(click) as visit:
            await take_over_edit(visit.work, visit.actor, click.value, now=visit.now)

    @open_to_all("the chat itself says what became of a message; only what was taken from it before is touched")
    async def source_edited(self, happening: Happening) -> None:
        """Note that a message says something else, where something was taken from it."""
        message, before = happening.event.get("message"), happening.event.get("previous_message")
        if not isinstance(message, dict) or (isinstance(before, dict) and message.get("text") == before.get("text")):
            return  # a preview of a link was added, or something else that is not the words
        if message.get("bot_id"):
            return  # messages of bots change often, and nobody wrote them
        key = _key(happening, message.get("ts"))
        text = plain_text(str(message.get("text") or ""))
        if await self._was_taken(key):
            async with self.door.open_work() as work:
                await self._once(work, happening)
                await note_source_edited(work, Actor(door=CHAT), key, text=text, now=self.door.programme_clock())

    @open_to_all("the chat itself says what became of a message; only what was taken from it before is touched")
    async def source_deleted(self, happening: Happening) -> None:
        """Note that a message is gone, where something was taken from it."""
        key = _key(happening, happening.event.get("deleted_ts"))
        if await self._was_taken(key):
            async with self.door.open_work() as work:
                await self._once(work, happening)
                await note_source_deleted(work, Actor(door=CHAT), key, now=self.door.programme_clock())

    async def _was_taken(self, key: str) -> bool:
        """Tell without writing, since most messages that change were never anybody's contribution."""
        async with self.door.open_reading() as work:
            return await work.contributions.by_source(key) is not None

    async def _once(self, work: Any, happening: Happening) -> None:
        if not await work.requests.is_new(happening.key, at=self.door.machine_clock()):
            raise HandledBefore(happening.key)


async def _documents(visit: Visit) -> list[Document]:
    """Tell what the person may contribute to. Raises ``NotAllowed`` when that is nothing."""
    edition = await visit.edition()
    found = await documents_for(visit.work, visit.actor, Action.LOG_CONTRIBUTION, edition.slug, now=visit.now)
    if not found:
        raise NotAllowed(
            "Wkład do MID dodają zespoły miast i Bank Światowy, a do PU osoby sieci. "
            "Jeśli to pomyłka, prosimy o kontakt z koordynacją."
        )
    return found


async def _documents_to_decide(visit: Visit) -> list[Document]:
    edition = await visit.edition()
    return await documents_for(visit.work, visit.actor, Action.DECIDE_CONTRIBUTION, edition.slug, now=visit.now)


def require_logging(visit: Visit, document: Document) -> None:
    """Raise ``NotAllowed`` unless the person may contribute to the document."""
    require(
        visit.actor,
        Action.LOG_CONTRIBUTION,
        now=visit.now,
        edition=document.edition,
        network=document.network,
        city=document.city,
    )


async def _decidable(visit: Visit, contribution_id: str) -> Contribution:
    contribution = await visit.work.contributions.get(contribution_id)
    if contribution is None:
        raise NotFound("Tego wkładu już nie ma. Aktualny stan pokaże polecenie /pim mid albo /pim pu.")
    if not owns_document(visit.actor, contribution.document, now=visit.now):
        raise NotAllowed("O wkładzie decyduje zespół miasta (MID) albo Bank Światowy (PU).")
    if not contribution.is_open:
        raise Refused("O tym wkładzie ktoś już zdecydował albo jest wycofany. Aktualny stan jest w wiadomości o nim.")
    return contribution


async def _people(visit: Visit) -> dict[str, str]:
    """Tell the people who can be credited, by id: those of the edition's networks."""
    edition, day = await visit.edition(), visit.member.day_of(visit.now)
    networks = [one.slug for one in await visit.work.editions.networks(edition.slug)]
    teams = await visit.work.people.teams(edition.slug, networks, day)
    people = [member for team in teams for member in team.members]
    people += await visit.work.people.in_networks(edition.slug, networks, day)
    return {one.id: one.name for one in people}


async def _document_step(
    visit: Visit,
    documents: list[Document],
    typed: Mapping[str, Any],
    *,
    text: str,
    source: SourceMessage | None = None,
    files: Files = (),
) -> dict[str, Any]:
    keys = [one.key for one in documents]
    own = typed.get("document") if typed.get("document") in keys else keys[0] if len(keys) <= 2 else None  # noqa: PLR2004
    kind = typed.get("type") if typed.get("type") in list(ContributionType) else ContributionType.IDEA.value
    names = await names_of(visit.work, documents)
    filled = {"document": own, "type": kind}
    return blocks.document_form(visit.words, names, filled, _metadata(text, source, files), text=text)


async def _text_step(
    visit: Visit, document: Document, kind: ContributionType, facts: Mapping[str, Any]
) -> dict[str, Any]:
    work, source = visit.work, _source(facts)
    writer = await work.people.by_chat_user(source.author_team, source.author_user) if source else None
    step = blocks.TextStep(
        document=(await names_of(work, [document]))[0],
        type=kind,
        parts=[one for one in await work.editions.parts(document.edition) if one.document == document.kind],
        cities=await work.editions.cities(document.edition),
        credited=[(writer.name, writer.id)] if writer and not writer.is_restricted else [],
        circle=circle_of(document),
        is_own_document=owns_document(visit.actor, document, now=visit.now),
        asks_author=source is not None and source.is_private and not source.by_bot and writer != visit.member,
        from_message=source is not None,
        is_cut=bool(facts.get("is_cut")),
        file=_file(facts)[0],
    )
    city = document.city or _own_city(visit, document)
    filled = {"cities": [city] if city else [], "text": facts["text"]}
    chosen: dict[str, Any] = {"document": document.key, "type": kind.value}
    return blocks.text_form(
        visit.words, step, filled, json.dumps(chosen | _source_facts(source) | {"files": [_file(facts)]})
    )


def _own_city(visit: Visit, document: Document) -> str:
    """Tell the city of an official who adds to the PU of their network."""
    roles = visit.member.in_edition(document.edition).roles
    mine = {one.city for one in roles if one.city and one.network == document.network}
    return mine.pop() if len(mine) == 1 else ""


def _done(visit: Visit, said: str) -> dict[str, Any]:
    return done_view(visit.words, visit.words.text("Dodaj do MID/PU"), said)


async def _saved_line(visit: Visit, contribution: Contribution, *, is_new: bool) -> str:
    card = await contribution_card(visit.work, contribution)
    reads = may_read(visit.member, contribution, visit.member.day_of(visit.now))
    return blocks.done_line(visit.words, card, is_new=is_new, reads=reads)


def _chosen(typed: Mapping[str, Any]) -> tuple[Document, ContributionType]:
    """Read the document and the type. Raises ``Refused`` with fields."""
    document = document_of(str(typed.get("document") or ""))
    problems: dict[str, Refused] = {}
    if document is None:
        problems["document"] = Refused("Nie ma takiego dokumentu. Prosimy wybrać z listy.")
    if typed.get("type") not in set(ContributionType):
        problems["type"] = Refused("Prosimy wybrać rodzaj wkładu.")
    if problems or document is None:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    return document, ContributionType(typed["type"])


def _draft(typed: Mapping[str, Any], document: Document, kind: ContributionType) -> ContributionDraft:
    return ContributionDraft(
        document=document,
        part=str(typed.get("part") or ""),
        type=kind,
        text=str(typed.get("text") or ""),
        justification=str(typed.get("justification") or ""),
        addressee=str(typed.get("addressee") or ""),
        people=tuple(typed.get("credited") or ()),
        cities=tuple(typed.get("cities") or ()),
        circle=circle_of(document),
    )


def _metadata(text: str, source: SourceMessage | None, files: Files) -> str:
    """Keep the words until the second step, as many as fit there; it tells when they were more."""
    return cut_to_fit(_source_facts(source) | {"text": text, "files": [_short(files)]}, LONGEST_METADATA)


def _short(files: Files) -> tuple[str, str]:
    """Tell the first file, its name cut; an address is kept whole or not at all."""
    name, link = next(iter(files), ("", ""))
    return (name[:LONGEST_NAME], link) if len(link) <= LONGEST_ADDRESS else ("", "")


def _file(facts: Mapping[str, Any]) -> tuple[str, str]:
    """Read the name and the address of the file that hangs on the message, "" where there is none."""
    try:
        name, link = next(iter(facts.get("files") or ()), ("", ""))
    except ValueError as error:
        raise Refused("Ten formularz jest już nieaktualny. Prosimy otworzyć go ponownie.") from error
    return str(name), str(link)


def _source_facts(source: SourceMessage | None) -> dict[str, Any]:
    if source is None:
        return {}
    names = ("team_id", "channel_id", "ts", "author_team", "author_user", "by_bot", "is_private", "link")
    return {"source": {name: getattr(source, name) for name in names}}


def _facts(metadata: str) -> dict[str, Any]:
    """Read what the form keeps of the step before. Raises ``Refused`` when it keeps nothing of the kind."""
    try:
        return {"text": "", **json.loads(metadata)}
    except (ValueError, TypeError) as error:
        raise Refused("Ten formularz jest już nieaktualny. Prosimy otworzyć go ponownie.") from error


def _source(facts: Mapping[str, Any]) -> SourceMessage | None:
    try:
        return SourceMessage(**facts["source"]) if facts.get("source") else None
    except TypeError as error:
        raise Refused("Ten formularz jest już nieaktualny. Prosimy otworzyć go ponownie.") from error


def _key(happening: Happening, ts: object) -> str:
    return SourceMessage(
        team_id=happening.team_id, channel_id=str(happening.event.get("channel") or ""), ts=str(ts or "")
    ).key
