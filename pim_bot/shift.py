"""The working time of a process: what was begun in it is finished, nothing is begun after it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta


class Shift:
    """Whether this process still takes on work, and what it is doing."""

    def __init__(self) -> None:
        self.is_over = False
        self._doing: set[asyncio.Future[object]] = set()

    async def do(self, job: Callable[[], Awaitable[object]]) -> None:
        """Do a job, if the shift is not over; whoever waits for it may be cancelled without harm to it."""
        if self.is_over:
            return
        doing: asyncio.Future[object] = asyncio.ensure_future(job())
        self._doing.add(doing)
        doing.add_done_callback(self._doing.discard)
        await asyncio.shield(doing)

    async def end(self, within: timedelta) -> None:
        """Let what is being done come to its end, and cut off what takes longer."""
        self.is_over = True
        if not self._doing:
            return
        _, late = await asyncio.wait(set(self._doing), timeout=within.total_seconds())
        for one in late:
            one.cancel()
        await asyncio.sleep(0)
