"""Advisory sessions in chat: logged, added to, proposed for the MID, corrected by the city, read by both."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pim_bot.blocks import forms
from pim_bot.blocks import sessions as blocks
from pim_bot.blocks.elements import Message
from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.handlers.agenda import rights_in
from pim_bot.handlers.arranging import ask_view
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import Door, Screens, Visit
from pim_bot.handlers.payloads import Click, Command, Request, Submission
from pim_bot.programme.advising import (
    LONGEST_LINE,
    correct_session,
    detail_session,
    draft_of,
    held_session,
    log_as_planned,
    log_session,
    propose_for_mid,
    session_for,
    word_session,
    words_for_mid,
)
from pim_bot.programme.names import city_names
from pim_bot.programme.permissions import Action, Place, can, needs
from pim_bot.programme.session import AdvisorySession, CityWords, SessionDraft
from pim_bot.programme.session_card import session_cards
from pim_bot.programme.session_line import minutes_in, read_line
from pim_bot.programme.words import clean_line

OF_ACTIVITY = "activity:"
OUTDATED = "Ten formularz jest już nieaktualny. Prosimy otworzyć go ponownie."
SHOWN = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionHandlers:
    """``/pim doradztwo``, ``/pim ustalenia`` and the buttons of the messages about sessions."""

    door: Door
    screens: Screens

    @needs(Action.ARRANGE_SESSION)
    async def by_command(self, command: Command) -> Message | None:
        """``/pim doradztwo``: an expert logs a session, in the form or in one line; a city asks for one."""
        async with self.door.look(command) as visit:
            logs = Action.LOG_SESSION in await rights_in(visit)
            view = None if logs else await ask_view(visit, {"topic": command.rest[:150]})
        if view is not None:
            await self.screens.open(command.trigger_id, view)
            return None
        if not command.rest:
            await self._open(command, "")
            return None
        async with self.door.look(command) as visit:
            edition = await _edition_of_expert(visit)
            cities = await visit.work.editions.cities(edition)
            names = {city.slug: city.name for city in cities}
            today = visit.member.day_of(visit.now)
            line = read_line(clean_line(command.rest), city_names(cities), today=today)
            value = _value({"cities": line.cities, "minutes": line.minutes, "day": line.day, "topic": line.topic})
            missing = _missing(
                visit, line.cities, line.minutes, line.topic, names, city_names(cities).nearest(line.topic)
            )
            if missing or line.minutes is None:
                return blocks.line_missing(visit.words, missing, value)
            said = blocks.parsed_line(
                visit.words,
                cities=[names[one] for one in line.cities],
                day=line.day or today,
                minutes=line.minutes,
                topic=line.topic,
            )
            return blocks.line_preview(visit.words, said, value)

    @needs(Action.LOG_SESSION)
    async def open_form(self, click: Click) -> None:
        """Open the form from a button, a shortcut, or with what a line or the calendar says."""
        await self._open(click, click.value)

    async def _open(self, request: Request, value: str) -> None:
        async with self.door.look(request) as visit:
            edition = await _edition_of_expert(visit)
            cities = await visit.work.editions.cities(edition)
            typed, metadata = await self._typed(visit, value)
            view = blocks.log_form(visit.words, cities, typed, metadata)
        await self.screens.open(request.trigger_id, view)

    async def _typed(self, visit: Visit, value: str) -> tuple[dict[str, Any], str]:
        """Tell what stands in the form already, and what else is known of the session."""
        today = visit.member.day_of(visit.now).isoformat()
        if value.startswith(OF_ACTIVITY):
            activity = await held_session(visit.work, value.removeprefix(OF_ACTIVITY), now=visit.now)
            draft = await draft_of(visit.work, activity)
            length = blocks.length_of(visit.words, draft.minutes)
            typed = {"cities": [one.city for one in draft.cities], "day": draft.day.isoformat(), "length": length}
            return typed, json.dumps({"activity": activity.id})
        said = _said(value) if value.startswith("{") else {}
        length = blocks.length_of(visit.words, said["minutes"]) if said.get("minutes") else ""
        typed = {"cities": said.get("cities") or [], "day": said.get("day") or today, "length": length}
        return typed, json.dumps({"topic": said.get("topic") or ""})

    @needs(Action.LOG_SESSION)
    async def log(self, submission: Submission) -> Answer:
        """Save the form; the last screen says so, and a message leads to the rest."""
        async with self.door.act(submission) as visit:
            edition = await visit.edition()
            draft = await _draft(visit, submission, edition.slug)
            session = await log_session(visit.work, visit.actor, draft, now=visit.now)
            return {"response_action": "update", "view": await _saved(visit, session)}

    @needs(Action.LOG_SESSION)
    async def save_line(self, click: Click) -> None:
        """Save what a line says."""
        async with self.door.act(click) as visit:
            said, edition = _said(click.value), await visit.edition()
            draft = SessionDraft(
                edition=edition.slug,
                day=_day(said.get("day")) or visit.member.day_of(visit.now),
                minutes=int(said.get("minutes") or 0),
                experts=(),
                cities=tuple(CityWords(city=str(one)) for one in said.get("cities") or ()),
                topic=str(said.get("topic") or ""),
            )
            view = await _saved(visit, await log_session(visit.work, visit.actor, draft, now=visit.now))
        await self.screens.open(click.trigger_id, view)

    @needs(Action.LOG_SESSION)
    async def as_planned(self, click: Click) -> None:
        """„Odbyło się jak w planie”."""
        async with self.door.act(click) as visit:
            await log_as_planned(visit.work, visit.actor, click.value, now=visit.now)

    @needs(Action.LOG_SESSION)
    async def not_held(self, click: Click) -> None:
        """„Nie odbyło się”."""
        async with self.door.act(click) as visit:
            await log_as_planned(visit.work, visit.actor, click.value, now=visit.now, held=False)

    @needs(Action.LOG_SESSION)
    async def open_details(self, click: Click) -> None:
        """„Uzupełnij”: open the first step, about the whole session."""
        async with self.door.look(click) as visit:
            session = await session_for(visit.work, visit.actor, click.value, Action.LOG_SESSION, now=visit.now)
            experts = await visit.work.people.experts(session.edition, session.day)
            choices = forms.Choices(experts=[one for one in experts if one.id != visit.member.id])
            typed = {"topic": session.topic, "form": session.form, "experts": list(session.experts)}
            view = blocks.details_form(visit.words, choices, typed, _of(session))
        await self.screens.open(click.trigger_id, view)

    @needs(Action.LOG_SESSION)
    async def details(self, submission: Submission) -> Answer:
        """Save the first step and go on to the first city."""
        session_id, _ = _target(submission.metadata)
        async with self.door.act(submission) as visit:
            session = await detail_session(
                visit.work,
                visit.actor,
                session_id,
                topic=str(submission.typed.get("topic") or ""),
                form=str(submission.typed.get("form") or ""),
                experts=list(submission.typed.get("experts") or ()),
                now=visit.now,
            )
            return await self._next(visit, session, "")

    @needs(Action.LOG_SESSION)
    async def words(self, submission: Submission) -> Answer:
        """Save what a session came to for one city and go on to the next."""
        session_id, city = _target(submission.metadata)
        typed = submission.typed
        step = replace(submission, key=f"{submission.key}/{city}")  # all steps of a form bear the same name
        async with self.door.act(step) as visit:
            said = CityWords(
                city=city,
                agreed=str(typed.get("agreed") or ""),
                next_step=str(typed.get("next_step") or ""),
                owner=str(typed.get("owner") or ""),
                due=_day(typed.get("due")),
                notes=str(typed.get("notes") or ""),
                sections=tuple(typed.get("sections") or ()),
            )
            session = await word_session(visit.work, visit.actor, session_id, said, now=visit.now)
            return await self._next(visit, session, city)

    async def _next(self, visit: Visit, session: AdvisorySession, after: str) -> Answer:
        """Show the step of the next city that this person advises, or say that everything is saved."""
        slugs = [one.city for one in session.cities]
        day = visit.member.day_of(visit.now)
        for told in session.cities[slugs.index(after) + 1 if after else 0 :]:
            if can(visit.actor, Action.LOG_SESSION, session.place_of(told), day=day):
                parts = [one for one in await visit.work.editions.parts(session.edition) if one.document == "MID"]
                typed = {
                    "agreed": told.agreed,
                    "next_step": told.next_step,
                    "owner": told.owner,
                    "due": told.due.isoformat() if told.due else None,
                    "notes": told.notes,
                    "sections": list(told.sections),
                }
                name = await _city_name(visit, session.edition, told.city)
                view = blocks.words_form(visit.words, name, parts, typed, _of(session, told.city))
                return {"response_action": "update", "view": view}
        return {"response_action": "update", "view": await _saved(visit, session)}

    @needs(Action.LOG_SESSION)
    async def open_mid(self, click: Click) -> None:
        """„Do MID-u”: open the form with the agreed text."""
        session_id, _, city = click.value.partition("/")
        async with self.door.look(click) as visit:
            session = await session_for(
                visit.work, visit.actor, session_id, Action.LOG_SESSION, city=city, now=visit.now
            )
            told = session.words_for(city)
            if told is None:
                raise NotFound("Tej sesji już nie ma. Zapisane sesje pokaże polecenie /pim ustalenia.")
            parts = [one for one in await visit.work.editions.parts(session.edition) if one.document == "MID"]
            if not parts:
                raise Refused("Ta edycja nie ma jeszcze części MID. Można je dodać w pliku programu.")
            typed = {"part": next(iter(told.sections), None), "text": words_for_mid(session, told)}
            name = await _city_name(visit, session.edition, city)
            view = blocks.mid_form(visit.words, name, parts, typed, _of(session, city))
        await self.screens.open(click.trigger_id, view)

    @needs(Action.LOG_SESSION)
    async def propose(self, submission: Submission) -> Answer:
        """Propose the agreements for the city's MID."""
        session_id, city = _target(submission.metadata)
        async with self.door.act(submission) as visit:
            await propose_for_mid(
                visit.work,
                visit.actor,
                session_id,
                city,
                part=str(submission.typed.get("part") or ""),
                text=str(submission.typed.get("text") or ""),
                now=visit.now,
            )
            words = visit.words
            said = words.text("To jest teraz propozycja do MID-u. O przyjęciu decyduje zespół miasta.")
            return {"response_action": "update", "view": forms.done_view(words, words.text("Do MID-u"), said)}

    @needs(Action.CORRECT_SESSION)
    async def open_correction(self, click: Click) -> None:
        """„Popraw”: open the form in which a city says what is different."""
        session_id, _, city = click.value.partition("/")
        async with self.door.look(click) as visit:
            session = await session_for(
                visit.work, visit.actor, session_id, Action.CORRECT_SESSION, city=city, now=visit.now
            )
            (card,) = await session_cards(visit.work, [session], visit.actor, visit.now)
            told = session.words_for(city)
            if told is None:
                raise NotFound("Tej sesji już nie ma. Zapisane sesje pokaże polecenie /pim ustalenia.")
            view = blocks.correction_form(visit.words, card, told, _of(session, city))
        await self.screens.open(click.trigger_id, view)

    @needs(Action.CORRECT_SESSION)
    async def correct(self, submission: Submission) -> Answer:
        """Save the city's correction; the expert sees it."""
        session_id, city = _target(submission.metadata)
        async with self.door.act(submission) as visit:
            correction = str(submission.typed.get("correction") or "")
            await correct_session(visit.work, visit.actor, session_id, city, correction, now=visit.now)
            words = visit.words
            said = words.text("Poprawka jest zapisana i zobaczą ją eksperci BŚ Państwa miasta.")
            return {"response_action": "update", "view": forms.done_view(words, words.text("Popraw ustalenia"), said)}

    @needs(Action.SEE_SESSION)
    async def agreements(self, command: Command) -> Message:
        """``/pim ustalenia [city]``: what was agreed lately; coordinators see the facts only."""
        async with self.door.look(command) as visit:
            edition = await visit.edition()
            cities = await visit.work.editions.cities(edition.slug)
            seen = await _seen_cities(visit, edition.slug)
            names = {city.slug: city.name for city in cities}
            wanted = city_names(cities).find(command.rest) if command.rest else None
            if command.rest and wanted is None:
                nearest = ", ".join(names[slug] for slug in city_names(cities).nearest(command.rest))
                if nearest:
                    raise NotFound("Nie ma takiego miasta. Najbliższe nazwy: {names}.", names=nearest)
                raise NotFound("Nie ma takiego miasta. Prosimy sprawdzić nazwę.")
            if not seen or (wanted and wanted not in seen):
                raise NotAllowed("Ustalenia z doradztwa czyta tylko zespół miasta i jego eksperci BŚ.")
            found = await visit.work.sessions.latest(edition.slug, [wanted] if wanted else seen, SHOWN)
            cards = await session_cards(visit.work, found, visit.actor, visit.now)
            return blocks.session_list(visit.words, cards, name=names.get(wanted or "", ""))


