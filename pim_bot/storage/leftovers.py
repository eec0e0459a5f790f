"""Looking for bytes in a database's own files, always in a process of its own: ``python -m pim_bot.storage.leftovers``.

Whoever closes a file that SQLite has open ends every lock that their process holds on it, and the database may be
spoiled by whoever writes next (https://www.sqlite.org/howtocorrupt.html, section 2.2).
"""

import json
import mmap
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

FOUND, NOT_FOUND = 3, 0


def stand_in(path: Path, spellings: Sequence[bytes]) -> bool:
    """Tell whether one of the spellings stands in the database or beside it. They are told on no command line."""
    looked = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", __name__, str(path)],
        input=json.dumps([one.hex() for one in spellings]).encode(),
        capture_output=True,
        check=False,
    )
    if looked.returncode not in (FOUND, NOT_FOUND):
        raise OSError(f"the files of {path} could not be read")
    return looked.returncode == FOUND


def _look(path: Path, spellings: Sequence[bytes]) -> bool:
    for beside in (path, Path(f"{path}-wal"), Path(f"{path}-journal")):
        if not beside.exists() or not beside.stat().st_size:
            continue
        with beside.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if any(content.find(one) != -1 for one in spellings):
                return True
    return False


if __name__ == "__main__":
    told = [bytes.fromhex(one) for one in json.load(sys.stdin)]
    sys.exit(FOUND if _look(Path(sys.argv[1]), told) else NOT_FOUND)
