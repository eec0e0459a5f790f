"""Whose data was erased, in a file beside the database: a backup does not know of the erasures after it.

One JSON object a line, only ever added: ``{"member_id": "…", "at": "2026-03-02T09:00:00+00:00"}``. Ids are pseudonymous;
whoever keeps backups keeps this file with them.
"""

import json
import os
from datetime import datetime
from pathlib import Path

from pim_bot.errors import PimBotError

FILE = "erasures.jsonl"
OWNER_ONLY = 0o600


class OddErasures(PimBotError):
    """The file of erasures cannot be read; the sentence says where and what to do."""


def note_erasure(file: Path, member_id: str, *, at: datetime) -> None:
    """Add an erasure, before it is committed: erasing somebody again does no harm, forgetting it would.

    Returns when it is on the disk. Raises ``OSError``.
    """
    line = json.dumps({"member_id": member_id, "at": at.isoformat()}) + "\n"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
    try:
        os.write(descriptor, line.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def noted_erasures(file: Path) -> list[str]:
    """Tell whose data was erased, each id once, in the order of the file. Raises ``OddErasures``."""
    try:
        lines = file.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise OddErasures(f"Nie da się odczytać pliku usunięć {file}. Prosimy sprawdzić ścieżkę i prawa.") from error
    return list(dict.fromkeys(_member_id(file, number, line) for number, line in enumerate(lines, start=1) if line))


def _member_id(file: Path, number: int, line: str) -> str:
    try:
        found = json.loads(line)["member_id"]
    except (ValueError, TypeError, KeyError):
        found = None
    if not isinstance(found, str) or not found:
        raise OddErasures(
            f'{file}:{number}: to nie jest wpis o usunięciu. Prosimy poprawić wiersz, na przykład: {{"member_id": "…"}}'
        )
    return found