async def _edition_of_expert(visit: Visit) -> str:
    """Tell the edition in force; raises ``NotAllowed`` for somebody who advises nobody in it."""
    if Action.LOG_SESSION not in await rights_in(visit):
        raise NotAllowed(
            "Sesje doradztwa zapisują eksperci i ekspertki Banku Światowego. "
            "Jeśli to pomyłka, prosimy o kontakt z koordynacją."
        )
    return (await visit.edition()).slug


async def _seen_cities(visit: Visit, edition: str) -> list[str]:
    """Tell the cities of whose sessions this person may know at least that they took place."""
    day = visit.member.day_of(visit.now)
    networks = [one.slug for one in await visit.work.editions.networks(edition)]
    return [
        city
        for network, city in await visit.work.editions.cities_of(edition, networks, day)
        if can(visit.actor, Action.SEE_SESSION, Place(edition=edition, networks=(network,), city=city), day=day)
    ]


async def _draft(visit: Visit, submission: Submission, edition: str) -> SessionDraft:
    """Read the form. Raises ``Refused`` with fields."""
    typed, known = submission.typed, _said(submission.metadata)
    day = _day(typed.get("day"))
    if day is None:
        raise Refused("Formularz wymaga poprawek.", fields={"day": Refused("Prosimy wybrać dzień z kalendarza.")})
    agreed, next_step = str(typed.get("agreed") or ""), str(typed.get("next_step") or "")
    draft = SessionDraft(
        edition=edition,
        day=day,
        minutes=minutes_in(str(typed.get("length") or "")) or 0,
        experts=(),
        cities=tuple(CityWords(city=city, agreed=agreed, next_step=next_step) for city in typed.get("cities") or ()),
        topic=str(known.get("topic") or ""),
    )
    if not known.get("activity"):
        return draft
    activity = await held_session(visit.work, str(known["activity"]), now=visit.now)
    planned = await draft_of(visit.work, activity)
    return replace(
        draft, experts=planned.experts, topic=planned.topic, form=planned.form, activity_id=planned.activity_id
    )


