"""The hub as several processes on PostgreSQL with a broker, behind a load balancer, and the chat before it."""

import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

from pim_bot.bootstrap import put_together
from pim_bot.clock import machine_clock
from pim_bot.playground.faults import Late
from pim_bot.playground.server import LocalSlack
from pim_bot.playground.transport import Answer, HttpLine, SignedRequest
from pim_bot.playground.workspace import Workspace
from tests.endtoend.ledger import Ledger, number_in
from tests.endtoend.running import START_SECONDS, UNHURRIED, WEB, Processes, Running, found
from tests.hub import KEY, MONDAY_NINE, PEOPLE, SECRET, fill_workspace, import_text, settings_for, shipped
from tests.services import PostgresServer, fresh_database, template_database

ANSWER_SECONDS = 3.0
"""How long the chat waits for an answer."""

CHAT_SECONDS = 0.1
"""How long the chat takes for a message, so that something is always on its way."""

WEDNESDAY_NINE = MONDAY_NINE + timedelta(days=2)
"""When programme time begins: weeks later it is still a day on which people work and get what waited for such a day."""

LEADER_SECONDS = 1.5
TIMES = {
    **UNHURRIED,
    "PIM_HEARTBEAT_SECONDS": "0.5",
    "PIM_LEADER_SECONDS": str(LEADER_SECONDS),
    "PIM_POLL_SECONDS": "0.5",
    # Longer than a process may stand still where many of them share two cores: then its lease has not run out.
    "PIM_LEASE_SECONDS": "4",
    "PIM_DOUBT_SECONDS": "3",
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as the load balancer saw it."""

    address: str
    seconds: float
    status: int | None


class Balanced(HttpLine):
    """Gives requests to the webs in turn; one that does not take its request is left out, and the next one is asked."""

    def __init__(self, addresses: Callable[[], Sequence[str]]) -> None:
        super().__init__(ANSWER_SECONDS)
        self.asked: list[Asked] = []
        self.passed_on = 0
        self._addresses = addresses
        self._turns = count()

    async def send(self, url: str, request: SignedRequest) -> Answer:
        addresses = self._addresses()
        turn = next(self._turns)
        answer = Answer(error="dispatch_failed")
        for tried in range(len(addresses)):
            answer = await self._ask(addresses[(turn + tried) % len(addresses)], request)
            if answer.error != "dispatch_failed" or answer.status is not None:
                break
            self.passed_on += 1
        return answer

    async def _ask(self, address: str, request: SignedRequest) -> Answer:
        began = time.monotonic()
        answer = await super().send(f"{address}/slack/events", request)
        self.asked.append(Asked(address=address, seconds=time.monotonic() - began, status=answer.status))
        return answer

    @property
    def slowest(self) -> float:
        """The longest that somebody waited for an answer."""
        return round(max((one.seconds for one in self.asked if one.status is not None), default=0.0), 2)

    @property
    def answered(self) -> Counter[str]:
        """How many requests each address has answered."""
        return Counter(one.address for one in self.asked if one.status is not None)


async def readyz(address: str) -> tuple[int, dict[str, Any]]:
    """What a web says of the hub: the status and the page; nothing when it does not answer."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session,
            session.get(f"{address}/readyz") as response,
        ):
            page: dict[str, Any] = await response.json()
            return response.status, page
    except (aiohttp.ClientError, TimeoutError):
        return 0, {}


async def until_ready(address: str, *, seconds: float = START_SECONDS) -> dict[str, Any]:
    """Wait until a web says that all is well; tells the page."""

    async def look() -> dict[str, Any] | None:
        status, page = await readyz(address)
        return page if status == 200 else None

    return await found(look, seconds=seconds, what=f"{address} is ready")


def leader_in(page: dict[str, Any]) -> int:
    """The number of the process that leads, as a page tells it."""
    clock = page.get("clock") or {}
    return number_in(clock.get("leader") or ":0")


def present_in(page: dict[str, Any]) -> set[int]:
    """The numbers of the processes that are at work, as a page tells them."""
    return {number_in(one["name"]) for one in page.get("processes", ())}


@dataclass(kw_only=True)
class Town:
    """The hub's processes, the database they share, and the chat before them."""

    processes: Processes
    ledger: Ledger
    slack: LocalSlack
    line: Balanced

    async def leader(self) -> Running:
        """The process that a web names as the leading clock."""

        async def look() -> Running | None:
            for web in self.processes.of(WEB):
                _, page = await readyz(web.address)
                if one := self.processes.member(leader_in(page)):
                    return one
            return None

        return await found(look, seconds=START_SECONDS, what="a clock that runs leads")


def new_workspace() -> Workspace:
    """The workspace of the tests, in real time."""
    workspace = Workspace(
        machine_clock=machine_clock, programme_clock=machine_clock, bot_user_id="UBOT", bot_token="xoxb-of-the-tests"
    )
    fill_workspace(workspace)
    return workspace


def local_slack() -> LocalSlack:
    """The chat of the tests; where its requests go is the load balancer's business."""
    return LocalSlack(new_workspace(), signing_secret=SECRET, app_url="balanced")


def settings_of(slack: LocalSlack, database_url: str, broker_url: str) -> dict[str, str]:
    """The settings of a hub, as its processes read them."""
    return TIMES | {
        "PIM_DATABASE_URL": database_url,
        "PIM_BROKER_URL": broker_url,
        "PIM_SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.workspace.bot_token,
        "SLACK_SIGNING_SECRET": SECRET,
        "PIM_SECRET_KEY": KEY,
    }


@asynccontextmanager
async def town(postgres: PostgresServer, broker_url: str) -> AsyncIterator[Town]:
    """A hub with the programme imported, none of whose processes runs yet."""
    template = await template_database(postgres, "template_many", _fill)
    async with fresh_database(postgres, template) as url, local_slack() as slack:
        await _begin_anew(Ledger(url))
        processes = Processes(settings_of(slack, url, broker_url))
        for method in ("chat.postMessage", "chat.update"):
            slack.faults.always(method, Late(seconds=CHAT_SECONDS))
        slack.switchboard.http = line = Balanced(lambda: [one.address for one in processes.of(WEB)])
        try:
            yield Town(processes=processes, ledger=Ledger(url), slack=slack, line=line)
        finally:
            for complaint in processes.complaints():
                print(complaint, file=sys.stderr)  # noqa: T201 - shown when the test fails
            processes.close()


async def _fill(url: str) -> None:
    """The programme and the people of the tests, imported and settled."""
    async with local_slack() as slack, put_together(settings_for(Path(), slack.api_url, database_url=url)) as parts:
        await parts.migrate()
        offset = parts.clock.set_to(MONDAY_NINE)
        async with parts.storage.work() as work:
            await work.keep_offset(offset)
        await import_text(parts, shipped("pim2-2021-2023.yaml"))
        await import_text(parts, PEOPLE.encode())
        await parts.winding.settle()


async def _begin_anew(ledger: Ledger) -> None:
    """Let programme time begin now, and nobody have led, however long ago the template was made."""
    offset = WEDNESDAY_NINE - machine_clock()
    await ledger.rows("UPDATE programme_time SET offset_microseconds = %s", offset.total_seconds() * 1_000_000)
    await ledger.rows("DELETE FROM leadership")
