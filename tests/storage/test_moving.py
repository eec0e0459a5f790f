"""Moving a hub from SQLite to PostgreSQL: every row as it was, all or nothing, and the hub goes on where it stood."""

import asyncio
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from psycopg.sql import SQL, Composed, Identifier
from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Integer, LargeBinary, Table, insert, null, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.bootstrap import put_together, serving
from pim_bot.clock import machine_clock
from pim_bot.errors import PimBotError, SettingsError
from pim_bot.events.catalogue import ActivityScheduled
from pim_bot.playground.server import LocalSlack
from pim_bot.playground.transport import SignedRequest
from pim_bot.process import this_process
from pim_bot.programme.feedback import FeedbackAnswer, FeedbackRound
from pim_bot.programme.people import Actor
from pim_bot.storage import sqlite as sqlite_module
from pim_bot.storage.copying import BATCH
from pim_bot.storage.engine import alembic_config, make_engine, upgrade
from pim_bot.storage.moving import move
from pim_bot.storage.tables import metadata
from pim_bot.storage.tables.base import Instant
from pim_bot.storage.tables.feedback import feedback_answer, pooled_answer
from pim_bot.storage.tables.flow import due_item, event_reaction, notification
from pim_bot.storage.tables.people import recipient
from pim_bot.storage.tables.processes import leadership, process
from pim_bot.storage.unit_of_work import Storage
from tests.hub import (
    MONDAY_NINE,
    PEOPLE,
    SECRET,
    USERS,
    RunningHub,
    StillClock,
    import_text,
    make_workspace,
    settings_for,
    shipped,
)
from tests.integration.test_walk import schedule
from tests.services import PostgresServer, template_database
from tests.services.processes import until
from tests.storage.test_command_line import ROOT, pim_bot

WITHIN = timedelta(seconds=15)
LEFT_OUT = ("leadership", "process")
TABLES = [table for table in metadata.sorted_tables if table.name not in LEFT_OUT]
SOAK = bool(os.environ.get("PIM_SOAK"))
SEED = int(os.environ.get("PIM_SEED", "20220128"))
KILLS = 200 if SOAK else 8
MESSAGES = 5000
GATE = 4711

Dump = dict[str, list[tuple[Any, ...]]]

TEXTS = (
    "Żółć",
    "zwykły",
    "Zebra",
    "aż",
    "-łącznik",
    "😀 poza podstawową płaszczyzną",
    "\ufb01 z końca tej płaszczyzny",
    "tab\ti\nnowa linia\r\n",
    "\\N",
    "\\.",
    "'cytat' \"drugi\" \\ \\\\",
    "e\u0301 rozłożone",
)
ROWS = 2 * len(TEXTS)
NOTHING = null()
"""In JSON something else than None."""
JSONS: tuple[Any, ...] = (
    None,
    {},
    [],
    5,
    "tekst 😀",
    [True, 1, 1.0, 1.5, None, -(2**70)],
    {"b": {"z": [1, {"ż": "ó"}]}, "a": "\\N\t"},
    {"znak": "\x00", "samotny": "\ud83d"},
)
NUMBERS = (0, -1, 1, 2**31 - 1, -(2**31))
INSTANTS = (
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2022, 3, 27, 1, 0, 0, 1, tzinfo=UTC),
    datetime(2022, 1, 10, 9, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    datetime(1969, 12, 31, 23, 59, 59, 500000, tzinfo=UTC),
)
DAYS = (date.min, date.max, date(2024, 2, 29))
BYTES = (b"", bytes(range(256)), b"\\x00\\N\t\n", "BEGIN:VEVENT ż".encode())
DEAD = {"id": "dead", "host": "maszyna", "pid": 7, "started_at": MONDAY_NINE, "beat_at": MONDAY_NINE}
CYCLES: tuple[tuple[type, tuple[Any, ...]], ...] = (
    (Instant, INSTANTS),
    (Date, DAYS),
    (Boolean, (True, False)),
    (LargeBinary, BYTES),
    (JSON, JSONS),
    (BigInteger, (*NUMBERS, 2**62)),
    (Integer, NUMBERS),
)


def value(column: Column[Any], n: int) -> Any:
    """What the n-th row has in a column: something awkward, and the same for whoever refers to that row."""
    for reference in column.foreign_keys:
        if reference.column.table is not column.table:
            return value(reference.column, n)
        return None if n % 3 else value(reference.column, n + 1)  # a row that comes later
    if column.primary_key or column.unique:
        return key(column, n)
    if column.nullable and n % 7 == 0:
        return NOTHING
    for kind, values in CYCLES:
        if isinstance(column.type, kind):
            return values[n % len(values)]
    return words(column, n)


def key(column: Column[Any], n: int) -> Any:
    if column.table is notification:
        return f"{n:05}"
    return n * 1000 + 7 if isinstance(column.type, Integer) else words(column, n)


def words(column: Column[Any], n: int) -> str:
    return f"{TEXTS[n % len(TEXTS)]}{n}"[: getattr(column.type, "length", None)]


def row(table: Table, n: int) -> dict[str, Any]:
    return {column.name: value(column, n) for column in table.columns}


