"""Feedback: what a round asks about, what an answer holds, and what a round comes to.

A round is named by its subject: ``activity:<id>``, ``values:<edition>/<half or end>``, ``advice:<edition>/<network>/
<quarter>``. The five values are those that participants of the pilot named (``docs/glossary.md``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pim_bot.errors import Refused
from pim_bot.programme.words import clean_line

FEWEST_FOR_RESULT = 5
LOWEST, HIGHEST = 1, 5
LONGEST_COMMENT = 300
OVERALL = "overall"
VALUES = ("staff", "problems", "practices", "support", "contacts")
HALF, END = "half", "end"
ENDS_BEFORE = timedelta(days=14)
"""The second round of the values is asked so long before the edition's last day: it closes before people are gone."""


class About(StrEnum):
    """What a round asks about: one activity, a participant's gain from the programme, a quarter of advice."""

    ACTIVITY = "activity"
    VALUES = "values"
    ADVICE = "advice"


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedbackAnswer:
    """One score to each question of a round, and perhaps a line; ``member_id`` is there in the named mode only."""

    scores: tuple[int, ...]
    comment: str = ""
    member_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedbackResult:
    """What a round came to: the mean of each question; of too few answers it tells nothing, not even their number."""

    enough: bool = False
    answers: int = 0
    means: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedbackRound:
    """A round: until when it takes answers, whether with names, and the result once it is closed."""

    subject: str
    closes_at: datetime
    named: bool = False
    is_open: bool = True
    result: FeedbackResult | None = None

    @property
    def about(self) -> About:
        """What it asks about."""
        return about_of(self.subject)


def about_of(subject: str) -> About:
    """Tell what a round of that subject asks about."""
    return About(subject.partition(":")[0])


def questions_of(subject: str) -> tuple[str, ...]:
    """Tell the questions of a round, in their order."""
    return VALUES if about_of(subject) is About.VALUES else (OVERALL,)


def values_subject(edition: str, moment: str) -> str:
    """Name the round of an edition about the five values."""
    return f"{About.VALUES}:{edition}/{moment}"


def advice_subject(edition: str, network: str, quarter: str) -> str:
    """Name the round about a network's advisory sessions of a quarter."""
    return f"{About.ADVICE}:{edition}/{network}/{quarter}"


def quarter_of(day: date) -> str:
    """Name the quarter of a day, such as 2022-Q1."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def days_of_quarter(quarter: str) -> tuple[date, date]:
    """Tell the first and the last day of a quarter."""
    year, number = int(quarter[:4]), int(quarter[-1])
    after = date(year + number // 4, number * 3 % 12 + 1, 1)
    return date(year, number * 3 - 2, 1), after - timedelta(days=1)


def days_of_values(first: date | None, last: date | None, told: Sequence[date] = ()) -> dict[str, date]:
    """Tell when the values are asked: on the days that the edition's file tells, else half-way and before the end."""
    if told:
        return dict(zip((HALF, END), told, strict=False))
    if first is None or last is None:
        return {}
    return {HALF: first + (last - first) / 2, END: last - ENDS_BEFORE}


def checked_answer(subject: str, typed: Mapping[str, object]) -> FeedbackAnswer:
    """Read the answer that a person typed. Raises ``Refused`` with every question that has no score."""
    scores = [_score(typed.get(question)) for question in questions_of(subject)]
    problems = {
        question: Refused("Prosimy wybrać ocenę od 1 do 5.")
        for question, score in zip(questions_of(subject), scores, strict=True)
        if score is None
    }
    comment = clean_line(str(typed.get("comment") or ""))
    if len(comment) > LONGEST_COMMENT:
        problems["comment"] = Refused("Komentarz może mieć najwyżej {most} znaków.", most=LONGEST_COMMENT)
    if problems:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    return FeedbackAnswer(scores=tuple(score for score in scores if score is not None), comment=comment)


def _score(value: object) -> int | None:
    known = {str(score): score for score in range(LOWEST, HIGHEST + 1)}
    return known.get(str(value))


def result_of(answers: Sequence[FeedbackAnswer]) -> FeedbackResult:
    """Tell what answers come to."""
    if len(answers) < FEWEST_FOR_RESULT:
        return FeedbackResult()
    by_question = zip(*(answer.scores for answer in answers), strict=True)
    means = tuple(round(sum(scores) / len(answers), 1) for scores in by_question)
    return FeedbackResult(enough=True, answers=len(answers), means=means)
