"""Whose data was erased, in a file beside the database: a backup does not know of the erasures after it.

One JSON object a line, only ever added: ``{"member_id": "…", "at": "2026-03-02T09:00:00+00:00"}``. Ids are
pseudonymous; whoever keeps backups keeps this file with them.
"""

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from pim_bot.errors import PimBotError
from pim_bot.storage.sqlite import OWNER_ONLY, OWNER_ONLY_FOLDER

FILE = "erasures.jsonl"


class OddErasures(PimBotError):
    """The file of erasures cannot be read; the sentence says where and what to do."""


def noted_erasures(file: Path) -> list[str]:
    """Tell whose data was erased, each id once, in the order of the file. Raises ``OddErasures``."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise OddErasures(f"Nie da się odczytać pliku usunięć {file}. Prosimy sprawdzić ścieżkę i prawa.") from error
    told = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    return list(dict.fromkeys(_member_id(file, number, line) for number, line in told))


def note_erasures(folder: Path, erasures: Iterable[tuple[str, datetime]]) -> None:
    """Add the erasures that the file in ``folder`` does not tell yet; they are on the disk when this returns.

    Raises ``OddErasures``.
    """
    file = folder / FILE
    known = set(noted_erasures(file)) if file.exists() else set()
    new = [{"member_id": one, "at": at.isoformat()} for one, at in erasures if one not in known]
    if not new:
        return
    folder.mkdir(OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    private = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWNER_ONLY)
    with open(private, "a", encoding="utf-8") as opened:  # noqa: PTH123 - a path has no way to say who may read it
        opened.writelines(json.dumps(one) + "\n" for one in new)
        opened.flush()
        os.fsync(opened.fileno())


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
