"""Marking in chat who came to an activity."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

from pim_bot.blocks import forms
from pim_bot.blocks.elements import Message
from pim_bot.blocks.presence import CAME, STEP, export_link, presence_form
from pim_bot.errors import Refused
from pim_bot.handlers.attendance import meant_by
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import Door, Screens, Visit
from pim_bot.handlers.payloads import Click, Command, Submission
from pim_bot.programme.activity import Activity, ActivityStatus
from pim_bot.programme.card import cards_of
from pim_bot.programme.marking import mark_presence, markable, others_of, roster_of
from pim_bot.programme.one_time import Pass, make_token
from pim_bot.programme.participants import PURPOSE, participants_of
from pim_bot.programme.permissions import Action, can, needs, require
from pim_bot.programme.presence import Expected, pages_of
from pim_bot.secret_keys import SecretKeys

LOOK_BACK = timedelta(days=90)


@dataclass(frozen=True, kw_only=True, slots=True)
class PresenceHandlers:
    """``/pim obecność``, the button behind an activity that took place, and the form."""

    door: Door
    screens: Screens
    keys: SecretKeys
    public_url: str

    @needs(Action.MARK_PRESENCE)
    async def open_by_command(self, command: Command) -> Message | None:
        """``/pim obecność [wydarzenie]``: open the form of the latest activity that is meant."""
        async with self.door.look(command) as visit:
            activity = await _latest(visit, command.rest)
            view = await _step(visit, activity, 0)
        await self.screens.open(command.trigger_id, view)
        return None

    @needs(Action.MARK_PRESENCE)
    async def open(self, click: Click) -> None:
        """„Zaznacz obecność”."""
        async with self.door.look(click) as visit:
            view = await _step(visit, await markable(visit.work, visit.actor, click.value, now=visit.now), 0)
        await self.screens.open(click.trigger_id, view)

    @needs(Action.MARK_PRESENCE)
    async def show_export(self, click: Click) -> None:
        """„Lista do Excela”: show a link that gives the list to this person, once."""
        async with self.door.act(click) as visit:
            listed = await participants_of(visit.work, visit.actor, click.value, now=visit.now)
            made = Pass(purpose=PURPOSE, member_id=visit.member.id, facts={"activity": listed.activity.id})
            token = await make_token(visit.work, self.keys, made, now=self.door.machine_clock())
            message = export_link(visit.words, listed, f"{self.public_url}/lista/{token}")
            view = forms.done_view(visit.words, visit.words.text("Lista do Excela"), message.text)
        await self.screens.open(click.trigger_id, view | {"blocks": list(message.blocks)})

    @needs(Action.MARK_PRESENCE)
    async def mark(self, submission: Submission) -> Answer:
        """Save a step, and show the next one or say that everything is saved."""
        activity_id, number, seen = _read(submission)
        ticked = {key for name, keys in submission.typed.items() if name.startswith(f"{CAME}/") for key in keys or ()}
        # Every step is an act of its own, and all of them are sent from one view.
        step = replace(submission, key=f"{submission.key}/{number}/{seen}")
        async with self.door.act(step) as visit:
            activity = await markable(visit.work, visit.actor, activity_id, now=visit.now)
            pages = pages_of(await roster_of(visit.work, activity), most=STEP)
            page = pages[min(number, len(pages) - 1)]
            if seen != digest_of(page):
                note = visit.words.text("Lista osób zmieniła się od otwarcia formularza. Prosimy ją sprawdzić.")
                return {"response_action": "update", "view": await _step(visit, activity, number, note=note)}
            is_last = number >= len(pages) - 1
            others = str(submission.typed.get("people") or "").splitlines() if is_last else None
            shown = {one.key for one in page}
            await mark_presence(
                visit.work, visit.actor, activity_id, shown=shown, came=ticked, others=others, now=visit.now
            )
            if not is_last:
                return {"response_action": "update", "view": await _step(visit, activity, number + 1)}
            roster = await roster_of(visit.work, activity)
            came = sum(one.came is True for one in roster)
            besides = len(await others_of(visit.work, activity))
            said = visit.words.text(
                "Obecność jest zapisana: {came} z {expected}, osoby spoza listy: {others}.",
                came=came,
                expected=len(roster),
                others=besides,
            )
            view = forms.done_view(visit.words, visit.words.text("Obecność"), said)
            return {"response_action": "update", "view": view}


async def _latest(visit: Visit, typed: str) -> Activity:
    """Tell the latest activity that began, that the words mean and whose presence this person may mark."""
    edition, day = await visit.edition(), visit.member.day_of(visit.now)
    found = await visit.work.activities.between(edition.slug, visit.now - LOOK_BACK, visit.now)
    begun = [one for one in found if one.starts_at <= visit.now and one.status is not ActivityStatus.CANCELLED]
    cards = reversed(await cards_of(visit.work, begun))
    mine = [card for card in cards if can(visit.actor, Action.MARK_PRESENCE, card.hosted_place, day=day)]
    if begun and not mine:
        require(visit.actor, Action.MARK_PRESENCE, now=visit.now, edition=edition.slug)
    meant = meant_by(mine, typed)
    if not meant:
        raise Refused(
            "Nie ma takiego wydarzenia z ostatnich trzech miesięcy, na którym mogą Państwo zaznaczyć obecność."
        )
    return meant[0].activity


async def _step(visit: Visit, activity: Activity, number: int, *, note: str = "") -> dict[str, Any]:
    pages = pages_of(await roster_of(visit.work, activity), most=STEP)
    number = min(number, len(pages) - 1)
    page, is_last = pages[number], number == len(pages) - 1
    cities = {city.slug: city.name for city in await visit.work.editions.cities(activity.edition)}
    metadata = json.dumps({"activity": activity.id, "page": number, "seen": digest_of(page)})
    others = await others_of(visit.work, activity) if is_last else None
    return presence_form(visit.words, activity, page, cities, others=others, metadata=metadata, note=note)


def digest_of(page: list[Expected]) -> str:
    """Tell a page of people apart from another one, without their names."""
    return sha256("".join(one.key for one in page).encode()).hexdigest()[:16]


def _read(submission: Submission) -> tuple[str, int, str]:
    try:
        found = json.loads(submission.metadata)
        return str(found["activity"]), max(int(found["page"]), 0), str(found["seen"])
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("Ten formularz jest już nieaktualny. Prosimy otworzyć go ponownie.") from error
