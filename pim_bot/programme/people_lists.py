"""The office's list of people, dropped into the chat: kept for an hour as it was shown, saved as it was shown.

Whoever brought it decides. At saving it is looked at anew: if it would do something else by then, that is shown first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from pim_bot.clock import new_id
from pim_bot.errors import NotFound, Refused
from pim_bot.events.catalogue import (
    PeopleListAccepted,
    PeopleListEnded,
    PeopleListLeft,
    PeopleListRead,
    PeopleListSaved,
)
from pim_bot.programme import ports
from pim_bot.programme.importing import Forgotten
from pim_bot.programme.people import Actor
from pim_bot.programme.people_list import Effect, PeoplePlan, PersonRow, RowProblem, plan_people, take_people_over
from pim_bot.programme.permissions import Action, Place, can, require

LIFE = timedelta(hours=1)
MOST_ROWS = 150
NO_EDITION = "Nie wczytano jeszcze żadnej edycji programu. Prosimy o kontakt z koordynacją."


class ListStatus(StrEnum):
    """Where a list stands: shown, accepted by whoever brought it, saved, left as it is, or past its hour."""

    SHOWN = "shown"
    ACCEPTED = "accepted"
    SAVED = "saved"
    LEFT = "left"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True, slots=True)
class PeopleList:
    """A list as it was shown to ``member_id``. Once it is decided its rows are gone; how many they were stays.

    ``forgotten`` counts rows of people who asked to be forgotten. With every ``revision`` something else was shown.
    """

    id: str
    edition: str
    member_id: str
    brought_at: datetime
    plan: PeoplePlan = field(default_factory=PeoplePlan)
    new: int = 0
    changed: int = 0
    same: int = 0
    forgotten: int = 0
    status: ListStatus = ListStatus.SHOWN
    revision: int = 1

    @property
    def ends_at(self) -> datetime:
        """Tell until when its rows are kept."""
        return self.brought_at + LIFE

    @property
    def waits(self) -> bool:
        """Tell whether there is something to save, and nobody has decided."""
        return self.status is ListStatus.SHOWN and not self.plan.problems and bool(self.new or self.changed)


class PeopleLists(Protocol):
    """Lists that were dropped into the chat."""

    async def get(self, list_id: str) -> PeopleList | None: ...

    async def save(self, one: PeopleList) -> None: ...


class ListWork(ports.ProgrammeWork, Protocol):
    """One transaction in which a list is read or saved."""

    @property
    def people_lists(self) -> PeopleLists: ...
    @property
    def forgotten(self) -> Forgotten: ...


async def known_rows(work: ListWork, rows: Sequence[PersonRow]) -> list[PersonRow]:
    """Leave out people who asked to be forgotten: no list brings them back.

    Nor does one that was kept meanwhile, from which their e-mails were taken.
    """
    forgotten = await work.forgotten.among(sorted({row.email for row in rows}))
    return [row for row in rows if row.email not in forgotten and "@" in row.email]


async def bring_list(
    work: ListWork, actor: Actor, rows: Sequence[PersonRow], unread: Sequence[RowProblem], *, now: datetime
) -> PeopleList:
    """Keep what a list would do, to be shown. Raises ``Refused``; then nothing is kept."""
    assert actor.member is not None
    edition = await work.editions.in_force(actor.member.day_of(now))
    if edition is None:
        raise Refused(NO_EDITION)
    require(actor, Action.BRING_PEOPLE, now=now, edition=edition.slug, owner=actor.member.id)
    if len(rows) > MOST_ROWS:
        raise Refused(
            "Lista ma {n} wierszy, a z rozmowy bot czyta najwyżej {most}. Prosimy podzielić ją na części albo wczytać "
            "na serwerze poleceniem: pim-bot import osoby.xlsx",
            n=len(rows),
            most=MOST_ROWS,
        )
    known = await known_rows(work, rows)
    plan = await plan_people(work, actor, edition.slug, known, now=now)
    problems = tuple(sorted([*unread, *plan.problems], key=lambda one: one.number))
    brought = PeopleList(
        id=new_id(),
        edition=edition.slug,
        member_id=actor.member.id,
        brought_at=now,
        forgotten=len(rows) - len(known),
    )
    return await _shown(work, actor, brought, replace(plan, problems=problems), now)


async def _shown(work: ListWork, actor: Actor, one: PeopleList, plan: PeoplePlan, now: datetime) -> PeopleList:
    counts = {effect.value: len(plan.of(effect)) for effect in Effect}
    shown = replace(
        one,
        plan=plan,
        new=counts["new"],
        changed=counts["changed"],
        same=counts["unchanged"],
        status=ListStatus.SHOWN,
    )
    await work.people_lists.save(shown)
    work.record(PeopleListRead(list_id=shown.id, revision=shown.revision), actor=actor, at=now)
    return shown


async def accept_list(work: ListWork, actor: Actor, list_id: str, *, revision: int, now: datetime) -> PeopleList:
    """Say that a list is to be saved as it was shown; saying it twice changes nothing. Raises ``Refused``."""
    one = await _held(work, actor, list_id, now)
    if one.status in (ListStatus.ACCEPTED, ListStatus.SAVED):
        return one
    _require_waiting(one, revision)
    accepted = replace(one, status=ListStatus.ACCEPTED)
    await work.people_lists.save(accepted)
    work.record(PeopleListAccepted(list_id=one.id, revision=one.revision), actor=actor, at=now)
    return accepted


async def leave_list(work: ListWork, actor: Actor, list_id: str, *, revision: int, now: datetime) -> PeopleList:
    """Say that nothing of a list is to be saved; saying it twice changes nothing. Raises ``Refused``."""
    one = await _held(work, actor, list_id, now)
    if one.status is ListStatus.LEFT:
        return one
    _require_waiting(one, revision)
    left = await _emptied(work, one, ListStatus.LEFT)
    work.record(PeopleListLeft(list_id=one.id, revision=one.revision), actor=actor, at=now)
    return left


async def take_list_over(work: ListWork, actor: Actor, list_id: str, *, now: datetime) -> PeopleList | None:
    """Carry out a list that was accepted; one that would do something else by now is shown anew instead.

    None tells that there is nothing to carry out. ``actor`` is whoever accepted it.
    """
    await work.hold(f"people-list:{list_id}")
    one = await work.people_lists.get(list_id)
    if one is None or one.status is not ListStatus.ACCEPTED or actor.member is None:
        return None
    place = Place(edition=one.edition, owner=one.member_id)
    if not can(actor, Action.BRING_PEOPLE, place, day=actor.member.day_of(now)):
        return await _ended(work, actor, one, now)
    await work.hold(f"people:{one.edition}", changes=False)
    rows = await known_rows(work, [step.row for step in one.plan.steps])
    plan = await plan_people(work, actor, one.edition, rows, now=now)
    if plan != one.plan:
        return await _shown(work, actor, replace(one, revision=one.revision + 1), plan, now)
    await take_people_over(work, actor, one.edition, rows, now=now)
    saved = await _emptied(work, one, ListStatus.SAVED)
    work.record(PeopleListSaved(list_id=one.id, revision=one.revision), actor=actor, at=now)
    return saved


async def end_list(work: ListWork, actor: Actor, list_id: str, *, now: datetime) -> None:
    """Forget the rows of a list whose hour has passed."""
    await work.hold(f"people-list:{list_id}")
    one = await work.people_lists.get(list_id)
    if one is not None and one.status in (ListStatus.SHOWN, ListStatus.ACCEPTED):
        await _ended(work, actor, one, now)


async def _ended(work: ListWork, actor: Actor, one: PeopleList, now: datetime) -> PeopleList:
    ended = await _emptied(work, one, ListStatus.ENDED)
    work.record(PeopleListEnded(list_id=one.id, revision=one.revision), actor=actor, at=now)
    return ended


async def _emptied(work: ListWork, one: PeopleList, status: ListStatus) -> PeopleList:
    emptied = replace(one, plan=PeoplePlan(), status=status)
    await work.people_lists.save(emptied)
    return emptied


async def _held(work: ListWork, actor: Actor, list_id: str, now: datetime) -> PeopleList:
    await work.hold(f"people-list:{list_id}")
    one = await work.people_lists.get(list_id)
    if one is None:
        raise NotFound("Tego podglądu już nie ma. Prosimy wysłać plik jeszcze raz.")
    require(actor, Action.BRING_PEOPLE, now=now, edition=one.edition, owner=one.member_id)
    return one


def _require_waiting(one: PeopleList, revision: int) -> None:
    if one.status is ListStatus.SHOWN and one.revision != revision:
        raise Refused("Od tego podglądu coś się zmieniło. Prosimy sprawdzić nowy, w tej samej wiadomości.")
    if not one.waits:
        raise Refused("Ten podgląd jest już nieaktualny. Prosimy wysłać plik jeszcze raz.")
