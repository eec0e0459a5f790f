"""What the command line does to keep a hub safe: verify its audit, back it up while it runs, and restore it."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from pim_bot.bootstrap import opened_hub, put_together
from pim_bot.clock import machine_clock
from pim_bot.errors import Refused
from pim_bot.jobs.presence import MISSED_BEATS
from pim_bot.notifications.erasing import erase_again
from pim_bot.programme.people import Actor
from pim_bot.programme.privacy import NOT_IN_THE_BACKUP, ErasureNote, Hold
from pim_bot.routes import REACTIONS
from pim_bot.settings import Settings
from pim_bot.storage import erasures as beside
from pim_bot.storage.audit import Head
from pim_bot.storage.backup import back_up as write_backup
from pim_bot.storage.engine import require_there
from pim_bot.storage.restoring import Restored, restore
from pim_bot.storage.scrubbing import scrub
from pim_bot.storage.unit_of_work import UnitOfWork
from pim_bot.storage.verifying import Break, Verified, verify

COMMAND_LINE = Actor(door="command-line")
_HEAD = re.compile(r"([1-9]\d{0,17}):([0-9a-f]{64})")

_BREAKS = {
    "row-changed": "Wpis {audit_id} ma inną treść niż w chwili opieczętowania.",
    "row-missing": "Wpisu {audit_id} nie ma, choć nie minęły dwa lata od jego opieczętowania.",
    "seal-changed": "Pieczęć {position} (wpis {audit_id}) została zmieniona.",
    "gap": "Brakuje pieczęci {position}, choć są późniejsze.",
    "cut-off": "Brakuje końca łańcucha, od pieczęci {position}: zanotowany koniec był dalej.",
    "other-chain": "Łańcuch do pieczęci {position} jest inny niż zanotowany: napisano go od nowa.",
    "hidden": "Wpis {audit_id} nie ma pieczęci i na nią nie czeka.",
    "unsealed-missing": "Wpisu {audit_id}, który czekał na pieczęć, nie ma.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What is to be printed about the audit, for people and for scripts."""

    lines: list[str]
    facts: dict[str, Any]
    is_broken: bool


async def verify_audit(settings: Settings, *, expect: str) -> Verdict:
    """Verify the chain over the audit. Raises ``Refused`` when ``expect`` is no end of a chain."""
    expected = _head_of(expect) if expect else None
    async with opened_hub(settings) as parts:
        found = await verify(parts.storage.engine, now=machine_clock(), expected=expected)
    restored_at = found.restored_at.isoformat() if found.restored_at else None
    return Verdict(
        lines=_told(found), facts=asdict(found) | {"restored_at": restored_at}, is_broken=found.broken is not None
    )


def _head_of(written: str) -> Head:
    match = _HEAD.fullmatch(written.strip())
    if match is None:
        raise Refused(
            "--expect: prosimy podać POZYCJA:SKRÓT, tak jak wypisało je wcześniej polecenie pim-bot audit verify."
        )
    return Head(position=int(match[1]), chain=match[2])


def _told(found: Verified) -> list[str]:
    counts = (
        f"Dziennik audytu: wpisów {found.rows}, pieczęci {found.sealed}, wpisów czekających na pieczęć "
        f"{found.unsealed}, usuniętych po okresie przechowywania {found.pruned}."
    )
    if found.broken and found.broken.what == "restored":
        return [counts, *_after_a_restore(found)]
    if found.broken:
        return [counts, f"ŁAŃCUCH JEST PRZERWANY. {_sentence(found.broken)}"]
    if not found.head.position:
        return [counts, "Nie ma jeszcze żadnej pieczęci: zakłada je co minutę zegar (pim-bot run albo pim-bot clock)."]
    head = f"{found.head.position}:{found.head.chain}"
    note = (
        "Prosimy zanotować go poza tą maszyną. Czy nic przed nim nie zginęło, powie później: "
        f"pim-bot audit verify --expect {head}"
    )
    return [counts, "Łańcuch jest cały.", f"Koniec łańcucha: {head}", note]


def _after_a_restore(found: Verified) -> list[str]:
    when = f"{found.restored_at:%Y-%m-%d %H:%M:%S} UTC"
    why = (
        f"Bazę przywrócono z kopii {when}. Koniec zanotowany przed tą chwilą należy do poprzedniej bazy i nie może się "
        "tu znaleźć. Gdyby zanotowano go później, znaczyłoby to, że łańcuch napisano od nowa."
    )
    return [
        "Łańcuch jest cały, ale nie ma w nim zanotowanego końca.",
        why,
        f"Jeśli to koniec sprzed przywrócenia, prosimy zanotować nowy: {found.head.position}:{found.head.chain}",
    ]


