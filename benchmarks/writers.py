"""B9: answers over HTTP while web, worker and clock, three real processes, all write to one database."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, update

from benchmarks.acts import answers_written
from benchmarks.engines import Engine
from benchmarks.furnish import Furnished, furnished
from benchmarks.load import Connection, Tally, connect, open_loop
from benchmarks.measure import Row, beside, percentile, say
from benchmarks.payloads import click
from benchmarks.processes import Program, free_port, hub_settings, program
from pim_bot.clock import new_id
from pim_bot.programme.activity import Activity
from pim_bot.storage.engine import make_reading
from pim_bot.storage.tables.flow import due_item, notification

PER_SECOND = 50
CONNECTIONS = 16
LAPS = 3  # a team that answers a fourth time might say what it said at first, which changes nothing
LATER = timedelta(days=300)
WARM_UP = 0.5
TIMES_IDLE = 3.0
LONGEST_WAIT = 1500


@dataclass(kw_only=True)
class Scene:
    """The hub's processes, and what was measured so far."""

    hub: Furnished
    settings: dict[str, str]
    connections: list[Connection]
    activities: list[Activity]
    idle: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    died: Counter[str] = field(default_factory=Counter)
    idle_medians: list[float] = field(default_factory=list)
    nines: list[float] = field(default_factory=list)
    given: int = 0
    wrong: int = 0

    async def click_for(self, seconds: float) -> Tally:
        """Let officials answer, 50 a second."""
        answers = self.hub.answers(self.activities, int(PER_SECOND * seconds))
        requests = [click(*answer) for answer in answers]
        tally = await open_loop(self.connections, requests, per_second=PER_SECOND)
        self.given += len(requests)
        self.wrong += tally.wrong
        return tally


async def three_writers(
    engine: Engine, folder: Path, source: str, *, repetitions: int, queue: int, idle: float, busy: float
) -> list[Row]:
    """Measure web alone, then with worker and clock at work beside it, in turns."""
    clicks = int(PER_SECOND * (WARM_UP + repetitions * (idle + busy)))
    async with _scene(engine, folder, source, queue=queue, clicks=clicks) as scene:
        written = await answers_written(scene.hub)
        before = await _counts(scene.hub)
        for number in range(repetitions):
            say(f"  three writers, round {number + 1} of {repetitions}")
            await _round(scene, idle=idle, busy=busy)
        after = await _counts(scene.hub)
        saved = await answers_written(scene.hub) - written
    return _rows(scene, before, after, saved=saved)


async def _round(scene: Scene, *, idle: float, busy: float) -> None:
    alone = [one * 1000 for one in (await scene.click_for(idle)).seconds]
    await _plan_falls(scene.hub, starting_in=1.0, seconds=busy)
    async with AsyncExitStack() as started:
        await _start_writers(scene, started)
        together = [one * 1000 for one in (await scene.click_for(busy)).seconds]
    scene.idle += alone
    scene.idle_medians.append(percentile(alone, 0.5))
    scene.busy += together
    scene.nines.append(percentile(together, 0.99))


async def _start_writers(scene: Scene, started: AsyncExitStack) -> None:
    """Start worker and clock and wait until both have written; one that ends by itself is counted and started anew."""
    before = await _counts(scene.hub)
    running: dict[str, Program] = {}
    for _ in range(300):
        for name in ("clock", "worker"):
            if name in running and running[name].process.returncode is not None:
                scene.died[name] += 1
            elif name in running:
                continue
            running[name] = await started.enter_async_context(
                program("pim_bot", name, port=0, settings=scene.settings, patience=1)
            )
        await asyncio.sleep(0.05)
        now = await _counts(scene.hub)
        if now["sent"] > before["sent"] and now["fell"] > before["fell"]:
            return
    raise RuntimeError(f"worker and clock do not write: {before} → {now}")


