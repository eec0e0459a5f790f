"""Fetching files that somebody dropped into the chat, and reading them apart; what one says is then shown."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from pim_bot.clock import Clock
from pim_bot.errors import Refused
from pim_bot.jobs.ports import OpenWork, WorkerWork
from pim_bot.notifications import delivery
from pim_bot.notifications.delivery import Later
from pim_bot.notifications.people_lists import tell_unread
from pim_bot.notifications.ports import Files
from pim_bot.programme.dropping import DroppedFile, require_readable
from pim_bot.programme.people import Actor
from pim_bot.programme.people_list import PersonRow, RowProblem
from pim_bot.programme.people_lists import bring_list

NOT_GIVEN = "Komunikator nie wydaje teraz tego pliku i niczego nie zapisano. Prosimy wysłać go jeszcze raz za chwilę."
MOST_TRIES = 4

People = tuple[Sequence[PersonRow], Sequence[RowProblem]]
"""What a list of people says, and which rows cannot be read."""


@dataclass(kw_only=True)
class Fetching:
    """Fetches what waits. ``read_people`` reads a list apart; ``most`` is how many bytes of a file are taken."""

    open_work: OpenWork
    open_reading: OpenWork
    files: Files
    read_people: Callable[[bytes], Awaitable[People]]
    programme_clock: Clock
    machine_clock: Clock
    most: int
    batch: int = 5
    _running: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run_due(self) -> int:
        """Fetch every file that is due; returns how many were settled. One that the chat does not give is put off."""
        async with self._running:
            async with self.open_reading() as work:
                if delivery.REFUSED_TOKEN in await work.pauses.standing():
                    return 0
                waiting = await work.dropped_files.waiting(self.machine_clock(), self.batch)
            return sum([await self._settle(one) for one in waiting])

    async def _settle(self, one: DroppedFile) -> bool:
        found = await self._people_in(one.file_id)
        if isinstance(found, Later):
            tries = one.tries + found.counted
            if tries < MOST_TRIES:
                async with self.open_work() as work:
                    await work.dropped_files.put_off(one, tries=tries, until=self.machine_clock() + found.after)
                return False
            found = Refused(NOT_GIVEN)
        async with self.open_work() as work:
            if await work.dropped_files.take(one.id):
                await self._show(work, one, found)
        return True

    async def _people_in(self, file_id: str) -> People | Refused | Later:
        try:
            file = await self.files.look(file_id)
            if isinstance(file, Refused | Later):
                return file
            require_readable(file.name)
            data = await self.files.load(file, most=self.most)
            return data if isinstance(data, Refused | Later) else await self.read_people(data)
        except Refused as why:
            return why

    async def _show(self, work: WorkerWork, one: DroppedFile, found: People | Refused) -> None:
        member = await work.people.get(one.member_id)
        if member is None:
            return
        now, why = self.programme_clock(), found
        if not isinstance(found, Refused):
            try:
                await bring_list(work, Actor(door="chat", member=member), *found, now=now)
            except Refused as refused:
                why = refused
        if isinstance(why, Refused):
            await tell_unread(work, one, why, now=now)
