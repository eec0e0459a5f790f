"""Who may do what: the whole matrix of role, action and place, and nothing that is not in it."""

from datetime import date

import pytest

from pim_bot.errors import NotAllowed
from pim_bot.programme.edition import Scope
from pim_bot.programme.people import Actor, Member, RoleName
from pim_bot.programme.permissions import RULES, Action, Place, can, require
from tests.unit.green import (
    COORDINATOR,
    DAY,
    DIGITAL,
    EXPERT,
    GREEN,
    GUARDIAN,
    LUBLIN,
    MINISTRY,
    NOBODY,
    NOW,
    ZORY,
    acting,
    person,
)

ROLES: dict[str, Member | None] = {
    "coordinator": COORDINATOR,
    "guardian": GUARDIAN,
    "guardian elsewhere": person("guardian-elsewhere", RoleName.GUARDIAN, network=DIGITAL, side="mfipr"),
    "ministry": MINISTRY,
    "ministry's person": person("ministry-person", RoleName.MINISTRY, network=GREEN, side="ministry"),
    "expert": EXPERT,
    "expert elsewhere": person("expert-elsewhere", RoleName.EXPERT, network=DIGITAL, side="world_bank"),
    "official": ZORY,
    "official elsewhere": LUBLIN,
    "ended": person("ended", RoleName.COORDINATOR, until=date(2022, 1, 9)),
    "starts later": person("later", RoleName.COORDINATOR, since=date(2022, 1, 11)),
    "ends today": person("today", RoleName.COORDINATOR, since=DAY, until=DAY),
    "nobody": NOBODY,
    "clock": None,
}
COORDINATING = frozenset({"coordinator", "ends today"})
EVERYBODY = frozenset(ROLES) - {"ended", "starts later", "nobody", "clock"}
NO_ONE: frozenset[str] = frozenset()

PLACES = {
    "nowhere": Place(),
    "a network": Place(networks=(GREEN,), scope=Scope.NETWORK),
    "both networks": Place(networks=(GREEN, DIGITAL), scope=Scope.ALL_NETWORKS),
    "a network without a name": Place(networks=("",), scope=Scope.NETWORK),
    "advice to a city": Place(networks=(GREEN,), city="zory", scope=Scope.ONE_CITY),
    "a local meeting": Place(networks=(GREEN,), city="zory", scope=Scope.LOCAL),
    "a local meeting of no city": Place(scope=Scope.LOCAL),
    "a city's network meeting": Place(networks=(GREEN,), city="zory", scope=Scope.NETWORK),
    "the expert's duty": Place(owner="expert"),
    "the team's invitation": Place(invitee=f"team:{GREEN}/zory"),
    "a meeting at home": Place(networks=(GREEN,), scope=Scope.NETWORK, hosts=("zory",)),
    "the expert's invitation": Place(invitee="member:expert"),
    "the coordinator's list": Place(owner="coordinator"),
}

