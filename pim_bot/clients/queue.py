"""dramatiq, the doorbell: a message says only „look at the ledger”, so losing one costs a polling period at most.

Actors run on the hub's own event loop. With no broker address the worker lives inside the process.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import dramatiq
import structlog
from dramatiq.asyncio import EventLoopThread, set_event_loop_thread
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import AgeLimit, Middleware, ShutdownNotifications, TimeLimit
from dramatiq.worker import Worker

from pim_bot.errors import SettingsError

log = structlog.get_logger(__name__)

QUEUE = "pim"
STOP_MILLISECONDS = 10_000

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
    """Make the broker for ``PIM_BROKER_URL``; empty means inside this process."""
    middleware = [AgeLimit(), TimeLimit(interval=200), ShutdownNotifications(), HostLoop(loop)]
    scheme = url.split(":", 1)[0]
    if not url:
        return StubBroker(middleware=middleware)
    raise SettingsError(
        f"PIM_BROKER_URL: „{scheme}” nie jest jeszcze obsługiwane. Prosimy usunąć tę zmienną: kolejka działa wtedy "
        "w procesie. / This broker is not supported yet; remove the variable to run the queue inside the process."
    )


class Queue:
    """Rings bells and answers them: each name is a job; a bell that rings while it waits is one bell."""

    def __init__(self, url: str, jobs: Jobs) -> None:
        self._loop = asyncio.get_running_loop()
        self.broker = make_broker(url, self._loop)
        self._waiting: set[str] = set()
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="doorbell")
        self._worker: Worker | None = None
        self._actors = {name: self._actor(name, job) for name, job in jobs.items()}

    def _actor(self, name: str, job: Callable[[], Awaitable[object]]) -> dramatiq.Actor[[], None]:
        async def answer() -> None:
            self._waiting.discard(name)
            try:
                await job()
            except Exception:
                log.exception("job.failed", job=name)  # the ledger knows what is still to be done

        declare = dramatiq.actor(broker=self.broker, actor_name=name, queue_name=QUEUE)
        return declare(answer)

    def ring(self, name: str) -> None:
        """Ask for a job to be run soon; never blocks the loop."""
        if name in self._waiting or name not in self._actors:
            return
        self._waiting.add(name)
        if isinstance(self.broker, StubBroker):
            self._actors[name].send()
        else:
            self._sender.submit(self._actors[name].send)

    async def start(self) -> None:
        """Start answering bells in this process."""
        self._worker = Worker(self.broker, worker_threads=4, worker_timeout=20)
        await asyncio.to_thread(self._worker.start)
        self.broker.emit_after("process_boot")

    async def stop(self) -> None:
        """Finish what is being done, ten seconds at most, and close the broker."""
        if self._worker is not None:
            await asyncio.to_thread(self._worker.stop, STOP_MILLISECONDS)
            self._worker = None
        self._sender.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self.broker.close)
