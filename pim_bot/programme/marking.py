"""Marking presence, once an activity has begun.

Whoever plans the activity marks it, and so does the team of a city that hosts it.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from pim_bot.errors import NotFound, Refused
from pim_bot.events.catalogue import PresenceMarked
from pim_bot.programme import ports
from pim_bot.programme.activity import Activity, ActivityStatus, Answer
from pim_bot.programme.hosting import hosted_place_of
from pim_bot.programme.invitations import checked_people
from pim_bot.programme.people import Actor, team_of
from pim_bot.programme.permissions import Action, require_at
from pim_bot.programme.presence import OTHERS, Expected, Presence


async def markable(work: ports.ProgrammeWork, actor: Actor, activity_id: str, *, now: datetime) -> Activity:
    """Load an activity whose presence the actor may mark. Raises ``NotFound``, ``NotAllowed``, or ``Refused``."""
    activity = await work.activities.get(activity_id)
    if activity is None:
        raise NotFound("Tego wydarzenia już nie ma. Aktualną listę pokaże polecenie /pim terminy.")
    kind = await work.editions.kind(activity.edition, activity.kind)
    require_at(actor, Action.MARK_PRESENCE, hosted_place_of(activity, kind), now=now)
    if activity.status is ActivityStatus.CANCELLED:
        raise Refused("To wydarzenie jest odwołane, więc nie ma obecności do zaznaczenia.")
    if activity.starts_at > now:
        raise Refused("Obecność można zaznaczyć, gdy wydarzenie się rozpocznie.")
    return activity


async def roster_of(work: ports.ProgrammeWork, activity: Activity) -> list[Expected]:
    """Tell who was to come, by team and then the people invited on their own, and whether they came if it is marked."""
    going = [one for one in await work.attendances.of(activity.id) if one.answer is Answer.GOING]
    alone = [one.invitee.removeprefix("member:") for one in going if team_of(one.invitee) is None]
    names = {f"member:{one.id}": one.name for one in await work.people.many(alone)}
    marked = {one.invitee: one for one in await work.presences.of(activity.id)}
    expected = []
    for one in sorted(going, key=lambda one: (team_of(one.invitee) is None, one.invitee)):
        people = one.people if team_of(one.invitee) else tuple(filter(None, [names.get(one.invitee, "")]))
        known = marked.get(one.invitee)
        expected += [
            Expected(invitee=one.invitee, name=name, came=name in known.people if known else None)
            for name in dict.fromkeys(people)
        ]
    return expected


async def others_of(work: ports.ProgrammeWork, activity: Activity) -> tuple[str, ...]:
    """Tell who came besides those who were expected."""
    return next((one.people for one in await work.presences.of(activity.id) if one.invitee == OTHERS), ())


async def mark_presence(
    work: ports.ProgrammeWork,
    actor: Actor,
    activity_id: str,
    *,
    shown: Collection[str],
    came: Collection[str],
    others: Sequence[str] | None = None,
    now: datetime,
) -> None:
    """Mark who came of those who were ``shown`` (keys, of whole teams); the rest stays as it is.

    ``others`` are the names of those who came besides, None leaves them. The same again changes nothing.
    """
    await work.hold(f"presence:{activity_id}")
    activity = await markable(work, actor, activity_id, now=now)
    marked = {one.invitee: one for one in await work.presences.of(activity.id)}
    wanted: dict[str, list[str]] = {}
    for one in await roster_of(work, activity):
        if one.key in shown:
            wanted.setdefault(one.invitee, []).extend([one.name] if one.key in came else [])
    if others is not None:
        wanted[OTHERS] = list(checked_people(list(others)))
    changed = []
    for invitee, people in wanted.items():
        before = marked.get(invitee)
        if before is None and invitee == OTHERS and not people:
            continue
        if before is None or before.people != tuple(people):
            fresh = Presence(activity_id=activity.id, invitee=invitee, marked_at=now)
            row = replace(before, revision=before.revision + 1) if before else fresh
            changed.append(replace(row, people=tuple(people), marked_by=actor.id, marked_at=now))
    if changed:
        await work.presences.save(changed)
        work.record(PresenceMarked(activity_id=activity.id, revision=activity.revision), actor=actor, at=now)
