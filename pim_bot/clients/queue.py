"""dramatiq, the doorbell: a message says only „look at the ledger”, so losing one costs a polling period at most.

Actors run on the hub's own event loop. With no broker address the worker lives inside the process.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from queue import SimpleQueue
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import dramatiq
import structlog
from dramatiq.asyncio import EventLoopThread, set_event_loop_thread
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import AgeLimit, Middleware, ShutdownNotifications, TimeLimit
from dramatiq.worker import Worker

from pim_bot.clock import Clock, machine_clock
from pim_bot.errors import SettingsError

log = structlog.get_logger(__name__)

QUEUE = "pim"
STOP_SECONDS = 2.5
JOIN_MILLISECONDS = 1_000
SILENT = logging.CRITICAL + 1
LOOK = "?"
"""Stands among the bells for a look whether the broker is there."""

FROZEN = timedelta(seconds=5)
"""A broker that takes so long to answer a look counts as away."""

HEARTBEAT_MILLISECONDS = 10_000
"""After so long without a sign of life a worker's messages go back into the queue (Redis)."""
MAINTENANCE_CHANCE = 100_000
"""Of a million: how often a call also looks for dead workers (Redis)."""

EXAMPLES = (
    "Prosimy podać na przykład redis://serwer:6379/0 albo amqp://pim_bot@serwer/, "
    "albo usunąć tę zmienną: kolejka działa wtedy w procesie."
)

Jobs = Mapping[str, Callable[[], Awaitable[object]]]


