"""Which expert serves which network and city, with how much of the budget left, and where nobody does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from pim_bot.programme import ports
from pim_bot.programme.assignment import AssignmentStatus, ExpertAssignment
from pim_bot.programme.budget import days_used
from pim_bot.programme.edition import Network
from pim_bot.programme.names import folded
from pim_bot.programme.people import Actor, Member, RoleName
from pim_bot.programme.permissions import Action, Place, can, require


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """One assignment as it is told: ``place`` and ``expert`` by name; ``days_used`` None for whom it is no business."""

    assignment: ExpertAssignment
    place: str
    expert: str
    days_used: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Staff:
    """Who serves where on a day: by assignment, by a role in the network alone, and the networks that nobody serves."""

    services: tuple[Service, ...]
    in_networks: tuple[tuple[str, tuple[str, ...]], ...]
    gaps: tuple[Network, ...]
    assigns: bool

    def of_places(self, cities: Sequence[str], networks: Sequence[str]) -> "Staff":
        """Tell it of some places alone; with none named, of all. Whoever serves a whole network may serve these too."""
        if not cities and not networks:
            return self
        wanted = {*cities, *networks}
        here = tuple(one for one in self.services if (one.assignment.city or one.assignment.network) in wanted)
        return replace(self, services=here, gaps=tuple(one for one in self.gaps if one.slug in wanted))


async def staff_of(work: ports.ProgrammeWork, actor: Actor, edition: str, *, now: datetime) -> Staff:
    """Tell who serves where and will: to whoever assigns with everything, to others what was accepted.

    Days are told to whoever assigns and to the expert.
    """
    require(actor, Action.SEE_PROGRAMME, now=now)
    assert actor.member is not None
    day = actor.member.day_of(now)
    assigns = can(actor, Action.ASSIGN_EXPERT, Place(edition=edition), day=day)
    networks = await work.editions.networks(edition)
    cities = await work.editions.cities(edition)
    kept = await work.assignments.of_edition(edition)
    shown = [one for one in kept if one.until >= day and _is_shown(one, actor.member, assigns=assigns)]
    experts = await work.people.experts(edition, day)
    names = {one.id: one.name for one in experts}
    names |= {one.id: one.name for one in await work.people.many([one.member_id for one in shown])}
    places = {one.slug: one.name for one in networks} | {one.slug: one.name for one in cities}
    used = await days_used(work, edition, kept)
    services = [
        Service(
            assignment=one,
            place=places.get(one.city or one.network, one.city or one.network),
            expert=names.get(one.member_id, ""),
            days_used=used[one.id] if assigns or one.member_id == actor.member.id else None,
        )
        for one in shown
    ]
    return Staff(
        services=tuple(sorted(services, key=lambda one: (folded(one.place), one.assignment.since, one.expert))),
        in_networks=_in_networks(experts, networks, edition, day),
        gaps=_gaps(kept, experts, networks, day),
        assigns=assigns,
    )


def _is_shown(assignment: ExpertAssignment, member: Member, *, assigns: bool) -> bool:
    if assigns or assignment.member_id == member.id:
        return assignment.is_open
    return assignment.status is AssignmentStatus.ACCEPTED


async def place_name(work: ports.ProgrammeWork, assignment: ExpertAssignment) -> str:
    """Name the network or the city that an assignment is for."""
    slug = assignment.city or assignment.network
    places = await (work.editions.cities if assignment.city else work.editions.networks)(assignment.edition)
    return next((one.name for one in places if one.slug == slug), slug)


def _in_networks(
    experts: list[Member], networks: list[Network], edition: str, day: date
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Tell by network the experts whom the programme file names for it."""
    told = {
        network.name: tuple(
            one.name for one in experts if one.in_edition(edition).has_role(RoleName.EXPERT, day, network=network.slug)
        )
        for network in networks
    }
    return tuple((name, names) for name, names in told.items() if names)


def _gaps(
    kept: list[ExpertAssignment], experts: list[Member], networks: list[Network], day: date
) -> tuple[Network, ...]:
    served = {one.network for one in kept if one.status is AssignmentStatus.ACCEPTED and one.since <= day <= one.until}
    served |= {
        role.network for one in experts for role in one.roles if role.name is RoleName.EXPERT and role.holds_on(day)
    }
    return tuple(network for network in networks if network.slug not in served)
