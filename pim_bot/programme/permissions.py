"""Who may do what: one function, deny by default, asked on every door and again when the act is carried out.

The rules are those of the programme (presentation of MFiPR and the World Bank, „Formy współpracy i podział ról”):
coordinators (MFiPR) plan across networks, the MFiPR guardian plans a network's activities, a city plans its own local
meetings and answers for its team, an expert answers for themselves.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from pim_bot.errors import NotAllowed
from pim_bot.programme.edition import Scope
from pim_bot.programme.people import Actor, Member, RoleName


class Action(StrEnum):
    """Everything that needs a right."""

    SEE_PROGRAMME = "see-programme"
    SEE_ACTIVITY = "see-activity"
    SCHEDULE_ACTIVITY = "schedule-activity"
    MOVE_ACTIVITY = "move-activity"
    CANCEL_ACTIVITY = "cancel-activity"
    ANSWER_INVITATION = "answer-invitation"
    ASSIGN_EXPERT = "assign-expert"
    ANSWER_ASSIGNMENT = "answer-assignment"
    GIVE_FEEDBACK = "give-feedback"
    IMPORT_PROGRAMME = "import-programme"
    SEE_OWN_DATA = "see-own-data"
    CORRECT_OWN_DATA = "correct-own-data"
    LIMIT_OWN_DATA = "limit-own-data"
    HOLD_DATA = "hold-data"
    EXPORT_MEMBER = "export-member"
    CORRECT_MEMBER = "correct-member"
    ERASE_MEMBER = "erase-member"
    SEE_DELIVERIES = "see-deliveries"
    DECIDE_DELIVERY = "decide-delivery"
    LOG_CONTRIBUTION = "log-contribution"
    DECIDE_CONTRIBUTION = "decide-contribution"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """What the act is about: networks, a city, the scope of a kind of activity, the owner of a duty.

    A role counts only in its own ``edition``.
    """

    edition: str = ""
    networks: tuple[str, ...] = ()
    city: str = ""
    scope: Scope | None = None
    owner: str = ""
    invitee: str = ""


def _coordinates(member: Member, place: Place, day: date) -> bool:
    return member.has_role(RoleName.COORDINATOR, day)


def _plans_activity(member: Member, place: Place, day: date) -> bool:
    if _coordinates(member, place, day):
        return True
    guards_all = bool(place.networks) and all(
        network and member.has_role(RoleName.GUARDIAN, day, network=network, side="mfipr") for network in place.networks
    )
    plans_own_city = (
        place.scope is Scope.LOCAL and bool(place.city) and member.has_role(RoleName.OFFICIAL, day, city=place.city)
    )
    return guards_all or plans_own_city


def _owns(member: Member, place: Place, day: date) -> bool:
    return place.owner == member.id


def _sees_activity(member: Member, place: Place, day: date) -> bool:
    """Show what is between one city and its experts to them; to coordinators, that it takes place."""
    if place.scope is None or not place.scope.is_of_one_city:
        return _has_any_role(member, place, day)
    return _advises(member, place, day) or _works_in(member, place, day) or _coordinates(member, place, day)


def _answers_for(member: Member, place: Place, day: date) -> bool:
    return place.invitee in member.invitees(day)


def _works_on_document(member: Member, place: Place, day: date) -> bool:
    """Let the people of the network propose; into a city's MID its own team and its World Bank experts."""
    if not place.city:
        return any(role.network and role.holds_on(day) and role.network in place.networks for role in member.roles)
    return _advises(member, place, day) or _works_in(member, place, day)


def _owns_document(member: Member, place: Place, day: date) -> bool:
    """Let the city's team decide on its MID, the World Bank experts of the network on its PU."""
    return _works_in(member, place, day) if place.city else _advises(member, place, day)


def _advises(member: Member, place: Place, day: date) -> bool:
    in_network = any(
        network and member.has_role(RoleName.EXPERT, day, network=network, side="world_bank")
        for network in place.networks
    )
    return in_network or (
        bool(place.city) and member.has_role(RoleName.EXPERT, day, city=place.city, side="world_bank")
    )


def _works_in(member: Member, place: Place, day: date) -> bool:
    return bool(place.city) and member.has_role(RoleName.OFFICIAL, day, city=place.city)


def _has_any_role(member: Member, place: Place, day: date) -> bool:
    return any(role.holds_on(day) for role in member.roles)