PLANS = {
    "nowhere": COORDINATING,
    "a network": COORDINATING | {"guardian"},
    "both networks": COORDINATING,
    "a network without a name": COORDINATING,
    "advice to a city": COORDINATING | {"guardian"},
    "a local meeting": COORDINATING | {"guardian", "official"},
    "a local meeting of no city": COORDINATING,
    "a city's network meeting": COORDINATING | {"guardian"},
    "the expert's duty": COORDINATING,
    "a meeting at home": COORDINATING | {"guardian"},
    "the team's invitation": COORDINATING,
    "the expert's invitation": COORDINATING,
    "the coordinator's list": COORDINATING,
}
OWN = {"the expert's duty": frozenset({"expert"}), "the coordinator's list": frozenset({"coordinator"})}
PRIVATE = {"advice to a city", "a local meeting"}
OF_A_CITY = {place: frozenset({"expert", "official"}) for place in PRIVATE | {"a city's network meeting"}}
OF_THE_NETWORK = frozenset({"guardian", "ministry", "ministry's person", "expert", "official", "official elsewhere"})
OF_NETWORKS = {
    "a network": OF_THE_NETWORK,
    "a meeting at home": OF_THE_NETWORK,
    "both networks": frozenset(
        {"guardian", "guardian elsewhere", "ministry", "ministry's person", "expert", "expert elsewhere"}
        | {"official", "official elsewhere"}
    ),
}
OF_THE_NETWORKS_EXPERTS = {place: people & {"expert", "expert elsewhere"} for place, people in OF_NETWORKS.items()}
ALLOWED: dict[Action, dict[str, frozenset[str]]] = {
    Action.SEE_PROGRAMME: dict.fromkeys(PLACES, EVERYBODY),
    Action.SEE_ACTIVITY: {
        place: COORDINATING | {"expert", "official"} if place in PRIVATE else EVERYBODY for place in PLACES
    }
    | {"a local meeting of no city": COORDINATING},
    Action.SCHEDULE_ACTIVITY: PLANS,
    Action.MOVE_ACTIVITY: PLANS | {"advice to a city": PLANS["advice to a city"] | {"expert", "official"}},
    Action.CANCEL_ACTIVITY: PLANS | {"advice to a city": PLANS["advice to a city"] | {"expert", "official"}},
    Action.CHANGE_ACTIVITY: PLANS,
    Action.CHASE_ANSWERS: PLANS,
    Action.MARK_PRESENCE: PLANS | {"a meeting at home": COORDINATING | {"guardian", "official"}},
    Action.REPORT_ACTIVITY: PLANS | {"a meeting at home": COORDINATING | {"guardian", "official"}},
    Action.ANSWER_INVITATION: dict.fromkeys(PLACES, NO_ONE)
    | {"the team's invitation": frozenset({"official"}), "the expert's invitation": frozenset({"expert"})},
    Action.ASSIGN_EXPERT: dict.fromkeys(PLACES, COORDINATING),
    Action.ANSWER_ASSIGNMENT: dict.fromkeys(PLACES, NO_ONE) | OWN,
    Action.GIVE_FEEDBACK: dict.fromkeys(PLACES, NO_ONE) | OWN,
    Action.IMPORT_PROGRAMME: dict.fromkeys(PLACES, NO_ONE),
    Action.SEE_OWN_DATA: dict.fromkeys(PLACES, NO_ONE) | OWN,
    Action.CORRECT_OWN_DATA: dict.fromkeys(PLACES, NO_ONE) | OWN,
    Action.LIMIT_OWN_DATA: dict.fromkeys(PLACES, NO_ONE) | OWN,
    Action.SET_PREFERENCES: dict.fromkeys(PLACES, NO_ONE) | OWN,
    Action.MANAGE_TEAM: PLANS | {"a local meeting": COORDINATING | {"guardian"}},
    Action.BRING_PEOPLE: dict.fromkeys(PLACES, NO_ONE) | {"the coordinator's list": frozenset({"coordinator"})},
    Action.CONFIRM_PERSON: PLANS | {"a local meeting": COORDINATING | {"guardian"}},
    Action.HOLD_DATA: dict.fromkeys(PLACES, COORDINATING),
    Action.EXPORT_MEMBER: dict.fromkeys(PLACES, NO_ONE),
    Action.CORRECT_MEMBER: dict.fromkeys(PLACES, NO_ONE),
    Action.ERASE_MEMBER: dict.fromkeys(PLACES, NO_ONE),
    Action.SEE_QUESTIONS: dict.fromkeys(PLACES, COORDINATING),
    Action.SEE_DELIVERIES: dict.fromkeys(PLACES, COORDINATING),
    Action.DECIDE_DELIVERY: dict.fromkeys(PLACES, COORDINATING),
    Action.LOG_CONTRIBUTION: dict.fromkeys(PLACES, NO_ONE) | OF_A_CITY | OF_NETWORKS,
    Action.SEE_CONTRIBUTION: dict.fromkeys(PLACES, EVERYBODY)
    | OF_A_CITY
    | {place: OF_NETWORKS[place] | COORDINATING for place in OF_NETWORKS}
    | {"a network without a name": COORDINATING, "a local meeting of no city": EVERYBODY},
    Action.ANSWER_FOR_CONTRIBUTION: dict.fromkeys(PLACES, NO_ONE) | OWN,
    Action.DECIDE_CONTRIBUTION: dict.fromkeys(PLACES, NO_ONE)
    | dict.fromkeys(OF_A_CITY, frozenset({"official"}))
    | OF_THE_NETWORKS_EXPERTS,
    Action.LOG_SESSION: dict.fromkeys(PLACES, NO_ONE)
    | dict.fromkeys(OF_A_CITY, frozenset({"expert"}))
    | OF_THE_NETWORKS_EXPERTS,
    Action.READ_SESSION: dict.fromkeys(PLACES, NO_ONE) | OF_A_CITY,
    Action.SEE_SESSION: {place: COORDINATING | OF_A_CITY.get(place, NO_ONE) for place in PLACES},
    Action.CORRECT_SESSION: dict.fromkeys(PLACES, NO_ONE) | dict.fromkeys(OF_A_CITY, frozenset({"official"})),
    Action.ARRANGE_SESSION: dict.fromkeys(PLACES, NO_ONE) | OF_A_CITY,
    Action.LEAD_TOPICS: PLANS,
    Action.BACK_TOPICS: dict.fromkeys(PLACES, NO_ONE) | dict.fromkeys(OF_A_CITY, frozenset({"official"})),
    Action.SEND_BULLETIN: dict.fromkeys(PLACES, COORDINATING)
    | dict.fromkeys([*OF_A_CITY, "a network", "a meeting at home"], COORDINATING | {"guardian", "ministry"}),
    Action.SEE_READERS: dict.fromkeys(PLACES, COORDINATING) | {"the expert's duty": COORDINATING | {"expert"}},
    Action.ADD_MATERIAL: dict.fromkeys(PLACES, COORDINATING)
    | {place: OF_NETWORKS[place] | COORDINATING for place in OF_NETWORKS}
    | OF_A_CITY
    | {"a city's network meeting": OF_THE_NETWORK | COORDINATING, "a local meeting of no city": NO_ONE},
    Action.REMOVE_MATERIAL: PLANS | {"the expert's duty": COORDINATING | {"expert"}},
}


