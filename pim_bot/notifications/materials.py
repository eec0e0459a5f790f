"""Reactions to materials: what is said of the activity shows them."""

from pim_bot.events.catalogue import MaterialEvent
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.intent import Kind
from pim_bot.notifications.ports import NotificationWork


async def show_materials(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Bring the announcement up to date; nobody is told besides."""
    event = recorded.event
    assert isinstance(event, MaterialEvent)
    await work.outbox.refresh(f"activity:{event.activity_id}", (Kind.ANNOUNCEMENT,), at=recorded.at)
