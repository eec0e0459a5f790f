"""Who takes part in an activity and who came, for whoever plans it or hosts it."""

from dataclasses import dataclass
from datetime import datetime

from pim_bot.errors import NotFound
from pim_bot.programme import ports
from pim_bot.programme.activity import Activity, Attendance
from pim_bot.programme.hosting import hosted_place_of
from pim_bot.programme.people import Actor, team_of
from pim_bot.programme.permissions import Action, require_at
from pim_bot.programme.presence import Presence

PURPOSE = "participants-list"
"""What a one-time token for the download of a list is for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Participants:
    """An activity with its invitations and who came; names by slug of cities and networks, by id of members."""

    activity: Activity
    attendances: tuple[Attendance, ...]
    presences: tuple[Presence, ...]
    cities: dict[str, str]
    networks: dict[str, str]
    members: dict[str, str]


async def participants_of(work: ports.ProgrammeWork, actor: Actor, activity_id: str, *, now: datetime) -> Participants:
    """Read the list of an activity, also of one that is over. Raises ``NotFound`` and ``NotAllowed``."""
    activity = await work.activities.get(activity_id)
    if activity is None:
        raise NotFound("Tego wydarzenia już nie ma. Aktualną listę pokaże polecenie /pim terminy.")
    kind = await work.editions.kind(activity.edition, activity.kind)
    require_at(actor, Action.MARK_PRESENCE, hosted_place_of(activity, kind), now=now)
    attendances = await work.attendances.of(activity.id)
    named = {one.invitee.removeprefix("member:") for one in attendances if team_of(one.invitee) is None}
    named |= {one.answered_by for one in attendances if one.answered_by}
    return Participants(
        activity=activity,
        attendances=tuple(sorted(attendances, key=lambda one: (team_of(one.invitee) is None, one.invitee))),
        presences=tuple(await work.presences.of(activity.id)),
        cities={one.slug: one.name for one in await work.editions.cities(activity.edition)},
        networks={one.slug: one.name for one in await work.editions.networks(activity.edition)},
        members={one.id: one.name for one in await work.people.many(sorted(named))},
    )
