"""What the database tells of the hub's health, in few statements that partial indexes serve."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, distinct, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.notifications.digests import DIGEST
from pim_bot.notifications.intent import State
from pim_bot.storage.machine_time import MachineTime
from pim_bot.storage.rows import in_state
from pim_bot.storage.tables.flow import due_item, event_log, event_reaction, notification, pause
from pim_bot.vitals import FRESH, REMEMBERED, Vitals

_DEAD = (State.FAILED, State.NEEDS_HUMAN)
_IN_FLIGHT = (State.SENDING, State.DOUBTFUL)
DIGESTS_WITHIN = timedelta(days=14)


class HealthRows:
    """Reads numbers; the processes and who leads come from ``ProcessRows``."""

    def __init__(self, connection: AsyncConnection, machine_time: MachineTime) -> None:
        self._connection = connection
        self._machine_time = machine_time

    async def vitals(self, programme: datetime) -> Vitals:
        """Tell how the hub does at an instant of programme time, as far as its messages and reactions tell it."""
        found = await self._connection.execute(self._numbers(programme))
        row = found.mappings().one()
        times = (row["planned"], row["in_flight"], row["unheard"])
        return Vitals(
            machine_now=row["machine_now"],
            oldest_waiting=min((at for at in times if at is not None and at <= programme), default=None),
            dead=await self._dead(programme),
            freshly_dead=row["freshly_dead"],
            parked=row["parked"],
            digests=bool(row["digests"]),
            pauses=await self.pauses(),
        )

    def _numbers(self, programme: datetime) -> Select[Any]:
        recently = notification.c.started_at > self._machine_time.after(-FRESH)
        soon = due_item.c.due_at < programme + DIGESTS_WITHIN
        return select(
            self._machine_time.now().label("machine_now"),
            _one(func.min(notification.c.not_before), notification, "planned", in_state(notification, State.PLANNED)),
            _one(func.min(notification.c.not_before), notification, "in_flight", in_state(notification, *_IN_FLIGHT)),
            _one(
                func.count(distinct(notification.c.recipient_id)),
                notification,
                "freshly_dead",
                _dead_since(programme),
                recently,
            ),
            self._oldest_unheard(),
            _one(func.count(), event_reaction, "parked", in_state(event_reaction, "parked")),
            _one(func.count(), due_item, "digests", in_state(due_item, "planned"), soon, _kind(due_item) == DIGEST),
        )

    @staticmethod
    def _oldest_unheard() -> Any:
        """Select when the first event happened that a reaction should have heard of and nothing keeps it from."""
        mine, first = event_reaction.alias("mine"), event_reaction.alias("first")
        parked = (
            select(first.c.event_id)
            .where(first.c.reaction == mine.c.reaction, first.c.subject == mine.c.subject, in_state(first, "parked"))
            .limit(1)
            .scalar_subquery()
        )
        return (
            select(event_log.c.at)
            .select_from(mine)
            .join(event_log, event_log.c.id == mine.c.event_id)
            .where(in_state(mine, "due"), mine.c.try_at.is_(None), parked.is_(None))
            .order_by(mine.c.event_id)
            .limit(1)
            .scalar_subquery()
            .label("unheard")
        )

    async def _dead(self, programme: datetime) -> Mapping[str, int]:
        found = await self._connection.execute(
            select(_kind(notification), func.count()).where(_dead_since(programme)).group_by(_kind(notification))
        )
        return {row[0]: row[1] for row in found}

    async def pauses(self) -> Mapping[str, datetime]:
        """Tell why nothing is sent at present, and since when."""
        found = await self._connection.execute(select(pause.c.why, pause.c.since))
        return {row[0]: row[1] for row in found}

    async def messages(self) -> Mapping[str, int]:
        """Count the messages that are not yet, or never, where they should be, by state."""
        counted: dict[str, int] = {}
        for states in ((State.PLANNED,), _IN_FLIGHT, _DEAD):  # each by an index of its own
            of_state = notification.c.state
            found = await self._connection.execute(
                select(of_state, func.count(notification.c.not_before))
                .where(in_state(notification, *states))
                .group_by(of_state)
            )
            counted |= {row[0]: row[1] for row in found}
        return counted

    async def reactions(self) -> Mapping[str, int]:
        """Count the reactions that are not done, by state."""
        found = await self._connection.execute(
            select(event_reaction.c.state, func.count())
            .where(in_state(event_reaction, "due", "parked"))
            .group_by(event_reaction.c.state)
        )
        return {row[0]: row[1] for row in found}


def _one(value: ColumnElement[Any], table: FromClause, name: str, *conditions: ColumnElement[bool]) -> Any:
    return select(value).select_from(table).where(*conditions).scalar_subquery().label(name)


def _kind(rows: FromClause) -> ColumnElement[str]:
    """Take the kind so that no index which begins with it is walked: what is open is little, a kind has a history."""
    return func.coalesce(rows.c.kind, literal_column("''"))


def _dead_since(programme: datetime) -> ColumnElement[bool]:
    return in_state(notification, *_DEAD) & (notification.c.not_before >= programme - REMEMBERED)
