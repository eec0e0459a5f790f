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
    CHANGE_ACTIVITY = "change-activity"
    CANCEL_ACTIVITY = "cancel-activity"
    CHASE_ANSWERS = "chase-answers"
    ANSWER_INVITATION = "answer-invitation"
    MARK_PRESENCE = "mark-presence"
    REPORT_ACTIVITY = "report-activity"
    ASSIGN_EXPERT = "assign-expert"
    ANSWER_ASSIGNMENT = "answer-assignment"
    GIVE_FEEDBACK = "give-feedback"
    IMPORT_PROGRAMME = "import-programme"
    SEE_OWN_DATA = "see-own-data"
    CORRECT_OWN_DATA = "correct-own-data"
    LIMIT_OWN_DATA = "limit-own-data"
    SET_PREFERENCES = "set-preferences"
    SEE_QUESTIONS = "see-questions"
    MANAGE_TEAM = "manage-team"
    BRING_PEOPLE = "bring-people"
    CONFIRM_PERSON = "confirm-person"
    HOLD_DATA = "hold-data"
    EXPORT_MEMBER = "export-member"
    CORRECT_MEMBER = "correct-member"
    ERASE_MEMBER = "erase-member"
    SEE_DELIVERIES = "see-deliveries"
    DECIDE_DELIVERY = "decide-delivery"
    LOG_CONTRIBUTION = "log-contribution"
    DECIDE_CONTRIBUTION = "decide-contribution"
    SEE_CONTRIBUTION = "see-contribution"
    ANSWER_FOR_CONTRIBUTION = "answer-for-contribution"
    LOG_SESSION = "log-session"
    READ_SESSION = "read-session"
    SEE_SESSION = "see-session"
    CORRECT_SESSION = "correct-session"
    ARRANGE_SESSION = "arrange-session"
    LEAD_TOPICS = "lead-topics"
    BACK_TOPICS = "back-topics"
    SEND_BULLETIN = "send-bulletin"
    SEE_READERS = "see-readers"
    ADD_MATERIAL = "add-material"
    REMOVE_MATERIAL = "remove-material"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """What the act is about: networks, a city, the scope of a kind of activity, the owner of a duty, hosting cities.

    A role counts only in its own ``edition``.
    """

    edition: str = ""
    networks: tuple[str, ...] = ()
    city: str = ""
    scope: Scope | None = None
    owner: str = ""
    invitee: str = ""
    hosts: tuple[str, ...] = ()


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


def _moves_activity(member: Member, place: Place, day: date) -> bool:
    """Let either side of an advisory session move it or call it off, too."""
    own_session = place.scope is Scope.ONE_CITY and _is_of_session(member, place, day)
    return own_session or _plans_activity(member, place, day)


def _plans_or_hosts(member: Member, place: Place, day: date) -> bool:
    """Let a hosting city's team do what whoever plans the activity may."""
    hosts = any(host and member.has_role(RoleName.OFFICIAL, day, city=host) for host in place.hosts)
    return hosts or _plans_activity(member, place, day)


def _looks_after(member: Member, place: Place, day: date) -> bool:
    """Let coordinators, and the MFiPR guardians of the networks, see to their people."""
    return _plans_activity(member, Place(edition=place.edition, networks=place.networks), day)


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


def _reads_contribution(member: Member, place: Place, day: date) -> bool:
    """Show what belongs to a city to its team and its World Bank experts, the rest to the network or the programme."""
    if place.city:
        return _works_on_document(member, place, day)
    if place.networks:
        return _coordinates(member, place, day) or _works_on_document(member, place, day)
    return _has_any_role(member, place, day)


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


def _is_of_session(member: Member, place: Place, day: date) -> bool:
    """Let the city and its World Bank experts read what was said; nobody else, not even coordinators."""
    return bool(place.city) and (_advises(member, place, day) or _works_in(member, place, day))


def _speaks_for_city(member: Member, place: Place, day: date) -> bool:
    """Let a city's team speak for it in the networks of an activity."""
    return bool(place.city) and any(
        network and member.has_role(RoleName.OFFICIAL, day, network=network, city=place.city)
        for network in place.networks
    )


def _tells_networks(member: Member, place: Place, day: date) -> bool:
    """Let coordinators tell everybody something, and guardians of any side their own network."""
    if _coordinates(member, place, day):
        return True
    return bool(place.networks) and all(
        network and member.has_role(RoleName.GUARDIAN, day, network=network) for network in place.networks
    )


def _coordinates_and_owns(member: Member, place: Place, day: date) -> bool:
    """Let coordinators decide about what they brought themselves."""
    return _owns(member, place, day) and _coordinates(member, place, day)


def _sent_or_coordinates(member: Member, place: Place, day: date) -> bool:
    return _owns(member, place, day) or _coordinates(member, place, day)


def _brings_material(member: Member, place: Place, day: date) -> bool:
    """Let everybody of the networks, and a hosting city, bring what belongs to an activity that they may see."""
    if place.scope is not None and place.scope.is_of_one_city:
        return _is_of_session(member, place, day)
    in_network = any(role.network and role.holds_on(day) and role.network in place.networks for role in member.roles)
    return in_network or _plans_or_hosts(member, place, day)


