"""SQLite is for one host: a process that finds another one's heartbeat refuses to start, and so does a network disk."""

from dataclasses import replace
from pathlib import Path

import pytest

from pim_bot.bootstrap import put_together
from pim_bot.errors import SettingsError
from pim_bot.process import this_process
from pim_bot.storage.sqlite import network_kind
from tests.engines import Engines, SQLiteEngines
from tests.hub import RunningHub, running_hub, settings_for

ELSEWHERE = replace(this_process({"worker"}), host="inny", machine="m2", boot="b2", pid=4711, id="elsewhere")
NOWHERE = "http://127.0.0.1:9/api/"


async def start(hub: RunningHub, engines: Engines) -> None:
    """Start another process, as far as it takes to be refused."""
    settings = settings_for(engines.folder, NOWHERE, database_url=engines.database_url)
    async with put_together(settings, machine=hub.machine) as parts:
        await parts.migrate()
        async with parts.present():
            return


async def register(hub: RunningHub) -> None:
    async with hub.parts.storage.work() as work:
        await work.processes.register(ELSEWHERE)


async def test_a_living_process_of_another_host_is_named(sqlite: SQLiteEngines) -> None:
    async with running_hub(sqlite) as hub:
        await register(hub)
        with pytest.raises(SettingsError, match="inny:4711"):
            await start(hub, sqlite)


async def test_a_process_of_another_host_that_is_dead_keeps_nobody_out(sqlite: SQLiteEngines) -> None:
    async with running_hub(sqlite) as hub:
        await register(hub)
        hub.machine.advance(seconds=hub.parts.settings.heartbeat_seconds * 3 + 1)
        await start(hub, sqlite)


@pytest.mark.parametrize(
    "same", [replace(ELSEWHERE, boot=this_process(()).boot), replace(this_process(()), boot="before the restart")]
)
async def test_another_process_of_the_same_host_is_welcome(sqlite: SQLiteEngines, same: object) -> None:
    async with running_hub(sqlite) as hub:
        async with hub.parts.storage.work() as work:
            await work.processes.register(same)  # type: ignore[arg-type]
        await start(hub, sqlite)


async def test_a_hub_on_postgresql_runs_on_many_hosts(engines: Engines) -> None:
    async with running_hub(engines) as hub:
        await register(hub)
        if isinstance(engines, SQLiteEngines):
            with pytest.raises(SettingsError):
                await start(hub, engines)
        else:
            await start(hub, engines)


async def test_a_process_that_ends_well_takes_its_row_away(engines: Engines) -> None:
    async with running_hub(engines) as hub:
        await start(hub, engines)
        async with hub.parts.storage.reading() as work:
            assert await work.processes.seen(within=hub.parts.settings.heartbeat) == []


MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
35 22 0:40 / /srv/wspólne rw,relatime - nfs4 serwer:/eksport rw
36 22 0:41 / /srv/lokalne rw,relatime - xfs /dev/sdb1 rw
37 35 8:2 / /srv/wspólne/dysk rw,relatime - ext4 /dev/sdc1 rw
38 22 0:42 / /srv/windows rw - cifs //serwer/dane rw
39 22 0:43 / /srv/ssh rw - fuse.sshfs ja@serwer: rw
40 22 0:44 / /srv/nfs\\040ze\\040spacja rw - nfs serwer:/dwa rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/dane/pim_bot.db", ""),
        ("/srv/lokalne/pim_bot.db", ""),
        ("/srv/windows/pim/pim_bot.db", "cifs"),
        ("/srv/windowsy/pim_bot.db", ""),
        ("/srv/ssh/pim_bot.db", "fuse.sshfs"),
        ("/srv/nfs ze spacja/pim_bot.db", "nfs"),
        ("/srv/współlne/../wspólne/pim_bot.db", "nfs4"),
        ("/srv/wspólne/pim_bot.db", "nfs4"),
        ("/srv/wspólne/dysk/pim_bot.db", ""),
    ],
)
def test_the_table_of_mounts_tells_a_network_disk(path: str, kind: str) -> None:
    assert network_kind(Path(path), MOUNTS) == kind


def test_a_table_that_is_none_tells_nothing() -> None:
    assert network_kind(Path("/dane/pim_bot.db"), "a line\n\nof nothing - x") == ""
