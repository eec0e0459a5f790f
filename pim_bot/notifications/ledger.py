"""The ledger as people read it: what is to be said, what was said, and why it was late or not at all. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from pim_bot.notifications.intent import DueItem, Kind, Operation, State

LATE = timedelta(minutes=5)
"""From when on a message counts as late: below that nobody would ask."""

BY_PERSON = "by-person"
"""The error of a message that a person has dropped."""

DECIDABLE = (State.FAILED, State.NEEDS_HUMAN)
"""What waits for a person's decision."""

IN_LINE, TRIED_AGAIN, HUB_AWAY = "in-line", "tried-again", "hub-away"
"""Why a message is late where the worker did not say so: it stood behind another, was tried again, or nobody ran."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One message of the ledger, and whom it is for. ``name`` and ``address`` are personal data.

    ``occurrence`` of a change is that of the message that is changed. ``in_line`` tells whether an earlier message of
    its conversation is still on its way.
    """

    id: str
    kind: Kind
    subject: str
    occurrence: str
    operation: Operation
    state: State
    not_before: datetime
    held_why: str
    sent_at: datetime | None
    error: str
    late_why: str
    attempts: int
    conversation: str
    ts: str
    recipient: str
    recipient_kind: str
    address: str = ""
    problem: str = ""
    member_id: str = ""
    name: str = ""
    email: str = ""
    zone: str = "Europe/Warsaw"
    in_line: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """What makes a message the same message, whenever it is looked at."""
        return self.kind, self.recipient, self.subject, self.occurrence, self.operation

    @property
    def is_erased(self) -> bool:
        """Tell whether it is for somebody whose data was erased: only the pseudonymous id is left."""
        return bool(self.member_id) and not self.name and not self.email

    @property
    def is_open(self) -> bool:
        """Tell whether its delivery goes on."""
        return self.state in (State.PLANNED, State.SENDING, State.DOUBTFUL)

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing more happens with it, and nobody has to decide."""
        return not self.is_open and self.state not in DECIDABLE

    def lateness(self, now: datetime) -> timedelta:
        """Tell how late it was sent, or is by now; what was never to be sent is not late."""
        if self.operation is Operation.UPDATE or not (self.sent_at or self.is_open or self.state in DECIDABLE):
            return timedelta()
        return max((self.sent_at or now) - self.not_before, timedelta())

    def is_late(self, now: datetime) -> bool:
        """Tell whether it is worth asking why it was not there in time."""
        return self.lateness(now) >= LATE

    def why_late(self, now: datetime) -> str:
        """Tell the code of why it is late, "" when it is not: the worker's word for it, else what can be seen."""
        if self.state in DECIDABLE or not (self.is_late(now) or (self.is_open and self.late_why)):
            return ""
        if self.late_why:
            return self.late_why
        if self.attempts:
            return TRIED_AGAIN
        return IN_LINE if self.in_line and self.is_open else HUB_AWAY

    def is_troubled(self, now: datetime) -> bool:
        """Tell whether it waits for a person, is in doubt, or is late and still open."""
        return self.state in (*DECIDABLE, State.DOUBTFUL) or (self.is_open and self.is_late(now))


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One rung of one activity in a bundle of reminders; ``matters`` tells whether it is still worth a word."""

    item: DueItem
    title: str
    matters: bool = True

    @property
    def lead(self) -> timedelta:
        """How long before its target the rung stands."""
        return timedelta(minutes=int(self.item.occurrence))


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedMessage:
    """A message as the rehearsal saw it: when it goes, or that it will not go, and what is bundled in it."""

    entry: Entry
    at: datetime
    title: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SilentRung:
    """A rung that will fall due and say nothing, because there is nothing left to be reminded of.

    ``why`` is a code of ``reminders.why_silent``.
    """

    part: Part
    name: str
    zone: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What will be said until then if nobody does anything in between."""

    since: datetime
    until: datetime
    messages: tuple[PlannedMessage, ...] = ()
    silent: tuple[SilentRung, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What a person decided about a message: ``resent`` or ``dropped``, who and when.

    ``due`` is when the message was to be sent before anybody decided, where it was sent again since.
    """

    what: str
    actor: str
    at: datetime
    due: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which entries are asked for; ``who`` is part of a name, an e-mail or a channel's name, folded."""

    states: Sequence[State] = ()
    since: datetime | None = None
    who: str = ""
    limit: int = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What is planned about one subject: what falls due and is said, before or after an act."""

    items: Mapping[str, DueItem] = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)


class Ledger(Protocol):
    """Reads the ledger, and carries out what a person decided about one message."""

    async def entry(self, notification_id: str) -> Entry | None: ...

    async def entries(self, notification_ids: Sequence[str]) -> list[Entry]:
        """Tell these entries, in the order in which they were asked for."""

    async def facts(self, notification_id: str) -> dict[str, Any]:
        """Tell the facts that a message was planned with."""

    async def found(self, wanted: Wanted, *, now: datetime) -> list[Entry]:
        """Tell entries: what waits for a person first, then what is late and still open, then the newest.

        Who asks about a person, or for what was dropped, is also told of that person's reminders and digests that
        were planned and never became a message.
        """

    async def troubled(self, *, now: datetime, limit: int) -> list[str]:
        """Tell the ids of what failed, needs a human or is late and not sent, the newest first; no lists like this."""

    async def lately(self, *, since: datetime, limit: int) -> list[str]:
        """Tell the ids of what was sent of all that was due since then, the newest first; lists like this one aside."""

    async def counts(self, *, since: datetime) -> dict[State, int]:
        """Count the messages that were due since then, by state; a change in place is none, lists like this aside."""

    async def decisions(self, notification_ids: Sequence[str]) -> dict[str, Decision]:
        """Tell the last decision about each of these messages that a person has decided about."""

    async def resend(self, entry: Entry, *, at: datetime, held_why: str = "") -> bool:
        """Plan it again for then; tells False when it is not what was seen any more, or a newer change of it waits."""

    async def drop(self, entry: Entry) -> bool:
        """Settle it as dropped by a person; tells False when it is not what was seen any more."""

    async def about(self, subject: str) -> About:
        """Tell what is planned about a subject."""


def troubles_first(entries: Sequence[Entry], *, now: datetime) -> list[Entry]:
    """Order entries: what waits for a person, then what is late and open, then everything else, newest first."""

    def rank(entry: Entry) -> int:
        if entry.state in DECIDABLE:
            return 0
        return 1 if entry.is_troubled(now) else 2

    newest = sorted(entries, key=lambda one: (one.sent_at or one.not_before, one.id), reverse=True)
    return sorted(newest, key=rank)
