"""What background work is handed."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

from pim_bot.notifications.delivery import Notification
from pim_bot.notifications.pace import Pace, Room
from pim_bot.notifications.ports import LedgerWork, Recipients
from pim_bot.process import Process, Sighting
from pim_bot.programme.importing import Forgotten
from pim_bot.programme.people_lists import PeopleLists


class Deliveries(Protocol):
    """What the worker does with notifications; see ``storage.deliveries.DeliveryRows``."""

    async def claimable(self, programme: datetime, limit: int, *, pace: Pace, room: Room) -> list[Notification]: ...

    async def floods(self, lines: Sequence[str], programme: datetime, *, most: int) -> list[str]: ...

    async def fold(self, line: str, programme: datetime, *, most: int) -> None: ...

    async def parts(self, bundle_id: str) -> list[Notification]: ...

    async def start(
        self, claimed: Sequence[tuple[Notification, dict[str, Any]]], *, token: str, lease: timedelta
    ) -> None: ...

    async def drop(self, claimed: Notification, why: str) -> None: ...

    async def set_aside(self, claimed: Notification, *, wait: timedelta | None) -> None: ...

    async def look_first(self, claimed: Notification, *, since: datetime) -> None: ...

    async def settle(
        self,
        notification_id: str,
        token: str,
        *,
        wait: timedelta | None = None,
        sweep_after: timedelta | None = None,
        **values: Any,
    ) -> bool:
        """Record an outcome under the token of its claim; tells False when the lease was lost."""

    async def abandon_late(self) -> int: ...

    async def doubtful(self, *, wait: timedelta, token: str, lease: timedelta, limit: int) -> list[Notification]: ...

    async def suspect(self, notification_id: str, *, after: timedelta) -> None: ...

    async def to_sweep(self, wait: timedelta, limit: int) -> list[Notification]: ...

    async def swept(self, sent: Notification, *, after: timedelta | None) -> None: ...

    async def is_reconciled(self, programme: datetime) -> bool: ...

    async def next_times(self) -> tuple[datetime | None, datetime | None]: ...


class ReachedRecipients(Recipients, Protocol):
    """Recipients as the worker knows them: by which way they were reached, or why not."""

    async def reached(self, recipient_id: str, *, address: str, conversation: str, team_id: str) -> None: ...

    async def unreachable(self, recipient_id: str, problem: str) -> None: ...


class Buckets(Protocol):
    """How fast the chat may be spoken to; see ``storage.buckets.BucketRows``."""

    async def room(self, pace: Pace) -> Room: ...

    async def spend(self, pace: Pace, *, lines: Mapping[str, int], changes: int) -> None: ...

    async def close(self, method: str, after: timedelta) -> None: ...


class Pauses(Protocol):
    """Why nothing is sent at present; see ``storage.buckets.PauseRows``."""

    async def standing(self) -> dict[str, dict[str, Any]]: ...

    async def begin(self, why: str, facts: Mapping[str, Any]) -> bool: ...

    async def lift(self, why: str) -> bool: ...


class Processes(Protocol):
    """Who is at work and who leads; see ``storage.processes.ProcessRows``."""

    async def are_kept(self) -> bool: ...

    async def register(self, one: Process) -> None: ...

    async def beat(self, process_id: str) -> bool: ...

    async def leave(self, process_id: str) -> None: ...

    async def seen(self, *, within: timedelta) -> list[Sighting]: ...

    async def lead(self, duty: str, one: Process, *, lease: timedelta) -> bool: ...


class Audit(Protocol):
    """What becomes of the audit's rows; see ``storage.audit.AuditRows``."""

    async def seal(self, *, at: datetime, limit: int) -> tuple[int, Any]:
        """Seal rows that are not sealed yet; tells how many were, and the end of the chain."""


class WorkerWork(LedgerWork, Protocol):
    """One transaction as background work sees it."""

    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def recipients(self) -> ReachedRecipients: ...
    @property
    def buckets(self) -> Buckets: ...
    @property
    def pauses(self) -> Pauses: ...
    @property
    def identities(self) -> Any: ...
    @property
    def marked(self) -> Any: ...
    @property
    def dropped_files(self) -> Any: ...
    @property
    def people_lists(self) -> PeopleLists: ...
    @property
    def forgotten(self) -> Forgotten: ...
    @property
    def requests(self) -> Any: ...
    @property
    def privacy(self) -> Any: ...
    @property
    def processes(self) -> Processes: ...
    @property
    def audit(self) -> Audit: ...

    def tentatively(self) -> AbstractAsyncContextManager[None]: ...

    async def keep_offset(self, offset: timedelta) -> None: ...

    async def offset(self) -> timedelta: ...


OpenWork = Callable[..., AbstractAsyncContextManager[Any]]
