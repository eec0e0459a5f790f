"""``/pim zespół``: who is in a city's team; coordinators and the MFiPR guardian see to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pim_bot.blocks import teams as blocks
from pim_bot.blocks.elements import Message
from pim_bot.blocks.forms import done_view
from pim_bot.errors import Refused
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import Door, Screens, Visit
from pim_bot.handlers.payloads import Click, Command, Submission
from pim_bot.programme.enrolling import (
    TeamPlace,
    add_to_team,
    end_in_team,
    make_contact,
    place_of_city,
    team_list,
)
from pim_bot.programme.leaving import take_over_activity
from pim_bot.programme.names import city_names
from pim_bot.programme.people import RoleName
from pim_bot.programme.permissions import Action, needs, require


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamHandlers:
    """The list of a team, and the forms that change it."""

    door: Door
    screens: Screens

    @needs(Action.SEE_PROGRAMME)
    async def show(self, command: Command) -> Message:
        """``/pim zespół [city]``: the team of a city, of one's own when none is named."""
        async with self.door.look(command) as visit:
            day = visit.member.day_of(visit.now)
            edition = await visit.edition()
            cities = await visit.work.editions.cities(edition.slug)
            city = city_names(cities).find(command.rest) if command.rest else _own_city(visit, edition.slug)
            if not city:
                return blocks.teams(visit.words, [one.name for one in cities])
            place = await place_of_city(visit.work, edition.slug, city, day)
            found = await team_list(visit.work, visit.actor, place, now=visit.now)
            return blocks.team(visit.words, found, today=day)

    @needs(Action.MANAGE_TEAM)
    async def open_join(self, click: Click) -> None:
        """„Dodaj osobę”: open the form."""
        place, _ = _place(click.value)
        async with self.door.look(click) as visit:
            require(visit.actor, Action.MANAGE_TEAM, now=visit.now, edition=place.edition, network=place.network)
            found = await team_list(visit.work, visit.actor, place, now=visit.now)
            today = visit.member.day_of(visit.now).isoformat()
            view = blocks.join_form(visit.words, found.city, place.key, {"since": today})
        await self.screens.open(click.trigger_id, view)

    @needs(Action.MANAGE_TEAM)
    async def join(self, submission: Submission) -> Answer:
        """Add the person."""
        place, _ = _place(submission.metadata)
        async with self.door.act(submission) as visit:
            typed = submission.typed
            await add_to_team(
                visit.work,
                visit.actor,
                place,
                name=str(typed.get("name") or ""),
                email=str(typed.get("email") or ""),
                contact=bool(typed.get(blocks.CONTACT)),
                since=_day(typed, "since"),
                now=visit.now,
            )
            said = visit.words.text("Zapisane. Ta osoba dostanie podsumowanie na początek.")
            return {"response_action": "update", "view": _done(visit, said)}

    @needs(Action.MANAGE_TEAM)
    async def open_leave(self, click: Click) -> None:
        """„Zakończ”: open the form."""
        place, member_id = _place(click.value)
        async with self.door.look(click) as visit:
            require(visit.actor, Action.MANAGE_TEAM, now=visit.now, edition=place.edition, network=place.network)
            member = await visit.work.people.get(member_id)
            today = visit.member.day_of(visit.now)
            view = blocks.leave_form(visit.words, member.name if member else "–", click.value, today)
        await self.screens.open(click.trigger_id, view)

    @needs(Action.MANAGE_TEAM)
    async def leave(self, submission: Submission) -> Answer:
        """End the membership."""
        place, member_id = _place(submission.metadata)
        async with self.door.act(submission) as visit:
            last_day = _day(submission.typed, "last_day")
            await end_in_team(visit.work, visit.actor, place, member_id, last_day=last_day, now=visit.now)
            return {"response_action": "update", "view": _done(visit, visit.words.text("Zapisane."))}

    @needs(Action.MANAGE_TEAM)
    async def make_contact(self, click: Click) -> None:
        """„Osoba kontaktowa”: from now on the team's answers are this person's duty."""
        place, member_id = _place(click.value)
        async with self.door.act(click) as visit:
            await make_contact(visit.work, visit.actor, place, member_id, now=visit.now)
            view = _done(visit, visit.words.text("Zapisane. Ta osoba odpowiada teraz za odpowiedzi zespołu."))
        await self.screens.open(click.trigger_id, view)

    @needs(Action.CHANGE_ACTIVITY)
    async def take_over_activity(self, click: Click) -> None:
        """„Przejmuję”: from now on the activity is this person's duty."""
        async with self.door.act(click) as visit:
            await take_over_activity(visit.work, visit.actor, click.value, now=visit.now)


def _own_city(visit: Visit, edition: str) -> str:
    day = visit.member.day_of(visit.now)
    roles = visit.member.in_edition(edition).roles
    return next((role.city for role in roles if role.name is RoleName.OFFICIAL and role.holds_on(day)), "")


def _place(value: str) -> tuple[TeamPlace, str]:
    """Read the team that a button or a form is about, and the member if it names one."""
    edition, network, city, *member = [*value.split("/"), "", ""][:5]
    return TeamPlace(edition=edition, network=network, city=city), next(iter(member), "")


def _day(typed: Mapping[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(typed.get(name) or "")
    except ValueError as error:
        problem = Refused("Prosimy wybrać dzień z kalendarza.")
        raise Refused("Formularz wymaga poprawek.", fields={name: problem}) from error


def _done(visit: Visit, said: str) -> dict[str, Any]:
    return done_view(visit.words, visit.words.text("Zespół"), said)
