"""Delivery when the chat fails: exactly one visible message, or a stated reason that a coordinator reads."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from pim_bot.blocks.activities import answer_word
from pim_bot.blocks.messages import delivery_failed
from pim_bot.i18n import Words
from pim_bot.notifications.intent import Kind
from pim_bot.playground.faults import Drop, Fault, Late, PartialHistory, Refuse, ServerError, TooMany
from pim_bot.playground.model import Message
from pim_bot.programme.activity import CHOICES, Answer
from pim_bot.storage.tables.flow import notification, pause
from pim_bot.storage.tables.people import recipient
from tests.engines import Engines
from tests.hub import BOT, RunningHub, running_hub
from tests.integration.test_bad_input import (
    WORKSHOP,
    Logs,
    everything_said,
    forge_click,
    open_form,
    planned,
    schedule,
    shown_count,
    watched,
)

ALL = 8
"""How many messages a new workshop is: the announcement, the planner's, six invitations."""


def report(error: str, kind: str = Kind.ANNOUNCEMENT) -> str:
    """What a coordinator reads of a message that did not arrive."""
    address = "pim-zielone" if kind == Kind.ANNOUNCEMENT else ""
    return delivery_failed(Words(), kind=kind, error=error, address=address).text


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        yield running


@pytest.fixture(autouse=True)
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[Logs]:
    yield from watched(caplog)


async def planned_workshop(hub: RunningHub, title: str = WORKSHOP["Tytuł"]) -> None:
    """Schedule a workshop; nothing of it is sent yet."""
    planner = await open_form(hub)
    assert (await planner.submit(planner.modal, WORKSHOP | {"Tytuł": title})).ok


async def states(hub: RunningHub, kind: str = "") -> set[tuple[object, object]]:
    """State and reason of everything that was posted, or of one kind."""
    columns = (notification.c.kind, notification.c.operation, notification.c.state, notification.c.error)
    found = await hub.rows(notification, *columns)
    return {row[2:] for row in found if (kind in ("", row[0])) and row[1] != "update"}


async def assert_each_once(hub: RunningHub) -> None:
    """Every message that counts as sent stands in the chat once, and nothing else does."""
    found = await hub.rows(notification, notification.c.key, notification.c.state, notification.c.operation)
    sent = sorted(str(key) for key, state, operation in found if state == "sent" and operation != "update")
    assert sent == keys_in_chat(hub)


def keys_in_chat(hub: RunningHub) -> list[str]:
    said = [message for message in everything_said(hub) if message.only_for is None]
    return sorted(str((message.metadata or {})["event_payload"]["key"]) for message in said)


def reports(hub: RunningHub) -> list[str]:
    """What the coordinator was told of messages that did not arrive."""
    return [text for text in hub.texts("koordynatorka") if text.startswith("Nie dotarła wiadomość")]


def posted(hub: RunningHub) -> int:
    return len(hub.slack.workspace.calls["chat.postMessage"])


async def later(hub: RunningHub, **by: float) -> None:
    hub.machine.advance(**by)
    await hub.settle()


DOUBTS: list[tuple[Fault, bool]] = [
    (Drop(after_accept=True), True),
    (Drop(after_accept=False), False),
    (ServerError(after_accept=True), True),
    (ServerError(after_accept=True, status=503), True),
    (ServerError(after_accept=False, status=502), False),
    (Refuse("fatal_error"), False),
    (Refuse("internal_error"), False),
]


async def test_a_message_of_unknown_fate_stands_there_once(hub: RunningHub) -> None:
    for number, (fault, accepted) in enumerate(DOUBTS):
        await planned_workshop(hub, f"Warsztat {number}")
        before, said = posted(hub), len(keys_in_chat(hub))
        hub.slack.faults.always("chat.postMessage", fault)
        await hub.settle()
        hub.slack.faults.clear()
        assert posted(hub) == before + ALL, fault
        assert await states(hub) == {("doubtful", "")} | ({("sent", "")} if number else set()), fault
        assert len(keys_in_chat(hub)) == said + (ALL if accepted else 0), fault
        await later(hub, seconds=89)
        assert posted(hub) == before + ALL, fault
        await later(hub, seconds=2)
        assert posted(hub) == before + (ALL if accepted else 2 * ALL), fault
        assert await states(hub) == {("sent", "")}, fault
        await assert_each_once(hub)
    calls = posted(hub)
    await later(hub, hours=1)
    assert posted(hub) == calls