def _sentence(broken: Break) -> str:
    return _BREAKS[broken.what].format(position=broken.position, audit_id=broken.audit_id)


async def back_up(settings: Settings, file: Path) -> list[str]:
    """Write a backup of the running hub; returns the lines to print. Raises ``NotCopied`` and ``NoDatabase``."""
    require_there(settings.database)
    async with put_together(settings) as parts:
        mark = await write_backup(parts.storage.engine, file, clock=machine_clock)
        async with parts.storage.reading() as work:
            beside.note_erasures(settings.data_dir, await work.erasures.all())
    keep = (
        "Plik zawiera dane osobowe. Prosimy trzymać go w bezpiecznym, najlepiej zaszyfrowanym miejscu poza tą maszyną "
        "i usunąć, gdy nie będzie już potrzebny."
    )
    beside_it = (
        f"Razem z kopiami prosimy trzymać plik {settings.data_dir / beside.FILE}, jeśli jest: mówi, czyje dane "
        "usunięto po zrobieniu kopii."
    )
    state = f"stan z {mark.made_at:%Y-%m-%d %H:%M:%S} UTC, tabel {len(mark.rows)}, wierszy {sum(mark.rows.values())}"
    return [f"Kopia {file} jest gotowa: {state}.", keep, beside_it]


async def restore_backup(settings: Settings, file: Path, *, erasures: Path | None) -> list[str]:
    """Restore a backup into the empty database of these settings; returns the lines to print.

    Raises ``NotCopied``, ``OddErasures`` or ``SettingsError``; then nothing of it is there.
    """
    noted = _files_of_erasures(settings, erasures)
    erased = beside.noted_erasures(*noted)
    async with put_together(settings) as parts:
        restored = await restore(
            file,
            parts.storage.engine,
            clock=machine_clock,
            folder=settings.data_dir,
            erasures=erased,
            erase=partial(_erase_again, settings.data_dir),
            names={event: tuple(one.name for one in named) for event, named in REACTIONS.items()},
            within=settings.heartbeat * MISSED_BEATS,
        )
        if restored.erased:
            await scrub(parts.storage.engine, [])
        async with parts.storage.reading() as work:
            holds = await work.privacy.holds() if any(note.held for note in erased) else []
    set_again = [_set_again(hold) for hold in holds if hold.reason == NOT_IN_THE_BACKUP]
    return [*_restored(restored, len(erased), noted), *set_again]


def _files_of_erasures(settings: Settings, given: Path | None) -> list[Path]:
    """Tell the files that say who was erased: the one beside the database, and the one that was brought along."""
    own = settings.data_dir / beside.FILE
    return [*([own] if own.exists() else []), *([given] if given else [])]


async def _erase_again(folder: Path, work: UnitOfWork, notes: Sequence[ErasureNote], now: datetime) -> int:
    """Erase them again, and leave beside the restored database a file that tells all of them and whom it knows of.

    The file is whole before the database is there: the next restore needs it.
    """
    erased = await erase_again(work, COMMAND_LINE, notes, now=now)
    beside.note_erasures(folder, notes)
    beside.note_erasures(folder, await work.erasures.all())
    return len(erased)


def _set_again(hold: Hold) -> str:
    return (
        f"Zatrzymane znowu: {hold.sentence()}. Prosimy podać powód jeszcze raz: pim-bot member hold {hold.category} "
        f"--reason … --until {hold.until or 'RRRR-MM-DD'}"
    )


def _restored(restored: Restored, people: int, noted: Sequence[Path]) -> list[str]:
    """Tell what was done, and what happens now."""
    mark = restored.mark
    erased = (
        f"Usunięte ponownie: osób {restored.erased}; pliki usunięć ({', '.join(map(str, noted))}) mówią o {people}."
        if noted
        else "Nie było pliku usunięć (erasures.jsonl). Jeśli po zrobieniu kopii usunięto czyjeś dane, prosimy usunąć "
        "je jeszcze raz, zanim centrum ruszy."
    )
    state = f"tabel {len(restored.rows)}, wierszy {sum(restored.rows.values())}"
    start = (
        "Co dalej: prosimy uruchomić centrum. Wysyłka najpierw sprawdzi w rozmowach, co mogło wyjść po zrobieniu "
        "kopii, i potem ruszy sama. Jak to idzie, powie: pim-bot doctor"
    )
    return [
        f"Przywrócona kopia z {mark.made_at:%Y-%m-%d %H:%M:%S} UTC: {state}.",
        erased,
        "Centrum, które działało na poprzedniej bazie, nie może już działać: powiedziałoby to samo drugi raz.",
        start,
    ]
