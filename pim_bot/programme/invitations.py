"""Who is invited to an activity, and what they answer.

An invitation goes to a participant (a city's team in a network) or to a person on their own (expert, guardian,
ministry). Any member of a team answers for it, and one answer ends the question for the others.

When all places are taken, whoever wants to come waits for one. The list is strict: a place that comes free goes to
the first, who is not overtaken by anybody who would need fewer places.
"""

from dataclasses import replace
from datetime import date, datetime

from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.events.catalogue import AttendanceAnswered, PlaceGiven
from pim_bot.programme import ports
from pim_bot.programme.activity import (
    Activity,
    ActivityStatus,
    Answer,
    Attendance,
    count_attendance,
    waiting_list,
)
from pim_bot.programme.edition import ActivityKind
from pim_bot.programme.people import Actor, Member, RoleName, team_of
from pim_bot.programme.permissions import Action, require
from pim_bot.programme.words import clean_line

MOST_PEOPLE = 50
LONGEST_NAME = 100
WAITING_LIST = Actor(door="waiting-list")
LONGEST_LIST = 3000
"""One field of a form holds no more, and the list is to be opened there again."""


async def invitees_of(work: ports.ProgrammeWork, activity: Activity, kind: ActivityKind) -> list[str]:
    """Tell whom the kind of this activity invites, as they are on its first day."""
    day = activity.first_day
    invitees: list[str] = []
    one_city = activity.cities[0] if kind.scope.is_of_one_city and activity.cities else ""
    if "cities" in kind.invites:
        places = await work.editions.cities_of(activity.edition, activity.networks, day)
        invitees += [f"team:{network}/{city}" for network, city in places if one_city in ("", city)]
    for member in await work.people.in_networks(activity.edition, activity.networks, day):
        if _is_invited(member, activity, kind, day):
            invitees.append(f"member:{member.id}")
    return invitees


def _is_invited(member: Member, activity: Activity, kind: ActivityKind, day: date) -> bool:
    """Tell whether the kind invites this person; a session between a city and its experts invites no guardians."""
    sides = {side for side in kind.invites if side != "cities"}
    roles = (RoleName.EXPERT,) if kind.scope.is_of_one_city else (RoleName.EXPERT, RoleName.GUARDIAN, RoleName.MINISTRY)
    return any(
        role.holds_on(day)
        and (role.network in activity.networks or (kind.scope.is_of_one_city and role.city in activity.cities))
        and role.name in roles
        and (
            ("world_bank" in sides and role.side == "world_bank")
            or ("ministries" in sides and role.side in ("mfipr", "ministry"))
        )
        for role in member.roles
    )


async def invitation_of(work: ports.ProgrammeWork, activity: Activity, member: Member, day: date) -> Attendance | None:
    """Tell the invitation that this member may answer: their team's before their own."""
    invited = {one.invitee: one for one in await work.attendances.of(activity.id)}
    return next(
        (invited[invitee] for invitee in member.in_edition(activity.edition).invitees(day) if invitee in invited), None
    )


def checked_people(people: list[str]) -> tuple[str, ...]:
    """Clean the names a team registers; empty ones and repetitions fall away. Too many or too long are refused."""
    names = tuple(dict.fromkeys(name for name in map(clean_line, people) if name))
    if len(names) > MOST_PEOPLE:
        raise _people_refused("Można zgłosić najwyżej {most} osób naraz.", most=MOST_PEOPLE)
    if any(len(name) > LONGEST_NAME for name in names):
        raise _people_refused(
            "Każda osoba w osobnej linii, najwyżej {most} znaków w linii. Prosimy poprawić listę.", most=LONGEST_NAME
        )
    length = len("\n".join(names))
    if length > LONGEST_LIST:
        reason = "Ten tekst ma {length} znaków, a zmieści się najwyżej {most}. Prosimy go skrócić."
        problem = Refused(reason, length=length, most=LONGEST_LIST)
        raise Refused("Formularz wymaga poprawek.", fields={"people": problem})
    return names


def _people_refused(reason: str, *, most: int) -> Refused:
    return Refused("Formularz wymaga poprawek.", fields={"people": Refused(reason, most=most)})


