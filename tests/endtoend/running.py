"""Processes of the hub as the Procfile starts them, kept alive as a supervisor would; none outlives the tests."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from signal import SIGKILL, SIGTERM
from tempfile import mkdtemp
from typing import Any, TypeVar

from tests.services import free_port
from tests.services.processes import Guard

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
WEB, WORKER, CLOCK = "web", "worker", "clock"
PAUSE = 0.02
LOOK_SECONDS = 0.1
START_SECONDS = 60.0
END_SECONDS = 10.0
"""How long an ending process may take before a supervisor would kill it."""

COMPLAINTS = ("error", "critical", None)

Found = TypeVar("Found")


async def found(
    look: Callable[[], Awaitable[Found | None]], *, seconds: float, what: str, pause: float = LOOK_SECONDS
) -> Found:
    """Look again and again until there is something; fails when that takes too long."""
    end = time.monotonic() + seconds
    while not (seen := await look()):
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        await asyncio.sleep(pause)
    return seen


async def until(is_so: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Ask again and again until something is so."""

    async def look() -> bool:
        return is_so()

    await found(look, seconds=seconds, what=what, pause=PAUSE)


def procfile() -> dict[str, str]:
    """What the Procfile says: the command of each type of process."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines)


UNHURRIED = {
    "PIM_CONVERSATION_PER_MINUTE": "0",
    "PIM_POSTS_PER_MINUTE": "0",
    "PIM_CHANGES_PER_MINUTE": "0",
    "PIM_FLOOD": "0",
}
"""The local Slack takes everything at once, and the judge counts every message by itself."""


def environment(settings: dict[str, str]) -> dict[str, str]:
    """An environment in which the commands of the Procfile are found, with these settings and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIM_", "SLACK_", "PORT"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return kept | {"PATH": path, "NO_PROXY": HOST, "PYTHONUNBUFFERED": "1"} | settings


@dataclass(kw_only=True)
class Running:
    """One process of the hub."""

    name: str
    port: int
    log: Path
    popen: "subprocess.Popen[bytes]"

    @property
    def type(self) -> str:
        return self.name.partition(".")[0]

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def said(self) -> str:
        """Everything it has logged."""
        return self.log.read_text("utf-8", "replace")

    @property
    def is_alive(self) -> bool:
        return self.popen.poll() is None

    def _has_started(self) -> bool:
        assert self.is_alive, f"{self.name} ended with code {self.popen.returncode}:\n{self.said[-2000:]}"
        return '"event": "started"' in self.said

    async def started(self) -> None:
        """Wait until it does its work."""
        await until(self._has_started, seconds=START_SECONDS, what=f"{self.name} starts")

    async def ended(self, *, seconds: float = END_SECONDS) -> int:
        """Wait until it has ended by itself; tells its exit code."""
        await until(lambda: not self.is_alive, seconds=seconds, what=f"{self.name} ends; {self.said[-2000:]}")
        assert self.popen.returncode is not None
        return self.popen.returncode

    async def stopped(self) -> tuple[int, float]:
        """Ask it to end; tells its exit code and how many seconds it took."""
        began = time.monotonic()
        self.popen.send_signal(SIGTERM)
        return await self.ended(), time.monotonic() - began

    async def killed(self) -> None:
        """End it as a power cut would."""
        self.popen.send_signal(SIGKILL)
        await self.ended()


class Processes:
    """Starts processes of the hub with these settings; ``close`` leaves nothing of them."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.settings = settings
        self.running: dict[str, Running] = {}
        self.starts: Counter[str] = Counter()
        self._all: list[Running] = []
        self._folder = Path(mkdtemp(prefix="pim-bot-processes-"))
        self._guard = Guard()
        self._guard.remove(self._folder)
        self._numbers = count(1)

    def start(self, name: str, **settings: str) -> Running:
        """Start a process under a name such as ``web.2``, in the place of one of that name; settings are its own."""
        kind = name.partition(".")[0]
        port = free_port() if kind == WEB else 0
        log = self._folder / f"{next(self._numbers):04}-{name}.log"
        with log.open("wb") as file:
            popen = subprocess.Popen(
                ["/bin/sh", "-c", procfile()[kind]],
                env=environment(self.settings | {"PORT": str(port)} | settings),
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        self._guard.watch(popen.pid, SIGTERM)
        one = self.running[name] = Running(name=name, port=port, log=log, popen=popen)
        self._all.append(one)
        self.starts[kind] += 1
        return one

    async def up(self, *names: str) -> None:
        """Start what does not run yet of these; returns when all of them do their work."""
        for name in names:
            if name not in self.running or not self.running[name].is_alive:
                self.start(name)
        await asyncio.gather(*(self.running[name].started() for name in names))

    @property
    def alive(self) -> list[Running]:
        """All that run now, also those that are being replaced."""
        return [one for one in self._all if one.is_alive]

    def of(self, kind: str) -> list[Running]:
        """Those of one type that run now."""
        return [one for one in self.alive if one.type == kind]

    def member(self, pid: int) -> Running | None:
        """The process of that number, while it runs."""
        return next((one for one in self.alive if one.popen.pid == pid), None)

    async def stop(self) -> dict[str, tuple[int, float]]:
        """End everything as an operator would, all at once; tells each exit code and the seconds it took."""
        members = self.alive
        ends = await asyncio.gather(*(one.stopped() for one in members))
        return {one.name: end for one, end in zip(members, ends, strict=True)}

    def complaints(self) -> list[dict[str, Any]]:
        """What the processes logged as errors, and what was no log line at all."""
        lines = [line for one in self._all for line in one.said.splitlines()]
        return [entry for line in lines if (entry := _entry(line)).get("level") in COMPLAINTS]

    def close(self) -> None:
        """Kill what is left, and take the logs away."""
        for one in self.alive:
            one.popen.kill()
        for one in self._all:
            one.popen.wait()
        self._guard.close()


def _entry(line: str) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(line)
    except ValueError:
        return {"line": line}
    return read
