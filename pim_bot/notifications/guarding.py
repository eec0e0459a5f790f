"""Who looks after the people of a network, and hears of what concerns them."""

from datetime import datetime

from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.people import Member, RoleName


async def who_looks_after(work: NotificationWork, edition: str, network: str, now: datetime) -> list[Member]:
    """Tell the MFiPR guardians of a network, whose duty its people are; where there are none, the coordinators."""
    day = now.date()
    guardians = [
        one
        for one in (await work.people.in_networks(edition, [network], day) if network else [])
        if one.in_edition(edition).has_role(RoleName.GUARDIAN, day, network=network, side="mfipr")
    ]
    return guardians or await work.people.coordinators(edition, day)
