"""Counting questions, so that the list of what is understood can grow. No word of a person's own is kept for it."""

from datetime import date, datetime, timedelta

from pim_bot.programme import ports
from pim_bot.programme.people import Actor
from pim_bot.programme.permissions import Action, require
from pim_bot.programme.questions.question import Counted, Question
from pim_bot.programme.questions.understanding import Unclear

LOOK_BACK = timedelta(days=92)
LONGEST_HEARD = 160


async def count_question(work: ports.ProgrammeWork, understood: Question | Unclear, day: date) -> None:
    """Add one to the count of what was asked for."""
    if isinstance(understood, Question):
        await work.questions.count(f"{day:%Y-%m}", understood.meaning.value, "")
    else:
        heard = " ".join(understood.heard)
        await work.questions.count(f"{day:%Y-%m}", "", heard if len(heard) <= LONGEST_HEARD else "…")


async def counted_questions(work: ports.ProgrammeWork, actor: Actor, edition: str, *, now: datetime) -> list[Counted]:
    """Tell how often what was asked for in the last three months, to those who look after the bot."""
    require(actor, Action.SEE_QUESTIONS, now=now, edition=edition)
    return await work.questions.counted(f"{now - LOOK_BACK:%Y-%m}")
