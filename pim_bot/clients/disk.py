"""Free space where the hub writes files."""

import asyncio
import os
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from pim_bot.errors import TooSlow
from pim_bot.patience import within

PATIENCE = timedelta(seconds=1)


async def free_space(folders: Iterable[Path]) -> dict[str, int | None]:
    """Tell of each folder how many bytes can still be written; None where that cannot be found out in time."""
    return {str(folder): await _free(folder) for folder in folders}


async def _free(folder: Path) -> int | None:
    try:
        # In a thread: a disk that has failed may never answer.
        return await within(PATIENCE, asyncio.to_thread(_bytes_left, folder))
    except (OSError, TooSlow):
        return None


def _bytes_left(folder: Path) -> int:
    """Count what a program without special rights may still write; without a free inode that is nothing."""
    disk = os.statvfs(folder)
    no_inode = disk.f_files > 0 and disk.f_favail == 0
    return 0 if no_inode else disk.f_bavail * disk.f_frsize