class HostLoop(Middleware):
    """Runs async actors on the loop that the hub runs on; dramatiq's own would be a second one."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def before_worker_boot(self, broker: dramatiq.Broker, worker: Worker) -> None:
        thread = EventLoopThread.__new__(EventLoopThread)  # never started: only its run_coroutine() is wanted
        thread.loop, thread.interrupt_check_ival, thread.logger = self._loop, 0.1, log
        set_event_loop_thread(thread)

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: Worker) -> None:
        set_event_loop_thread(None)


def make_broker(url: str, loop: asyncio.AbstractEventLoop) -> dramatiq.Broker:
    """Make the broker for ``PIM_BROKER_URL``; empty means inside this process. Nothing is asked of it yet.

    Raises ``SettingsError`` for an address that cannot be used.
    """
    middleware: list[Middleware] = [AgeLimit(), TimeLimit(interval=200), ShutdownNotifications(), HostLoop(loop)]
    if not url:
        return StubBroker(middleware=middleware)
    try:
        parts = urlsplit(url)
        scheme, _ = parts.scheme, parts.port  # a port that is none raises
        match scheme:
            case "redis" | "rediss":
                from dramatiq.brokers.redis import RedisBroker  # noqa: PLC0415 - an extra

                return RedisBroker(  # type: ignore[no-untyped-call]
                    url=url,
                    middleware=middleware,
                    heartbeat_timeout=HEARTBEAT_MILLISECONDS,
                    maintenance_chance=MAINTENANCE_CHANCE,
                )
            case "amqp" | "amqps":
                from dramatiq.brokers.rabbitmq import RabbitmqBroker  # noqa: PLC0415 - an extra

                return RabbitmqBroker(url=url, middleware=middleware, confirm_delivery=True)
    except ImportError as error:
        extra = "redis" if scheme.startswith("redis") else "rabbitmq"
        raise SettingsError(
            f"PIM_BROKER_URL: brakuje sterownika. Prosimy go zainstalować: make engines "
            f"albo pip install 'pim-bot[{extra}]'"
        ) from error
    except ValueError:  # says what it took for the port, and that may be the password
        raise SettingsError(f"PIM_BROKER_URL: tego adresu nie da się odczytać. {EXAMPLES}") from None
    said = f"„{scheme}” nie jest obsługiwane" if scheme else "to nie jest adres kolejki"
    raise SettingsError(f"PIM_BROKER_URL: {said}. {EXAMPLES}")


class Queue:
    """Rings bells and answers them: each name is a job; a bell that rings while it waits is one bell.

    A job tells its own troubles; the ledger knows what is still to be done.
    """

    def __init__(self, url: str, jobs: Jobs, *, machine_clock: Clock = machine_clock) -> None:
        self._loop = asyncio.get_running_loop()
        self.broker = make_broker(url, self._loop)
        self._is_remote = not isinstance(self.broker, StubBroker)
        self._waiting: set[str] = set()
        self._machine_clock = machine_clock
        self._away_since: datetime | None = None
        self._looks_since: datetime | None = None
        # A broker's connection belongs to one thread (RabbitMQ), and it may block while the broker is away: then
        # it must not keep the process from ending either.
        self._rung: SimpleQueue[str] = SimpleQueue()
        if self._is_remote:
            Thread(target=self._send_rung, name="doorbell", daemon=True).start()
        self._worker: Worker | None = None
        self._actors = {name: self._actor(name, job) for name, job in jobs.items()}
        for name in ("dramatiq", "pika"):
            logging.getLogger(name).setLevel(SILENT)  # what matters of a broker's troubles is told below

    def _actor(self, name: str, job: Callable[[], Awaitable[object]]) -> dramatiq.Actor[[], None]:
        async def answer() -> None:
            self._waiting.discard(name)
            await job()

        declare = dramatiq.actor(broker=self.broker, actor_name=name, queue_name=QUEUE)
        return declare(answer)

    def ring(self, name: str) -> None:
        """Ask for a job to be run soon; never blocks the loop, and never fails."""
        if name in self._waiting or name not in self._actors:
            return
        self._waiting.add(name)
        if self._is_remote:
            self._rung.put(name)
        else:
            self._actors[name].send()

    def _send_rung(self) -> None:
        while name := self._rung.get():
            self._send(name)

    def _send(self, name: str) -> None:
        """Send a ring to the broker, in the sender's thread; what rings meanwhile is asked for again."""
        self._waiting.discard(name)
        try:
            self._actors[name].send() if name != LOOK else self._look()
        except Exception as error:  # noqa: BLE001 - whatever the broker's driver raises, polling finds the work
            if self._away_since is None:
                log.warning("broker.away", error=type(error).__name__)
                self._away_since = self._machine_clock()
        else:
            if self._away_since is not None:
                log.info("broker.back")
            self._away_since = None
        finally:
            if name == LOOK:
                self._looks_since = None

    def look(self) -> None:
        """Look soon whether the broker is there, also when nothing is rung."""
        if self._is_remote and self._looks_since is None:
            self._looks_since = self._machine_clock()
            self._rung.put(LOOK)

    @property
    def away_since(self) -> datetime | None:
        """Since when the broker is away, in machine time; None while it is there."""
        since = self._looks_since
        is_frozen = since is not None and self._machine_clock() - since > FROZEN
        return self._away_since or (since if is_frozen else None)

    def _look(self) -> None:
        """Ask the broker for anything, in the sender's thread; raises what its driver raises."""
        broker: Any = self.broker
        if hasattr(broker, "client"):  # Redis
            broker.client.ping()
            return
        try:
            broker.channel.basic_qos(prefetch_count=0)  # changes nothing, and is answered
        except Exception:
            del broker.connection  # the next look opens a new one
            raise

    async def start(self) -> None:
        """Start answering bells in this process."""
        self._worker = Worker(self.broker, worker_threads=4, worker_timeout=20)
        await asyncio.to_thread(self._worker.start)
        self.broker.emit_after("process_boot")

    async def stop(self) -> None:
        """Answer no more bells and close the broker; one that is away does not keep the process.

        The jobs themselves run on the hub's loop and are brought to their end there.
        """
        self._rung.put("")
        stopped = asyncio.Event()
        Thread(target=self._stop, args=(stopped,), name="closing time", daemon=True).start()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), STOP_SECONDS)

    def _stop(self, stopped: asyncio.Event) -> None:
        try:
            if self._worker is not None:
                self._worker.stop(JOIN_MILLISECONDS)
            self.broker.close()
        except Exception as error:  # noqa: BLE001 - whatever its driver raises, the broker is away
            log.info("broker.closed-badly", error=type(error).__name__)
        with contextlib.suppress(RuntimeError):  # the loop may have ended meanwhile
            self._loop.call_soon_threadsafe(stopped.set)
