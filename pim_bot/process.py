"""Which process this is: on which machine, under which number, in which roles."""

import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import getnode, uuid4

_MACHINE_ID = Path("/etc/machine-id")
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, kw_only=True, slots=True)
class Process:
    """One running process of the hub, as its row tells it.

    ``machine`` survives a restart of the machine, ``boot`` is one and the same for all containers of a running kernel.
    """

    host: str
    machine: str
    boot: str
    pid: int
    roles: tuple[str, ...]
    id: str = field(default_factory=lambda: uuid4().hex)

    @property
    def name(self) -> str:
        """Name the process as an operator looks for it."""
        return f"{self.host}:{self.pid}"

    def shares_host_with(self, other: "Process") -> bool:
        """Tell whether both run on one machine, where SQLite's locks and shared memory hold for both."""
        return self.boot == other.boot or (self.machine, self.host) == (other.machine, other.host)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A process as it was seen last; ``live`` tells whether its heart was beating just now."""

    process: Process
    started_at: datetime
    beat_at: datetime
    live: bool


def this_process(roles: Iterable[str]) -> Process:
    """Tell who we are."""
    machine = _read(_MACHINE_ID) or f"{getnode():012x}"
    host = socket.gethostname()
    return Process(
        host=host[:100],
        machine=machine,
        boot=_read(_BOOT_ID) or f"{machine}/{host}",
        pid=os.getpid(),
        roles=tuple(sorted(roles)),
    )


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()[:100]
    except OSError:
        return ""
