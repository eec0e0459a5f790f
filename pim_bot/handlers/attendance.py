"""Answering invitations in chat."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pim_bot.blocks import attendance as attendance_blocks
from pim_bot.blocks import forms, ids
from pim_bot.blocks.elements import Message
from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.handlers.agenda import AHEAD, rights_in
from pim_bot.handlers.dispatch import Answer as Reply
from pim_bot.handlers.door import Door, Screens, Visit
from pim_bot.handlers.payloads import Click, Command, Submission
from pim_bot.notifications.chasing import chase_answers, owing_of, owing_of_many
from pim_bot.programme.activity import CHOICES, Activity, Answer, Attendance
from pim_bot.programme.card import ActivityCard, card_of, cards_of
from pim_bot.programme.invitations import answer_invitation, invitation_of
from pim_bot.programme.names import folded
from pim_bot.programme.people import Member, team_of
from pim_bot.programme.permissions import Action, can, needs, require
from pim_bot.programme.scheduling import planned_by
from pim_bot.programme.words import clean_line

MOST_MEANT = 3
NOT_YET = {"jeszcze", "nie", "potwierdzil", "potwierdzila", "odpowiedzial", "odpowiedziala", "udzial", "udzialu"}
LEADING = frozenset({*NOT_YET, "na", "w", "we", "z", "has", "not", "yet", "answered", "for", "in"})
"""Words that only lead to the name of an activity: „kto nie potwierdził udziału w …”."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AttendanceHandlers:
    """The answer buttons, and the forms behind them."""

    door: Door
    screens: Screens

    @needs(Action.ANSWER_INVITATION)
    async def going(self, click: Click) -> None:
        """„Wezmę udział”."""
        await self._answer(click, Answer.GOING)

    @needs(Action.ANSWER_INVITATION)
    async def unsure(self, click: Click) -> None:
        """„Jeszcze nie wiem”."""
        await self._answer(click, Answer.UNSURE)

    @needs(Action.ANSWER_INVITATION)
    async def not_going(self, click: Click) -> None:
        """„Nie wezmę udziału”."""
        await self._answer(click, Answer.NOT_GOING)

    async def _answer(self, click: Click, answer: Answer) -> None:
        async with self.door.act(click) as visit:
            await answer_invitation(visit.work, visit.actor, click.value, answer, now=visit.now)

    @needs(Action.ANSWER_INVITATION)
    async def open_people(self, click: Click) -> None:
        """„Zgłaszam osoby”: open the form with the team's people to tick."""
        async with self.door.look(click) as visit:
            activity, attendance, team = await _invitation(visit, click.value)
            if team_of(attendance.invitee) is None:
                raise Refused("Zaproszenie jest imienne. Prosimy wybrać jedną z odpowiedzi.")
            view = forms.people_form(visit.words, activity, team, _typed(attendance, team))
        await self.screens.open(click.trigger_id, view)

    @needs(Action.ANSWER_INVITATION)
    async def register_people(self, submission: Submission) -> Reply:
        """Register the people of a team by name."""
        return await self._save(submission, submission.metadata, Answer.GOING)

    @needs(Action.ANSWER_INVITATION)
    async def open_answer(self, click: Click) -> None:
        """Open the form in which an invitation is answered, or an answer is changed."""
        async with self.door.look(click) as visit:
            activity, attendance, team = await _invitation(visit, click.value)
            view = forms.answer_form(visit.words, activity, attendance, team, _typed(attendance, team))
        await self.screens.open(click.trigger_id, view)

    @needs(Action.ANSWER_INVITATION)
    async def answer(self, submission: Submission) -> Reply:
        """Save the answer given in the form."""
        chosen = submission.typed.get("answer")
        if chosen not in CHOICES:
            problem = Refused("Prosimy wybrać jedną z odpowiedzi.")
            raise Refused("Formularz wymaga poprawek.", fields={"answer": problem})
        return await self._save(submission, submission.metadata, Answer(chosen))

    @needs(Action.CHASE_ANSWERS)
    async def who_owes(self, command: Command) -> Message:
        """``/pim kto [wydarzenie]``: who has not answered yet; without words, of what comes next."""
        async with self.door.look(command) as visit:
            edition, day = await visit.edition(), visit.member.day_of(visit.now)
            if Action.SCHEDULE_ACTIVITY not in await rights_in(visit):
                require(visit.actor, Action.CHASE_ANSWERS, now=visit.now, edition=edition.slug)
            activities = await visit.work.activities.between(edition.slug, visit.now, visit.now + AHEAD)
            coming = [one for one in activities if one.is_open and one.starts_at > visit.now]
            cards = [card for card in await cards_of(visit.work, coming) if card.count.owed]
            mine = [card for card in cards if can(visit.actor, Action.CHASE_ANSWERS, card.place, day=day)]
            meant = meant_by(mine, command.rest)[:MOST_MEANT]
            owing = await owing_of_many(visit.work, [card.activity for card in meant])
            return attendance_blocks.who_owes(visit.words, [(card, owing[card.activity.id]) for card in meant])

    @needs(Action.CHASE_ANSWERS)
    async def show_owing(self, click: Click) -> None:
        """„Kto nie potwierdził”: show it on a screen of its own."""
        async with self.door.look(click) as visit:
            activity = await planned_by(visit.work, visit.actor, click.value, Action.CHASE_ANSWERS, now=visit.now)
            found = (await card_of(visit.work, activity), await owing_of(visit.work, activity))
            message = attendance_blocks.who_owes(visit.words, [found])
            view = forms.done_view(visit.words, visit.words.text("Kto nie potwierdził"), message.text)
        await self.screens.open(click.trigger_id, view | {"blocks": list(message.blocks)})

    @needs(Action.CHASE_ANSWERS)
    async def chase(self, click: Click) -> None:
        """„Przypomnij tym osobom”: remind exactly those, and say how many they are."""
        async with self.door.act(click) as visit:
            owing = await chase_answers(visit.work, visit.actor, click.value, now=visit.now)
            activity = await visit.work.activities.get(click.value)
            assert activity is not None
            said = attendance_blocks.chased(visit.words, activity, owing)
            view = forms.done_view(visit.words, visit.words.text("Kto nie potwierdził"), said)
        await self.screens.open(click.trigger_id, view)

    async def _save(self, submission: Submission, activity_id: str, answer: Answer) -> Reply:
        async with self.door.act(submission) as visit:
            people = await _people(visit, submission) if answer is Answer.GOING else None
            saved = await answer_invitation(visit.work, visit.actor, activity_id, answer, people=people, now=visit.now)
            words = visit.words
            said = words.text("Odpowiedź jest zapisana. Dziękujemy.")
            if saved.answer is Answer.WAITING:
                said += " " + words.text("Wszystkie miejsca są zajęte. Gdy zwolni się miejsce, damy znać.")
            if saved.people:
                said += " " + words.text("Zgłoszone osoby: {people}.", people=", ".join(saved.people))
            return {"response_action": "update", "view": forms.done_view(words, words.text("Odpowiedź"), said)}


