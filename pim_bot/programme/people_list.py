"""The office's list of people: what each row says, what would change, and taking it over as a whole.

A cell that is left empty leaves what is there. Nobody is taken out by a list, and the name of somebody known stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from pim_bot.errors import NotAllowed, Refused
from pim_bot.events.catalogue import MemberJoined
from pim_bot.programme import ports
from pim_bot.programme.enrolling import (
    TeamPlace,
    add_to_team,
    checked_person,
    end_in_team,
    is_in_team,
    make_contact,
    roles_in,
)
from pim_bot.programme.names import Names, city_names, folded, network_names
from pim_bot.programme.people import Actor, Member, Role
from pim_bot.programme.permissions import Action, require

NAME, EMAIL, CITY, NETWORK = "Imię i nazwisko", "Adres e-mail", "Miasto", "Sieć"
CONTACT, SINCE, UNTIL = "Osoba kontaktowa", "Od", "Do"
HEADINGS = (NAME, EMAIL, CITY, NETWORK, CONTACT, SINCE, UNTIL)
NEEDED = (NAME, EMAIL, CITY)
HEADINGS_WITHIN = 10
YES, NO = frozenset({"tak", "t", "yes", "x", "1"}), frozenset({"nie", "n", "no", "0"})
DAY_FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y")


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRow:
    """What one row says; ``contact``, ``since`` and ``until`` are None where the cell is empty."""

    number: int
    name: str
    email: str
    city: str
    network: str = ""
    contact: bool | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RowProblem:
    """What is wrong with a row, and what to do."""

    number: int
    why: Refused


class Effect(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A row and what it would do; ``member_id`` is "" for somebody who is not in the team."""

    row: PersonRow
    place: TeamPlace
    effect: Effect
    member_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PeoplePlan:
    """What a list would do; with problems it does nothing."""

    steps: tuple[Step, ...] = ()
    problems: tuple[RowProblem, ...] = ()

    def of(self, effect: Effect) -> list[Step]:
        """Tell the rows with that effect."""
        return [one for one in self.steps if one.effect is effect]


def read_rows(cells: Sequence[Sequence[object]]) -> tuple[list[PersonRow], list[RowProblem]]:
    """Read a table with headings; empty rows are left out. Raises ``Refused`` when headings are missing."""
    top = next((number for number, row in enumerate(cells[:HEADINGS_WITHIN]) if folded(EMAIL) in _headings(row)), None)
    if top is None:
        raise Refused("Nie ma wiersza z nagłówkami. Potrzebne są kolumny: {names}.", names=", ".join(NEEDED))
    columns = _headings(cells[top])
    missing = [heading for heading in NEEDED if folded(heading) not in columns]
    if missing:
        raise Refused("Brakuje kolumn: {names}.", names=", ".join(missing))
    rows: list[PersonRow] = []
    problems: list[RowProblem] = []
    for number, row in enumerate(cells[top + 1 :], start=top + 2):
        told = {
            heading: row[columns[folded(heading)]]
            for heading in HEADINGS
            if folded(heading) in columns and columns[folded(heading)] < len(row)
        }
        if any(_said(value) for value in told.values()):
            try:
                rows.append(_row(number, told))
            except Refused as why:
                problems.append(RowProblem(number=number, why=why))
    return rows, problems


def _headings(row: Sequence[object]) -> dict[str, int]:
    return {folded(_said(value)): column for column, value in enumerate(row) if _said(value)}


def _said(value: object) -> str:
    return "" if value is None else str(value).strip()


def _row(number: int, told: Mapping[str, object]) -> PersonRow:
    if any(_said(value).startswith("=") for value in told.values()):
        raise Refused("W wierszu jest formuła. Prosimy wkleić same wartości.")
    name, email, problems = checked_person(_said(told.get(NAME)), _said(told.get(EMAIL)))
    for problem in problems.values():
        raise problem
    if not _said(told.get(CITY)):
        raise Refused("Brakuje miasta.")
    since, until = _day(told.get(SINCE), SINCE), _day(told.get(UNTIL), UNTIL)
    if since and until and until < since:
        raise Refused("Koniec jest przed początkiem. Prosimy poprawić jedną z dat.")
    return PersonRow(
        number=number,
        name=name,
        email=email,
        city=_said(told.get(CITY)),
        network=_said(told.get(NETWORK)),
        contact=_yes_or_no(told.get(CONTACT)),
        since=since,
        until=until,
    )


def _yes_or_no(value: object) -> bool | None:
    said = folded(_said(value))
    if said and said not in YES | NO:
        raise Refused("W kolumnie „{name}” prosimy wpisać: tak albo nie.", name=CONTACT)
    return said in YES if said else None


