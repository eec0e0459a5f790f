"""The bot's Home tab: shown when somebody looks, and kept up to date from then on."""

from dataclasses import dataclass

from pim_bot.handlers.door import Door, UnknownVisitor
from pim_bot.handlers.payloads import Happening
from pim_bot.notifications.home import show_home
from pim_bot.programme.permissions import open_to_all


@dataclass(frozen=True, kw_only=True, slots=True)
class HomeHandlers:
    """Somebody looks at the Home tab."""

    door: Door

    @open_to_all("whoever is not of the programme is only noted, to be looked up")
    async def opened(self, happening: Happening) -> None:
        """Show a person their Home tab as it is now."""
        if happening.event.get("tab") != "home":
            return  # the other tab is the conversation, where nothing happens by itself
        try:
            async with self.door.act(happening) as visit:
                await show_home(visit.work, visit.member, happening.team_id, happening.user_id, now=visit.now)
        except UnknownVisitor:
            await self.door.meet(happening)
