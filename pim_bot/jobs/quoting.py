"""Reading the words of messages that somebody marked, so that the form „Dodaj do MID/PU” can be offered filled in."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from pim_bot.clock import Clock
from pim_bot.jobs.ports import OpenWork
from pim_bot.notifications import delivery
from pim_bot.notifications.contributions import offer_form
from pim_bot.notifications.delivery import Later
from pim_bot.notifications.ports import Chat, Quotation

GIVE_UP_AFTER = timedelta(hours=1)


@dataclass(kw_only=True)
class Quoting:
    """Asks the chat what a marked message says, and plans the private message with the button."""

    open_work: OpenWork
    open_reading: OpenWork
    chat: Chat
    programme_clock: Clock
    machine_clock: Clock
    batch: int = 20
    _running: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run_due(self) -> int:
        """Read everything that was marked; returns how many messages were settled.

        What cannot be read just now is tried again until an hour has passed.
        """
        async with self._running:
            async with self.open_reading() as work:
                if delivery.REFUSED_TOKEN in await work.pauses.standing():
                    return 0
                waiting = await work.marked.waiting(self.batch)
            settled = 0
            for one in waiting:
                found = await self.chat.quote(one.channel_id, one.ts)
                if isinstance(found, Later) and self.machine_clock() - one.marked_at < GIVE_UP_AFTER:
                    continue
                quotation = found if isinstance(found, Quotation) else None
                async with self.open_work() as work:
                    if await work.marked.take(one.key, one.member_id, one.marked_at):
                        await offer_form(work, one, quotation, now=self.programme_clock())
                        settled += 1
            return settled