def _day(value: object, heading: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or not _said(value):
        return value if isinstance(value, date) else None
    for form in DAY_FORMS:
        try:
            return datetime.strptime(_said(value), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Refused("W kolumnie „{name}” prosimy podać dzień tak: 2022-01-31.", name=heading)


async def plan_people(
    work: ports.ProgrammeWork, actor: Actor, edition: str, rows: Sequence[PersonRow], *, now: datetime
) -> PeoplePlan:
    """Tell what a list would do, row by row."""
    cities = city_names(await work.editions.cities(edition))
    networks = network_names(await work.editions.networks(edition))
    steps: list[Step] = []
    problems: list[RowProblem] = []
    seen: dict[tuple[str, str], int] = {}
    contacts: dict[str, int] = {}
    for row in rows:
        try:
            place = await _place(work, edition, row, cities, networks, now)
            require(actor, Action.MANAGE_TEAM, now=now, edition=edition, network=place.network)
            _only_once(row, place, seen, contacts)
            steps.append(await _step(work, row, place, now))
        except NotAllowed:
            why = Refused("O zespole tego miasta decyduje opieka innej sieci albo koordynacja.")
            problems.append(RowProblem(number=row.number, why=why))
        except Refused as why:
            problems.append(RowProblem(number=row.number, why=why))
    return PeoplePlan(steps=tuple(steps), problems=tuple(problems))


async def _place(
    work: ports.ProgrammeWork, edition: str, row: PersonRow, cities: Names, networks: Names, now: datetime
) -> TeamPlace:
    city = cities.find(row.city)
    if city is None:
        raise Refused("Nie ma takiego miasta: {name}.", name=row.city)
    mine = await work.editions.city_networks(edition, city, now.date())
    if not mine:
        raise Refused("To miasto nie jest teraz w żadnej sieci.")
    network = networks.find(row.network) if row.network else None
    if row.network and network not in mine:
        raise Refused("To miasto nie jest w tej sieci: {name}.", name=row.network)
    if network is None and len(mine) > 1:
        raise Refused("To miasto jest w kilku sieciach. Prosimy wypełnić kolumnę „{name}”.", name=NETWORK)
    return TeamPlace(edition=edition, network=network or mine[0], city=city)


def _only_once(row: PersonRow, place: TeamPlace, seen: dict[tuple[str, str], int], contacts: dict[str, int]) -> None:
    first = seen.setdefault((row.email, place.key), row.number)
    if first != row.number:
        raise Refused("Ta osoba jest już w wierszu {number}.", number=first)
    contact = contacts.setdefault(place.key, row.number) if row.contact else row.number
    if contact != row.number:
        raise Refused("Osoba kontaktowa tego zespołu jest już w wierszu {number}.", number=contact)


async def _step(work: ports.ProgrammeWork, row: PersonRow, place: TeamPlace, now: datetime) -> Step:
    known = await work.people.by_email(row.email)
    if known is None or not is_in_team(known, place, now.date()):
        if row.until is not None and row.until < now.date():
            return Step(row=row, place=place, effect=Effect.UNCHANGED)  # over already, and nothing to remember
        return Step(row=row, place=place, effect=Effect.NEW)
    role = _present(known, place, now)
    if row.contact is False and role.contact:
        raise Refused("Zespół zostałby bez osoby kontaktowej. Prosimy zaznaczyć w liście inną osobę.")
    effect = Effect.UNCHANGED if _wanted(role, row) == role else Effect.CHANGED
    return Step(row=row, place=place, effect=effect, member_id=known.id)


def _present(member: Member, place: TeamPlace, now: datetime) -> Role:
    return next(role for role in roles_in(member, place) if role.until is None or role.until >= now.date())


def _wanted(role: Role, row: PersonRow) -> Role:
    return replace(
        role,
        contact=role.contact if row.contact is None else row.contact,
        since=row.since or role.since,
        until=row.until or role.until,
    )


async def take_people_over(
    work: ports.ProgrammeWork, actor: Actor, edition: str, rows: Sequence[PersonRow], *, now: datetime
) -> PeoplePlan:
    """Carry a list out, as it stands to the present; the same list again changes nothing.

    Raises ``Refused`` when any row has a problem; then nothing is written.
    """
    await work.hold(f"people:{edition}", changes=False)
    plan = await plan_people(work, actor, edition, rows, now=now)
    if plan.problems:
        raise Refused("Lista wymaga poprawek, więc nic nie zostało zapisane.")
    for step in plan.of(Effect.NEW):
        await _add(work, actor, step, now)
    for step in plan.of(Effect.CHANGED):
        await _change(work, actor, step, now)
    for step in plan.steps:
        if step.row.contact and step.effect is not Effect.UNCHANGED:
            known = await work.people.by_email(step.row.email)
            assert known is not None
            await make_contact(work, actor, step.place, known.id, now=now)
    return plan


async def _add(work: ports.ProgrammeWork, actor: Actor, step: Step, now: datetime) -> None:
    row, since = step.row, step.row.since or now.date()
    member_id = await add_to_team(
        work, actor, step.place, name=row.name, email=row.email, contact=False, since=since, now=now
    )
    if row.until is not None:
        await _keep(work, member_id, step, now)


async def _change(work: ports.ProgrammeWork, actor: Actor, step: Step, now: datetime) -> None:
    member = await work.people.get(step.member_id)
    assert member is not None
    ends = step.row.until is not None and step.row.until != _present(member, step.place, now).until
    if step.row.since is not None:
        await _keep(work, step.member_id, replace(step, row=replace(step.row, until=None)), now)
        work.record(MemberJoined(member_id=step.member_id), actor=actor, at=now)
    if ends and step.row.until is not None:
        await end_in_team(work, actor, step.place, step.member_id, last_day=step.row.until, now=now)


async def _keep(work: ports.ProgrammeWork, member_id: str, step: Step, now: datetime) -> None:
    """Keep the days that a row tells."""
    member = await work.people.get(member_id)
    assert member is not None
    role = _present(member, step.place, now)
    wanted = replace(_wanted(role, step.row), contact=role.contact)
    if wanted != role:
        await work.people.change_role(member_id, role, wanted)
