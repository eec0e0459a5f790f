"""Who stands behind the invitations of an activity: every person to tell, and on whose behalf."""

from collections.abc import Sequence
from dataclasses import dataclass

from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.activity import Activity, Answer, Attendance
from pim_bot.programme.people import Member, Team, team_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Invited:
    """A member, the invitation they may answer, and whether the duty to answer it is theirs.

    A team's duty belongs to its contact; where a team has none, to all of it.
    """

    member: Member
    attendance: Attendance
    owns_duty: bool

    @property
    def owes_answer(self) -> bool:
        """Tell whether the invitation waits for an answer."""
        return self.attendance.answer is None

    @property
    def takes_part(self) -> bool:
        """Tell whether the person goes, or may go: a team that named people means those, and its contact."""
        answer, people = self.attendance.answer, self.attendance.people
        if answer is Answer.NOT_GOING:
            return False
        return not people or self.owns_duty or self.member.name in people


async def audience_of(work: NotificationWork, activity: Activity) -> list[Invited]:
    """Tell everybody who is invited, themselves or with their team; nobody stands there twice."""
    return (await audiences_of(work, [activity]))[activity.id]


async def audiences_of(work: NotificationWork, activities: Sequence[Activity]) -> dict[str, list[Invited]]:
    """Tell who is invited to each of these activities, with as many questions as one of them takes."""
    attendances = await work.attendances.of_many([one.id for one in activities])
    alone = {one.id: _invited_alone(attendances[one.id]) for one in activities}
    members = {one.id: one for one in await work.people.many([key for keys in alone.values() for key in keys])}
    teams = await _teams_of(work, activities)
    found = {}
    for activity in activities:
        invited: dict[str, Invited] = {}
        for attendance in attendances[activity.id]:
            team = teams[activity.id].get(attendance.invitee)
            for one in _team_audience(team, attendance) if team else ():
                invited.setdefault(one.member.id, one)
        for member_id, attendance in sorted(alone[activity.id].items()):
            if member_id in members:
                one = Invited(member=members[member_id], attendance=attendance, owns_duty=True)
                invited.setdefault(member_id, one)
        found[activity.id] = list(invited.values())
    return found


def _invited_alone(attendances: Sequence[Attendance]) -> dict[str, Attendance]:
    return {one.invitee.removeprefix("member:"): one for one in attendances if team_of(one.invitee) is None}


async def _teams_of(work: NotificationWork, activities: Sequence[Activity]) -> dict[str, dict[str, Team]]:
    """Tell of each activity the teams of its networks as they are on its first day, by invitee."""
    found: dict[str, dict[str, Team]] = {}
    for edition in dict.fromkeys(one.edition for one in activities):
        mine = [one for one in activities if one.edition == edition]
        networks = dict.fromkeys(network for one in mine for network in one.networks)
        days = dict.fromkeys(one.first_day for one in mine)
        teams = await work.people.teams_on(edition, list(networks), list(days))
        for one in mine:
            found[one.id] = {team.invitee: team for team in teams[one.first_day] if team.network in one.networks}
    return found


def _team_audience(team: Team, attendance: Attendance) -> list[Invited]:
    return [
        Invited(member=member, attendance=attendance, owns_duty=not team.contacts or member.id in team.contacts)
        for member in team.members
    ]