async def test_a_message_that_the_chat_accepts_late_is_found_and_not_sent_again(hub: RunningHub) -> None:
    await planned_workshop(hub)
    gate = asyncio.Event()
    hub.slack.faults.always("chat.postMessage", Late(gate=gate, drop=True))
    await hub.settle()
    hub.slack.faults.clear()
    assert (keys_in_chat(hub), await states(hub)) == ([], {("doubtful", "")})
    gate.set()
    await hub.slack.until(lambda: len(keys_in_chat(hub)) == ALL)
    await later(hub, seconds=91)
    assert await states(hub) == {("sent", "")}
    assert posted(hub) == ALL
    await assert_each_once(hub)


async def test_a_worker_that_is_stopped_while_it_sends_leaves_no_second_message(hub: RunningHub) -> None:
    await planned_workshop(hub)
    await hub.parts.bus.run_due()
    gate = asyncio.Event()
    hub.slack.faults.always("chat.postMessage", Late(gate=gate))
    run = asyncio.create_task(hub.parts.delivery.run_due())
    await hub.slack.until(lambda: len(hub.slack.workspace.calls["conversations.open"]) == ALL - 1)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    hub.slack.faults.clear()
    gate.set()
    await hub.slack.until(lambda: len(keys_in_chat(hub)) == ALL)
    await hub.settle()
    assert await states(hub) == {("sending", "")}
    await later(hub, seconds=61)
    assert await states(hub) == {("doubtful", "")}
    await later(hub, seconds=30)
    assert (posted(hub), await states(hub)) == (ALL, {("sent", "")})
    await assert_each_once(hub)


async def test_too_many_calls_wait_as_long_as_the_chat_says_and_count_as_no_attempt(hub: RunningHub) -> None:
    await planned_workshop(hub)
    hub.slack.faults.next("chat.postMessage", TooMany(retry_after=30))
    await hub.settle()
    calls = posted(hub)
    await later(hub, seconds=29)
    assert (posted(hub), keys_in_chat(hub)) == (calls, [])
    assert await states(hub) == {("planned", "")}
    await later(hub, seconds=2)
    assert (posted(hub), await states(hub)) == (calls + ALL, {("sent", "")})
    assert {row[0] for row in await hub.rows(notification, notification.c.attempts)} == {0}
    await assert_each_once(hub)


async def test_a_pace_of_one_a_second_in_one_channel_delivers_everything_in_the_end(hub: RunningHub) -> None:
    await hub.settle()
    hub.slack.faults.pace("chat.postMessage", per_second=1, burst=1)
    planner = await open_form(hub)
    for number in range(4):
        await planner.command("/pim", "wydarzenie")
        assert (await planner.submit(planner.modal, WORKSHOP | {"Tytuł": f"Warsztat {number}"})).ok
    for _ in range(12):
        await later(hub, seconds=2)
    assert await states(hub) == {("sent", "")}
    assert sorted(message.blocks[0]["text"]["text"] for message in hub.channel()) == [f"Warsztat {n}" for n in range(4)]
    await assert_each_once(hub)


async def test_a_change_that_fails_is_made_again(hub: RunningHub) -> None:
    await hub.settle()
    activity_id = await schedule(hub)
    faults: list[Fault] = [Drop(), ServerError(), TooMany(retry_after=5), Refuse("internal_error")]
    for fault, answer in zip(faults, [Answer.GOING, Answer.UNSURE, Answer.NOT_GOING, Answer.GOING], strict=True):
        hub.slack.faults.next("chat.update", fault, times=3)
        await forge_click(hub, "zory", f"attend.{answer.value.replace('_', '-')}", activity_id)
        for _ in range(6):
            await later(hub, seconds=10)
        count = await shown_count(hub, activity_id)
        assert (count.going, count.unsure, count.not_going) == tuple(int(answer is one) for one in CHOICES), fault
        (invitation,) = [text for text in hub.texts("zory") if WORKSHOP["Tytuł"] in text]
        assert answer_word(Words(), answer) in invitation, fault
        assert await states(hub) == {("sent", "")}, fault
    await assert_each_once(hub)


