# ruff: noqa: ASYNC240, S608 - files and statements of a test's own making
"""Backing a running hub up and restoring it: all that was committed, nothing half, on either engine, all or nothing."""

import asyncio
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from pim_bot.clock import machine_clock
from pim_bot.errors import PimBotError
from pim_bot.events.catalogue import MemberMatched
from pim_bot.notifications.delivery import RESTORED
from pim_bot.playground.server import LocalSlack
from pim_bot.programme.people import Actor
from pim_bot.programme.privacy import NOT_IN_THE_BACKUP, Category, ErasureNote, Hold
from pim_bot.storage.backup import FORMAT, PART, Mark, _finish, back_up
from pim_bot.storage.copying import NotCopied
from pim_bot.storage.engine import make_engine, newest_version
from pim_bot.storage.erasures import OddErasures, noted_erasures
from pim_bot.storage.moving import move
from pim_bot.storage.reactions import ReactionNames
from pim_bot.storage.restoring import COPY, EraseAgain, Restored, restore
from pim_bot.storage.tables.flow import audit, audit_unsealed, event_log, event_reaction, pause
from pim_bot.storage.tables.people import member
from pim_bot.storage.unit_of_work import Storage, UnitOfWork
from pim_bot.storage.verifying import verify
from tests.engines import Engines
from tests.hub import (
    MONDAY_NINE,
    PEOPLE,
    SECRET,
    USERS,
    StillClock,
    import_text,
    make_workspace,
    running_hub,
    shipped,
)
from tests.integration.test_audit import sealing
from tests.integration.test_walk import schedule
from tests.services import PostgresServer
from tests.services.processes import until
from tests.storage.test_command_line import ROOT, pim_bot
from tests.storage.test_moving import (
    HOLD,
    TABLES,
    Dump,
    alone,
    change,
    closed_gate,
    filled,
    hub_on,
    leave_alone,
    meddle,
    on_postgresql,
    on_sqlite,
    polish,
    ready,
    register,
    run_on,
    source,
    target,
    upgraded,
    waiting,
)

__all__ = ["filled", "polish", "ready", "source", "target"]  # fixtures

WITHIN = timedelta(seconds=15)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=5)
ADDED = {"pause": 1, "audit": 1, "audit_unsealed": 1}
"""What a restore itself writes."""


@asynccontextmanager
async def engine_of(url: str) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        await engine.dispose()


async def backed_up(url: str, file: Path, *, at: datetime = NOW) -> Mark:
    async with engine_of(url) as engine:
        return await back_up(engine, file, clock=lambda: at)


async def nobody_erased(_work: UnitOfWork, notes: Sequence[ErasureNote], _now: datetime) -> int:
    assert not notes
    return 0


async def restored(
    file: Path, url: str, folder: Path, *, erasures: tuple[str, ...] = (), erase: EraseAgain = nobody_erased
) -> Restored:
    async with engine_of(url) as engine:
        return await restore(
            file,
            engine,
            clock=lambda: LATER,
            folder=folder,
            erasures=[ErasureNote(member_id=one) for one in erasures],
            erase=erase,
            names={},
            within=WITHIN,
        )


async def refusal(file: Path, url: str, folder: Path) -> str:
    with pytest.raises(PimBotError) as refused:
        await restored(file, url, folder)
    return str(refused.value)


def dump(url: str) -> Dump:
    return on_sqlite(url) if url.startswith("sqlite") else on_postgresql(url)


def without_what_a_restore_adds(found: Dump, before: Dump) -> Dump:
    """The rows of a restored database that were in the backup; what the restore added is looked at besides."""
    return {name: [row for row in rows if name not in ADDED or row in before[name]] for name, rows in found.items()}


WAYS = ["sqlite to sqlite", "sqlite to postgresql", "postgresql to sqlite", "postgresql to postgresql"]


