"""What stays behind when somebody leaves a team: every duty has one owner, so each of theirs needs another."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from pim_bot.events.catalogue import ActivityChanged
from pim_bot.programme import ports
from pim_bot.programme.activity import Activity
from pim_bot.programme.assignment import ExpertAssignment
from pim_bot.programme.enrolling import TeamPlace, roles_in
from pim_bot.programme.people import Actor, Member
from pim_bot.programme.permissions import Action
from pim_bot.programme.scheduling import planned_by

AHEAD = timedelta(days=366)
LEAD = "lead"
"""What is told of an activity whose planner is somebody else now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Duties:
    """What somebody who leaves a team still has to hand on, and who else is in the team.

    ``was_contact``: nobody is the team's contact after them. ``was_last``: nobody is left who owns the city's MID.
    ``activities`` are those to come that they planned.
    """

    leaver: Member
    place: TeamPlace
    last_day: date | None
    others: tuple[Member, ...]
    was_contact: bool
    was_last: bool
    activities: tuple[Activity, ...]
    assignments: tuple[ExpertAssignment, ...]

    @property
    def are_left(self) -> bool:
        """Tell whether anything is to be handed on."""
        return self.was_contact or self.was_last or bool(self.activities) or bool(self.assignments)


async def duties_of(work: ports.ProgrammeWork, leaver: Member, place: TeamPlace, *, now: datetime) -> Duties:
    """Read what somebody who leaves a team, or has left it, has not handed on yet."""
    held = roles_in(leaver, place)
    last_day = max((role.until for role in held if role.until), default=None)
    day = max(last_day or now.date(), now.date())
    team = await work.people.enrolled(place.edition, place.network, place.city, day + timedelta(days=1))
    others = [one for one in team if one.id != leaver.id]
    has_contact = any(role.contact for one in others for role in roles_in(one, place))
    coming = await work.activities.between(place.edition, now, now + AHEAD)
    assigned = await work.assignments.of_edition(place.edition)
    return Duties(
        leaver=leaver,
        place=place,
        last_day=last_day,
        others=tuple(sorted(others, key=lambda one: (one.name, one.id))),
        was_contact=bool(others) and not has_contact and any(role.contact for role in held),
        was_last=not others,
        activities=tuple(one for one in coming if one.is_open and one.scheduled_by == f"member:{leaver.id}"),
        assignments=tuple(one for one in assigned if one.member_id == leaver.id and one.is_open and one.until > day),
    )


async def take_over_activity(work: ports.ProgrammeWork, actor: Actor, activity_id: str, *, now: datetime) -> Activity:
    """Make an activity one's own duty; taken over once more, nothing changes. Raises what ``planned_by`` does."""
    await work.hold(f"activity:{activity_id}")
    activity = await planned_by(work, actor, activity_id, Action.CHANGE_ACTIVITY, now=now)
    if activity.scheduled_by == actor.id:
        return activity
    taken = replace(activity, scheduled_by=actor.id, revision=activity.revision + 1)
    await work.activities.save(taken)
    work.record(ActivityChanged(activity_id=taken.id, revision=taken.revision, what=(LEAD,)), actor=actor, at=now)
    return taken
