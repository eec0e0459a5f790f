"""Sending a bulletin to a network, one side of it or everybody, and who says that they have read it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from pim_bot.clock import new_id
from pim_bot.errors import NotFound, Refused
from pim_bot.events.catalogue import BulletinRead, BulletinSent
from pim_bot.programme import ports
from pim_bot.programme.bulletin import Audience, Bulletin, BulletinDraft
from pim_bot.programme.edition import Network
from pim_bot.programme.people import Actor, Member, RoleName
from pim_bot.programme.permissions import Action, Place, can, require
from pim_bot.programme.scheduling import is_web_address
from pim_bot.programme.words import clean_line, clean_text

LONGEST_TITLE = 150
LONGEST_TEXT = 2000
LONGEST_LINK = 300
SIDES = {"world_bank": Audience.WORLD_BANK, "mfipr": Audience.MINISTRIES, "ministry": Audience.MINISTRIES}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Somebody a bulletin is for: on which side, and of which city if of any."""

    member: Member
    side: Audience
    city: str = ""


async def networks_to_tell(work: ports.ProgrammeWork, actor: Actor, edition: str, *, now: datetime) -> list[Network]:
    """Tell the networks to which the actor may send a bulletin."""
    day = actor.member.day_of(now) if actor.member else now.date()
    return [
        one
        for one in await work.editions.networks(edition)
        if can(actor, Action.SEND_BULLETIN, Place(edition=edition, networks=(one.slug,)), day=day)
    ]


async def readers_of(work: ports.ProgrammeWork, draft: BulletinDraft, day: date) -> list[Reader]:
    """Tell whom a bulletin is for, as they are that day; nobody stands there twice."""
    networks = [draft.network] if draft.network else [one.slug for one in await work.editions.networks(draft.edition)]
    found: dict[str, Reader] = {}
    for team in await work.people.teams(draft.edition, networks, day):
        for member in team.members:
            found.setdefault(member.id, Reader(member=member, side=Audience.CITIES, city=team.city))
    for member in await work.people.in_networks(draft.edition, networks, day):
        found.setdefault(member.id, Reader(member=member, side=_side_of(member, networks, day)))
    if not draft.network:
        for member in await work.people.coordinators(draft.edition, day):
            found.setdefault(member.id, Reader(member=member, side=Audience.MINISTRIES))
    wanted = [one for one in found.values() if draft.audience in (Audience.EVERYBODY, one.side)]
    return sorted(wanted, key=lambda one: (one.side, one.city, one.member.name, one.member.id))


def _side_of(member: Member, networks: Sequence[str], day: date) -> Audience:
    sides = [one.side for one in member.roles if one.network in networks and one.holds_on(day)]
    is_expert = member.has_role(RoleName.EXPERT, day)
    return next(
        (SIDES[side] for side in sides if side in SIDES), Audience.WORLD_BANK if is_expert else Audience.MINISTRIES
    )


async def checked_bulletin(
    work: ports.ProgrammeWork, actor: Actor, draft: BulletinDraft, *, now: datetime
) -> tuple[BulletinDraft, list[Reader]]:
    """Tell a bulletin as it would be sent, and whom it is for but its sender.

    Raises ``NotAllowed``, or ``Refused`` whose ``fields`` names every field to be corrected.
    """
    networks = (draft.network,) if draft.network else ()
    require(actor, Action.SEND_BULLETIN, now=now, edition=draft.edition, networks=networks)
    draft = replace(draft, title=clean_line(draft.title), text=clean_text(draft.text), link=clean_line(draft.link))
    problems = _problems(draft)
    if draft.network and draft.network not in {one.slug for one in await work.editions.networks(draft.edition)}:
        problems["network"] = Refused("Prosimy wybrać sieć.")
    day = actor.member.day_of(now) if actor.member else now.date()
    sender = actor.member.id if actor.member else ""
    readers = [] if problems else [one for one in await readers_of(work, draft, day) if one.member.id != sender]
    if not problems and not readers:
        problems["audience"] = Refused("Po tej stronie nie ma jeszcze nikogo. Prosimy wybrać inną.")
    if problems:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    return draft, readers


