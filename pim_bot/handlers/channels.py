"""What happens to channels in chat."""

from dataclasses import dataclass

from pim_bot.events.catalogue import ChannelOpened
from pim_bot.handlers.door import CHAT, Door, HandledBefore
from pim_bot.handlers.payloads import Happening
from pim_bot.programme.people import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelHandlers:
    """The bot is invited to a channel."""

    door: Door

    async def member_joined(self, happening: Happening) -> None:
        """Note that somebody joined a channel; if it is one that messages wait for, they go out."""
        channel = str(happening.event.get("channel") or "")
        async with self.door.open_work() as work:
            if not await work.requests.is_new(happening.key, at=self.door.machine_clock()):
                raise HandledBefore(happening.key)
            event = ChannelOpened(team_id=happening.team_id, channel_id=channel)
            work.record(event, actor=Actor(door=CHAT), at=self.door.programme_clock())
