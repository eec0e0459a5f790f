"""The brokers that bells can go through, and what has to run for each."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from benchmarks.measure import say
from tests.services import RabbitServer, RedisServer
from tests.services.rabbitmq import INSTALL, MISSING, installed


@dataclass(frozen=True, kw_only=True)
class Broker:
    """A way for bells from one process to another; no address means that the database carries them."""

    title: str
    url: str

    @property
    def is_redis(self) -> bool:
        return self.url.startswith("redis")


@contextmanager
def brokers() -> Iterator[list[Broker]]:
    """Start every broker that there is; one that is missing is told of, not left out in silence."""
    with ExitStack() as running:
        redis = running.enter_context(RedisServer())
        found = [Broker(title=redis.name, url=redis.url)]
        if installed():
            rabbit = running.enter_context(RabbitServer())
            found.append(Broker(title=rabbit.name, url=rabbit.url))
        else:
            say(f"{MISSING}, so nothing is measured on it. To measure: {INSTALL}")
        yield found
