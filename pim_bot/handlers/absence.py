"""``/pim urlop``: when somebody is away, and who stands in meanwhile."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from pim_bot.blocks import absence as blocks
from pim_bot.blocks.elements import Message
from pim_bot.blocks.forms import done_view
from pim_bot.errors import Refused
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import Door, Screens, Visit
from pim_bot.handlers.payloads import Click, Command, Request, Submission
from pim_bot.programme.absence import change_absence, deputies_of
from pim_bot.programme.names import folded
from pim_bot.programme.people import Member
from pim_bot.programme.permissions import Action, needs, require

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?")


@dataclass(frozen=True, kw_only=True, slots=True)
class AbsenceHandlers:
    """The form of an absence, and the button that ends one."""

    door: Door
    screens: Screens

    @needs(Action.SET_PREFERENCES)
    async def open_by_command(self, command: Command) -> Message | None:
        """``/pim urlop [od] [do] [zastępstwo]``: open the form, with what was said in it."""
        await self._open(command, command.rest)
        return None

    @needs(Action.SET_PREFERENCES)
    async def open(self, click: Click) -> None:
        """„Urlop”: open the same form."""
        await self._open(click, "")

    async def _open(self, request: Request, said: str) -> None:
        async with self.door.look(request) as visit:
            require(visit.actor, Action.SET_PREFERENCES, now=visit.now, owner=visit.member.id)
            edition, today = await visit.edition(), visit.member.day_of(visit.now)
            deputies = await deputies_of(visit.work, visit.member, edition.slug, today)
            typed = _typed(visit.member) | said_in(said, today, deputies)
            view = blocks.absence_form(visit.words, visit.member, deputies, typed)
        await self.screens.open(request.trigger_id, view)

    @needs(Action.SET_PREFERENCES)
    async def save(self, submission: Submission) -> Answer:
        """Keep it."""
        async with self.door.act(submission) as visit:
            since, until = (_day(submission.typed.get(name)) for name in ("since", "until"))
            if since is None and until is None:
                missing = Refused("Prosimy wybrać dzień z kalendarza.")
                raise Refused("Formularz wymaga poprawek.", fields={"since": missing, "until": missing})
            deputy = str(submission.typed.get("deputy") or "")
            changed = await change_absence(
                visit.work, visit.actor, since=since, until=until, deputy=deputy, now=visit.now
            )
            return {"response_action": "update", "view": await _done(visit, changed)}

    @needs(Action.SET_PREFERENCES)
    async def end(self, click: Click) -> None:
        """„Usuń nieobecność”."""
        async with self.door.act(click) as visit:
            changed = await change_absence(visit.work, visit.actor, since=None, until=None, now=visit.now)
            view = await _done(visit, changed)
        await self.screens.open(click.trigger_id, view)


def said_in(text: str, today: date, deputies: list[Member]) -> dict[str, Any]:
    """Read days such as 1.02 or 2022-02-14, and part of a name; what is not understood is left for the form."""
    days = [day for found in _DAY.finditer(text) if (day := _day_in(found, today))][:2]
    named = folded(_DAY.sub(" ", text))
    able = [one for one in deputies if named and named in folded(one.name)]
    typed = dict(zip(("since", "until"), (day.isoformat() for day in days), strict=False))
    return typed | ({"deputy": able[0].id} if len(able) == 1 else {})


def _day_in(found: re.Match[str], today: date) -> date | None:
    """Read a day; one without a year is the next of that name."""
    year, month, day, short_day, short_month, short_year = found.groups()
    try:
        if year:
            return date(int(year), int(month), int(day))
        told = date(int(short_year or today.year), int(short_month), int(short_day))
        return told if short_year or told >= today else told.replace(year=told.year + 1)
    except ValueError:
        return None


def _typed(member: Member) -> dict[str, Any]:
    preferences = member.preferences
    days = {"since": preferences.away_since, "until": preferences.away_until}
    return {name: day.isoformat() for name, day in days.items() if day} | {"deputy": preferences.deputy}


def _day(typed: object) -> date | None:
    try:
        return date.fromisoformat(str(typed))
    except ValueError:
        return None


async def _done(visit: Visit, changed: Member) -> dict[str, Any]:
    deputy = await visit.work.people.get(changed.preferences.deputy) if changed.preferences.deputy else None
    said = blocks.absence_line(visit.words, changed, deputy.name if deputy else "")
    return done_view(visit.words, visit.words.text("Urlop"), said)
