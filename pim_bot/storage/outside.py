"""Whose data was erased, kept beside the database: one that is restored from an older backup does not know it."""

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

FILE = "erasures.jsonl"


def erased_ids(folder: Path) -> list[str]:
    """Tell whose data was erased, by pseudonymous id, in the order in which it was."""
    path = folder / FILE
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(json.loads(line)["member_id"] for line in lines if line.strip()))


def note_erasures(folder: Path, erasures: Iterable[tuple[str, datetime]]) -> None:
    """Add the erasures that the file does not tell yet; they are on the disk when this returns."""
    known = set(erased_ids(folder))
    new = [{"member_id": one, "at": at.isoformat()} for one, at in erasures if one not in known]
    if not new:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE).open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(one) + "\n" for one in new)
        file.flush()
        os.fsync(file.fileno())