def _problems(draft: BulletinDraft) -> dict[str, Refused]:
    problems: dict[str, Refused] = {}
    if not draft.title:
        problems["title"] = Refused("Prosimy wpisać tytuł.")
    if not draft.text:
        problems["text"] = Refused("Prosimy wpisać treść.")
    for name, most in (("title", LONGEST_TITLE), ("text", LONGEST_TEXT), ("link", LONGEST_LINK)):
        length = len(getattr(draft, name))
        if length > most:
            problems[name] = Refused(
                "Ten tekst ma {length} znaków, a zmieści się najwyżej {most}. Prosimy go skrócić.",
                length=length,
                most=most,
            )
    if draft.link and not is_web_address(draft.link):
        problems["link"] = Refused("Prosimy wkleić adres, który zaczyna się od https://")
    return problems


async def send_bulletin(
    work: ports.ProgrammeWork, actor: Actor, draft: BulletinDraft, *, now: datetime
) -> tuple[Bulletin, list[Reader]]:
    """Send a bulletin to whom it is for now. Raises what ``checked_bulletin`` does."""
    draft, readers = await checked_bulletin(work, actor, draft, now=now)
    bulletin = Bulletin(
        **{name: getattr(draft, name) for name in BulletinDraft.__dataclass_fields__},
        id=new_id(),
        sent_by=actor.member.id if actor.member else "",
        sent_at=now,
    )
    await work.bulletins.add(bulletin, [one.member.id for one in readers])
    work.record(BulletinSent(bulletin_id=bulletin.id), actor=actor, at=now)
    return bulletin, readers


async def read_bulletin(work: ports.ProgrammeWork, actor: Actor, bulletin_id: str, *, now: datetime) -> None:
    """Say „Przeczytane”; again it changes nothing. Raises ``NotFound``, and ``Refused`` for whom it was not sent to."""
    await work.hold(f"bulletin:{bulletin_id}")
    if await work.bulletins.get(bulletin_id) is None:
        raise NotFound("Tego ogłoszenia już nie ma.")
    readers = await work.bulletins.readers(bulletin_id)
    if actor.member is None or actor.member.id not in readers:
        raise Refused("To ogłoszenie nie było wysłane do Państwa, więc nie trzeba go potwierdzać.")
    if readers[actor.member.id] is not None:
        return
    await work.bulletins.read(bulletin_id, actor.member.id, at=now)
    work.record(BulletinRead(bulletin_id=bulletin_id), actor=actor, at=now)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Who has read a bulletin and who has not, by side and city; people who left the programme are left out."""

    bulletin: Bulletin
    read: Sequence[Reader] = ()
    unread: Sequence[Reader] = ()


async def reading_of(work: ports.ProgrammeWork, bulletin: Bulletin) -> Reading:
    """Tell who has read a bulletin, whoever asks."""
    at = await work.bulletins.readers(bulletin.id)
    day = bulletin.sent_at.date()
    places = {one.member.id: one for one in await readers_of(work, replace(bulletin), day)}
    members = await work.people.many(list(at))
    readers = [places.get(one.id) or Reader(member=one, side=bulletin.audience) for one in members]
    ordered = sorted(readers, key=lambda one: (one.side, one.city, one.member.name, one.member.id))
    return Reading(
        bulletin=bulletin,
        read=[one for one in ordered if at[one.member.id] is not None],
        unread=[one for one in ordered if at[one.member.id] is None],
    )


async def readers_shown(work: ports.ProgrammeWork, actor: Actor, bulletin_id: str, *, now: datetime) -> Reading:
    """Tell who has read a bulletin. Raises ``NotFound``, and ``NotAllowed`` for others than its sender."""
    bulletin = await work.bulletins.get(bulletin_id)
    if bulletin is None:
        raise NotFound("Tego ogłoszenia już nie ma.")
    require(actor, Action.SEE_READERS, now=now, edition=bulletin.edition, owner=bulletin.sent_by)
    return await reading_of(work, bulletin)
