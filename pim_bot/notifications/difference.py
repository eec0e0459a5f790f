"""What an act changes about what people will be told: the act and its reactions are tried out and looked at.

Nothing is computed a second time. The caller's transaction is taken back, so that nobody but the person who asks ever
sees it.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pim_bot.notifications.audience import audience_of
from pim_bot.notifications.hours import hours_of
from pim_bot.notifications.intent import DueItem, Operation
from pim_bot.notifications.ledger import About, Entry
from pim_bot.notifications.ports import LedgerWork
from pim_bot.notifications.reminders import KINDS
from pim_bot.programme.activity import Activity
from pim_bot.programme.people import team_of

Play = Callable[[Any], Awaitable[None]]
"""Runs the reactions to what a transaction has recorded, in it (``events.bus.Bus.play``)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RungChange:
    """A rung of so many people's ladders: when it was to come and when it will; None is never."""

    kind: str
    lead: timedelta
    before: datetime | None
    after: datetime | None
    people: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """Who will be told at once or later, what changes in place, and what becomes of the reminders.

    ``despite_quiet`` counts the people who hear of it now although their working hours are over.
    """

    channels: tuple[str, ...] = ()
    teams: int = 0
    people: int = 0
    despite_quiet: int = 0
    held_until: tuple[tuple[datetime, int], ...] = ()
    changed_in_place: int = 0
    no_longer_said: int = 0
    rungs: tuple[RungChange, ...] = ()


async def tried_out(
    work: LedgerWork, activity_id: str, act: Callable[[], Awaitable[Activity]], play: Play, *, now: datetime
) -> tuple[Activity, Difference]:
    """Carry an act on an activity out with its reactions; tells the activity after it, and what that changes."""
    before = await work.ledger.about(f"activity:{activity_id}")
    activity = await act()
    await play(work)
    after = await work.ledger.about(f"activity:{activity_id}")
    new = [one for key, one in after.entries.items() if key not in before.entries]
    told = [one for one in new if one.operation is not Operation.UPDATE]
    people = [one for one in told if one.member_id]
    reached = {one.member_id for one in people}
    invited = [one.attendance.invitee for one in await audience_of(work, activity) if one.member.id in reached]
    held = Counter(one.not_before for one in people if one.not_before > now)
    return activity, Difference(
        channels=tuple(sorted(one.address for one in told if one.recipient_kind == "channel")),
        teams=len({invitee for invitee in invited if team_of(invitee)}),
        people=len(people),
        despite_quiet=sum(_is_despite_quiet(one, now) for one in people),
        held_until=tuple(sorted(held.items())),
        changed_in_place=len(new) - len(told),
        no_longer_said=sum(key not in after.entries for key in before.entries),
        rungs=_rungs(before, after),
    )


def _is_despite_quiet(entry: Entry, now: datetime) -> bool:
    return entry.not_before <= now and not hours_of(entry.zone).is_open(now)


def _rungs(before: About, after: About) -> tuple[RungChange, ...]:
    """Tell what becomes of the reminders, those of many people with the same times together."""
    old, new = _reminders(before), _reminders(after)
    changes: Counter[tuple[str, str, datetime | None, datetime | None]] = Counter()
    for key in old.keys() | new.keys():
        was, will = old.get(key), new.get(key)
        if was != will:
            kind, occurrence, _ = key
            changes[kind, occurrence, was, will] += 1
    rungs = [
        RungChange(kind=kind, lead=timedelta(minutes=int(lead)), before=was, after=will, people=people)
        for (kind, lead, was, will), people in changes.items()
    ]
    return tuple(sorted(rungs, key=lambda one: (one.kind, -one.lead, one.after or one.before, -one.people)))


def _reminders(about: About) -> dict[tuple[str, str, str], datetime]:
    mine: list[DueItem] = [item for item in about.items.values() if item.kind in KINDS]
    return {(item.kind, item.occurrence, item.member_id): item.due_at for item in mine}
