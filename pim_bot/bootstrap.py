"""Puts the hub together and runs it; the only file that names concrete classes."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from pim_bot.clients.egress import guard_socket_mode, guarded_session
from pim_bot.clients.queue import Queue
from pim_bot.clients.slack import SlackChat, SlackScreens, make_client
from pim_bot.clock import Clock, ProgrammeClock, machine_clock
from pim_bot.errors import PimBotError, SettingsError
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
from pim_bot.routes import LIMITS, REACTIONS, Hub, chat_tables, jobs, slack_routes, web_routes
from pim_bot.scrubbing import keep_out
from pim_bot.secret_keys import SecretKeys, read_secret_keys
from pim_bot.settings import Settings, missing_for_slack
from pim_bot.shift import Shift
from pim_bot.storage.bells import bells_of
from pim_bot.storage.engine import key_file, make_engine, upgrade
from pim_bot.storage.rehearsal import rehearsing
from pim_bot.storage.unit_of_work import Storage
from pim_bot.web.access import RouteAccessLogger
from pim_bot.web.feeds import FeedPages
from pim_bot.web.guard import MOST_BYTES, Guard
from pim_bot.web.headers import secured
from pim_bot.web.health import Check, HealthPages
from pim_bot.web.slack import SlackPages
from pim_bot.web.throttle import Clients, per_minute, throttled

log = structlog.get_logger(__name__)

WEB, WORKER, CLOCK = "web", "worker", "clock"
EVERYTHING = frozenset({WEB, WORKER, CLOCK})
OLDEST_BACKLOG_MINUTES = 15
BOLT = "pim_bot.bolt"
LONGEST_ALONE, LONGEST_SHARED = timedelta(milliseconds=15), timedelta(milliseconds=150)
"""How long a transaction of background work may last: on SQLite nobody else can write meanwhile."""
CONNECT = timedelta(seconds=3)
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
class Parts:
    """Everything that was put together, before any of it runs."""

    settings: Settings
    clock: ProgrammeClock
    process: Process
    shift: Shift
    presence: Presence
    bells: Bells
    storage: Storage
    chat: SlackChat
    keys: SecretKeys
    bolt: AsyncApp | None
    bus: Bus
    falling_due: FallingDue
    delivery: Delivery
    matching: Matching
    winding: Winding
    rehearsing: Rehearsing
    hub: Hub
    app: web.Application
    wake_clock: Callable[[], None] = lambda: None

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
        session = await opened.enter_async_context(guarded_session(settings.slack_api))
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
        hub = _hub(settings, storage, clock, machine, SlackScreens(client), bus)
        bolt = _bolt(client, hub) if settings.slack_bot_token.get_secret_value() else None
        app = _application(settings, machine)
        web_routes(app, hub, _slack_pages(settings, hub, bolt, machine))
        yield Parts(
            settings=settings,
            clock=clock,
            process=process,
            shift=shift,
            presence=_presence(settings, storage, clock, process),
            bells=bells,
            storage=storage,
            chat=chat,
            keys=keys,
            bolt=bolt,
            bus=bus,
            falling_due=falling_due,
            delivery=delivery,
            matching=matching,
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


def _presence(settings: Settings, storage: Storage, clock: ProgrammeClock, process: Process) -> Presence:
    async def take_over_time(work: WorkerWork) -> None:
        clock.offset = await work.offset()

    return Presence(
        open_work=partial(storage.work, "heartbeat"),
        process=process,
        every=settings.heartbeat,
        one_host=storage.is_sqlite,
        on_beat=take_over_time,
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


def _application(settings: Settings, machine: Clock) -> web.Application:
    """Make the web's application: how many requests it takes, and what it says to every browser."""
    limit = partial(per_minute, machine_clock=machine)
    limits = {route: limit(settings.requests_per_minute * times) for route, times in LIMITS.items()}
    throttle = throttled(limits, otherwise=limit(settings.requests_per_minute), clients=Clients(settings.proxies))
    app = web.Application(client_max_size=MOST_BYTES, middlewares=[throttle])
    app.on_response_prepare.append(secured(https=settings.public.startswith("https://")))
    return app


def _slack_pages(settings: Settings, hub: Hub, bolt: AsyncApp | None, machine: Clock) -> SlackPages | None:
    if bolt is None or not settings.signing_secrets:
        return None
    guard = Guard(
        settings.signing_secrets,
        machine_clock=machine,
        oldest=settings.signature,
        failures=per_minute(settings.requests_per_minute, machine),
        clients=Clients(settings.proxies),
    )
    return SlackPages(guard=guard, bolt=bolt, park=hub.activities.door.park)


