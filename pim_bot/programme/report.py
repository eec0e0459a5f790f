"""The short report after an activity: when it really was, who came, and what came out of it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportDraft:
    """What a person fills in. ``held_from`` and ``held_until`` are the actual days, beside the planned ones."""

    held_from: date
    held_until: date
    outcome: str
    came: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityReport(ReportDraft):
    """The report of an activity; ``revision`` grows with every change."""

    activity_id: str
    reported_by: str
    reported_at: datetime
    revision: int = 1
