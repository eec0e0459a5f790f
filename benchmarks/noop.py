"""What dramatiq itself gives on a broker, at its defaults, with an actor that does nothing; in a process of its own.

``python -m benchmarks.noop drain URL MESSAGES`` tells messages a second, ``… hand URL TIMES`` milliseconds from sending
to being called with nothing else to do.
"""

import random
import sys
import time
from statistics import median
from threading import Event
from urllib.parse import urlsplit

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.worker import Worker

MOST_SECONDS = 60
SETTLE = 0.5
IDLE = (0.5, 1.5)


def broker_of(url: str) -> dramatiq.Broker:
    """Make a broker at dramatiq's defaults; no address means one inside the process."""
    match urlsplit(url).scheme:
        case "redis":
            return RedisBroker(url=url)  # type: ignore[no-untyped-call]
        case "amqp":
            return RabbitmqBroker(url=url)
        case _:
            return StubBroker()


def drain(url: str, messages: int) -> float:
    """Let one worker do nothing so many times; tells messages a second."""
    broker, done = broker_of(url), Event()
    left = iter(range(messages - 1, -1, -1))

    def nothing() -> None:
        if next(left) == 0:
            done.set()

    actor = dramatiq.actor(broker=broker, queue_name="bench")(nothing)
    broker.flush_all()
    for _ in range(messages):
        actor.send()
    worker = Worker(broker)
    started = time.perf_counter()
    worker.start()
    assert done.wait(MOST_SECONDS), "the queue was not drained"
    elapsed = time.perf_counter() - started
    worker.stop()
    broker.close()
    return messages / elapsed


def hand(url: str, times: int) -> float:
    """Send one message to an idle worker, so many times; tells the median in milliseconds."""
    broker, called, at = broker_of(url), Event(), 0.0

    def stamp() -> None:
        nonlocal at
        at = time.perf_counter()
        called.set()

    actor = dramatiq.actor(broker=broker, queue_name="bench")(stamp)
    broker.flush_all()
    worker = Worker(broker)
    worker.start()
    time.sleep(SETTLE)
    waited = []
    for _ in range(times):
        called.clear()
        time.sleep(random.uniform(*IDLE))  # noqa: S311 - so that it does not march in step with anybody's polling
        started = time.perf_counter()
        actor.send()
        assert called.wait(MOST_SECONDS), "the message was not heard of"
        waited.append((at - started) * 1000)
    worker.stop()
    broker.close()
    return median(waited)


if __name__ == "__main__":
    _, what, address, number = sys.argv
    print(drain(address, int(number)) if what == "drain" else hand(address, int(number)))
