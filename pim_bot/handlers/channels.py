"""What happens in conversations: the bot is invited to a channel, or taken out of the workspace."""

from dataclasses import dataclass, replace

from pim_bot.events.catalogue import ChannelOpened
from pim_bot.handlers.door import CHAT, Door, HandledBefore
from pim_bot.handlers.payloads import Happening
from pim_bot.notifications import delivery
from pim_bot.programme.people import Actor
from pim_bot.programme.permissions import open_to_all


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelHandlers:
    """Events of channels."""

    door: Door

    @open_to_all("the chat itself says who came; nothing but that is noted")
    async def member_joined(self, happening: Happening) -> None:
        """Note that somebody joined a channel; if it is one that messages wait for, they go out."""
        channel = str(happening.event.get("channel") or "")
        async with self.door.open_work() as work:
            if not await work.requests.is_new(happening.key, at=self.door.machine_clock()):
                raise HandledBefore(happening.key)
            event = ChannelOpened(team_id=happening.team_id, channel_id=channel)
            work.record(event, actor=Actor(door=CHAT), at=self.door.programme_clock())

    @open_to_all("only Slack itself tells that the app was taken out")
    async def left(self, happening: Happening) -> None:
        """Be silent once the app was taken out of the workspace, or its token is no longer valid."""
        tokens = happening.event.get("tokens")
        if happening.type == "tokens_revoked" and isinstance(tokens, dict) and not tokens.get("bot"):
            return  # only tokens of people, which the hub has none of
        async with self.door.open_work() as work:
            if await work.pauses.begin(delivery.REFUSED_TOKEN, {"detail": happening.type}):
                subject, now = f"workspace:{happening.team_id}", self.door.programme_clock()
                work.act("AccessWithdrawn", subject, actor=Actor(door=CHAT), at=now)


def of_sender(happening: Happening) -> Happening:
    """Key somebody from another organisation (Slack Connect) by their own workspace, as all other requests are."""
    team = happening.event.get("user_team") or happening.event.get("team")
    return replace(happening, team_id=team) if isinstance(team, str) and team else happening
