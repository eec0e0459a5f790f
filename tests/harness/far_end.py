"""The harness's hold on the fake Slack: start it, kill it, start it again, and tell it what is to happen."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGTERM

import aiohttp

from pim_bot.playground.model import Json
from tests.services import free_port
from tests.services.processes import Guard

ROOT = Path(__file__).parents[2]


@dataclass(kw_only=True)
class FarEnd:
    """A fake Slack in a process of its own, on a port and a file that outlive it."""

    file: Path
    app_url: str
    port: int = field(default_factory=free_port)
    starts: int = 0
    _process: asyncio.subprocess.Process | None = None
    _session: aiohttp.ClientSession | None = None
    _guard: Guard = field(default_factory=Guard)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    async def start(self) -> None:
        """Start it on its file; returns when it answers."""
        self.starts += 1
        command = [
            "-m",
            "tests.harness.fake_slack",
            str(self.file),
            "--port",
            str(self.port),
            "--app-url",
            self.app_url,
        ]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        self._guard.watch(self._process.pid, SIGTERM)
        assert self._process.stdout is not None
        said = (await self._process.stdout.readline()).decode().strip()
        assert said == self.url, said

    async def kill(self) -> None:
        """Kill it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> None:
        """End it, and leave nothing of it but its file."""
        if self._session is not None:
            await self._session.close()
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
        self._guard.close()

    async def ask(self, name: str, **body: object) -> Json:
        """Say something to the control address."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        async with self._session.post(f"{self.url}/control/{name}", json=body) as response:
            response.raise_for_status()
            answer: Json = await response.json()
            return answer

    async def strike(self, method: str, faults: Iterable[Json], *, chance: float, seed: str) -> None:
        """Let each call of a method meet one of the faults with this probability."""
        await self.ask("faults", method=method, faults=list(faults), chance=chance, seed=seed)

    async def standing(self) -> int:
        """How many messages with a key stand there."""
        number: int = (await self.ask("messages"))["messages"]
        return number


@asynccontextmanager
async def far_end(file: Path, *, app_url: str) -> AsyncIterator[FarEnd]:
    one = FarEnd(file=file, app_url=app_url)
    try:
        await one.start()
        yield one
    finally:
        await one.stop()