def _brought_or_plans(member: Member, place: Place, day: date) -> bool:
    return _owns(member, place, day) or _plans_activity(member, place, day)


def _sees_session(member: Member, place: Place, day: date) -> bool:
    """Show coordinators the fact that a session took place, too."""
    return _is_of_session(member, place, day) or _coordinates(member, place, day)


def _has_any_role(member: Member, place: Place, day: date) -> bool:
    return any(role.holds_on(day) for role in member.roles)


def _nobody(member: Member, place: Place, day: date) -> bool:
    return False


RULES: dict[Action, Callable[[Member, Place, date], bool]] = {
    Action.SEE_PROGRAMME: _has_any_role,
    Action.SEE_ACTIVITY: _sees_activity,
    Action.SCHEDULE_ACTIVITY: _plans_activity,
    Action.MOVE_ACTIVITY: _moves_activity,
    Action.CHANGE_ACTIVITY: _plans_activity,
    Action.CANCEL_ACTIVITY: _moves_activity,
    Action.CHASE_ANSWERS: _plans_activity,
    Action.ANSWER_INVITATION: _answers_for,
    Action.MARK_PRESENCE: _plans_or_hosts,
    Action.REPORT_ACTIVITY: _plans_or_hosts,
    Action.ASSIGN_EXPERT: _coordinates,
    Action.ANSWER_ASSIGNMENT: _owns,
    Action.GIVE_FEEDBACK: _owns,
    Action.IMPORT_PROGRAMME: _nobody,
    Action.SEE_OWN_DATA: _owns,
    Action.CORRECT_OWN_DATA: _owns,
    Action.LIMIT_OWN_DATA: _owns,
    Action.SET_PREFERENCES: _owns,
    Action.MANAGE_TEAM: _looks_after,
    Action.BRING_PEOPLE: _coordinates_and_owns,
    Action.CONFIRM_PERSON: _looks_after,
    Action.HOLD_DATA: _coordinates,
    Action.EXPORT_MEMBER: _nobody,
    Action.CORRECT_MEMBER: _nobody,
    Action.ERASE_MEMBER: _nobody,
    Action.SEE_QUESTIONS: _coordinates,
    Action.SEE_DELIVERIES: _coordinates,
    Action.DECIDE_DELIVERY: _coordinates,
    Action.LOG_CONTRIBUTION: _works_on_document,
    Action.DECIDE_CONTRIBUTION: _owns_document,
    Action.SEE_CONTRIBUTION: _reads_contribution,
    Action.ANSWER_FOR_CONTRIBUTION: _owns,
    Action.LOG_SESSION: _advises,
    Action.READ_SESSION: _is_of_session,
    Action.SEE_SESSION: _sees_session,
    Action.CORRECT_SESSION: _works_in,
    Action.ARRANGE_SESSION: _is_of_session,
    Action.LEAD_TOPICS: _plans_activity,
    Action.BACK_TOPICS: _speaks_for_city,
    Action.SEND_BULLETIN: _tells_networks,
    Action.SEE_READERS: _sent_or_coordinates,
    Action.ADD_MATERIAL: _brings_material,
    Action.REMOVE_MATERIAL: _brought_or_plans,
}

TRUSTED_DOORS = frozenset({"command-line", "import", "restore"})
"""Whoever can run these on the hub's own machine can already read and write its database."""


def can(actor: Actor, action: Action, place: Place, *, day: date) -> bool:
    """Tell whether the actor may do this there on that day."""
    if actor.member is None:
        return actor.door in TRUSTED_DOORS
    member = actor.member.in_edition(place.edition) if place.edition else actor.member
    return RULES.get(action, _nobody)(member, place, day)


OFFERED = (
    Action.SCHEDULE_ACTIVITY,
    Action.ASSIGN_EXPERT,
    Action.LOG_SESSION,
    Action.SEE_SESSION,
    Action.ARRANGE_SESSION,
    Action.SEND_BULLETIN,
)
"""What is offered only to people who may do it somewhere."""


def rights_of(member: Member, edition: str, day: date) -> frozenset[Action]:
    """Tell what of ``OFFERED`` a person may do anywhere in an edition: lists and Home offer exactly that."""
    places = {Place(edition=edition)}
    for role in member.in_edition(edition).roles:
        networks = (role.network,) if role.network else ()
        places.add(Place(edition=edition, networks=networks))
        places.add(Place(edition=edition, networks=networks, city=role.city or "any"))
        if role.city:
            places.add(Place(edition=edition, city=role.city, scope=Scope.LOCAL))
    actor = Actor(door="chat", member=member)
    return frozenset(one for one in OFFERED if any(can(actor, one, place, day=day) for place in places))


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
    hosts: Sequence[str] = (),
) -> None:
    """Raise ``NotAllowed`` unless ``can``."""
    reached = tuple(networks) or ((network,) if network else ())
    place = Place(
        edition=edition, networks=reached, city=city, scope=scope, owner=owner, invitee=invitee, hosts=tuple(hosts)
    )
    require_at(actor, action, place, now=now)


def require_at(actor: Actor, action: Action, place: Place, *, now: datetime) -> None:
    """Raise ``NotAllowed`` unless the actor may do this there."""
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
