"""Puts the parts of a hub together, for given settings."""

import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.typedefs import Middleware
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from pim_bot.clients.egress import guarded_session
from pim_bot.clients.files import SlackFiles
from pim_bot.clients.reading import Reading
from pim_bot.clients.slack import SlackChat, SlackScreens, hearing_dates, make_client
from pim_bot.clock import Clock, ProgrammeClock, Skew, machine_clock
from pim_bot.errors import PimBotError, SettingsError
from pim_bot.events.bus import Bus
from pim_bot.handlers.absence import AbsenceHandlers
from pim_bot.handlers.activities import ActivityHandlers
from pim_bot.handlers.agenda import AgendaHandlers
from pim_bot.handlers.arranging import ArrangingHandlers
from pim_bot.handlers.assignments import AssignmentHandlers
from pim_bot.handlers.attendance import AttendanceHandlers
from pim_bot.handlers.bulletins import BulletinHandlers
from pim_bot.handlers.channels import ChannelHandlers
from pim_bot.handlers.contributions import ContributionHandlers
from pim_bot.handlers.deliveries import DeliveryHandlers
from pim_bot.handlers.dispatch import Dispatcher
from pim_bot.handlers.documents import DocumentHandlers
from pim_bot.handlers.door import Door
from pim_bot.handlers.feedback import FeedbackHandlers
from pim_bot.handlers.files import FileHandlers
from pim_bot.handlers.home import HomeHandlers
from pim_bot.handlers.materials import MaterialHandlers
from pim_bot.handlers.newcomers import NewcomerHandlers
from pim_bot.handlers.notice import NoticedScreens
from pim_bot.handlers.preferences import PreferenceHandlers
from pim_bot.handlers.presence import PresenceHandlers
from pim_bot.handlers.privacy import PrivacyHandlers
from pim_bot.handlers.questions import QuestionHandlers
from pim_bot.handlers.reports import ReportHandlers
from pim_bot.handlers.sessions import SessionHandlers
from pim_bot.handlers.teams import TeamHandlers
from pim_bot.handlers.topics import TopicHandlers
from pim_bot.handlers.visiting_cards import VisitingCardHandlers
from pim_bot.jobs.dead_man import DeadMan
from pim_bot.jobs.deliver import Delivery
from pim_bot.jobs.fall_due import DUTY, FallingDue
from pim_bot.jobs.fetching import Fetching
from pim_bot.jobs.match import Matching
from pim_bot.jobs.ports import WorkerWork
from pim_bot.jobs.presence import MISSED_BEATS, Presence
from pim_bot.jobs.quoting import Quoting
from pim_bot.jobs.rehearse import Rehearsing
from pim_bot.jobs.retain import Retaining
from pim_bot.jobs.seal import Sealing
from pim_bot.jobs.winding import Winding
from pim_bot.patience import within
from pim_bot.process import Process, this_process
from pim_bot.routes import LIMITS, REACTIONS, Hub, chat_tables, slack_routes, web_routes
from pim_bot.scrubbing import keep_out
from pim_bot.secret_keys import SecretKeys, read_secret_keys
from pim_bot.settings import Settings
from pim_bot.shift import Shift
from pim_bot.storage.engine import key_file, make_engine
from pim_bot.storage.rehearsal import rehearsing
from pim_bot.storage.unit_of_work import Storage
from pim_bot.vitals import MEGABYTE, Limits, Vitals
from pim_bot.web.feeds import FeedPages
from pim_bot.web.guard import MOST_BYTES, Guard
from pim_bot.web.headers import secured
from pim_bot.web.health import HealthPages
from pim_bot.web.participants import ParticipantPages
from pim_bot.web.slack import SlackPages
from pim_bot.web.throttle import Clients, per_minute, throttled

if TYPE_CHECKING:
    from pim_bot.web.metrics import Metrics
from pim_bot.bootstrap.parts import LEAVE, Bells, Parts, Senses, leave

