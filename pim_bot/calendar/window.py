"""Which activities stand in a feed: the past year, everything ahead, and cancellations for a month after their day.

Leaving the window says nothing about an activity; a cancelled one stays long enough for every client to have seen it.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, TypeVar

CANCELLED_STAYS = timedelta(days=30)


class Dated(Protocol):
    """Anything with a last day that may be cancelled: a ``FeedItem``, or a row of storage."""

    @property
    def last_day(self) -> date:
        """The last day of the activity."""

    @property
    def cancelled(self) -> bool:
        """Whether it will not take place."""


_Item = TypeVar("_Item", bound=Dated)


def window_start(now: datetime) -> date:
    """Give the first day a feed shows: the first of this month a year ago.

    It moves once a month, so that a feed in which nothing changed stays the same bytes from day to day.
    """
    today = now.astimezone(UTC).date()
    return today.replace(year=today.year - 1, day=1)


def stands(item: Dated, now: datetime) -> bool:
    """Tell whether an item stands in feeds now."""
    if item.cancelled:
        return now.astimezone(UTC).date() <= item.last_day + CANCELLED_STAYS
    return item.last_day >= window_start(now)


def in_window(items: Iterable[_Item], now: datetime) -> list[_Item]:
    """Keep the items that stand in feeds now, in their order."""
    return [item for item in items if stands(item, now)]


def moved_at(items: Iterable[Dated], now: datetime) -> datetime:
    """Give the last instant at which the window itself may have changed a feed of these items (those gone included).

    Last-Modified is the later of this and the feed's own last change: clients that ask by date only would otherwise
    keep what has left the window.
    """
    today = now.astimezone(UTC).date()
    ends = (item.last_day + CANCELLED_STAYS + timedelta(days=1) for item in items if item.cancelled)
    last = max((end for end in ends if end <= today), default=today.replace(day=1))
    return datetime.combine(max(last, today.replace(day=1)), time(), UTC)
