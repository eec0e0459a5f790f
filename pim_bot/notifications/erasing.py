"""Erasing a person at their wish, with everything that follows from it, in one unit of work (RODO art. 17)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from pim_bot.calendar.ports import Feeds
from pim_bot.calendar.publishing import publish
from pim_bot.events.catalogue import MemberErased
from pim_bot.notifications.intent import Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.people import Actor
from pim_bot.programme.permissions import Action, require
from pim_bot.programme.privacy import Erased, ErasureNote, Hold

SHOWS_NAMES = (Kind.ANNOUNCEMENT, Kind.INVITATION, Kind.PLANNED)
"""Messages that may show who comes: they are brought up to date where they stand in the chat."""


class ErasingWork(NotificationWork, Protocol):
    """One transaction as an erasure sees it."""

    @property
    def privacy(self) -> Any: ...
    @property
    def erasures(self) -> Any: ...
    @property
    def feeds(self) -> Feeds: ...


async def erase(
    work: ErasingWork, actor: Actor, who: str, *, now: datetime, holds: Sequence[Hold] | None = None
) -> Erased:
    """Erase a person but for what a hold keeps. Raises ``NotFound`` and ``NotAllowed``; may be done again.

    ``holds`` are those of an earlier erasure of this person; without them those in force now keep what they name.
    """
    require(actor, Action.ERASE_MEMBER, now=now)
    person = await work.privacy.person(who)
    for subject in person.subjects:
        await work.hold(subject)
    person = await work.privacy.person(person.id)
    erased: Erased = await work.erasures.erase(person, asked_by=actor.id, at=now, holds=holds)
    for activity in (await work.activities.many(erased.activities)).values():
        await publish(work, activity)
        await work.outbox.refresh(f"activity:{activity.id}", SHOWS_NAMES, at=now)
    work.record(MemberErased(member_id=erased.member_id), actor=actor, at=now)
    return erased


async def erase_again(work: ErasingWork, actor: Actor, notes: Sequence[ErasureNote], *, now: datetime) -> list[Erased]:
    """Erase those of these people whom a restored database knows again, and put aside what was put aside then.

    Holds that the database does not know are set in it, and what is not held any more goes.
    """
    told = {note.member_id: note.held for note in notes}
    for hold in await work.erasures.hold_as_noted(notes, by=actor.id, at=now):
        work.act("HoldSet", f"hold:{hold.category}", actor=actor, at=now)
    present = await work.erasures.present(list(told))
    return [await erase(work, actor, one, now=now, holds=told[one]) for one in present]
