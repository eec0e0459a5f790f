"""Days used of an assignment's budget: logged hours, turned into days by the edition's rule.

A session for several cities is shared among them equally; each share counts once, for the city's own assignment before
the network's.
"""

from collections.abc import Iterable, Sequence

from pim_bot.programme import ports
from pim_bot.programme.assignment import AssignmentStatus, ExpertAssignment
from pim_bot.programme.session import Spent


def days_of(minutes: float, hours_per_day: int) -> float:
    """Turn minutes into days, to the hundredth."""
    return round(minutes / 60 / hours_per_day, 2)


def minutes_used(assignments: Sequence[ExpertAssignment], spent: Iterable[Spent]) -> dict[str, float]:
    """Share minutes out among the assignments that they were spent on, by assignment."""
    used = {one.id: 0.0 for one in assignments}
    for share in spent:
        fitting = [one for one in assignments if _covers(one, share)]
        if fitting:
            used[min(fitting, key=lambda one: (not one.city, one.since, one.id)).id] += share.minutes
    return used


def _covers(assignment: ExpertAssignment, share: Spent) -> bool:
    serves = assignment.city == share.city if assignment.city else assignment.network == share.network
    binds = assignment.status in (AssignmentStatus.ACCEPTED, AssignmentStatus.RELEASED)
    return (
        binds
        and serves
        and assignment.member_id == share.member_id
        and assignment.since <= share.day <= assignment.until
    )


async def days_used(
    work: ports.ProgrammeWork, edition: str, assignments: Sequence[ExpertAssignment]
) -> dict[str, float]:
    """Tell the days used of each assignment of an edition, with the same few questions however many there are."""
    known = await work.editions.get(edition)
    spent = await work.sessions.spent(edition, sorted({one.member_id for one in assignments}))
    used = minutes_used(assignments, spent)
    return {key: days_of(minutes, known.hours_per_day if known else 8) for key, minutes in used.items()}
