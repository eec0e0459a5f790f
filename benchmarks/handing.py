"""B11: from the commit of one planned notification, with nothing else to do, to its being handed to the chat."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from sqlalchemy import select

from benchmarks.backlog import backlogged
from benchmarks.brokers import Broker
from benchmarks.chat_probe import ChatProbe, chat_probe
from benchmarks.engines import Engine
from benchmarks.furnish import Furnished, furnished
from benchmarks.measure import Row, Spread, beside, in_turns, percentile
from benchmarks.noop import IDLE
from benchmarks.processes import hub_settings, program, told
from pim_bot.bootstrap import EVERYTHING, WEB, background
from pim_bot.clock import new_id
from pim_bot.notifications.intent import Intent, Kind
from pim_bot.storage.tables.people import recipient
from pim_bot.storage.tables.processes import process

POLL = 30.0
MOST_SECONDS = 20.0
IN_PROCESS = "in process"


@dataclass(kw_only=True)
class Hand:
    """A hub that is idle, and the chat it hands messages to."""

    hub: Furnished
    chat: ChatProbe
    recipients: list[str]
    rung: float = 0.0
    seconds: list[float] = field(default_factory=list)

    def hear(self, _bell: str) -> None:
        """The bell rings as soon as the commit is over."""
        self.rung = time.perf_counter()

    async def p50(self, times: int) -> float:
        """Hand over so many notifications, one at a time; tells the median in milliseconds."""
        seconds = [await self._one() for _ in range(times)]
        self.seconds += seconds
        return median(seconds) * 1000

    def facts(self) -> dict[str, str]:
        """Tell of all of them."""
        of_all = (percentile([one * 1000 for one in self.seconds], share) for share in (0.5, 0.99, 1.0))
        return {"p50 / p99 / max, ms": " / ".join(f"{one:.1f}" for one in of_all)}

    async def _one(self) -> float:
        # So that it does not march in step with anybody's polling.
        await asyncio.sleep(random.uniform(*IDLE))  # noqa: S311
        handed = asyncio.create_task(self.chat.handed())
        await asyncio.sleep(0)
        to = random.choice(self.recipients)  # noqa: S311
        intent = Intent(
            kind=Kind.WELCOME,
            recipient=to,
            subject=f"member:{to.rpartition(':')[2]}",
            occurrence=f"bench/{new_id()}",
            not_before=self.hub.parts.clock(),
        )
        async with self.hub.parts.storage.work() as work:
            await work.outbox.intend([intent])
        return await asyncio.wait_for(handed, MOST_SECONDS) - self.rung


async def handed(
    engine: Engine, folder: Path, source: str, brokers: list[Broker], *, repetitions: int, times: int
) -> list[Row]:
    """Measure it in process, through the database's own bells, and through every broker, each beside dramatiq."""
    known = await backlogged(engine, folder / "known", source, messages=0)
    database = Broker(title=f"{engine.title.partition(',')[0]} alone", url="")
    rows = []
    async with chat_probe() as chat:
        for number, broker in enumerate((None, database, *brokers)):
            async with _idle_hub(engine, folder / f"hand-{number}", known, chat, broker) as hand:
                rows.append(await _measured(hand, broker, repetitions=repetitions, times=times))
    return rows


async def _measured(hand: Hand, broker: Broker | None, *, repetitions: int, times: int) -> Row:
    await hand.p50(times)
    hand.seconds.clear()
    what = "from commit to handed to the chat, one notification, idle, {}: p50 of each round"
    if broker is None or not broker.url:
        spread = Spread.of([await hand.p50(times) for _ in range(repetitions)])
        title, most = (IN_PROCESS, 10.0) if broker is None else (broker.title, None)
        return Row(id="B11", what=what.format(title), unit="ms", ours=spread, most=most, facts=hand.facts())
    p50s = await in_turns(
        repetitions,
        lambda: hand.p50(times),
        lambda: told("benchmarks.noop", "hand", broker.url, str(times)),
        warm_up=False,
    )
    return beside(
        *p50s,
        id="B11",
        what=what.format(broker.title),
        unit="ms",
        ceiling_is="an actor of dramatiq at its defaults called, idle, same broker",
        most=30.0 if broker.is_redis else 10.0,
        at_most=0.1 if broker.is_redis else None,
        facts=hand.facts(),
    )


@asynccontextmanager
async def _idle_hub(
    engine: Engine, folder: Path, source: str, chat: ChatProbe, broker: Broker | None
) -> AsyncIterator[Hand]:
    """Run a hub that has nothing to do: all of it here, or the web's part here and a worker beside it."""
    url = broker.url if broker is not None else ""
    roles = EVERYTHING if broker is None else frozenset({WEB})
    async with AsyncExitStack() as opened:
        hub = await opened.enter_async_context(
            furnished(engine, folder, source, chat=chat.api, broker_url=url, poll_seconds=POLL)
        )
        await opened.enter_async_context(background(hub.parts, roles))
        if broker is not None:
            settings = hub_settings(folder, database=hub.address, port=0, slack_port=chat.port, broker=url, poll=POLL)
            await opened.enter_async_context(program("pim_bot", "worker", port=0, settings=settings))
            await _until(lambda: _is_there(hub))
        asked = select(recipient.c.id).where(recipient.c.kind == "member").order_by(recipient.c.id)
        async with hub.engine.connect() as connection:
            recipients = list((await connection.execute(asked)).scalars())
        hand = Hand(hub=hub, chat=chat, recipients=recipients)
        hub.parts.bells.heard_by.insert(0, hand.hear)
        await asyncio.sleep(1)
        yield hand


async def _is_there(hub: Furnished) -> bool:
    async with hub.engine.connect() as connection:
        return (await connection.execute(select(process.c.id))).first() is not None


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(400):
        if await condition():
            return
        await asyncio.sleep(0.05)
    raise RuntimeError("the worker does not come")
