"""B8: the Slack door of a real ``pim-bot web`` over HTTP, beside bare aiohttp with the same signature check."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.engines import Engine
from benchmarks.furnish import Furnished, furnished
from benchmarks.load import Connection, closed_loop, connect
from benchmarks.measure import Row, Spread, beside, in_turns
from benchmarks.payloads import command, command_body, unknown_event
from benchmarks.processes import Program, free_port, hub_settings, program
from pim_bot.handlers.dispatch import Dispatcher
from pim_bot.routes import chat_tables

CONNECTIONS = 8
MOST_MILLISECONDS = 50


@dataclass(kw_only=True)
class Side:
    """One server under load, and what was seen of it besides the rate."""

    server: Program
    requests: Callable[[], list[bytes]]
    connections: list[Connection] = field(default_factory=list)
    p50s: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    async def rate(self) -> float:
        """Answer every request once; tells requests a second."""
        requests = self.requests()
        before = self.server.cpu_seconds()
        tally = await closed_loop(self.connections, requests)
        assert tally.wrong == 0, f"{tally.wrong} of {len(requests)} requests were not answered with 200"
        self.cpu.append((self.server.cpu_seconds() - before) / len(requests) * 1e6)
        self.p50s.append(median(tally.seconds) * 1000)
        return tally.rate

    async def seconds(self) -> float:
        """Answer every request once; tells milliseconds a request."""
        return 1000 / await self.rate()


@asynccontextmanager
async def under_load(
    server: Program, requests: Callable[[], list[bytes]], *, connections: int = CONNECTIONS
) -> AsyncIterator[Side]:
    """Open the connections to a server."""
    side = Side(server=server, requests=requests)
    side.connections = [await connect(server.port) for _ in range(connections)]
    try:
        yield side
    finally:
        for connection in side.connections:
            connection.close()


@dataclass(kw_only=True)
class Street:
    """The hub's web process, the bare server beside it, and the hub's database."""

    engine: Engine
    hub: Furnished
    web: Program
    bare: Program


@asynccontextmanager
async def street(engine: Engine, folder: Path, source: str) -> AsyncIterator[Street]:
    """Start both servers, and the far end that the hub asks who it is."""
    async with AsyncExitStack() as opened:
        hub = await opened.enter_async_context(furnished(engine, folder / "hub", source))
        far, web, bare = free_port(), free_port(), free_port()
        await opened.enter_async_context(program("benchmarks.far_end", str(far), hub.address, port=far))
        settings = hub_settings(hub.folder, database=hub.address, port=web, slack_port=far)
        bare_address = await engine.new(folder / "bare")
        yield Street(
            engine=engine,
            hub=hub,
            web=await opened.enter_async_context(program("pim_bot", "web", port=web, settings=settings)),
            bare=await opened.enter_async_context(
                program("benchmarks.ceiling_server", str(bare), bare_address, port=bare)
            ),
        )


async def acknowledge(street: Street, *, repetitions: int, requests: int) -> list[Row]:
    """B8a: an event that nobody hears of."""
    return await _door(
        "B8a",
        "Slack door, acknowledge only, 8 connections",
        street,
        lambda: [unknown_event()] * requests,
        lambda: [unknown_event("/acknowledge")] * requests,
        ceiling_is="bare aiohttp + HMAC",
        at_least=0.40,
        repetitions=repetitions,
    )


async def agenda(street: Street, *, repetitions: int, requests: int) -> list[Row]:
    """B8b: ``/pim terminy`` with its reads, and its latency inside the process."""
    official = street.hub.users[street.hub.officials[0].email]
    rows = await _door(
        "B8b",
        "/pim terminy of a city official, 8 connections",
        street,
        lambda: [command(official, "terminy")] * requests,
        lambda: [command(official, "terminy", "/read")] * requests * 4,
        ceiling_is="bare aiohttp + HMAC + one SQLAlchemy read",
        at_least=0.25,
        repetitions=repetitions,
    )
    rows += [
        await _over_one(street, official, text, repetitions, max(5, requests // 3)) for text in ("terminy", "pomoc")
    ]
    return rows + [
        await _in_process(street, official, text, repetitions, max(5, requests // 3))
        for text in ("", "terminy", "pomoc")
    ]


async def _door(
    name: str,
    what: str,
    street: Street,
    ours: Callable[[], list[bytes]],
    bare: Callable[[], list[bytes]],
    *,
    ceiling_is: str,
    at_least: float,
    repetitions: int,
) -> list[Row]:
    async with under_load(street.web, ours) as mine, under_load(street.bare, bare) as theirs:
        rates = await in_turns(repetitions, mine.rate, theirs.rate)
    facts = {"CPU of the server, us a request (ours, ceiling)": (round(median(mine.cpu)), round(median(theirs.cpu)))}
    return [
        beside(*rates, id=name, what=what, unit="req/s", ceiling_is=ceiling_is, at_least=at_least, facts=facts),
        beside(
            mine.p50s[1:],
            theirs.p50s[1:],
            id=f"{name}-p50",
            what=f"{what}: median latency",
            unit="ms",
            ceiling_is=ceiling_is,
            at_most=2.5 if name == "B8a" else None,
        ),
    ]


async def _over_one(street: Street, user: str, text: str, repetitions: int, times: int) -> Row:
    """Median latency over HTTP when one person asks at a time."""
    async with (
        under_load(street.web, lambda: [command(user, text)] * times, connections=1) as mine,
        under_load(street.bare, lambda: [command(user, text, "/read")] * times, connections=1) as theirs,
    ):
        await in_turns(repetitions, mine.rate, theirs.rate)
    return beside(
        mine.p50s[1:],
        theirs.p50s[1:],
        id="B8c",
        what=f"/pim {text} over HTTP, 1 connection: median latency",
        unit="ms",
        ceiling_is="bare aiohttp + HMAC + one SQLAlchemy read",
        facts={"under 50 ms": median(mine.p50s[1:]) < MOST_MILLISECONDS},
    )


async def _in_process(street: Street, user: str, text: str, repetitions: int, times: int) -> Row:
    """Median latency of a slash command without HTTP and Bolt, one at a time."""
    hub = street.hub.parts.hub
    dispatcher = Dispatcher(door=hub.activities.door, tables=chat_tables(hub))
    medians = []
    for _ in range(repetitions + 1):
        seconds = []
        for _ in range(times):
            started = time.perf_counter()
            answer = await dispatcher.command(command_body(user, text))
            seconds.append(time.perf_counter() - started)
            assert answer is not None
        medians.append(median(seconds) * 1000)
    spread = Spread.of(medians[1:])
    return Row(
        id="B8d",
        what=f"/pim {text or '(bare)'} in process, one at a time: median latency",
        unit="ms",
        ours=spread,
        facts={"under 50 ms": spread.median < MOST_MILLISECONDS},
    )
