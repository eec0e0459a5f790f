"""What the hub says when something could not be done."""

from datetime import datetime

from pim_bot.blocks import messages, missed
from pim_bot.blocks.elements import Message
from pim_bot.i18n import Words
from pim_bot.notifications.delivery import Notification
from pim_bot.notifications.ports import NotificationWork


async def refusal(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Say why something was not done."""
    return messages.refusal(words, claimed.facts["reason"], claimed.facts.get("facts", {}))


async def delivery_failed(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell a coordinator of a message that did not arrive."""
    return messages.delivery_failed(words, **claimed.facts)


async def runs_missed(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell a coordinator what did not run."""
    runs = []
    for run in claimed.facts["runs"]:
        due_at = datetime.fromisoformat(run["due_at"])
        members = await work.people.many(run["members"])
        runs.append(
            missed.Missed(
                kind=run["kind"],
                due_at=due_at,
                items=run["items"],
                names=tuple(member.name for member in members),
                waits=await work.due_items.is_overdue(run["kind"], due_at),
            )
        )
    return missed.runs_missed(words, runs)