BOLT = "pim_bot.bolt"
LONGEST_ALONE, LONGEST_SHARED = timedelta(milliseconds=15), timedelta(milliseconds=150)
"""How long a transaction of background work may last: on SQLite nobody else can write meanwhile."""
SHORTEST_SILENCE = timedelta(seconds=10)
"""A heart may miss beats for so long because the database is busy."""


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
            public_url=settings.public,
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
        quoting = Quoting(
            open_work=partial(storage.work, "record"),
            open_reading=storage.reading,
            chat=chat,
            programme_clock=clock,
            machine_clock=machine,
        )
        fetching = Fetching(
            open_work=partial(storage.work, "record"),
            open_reading=storage.reading,
            files=SlackFiles(client, session, api_url=settings.slack_api, patience=settings.file_patience),
            read_people=Reading().people,
            programme_clock=clock,
            machine_clock=machine,
            most=settings.file_bytes,
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
            runs=(
                falling_due.run_due,
                bus.run_due,
                delivery.run_due,
                matching.run_due,
                quoting.run_due,
                fetching.run_due,
            ),
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
        hub = _hub(settings, storage, clock, machine, SlackScreens(client), bus, senses, keys)
        metrics = _metrics(settings, storage, hub, clock)
        if metrics is not None:
            hub = replace(hub, metrics=metrics.page)
            delivery.noted, senses.noted = metrics.delivered, metrics.envelope
        bolt = _bolt(client, hub) if settings.slack_bot_token.get_secret_value() else None
        app = application(settings, machine, [metrics.measured] if metrics else [])
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
            quoting=quoting,
            fetching=fetching,
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
            await within(LEAVE, leave(storage, falling_due.process))


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
    token = client.token

    async def authorize() -> AuthorizeResult:
        """Let everything in that the guard let in: asking Slack would need Slack, and drop what it cannot answer."""
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)

    bolt = AsyncApp(
        client=client,
        authorize=authorize,
        logger=logger,
        process_before_response=True,
        request_verification_enabled=False,
    )
    slack_routes(bolt, Dispatcher(door=hub.activities.door, tables=chat_tables(hub)))
    return bolt


def application(settings: Settings, machine: Clock, outer: Sequence[Middleware]) -> web.Application:
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
    keys: SecretKeys,
) -> Hub:
    screens = NoticedScreens(screens=slack, open_reading=storage.reading, contacts=settings.contacts)
    door = Door(
        open_work=storage.work,
        open_trial=storage.what_if,
        open_reading=storage.reading,
        programme_clock=clock,
        machine_clock=machine,
        screens=screens,
        contacts=settings.contacts,
    )
    agenda = AgendaHandlers(door=door, screens=screens, public_url=settings.public)
    return Hub(
        activities=ActivityHandlers(door=door, screens=screens, play=bus.play),
        attendance=AttendanceHandlers(door=door, screens=screens),
        presence=PresenceHandlers(door=door, screens=screens, keys=keys, public_url=settings.public),
        reports=ReportHandlers(door=door, screens=screens),
        agenda=agenda,
        assignments=AssignmentHandlers(door=door, screens=screens),
        contributions=ContributionHandlers(door=door, screens=screens),
        documents=DocumentHandlers(door=door, agenda=agenda.agenda),
        sessions=SessionHandlers(door=door, screens=screens),
        arranging=ArrangingHandlers(door=door, screens=screens),
        feedback=FeedbackHandlers(door=door, screens=screens),
        home=HomeHandlers(door=door),
        channels=ChannelHandlers(door=door),
        files=FileHandlers(door=door),
        privacy=PrivacyHandlers(door=door, screens=screens, unknown=agenda.unknown, contacts=settings.contacts),
        deliveries=DeliveryHandlers(door=door),
        questions=QuestionHandlers(door=door),
        preferences=PreferenceHandlers(door=door, screens=screens),
        visiting_cards=VisitingCardHandlers(door=door, screens=screens),
        absence=AbsenceHandlers(door=door, screens=screens),
        topics=TopicHandlers(door=door, screens=screens),
        bulletins=BulletinHandlers(door=door, screens=screens),
        materials=MaterialHandlers(door=door, screens=screens),
        teams=TeamHandlers(door=door, screens=screens),
        newcomers=NewcomerHandlers(door=door, screens=screens),
        participants=ParticipantPages(open_work=storage.work, keys=keys, programme_clock=clock, machine_clock=machine),
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
