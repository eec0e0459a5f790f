"""B7: events → reactions → notification rows, beside SQLAlchemy Core inserting 100 of those rows a commit."""

import time
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks.furnish import Furnished
from benchmarks.measure import Row, Spread, beside, in_turns
from pim_bot.clock import new_id
from pim_bot.storage.engine import make_reading
from pim_bot.storage.tables.flow import due_item, event_reaction, notification

A_COMMIT = 100


async def relayed(hub: Furnished, *, repetitions: int, activities: int, rows: int) -> list[Row]:
    """Let the reactions to scheduled activities run; each announces, invites, plans reminders and publishes."""
    engine = hub.engine
    seen: dict[str, list[float]] = {"reactions": [], "rows": []}
    await hub.parts.bus.run_due()
    await hub.schedule()
    await hub.parts.bus.run_due()
    samples = await _samples(hub, rows)

    async def relay() -> float:
        for _ in range(activities):
            await hub.schedule()
        before = await _counts(hub)
        started = time.perf_counter()
        reactions = await hub.parts.bus.run_due()
        elapsed = time.perf_counter() - started
        after = await _counts(hub)
        assert after["due"] == 0
        seen["reactions"].append(reactions / elapsed)
        written = {name: after[name] - before[name] for name in ("notifications", "due_items")}
        seen["rows"].append((sum(written.values()) + reactions) / elapsed)
        return written["notifications"] / elapsed

    async def core() -> float:
        batches = [_renamed(samples[first : first + A_COMMIT]) for first in range(0, rows, A_COMMIT)]
        started = time.perf_counter()
        for batch in batches:
            async with engine.begin() as connection:
                await connection.execute(insert(notification), batch)
        return rows / (time.perf_counter() - started)

    rates = await in_turns(repetitions, relay, core)
    ceiling_is = "SQLAlchemy Core inserting 100 rows of the same table a commit, same database"
    return [
        beside(
            *rates,
            id="B7",
            what=f"relay: notification rows written by reactions to {activities} scheduled activities",
            unit="rows/s",
            ceiling_is=ceiling_is,
            at_least=0.30,
            facts={"reactions a second": str(Spread.of(seen["reactions"][1:]))},
        ),
        beside(
            seen["rows"][1:],
            rates[1],
            id="B7-all",
            what="the same, all rows counted: notifications, due items and receipts",
            unit="rows/s",
            ceiling_is=ceiling_is,
        ),
    ]


async def _counts(hub: Furnished) -> dict[str, int]:
    wanted = {
        "notifications": select(func.count()).select_from(notification),
        "due_items": select(func.count()).select_from(due_item),
        "due": select(func.count()).select_from(event_reaction).where(event_reaction.c.state == "due"),
    }
    async with make_reading(hub.engine).connect() as connection:
        return {name: int((await connection.execute(one)).scalar_one()) for name, one in wanted.items()}


async def _samples(hub: Furnished, rows: int) -> list[dict[str, Any]]:
    """Rows as the reactions write them."""
    async with make_reading(hub.engine).connect() as connection:
        found = (await connection.execute(select(notification).limit(A_COMMIT))).mappings().all()
    assert found
    return [dict(found[number % len(found)]) for number in range(rows)]


def _renamed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = [new_id() for _ in rows]
    return [
        row | {"id": name, "key": name, "subject": f"bench:{name}", "target_id": None, "operation": "post"}
        for row, name in zip(rows, names, strict=True)
    ]
