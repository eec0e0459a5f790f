"""The process stops between any two statements: after it starts again the outcome is the same as without the stop."""

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncEngine

from pim_bot.bootstrap import Parts, put_together
from pim_bot.storage.tables.activities import activity, attendance, feed_item
from pim_bot.storage.tables.flow import audit, due_item, event_log, event_reaction, notification
from tests.engines import Engines
from tests.hub import MONDAY_NINE, PEOPLE, StillClock, import_text, settings_for, shipped
from tests.integration.test_reactions import move, schedule

NOWHERE = "http://127.0.0.1:9/api/"


class Stopped(BaseException):
    """The process is gone; nothing in it may catch this."""


@contextmanager
def stopping_after(engine: AsyncEngine, statements: int) -> Iterator[None]:
    """Stop before the statement, or the commit, that comes after so many others."""
    left = itertools.count(statements, -1)

    def before(*_: Any) -> None:
        if next(left) <= 0:
            raise Stopped

    for name in ("before_cursor_execute", "commit"):
        event.listen(engine.sync_engine, name, before)
    try:
        yield
    finally:
        for name in ("before_cursor_execute", "commit"):
            event.remove(engine.sync_engine, name, before)


@asynccontextmanager
async def process(folder: Path, address: str) -> AsyncIterator[Parts]:
    """One life of the process, on the database that the last one left."""
    machine = StillClock(MONDAY_NINE)
    async with put_together(settings_for(folder, NOWHERE, database_url=address), machine=machine) as parts:
        yield parts


async def _import(folder: Path, address: str) -> None:
    async with process(folder, address) as parts:
        await parts.migrate()
        await import_text(parts, shipped("pim2-2021-2023.yaml"))
        await import_text(parts, PEOPLE.encode())
        await parts.bus.run_due()


async def live_through(engines: Engines, stops: list[int]) -> dict[str, list[tuple[Any, ...]]]:
    """Schedule and move an activity, with stops on the way; a process starts again after each of them."""
    await engines.start_from("relayed", partial(_import, engines.folder))
    remaining = iter(stops)
    while True:
        async with process(engines.folder, engines.database_url) as parts:
            limit = next(remaining, None)
            try:
                if limit is None:
                    await _acts(parts)
                    return await _state(parts.storage.engine)
                with stopping_after(parts.storage.engine, limit):
                    await _acts(parts)
            except Stopped:
                continue


async def _acts(parts: Parts) -> None:
    """Do what is not done yet: a person whose act was not acknowledged looks whether it is there and tries again."""
    async with parts.storage.reading() as work:
        found = await work.activities.between("pim2-2021-2023", MONDAY_NINE, MONDAY_NINE.replace(year=2023))
    mine = [one for one in found if one.title == "Zieleń"]
    one = mine[0] if mine else await schedule(parts)
    if one.revision == 1:
        await parts.bus.run_due()
        await move(parts, one)
    await parts.bus.run_due()


async def _state(engine: AsyncEngine) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that was written, without ids that are made anew in each run."""
    wanted = {
        "activity": (activity.c.title, activity.c.starts_at, activity.c.revision, activity.c.sequence),
        "attendance": (attendance.c.invitee.op("NOT LIKE")("member:%"), attendance.c.answer),
        "events": (event_log.c.type, event_log.c.actor),
        "audit": (audit.c.action, audit.c.door),
        "reactions": (event_reaction.c.type, event_reaction.c.reaction, event_reaction.c.state),
        "notifications": (notification.c.kind, notification.c.operation, notification.c.state),
        "due": (due_item.c.kind, due_item.c.occurrence, due_item.c.due_at, due_item.c.state),
        "feed": (feed_item.c.first_day, feed_item.c.revision, feed_item.c.cancelled),
    }
    async with engine.connect() as connection:
        return {
            name: sorted((tuple(row) for row in await connection.execute(select(*columns))), key=repr)
            for name, columns in wanted.items()
        }


_undisturbed: dict[type[Engines], dict[str, list[tuple[Any, ...]]]] = {}


@given(stops=st.lists(st.integers(0, 160), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_stops_between_any_two_statements_change_nothing(stops: list[int], engines: Engines) -> None:
    if type(engines) not in _undisturbed:
        _undisturbed[type(engines)] = await live_through(engines, [])
    assert await live_through(engines, stops) == _undisturbed[type(engines)]
