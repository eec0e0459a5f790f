"""Puts the hub together and runs it; the only file that names concrete classes."""

import asyncio
import contextlib
import logging
import re
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from pim_bot.clients.queue import Queue
from pim_bot.clients.slack import SlackChat, SlackScreens, make_client
from pim_bot.clock import Clock, ProgrammeClock, machine_clock
from pim_bot.errors import SettingsError
from pim_bot.events.bus import Bus
from pim_bot.handlers.activities import ActivityHandlers
from pim_bot.handlers.agenda import AgendaHandlers
from pim_bot.handlers.assignments import AssignmentHandlers
from pim_bot.handlers.attendance import AttendanceHandlers
from pim_bot.handlers.channels import ChannelHandlers
from pim_bot.handlers.dispatch import Dispatcher
from pim_bot.handlers.door import Door
from pim_bot.handlers.feedback import FeedbackHandlers
from pim_bot.jobs.deliver import Delivery
from pim_bot.jobs.fall_due import FallingDue
from pim_bot.jobs.match import Matching
from pim_bot.jobs.rounds import Polling, Wakeful
from pim_bot.jobs.winding import Winding
from pim_bot.routes import REACTIONS, Hub, chat_tables, jobs, slack_routes, web_routes
from pim_bot.settings import Settings, missing_for_slack
from pim_bot.storage.engine import make_engine, upgrade
from pim_bot.storage.unit_of_work import Storage
from pim_bot.web.access import RouteAccessLogger
from pim_bot.web.feeds import FeedPages
from pim_bot.web.guard import MOST_BYTES, Guard
from pim_bot.web.health import HealthPages
from pim_bot.web.slack import SlackPages

log = structlog.get_logger(__name__)

WEB, WORKER, CLOCK = "web", "worker", "clock"
EVERYTHING = frozenset({WEB, WORKER, CLOCK})
OLDEST_BACKLOG_MINUTES = 15

_SECRETS = re.compile(r"xox[abpe](?:\.|-)[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+")


def set_up_logging(*, level: int = logging.INFO, for_people: bool = False) -> None:
    """Log to standard error: one JSON object a line, or readable lines; secrets never."""
    renderer = structlog.dev.ConsoleRenderer() if for_people else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            _scrub,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)


def _scrub(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: _SECRETS.sub("[secret]", value) if isinstance(value, str) else value for key, value in event.items()}


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
    bells: Bells
    storage: Storage
    chat: SlackChat
    bolt: AsyncApp | None
    bus: Bus
    falling_due: FallingDue
    delivery: Delivery
    matching: Matching
    winding: Winding
    hub: Hub
    app: web.Application

    async def migrate(self) -> None:
        """Bring the database to the newest migration, and take over how far time was wound."""
        await upgrade(self.storage.engine)
        async with self.storage.reading() as work:
            self.clock.offset = await work.offset()


