"""Every fault of the matrix, counted at the far end: what the client saw, and which messages are there."""

import asyncio
from random import Random

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from pim_bot.playground.faults import Drop, Fault, Late, PartialHistory, Refuse, ServerError, TooMany
from pim_bot.playground.server import LocalSlack
from tests.playground.conftest import HandClock


def texts(slack: LocalSlack) -> list[str]:
    return [message.text for message in slack.workspace.messages("C1")]


@pytest.mark.parametrize(("after_accept", "there"), [(False, []), (True, ["x"])])
async def test_a_dropped_connection(
    slack: LocalSlack, client: AsyncWebClient, *, after_accept: bool, there: list[str]
) -> None:
    slack.faults.next("chat.postMessage", Drop(after_accept=after_accept))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel="C1", text="x")
    assert texts(slack) == there
    await client.chat_postMessage(channel="C1", text="y")
    assert texts(slack) == [*there, "y"]


@pytest.mark.parametrize(("after_accept", "there"), [(False, []), (True, ["x"])])
async def test_a_server_error(
    slack: LocalSlack, client: AsyncWebClient, *, after_accept: bool, there: list[str]
) -> None:
    slack.faults.next("chat.postMessage", ServerError(after_accept=after_accept, status=503))
    with pytest.raises(SlackApiError) as failed:
        await client.chat_postMessage(channel="C1", text="x")
    assert failed.value.response.status_code == 503
    assert texts(slack) == there


async def test_a_late_acceptance_behind_a_dropped_connection(slack: LocalSlack, client: AsyncWebClient) -> None:
    gate = asyncio.Event()
    slack.faults.next("chat.postMessage", Late(gate=gate, drop=True))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel="C1", text="x")
    assert texts(slack) == []
    gate.set()
    await slack.until(lambda: texts(slack) == ["x"])


async def test_a_late_acceptance_answers_whoever_waits(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.faults.next("chat.postMessage", Late(seconds=0.01))
    assert (await client.chat_postMessage(channel="C1", text="x"))["message"]["text"] == "x"


async def test_a_caller_who_gives_up_does_not_stop_the_work(slack: LocalSlack, client: AsyncWebClient) -> None:
    gate = asyncio.Event()
    slack.faults.next("chat.postMessage", Late(gate=gate))
    call = asyncio.create_task(client.chat_postMessage(channel="C1", text="x"))
    await slack.until(lambda: not slack.faults.pending)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    gate.set()
    await slack.until(lambda: texts(slack) == ["x"])


async def test_the_server_stops_though_a_call_is_still_waiting(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.faults.next("chat.postMessage", Late(gate=asyncio.Event()))
    call = asyncio.create_task(client.chat_postMessage(channel="C1", text="x"))
    await slack.until(lambda: not slack.faults.pending)
    await slack.stop()
    with pytest.raises(aiohttp.ClientError):
        await call


async def test_too_many_calls_close_the_method_until_retry_after(
    slack: LocalSlack, client: AsyncWebClient, machine: HandClock
) -> None:
    slack.faults.next("chat.postMessage", TooMany(retry_after=2))
    for _ in range(2):
        with pytest.raises(SlackApiError) as refused:
            await client.chat_postMessage(channel="C1", text="x")
        assert refused.value.response.status_code == 429
        assert refused.value.response.headers["Retry-After"] == "2"
    await client.auth_test()
    machine.push(2)
    await client.chat_postMessage(channel="C1", text="x")
    assert texts(slack) == ["x"]


async def test_a_pace_of_one_a_second_with_a_burst(
    slack: LocalSlack, client: AsyncWebClient, machine: HandClock
) -> None:
    slack.faults.pace("chat.postMessage", per_second=1, burst=2)
    for text in "ab":
        await client.chat_postMessage(channel="C1", text=text)
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C1", text="c")
    machine.push(1)
    await client.chat_postMessage(channel="C1", text="d")
    assert texts(slack) == ["a", "b", "d"]


async def test_a_history_that_is_denied_or_partial(slack: LocalSlack, client: AsyncWebClient) -> None:
    for text in "abc":
        await client.chat_postMessage(channel="C1", text=text)
    slack.faults.next("conversations.history", Refuse("missing_scope"), PartialHistory(keep=1))
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client.conversations_history(channel="C1")
    partial = await client.conversations_history(channel="C1")
    assert [message["text"] for message in partial["messages"]] == ["c"]
    assert (partial["has_more"], partial["is_limited"]) == (True, True)


async def test_random_faults_replay_from_their_seed(slack: LocalSlack, client: AsyncWebClient) -> None:
    async def run(seed: int) -> list[Fault | None]:
        slack.workspace.calls.clear()
        faults = (Refuse("fatal_error"), Refuse("internal_error"))
        slack.faults.randomly("*", *faults, chance=0.5, source=Random(seed))  # noqa: S311 - to be replayed
        for _ in range(20):
            try:
                await client.auth_test()
            except SlackApiError:
                continue
        slack.faults.clear()
        return [call.fault for call in slack.workspace.calls["auth.test"]]

    first = await run(7)
    assert first == await run(7)
    assert {None, Refuse("fatal_error"), Refuse("internal_error")} == set(first)
