"""Pace: how much may be said at once and in the long run, into one conversation and to the chat as a whole. Pure rules.

Slack takes about one message a second into a conversation and several hundred a minute from one app, and asks whoever
is faster to leave the method alone for a while (Slack: „Rate limits”). A bucket is told by one instant, the time at
which its allowance will be whole again (the generic cell rate algorithm), so that all workers can share it in one row.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

POST = "chat.postMessage"
CHANGE = "chat.update"
OPEN = "conversations.open"
UNLIMITED = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowance:
    """``per_minute`` in the long run and ``burst`` at once; nothing is limited when ``per_minute`` is 0."""

    per_minute: float
    burst: int

    @property
    def interval(self) -> timedelta:
        """Tell how long one use takes to grow again."""
        return timedelta(minutes=1) / self.per_minute if self.per_minute else timedelta()

    @property
    def slack(self) -> timedelta:
        """Tell how far ahead of the present ``free_at`` may lie for one more use to be allowed."""
        return self.interval * (self.burst - 1)

    def left(self, ahead: timedelta) -> int:
        """Tell how many uses are allowed when the allowance will be whole after so much time."""
        if not self.per_minute:
            return UNLIMITED
        return max(0, math.floor(self.burst - max(ahead, timedelta()) / self.interval))

    def after(self, free_at: datetime | None, now: datetime, uses: int) -> datetime:
        """Tell when the allowance will be whole again after so many uses now."""
        return max(free_at or now, now) + self.interval * uses


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """The allowances: of one conversation, of posts and of changes in the whole workspace."""

    conversation: Allowance = Allowance(per_minute=60, burst=2)
    posts: Allowance = Allowance(per_minute=240, burst=20)
    changes: Allowance = Allowance(per_minute=50, burst=20)


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """How many posts and changes the chat takes now, and whether new conversations can be opened.

    ``pauses`` tells why nothing may be sent as usual: why (``delivery.PAUSES``) → facts.
    """

    posts: int = UNLIMITED
    changes: int = UNLIMITED
    may_open: bool = True
    pauses: Mapping[str, Any] = field(default_factory=dict)


NO_LIMIT = Pace(
    conversation=Allowance(per_minute=0, burst=1),
    posts=Allowance(per_minute=0, burst=1),
    changes=Allowance(per_minute=0, burst=1),
)
WIDE = Room()


def conversation_bucket(order_key: str) -> str:
    """Name the bucket of a line of messages."""
    return f"line/{order_key}"