def message(n: int) -> dict[str, Any]:
    made = {name: None if one is NOTHING else one for name, one in row(notification, n).items()}
    return made | {"recipient_id": value(recipient.c.id, n % ROWS)}


@asynccontextmanager
async def writing(path: Path) -> AsyncIterator[AsyncConnection]:
    """A transaction on SQLite that looks at references at its end."""
    engine = make_engine(f"sqlite:///{path}")
    await upgrade(engine)
    async with engine.begin() as connection:
        await connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        yield connection
    await engine.dispose()


async def fill(path: Path) -> None:
    """Make a database with awkward rows in every table."""
    async with writing(path) as connection:
        for table in TABLES:
            for n in range(ROWS):
                await connection.execute(insert(table).values(row(table, n)))
        await connection.execute(insert(process).values(DEAD))
        await connection.execute(insert(leadership).values({"duty": "clock", "until": MONDAY_NINE}))


async def enlarge(path: Path) -> None:
    """Add more messages than there are recipients."""
    async with writing(path) as connection:
        await connection.execute(insert(notification), [message(n) for n in range(ROWS, MESSAGES)])


def told(table: Table) -> list[Column[Any]]:
    """The columns that say something: the numbers of the answers to feedback do not."""
    return [column for column in table.columns if table not in (feedback_answer, pooled_answer) or column.name != "id"]


def on_sqlite(url: str) -> Dump:
    """Every row that a move has to carry over, as the file holds it."""
    found = {}
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        for table in TABLES:
            names = ", ".join(
                f'CAST("{column.name}" AS TEXT)' if isinstance(column.type, JSON) else f'"{column.name}"'
                for column in told(table)
            )
            found[table.name] = sorted(connection.execute(f"SELECT {names} FROM {table.name}"), key=repr)  # noqa: S608
    return found


FORMATS = ((Instant, SQL("to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')")), (Date, SQL("{}::text")))
AS_ON_SQLITE = (*FORMATS, (Boolean, SQL("{}::int")), (JSON, SQL("{}::text")))


def on_postgresql(url: str) -> Dump:
    """The same of the new database, written as SQLite writes it; nothing while it has no tables."""
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('alembic_version')").fetchall() == [(None,)]:
            return {}
        return {table.name: sorted(connection.execute(_selected(table)), key=repr) for table in TABLES}


def _selected(table: Table) -> Composed:
    columns = [
        next((said for kind, said in AS_ON_SQLITE if isinstance(column.type, kind)), SQL("{}")).format(
            Identifier(column.name)
        )
        for column in told(table)
    ]
    return SQL("SELECT {} FROM {}").format(SQL(", ").join(columns), Identifier(table.name))


def written(url: str) -> list[tuple[Any, ...]]:
    """Every row by which transaction wrote it, and where it lies."""
    with psycopg.connect(url) as connection:
        return [
            found
            for table in TABLES
            for found in connection.execute(
                SQL("SELECT tableoid, xmin, xmax, ctid FROM {}").format(Identifier(table.name))
            )
        ]


def is_empty(found: Dump) -> bool:
    return not any(found.values())


def found_on(url: str, before: Dump) -> str:
    """How much of what there was before is on PostgreSQL."""
    found = on_postgresql(url)
    return "all" if found == before else "nothing" if is_empty(found) else f"{found}"


def run_on(url: str, *statements: str) -> None:
    """Run statements on the new database."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def meddle(url: str, table: str, does: str, *, at: str = "BEFORE INSERT") -> None:
    """Let something be done to each row of a table on PostgreSQL, in the very transaction of the move."""
    deferred = "DEFERRABLE INITIALLY DEFERRED" if at == COMMIT else ""
    kind, event = ("CONSTRAINT TRIGGER", "AFTER INSERT") if at == COMMIT else ("TRIGGER", at)
    run_on(
        url,
        f"CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}; RETURN NEW; END $$",
        f"CREATE {kind} meddle {event} ON {table} {deferred} FOR EACH ROW EXECUTE FUNCTION meddle()",
    )


def leave_alone(url: str) -> None:
    run_on(url, "DROP FUNCTION meddle() CASCADE")


COMMIT = "COMMIT"
HOLD = f"PERFORM pg_advisory_xact_lock({GATE})"
CUT = "PERFORM pg_terminate_backend(pg_backend_pid())"


async def upgraded(url: str, *, to: str = "head") -> None:
    engine = make_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), to))
    await engine.dispose()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two databases: a small one, and one with more messages than two batches."""
    folder = tmp_path_factory.mktemp("filled")
    asyncio.run(fill(folder / "small.db"))
    shutil.copy(folder / "small.db", folder / "large.db")
    asyncio.run(enlarge(folder / "large.db"))
    return folder


def copied(path: Path, folder: Path) -> str:
    return f"sqlite:///{shutil.copy(path, folder / 'pim_bot.db')}"


@pytest.fixture
def source(filled: Path, tmp_path: Path) -> str:
    """The address of a hub on SQLite with awkward rows in every table."""
    return copied(filled / "small.db", tmp_path)


