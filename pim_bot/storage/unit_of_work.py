"""The unit of work: one transaction, with its repositories, its events and the bells to ring when it is committed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from pim_bot.clock import Clock, machine_clock
from pim_bot.errors import StorageBusy
from pim_bot.events.event import Event
from pim_bot.faults import crash_point
from pim_bot.programme.people import Actor
from pim_bot.storage.activities import ActivityRows, AttendanceRows
from pim_bot.storage.audit import Act, AuditRows, acts_of, write_acts
from pim_bot.storage.buckets import BucketRows, PauseRows
from pim_bot.storage.bulletins import BulletinRows
from pim_bot.storage.contributions import ContributionRows
from pim_bot.storage.deliveries import DeliveryRows
from pim_bot.storage.dropped import DroppedFileRows, PeopleListRows
from pim_bot.storage.due_items import DueItemRows
from pim_bot.storage.editions import EditionRows, EditionShelf
from pim_bot.storage.engine import make_reading
from pim_bot.storage.erasing import ErasureRows
from pim_bot.storage.feedback import FeedbackRows
from pim_bot.storage.feeds import FeedRows
from pim_bot.storage.forgotten import ForgottenRows
from pim_bot.storage.health import HealthRows
from pim_bot.storage.introductions import IntroductionRows
from pim_bot.storage.ledger import LedgerRows
from pim_bot.storage.machine_time import MachineTime
from pim_bot.storage.marked import MarkedRows
from pim_bot.storage.materials import MaterialRows
from pim_bot.storage.memory import Memory
from pim_bot.storage.one_time import OneTimeTokenRows
from pim_bot.storage.outbox import OutboxRows
from pim_bot.storage.people import AssignmentRows, PeopleRows
from pim_bot.storage.presences import PresenceRows
from pim_bot.storage.privacy import PrivacyRows
from pim_bot.storage.processes import ProcessRows
from pim_bot.storage.programme import ProgrammeRows
from pim_bot.storage.questions import QuestionRows
from pim_bot.storage.reactions import ReactionNames, ReactionRows, Recorded, write_events
from pim_bot.storage.recipients import IdentityRows, RecipientRows
from pim_bot.storage.reports import ReportRows
from pim_bot.storage.requests import RequestRows
from pim_bot.storage.retention import RetentionRows
from pim_bot.storage.rows import REHEARSAL, hold, upsert
from pim_bot.storage.sessions import SessionRequestRows, SessionRows
from pim_bot.storage.sqlite import BUSY_MILLISECONDS
from pim_bot.storage.states import states_of
from pim_bot.storage.tables.flow import programme_time
from pim_bot.storage.topics import TopicRows
from pim_bot.storage.trouble import trouble_of
from pim_bot.storage.visiting_cards import VisitingCardRows

Ring = Callable[[str], None]
"""Rings a bell: ``relay`` (reactions are due), ``deliver`` (messages are due), ``clock`` (what falls due changed)."""

PATIENCE = BUSY_MILLISECONDS / 1000
ACT = "act"
BACKGROUND_TRIES = 20
COURTESY = 2


class _TakenBack(Exception):
    """What was tried out is not kept."""


class UnitOfWork:
    """One transaction. Everything in it is committed together, or not at all."""

    def __init__(self, connection: AsyncConnection, machine_time: MachineTime, shelf: EditionShelf) -> None:
        self._connection = connection
        self.recorded: list[Recorded] = []
        self._declared: list[Act] = []
        self._before: dict[str, str] = {}
        self.editions = EditionRows(connection, shelf)
        self._memory = Memory()
        self.programme = ProgrammeRows(connection, self._changed)
        self.activities = ActivityRows(connection, self._memory)
        self.attendances = AttendanceRows(connection, self._memory)
        self.presences = PresenceRows(connection)
        self.reports = ReportRows(connection)
        self.people = PeopleRows(connection, self._memory)
        self.visiting_cards = VisitingCardRows(connection)
        self.introductions = IntroductionRows(connection, self._memory)
        self.assignments = AssignmentRows(connection, self._memory)
        self.contributions = ContributionRows(connection, self._memory)
        self.sessions = SessionRows(connection, self._memory)
        self.session_requests = SessionRequestRows(connection, self._memory)
        self.questions = QuestionRows(connection)
        self.marked = MarkedRows(connection)
        self.dropped_files = DroppedFileRows(connection)
        self.people_lists = PeopleListRows(connection)
        self.topics = TopicRows(connection)
        self.bulletins = BulletinRows(connection)
        self.materials = MaterialRows(connection)
        self.recipients = RecipientRows(connection)
        self.identities = IdentityRows(connection, self._memory)
        self.outbox = OutboxRows(connection)
        self.deliveries = DeliveryRows(connection, machine_time)
        self.ledger = LedgerRows(connection)
        self.buckets = BucketRows(connection, machine_time)
        self.pauses = PauseRows(connection, machine_time)
        self.due_items = DueItemRows(connection)
        self.feedback = FeedbackRows(connection)
        self.feeds = FeedRows(connection)
        self.requests = RequestRows(connection)
        self.one_time_tokens = OneTimeTokenRows(connection)
        self.processes = ProcessRows(connection, machine_time)
        self.audit = AuditRows(connection)
        self.reactions = ReactionRows(connection, machine_time)
        self.health = HealthRows(connection, machine_time)
        self.privacy = PrivacyRows(connection)
        self.erasures = ErasureRows(connection)
        self.forgotten = ForgottenRows(connection)
        self.retention = RetentionRows(connection)

    def record(self, event: Event, *, actor: Actor, at: datetime) -> None:
        """Write the event, its reactions and its audit row together with the change."""
        self.recorded.append((event, actor, at))

    def act(self, action: str, subject: str, *, actor: Actor, at: datetime) -> None:
        """Write one audit row for everything this actor does in this transaction, whatever events come of it.

        For an act of which many events come, or none. ``action`` is a past participle, as events are.
        """
        self._declared.append(Act(action=action, subject=subject, actor=actor, at=at))

    async def hold(self, subject: str, *, changes: bool = True) -> None:
        """Keep everybody else from changing a subject until this transaction ends; what is read after it is current.

        How it is now goes into the audit as the state before the act, unless the act ``changes`` something else.
        """
        await hold(self._connection, [subject])
        self._memory.forget()
        if changes and subject not in self._before:
            self._before |= await states_of(self._connection, [subject])

    @asynccontextmanager
    async def tentatively(self) -> AsyncIterator[None]:
        """Do something that may go wrong without spoiling the whole transaction."""
        async with self._connection.begin_nested():
            yield

    def _changed(self) -> None:
        self.editions.changed()
        self._memory.forget()

    async def keep_offset(self, offset: timedelta) -> None:
        """Keep how far programme time was wound."""
        row = {"id": 1, "offset_microseconds": int(offset / timedelta(microseconds=1))}
        await upsert(self._connection, programme_time, [row])

    async def offset(self) -> timedelta:
        """Tell how far programme time was wound."""
        found = await self._connection.execute(select(programme_time.c.offset_microseconds))
        return timedelta(microseconds=found.scalar() or 0)

    async def flush(self, names: ReactionNames) -> None:
        """Write what was recorded; called once, before the commit.

        Numbers are given at the insert and seen at the commit: whoever holds the subjects gives them in the order in
        which they will be seen, so that no reaction hears of the second event of a subject before the first.
        """
        await hold(self._connection, (event.subject for event, _, _ in self.recorded))
        await write_events(self._connection, self.recorded, names)
        await write_acts(self._connection, acts_of(self.recorded, self._declared), self._before)

    def bells(self) -> set[str]:
        """Tell which bells are to be rung once this is committed."""
        bells = {"relay"} if self.recorded else set()
        bells |= {"deliver"} if self.outbox.planned or self.ledger.planned else set()
        bells |= {"clock"} if self.due_items.planned else set()
        bells |= {"quote"} if self.marked.new else set()
        bells |= {"fetch"} if self.dropped_files.new else set()
        return bells | ({"match"} if self.identities.seen else set())


class Storage:
    """Opens units of work on one engine; on SQLite one writer at a time inside this process.

    Between processes SQLite's lock is not fair: whoever asks again at once gets it again. So where several processes
    write (``shares_database``), background work waits patiently for the lock and leaves it free for twice the time it
    held it. On PostgreSQL machine time inside statements is the database's, unless a clock of one's own is handed in.
    """

    def __init__(self, engine: AsyncEngine, *, names: ReactionNames, machine: Clock, ring: Ring) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self.shares_database = False
        self._names = names
        self._machine_clock = machine
        self._machine_time = MachineTime(None if machine is machine_clock and not self.is_sqlite else machine)
        self._ring = ring
        self._shelf = EditionShelf()
        self._reading = make_reading(engine)
        self._trying = engine.execution_options(**{REHEARSAL: True})
        self._writing = asyncio.Lock() if self.is_sqlite else None

    @asynccontextmanager
    async def work(self, label: str = ACT) -> AsyncIterator[UnitOfWork]:
        """Open a transaction that writes; ``label`` names its crash points, and everything but an act can wait.

        Raises ``StorageBusy`` when the database is held by somebody else for too long, ``StorageAway`` when it does
        not answer; nothing is written then.
        """
        await self._acquire(label)
        try:
            async with self._begin(self.engine, tries=1 if label == ACT else BACKGROUND_TRIES) as work:
                began = self._machine_clock()
                yield work
                await work.flush(self._names)
                crash_point(f"{label}.before-commit")
            crash_point(f"{label}.after-commit")
            if self.is_sqlite and self.shares_database and label != ACT:
                await asyncio.sleep(COURTESY * (self._machine_clock() - began).total_seconds())
        finally:
            if self._writing:
                self._writing.release()
        for bell in sorted(work.bells()):
            self._ring(bell)

    @asynccontextmanager
    async def what_if(self) -> AsyncIterator[UnitOfWork]:
        """Open a transaction that is taken back at its end; it holds no names, since nobody sees what it does.

        Raises ``StorageBusy`` and ``StorageAway`` as an act does.
        """
        await self._acquire(ACT)
        try:
            with suppress(_TakenBack):
                async with self._begin(self._trying, tries=1) as work:
                    yield work
                    raise _TakenBack
        finally:
            if self._writing:
                self._writing.release()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[UnitOfWork]:
        """Open a transaction that only reads; it neither waits for writers nor makes them wait."""
        async with self._begin(self._reading, tries=1) as work:
            yield work

    @asynccontextmanager
    async def _begin(self, engine: AsyncEngine, *, tries: int) -> AsyncIterator[UnitOfWork]:
        try:
            async with AsyncExitStack() as opened:
                connection = await self._connected(engine, opened, tries)
                yield UnitOfWork(connection, self._machine_time, self._shelf)
        except (DBAPIError, PoolTimeout) as error:
            if trouble := trouble_of(error):
                raise trouble from error
            raise

    async def _connected(self, engine: AsyncEngine, opened: AsyncExitStack, tries: int) -> AsyncConnection:
        """Begin a transaction; on SQLite the lock is taken here or not at all, so trying again repeats nothing."""
        for left in reversed(range(tries if self.is_sqlite else 1)):
            try:
                return await opened.enter_async_context(engine.begin())
            except DBAPIError as error:
                if not left or not isinstance(trouble_of(error), StorageBusy):
                    raise
        raise StorageBusy("the database was never asked")

    async def _acquire(self, label: str) -> None:
        if self._writing is None:
            return
        try:
            await asyncio.wait_for(self._writing.acquire(), PATIENCE if label == ACT else PATIENCE * BACKGROUND_TRIES)
        except TimeoutError as error:
            raise StorageBusy("this process is writing for too long") from error

    async def close(self) -> None:
        """Close every connection; a forgotten one would keep the process alive."""
        await self.engine.dispose()