def actor_of(role: str) -> Actor:
    member = ROLES[role]
    return acting(member) if member else Actor(door="clock")


def test_the_whole_matrix_of_role_action_and_place() -> None:
    found = {
        (action, name): {role for role in ROLES if can(actor_of(role), action, place, day=DAY)}
        for action in Action
        for name, place in PLACES.items()
    }
    assert found == {(action, name): ALLOWED[action][name] for action in Action for name in PLACES}


def test_every_action_has_a_rule() -> None:
    assert set(RULES) == set(Action)


def test_what_has_no_rule_is_denied_to_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    for action in Action:
        monkeypatch.delitem(RULES, action)
    allowed = {role for role in ROLES for place in PLACES.values() for action in Action if may(role, action, place)}
    assert allowed == set()


def may(role: str, action: Action, place: Place) -> bool:
    return can(actor_of(role), action, place, day=DAY)


@pytest.mark.parametrize(
    ("door", "allowed"),
    [
        ("command-line", True),
        ("import", True),
        ("restore", True),
        ("chat", False),
        ("clock", False),
        ("worker", False),
        ("", False),
    ],
)
def test_without_a_person_only_the_hubs_own_machine_is_trusted(door: str, allowed: bool) -> None:  # noqa: FBT001
    found = {can(Actor(door=door), action, place, day=DAY) for action in Action for place in PLACES.values()}
    assert found == {allowed}


@pytest.mark.parametrize("door", ["command-line", "import", "restore"])
def test_a_person_has_no_more_rights_behind_a_trusted_door(door: str) -> None:
    found = {
        can(Actor(door=door, member=NOBODY), action, place, day=DAY) for action in Action for place in PLACES.values()
    }
    assert found == {False}


def test_what_is_not_allowed_is_refused_in_one_sentence() -> None:
    with pytest.raises(NotAllowed) as refused:
        require(acting(NOBODY), Action.SCHEDULE_ACTIVITY, now=NOW, network=GREEN)
    assert refused.value.reason == (
        "Do tego potrzebna jest inna rola w programie. Jeśli to pomyłka, prosimy o kontakt z koordynacją programu."
    )


def test_a_role_is_looked_at_on_the_persons_own_day() -> None:
    last_day = person("last", RoleName.COORDINATOR, until=date(2022, 1, 10))
    late_evening = NOW.replace(hour=23, minute=30)  # already the 11th in Warsaw
    require(acting(last_day), Action.ASSIGN_EXPERT, now=NOW)
    with pytest.raises(NotAllowed):
        require(acting(last_day), Action.ASSIGN_EXPERT, now=late_evening)