@pytest.mark.parametrize(
    "history", [Refuse("missing_scope"), Refuse("not_in_channel"), PartialHistory(keep=0, admitted=True)]
)
async def test_where_nobody_can_look_a_person_must_decide_and_nothing_is_sent_again(
    hub: RunningHub, history: Fault
) -> None:
    await planned_workshop(hub)
    hub.slack.faults.always("chat.postMessage", Drop(after_accept=True))
    await hub.settle()
    hub.slack.faults.clear()
    hub.slack.faults.always("conversations.history", history)
    await later(hub, seconds=91)
    assert await states(hub, "announcement") == {("needs-human", "unreadable")}
    assert await states(hub, "invitation") == {("needs-human", "unreadable")}
    assert set(reports(hub)) == {report("unreadable"), report("unreadable", Kind.INVITATION)}
    hub.slack.faults.clear()
    await later(hub, hours=2)
    found = await hub.rows(notification, notification.c.key, notification.c.kind)
    first_try = {str(key) for key, kind in found if kind in ("announcement", "invitation", "planned")}
    in_chat = keys_in_chat(hub)
    assert first_try <= set(in_chat)
    assert len(in_chat) == len(set(in_chat))


async def test_a_history_that_fails_for_a_while_is_read_again(hub: RunningHub) -> None:
    await planned_workshop(hub)
    hub.slack.faults.always("chat.postMessage", Drop(after_accept=True))
    await hub.settle()
    hub.slack.faults.clear()
    hub.slack.faults.next(
        "conversations.history", Drop(), ServerError(), TooMany(retry_after=20), Refuse("fatal_error")
    )
    await later(hub, seconds=91)
    for _ in range(6):
        await later(hub, seconds=30)
    assert (posted(hub), await states(hub)) == (ALL, {("sent", "")})
    await assert_each_once(hub)


async def test_a_reply_waits_until_the_fate_of_its_message_is_known(hub: RunningHub) -> None:
    await planned_workshop(hub)
    hub.slack.faults.always("chat.postMessage", Drop(after_accept=True))
    await hub.settle()
    hub.slack.faults.clear()
    await moved_to_eleven(hub)
    await hub.settle()
    assert len(hub.channel()) == 1
    await later(hub, seconds=91)
    announced, moved = hub.channel()
    assert (moved.thread_ts, "11:00" in str(announced.blocks)) == (announced.ts, True)
    await assert_each_once(hub)


async def moved_to_eleven(hub: RunningHub) -> None:
    """Let the planner move the workshop: the channel is told in the thread of its announcement."""
    ((activity_id,),) = await planned(hub, "id")
    await forge_click(hub, "koordynatorka", "activity.move", str(activity_id))
    planner = hub.user("koordynatorka")
    assert (await planner.submit(planner.modal, {"Początek, godzina": "11:00"})).ok
    assert (await planner.submit(planner.modal)).ok


async def test_a_reply_of_unknown_fate_is_looked_for_in_its_thread(hub: RunningHub) -> None:
    await planned_workshop(hub)
    await hub.settle()
    hub.slack.faults.always("chat.postMessage", Drop(after_accept=True))
    await moved_to_eleven(hub)
    await hub.settle()
    hub.slack.faults.clear()
    assert len(hub.channel()) == 2
    await later(hub, seconds=91)
    assert (len(hub.channel()), await states(hub)) == (2, {("sent", "")})
    await assert_each_once(hub)


async def test_a_late_double_of_a_reply_is_taken_out_of_the_thread(hub: RunningHub) -> None:
    await planned_workshop(hub)
    await hub.settle()
    gate = asyncio.Event()
    hub.slack.faults.always("chat.postMessage", Late(gate=gate, drop=True))
    await moved_to_eleven(hub)
    await hub.settle()
    hub.slack.faults.clear()
    await later(hub, seconds=91)
    assert len(hub.channel()) == 2
    gate.set()
    await hub.slack.until(lambda: len(hub.channel()) == 3)
    await later(hub, seconds=91)
    assert (len(hub.channel()), await states(hub)) == (2, {("sent", "")})
    await assert_each_once(hub)


Closing = Callable[[RunningHub], None]


def leave(hub: RunningHub) -> None:
    hub.slack.workspace.leave(BOT, "CZIELONE")


def archive(hub: RunningHub) -> None:
    hub.slack.workspace.archive("CZIELONE")


