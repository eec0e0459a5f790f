"""The end of an activity: once it has passed, the activity counts as held."""

from dataclasses import replace
from datetime import datetime

from pim_bot.events.catalogue import ActivityHeld
from pim_bot.programme import ports
from pim_bot.programme.activity import Activity, ActivityStatus
from pim_bot.programme.people import Actor


async def hold_activity(work: ports.ProgrammeWork, actor: Actor, activity_id: str, *, now: datetime) -> Activity | None:
    """Mark an activity whose end has passed as held; one that was called off or moved on stays as it is.

    Calendars show nothing of it, so ``changed_at`` and ``sequence`` stay.
    """
    await work.hold(f"activity:{activity_id}")
    activity = await work.activities.get(activity_id)
    if activity is None or not activity.is_open or activity.ends_at > now:
        return None
    held = replace(activity, status=ActivityStatus.HELD, revision=activity.revision + 1)
    await work.activities.save(held)
    work.record(ActivityHeld(activity_id=held.id, revision=held.revision), actor=actor, at=now)
    return held
