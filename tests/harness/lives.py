"""A program that is killed again and again: born from the nursery, told by the environment where to die."""

import asyncio
import json
import os
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL, SIGTERM
from typing import Any

from tests.endtoend.running import UNHURRIED
from tests.harness.fake_slack import BOT_TOKEN, SIGNING_SECRET
from tests.harness.far_end import ROOT
from tests.hub import KEY
from tests.services.processes import Guard

BORN_WITHIN = 60.0
LOOK = 0.01
STARTED = b'"event": "started"'
TIMES = {
    "PIM_LEASE_SECONDS": "0.5",
    "PIM_DOUBT_SECONDS": "0.6",
    "PIM_POLL_SECONDS": "0.1",
    "PIM_LEADER_SECONDS": "0.5",
    "PIM_HEARTBEAT_SECONDS": "0.5",
    **UNHURRIED,
}
"""Everything is quicker than in earnest; the wait in doubt is longer than the fake's worst delay."""


@dataclass(kw_only=True)
class Lives:
    """One hub, or another bot, in all its lives."""

    settings: dict[str, str]
    log: Path
    program: tuple[str, ...] = ("pim-bot", "run")
    pid: int = 0
    births: int = 0
    deaths: Counter[str] = field(default_factory=Counter)
    _nursery: asyncio.subprocess.Process | None = None
    _code: int | None = None
    _guard: Guard = field(default_factory=Guard)
    _read: int = 0

    async def begin(self, *, die_at: str = "") -> None:
        """Start a life; it is not waited for that the hub serves."""
        self.births, self._code = self.births + 1, None
        self.log.touch()
        self._read = self.log.stat().st_size
        environment = TIMES | self.settings | {"PIM_CRASH_AT": die_at}
        self.pid = await self._told({"start": environment, "program": self.program, "log": str(self.log)})
        self._guard.watch(self.pid, SIGTERM)

    async def serving(self) -> bool:
        """Wait until it serves; False when it died on the way."""
        for _ in range(int(BORN_WITHIN / LOOK)):
            with self.log.open("rb") as log:
                log.seek(self._read)
                if STARTED in log.read():
                    return True
            if await self._death(0) is not None:
                return False
            await asyncio.sleep(LOOK)
        raise AssertionError(f"the hub does not start: {self.said()[-2000:]}")

    async def dead(self, *, within: float, cause: str) -> bool:
        """Let it die by itself, or kill it when the time is over; tells whether it died by itself."""
        code = await self._death(within)
        by_itself = code is not None
        if code is None:
            self.kill()
            code = await self._death(10)
        assert code == -SIGKILL, f"ended with {code}: {self.said()[-2000:]}"
        self.deaths[cause if by_itself else "instant"] += 1
        return by_itself

    def kill(self) -> None:
        """Kill it as a power cut would."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, SIGKILL)

    async def end(self) -> None:
        """End it as an operator would."""
        os.kill(self.pid, SIGTERM)
        code = await self._death(20)
        assert code == 0, f"ended with {code}: {self.said()[-2000:]}"
        self.pid = 0

    async def close(self) -> None:
        """Leave nothing running."""
        if self.pid:
            self.kill()
        if self._nursery is not None:
            assert self._nursery.stdin is not None
            self._nursery.stdin.close()
            await self._nursery.wait()
        self._guard.close()

    def said(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def complaints(self) -> tuple[str, ...]:
        """What it said that is nothing a healthy hub says under faults: errors of its own making."""
        return tuple(line for line in self.said().splitlines() if '"level": "error"' in line or "Traceback" in line)

    async def _death(self, within: float) -> int | None:
        """Wait for its end; tells its exit code, also when it is asked again."""
        if self._code is None:
            self._code = await self._told({"wait": within})
            if self._code is not None:
                self._guard.forget(self.pid)
                self.pid = 0
        return self._code

    async def _told(self, order: dict[str, Any]) -> Any:
        if self._nursery is None:
            environment = os.environ | {"NO_PROXY": "127.0.0.1"}
            self._nursery = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.harness.nursery"),
                cwd=ROOT,
                env=environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            self._guard.watch(self._nursery.pid, SIGTERM)
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(json.dumps(order).encode() + b"\n")
        return json.loads(await self._nursery.stdout.readline())


def hub_settings(*, database_url: str, broker_url: str, folder: Path, port: int, api_url: str) -> dict[str, str]:
    """What the hub's environment says."""
    return {
        "PIM_DATABASE_URL": database_url,
        "PIM_BROKER_URL": broker_url,
        "PIM_DATA_DIR": str(folder),
        "PIM_PORT": str(port),
        "PIM_SLACK_API_URL": api_url,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "PIM_SECRET_KEY": KEY,
        "NO_PROXY": "127.0.0.1",
    }
