"""Assigning experts: asked by a coordinator, accepted or declined by the expert."""

from dataclasses import replace
from datetime import datetime, timedelta

from pim_bot.clock import new_id
from pim_bot.errors import NotFound, Refused
from pim_bot.events.catalogue import ExpertAccepted, ExpertAssigned, ExpertDeclined
from pim_bot.programme import ports
from pim_bot.programme.assignment import AssignmentStatus, ExpertAssignment
from pim_bot.programme.people import Actor, RoleName
from pim_bot.programme.permissions import Action, require

LONGEST_DAYS = 400


FARTHEST = timedelta(days=5 * 366)


async def _problems(work: ports.ProgrammeWork, assignment: ExpertAssignment, now: datetime) -> dict[str, Refused]:
    problems: dict[str, Refused] = {}
    if assignment.network not in {"", *(one.slug for one in await work.editions.networks(assignment.edition))}:
        problems["network"] = Refused("Nie ma takiej sieci: {names}. Prosimy wybrać z listy.", names=assignment.network)
    if assignment.city not in {"", *(one.slug for one in await work.editions.cities(assignment.edition))}:
        problems["city"] = Refused("Nie ma takiego miasta: {names}. Prosimy wybrać z listy.", names=assignment.city)
    for name, day in (("since", assignment.since), ("until", assignment.until)):
        if abs(day - now.date()) > FARTHEST:
            problems[name] = Refused("To bardzo odległy termin. Prosimy sprawdzić rok.")
    if not assignment.network and not assignment.city:
        problems["network"] = Refused("Prosimy wybrać sieć albo miasto.")
    if assignment.until < assignment.since:
        problems["until"] = Refused("Koniec jest przed początkiem. Prosimy poprawić jedną z dat.")
    if not 0 <= assignment.days <= LONGEST_DAYS:
        problems["days"] = Refused("Prosimy podać liczbę dni od 0 do {most}.", most=LONGEST_DAYS)
    return problems


async def assign_expert(
    work: ports.ProgrammeWork, actor: Actor, assignment: ExpertAssignment, *, now: datetime
) -> ExpertAssignment:
    """Ask an expert to serve a network or a city; the expert hears of it and accepts or declines.

    Raises ``Refused`` with fields for wrong input and for double booking.
    """
    require(actor, Action.ASSIGN_EXPERT, now=now, edition=assignment.edition, network=assignment.network)
    await work.hold(f"member:{assignment.member_id}", changes=False)  # two at once must not book one person twice
    problems = await _problems(work, assignment, now)
    expert = await work.people.get(assignment.member_id)
    if expert is None or not expert.in_edition(assignment.edition).has_role(RoleName.EXPERT, now.date()):
        problems["expert"] = Refused("Ta osoba nie ma w tej edycji roli eksperckiej. Prosimy wybrać inną osobę.")
    doubled = [one for one in await work.assignments.of_edition(assignment.edition) if assignment.doubles(one)]
    if doubled:
        problems["expert"] = Refused(
            "Ta osoba ma już takie przypisanie od {since} do {until}. Prosimy zmienić okres albo osobę.",
            since=doubled[0].since,
            until=doubled[0].until,
        )
    if problems:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    assignment = replace(assignment, id=new_id(), assigned_by=actor.id)
    await work.assignments.add(assignment)
    work.record(ExpertAssigned(assignment_id=assignment.id, revision=assignment.revision), actor=actor, at=now)
    return assignment


async def answer_assignment(
    work: ports.ProgrammeWork, actor: Actor, assignment_id: str, *, accept: bool, now: datetime
) -> ExpertAssignment:
    """Accept or decline; saying the same twice changes nothing, the other thing after an answer is refused."""
    await work.hold(f"assignment:{assignment_id}")
    assignment = await work.assignments.get(assignment_id)
    if assignment is None:
        raise NotFound("Tego przypisania już nie ma. Aktualną listę pokaże polecenie /pim.")
    require(actor, Action.ANSWER_ASSIGNMENT, now=now, owner=assignment.member_id)
    wanted = AssignmentStatus.ACCEPTED if accept else AssignmentStatus.DECLINED
    if assignment.status is wanted:
        return assignment
    if assignment.status is not AssignmentStatus.PROPOSED:
        raise Refused("Na to przypisanie jest już odpowiedź. Zmianę prosimy uzgodnić z koordynacją programu.")
    answered = replace(assignment, status=wanted, revision=assignment.revision + 1)
    await work.assignments.save(answered)
    event = ExpertAccepted if accept else ExpertDeclined
    work.record(event(assignment_id=assignment.id, revision=answered.revision), actor=actor, at=now)
    return answered
