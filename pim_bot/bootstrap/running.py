"""Runs a hub that was put together: the roles of a process, from its start to SIGTERM."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp

from pim_bot.bootstrap.building import application, put_together
from pim_bot.bootstrap.parts import CLOCK, EVERYTHING, WEB, WORKER, Parts, ended
from pim_bot.clients.egress import guarded_session
from pim_bot.clients.queue import Queue
from pim_bot.clients.socket_mode import SocketMode, address_from, answer_by
from pim_bot.errors import NobodyHeard, SettingsError
from pim_bot.jobs.rounds import Polling, Wakeful, do_job
from pim_bot.routes import health_routes, jobs
from pim_bot.settings import Settings, missing_for_slack
from pim_bot.storage.bells import bells_of
from pim_bot.web.access import RouteAccessLogger

log = structlog.get_logger(__name__)

CONNECT = timedelta(seconds=3)
WATCH = timedelta(seconds=10)
FINISH = timedelta(seconds=4)
"""How long what was claimed may take to its end; a supervisor's own patience ends soon after (honcho's in five)."""


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
            running.push_async_callback(ended, asyncio.create_task(watching.run()))
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
    by_name = jobs(parts.bus, parts.delivery, parts.matching, parts.quoting, parts.fetching)
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
                ended, asyncio.create_task(Polling(jobs=answers, every=parts.settings.poll).run())
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
        await ended(task)


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
    app = application(parts.settings, parts.senses.machine_clock, [])
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
