"""Reading files that somebody else made, each in a process of its own that may not take more than its share.

What a file can do to its reader (a bomb of compression, an endless formula) it does there: the process has little
memory, little time, nothing of the hub's settings, and is killed when it takes too long (``reports/__main__.py``).
"""

import asyncio
import os
import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
import structlog

from pim_bot.errors import Refused
from pim_bot.programme.people_list import PersonRow, RowProblem
from pim_bot.reports.spreadsheets import MOST_BYTES

log = structlog.get_logger(__name__)

READER = "pim_bot.reports"
LONGEST = timedelta(seconds=20)
TOO_HARD = "Tego pliku nie da się odczytać w rozsądnym czasie. Prosimy zostawić w nim samą listę i zapisać go ponownie."


class _Sentence(msgspec.Struct):
    reason: str
    facts: dict[str, Any]


class _Unread(_Sentence):
    number: int


class _Told(msgspec.Struct):
    """What the process may say, and nothing else."""

    refused: _Sentence | None = None
    rows: list[PersonRow] = []
    unread: list[_Unread] = []


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Reads files apart; ``longest`` is how long one may take."""

    longest: timedelta = LONGEST

    async def people(self, data: bytes) -> tuple[list[PersonRow], list[RowProblem]]:
        """Read a list of people (XLSX). Raises ``Refused`` that says what is wrong with the file."""
        if len(data) > MOST_BYTES:  # said before anything is started; the reader says it, too
            raise Refused("Plik jest za duży: najwyżej {most} MB.", most=MOST_BYTES // 1024 // 1024)
        try:
            told = msgspec.json.decode(await self._said(data), type=_Told)
        except msgspec.DecodeError as error:  # the process ended before it had said anything
            raise Refused(TOO_HARD) from error
        if told.refused is not None:
            raise Refused(told.refused.reason, **told.refused.facts)
        unread = [RowProblem(number=one.number, why=Refused(one.reason, **one.facts)) for one in told.unread]
        return told.rows, unread

    async def _said(self, data: bytes) -> bytes:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            READER,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ.get("PATH", "")},
        )
        try:
            async with asyncio.timeout(self.longest.total_seconds()):
                said, _ = await process.communicate(data)
        except TimeoutError as error:
            raise Refused(TOO_HARD) from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            log.warning("file.reader-ended", code=process.returncode)
        return said
