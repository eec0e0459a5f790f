"""A hub in a process of its own that is killed again and again, and a judge who counts at the far end.

The judge reads only what a person could see (messages in the local Slack) and the database after everything settled.
"""

import asyncio
import json
import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from pim_bot.bootstrap import Parts, put_together
from pim_bot.clock import Clock, machine_clock
from pim_bot.playground.driver import Person
from pim_bot.playground.outcome import Outcome
from pim_bot.playground.server import LocalSlack
from pim_bot.playground.views import View
from pim_bot.playground.workspace import Workspace
from pim_bot.storage.engine import make_reading
from pim_bot.storage.tables.activities import activity, attendance
from tests.endtoend.running import UNHURRIED
from tests.engines import Engines
from tests.hub import KEY, MONDAY_NINE, PEOPLE, SECRET, fill_workspace, import_text, settings_for, shipped

OPEN_STATES = ("planned", "sending", "doubtful")


@dataclass(kw_only=True)
class KilledHub:
    """The program under test: started anew after each death, told by an environment variable where to die."""

    engines: Engines
    slack: LocalSlack
    port: int
    process: asyncio.subprocess.Process | None = None
    starts: int = 0
    deaths: Counter[str] = field(default_factory=Counter)

    async def start(self, *, die_at: str = "") -> None:
        """Start the program; returns when it serves, or when it has died on the way."""
        self.starts += 1
        environment = os.environ | {
            "PIM_DATABASE_URL": self.engines.database_url,
            "PIM_BROKER_URL": self.engines.broker_url,
            "PIM_DATA_DIR": str(self.engines.folder),
            "PIM_PORT": str(self.port),
            "PIM_SLACK_API_URL": self.slack.api_url,
            "PIM_LEASE_SECONDS": "0.5",
            "PIM_DOUBT_SECONDS": "0.3",
            "PIM_POLL_SECONDS": "0.1",
            "PIM_LEADER_SECONDS": "0.5",
            **UNHURRIED,
            "PIM_CRASH_AT": die_at,
            "SLACK_BOT_TOKEN": self.slack.workspace.bot_token,
            "SLACK_SIGNING_SECRET": SECRET,
            "PIM_SECRET_KEY": KEY,
            "NO_PROXY": "127.0.0.1",
        }
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "pim_bot", "run", env=environment, stderr=asyncio.subprocess.PIPE
        )
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            if b'"started"' in line:
                self._reader = asyncio.create_task(self._drain(self.process))
                return

    @staticmethod
    async def _drain(process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            if b"Traceback" in line or b'"level": "error"' in line:
                print(line.decode(), file=sys.stderr)  # noqa: T201 - shown when the test fails

    def kill(self) -> None:
        """Kill the program as a power cut would."""
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)

    async def dead(self, *, within: float, name: str) -> bool:
        """Wait for the program to die by itself; kills it when it does not. Tells whether it died by itself."""
        assert self.process is not None
        by_itself = True
        try:
            await asyncio.wait_for(self.process.wait(), within)
        except TimeoutError:
            by_itself = False
            self.kill()
            await self.process.wait()
        if by_itself:
            self.deaths[name] += 1
        return by_itself

    async def stop(self) -> None:
        """End the program as an operator would."""
        if self.process is not None and self.process.returncode is None:
            self.process.terminate()
            await asyncio.wait_for(self.process.wait(), 15)


@dataclass(kw_only=True)
class Driver:
    """The coordinator and a city official, who try again when an act was not acknowledged, and remember what was."""

    planner: Person
    official: Person
    scheduled: list[str] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    tried: int = 0
    _open: tuple[View, str] | None = None

    async def schedule(self) -> None:
        """Schedule one activity; what was not acknowledged is submitted again, as the same form, next time."""
        if self._open is None:
            asked = await self.planner.command("/pim", "wydarzenie")
            if not asked.ok or self.planner.modal is None:
                return
            self.tried += 1
            self._open = (self.planner.modal, f"Akt {self.tried:04}")
        view, title = self._open
        outcome = await self.planner.submit(self.planner.modal or view, form(title))  # the step that was not answered
        if _acknowledged(outcome):
            self.scheduled.append(title)
            self._open = None

    async def answer(self) -> None:
        """Answer the newest invitation by a press of the button.

        The official is alone in the team, so the answer takes nobody else's question away.
        """
        invitations = [message for message in self.official.messages() if "Akt" in message.text]
        buttons = str(invitations[-1].blocks) if invitations else ""
        if "attend.going" in buttons and _acknowledged(await self.official.click(invitations[-1], "attend.going")):
            self.answered.add(title_in(invitations[-1].text))


def title_in(text: str) -> str:
    """The title of the act that a message is about."""
    start = text.index("Akt")
    return text[start : start + len("Akt 0000")]


