"""Matching users of chat to people of the programme, by e-mail, at their first contact."""

import asyncio
from dataclasses import dataclass, field

from pim_bot.clock import Clock
from pim_bot.events.catalogue import MemberMatched, StrangerMet
from pim_bot.jobs.ports import OpenWork
from pim_bot.notifications import delivery
from pim_bot.notifications.delivery import Later
from pim_bot.notifications.ports import Chat, ChatProfile
from pim_bot.programme.people import Actor

WORKER = Actor(door="worker")


@dataclass(kw_only=True)
class Matching:
    """Asks the chat who somebody is and ties them to the member with that e-mail."""

    open_work: OpenWork
    open_reading: OpenWork
    chat: Chat
    programme_clock: Clock
    machine_clock: Clock
    batch: int = 20
    _running: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run_due(self) -> int:
        """Match everybody who was seen, and look up everybody who was imported; returns how many were settled."""
        async with self._running:
            async with self.open_reading() as work:
                if delivery.REFUSED_TOKEN in await work.pauses.standing():
                    return 0
                unmatched = await work.identities.unmatched(self.batch)
                imported = await work.identities.not_looked_up(self.batch)
            settled = 0
            for user in unmatched:
                settled += await self._match(user.team_id, user.user_id)
            for member_id, email in imported:
                settled += await self._look_up(member_id, email)
            return settled

    async def _look_up(self, member_id: str, email: str) -> bool:
        """Find a person of the programme in chat before they come by themselves."""
        found = await self.chat.person(email)
        if isinstance(found, Later):
            return False
        async with self.open_work() as work:
            await work.hold(f"member:{member_id}")
            if await work.identities.was_looked_up(member_id):  # by another worker, meanwhile
                return True
            await work.identities.looked_up(member_id, at=self.machine_clock())
            if isinstance(found, ChatProfile):
                known = await work.identities.get(found.team_id, found.user_id)
                if known is not None and known.state == "new":  # they came meanwhile and wait for a word
                    work.record(MemberMatched(member_id=member_id), actor=WORKER, at=self.programme_clock())
                await work.identities.match(
                    found.team_id,
                    found.user_id,
                    email=email,
                    locale=found.locale,
                    zone=found.zone,
                    at=self.machine_clock(),
                )
        return True

    async def _match(self, team_id: str, user_id: str) -> bool:
        profile = await self.chat.profile(user_id)
        if profile is None:
            return False
        # A user id of another workspace may be equal to one of ours and is somebody else.
        email = profile.email if profile.team_id in ("", team_id) else ""
        async with self.open_work() as work:
            await work.hold(f"chat-user:{team_id}/{user_id}")
            known = await work.identities.get(team_id, user_id)
            if known is not None and known.state != "new":  # matched by another worker, meanwhile
                return True
            now = self.programme_clock()
            matched = await work.identities.match(
                team_id, user_id, email=email, locale=profile.locale, zone=profile.zone, at=self.machine_clock()
            )
            if matched is None:
                work.record(StrangerMet(visitor=known.visitor if known else ""), actor=WORKER, at=now)
            else:
                work.record(MemberMatched(member_id=matched[0]), actor=WORKER, at=now)
        return True
