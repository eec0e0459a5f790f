"""Assigning experts: asked by a coordinator, accepted or declined by the expert, ended early or handed on."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from pim_bot.clock import new_id
from pim_bot.errors import NotFound, Refused
from pim_bot.events.catalogue import ExpertAccepted, ExpertAssigned, ExpertDeclined, ExpertReleased, ExpertReplaced
from pim_bot.programme import ports
from pim_bot.programme.assignment import AssignmentStatus, ExpertAssignment
from pim_bot.programme.load import Load, load_of
from pim_bot.programme.people import Actor, RoleName
from pim_bot.programme.permissions import Action, require

LONGEST_DAYS = 400
FARTHEST = timedelta(days=5 * 366)


class OverBudget(Refused):
    """More days are asked of a person than there are working days; whoever assigns may want that all the same."""

    def __init__(self, load: Load) -> None:
        super().__init__(
            "Ta osoba miałaby razem {asked} dni wsparcia, a od {since} do {until} jest {available} dni roboczych.",
            asked=load.asked,
            available=load.available,
            since=load.since,
            until=load.until,
        )


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
    work: ports.ProgrammeWork,
    actor: Actor,
    assignment: ExpertAssignment,
    *,
    now: datetime,
    over_budget_is_fine: bool = False,
) -> ExpertAssignment:
    """Ask an expert to serve a network or a city; the expert hears of it and accepts or declines.

    Raises ``Refused`` with fields for wrong input and for double booking, ``OverBudget`` unless that was seen before.
    """
    require(actor, Action.ASSIGN_EXPERT, now=now, edition=assignment.edition, network=assignment.network)
    await work.hold(f"member:{assignment.member_id}", changes=False)  # two at once must not book one person twice
    problems = await _problems(work, assignment, now)
    expert = await work.people.get(assignment.member_id)
    if expert is None or not expert.in_edition(assignment.edition).has_role(RoleName.EXPERT, now.date()):
        problems["expert"] = Refused("Ta osoba nie ma w tej edycji roli eksperckiej. Prosimy wybrać inną osobę.")
    others = await work.assignments.of_edition(assignment.edition)
    doubled = [one for one in others if assignment.doubles(one)]
    if doubled:
        problems["expert"] = Refused(
            "Ta osoba ma już takie przypisanie od {since} do {until}. Prosimy zmienić okres albo osobę.",
            since=doubled[0].since,
            until=doubled[0].until,
        )
    if problems:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    load = load_of(assignment, others)
    if load.is_too_much and not over_budget_is_fine:
        raise OverBudget(load)
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


async def release_expert(
    work: ports.ProgrammeWork, actor: Actor, assignment_id: str, *, last_day: date, now: datetime
) -> ExpertAssignment:
    """End an assignment on a day; what was served until then stays to be read. Raises ``NotFound`` and ``Refused``."""
    await work.hold(f"assignment:{assignment_id}")
    assignment = await open_assignment(work, actor, assignment_id, now=now)
    if last_day >= assignment.until:
        raise Refused(
            "Formularz wymaga poprawek.",
            fields={"last_day": Refused("To przypisanie i tak trwa do {until}.", until=assignment.until)},
        )
    released = _ended(assignment, last_day)
    await work.assignments.save(released)
    work.record(ExpertReleased(assignment_id=released.id, revision=released.revision), actor=actor, at=now)
    return released


async def replace_expert(
    work: ports.ProgrammeWork,
    actor: Actor,
    assignment_id: str,
    *,
    expert: str,
    since: date,
    days: int,
    now: datetime,
    over_budget_is_fine: bool = False,
) -> ExpertAssignment:
    """End an assignment on the eve of ``since`` and ask somebody else to go on until the same day.

    Tells the successor's assignment. Raises as ``assign_expert`` does.
    """
    await work.hold(f"assignment:{assignment_id}")
    before = await open_assignment(work, actor, assignment_id, now=now)
    problems: dict[str, Refused] = {}
    if expert == before.member_id:
        problems["expert"] = Refused("To przypisanie ma już ta osoba. Prosimy wybrać inną.")
    if since > before.until:
        problems["since"] = Refused("To przypisanie kończy się wcześniej: {until}.", until=before.until)
    if problems:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    ended = _ended(before, since - timedelta(days=1))
    await work.assignments.save(ended)
    wanted = replace(
        before,
        id="",
        member_id=expert,
        since=max(since, before.since),
        days=days,
        status=AssignmentStatus.PROPOSED,
        revision=1,
        replaces=before.id,
    )
    successor = await assign_expert(work, actor, wanted, now=now, over_budget_is_fine=over_budget_is_fine)
    event = ExpertReplaced(assignment_id=ended.id, revision=ended.revision, successor=successor.id)
    work.record(event, actor=actor, at=now)
    return successor


async def open_assignment(
    work: ports.ProgrammeWork, actor: Actor, assignment_id: str, *, now: datetime
) -> ExpertAssignment:
    """Read an assignment that can be ended or handed on. Raises ``NotFound``, ``NotAllowed`` and ``Refused``."""
    assignment = await work.assignments.get(assignment_id)
    if assignment is None:
        raise NotFound("Tego przypisania już nie ma. Aktualną listę pokaże polecenie /pim eksperci.")
    require(actor, Action.ASSIGN_EXPERT, now=now, edition=assignment.edition, network=assignment.network)
    if not assignment.is_open:
        raise Refused("To przypisanie jest już zakończone.")
    return assignment


def _ended(assignment: ExpertAssignment, last_day: date) -> ExpertAssignment:
    """End it on that day; what was never accepted, or had not begun, is released as a whole."""
    changed = replace(assignment, revision=assignment.revision + 1)
    if assignment.status is AssignmentStatus.PROPOSED or last_day < assignment.since:
        return replace(changed, status=AssignmentStatus.RELEASED)
    return replace(changed, until=last_day)
