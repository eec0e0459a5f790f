"""Puts the hub together and runs it; the only file that names concrete classes."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from pim_bot.clients.disk import free_space
from pim_bot.clients.egress import guarded_session
from pim_bot.clients.queue import Queue
from pim_bot.clients.slack import SlackChat, SlackScreens, hearing_dates, make_client
from pim_bot.clients.socket_mode import SocketMode, address_from, answer_by
from pim_bot.clock import Clock, ProgrammeClock, Skew, machine_clock
from pim_bot.errors import NobodyHeard, PimBotError, SettingsError
from pim_bot.events.bus import Bus
from pim_bot.handlers.activities import ActivityHandlers
from pim_bot.handlers.agenda import AgendaHandlers
from pim_bot.handlers.assignments import AssignmentHandlers
from pim_bot.handlers.attendance import AttendanceHandlers
from pim_bot.handlers.channels import ChannelHandlers
from pim_bot.handlers.deliveries import DeliveryHandlers
from pim_bot.handlers.dispatch import Dispatcher
from pim_bot.handlers.door import Door
from pim_bot.handlers.feedback import FeedbackHandlers
from pim_bot.handlers.notice import NoticedScreens
from pim_bot.handlers.privacy import PrivacyHandlers
from pim_bot.jobs.dead_man import DeadMan
from pim_bot.jobs.deliver import Delivery
from pim_bot.jobs.fall_due import DUTY, FallingDue
from pim_bot.jobs.match import Matching
from pim_bot.jobs.ports import WorkerWork
from pim_bot.jobs.presence import MISSED_BEATS, Presence
from pim_bot.jobs.rehearse import Rehearsing
from pim_bot.jobs.retain import Retaining
from pim_bot.jobs.rounds import Polling, Wakeful, do_job
from pim_bot.jobs.seal import Sealing
from pim_bot.jobs.winding import Winding
from pim_bot.patience import within
from pim_bot.process import Process, this_process
from pim_bot.routes import LIMITS, REACTIONS, Hub, chat_tables, health_routes, jobs, slack_routes, web_routes
from pim_bot.scrubbing import keep_out
from pim_bot.secret_keys import SecretKeys, read_secret_keys
from pim_bot.settings import Settings, missing_for_slack
from pim_bot.shift import Shift
from pim_bot.storage.bells import bells_of
from pim_bot.storage.engine import key_file, make_engine, upgrade
from pim_bot.storage.rehearsal import rehearsing
from pim_bot.storage.unit_of_work import Storage
from pim_bot.vitals import MEGABYTE, Limits, Signs, Vitals
from pim_bot.web.access import RouteAccessLogger
from pim_bot.web.feeds import FeedPages
from pim_bot.web.guard import MOST_BYTES, Guard
from pim_bot.web.headers import secured
from pim_bot.web.health import HealthPages
from pim_bot.web.slack import SlackPages
from pim_bot.web.throttle import Clients, per_minute, throttled

if TYPE_CHECKING:
    from pim_bot.web.metrics import Metrics

log = structlog.get_logger(__name__)

WEB, WORKER, CLOCK = "web", "worker", "clock"
EVERYTHING = frozenset({WEB, WORKER, CLOCK})
BOLT = "pim_bot.bolt"
LONGEST_ALONE, LONGEST_SHARED = timedelta(milliseconds=15), timedelta(milliseconds=150)
"""How long a transaction of background work may last: on SQLite nobody else can write meanwhile."""
CONNECT = timedelta(seconds=3)
WATCH = timedelta(seconds=10)
SHORTEST_SILENCE = timedelta(seconds=10)
"""A heart may miss beats for so long because the database is busy."""
FINISH = timedelta(seconds=4)
"""How long what was claimed may take to its end; a supervisor's own patience ends soon after (honcho's in five)."""
LEAVE = timedelta(seconds=1)


@dataclass
class Bells:
    """Where a bell is heard: the queue of this process, and its clock. Unheard ones cost a polling period."""

    heard_by: list[Callable[[str], None]] = field(default_factory=list)

    def ring(self, name: str) -> None:
        """Ring for whoever listens."""
        for hear in self.heard_by:
            hear(name)


@dataclass(kw_only=True)
class Senses:
    """By what this process knows how it is itself; what it does not have tells nothing."""

    machine_clock: Clock
    skew: Skew
    folders: tuple[Path, ...]
    presence: Presence
    queue: Queue | None = None
    sockets: SocketMode | None = None
    noted: Callable[[str, float, bool], None] = lambda _type, _seconds, _acknowledged: None

    async def signs(self) -> Signs:
        """Tell how this process is just now."""
        return Signs(
            now=self.machine_clock(),
            beat_at=self.presence.beat_at,
            ahead=self.skew.ahead,
            free=await free_space(folder for folder in self.folders if folder.exists()),
            links=self.sockets.links() if self.sockets else (),
            broker_away_since=self.queue.away_since if self.queue else None,
        )


@dataclass(kw_only=True)
class Parts:
    """Everything that was put together, before any of it runs."""

    settings: Settings
    clock: ProgrammeClock
    process: Process
    shift: Shift
    presence: Presence
    senses: Senses
    bells: Bells
    storage: Storage
    chat: SlackChat
    keys: SecretKeys
    bolt: AsyncApp | None
    bus: Bus
    falling_due: FallingDue
    delivery: Delivery
    matching: Matching
    dead_man: DeadMan
    winding: Winding
    rehearsing: Rehearsing
    hub: Hub
    app: web.Application
    wake_clock: Callable[[], None] = lambda: None
    give_up: Callable[[str], None] = lambda _why: None

    async def migrate(self) -> None:
        """Bring the database to the newest migration, and take over how far time was wound.

        Raises ``SettingsError``, before anything is written, when another host has this SQLite file.
        """
        await upgrade(self.storage.engine, first=self._require_one_host)
        async with self.storage.reading() as work:
            self.clock.offset = await work.offset()

    async def _require_one_host(self) -> None:
        async with self.storage.reading() as work:
            await self.presence.require_one_host(work)

    @asynccontextmanager
    async def present(self) -> AsyncIterator[None]:
        """Be registered as a process that writes. Raises ``SettingsError`` when another host has this SQLite file."""
        await self.presence.enter()
        beating = asyncio.create_task(self.presence.run())
        try:
            yield
        finally:
            await _ended(beating)
            with contextlib.suppress(PimBotError):  # the row says soon enough that the heart beats no more
                await within(LEAVE, _leave(self.storage, self.process))


@asynccontextmanager
async def put_together(
    settings: Settings, *, roles: frozenset[str] = frozenset({"command"}), machine: Clock = machine_clock
) -> AsyncIterator[Parts]:
    """Make all parts for these settings, and close what they hold open at the end."""
    bells = Bells()
    clock = ProgrammeClock(machine)
    process = this_process(roles)
    shift = Shift()
    names = {event: tuple(reaction.name for reaction in named) for event, named in REACTIONS.items()}
    engine = make_engine(settings.database, pool=settings.pool_size)
    keep_out(settings.secrets)
    keys = read_secret_keys(settings.secret_keys, file=key_file(settings.database))
    keep_out(keys.values)
    storage = Storage(engine, names=names, machine=machine, ring=bells.ring)
    async with contextlib.AsyncExitStack() as opened:
        opened.push_async_callback(storage.close)
        skew = Skew(machine)
        listening = hearing_dates(skew.told)
        session = await opened.enter_async_context(guarded_session(settings.slack_api, listening))
        client = make_client(settings.slack_bot_token.get_secret_value(), settings.slack_api, session)
        chat = SlackChat(client)
        longest = LONGEST_ALONE if storage.is_sqlite else LONGEST_SHARED
        bus = Bus(
            reactions=REACTIONS,
            open_work=partial(storage.work, "relay"),
            machine_clock=machine,
            longest_transaction=longest,
            shift=shift,
        )
        sealing = Sealing(
            open_work=partial(storage.work, "seal"),
            machine_clock=machine,
            process=process,
            lease=settings.leader,
            shift=shift,
        )
        retaining = Retaining(
            open_work=partial(storage.work, "clock"),
            open_reading=storage.reading,
            programme_clock=clock,
            machine_clock=machine,
            periods=settings.retention,
            shift=shift,
        )
        falling_due = FallingDue(
            open_work=partial(storage.work, "clock"),
            programme_clock=clock,
            machine_clock=machine,
            process=process,
            lease=settings.leader,
            chores=(sealing.run_due, retaining.run_due),
            shift=shift,
        )
        opened.push_async_callback(_step_down, storage, falling_due)
        delivery = Delivery(
            claim_work=partial(storage.work, "claim"),
            record_work=partial(storage.work, "record"),
            chat=chat,
            programme_clock=clock,
            machine_clock=machine,
            lease=settings.lease,
            doubt_wait=settings.doubt_wait,
            pace=settings.pace,
            flood=settings.flood,
            longest_transaction=longest,
            shift=shift,
        )
        matching = Matching(
            open_work=partial(storage.work, "record"),
            open_reading=storage.reading,
            chat=chat,
            programme_clock=clock,
            machine_clock=machine,
        )
        dead_man = DeadMan(
            open_work=partial(storage.work, "watch"),
            open_reading=storage.reading,
            programme_clock=clock,
            machine_clock=machine,
            patience=settings.overdue,
        )
        winding = Winding(
            clock=clock,
            open_work=partial(storage.work, "clock"),
            open_reading=storage.reading,
            runs=(falling_due.run_due, bus.run_due, delivery.run_due, matching.run_due),
        )
        rehearsal = Rehearsing(
            set_the_stage=partial(rehearsing, settings.database, names=names),
            bus=bus,
            falling_due=falling_due,
            delivery=delivery,
            programme_clock=clock,
            machine_clock=machine,
        )
        presence = _presence(settings, storage, clock, process, machine)
        senses = Senses(machine_clock=machine, skew=skew, folders=_folders(settings, storage), presence=presence)
        hub = _hub(settings, storage, clock, machine, SlackScreens(client), bus, senses)
        metrics = _metrics(settings, storage, hub, clock)
        if metrics is not None:
            hub = replace(hub, metrics=metrics.page)
            delivery.noted, senses.noted = metrics.delivered, metrics.envelope
        bolt = _bolt(client, hub) if settings.slack_bot_token.get_secret_value() else None
        app = _application(settings, machine, [metrics.measured] if metrics else [])
        web_routes(app, hub, _slack_pages(settings, hub, bolt, machine, skew))
        yield Parts(
            settings=settings,
            clock=clock,
            process=process,
            shift=shift,
            presence=presence,
            senses=senses,
            bells=bells,
            storage=storage,
            chat=chat,
            keys=keys,
            bolt=bolt,
            bus=bus,
            falling_due=falling_due,
            delivery=delivery,
            matching=matching,
            dead_man=dead_man,
            winding=winding,
            rehearsing=rehearsal,
            hub=hub,
            app=app,
        )


async def _step_down(storage: Storage, falling_due: FallingDue) -> None:
    """Let another clock lead at once; if that cannot be written, the lease ends soon."""
    if falling_due.leads:
        with contextlib.suppress(PimBotError):
            await within(LEAVE, _leave(storage, falling_due.process))


async def _leave(storage: Storage, process: Process) -> None:
    async with storage.work("heartbeat") as work:
        await work.processes.leave(process.id)


def _folders(settings: Settings, storage: Storage) -> tuple[Path, ...]:
    """Tell where this process writes files."""
    file = storage.engine.url.database if storage.is_sqlite else None
    return tuple(dict.fromkeys([settings.data_dir.absolute(), *([Path(file).parent] if file else [])]))


def _presence(
    settings: Settings, storage: Storage, clock: ProgrammeClock, process: Process, machine: Clock
) -> Presence:
    async def take_over_time(work: WorkerWork) -> None:
        clock.offset = await work.offset()

    return Presence(
        open_work=partial(storage.work, "heartbeat"),
        process=process,
        every=settings.heartbeat,
        one_host=storage.is_sqlite,
        on_beat=take_over_time,
        machine_clock=machine,
    )


def _bolt(client: AsyncWebClient, hub: Hub) -> AsyncApp:
    """Make Bolt with its listeners.

    The guard checks signatures before Bolt sees a request: Bolt knows one secret only and parses before it checks.
    """
    logger = logging.getLogger(BOLT)
    logger.setLevel(logging.ERROR)  # its warnings are advice for programmers
    bolt = AsyncApp(
        client=client,
        logger=logger,
        process_before_response=True,
        request_verification_enabled=False,
    )
    slack_routes(bolt, Dispatcher(door=hub.activities.door, tables=chat_tables(hub)))
    return bolt


def _application(settings: Settings, machine: Clock, outer: Sequence[Middleware]) -> web.Application:
    """Make the web's application: how many requests it takes, and what it says to every browser.

    ``outer`` see every request, also those that are one too many.
    """
    limit = partial(per_minute, machine_clock=machine)
    limits = {route: limit(settings.requests_per_minute * times) for route, times in LIMITS.items()}
    throttle = throttled(limits, otherwise=limit(settings.requests_per_minute), clients=Clients(settings.proxies))
    app = web.Application(client_max_size=MOST_BYTES, middlewares=[*outer, throttle])
    app.on_response_prepare.append(secured(https=settings.public.startswith("https://")))
    return app


def _slack_pages(settings: Settings, hub: Hub, bolt: AsyncApp | None, machine: Clock, skew: Skew) -> SlackPages | None:
    if bolt is None or not settings.signing_secrets:
        return None
    guard = Guard(
        settings.signing_secrets,
        machine_clock=machine,
        oldest=settings.signature,
        failures=per_minute(settings.requests_per_minute, machine),
        clients=Clients(settings.proxies),
        stamped=skew.stamped,
    )
    return SlackPages(guard=guard, bolt=bolt, park=hub.activities.door.park)


def _hub(
    settings: Settings,
    storage: Storage,
    clock: ProgrammeClock,
    machine: Clock,
    slack: SlackScreens,
    bus: Bus,
    senses: Senses,
) -> Hub:
    screens = NoticedScreens(screens=slack, open_reading=storage.reading, iod=settings.iod_contact)
    door = Door(
        open_work=storage.work,
        open_trial=storage.what_if,
        open_reading=storage.reading,
        programme_clock=clock,
        machine_clock=machine,
        screens=screens,
        iod=settings.iod_contact,
    )
    agenda = AgendaHandlers(door=door, screens=screens, public_url=settings.public)
    return Hub(
        activities=ActivityHandlers(door=door, screens=screens, play=bus.play),
        attendance=AttendanceHandlers(door=door, screens=screens),
        agenda=agenda,
        assignments=AssignmentHandlers(door=door, screens=screens),
        feedback=FeedbackHandlers(door=door),
        channels=ChannelHandlers(door=door),
        privacy=PrivacyHandlers(door=door, screens=screens, unknown=agenda.unknown, iod=settings.iod_contact),
        deliveries=DeliveryHandlers(door=door),
        feeds=FeedPages(open_reading=storage.reading, programme_clock=clock),
        health=HealthPages(
            vitals=_vitals(storage, settings, clock),
            signs=senses.signs,
            waited=clock.waited,
            machine_clock=machine,
            limits=Limits(
                silence=max(settings.heartbeat * MISSED_BEATS, SHORTEST_SILENCE),
                skew=settings.skew,
                deaf=settings.deaf,
                least_disk=settings.least_disk_mb * MEGABYTE,
            ),
        ),
    )


def _metrics(settings: Settings, storage: Storage, hub: Hub, clock: ProgrammeClock) -> "Metrics | None":
    """Make the metrics, if there is a token for them. Raises ``SettingsError`` when their library is not installed."""
    token = settings.metrics_token.get_secret_value()
    if not token:
        return None
    try:
        from pim_bot.web.metrics import Counts, Metrics  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise SettingsError(
            "PIM_METRICS_TOKEN: brakuje biblioteki prometheus-client. Prosimy ją zainstalować: make engines "
            "albo pip install 'pim-bot[metrics]'"
        ) from error

    async def counts() -> Counts:
        async with storage.reading() as work:
            return Counts(messages=await work.health.messages(), reactions=await work.health.reactions())

    health = hub.health
    return Metrics(
        token=token,
        vitals=health.vitals,
        counts=counts,
        signs=health.signs,
        examine=health.examine,
        waited=clock.waited,
    )


def _vitals(storage: Storage, settings: Settings, clock: ProgrammeClock) -> Callable[[], Awaitable[Vitals]]:
    async def vitals() -> Vitals:
        now = clock()
        async with storage.reading() as work:
            found = await work.health.vitals(now)
            overdue = await work.due_items.overdue(clock.ago(settings.overdue))
            edition = await work.editions.in_force(now.date())
            leader = await work.processes.leader(DUTY)
            seen = await work.processes.seen(within=settings.heartbeat * MISSED_BEATS)
        return replace(
            found,
            missed_runs=tuple(f"{run.kind} of {run.due_at:%Y-%m-%d %H:%M} UTC ({run.items})" for run in overdue),
            edition=edition.slug if edition else "",
            leader=leader,
            processes=tuple(seen),
        )

    return vitals


@asynccontextmanager
async def background(parts: Parts, roles: frozenset[str]) -> AsyncIterator[None]:
    """Run the worker and the clock of this process, as far as its roles ask for them."""
    parts.storage.shares_database = roles != EVERYTHING
    async with contextlib.AsyncExitStack() as running:
        await running.enter_async_context(_ringing(parts, roles))
        if CLOCK in roles:
            await running.enter_async_context(_clock(parts))
        if roles & {WEB, WORKER}:
            watching = Polling(jobs=_watches(parts), every=min(WATCH, parts.settings.overdue / 2))
            running.push_async_callback(_ended, asyncio.create_task(watching.run()))
        try:
            yield
        finally:
            parts.bells.heard_by.clear()
            await parts.shift.end(FINISH)


def _watches(parts: Parts) -> dict[str, Callable[[], Awaitable[object]]]:
    """Tell what a process looks at again and again by itself, so that an illness is seen also when nothing happens."""

    async def ask_time() -> None:
        told_at = parts.senses.skew.told_at
        if told_at is None or parts.senses.machine_clock() - told_at >= WATCH * 2:
            await parts.chat.ask_time()

    async def look_for_broker() -> None:
        if parts.senses.queue is not None:
            parts.senses.queue.look()

    looks = {"dead-man": parts.dead_man.look, "time": ask_time, "broker": look_for_broker}
    return {name: partial(parts.shift.do, partial(do_job, name, look)) for name, look in looks.items()}


@asynccontextmanager
async def _ringing(parts: Parts, roles: frozenset[str]) -> AsyncIterator[None]:
    """Let bells be heard: by the worker of this process or through the broker, and by other processes' clocks.

    Without a broker the database carries the bells for the workers too.
    """
    by_name = jobs(parts.bus, parts.delivery, parts.matching)
    answers = {name: partial(parts.shift.do, partial(do_job, name, job)) for name, job in by_name.items()}
    broker = parts.settings.broker_url
    async with contextlib.AsyncExitStack() as opened:
        queue = Queue(broker, answers) if WORKER in roles or broker else None
        parts.senses.queue = queue

        def hear(bell: str) -> None:
            if queue is not None and not broker:
                queue.ring(bell)
            if bell == CLOCK:
                parts.wake_clock()

        tell_others = await opened.enter_async_context(bells_of(parts.storage.engine, hear))
        if queue is not None:
            opened.push_async_callback(queue.stop)
            parts.bells.heard_by.append(queue.ring)
        if WORKER in roles and queue is not None:
            await parts.delivery.begin()
            await queue.start()
            opened.push_async_callback(
                _ended, asyncio.create_task(Polling(jobs=answers, every=parts.settings.poll).run())
            )
        parts.bells.heard_by.append(lambda bell: tell_others(bell) if bell == CLOCK or not broker else None)
        yield


@asynccontextmanager
async def _clock(parts: Parts) -> AsyncIterator[None]:
    """Let things fall due while this process leads, or stand by."""
    wakeful = Wakeful(
        open_reading=parts.storage.reading,
        run_due=partial(parts.shift.do, parts.falling_due.run_due),
        leads=lambda: parts.falling_due.leads,
        programme_clock=parts.clock,
        at_latest=parts.settings.leader / 3,
    )
    parts.wake_clock = wakeful.wake
    parts.bells.heard_by.append(lambda bell: wakeful.wake() if bell == CLOCK else None)
    task = asyncio.create_task(wakeful.run())
    try:
        yield
    finally:
        await _ended(task)


async def _ended(task: asyncio.Task[None]) -> None:
    """Cancel a task; one that hangs on a server that has frozen ends by itself, later."""
    task.cancel()
    await asyncio.wait({task}, timeout=LEAVE.total_seconds())


@asynccontextmanager
async def serving(parts: Parts) -> AsyncIterator[int]:
    """Serve the web door, and Socket Mode if there is a token for it; tells the port."""
    runner = web.AppRunner(
        parts.app,
        access_log_class=RouteAccessLogger,
        handle_signals=False,
        shutdown_timeout=3,
        auto_decompress=False,  # nobody who may come in packs a body; whoever does sends a bomb
    )
    await runner.setup()
    site = web.TCPSite(runner, parts.settings.host, parts.settings.port)
    await site.start()
    port = runner.addresses[0][1]
    try:
        if parts.settings.slack_app_token.get_secret_value() and parts.bolt is not None:
            async with _socket_mode(parts, parts.bolt):
                yield port
        else:
            yield port
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _telling(parts: Parts) -> AsyncIterator[int]:
    """Serve the health of a process that serves nothing else, if it is given a port for that; tells the port, or 0."""
    if parts.settings.health_port is None:
        yield 0
        return
    app = _application(parts.settings, parts.senses.machine_clock, [])
    health_routes(app, parts.hub)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, parts.settings.host, parts.settings.health_port).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _socket_mode(parts: Parts, bolt: AsyncApp) -> AsyncIterator[None]:
    """Connect to Slack; while it cannot be reached that goes on beside, so that the process still hears its end."""
    settings = parts.settings
    sockets = parts.senses.sockets = SocketMode(
        open_address=address_from(bolt.client, settings.slack_app_token.get_secret_value()),
        make_session=partial(guarded_session, settings.slack_api),
        answer=answer_by(bolt),
        machine_clock=parts.senses.machine_clock,
        deaf_after=settings.deaf,
        end_after=settings.deaf_end,
        give_up=parts.give_up,
        noted=parts.senses.noted,
    )
    try:
        if not await sockets.start(within=CONNECT):
            log.warning("slack.not-connected-yet")
        yield
    finally:
        await sockets.stop(within=FINISH)


async def run(settings: Settings, roles: frozenset[str] = EVERYTHING) -> None:
    """Run the hub, or some of its roles, until SIGTERM or SIGINT.

    Raises ``NobodyHeard`` when it ended by itself because Slack was not heard for too long.
    """
    missing = missing_for_slack(settings) if roles & {WEB, WORKER} else []
    if missing:
        raise SettingsError("\n".join(missing))
    stop = stop_signal()
    gave_up: list[str] = []

    def give_up(why: str) -> None:
        gave_up.append(why)
        stop.set()

    async with put_together(settings, roles=roles) as parts:
        parts.give_up = give_up
        await parts.migrate()
        async with parts.present(), background(parts, roles), contextlib.AsyncExitStack() as opened:
            port = await opened.enter_async_context(serving(parts) if WEB in roles else _telling(parts))
            log.info("started", roles=sorted(roles), **({"port": port} if port else {}))
            await stop.wait()
    if gave_up:
        log.error("slack.nobody-heard", why=gave_up[0])
        raise NobodyHeard(f"{gave_up[0]}: this process ends, so that whatever supervises it starts it anew")


def stop_signal() -> asyncio.Event:
    """Make the event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
