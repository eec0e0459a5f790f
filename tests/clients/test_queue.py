"""The doorbell on real brokers: a ring is a job done on the hub's own loop, and a broker that is away harms nobody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from pim_bot.clients.queue import Queue
from pim_bot.errors import SettingsError
from tests.endtoend.running import until
from tests.hub import StillClock
from tests.services import RabbitServer, RedisServer, Service, free_port

MEMORY, REDIS, RABBITMQ = "memory", "redis", "rabbitmq"


class Work:
    """A job that notes on which loop it was done."""

    def __init__(self) -> None:
        self.done: list[asyncio.AbstractEventLoop] = []
        self.came = asyncio.Event()

    async def __call__(self) -> None:
        self.done.append(asyncio.get_running_loop())
        self.came.set()

    async def wait(self) -> None:
        """Wait for the job to be done (again)."""
        await asyncio.wait_for(self.came.wait(), 60)
        self.came.clear()


@pytest.fixture(params=[MEMORY, REDIS, pytest.param(RABBITMQ, marks=pytest.mark.rabbitmq)])
def address(request: pytest.FixtureRequest) -> str:
    if request.param == MEMORY:
        return ""
    server: RedisServer | RabbitServer = request.getfixturevalue(request.param)
    return server.url


@asynccontextmanager
async def answering(address: str, work: Work) -> AsyncIterator[Queue]:
    queue = Queue(address, {"relay": work})
    await queue.start()
    try:
        yield queue
    finally:
        await queue.stop()


async def test_a_ring_is_a_job_done_on_the_hubs_own_loop(address: str) -> None:
    work = Work()
    async with answering(address, work) as queue:
        for _ in range(3):
            queue.ring("relay")
            await work.wait()
    assert set(work.done) == {asyncio.get_running_loop()}


async def test_a_bell_that_nobody_answers_here_is_not_rung(address: str) -> None:
    work = Work()
    async with answering(address, work) as queue:
        queue.ring("unknown")
        queue.ring("relay")
        await work.wait()
    assert len(work.done) == 1


async def test_who_rings_and_who_answers_may_be_two_processes(address: str) -> None:
    if not address:
        return  # inside one process there is nobody else
    work = Work()
    ringing = Queue(address, {"relay": Work()})
    async with answering(address, work):
        ringing.ring("relay")
        await work.wait()
    await ringing.stop()
    assert len(work.done) == 1


@pytest.mark.parametrize("name", [REDIS, pytest.param(RABBITMQ, marks=pytest.mark.rabbitmq)])
async def test_bells_work_again_when_the_broker_is_back(name: str, request: pytest.FixtureRequest) -> None:
    server: Service = request.getfixturevalue(name)
    address: str = server.url  # type: ignore[attr-defined]
    work = Work()
    async with answering(address, work) as queue:
        queue.ring("relay")
        await work.wait()
        await asyncio.to_thread(server.stop)
        queue.ring("relay")  # nobody hears it, and nobody is harmed
        await asyncio.to_thread(server.start)
        while not work.came.is_set():
            queue.ring("relay")
            await asyncio.sleep(0.05)
    assert len(work.done) >= 2


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
async def test_a_broker_that_was_never_there_keeps_nobody(scheme: str) -> None:
    queue = Queue(f"{scheme}://127.0.0.1:{free_port()}/", {"relay": Work()})
    await queue.start()
    queue.ring("relay")
    await asyncio.wait_for(queue.stop(), 10)


@pytest.mark.parametrize("address", ["kafka://serwer", "redis://serwer:szesc", "serwer:6379"])
async def test_an_address_that_is_none_is_refused_with_an_example(address: str) -> None:
    with pytest.raises(SettingsError, match=r"PIM_BROKER_URL: .*redis://serwer:6379/0"):
        Queue(address, {})


@pytest.mark.parametrize("name", [REDIS, pytest.param(RABBITMQ, marks=pytest.mark.rabbitmq)])
async def test_a_broker_that_is_away_or_frozen_is_seen_without_a_ring_and_also_when_it_is_back(
    name: str, request: pytest.FixtureRequest
) -> None:
    server: Service = request.getfixturevalue(name)
    address: str = server.url  # type: ignore[attr-defined]
    machine = StillClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    queue = Queue(address, {}, machine_clock=machine)

    async def seen(*, away: bool) -> None:
        async with asyncio.timeout(60):
            while (queue.away_since is not None) is not away:
                queue.look()
                await asyncio.sleep(0.05)

    async def looked() -> None:
        """A look that was answered."""
        queue.look()
        await until(lambda: queue._looks_since is None, seconds=60, what="the broker has answered")

    try:
        await looked()
        assert queue.away_since is None
        began = machine()
        await asyncio.to_thread(server.stop)
        await seen(away=True)
        machine.advance(seconds=30)
        assert queue.away_since == began
        await asyncio.to_thread(server.start)
        await seen(away=False)
        server.freeze()
        queue.look()
        await asyncio.sleep(0.3)  # whoever would have answered has done so
        assert queue.away_since is None
        machine.advance(seconds=6)  # it took the question and does not answer
        assert queue.away_since == machine() - timedelta(seconds=6)
        server.thaw()
        await looked()
        assert queue.away_since is None
    finally:
        server.thaw()
        await queue.stop()
