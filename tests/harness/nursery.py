"""Gives birth to hubs: the program is imported once, and each hub is a fork of that, so that it starts in a moment.

Run as ``python -m tests.harness.nursery``. It reads one JSON object a line:
``{"start": {environment}, "program": [arguments], "log": path}`` is answered with the number of the new process,
``{"wait": seconds}`` with its exit code, or null while it lives. A hub is ``pim-bot run`` as from the command line;
only the time that Python takes to read its modules is saved.
"""

import importlib
import json
import os
import signal
import sys
import time
import traceback

import pim_bot.bootstrap
import pim_bot.cli
import pim_bot.faults
from pim_bot.storage import engine, migrations
from tests.harness import naive

PAUSE = 0.002
PRELOADED = (pim_bot.bootstrap, engine, migrations)


def be_born(environment: dict[str, str], program: list[str], log: str) -> int:
    """Fork; the child becomes a program with this environment that logs into that file."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(file, 1)
        os.dup2(file, 2)
        os.environ.update(environment)
        importlib.reload(pim_bot.faults)  # reads the environment again, for whoever imported its function before
        run(program)
        code = 0
    except BaseException:  # noqa: BLE001 - whatever ends the child, it must not go on as a second nursery
        traceback.print_exc()
    finally:
        os._exit(code)


def run(program: list[str]) -> None:
    """Be the hub, or the naive bot."""
    if program[0] == "naive":
        naive.main(program[1:])
    else:
        sys.argv = program
        pim_bot.cli.app(standalone_mode=False)


def death_of(child: int, *, within: float) -> int | None:
    """Wait for the end of a process; tells its exit code, or None when it lives on."""
    end = time.monotonic() + within
    while True:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= end:
            return None
        time.sleep(PAUSE)


def main() -> None:
    child = 0
    for line in sys.stdin:
        match json.loads(line):
            case {"start": environment, "program": program, "log": log}:
                child = be_born(environment, program, log)
                answer: int | None = child
            case {"wait": seconds}:
                answer = death_of(child, within=seconds)
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
