"""The servers of the tests are real: they answer, come back on the same port, stand still, and leave nothing behind."""

import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pika  # type: ignore[import-untyped]
import psycopg
import pytest
from redis import Redis

from tests.services import (
    PostgresServer,
    RabbitServer,
    RedisServer,
    Service,
    ServiceFailed,
    fresh_database,
    template_database,
)
from tests.services.postgres import package_folders
from tests.services.processes import gone, living, until
from tests.services.service import HOST

RABBITMQ = pytest.mark.rabbitmq
KINDS = [PostgresServer, RedisServer, pytest.param(RabbitServer, marks=RABBITMQ)]
# What a client says first, and how the answer begins.
GREETINGS = {
    "PostgreSQL": (struct.pack("!ii", 8, 80877103), b"N"),
    "Redis": (b"PING\r\n", b"+PONG"),
    "RabbitMQ": (b"AMQP\x00\x00\x09\x01", b"\x01"),
}
# Another process with a server of its own: says what runs and where, then stays until it is ended. It looks up now and
# then, because a signal that comes just before a long read is not noticed until the read ends.
HOLDER = """
import select, signal, sys, tests.services
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are born without it
with getattr(tests.services, sys.argv[1])() as server:
    print(server.folder, *server.processes, flush=True)
    while not select.select([sys.stdin], [], [], 0.1)[0]:
        pass
"""


@pytest.fixture(name="server", params=["postgres", "redis", pytest.param("rabbitmq", marks=RABBITMQ)])
def _server(request: pytest.FixtureRequest) -> Service:
    server: Service = request.getfixturevalue(request.param)
    return server


def greeted(server: Service) -> socket.socket:
    """A connection on which the first word was said."""
    connection = socket.create_connection((HOST, server.port))
    connection.sendall(GREETINGS[server.title][0])
    return connection


def answered(connection: socket.socket, server: Service) -> bool:
    return connection.recv(64).startswith(GREETINGS[server.title][1])


def rows(url: str, statement: Any) -> list[tuple[Any, ...]]:
    """Run a statement of SQL in a connection of its own."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


# RabbitMQ, which is slow to start, comes back in the test of what it keeps.
@pytest.mark.parametrize("server", ["postgres", "redis"], indirect=True)
def test_a_server_comes_back_on_its_port_however_it_ended(server: Service) -> None:
    for end_it in (server.stop, server.kill):
        before = server.processes
        with server.away(end_it):
            assert living(before) == []
            with pytest.raises(ConnectionRefusedError):
                greeted(server)
        with closing(greeted(server)) as connection:
            assert answered(connection, server)


def test_a_frozen_server_takes_connections_and_answers_after_the_thaw(server: Service) -> None:
    with server.frozen():
        connection = greeted(server)
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.recv(64)
    with closing(connection):
        connection.settimeout(None)
        assert answered(connection, server)


@pytest.mark.parametrize("server", ["postgres", "redis"], indirect=True)
def test_a_frozen_server_can_be_stopped(server: Service) -> None:
    before = server.processes
    server.freeze()
    with server.away():
        assert living(before) == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left_after_the_end(kind: type[Service]) -> None:
    with kind() as server:
        processes = server.processes
        assert processes
        assert server.folder.exists()
    assert living(processes) == []
    assert not server.folder.exists()


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (PostgresServer, signal.SIGINT),
        (PostgresServer, signal.SIGKILL),
        (RedisServer, signal.SIGTERM),
        (RedisServer, signal.SIGKILL),
        pytest.param(RabbitServer, signal.SIGKILL, marks=RABBITMQ),
    ],
)
def test_nothing_is_left_when_the_tests_themselves_are_ended(kind: type[Service], number: signal.Signals) -> None:
    with holder(kind) as process:
        assert process.stdout is not None
        folder, *processes = process.stdout.readline().split()
        started = list(map(int, processes))
        assert living(started)
        process.send_signal(number)
        process.wait()
        assert gone(started, seconds=60)
        assert until(lambda: not Path(folder).exists(), seconds=60)


def holder(kind: type[Service]) -> subprocess.Popen[str]:
    """Start another process that holds a server."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, kind.__name__],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def test_postgresql_keeps_its_data_however_it_ended(postgres: PostgresServer) -> None:
    url = postgres.url(postgres.new_database())
    rows(url, "CREATE TABLE kept (ending text)")
    for name, end_it in (
        ("fast", postgres.stop),
        ("immediate", lambda: postgres.stop("immediate")),
        ("smart", lambda: postgres.stop("smart")),
        ("killed", postgres.kill),
    ):
        rows(url, f"INSERT INTO kept VALUES ('{name}')")  # noqa: S608
        with postgres.away(end_it):
            pass
    assert rows(url, "SELECT ending FROM kept") == [("fast",), ("immediate",), ("smart",), ("killed",)]


