"""The log of what the bot asked of the Web API, for tests that count at the far end."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pim_bot.playground.faults import Fault
from pim_bot.playground.model import Json


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call: what was asked, what was answered (None if the work was never done), which fault it met."""

    method: str
    arguments: Json
    at: datetime
    answer: Json | None
    fault: Fault | None = None


class CallLog:
    """All calls in their order; `calls["chat.postMessage"]` are those of one method."""

    def __init__(self, *, most: int | None = None) -> None:
        """Keep all calls, or the newest ``most`` ones (a demo that runs for days needs no more)."""
        self.all: deque[Call] = deque(maxlen=most)

    def __getitem__(self, method: str) -> list[Call]:
        return [call for call in self.all if call.method == method]

    def __iter__(self) -> Iterator[Call]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def clear(self) -> None:
        """Begin to count anew."""
        self.all.clear()
