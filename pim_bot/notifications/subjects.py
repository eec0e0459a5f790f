"""What messages are about, by the names that people know: an activity's title, the place of an assignment."""

from collections.abc import Iterable

from pim_bot.programme.ports import ProgrammeWork


async def titles_of(work: ProgrammeWork, subjects: Iterable[str]) -> dict[str, str]:
    """Tell the title of each subject that has one; a person or a recipient has none."""
    found: dict[str, str] = {}
    kinds = {subject: subject.partition(":")[0] for subject in dict.fromkeys(subjects)}
    mine = [subject.removeprefix("activity:") for subject, kind in kinds.items() if kind == "activity"]
    for activity in (await work.activities.many(mine)).values():
        found[f"activity:{activity.id}"] = activity.title
    for subject, kind in kinds.items():
        assignment = await work.assignments.get(subject.removeprefix("assignment:")) if kind == "assignment" else None
        if assignment is not None:
            names = {one.slug: one.name for one in await work.editions.networks(assignment.edition)}
            names |= {one.slug: one.name for one in await work.editions.cities(assignment.edition)}
            found[subject] = names.get(assignment.city or assignment.network, "")
    return found
