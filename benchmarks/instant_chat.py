"""A chat that answers at once and keeps nothing, in a process of its own: what is measured beside it is the hub.

``python -m benchmarks.instant_chat PORT``. ``GET /count`` tells how many messages were posted; ``GET /handed`` is
answered at the next post with the instant at which it came in (``time.perf_counter``, one clock for all processes).
"""

import asyncio
import json
import signal
import sys
import time
from collections.abc import Callable
from typing import Any


class Counter:
    """How many messages came in, and who waits for the next."""

    def __init__(self) -> None:
        self.posted = 0
        self.waiting: list[Callable[[float], None]] = []

    def post(self, at: float) -> str:
        self.posted += 1
        waiting, self.waiting = self.waiting, []
        for hear in waiting:
            hear(at)
        return f"{self.posted}.000001"


class Door(asyncio.Protocol):
    """One connection; requests come one after the other."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        at = time.perf_counter()
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        length = _content_length(head)
        if found and len(rest) >= length:
            self._buffer = rest[length:]
            self._answer(head.split(b" ", 2)[1].decode(), at)

    def _answer(self, path: str, at: float) -> None:
        match path.removeprefix("/api/"):
            case "/readyz":
                self._write({"ok": True})
            case "/count":
                self._write({"posted": self._counter.posted})
            case "/handed":
                self._counter.waiting.append(lambda heard: self._write({"at": heard}))
            case "chat.postMessage":
                self._write({"ok": True, "channel": "D001", "ts": self._counter.post(at)})
            case _:
                self._write({"ok": True, "channel": {"id": "D001"}})

    def _write(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        if self._transport is not None:
            self._transport.write(head.encode() + body)


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    return 0


async def serve(port: int) -> None:
    """Serve until SIGTERM."""
    counter, loop = Counter(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Door(counter), "127.0.0.1", port)
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