@pytest.mark.parametrize("way", WAYS)
async def test_every_row_is_there_again_and_the_pause_says_since_when(
    way: str, source: str, target: str, postgres: PostgresServer, tmp_path: Path
) -> None:
    start, end = way.split(" to ")
    before = on_sqlite(source)
    if start == "postgresql":
        await move(source, target, within=WITHIN)
        source, target = target, postgres.url(postgres.new_database())
    url = f"sqlite:///{tmp_path / 'new.db'}" if end == "sqlite" else target
    file = tmp_path / "kopia.db"
    mark = await backed_up(source, file)
    assert dump(source) == before
    assert mark == Mark(
        format=FORMAT,
        version=newest_version(),
        engine=start,
        made_at=NOW,
        rows={name: len(rows) for name, rows in before.items()},
    )
    assert (file.stat().st_mode & 0o777, file.with_name(file.name + PART).exists()) == (0o600, False)
    bytes_before = file.read_bytes()
    done = await restored(file, url, tmp_path)
    assert (done.mark, done.rows, done.erased, done.restored_at) == (mark, mark.rows, 0, LATER)
    found = dump(url)
    assert without_what_a_restore_adds(found, before) == before
    added = {name: len(rows) - len(before[name]) for name, rows in found.items() if len(rows) != len(before[name])}
    assert added == ADDED
    async with engine_of(url) as engine, engine.connect() as connection:
        row = (await connection.execute(select(pause).where(pause.c.why == RESTORED))).mappings().one()
        acts = select(audit.c.action, audit.c.subject, audit.c.door).order_by(audit.c.id.desc()).limit(1)
        act = (await connection.execute(acts)).one()
    assert row["facts"] == {"backup_at": NOW.isoformat(), "restored_at": LATER.isoformat()}
    assert tuple(act) == ("BackupRestored", f"backup:{NOW.isoformat()}", "restore")
    assert file.read_bytes() == bytes_before
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(COPY)] == []


async def test_what_is_written_next_is_numbered_after_what_was_restored_and_the_chain_goes_on(
    engines: Engines, tmp_path: Path, target: str
) -> None:
    async with running_hub(engines) as hub:
        await sealing(hub).run_due()
        noted = (await verify(hub.parts.storage.engine, now=NOW)).head
        await backed_up(engines.database_url, tmp_path / "kopia.db")
    await restored(tmp_path / "kopia.db", target, tmp_path)
    async with engine_of(target) as engine:
        storage = Storage(engine, names={}, machine=machine_clock, ring=lambda _bell: None)
        async with storage.work() as work:
            work.record(MemberMatched(member_id="a"), actor=Actor(door="chat"), at=NOW)
        async with storage.work("seal") as work:
            assert (await work.audit.seal(at=NOW, limit=100))[0] == 2
        found = await verify(engine, now=NOW, expected=noted)
    assert (found.rows, found.sealed, found.broken) == (4, 4, None)


# A backup of a running hub

NAMES: ReactionNames = {MemberMatched: ("one", "two")}


class Writer:
    """Acts, one after the other, until it is told to stop; each is an event with two reactions and an audit row."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.storage = Storage(engine, names=NAMES, machine=machine_clock, ring=lambda _bell: None)
        self.committed = 0
        self.stops = False
        self._progress = asyncio.Condition()

    async def run(self) -> None:
        while not self.stops:
            number = self.committed + 1
            async with self.storage.work() as work:
                await work._connection.execute(insert(member), {"id": f"m{number:06}", "name": "Osoba"})
                work.record(MemberMatched(member_id=f"m{number:06}"), actor=Actor(door="chat"), at=NOW)
            self.committed = number
            async with self._progress:
                self._progress.notify_all()

    async def reaches(self, number: int) -> None:
        """Wait until so many acts are committed."""
        async with self._progress:
            await self._progress.wait_for(lambda: self.committed >= number)


async def test_a_backup_of_a_hub_that_is_written_meanwhile_holds_whole_acts_and_all_that_came_before(
    engines: Engines, tmp_path: Path
) -> None:
    async with running_hub(engines) as hub:
        engine = hub.parts.storage.engine
        async with engine.connect() as connection:
            there = (await connection.execute(select(func.count()).select_from(audit))).scalar_one()
        writer = Writer(engine)
        task = asyncio.create_task(writer.run())
        found = []
        for number in range(3):
            wanted = writer.committed + 20
            await writer.reaches(wanted)
            file = tmp_path / f"kopia-{number}.db"
            before = writer.committed
            await back_up(engine, file, clock=machine_clock)
            after = writer.committed
            found.append((before, kept(file, there), after))
        writer.stops = True
        await task
    for before, (members, *others), after in found:
        assert before <= len(members) <= after + 1
        assert members == [f"m{number:06}" for number in range(1, len(members) + 1)]
        assert others == [members, len(members) * 2, len(members), len(members)]
    assert found[-1][0] < found[-1][2], "nothing was written meanwhile"


def kept(file: Path, there: int) -> tuple[Any, ...]:
    """What a backup holds of the writer's acts, table by table."""
    with closing(sqlite3.connect(file)) as connection:
        read = connection.execute
        subjects = "SELECT substr(subject, 8) FROM event_log WHERE type = 'MemberMatched' AND subject LIKE 'member:m0%'"
        return (
            [one for (one,) in read("SELECT id FROM member WHERE id LIKE 'm0%' ORDER BY id")],
            [one for (one,) in read(f"{subjects} ORDER BY id")],
            read("SELECT count(*) FROM event_reaction WHERE reaction IN ('one', 'two')").fetchone()[0],
            read("SELECT count(*) FROM audit").fetchone()[0] - there,
            read("SELECT count(*) FROM audit_unsealed").fetchone()[0] - there,
        )


