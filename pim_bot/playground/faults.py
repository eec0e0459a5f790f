"""Faults of Slack's side: chosen one by one, or drawn from a seeded source, so that every failure can be replayed."""

import asyncio
import math
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

EVERY_METHOD = "*"


@dataclass(frozen=True, kw_only=True)
class Drop:
    """The connection breaks without an answer, before or after Slack has done the work."""

    after_accept: bool = False


@dataclass(frozen=True, kw_only=True)
class ServerError:
    """An HTTP error page instead of an answer, before or after Slack has done the work."""

    after_accept: bool = False
    status: int = 500


@dataclass(frozen=True, kw_only=True)
class Late:
    """Slack does the work late: after `seconds`, or once `gate` is set. With `drop` the caller is cut off at once."""

    seconds: float = 0.0
    gate: asyncio.Event | None = None
    drop: bool = False


@dataclass(frozen=True, kw_only=True)
class TooMany:
    """429 with Retry-After; until then the method stays closed for the whole workspace, as it does in Slack."""

    retry_after: int = 1


@dataclass(frozen=True)
class Refuse:
    """Any refusal by its error string: `is_archived`, `missing_scope`, `fatal_error`, or whatever Slack may say."""

    error: str


@dataclass(frozen=True, kw_only=True)
class PartialHistory:
    """History that holds only its newest `keep` messages; `admitted` says so by `is_limited` and `has_more`."""

    keep: int = 0
    admitted: bool = True


Fault = Drop | ServerError | Late | TooMany | Refuse | PartialHistory


@dataclass
class _Bucket:
    """The allowance of one method and channel: it fills with time up to its burst."""

    left: float
    at: datetime


class Faults:
    """The plan of faults, asked once by every call of the Web API. `*` stands for every method."""

    def __init__(self, machine_clock: Callable[[], datetime]) -> None:
        self._now = machine_clock
        self._queued: dict[str, deque[Fault]] = defaultdict(deque)
        self._always: dict[str, Fault] = {}
        self._random: dict[str, tuple[Sequence[Fault], float, Random]] = {}
        self._closed_until: dict[str, datetime] = {}
        self._pace: dict[str, tuple[float, int]] = {}
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def next(self, method: str, *faults: Fault, times: int = 1) -> None:
        """Let the next calls of the method meet these faults, in this order, `times` times over."""
        self._queued[method].extend(faults * times)

    def always(self, method: str, fault: Fault) -> None:
        """Let every call meet the fault until `clear`."""
        self._always[method] = fault

    def randomly(self, method: str, *faults: Fault, chance: float, source: Random) -> None:
        """Let each call meet one of the faults with this probability; the source is seeded by the caller."""
        self._random[method] = (faults, chance, source)

    def pace(self, method: str, *, per_second: float = 1.0, burst: int = 3) -> None:
        """Answer 429 to whoever calls the method faster than this in one channel."""
        self._pace[method] = (per_second, burst)

    def clear(self) -> None:
        """Forget every fault, pace and closed method."""
        for plan in (self._queued, self._always, self._random, self._closed_until, self._pace, self._buckets):
            plan.clear()

    @property
    def pending(self) -> int:
        """How many of the faults chosen by `next` have not been met yet."""
        return sum(len(queue) for queue in self._queued.values())

    def take(self, method: str, channel: str = "") -> Fault | None:
        """Tell which fault this call meets, if any."""
        closed = self._closed_until.get(method)
        if closed is not None and self._now() < closed:
            return TooMany(retry_after=math.ceil((closed - self._now()).total_seconds()))
        fault = self._planned(method) or self._too_fast(method, channel)
        if isinstance(fault, TooMany):
            self._closed_until[method] = self._now() + timedelta(seconds=fault.retry_after)
        return fault

    def _planned(self, method: str) -> Fault | None:
        for name in (method, EVERY_METHOD):
            if self._queued.get(name):
                return self._queued[name].popleft()
            if name in self._always:
                return self._always[name]
            if name in self._random:
                faults, chance, source = self._random[name]
                if source.random() < chance:
                    return source.choice(faults)
        return None

    def _too_fast(self, method: str, channel: str) -> Fault | None:
        if method not in self._pace:
            return None
        per_second, burst = self._pace[method]
        now = self._now()
        bucket = self._buckets.setdefault((method, channel), _Bucket(float(burst), now))
        bucket.left = min(float(burst), bucket.left + (now - bucket.at).total_seconds() * per_second)
        bucket.at = now
        if bucket.left < 1:
            return TooMany(retry_after=max(1, math.ceil((1 - bucket.left) / per_second)))
        bucket.left -= 1
        return None
