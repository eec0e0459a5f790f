"""What the command line does with a hub: import a programme, look at what is parked, plan, decide, move it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from pim_bot.blocks import printed
from pim_bot.blocks.ledger import waits_word
from pim_bot.blocks.people_list import plan_lines
from pim_bot.bootstrap import Parts, opened_hub, put_together
from pim_bot.clients.channels import channel_problems
from pim_bot.clients.reading import Reading
from pim_bot.clients.slack import workspace_address
from pim_bot.clock import DoubledHour, instant_of
from pim_bot.errors import Refused
from pim_bot.i18n import WARSAW
from pim_bot.jobs.presence import MISSED_BEATS
from pim_bot.notifications.deciding import drop_delivery, resend_delivery
from pim_bot.notifications.intent import State
from pim_bot.notifications.ledger import Wanted
from pim_bot.notifications.subjects import titles_of
from pim_bot.programme.activity import Activity
from pim_bot.programme.comparison import unnamed
from pim_bot.programme.file import opened
from pim_bot.programme.importing import forgotten_in, import_edition
from pim_bot.programme.names import folded
from pim_bot.programme.participants import participants_of
from pim_bot.programme.people import Actor
from pim_bot.programme.people_list import Effect, plan_people, take_people_over
from pim_bot.programme.scheduling import FARTHEST, move_activity
from pim_bot.reports.attendance import participants_file
from pim_bot.settings import Settings
from pim_bot.storage.engine import key_file, require_there
from pim_bot.storage.moving import Moved, move

EVER = timedelta(days=3660)
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


async def import_people(settings: Settings, data: bytes, *, dry_run: bool) -> list[str]:
    """Take the office's list of people over, or only tell what would change; returns the lines to print.

    Raises ``Refused`` whose sentence names every row to be corrected; then nothing is written.
    """
    rows, unread = await Reading().people(data)
    async with opened_hub(settings) as parts, parts.storage.work() as work:
        now = parts.clock()
        edition = await work.editions.in_force(now.date())
        if edition is None:
            raise Refused("Nie wczytano jeszcze żadnej edycji programu. Najpierw: pim-bot import PLIK.yaml")
        forgotten = await work.forgotten.among(sorted({row.email for row in rows}))
        known = [row for row in rows if row.email not in forgotten]
        importing = Actor(door="import")
        plan = await plan_people(work, importing, edition.slug, known, now=now)
        lines = plan_lines(printed.words, plan, unread)
        lines += [FORGOTTEN.format(n=len(forgotten))] if forgotten else []
        if unread or plan.problems:
            raise Refused("{lines}", lines="\n".join(lines))
        if not plan.of(Effect.NEW) and not plan.of(Effect.CHANGED):
            return [*lines, "Bez zmian."]
        if dry_run:
            return [*lines, "Tyle by się zmieniło. Nic nie zapisano."]
        await take_people_over(work, importing, edition.slug, known, now=now)
        return [*lines, "Zapisane."]


async def export_attendance(settings: Settings, name: str) -> bytes:
    """Write the list of participants of one activity, meant by id or by a part of its title, as a file of Excel."""
    async with opened_hub(settings) as parts, parts.storage.reading() as work:
        now = parts.clock()
        edition = await work.editions.in_force(now.date())
        all_of_it = await work.activities.between(edition.slug, now - EVER, now + EVER) if edition else []
        wanted = folded(name)
        found = [one for one in all_of_it if one.id == name or (wanted and wanted in folded(one.title))]
        if len(found) != 1:
            titles = "; ".join(f"{one.title} ({one.first_day}): {one.id}" for one in found) or "takiego nie ma"
            raise Refused("Prosimy wskazać jedno wydarzenie, po tytule albo numerze: {titles}.", titles=titles)
        listed = await participants_of(work, COMMAND_LINE, found[0].id, now=now)
    return participants_file(printed.words, listed)


async def parked(settings: Settings, *, retry: str, skip: str) -> list[dict[str, Any]]:
    """Try a parked reaction again or skip it, and tell which ones are left."""
    async with opened_hub(settings) as parts, parts.storage.work() as work:
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


COMMAND_LINE = Actor(door="command-line")


async def plan(settings: Settings, *, days: int, moved: tuple[str, str] | None, as_rows: bool) -> list[Any]:
    """Tell what will be said in the days to come, or what a move would change about it; lines, or rows for a script."""
    async with opened_hub(settings) as parts:
        until = parts.clock() + timedelta(days=days)
        found = await parts.rehearsing.plan(until)
        if moved is None:
            return printed.plan_rows(found) if as_rows else list(printed.plan_lines(found, WARSAW))
        activity, starts_at = await _move_meant(parts, *moved)
        after = await parts.rehearsing.plan(until, first=partial(_move, activity, starts_at))
        if as_rows:
            return [{"before": printed.plan_rows(found), "after": printed.plan_rows(after)}]
        starts = printed.words.moment(starts_at, activity.zone)
        told = list(printed.difference_lines(found, after, title=activity.title, starts=starts))
        return [*told, *_farther_than(until, activity.starts_at, starts_at)]


def _farther_than(until: datetime, *starts: datetime) -> list[str]:
    """Say where the comparison stops, when the activity begins later than that."""
    if max(starts) <= until:
        return []
    end = printed.words.moment(until, WARSAW)
    return [f"To porównanie sięga do: {end}. Co będzie później, pokaże większa liczba dni: --days"]


async def _move_meant(parts: Parts, name: str, start: str) -> tuple[Activity, datetime]:
    """Read which activity is meant, by id or by a part of its title, and the new start by the clock of its place."""
    now = parts.clock()
    async with parts.storage.reading() as work:
        edition = await work.editions.in_force(now.date())
        coming = await work.activities.between(edition.slug, now, now + FARTHEST) if edition else []
    wanted = folded(name)
    found = [one for one in coming if one.is_open and (one.id == name or (wanted and wanted in folded(one.title)))]
    if len(found) != 1:
        titles = "; ".join(one.title for one in found) or "nic takiego nie jest zaplanowane"
        raise Refused("Prosimy wskazać jedno nadchodzące wydarzenie, po tytule albo numerze: {titles}.", titles=titles)
    try:
        wall = datetime.fromisoformat(start)
    except ValueError:
        raise Refused("Prosimy podać nowy początek tak: 2022-02-03 10:00.") from None
    (activity,) = found
    zone = ZoneInfo(activity.zone)
    return activity, wall if wall.tzinfo else _by_the_clock(wall, zone)


def _by_the_clock(wall: datetime, zone: ZoneInfo) -> datetime:
    """Read a wall-clock time. Raises ``Refused`` for one that is not there; for one that comes twice it says both."""
    try:
        return instant_of(wall, zone)
    except DoubledHour:
        both = (wall.replace(tzinfo=zone, fold=fold).isoformat(timespec="minutes") for fold in (0, 1))
        raise Refused(
            "Godzina {time} wypada w tym dniu dwa razy: zegary przechodzą na czas zimowy. Prosimy podać, o którą "
            "chodzi: {both}.",
            time=f"{wall:%H:%M}",
            both=" albo ".join(both),
        ) from None


async def _move(activity: Activity, starts_at: datetime, work: Any, now: datetime) -> None:
    """Move it, as long as it was, its answer-by date along with it."""
    by = starts_at - activity.starts_at
    answer_by = activity.answer_by + by if activity.answer_by and activity.answer_by + by > now else None
    await move_activity(
        work,
        COMMAND_LINE,
        activity.id,
        starts_at=starts_at,
        ends_at=activity.ends_at + by,
        answer_by=answer_by,
        provisional=activity.provisional,
        now=now,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a command prints, lines or rows; ``note`` is what a person should know of it besides."""

    found: list[Any]
    note: str = ""


