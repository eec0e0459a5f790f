"""B10: messages a second that workers deliver to a chat that answers at once, beside dramatiq doing nothing."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.backlog import backlogged
from benchmarks.brokers import Broker
from benchmarks.chat_probe import ChatProbe, chat_probe
from benchmarks.engines import Engine
from benchmarks.furnish import Furnished, furnished
from benchmarks.measure import Row, beside, in_turns
from benchmarks.processes import Program, hub_settings, program, told
from pim_bot.storage.tables.processes import process

UNDER_WAY = 40
POLL = 2.0


@dataclass(frozen=True, kw_only=True)
class Load:
    """How much there is to deliver and for how many seconds it is looked at."""

    messages: int
    seconds: float
    noops: int


@dataclass(kw_only=True)
class Post:
    """A database with a backlog, the chat, and the broker; every sample delivers from a copy of its own."""

    engine: Engine
    folder: Path
    source: str
    chat: ChatProbe
    broker: Broker
    load: Load
    drains: list[float] = field(default_factory=list)
    _samples: int = 0

    async def two(self) -> float:
        return await self._rate(2)

    async def one(self) -> float:
        """Measure one worker, and right before it how fast dramatiq drains a queue."""
        self.drains.append(await told("benchmarks.noop", "drain", self.broker.url, str(self.load.noops)))
        return await self._rate(1)

    async def _rate(self, workers: int) -> float:
        """Start workers on a copy, and count what is posted in a while; tells messages a second."""
        self._samples += 1
        folder = self.folder / f"{workers}-{self._samples}"
        async with furnished(self.engine, folder, self.source) as hub, AsyncExitStack() as started:
            settings = hub_settings(
                folder, database=hub.address, port=0, slack_port=self.chat.port, broker=self.broker.url, poll=POLL
            )
            before = await self.chat.posted()
            running = [
                await started.enter_async_context(program("pim_bot", "worker", port=0, settings=settings, patience=1))
                for _ in range(workers)
            ]
            await self._under_way(hub, running, before)
            return await self._counted(before)

    async def _under_way(self, hub: Furnished, running: list[Program], before: int) -> None:
        """Wait until all workers are there and messages flow."""
        here = select(func.count()).select_from(process)
        for _ in range(600):
            assert all(one.process.returncode is None for one in running), "a worker ended by itself"
            async with hub.engine.connect() as connection:
                present = (await connection.execute(here)).scalar_one()
            if present == len(running) and await self.chat.posted() > before + UNDER_WAY:
                return
            await asyncio.sleep(0.05)
        raise RuntimeError("the workers do not deliver")

    async def _counted(self, before: int) -> float:
        first, started = await self.chat.posted(), time.perf_counter()
        await asyncio.sleep(self.load.seconds)
        last, ended = await self.chat.posted(), time.perf_counter()
        assert last - before < self.load.messages, "the backlog ran out"
        return (last - first) / (ended - started)


async def delivered(
    engine: Engine, folder: Path, source: str, brokers: list[Broker], *, repetitions: int, load: Load
) -> list[Row]:
    """Measure one worker beside dramatiq's drain, and two workers beside one, on every broker."""
    full = await backlogged(engine, folder / "full", source, messages=load.messages)
    rows: list[Row] = []
    async with chat_probe() as chat:
        for number, broker in enumerate(brokers):
            post = Post(
                engine=engine, folder=folder / f"post-{number}", source=full, chat=chat, broker=broker, load=load
            )
            two, one = await in_turns(repetitions, post.two, post.one)
            rows += [_worker_row(broker, one, post.drains[1:]), _pair_row(broker, two, one)]
    return rows


def _worker_row(broker: Broker, one: list[float], drains: list[float]) -> Row:
    return beside(
        one,
        drains,
        id="B10a",
        what=f"deliveries of one worker, bells through {broker.title}: claim, render, commit, post, record",
        unit="messages/s",
        ceiling_is="dramatiq at its defaults draining an actor that does nothing, same broker",
        at_least=0.25,
    )


def _pair_row(broker: Broker, two: list[float], one: list[float]) -> Row:
    return beside(
        two,
        one,
        id="B10b",
        what=f"deliveries of two workers, bells through {broker.title}",
        unit="messages/s",
        ceiling_is="one worker",
        at_least=1.7,
    )
