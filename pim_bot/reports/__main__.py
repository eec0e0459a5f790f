"""Reads one file that somebody else made, in a process that may not take more than its share: ``clients.reading``.

The file comes in on the standard input and what it says goes out on the standard output, as JSON. Memory and time are
limited before the first byte is read.
"""

import sys
from typing import Any

import msgspec

from pim_bot.errors import Refused

MOST_MEMORY = 512 * 1024 * 1024
MOST_SECONDS = 10
MOST_SAID = 8 * 1024 * 1024


def bound() -> None:
    """Limit this process, where the system does it (setrlimit(2))."""
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 - not there on every system

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


def told(data: bytes) -> dict[str, Any]:
    """Tell what a list of people says, or why it is refused."""
    try:
        from pim_bot.reports.people import people_in  # noqa: PLC0415 - within the limits

        rows, problems = people_in(data)
    except Refused as why:
        return {"refused": _sentence(why)}
    unread = [{"number": one.number, **_sentence(one.why)} for one in problems]
    return {"rows": msgspec.to_builtins(rows), "unread": unread}


def _sentence(why: Refused) -> dict[str, Any]:
    return {"reason": why.reason, "facts": {name: str(value) for name, value in why.facts.items()}}


if __name__ == "__main__":
    bound()
    said = msgspec.json.encode(told(sys.stdin.buffer.read()))
    sys.exit("too much is said") if len(said) > MOST_SAID else sys.stdout.buffer.write(said)
