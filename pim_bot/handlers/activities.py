"""Planning activities in chat: schedule, move, cancel."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from pim_bot.blocks import forms
from pim_bot.blocks.difference import difference_lines, move_preview
from pim_bot.blocks.elements import Message
from pim_bot.errors import NotAllowed, Refused, StaleForm
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import Door, Screens, Visit
from pim_bot.handlers.payloads import Click, Command, Request, Submission, Suggestion
from pim_bot.handlers.prefilled import prefilled
from pim_bot.handlers.times import Span, WhichHour, at_clock_fields, span_of
from pim_bot.notifications.difference import Difference, Play, tried_out
from pim_bot.programme.activity import Activity, ActivityDraft, Form
from pim_bot.programme.card import cards_of
from pim_bot.programme.countries import ZONES
from pim_bot.programme.edition import ActivityKind, City, Scope
from pim_bot.programme.names import city_names, folded
from pim_bot.programme.permissions import Action, Place, can, needs
from pim_bot.programme.scheduling import (
    Details,
    cancel_activity,
    change_activity,
    changed_details,
    checked_draft,
    first_problems,
    move_activity,
    planned_by,
    schedule_activity,
)
from pim_bot.programme.words import clean_line

LONGEST_METADATA = 3000
ASKED_LATER = ("networks",)
"""Fields of later steps that a button may know already."""
LONGEST_COUNT = 9


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityHandlers:
    """Scheduling, moving and cancelling."""

    door: Door
    screens: Screens
    play: Play

    @needs(Action.SCHEDULE_ACTIVITY)
    async def open_form_by_command(self, command: Command) -> Message | None:
        """``/pim wydarzenie``: open the form; words after it are taken as the title."""
        await self._open_form(command, {"title": command.rest[:150]})
        return None

    @needs(Action.SCHEDULE_ACTIVITY)
    async def open_form(self, click: Click) -> None:
        """Open the form from a button, with what stands on it."""
        await self._open_form(click, prefilled(click.value))

    async def _open_form(self, request: Request, typed: Mapping[str, Any]) -> None:
        async with self.door.look(request) as visit:
            choices = await plannable_choices(visit)
            later = {name: typed[name] for name in ASKED_LATER if name in typed}
            metadata = json.dumps({"step": 1, "typed": later, "notice": ""}) if later else ""
            view = forms.activity_form(visit.words, choices, typed, metadata=metadata)
        await self.screens.open(request.trigger_id, view)

    @needs(Action.SCHEDULE_ACTIVITY)
    async def schedule(self, submission: Submission) -> Answer:
        """Go on to the next step; after the last one put the activity on the calendar and say what was saved."""
        step, typed, notice = _steps_so_far(submission)
        try:
            if step < forms.STEPS:
                return await self._go_on(submission, step, typed, notice)
            async with self.door.act(replace(submission, notice=notice)) as visit:
                draft = draft_of(typed)
                edition = await visit.edition()
                with at_clock_fields(typed):
                    activity = await schedule_activity(visit.work, visit.actor, edition.slug, draft, now=visit.now)
                said = visit.words.text(
                    "Zaplanowane: {title}. Zaproszone osoby dostaną wiadomość.", title=activity.title
                )
                return _done(visit, visit.words.text("Nowe wydarzenie"), said)
        except WhichHour as which:
            async with self.door.look(submission) as visit:
                choices = await plannable_choices(visit)
                asked = _with_questions(submission, typed, which)
                view = forms.activity_form(visit.words, choices, asked, step=step, metadata=submission.metadata)
                return {"response_action": "update", "view": view}

    async def _go_on(self, submission: Submission, step: int, typed: Mapping[str, Any], notice: str) -> Answer:
        """Lay the next step over this one, once what is known so far is right."""
        async with self.door.look(submission) as visit:
            choices = await plannable_choices(visit)
            edition, draft = await visit.edition(), draft_of(typed)
            with at_clock_fields(typed):
                if step == 1:
                    problems = await first_problems(visit.work, edition.slug, draft, now=visit.now)
                    if problems:
                        raise Refused("Formularz wymaga poprawek.", fields=problems)
                else:
                    await checked_draft(visit.work, visit.actor, edition.slug, draft, now=visit.now)
            kept = {**typed, "title": clean_line(draft.title), "place": clean_line(draft.place)}
            metadata = json.dumps({"step": step + 1, "typed": kept, "notice": notice}, ensure_ascii=False)
            if len(metadata) > LONGEST_METADATA:
                raise Refused("Tylu sieci i miast naraz nie można wybrać. Prosimy zostawić najważniejsze.")
            view = forms.activity_form(visit.words, choices, kept, step=step + 1, metadata=metadata)
            return {"response_action": "push", "view": view}

    @needs(Action.MOVE_ACTIVITY)
    async def open_move(self, click: Click) -> None:
        """Open the form in which an activity is moved."""
        async with self.door.look(click) as visit:
            activity = await planned_by(visit.work, visit.actor, click.value, Action.MOVE_ACTIVITY, now=visit.now)
            view = forms.move_form(visit.words, activity, forms.typed_times(activity), _metadata(activity))
        await self.screens.open(click.trigger_id, view)

    @needs(Action.MOVE_ACTIVITY)
    async def move(self, submission: Submission) -> Answer:
        """Show what the move would change, on top of the form; nothing is saved yet."""
        activity_id, revision = _seen(submission)
        try:
            async with self.door.try_out(submission) as visit:
                before = await visit.work.activities.get(activity_id)
                act = partial(self._move, visit, submission.typed, activity_id, revision)
                moved, difference = await tried_out(visit.work, activity_id, act, self.play, now=visit.now)
                if before is None or moved.revision == revision:
                    said = visit.words.text("Termin pozostaje bez zmian: {title}.", title=moved.title)
                    return _done(visit, visit.words.text("Przenieś wydarzenie"), said)
                view = await _preview(visit, before, moved, difference, submission.typed)
                return {"response_action": "push", "view": view}
        except WhichHour as which:
            typed = _with_questions(submission, submission.typed, which)
            async with self.door.look(submission) as visit:
                return {"response_action": "update", "view": await self._move_view(visit, activity_id, typed)}
        except StaleForm as stale:
            async with self.door.look(submission) as visit:
                note = visit.words.text(stale.reason)
                view = await self._move_view(visit, activity_id, submission.typed, note=note)
                return {"response_action": "update", "view": view}

    @needs(Action.MOVE_ACTIVITY)
    async def confirm_move(self, submission: Submission) -> Answer:
        """Move the activity as it was shown; if it has changed since, show anew what the move would change."""
        activity_id, revision = _seen(submission)
        typed = _typed_before(submission)
        try:
            async with self.door.act(submission) as visit:
                activity = await self._move(visit, typed, activity_id, revision)
                said = visit.words.text("Nowy termin jest zapisany: {title}.", title=activity.title)
                return _done(visit, visit.words.text("Przenieś wydarzenie"), said)
        except StaleForm as stale:
            async with self.door.try_out(submission) as visit:
                before = await planned_by(visit.work, visit.actor, activity_id, Action.MOVE_ACTIVITY, now=visit.now)
                act = partial(self._move, visit, typed, activity_id, before.revision)
                moved, difference = await tried_out(visit.work, activity_id, act, self.play, now=visit.now)
                if moved.revision == before.revision:
                    said = visit.words.text("Termin pozostaje bez zmian: {title}.", title=moved.title)
                    return _done(visit, visit.words.text("Przenieś wydarzenie"), said)
                note = visit.words.text(stale.reason)
                view = await _preview(visit, before, moved, difference, typed, note=note)
                return {"response_action": "update", "view": view}

    async def _move(self, visit: Visit, typed: Mapping[str, Any], activity_id: str, revision: int) -> Activity:
        span = await self._span(visit, typed, activity_id)
        with at_clock_fields(typed):
            return await move_activity(
                visit.work,
                visit.actor,
                activity_id,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                answer_by=span.answer_by,
                provisional=bool(typed.get(forms.PROVISIONAL)),
                seen_revision=revision,
                now=visit.now,
            )

    async def _span(self, visit: Visit, typed: Mapping[str, Any], activity_id: str) -> Span:
        activity = await planned_by(visit.work, visit.actor, activity_id, Action.MOVE_ACTIVITY, now=visit.now)
        span = span_of(forms.end_moved_along(typed, activity), activity.zone)
        if span.all_day != activity.all_day:
            name = "starts_time" if span.all_day else "ends_time"
            reason = (
                Refused("To wydarzenie ma godziny. Prosimy je podać.")
                if span.all_day
                else Refused("To wydarzenie trwa całe dni. Prosimy zostawić godziny puste.")
            )
            raise Refused("Formularz wymaga poprawek.", fields={name: reason})
        return span

    async def _move_view(
        self, visit: Visit, activity_id: str, typed: Mapping[str, Any], *, note: str = ""
    ) -> dict[str, Any]:
        activity = await planned_by(visit.work, visit.actor, activity_id, Action.MOVE_ACTIVITY, now=visit.now)
        return forms.move_form(visit.words, activity, typed, _metadata(activity), note=note)

    @needs(Action.CHANGE_ACTIVITY)
    async def open_change(self, click: Click) -> None:
        """„Zmień szczegóły”: open the form with what is there."""
        async with self.door.look(click) as visit:
            activity = await planned_by(visit.work, visit.actor, click.value, Action.CHANGE_ACTIVITY, now=visit.now)
            view = await _change_view(visit, activity, forms.typed_details(activity))
        await self.screens.open(click.trigger_id, view)

    @needs(Action.CHANGE_ACTIVITY)
    async def change(self, submission: Submission) -> Answer:
        """Go on to the second step; after it save the details."""
        activity_id, revision = _seen(submission)
        step, before = _change_step(submission)
        typed = {**before, **submission.typed}
        try:
            if step < forms.CHANGE_STEPS:
                async with self.door.look(submission) as visit:
                    activity = await planned_by(
                        visit.work,
                        visit.actor,
                        activity_id,
                        Action.CHANGE_ACTIVITY,
                        now=visit.now,
                        seen_revision=revision,
                    )
                    unseen = forms.typed_details(activity)
                    await changed_details(visit.work, activity, details_of({**unseen, **typed}))
                    view = await _change_view(visit, activity, {**unseen, **typed}, step=step + 1, carried=typed)
                    return {"response_action": "push", "view": view}
            async with self.door.act(submission) as visit:
                activity = await change_activity(
                    visit.work, visit.actor, activity_id, details_of(typed), seen_revision=revision, now=visit.now
                )
                said = visit.words.text("Szczegóły są zapisane: {title}.", title=activity.title)
                return _done(visit, visit.words.text("Zmień szczegóły"), said)
        except StaleForm as stale:
            async with self.door.look(submission) as visit:
                activity = await planned_by(visit.work, visit.actor, activity_id, Action.CHANGE_ACTIVITY, now=visit.now)
                note = visit.words.text(stale.reason)
                view = await _change_view(visit, activity, {**forms.typed_details(activity), **typed}, note=note)
                return {"response_action": "update", "view": view}

    @needs(Action.CANCEL_ACTIVITY)
    async def open_cancel(self, click: Click) -> None:
        """Open the form in which an activity is called off; it says who will be told."""
        await self.screens.open(click.trigger_id, await self._cancel_view(click, click.value, {}))

    async def _cancel_view(
        self, request: Request, activity_id: str, typed: Mapping[str, Any], *, note: str = ""
    ) -> dict[str, Any]:
        async with self.door.try_out(request) as visit:
            before = await planned_by(visit.work, visit.actor, activity_id, Action.CANCEL_ACTIVITY, now=visit.now)
            act = partial(cancel_activity, visit.work, visit.actor, activity_id, reason="", now=visit.now)
            _, difference = await tried_out(visit.work, activity_id, act, self.play, now=visit.now)
            told = difference_lines(visit.words, difference, visit.member.zone)
            said = visit.words.text(note) if note else ""
            return forms.cancel_form(visit.words, before, typed, _metadata(before), told=told, note=said)

    @needs(Action.CANCEL_ACTIVITY)
    async def cancel(self, submission: Submission) -> Answer:
        """Call the activity off."""
        activity_id, revision = _seen(submission)
        reason = submission.typed.get("reason") or ""
        try:
            async with self.door.act(submission) as visit:
                activity = await cancel_activity(
                    visit.work, visit.actor, activity_id, reason=reason, seen_revision=revision, now=visit.now
                )
                said = visit.words.text("Odwołane: {title}. Zaproszone osoby dostaną wiadomość.", title=activity.title)
                return _done(visit, visit.words.text("Odwołaj wydarzenie"), said)
        except StaleForm as stale:
            view = await self._cancel_view(submission, activity_id, submission.typed, note=stale.reason)
            return {"response_action": "update", "view": view}

    @needs(Action.SEE_PROGRAMME)
    async def suggest_cities(self, suggestion: Suggestion) -> Answer:
        """Offer cities while somebody types: „zory”, „w Żorach” and „Żo” all find Żory."""
        async with self.door.look(suggestion) as visit:
            edition = await visit.edition()
            cities = await visit.work.editions.cities(edition.slug)
        return forms.suggested_cities(matching_cities(cities, suggestion.typed))


def matching_cities(cities: list[City], typed: str) -> list[City]:
    """Tell the cities a text may mean: those that contain it, else the one it names, else the nearest names."""
    wanted = folded(typed)
    if not wanted:
        return cities
    containing = [city for city in cities if wanted in folded(city.name)]
    if containing:
        return containing
    names = city_names(cities)
    found = names.find(typed)
    slugs = [found] if found else names.nearest(typed)
    return [city for city in cities if city.slug in slugs]


async def plannable_choices(visit: Visit) -> forms.Choices:
    """Tell what this person may choose when planning; raises ``NotAllowed`` when they may plan nothing."""
    edition = await visit.edition()
    networks = await visit.work.editions.networks(edition.slug)
    day = visit.member.day_of(visit.now)
    mine = [
        network for network in networks if _may_plan(visit, Place(edition=edition.slug, networks=(network.slug,)), day)
    ]
    kinds = [
        kind
        for kind in await visit.work.editions.kinds(edition.slug)
        if _may_use(visit, edition.slug, kind, bool(mine))
    ]
    if not kinds:
        raise NotAllowed(
            "Wydarzenia sieci planuje koordynacja oraz opiekun/ka sieci po stronie MFiPR. "
            "Jeśli to pomyłka, prosimy o kontakt z koordynacją."
        )
    cities = await visit.work.editions.cities(edition.slug)
    return forms.Choices(kinds=kinds, networks=mine, cities=cities, themes=edition.themes)


def _may_plan(visit: Visit, place: Place, day: date) -> bool:
    return can(visit.actor, Action.SCHEDULE_ACTIVITY, place, day=day)


def _may_use(visit: Visit, edition: str, kind: ActivityKind, plans_networks: bool) -> bool:  # noqa: FBT001
    if kind.scope is not Scope.LOCAL:
        return plans_networks
    day = visit.member.day_of(visit.now)
    places = [Place(edition=edition, city=role.city, scope=kind.scope) for role in visit.member.roles if role.city]
    return plans_networks or any(_may_plan(visit, place, day) for place in places)


def draft_of(typed: Mapping[str, Any]) -> ActivityDraft:
    """Read the form of a new activity. Raises ``Refused`` with fields, or ``WhichHour``."""
    country = typed.get("country") or "PL"
    zone = ZONES.get(country, ZONES["PL"])
    span = span_of(typed, zone)
    form = typed.get("form") or Form.ON_SITE.value
    return ActivityDraft(
        kind=typed.get("kind") or "",
        title=typed.get("title") or "",
        networks=tuple(typed.get("networks") or ()),
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        all_day=span.all_day,
        zone=zone,
        cities=tuple(typed.get("cities") or ()),
        answer_by=span.answer_by,
        place=typed.get("place") or "",
        country=country if country in ZONES else "PL",
        form=form if form in set(Form) else Form.ON_SITE.value,
        theme=typed.get("theme") or "",
        agenda=typed.get("agenda") or "",
        description=typed.get("description") or "",
        link=typed.get("link") or "",
        provisional=bool(typed.get(forms.PROVISIONAL)),
        capacity=_count(typed, "capacity"),
        places_per_team=_count(typed, "places_per_team"),
    )


def details_of(typed: Mapping[str, Any]) -> Details:
    """Read the form of an activity's details."""
    form = typed.get("form") or Form.ON_SITE.value
    return Details(
        place=typed.get("place") or "",
        form=form if form in set(Form) else Form.ON_SITE.value,
        cities=tuple(typed.get("cities") or ()),
        link=typed.get("link") or "",
        capacity=_count(typed, "capacity"),
        places_per_team=_count(typed, "places_per_team"),
        agenda=typed.get("agenda") or "",
        description=typed.get("description") or "",
        theme=typed.get("theme") or "",
    )


