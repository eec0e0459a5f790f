"""Who stands behind the invitations of an activity: every person to tell, and on whose behalf."""

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
    attendances = await work.attendances.of(activity.id)
    teams = {
        team.invitee: team for team in await work.people.teams(activity.edition, activity.networks, activity.first_day)
    }
    alone = {one.invitee.removeprefix("member:"): one for one in attendances if team_of(one.invitee) is None}
    invited: dict[str, Invited] = {}
    for attendance in attendances:
        team = teams.get(attendance.invitee)
        for one in _team_audience(team, attendance) if team else ():
            invited.setdefault(one.member.id, one)
    for member in await work.people.many(sorted(alone)):
        invited.setdefault(member.id, Invited(member=member, attendance=alone[member.id], owns_duty=True))
    return list(invited.values())


def _team_audience(team: Team, attendance: Attendance) -> list[Invited]:
    return [
        Invited(member=member, attendance=attendance, owns_duty=not team.contacts or member.id in team.contacts)
        for member in team.members
    ]
