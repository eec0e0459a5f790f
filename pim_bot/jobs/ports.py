"""What background work is handed."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

from pim_bot.notifications.delivery import Notification
from pim_bot.notifications.ports import LedgerWork
from pim_bot.process import Process, Sighting


class Deliveries(Protocol):
    """What the worker does with notifications; see ``storage.outbox.DeliveryRows``."""

    async def claimable(self, programme: datetime, limit: int) -> list[Notification]: ...

    async def start(
        self, claimed: Sequence[tuple[Notification, dict[str, Any]]], *, token: str, lease: timedelta
    ) -> None: ...

    async def drop(self, claimed: Notification, why: str) -> None: ...

    async def settle(self, notification_id: str, token: str, *, wait: timedelta | None = None, **values: Any) -> bool:
        """Record an outcome under the token of its claim; tells False when the lease was lost."""

    async def abandon_late(self) -> int: ...

    async def doubtful(self, *, wait: timedelta, token: str, lease: timedelta, limit: int) -> list[Notification]: ...

    async def next_times(self) -> tuple[datetime | None, datetime | None]: ...


class Processes(Protocol):
    """Who is at work and who leads; see ``storage.processes.ProcessRows``."""

    async def are_kept(self) -> bool: ...

    async def register(self, one: Process) -> None: ...

    async def beat(self, process_id: str) -> bool: ...

    async def leave(self, process_id: str) -> None: ...

    async def seen(self, *, within: timedelta) -> list[Sighting]: ...

    async def lead(self, duty: str, one: Process, *, lease: timedelta) -> bool: ...


class WorkerWork(LedgerWork, Protocol):
    """One transaction as background work sees it."""

    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def identities(self) -> Any: ...
    @property
    def requests(self) -> Any: ...
    @property
    def processes(self) -> Processes: ...

    async def keep_offset(self, offset: timedelta) -> None: ...

    async def offset(self) -> timedelta: ...


OpenWork = Callable[..., AbstractAsyncContextManager[Any]]
