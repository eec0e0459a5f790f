"""Somebody new says who they are, and whoever looks after the people of that network confirms it or declines.

People of a network are the duty of its MFiPR guardian; those of institutions are the coordinators'.
"""

from dataclasses import replace
from datetime import datetime

from pim_bot.errors import NotFound, Refused
from pim_bot.events.catalogue import (
    IntroductionConfirmed,
    IntroductionDeclined,
    MemberJoined,
    MemberMatched,
    VisitorIntroduced,
)
from pim_bot.programme import ports
from pim_bot.programme.edition import Institution
from pim_bot.programme.enrolling import TeamPlace, add_to_team, checked_person, is_in_team
from pim_bot.programme.introduction import Introduction, IntroductionStatus
from pim_bot.programme.names import Names, city_names
from pim_bot.programme.people import Actor, Role, RoleName
from pim_bot.programme.permissions import Action, require

MOST_TIMES = 3
"""How often the same account may introduce itself; after that a person has to talk to a person."""


async def introduce(
    work: ports.ProgrammeWork, visitor: str, *, name: str, place: str, email: str, now: datetime
) -> Introduction:
    """Keep who somebody says they are; ``place`` is a city or an institution as they type it.

    Raises ``Refused`` whose ``fields`` names every field to be corrected.
    """
    await work.hold(f"visitor:{visitor}")
    before = await work.introductions.get(visitor)
    if before is not None and before.waits:
        raise Refused("Państwa zgłoszenie już czeka na potwierdzenie. Damy znać w wiadomości.")
    if before is not None and (before.revision >= MOST_TIMES or before.status is IntroductionStatus.CONFIRMED):
        raise Refused("Prosimy o kontakt z koordynacją programu: dalej pomoże już tylko osoba.")
    edition = await work.editions.in_force(now.date())
    if edition is None:
        raise Refused("Nie wczytano jeszcze żadnej edycji programu. Prosimy o kontakt z koordynacją.")
    said, address, problems = checked_person(name, email)
    network, city, institution = await _meant(work, edition.slug, place, now)
    if not city and not institution:
        problems["place"] = Refused("Nie znamy takiego miasta ani instytucji. Prosimy wpisać pełną nazwę.")
    if city and not network:
        problems["place"] = Refused("To miasto nie jest teraz w żadnej sieci.")
    if problems:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    introduction = Introduction(
        visitor=visitor,
        edition=edition.slug,
        name=said,
        email=address,
        network=network,
        city=city,
        institution=institution,
        asked_at=now,
        revision=before.revision + 1 if before else 1,
        account=before.account if before else "",
    )
    await work.introductions.save(introduction)
    work.record(VisitorIntroduced(visitor=visitor, revision=introduction.revision), actor=Actor(door="chat"), at=now)
    return introduction


async def _meant(work: ports.ProgrammeWork, edition: str, place: str, now: datetime) -> tuple[str, str, str]:
    """Tell the network, the city and the institution that somebody means; "" for what they do not."""
    city = city_names(await work.editions.cities(edition)).find(place)
    if city:
        networks = await work.editions.city_networks(edition, city, now.date())
        return next(iter(networks), ""), city, ""
    return "", "", _institution_names(await work.editions.institutions(edition)).find(place) or ""


def _institution_names(institutions: list[Institution]) -> Names:
    return Names(
        (one.slug, (one.name_en, *(said for dated in one.names for said in (dated.name, dated.abbreviation))))
        for one in institutions
    )


async def confirm_introduction(work: ports.ProgrammeWork, actor: Actor, visitor: str, *, now: datetime) -> Introduction:
    """Take somebody in as who they said they are; confirmed once more, nothing changes.

    An e-mail that the programme knows already is that person's: the account is theirs from now on.
    """
    introduction = await _held(work, actor, visitor, now)
    if introduction.status is IntroductionStatus.CONFIRMED:
        return introduction
    _require_waiting(introduction)
    member_id = await _enrolled(work, actor, introduction, now)
    await work.introductions.tie(visitor, member_id)
    work.record(MemberMatched(member_id=member_id), actor=actor, at=now)
    return await _decided(work, actor, introduction, IntroductionStatus.CONFIRMED, member_id, now)


async def decline_introduction(work: ports.ProgrammeWork, actor: Actor, visitor: str, *, now: datetime) -> Introduction:
    """Say that nobody knows this person; declined once more, nothing changes."""
    introduction = await _held(work, actor, visitor, now)
    if introduction.status is IntroductionStatus.DECLINED:
        return introduction
    _require_waiting(introduction)
    return await _decided(work, actor, introduction, IntroductionStatus.DECLINED, "", now)


async def _held(work: ports.ProgrammeWork, actor: Actor, visitor: str, now: datetime) -> Introduction:
    await work.hold(f"visitor:{visitor}")
    introduction = await work.introductions.get(visitor)
    if introduction is None:
        require(actor, Action.CONFIRM_PERSON, now=now)
        raise NotFound("Tego zgłoszenia już nie ma.")
    require(
        actor,
        Action.CONFIRM_PERSON,
        now=now,
        edition=introduction.edition,
        network=introduction.network,
    )
    return introduction


def _require_waiting(introduction: Introduction) -> None:
    if not introduction.waits:
        raise Refused("O tym zgłoszeniu ktoś już zdecydował.")


async def _enrolled(work: ports.ProgrammeWork, actor: Actor, introduction: Introduction, now: datetime) -> str:
    """Give the person their role, unless they have it; tells the member's id."""
    known = await work.people.by_email(introduction.email)
    today = now.date()
    if introduction.city:
        place = TeamPlace(edition=introduction.edition, network=introduction.network, city=introduction.city)
        if known is not None and is_in_team(known, place, today):
            return known.id
        name, email = introduction.name, introduction.email
        return await add_to_team(work, actor, place, name=name, email=email, contact=False, since=today, now=now)
    if known is not None and any(role.holds_on(today) for role in known.in_edition(introduction.edition).roles):
        return known.id
    institutions = {one.slug: one for one in await work.editions.institutions(introduction.edition)}
    side = institutions[introduction.institution].side if introduction.institution in institutions else ""
    role = Role(
        name=RoleName.EXPERT if side == "world_bank" else RoleName.MINISTRY,
        edition=introduction.edition,
        institution=introduction.institution,
        side=side,
        since=today,
    )
    member_id = await work.people.enrol(introduction.email, introduction.name, role)
    work.record(MemberJoined(member_id=member_id), actor=actor, at=now)
    return member_id


async def _decided(
    work: ports.ProgrammeWork,
    actor: Actor,
    introduction: Introduction,
    status: IntroductionStatus,
    member_id: str,
    now: datetime,
) -> Introduction:
    decided = replace(
        introduction,
        status=status,
        member_id=member_id,
        decided_by=actor.member.id if actor.member else "",
        decided_at=now,
    )
    await work.introductions.save(decided)
    event = IntroductionConfirmed if status is IntroductionStatus.CONFIRMED else IntroductionDeclined
    work.record(event(visitor=introduction.visitor, revision=introduction.revision), actor=actor, at=now)
    return decided
