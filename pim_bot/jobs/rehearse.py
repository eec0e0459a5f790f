"""The plan: the hub itself, played until a day to come on tables that are thrown away, with a chat that says nothing.

What falls due, what the reactions make of it, what is bundled, held, or not said at all is found out by the very code
that will do it. Nothing is computed a second time.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol
from uuid import uuid4

from pim_bot.clock import Clock, ProgrammeClock
from pim_bot.events.bus import Bus
from pim_bot.jobs.deliver import Delivery
from pim_bot.jobs.fall_due import FallingDue, let_fall_due
from pim_bot.jobs.winding import Winding
from pim_bot.notifications.audience import Invited, audiences_of
from pim_bot.notifications.delivery import (
    UNKNOWN_PERSON,
    Addressee,
    Finding,
    Later,
    Outcome,
    Refused,
    Sent,
    Unreadable,
)
from pim_bot.notifications.intent import DueItem, Kind, Operation
from pim_bot.notifications.ledger import Entry, Part, Plan, PlannedMessage, SilentRung
from pim_bot.notifications.pace import NO_LIMIT
from pim_bot.notifications.ports import ChatProfile, Quotation, Way
from pim_bot.notifications.reminders import KINDS, what_matters, why_silent
from pim_bot.notifications.subjects import titles_of
from pim_bot.programme.people import Member

MOST_WAITS = 10_000
"""How often machine time is moved on at most: each is one wait of one message."""

LARGE_BATCH, NO_HURRY = 500, timedelta(hours=1)
"""Nobody waits for the transactions of a rehearsal."""

Act = Callable[[Any, datetime], Awaitable[None]]
"""Something that is done before the play begins, such as a move."""


class SilentChat:
    """Stands for the chat: everything arrives, nobody hears it. Implements ``notifications.ports.Chat``."""

    async def reach(self, addressee: Addressee) -> Way | Refused | Later:
        return Way(conversation=addressee.conversation or addressee.recipient_id)

    async def post(self, conversation: str, rendering: dict[str, Any], *, key: str, thread: str) -> Outcome:
        return Sent(conversation, uuid4().hex)

    async def update(self, conversation: str, ts: str, rendering: dict[str, Any], *, key: str) -> Outcome:
        return Sent(conversation, ts)

    async def publish(self, user_id: str, rendering: dict[str, Any]) -> Outcome:
        return Sent(user_id, "")

    async def find(self, conversation: str, *, key: str, since: datetime, thread: str) -> Finding:
        return Sent(conversation, uuid4().hex)

    async def copies(
        self, conversation: str, *, key: str, since: datetime, thread: str
    ) -> list[str] | Later | Unreadable:
        return []

    async def retract(self, conversation: str, ts: str) -> Outcome:
        return Sent(conversation, ts)

    async def quote(self, conversation: str, ts: str) -> Quotation | Unreadable | Later:
        return Unreadable()

    async def profile(self, user_id: str) -> ChatProfile | None:
        return None

    async def person(self, email: str) -> ChatProfile | Refused | Later:
        return Refused(UNKNOWN_PERSON)


class PlayedRows(Protocol):
    """What a rehearsal came to; see ``storage.rehearsal``."""

    async def settled(self) -> set[str]: ...

    async def entries(self) -> list[Entry]: ...

    async def reminders(self, at: datetime) -> list[Entry]: ...

    async def fallen(self) -> dict[str, DueItem]: ...


class Stage(Protocol):
    """Where a rehearsal is played; see ``storage.rehearsal``."""

    def work(self, label: str = "") -> AbstractAsyncContextManager[Any]: ...

    @property
    def rows(self) -> PlayedRows: ...


SetTheStage = Callable[..., AbstractAsyncContextManager[Stage]]


class MovingClock:
    """Machine time of a rehearsal: it stands still, and goes on at once to whatever is waited for."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Tell the played time."""
        return self.now


@dataclass(frozen=True, kw_only=True, slots=True)
class Rehearsing:
    """Plays what the hub will do. The jobs are the real ones; only their tables, clocks and chat are others."""

    set_the_stage: SetTheStage
    bus: Bus
    falling_due: FallingDue
    delivery: Delivery
    programme_clock: Clock
    machine_clock: Clock

    async def plan(self, until: datetime, *, first: Act | None = None) -> Plan:
        """Tell what will be said until then, if nobody acts in between but for ``first``."""
        now = self.programme_clock()
        # By then every lease is over, and whatever is in doubt can be looked for.
        machine = MovingClock(self.machine_clock() + self.delivery.lease + self.delivery.doubt_wait)
        async with self.set_the_stage(machine=machine, now=now) as stage:
            play = _Play(stage=stage, machine=machine, clock=ProgrammeClock(machine, now - machine.now))
            if first is not None:
                async with stage.work() as work:
                    await first(work, now)
            before, fallen = await stage.rows.settled(), await stage.rows.fallen()
            await self._winding(play).to(until)
            return await play.outcome(since=now, until=until, before=before, fallen=fallen)

    def _winding(self, play: "_Play") -> Winding:
        clock, machine = play.clock, play.machine
        bus = Bus(
            reactions=self.bus.reactions,
            open_work=play.stage.work,
            machine_clock=machine,
            longest_transaction=NO_HURRY,
        )
        delivery = replace(
            self.delivery,
            claim_work=play.stage.work,
            record_work=play.stage.work,
            chat=SilentChat(),
            pace=NO_LIMIT,  # pace is a matter of seconds
            programme_clock=clock,
            machine_clock=machine,
            batch=LARGE_BATCH,
            longest_transaction=NO_HURRY,
        )
        return Winding(
            clock=clock,
            open_work=play.stage.work,
            open_reading=play.stage.work,
            runs=(
                partial(play.fall_due, self.falling_due.batch),
                bus.run_due,
                delivery.run_due,
                play.note_reminders,
                play.wait,
            ),
        )