def _rows(scene: Scene, before: dict[str, int], after: dict[str, int], *, saved: int) -> list[Row]:
    refused = after["refusals"] - before["refusals"]
    facts: dict[str, Any] = {
        "p50 / p99 / max with all three writing, ms": _three(scene.busy),
        "p50 / p99 / max of web alone, ms": _three(scene.idle),
        "answers given / saved": f"{scene.given} / {saved}",
        "refused as busy / not answered with 200": f"{refused} / {scene.wrong}",
        "waited longer than 1.5 s": sum(one > LONGEST_WAIT for one in scene.busy),
        "deliveries sent meanwhile, left waiting": (after["sent"] - before["sent"], after["waiting"]),
        "due items fallen meanwhile": after["fell"] - before["fell"],
        "processes that ended by themselves at their start": dict(scene.died),
    }
    assert saved + refused + scene.wrong >= scene.given, f"answers were lost: {facts}"
    assert after["waiting"] > 0, "the queue ran empty"
    return [
        beside(
            scene.nines,
            scene.idle_medians,
            id="B9",
            what="answer by button over HTTP, 50 a second, web + worker + clock writing: p99 of each round",
            unit="ms",
            ceiling_is="median of the same with web alone",
            at_most=TIMES_IDLE,
            facts=facts,
        )
    ]


def _three(values: list[float]) -> str:
    return " / ".join(f"{one:.1f}" for one in (percentile(values, 0.5), percentile(values, 0.99), max(values)))


@asynccontextmanager
async def _scene(engine: Engine, folder: Path, source: str, *, queue: int, clicks: int) -> AsyncIterator[Scene]:
    async with furnished(engine, folder, source) as hub:
        activities = [await hub.schedule() for _ in range(clicks // (LAPS * len(hub.officials)) + 1)]
        await hub.parts.bus.run_due()
        await _fill(hub, queue)
        far, web = free_port(), free_port()
        settings = hub_settings(folder, database=hub.address, port=web, slack_port=far)
        async with (
            program("benchmarks.far_end", str(far), hub.address, port=far),
            program("pim_bot", "web", port=web, settings=settings),
        ):
            connections = [await connect(web) for _ in range(CONNECTIONS)]
            scene = Scene(hub=hub, settings=settings, connections=connections, activities=activities)
            try:
                await scene.click_for(WARM_UP)
                scene.given = scene.wrong = 0
                yield scene
            finally:
                for connection in connections:
                    connection.close()


async def _fill(hub: Furnished, queue: int) -> None:
    """Let that many deliveries wait: the invitations that reactions planned, told again."""
    async with hub.engine.begin() as connection:
        rows = [dict(row) for row in (await connection.execute(select(notification))).mappings()]
        assert rows
        ends = Counter({row["order_key"]: row["line"] for row in sorted(rows, key=lambda row: row["line"])})
        copies: list[dict[str, Any]] = []
        for number in range(max(0, queue - len(rows))):
            row, name = rows[number % len(rows)], new_id()
            ends[row["order_key"]] += 1
            changed = {"id": name, "key": name, "occurrence": f"again/{number}", "line": ends[row["order_key"]]}
            copies.append(row | changed)
        if copies:
            await connection.execute(insert(notification), copies)


async def _plan_falls(hub: Furnished, *, starting_in: float, seconds: float) -> None:
    """Let one reminder of each person fall due in the coming seconds, spread evenly, and all others much later."""
    now = hub.parts.clock()
    async with hub.engine.begin() as connection:
        await connection.execute(update(due_item).where(due_item.c.state == "planned").values(due_at=now + LATER))
        first = await connection.execute(
            select(func.min(due_item.c.id))
            .where(due_item.c.state == "planned", due_item.c.kind == "reminder-start")
            .group_by(due_item.c.member_id)
        )
        chosen = list(first.scalars())
        for number, item in enumerate(chosen):
            due_at: datetime = now + timedelta(seconds=starting_in + (seconds + 2) * number / len(chosen))
            await connection.execute(update(due_item).where(due_item.c.id == item).values(due_at=due_at))


async def _counts(hub: Furnished) -> dict[str, int]:
    wanted = {
        "sent": notification.c.state == "sent",
        "waiting": notification.c.state == "planned",
        "refusals": notification.c.kind == "refusal",
    }
    async with make_reading(hub.engine).connect() as connection:
        found = {
            name: int((await connection.execute(select(func.count()).where(one))).scalar_one())
            for name, one in wanted.items()
        }
        fell = await connection.execute(select(func.count()).where(due_item.c.state != "planned"))
        return found | {"fell": int(fell.scalar_one())}
