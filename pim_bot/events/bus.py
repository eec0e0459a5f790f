"""The bus: which reactions hear of an event, and how they are run so that each takes effect exactly once.

A change and its events are committed together, with one row per (event, reaction) that says *due*. Running a
reaction and marking its row *done* is again one transaction, so a reaction's effects in the database and its receipt
stand or fall together. Nothing here does I/O itself; the rows are kept by an implementation of ``ReactionLedger``.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

import structlog

from pim_bot.clock import Clock
from pim_bot.errors import StorageUnavailable
from pim_bot.events.event import Event, RecordedEvent
from pim_bot.shift import Shift

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reaction:
    """A function that hears of events under a name that never changes, since receipts are kept by it."""

    name: str
    run: Callable[[Any, RecordedEvent], Awaitable[None]]


Reactions = Mapping[type[Event], tuple[Reaction, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class DueReaction:
    """One event that one reaction has yet to hear of."""

    recorded: RecordedEvent
    reaction: str
    attempts: int


class ReactionLedger(Protocol):
    """Rows of (event, reaction) and their state: due, done, parked or skipped."""

    async def due(self, names: frozenset[str], limit: int) -> list[DueReaction]:
        """Claim, within this transaction, due rows that nothing earlier of their subject and reaction blocks."""

    async def done(self, reactions: list[DueReaction]) -> None:
        """Write the receipts."""

    async def failed(self, reaction: DueReaction, error: str, *, retry_in: timedelta | None) -> None:
        """Count the failure: try again after ``retry_in`` of machine time, or park it when None."""


class ReactionWork(Protocol):
    """What a transaction must offer for reactions to be run in it."""

    @property
    def reactions(self) -> ReactionLedger:
        """The ledger of reactions."""


OpenWork = Callable[[], AbstractAsyncContextManager[Any]]


@dataclass(kw_only=True)
class Bus:
    """Runs what is due, in batches; a batch that fails is run again one by one, so that only the culprit waits."""

    reactions: Reactions
    open_work: OpenWork
    machine_clock: Clock
    most_attempts: int = 5
    first_retry: timedelta = timedelta(seconds=2)
    batch: int = 100
    longest_transaction: timedelta = timedelta(milliseconds=15)
    shift: Shift = field(default_factory=Shift)
    _running: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        """Index the reactions by name and refuse two functions under one name."""
        self._by_name: dict[str, Reaction] = {}
        for named in self.reactions.values():
            for reaction in named:
                if self._by_name.setdefault(reaction.name, reaction).run != reaction.run:
                    raise ValueError(f"two reactions are called {reaction.name}")

    async def run_due(self) -> int:
        """Run every reaction that is due now; returns how many took effect."""
        async with self._running:
            total = 0
            while not self.shift.is_over and (ran := await self._run_batch()):
                total += ran
            return total

    async def play(self, work: Any) -> None:
        """Run the reactions to what a transaction has recorded, in it and without receipts: it is to be taken back."""
        for event, actor, at in list(work.recorded):
            recorded = RecordedEvent(id=0, at=at, actor=actor.id, event=event)
            for reaction in self.reactions.get(type(event), ()):
                await reaction.run(work, recorded)

    async def _run_batch(self) -> int:
        try:
            return await self._run_together(self.batch)
        except StorageUnavailable:
            raise  # no fault of a reaction: everything stays due
        except Exception as error:  # noqa: BLE001 - whatever a reaction raises is its own; the neighbours go on
            log.warning("reactions.batch-failed", error=type(error).__name__)
            return await self._run_one_by_one()

    async def _run_together(self, limit: int) -> int:
        finished: list[DueReaction] = []
        async with self.open_work() as work:
            started = self.machine_clock()
            for due in await work.reactions.due(frozenset(self._by_name), limit):
                await self._by_name[due.reaction].run(work, due.recorded)
                finished.append(due)
                if self.machine_clock() - started > self.longest_transaction:
                    break
            await work.reactions.done(finished)
        return len(finished)

    async def _run_one_by_one(self) -> int:
        finished = 0
        for _ in range(self.batch):
            due: DueReaction | None = None
            try:
                async with self.open_work() as work:
                    due = next(iter(await work.reactions.due(frozenset(self._by_name), 1)), None)
                    if due is None:
                        break
                    await self._by_name[due.reaction].run(work, due.recorded)
                    await work.reactions.done([due])
                finished += 1
            except StorageUnavailable:
                raise
            except Exception as error:
                if due is None:
                    raise
                await self._count_failure(due, error)
                finished += 1
        return finished

    async def _count_failure(self, due: DueReaction, error: Exception) -> None:
        last = due.attempts + 1 >= self.most_attempts
        retry_in = None if last else self.first_retry * 2**due.attempts
        log.error(
            "reaction.parked" if last else "reaction.failed",
            reaction=due.reaction,
            event_id=due.recorded.id,
            error=type(error).__name__,
        )
        async with self.open_work() as work:
            await work.reactions.failed(due, f"{type(error).__name__}: {error}"[:500], retry_in=retry_in)
