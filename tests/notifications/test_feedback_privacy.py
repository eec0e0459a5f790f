"""The promise of feedback: who answered what is nowhere, neither while the round is open nor afterwards."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.events.catalogue import FeedbackClosed, FeedbackGiven
from pim_bot.notifications.feedback import close_feedback, give_feedback
from pim_bot.programme.activity import Answer
from pim_bot.programme.feedback import OVERALL, FeedbackAnswer, FeedbackResult, FeedbackRound, result_of
from pim_bot.programme.invitations import answer_invitation
from pim_bot.programme.people import Actor, Member, RoleName
from pim_bot.programme.scheduling import schedule_activity
from pim_bot.storage.tables.flow import handled_request, notification
from pim_bot.storage.tables.people import member as member_table
from tests.engines import Engines
from tests.fakes import FakeWork
from tests.hub import RunningHub, import_text, running_hub, shipped
from tests.integration.test_bad_input import Logs, forge_click, watched
from tests.notifications.test_catch_up import CLI, EDITION, draft
from tests.storage.dumps import dump
from tests.unit import green


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[Logs]:
    yield from watched(caplog)


GOING = ("zory", "zory2", "ekspert", "opiekunka", "ministerstwo", "lublin")
TEAM = ["Rozwój, Żory (przykład)", "Zieleń, Żory (przykład)"]
AFTER = green.DRAFT.ends_at + timedelta(hours=1)


@asynccontextmanager
async def hub_that_asks(engines: Engines) -> AsyncIterator[tuple[RunningHub, str]]:
    """A hub in which six people were at a workshop and are asked how it was."""
    async with running_hub(engines) as hub:
        await hub.settle()
        await hub.meet()
        async with hub.parts.storage.work() as work:
            now = hub.parts.clock()
            activity = await schedule_activity(work, CLI, EDITION, draft("Warsztat", "2022-01-12"), now=now)
            for name in GOING:
                one = await work.people.by_chat_user(hub.slack.workspace.team_id, f"U{name.upper()}")
                assert one is not None
                people = TEAM if name.startswith("zory") else None
                actor = Actor(door="chat", member=one)
                await answer_invitation(work, actor, activity.id, Answer.GOING, people=people, now=now)
        await hub.wind(days=3)
        yield hub, activity.id


async def answer(hub: RunningHub, name: str, score: int, comment: str = "") -> None:
    person = hub.user(name)
    asked = next(one for one in person.messages() if "feedback.score" in str(one.blocks))
    await person.click(asked, f"feedback.score/{score}")
    label = "Comment" if name == "lublin" else "Komentarz"
    assert (await person.submit(person.modal, {label: comment} if comment else {})).ok
    hub.machine.advance(seconds=1)
    await hub.settle()


_NEW_EVERY_TIME = (
    re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"),
    re.compile(r"\b[0-9a-f]{32}\b"),
    re.compile(r"\b\d{10}\.\d{6}\b"),
    re.compile(r"\b[0-9a-f]{64}\b"),  # keyed hashes of the audit
)


def plain(rows: dict[str, list[tuple[Any, ...]]], people: dict[str, str]) -> dict[str, list[str]]:
    """Rows as text: people by their address, whatever is new at every run made equal, numbers of rows left out."""
    found = {}
    for table, entries in rows.items():
        lines = []
        for entry in entries if table != "person_key" else [entry[:1] for entry in entries]:
            line = repr(entry[1:] if isinstance(entry[0], int) else entry)
            for member_id, email in people.items():
                line = line.replace(member_id, email)
            for pattern in _NEW_EVERY_TIME:
                line = pattern.sub("NEW", line)
            lines.append(line)
        found[table] = sorted(lines)
    return found


async def traces(engines: Engines, said: dict[str, tuple[int, str]]) -> list[dict[str, list[str]]]:
    """Every row of every table after these people gave these scores, and after they tried to do so when it was over."""
    found = []
    async with hub_that_asks(engines) as (hub, activity_id):
        people = {str(one): str(email) for one, email in await hub.rows(None, member_table.c.id, member_table.c.email)}
        for name, (score, comment) in said.items():
            await answer(hub, name, score, comment)
        found.append(plain(await dump(hub.parts.storage.engine), people))
        await hub.wind(days=20)
        for name, (score, _) in said.items():
            await forge_click(hub, name, f"feedback.score/{score}", activity_id)
        await hub.settle()
        found.append(plain(await dump(hub.parts.storage.engine), people))
    return found


async def test_if_two_people_had_given_each_others_scores_every_row_would_be_the_same(engines: Engines) -> None:
    others = dict.fromkeys(("opiekunka", "ministerstwo", "lublin"), (3, ""))
    one = await traces(engines, {"zory": (1, "Słabo"), "ekspert": (5, "")} | others)
    other = await traces(engines, {"zory": (5, ""), "ekspert": (1, "Słabo")} | others)
    for here, there in zip(one, other, strict=True):
        assert {table: (here[table], there[table]) for table in here if here[table] != there[table]} == {}
    counts = [(len(rows["feedback_answer"]), len(rows["feedback_mark"])) for rows in one]
    assert counts == [(5, 5), (5, 0)]


async def traces_of_values(engines: Engines, said: dict[str, str]) -> list[dict[str, list[str]]]:
    """Every row of every table after these people gave all five values this score."""
    async with running_hub(engines, looked_up=True) as hub:
        told = shipped("pim2-2021-2023.yaml") + b"\nvalues_days: [2022-01-12, 2022-03-01]\n"
        await import_text(hub.parts, told)
        people = {str(one): str(email) for one, email in await hub.rows(None, member_table.c.id, member_table.c.email)}
        await hub.wind(days=2)
        for name, score in said.items():
            person = hub.user(name)
            await person.click(person.last(), "feedback.open")
            assert (await person.submit(person.modal, dict.fromkeys(FIVE, score))).ok
            hub.machine.advance(seconds=1)
            await hub.settle()
        open_ones = plain(await dump(hub.parts.storage.engine), people)
        await hub.wind(days=20)
        return [open_ones, plain(await dump(hub.parts.storage.engine), people)]


FIVE = (
    "Rozwój pracowników",
    "Aktualne problemy",
    "Dobre praktyki",
    "Harmonogram i wsparcie eksperckie",
    "Nowe kontakty",
)


async def test_the_same_holds_for_the_five_values(engines: Engines) -> None:
    one = await traces_of_values(engines, {"zory": "1", "zory2": "5"})
    other = await traces_of_values(engines, {"zory": "5", "zory2": "1"})
    for here, there in zip(one, other, strict=True):
        assert {table: (here[table], there[table]) for table in here if here[table] != there[table]} == {}
    assert [(len(rows["pooled_answer"]), len(rows["pooled_mark"])) for rows in one] == [(2, 2), (0, 0)]


async def test_no_key_of_a_feedback_click_is_kept_and_its_event_names_nobody(engines: Engines) -> None:
    async with hub_that_asks(engines) as (hub, _):
        before = await hub.rows(handled_request, handled_request.c.key)
        await answer(hub, "zory", 2)
        assert await hub.rows(handled_request, handled_request.c.key) == before
        rows = await dump(hub.parts.storage.engine)
        told = [row for table in ("event_log", "audit") for row in rows[table] if "FeedbackGiven" in str(row)]
        assert [("member:" in str(row), "score" in str(row)) for row in told] == [(False, False)] * 2


async def test_a_refusal_after_the_end_says_nothing_of_the_score(engines: Engines) -> None:
    async with hub_that_asks(engines) as (hub, activity_id):
        await hub.wind(days=20)
        for score in ("1", "5", "6", "1/2"):
            before = await dump(hub.parts.storage.engine)
            await forge_click(hub, "zory", f"feedback.score/{score}", activity_id)
            await hub.settle()
            after = await dump(hub.parts.storage.engine)
            new = [str(row) for table in after for row in after[table] if row not in before[table]]
            pressed = re.compile(rf"score\W{{1,4}}{re.escape(score)}(?!\d)")
            assert [row for row in new if pressed.search(row)] == []
            assert any("refusal" in row for row in new)
            assert after["feedback_answer"] == before["feedback_answer"]


async def test_of_fewer_than_five_answers_nothing_is_kept_after_closing(engines: Engines) -> None:
    async with hub_that_asks(engines) as (hub, _):
        for name in ("zory", "ekspert", "lublin", "ministerstwo"):
            await answer(hub, name, 2, "Za długo")
        assert len((await dump(hub.parts.storage.engine))["feedback_answer"]) == 4
        await hub.wind(days=20)
        rows = await dump(hub.parts.storage.engine)
        assert (rows["feedback_answer"], rows["feedback_mark"]) == ([], [])
        assert [table for table in rows if "Za długo" in str(rows[table])] == []


MANY = 60


async def fill(hub: RunningHub, subject: str, questions: int) -> FeedbackRound:
    """Let sixty people answer a round, each with words of their own, one transaction each."""
    members = [{"id": f"{n:032}", "name": f"Osoba {n}", "email": f"o{n}@example.org"} for n in range(MANY)]
    async with hub.parts.storage.engine.begin() as connection:
        await connection.execute(insert(member_table), members)
    opened = FeedbackRound(subject=subject, closes_at=hub.parts.clock() + timedelta(days=14))
    async with hub.parts.storage.work() as work:
        await work.feedback.open(opened, at=hub.parts.clock())
    for number, member in enumerate(members):
        said = FeedbackAnswer(scores=(1 + number % 5,) * questions, comment=f"Zdanie {number:02}")
        async with hub.parts.storage.work() as work:
            await work.feedback.put(opened, member["id"], said)
    return opened


async def as_it_lies(hub: RunningHub, table: str) -> tuple[list[int], list[int], set[object]]:
    """Who answered when, in the order of the numbers and of the file, and the transactions that wrote the rows."""
    lies, wrote = ("ctid", "xmin::text") if "postgresql" in str(hub.parts.storage.engine.url) else ("rowid", "1")
    orders = []
    async with hub.parts.storage.engine.connect() as connection:
        for order in ("id", lies):
            rows = await connection.execute(text(f"SELECT comment, {wrote} FROM {table} ORDER BY {order}"))  # noqa: S608
            orders.append([(int(re.findall(r"\d+", str(comment))[0]), written) for comment, written in rows])
    numbers, lying = ([number for number, _ in order] for order in orders)
    return numbers, lying, {written for _, written in orders[0]}


def guessed(order: list[int]) -> int:
    """How many answers somebody ties to their people who takes the order of the rows for that of the answers."""
    ahead = sum(number == place for place, number in enumerate(order))
    return max(ahead, sum(number == place for place, number in enumerate(reversed(order))))


@pytest.mark.parametrize(
    ("subject", "table", "questions"),
    [("activity", "feedback_answer", 1), (f"values:{EDITION}/half", "pooled_answer", 5)],
)
async def test_after_closing_neither_number_nor_place_nor_transaction_ties_an_answer_to_a_person(
    engines: Engines, subject: str, table: str, questions: int
) -> None:
    async with hub_that_asks(engines) as (hub, activity_id):
        opened = await fill(hub, f"activity:{activity_id}" if subject == "activity" else subject, questions)
        numbers, _, _ = await as_it_lies(hub, table)
        assert guessed(numbers) < GUESSED_BY_CHANCE  # also before closing: only the file's order may tell
        async with hub.parts.storage.work() as work:
            answers = await work.feedback.answers(opened)
            await work.feedback.close(opened, result_of(answers))
        numbers, lying, written = await as_it_lies(hub, table)
        assert (sorted(numbers), len(written)) == (list(range(MANY)), 1)
        assert max(guessed(numbers), guessed(lying)) < GUESSED_BY_CHANCE
        rows = await dump(hub.parts.storage.engine)
        assert rows["feedback_mark"] + rows["pooled_mark"] == []


GUESSED_BY_CHANCE = 12
"""Of sixty, one is right by chance; twelve or more once in some hundred million runs."""


async def test_what_was_shown_to_whom_is_forgotten_at_closing(engines: Engines) -> None:
    thanks = "Dziękujemy. Państwa opinia jest zapisana"
    async with hub_that_asks(engines) as (hub, _):
        for name in ("zory", "ekspert", "opiekunka", "ministerstwo", "lublin"):
            await answer(hub, name, 4)
        shown = [row for row in await hub.rows(notification, notification.c.rendering) if thanks in str(row)]
        assert shown != []
        await hub.wind(days=20)
        assert [row for row in await hub.rows(notification, notification.c.rendering) if thanks in str(row)] == []


async def test_no_log_line_holds_a_score_or_a_word_of_an_answer(engines: Engines, logs: Logs) -> None:
    async with hub_that_asks(engines) as (hub, activity_id):
        before = len(str(logs))
        await answer(hub, "zory", 3, "Zbyt mało przerw")
        await forge_click(hub, "zory", "feedback.score/3", activity_id)
        await hub.settle()
        said = str(logs)[before:]
        assert [word for word in ("przerw", "feedback.score", "overall") if word in said] == []


# The rules, on fakes


async def round_of(scores: list[int]) -> tuple[FakeWork, str, list[Member]]:
    """A programme whose activity is over, with an open round in which so many people gave these scores."""
    people = [green.person(f"p{n}", RoleName.EXPERT, network=green.GREEN, side="world_bank") for n in range(9)]
    work = green.programme(*people)
    activity = await schedule_activity(work, green.HUB, green.EDITION, green.DRAFT, now=green.NOW)
    subject = f"activity:{activity.id}"
    await work.feedback.open(FeedbackRound(subject=subject, closes_at=AFTER + timedelta(days=14)), at=AFTER)
    for member, score in zip(people, scores, strict=False):
        await give_feedback(work, green.acting(member), subject, {OVERALL: str(score)}, now=AFTER)
    return work, subject, people


@pytest.mark.parametrize(
    ("scores", "result"),
    [
        ([], FeedbackResult()),
        ([5, 5, 5, 5], FeedbackResult()),
        ([5, 4, 4, 4, 4], FeedbackResult(enough=True, answers=5, means=(4.2,))),
        ([1, 1, 1, 1, 1, 2], FeedbackResult(enough=True, answers=6, means=(1.2,))),
    ],
)
async def test_from_five_answers_up_the_mean_is_told_and_below_nothing(
    scores: list[int], result: FeedbackResult
) -> None:
    work, subject, _ = await round_of(scores)
    assert work.feedback.rounds[subject].result is None
    await close_feedback(work, subject, now=AFTER)
    assert work.feedback.rounds[subject].result == result
    before = work.state()
    await close_feedback(work, subject, now=AFTER)
    assert work.state() == before
    event = FeedbackClosed(activity_id=subject.removeprefix("activity:"))
    assert before["recorded"][-1] == (event, "clock", AFTER)


async def test_a_second_answer_of_one_person_changes_nothing_and_events_name_nobody() -> None:
    work, subject, people = await round_of([3])
    before = work.state()
    await give_feedback(work, green.acting(people[0]), subject, {OVERALL: "5"}, now=AFTER)
    assert work.state() == before
    event = FeedbackGiven(activity_id=subject.removeprefix("activity:"), revision=1)
    assert before["recorded"][-1] == (event, "chat", AFTER)


async def test_whoever_was_not_invited_gives_no_feedback_and_nobody_does_after_the_end() -> None:
    work, subject, people = await round_of([3])
    outsider, late = green.acting(green.NOBODY), green.acting(people[1])
    before = work.state()
    for actor, score, about, error in (
        (outsider, "3", subject, NotAllowed),
        (late, "0", subject, Refused),
        (late, "6", subject, Refused),
        (late, "²", subject, Refused),
        (late, None, subject, Refused),
        (late, "3", "activity:gone", NotFound),
        (late, "3", "values:gone/half", NotFound),
        (Actor(door="chat"), "3", subject, NotFound),
    ):
        with pytest.raises(error):
            await give_feedback(work, actor, about, {OVERALL: score}, now=AFTER)
    assert work.state() == before
    await close_feedback(work, subject, now=AFTER)
    closed = work.state()
    with pytest.raises(Refused):
        await give_feedback(work, late, subject, {OVERALL: "3"}, now=AFTER)
    assert work.state() == closed


async def test_the_line_is_cleaned_and_one_that_is_too_long_is_refused_with_the_missing_score() -> None:
    work, subject, people = await round_of([])
    with pytest.raises(Refused) as refused:
        await give_feedback(work, green.acting(people[0]), subject, {"comment": "a" * 301}, now=AFTER)
    assert sorted(refused.value.fields) == ["comment", OVERALL]
    typed = {OVERALL: "4", "comment": " Dobra\u202e woda \n"}
    await give_feedback(work, green.acting(people[0]), subject, typed, now=AFTER)
    assert work.feedback.bags[subject] == [FeedbackAnswer(scores=(4,), comment="Dobra woda")]
