"""A rehearsal: what would happen, played on tables that nobody else sees and nobody keeps.

Every table that the flow writes is copied, as far as it matters, into a temporary table of the same name; both engines
look a name up there first. Everything else is read where it is, in one unchanging state of the database. So nobody
waits for a rehearsal, and nothing of it is left when its connection closes.

Sources: https://www.sqlite.org/lang_naming.html (TEMP is searched first) and
https://www.postgresql.org/docs/current/runtime-config-client.html (``search_path``: the temporary schema is first).
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, MetaData, Table, event, func, insert, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import UpdateBase

from pim_bot.clock import Clock
from pim_bot.notifications.intent import DueItem, Kind, Operation, State
from pim_bot.notifications.ledger import Entry
from pim_bot.storage.due_items import item_of
from pim_bot.storage.engine import make_engine
from pim_bot.storage.ledger import entries_of_ledger, entry_of
from pim_bot.storage.reactions import ReactionNames
from pim_bot.storage.rows import REHEARSAL, in_state
from pim_bot.storage.sqlite import READING
from pim_bot.storage.tables import edition as editions
from pim_bot.storage.tables.activities import (
    activity,
    activity_network,
    activity_report,
    attendance,
)
from pim_bot.storage.tables.base import metadata
from pim_bot.storage.tables.feedback import (
    feedback_answer,
    feedback_mark,
    feedback_round,
    named_answer,
    pooled_answer,
    pooled_mark,
    pooled_round,
)
from pim_bot.storage.tables.flow import due_item, event_log, event_reaction, notification
from pim_bot.storage.tables.people import expert_assignment, identity, member, member_role, preference, recipient
from pim_bot.storage.tables.sessions import session, session_city, session_expert
from pim_bot.storage.unit_of_work import Storage, UnitOfWork

LOOKS_BACK = timedelta(days=62)
"""How much of the past a rehearsal knows: a digest looks back two months, a refreshed reminder one."""

_OPEN = (State.PLANNED, State.SENDING, State.DOUBTFUL)
_TEMPORARY = {"sqlite": "temp", "postgresql": "pg_temp"}
_ENOUGH = "120s"

Chosen = Callable[[datetime], ColumnElement[bool] | None]


def _pending_events(since: datetime) -> ColumnElement[bool]:
    return event_log.c.id.in_(select(event_reaction.c.event_id).where(in_state(event_reaction, "due", "parked")))


def _pending_reactions(since: datetime) -> ColumnElement[bool]:
    return in_state(event_reaction, "due", "parked")


def _due_items(since: datetime) -> ColumnElement[bool]:
    return or_(in_state(due_item, "planned"), due_item.c.due_at >= since, due_item.c.subject.in_(_subjects()))


def _subjects() -> Any:
    """Select what something is planned about: what was said of it is not said again."""
    return select(due_item.c.subject).where(in_state(due_item, "planned"))


def _notifications(since: datetime) -> ColumnElement[bool]:
    return or_(
        in_state(notification, *_OPEN), notification.c.not_before >= since, notification.c.subject.in_(_subjects())
    )


def _activities(since: datetime) -> ColumnElement[bool]:
    return activity.c.ends_at >= since


def _of_activities(table: Table) -> Chosen:
    return lambda since: table.c.activity_id.in_(select(activity.c.id).where(activity.c.ends_at >= since))


def _everything(since: datetime) -> None:
    return None


COPIED: dict[Table, Chosen] = {
    activity: _activities,
    activity_network: _of_activities(activity_network),
    feedback_round: _of_activities(feedback_round),
    feedback_mark: _of_activities(feedback_mark),
    feedback_answer: _of_activities(feedback_answer),
    pooled_round: _everything,
    pooled_mark: _everything,
    pooled_answer: _everything,
    named_answer: _everything,
    due_item: _due_items,
    notification: _notifications,
    event_log: _pending_events,
    event_reaction: _pending_reactions,
    recipient: _everything,
}
_OF_EDITIONS = tuple(one for one in vars(editions).values() if isinstance(one, Table))
READ_IN_PLACE = (
    *_OF_EDITIONS,
    member,
    member_role,
    preference,
    identity,
    attendance,
    activity_report,
    expert_assignment,
    session,
    session_city,
    session_expert,
)
"""What time alone does not change: asked as it is, and never written."""

EMPTY = tuple(one for one in metadata.sorted_tables if one not in COPIED and one not in READ_IN_PLACE)
"""Everything else may be written on the way and is asked by nobody: pace and pauses are the real deliveries' own."""