async def answer_invitation(
    work: ports.ProgrammeWork,
    actor: Actor,
    activity_id: str,
    answer: Answer,
    *,
    people: list[str] | None = None,
    now: datetime,
) -> Attendance:
    """Say for a team, or for oneself, whether one takes part; the same answer again changes nothing.

    ``people`` are the names a team registers; None for a team that goes registers the person who answers.
    """
    await work.hold(f"activity:{activity_id}", changes=False)  # two answers at once must not take the last place twice
    activity = await work.activities.get(activity_id)
    if activity is None:
        raise NotFound("Tego wydarzenia już nie ma. Aktualną listę pokaże polecenie /pim terminy.")
    if actor.member is None:
        raise NotFound("Odpowiedzieć może tylko osoba z programu. Prosimy o kontakt z koordynacją programu.")
    _require_open(activity, now)
    invitation = await invitation_of(work, activity, actor.member, actor.member.day_of(now))
    if invitation is None:
        raise NotAllowed("Na to wydarzenie nie ma zaproszenia dla Państwa zespołu. W razie pytań pomoże koordynacja.")
    await work.hold(f"attendance:{activity_id}/{invitation.invitee}")
    require(actor, Action.ANSWER_INVITATION, now=now, edition=activity.edition, invitee=invitation.invitee)
    wanted = replace(invitation, answer=answer, people=_names(invitation, answer, people, actor.member))
    if _asks_for_the_same(invitation, wanted):
        return invitation
    wanted = replace(wanted, answered_by=actor.member.id, answered_at=now, revision=invitation.revision + 1)
    answered = await _with_place(work, activity, invitation, wanted, now)
    await work.attendances.save(answered)
    work.record(
        AttendanceAnswered(activity_id=activity.id, invitee=answered.invitee, revision=answered.revision),
        actor=actor,
        at=now,
    )
    if activity.capacity is not None:
        await give_free_places(work, activity, now=now)
    return answered


def _asks_for_the_same(before: Attendance, wanted: Attendance) -> bool:
    """Tell whether nothing new is asked for; whoever waits for a place asks to go."""
    said = Answer.GOING if before.answer is Answer.WAITING else before.answer
    return (said, before.people) == (wanted.answer, wanted.people)


def _names(invitation: Attendance, answer: Answer, people: list[str] | None, member: Member) -> tuple[str, ...]:
    if answer is not Answer.GOING or team_of(invitation.invitee) is None:
        return ()
    if people is not None:
        return checked_people(people)
    return invitation.people or (member.name,)


def _require_open(activity: Activity, now: datetime) -> None:
    if activity.status is ActivityStatus.CANCELLED:
        raise Refused("To wydarzenie jest odwołane, odpowiedź nie jest już potrzebna.")
    if activity.status is ActivityStatus.HELD or activity.starts_at <= now:
        raise Refused("To wydarzenie już się rozpoczęło, więc odpowiedzi nie można zmienić.")


async def _with_place(
    work: ports.ProgrammeWork, activity: Activity, before: Attendance, wanted: Attendance, now: datetime
) -> Attendance:
    """Give an answer its places; where there are none, it waits. Raises ``Refused`` when it could only lose by that."""
    if wanted.answer is not Answer.GOING:
        return replace(wanted, waiting_since=None)
    most = activity.places_per_team
    if most is not None and wanted.size > most:
        raise _people_refused("Na jeden zespół przypada miejsc: {most}. Prosimy skrócić listę osób.", most=most)
    if activity.capacity is None:
        return replace(wanted, waiting_since=None)
    if wanted.size > activity.capacity:
        raise _people_refused("Miejsc jest razem {most}. Prosimy skrócić listę osób.", most=activity.capacity)
    goes = before.answer is Answer.GOING
    if goes and wanted.size <= before.size:
        return wanted
    others = [one for one in await work.attendances.of(activity.id) if one.invitee != wanted.invitee]
    first = waiting_list([*others, before])[:1]
    free = activity.capacity - count_attendance(others).people
    if wanted.size <= free and (not first or first[0].invitee == wanted.invitee):
        return replace(wanted, waiting_since=None)
    if goes:
        raise _people_refused(
            "Nie ma już wolnych miejsc dla dodatkowych osób. Dotychczasowe zgłoszenie ({most}) pozostaje ważne.",
            most=before.size,
        )
    kept = before.waiting_since if wanted.size <= before.size else None
    return replace(wanted, answer=Answer.WAITING, waiting_since=kept or now)


async def give_free_places(work: ports.ProgrammeWork, activity: Activity, *, now: datetime) -> None:
    """Let the waiting list move up as far as there are places; the activity is held by whoever freed them."""
    attendances = await work.attendances.of(activity.id)
    taken = count_attendance(attendances).people
    for one in waiting_list(attendances):
        if activity.capacity is not None and taken + one.size > activity.capacity:
            return
        await work.hold(f"attendance:{activity.id}/{one.invitee}")
        given = replace(one, answer=Answer.GOING, waiting_since=None, revision=one.revision + 1)
        await work.attendances.save(given)
        taken += given.size
        event = PlaceGiven(activity_id=activity.id, invitee=given.invitee, revision=given.revision)
        work.record(event, actor=WAITING_LIST, at=now)