@pytest.fixture
def large(filled: Path, tmp_path: Path) -> str:
    """The same with many messages."""
    return copied(filled / "large.db", tmp_path)


@pytest.fixture(scope="session")
def polish(postgres: PostgresServer) -> str:
    """A database to clone that sorts as Polish does, where the server can: not by bytes, as SQLite does."""
    with closing(psycopg.connect(postgres.url(), autocommit=True)) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = 'polish'").fetchone():
            return "polish"  # made by another module that has this fixture too
        try:
            connection.execute(
                "CREATE DATABASE polish TEMPLATE template0 LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'pl'"
            )
        except psycopg.Error:  # older than 15, or built without ICU
            connection.execute("CREATE DATABASE polish TEMPLATE template0")
    return "polish"


@pytest.fixture
def target(postgres: PostgresServer, polish: str) -> Iterator[str]:
    """The address of a database in which there is nothing yet."""
    name = postgres.new_database(polish)
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
async def ready(postgres: PostgresServer) -> AsyncIterator[str]:
    """The address of a database that has its tables already."""
    name = postgres.new_database(await template_database(postgres, "upgraded", upgraded))
    yield postgres.url(name)
    postgres.drop_database(name)


async def refusal(source: str, target: str) -> str:
    """What a move says that is refused."""
    with pytest.raises(PimBotError) as refused:
        await move(source, target, within=WITHIN)
    return str(refused.value)


async def test_every_row_of_every_table_is_carried_over_as_it_was(large: str, target: str) -> None:
    before = on_sqlite(large)
    moved = await move(large, target, within=WITHIN)
    assert on_postgresql(target) == before
    assert on_sqlite(large) == before
    assert moved.rows == {name: len(rows) for name, rows in before.items()}
    assert (moved.left_out, moved.address, moved.again) == (LEFT_OUT, target, False)
    assert min(moved.rows.values()) == ROWS
    assert moved.rows["notification"] == MESSAGES > 2 * BATCH


async def test_a_second_move_finds_everything_there_and_changes_nothing(source: str, target: str) -> None:
    first = await move(source, target, within=WITHIN)
    before = written(target)
    second = await move(source, target, within=WITHIN)
    assert (second.rows, second.again) == (first.rows, True)
    assert written(target) == before


async def test_a_database_that_holds_something_else_is_refused_with_its_counts(source: str, ready: str) -> None:
    run_on(
        ready,
        "INSERT INTO edition (slug, name) VALUES ('inna', 'Inna'), ('druga', 'Druga')",
        "INSERT INTO goal (edition, number, text) VALUES ('inna', 1, 'Cel')",
    )
    before = on_postgresql(ready)
    assert await refusal(source, ready) == (
        "Docelowa baza nie jest pusta i nie jest kopią tej bazy; ma wiersze: edition 2, goal 1. "
        "Nic w niej nie zmieniono. Prosimy podać pustą bazę, na przykład nową: createdb NAZWA"
    )
    assert on_postgresql(ready) == before


async def test_an_older_database_is_migrated_only_when_it_is_empty(source: str, target: str) -> None:
    await upgraded(target, to="0001")
    run_on(target, "INSERT INTO edition (slug) VALUES ('inna')")
    said = await refusal(source, target)
    assert said.startswith("Docelowa baza nie jest pusta i nie jest kopią tej bazy; ma wiersze: edition 1. Nic w niej")
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    run_on(target, "DELETE FROM edition")
    await move(source, target, within=WITHIN)
    assert on_postgresql(target) == on_sqlite(source)


@pytest.mark.parametrize(
    "more",
    [
        "INSERT INTO handled_request (key, at) VALUES ('zzzz', now())",
        "INSERT INTO parked_request (id, at, body) VALUES ('in a table that had none', now(), '')",
    ],
)
async def test_one_row_more_than_in_the_old_database_is_no_copy_of_it(source: str, ready: str, more: str) -> None:
    change(source, "DELETE FROM parked_request")
    await move(source, ready, within=WITHIN)
    run_on(ready, more)
    before = on_postgresql(ready)
    assert "nie jest kopią tej bazy" in await refusal(source, ready)
    assert on_postgresql(ready) == before


async def test_what_is_written_next_is_numbered_after_what_was_moved(source: str, target: str) -> None:
    await move(source, target, within=WITHIN)
    before = on_postgresql(target)
    storage = Storage(
        make_engine(target), names={ActivityScheduled: ("announce",)}, machine=StillClock(MONDAY_NINE), ring=print
    )
    activity_id = before["feedback_answer"][0][0]
    async with storage.work() as work:
        work.record(ActivityScheduled(activity_id="a", revision=1), actor=Actor(door="chat"), at=MONDAY_NINE)
        opened = FeedbackRound(subject=f"activity:{activity_id}", closes_at=MONDAY_NINE)
        await work.feedback.put(opened, before["member"][-1][0], FeedbackAnswer(scores=(4,)))
    await storage.close()
    after = on_postgresql(target)
    highest = (ROWS - 1) * 1000 + 7
    assert [set(after[name]) - set(before[name]) for name in ("event_log", "audit", "event_reaction")] == [
        {(highest + 1, "ActivityScheduled", 1, "activity:a", NINE, "chat", BODY)},
        {(highest + 1, NINE, "chat", "chat", "ActivityScheduled", "activity:a", 1, "", "")},
        {(highest + 1, "announce", "activity:a", "ActivityScheduled", 1, "due", 0, None, "")},
    ]
    assert len(after["feedback_answer"]) == ROWS + 1