def take_away(hub: RunningHub) -> None:
    del hub.slack.workspace.conversations["CZIELONE"]


def lock(hub: RunningHub) -> None:
    leave(hub)
    hub.slack.workspace.conversations["CZIELONE"].private = True


@pytest.mark.parametrize(
    ("closing", "reason"),
    [(leave, "not-invited"), (archive, "archived"), (take_away, "unknown-channel"), (lock, "unknown-channel")],
)
async def test_a_closed_channel_is_told_to_the_coordinator_once_a_day_and_cause(
    hub: RunningHub, closing: Closing, reason: str
) -> None:
    closing(hub)
    await hub.settle()
    await schedule(hub)
    assert await states(hub, "announcement") == {("failed", reason)}
    assert await states(hub, "invitation") == {("sent", "")}
    assert (await hub.rows(recipient, recipient.c.problem, recipient.c.kind)).count((reason, "channel")) == 1
    assert reports(hub) == [report(reason)]
    await schedule(hub, {"Tytuł": "Drugie"})
    await later(hub, hours=2)
    assert reports(hub) == [report(reason)]
    await hub.wind(days=1)
    await schedule(hub, {"Tytuł": "Trzecie"})
    assert reports(hub) == [report(reason)] * 2
    assert posted_to_channel(hub) == []


def posted_to_channel(hub: RunningHub) -> list[Message]:
    return hub.channel() if "CZIELONE" in hub.slack.workspace.conversations else []


async def test_another_cause_on_the_same_day_is_told_as_well(hub: RunningHub) -> None:
    leave(hub)
    await hub.settle()
    await schedule(hub)
    hub.slack.workspace.join(BOT, "CZIELONE")
    archive(hub)
    await schedule(hub, {"Tytuł": "Drugie"})
    assert reports(hub) == [report("not-invited"), report("archived")]


async def test_once_the_bot_is_invited_everything_that_waited_is_sent_once(hub: RunningHub) -> None:
    leave(hub)
    await hub.settle()
    await schedule(hub)
    await schedule(hub, {"Tytuł": "Drugie"})
    await hub.user("zory").join("CZIELONE")
    await hub.settle()
    assert (hub.channel(), reports(hub)) == ([], [report("not-invited")])
    await hub.slack.as_user(BOT).join("CZIELONE")
    await hub.slack.deliver(hub.slack.last_request)
    await hub.settle()
    assert sorted(message.blocks[0]["text"]["text"] for message in hub.channel()) == ["Drugie", WORKSHOP["Tytuł"]]
    assert await states(hub) == {("sent", "")}
    assert (await hub.rows(recipient, recipient.c.problem)).count(("",)) == len(await hub.rows(recipient))
    assert reports(hub) == [report("not-invited")]
    await assert_each_once(hub)


@pytest.mark.parametrize("closing", [take_away, lock])
async def test_a_channel_that_could_not_be_seen_gets_what_waited_once_the_bot_is_invited(
    hub: RunningHub, closing: Closing
) -> None:
    closing(hub)
    await hub.settle()
    await schedule(hub)
    if "CZIELONE" not in hub.slack.workspace.conversations:
        hub.slack.workspace.add_channel(id="CZIELONE", name="pim-zielone", members=[])
    await hub.slack.as_user(BOT).join("CZIELONE")
    await hub.settle()
    assert [message.blocks[0]["text"]["text"] for message in hub.channel()] == [WORKSHOP["Tytuł"]]
    assert await states(hub) == {("sent", "")}


async def test_what_waited_for_an_invitation_says_what_is_true_when_it_goes_out(hub: RunningHub) -> None:
    leave(hub)
    await hub.settle()
    activity_id = await schedule(hub)
    zory = hub.user("zory")
    await zory.click(zory.last(), "attend.going")
    await forge_click(hub, "koordynatorka", "activity.move", activity_id)
    planner = hub.user("koordynatorka")
    changes = {"Początek": "2022-01-26", "Koniec": None, "Zgłoszenia do": None}
    assert (await planner.submit(planner.modal, changes)).ok
    assert (await planner.submit(planner.modal)).ok
    await hub.settle()
    await hub.slack.as_user(BOT).join("CZIELONE")
    await hub.settle()
    announced = next(message for message in hub.channel() if message.blocks[0]["type"] == "header")
    assert "26 stycznia" in announced.text
    assert (await shown_count(hub, activity_id)).going == 1


