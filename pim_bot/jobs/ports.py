"""What background work is handed."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

from pim_bot.notifications.delivery import Notification
from pim_bot.notifications.ports import NotificationWork


class Deliveries(Protocol):
    """What the worker does with notifications; see ``storage.outbox.DeliveryRows``."""

    async def claimable(self, programme: datetime, machine: datetime, limit: int) -> list[Notification]: ...

    async def start(
        self, claimed: Notification, rendering: dict[str, Any] | None, *, token: str, at: datetime, lease: timedelta
    ) -> None: ...

    async def drop(self, claimed: Notification, why: str) -> None: ...

    async def settle(self, notification_id: str, token: str, **values: Any) -> bool: ...

    async def abandon_late(self, machine: datetime) -> int: ...

    async def doubtful(
        self, machine: datetime, *, wait: timedelta, token: str, lease: timedelta, limit: int
    ) -> list[Notification]: ...

    async def next_times(self) -> tuple[datetime | None, datetime | None]: ...


class WorkerWork(NotificationWork, Protocol):
    """One transaction as background work sees it."""

    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def identities(self) -> Any: ...
    @property
    def requests(self) -> Any: ...

    async def keep_offset(self, offset: timedelta) -> None: ...


OpenWork = Callable[..., AbstractAsyncContextManager[Any]]