@asynccontextmanager
async def put_together(settings: Settings, *, machine: Clock = machine_clock) -> AsyncIterator[Parts]:
    """Make all parts for these settings, and close what they hold open at the end."""
    bells = Bells()
    clock = ProgrammeClock(machine)
    names = {event: tuple(reaction.name for reaction in named) for event, named in REACTIONS.items()}
    storage = Storage(make_engine(settings.database), names=names, machine_clock=machine, ring=bells.ring)
    async with contextlib.AsyncExitStack() as opened:
        opened.push_async_callback(storage.close)
        session = await opened.enter_async_context(aiohttp.ClientSession(trust_env=True))
        client = make_client(settings.slack_bot_token.get_secret_value(), settings.slack_api, session)
        chat = SlackChat(client)
        bus = Bus(reactions=REACTIONS, open_work=partial(storage.work, "relay"), machine_clock=machine)
        falling_due = FallingDue(open_work=partial(storage.work, "clock"), programme_clock=clock, machine_clock=machine)
        delivery = Delivery(
            claim_work=partial(storage.work, "claim"),
            record_work=partial(storage.work, "record"),
            chat=chat,
            programme_clock=clock,
            machine_clock=machine,
            lease=settings.lease,
            doubt_wait=settings.doubt_wait,
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
        hub = _hub(settings, storage, clock, machine, SlackScreens(client), bus)
        bolt = _bolt(client, hub) if settings.slack_bot_token.get_secret_value() else None
        app = web.Application(client_max_size=MOST_BYTES)
        web_routes(app, hub, _slack_pages(settings, hub, bolt, machine))
        yield Parts(
            settings=settings,
            clock=clock,
            bells=bells,
            storage=storage,
            chat=chat,
            bolt=bolt,
            bus=bus,
            falling_due=falling_due,
            delivery=delivery,
            matching=matching,
            winding=winding,
            hub=hub,
            app=app,
        )


def _bolt(client: AsyncWebClient, hub: Hub) -> AsyncApp:
    """Make Bolt with its listeners.

    The guard checks signatures before Bolt sees a request: Bolt knows one secret only and parses before it checks.
    """
    bolt = AsyncApp(client=client, process_before_response=True, request_verification_enabled=False)
    slack_routes(bolt, Dispatcher(door=hub.activities.door, tables=chat_tables(hub)))
    return bolt


def _slack_pages(settings: Settings, hub: Hub, bolt: AsyncApp | None, machine: Clock) -> SlackPages | None:
    if bolt is None or not settings.signing_secrets:
        return None
    guard = Guard(settings.signing_secrets, machine_clock=machine, oldest=settings.signature)
    return SlackPages(guard=guard, bolt=bolt, park=hub.activities.door.park)


def _hub(settings: Settings, storage: Storage, clock: Clock, machine: Clock, screens: SlackScreens, bus: Bus) -> Hub:
    door = Door(
        open_work=storage.work,
        open_reading=storage.reading,
        programme_clock=clock,
        machine_clock=machine,
        screens=screens,
    )
    return Hub(
        activities=ActivityHandlers(door=door, screens=screens),
        attendance=AttendanceHandlers(door=door, screens=screens),
        agenda=AgendaHandlers(door=door, screens=screens, public_url=settings.public),
        assignments=AssignmentHandlers(door=door, screens=screens),
        feedback=FeedbackHandlers(door=door),
        channels=ChannelHandlers(door=door),
        feeds=FeedPages(open_reading=storage.reading, programme_clock=clock),
        health=HealthPages(checks=_checks(storage, clock, machine)),
    )


def _checks(storage: Storage, clock: Clock, machine: Clock) -> dict[str, Callable[[], Awaitable[str]]]:
    async def database() -> str:
        async with storage.reading() as work:
            await work.editions.in_force(clock().date())
        return ""

    async def backlog() -> str:
        async with storage.reading() as work:
            oldest = await work.deliveries.oldest_waiting(clock(), machine())
        waits = (clock() - oldest).total_seconds() / 60 if oldest else 0
        return f"the oldest message has waited {waits:.0f} minutes" if waits > OLDEST_BACKLOG_MINUTES else ""

    async def reactions() -> str:
        async with storage.reading() as work:
            parked = await work.reactions.parked()
        return f"{len(parked)} parked: see `pim-bot parked`" if parked else ""

    return {"database": database, "backlog": backlog, "reactions": reactions}


@asynccontextmanager
async def background(parts: Parts, roles: frozenset[str]) -> AsyncIterator[None]:
    """Run the worker and the clock of this process, as far as its roles ask for them."""
    parts.storage.shares_database = roles != EVERYTHING
    tasks: list[asyncio.Task[None]] = []
    queue: Queue | None = None
    if WORKER in roles or parts.settings.broker_url:
        queue = Queue(parts.settings.broker_url, jobs(parts.bus, parts.falling_due, parts.delivery, parts.matching))
        parts.bells.heard_by.append(queue.ring)
    if WORKER in roles and queue is not None:
        await queue.start()
        polling = Polling(ring=queue.ring, bells=("relay", "deliver", "match"), every=parts.settings.poll)
        tasks.append(asyncio.create_task(polling.run()))
    if CLOCK in roles:
        wakeful = Wakeful(
            open_reading=parts.storage.reading, run_due=parts.falling_due.run_due, programme_clock=parts.clock
        )
        parts.bells.heard_by.append(lambda bell: wakeful.wake() if bell == CLOCK else None)
        tasks.append(asyncio.create_task(wakeful.run()))
    try:
        yield
    finally:
        parts.bells.heard_by.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if queue is not None:
            await queue.stop()


@asynccontextmanager
async def serving(parts: Parts) -> AsyncIterator[int]:
    """Serve the web door, and Socket Mode if there is a token for it; tells the port."""
    runner = web.AppRunner(parts.app, access_log_class=RouteAccessLogger, handle_signals=False, shutdown_timeout=5)
    await runner.setup()
    site = web.TCPSite(runner, parts.settings.host, parts.settings.port)
    await site.start()
    port = runner.addresses[0][1]
    socket_mode: AsyncSocketModeHandler | None = None
    app_token = parts.settings.slack_app_token.get_secret_value()
    try:
        if app_token and parts.bolt is not None:
            socket_mode = AsyncSocketModeHandler(parts.bolt, app_token, ping_interval=5)
            await socket_mode.connect_async()  # type: ignore[no-untyped-call]
        yield port
    finally:
        if socket_mode is not None:
            await socket_mode.close_async()  # type: ignore[no-untyped-call]
        await runner.cleanup()


async def run(settings: Settings, roles: frozenset[str] = EVERYTHING) -> None:
    """Run the hub, or some of its roles, until SIGTERM or SIGINT."""
    missing = missing_for_slack(settings)
    if missing:
        raise SettingsError("\n".join(missing))
    stop = stop_signal()
    async with put_together(settings) as parts:
        await parts.migrate()
        async with background(parts, roles):
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
