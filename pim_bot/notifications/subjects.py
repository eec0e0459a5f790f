"""What messages are about, by the names people know: an activity's title, the place of an assignment or a document."""

from collections import defaultdict
from collections.abc import Iterable

from pim_bot.programme.contribution_card import names_of
from pim_bot.programme.feedback import About
from pim_bot.programme.ports import ProgrammeWork


async def titles_of(work: ProgrammeWork, subjects: Iterable[str]) -> dict[str, str]:
    """Tell the title of each subject that has one; a person or a recipient has none."""
    ids: dict[str, list[str]] = defaultdict(list)
    for subject in dict.fromkeys(subjects):
        kind, _, key = subject.partition(":")
        ids[kind].append(key)
    activities = await work.activities.many(ids["activity"]) if ids["activity"] else {}
    found = {f"activity:{key}": activity.title for key, activity in activities.items()}
    for one in await work.assignments.many(ids["assignment"]) if ids["assignment"] else ():
        names = {place.slug: place.name for place in await work.editions.networks(one.edition)}
        names |= {place.slug: place.name for place in await work.editions.cities(one.edition)}
        found[f"assignment:{one.id}"] = names.get(one.city or one.network, "")
    for about in (About.VALUES, About.ADVICE):
        for key in ids[about]:
            edition = await work.editions.get(key.split("/")[0])
            networks = {one.slug: one.name for one in await work.editions.networks(key.split("/")[0])}
            found[f"{about}:{key}"] = networks.get(key.split("/")[1], edition.name if edition else "")
    contributions = await work.contributions.many(ids["contribution"]) if ids["contribution"] else {}
    documents = await names_of(work, [one.document for one in contributions.values()])
    for key, name in zip(contributions, documents, strict=True):
        found[f"contribution:{key}"] = f"{name.document.kind} {name.city or name.network}"
    rounds = await work.activities.many(ids["topics"]) if ids["topics"] else {}
    found |= {f"topics:{key}": activity.title for key, activity in rounds.items()}
    for key in ids["bulletin"]:
        bulletin = await work.bulletins.get(key)
        found |= {f"bulletin:{key}": bulletin.title} if bulletin else {}
    return found
