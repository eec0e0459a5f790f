"""B6: one act committed, inside the process and over HTTP, beside one SQLAlchemy Core insert and commit."""

import time
from pathlib import Path
from statistics import median

from sqlalchemy import func, select

from benchmarks.door import Street, under_load
from benchmarks.engines import Engine
from benchmarks.furnish import Furnished
from benchmarks.measure import Row, beside, in_turns
from benchmarks.payloads import click
from benchmarks.store import bare_engine, create, insert_one
from pim_bot.storage.engine import make_reading
from pim_bot.storage.tables.activities import attendance

CORE = "one SQLAlchemy Core insert + commit"


async def committed(engine: Engine, hub: Furnished, folder: Path, *, repetitions: int, acts: int) -> list[Row]:
    """Schedule activities, each in its own unit of work: state, event, reactions, audit and invitations."""
    bare = bare_engine(await engine.new(folder))
    await create(bare)

    async def act() -> float:
        started = time.perf_counter()
        for _ in range(acts):
            await hub.schedule()
        return (time.perf_counter() - started) / acts * 1000

    async def insert() -> float:
        started = time.perf_counter()
        for _ in range(acts * 2):
            await insert_one(bare)
        return (time.perf_counter() - started) / (acts * 2) * 1000

    try:
        times = await in_turns(repetitions, act, insert)
    finally:
        await bare.dispose()
    what = "one act committed in process (schedule_activity through storage.work)"
    return [beside(*times, id="B6a", what=what, unit="ms", ceiling_is=f"{CORE}, {engine.title}", at_most=2.0)]


async def clicked(street: Street, *, repetitions: int, clicks: int) -> list[Row]:
    """Answer invitations over HTTP, one at a time; every click changes an answer."""
    hub = street.hub
    activities = [await hub.schedule() for _ in range(10)]
    before = await answers_written(hub)

    def answers() -> list[bytes]:
        return [click(*answer) for answer in hub.answers(activities, clicks)]

    def inserts() -> list[bytes]:
        return [click("U001", "bench", "none", "/write") for _ in range(clicks)]

    async with (
        under_load(street.web, answers, connections=1) as mine,
        under_load(street.bare, inserts, connections=1) as theirs,
    ):
        times = await in_turns(repetitions, mine.seconds, theirs.seconds)
    written = await answers_written(hub) - before
    assert written == clicks * (repetitions + 1), f"{written} answers written, {clicks * (repetitions + 1)} given"
    facts = {"CPU of the server, us a request (ours, ceiling)": (round(median(mine.cpu)), round(median(theirs.cpu)))}
    return [
        beside(
            *times,
            id="B6b",
            what="one answer by button over HTTP: verify, write, commit, acknowledge; 1 connection",
            unit="ms",
            ceiling_is=f"bare aiohttp + HMAC + {CORE}, {street.engine.title}",
            at_most=2.0,
            facts=facts,
        )
    ]


async def answers_written(hub: Furnished) -> int:
    """Count the changes of answers that are saved."""
    async with make_reading(hub.engine).connect() as connection:
        return int((await connection.execute(select(func.sum(attendance.c.revision)))).scalar_one())
