"""Giving feedback in chat: two taps. No key of the request is kept, since it would tie the answer to the person."""

from dataclasses import dataclass

from pim_bot.blocks import feedback as blocks
from pim_bot.blocks.elements import Message
from pim_bot.blocks.forms import done_view
from pim_bot.errors import Refused
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import Door, Screens, Visit
from pim_bot.handlers.payloads import Click, Command, Submission
from pim_bot.notifications.feedback import ASKED_FOR, asked_about, give_feedback, open_round, rounds_for
from pim_bot.programme.feedback import OVERALL, About
from pim_bot.programme.permissions import Action, needs

MOST_ASKED = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedbackHandlers:
    """The buttons of the questions, the form, and ``/pim ocena``."""

    door: Door
    screens: Screens

    @needs(Action.SEE_PROGRAMME)
    async def waiting(self, command: Command) -> Message:
        """``/pim ocena``: what waits for this person's answer."""
        async with self.door.look(command) as visit:
            mine = visit.member.invitees(visit.member.day_of(visit.now))
            invited = await visit.work.attendances.of_invitees(mine, visit.now - ASKED_FOR)
            found = await rounds_for(visit.work, visit.member, invited, visit.now)
            questions = [
                blocks.feedback_question(visit.words, asked, one, state="asked") for asked, one in found[:MOST_ASKED]
            ]
            return blocks.waiting_feedback(visit.words, questions)

    @needs(Action.GIVE_FEEDBACK)
    async def open_form(self, click: Click) -> None:
        """Open the form with the score of the pressed button in it; nothing is kept before it is sent."""
        score = click.action_id.partition("/")[2]
        if score not in {"", "1", "2", "3", "4", "5"}:
            raise Refused("Prosimy wybrać ocenę od 1 do 5.")
        subject = _subject_of(click.value)
        async with self.door.look(click) as visit:
            found = await open_round(visit.work, visit.actor, subject, now=visit.now)
            asked = await asked_about(visit.work, subject)
            if asked is None or await visit.work.feedback.has_answered(subject, visit.member.id):
                view = _thanks(visit, named=found.named)
            else:
                view = blocks.feedback_form(visit.words, asked, found, {OVERALL: score})
        await self.screens.open(click.trigger_id, view)

    @needs(Action.GIVE_FEEDBACK)
    async def give(self, submission: Submission) -> Answer:
        """Put the answer into the bag; the mark of who answered is what makes it once only."""
        subject = _subject_of(submission.metadata)
        async with self.door.act(submission, remember=False) as visit:
            found = await give_feedback(visit.work, visit.actor, subject, submission.typed, now=visit.now)
            return {"response_action": "update", "view": _thanks(visit, named=found.named)}


def _subject_of(value: str) -> str:
    """Tell which round is meant; the first questions bore the id of an activity alone."""
    return value if value.partition(":")[0] in set(About) else f"{About.ACTIVITY}:{value}"


def _thanks(visit: Visit, *, named: bool) -> dict[str, object]:
    kept = "Dziękujemy. Państwa opinia jest zapisana."
    if not named:
        kept = "Dziękujemy. Państwa opinia jest zapisana, bez nazwiska i godziny."
    return done_view(visit.words, visit.words.text("Opinia"), visit.words.text(kept))
