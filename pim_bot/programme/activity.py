"""An activity: something of the programme that stands on the calendar."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class ActivityStatus(StrEnum):
    """Where an activity stands."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    HELD = "held"


class Form(StrEnum):
    """How people meet."""

    ON_SITE = "on_site"
    ONLINE = "online"
    HYBRID = "hybrid"


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityDraft:
    """What a person fills in to schedule an activity.

    ``starts_at`` and ``ends_at`` are instants; for ``all_day`` they are midnight of the first day and midnight after
    the last one in ``zone``. ``networks`` and ``cities`` are slugs; ``cities`` are the hosts, or for a kind with one
    city the city it is for.
    """

    kind: str
    title: str
    networks: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    zone: str
    all_day: bool = False
    cities: tuple[str, ...] = ()
    answer_by: datetime | None = None
    place: str = ""
    country: str = "PL"
    form: str = Form.ON_SITE
    theme: str = ""
    agenda: str = ""
    description: str = ""
    link: str = ""
    provisional: bool = False
    capacity: int | None = None
    places_per_team: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Activity(ActivityDraft):
    """An activity on the calendar.

    ``revision`` grows with every change; ``sequence`` and ``uid`` are what calendars know it by (RFC 5546 2.1.4);
    ``changed_at`` is programme time of the last visible change.
    """

    id: str
    edition: str
    uid: str
    status: ActivityStatus = ActivityStatus.SCHEDULED
    revision: int = 1
    sequence: int = 0
    changed_at: datetime
    scheduled_by: str = ""
    moved_from: datetime | None = None
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to come or going on, as planned."""
        return self.status is ActivityStatus.SCHEDULED

    @property
    def first_day(self) -> date:
        """The day it begins, where it takes place."""
        return self.starts_at.astimezone(ZoneInfo(self.zone)).date()

    @property
    def last_day(self) -> date:
        """The day it ends (inclusive), where it takes place."""
        return (self.ends_at - timedelta(microseconds=1)).astimezone(ZoneInfo(self.zone)).date()


class Answer(StrEnum):
    """What a team or a person says to an invitation; who wants to go when all places are taken is WAITING for one."""

    GOING = "going"
    UNSURE = "unsure"
    NOT_GOING = "not_going"
    WAITING = "waiting"


CHOICES = (Answer.GOING, Answer.UNSURE, Answer.NOT_GOING)
"""What can be said; to wait for a place is what becomes of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attendance:
    """An invitation and what was answered to it; ``answer`` is None while it is owed.

    ``invitee`` is ``team:<network>/<city>`` or ``member:<id>``. ``people`` are the names a team registered.
    ``waiting_since`` is the instant from which it waits for a place, on the waiting list only.
    """

    activity_id: str
    invitee: str
    answer: Answer | None = None
    people: tuple[str, ...] = ()
    answered_by: str = ""
    answered_at: datetime | None = None
    revision: int = 0
    waiting_since: datetime | None = None

    @property
    def size(self) -> int:
        """How many places it takes, or would take: a team without names counts as one person."""
        return max(len(self.people), 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class AttendanceCount:
    """The live count of an activity: answers of invitees, and people who are coming."""

    going: int = 0
    unsure: int = 0
    not_going: int = 0
    owed: int = 0
    people: int = 0
    waiting: int = 0


def count_attendance(attendances: Sequence[Attendance]) -> AttendanceCount:
    """Count the answers; a team that goes without names counts as one person."""
    answers = [attendance.answer for attendance in attendances]
    return AttendanceCount(
        going=answers.count(Answer.GOING),
        unsure=answers.count(Answer.UNSURE),
        not_going=answers.count(Answer.NOT_GOING),
        owed=answers.count(None),
        people=sum(one.size for one in attendances if one.answer is Answer.GOING),
        waiting=answers.count(Answer.WAITING),
    )


def waiting_list(attendances: Iterable[Attendance]) -> list[Attendance]:
    """Tell who waits for a place, the first first."""
    waiting = [(one.waiting_since, one.invitee, one) for one in attendances if one.waiting_since is not None]
    return [one for _, _, one in sorted(waiting, key=lambda row: row[:2])]
