"""What a hub consists of, once it is put together: its parts, its bells, and by what it knows how it is."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from aiohttp import web
from slack_bolt.async_app import AsyncApp

from pim_bot.clients.disk import free_space
from pim_bot.clients.queue import Queue
from pim_bot.clients.slack import SlackChat
from pim_bot.clients.socket_mode import SocketMode
from pim_bot.clock import Clock, ProgrammeClock, Skew
from pim_bot.errors import PimBotError
from pim_bot.events.bus import Bus
from pim_bot.jobs.dead_man import DeadMan
from pim_bot.jobs.deliver import Delivery
from pim_bot.jobs.fall_due import FallingDue
from pim_bot.jobs.fetching import Fetching
from pim_bot.jobs.match import Matching
from pim_bot.jobs.presence import Presence
from pim_bot.jobs.quoting import Quoting
from pim_bot.jobs.rehearse import Rehearsing
from pim_bot.jobs.winding import Winding
from pim_bot.patience import within
from pim_bot.process import Process
from pim_bot.routes import Hub
from pim_bot.secret_keys import SecretKeys
from pim_bot.settings import Settings
from pim_bot.shift import Shift
from pim_bot.storage.engine import upgrade
from pim_bot.storage.unit_of_work import Storage
from pim_bot.vitals import Signs

WEB, WORKER, CLOCK = "web", "worker", "clock"
EVERYTHING = frozenset({WEB, WORKER, CLOCK})
LEAVE = timedelta(seconds=1)
"""How long a process that ends waits for the database to hear of it."""


@dataclass
class Bells:
    """Where a bell is heard: the queue of this process, and its clock. Unheard ones cost a polling period."""

    heard_by: list[Callable[[str], None]] = field(default_factory=list)

    def ring(self, name: str) -> None:
        """Ring for whoever listens."""
        for hear in self.heard_by:
            hear(name)


@dataclass(kw_only=True)
class Senses:
    """By what this process knows how it is itself; what it does not have tells nothing."""

    machine_clock: Clock
    skew: Skew
    folders: tuple[Path, ...]
    presence: Presence
    queue: Queue | None = None
    sockets: SocketMode | None = None
    noted: Callable[[str, float, bool], None] = lambda _type, _seconds, _acknowledged: None

    async def signs(self) -> Signs:
        """Tell how this process is just now."""
        return Signs(
            now=self.machine_clock(),
            beat_at=self.presence.beat_at,
            ahead=self.skew.ahead,
            free=await free_space(folder for folder in self.folders if folder.exists()),
            links=self.sockets.links() if self.sockets else (),
            broker_away_since=self.queue.away_since if self.queue else None,
        )


@dataclass(kw_only=True)
class Parts:
    """Everything that was put together, before any of it runs."""

    settings: Settings
    clock: ProgrammeClock
    process: Process
    shift: Shift
    presence: Presence
    senses: Senses
    bells: Bells
    storage: Storage
    chat: SlackChat
    keys: SecretKeys
    bolt: AsyncApp | None
    bus: Bus
    falling_due: FallingDue
    delivery: Delivery
    matching: Matching
    quoting: Quoting
    fetching: Fetching
    dead_man: DeadMan
    winding: Winding
    rehearsing: Rehearsing
    hub: Hub
    app: web.Application
    wake_clock: Callable[[], None] = lambda: None
    give_up: Callable[[str], None] = lambda _why: None

    async def migrate(self) -> None:
        """Bring the database to the newest migration, and take over how far time was wound.

        Raises ``SettingsError``, before anything is written, when another host has this SQLite file.
        """
        await upgrade(self.storage.engine, first=self._require_one_host)
        async with self.storage.reading() as work:
            self.clock.offset = await work.offset()

    async def _require_one_host(self) -> None:
        async with self.storage.reading() as work:
            await self.presence.require_one_host(work)

    @asynccontextmanager
    async def present(self) -> AsyncIterator[None]:
        """Be registered as a process that writes. Raises ``SettingsError`` when another host has this SQLite file."""
        await self.presence.enter()
        beating = asyncio.create_task(self.presence.run())
        try:
            yield
        finally:
            await ended(beating)
            with contextlib.suppress(PimBotError):  # the row says soon enough that the heart beats no more
                await within(LEAVE, leave(self.storage, self.process))


async def leave(storage: Storage, process: Process) -> None:
    """Take a process off the list of those at work."""
    async with storage.work("heartbeat") as work:
        await work.processes.leave(process.id)


async def ended(task: asyncio.Task[None]) -> None:
    """Cancel a task; one that hangs on a server that has frozen ends by itself, later."""
    task.cancel()
    await asyncio.wait({task}, timeout=LEAVE.total_seconds())
