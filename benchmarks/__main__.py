"""``python -m benchmarks [--quick] [--json] [--only B6,B8]``: the figures, each beside its ceiling."""

import argparse
import asyncio
import json
import logging
import os
import platform
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import acts, door, relay, starting, writers
from benchmarks.furnish import furnished, imported
from benchmarks.measure import Row, say, table
from pim_bot.bootstrap import set_up_logging

GROUPS = ("B8", "B6", "B7", "B9", "B15")


async def measured(folder: Path, only: Sequence[str], *, quick: bool) -> list[Row]:
    """Run the groups that are asked for."""
    repetitions = 3 if quick else 7
    rows: list[Row] = []
    say("importing the demo's programme")
    source = await imported(folder / "source")
    if {"B8", "B6"} & set(only):
        async with door.street(folder / "street", source) as street:
            if "B8" in only:
                say("B8: the door")
                rows += await door.acknowledge(street, repetitions=repetitions, requests=400 if quick else 2000)
                rows += await door.agenda(street, repetitions=repetitions, requests=10 if quick else 40)
            if "B6" in only:
                say("B6: acts")
                rows += await acts.clicked(street, repetitions=repetitions, clicks=10 if quick else 40)
                rows += await acts.committed(street.hub, folder, repetitions=repetitions, acts=5 if quick else 20)
    if "B7" in only:
        say("B7: the relay")
        async with furnished(folder / "relay", source) as hub:
            rows += await relay.relayed(hub, repetitions=repetitions if quick else 5, activities=8, rows=1000)
    if "B9" in only:
        say("B9: three writers")
        rows += await writers.three_writers(
            folder / "writers",
            source,
            repetitions=1 if quick else 5,
            queue=1_500 if quick else 10_000,
            idle=1.0 if quick else 2.0,
            busy=1.5 if quick else 4.0,
        )
    if "B15" in only:
        say("B15: starting")
        rows += await starting.starting(folder / "starting", source, repetitions=1 if quick else 5)
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
    asked = parser.parse_args()
    only = [name.strip() for name in asked.only.split(",")]
    if unknown := set(only) - set(GROUPS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    set_up_logging(level=logging.ERROR)
    load, started = os.getloadavg()[0], time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pim-bench-") as folder:
        rows = asyncio.run(measured(Path(folder), only, quick=asked.quick))
    machine = _machine(load, time.monotonic() - started)
    if asked.json:
        print(json.dumps({"machine": machine, "rows": [row.as_json() for row in rows]}, ensure_ascii=False, indent=2))
    else:
        print(table(rows))
        print("machine: " + ", ".join(f"{name} {value}" for name, value in machine.items()))


if __name__ == "__main__":
    main()
