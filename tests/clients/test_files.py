"""Files of the chat: only from Slack's own hosts, with the token for nobody else, within size and time."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from pim_bot.clients.egress import guarded_session
from pim_bot.clients.files import ELSEWHERE, GONE, NO_RIGHT, SlackFiles
from pim_bot.clients.slack import make_client
from pim_bot.errors import Refused
from pim_bot.notifications.delivery import Later
from pim_bot.notifications.ports import ChatFile

TOKEN = "xoxb-of-this-test"
MOST = 100_000


@dataclass
class Far:
    """A server that answers as the test wants, and notes who showed a token."""

    url: str = ""
    file: dict[str, Any] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    held: asyncio.Event = field(default_factory=asyncio.Event)

    async def info(self, _: web.Request) -> web.Response:
        return web.json_response({"ok": True, "file": self.file})

    async def give(self, request: web.Request) -> web.StreamResponse:
        self.tokens.append(request.headers.get("Authorization", ""))
        match request.match_info["what"]:
            case "endless":
                response = web.StreamResponse()
                await response.prepare(request)
                while True:
                    await response.write(bytes(10_000))
            case "slow":
                await self.held.wait()
            case "elsewhere":
                raise web.HTTPFound(f"http://localhost:{request.url.port}/files/plain")
            case number if number.isdigit():
                return web.Response(status=int(number))
        return web.Response(body=b"list")


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    far, app = Far(), web.Application()
    app.router.add_get("/api/files.info", far.info)
    app.router.add_get("/files/{what}", far.give)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    far.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield far
    far.held.set()
    await runner.cleanup()


@pytest.fixture
async def files(far: Far) -> AsyncIterator[SlackFiles]:
    api = f"{far.url}/api/"
    async with guarded_session(api) as session:
        yield files_on(far, session)


def files_on(far: Far, session: aiohttp.ClientSession, *, patience: float = 20) -> SlackFiles:
    api = f"{far.url}/api/"
    client = make_client(TOKEN, api, session)
    return SlackFiles(client, session, api_url=api, patience=timedelta(seconds=patience))


def at(address: str, size: int = 4) -> ChatFile:
    return ChatFile(name="osoby.xlsx", size=size, address=address)


async def test_a_file_is_given_to_whoever_shows_the_token(far: Far, files: SlackFiles) -> None:
    assert await files.load(at(f"{far.url}/files/plain"), most=MOST) == b"list"
    assert far.tokens == [f"Bearer {TOKEN}"]


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example.org/osoby.xlsx",
        "https://files.slack.com.evil.example.org/osoby.xlsx",
        "https://files.slack.com:8443/osoby.xlsx",
        "http://files.slack.com/osoby.xlsx",
        "https://someone.slack.com/osoby.xlsx",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:{port}/files/plain",
        "/files/plain",
        "",
    ],
)
async def test_the_token_goes_to_nobody_but_slack(far: Far, files: SlackFiles, address: str) -> None:
    port = far.url.rpartition(":")[2]
    refused = await files.load(at(address.format(port=port)), most=MOST)
    assert isinstance(refused, Refused)
    assert refused.reason == ELSEWHERE
    assert far.tokens == []


async def test_a_redirect_is_not_followed(far: Far, files: SlackFiles) -> None:
    refused = await files.load(at(f"{far.url}/files/elsewhere"), most=MOST)
    assert isinstance(refused, Refused)
    assert refused.reason == NO_RIGHT
    assert len(far.tokens) == 1


@pytest.mark.parametrize(("what", "size"), [("endless", 4), ("plain", MOST + 1)])
async def test_no_more_is_taken_than_may_be(far: Far, files: SlackFiles, what: str, size: int) -> None:
    refused = await files.load(at(f"{far.url}/files/{what}", size), most=MOST)
    assert isinstance(refused, Refused)
    assert refused.reason == "Plik jest za duży: najwyżej {most} MB."


@pytest.mark.parametrize(("status", "why"), [(404, GONE), (410, GONE), (401, NO_RIGHT), (403, NO_RIGHT)])
async def test_what_is_not_given_is_told(far: Far, files: SlackFiles, status: int, why: str) -> None:
    refused = await files.load(at(f"{far.url}/files/{status}"), most=MOST)
    assert isinstance(refused, Refused)
    assert refused.reason == why


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_server_in_trouble_is_asked_again(far: Far, files: SlackFiles, status: int) -> None:
    assert isinstance(await files.load(at(f"{far.url}/files/{status}"), most=MOST), Later)


async def test_a_download_that_hangs_ends(far: Far) -> None:
    async with guarded_session(f"{far.url}/api/") as session:
        found = await files_on(far, session, patience=0.2).load(at(f"{far.url}/files/slow"), most=MOST)
    assert isinstance(found, Later)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"mode": "tombstone"}, GONE),
        ({"mode": "hidden_by_limit"}, GONE),
        ({"mode": "external", "url_private": "https://drive.example.org/1"}, ELSEWHERE),
        ({"name": "osoby.xlsx"}, NO_RIGHT),
    ],
)
async def test_what_slack_does_not_keep_is_told(far: Far, files: SlackFiles, told: dict[str, Any], why: str) -> None:
    far.file = told
    refused = await files.look("F1")
    assert isinstance(refused, Refused)
    assert refused.reason == why
