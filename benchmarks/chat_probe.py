"""Asking the chat that answers at once how many messages came in, and when the next one did."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from benchmarks.load import Connection, connect
from benchmarks.processes import free_port, program


@dataclass(kw_only=True)
class ChatProbe:
    """A running chat that answers at once."""

    port: int
    connection: Connection

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    async def posted(self) -> int:
        """Tell how many messages have come in so far."""
        return int(await self._ask("/count", "posted"))

    async def handed(self) -> float:
        """Wait for the next message; tells the instant at which it came in."""
        return await self._ask("/handed", "at")

    async def _ask(self, path: str, name: str) -> float:
        await self.connection.ask(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        return float(json.loads(self.connection.body)[name])


@asynccontextmanager
async def chat_probe() -> AsyncIterator[ChatProbe]:
    """Run the chat in a process of its own."""
    port = free_port()
    async with program("benchmarks.instant_chat", str(port), port=port):
        connection = await connect(port)
        try:
            yield ChatProbe(port=port, connection=connection)
        finally:
            connection.close()
