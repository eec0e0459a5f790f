"""Whose data was erased, in a file beside the database: a backup does not know of the erasures after it.

One JSON object a line, only ever added, the last one of a person counts: ``{"member_id": "…", "at":
"2026-03-02T09:00:00+00:00", "held": {"attendance": "2031-12-31"}}``. ``held`` is what of theirs a hold keeps, and until
when. Ids are pseudonymous; whoever keeps backups keeps this file with them.
"""

import json
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from pim_bot.errors import PimBotError
from pim_bot.programme.privacy import NOT_IN_THE_BACKUP, Category, ErasureNote, Hold
from pim_bot.storage.sqlite import OWNER_ONLY, OWNER_ONLY_FOLDER

FILE = "erasures.jsonl"


class OddErasures(PimBotError):
    """The file of erasures cannot be read; the sentence says where and what to do."""


def noted_erasures(*files: Path) -> list[ErasureNote]:
    """Tell whose data was erased, each person once, as the last line about them says. Raises ``OddErasures``."""
    notes = {note.member_id: note for file in files for note in _notes(file)}
    return list(notes.values())


def note_erasures(folder: Path, erasures: Iterable[ErasureNote]) -> None:
    """Add what the file in ``folder`` does not tell yet; it is on the disk when this returns.

    Raises ``OddErasures``.
    """
    file = folder / FILE
    known = {note.member_id: _held(note) for note in (noted_erasures(file) if file.exists() else [])}
    new = [note for note in erasures if note.member_id not in known or _held(note) not in (None, known[note.member_id])]
    if not new:
        return
    folder.mkdir(OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    private = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWNER_ONLY)
    with open(private, "a", encoding="utf-8") as opened:  # noqa: PTH123 - a path has no way to say who may read it
        opened.writelines(json.dumps(_line(note)) + "\n" for note in new)
        opened.flush()
        os.fsync(opened.fileno())


def _line(note: ErasureNote) -> dict[str, Any]:
    held = _held(note)
    return {"member_id": note.member_id, "at": note.at} | ({} if held is None else {"held": held})


def _held(note: ErasureNote) -> dict[str, str | None] | None:
    if note.held is None:
        return None
    return {hold.category.value: hold.until.isoformat() if hold.until else None for hold in note.held}


def _notes(file: Path) -> list[ErasureNote]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise OddErasures(f"Nie da się odczytać pliku usunięć {file}. Prosimy sprawdzić ścieżkę i prawa.") from error
    return [_note(file, number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _note(file: Path, number: int, line: str) -> ErasureNote:
    try:
        found = json.loads(line)
        member_id, at, held = found["member_id"], found.get("at", ""), found.get("held")
        holds = None if held is None else tuple(_hold(category, until) for category, until in sorted(held.items()))
    except (ValueError, TypeError, KeyError, AttributeError):
        member_id = at = holds = None
    if not (isinstance(member_id, str) and member_id and isinstance(at, str)):
        raise OddErasures(
            f'{file}:{number}: to nie jest wpis o usunięciu. Prosimy poprawić wiersz, na przykład: {{"member_id": "…"}}'
        )
    return ErasureNote(member_id=member_id, at=at, held=holds)


def _hold(category: str, until: str | None) -> Hold:
    day = None if until is None else date.fromisoformat(until)
    return Hold(category=Category(category), reason=NOT_IN_THE_BACKUP, until=day)
