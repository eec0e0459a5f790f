"""``/pim materiały``: what belongs to activities, added from the announcement or from a message, and found by words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pim_bot.blocks import materials as blocks
from pim_bot.blocks.elements import Message
from pim_bot.blocks.forms import done_view
from pim_bot.blocks.markup import plain_text
from pim_bot.errors import NotAllowed, Refused
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import Door, Screens, Visit
from pim_bot.handlers.payloads import Click, Command, Quoted, Submission
from pim_bot.handlers.quoting import first_link, source_of
from pim_bot.programme.activity import Activity, ActivityStatus
from pim_bot.programme.card import cards_of
from pim_bot.programme.materials import add_material, find_materials, open_activity, remove_material
from pim_bot.programme.permissions import Action, can, needs
from pim_bot.programme.words import clean_line

BEHIND, AHEAD = timedelta(days=180), timedelta(days=180)


@dataclass(frozen=True, kw_only=True, slots=True)
class MaterialHandlers:
    """The command, the button and the shortcut."""

    door: Door
    screens: Screens

    @needs(Action.SEE_PROGRAMME)
    async def show(self, command: Command) -> Message:
        """``/pim materiały [words]``: the materials that these words name."""
        async with self.door.look(command) as visit:
            edition = await visit.edition()
            found = await find_materials(visit.work, visit.actor, edition.slug, command.rest, now=visit.now)
            return blocks.materials(visit.words, found, typed=command.rest)

    @needs(Action.ADD_MATERIAL)
    async def open_form(self, click: Click) -> None:
        """„Dodaj materiał”: open the form for this activity."""
        async with self.door.look(click) as visit:
            card = await open_activity(visit.work, visit.actor, click.value, now=visit.now)
            view = blocks.material_form(visit.words, [card.activity], {})
        await self.screens.open(click.trigger_id, view)

    @needs(Action.ADD_MATERIAL)
    async def open_form_by_shortcut(self, click: Click) -> None:
        """„Dodaj materiał” on a message: open the form with its file or link, for one of the activities near today."""
        async with self.door.look(click) as visit:
            activities = await _near(visit)
            if not activities:
                raise NotAllowed("Nie ma teraz wydarzenia, do którego można dodać materiał.")
            if click.quoted is None:
                raise Refused("Prosimy użyć tego skrótu na wiadomości z plikiem albo linkiem.")
            view = blocks.material_form(visit.words, activities, _typed(click.quoted), from_message=True)
        await self.screens.open(click.trigger_id, view)

    @needs(Action.ADD_MATERIAL)
    async def add(self, submission: Submission) -> Answer:
        """Keep the material."""
        typed = submission.typed
        activity_id = submission.metadata or str(typed.get("activity") or "")
        title, link = str(typed.get("title") or ""), str(typed.get("link") or "")
        async with self.door.act(submission) as visit:
            material = await add_material(visit.work, visit.actor, activity_id, title=title, link=link, now=visit.now)
            said = visit.words.text(
                "Zapisane: {title}. Znajdą to Państwo w ogłoszeniu i poleceniem /pim materiały.", title=material.title
            )
            view = done_view(visit.words, visit.words.text("Dodaj materiał"), said)
            return {"response_action": "update", "view": view}

    @needs(Action.REMOVE_MATERIAL)
    async def remove(self, click: Click) -> None:
        """„Usuń”: take it away, and say so on a screen of its own, since the list is an answer that stays as it was."""
        async with self.door.act(click) as visit:
            await remove_material(visit.work, visit.actor, click.value, now=visit.now)
            view = done_view(visit.words, visit.words.text("Materiały"), visit.words.text("Materiał jest usunięty."))
        await self.screens.open(click.trigger_id, view)


async def _near(visit: Visit) -> list[Activity]:
    """Tell the activities of these months to which the person may add something, the nearest to today first."""
    edition, day = await visit.edition(), visit.member.day_of(visit.now)
    activities = await visit.work.activities.between(edition.slug, visit.now - BEHIND, visit.now + AHEAD)
    cards = await cards_of(visit.work, [one for one in activities if one.status is not ActivityStatus.CANCELLED])
    mine = [one.activity for one in cards if can(visit.actor, Action.ADD_MATERIAL, one.hosted_place, day=day)]
    return sorted(mine, key=lambda one: abs(one.starts_at - visit.now))


def _typed(quoted: Quoted) -> Mapping[str, Any]:
    """Fill the form from a message: its file, else the first link in it, else the message itself."""
    if quoted.files:
        name, link = quoted.files[0]
        return {"title": clean_line(name), "link": link}
    lines = plain_text(quoted.text).splitlines()
    return {"title": clean_line(lines[0] if lines else ""), "link": first_link(quoted.text) or source_of(quoted).link}
