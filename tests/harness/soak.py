"""The long run: ``make soak``, or ``python -m tests.harness.soak --engine sqlite --kills 1000 --messages 100000``.

It prints its counts as lines of JSON and, with ``--compare``, the table of this hub beside naive bots. It ends with 1
when anything was lost, doubled, out of order or stuck, and then keeps its folder, so that it can be looked at.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.engines import Engines, PostgresEngines, SQLiteEngines
from tests.harness import naive
from tests.harness.comparison import AT_ONCE, compared
from tests.harness.judge import NOTHING
from tests.harness.storm import Passed, Weather, storm
from tests.services import PostgresServer, RedisServer

SEED = 20_260_123
KILLS, MESSAGES, MEMBERS = 1_000, 100_000, 100
LONGEST = 2.0
"""A life must be long enough for one act to become a message to each member, or nothing ever gets on."""

COMPARED_KILLS, COMPARED_MESSAGES, COMPARED_MEMBERS = 120, 600, 28


def say(**figures: object) -> None:
    print(json.dumps(figures, ensure_ascii=False), flush=True)  # noqa: T201 - the figures are what it is for


@contextmanager
def engines_in(folder: Path, name: str) -> Iterator[Engines]:
    """SQLite in the folder, or PostgreSQL and Redis of their own."""
    if name == "sqlite":
        (folder / "templates").mkdir()
        yield SQLiteEngines(folder, folder / "templates")
        return
    with PostgresServer() as postgres, RedisServer() as redis:
        yield PostgresEngines(folder, postgres, redis.url)


def told(passed: Passed, weather: Weather, engine: str) -> dict[str, object]:
    """The counts of a storm."""
    named = {point: number for point, number in sorted(passed.deaths.items()) if point != "instant"}
    return {
        "engine": engine,
        "seed": weather.seed,
        "kills": passed.kills,
        **passed.judgement.figures,
        "kills at instants": passed.deaths["instant"],
        "kills at points": named,
        "kills of the chat": passed.chat_deaths,
        "complaints": len(passed.complaints),
        "seconds": passed.seconds,
        "faults met": passed.faults,
    }


async def soak(folder: Path, given: argparse.Namespace) -> bool:
    """Run it; tells whether all is well."""
    began = time.monotonic()
    with engines_in(folder, given.engine) as engines:
        if given.compare:
            weather = Weather(kills=given.kills, messages=given.messages, members=given.members, seed=given.seed)
            lines = await compared(engines, weather, ways=(AT_ONCE, *naive.WAYS))
            return (lines[0].lost, lines[0].doubled) == (0, 0)
        weather = Weather(
            kills=given.kills,
            messages=given.messages,
            members=given.members,
            seed=given.seed,
            denied=0.002,
            too_many=0.001,
            longest=given.longest,
        )
        passed = await storm(
            engines, weather, tell=lambda words: say(progress=words, seconds=round(time.monotonic() - began))
        )
    say(**told(passed, weather, given.engine))
    if passed.judgement.wrong != NOTHING:
        say(wrong={name: found[:20] for name, found in vars(passed.judgement.wrong).items() if found})
    if passed.complaints:
        say(complaints=passed.complaints[:20])
    return passed.judgement.wrong == NOTHING and not passed.complaints


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    reader.add_argument("--kills", type=int)
    reader.add_argument("--messages", type=int)
    reader.add_argument("--members", type=int)
    reader.add_argument("--longest", type=float, default=LONGEST, help="how long a life lasts at most, in seconds")
    reader.add_argument("--seed", type=int, default=SEED)
    reader.add_argument("--compare", action="store_true", help="this hub beside naive bots, in the same weather")
    given = reader.parse_args()
    given.kills = given.kills or (COMPARED_KILLS if given.compare else KILLS)
    given.messages = given.messages or (COMPARED_MESSAGES if given.compare else MESSAGES)
    given.members = given.members or (COMPARED_MEMBERS if given.compare else MEMBERS)
    folder = Path(tempfile.mkdtemp(prefix="pim-bot-soak-"))
    is_well = asyncio.run(soak(folder, given))
    if not is_well:
        say(kept=str(folder))
        sys.exit(1)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
