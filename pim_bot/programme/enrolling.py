"""Teams of cities: who is in one, from when until when, and who is its contact.

People of a network are the duty of its MFiPR guardian (presentation of MFiPR, „Formy współpracy i podział ról”).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from pim_bot.errors import NotFound, Refused
from pim_bot.events.catalogue import MemberJoined, TeamChanged
from pim_bot.programme import ports
from pim_bot.programme.edition import City
from pim_bot.programme.people import Actor, Member, Role, RoleName
from pim_bot.programme.permissions import Action, Place, can, require
from pim_bot.programme.words import clean_line

LONGEST_NAME, LONGEST_EMAIL = 120, 320


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamPlace:
    """Which team: a city's in a network of an edition."""

    edition: str
    network: str
    city: str

    @property
    def key(self) -> str:
        """The team in one word, as events and buttons name it."""
        return f"{self.edition}/{self.network}/{self.city}"


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamList:
    """A team as it is told: its members with their roles in it, also those to come.

    ``manages`` tells whether whoever asks sees to its people.
    """

    place: TeamPlace
    city: str
    members: tuple[tuple[Member, Role], ...]
    manages: bool


async def place_of_city(work: ports.ProgrammeWork, edition: str, city: str, day: date) -> TeamPlace:
    """Tell the team of a city on that day. Raises ``Refused`` when the city is in no network."""
    networks = await work.editions.city_networks(edition, city, day)
    if not networks:
        raise Refused("To miasto nie jest teraz w żadnej sieci.")
    return TeamPlace(edition=edition, network=networks[0], city=city)


async def team_list(work: ports.ProgrammeWork, actor: Actor, place: TeamPlace, *, now: datetime) -> TeamList:
    """Read a team."""
    require(actor, Action.SEE_PROGRAMME, now=now)
    assert actor.member is not None
    day = actor.member.day_of(now)
    cities: list[City] = await work.editions.cities(place.edition)
    known = await work.people.enrolled(place.edition, place.network, place.city, day)
    members = [(one, role) for one in known for role in roles_in(one, place) if role.until is None or role.until >= day]
    return TeamList(
        place=place,
        city=next((one.name for one in cities if one.slug == place.city), place.city),
        members=tuple(sorted(members, key=lambda pair: (not pair[1].contact, pair[0].name, pair[0].id))),
        manages=can(actor, Action.MANAGE_TEAM, Place(edition=place.edition, networks=(place.network,)), day=day),
    )


async def add_to_team(
    work: ports.ProgrammeWork,
    actor: Actor,
    place: TeamPlace,
    *,
    name: str,
    email: str,
    contact: bool,
    since: date,
    now: datetime,
) -> str:
    """Add a person to a team by their e-mail, which need not be known yet; tells the member's id.

    Raises ``NotAllowed``, or ``Refused`` whose ``fields`` names every field to be corrected.
    """
    await _hold(work, actor, place, now)
    said, address, problems = checked_person(name, email)
    if problems:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    known = await work.people.by_email(address)
    if known is not None and is_in_team(known, place, since):
        raise Refused("Formularz wymaga poprawek.", fields={"email": Refused("Ta osoba jest już w tym zespole.")})
    role = _role_in(place, contact=contact, since=since)
    member_id = await work.people.enrol(address, said, role)
    work.record(MemberJoined(member_id=member_id), actor=actor, at=now)
    work.record(_changed(place, member_id, "joined"), actor=actor, at=now)
    return member_id


def checked_person(name: str, email: str) -> tuple[str, str, dict[str, Refused]]:
    """Clean a name and an e-mail; tells also what is wrong with either."""
    said, address = clean_line(name), clean_line(email).lower()
    problems: dict[str, Refused] = {}
    if not said or len(said) > LONGEST_NAME:
        problems["name"] = Refused("Prosimy podać imię i nazwisko, najwyżej {most} znaków.", most=LONGEST_NAME)
    at, _, host = address.partition("@")
    if not at or "." not in host or " " in address or len(address) > LONGEST_EMAIL:
        problems["email"] = Refused("To nie jest adres e-mail. Prosimy wpisać go w całości, na przykład imie@urzad.pl.")
    return said, address, problems


def is_in_team(member: Member, place: TeamPlace, day: date) -> bool:
    """Tell whether somebody is in a team on that day, or will be."""
    return any(role.until is None or role.until >= day for role in roles_in(member, place))


async def end_in_team(
    work: ports.ProgrammeWork, actor: Actor, place: TeamPlace, member_id: str, *, last_day: date, now: datetime
) -> None:
    """End somebody's membership on a day; what they did stays. Raises ``NotFound`` and ``Refused``."""
    await _hold(work, actor, place, now)
    role = await _held_role(work, place, member_id, now)
    if role.since is not None and last_day < role.since:
        raise Refused(
            "Formularz wymaga poprawek.",
            fields={"last_day": Refused("Ta osoba jest w zespole od {since}.", since=role.since)},
        )
    await work.people.change_role(member_id, role, replace(role, until=last_day))
    work.record(_changed(place, member_id, "left"), actor=actor, at=now)


async def make_contact(
    work: ports.ProgrammeWork, actor: Actor, place: TeamPlace, member_id: str, *, now: datetime
) -> None:
    """Make somebody the one contact of the team, whose duty its answers are; once more changes nothing."""
    await _hold(work, actor, place, now)
    role = await _held_role(work, place, member_id, now)
    if role.contact:
        return
    for other in await work.people.enrolled(place.edition, place.network, place.city, now.date()):
        for one in roles_in(other, place):
            wanted = other.id == member_id and one == role
            if one.contact is not wanted and (wanted or one.until is None or one.until >= now.date()):
                await work.people.change_role(other.id, one, replace(one, contact=wanted))
    work.record(_changed(place, member_id, "contact"), actor=actor, at=now)


async def _hold(work: ports.ProgrammeWork, actor: Actor, place: TeamPlace, now: datetime) -> None:
    require(actor, Action.MANAGE_TEAM, now=now, edition=place.edition, network=place.network)
    await work.hold(f"team:{place.key}")
    cities = await work.editions.cities_of(place.edition, [place.network], now.date())
    if (place.network, place.city) not in cities:
        raise NotFound("Tego miasta nie ma już w tej sieci.")


async def _held_role(work: ports.ProgrammeWork, place: TeamPlace, member_id: str, now: datetime) -> Role:
    member = await work.people.get(member_id)
    mine = (
        [role for role in roles_in(member, place) if role.until is None or role.until >= now.date()] if member else []
    )
    if not mine:
        raise NotFound("Tej osoby nie ma już w tym zespole.")
    return mine[0]


def roles_in(member: Member, place: TeamPlace) -> list[Role]:
    """Tell the roles of somebody in a team, on whatever days."""
    here = (place.edition, place.network, place.city)
    return [
        role
        for role in member.roles
        if role.name is RoleName.OFFICIAL and (role.edition, role.network, role.city) == here
    ]


def _role_in(place: TeamPlace, *, contact: bool, since: date) -> Role:
    return Role(
        name=RoleName.OFFICIAL,
        edition=place.edition,
        network=place.network,
        city=place.city,
        contact=contact,
        since=since,
    )


def _changed(place: TeamPlace, member_id: str, change: str) -> TeamChanged:
    return TeamChanged(
        edition=place.edition, network=place.network, city=place.city, member_id=member_id, change=change
    )
