"""Assigning experts in chat, and the expert's answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pim_bot.blocks import forms
from pim_bot.blocks.elements import Message
from pim_bot.blocks.messages import assignment_word
from pim_bot.errors import Refused
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import Door, Screens
from pim_bot.handlers.payloads import Click, Command, Request, Submission
from pim_bot.programme.assigning import answer_assignment, assign_expert
from pim_bot.programme.assignment import ExpertAssignment
from pim_bot.programme.permissions import Action, needs, require
from pim_bot.programme.words import clean_line


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignmentHandlers:
    """``/pim przypisz`` and the buttons of the question to the expert."""

    door: Door
    screens: Screens

    @needs(Action.ASSIGN_EXPERT)
    async def open_form_by_command(self, command: Command) -> Message | None:
        """``/pim przypisz``: open the form."""
        await self._open(command)
        return None

    @needs(Action.ASSIGN_EXPERT)
    async def open_form(self, click: Click) -> None:
        """Open the form from a button."""
        await self._open(click)

    async def _open(self, request: Request) -> None:
        async with self.door.look(request) as visit:
            edition = await visit.edition()
            require(visit.actor, Action.ASSIGN_EXPERT, now=visit.now, edition=edition.slug)
            day = visit.member.day_of(visit.now)
            choices = forms.Choices(
                networks=await visit.work.editions.networks(edition.slug),
                cities=await visit.work.editions.cities(edition.slug),
                experts=await visit.work.people.experts(edition.slug, day),
            )
            if not choices.experts:
                raise Refused(
                    "W tej edycji nie ma jeszcze ekspertek ani ekspertów. Można dodać te osoby w pliku programu."
                )
            view = forms.assignment_form(visit.words, choices, {"since": day.isoformat()})
        await self.screens.open(request.trigger_id, view)

    @needs(Action.ASSIGN_EXPERT)
    async def assign(self, submission: Submission) -> Answer:
        """Ask the expert; the last screen says so."""
        async with self.door.act(submission) as visit:
            edition = await visit.edition()
            wanted = assignment_of(submission.typed, edition.slug)
            await assign_expert(visit.work, visit.actor, wanted, now=visit.now)
            words = visit.words
            said = words.text("Zapisane. Ta osoba dostanie prośbę o przyjęcie.")
            return {"response_action": "update", "view": forms.done_view(words, words.text("Przypisanie"), said)}

    @needs(Action.ANSWER_ASSIGNMENT)
    async def accept(self, click: Click) -> None:
        """„Przyjmuję”."""
        await self._answer(click, accept=True)

    @needs(Action.ANSWER_ASSIGNMENT)
    async def decline(self, click: Click) -> None:
        """„Nie mogę przyjąć”."""
        await self._answer(click, accept=False)

    async def _answer(self, click: Click, *, accept: bool) -> None:
        async with self.door.act(click) as visit:
            answered = await answer_assignment(visit.work, visit.actor, click.value, accept=accept, now=visit.now)
            words = visit.words
            view = forms.done_view(words, words.text("Przypisanie"), assignment_word(words, answered.status))
        if click.ephemeral:  # the list of /pim cannot be changed in place, so a screen says what was saved
            await self.screens.open(click.trigger_id, view)


def assignment_of(typed: Mapping[str, Any], edition: str) -> ExpertAssignment:
    """Read the form. Raises ``Refused`` with fields."""
    problems: dict[str, Refused] = {}
    days = str(typed.get("days") or "0")
    if not (days.isascii() and days.isdigit()):
        problems["days"] = Refused("Prosimy podać liczbę dni od 0 do {most}.", most=400)
    cities = typed.get("city") or []
    if len(cities) > 1:
        problems["city"] = Refused("Przypisanie dotyczy jednego miasta. Prosimy wybrać jedno.")
    if not typed.get("expert"):
        problems["expert"] = Refused("Prosimy wybrać osobę.")
    since, until = _day(typed, "since", problems), _day(typed, "until", problems)
    if problems or since is None or until is None:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    return ExpertAssignment(
        id="",
        edition=edition,
        member_id=typed["expert"],
        network=typed.get("network") or "",
        city=cities[0] if cities else "",
        role=clean_line(str(typed.get("role") or ""))[:150],
        since=since,
        until=until,
        days=int(days[:6]),
    )


def _day(typed: Mapping[str, Any], name: str, problems: dict[str, Refused]) -> date | None:
    try:
        return date.fromisoformat(typed.get(name) or "")
    except ValueError:
        problems[name] = Refused("Prosimy wybrać dzień z kalendarza.")
        return None
