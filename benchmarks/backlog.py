"""A backlog to deliver: invitations that reactions planned, told again, to everybody of one big activity in turn."""

from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, text, update

from benchmarks.engines import Engine
from benchmarks.furnish import Furnished, furnished
from pim_bot.clock import new_id
from pim_bot.notifications.intent import Kind
from pim_bot.storage.tables.edition import network
from pim_bot.storage.tables.flow import notification
from pim_bot.storage.tables.people import recipient

A_STATEMENT = 1000


async def backlogged(engine: Engine, folder: Path, source: str, *, messages: int) -> str:
    """Make a database in which so many messages wait, of many lines; tells its address."""
    async with furnished(engine, folder, source) as hub:
        rows = await _invitations(hub)
        async with hub.engine.begin() as connection:
            # What delivery would find out at its first message to each.
            await connection.execute(update(recipient).values(conversation="D001"))
            await connection.execute(delete(notification))
            copies = _again(rows, messages)
            for first in range(0, messages, A_STATEMENT):
                await connection.execute(insert(notification), copies[first : first + A_STATEMENT])
        await _analyse(hub)
        return hub.address


async def _invitations(hub: Furnished) -> list[dict[str, Any]]:
    """Plan one activity of every network; tells the rows of its invitations, one for each person."""
    async with hub.engine.connect() as connection:
        networks = list((await connection.execute(select(network.c.slug).order_by(network.c.slug))).scalars())
    await hub.schedule(networks=tuple(networks))
    while await hub.parts.bus.run_due():
        continue
    asked = select(notification).where(notification.c.kind == Kind.INVITATION.value)
    async with hub.engine.connect() as connection:
        rows = [dict(row) for row in (await connection.execute(asked)).mappings()]
    return list({row["order_key"]: row for row in rows}.values())


def _again(rows: list[dict[str, Any]], messages: int) -> list[dict[str, Any]]:
    """Number copies of rows as they stand in their lines."""
    places = ((lap, row) for lap in range(messages // len(rows) + 1) for row in rows)
    return [
        row | {"id": (name := new_id()), "key": name, "occurrence": f"again/{lap}", "line": lap + 1, "held_why": ""}
        for lap, row in islice(places, messages)
    ]


async def _analyse(hub: Furnished) -> None:
    """Let the planner know of the backlog, as it does within a minute of service."""
    if not hub.parts.storage.is_sqlite:
        async with hub.engine.begin() as connection:
            await connection.execute(text("ANALYZE"))
