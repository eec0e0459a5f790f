"""A hub to test with: a real database, real HTTP, the local Slack, and time that stands still until it is wound."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.bootstrap import Parts, put_together, serving
from pim_bot.playground.driver import Person
from pim_bot.playground.model import Message
from pim_bot.playground.server import LocalSlack
from pim_bot.playground.workspace import Workspace
from pim_bot.programme.file import opened
from pim_bot.programme.importing import import_edition
from pim_bot.programme.people import Actor
from pim_bot.settings import Settings
from tests.engines import Engines

SECRET = "a-signing-secret-of-the-tests"
KEY = "a-secret-key-of-the-tests-long-enough"
BOT = "UBOT"
MONDAY_NINE = datetime(2022, 1, 10, 8, 0, tzinfo=UTC)

PEOPLE = """
supplements: pim2-2021-2023
networks:
  - {slug: miasto-zielone, channel: pim-zielone}
people:
  - {name: Koordynatorka (przykład), email: koordynatorka@example.org, roles: [{role: coordinator}]}
  - name: Opiekunka sieci (przykład)
    email: opiekunka@example.org
    roles: [{role: guardian, network: miasto-zielone, institution: mfipr}]
  - name: Ekspert zieleni (przykład)
    email: ekspert@example.org
    roles: [{role: expert, network: miasto-zielone, institution: bank-swiatowy}]
  - name: Ministerstwo (przykład)
    email: ministerstwo@example.org
    roles: [{role: guardian, network: miasto-zielone, institution: mkis}]
  - name: "Rozwój, Żory (przykład)"
    email: rozwoj@zory.example.org
    roles: [{role: official, city: zory, contact: true}]
  - name: "Zieleń, Żory (przykład)"
    email: zielen@zory.example.org
    roles: [{role: official, city: zory}]
  - name: "Rozwój, Lublin (przykład)"
    email: rozwoj@lublin.example.org
    language: en
    roles: [{role: official, city: lublin, contact: true}]
"""

USERS = {
    "koordynatorka": "koordynatorka@example.org",
    "opiekunka": "opiekunka@example.org",
    "ekspert": "ekspert@example.org",
    "ministerstwo": "ministerstwo@example.org",
    "zory": "rozwoj@zory.example.org",
    "zory2": "zielen@zory.example.org",
    "lublin": "rozwoj@lublin.example.org",
}


MoveIn = Callable[[Workspace], None]
"""Fills a workspace with people and channels."""

UNHURRIED = {"conversation_per_minute": 0, "posts_per_minute": 0, "changes_per_minute": 0, "flood": 0}
"""A chat that takes everything at once: the clock of most tests stands still."""


class StillClock:
    """A machine clock that moves only when told."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(kw_only=True)
class RunningHub:
    """The parts of a hub, the chat it talks to, and both clocks."""

    parts: Parts
    slack: LocalSlack
    machine: StillClock

    def user(self, name: str) -> Person:
        """Somebody at their chat, by the short name of ``USERS``."""
        return self.slack.as_user(f"U{name.upper()}")

    async def settle(self) -> None:
        """Let everything happen that is due now."""
        await self.parts.winding.settle()

    async def wind(self, *, hours: int = 0, days: int = 0) -> None:
        """Wind programme time forward, through everything that falls due."""
        await self.parts.winding.forward(hours=hours, days=days)

    async def meet(self, *names: str) -> None:
        """Let people have their first contact, so that they are matched by e-mail."""
        for name in names or USERS:
            await self.user(name).command("/pim", "pomoc")
        await self.settle()

    def channel(self) -> list[Message]:
        """The messages of the network's channel."""
        return self.slack.workspace.messages("CZIELONE")

    def texts(self, name: str) -> list[str]:
        """What the bot wrote to somebody directly, by its text."""
        return [message.text for message in self.user(name).messages() if message.user == BOT]

    async def rows(self, table: object, *columns: object) -> list[tuple[Any, ...]]:
        """Read rows of a table as they are."""
        async with self.parts.storage.engine.connect() as connection:
            found = await connection.execute(select(*(columns or (table,))))  # type: ignore[call-overload]
            return [tuple(row) for row in found]


