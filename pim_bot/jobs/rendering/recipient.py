"""Whoever is to read a message."""

from pim_bot.notifications.delivery import Notification
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.people import Member


async def member_of(work: NotificationWork, claimed: Notification) -> Member | None:
    """Read the member who is to read a message; None for a channel or a stranger."""
    return await work.people.get(claimed.addressee.member_id) if claimed.addressee.member_id else None
