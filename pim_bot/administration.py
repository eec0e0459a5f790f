"""What the command line does with a hub: import a programme, look at what is parked, move the database."""

from datetime import datetime
from typing import Any

from pim_bot.bootstrap import put_together
from pim_bot.clients.channels import channel_problems
from pim_bot.errors import Refused
from pim_bot.jobs.presence import MISSED_BEATS
from pim_bot.programme.comparison import unnamed
from pim_bot.programme.file import opened
from pim_bot.programme.importing import forgotten_in, import_edition
from pim_bot.programme.people import Actor
from pim_bot.settings import Settings
from pim_bot.storage.engine import key_file
from pim_bot.storage.moving import Moved, move

FORGOTTEN = "Pominięto osoby, których dane usunięto na ich prośbę: {n}. Kto chce wrócić: pim-bot member readmit E-MAIL"


async def import_file(settings: Settings, text: bytes, *, name: str, dry_run: bool) -> list[str]:
    """Take a programme file over, or only tell what would change; returns the lines to print.

    Raises ``BrokenProgrammeFile``; then nothing is written.
    """
    async with put_together(settings) as parts:
        await parts.migrate()
        async with parts.storage.work() as work:
            file = opened(text, name=name)
            present = await work.programme.load(file.slug)
            wanted = file.edition(present)
            changes = await import_edition(work, Actor(door="import"), wanted, now=parts.clock(), dry_run=dry_run)
            forgotten = await forgotten_in(work, wanted)
            left = [] if file.supplements else unnamed(present, wanted)
        lines = [change.sentence() for change in changes] + [one.sentence() for one in left]
        if forgotten:
            lines.append(FORGOTTEN.format(n=len(forgotten)))
        if not changes:
            return [*lines, "Bez zmian."]
        done = "Tyle by się zmieniło: {n}. Nic nie zapisano." if dry_run else "Zapisane zmiany: {n}."
        channels = [network.channel for network in wanted.networks if network.channel]
        can_ask = not dry_run and settings.slack_bot_token.get_secret_value()
        problems = await channel_problems(parts.chat, channels) if can_ask else []
        return [*lines, done.format(n=len(changes)), *(one.line() for one in problems)]


async def parked(settings: Settings, *, retry: str, skip: str) -> list[dict[str, Any]]:
    """Try a parked reaction again or skip it, and tell which ones are left."""
    async with put_together(settings) as parts:
        await parts.migrate()
        async with parts.storage.work() as work:
            for key, again in ((retry, True), (skip, False)):
                if key and not await _settle(work, key, again=again, now=parts.clock()):
                    raise Refused("Nie ma takiej wstrzymanej reakcji: {key}. Listę pokaże: pim-bot parked", key=key)
            return [dict(row) for row in await work.reactions.parked()]


async def _settle(work: Any, key: str, *, again: bool, now: datetime) -> bool:
    number, _, reaction = key.partition("/")
    if not number.isdigit():
        return False
    await work.hold(f"reaction:{key}")
    settled: bool = await work.reactions.settle(int(number), reaction, retry=again)
    if settled:
        action = "ReactionRetried" if again else "ReactionSkipped"
        work.act(action, f"reaction:{key}", actor=Actor(door="command-line"), at=now)
    return settled


async def upgrade_database(settings: Settings) -> str:
    """Bring the database to the newest migration."""
    async with put_together(settings) as parts:
        await parts.migrate()
    return "Baza danych jest aktualna."


async def move_database(settings: Settings, target: str) -> list[str]:
    """Carry the hub over from SQLite to PostgreSQL; returns the lines to print.

    Raises ``NotMoved`` or ``SettingsError``; then nothing of it is there.
    """
    moved = await move(settings.database, target, within=settings.heartbeat * MISSED_BEATS)
    return [*(f"{name}: wierszy {count}, zgodne" for name, count in moved.rows.items()), *_after(settings, moved)]


def _after(settings: Settings, moved: Moved) -> list[str]:
    """Tell what was done in all, and what is to be done now."""
    done = "Wszystko było już przeniesione" if moved.again else "Przeniesione"
    keep = (
        f"Stara baza ({settings.database}) jest nietknięta. Prosimy ją zachować, aż wszystko będzie pewne, "
        "ale nie uruchamiać już na niej centrum: powiedziałoby to samo drugi raz."
    )
    return [
        f"{', '.join(moved.left_out)}: nie są przenoszone, bo mówią tylko, które procesy właśnie działają",
        f"{done}: tabel {len(moved.rows)}, wierszy {sum(moved.rows.values())}, wszystkie zgodne.",
        f"Co dalej: prosimy ustawić PIM_DATABASE_URL={moved.address} (z hasłem, jeśli jest) i uruchomić centrum.",
        *_key_to_take_along(settings),
        keep,
    ]


def _key_to_take_along(settings: Settings) -> list[str]:
    """Tell of a key that is kept beside the old database: what it signed is to stay valid."""
    file = key_file(settings.database)
    if settings.secret_keys or file is None or not file.exists():
        return []
    return [f"Klucz: prosimy ustawić PIM_SECRET_KEY na treść pliku {file}. Bez niego nowa baza nie wystartuje."]
