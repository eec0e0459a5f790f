"""What all servers of the tests have in common: a folder, a port of the loopback, and processes that end with them."""

import pwd
import socket
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import SystemRandom
from signal import SIGCONT, SIGKILL, SIGSTOP, SIGTERM, Signals
from tempfile import mkdtemp
from typing import ClassVar, Self, TypedDict

from tests.services.processes import Guard, end, family, gone, living, send, until

HOST = "127.0.0.1"
# Everybody may enter it, unlike pytest's own folders: a server need not run as the user of the tests.
FOLDERS = "/tmp"  # noqa: S108
PATIENCE = 120.0
LAST_LINES = 30
_PORTS = set(range(20_000, 32_000))


class ServiceFailed(RuntimeError):
    """A server that does not do as it is told; says what its log said last."""


class Identity(TypedDict):
    """Who a process runs as; nothing means whoever runs the tests."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None


def running_as(account: pwd.struct_passwd | None) -> Identity:
    """The identity for ``subprocess``."""
    if account is None:
        return {"user": None, "group": None, "extra_groups": None}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def free_port() -> int:
    """A port of the loopback that nobody uses now, a new one each time.

    It lies below the ports that outgoing connections get, so nobody takes it while its server is stopped. Not even the
    program under test: a connection to a port without a server can otherwise meet itself.
    """
    for port in SystemRandom().sample(sorted(_PORTS), len(_PORTS)):
        _PORTS.remove(port)
        if _can_bind(port):
            return port
    raise ServiceFailed("No free port was found between 20000 and 32000.")


def _can_bind(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


class Service(ABC):
    """A real server: start it, stop it, kill it, freeze it, start it again on the same port; close it at the end."""

    title: ClassVar[str]
    stop_signal: ClassVar[Signals] = SIGTERM

    def __init__(self, *, folders: str = FOLDERS) -> None:
        self.port = free_port()
        self.name = ""
        self.account: pwd.struct_passwd | None = None
        self._processes: list[subprocess.Popen[bytes]] = []
        self._guard = Guard()
        self.folder = self._new_folder(folders)
        self.log = self.folder / "log"

    @abstractmethod
    def _launch(self) -> None:
        """Start the processes, the server itself last."""

    @abstractmethod
    def _asked_name(self) -> str:
        """Ask the server for its name and version; nothing when it does not answer yet, or when another one does."""

    @property
    def processes(self) -> list[int]:
        """Everything that runs for this server now."""
        return living([member for process in self._processes for member in family(process.pid)])

    def start(self) -> None:
        """Start the server, or start it again; returns when it answers."""
        assert not self.processes, f"{self.title} runs already"
        self.kill()  # buries a server that ended by itself
        try:
            self._launch()
            self._await(self._answers, "answer")
        except BaseException:
            self.kill()
            raise

    def _answers(self) -> bool:
        self.name = self._asked_name()
        return bool(self.name)

    def stop(self) -> None:
        """Ask the server to end; returns when all of it has ended."""
        self._stop(self.stop_signal)

    def _stop(self, number: Signals) -> None:
        if not self._processes:
            return
        self.thaw()
        server = self._processes[-1].pid
        members = family(server)
        send([server], number)
        stopped = gone(members, seconds=PATIENCE)
        self.kill()
        if not stopped:
            raise self._failed("did not stop")

    def kill(self) -> None:
        """End all of it at once, as a power cut would."""
        self.freeze()  # so that nobody is born on the way
        members = self.processes
        send(members, SIGKILL)
        gone(members, seconds=PATIENCE)
        for process in self._processes:
            process.wait()
            self._guard.forget(process.pid)
        self._processes.clear()

    def freeze(self) -> None:
        """Let the server stand still: its port takes connections, but nothing answers."""
        # The parent first, so that it has no children after they were counted.
        send([process.pid for process in self._processes], SIGSTOP)
        send(self.processes, SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen server go on."""
        send(self.processes, SIGCONT)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """A time in which the server stands still."""
        self.freeze()
        try:
            yield
        finally:
            self.thaw()

    @contextmanager
    def away(self, end_it: Callable[[], None] | None = None) -> Iterator[None]:
        """A time without the server: it is stopped, or ended as told, and started again."""
        (end_it or self.stop)()
        try:
            yield
        finally:
            if not self.processes:
                self.start()

    def close(self) -> None:
        """End the server for good and remove its folder."""
        for process in reversed(self._processes):
            end(process.pid, self.stop_signal)
            process.wait()
            self._guard.forget(process.pid)
        self._processes.clear()
        self._guard.close()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _new_folder(self, where: str = FOLDERS) -> Path:
        """Make a folder that is removed at the end."""
        folder = Path(mkdtemp(prefix=f"pim-bot-{self.title.lower()}-", dir=where))
        self._guard.remove(folder)
        return folder

    def _run(self, *command: str | Path, env: Mapping[str, str] | None = None) -> None:
        """Start a process of the server."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command,
                env=env,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is for the tests, which then end their servers in good order.
                start_new_session=True,
                **running_as(self.account),
            )
        self._processes.append(process)
        self._guard.watch(process.pid, self.stop_signal)

    def _await(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for something to be so while the newest process runs."""
        process = self._processes[-1]
        if not until(lambda: process.poll() is not None or condition(), seconds=PATIENCE):
            raise self._failed(f"does not {what}")
        if process.poll() is not None:
            raise self._failed(f"ended with code {process.returncode} before it could {what}")

    def _failed(self, what: str) -> ServiceFailed:
        lines = self.log.read_text("utf-8", "replace").splitlines() if self.log.exists() else []
        return ServiceFailed("\n".join([f"{self.title} {what}. Its log ends with:", *lines[-LAST_LINES:]]))
