"""The database, and what the hub says of itself in it."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pim_bot.clock import ProgrammeClock, machine_clock
from pim_bot.doctor.processes import Setting, look_at_processes
from pim_bot.doctor.reach import require_reachable
from pim_bot.errors import SettingsError, StorageUnavailable, TooSlow
from pim_bot.finding import Finding, well, wrong
from pim_bot.jobs.fall_due import DUTY
from pim_bot.jobs.presence import MISSED_BEATS
from pim_bot.notifications.delivery import REFUSED_TOKEN, RESTORED
from pim_bot.patience import within
from pim_bot.process import this_process
from pim_bot.settings import Settings
from pim_bot.storage.examination import NAME, look, open_to_look, server_of
from pim_bot.storage.unit_of_work import Storage, UnitOfWork

SETTING = "PIM_DATABASE_URL"
PATIENCE = timedelta(seconds=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """What was found of the database, and in it when it can be read; ``channels`` is where the programme writes to."""

    database: list[Finding]
    programme: list[Finding] = field(default_factory=list)
    processes: list[Finding] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)


async def look_at_database(settings: Settings) -> Stored:
    """Look at the database, and at its contents when they can be read."""
    try:
        # In a thread: a folder on another machine that is away may not answer.
        engine = await within(PATIENCE, asyncio.to_thread(open_to_look, settings.database))
        if server := server_of(settings.database):
            await require_reachable(SETTING, *server)
        storage = Storage(engine, names={}, machine=machine_clock, ring=lambda _bell: None)
        try:
            return await within(PATIENCE, _look(storage, settings))
        finally:
            with suppress(TooSlow):
                await within(PATIENCE, storage.close())
    except SettingsError as error:
        problem = str(error)
    except StorageUnavailable:
        problem = f"{SETTING}: baza przestała odpowiadać. Prosimy sprawdzić, czy działa, i spróbować za chwilę."
    except Exception as error:  # noqa: BLE001 - whatever keeps it from being read is the finding
        problem = f"{SETTING}: nie da się jej odczytać ({type(error).__name__}). Prosimy sprawdzić adres."
    return Stored(database=[wrong(NAME, problem)])


async def _look(storage: Storage, settings: Settings) -> Stored:
    found = await look(storage.engine, settings.database)
    if not all(one.ok for one in found):
        return Stored(database=found)
    async with storage.reading() as work:
        seen = await work.processes.seen(within=settings.heartbeat * MISSED_BEATS)
        leader = await work.processes.leader(DUTY)
        programme, channels = await _programme(work)
    setting = Setting(
        this=this_process(()),
        now=machine_clock(),
        beat=settings.heartbeat,
        one_host=storage.is_sqlite,
        many=bool(settings.broker_url) and not storage.is_sqlite,
    )
    processes = look_at_processes(seen, leader, setting)
    return Stored(database=found, programme=programme, processes=processes, channels=channels)


async def _programme(work: UnitOfWork) -> tuple[list[Finding], list[str]]:
    clock = ProgrammeClock(offset=await work.offset())
    parked = await work.reactions.parked()
    waiting = [wrong("reakcje", f"wstrzymanych: {len(parked)}. Szczegóły: pim-bot parked")] if parked else []
    waiting += [wrong("wysyłka", _paused(why, since)) for why, since in sorted((await work.health.pauses()).items())]
    edition = await work.editions.in_force(clock().date())
    if edition is None:
        return [wrong("program", "nie wczytano żadnej edycji. Prosimy użyć: pim-bot import PLIK"), *waiting], []
    channels = [network.channel for network in await work.editions.networks(edition.slug) if network.channel]
    return [well("program", edition.name), *waiting], channels


def _paused(why: str, since: datetime) -> str:
    """Say why nothing is sent, since when, and how it goes on."""
    reason = {
        RESTORED: "bazę odtworzono z kopii i najpierw sprawdzamy w rozmowach, co już wyszło. Ruszy sama, gdy działa "
        "centrum (pim-bot run albo worker) i Slack pozwala czytać rozmowy; do wiadomości, których nie da się "
        "sprawdzić, prosimy zajrzeć: pim-bot deliveries --state doubtful --state needs-human",
        REFUSED_TOKEN: "Slack odrzuca token bota. Prosimy skopiować go ponownie z ustawień aplikacji do "
        "SLACK_BOT_TOKEN i uruchomić centrum ponownie; wtedy ruszy sama",
    }.get(why, why)
    return f"wstrzymana od {since:%Y-%m-%d %H:%M:%S} UTC: {reason}."
