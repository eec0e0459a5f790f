"""The promise of feedback: who answered what is nowhere, neither while the round is open nor afterwards."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.events.catalogue import FeedbackClosed, FeedbackGiven
from pim_bot.notifications.feedback import close_feedback, give_feedback
from pim_bot.programme.activity import Answer
from pim_bot.programme.invitations import answer_invitation
from pim_bot.programme.people import Actor, Member, RoleName
from pim_bot.programme.scheduling import schedule_activity
from pim_bot.storage.tables.activities import feedback_answer, feedback_mark
from pim_bot.storage.tables.flow import handled_request
from pim_bot.storage.tables.people import member as member_table
from tests.engines import Engines
from tests.fakes import FakeWork
from tests.hub import RunningHub, running_hub
from tests.integration.test_bad_input import forge_click
from tests.notifications.test_catch_up import CLI, EDITION, draft
from tests.storage.dumps import dump
from tests.unit import green

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


async def answer(hub: RunningHub, name: str, score: int) -> None:
    person = hub.user(name)
    asked = next(one for one in person.messages() if "feedback.score" in str(one.blocks))
    await person.click(asked, f"feedback.score/{score}")
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


async def traces(engines: Engines, scores: dict[str, int]) -> list[dict[str, list[str]]]:
    """Every row of every table after these people gave these scores, and after they tried to do so when it was over."""
    found = []
    async with hub_that_asks(engines) as (hub, activity_id):
        people = {str(one): str(email) for one, email in await hub.rows(None, member_table.c.id, member_table.c.email)}
        for name, score in scores.items():
            await answer(hub, name, score)
        found.append(plain(await dump(hub.parts.storage.engine), people))
        await hub.wind(days=20)
        for name, score in scores.items():
            await forge_click(hub, name, f"feedback.score/{score}", activity_id)
        await hub.settle()
        found.append(plain(await dump(hub.parts.storage.engine), people))
    return found


async def test_if_two_people_had_given_each_others_scores_every_row_would_be_the_same(engines: Engines) -> None:
    one = await traces(engines, {"zory": 1, "ekspert": 5})
    other = await traces(engines, {"zory": 5, "ekspert": 1})
    for here, there in zip(one, other, strict=True):
        assert {table: (here[table], there[table]) for table in here if here[table] != there[table]} == {}
    counts = [(len(rows["feedback_answer"]), len(rows["feedback_mark"])) for rows in one]
    assert counts == [(2, 2), (2, 0)]


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


async def test_at_closing_the_bag_is_shuffled_and_the_marks_are_deleted(engines: Engines) -> None:
    given_order = [1 + n % 5 for n in range(60)]
    async with hub_that_asks(engines) as (hub, activity_id):
        members = [{"id": f"{n:032}", "name": f"Osoba {n}", "email": f"o{n}@example.org"} for n in range(60)]
        async with hub.parts.storage.engine.begin() as connection:
            await connection.execute(insert(member_table), members)
        async with hub.parts.storage.work() as work:
            for member, score in zip(members, given_order, strict=True):
                await work.feedback.put(activity_id, member["id"], score)
            assert await work.feedback.close(activity_id) == sorted(given_order)
        statement = select(feedback_answer.c.score).order_by(feedback_answer.c.id)
        async with hub.parts.storage.reading() as work:
            assert await work.feedback.state(activity_id) == "closed"
        async with hub.parts.storage.engine.connect() as connection:
            kept = list((await connection.execute(statement)).scalars())
            marks = list(await connection.execute(select(feedback_mark)))
    assert (sorted(kept), marks) == (sorted(given_order), [])
    assert kept != given_order
    assert kept != sorted(kept)


# The rules, on fakes


async def round_of(scores: list[int]) -> tuple[FakeWork, str, list[Member]]:
    """A programme whose activity is over, with an open round in which so many people gave these scores."""
    people = [green.person(f"p{n}", RoleName.EXPERT, network=green.GREEN, side="world_bank") for n in range(9)]
    work = green.programme(*people)
    activity = await schedule_activity(work, green.HUB, green.EDITION, green.DRAFT, now=green.NOW)
    await work.feedback.open(activity.id, at=AFTER, closes_at=AFTER + timedelta(days=14))
    for member, score in zip(people, scores, strict=False):
        await give_feedback(work, green.acting(member), activity.id, score, now=AFTER)
    return work, activity.id, people


@pytest.mark.parametrize(
    ("scores", "result"),
    [
        ([], {"enough": False}),
        ([5, 5, 5, 5], {"enough": False}),
        ([5, 4, 4, 4, 4], {"enough": True, "answers": 5, "mean": 4.2}),
        ([1, 1, 1, 1, 1, 2], {"enough": True, "answers": 6, "mean": 1.2}),
    ],
)
async def test_from_five_answers_up_the_mean_is_told_and_below_nothing(
    scores: list[int], result: dict[str, object]
) -> None:
    work, activity_id, _ = await round_of(scores)
    assert await work.feedback.result(activity_id) is None
    await close_feedback(work, activity_id, now=AFTER)
    assert await work.feedback.result(activity_id) == result
    before = work.state()
    await close_feedback(work, activity_id, now=AFTER)
    assert work.state() == before
    assert before["recorded"][-1] == (FeedbackClosed(activity_id=activity_id), "clock", AFTER)


async def test_a_second_answer_of_one_person_changes_nothing_and_events_name_nobody() -> None:
    work, activity_id, people = await round_of([3])
    before = work.state()
    await give_feedback(work, green.acting(people[0]), activity_id, 5, now=AFTER)
    assert work.state() == before
    assert before["recorded"][-1] == (FeedbackGiven(activity_id=activity_id, revision=1), "chat", AFTER)


async def test_whoever_was_not_invited_gives_no_feedback_and_nobody_does_after_the_end() -> None:
    work, activity_id, people = await round_of([3])
    outsider, late = green.acting(green.NOBODY), green.acting(people[1])
    before = work.state()
    for actor, score, subject, error in (
        (outsider, 3, activity_id, NotAllowed),
        (late, 0, activity_id, Refused),
        (late, 6, activity_id, Refused),
        (late, 3, "gone", NotFound),
        (Actor(door="chat"), 3, activity_id, NotFound),
    ):
        with pytest.raises(error):
            await give_feedback(work, actor, subject, score, now=AFTER)
    assert work.state() == before
    await close_feedback(work, activity_id, now=AFTER)
    closed = work.state()
    with pytest.raises(Refused):
        await give_feedback(work, late, activity_id, 3, now=AFTER)
    assert work.state() == closed