def _change_step(submission: Submission) -> tuple[int, dict[str, Any]]:
    """Read which step of the form was sent, and what was typed before it."""
    found = json.loads(submission.metadata)  # ``_seen`` has read it already
    return int(found.get("step", 1)), dict(found.get("typed") or {})


async def _change_view(
    visit: Visit,
    activity: Activity,
    typed: Mapping[str, Any],
    *,
    step: int = 1,
    carried: Mapping[str, Any] | None = None,
    note: str = "",
) -> dict[str, Any]:
    edition = await visit.work.editions.get(activity.edition)
    cities = await visit.work.editions.cities(activity.edition)
    choices = forms.Choices(cities=cities, themes=edition.themes if edition else ())
    seen = {"activity": activity.id, "revision": activity.revision, "step": step, "typed": dict(carried or {})}
    metadata = json.dumps(seen, ensure_ascii=False)
    if len(metadata) > LONGEST_METADATA:
        raise Refused("Tylu sieci i miast naraz nie można wybrać. Prosimy zostawić najważniejsze.")
    return forms.change_form(visit.words, activity, choices, typed, step=step, metadata=metadata, note=note)


def _count(typed: Mapping[str, Any], name: str) -> int | None:
    """Read a number of places; what is none comes out as 0, which no activity may have."""
    written = str(typed.get(name) or "")
    if not written:
        return None
    return int(written) if written.isascii() and written.isdigit() and len(written) < LONGEST_COUNT else 0