def command(folder: Path, *words: str, url: str) -> subprocess.Popen[str]:
    """The command itself, in a process of its own."""
    environment = os.environ | {"PIM_DATABASE_URL": url, "PIM_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "pim_bot", "db", *words],
        env=environment,
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


async def test_a_killed_backup_leaves_nothing_that_looks_whole_and_is_made_again(source: str, tmp_path: Path) -> None:
    file, part = tmp_path / "kopia.db", tmp_path / f"kopia.db{PART}"
    with command(tmp_path, "backup", str(file), url=source) as process:
        assert until(lambda: part.exists() and part.stat().st_size > 0, seconds=60)
        process.send_signal(signal.SIGKILL)
    assert (file.exists(), part.exists()) == (False, True)
    assert part.stat().st_mode & 0o777 == 0o600
    said = await refusal(part, f"sqlite:///{tmp_path / 'new.db'}", tmp_path)
    assert said.startswith(f"{part} nie jest kopią zapasową centrum albo jest uszkodzona lub niedokończona.")
    await backed_up(source, file)
    assert (file.exists(), part.exists()) == (True, False)
    await restored(file, f"sqlite:///{tmp_path / 'new.db'}", tmp_path)


async def test_a_killed_restore_leaves_an_empty_database_and_is_made_again(
    source: str, ready: str, tmp_path: Path
) -> None:
    before = on_sqlite(source)
    file = tmp_path / "kopia.db"
    await backed_up(source, file)
    meddle(ready, "notification", HOLD)
    with closed_gate(ready) as gate, command(tmp_path, "restore", str(file), url=ready) as process:
        assert until(lambda: waiting(gate) or process.poll() is not None, seconds=60)
        process.kill()
        process.wait()
    assert until(lambda: alone(ready), seconds=60)
    assert not any(on_postgresql(ready).values())
    leave_alone(ready)
    await restored(file, ready, tmp_path)
    assert without_what_a_restore_adds(on_postgresql(ready), before) == before


async def test_a_restore_that_fails_at_the_last_moment_leaves_an_empty_file(source: str, tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "kopia.db"
    await backed_up(source, file)

    async def dies(_work: UnitOfWork, _notes: Sequence[ErasureNote], _now: datetime) -> int:
        raise NotCopied("nie udało się usunąć")

    with pytest.raises(NotCopied, match="nie udało się usunąć"):
        await restored(file, url, tmp_path, erasures=("m1",), erase=dies)
    assert not any(on_sqlite(url).values())
    await restored(file, url, tmp_path)
    assert all(on_sqlite(url).values())


# Erasures


async def test_who_was_erased_since_is_erased_again_before_anybody_can_read(
    engines: Engines, target: str, tmp_path: Path
) -> None:
    async with running_hub(engines) as hub:
        ((gone,), *_) = await hub.rows(None, member.c.id)
        await backed_up(engines.database_url, tmp_path / "kopia.db")
    calls = []

    async def erase(work: UnitOfWork, notes: Sequence[ErasureNote], now: datetime) -> int:
        ids = [note.member_id for note in notes]
        async with engine_of(target) as outside, outside.connect() as connection:
            visible = (await connection.execute(select(func.count()).select_from(event_reaction))).scalar_one()
        calls.append((ids, now, visible))
        people = await work.people.many(ids)
        for one in people:
            statement = member.update().where(member.c.id == one.id).values(name="", email=None)
            await work._connection.execute(statement)
            work.record(MemberMatched(member_id=one.id), actor=Actor(door="command-line"), at=now)
        return len(people)

    done = await restored(tmp_path / "kopia.db", target, tmp_path, erasures=(gone, "nikt"), erase=erase)
    assert (done.erased, calls) == (1, [([gone, "nikt"], LATER, 0)])
    async with engine_of(target) as engine, engine.connect() as connection:
        named = (await connection.execute(select(member.c.name, member.c.email).where(member.c.id == gone))).one()
        doors = (await connection.execute(select(audit.c.action, audit.c.door).order_by(audit.c.id))).all()
        events = (
            (await connection.execute(select(event_log.c.subject).order_by(event_log.c.id.desc()))).scalars().first()
        )
    assert tuple(named) == ("", None)
    assert [tuple(one) for one in doors[-2:]] == [("BackupRestored", "restore"), ("MemberMatched", "command-line")]
    assert events == f"member:{gone}"


def test_a_file_of_erasures_tells_each_id_once_and_what_is_odd_in_it(tmp_path: Path) -> None:
    file = tmp_path / "erasures.jsonl"
    file.write_text('{"member_id": "b", "at": "2026-03-02T09:00:00+00:00"}\n\n{"member_id": "a"}\n{"member_id": "b"}\n')
    at = "2026-03-02T09:00:00+00:00"
    file.write_text(file.read_text() + f'{{"member_id": "b", "at": "{at}", "held": {{"sessions": "2031-12-31"}}}}\n')
    held = Hold(category=Category.SESSIONS, reason=NOT_IN_THE_BACKUP, until=date(2031, 12, 31))
    assert noted_erasures(file) == [ErasureNote(member_id="b", at=at, held=(held,)), ErasureNote(member_id="a")]
    for odd in ("{", "[]", '{"member_id": 7}', '{"member_id": ""}', "{}", '{"member_id": "a", "held": {"x": null}}'):
        file.write_text(f'{{"member_id": "b"}}\n{odd}\n')
        with pytest.raises(OddErasures, match=":2: to nie jest wpis o usunięciu"):
            noted_erasures(file)
    with pytest.raises(OddErasures, match="Nie da się odczytać pliku usunięć"):
        noted_erasures(tmp_path / "brak")


# What is refused


async def test_a_file_is_never_overwritten(source: str, tmp_path: Path) -> None:
    file = tmp_path / "kopia.db"
    for make in (partial(file.write_text, "cudze"), partial(file.symlink_to, tmp_path / "brak")):
        make()
        with pytest.raises(NotCopied, match="już istnieje i nie zostanie nadpisany"):
            await backed_up(source, file)
        assert file.is_symlink() or file.read_text() == "cudze"
        file.unlink()
    with pytest.raises(NotCopied, match="Nie da się zapisać pliku"):
        await backed_up(source, tmp_path / "nie-ma" / "kopia.db")


async def test_two_backups_to_one_file_do_not_mix(source: str, tmp_path: Path) -> None:
    file = tmp_path / "kopia.db"
    outcomes = await asyncio.gather(backed_up(source, file), backed_up(source, file), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["Mark", "NotCopied"]
    (refused,) = [one for one in outcomes if isinstance(one, NotCopied)]
    assert str(refused).startswith(f"Inna kopia {file}{PART} właśnie powstaje.")
    await restored(file, f"sqlite:///{tmp_path / 'new.db'}", tmp_path)


async def test_a_database_of_another_version_is_not_backed_up(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'pim_bot.db'}"
    await upgraded(url, to="0002")
    with pytest.raises(NotCopied, match=f"Baza jest w wersji 0002, a ten program robi kopie wersji {newest_version()}"):
        await backed_up(url, tmp_path / "kopia.db")
    assert [one.name for one in tmp_path.iterdir() if "kopia" in one.name] == []


async def test_an_older_backup_is_migrated(target: str, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    await upgraded(f"sqlite:///{old}", to="0002")
    change(
        f"sqlite:///{old}",
        "INSERT INTO member (id, name) VALUES ('m1', 'Osoba')",
        f"INSERT INTO audit (at, actor, door, action, subject) VALUES ('{AN_INSTANT}', 'a', 'b', 'c', 'd')",
        "PRAGMA journal_mode = DELETE",
    )
    mark = Mark(format=1, version="0002", engine="sqlite", made_at=NOW, rows={"member": 1, "audit": 1})
    _finish(old, mark)
    done = await restored(old, target, tmp_path)
    assert (done.mark, done.rows["member"], done.rows["audit"], done.rows["audit_unsealed"]) == (mark, 1, 1, 1)
    async with engine_of(target) as engine, engine.connect() as connection:
        assert (await connection.execute(select(func.count()).select_from(audit_unsealed))).scalar_one() == 2


def spoilt(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


SPOILT = {
    "no mark": ["DROP TABLE backup"],
    "an empty mark": ["DELETE FROM backup"],
    "an odd mark": ["UPDATE backup SET made_at = 'wczoraj'"],
    "a row is missing": ["DELETE FROM member_role"],
    "a table is missing": ["DROP TABLE feedback_mark"],
}
AN_INSTANT = "2022-01-10 08:00:00.000000"
NEWER = {
    "a newer format": [f"UPDATE backup SET format = {FORMAT + 1}"],
    "a newer database": ["UPDATE backup SET version = '9999'"],
}


async def test_what_is_no_whole_backup_or_a_newer_one_is_refused_in_a_sentence(source: str, tmp_path: Path) -> None:
    url, whole, file = f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "whole.db", tmp_path / "kopia.db"
    await backed_up(source, whole)
    not_whole = f"{file} nie jest kopią zapasową centrum albo jest uszkodzona lub niedokończona. Prosimy podać plik, "
    for statements in SPOILT.values():
        shutil.copy(whole, file)
        spoilt(file, *statements)
        assert (await refusal(file, url, tmp_path)).startswith(not_whole)
    for content in (b"", b"tekst", whole.read_bytes()[:50_000], whole.read_bytes()[:8192] + bytes(100_000)):
        file.write_bytes(content)
        assert (await refusal(file, url, tmp_path)).startswith(not_whole)
    for statements in NEWER.values():
        shutil.copy(whole, file)
        spoilt(file, *statements)
        assert (await refusal(file, url, tmp_path)).startswith(
            f"Kopia {file} jest nowsza niż ten program (wersja bazy "
        )
    for place in (tmp_path / "brak.db", tmp_path):
        assert (await refusal(place, url, tmp_path)).startswith(f"Nie da się odczytać kopii {place}: ")
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(COPY)] == []
    await restored(whole, url, tmp_path)


async def test_a_database_that_holds_anything_is_refused_with_its_counts(
    source: str, ready: str, postgres: PostgresServer, tmp_path: Path
) -> None:
    file = tmp_path / "kopia.db"
    await backed_up(source, file)
    said = await refusal(file, source, tmp_path)
    assert said.startswith("Baza, do której mamy przywrócić kopię, nie jest pusta; ma wiersze: activity 24, ")
    run_on(ready, "INSERT INTO edition (slug, name) VALUES ('inna', 'Inna')")
    assert await refusal(file, ready, tmp_path) == (
        "Baza, do której mamy przywrócić kopię, nie jest pusta; ma wiersze: edition 1. Nic w niej nie zmieniono. "
        "Prosimy ustawić PIM_DATABASE_URL na pustą bazę (nowy plik SQLite albo createdb NAZWA)."
    )
    other = postgres.url(postgres.new_database())
    run_on(other, "CREATE TABLE activity (name text)")
    assert "ma wiersze: activity 0." in await refusal(file, other, tmp_path)


async def test_a_hub_that_is_alive_on_the_new_database_is_named(source: str, ready: str, tmp_path: Path) -> None:
    file = tmp_path / "kopia.db"
    await backed_up(source, file)
    await upgraded(url := f"sqlite:///{tmp_path / 'new.db'}")
    for place in (ready, url):
        name = await register(place)
        assert f"Centrum działa na tej bazie ({place.split('ql')[0]}" in (said := await refusal(file, place, tmp_path))
        assert name in said
        assert not any(dump(place).values())


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file can become longer than this, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_disk_without_room_is_told_and_nothing_is_left(source: str, tmp_path: Path) -> None:
    file, url = tmp_path / "kopia.db", f"sqlite:///{tmp_path / 'new.db'}"
    with room_for(200_000), pytest.raises(NotCopied) as refused:
        await backed_up(source, file)
    assert str(refused.value) == (
        f"Na dysku zabrakło miejsca na kopię {file}. Prosimy zwolnić miejsce albo podać inny dysk; "
        "niedokończony plik został usunięty."
    )
    assert [one.name for one in tmp_path.iterdir() if "kopia" in one.name] == []
    await backed_up(source, file)
    with room_for(200_000):
        assert (await refusal(file, url, tmp_path)).startswith(f"Na dysku {tmp_path} zabrakło miejsca.")
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(COPY)] == []


# The commands


def test_the_commands_tell_what_they_did_and_what_to_do_next(source: str, target: str, tmp_path: Path) -> None:
    file = tmp_path / "kopia.db"
    made = pim_bot(tmp_path, "db", "backup", str(file), PIM_DATABASE_URL=source)
    assert (made.returncode, made.stderr) == (0, "")
    rows = sum(len(found) for found in on_sqlite(source).values())
    lines = made.stdout.splitlines()
    assert len(lines) == 3
    assert lines[-3].startswith(f"Kopia {file} jest gotowa: stan z 20")
    assert lines[-3].endswith(f" UTC, tabel {len(TABLES)}, wierszy {rows}.")
    assert lines[-2].startswith("Plik zawiera dane osobowe.")
    assert str(tmp_path / "erasures.jsonl") in lines[-1]
    (tmp_path / "erasures.jsonl").unlink()  # the backup knows of erasures, of nobody who is there
    back = pim_bot(tmp_path, "db", "restore", str(file), PIM_DATABASE_URL=target)
    assert (back.returncode, back.stderr) == (0, "")
    told = back.stdout.splitlines()
    assert told[0].startswith("Przywrócona kopia z 20")
    assert told[1].startswith("Nie było pliku usunięć (erasures.jsonl).")
    assert told[3].startswith("Co dalej: prosimy uruchomić centrum. Wysyłka najpierw sprawdzi w rozmowach")
    again = pim_bot(tmp_path, "db", "restore", str(file), PIM_DATABASE_URL=target)
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.startswith("Baza, do której mamy przywrócić kopię, nie jest pusta")


# A hub goes on where the backup left it, and looks before it speaks


async def begun(url: str, folder: Path, slack: LocalSlack, machine: StillClock) -> None:
    """A workshop is scheduled, told and answered; its reminders, its end and its feedback are still to come."""
    async with hub_on(url, folder, slack, machine) as hub:
        async with hub.parts.storage.work() as work:
            await work.keep_offset(hub.parts.clock.set_to(MONDAY_NINE))
        await import_text(hub.parts, shipped("pim2-2021-2023.yaml"))
        await import_text(hub.parts, PEOPLE.encode())
        await hub.settle()
        await schedule(hub)
        await hub.user("zory").click(hub.user("zory").last(), "attend.going")
        await hub.user("ekspert").click(hub.user("ekspert").last(), "attend.going")
        await hub.settle()


async def went_on(url: str, folder: Path, slack: LocalSlack, machine: StillClock) -> int:
    """Days pass on the old machine: reminders and a digest go out; tells how many."""
    async with hub_on(url, folder, slack, machine) as hub:
        before = len([one for name in USERS for one in hub.texts(name)])
        await hub.wind(days=9)
        return len([one for name in USERS for one in hub.texts(name)]) - before


async def caught_up(url: str, folder: Path, slack: LocalSlack, machine: StillClock) -> dict[str, list[str]]:
    """It is as late here as it was there, and goes on past the end of the workshop; tells what everybody has read."""
    async with hub_on(url, folder, slack, machine) as hub:
        async with hub.parts.storage.work() as work:
            await work.keep_offset(hub.parts.clock.set_to(MONDAY_NINE + timedelta(days=9)))
        for _ in range(8):
            await hub.settle()
            machine.advance(minutes=3)
        assert await hub.rows(pause) == []
        await hub.wind(days=12)
        told = {name: hub.texts(name) for name in USERS} | {"channel": [message.text for message in hub.channel()]}
        return {name: [said(one) for one in texts] for name, texts in told.items()}


def said(message: str) -> str:
    """What a message is about. Whether an answer is still asked for is brought up to date in messages later on."""
    return message.split(". ", maxsplit=1)[0].splitlines()[0]


async def story(folder: Path, *, old: str, new: str = "") -> dict[str, list[str]]:
    """What everybody reads in the end, with a restore onto ``new`` in the middle of it, or without."""
    machine = StillClock(NOW)
    folder.mkdir(exist_ok=True)
    async with LocalSlack(make_workspace(machine), signing_secret=SECRET) as slack:
        await begun(old, folder, slack, machine)
        if new:
            await backed_up(old, folder / "kopia.db", at=machine.now)
        machine.advance(minutes=10)
        assert await went_on(old, folder, slack, machine) > 5
        machine.now = LATER
        if new:
            await restored(folder / "kopia.db", new, folder)
        return await caught_up(new or old, folder, slack, machine)


async def test_after_a_restore_nobody_hears_anything_twice_and_nothing_is_lost(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    wanted = await story(tmp_path / "stayed", old=f"sqlite:///{tmp_path / 'stayed' / 'pim_bot.db'}")
    places = {
        "sqlite": [f"sqlite:///{tmp_path / 'sqlite' / name}" for name in ("old.db", "new.db")],
        "postgresql": [postgres.url(postgres.new_database()) for _ in range(2)],
    }
    for name, (old, new) in places.items():
        assert await story(tmp_path / name, old=old, new=new) == wanted
    assert sum(map(len, wanted.values())) > 30


EMAIL, NAME = "zielen@zory.example.org", "Zieleń, Żory (przykład)"


def test_the_command_erases_again_whose_data_was_erased_after_the_backup(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    for name, content in (("program.yaml", shipped("pim2-2021-2023.yaml")), ("osoby.yaml", PEOPLE.encode())):
        (old / name).write_bytes(content)
        assert pim_bot(old, "import", name).returncode == 0
    assert pim_bot(old, "db", "backup", str(tmp_path / "kopia.db")).returncode == 0
    assert pim_bot(old, "member", "erase", EMAIL, "--yes").returncode == 0
    noted = old / "erasures.jsonl"
    back = pim_bot(new, "db", "restore", str(tmp_path / "kopia.db"), "--erasures", str(noted))
    assert (back.returncode, back.stderr) == (0, "")
    assert f"Usunięte ponownie: osób 1; pliki usunięć ({noted}) mówią o 1." in back.stdout.splitlines()
    everything = b"".join(path.read_bytes() for path in new.iterdir() if path.is_file())
    assert [word for word in (EMAIL, NAME, "Zieleń, Żory") if word.encode() in everything] == []
    with closing(sqlite3.connect(new / "pim_bot.db")) as connection:
        told = connection.execute("SELECT action, door FROM audit ORDER BY id DESC LIMIT 2").fetchall()
    assert told == [("MemberErased", "command-line"), ("BackupRestored", "restore")]
    verified = pim_bot(new, "audit", "verify", "--json")
    assert (verified.returncode, json.loads(verified.stdout)["unsealed"]) == (0, 4)
