"""B15: from start to ready, and what an idle process holds, beside an empty aiohttp + Bolt + SQLAlchemy process."""

import asyncio
from pathlib import Path

from benchmarks.engines import Engine
from benchmarks.measure import Row, beside, in_turns
from benchmarks.processes import free_port, hub_settings, program

SECONDS = 3.0
SETTLE = 0.5


async def starting(engine: Engine, folder: Path, source: str, *, repetitions: int) -> list[Row]:
    """Start ``pim-bot run`` on a database with the demo's data, and the demo itself, again and again."""
    address, nothing = await engine.copy(source, folder / "hub"), await engine.new(folder / "empty")
    seconds: dict[str, list[float]] = {"run": [], "demo": [], "empty": []}
    weights: dict[str, list[float]] = {"run": [], "demo": [], "empty": []}
    far = free_port()

    async def start(name: str, *arguments: str, port: int, settings: dict[str, str] | None = None) -> float:
        async with program(*arguments, port=port, settings=settings) as running:
            await asyncio.sleep(SETTLE)
            seconds[name].append(running.ready_after)
            weights[name].append(await running.resident_mib())
        return running.ready_after

    async def run() -> float:
        port = free_port()
        settings = hub_settings(folder / "hub", database=address, port=port, slack_port=far, poll=2)
        return await start("run", "pim_bot", "run", port=port, settings=settings)

    async def demo() -> float:
        port = free_port()
        return await start("demo", "pim_bot", "demo", "--port", str(port), port=port)

    async def empty() -> float:
        port = free_port()
        return await start("empty", "benchmarks.ceiling_server", str(port), nothing, port=port)

    async def both() -> float:
        return await run() + await demo()

    async with program("benchmarks.far_end", str(far), address, port=far):
        await in_turns(repetitions, both, empty, warm_up=False)
    return [_start_row("run", seconds), *(_weight_row(name, weights) for name in ("run", "demo"))]


def _start_row(name: str, seconds: dict[str, list[float]]) -> Row:
    ready = sorted(seconds[name])
    middle = ready[len(ready) // 2]
    return beside(
        seconds[name],
        seconds["empty"],
        id="B15a",
        what=f"pim-bot {name}: from start to /readyz 200, demo's data there",
        unit="s",
        ceiling_is="empty aiohttp + Bolt + SQLAlchemy process",
        facts={
            "at most 3 s": middle <= SECONDS,
            "pim-bot demo, from start to /readyz 200, s": round(sorted(seconds["demo"])[len(seconds["demo"]) // 2], 2),
        },
    )


def _weight_row(name: str, weights: dict[str, list[float]]) -> Row:
    return beside(
        weights[name],
        weights["empty"],
        id="B15b",
        what=f"pim-bot {name}: resident memory, idle",
        unit="MiB",
        ceiling_is="empty aiohttp + Bolt + SQLAlchemy process",
        at_most=1.3,
    )
