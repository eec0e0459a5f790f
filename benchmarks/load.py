"""A small HTTP client over raw sockets: it costs so little that the server is what is measured."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from pim_bot.web.guard import sign
from tests.hub import SECRET


class Connection(asyncio.Protocol):
    """One kept-alive connection; one request at a time."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._answer: asyncio.Future[int] | None = None
        self._transport: asyncio.Transport | None = None
        self.body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        if not found:
            return
        length = 0
        for line in head.split(b"\r\n")[1:]:
            if line[:15].lower() == b"content-length:":
                length = int(line[15:])
        if len(rest) < length or self._answer is None:
            return
        self.body = rest
        self._buffer.clear()
        self._answer.set_result(int(head[9:12]))

    def ask(self, request: bytes) -> "asyncio.Future[int]":
        """Send the bytes of a request; the future is its status."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


async def connect(port: int) -> Connection:
    """Open a connection to a port of the loopback."""
    _, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return connection


def signed_request(path: str, body: bytes, content_type: str) -> bytes:
    """Write a request of the chat to the letter, signed now."""
    stamp = str(int(time.time()))
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: {sign(SECRET.encode(), stamp, body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass(kw_only=True)
class Tally:
    """What came back: seconds of each answer, and how many were no 200."""

    seconds: list[float] = field(default_factory=list)
    wrong: int = 0
    elapsed: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.elapsed


async def closed_loop(connections: Sequence[Connection], requests: Sequence[bytes]) -> Tally:
    """Let each connection take the next request as soon as it has its answer."""
    tally = Tally()
    left = iter(requests)

    async def go_on(connection: Connection) -> None:
        for request in left:
            started = time.perf_counter()
            status = await connection.ask(request)
            tally.seconds.append(time.perf_counter() - started)
            tally.wrong += status != 200

    started = time.perf_counter()
    await asyncio.gather(*(go_on(connection) for connection in connections))
    tally.elapsed = time.perf_counter() - started
    return tally


async def open_loop(connections: Sequence[Connection], requests: Sequence[bytes], *, per_second: float) -> Tally:
    """Send requests at fixed instants; each is timed from its instant, so waiting for a connection counts."""
    tally = Tally()
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for connection in connections:
        free.put_nowait(connection)
    began = time.perf_counter()

    async def one(number: int, request: bytes) -> None:
        meant = began + number / per_second
        await asyncio.sleep(max(0.0, meant - time.perf_counter()))
        connection = await free.get()
        try:
            status = await connection.ask(request)
        finally:
            free.put_nowait(connection)
        tally.seconds.append(time.perf_counter() - meant)
        tally.wrong += status != 200

    await asyncio.gather(*(one(number, request) for number, request in enumerate(requests)))
    tally.elapsed = time.perf_counter() - began
    return tally