@dataclass(kw_only=True)
class _Play:
    """One rehearsal under way, and what is noted in it while it is the present."""

    stage: Stage
    machine: MovingClock
    clock: ProgrammeClock
    _waits: int = 0
    _noted: dict[str, set[str]] = field(default_factory=dict)

    async def fall_due(self, batch: int) -> int:
        """Let everything fall due that is due now, as the leading clock does it; its chores are not played."""
        total = 0
        while True:
            async with self.stage.work() as work:
                items = await work.due_items.due(self.clock(), batch)
                await let_fall_due(work, items, self.clock())
            if not items:
                return total
            total += len(items)

    async def note_reminders(self) -> int:
        """Note, of each reminder that has just been sent, which activities were worth a word at that moment."""
        now = self.clock()
        sent = [one for one in await self.stage.rows.reminders(now) if one.id not in self._noted]
        if not sent:
            return 0
        async with self.stage.work() as work:
            members = {one.id: one for one in await work.people.many([one.member_id for one in sent])}
            for one in sent:
                said = await what_matters(work, members[one.member_id], one.occurrence, now)
                self._noted[one.id] = {f"activity:{activity.id}" for activity, _ in said}
        return 0

    async def wait(self) -> int:
        """Let machine time go on to what is waited for; tells whether anything was."""
        async with self.stage.work() as work:
            _, next_try = await work.deliveries.next_times()
        if next_try is None or next_try <= self.machine.now or self._waits >= MOST_WAITS:
            return 0
        self._waits += 1
        now = self.clock()
        self.machine.now = next_try
        self.clock.set_to(now)  # programme time does not pass by waiting
        return 1

    async def outcome(
        self, *, since: datetime, until: datetime, before: set[str], fallen: Mapping[str, DueItem]
    ) -> Plan:
        """Tell what was said, what will not be said, and what is bundled in which message."""
        entries = [one for one in await self.stage.rows.entries() if one.id not in before]
        entries = [one for one in entries if not one.is_open or one.not_before <= until]
        items = await self.stage.rows.fallen()
        async with self.stage.work() as work:
            subjects = [one.subject for one in entries] + [one.subject for one in items.values()]
            titles = await titles_of(work, subjects)
            new = [item for key, item in items.items() if key not in fallen and item.kind in KINDS]
            people = {one.id: one for one in await work.people.many([item.member_id for item in new])}
            activities = await work.activities.many(item.subject.removeprefix("activity:") for item in new)
            invited = {
                (f"activity:{key}", one.member.id): one
                for key, audience in (await audiences_of(work, list(activities.values()))).items()
                for one in audience
            }
        batches: dict[tuple[str, str], list[DueItem]] = defaultdict(list)
        for item in items.values():
            batches[item.member_id, item.batch].append(item)
        messages = [
            PlannedMessage(
                entry=one,
                at=one.sent_at or max(one.not_before, since),
                title=titles.get(one.subject, ""),
                parts=self._parts(one, batches.get((one.member_id, one.occurrence), ()), titles),
            )
            for one in entries
        ]
        said = {(one.member_id, one.occurrence) for one in entries if one.kind is Kind.REMINDER}
        return Plan(
            since=since,
            until=until,
            messages=tuple(sorted(messages, key=lambda one: (one.at, one.entry.kind, one.entry.name, one.entry.id))),
            silent=_silent(
                [item for item in new if (item.member_id, item.batch) not in said], titles, people, invited, since
            ),
        )

    def _parts(self, entry: Entry, batch: Sequence[DueItem], titles: Mapping[str, str]) -> tuple[Part, ...]:
        if entry.kind is not Kind.REMINDER or entry.operation is Operation.UPDATE:
            return ()
        worth = self._noted.get(entry.id, set())
        parts = [Part(item=one, title=titles.get(one.subject, ""), matters=one.subject in worth) for one in batch]
        return tuple(sorted(parts, key=lambda part: (part.item.due_at, part.title, part.item.kind)))


def _silent(
    items: Sequence[DueItem],
    titles: Mapping[str, str],
    people: Mapping[str, Member],
    invited: Mapping[tuple[str, str], Invited],
    since: datetime,
) -> tuple[SilentRung, ...]:
    rungs = [
        SilentRung(
            part=Part(item=item, title=titles.get(item.subject, ""), matters=False),
            name=people[item.member_id].name if item.member_id in people else "",
            zone=people[item.member_id].zone if item.member_id in people else "Europe/Warsaw",
            at=max(item.due_at, since),
            why=why_silent(invited.get((item.subject, item.member_id)), item.kind),
        )
        for item in items
    ]
    return tuple(sorted(rungs, key=lambda one: (one.at, one.name, one.part.title, one.part.item.kind)))