NINE, BODY = "2022-01-10 08:00:00.000000", json.dumps({"revision": 1, "activity_id": "a"})


@pytest.mark.parametrize(
    ("table", "does", "said"),
    [
        (
            "city",
            "NEW.note := upper(NEW.note)",
            "Tabela city różni się w docelowej bazie od starej (edition='cytat' \"drugi\" \\ \\\\10, slug='cytat' ",
        ),
        ("milestone", "IF NEW.precision = 'aż3' THEN RETURN NULL; END IF", "Tabela milestone różni się w docelowej"),
        ("feedback_answer", "NEW.score := 3", "Tabela feedback_answer różni się w docelowej bazie od starej, więc"),
        (
            "due_item",
            "IF NEW.kind = 'Zebra2' THEN NEW.due_at := NEW.due_at + interval '1 microsecond'; END IF",
            "Tabela due_item różni się w docelowej bazie od starej (id=Zebra2), więc",
        ),
        ("notification", "NEW.facts := '[1.0]'", "Tabela notification różni się w docelowej"),
    ],
)
async def test_a_difference_is_told_with_its_table_and_nothing_is_kept(
    source: str, ready: str, table: str, does: str, said: str
) -> None:
    meddle(ready, table, does)
    assert (await refusal(source, ready)).startswith(said)
    assert is_empty(on_postgresql(ready))
    leave_alone(ready)
    assert not (await move(source, ready, within=WITHIN)).again
    assert on_postgresql(ready) == on_sqlite(source)


@contextmanager
def moving(source: str, target: str) -> Iterator[subprocess.Popen[str]]:
    """The command itself, in a process of its own."""
    environment = os.environ | {"PIM_DATABASE_URL": source, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "pim_bot", "db", "move", target]
    started = subprocess.Popen(
        words, env=environment, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    with started as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def closed_gate(url: str) -> Iterator[psycopg.Connection[Any]]:
    """Whoever comes to the gate has to wait there."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (GATE,))
        yield connection


def waiting(connection: psycopg.Connection[Any]) -> bool:
    found = connection.execute("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    return bool(found.rowcount)


def begun_to_write(url: str) -> bool:
    """Whether somebody's transaction has written something: the migrations, or the move itself."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL"
        )
        return bool(found.rowcount)


