"""When another process holds the database: told soon, in a human sentence, and nothing is written."""

import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pim_bot.errors import StorageBusy
from pim_bot.storage import sqlite as sqlite_module
from tests.engines import SQLiteEngines
from tests.hub import RunningHub, running_hub
from tests.integration.test_walk import WORKSHOP
from tests.storage.dumps import dump, storage_in

SENTENCE = (
    "Właśnie zapisujemy coś innego. Prosimy spróbować za chwilę. / "
    "We are saving something else right now. Please try again in a moment."
)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Another process that writes and does not come to an end."""
    connection = sqlite3.connect(folder / "pim_bot.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@pytest.fixture
async def hub(sqlite: SQLiteEngines, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RunningHub]:
    """A hub that waits a twentieth of a second for the lock."""
    monkeypatch.setattr(sqlite_module, "BUSY_MILLISECONDS", 50)
    async with running_hub(sqlite) as running:
        await running.meet()
        yield running


async def test_a_held_database_is_told_after_a_second_and_a_half(tmp_path: Path) -> None:
    async with storage_in(tmp_path) as storage:
        started = time.monotonic()
        with held(tmp_path), pytest.raises(StorageBusy):
            async with storage.work():
                raise AssertionError("never opened")
        assert 1.3 < time.monotonic() - started < 2.3


async def test_whoever_only_reads_does_not_wait(tmp_path: Path) -> None:
    async with storage_in(tmp_path) as storage:
        started = time.monotonic()
        with held(tmp_path):
            async with storage.reading() as work:
                assert await work.editions.get("none") is None
        assert time.monotonic() - started < 1


async def test_after_the_lock_is_gone_the_same_storage_writes_again(hub: RunningHub, tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(StorageBusy):
        async with hub.parts.storage.work():
            raise AssertionError("never opened")
    async with hub.parts.storage.work() as work:
        assert await work.requests.is_new("again", at=hub.machine())


async def test_a_form_stays_open_with_what_was_typed_and_says_to_try_again(hub: RunningHub, tmp_path: Path) -> None:
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "wydarzenie")
    before = await dump(hub.parts.storage.engine)
    with held(tmp_path):
        refused = await planner.submit(planner.modal, WORKSHOP)
    assert list(refused.errors_by_label.values()) == [SENTENCE]
    assert await dump(hub.parts.storage.engine) == before
    assert planner.modal is not None
    saved = await planner.submit(planner.modal, WORKSHOP)
    assert saved.errors_by_label == {}


async def test_a_click_is_answered_and_can_be_made_again(hub: RunningHub, tmp_path: Path) -> None:
    planner, zory = hub.user("koordynatorka"), hub.user("zory")
    await planner.command("/pim", "wydarzenie")
    await planner.submit(planner.modal, WORKSHOP)
    await hub.settle()
    with held(tmp_path):
        outcome = await zory.click(zory.last(), "attend.going")
    assert outcome.answer.status == 200
    await zory.click(zory.last(), "attend.going")
    await hub.settle()
    assert "Odpowiedź: Wezmę udział." in zory.last().text


async def test_whoever_is_not_known_yet_reads_a_sentence_too(hub: RunningHub, tmp_path: Path) -> None:
    hub.slack.workspace.add_user(id="UNOWA", name="nowa", real_name="nowa", email="nowa@example.org", locale="pl-PL")
    newcomer = hub.slack.as_user("UNOWA")
    with held(tmp_path):
        outcome = await newcomer.command("/pim")
    assert outcome.answer.status == 200
    assert outcome.text == SENTENCE
