"""Whoever has not answered yet: who that is, and the reminder that a planner sends to exactly those, once a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pim_bot.errors import Refused
from pim_bot.events.catalogue import AnswersChased
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.audience import Invited, audiences_of
from pim_bot.notifications.direct import tell_members
from pim_bot.notifications.intent import Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.activity import Activity, Attendance
from pim_bot.programme.people import Actor, Member, team_of
from pim_bot.programme.permissions import Action
from pim_bot.programme.scheduling import planned_by


@dataclass(frozen=True, kw_only=True, slots=True)
class Owing:
    """Who owes an answer: teams as (city, who is reminded for it), then people invited on their own."""

    teams: Sequence[tuple[str, Sequence[Member]]] = ()
    people: Sequence[Member] = ()

    @property
    def reminded(self) -> list[Member]:
        """Everybody whose duty an answer is, nobody twice."""
        found = [member for _, members in self.teams for member in members] + list(self.people)
        return list({member.id: member for member in found}.values())


async def owing_of(work: NotificationWork, activity: Activity) -> Owing:
    """Tell who owes an answer to an activity."""
    return (await owing_of_many(work, [activity]))[activity.id]


async def owing_of_many(work: NotificationWork, activities: Sequence[Activity]) -> dict[str, Owing]:
    """Tell who owes an answer to each of these; a team without members owes it too, and nobody can be reminded."""
    audiences = await audiences_of(work, activities)
    attendances = await work.attendances.of_many([one.id for one in activities])
    return {one.id: _owing(audiences[one.id], attendances[one.id]) for one in activities}


def _owing(audience: Sequence[Invited], attendances: Sequence[Attendance]) -> Owing:
    duties = [one for one in audience if one.owes_answer and one.owns_duty]
    owed = [one.invitee for one in attendances if one.answer is None]
    by_invitee = {invitee: [one for one in duties if one.attendance.invitee == invitee] for invitee in owed}
    teams = [(team[1], _members(ones)) for invitee, ones in by_invitee.items() if (team := team_of(invitee))]
    people = [member for invitee, ones in by_invitee.items() if team_of(invitee) is None for member in _members(ones)]
    return Owing(teams=teams, people=sorted(people, key=lambda one: (one.name, one.id)))


def _members(invited: Sequence[Invited]) -> list[Member]:
    return [one.member for one in invited]


async def chase_answers(work: NotificationWork, actor: Actor, activity_id: str, *, now: datetime) -> Owing:
    """Remind exactly those who owe an answer to an activity; at most once a day.

    Raises what ``planned_by`` does, and ``Refused`` when nobody owes one or they were reminded today.
    """
    await work.hold(f"activity:{activity_id}", changes=False)
    activity = await planned_by(work, actor, activity_id, Action.CHASE_ANSWERS, now=now)
    if activity.starts_at <= now:
        raise Refused("To wydarzenie już się rozpoczęło, więc odpowiedź nie jest już potrzebna.")
    owing = await owing_of(work, activity)
    if not owing.reminded:
        raise Refused("Nie ma komu przypomnieć: wszystkie odpowiedzi już są albo zespół nie ma jeszcze osób.")
    day = _day(actor, now)
    if await work.outbox.was_intended(Kind.ATTENDANCE_NUDGE, f"activity:{activity.id}", day.isoformat()):
        raise Refused("Dziś przypomnienie o tym wydarzeniu już poszło. Następne można wysłać jutro.")
    work.record(AnswersChased(activity_id=activity.id, day=day.isoformat()), actor=actor, at=now)
    return owing


def _day(actor: Actor, now: datetime) -> date:
    return actor.member.day_of(now) if actor.member else now.date()


async def nudge_owing(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Remind those who still owe their answer; whoever gave it meanwhile is left alone."""
    event = recorded.event
    assert isinstance(event, AnswersChased)
    activity = await work.activities.get(event.activity_id)
    if activity is None or not activity.is_open or activity.starts_at <= recorded.at:
        return
    owing = await owing_of(work, activity)
    soon = activity.starts_at - recorded.at < timedelta(days=1)
    await tell_members(work, recorded, owing.reminded, Kind.ATTENDANCE_NUDGE, occurrence=event.day, urgent=soon)