async def _saved(visit: Visit, session: AdvisorySession) -> dict[str, Any]:
    (card,) = await session_cards(visit.work, [session], visit.actor, visit.now)
    said = visit.words.text("Zapisane. {line}.", line=blocks.one_line(visit.words, card))
    hint = visit.words.text("W wiadomości od bota można to uzupełnić albo zaproponować do MID-u.")
    return forms.done_view(visit.words, visit.words.text("Doradztwo"), f"{said} {hint}")


async def _city_name(visit: Visit, edition: str, slug: str) -> str:
    return next((city.name for city in await visit.work.editions.cities(edition) if city.slug == slug), slug)


def _missing(
    visit: Visit, cities: list[str], minutes: int | None, topic: str, names: Mapping[str, str], nearest: list[str]
) -> list[str]:
    """Say, sentence by sentence, what keeps a line from being saved."""
    words, said = visit.words, []
    if not cities and nearest:
        near = ", ".join(names[slug] for slug in nearest)
        said.append(words.text("Nie widać w tym nazwy miasta. Najbliższe nazwy: {names}.", names=near))
    elif not cities:
        said.append(words.text("Nie widać w tym nazwy miasta. Na przykład: /pim doradztwo Żory 2h łąki kwietne"))
    if minutes is None:
        said.append(words.text("Prosimy dopisać czas, na przykład: 2h albo 90 min."))
    if len(topic) > LONGEST_LINE:
        said.append(words.text("Temat jest za długi. Prosimy go skrócić albo wpisać ustalenia w formularzu."))
    return said


def _value(said: Mapping[str, Any]) -> str:
    """Put what a line says on a button."""
    topic = str(said["topic"])[:LONGEST_LINE]
    day = said["day"].isoformat() if said["day"] else None
    return json.dumps({**said, "day": day, "topic": topic}, ensure_ascii=False)


def _said(value: str) -> dict[str, Any]:
    """Read what a button or a form knows. Raises ``Refused`` for an old one."""
    with suppress(ValueError):
        found = json.loads(value)
        if isinstance(found, dict):
            return found
    raise Refused(OUTDATED)


def _of(session: AdvisorySession, city: str = "") -> str:
    return json.dumps({"session": session.id, "city": city})


def _target(metadata: str) -> tuple[str, str]:
    """Tell which session, and which city of it, a form is about."""
    found = _said(metadata)
    return str(found.get("session") or ""), str(found.get("city") or "")


def _day(typed: object) -> date | None:
    try:
        return date.fromisoformat(str(typed or ""))
    except ValueError:
        return None
