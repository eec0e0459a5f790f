"""Importing editions: what was read is what is kept, a second time changes nothing, a dry run writes nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pim_bot.clock import machine_clock
from pim_bot.errors import NotAllowed
from pim_bot.programme.edition import Edition
from pim_bot.programme.file import opened
from pim_bot.programme.importing import completed, import_edition
from pim_bot.programme.people import Actor
from pim_bot.storage.unit_of_work import Storage
from tests.hub import MONDAY_NINE, PEOPLE, shipped
from tests.storage.dumps import dump, storage_in

WHOLE = ("pim1-pilot-2017-2019.yaml", "pim2-2021-2023.yaml", "pim3-2024-2026.yaml")
IMPORT = Actor(door="import")


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with storage_in(tmp_path) as opened_storage:
        yield opened_storage


async def taken_over(storage: Storage, text: bytes, *, dry_run: bool = False) -> tuple[Edition, Edition | None, int]:
    """Import a file; tells what was wanted, what is kept now, and how many changes it was."""
    async with storage.work() as work:
        file = opened(text, name="test.yaml")
        before = await work.programme.load(file.slug)
        wanted = completed(before, file.edition(before))
        changes = await import_edition(work, IMPORT, wanted, now=MONDAY_NINE, dry_run=dry_run)
    async with storage.reading() as work:
        return wanted, await work.programme.load(file.slug), len(changes)


@pytest.mark.parametrize("name", WHOLE)
async def test_a_shipped_edition_is_kept_as_it_was_read_and_again_changes_nothing(storage: Storage, name: str) -> None:
    wanted, kept, changes = await taken_over(storage, shipped(name))
    assert kept == wanted
    assert changes > 50
    before = await dump(storage.engine)
    assert (await taken_over(storage, shipped(name)))[2] == 0
    assert await dump(storage.engine) == before


@pytest.mark.parametrize("text", [PEOPLE.encode(), shipped("demo-pim2.yaml")], ids=["people", "demo"])
async def test_people_and_channels_are_kept_as_they_were_read_and_again_change_nothing(
    storage: Storage, text: bytes
) -> None:
    await taken_over(storage, shipped("pim2-2021-2023.yaml"))
    wanted, kept, changes = await taken_over(storage, text)
    assert kept == wanted
    assert changes > 5
    before = await dump(storage.engine)
    assert (await taken_over(storage, text))[2] == 0
    assert await dump(storage.engine) == before


async def test_the_three_editions_live_beside_each_other(storage: Storage) -> None:
    wanted = [(await taken_over(storage, shipped(name)))[0] for name in WHOLE]
    async with storage.reading() as work:
        kept = [await work.programme.load(edition.slug) for edition in wanted]
        names = [(await work.editions.in_force(day)) for day in (wanted[0].last_day, wanted[1].first_day) if day]
    assert kept == wanted
    assert [found and found.slug for found in names] == [wanted[0].slug, wanted[1].slug]


async def test_a_dry_run_tells_the_same_changes_and_writes_nothing(storage: Storage) -> None:
    before = await dump(storage.engine)
    _, kept, told = await taken_over(storage, shipped("pim2-2021-2023.yaml"), dry_run=True)
    assert (kept, await dump(storage.engine)) == (None, before)
    assert (await taken_over(storage, shipped("pim2-2021-2023.yaml")))[2] == told


async def test_nobody_imports_from_chat(storage: Storage) -> None:
    async with storage.work() as work:
        edition = opened(shipped("pim2-2021-2023.yaml"), name="test.yaml").edition(None)
        with pytest.raises(NotAllowed):
            await import_edition(work, Actor(door="chat"), edition, now=machine_clock())
