"""Programs in processes of their own: started, waited for, weighed, and ended by their id whatever happens."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import connect
from tests.hub import KEY, SECRET

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
LONGEST_LINE = 2**22
READY = b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n\r\n"


@dataclass(kw_only=True)
class Program:
    """One running program; ``port`` 0 for one that does not listen."""

    process: asyncio.subprocess.Process
    port: int
    ready_after: float = 0.0

    def cpu_seconds(self) -> float:
        """Tell how much processor time it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    async def resident_mib(self) -> float:
        """Tell how much memory it holds."""
        asked = await asyncio.create_subprocess_exec(
            "ps", "-o", "rss=", "-p", str(self.process.pid), stdout=asyncio.subprocess.PIPE
        )
        told, _ = await asked.communicate()
        return int(told) / 1024

    async def wait_ready(self, started: float, *, within: float = 30.0) -> None:
        """Ask for /readyz until it answers 200."""
        last = ""
        while time.perf_counter() - started < within:
            if self.process.returncode is not None:
                raise RuntimeError(f"the program ended with {self.process.returncode} before it was ready")
            try:
                connection = await connect(self.port)
            except OSError:
                await asyncio.sleep(0.01)
                continue
            try:
                status = await connection.ask(READY)
            except ConnectionError:
                continue
            finally:
                connection.close()
            if status == 200:
                self.ready_after = time.perf_counter() - started
                return
            last = connection.body.decode(errors="replace")
            await asyncio.sleep(0.02)
        raise RuntimeError(f"not ready within {within} s: {last}")


@asynccontextmanager
async def program(
    *arguments: str, port: int, settings: dict[str, str] | None = None, patience: float = 12.0
) -> AsyncIterator[Program]:
    """Run ``python -m …`` until the end of the block; ``patience`` is how many seconds it has to end by itself."""
    cwd = (settings or {}).get("PIM_DATA_DIR", str(ROOT))
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *arguments,
        env=_environment(settings or {}),
        cwd=cwd,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    running = Program(process=process, port=port)
    try:
        if port:
            await running.wait_ready(started)
        yield running
    finally:
        await end(process, patience)


def _environment(settings: dict[str, str]) -> dict[str, str]:
    """The environment without settings of somebody's own hub, and with these."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PIM_", "SLACK_"))}
    return inherited | {"PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1"} | settings


async def end(process: asyncio.subprocess.Process, patience: float) -> None:
    """End a process that was started here: asked first, then made to."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), patience)
    except TimeoutError:
        process.kill()
        await process.wait()


@dataclass(frozen=True, kw_only=True)
class Talk:
    """One running program that is told lines and answers in lines."""

    process: asyncio.subprocess.Process

    def tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())

    async def heard(self) -> str:
        assert self.process.stdout is not None
        return (await self.process.stdout.readline()).decode().strip()


@asynccontextmanager
async def talking(*arguments: str) -> AsyncIterator[Talk]:
    """Run ``python -m …`` and talk to it until the end of the block."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *arguments, env=_environment({}), cwd=ROOT, stdin=pipe, stdout=pipe, limit=LONGEST_LINE
    )
    try:
        yield Talk(process=process)
    finally:
        await end(process, 1)


async def told(*arguments: str) -> float:
    """Run ``python -m …`` to its end; tells the number that it prints."""
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *arguments, env=_environment({}), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        printed, _ = await running.communicate()
    finally:
        await end(running, 1)
    assert running.returncode == 0, f"{' '.join(arguments)} ended with {running.returncode}"
    return float(printed)


def hub_settings(
    folder: Path, *, database: str, port: int, slack_port: int, broker: str = "", poll: float = 0.2
) -> dict[str, str]:
    """The environment of a hub's process."""
    return {
        "PIM_DATABASE_URL": database,
        "PIM_BROKER_URL": broker,
        "PIM_DATA_DIR": str(folder),
        "PIM_PORT": str(port),
        "PIM_SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
        "PIM_POLL_SECONDS": str(poll),
        "SLACK_BOT_TOKEN": "xoxb-of-the-tests",
        "SLACK_SIGNING_SECRET": SECRET,
        "PIM_SECRET_KEY": KEY,
    }


def free_port() -> int:
    """Tell a port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
