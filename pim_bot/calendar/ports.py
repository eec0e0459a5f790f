"""What calendars need from storage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pim_bot.calendar.item import FeedItem
from pim_bot.programme.edition import Network
from pim_bot.programme.ports import ProgrammeWork


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkFeed:
    """A network's feed as it stands: its version, when it changed last, and what is in it."""

    edition: str
    network: Network
    version: int
    changed_at: datetime


class Feeds(Protocol):
    """Items and versions of feeds."""

    async def put_item(self, activity_id: str, item: FeedItem, *, revision: int) -> None:
        """Keep the item of an activity in place of its older one."""

    async def touch(self, edition: str, networks: Sequence[str], *, at: datetime) -> None:
        """Raise the version of these networks' feeds; ``changed_at`` never goes back."""

    async def of_network(self, slug: str) -> NetworkFeed | None:
        """Tell the feed of a network; of two editions with one slug, the later edition's."""

    async def items(self, edition: str, network: str) -> list[FeedItem]: ...


class CalendarWork(ProgrammeWork, Protocol):
    """One transaction as calendars see it."""

    @property
    def feeds(self) -> Feeds: ...
