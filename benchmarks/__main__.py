"""``python -m benchmarks [--quick] [--json] [--only B6,B8] [--engine sqlite]``: figures, each beside its ceiling."""

import argparse
import asyncio
import json
import logging
import os
import platform
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import acts, chat, claiming, delivering, door, handing, relay, starting, writers
from benchmarks.brokers import brokers
from benchmarks.engines import POSTGRESQL, SQLITE, DurablePostgres, Engine, PostgreSQL, SQLite
from benchmarks.furnish import furnished, imported
from benchmarks.measure import Row, say, table
from pim_bot.logs import set_up_logging

ON_BOTH = ("B8", "B6", "B7", "B9")
MEASURED_ON = {SQLITE: (*ON_BOTH, "B15", "B16"), POSTGRESQL: (*ON_BOTH, "B10", "B11", "B12")}
GROUPS = tuple(dict.fromkeys(name for names in MEASURED_ON.values() for name in names))
ENGINES = tuple(MEASURED_ON)


async def measured(folder: Path, only: Sequence[str], engines: Sequence[str], *, quick: bool) -> list[Row]:
    """Run the groups that are asked for, on the engines that are asked for."""
    rows: list[Row] = []
    if SQLITE in engines and set(only) & {*MEASURED_ON[SQLITE]}:
        rows += await _on(SQLite(), folder / SQLITE, only, quick=quick)
    if POSTGRESQL in engines and set(only) & {*MEASURED_ON[POSTGRESQL]}:
        say("starting PostgreSQL")
        with DurablePostgres() as server:
            rows += await _on(PostgreSQL(server), folder / POSTGRESQL, only, quick=quick)
    return rows


async def _on(engine: Engine, folder: Path, only: Sequence[str], *, quick: bool) -> list[Row]:
    say(f"importing the demo's programme: {engine.title}")
    source = await imported(engine, folder / "source")
    rows = await _acts_and_door(engine, folder, source, only, quick=quick)
    rows += await _background(engine, folder, source, only, quick=quick)
    if isinstance(engine, PostgreSQL):
        rows += await _many_processes(engine, folder, source, only, quick=quick)
    elif "B15" in only:
        say("B15: starting")
        rows += await starting.starting(engine, folder / "starting", source, repetitions=1 if quick else 5)
    if isinstance(engine, SQLite) and "B16" in only:
        say("B16: Home, questions and forms")
        async with furnished(engine, folder / "chat", source) as hub:
            rows += await chat.measured(hub, repetitions=2 if quick else 7, times=3 if quick else 11)
    return [replace(row, id=row.id + engine.mark) for row in rows]


async def _acts_and_door(engine: Engine, folder: Path, source: str, only: Sequence[str], *, quick: bool) -> list[Row]:
    repetitions = 3 if quick else 7
    rows: list[Row] = []
    if not {"B8", "B6"} & set(only):
        return rows
    async with door.street(engine, folder / "street", source) as street:
        if "B8" in only:
            say("B8: the door")
            rows += await door.acknowledge(street, repetitions=repetitions, requests=400 if quick else 2000)
            rows += await door.agenda(street, repetitions=repetitions, requests=10 if quick else 40)
        if "B6" in only:
            say("B6: acts")
            rows += await acts.clicked(street, repetitions=repetitions, clicks=10 if quick else 40)
            rows += await acts.committed(
                engine, street.hub, folder / "insert", repetitions=repetitions, acts=5 if quick else 20
            )
    return rows


async def _background(engine: Engine, folder: Path, source: str, only: Sequence[str], *, quick: bool) -> list[Row]:
    rows: list[Row] = []
    if "B7" in only:
        say("B7: the relay")
        async with furnished(engine, folder / "relay", source) as hub:
            rows += await relay.relayed(hub, repetitions=3 if quick else 5, activities=8, rows=1000)
    if "B9" in only:
        say("B9: three writers")
        rows += await writers.three_writers(
            engine,
            folder / "writers",
            source,
            repetitions=1 if quick else 5,
            queue=1_500 if quick else 10_000,
            idle=1.0 if quick else 2.0,
            busy=1.5 if quick else 4.0,
        )
    return rows


async def _many_processes(engine: Engine, folder: Path, source: str, only: Sequence[str], *, quick: bool) -> list[Row]:
    rows: list[Row] = []
    if {"B10", "B11"} & set(only):
        say("starting the brokers")
        with brokers() as found:
            if "B10" in only:
                say("B10: workers deliver")
                load = delivering.Load(messages=2_000 if quick else 6_000, seconds=1 if quick else 4, noops=3_000)
                rows += await delivering.delivered(
                    engine, folder / "delivering", source, found, repetitions=1 if quick else 5, load=load
                )
            if "B11" in only:
                say("B11: from idle to handed over")
                rows += await handing.handed(
                    engine, folder / "handing", source, found, repetitions=1 if quick else 5, times=4 if quick else 8
                )
    if "B12" in only:
        say("B12: claims among a mass")
        mass = claiming.Mass(rows=50_000 if quick else 1_000_000, due=1_000 if quick else 2_000)
        rows += await claiming.claimed(
            engine, folder / "claiming", source, repetitions=2 if quick else 5, times=5 if quick else 10, mass=mass
        )
    return rows


def _machine(load_before: float, seconds: float) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": round(load_before, 2),
        "load_after": round(os.getloadavg()[0], 2),
        "seconds": round(seconds),
    }


def main() -> None:
    """Run what the command line asks for and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few repetitions: whether it works, not what it gives")
    parser.add_argument("--json", action="store_true", help="print JSON in place of the table")
    parser.add_argument("--only", default=",".join(GROUPS), help=f"some of {', '.join(GROUPS)}")
    parser.add_argument("--engine", default=",".join(ENGINES), help=f"some of {', '.join(ENGINES)}")
    asked = parser.parse_args()
    only, engines = asked.only.split(","), asked.engine.split(",")
    if unknown := {*only, *engines} - {*GROUPS, *ENGINES}:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    if nowhere := [name for name in only if not any(name in MEASURED_ON[engine] for engine in engines)]:
        parser.error(f"{', '.join(nowhere)} is not measured on {asked.engine}")
    set_up_logging(level=logging.ERROR)
    load, started = os.getloadavg()[0], time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pim-bench-") as folder:
        rows = asyncio.run(measured(Path(folder), only, engines, quick=asked.quick))
    machine = _machine(load, time.monotonic() - started)
    if asked.json:
        print(json.dumps({"machine": machine, "rows": [row.as_json() for row in rows]}, ensure_ascii=False, indent=2))
    else:
        print(table(rows))
        print("machine: " + ", ".join(f"{name} {value}" for name, value in machine.items()))


if __name__ == "__main__":
    main()
