"""Giving feedback in chat: one tap. No key of the request is kept, since it would tie the score to the person."""

from dataclasses import dataclass

from pim_bot.errors import Refused
from pim_bot.handlers.door import Door
from pim_bot.handlers.payloads import Click
from pim_bot.notifications.feedback import give_feedback
from pim_bot.programme.permissions import Action, needs


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedbackHandlers:
    """The five buttons of the question."""

    door: Door

    @needs(Action.GIVE_FEEDBACK)
    async def score(self, click: Click) -> None:
        """Put the score of the pressed button into the bag; the mark of who answered is what makes it once only."""
        written = click.action_id.rpartition("/")[2]
        if written not in {"1", "2", "3", "4", "5"}:
            raise Refused("Prosimy wybrać ocenę od 1 do 5.")
        async with self.door.act(click, remember=False) as visit:
            await give_feedback(visit.work, visit.actor, click.value, int(written), now=visit.now)
