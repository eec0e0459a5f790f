"""Query discipline: on a million rows no everyday work reads from one end to the other what grows with what happens."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from pim_bot.storage.engine import make_reading
from pim_bot.storage.tables import metadata
from pim_bot.storage.tables.activities import activity
from pim_bot.storage.tables.flow import due_item, event_reaction, notification
from pim_bot.storage.tables.people import identity, member, member_role
from tests.engines import POSTGRESQL, SQLITE
from tests.hub import MONDAY_NINE
from tests.services import PostgresServer
from tests.storage import big
from tests.storage.everyday import WORK, Everyday, everyday
from tests.storage.plans import (
    FEW,
    NARROWS_HERE,
    SMALL_TABLES,
    Asked,
    Planner,
    PostgresPlanner,
    SQLitePlanner,
    listening,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True, kw_only=True, slots=True)
class Big:
    """A big database after everyday work, and how it is asked for its plans: each way by its name."""

    hub: Everyday
    planners: dict[str, Callable[[], Planner]]

    def reads_whole(self, asked: list[Asked]) -> list[str]:
        """Say what is read whole, by which plan of which statement."""
        found = []
        for name, planner in self.planners.items():
            with planner() as opened:
                found += [f"{name}: {line}\n{one.statement}" for one in asked for line in opened.whole(one)]
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=[SQLITE, POSTGRESQL])
async def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Big]:
    """One of the engines, filled once for all tests of this file; what it takes on the disk is given back."""
    folder = tmp_path_factory.mktemp("big")
    if request.param == SQLITE:
        async with _worked(f"sqlite:///{folder / 'pim_bot.db'}", folder) as worked:
            yield worked
        for file in folder.iterdir():
            file.unlink()
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.new_database(name="big")
    async with _worked(server.url(name), folder) as worked:
        yield worked
    server.drop_database(name)


@asynccontextmanager
async def _worked(url: str, folder: Path) -> AsyncIterator[Big]:
    await big.prepare(url, folder)
    big.fill(url)
    planners: dict[str, Callable[[], Planner]] = {
        "analysed": partial(SQLitePlanner, url, analysed=True),
        "never analysed": partial(SQLitePlanner, url, analysed=False),
    }
    if not url.startswith("sqlite"):
        planners = {
            "for the values": partial(PostgresPlanner, url, generic=False),
            "for all values": partial(PostgresPlanner, url, generic=True),
        }
    async with everyday(url, folder) as hub:
        yield Big(hub=hub, planners=planners)


@pytest.mark.parametrize("work", WORK)
async def test_nothing_that_grows_is_read_whole(database: Big, work: str) -> None:
    asked = list(database.hub.asked[work].values())
    assert asked
    assert database.reads_whole(asked) == []


CULPRITS = {
    "no index": select(notification.c.id).where(notification.c.ts == "1.1"),
    "an index from end to end": select(notification.c.order_key).order_by(notification.c.order_key).limit(10),
    "a state that most are in": select(notification.c.id).where(notification.c.state == "sent"),
    "a state that is bound": select(func.min(event_reaction.c.try_at)).where(
        event_reaction.c.state.in_(("due", "parked"))
    ),
    "all that has been": select(activity.c.id).where(
        activity.c.edition == big.EDITION, activity.c.ends_at < MONDAY_NINE
    ),
    "two lists": select(member.c.id).where(
        member.c.id.in_(select(member_role.c.member_id).where(member_role.c.edition == big.EDITION))
        | member.c.id.in_(select(identity.c.member_id).where(identity.c.user_id == "U1"))
    ),
}


@pytest.mark.parametrize("what", CULPRITS)
async def test_what_reads_a_table_or_an_index_whole_is_found(database: Big, what: str) -> None:
    with listening(database.hub.parts.storage.engine) as asked:
        async with make_reading(database.hub.parts.storage.engine).connect() as connection:
            await connection.execute(CULPRITS[what])
    assert database.reads_whole(list(asked.values()))


async def test_the_database_is_big_and_what_is_open_is_little(database: Big) -> None:
    open_states = {notification: ("planned", "sending"), due_item: ("planned",), event_reaction: ("due", "parked")}
    async with make_reading(database.hub.parts.storage.engine).connect() as connection:
        for table, states in open_states.items():
            by_state = select(table.c.state, func.count()).group_by(table.c.state)
            counts = (await connection.execute(by_state)).all()
            assert sum(count for _, count in counts) >= big.ROWS
            assert sum(count for state, count in counts if state in states) < FEW


async def test_the_exceptions_are_of_tables_that_are_there() -> None:
    assert set(SMALL_TABLES) | set(NARROWS_HERE) <= set(metadata.tables)