NO_LINKS = "Slack nie odpowiada, więc zamiast linków podajemy rozmowę i znacznik (ts) każdej wiadomości."


async def deliveries(
    settings: Settings, *, states: Sequence[str], since: str, who: str, limit: int, as_rows: bool
) -> Answer:
    """Tell what was sent, what was not, and why; lines, or rows for a script."""
    async with opened_hub(settings) as parts:
        now = parts.clock()
        wanted = Wanted(states=_states(states), since=_since(since, now), who=who, limit=limit)
        async with parts.storage.reading() as work:
            entries = await work.ledger.found(wanted, now=now)
            titles = await titles_of(work, [one.subject for one in entries])
            decisions = await work.ledger.decisions([one.id for one in entries])
            deciders = await work.people.many([one.actor.removeprefix("member:") for one in decisions.values()])
        has_chat = bool(settings.slack_bot_token.get_secret_value())
        workspace = await workspace_address(parts.chat) if has_chat else ""
        found = printed.Found(
            entries=entries,
            titles=titles,
            links={one.id: link for one in entries if (link := printed.link_of(one, workspace))},
            decisions=decisions,
            deciders={f"member:{one.id}": one.name for one in deciders},
        )
        told = printed.delivery_rows if as_rows else printed.delivery_lines
        note = NO_LINKS if has_chat and not workspace else ""
        return Answer(found=list(told(found, zone=WARSAW, now=now)), note=note)


def _states(names: Sequence[str]) -> list[State]:
    unknown = sorted(set(names) - set(State))
    if unknown:
        raise Refused("Nie ma stanu {name}. Są: {all}.", name=", ".join(unknown), all=", ".join(State))
    return [State(name) for name in names]


def _since(typed: str, now: datetime) -> datetime | None:
    """Read „7d” or a day; "" asks for everything."""
    if typed.endswith("d") and typed[:-1].isdecimal() and len(typed) < 6:  # noqa: PLR2004 - not before the calendar
        return now - timedelta(days=int(typed[:-1]))
    try:
        wall = datetime.fromisoformat(typed) if typed else None
    except ValueError:
        raise Refused("Prosimy podać dzień tak: 2022-01-10, albo liczbę dni tak: 7d.") from None
    return wall if wall is None or wall.tzinfo else wall.replace(tzinfo=ZoneInfo(WARSAW))


async def decide(settings: Settings, notification_id: str, *, resend: bool, may_double: bool = False) -> str:
    """Send a message again, or leave it for good; tells what was done."""
    async with opened_hub(settings) as parts, parts.storage.work() as work:
        now = parts.clock()
        if resend:
            entry = await resend_delivery(work, COMMAND_LINE, notification_id, may_double=may_double, now=now)
            waits = waits_word(printed.words, entry, entry.zone)
            again = "Zostanie wysłana ponownie; zrobi to działające centrum (pim-bot run albo worker)."
            return f"{again} {waits}".rstrip()
        await drop_delivery(work, COMMAND_LINE, notification_id, now=now)
        return "Pominięta: nie zostanie wysłana."


async def upgrade_database(settings: Settings) -> str:
    """Bring the database to the newest migration."""
    async with put_together(settings) as parts:
        await parts.migrate()
    return "Baza danych jest aktualna."


async def move_database(settings: Settings, target: str) -> list[str]:
    """Carry the hub over from SQLite to PostgreSQL; returns the lines to print.

    Raises ``NotMoved``, ``NoDatabase`` or ``SettingsError``; then nothing of it is there.
    """
    require_there(settings.database)
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
