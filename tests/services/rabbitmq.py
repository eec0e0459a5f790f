"""A RabbitMQ of the tests' own; it is the one server that no Python package brings."""

import os
import shutil
import socket
from pathlib import Path

import pika  # type: ignore[import-untyped]
from pika.exceptions import AMQPError  # type: ignore[import-untyped]

from tests.services.service import HOST, Service, ServiceFailed, free_port

# Not the one in PATH: that is a wrapper that wants to be root or the user rabbitmq.
BINARY = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
INSTALL = "apt-get install -y --no-install-recommends rabbitmq-server"
MISSING = "RabbitMQ is not installed"


def installed() -> bool:
    return BINARY.exists()


class RabbitServer(Service):
    """A RabbitMQ that keeps its data across a restart and shares nothing with another one on the machine."""

    title = "RabbitMQ"

    def __init__(self) -> None:
        if not installed():
            raise ServiceFailed(f"{MISSING}: {INSTALL}")
        super().__init__()
        self._node = f"pim-bot-{self.port}"
        self._names_port = free_port()
        self._nodes_port = free_port()
        config = self.folder / "rabbitmq.conf"
        config.write_text(f"listeners.tcp.1 = {HOST}:{self.port}\n")
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "ERL_EPMD_PORT": str(self._names_port),
            "ERL_EPMD_ADDRESS": HOST,
            "RABBITMQ_NODENAME": f"{self._node}@localhost",
            "RABBITMQ_DIST_PORT": str(self._nodes_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_CONFIG_FILE": str(config),
            # Neither settings nor plugins of the machine's own RabbitMQ.
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "no-settings"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.folder / "no-settings.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "no-plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder),
            "RABBITMQ_LOGS": "-",
        }

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@{HOST}:{self.port}/"

    def delete_queues(self, *names: str) -> None:
        """Forget these queues and what is in them."""
        with pika.BlockingConnection(pika.URLParameters(self.url)) as connection:
            for name in names:
                connection.channel().queue_delete(name)

    def _launch(self) -> None:
        # Without one on its port the server would leave a daemon of its own behind.
        epmd = shutil.which("epmd", path=self._environment["PATH"])
        if epmd is None:
            raise ServiceFailed("RabbitMQ needs Erlang's epmd, which is not in PATH.")
        self._run(epmd, env=self._environment)
        self._await(lambda: _listens(self._names_port), "name its nodes")
        self._run(BINARY, env=self._environment)

    def _asked_name(self) -> str:
        if not _listens(self.port):
            return ""
        try:
            with pika.BlockingConnection(pika.URLParameters(self.url)) as connection:
                said = connection._impl.server_properties  # it has no public name
        except AMQPError:
            return ""
        # RabbitMQ puts the machine's full name after the @.
        if not said["cluster_name"].startswith(f"{self._node}@"):
            return ""  # somebody else's server
        return f"{self.title} {said['version']}"


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