def settings_for(folder: Path, slack_api: str, **more: object) -> Settings:
    """Settings of a hub in a folder, talking to a local Slack."""
    return Settings.model_validate(
        {
            "data_dir": folder,
            "database_url": f"sqlite:///{folder / 'pim_bot.db'}",
            "port": 0,
            "public_url": "http://hub.example.org",
            "slack_api_url": slack_api,
            "SLACK_BOT_TOKEN": "xoxb-of-the-tests",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_APP_TOKEN": "",
            "secret_key": KEY,
            "requests_per_minute": 0,
            "broker_url": "",
            **UNHURRIED,
            **more,
        }
    )


def make_workspace(machine: StillClock | None = None, *, move_in: MoveIn | None = None) -> Workspace:
    """A workspace with the people of the tests."""
    clock = machine or StillClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    workspace = Workspace(machine_clock=clock, programme_clock=clock, bot_user_id=BOT, bot_token="xoxb-of-the-tests")
    (move_in or fill_workspace)(workspace)
    return workspace


def fill_workspace(workspace: Workspace) -> None:
    """Let the people of the tests move into a workspace, and open the network's channel."""
    for name, email in USERS.items():
        locale = "en-US" if name == "lublin" else "pl-PL"
        workspace.add_user(id=f"U{name.upper()}", name=name, real_name=name, email=email, locale=locale)
    workspace.add_channel(id="CZIELONE", name="pim-zielone", members=[BOT, *(f"U{name.upper()}" for name in USERS)])


def shipped(name: str) -> bytes:
    """A programme file that is shipped."""
    return (resources.files("pim_bot.programme") / "editions" / name).read_bytes()


async def import_text(parts: Parts, text: bytes, name: str = "test.yaml") -> int:
    """Import a programme file; tells how many things changed."""
    async with parts.storage.work() as work:
        file = opened(text, name=name)
        wanted = file.edition(await work.programme.load(file.slug))
        return len(await import_edition(work, Actor(door="import"), wanted, now=parts.clock()))


@asynccontextmanager
async def running_hub(
    engines: Engines,
    *,
    at: datetime = MONDAY_NINE,
    looked_up: bool = False,
    move_in: MoveIn = fill_workspace,
    whose: str = "",
    **more: object,
) -> AsyncIterator[RunningHub]:
    """A hub with the edition 2021-2023 and the people of the tests, at a moment of programme time.

    With ``looked_up`` the chat was asked for everybody already. Its first database is made once and copied.
    ``move_in`` fills the workspace, and ``whose`` names it. ``more`` are settings.
    """
    name = f"{'looked_up' if looked_up else 'imported'}_{at:%Y%m%d%H%M}{whose}"
    await engines.start_from(name, partial(_fill, engines.folder, at, looked_up, move_in))
    settings = {"database_url": engines.database_url, "broker_url": engines.broker_url, **more}
    async with _open_hub(engines.folder, settings, at, move_in) as running:
        yield running


async def _fill(folder: Path, at: datetime, looked_up: bool, move_in: MoveIn, address: str) -> None:  # noqa: FBT001 - bound above
    async with _open_hub(folder, {"database_url": address}, at, move_in) as running:
        await import_text(running.parts, shipped("pim2-2021-2023.yaml"))
        await import_text(running.parts, PEOPLE.encode())
        if looked_up:
            await running.settle()


@asynccontextmanager
async def _open_hub(
    folder: Path, settings: Mapping[str, object], at: datetime, move_in: MoveIn
) -> AsyncIterator[RunningHub]:
    machine = StillClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    async with (
        LocalSlack(make_workspace(machine, move_in=move_in), signing_secret=SECRET) as slack,
        put_together(settings_for(folder, slack.api_url, **settings), machine=machine) as parts,
    ):
        await parts.migrate()
        parts.clock.set_to(at)
        async with serving(parts) as port:
            slack.app_url = f"http://127.0.0.1:{port}/slack/events"
            yield RunningHub(parts=parts, slack=slack, machine=machine)


async def columns(connection: AsyncConnection, statement: object) -> list[object]:
    """Read the first column of a statement."""
    return list((await connection.execute(statement)).scalars())  # type: ignore[call-overload]
