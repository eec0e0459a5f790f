"""PostgreSQL, Redis or RabbitMQ goes away under a running hub, and comes back: people are told, or notice nothing.

The tests share one hub. What one of them stopped the next one starts again.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from signal import SIGKILL

import pika  # type: ignore[import-untyped]
import pytest
import pytest_asyncio
from redis import Redis

from pim_bot.clients.queue import QUEUE
from pim_bot.handlers.dispatch import AWAY, BUSY, SLOW
from pim_bot.playground.model import Json
from pim_bot.storage.engine import make_engine
from tests.endtoend.crowd import Crowd
from tests.endtoend.killing import report
from tests.endtoend.many import Town, readyz, town, until_ready
from tests.endtoend.running import END_SECONDS, found, until
from tests.services import PostgresServer, RabbitServer, RedisServer, Service
from tests.storage.dumps import Rows, dump

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOAK = bool(os.environ.get("PIM_SOAK"))
OUTAGE_SECONDS = 10.0 if SOAK else 3.0
PROMISED_SECONDS = 2.5
"""How soon a person is answered, whatever happens."""

POLL_SECONDS = 1.5
BELL_SECONDS = 0.75
"""What is heard so soon was rung for; polling alone takes longer as a rule."""

MARGIN_SECONDS = 5.0
"""How late a process may come to its turn where many of them share two cores."""

BETWEEN_ATTEMPTS = 0.2
ONE_OF_EACH = ("web.1", "worker.1", "clock.1")
PLANNER = "koordynatorka"
WRITERS = ("ekspert", "ministerstwo", "opiekunka", "zory", "zory2")


@dataclass(kw_only=True)
class Scene:
    """The hub, its people, and the broker that the hub runs with now."""

    town: Town
    crowd: Crowd
    writers: Iterator[str]

    async def up(self, broker_url: str) -> None:
        """Have one process of each type running with this broker, and nothing left to do."""
        processes = self.town.processes
        if processes.settings["PIM_BROKER_URL"] != broker_url:
            await processes.stop()
            processes.settings["PIM_BROKER_URL"] = broker_url
        await processes.up(*ONE_OF_EACH)
        await self.town.leader()
        await self.calm()
        self.town.line.asked.clear()
        self.crowd.refused.clear()

    async def calm(self) -> None:
        """Wait until everybody has heard of everything and nothing is left to do; count."""
        await self.crowd.judged(seconds=60)
        await self.town.ledger.settled(seconds=60)
        assert self.crowd.wrong() == {}

    async def answered_act(self) -> None:
        """See to it that the first activity was answered, so that its question has a button that opens a form."""
        first = next((act for act in self.crowd.acts if act.title == "Akt 0001"), None)
        while first is None or not first.answered:
            await self.crowd.work(1)
            first = next((act for act in self.crowd.acts if act.title == "Akt 0001"), None)
        await self.calm()

    async def one_is_heard(self) -> float:
        """Schedule something; tells how many seconds later everybody has heard of it."""
        assert await self.crowd.open_form(PLANNER)
        assert await self.crowd.submit(PLANNER)
        began = time.monotonic()
        await self.crowd.judged(seconds=60)
        return round(time.monotonic() - began, 2)

    async def die_while_sending(self) -> float:
        """Let the worker be killed while it handles the message that bids it deliver; tells when it died."""
        processes = self.town.processes
        await processes.running["worker.1"].stopped()
        worker = processes.start("worker.1", PIM_CRASH_AT="send.after", PIM_POLL_SECONDS="600")
        await processes.up("worker.1")
        assert await self.crowd.open_form(PLANNER)
        assert await self.crowd.submit(PLANNER)
        assert await worker.ended() == -SIGKILL
        return time.monotonic()

    async def bell_rings(self) -> bool:
        return await self.one_is_heard() < BELL_SECONDS

    @property
    def web(self) -> str:
        return self.town.processes.running["web.1"].address

    async def tables(self) -> dict[str, Rows]:
        """Everything that the hub knows."""
        engine = make_engine(self.town.ledger.url)
        try:
            return await dump(engine)
        finally:
            await engine.dispose()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(postgres: PostgresServer, redis: RedisServer) -> AsyncIterator[Scene]:
    async with town(postgres, redis.url) as it:
        it.processes.settings |= {
            "PIM_POLL_SECONDS": str(POLL_SECONDS),
            # There is one worker: nobody takes its messages from it too early.
            "PIM_LEASE_SECONDS": "1",
            "PIM_DOUBT_SECONDS": "0.5",
        }
        it.line.answer_within = 30  # nobody is cut off, so that the slowest answer is measured
        yield Scene(town=it, crowd=Crowd(slack=it.slack), writers=cycle(WRITERS))


# PostgreSQL

Ending = Callable[[PostgresServer], None]
STOPPED: Ending = PostgresServer.stop
CRASHED: Ending = lambda server: server.stop("immediate")  # noqa: E731
FROZEN: Ending = PostgresServer.freeze
ENDINGS = [pytest.param(STOPPED, id="stopped"), pytest.param(CRASHED, id="crashed"), pytest.param(FROZEN, id="frozen")]


@asynccontextmanager
async def away(server: Service, end_it: Callable[[], None]) -> AsyncIterator[None]:
    """A time without a server; afterwards it runs again, on the same port."""
    try:
        await asyncio.to_thread(end_it)
        yield
    finally:
        if server.processes:
            server.thaw()
        else:
            await asyncio.to_thread(server.start)


@dataclass(kw_only=True)
class Attempts:
    """What people and the chat try while the database is away: a command, a click, a form, an event."""

    scene: Scene
    writer: str
    event: Json
    sentences: int = 0
    events: int = 0

    @classmethod
    async def prepared(cls, scene: Scene) -> "Attempts":
        """Open the form that will be sent; think of an event."""
        assert await scene.crowd.open_form(PLANNER)
        writer = next(scene.writers)
        user, slack = f"U{writer.upper()}", scene.town.slack
        said = {"user": user, "text": "Dzień dobry", "ts": slack.workspace.next_ts(), "team": slack.workspace.team_id}
        said |= {"type": "message", "channel_type": "im", "channel": slack.as_user(user).dm}
        return cls(scene=scene, writer=writer, event=slack.switchboard.payloads.event(said))

    async def until(self, end: float) -> None:
        """Try all of them, again and again; each is told that nothing can be done now."""
        while time.monotonic() < end:
            await asyncio.gather(self._command(), self._click(), self._submit(), self._happen())
            status, _ = await readyz(self.scene.web)
            assert status == 503
            await asyncio.sleep(BETWEEN_ATTEMPTS)

    async def _command(self) -> None:
        outcome = await self.scene.crowd.chronicle.person("zory").command("/pim", "terminy")
        assert outcome.ok
        self._count(outcome.text)

    async def _click(self) -> None:
        chronicle = self.scene.crowd.chronicle
        person, message = chronicle.person("lublin"), chronicle.message("Akt 0001", "invitation", "lublin")
        assert message is not None
        await person.close(all_of_them=True)
        outcome = await person.click(message, "attend.open")
        assert outcome.ok
        await until(lambda: person.modal is not None, seconds=MARGIN_SECONDS, what="a screen with a sentence")
        self._count(str(person.modal and person.modal.blocks))

    async def _submit(self) -> None:
        assert not await self.scene.crowd.submit(PLANNER)
        self._count(self.scene.crowd.refused[-1])

    async def _happen(self) -> None:
        assert await self.send_event() == 500
        self.events += 1

    async def send_event(self) -> int | None:
        """Deliver the same event once more."""
        answer = await self.scene.town.slack.switchboard.send("events_api", self.event, attempt=1)
        return answer.status

    def hints(self) -> int:
        """How often the event had its effect: the writer is told once which commands there are."""
        messages = self.scene.crowd.chronicle.person(self.writer).messages()
        return sum("/pim pomoc" in message.text for message in messages)

    def _count(self, said: str) -> None:
        assert is_sentence(said)
        self.sentences += 1


def is_sentence(said: str) -> bool:
    """Whether this is what people are to be told while the database is away."""
    return any(sentence in said for sentence in (AWAY, BUSY, SLOW))


@pytest.mark.parametrize("ending", ENDINGS)
async def test_without_postgresql_people_are_told_and_nothing_is_half_written(
    ending: Ending, scene: Scene, postgres: PostgresServer, redis: RedisServer, request: pytest.FixtureRequest
) -> None:
    await scene.up(redis.url)
    await scene.answered_act()
    attempts = await Attempts.prepared(scene)
    before, starts = await scene.tables(), scene.town.processes.starts.copy()
    scene.town.line.asked.clear()
    async with away(postgres, lambda: ending(postgres)):
        await attempts.until(time.monotonic() + OUTAGE_SECONDS)
    slowest = scene.town.line.slowest
    began = time.monotonic()
    await until_ready(scene.web)
    ready_after = round(time.monotonic() - began, 2)
    assert await scene.tables() == before
    assert [await attempts.send_event() for _ in range(2)] == [200, 200]
    assert await scene.crowd.submit(PLANNER)
    await scene.calm()
    assert attempts.hints() == 1
    assert scene.town.processes.starts == starts
    report(
        f"PostgreSQL {request.node.callspec.id}",
        seconds=OUTAGE_SECONDS,
        sentences=attempts.sentences,
        events_refused=attempts.events,
        slowest_answer=slowest,
        ready_again_after=ready_after,
    )
    assert slowest < PROMISED_SECONDS


async def test_acts_go_on_after_each_outage_of_postgresql(
    scene: Scene, postgres: PostgresServer, redis: RedisServer
) -> None:
    await scene.up(redis.url)
    starts = scene.town.processes.starts.copy()
    over = asyncio.Event()
    acting = asyncio.create_task(scene.crowd.work_until(over.is_set))
    for ending in (STOPPED, CRASHED, FROZEN):
        acknowledged = scene.crowd.acknowledged
        await until(lambda: scene.crowd.acknowledged > acknowledged + 4, seconds=60, what="acts go on")  # noqa: B023
        async with away(postgres, lambda: ending(postgres)):  # noqa: B023
            await asyncio.sleep(OUTAGE_SECONDS if ending is FROZEN else OUTAGE_SECONDS / 3)
    acknowledged = scene.crowd.acknowledged
    await until(lambda: scene.crowd.acknowledged > acknowledged + 4, seconds=60, what="acts go on")
    over.set()
    await acting
    await scene.calm()
    assert scene.town.processes.starts == starts
    report(
        "PostgreSQL away while people act",
        acts=scene.crowd.acknowledged,
        told_to_try_again=len(scene.crowd.refused),
        slowest_answer=scene.town.line.slowest,
    )
    assert [said for said in scene.crowd.refused if not is_sentence(said)] == []
    assert scene.town.line.slowest < PROMISED_SECONDS


# Redis and RabbitMQ


@pytest.mark.parametrize("ending", ["kill", "wipe", *(["stop", "freeze"] if SOAK else [])])
async def test_without_redis_the_hub_delivers_by_polling_and_bells_ring_again_afterwards(
    ending: str, scene: Scene, redis: RedisServer
) -> None:
    await scene.up(redis.url)
    await deliver_without(scene, redis, ending)


async def test_the_message_of_a_killed_worker_comes_back_from_redis(scene: Scene, redis: RedisServer) -> None:
    await scene.up(redis.url)
    died = await scene.die_while_sending()
    with Redis.from_url(redis.url, decode_responses=True) as client:
        (held,) = client.keys(f"dramatiq:__acks__.*.{QUEUE}")
        if not SOAK:
            client.zadd("dramatiq:__heartbeats__", {held.split(".")[1]: 0})  # as if it had been dead for long
        await scene.town.processes.up("worker.1")
        await until(lambda: not client.exists(held), seconds=60, what="the message comes back")
    report("Redis, worker killed", aged=not SOAK, message_back_after=round(time.monotonic() - died, 2))
    await scene.calm()


@pytest.mark.parametrize("ending", ["kill", *(["stop", "freeze"] if SOAK else [])])
async def test_processes_end_in_time_while_redis_is_away(ending: str, scene: Scene, redis: RedisServer) -> None:
    await scene.up(redis.url)
    await end_without(scene, redis, ending)


@pytest.mark.parametrize("ending", ["kill", *(["stop", "freeze"] if SOAK else [])])
async def test_without_rabbitmq_the_hub_delivers_by_polling_and_bells_ring_again_afterwards(
    ending: str, scene: Scene, rabbitmq: RabbitServer
) -> None:
    await scene.up(rabbitmq.url)
    await deliver_without(scene, rabbitmq, ending)


async def test_the_message_of_a_killed_worker_comes_back_from_rabbitmq(scene: Scene, rabbitmq: RabbitServer) -> None:
    await scene.up(rabbitmq.url)
    died = await scene.die_while_sending()
    with pika.BlockingConnection(pika.URLParameters(rabbitmq.url)) as connection:
        channel = connection.channel()

        def waits() -> bool:
            return bool(channel.queue_declare(QUEUE, passive=True).method.message_count)

        await until(waits, seconds=60, what="the message comes back")
    report("RabbitMQ, worker killed", message_back_after=round(time.monotonic() - died, 2))
    await scene.town.processes.up("worker.1")
    await scene.calm()


@pytest.mark.parametrize("ending", ["kill", *(["stop", "freeze"] if SOAK else [])])
async def test_processes_end_in_time_while_rabbitmq_is_away(ending: str, scene: Scene, rabbitmq: RabbitServer) -> None:
    await scene.up(rabbitmq.url)
    await end_without(scene, rabbitmq, ending)


async def deliver_without(scene: Scene, broker: Service, ending: str) -> None:
    """Take the broker away: nobody notices, and when it is back its bells ring again."""
    async with away(broker, getattr(broker, ending)):
        polled = [await scene.one_is_heard() for _ in range(5 if SOAK else 2)]
    slowest, began = scene.town.line.slowest, time.monotonic()
    await found(scene.bell_rings, seconds=60, what="a bell rings")
    rings_after = round(time.monotonic() - began, 2)
    await scene.calm()
    report(f"{broker.title} {ending}", heard_after=polled, bells_ring_after=rings_after, slowest_answer=slowest)
    assert scene.crowd.refused == []
    assert slowest < PROMISED_SECONDS
    assert max(polled) < 2 * POLL_SECONDS + MARGIN_SECONDS  # one period for the reactions, one for what they planned


async def end_without(scene: Scene, broker: Service, ending: str) -> None:
    """Take the broker away, and end every process as an operator would."""
    async with away(broker, getattr(broker, ending)):
        await scene.crowd.work(4)
        ends = await scene.town.processes.stop()
    report(f"SIGTERM, {broker.title} {ending}", seconds={one: round(end[1], 2) for one, end in ends.items()})
    assert {one: code for one, (code, _) in ends.items()} == dict.fromkeys(ONE_OF_EACH, 0)
    assert [seconds for _, seconds in ends.values() if seconds > END_SECONDS] == []