async def test_what_waits_for_one_channel_goes_out_in_its_order(hub: RunningHub) -> None:
    leave(hub)
    await hub.settle()
    titles = ["Pierwsze", "Drugie", "Trzecie"]
    for title in titles:
        await schedule(hub, {"Tytuł": title})
    hub.slack.faults.next("chat.postMessage", Late(seconds=0.05), Late(seconds=0.02))
    await hub.slack.as_user(BOT).join("CZIELONE")
    await hub.settle()
    assert [message.blocks[0]["text"]["text"] for message in hub.channel()] == titles


async def test_somebody_the_chat_does_not_know_is_told_to_the_coordinator(engines: Engines) -> None:
    async with running_hub(engines) as hub:
        hub.slack.workspace.users["UZORY"].email = None
        await hub.settle()
        await schedule(hub)
        columns = (notification.c.recipient_id, notification.c.state, notification.c.error)
        failed = [row for row in await hub.rows(notification, *columns) if row[1] == "failed"]
        assert [row[1:] for row in failed] == [("failed", "unknown-person")]
        assert reports(hub) == [report("unknown-person", Kind.INVITATION)]
        assert hub.texts("zory") == []


async def test_a_deactivated_person_is_told_to_the_coordinator_and_not_tried_again(hub: RunningHub) -> None:
    await hub.settle()
    await schedule(hub)
    hub.slack.workspace.deactivate("UZORY")
    await schedule(hub, {"Tytuł": "Drugie"})
    assert reports(hub) == [report("deactivated", Kind.INVITATION)]
    calls = posted(hub)
    await later(hub, hours=1)
    assert posted(hub) == calls


async def test_a_token_that_is_refused_ends_every_call_until_a_worker_is_started_anew(hub: RunningHub) -> None:
    await planned_workshop(hub)
    planner = await open_form(hub)
    hub.slack.workspace.refuses_token = "token_revoked"
    await hub.settle()
    calls = len(hub.slack.workspace.calls.all)
    assert (await planner.submit(planner.modal, WORKSHOP | {"Tytuł": "Drugi warsztat"})).ok
    await later(hub, hours=12)
    assert len(hub.slack.workspace.calls.all) == calls
    assert await states(hub) == {("planned", "")}
    assert {row[0] for row in await hub.rows(pause, pause.c.why)} == {"refused-token"}
    hub.slack.workspace.refuses_token = None
    await later(hub, hours=1)
    assert len(hub.slack.workspace.calls.all) == calls
    await hub.parts.delivery.begin()
    await hub.settle()
    assert await states(hub) == {("sent", "")}
    await assert_each_once(hub)


async def test_a_refusal_of_no_known_kind_ends_in_a_reason_and_stops_nobody_else(hub: RunningHub) -> None:
    await planned_workshop(hub)
    hub.slack.faults.next("chat.postMessage", Refuse("restricted_action"))
    await hub.settle()
    assert await states(hub) == {("failed", "refused"), ("sent", "")}
    assert len(reports(hub)) <= 1
    await assert_each_once(hub)


async def test_a_message_that_an_administrator_deletes_is_not_changed_for_ever(hub: RunningHub) -> None:
    await hub.settle()
    await schedule(hub)
    hub.slack.workspace.delete("CZIELONE", hub.channel()[0].ts)
    zory = hub.user("zory")
    await zory.click(zory.last(), "attend.going")
    await hub.settle()
    calls = len(hub.slack.workspace.calls["chat.update"])
    await later(hub, hours=1)
    assert len(hub.slack.workspace.calls["chat.update"]) == calls
    assert (hub.channel(), reports(hub)) == ([], [])


async def test_a_chat_that_cannot_be_reached_at_all_loses_nothing(hub: RunningHub) -> None:
    await planned_workshop(hub)
    for method in ("chat.postMessage", "conversations.open", "conversations.list", "conversations.history"):
        hub.slack.faults.always(method, ServerError(status=503))
    for _ in range(8):
        await later(hub, minutes=2)
    hub.slack.faults.clear()
    for _ in range(3):
        await later(hub, minutes=11)
    assert await states(hub) == {("sent", "")}
    await assert_each_once(hub)