def _steps_so_far(submission: Submission) -> tuple[int, dict[str, Any], str]:
    """Read which step was sent, everything typed up to it, and which notice stood in the first one."""
    if not submission.metadata:
        return 1, dict(submission.typed), submission.notice
    try:
        found = json.loads(submission.metadata)
        notice = str(found["notice"]) or submission.notice
        return int(found["step"]), {**found["typed"], **submission.typed}, notice
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("Ten formularz jest już nieaktualny. Prosimy otworzyć go ponownie.") from error


def _with_questions(submission: Submission, typed: Mapping[str, Any], which: WhichHour) -> dict[str, Any]:
    """Add the question which hour is meant; one that was asked already and not answered is an error there."""
    if set(which.asks) <= set(submission.fields):
        asked = {name: which.fields[name.replace("_fold", "_time")] for name in which.asks}
        raise Refused("Formularz wymaga poprawek.", fields=asked)
    return dict(typed) | {name: typed.get(name) for name in which.asks}


def _done(visit: Visit, title: str, text: str) -> dict[str, Any]:
    """Say what was saved; closing that closes the form under it too."""
    view = forms.done_view(visit.words, title, text) | {"clear_on_close": True}
    return {"response_action": "update", "view": view}


async def _preview(
    visit: Visit, before: Activity, moved: Activity, difference: Difference, typed: Mapping[str, Any], *, note: str = ""
) -> dict[str, Any]:
    """Make the screen that shows what a move would change, and what stands at the same time."""
    activities = await visit.work.activities.between(
        moved.edition, moved.starts_at, moved.ends_at, networks=moved.networks
    )
    others = await cards_of(visit.work, [one for one in activities if one.id != moved.id and one.is_open])
    day = visit.member.day_of(visit.now)
    shown = [card for card in others if can(visit.actor, Action.SEE_ACTIVITY, card.place, day=day)]
    metadata = json.dumps({"activity": before.id, "revision": before.revision, "typed": dict(typed)})
    return move_preview(
        visit.words, before, moved, difference, zone=visit.member.zone, conflicts=shown, metadata=metadata, note=note
    )


def _typed_before(submission: Submission) -> dict[str, Any]:
    """Read what was typed in the form under the preview."""
    try:
        return dict(json.loads(submission.metadata)["typed"])
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("Ten formularz jest już nieaktualny. Prosimy otworzyć go ponownie.") from error


def _metadata(activity: Activity) -> str:
    return json.dumps({"activity": activity.id, "revision": activity.revision})


def _seen(submission: Submission) -> tuple[str, int]:
    """Read which activity a form is about and which revision its person saw."""
    try:
        found = json.loads(submission.metadata)
        return str(found["activity"]), int(found["revision"])
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("Ten formularz jest już nieaktualny. Prosimy otworzyć go ponownie.") from error
