"""The same request again has one effect, and of many people at once each is counted once."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from pim_bot.blocks.activities import answer_word
from pim_bot.i18n import Words
from pim_bot.playground.driver import Person
from pim_bot.playground.transport import Answer as WireAnswer
from pim_bot.playground.transport import SignedRequest
from pim_bot.programme.activity import Answer, AttendanceCount
from pim_bot.storage.tables.activities import attendance
from pim_bot.storage.tables.flow import event_log, event_reaction, notification
from pim_bot.storage.tables.people import expert_assignment
from tests.engines import Engines
from tests.hub import BOT, RunningHub, import_text, running_hub
from tests.integration.test_bad_input import (
    WORKSHOP,
    Logs,
    database,
    forge_click,
    open_form,
    planned,
    schedule,
    shown_count,
    watched,
)

STARTED = "To wydarzenie już się rozpoczęło, więc odpowiedzi nie można zmienić."
CALLED_OFF = "To wydarzenie jest odwołane, odpowiedź nie jest już potrzebna."


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        yield running


@pytest.fixture(autouse=True)
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[Logs]:
    yield from watched(caplog)


async def again(hub: RunningHub, request: SignedRequest) -> list[WireAnswer]:
    """Deliver a request four times more: twice to the letter, once signed anew, once a minute later signed anew."""
    answers = [await hub.slack.deliver(request), await hub.slack.deliver(request)]
    for seconds in (0, 60):
        hub.machine.advance(seconds=seconds)
        answers.append(await hub.slack.deliver(hub.slack.signed(request.body, request.headers["Content-Type"])))
    return answers


async def happened(hub: RunningHub, *, since: int = 0) -> list[object]:
    """The types of the events from this position on."""
    return [row[0] for row in await hub.rows(event_log, event_log.c.type)][since:]


async def answers(hub: RunningHub, activity_id: str) -> dict[str, tuple[object, object]]:
    """Who answered what, with the people named."""
    columns = (attendance.c.activity_id, attendance.c.invitee, attendance.c.answer, attendance.c.people)
    found = await hub.rows(attendance, *columns)
    return {str(row[1]): (row[2], row[3]) for row in found if row[0] == activity_id and row[2] is not None}


async def test_a_command_delivered_five_times_opens_one_form(hub: RunningHub) -> None:
    await hub.settle()
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "wydarzenie Woda")
    first, before = planner.modal, await database(hub)
    assert first is not None
    for answer in await again(hub, hub.slack.last_request):
        assert (answer.status, answer.content) == (200, None)
    assert hub.slack.workspace.views.stacks == {planner.id: [first]}
    assert await database(hub) == before


async def test_the_first_contact_delivered_five_times_is_one_contact(hub: RunningHub) -> None:
    await hub.settle()
    hub.slack.workspace.add_user(id="UOBCY", name="obcy", real_name="Obcy", email="obcy@example.com")
    since = len(await happened(hub))
    obcy = hub.slack.as_user("UOBCY")
    first = await obcy.command("/pim", "pomoc")
    for answer in await again(hub, hub.slack.last_request):
        assert answer.json.get("text") == first.text
    await hub.settle()
    assert await happened(hub, since=since) == ["ChatUserSeen", "StrangerMet"]
    assert len([message for message in obcy.messages() if message.only_for is None]) == 1


async def test_a_submission_delivered_five_times_is_one_activity(hub: RunningHub) -> None:
    planner = await open_form(hub)
    since = len(await happened(hub))
    assert (await planner.submit(planner.modal, WORKSHOP)).ok
    for answer in await again(hub, hub.slack.last_request):
        assert (answer.status, answer.json) == (200, {"response_action": "clear"})
    await hub.settle()
    assert (len(await planned(hub, "id")), await happened(hub, since=since)) == (1, ["ActivityScheduled"])
    assert len(hub.channel()) == 1


async def test_a_submission_sent_five_times_at_once_is_one_activity(hub: RunningHub) -> None:
    planner = await open_form(hub)
    assert (await planner.submit(planner.modal, WORKSHOP | {"Link do spotkania": "ftp://x.example"})).errors
    body = hub.slack.last_request.body.replace(b"ftp%3A%2F%2Fx", b"https%3A%2F%2Fx")
    request = hub.slack.signed(body)
    found = await asyncio.gather(*(hub.slack.deliver(request) for _ in range(5)))
    assert sorted(str(answer.json.get("response_action")) for answer in found) == ["clear"] * 4 + ["update"]
    assert len(await planned(hub, "id")) == 1


async def test_a_form_with_a_mistake_may_be_sent_again_once_it_is_mended(hub: RunningHub) -> None:
    planner = await open_form(hub)
    for _ in range(3):
        assert (await planner.submit(planner.modal, WORKSHOP | {"Link do spotkania": "ftp://x.example"})).errors
    assert (await planner.submit(planner.modal, {"Link do spotkania": "https://x.example"})).ok
    assert len(await planned(hub, "id")) == 1


async def test_a_click_delivered_five_times_is_one_answer(hub: RunningHub) -> None:
    await hub.settle()
    activity_id = await schedule(hub)
    since = len(await happened(hub))
    zory = hub.user("zory")
    await zory.click(zory.last(), "attend.not-going")
    not_going = hub.slack.last_request
    await zory.click(zory.last(), "attend.going")
    going = hub.slack.last_request
    for answer in [*await again(hub, going), *await again(hub, not_going)]:
        assert (answer.status, answer.content) == (200, None)
    await hub.settle()
    assert await happened(hub, since=since) == ["AttendanceAnswered"] * 2
    assert await answers(hub, activity_id) == {"team:miasto-zielone/zory": ("going", ["Rozwój, Żory (przykład)"])}


async def test_a_refused_click_delivered_five_times_is_told_once(hub: RunningHub) -> None:
    await hub.settle()
    activity_id = await schedule(hub)
    zory = hub.user("zory")
    count = len(zory.messages())
    await forge_click(hub, "zory", "activity.cancel", activity_id)
    await again(hub, hub.slack.last_request)
    await hub.settle()
    assert len(zory.messages()) == count + 1


async def test_an_event_delivered_five_times_is_one_event(hub: RunningHub) -> None:
    await hub.settle()
    since = len(await happened(hub))
    await hub.user("zory").join("CZIELONE")
    for answer in await again(hub, hub.slack.last_request):
        assert answer.status == 200
    assert await happened(hub, since=since) == ["ChannelOpened"]


async def test_a_score_delivered_five_times_is_one_score_and_no_more_words(hub: RunningHub) -> None:
    await hub.settle()
    activity_id = await schedule(hub)
    zory = hub.user("zory")
    await zory.click(zory.last(), "attend.going")
    await hub.wind(days=11)
    question = next(message for message in zory.messages() if "feedback.score/5" in json.dumps(message.blocks))
    count, since = len(zory.messages()), len(await happened(hub))
    await zory.click(question, "feedback.score/4")
    assert (await zory.submit(zory.modal)).ok
    request = hub.slack.last_request
    assert [answer.status for answer in await again(hub, request)] == [200] * 4
    await hub.settle()
    feedback_answer = attendance.metadata.tables["feedback_answer"]
    assert await hub.rows(feedback_answer, feedback_answer.c.activity_id, feedback_answer.c.score) == [(activity_id, 4)]
    assert await happened(hub, since=since) == ["FeedbackGiven"]
    assert len(zory.messages()) == count


async def test_an_assignment_is_asked_and_accepted_once(hub: RunningHub) -> None:
    await hub.settle()
    planner, expert = hub.user("koordynatorka"), hub.user("ekspert")
    await planner.command("/pim", "przypisz")
    asked = {"Ekspert/ka": "Ekspert zieleni (przykład)", "Sieć": "miasto-zielone", "Do": "2022-06-30"}
    assert (await planner.submit(planner.modal, asked)).ok
    await again(hub, hub.slack.last_request)
    await hub.settle()
    question = expert.last()
    await expert.click(question, "assignment.accept")
    await again(hub, hub.slack.last_request)
    await hub.settle()
    assert await hub.rows(expert_assignment, expert_assignment.c.status) == [("accepted",)]
    kinds = [row[0] for row in await hub.rows(notification, notification.c.kind, notification.c.operation)]
    assert kinds.count("assignment-question") == 2  # the question, and its change once it is answered
    assert kinds.count("assignment-answer") == 1
    (assignment_id,) = [row[0] for row in await hub.rows(expert_assignment, expert_assignment.c.id)]
    await forge_click(hub, "ekspert", "assignment.decline", str(assignment_id))
    await hub.settle()
    sentence = "Na to przypisanie jest już odpowiedź. Zmianę prosimy uzgodnić z koordynacją programu."
    assert hub.texts("ekspert")[-1] == sentence


@pytest.mark.parametrize(("first", "second"), [("going", "not-going"), ("not-going", "unsure"), ("going", "going")])
async def test_of_two_people_of_one_team_at_once_one_answer_stands_everywhere(
    hub: RunningHub, first: str, second: str
) -> None:
    await hub.settle()
    activity_id = await schedule(hub)
    channel = hub.channel()[0]
    await asyncio.gather(
        hub.user("zory").click(channel, f"attend.{first}"), hub.user("zory2").click(channel, f"attend.{second}")
    )
    await hub.settle()
    ((answer, people),) = (await answers(hub, activity_id)).values()
    assert answer in {first.replace("-", "_"), second.replace("-", "_")}
    assert (people != []) == (answer == "going")
    names = {"going": 0, "unsure": 0, "not_going": 0} | {str(answer): 1}
    count = await shown_count(hub, activity_id)
    assert count == AttendanceCount(**names, owed=count.owed, people=int(answer == "going"))
    words = answer_word(Words(), Answer(str(answer)))
    invitation = next(one for one in hub.user("zory").messages() if WORKSHOP["Tytuł"] in one.text)
    assert f"Odpowiedź: {words}." in invitation.text


async def with_twenty_cities(hub: RunningHub) -> list[Person]:
    """Let an official of each of twenty cities in."""
    membership = attendance.metadata.tables["membership"]
    found = await hub.rows(membership, membership.c.city, membership.c.until)
    cities = sorted({str(city) for city, until in found if until is None} - {"zory", "lublin"})[:20]
    lines = [
        f"  - {{name: Zespół {city}, email: zespol@{city}.example.org, roles: [{{role: official, city: {city}}}]}}"
        for city in cities
    ]
    await import_text(hub.parts, "\n".join(["supplements: pim2-2021-2023", "people:", *lines]).encode())
    workspace = hub.slack.workspace
    for number, city in enumerate(cities):
        email = f"zespol@{city}.example.org"
        workspace.add_user(id=f"UC{number}", name=city, real_name=city, email=email)
        workspace.join(f"UC{number}", "CZIELONE")
    await hub.settle()
    return [hub.slack.as_user(f"UC{number}") for number in range(len(cities))]


async def test_twenty_teams_at_once_are_all_counted(hub: RunningHub) -> None:
    officials = await with_twenty_cities(hub)
    everybody = {"Rodzaj": "wspolne-warsztaty", "Sieć": ["miasto-zielone", "miasto-cyfrowe", "miasto-inicjatyw-ppp"]}
    activity_id = await schedule(hub, everybody)
    channel = hub.channel()[0]
    owed = (await shown_count(hub, activity_id)).owed
    words = ["going", "unsure", "not-going", "going"]
    clicks = [person.click(channel, f"attend.{words[number % 4]}") for number, person in enumerate(officials)]
    assert [outcome.error for outcome in await asyncio.gather(*clicks)] == [None] * 20
    await hub.settle()
    assert len(await answers(hub, activity_id)) == 20
    expected = AttendanceCount(going=10, people=10, unsure=5, not_going=5, owed=owed - 20)
    assert await shown_count(hub, activity_id) == expected
    assert {row[0] for row in await hub.rows(event_reaction, event_reaction.c.state)} == {"done"}


async def test_after_the_start_and_after_a_cancellation_every_answer_is_refused_in_words(hub: RunningHub) -> None:
    await hub.settle()
    first = await schedule(hub)
    second = await schedule(hub, {"Początek": "2022-02-20", "Zgłoszenia do": None, "Tytuł": "Drugie"})
    zory = hub.user("zory")
    old = [message for message in hub.channel() if message.thread_ts is None]
    old_blocks = [[dict(block) for block in message.blocks] for message in old]
    await zory.click(zory.last(), "attend.register")
    form = zory.modal
    assert form is not None
    planner = hub.user("koordynatorka")
    await forge_click(hub, "koordynatorka", "activity.cancel", second)
    assert (await planner.submit(planner.modal, {"Powód": ""})).ok
    await hub.wind(days=10, hours=2)
    before = await answers(hub, first) | await answers(hub, second)
    told: list[Any] = []
    for activity_id in (first, second):
        for action_id in ("attend.going", "attend.unsure", "attend.not-going"):
            count = len(hub.texts("zory"))
            await forge_click(hub, "zory", action_id, activity_id)
            await hub.settle()
            told.append(hub.texts("zory")[count:])
    assert told == [[STARTED]] * 3 + [[CALLED_OFF]] * 3
    assert (await zory.submit(form, {"Osoby": "Ktoś"})).errors_by_label == {"Osoby z zespołu": CALLED_OFF}
    closed = "To wydarzenie już się rozpoczęło albo jest odwołane, więc odpowiedzi nie można zmienić."
    for activity_id in (first, second):
        await forge_click(hub, "zory", "attend.open", activity_id)
        await hub.settle()
        assert hub.texts("zory")[-1] == closed
    assert await answers(hub, first) | await answers(hub, second) == before == {}
    assert all("attend.going" in json.dumps(blocks) for blocks in old_blocks)
    await hub.wind(hours=5)
    assert [name for message in old for name in re.findall(r"attend\.[a-z-]+", json.dumps(message.blocks))] == []


async def test_two_planners_who_move_one_activity_at_once_do_not_overwrite_each_other(hub: RunningHub) -> None:
    await hub.settle()
    activity_id = await schedule(hub)
    people = [hub.user("koordynatorka"), hub.user("opiekunka")]
    for name in ("koordynatorka", "opiekunka"):
        await forge_click(hub, name, "activity.move", activity_id)
    hours = ["11:00", "12:00"]
    for person, hour in zip(people, hours, strict=True):
        assert (await person.submit(person.modal, {"Początek, godzina": hour})).ok
    found = await asyncio.gather(*(person.submit(person.modal) for person in people))
    assert [outcome.errors for outcome in found] == [{}, {}]
    ((revision,),) = await planned(hub, "revision")
    assert revision == 2
    titles = sorted(
        "Nowy termin jest zapisany" in json.dumps(person.modal.blocks if person.modal else [], ensure_ascii=False)
        for person in people
    )
    assert titles == [False, True]
    stale = next(person for person in people if person.modal and person.modal.body.get("callback_id"))
    assert stale.modal is not None
    assert stale.modal.blocks[0]["text"]["text"] == (
        "To wydarzenie zmieniło się od otwarcia formularza. Poniżej są aktualne dane; prosimy je sprawdzić."
    )
    wanted, taken = hours[people.index(stale)], hours[1 - people.index(stale)]
    shown = stale.modal.blocks[1]["text"]["text"].splitlines()
    assert [f"{taken}–" in shown[1], f"{wanted}–" in shown[2]] == [True, True]
    await hub.settle()
    assert len([message for message in hub.channel() if message.user == BOT]) == 2  # announced, and moved once