def test_rabbitmq_keeps_what_is_durable_however_it_ended(rabbitmq: RabbitServer) -> None:
    # Declared once, before the orderly stop: a queue that is younger than a power cut is none that RabbitMQ promises.
    with pika.BlockingConnection(pika.URLParameters(rabbitmq.url)) as connection:
        connection.channel().queue_declare("kept", durable=True)
    for end_it in (rabbitmq.stop, rabbitmq.kill):
        with pika.BlockingConnection(pika.URLParameters(rabbitmq.url)) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            channel.basic_publish("", "kept", b"a message", pika.BasicProperties(delivery_mode=2))
        with rabbitmq.away(end_it):
            pass
        with pika.BlockingConnection(pika.URLParameters(rabbitmq.url)) as connection:
            assert connection.channel().basic_get("kept", auto_ack=True)[2] == b"a message"
    rabbitmq.delete_queues("kept")


def test_redis_is_wiped(redis: RedisServer) -> None:
    with Redis.from_url(redis.url) as client:
        client.set("key", "value")
        redis.wipe()
        assert client.get("key") is None


async def test_a_template_is_filled_once_and_each_test_gets_a_clone(postgres: PostgresServer) -> None:
    filled = []

    async def fill(url: str) -> None:
        filled.append(url)
        rows(url, "CREATE TABLE thing (name text)")

    for _ in range(2):
        template = await template_database(postgres, "full", fill)
        async with fresh_database(postgres, template) as url:
            rows(url, "INSERT INTO thing VALUES ('mine')")
            assert rows(url, "SELECT name FROM thing") == [("mine",)]
            assert rows(url, "SHOW synchronous_commit") == [("on",)]
            assert rows(url, "SELECT 'ą' < 'b', upper('ż')") == [(False, "Ż")]
    assert len(filled) == 1


async def test_a_database_is_dropped_under_a_forgotten_connection(postgres: PostgresServer) -> None:
    async with fresh_database(postgres) as url:
        forgotten = psycopg.connect(url)
    with closing(forgotten), pytest.raises(psycopg.OperationalError):
        forgotten.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


async def test_a_template_that_could_not_be_filled_is_made_anew(postgres: PostgresServer) -> None:
    async def fail(url: str) -> None:
        rows(url, "CREATE TABLE thing (name text)")
        raise ZeroDivisionError

    async def fill(url: str) -> None:
        rows(url, "CREATE TABLE thing (name text)")

    with pytest.raises(ZeroDivisionError):
        await template_database(postgres, "full_at_last", fail)
    await template_database(postgres, "full_at_last", fill)


@pytest.mark.parametrize("binaries", package_folders(), ids=lambda folder: folder.parent.name)
def test_postgresql_of_the_package_runs(binaries: Path) -> None:
    with PostgresServer(binaries=binaries) as server:
        assert rows(server.url(), "SELECT 1") == [(1,)]


def test_postgresql_runs_from_a_folder_that_is_closed_to_its_user(tmp_path: Path) -> None:
    installed = package_folders()[0].parent
    package = installed.parent
    tmp_path.chmod(0o700)
    shutil.copytree(installed, tmp_path / package.name / installed.name, symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), tmp_path / f"{package.name}.libs", symlinks=True)
    binaries = tmp_path / package.name / installed.name / "bin"
    with PostgresServer(binaries=binaries) as server:
        assert rows(server.url(), "SELECT 1") == [(1,)]
        assert (server.binaries == binaries) == (os.getuid() != 0)


def test_a_start_that_fails_says_what_the_log_said() -> None:
    server = PostgresServer(settings={"work_mem": "plenty"})
    with pytest.raises(ServiceFailed, match='invalid value for parameter "work_mem": "plenty"'), server:
        pass
    assert not server.folder.exists()


def test_the_answer_of_another_server_on_the_port_is_not_taken_for_its_own(redis: RedisServer) -> None:
    second = RedisServer()
    second.port = redis.port
    with pytest.raises(ServiceFailed, match="Address already in use"), second:
        pass