class RehearsalRows:
    """Reads what a rehearsal came to. It holds few rows, so that all of them are read."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def settled(self) -> set[str]:
        """Tell the ids of the messages whose delivery is over."""
        found = await self._connection.execute(select(notification.c.id).where(~in_state(notification, *_OPEN)))
        return set(found.scalars())

    async def entries(self) -> list[Entry]:
        """Tell every message, by time."""
        chosen = entries_of_ledger().order_by(notification.c.not_before, notification.c.id)
        return [entry_of(row) for row in (await self._connection.execute(chosen)).mappings()]

    async def reminders(self, at: datetime) -> list[Entry]:
        """Tell the reminders that were sent at this very moment."""
        sent = (notification.c.sent_at == at, notification.c.operation != Operation.UPDATE.value)
        chosen = entries_of_ledger().where(notification.c.kind == Kind.REMINDER.value, *sent)
        return [entry_of(row) for row in (await self._connection.execute(chosen)).mappings()]

    async def fallen(self) -> dict[str, DueItem]:
        """Tell what fell due, by id."""
        found = await self._connection.execute(select(due_item).where(in_state(due_item, "fell")))
        return {row["id"]: item_of(row) for row in found.mappings()}


class Rehearsal(Storage):
    """Opens units of work that are played: one connection, no lock, no bell, and nothing is ever kept."""

    _connection: AsyncConnection

    @asynccontextmanager
    async def work(self, label: str = "") -> AsyncIterator[UnitOfWork]:
        """Open a unit of work; one that fails is taken back alone."""
        async with self._connection.begin_nested():
            work = UnitOfWork(self._connection, self._machine_time, self._shelf)
            yield work
            await work.flush(self._names)

    reading = work

    @property
    def rows(self) -> RehearsalRows:
        """What has come of it so far."""
        return RehearsalRows(self._connection)


@asynccontextmanager
async def rehearsing(database: str, *, names: ReactionNames, machine: Clock, now: datetime) -> AsyncIterator[Rehearsal]:
    """Make the tables of a rehearsal, as things stand at this programme time, on a connection of its own.

    The connection is new: what a server has prepared on an old one would still mean the real tables.
    """
    engine = make_engine(database, pool=2)
    event.listen(engine.sync_engine, "before_execute", _only_what_is_played)
    sqlite = engine.dialect.name == "sqlite"
    options = dict(READING) if sqlite else {"isolation_level": "REPEATABLE READ"}
    try:
        async with engine.execution_options(**options, **{REHEARSAL: True}).connect() as connection:
            if not sqlite:
                await connection.execute(text(f"SET statement_timeout = '{_ENOUGH}'"))
                await connection.execute(text(f"SET idle_in_transaction_session_timeout = '{_ENOUGH}'"))
            await connection.run_sync(_set_the_stage, now - LOOKS_BACK)
            rehearsal = Rehearsal(engine, names=names, machine=machine, ring=_ring_for_nobody)
            rehearsal._connection = connection  # noqa: SLF001 - it is made here and nowhere else
            yield rehearsal
            await connection.rollback()
    finally:
        await engine.dispose()


def _only_what_is_played(connection: Connection, statement: Any, *rest: Any) -> None:
    """Refuse to write where a rehearsal only reads: that would be the real table."""
    written = getattr(statement, "table", None) if isinstance(statement, UpdateBase) else None
    if written is not None and written.key in {table.key for table in READ_IN_PLACE}:
        raise RuntimeError(f"a rehearsal must not write to {written.key}")


def _set_the_stage(connection: Connection, since: datetime) -> None:
    """Make the temporary tables. The rows are chosen from the real ones before the first of them is hidden."""
    schema = _TEMPORARY[connection.dialect.name]
    chosen = {table: _rows(connection, table, where(since)) for table, where in COPIED.items()}
    for table in (*COPIED, *EMPTY):
        stage = table.to_metadata(MetaData(), schema=schema)
        for constraint in list(stage.foreign_key_constraints):
            stage.constraints.discard(constraint)
        stage.create(connection, checkfirst=False)
        rows = chosen.get(table)
        if rows:
            connection.execute(insert(table), rows)
            _number_on(connection, table)


def _rows(connection: Connection, table: Table, where: ColumnElement[bool] | None) -> list[dict[str, Any]]:
    statement = select(table) if where is None else select(table).where(where)
    return [dict(row) for row in connection.execute(statement).mappings()]


def _number_on(connection: Connection, table: Table) -> None:
    """Let new numbers follow those that were copied; SQLite does so by itself."""
    (key, *others) = table.primary_key.columns
    if connection.dialect.name == "postgresql" and not others and isinstance(key.type.as_generic(), Integer):
        highest = connection.execute(select(func.max(key))).scalar() or 0
        sequence = f"pg_temp.{table.name}_{key.name}_seq"
        connection.execute(text(f"SELECT setval('{sequence}', {int(highest)})"))


def _ring_for_nobody(bell: str) -> None:
    """Say nothing: what is played concerns nobody."""
