"""Processes as Linux shows them, and the guard: nothing that was started stays when the tests' process has gone.

The guard is this very file, run by itself, so it imports nothing but the standard library.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

PAUSE = 0.01
GRACE = 5.0
PROC = Path("/proc")


def until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Ask again and again until something is so; tells whether it was so within the time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(PAUSE)
    return True


def _state_and_parent(process: int) -> tuple[str, int]:
    """Read the state of a process and its parent; a process that is gone is dead and nobody's child."""
    try:
        # The name of the program is in brackets and may itself hold spaces and brackets.
        fields = (PROC / str(process) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return "X", 0
    return fields[0], int(fields[1])


def family(process: int) -> list[int]:
    """The process and everything that descends from it, parents first."""
    children = defaultdict(list)
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            children[_state_and_parent(int(entry.name))[1]].append(int(entry.name))
    found = [process]
    for member in found:
        found += children[member]
    return found


def living(processes: Iterable[int]) -> list[int]:
    """Those that still run; one that nobody has buried yet does not."""
    return [process for process in processes if _state_and_parent(process)[0] not in "ZX" or _threads(process) > 1]


def _threads(process: int) -> int:
    """Count the threads: the first may have ended while others still hold the port."""
    try:
        return len(list((PROC / str(process) / "task").iterdir()))
    except (FileNotFoundError, ProcessLookupError):
        return 0


def send(processes: Iterable[int], number: signal.Signals) -> None:
    """Send a signal to those that are still there."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)


def gone(processes: Iterable[int], *, seconds: float) -> bool:
    """Wait until none of them runs; tells whether that came about."""
    return until(lambda: not living(processes), seconds=seconds)


def end(process: int, politely: signal.Signals) -> None:
    """End a process with its family: first politely, then whatever is left by force."""
    members = family(process)
    send(members, signal.SIGCONT)
    send([process], politely)
    if not gone(members, seconds=GRACE):
        send(members, signal.SIGKILL)
        gone(members, seconds=GRACE)


class Guard:
    """A process that ends what it watches and removes folders as soon as this process has closed it or has died.

    It reads what to watch from a pipe. Whatever ends this process, be it SIGKILL, closes the pipe.
    """

    def __init__(self) -> None:
        command = [sys.executable, "-IS", __file__]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, cwd="/", start_new_session=True)

    def _tell(self, *words: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write((" ".join(map(str, words)) + "\n").encode())
        self._process.stdin.flush()

    def watch(self, process: int, politely: signal.Signals) -> None:
        self._tell("watch", process, int(politely))

    def forget(self, process: int) -> None:
        self._tell("forget", process)

    def remove(self, folder: Path) -> None:
        """Have a folder removed at the end."""
        self._tell("remove", folder)

    def close(self) -> None:
        """Let the guard do its work now; returns when it is done."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def _guard() -> None:
    watched: dict[int, signal.Signals] = {}
    folders: list[str] = []
    for line in sys.stdin:
        match line.rstrip("\n").split(" ", 2):
            case ["watch", process, politely]:
                watched[int(process)] = signal.Signals(int(politely))
            case ["forget", process]:
                watched.pop(int(process), None)
            case ["remove", folder]:
                folders.append(folder)
    for process, politely in reversed(watched.items()):
        end(process, politely)
    for path in folders:
        shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    _guard()
