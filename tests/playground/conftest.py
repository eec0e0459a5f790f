"""A workspace of made-up people, its server, and a small real Bolt app in it, over either transport."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from pim_bot.playground.server import LocalSlack
from pim_bot.playground.switchboard import Switchboard
from pim_bot.playground.workspace import Workspace
from tests.playground.toy_bot import RunningBot, bot_over_http, bot_over_socket

PROGRAMME_TIME = datetime(2022, 1, 10, 8, 0, tzinfo=UTC)


class HandClock:
    """Machine time that a test can push forward; it starts at the true time, because Bolt checks signatures."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def push(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


@pytest.fixture(name="machine")
def _machine() -> HandClock:
    return HandClock()


@pytest.fixture(name="workspace")
def _workspace(machine: HandClock) -> Workspace:
    workspace = Workspace(machine_clock=machine, programme_clock=lambda: PROGRAMME_TIME)
    workspace.add_user(id="U1", name="koordynatorka", real_name="Koordynatorka (przykład)", email="k@example.org")
    workspace.add_user(id="U2", name="zespol.zory", real_name="Zespół miasta Żory (przykład)", restricted=True)
    workspace.add_user(id="U3", name="ekspert", real_name="Ekspert (przykład)")
    workspace.add_channel(id="C1", name="siec-miasto-zielone", members=["U1", "U2", "UBOT"])
    workspace.add_channel(id="C2", name="bez-bota", members=["U1"])
    return workspace


@pytest.fixture(name="slack")
async def _slack(workspace: Workspace) -> AsyncIterator[LocalSlack]:
    async def no_sleep(_: float) -> None:
        """Retries come at once."""

    switchboard = Switchboard(workspace, signing_secret="secret-of-the-tests", sleep=no_sleep)
    async with LocalSlack(workspace, switchboard=switchboard) as slack:
        yield slack


@pytest.fixture(name="client")
def _client(slack: LocalSlack) -> AsyncWebClient:
    client = AsyncWebClient(token=slack.workspace.bot_token, base_url=slack.api_url, retry_handlers=[])
    client.proxy = None
    return client


@pytest.fixture(name="http_bot")
async def _http_bot(slack: LocalSlack) -> AsyncIterator[RunningBot]:
    async with bot_over_http(slack) as bot:
        yield bot


@pytest.fixture(name="bot", params=["http", "socket"])
async def _bot(request: pytest.FixtureRequest, slack: LocalSlack) -> AsyncIterator[RunningBot]:
    run = bot_over_http if request.param == "http" else bot_over_socket
    async with run(slack) as bot:
        yield bot
