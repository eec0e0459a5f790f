"""Ladders: at which moments before an activity people are reminded, each moved into working hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pim_bot.notifications.hours import OpenHours
from pim_bot.programme.activity import Activity


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """One reminder: which rung, when it was meant for, and when it falls due; ``why`` says why it was moved."""

    kind: str
    lead: timedelta
    nominal_at: datetime
    due_at: datetime
    why: str = ""

    @property
    def occurrence(self) -> str:
        """Name the rung by its lead in minutes: a rung that was sent stays sent after a move."""
        return str(int(self.lead.total_seconds() // 60))


FRESH = timedelta(days=1)
"""A long rung this soon after the news itself would only repeat it."""

ANSWER = "reminder-answer"
START = "reminder-start"


def place_rung(
    nominal: datetime, lead: timedelta, target: datetime, hours: OpenHours, now: datetime
) -> tuple[datetime, str]:
    """Tell when a rung falls due, and why it is not its nominal moment.

    A rung in quiet time moves to the last open moment before it. Only what loses nothing by waiting (less than half
    its lead, and not past its target) is held until the next open moment.
    """
    if hours.is_open(nominal):
        return nominal, ""
    held = hours.next_open(nominal)
    if held - nominal < lead / 2 and held < target:
        return held, "held-until-open"
    earlier = hours.last_open(nominal)
    if earlier > now:
        return earlier, "moved-before-quiet-time"
    return (held, "held-until-open") if held < target else (nominal, "no-open-moment")


def ladder(activity: Activity, leads: tuple[int, ...], hours: OpenHours, now: datetime) -> list[Rung]:
    """Tell the rungs of an activity that are still to come: to the answer-by moment, then to the start.

    ``leads`` are minutes. A rung whose moment has passed is left out, and so is everything once the start has passed.
    """
    rungs: list[Rung] = []
    targets = [(START, activity.starts_at)]
    if activity.answer_by is not None:
        targets.insert(0, (ANSWER, activity.answer_by))
    for kind, target in targets:
        for minutes in leads:
            lead = timedelta(minutes=minutes)
            nominal = target - lead
            if nominal <= now or (lead > FRESH and nominal - now < FRESH):
                continue
            due_at, why = place_rung(nominal, lead, target, hours, now)
            rungs.append(Rung(kind=kind, lead=lead, nominal_at=nominal, due_at=due_at, why=why))
    return rungs