def _nobody(member: Member, place: Place, day: date) -> bool:
    return False


RULES: dict[Action, Callable[[Member, Place, date], bool]] = {
    Action.SEE_PROGRAMME: _has_any_role,
    Action.SEE_ACTIVITY: _sees_activity,
    Action.SCHEDULE_ACTIVITY: _plans_activity,
    Action.MOVE_ACTIVITY: _plans_activity,
    Action.CANCEL_ACTIVITY: _plans_activity,
    Action.ANSWER_INVITATION: _answers_for,
    Action.ASSIGN_EXPERT: _coordinates,
    Action.ANSWER_ASSIGNMENT: _owns,
    Action.GIVE_FEEDBACK: _owns,
    Action.IMPORT_PROGRAMME: _nobody,
    Action.SEE_OWN_DATA: _owns,
    Action.CORRECT_OWN_DATA: _owns,
    Action.LIMIT_OWN_DATA: _owns,
    Action.HOLD_DATA: _coordinates,
    Action.EXPORT_MEMBER: _nobody,
    Action.CORRECT_MEMBER: _nobody,
    Action.ERASE_MEMBER: _nobody,
    Action.SEE_DELIVERIES: _coordinates,
    Action.DECIDE_DELIVERY: _coordinates,
    Action.LOG_CONTRIBUTION: _works_on_document,
    Action.DECIDE_CONTRIBUTION: _owns_document,
}

TRUSTED_DOORS = frozenset({"command-line", "import", "restore"})
"""Whoever can run these on the hub's own machine can already read and write its database."""


def can(actor: Actor, action: Action, place: Place, *, day: date) -> bool:
    """Tell whether the actor may do this there on that day."""
    if actor.member is None:
        return actor.door in TRUSTED_DOORS
    member = actor.member.in_edition(place.edition) if place.edition else actor.member
    return RULES.get(action, _nobody)(member, place, day)


def plans_anything(member: Member, edition: str, day: date) -> bool:
    """Tell whether the person plans activities in any network, or meetings of their own city."""
    places = [Place(edition=edition, networks=(role.network,)) for role in member.roles if role.network]
    places += [Place(edition=edition, city=role.city, scope=Scope.LOCAL) for role in member.roles if role.city]
    actor = Actor(door="chat", member=member)
    return any(can(actor, Action.SCHEDULE_ACTIVITY, place, day=day) for place in (*places, Place(edition=edition)))


def assigns_experts(member: Member, edition: str, day: date) -> bool:
    """Tell whether the person assigns experts."""
    return can(Actor(door="chat", member=member), Action.ASSIGN_EXPERT, Place(edition=edition), day=day)


def require(
    actor: Actor,
    action: Action,
    *,
    now: datetime,
    edition: str = "",
    networks: Sequence[str] = (),
    network: str = "",
    city: str = "",
    scope: Scope | None = None,
    owner: str = "",
    invitee: str = "",
) -> None:
    """Raise ``NotAllowed`` unless ``can``."""
    reached = tuple(networks) or ((network,) if network else ())
    place = Place(edition=edition, networks=reached, city=city, scope=scope, owner=owner, invitee=invitee)
    day = actor.member.day_of(now) if actor.member else now.date()
    if not can(actor, action, place, day=day):
        raise NotAllowed(
            "Do tego potrzebna jest inna rola w programie. Jeśli to pomyłka, prosimy o kontakt z koordynacją programu."
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """What a handler says of itself: the right that it asks for, or why anybody may come."""

    action: Action | None = None
    open_because: str = ""


Handler = TypeVar("Handler", bound=Callable[..., Any])
_ACCESS = "_access"


def needs(action: Action) -> Callable[[Handler], Handler]:
    """Declare the right that a handler asks for. A test holds it to its word, for every role (``tests/doors``)."""
    return _declaring(Access(action=action))


def open_to_all(because: str) -> Callable[[Handler], Handler]:
    """Declare that a handler asks for no right, and why that is no harm."""
    return _declaring(Access(open_because=because))


def access_of(handler: object) -> Access | None:
    """Tell what a handler says of itself; None when it says nothing, which no handler of ``routes.py`` may."""
    found: Access | None = getattr(handler, _ACCESS, None)
    return found


def _declaring(access: Access) -> Callable[[Handler], Handler]:
    def declare(handler: Handler) -> Handler:
        setattr(handler, _ACCESS, access)
        return handler

    return declare
