"""Erasing a person: along every trail, then out of every text, in one unit of work.

What counts, chains and documents need stays under the pseudonymous id. What a hold keeps is taken out of the tables
first and put aside, so that nothing shows it, reminds of it or sends it. Bytes that a database leaves behind in its
files are ``storage.scrubbing``'s.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, and_, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.programme.privacy import HOLDABLE, Category, Erased, ErasureNote, Hold
from pim_bot.storage.forgotten import ForgottenRows
from pim_bot.storage.mentions import GONE, Mention, mentions_of, take_out
from pim_bot.storage.privacy import DELETE, STAYS, TRAILS, Found, Person, PrivacyRows, Trail
from pim_bot.storage.rows import upsert
from pim_bot.storage.tables.activities import activity, attendance, presence
from pim_bot.storage.tables.edition import programme_activity
from pim_bot.storage.tables.flow import due_item, event_reaction, notification
from pim_bot.storage.tables.people import expert_assignment, identity, member
from pim_bot.storage.tables.privacy import erasure, held, legal_hold

UNSENT = ("planned", "sending", "doubtful")
OPEN_ASSIGNMENTS = ("proposed", "accepted")
BY_CATEGORY = {
    attendance: Category.ATTENDANCE,
    presence: Category.ATTENDANCE,
    notification: Category.MESSAGES,
    expert_assignment: Category.ASSIGNMENTS,
}
"""Whose hold a mention falls under; of other tables it is text."""


class ErasureRows:
    """Erases people, and knows whose data was erased."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._privacy = PrivacyRows(connection)
        self._forgotten = ForgottenRows(connection)

    async def erase(
        self, person: Person, *, asked_by: str, at: datetime, holds: Sequence[Hold] | None = None
    ) -> Erased:
        """Erase everything of the person but what a hold keeps, which is put aside; may be done again.

        What is put aside counts as kept only. Without ``holds`` those of the database are meant.
        """
        told = await self._privacy.holds() if holds is None else holds
        kept = await self._put_aside(person, [hold for hold in told if hold.holds_on(at.date())], at)
        aside = {hold.category for hold in kept}
        await self._forgotten.remember(person.email, person.name)
        counts: Counter[Category] = Counter()
        activities, named = set(), set()
        async for mention in mentions_of(self._connection, person.naming):
            await take_out(self._connection, mention, person.naming)
            counts[BY_CATEGORY.get(mention.table, Category.TEXTS)] += 1
            activities |= _activity_of(mention)
            named |= {mention.row["slug"]} if mention.table is programme_activity else set()
        await self._take_name_off_lists(person, counts, activities)
        await self._let_go(person)
        for trail in TRAILS:
            counts[trail.category] += await self._walk(trail, person)
        if person.is_member:
            await self._close(person, at)
        erased = Erased(
            member_id=person.id,
            counts={one: count for one, count in sorted(counts.items()) if count and one not in aside},
            kept=tuple(kept),
            activities=tuple(sorted(activities)),
            told=tuple(sorted(named)),
        )
        await self._note(erased, asked_by=asked_by, at=at)
        return erased

    async def _put_aside(self, person: Person, holds: Sequence[Hold], at: datetime) -> list[Hold]:
        """Put aside what these holds keep; tells which of them hold something of this person."""
        found = await self._privacy.everything(person) if holds else []
        kept = []
        for hold in holds:
            rows = {one.table: one.rows for one in found if _falls_under(one) is hold.category and one.rows}
            known = await self._held_rows(hold.category, person.id)
            if rows and not known:  # an erasure that is done again finds nothing to put aside any more
                row = {"category": hold.category.value, "member_id": person.id, "at": at, "rows": rows}
                await self._connection.execute(insert(held), row)
            kept += [hold] if rows or known else []
        return kept

    async def _held_rows(self, category: Category, member_id: str) -> Any:
        mine = (held.c.category == category.value, held.c.member_id == member_id)
        return (await self._connection.execute(select(held.c.rows).where(*mine))).scalar()

    async def _take_name_off_lists(self, person: Person, counts: Counter[Category], activities: set[str]) -> None:
        """Take a name of one word off the lists of who comes, where it is a value of its own."""
        if not person.name or " " in person.name.strip():
            return
        for table in (attendance, presence):
            await self._take_name_off(table, person, counts, activities)

    async def _take_name_off(
        self, table: Table, person: Person, counts: Counter[Category], activities: set[str]
    ) -> None:
        rows = await self._connection.execute(
            select(table).where(table.c.activity_id.in_(await self._activities_of(person)))
        )
        for row in rows.mappings():
            left = [one for one in row["people"] if one.strip().casefold() != person.name.strip().casefold()]
            if len(left) == len(row["people"]):
                continue
            gone = [GONE] * (len(row["people"]) - len(left))
            mine = (table.c.activity_id == row["activity_id"], table.c.invitee == row["invitee"])
            await self._connection.execute(update(table).where(*mine).values(people=[*left, *gone]))
            counts[Category.ATTENDANCE] += 1
            activities.add(row["activity_id"])

    async def _activities_of(self, person: Person) -> list[str]:
        """Tell the activities whose lists may hold the person's name: of a name of one word, all."""
        found = await self._connection.execute(select(attendance.c.activity_id).where(attendance.c.answer.is_not(None)))
        return sorted(set(found.scalars()))

    async def _let_go(self, person: Person) -> None:
        """Let nothing more be sent, said or asked, and end what the person was to do."""
        mine = notification.c.recipient_id.in_(person.recipients)
        unsent = and_(mine, notification.c.state.in_(UNSENT))
        free = {"state": "dropped", "lease_token": "", "lease_until": None, "error": "erased"}
        await self._connection.execute(update(notification).where(unsent).values(free))
        await self._connection.execute(
            update(due_item)
            .where(due_item.c.member_id == person.id, due_item.c.state == "planned")
            .values(state="dropped", why="erased")
        )
        await self._connection.execute(
            update(event_reaction)
            .where(event_reaction.c.subject.in_(person.subjects), event_reaction.c.error != "")
            .values(error="")
        )
        released = {"status": "released", "revision": expert_assignment.c.revision + 1}
        theirs = expert_assignment.c.member_id == person.id
        await self._connection.execute(
            update(expert_assignment).where(theirs, expert_assignment.c.status.in_(OPEN_ASSIGNMENTS)).values(released)
        )
        await self._connection.execute(update(expert_assignment).where(theirs).values(role="", note=""))

    async def _walk(self, trail: Trail, person: Person) -> int:
        which = trail.whose(person)
        if trail.erase == STAYS:
            return 0
        if trail.erase == DELETE:
            return (await self._connection.execute(delete(trail.table).where(which))).rowcount
        assert not isinstance(trail.erase, str)
        return (await self._connection.execute(update(trail.table).where(which).values(dict(trail.erase)))).rowcount

    async def _close(self, person: Person, at: datetime) -> None:
        """Leave of the member the pseudonymous id only, which nothing shows any more."""
        closed = {"restricted_at": at, "looked_up_at": at, "revision": member.c.revision + 1}
        await self._connection.execute(update(member).where(member.c.id == person.id).values(closed))

    async def _note(self, erased: Erased, *, asked_by: str, at: datetime) -> None:
        known = await self.counts_of(erased.member_id)
        if known is not None and not erased.counts:  # done again, and there was nothing left to do
            return
        row = {
            "member_id": erased.member_id,
            "at": at,
            "asked_by": asked_by,
            "kept": [hold.category.value for hold in erased.kept],
            "counts": {category.value: count for category, count in erased.counts.items()},
        }
        await upsert(self._connection, erasure, [row])

    async def counts_of(self, member_id: str) -> dict[str, int] | None:
        """Tell what an erasure took away, None when there was none."""
        found = await self._connection.execute(select(erasure.c.counts).where(erasure.c.member_id == member_id))
        counts: dict[str, int] | None = found.scalar()
        return counts

    async def all(self) -> list[ErasureNote]:
        """Tell whose data was erased, when, and what of theirs is held until when."""
        aside = await self._connection.execute(
            select(held.c.member_id, held.c.category, legal_hold.c.reason, legal_hold.c.until)
            .join(legal_hold, legal_hold.c.category == held.c.category)
            .where(held.c.category.in_(HOLDABLE))
            .order_by(held.c.category)
        )
        theirs: dict[str, list[Hold]] = {}
        for member_id, category, reason, until in aside:
            theirs.setdefault(member_id, []).append(Hold(category=Category(category), reason=reason, until=until))
        found = await self._connection.execute(select(erasure.c.member_id, erasure.c.at).order_by(erasure.c.at))
        return [
            ErasureNote(member_id=member_id, at=at.isoformat(), held=tuple(theirs.get(member_id, ())))
            for member_id, at in found
        ]

    async def hold_as_noted(self, notes: Sequence[ErasureNote], *, by: str, at: datetime) -> list[Hold]:
        """Hold of erased people what is noted as held, and nothing else; tells the holds that had to be set."""
        known = {
            hold.category: hold for hold in (await self._privacy.holds() if any(note.held for note in notes) else [])
        }
        missing: dict[Category, Hold] = {}
        for note in notes:
            noted = [hold for hold in note.held or () if hold.holds_on(at.date())]
            missing |= {hold.category: hold for hold in noted if not _lasts_as(known.get(hold.category), hold)}
            if note.held is not None:
                others = held.c.category.not_in([hold.category.value for hold in noted])
                await self._connection.execute(delete(held).where(held.c.member_id == note.member_id, others))
        for hold in missing.values():
            reason = known[hold.category].reason if hold.category in known else hold.reason
            await self._privacy.keep_hold(replace(hold, reason=reason), by=by, at=at)
        return list(missing.values())

    async def present(self, member_ids: Sequence[str]) -> list[str]:
        """Tell which of these people are here with data of theirs: a restored database knows them again."""
        named = or_(member.c.email.is_not(None), member.c.name != "")
        found = await self._connection.execute(select(member.c.id).where(member.c.id.in_(member_ids), named))
        strangers = and_(identity.c.visitor.in_(member_ids), identity.c.member_id.is_(None))
        seen = await self._connection.execute(select(identity.c.visitor).where(strangers))
        return sorted({*found.scalars(), *seen.scalars()})

    async def drop_held(self, today: date) -> int:
        """Delete what was put aside under holds that have ended."""
        lasting = [hold.category.value for hold in await self._privacy.holds() if hold.holds_on(today)]
        return (await self._connection.execute(delete(held).where(held.c.category.not_in(lasting)))).rowcount


def _lasts_as(known: Hold | None, noted: Hold) -> bool:
    return known is not None and (known.until is None or (noted.until is not None and noted.until <= known.until))


def _falls_under(found: Found) -> Category:
    by_name = {table.name: category for table, category in BY_CATEGORY.items()}
    return by_name.get(found.table, found.category)


def _activity_of(mention: Mention) -> set[str]:
    by_table: dict[Table, str] = {activity: "id", attendance: "activity_id"}
    name = by_table.get(mention.table)
    return {mention.row[name]} if name else set()
