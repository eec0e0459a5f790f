"""Being away: a person's own act. Duties pass to a deputy meanwhile, who must be able to carry them out.

A deputy has the same part in the programme; without one, whatever is not urgent waits for the return.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from pim_bot.errors import Refused
from pim_bot.events.catalogue import AbsenceChanged
from pim_bot.programme import ports
from pim_bot.programme.people import Actor, Member, Role, RoleName
from pim_bot.programme.permissions import Action, require

LONGEST = timedelta(days=366)


async def deputies_of(work: ports.ProgrammeWork, member: Member, edition: str, day: date) -> list[Member]:
    """Tell who can do everything that a member does in the edition: whoever has the same part in each place of theirs.

    A coordinator can stand in for an MFiPR guardian, too.
    """
    roles = [role for role in member.in_edition(edition).roles if role.holds_on(day)]
    able = [await _able(work, role, edition, day) for role in roles]
    everybody = {one.id: one for found in able for one in found if one.id != member.id}
    common = set.intersection(*({one.id for one in found} for found in able)) if able else set()
    return sorted((one for key, one in everybody.items() if key in common), key=lambda one: (one.name, one.id))


async def _able(work: ports.ProgrammeWork, role: Role, edition: str, day: date) -> list[Member]:
    """Tell who can do what this role is for, its holder included."""
    if role.name is RoleName.COORDINATOR:
        return await work.people.coordinators(edition, day)
    if role.name is RoleName.OFFICIAL:
        teams = await work.people.teams(edition, [role.network], day)
        return [one for team in teams if team.city == role.city for one in team.members]
    known = await work.people.in_networks(edition, [role.network], day)
    if role.name is RoleName.EXPERT:
        known = await work.people.experts(edition, day)
    same = [one for one in known if _has_part(one.in_edition(edition), role, day)]
    return same + (await work.people.coordinators(edition, day) if role.side == "mfipr" else [])


def _has_part(member: Member, role: Role, day: date) -> bool:
    return member.has_role(role.name, day, network=role.network, city=role.city, side=role.side)


async def change_absence(
    work: ports.ProgrammeWork,
    actor: Actor,
    *,
    since: date | None,
    until: date | None,
    deputy: str = "",
    now: datetime,
) -> Member:
    """Keep from when until when (inclusive) a person is away, and who stands in; None ends it.

    The same once more changes nothing. Raises ``Refused`` whose ``fields`` names every field to be corrected.
    """
    assert actor.member is not None
    member = actor.member
    require(actor, Action.SET_PREFERENCES, now=now, owner=member.id)
    if since is not None or until is not None:
        await _check(work, member, since, until, deputy, now)
    wanted = replace(member.preferences, away_since=since, away_until=until, deputy=deputy if since else "")
    if wanted == member.preferences:
        return member
    await work.hold(actor.id)
    changed = replace(member, preferences=wanted)
    await work.people.prefer(changed)
    work.record(AbsenceChanged(member_id=member.id), actor=actor, at=now)
    return changed


async def _check(
    work: ports.ProgrammeWork, member: Member, since: date | None, until: date | None, deputy: str, now: datetime
) -> None:
    today = member.day_of(now)
    problems: dict[str, Refused] = {}
    for name, day in (("since", since), ("until", until)):
        if day is None:
            problems[name] = Refused("Prosimy wybrać dzień z kalendarza.")
        elif day > today + LONGEST:
            problems[name] = Refused("To bardzo odległy termin. Prosimy sprawdzić rok.")
    if since and until and until < since:
        problems["until"] = Refused("Koniec jest przed początkiem. Prosimy poprawić jedną z dat.")
    elif until and until < today:
        problems["until"] = Refused("Ten dzień już minął. Prosimy wybrać późniejszy.")
    edition = await work.editions.in_force(today)
    able = await deputies_of(work, member, edition.slug, today) if edition and deputy else []
    if deputy and deputy not in {one.id for one in able}:
        problems["deputy"] = Refused("Ta osoba nie może Państwa zastąpić. Prosimy wybrać z listy.")
    if problems:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