def _hub(settings: Settings, storage: Storage, clock: Clock, machine: Clock, slack: SlackScreens, bus: Bus) -> Hub:
    screens = NoticedScreens(screens=slack, open_reading=storage.reading, iod=settings.iod_contact)
    door = Door(
        open_work=storage.work,
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
        health=HealthPages(checks=_checks(storage, clock), facts=_facts(storage, settings)),
    )


def _checks(storage: Storage, clock: Clock) -> dict[str, Check]:
    async def database() -> str:
        async with storage.reading() as work:
            await work.editions.in_force(clock().date())
        return ""

    async def backlog() -> str:
        async with storage.reading() as work:
            oldest = await work.deliveries.oldest_waiting(clock())
        waits = (clock() - oldest).total_seconds() / 60 if oldest else 0
        return f"the oldest message has waited {waits:.0f} minutes" if waits > OLDEST_BACKLOG_MINUTES else ""

    async def reactions() -> str:
        async with storage.reading() as work:
            parked = await work.reactions.parked()
        return f"{len(parked)} parked: see `pim-bot parked`" if parked else ""

    return {"database": database, "backlog": backlog, "reactions": reactions}


def _facts(storage: Storage, settings: Settings) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Make what ``/readyz`` tells besides: a web is fit to serve without a clock, but somebody should know."""

    async def facts() -> dict[str, Any]:
        async with storage.reading() as work:
            found = await work.processes.leader(DUTY)
            seen = await work.processes.seen(within=settings.heartbeat * MISSED_BEATS)
        name, until, leads = found or ("", None, False)
        clock = {"leader": name if leads else None, "until": until.isoformat(timespec="seconds") if until else None}
        processes = [{"name": one.process.name, "roles": list(one.process.roles)} for one in seen if one.live]
        return {"clock": clock, "processes": processes}

    return facts


@asynccontextmanager
async def background(parts: Parts, roles: frozenset[str]) -> AsyncIterator[None]:
    """Run the worker and the clock of this process, as far as its roles ask for them."""
    parts.storage.shares_database = roles != EVERYTHING
    async with contextlib.AsyncExitStack() as running:
        await running.enter_async_context(_ringing(parts, roles))
        if CLOCK in roles:
            await running.enter_async_context(_clock(parts))
        try:
            yield
        finally:
            parts.bells.heard_by.clear()
            await parts.shift.end(FINISH)


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
    runner = web.AppRunner(parts.app, access_log_class=RouteAccessLogger, handle_signals=False, shutdown_timeout=3)
    await runner.setup()
    site = web.TCPSite(runner, parts.settings.host, parts.settings.port)
    await site.start()
    port = runner.addresses[0][1]
    app_token = parts.settings.slack_app_token.get_secret_value()
    try:
        if app_token and parts.bolt is not None:
            async with _socket_mode(parts.bolt, app_token, parts.settings.slack_api):
                yield port
        else:
            yield port
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _socket_mode(bolt: AsyncApp, app_token: str, api_url: str) -> AsyncIterator[None]:
    """Connect to Slack; while it cannot be reached that goes on beside, so that the process still hears its end."""
    socket_mode = AsyncSocketModeHandler(bolt, app_token, ping_interval=5)
    await guard_socket_mode(socket_mode, api_url)
    connecting = asyncio.ensure_future(socket_mode.connect_async())  # type: ignore[no-untyped-call]
    try:
        done, _ = await asyncio.wait({connecting}, timeout=CONNECT.total_seconds())
        if done:
            connecting.result()
        else:
            log.warning("slack.not-connected-yet")
        yield
    finally:
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)
        await socket_mode.close_async()  # type: ignore[no-untyped-call]


async def run(settings: Settings, roles: frozenset[str] = EVERYTHING) -> None:
    """Run the hub, or some of its roles, until SIGTERM or SIGINT."""
    missing = missing_for_slack(settings) if roles & {WEB, WORKER} else []
    if missing:
        raise SettingsError("\n".join(missing))
    stop = stop_signal()
    async with put_together(settings, roles=roles) as parts:
        await parts.migrate()
        async with parts.present(), background(parts, roles):
            if WEB not in roles:
                log.info("started", roles=sorted(roles))
                await stop.wait()
                return
            async with serving(parts) as port:
                log.info("started", roles=sorted(roles), port=port)
                await stop.wait()


def stop_signal() -> asyncio.Event:
    """Make the event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
