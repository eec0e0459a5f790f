"""One who claims messages a hundred at a time until there are no more, in a process of its own.

``python -m benchmarks.claimer DATABASE PROGRAMME_TIME FOLDER`` says ``ready``, waits for a line, and tells as JSON
which rows it got and at what instant it had the last (``time.perf_counter``).
"""

import asyncio
import json
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from benchmarks.furnish import NOWHERE
from pim_bot.bootstrap import put_together
from pim_bot.storage.unit_of_work import Storage
from tests.hub import settings_for

A_CLAIM = 100
LEASE = timedelta(minutes=10)
SAID = {"text": "Zaproszenie", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*Warsztaty*"}}]}


async def claim(storage: Storage, programme: datetime) -> list[str]:
    """Claim up to a hundred messages in a transaction; tells their rows."""
    async with storage.work("claim") as work:
        found = await work.deliveries.claimable(programme, A_CLAIM)
        await work.deliveries.start([(one, SAID) for one in found], token=uuid4().hex, lease=LEASE)
    return [one.id for one in found]


async def claim_all(address: str, programme: datetime, folder: Path) -> None:
    """Claim until nothing is left."""
    async with put_together(settings_for(folder, NOWHERE, database_url=address)) as parts:
        await parts.migrate()
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        rows: list[str] = []
        ended = time.perf_counter()
        while got := await claim(parts.storage, programme):
            rows += got
            ended = time.perf_counter()
    print(json.dumps({"rows": rows, "ended": ended}))


if __name__ == "__main__":
    asyncio.run(claim_all(sys.argv[1], datetime.fromisoformat(sys.argv[2]), Path(sys.argv[3])))
