"""The rules of feedback beside the promise: when what is asked, what an answer holds, what a round comes to."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pim_bot.errors import NotAllowed, Refused
from pim_bot.events.catalogue import EditionChanged, PooledFeedbackGiven
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.feedback import close_feedback, give_feedback, plan_values
from pim_bot.programme.feedback import (
    END,
    HALF,
    VALUES,
    FeedbackAnswer,
    FeedbackResult,
    FeedbackRound,
    checked_answer,
    days_of_quarter,
    days_of_values,
    quarter_of,
    result_of,
    values_subject,
)
from tests.fakes import FakeWork
from tests.unit import green

SUBJECT = values_subject(green.EDITION, HALF)
SCORES = {value: str(1 + number) for number, value in enumerate(VALUES)}


@pytest.mark.parametrize(
    ("day", "quarter", "first", "last"),
    [
        (date(2022, 1, 1), "2022-Q1", date(2022, 1, 1), date(2022, 3, 31)),
        (date(2022, 6, 30), "2022-Q2", date(2022, 4, 1), date(2022, 6, 30)),
        (date(2022, 7, 1), "2022-Q3", date(2022, 7, 1), date(2022, 9, 30)),
        (date(2022, 12, 31), "2022-Q4", date(2022, 10, 1), date(2022, 12, 31)),
    ],
)
def test_a_quarter_has_its_days(day: date, quarter: str, first: date, last: date) -> None:
    assert quarter_of(day) == quarter
    assert days_of_quarter(quarter) == (first, last)


def test_the_values_are_asked_half_way_and_before_the_end_or_on_the_days_of_the_file() -> None:
    first, last = date(2022, 1, 1), date(2022, 12, 31)
    assert days_of_values(first, last) == {HALF: date(2022, 7, 2), END: date(2022, 12, 17)}
    told = (date(2022, 5, 1), date(2022, 11, 1))
    assert days_of_values(first, last, told) == {HALF: told[0], END: told[1]}
    assert days_of_values(None, last) == days_of_values(first, None) == {}


def test_every_value_without_a_score_is_named_at_once() -> None:
    with pytest.raises(Refused) as refused:
        checked_answer(SUBJECT, SCORES | {"staff": None, "contacts": "6", "problems": "1.5"})
    assert sorted(refused.value.fields) == ["contacts", "problems", "staff"]
    assert checked_answer(SUBJECT, SCORES) == FeedbackAnswer(scores=(1, 2, 3, 4, 5))


def test_the_means_are_those_of_each_question_and_of_four_answers_nothing_is_told() -> None:
    answers = [FeedbackAnswer(scores=(1, 2)), FeedbackAnswer(scores=(2, 5))] * 3
    assert result_of(answers) == FeedbackResult(enough=True, answers=6, means=(1.5, 3.5))
    assert result_of(answers[:4]) == FeedbackResult()


def work_with(**facts: object) -> FakeWork:
    work = green.programme()
    work.editions.edition = replace(work.editions.edition, **facts)  # type: ignore[arg-type]
    return work


async def test_a_day_that_is_past_is_not_made_up_for_and_a_moved_one_moves() -> None:
    work = work_with(values_days=(date(2022, 1, 9), date(2022, 3, 5)))
    changed = RecordedEvent(id=1, at=green.NOW, actor="import", event=EditionChanged(edition=green.EDITION))
    await plan_values(work, changed)
    end = values_subject(green.EDITION, END)
    planned = [(item.subject, item.due_at.astimezone(UTC)) for item in work.due_items.planned()]
    assert planned == [(end, datetime(2022, 3, 7, 7, 0, tzinfo=UTC))]  # the 5th is a Saturday
    work.editions.edition = replace(work.editions.edition, values_days=(date(2022, 1, 9), date(2022, 4, 1)))
    await plan_values(work, changed)
    planned = [(item.subject, item.due_at.astimezone(UTC)) for item in work.due_items.planned()]
    assert planned == [(end, datetime(2022, 4, 1, 6, 0, tzinfo=UTC))]


async def opened(work: FakeWork, *, named: bool) -> None:
    await work.feedback.open(
        FeedbackRound(subject=SUBJECT, closes_at=green.NOW + timedelta(days=14), named=named), at=green.NOW
    )


async def test_only_people_of_the_cities_answer_about_the_values() -> None:
    work = work_with()
    await opened(work, named=False)
    before = work.state()
    for member in (green.EXPERT, green.GUARDIAN, green.COORDINATOR, green.MINISTRY, green.NOBODY):
        with pytest.raises(NotAllowed):
            await give_feedback(work, green.acting(member), SUBJECT, SCORES, now=green.NOW)
    assert work.state() == before
    await give_feedback(work, green.acting(green.ZORY), SUBJECT, SCORES, now=green.NOW)
    assert work.feedback.bags[SUBJECT] == [FeedbackAnswer(scores=(1, 2, 3, 4, 5))]
    assert work.recorded[-1] == (PooledFeedbackGiven(about=SUBJECT), "chat", green.NOW)


async def test_a_named_round_keeps_its_few_answers_with_their_people() -> None:
    work = work_with()
    await opened(work, named=True)
    await give_feedback(work, green.acting(green.ZORY), SUBJECT, SCORES, now=green.NOW)
    await close_feedback(work, SUBJECT, now=green.NOW)
    kept = FeedbackAnswer(scores=(1, 2, 3, 4, 5), member_id="zory")
    assert (work.feedback.bags[SUBJECT], work.feedback.marks) == ([kept], set())
    assert work.feedback.rounds[SUBJECT].result == FeedbackResult()
