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
    """Tell who can do everything that a member does in the edition."""
    known = await work.people.everybody(edition, day)
    able = [one for one in known if can_stand_in(one, member.in_edition(edition), day)]
    return sorted(able, key=lambda one: (one.name, one.id))


def can_stand_in(deputy: Member, member: Member, day: date) -> bool:
    """Tell whether somebody has each part that a member has in the editions of both, with rights of their own."""
    editions = {role.edition for role in deputy.roles if role.holds_on(day)}
    parts = [role for role in member.roles if role.holds_on(day) and role.edition in editions]
    return deputy.id != member.id and bool(parts) and all(_does(deputy, role, day) for role in parts)


def _does(deputy: Member, role: Role, day: date) -> bool:
    """Tell whether somebody can do what a role is for; a coordinator can do what an MFiPR guardian can."""
    there = deputy.in_edition(role.edition)
    guards = role.name is RoleName.GUARDIAN and role.side == "mfipr"
    if guards and there.has_role(RoleName.COORDINATOR, day):
        return True
    return there.has_role(role.name, day, network=role.network, city=role.city, side=role.side)


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
