"""Waiting no longer than was promised, even for something that takes its time to be cancelled."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, TypeVar

from pim_bot.errors import TooSlow

Result = TypeVar("Result")

_ending: set[asyncio.Future[Any]] = set()


async def within(patience: timedelta, work: Awaitable[Result]) -> Result:
    """Do the work and return its result. Raises ``TooSlow`` when that takes longer; then it is cancelled.

    The cancelled work is left to end by itself: a connection to a server that has frozen takes ten seconds to close.
    """
    task: asyncio.Future[Result] = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=patience.total_seconds())
    except asyncio.CancelledError:
        task.cancel()
        raise
    if done:
        return task.result()
    task.cancel()
    _ending.add(task)
    task.add_done_callback(_ended)
    raise TooSlow(f"it took longer than {patience.total_seconds()} s")


def _ended(task: asyncio.Future[Any]) -> None:
    _ending.discard(task)
    if not task.cancelled():
        task.exception()  # whatever it was, the person was told already
