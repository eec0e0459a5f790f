"""The fake Slack as a process: what it answered for outlives its death, and its faults replay from their seed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from pim_bot.playground.model import Json
from tests.harness.fake_slack import BOT_TOKEN
from tests.harness.far_end import FarEnd, far_end
from tests.harness.slack_file import SlackFile
from tests.hub import BOT

NO_APP = "http://127.0.0.1:9/slack/events"
FAULTS: list[Json] = [
    {"drop": {"after_accept": True}},
    {"drop": {"after_accept": False}},
    {"server-error": {"after_accept": True}},
    {"refuse": {"error": "fatal_error"}},
]


@asynccontextmanager
async def client_of(slack: FarEnd) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url, session=session, retry_handlers=[])


async def say(client: AsyncWebClient, text: str) -> str:
    """Post; tells the time stamp, or what went wrong."""
    metadata = {"event_type": "test", "event_payload": {"key": text}}
    try:
        answer = await client.chat_postMessage(channel="C1", text=text, metadata=metadata)
    except SlackApiError as error:
        told = error.response.data
        return str(told["error"]) if isinstance(told, dict) and "error" in told else str(error.response.status_code)
    except aiohttp.ClientError as error:
        return type(error).__name__
    return str(answer["ts"])


@asynccontextmanager
async def room(folder: Path) -> AsyncIterator[tuple[FarEnd, AsyncWebClient]]:
    """A channel with the bot and Ada in it."""
    async with far_end(folder / "slack.db", app_url=NO_APP) as slack, client_of(slack) as client:
        await slack.ask("people", people=[{"id": "UADA", "name": "ada", "real_name": "Ada"}])
        await slack.ask("channels", channels=[{"id": "C1", "name": "one", "members": [BOT, "UADA"]}])
        yield slack, client


async def test_what_was_answered_for_outlives_the_death_of_the_chat(tmp_path: Path) -> None:
    async with room(tmp_path) as (slack, client):
        first = await say(client, "first")
        second = await say(client, "second")
        third = await say(client, "third")
        await client.chat_update(channel="C1", ts=second, text="changed")
        await client.chat_delete(channel="C1", ts=third)
        await slack.ask("change", what="deactivate", of=["UADA"])
        await slack.kill()
        await slack.start()
        found = await client.conversations_history(channel="C1", include_all_metadata=True)
        told = [(one["ts"], one["text"], one["metadata"]["event_payload"]["key"]) for one in found["messages"]]
        assert told == [(second, "changed", "second"), (first, "first", "first")]
        assert (await client.users_info(user="UADA"))["user"]["deleted"]
        assert await slack.standing() == 2
        assert await say(client, "fourth") > third
        assert await slack.standing() == 3
    file = SlackFile(tmp_path / "slack.db")
    assert [one.key for one in file.standing()] == ["first", "second", "fourth"]
    file.close()


async def test_faults_are_met_again_in_the_same_order_from_the_same_seed(tmp_path: Path) -> None:
    runs = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        async with room(tmp_path / name) as (slack, client):
            await slack.strike("chat.postMessage", FAULTS, chance=0.5, seed="7")
            said = [await say(client, str(number)) for number in range(20)]
            await slack.kill()
            await slack.start()  # the faults hold in the next life, too
            said += [await say(client, str(number)) for number in range(20, 40)]
        runs.append(["said" if "." in one else one for one in said])
    assert runs[0] == runs[1]
    assert set(runs[0][:20]) == set(runs[0][20:]) == {"said", "ServerDisconnectedError", "500", "fatal_error"}
    assert runs[0][:20] != runs[0][20:]


async def test_a_message_stands_when_the_caller_was_cut_off_after_it_was_accepted(tmp_path: Path) -> None:
    async with room(tmp_path) as (slack, client):
        await slack.ask("faults", method="chat.postMessage", faults=FAULTS[:2])
        assert [await say(client, "accepted"), await say(client, "lost")] == ["ServerDisconnectedError"] * 2
        assert await say(client, "said") > ""
        await slack.kill()
    file = SlackFile(tmp_path / "slack.db")
    assert [one.key for one in file.standing()] == ["accepted", "said"]
    assert file.faults_met() == {
        "chat.postMessage Drop(after_accept=False)": 1,
        "chat.postMessage Drop(after_accept=True)": 1,
    }
    file.close()


async def test_any_refusal_can_be_asked_for(tmp_path: Path) -> None:
    async with room(tmp_path) as (slack, client):
        for error in ("is_archived", "channel_not_found", "not_in_channel", "user_disabled"):
            await slack.ask("faults", method="chat.postMessage", faults=[{"refuse": {"error": error}}], always=True)
            assert [await say(client, "1"), await say(client, "2")] == [error, error]
            await slack.ask("calm")
            assert "." in await say(client, "3")
