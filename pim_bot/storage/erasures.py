"""Whose data was erased, in a file beside the database: a backup does not know of the erasures after it.

One JSON object a line, only ever added: ``{"member_id": "…", "at": "2026-03-02T09:00:00+00:00"}``. Ids are
pseudonymous; whoever keeps backups keeps this file with them.
"""

import json
from pathlib import Path

from pim_bot.errors import PimBotError

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
