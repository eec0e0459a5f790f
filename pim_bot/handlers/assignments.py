"""Assigning experts in chat, the expert's answer, who serves where, ending and handing on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pim_bot.blocks import assignments as blocks
from pim_bot.blocks import forms, ids
from pim_bot.blocks.elements import Message
from pim_bot.blocks.messages import assignment_word
from pim_bot.errors import Refused
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import Door, Screens, Visit
from pim_bot.handlers.payloads import Click, Command, Request, Submission
from pim_bot.handlers.prefilled import prefilled
from pim_bot.programme.assigning import (
    OverBudget,
    answer_assignment,
    assign_expert,
    open_assignment,
    release_expert,
    replace_expert,
)
from pim_bot.programme.assignment import ExpertAssignment
from pim_bot.programme.budget import days_used
from pim_bot.programme.permissions import Action, needs, require
from pim_bot.programme.staffing import place_name, staff_of
from pim_bot.programme.words import clean_line


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignmentHandlers:
    """``/pim przypisz`` and the buttons of the question to the expert."""

    door: Door
    screens: Screens

    @needs(Action.ASSIGN_EXPERT)
    async def open_form_by_command(self, command: Command) -> Message | None:
        """``/pim przypisz``: open the form."""
        await self._open(command, {})
        return None

    @needs(Action.ASSIGN_EXPERT)
    async def open_form(self, click: Click) -> None:
        """Open the form from a button, with what stands on it."""
        await self._open(click, prefilled(click.value))

    async def _open(self, request: Request, typed: Mapping[str, Any]) -> None:
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
            view = forms.assignment_form(visit.words, choices, {"since": day.isoformat(), **typed})
        await self.screens.open(request.trigger_id, view)

    @needs(Action.ASSIGN_EXPERT)
    async def assign(self, submission: Submission) -> Answer:
        """Ask the expert; an overrun of days is shown first, and the last screen says what was saved."""
        return await self._assign(submission, submission.typed, seen=False)

    async def _assign(self, submission: Submission, typed: Mapping[str, Any], *, seen: bool) -> Answer:
        try:
            async with self.door.act(submission) as visit:
                edition = await visit.edition()
                wanted = assignment_of(typed, edition.slug)
                await assign_expert(visit.work, visit.actor, wanted, now=visit.now, over_budget_is_fine=seen)
                return _asked(visit)
        except OverBudget as over:
            return await self._shown(submission, over, form=ids.ASSIGNMENT_FORM, typed=typed)

    async def _shown(self, submission: Submission, over: OverBudget, *, form: str, typed: Mapping[str, Any]) -> Answer:
        async with self.door.look(submission) as visit:
            about = submission.metadata
            view = blocks.over_budget(visit.words, over.reason, over.facts, form=form, about=about, typed=typed)
            return {"response_action": "push", "view": view}

    @needs(Action.ASSIGN_EXPERT)
    async def confirm(self, submission: Submission) -> Answer:
        """Save what would go over the budget, as it was shown."""
        try:
            shown = json.loads(submission.metadata)
            form, about, typed = str(shown["form"]), str(shown["about"]), dict(shown["typed"])
        except (ValueError, KeyError, TypeError) as error:
            raise Refused("Ten formularz jest już nieaktualny. Prosimy otworzyć go ponownie.") from error
        if form == ids.REPLACE_FORM:
            return await self._hand_on(submission, about, typed, seen=True)
        return await self._assign(submission, typed, seen=True)

    @needs(Action.SEE_PROGRAMME)
    async def show_staff(self, command: Command) -> Message:
        """``/pim eksperci``: who serves which network and city."""
        async with self.door.look(command) as visit:
            edition = await visit.edition()
            return blocks.staff(visit.words, await staff_of(visit.work, visit.actor, edition.slug, now=visit.now))

    @needs(Action.ASSIGN_EXPERT)
    async def open_release(self, click: Click) -> None:
        """„Zakończ”: open the form."""
        async with self.door.look(click) as visit:
            one = await open_assignment(visit.work, visit.actor, click.value, now=visit.now)
            place, expert = await place_name(visit.work, one), await _name(visit, one.member_id)
            today = visit.member.day_of(visit.now)
            view = blocks.release_form(visit.words, one, place, expert, today)
        await self.screens.open(click.trigger_id, view)

    @needs(Action.ASSIGN_EXPERT)
    async def release(self, submission: Submission) -> Answer:
        """End the assignment."""
        async with self.door.act(submission) as visit:
            problems: dict[str, Refused] = {}
            last_day = _day(submission.typed, "last_day", problems)
            if last_day is None:
                raise Refused("Formularz wymaga poprawek.", fields=problems)
            await release_expert(visit.work, visit.actor, submission.metadata, last_day=last_day, now=visit.now)
            words = visit.words
            view = forms.done_view(words, words.text("Zakończ przypisanie"), words.text("Zapisane."))
            return {"response_action": "update", "view": view}

    @needs(Action.ASSIGN_EXPERT)
    async def open_replace(self, click: Click) -> None:
        """„Zastąp”: open the form, with the days that are left."""
        async with self.door.look(click) as visit:
            one = await open_assignment(visit.work, visit.actor, click.value, now=visit.now)
            day = visit.member.day_of(visit.now)
            experts = await visit.work.people.experts(one.edition, day)
            if not [each for each in experts if each.id != one.member_id]:
                raise Refused("W tej edycji nie ma innej osoby z rolą ekspercką.")
            kept = await visit.work.assignments.of_edition(one.edition)
            used = (await days_used(visit.work, one.edition, kept))[one.id]
            typed = {"since": day.isoformat(), "days": str(max(0, round(one.days - used)))}
            place, expert = await place_name(visit.work, one), await _name(visit, one.member_id)
            view = blocks.replace_form(visit.words, one, place, expert, experts, typed)
        await self.screens.open(click.trigger_id, view)

    @needs(Action.ASSIGN_EXPERT)
    async def hand_on(self, submission: Submission) -> Answer:
        """Ask somebody else to go on."""
        return await self._hand_on(submission, submission.metadata, submission.typed, seen=False)

    async def _hand_on(
        self, submission: Submission, assignment_id: str, typed: Mapping[str, Any], *, seen: bool
    ) -> Answer:
        try:
            async with self.door.act(submission) as visit:
                problems: dict[str, Refused] = {}
                since, days = _day(typed, "since", problems), _days(typed, problems)
                if not typed.get("expert"):
                    problems["expert"] = Refused("Prosimy wybrać osobę.")
                if problems or since is None:
                    raise Refused("Formularz wymaga poprawek.", fields=problems)
                await replace_expert(
                    visit.work,
                    visit.actor,
                    assignment_id,
                    expert=str(typed["expert"]),
                    since=since,
                    days=days,
                    now=visit.now,
                    over_budget_is_fine=seen,
                )
                return _asked(visit)
        except OverBudget as over:
            return await self._shown(submission, over, form=ids.REPLACE_FORM, typed=typed)

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
    days = _days(typed, problems)
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
        days=days,
    )


def _days(typed: Mapping[str, Any], problems: dict[str, Refused]) -> int:
    days = str(typed.get("days") or "0")
    if days.isascii() and days.isdigit():
        return int(days[:6])
    problems["days"] = Refused("Prosimy podać liczbę dni od 0 do {most}.", most=400)
    return 0


async def _name(visit: Visit, member_id: str) -> str:
    member = await visit.work.people.get(member_id)
    return member.name if member else "–"


def _asked(visit: Visit) -> Answer:
    words = visit.words
    said = words.text("Zapisane. Ta osoba dostanie prośbę o przyjęcie.")
    return {"response_action": "update", "view": forms.done_view(words, words.text("Przypisanie"), said)}


def _day(typed: Mapping[str, Any], name: str, problems: dict[str, Refused]) -> date | None:
    try:
        return date.fromisoformat(typed.get(name) or "")
    except ValueError:
        problems[name] = Refused("Prosimy wybrać dzień z kalendarza.")
        return None