def meant_by(cards: Sequence[ActivityCard], typed: str) -> list[ActivityCard]:
    """Tell which activities a person means by some words; the next one where there are none.

    Every word must stand in the title, the place or a network's name; words that only lead there are left out.
    """
    wanted = [word for word in folded(typed).split() if word not in LEADING]
    if not wanted:
        return list(cards[:1])
    return [card for card in cards if all(word in _called(card) for word in wanted)]


def _called(card: ActivityCard) -> str:
    names = [card.activity.title, card.activity.place, *(network.name for network in card.networks)]
    return folded(" ".join([*names, *(city.name for city in card.cities)]))


async def _invitation(visit: Visit, activity_id: str) -> tuple[Activity, Attendance, list[Member]]:
    """Read an activity, the invitation that this person may answer, and their team if it is a team's."""
    activity = await visit.work.activities.get(activity_id)
    if activity is None:
        raise NotFound("Tego wydarzenia już nie ma. Aktualną listę pokaże polecenie /pim terminy.")
    day = visit.member.day_of(visit.now)
    attendance = await invitation_of(visit.work, activity, visit.member, day)
    if attendance is None:
        raise NotAllowed("Na to wydarzenie nie ma zaproszenia dla Państwa zespołu. W razie pytań pomoże koordynacja.")
    if not activity.is_open or activity.starts_at <= visit.now:
        raise Refused("To wydarzenie już się rozpoczęło albo jest odwołane, więc odpowiedzi nie można zmienić.")
    teams = await visit.work.people.teams(activity.edition, activity.networks, day)
    members = [member for team in teams if team.invitee == attendance.invitee for member in team.members]
    return activity, attendance, members


def _typed(attendance: Attendance, team: list[Member]) -> dict[str, Any]:
    """Tell what stands in the form already: the people registered so far."""
    names = {member.name: member.id for member in team}
    return {
        "team": [names[name] for name in attendance.people if name in names],
        "people": "\n".join(name for name in attendance.people if name not in names),
    }


async def _people(visit: Visit, submission: Submission) -> list[str] | None:
    """Read the names in a form; None when it names nobody, so that the person who answers is meant."""
    ticked = await visit.work.people.many(submission.typed.get("team") or [])
    written = str(submission.typed.get("people") or "").splitlines()
    names = [member.name for member in ticked] + [name for name in written if clean_line(name)]
    if not names and submission.callback_id != ids.PEOPLE_FORM:
        return None
    if not names:
        problem = Refused("Prosimy zaznaczyć albo wpisać przynajmniej jedną osobę.")
        raise Refused("Formularz wymaga poprawek.", fields={"people": problem})
    return names