def _acknowledged(outcome: Outcome) -> bool:
    return outcome.ok and not outcome.errors


def form(title: str) -> dict[str, object]:
    """What the coordinator types."""
    return {
        "Rodzaj": "warsztaty-sieci",
        "Sieć": ["miasto-zielone"],
        "Tytuł": title,
        "Początek": "2022-02-22",
        "Początek, godzina": "10:00",
        "Koniec, godzina": "12:00",
    }


@asynccontextmanager
async def killable_hub(engines: Engines) -> AsyncIterator[tuple[KilledHub, Driver]]:
    """A hub with the programme imported, not started yet, and its driver."""
    workspace = Workspace(
        machine_clock=machine_clock, programme_clock=machine_clock, bot_user_id="UBOT", bot_token="xoxb-of-the-tests"
    )
    fill_workspace(workspace)
    async with LocalSlack(workspace, signing_secret=SECRET) as slack:
        await engines.start_from("to_be_killed", partial(_fill, engines.folder, slack.api_url))
        await _wind_to(engines, slack)
        port = free_port()
        slack.app_url = f"http://127.0.0.1:{port}/slack/events"
        hub = KilledHub(engines=engines, slack=slack, port=port)
        try:
            yield hub, Driver(planner=slack.as_user("UKOORDYNATORKA"), official=slack.as_user("ULUBLIN"))
        finally:
            hub.kill()
            if hub.process is not None:
                await hub.process.wait()


async def _fill(folder: Path, slack_api: str, address: str) -> None:
    async with put_together(settings_for(folder, slack_api, database_url=address)) as parts:
        await parts.migrate()
        parts.clock.set_to(MONDAY_NINE)
        await import_text(parts, shipped("pim2-2021-2023.yaml"))
        await import_text(parts, PEOPLE.encode())
        await parts.winding.settle()


async def _wind_to(engines: Engines, slack: LocalSlack) -> None:
    """Let it be nine o'clock on that Monday from now on."""
    async with opened(engines, slack) as parts, parts.storage.work() as work:
        await work.keep_offset(parts.clock.set_to(MONDAY_NINE))


def opened(
    engines: Engines, slack: LocalSlack, *, machine: Clock = machine_clock
) -> AbstractAsyncContextManager[Parts]:
    """The parts of a hub in this process, on the same engines."""
    settings = settings_for(
        engines.folder, slack.api_url, database_url=engines.database_url, broker_url=engines.broker_url
    )
    return put_together(settings, machine=machine)


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def settled(engines: Engines, slack: LocalSlack) -> int:
    """Do what the stopped program left, in this process and ten minutes later; tells how much is still open then."""

    def later() -> datetime:
        return machine_clock() + timedelta(minutes=10)

    async with opened(engines, slack, machine=later) as parts:
        await parts.migrate()
        await parts.winding.settle()
        return await _open_work(parts.storage.engine)


async def _open_work(engine: AsyncEngine) -> int:
    async with make_reading(engine).connect() as connection:
        due = await connection.execute(text("SELECT count(*) FROM event_reaction WHERE state = 'due'"))
        states = ", ".join(f"'{state}'" for state in OPEN_STATES)
        waiting = await connection.execute(
            text(f"SELECT count(*) FROM notification WHERE state IN ({states}) AND not_before < '2022-01-11'")  # noqa: S608
        )
        return int(due.scalar_one()) + int(waiting.scalar_one())


async def answers(engines: Engines, slack: LocalSlack) -> set[str]:
    """The titles of the activities that the official's team answered, as the database has them."""
    async with opened(engines, slack) as parts, parts.storage.engine.connect() as connection:
        found = await connection.execute(
            select(activity.c.title)
            .join(attendance, attendance.c.activity_id == activity.c.id)
            .where(attendance.c.invitee == "team:miasto-zielone/lublin", attendance.c.answer == "going")
        )
        return set(found.scalars())


def counted(slack: LocalSlack, titles: list[str]) -> dict[str, dict[str, int]]:
    """Count, for each title, the messages that people see: in the channel, at the planner, at each invited person."""
    found: dict[str, Counter[str]] = {title: Counter() for title in titles}
    places = {"kanał": slack.workspace.messages("CZIELONE")}
    people = ("koordynatorka", "zory", "zory2", "lublin", "opiekunka", "ekspert", "ministerstwo")
    places |= {name: slack.as_user(f"U{name.upper()}").messages() for name in people}
    for place, messages in places.items():
        for message in messages:
            for title in titles:
                if title in message.text and message.user == "UBOT":
                    found[title][place] += 1
    return {title: dict(sorted(counts.items())) for title, counts in found.items()}


def report(name: str, **figures: object) -> None:
    """Print the figures of a run as one line of JSON."""
    print(json.dumps({"test": name, **figures}, ensure_ascii=False))  # noqa: T201 - the figures of the closing note