def alone(url: str) -> bool:
    """Whether the server has noticed that nobody is there any more."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        return not found.rowcount


def write_locked(source: str) -> bool:
    """Whether somebody else keeps the old database from being written, although it can be read."""
    with closing(sqlite3.connect(source.removeprefix("sqlite:///"), timeout=0)) as connection:
        assert connection.execute("SELECT count(*) FROM edition").fetchall() == [(ROWS,)]
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        return False


@pytest.mark.parametrize(
    ("table", "at", "first", "then"),
    [
        ("audit", "BEFORE INSERT", "nothing", "Przeniesione: "),
        ("notification", "BEFORE INSERT", "nothing", "Przeniesione: "),
        ("audit", COMMIT, "all", "Wszystko było już przeniesione: "),
    ],
    ids=["at the first row", "at the last table", "in the commit"],
)
def test_killed_at_a_moment_it_leaves_all_or_nothing_and_is_run_again(
    source: str, ready: str, table: str, at: str, first: str, then: str
) -> None:
    meddle(ready, table, HOLD, at=at)
    before = on_sqlite(source)
    with closed_gate(ready) as gate, moving(source, ready) as process:
        assert until(lambda: waiting(gate) or process.poll() is not None, seconds=60)
        assert write_locked(source)
        process.kill()
        process.wait()
        assert not write_locked(source)
    assert until(lambda: alone(ready), seconds=60)
    assert found_on(ready, before) == first
    leave_alone(ready)
    again = pim_bot(Path(source.removeprefix("sqlite:///")).parent, "db", "move", ready, PIM_DATABASE_URL=source)
    assert (again.returncode, again.stderr) == (0, "")
    assert [line.startswith(then) for line in again.stdout.splitlines()].count(True) == 1
    assert on_postgresql(ready) == on_sqlite(source) == before


def test_killed_at_random_instants_it_leaves_all_or_nothing_and_is_run_again(
    large: str, polish: str, postgres: PostgresServer
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the seed makes a failing run replayable
    before = on_sqlite(large)
    target = postgres.url(postgres.new_database(polish))
    with moving(large, target) as process:
        assert until(partial(begun_to_write, target), seconds=60)
        started = time.monotonic()
        assert process.wait() == 0
    seconds = time.monotonic() - started
    found = ["all"]
    for _ in range(KILLS):
        if found[-1] == "all":
            target = postgres.url(postgres.new_database(polish))
        with moving(large, target) as process:
            assert until(partial(begun_to_write, target), seconds=60)
            try:
                process.wait(timeout=chance.uniform(0, seconds))
            except subprocess.TimeoutExpired:
                process.kill()
        assert until(partial(alone, target), seconds=60)
        found.append(found_on(target, before))
    with moving(large, target) as process:
        assert process.wait() == 0
    assert on_postgresql(target) == on_sqlite(large) == before
    print(json.dumps({"test": "killed moves", "found": found[1:], "seed": SEED}))  # noqa: T201 - the figures of a run
    assert set(found) <= {"all", "nothing"}


@pytest.mark.parametrize(
    ("table", "at"), [("event_log", "BEFORE INSERT"), ("notification", "BEFORE INSERT"), ("audit", COMMIT)]
)
async def test_a_lost_connection_leaves_nothing_and_is_told(source: str, ready: str, table: str, at: str) -> None:
    meddle(ready, table, CUT, at=at)
    said = await refusal(source, ready)
    assert said.startswith("Przenoszenie zostało przerwane (")
    assert said.endswith("jeszcze raz: zapisało się wszystko albo nic, a polecenie samo to sprawdzi.")
    assert is_empty(on_postgresql(ready))
    leave_alone(ready)
    assert not (await move(source, ready, within=WITHIN)).again
    assert on_postgresql(ready) == on_sqlite(source)


def test_the_command_tells_a_lost_connection_in_one_line(large: str, ready: str, tmp_path: Path) -> None:
    meddle(ready, "notification", CUT)
    run = pim_bot(tmp_path, "db", "move", ready, PIM_DATABASE_URL=large)
    assert (run.returncode, run.stdout) == (1, "")
    assert [line.partition(" (")[0] for line in run.stderr.splitlines()] == ["Przenoszenie zostało przerwane"]


async def test_a_server_that_goes_away_is_told(source: str, ready: str, postgres: PostgresServer) -> None:
    with postgres.away():
        assert (await refusal(source, ready)).startswith("Docelowa baza: brak połączenia z postgresql://")
    assert is_empty(on_postgresql(ready))


async def test_the_limits_of_a_session_do_not_end_a_long_move(source: str, ready: str) -> None:
    meddle(ready, "city", HOLD)
    limited = f"{ready}?options=-c%20statement_timeout%3D1s%20-c%20timezone%3DAsia/Tokyo"
    with closed_gate(ready) as gate:
        task = asyncio.create_task(move(source, limited, within=WITHIN))
        await asyncio.to_thread(until, lambda: task.done() or waits_for(gate, seconds=2), seconds=60)
    await task
    assert on_postgresql(ready) == on_sqlite(source)


async def test_nobody_writes_to_the_new_database_meanwhile(source: str, ready: str) -> None:
    meddle(ready, "audit", HOLD)
    with closed_gate(ready) as gate:
        task = asyncio.create_task(move(source, ready, within=WITHIN))
        await asyncio.to_thread(until, lambda: task.done() or waiting(gate), seconds=60)
        for table in TABLES:
            with pytest.raises(psycopg.errors.LockNotAvailable):
                run_on(ready, f"SET lock_timeout = '1ms'; INSERT INTO {table.name} DEFAULT VALUES")
    await task
    assert on_postgresql(ready) == on_sqlite(source)


def waits_for(connection: psycopg.Connection[Any], *, seconds: int) -> bool:
    """Whether somebody has stood at the gate for so long."""
    found = connection.execute(
        "SELECT FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND NOT granted "
        "AND now() - query_start > %s",
        (timedelta(seconds=seconds),),
    )
    return bool(found.rowcount)


def change(source: str, *statements: str) -> None:
    """Run statements on the old database, which does not look at references."""
    with closing(sqlite3.connect(source.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


UNFIT = {
    "NUL": (
        "UPDATE activity SET title = 'a' || char(0) || 'b' WHERE id = 'Zebra2'",
        "activity.title (id=Zebra2): znak NUL (U+0000)",
    ),
    "not UTF-8": (
        "UPDATE city SET name = CAST(x'c5bceda080' AS TEXT) WHERE slug = 'aż3'",
        "city.name (edition=aż3, slug=aż3): bajty, które nie są tekstem UTF-8",
    ),
    "too long": (
        "UPDATE recipient SET address = replace(hex(zeroblob(321)), '00', 'ż') WHERE id = 'zwykły1'",
        "recipient.address (id=zwykły1): 321 znaków, a mieści się 320",
    ),
    "too large": (
        "UPDATE activity SET capacity = 2147483648 WHERE id = 'Zebra2'",
        "activity.capacity (id=Zebra2): to nie jest liczba w dozwolonym zakresie",
    ),
    "no number": (
        "UPDATE feed SET version = 'raz' WHERE edition = 'zwykły1'",
        "feed.version (edition=zwykły1, network=zwykły1): to nie jest liczba w dozwolonym zakresie",
    ),
    "no JSON": (
        "UPDATE notification SET facts = '{\"a\": NaN}' WHERE id = '00001'",
        "notification.facts (id=00001): to nie jest poprawny JSON",
    ),
}


def unfit(*lines: str) -> str:
    return "\n".join(
        [
            "PostgreSQL nie przyjmie tych wartości, więc nic nie zostało przeniesione:",
            *(f"  {line}" for line in lines),
            "Prosimy poprawić je w starej bazie (usunąć znak, skrócić tekst) i uruchomić polecenie jeszcze raz.",
        ]
    )


@pytest.mark.parametrize("what", UNFIT)
async def test_what_postgresql_does_not_take_is_told_with_its_place(source: str, ready: str, what: str) -> None:
    statement, line = UNFIT[what]
    change(source, statement)
    assert await refusal(source, ready) == unfit(line)
    assert is_empty(on_postgresql(ready))


async def test_everything_that_has_to_be_mended_is_told_at_once(source: str, ready: str) -> None:
    change(source, *(statement for statement, _ in UNFIT.values()))
    said = (await refusal(source, ready)).splitlines()
    assert sorted(said[1:-1]) == sorted(f"  {line}" for _, line in UNFIT.values())
    change(source, "UPDATE notification SET error = char(0)")
    said = (await refusal(source, ready)).splitlines()
    assert (len(said), said[-2]) == (23, f"  … i jeszcze {ROWS + len(UNFIT) - 20}")


async def test_a_reference_to_nothing_is_told(source: str, ready: str) -> None:
    change(source, "INSERT INTO feedback_mark (activity_id, member_id) VALUES ('Zebra2', 'nobody')")
    assert await refusal(source, ready) == (
        'Wierszy tabeli feedback_mark nie da się przenieść (insert or update on table "feedback_mark" violates '
        'foreign key constraint "fk_feedback_mark_member_id"), więc nic nie zostało przeniesione. '
        "Prosimy poprawić je w starej bazie i uruchomić polecenie jeszcze raz."
    )
    assert is_empty(on_postgresql(ready))


async def test_a_day_that_is_none_is_told(source: str, ready: str) -> None:
    change(source, "UPDATE milestone SET day = 'jutro' WHERE slug = 'Zebra2'")
    said = await refusal(source, ready)
    assert said.startswith("Wierszy tabeli milestone nie da się przenieść (")
    assert "jutro" in said
    assert is_empty(on_postgresql(ready))


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("0001", " nie ma najnowszej postaci. Prosimy najpierw użyć: pim-bot db upgrade"),
        ("9999", " jest nowsza niż ten program. Prosimy zaktualizować program."),
    ],
)
async def test_an_old_database_of_another_version_is_refused(source: str, target: str, version: str, said: str) -> None:
    change(source, f"UPDATE alembic_version SET version_num = '{version}'")  # noqa: S608
    assert await refusal(source, target) == f"Baza {source.removeprefix('sqlite:///')}{said}"
    assert on_postgresql(target) == {}


async def test_an_old_database_that_is_none_is_refused(target: str, tmp_path: Path) -> None:
    missing = tmp_path / "nigdzie" / "pim_bot.db"
    assert (await refusal(f"sqlite:///{missing}", target)).startswith(f"PIM_DATABASE_URL: nie ma pliku {missing}. ")
    assert not missing.exists()
    no_database = tmp_path / "list.txt"
    no_database.write_text("Szanowni Państwo, to nie jest baza. " * 100)
    said = await refusal(f"sqlite:///{no_database}", target)
    assert said.startswith(f"PIM_DATABASE_URL: nie da się otworzyć bazy {no_database}.")
    with pytest.raises(SettingsError, match="przenosi się z bazy SQLite"):
        await move(target, target, within=WITHIN)
    assert on_postgresql(target) == {}


@pytest.mark.parametrize(
    "address", ["sqlite:///inna.db", "mysql://pim_bot@serwer/pim_bot", "serwer", "", "postgresql://a:b@c:d@e:5432/f"]
)
async def test_a_target_that_is_not_postgresql_is_refused(source: str, address: str) -> None:
    assert await refusal(source, address) == (
        "Cel musi być adresem bazy PostgreSQL, na przykład postgresql://UŻYTKOWNIK:HASŁO@SERWER:5432/BAZA. "
        "Znaki @ : / ? # w haśle prosimy zapisać jako %40 %3A %2F %3F %23."
    )


async def test_a_target_that_is_not_there_or_not_ours_is_refused(
    source: str, ready: str, postgres: PostgresServer
) -> None:
    assert (await refusal(source, postgres.url("brak"))).startswith("Docelowa baza: nie ma takiej bazy (")
    run_on(ready, "UPDATE alembic_version SET version_num = '9999'")
    assert (await refusal(source, ready)).startswith("Docelowa baza: baza jest w wersji 9999, ")
    other = postgres.url(postgres.new_database())
    run_on(other, "CREATE TABLE activity (name text)")
    assert await refusal(source, other) == (
        "Docelowa baza nie jest pusta i nie jest kopią tej bazy; ma wiersze: activity 0. "
        "Nic w niej nie zmieniono. Prosimy podać pustą bazę, na przykład nową: createdb NAZWA"
    )


async def test_a_target_that_does_not_keep_every_letter_is_refused(source: str, postgres: PostgresServer) -> None:
    run_on(postgres.url(), "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN2' LOCALE 'C'")
    assert await refusal(source, postgres.url("latin")) == (
        "Docelowa baza ma kodowanie LATIN2, a potrzebne jest UTF8. "
        "Prosimy założyć inną: createdb --encoding UTF8 --template template0 NAZWA"
    )


async def register(url: str) -> str:
    """Let a process of the hub be alive on a database; tells its name."""
    storage = Storage(make_engine(url), names={}, machine=machine_clock, ring=print)
    one = this_process({"web", "clock"})
    async with storage.work() as work:
        await work.processes.register(one)
    await storage.close()
    return one.name


async def test_a_hub_that_is_alive_on_either_database_is_named(source: str, ready: str) -> None:
    name = await register(ready)
    assert (await refusal(source, ready)).startswith(f"Centrum działa na tej bazie (postgresql): {name} (clock, web, ")
    name = await register(source)
    said = await refusal(source, ready)
    assert said.startswith(f"Centrum działa na tej bazie (sqlite): {name} (clock, web, znak życia ")
    assert said.endswith("Prosimy je zatrzymać; po procesie, który zginął, wystarczy odczekać 15 s.")
    assert is_empty(on_postgresql(ready))
    for gone in (partial(change, source), partial(run_on, ready)):
        gone("UPDATE process SET beat_at = '2022-01-10 08:00:00.000000'")
    await move(source, ready, within=WITHIN)
    assert on_postgresql(ready) == on_sqlite(source)


async def test_an_old_database_that_is_being_written_is_refused(
    source: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_module, "BUSY_MILLISECONDS", 50)
    with closing(sqlite3.connect(source.removeprefix("sqlite:///"), isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert await refusal(source, target) == (
            f"Do bazy {source.removeprefix('sqlite:///')} pisze teraz inny proces. "
            "Prosimy zatrzymać centrum i uruchomić polecenie jeszcze raz."
        )
    assert on_postgresql(target) == {}


async def test_who_answered_first_is_not_carried_over(tmp_path: Path, ready: str) -> None:
    """The marks are written as people answer, and an open bag beside them: two orders that would tell who said what."""
    chance = random.Random(SEED)  # noqa: S311 - the seed makes a failing run replayable
    url = f"sqlite:///{tmp_path / 'pim_bot.db'}"
    await upgraded(url)
    people = [f"m{n:03}" for n in range(200)]
    answered = chance.sample(people, len(people))
    storage = Storage(make_engine(url), names={}, machine=StillClock(MONDAY_NINE), ring=print)
    change(
        url,
        "INSERT INTO edition (slug) VALUES ('e')",
        "INSERT INTO activity (id, edition, starts_at, ends_at, uid, changed_at) VALUES ('a', 'e', 0, 0, 'u', 0)",
        f"UPDATE activity SET starts_at = '{NINE}', ends_at = '{NINE}', changed_at = '{NINE}'",  # noqa: S608
        *(f"INSERT INTO member (id) VALUES ('{one}')" for one in people),  # noqa: S608
    )
    async with storage.work() as work:
        for score, one in enumerate(answered):
            opened = FeedbackRound(subject="activity:a", closes_at=MONDAY_NINE)
            await work.feedback.put(opened, one, FeedbackAnswer(scores=(score,)))
    await storage.close()
    change(
        url,
        *(
            f"INSERT INTO feedback_answer (activity_id, score, comment) VALUES ('a', 200, {comment})"  # noqa: S608
            for comment in ("NULL", "'null'", "'\"Dziękuję\"'")
        ),
    )
    await move(url, ready, within=WITHIN)
    with psycopg.connect(ready) as connection:
        marks = [one for (one,) in connection.execute("SELECT member_id FROM feedback_mark ORDER BY ctid")]
        lying = [one for (one,) in connection.execute("SELECT score FROM feedback_answer ORDER BY ctid")]
        numbered = [one for (one,) in connection.execute("SELECT score FROM feedback_answer ORDER BY id")]
    assert marks == people
    as_answered = [*range(200), 200, 200, 200]
    assert sorted(lying) == sorted(numbered) == as_answered
    assert as_answered not in (lying, numbered)


def test_the_command_tells_every_table_and_what_to_do_next(source: str, target: str, tmp_path: Path) -> None:
    run = pim_bot(tmp_path, "db", "move", target)
    keep = (
        f"Stara baza ({source}) jest nietknięta. Prosimy ją zachować, aż wszystko będzie pewne, "
        "ale nie uruchamiać już na niej centrum: powiedziałoby to samo drugi raz."
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines() == [
        *(f"{table.name}: wierszy {ROWS}, zgodne" for table in TABLES),
        "leadership, process: nie są przenoszone, bo mówią tylko, które procesy właśnie działają",
        f"Przeniesione: tabel {len(TABLES)}, wierszy {ROWS * len(TABLES)}, wszystkie zgodne.",
        f"Co dalej: prosimy ustawić PIM_DATABASE_URL={target} (z hasłem, jeśli jest) i uruchomić centrum.",
        keep,
    ]
    run_on(target, "DELETE FROM feedback_mark")
    refused = pim_bot(tmp_path, "db", "move", target)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Docelowa baza nie jest pusta i nie jest kopią tej bazy; ma wiersze: audit 24, ")


@pytest.mark.parametrize("form", ["postgres:{}@{}", "postgres@{1}?password={0}", "postgres@{1}?sslpassword={0}"])
async def test_a_password_is_never_told(source: str, ready: str, form: str) -> None:
    place = ready.partition("@")[2]
    moved = await move(source, f"postgresql://{form.format('tajne', place)}", within=WITHIN)
    assert "tajne" not in f"{moved}"
    run_on(ready, "DELETE FROM feedback_mark")
    assert "tajne" not in await refusal(source, f"postgresql://{form.format('tajne', place)}")
    assert "tajne" not in await refusal(source, f"postgresql://{form.format('tajne', 'localhost:1/brak')}")
    assert "tajne" not in await refusal(source, f"postgresql://{form.format('p@ss:tajne/', place)}")


@asynccontextmanager
async def hub_on(url: str, folder: Path, slack: LocalSlack, machine: StillClock) -> AsyncIterator[RunningHub]:
    """The hub of a chat, on this database."""
    settings = settings_for(folder, slack.api_url, database_url=url)
    async with put_together(settings, machine=machine) as parts:
        await parts.migrate()
        async with serving(parts) as port:
            slack.app_url = f"http://127.0.0.1:{port}/slack/events"
            yield RunningHub(parts=parts, slack=slack, machine=machine)


async def begun(hub: RunningHub) -> SignedRequest:
    """A workshop is scheduled, answered and moved; what follows of that is partly planned, and partly not even that.

    Tells the request that scheduled it.
    """
    async with hub.parts.storage.work() as work:
        await work.keep_offset(hub.parts.clock.set_to(MONDAY_NINE))
    await import_text(hub.parts, shipped("pim2-2021-2023.yaml"))
    await import_text(hub.parts, PEOPLE.encode())
    await hub.settle()
    await schedule(hub)
    scheduled = hub.slack.last_request
    await hub.user("zory").click(hub.user("zory").last(), "attend.going")
    await hub.wind(days=3)
    await hub.user("ekspert").click(hub.user("ekspert").last(), "attend.going")
    await hub.parts.bus.run_due()
    planner = hub.user("koordynatorka")
    await planner.click(planner.messages()[0], "activity.move")
    await planner.submit(planner.modal, {"Początek": "2022-02-03", "Koniec": "2022-02-03", "Zgłoszenia do": None})
    await planner.submit(planner.modal)  # what it changes was shown
    return scheduled


async def open_work(hub: RunningHub) -> set[str]:
    """What there is still to do, now or later."""
    states = {
        "reactions": ("due", await hub.rows(None, event_reaction.c.state)),
        "messages": ("planned", await hub.rows(None, notification.c.state)),
        "what falls due": ("planned", await hub.rows(None, due_item.c.state)),
    }
    return {name for name, (state, found) in states.items() if (state,) in found}


async def ended(hub: RunningHub) -> None:
    """What is due is done, one more answers, and time goes on past the feedback of the workshop and its end."""
    await hub.settle()
    await hub.user("opiekunka").click(hub.user("opiekunka").messages()[0], "attend.going")
    await hub.wind(days=23)
    for name in ("zory", "ekspert", "opiekunka"):
        asked = next(one for one in hub.user(name).messages() if "feedback.score" in str(one.blocks))
        await hub.user(name).click(asked, "feedback.score/4")
        await hub.user(name).submit(hub.user(name).modal)
    await hub.wind(days=30)


async def story(folder: Path, *, moved_to: str) -> dict[str, list[str]]:
    """What everybody reads in the end, when the hub is moved in the middle of it and when it is not."""
    machine = StillClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    url = f"sqlite:///{folder / 'pim_bot.db'}"
    async with LocalSlack(make_workspace(machine), signing_secret=SECRET) as slack:
        async with hub_on(url, folder, slack, machine) as hub:
            scheduled = await begun(hub)
            assert await open_work(hub) == {"reactions", "messages", "what falls due"}
        if moved_to:
            await move(url, moved_to, within=WITHIN)
        async with hub_on(moved_to or url, folder, slack, machine) as hub:
            assert hub.parts.storage.is_sqlite != bool(moved_to)
            await slack.deliver(scheduled)  # as Slack does when it has not heard the answer
            await ended(hub)
            told = {name: hub.texts(name) for name in USERS}
            return told | {"channel": [message.text for message in hub.channel()]}


async def test_a_hub_that_is_moved_goes_on_and_says_nothing_twice(tmp_path: Path, target: str) -> None:
    stayed = await story(tmp_path / "stayed", moved_to="")
    moved = await story(tmp_path / "moved", moved_to=target)
    assert moved == stayed
    assert sum(map(len, moved.values())) > 40
