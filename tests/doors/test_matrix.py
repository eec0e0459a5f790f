"""P15, denied unless allowed: every way in, walked by a person of every role, lets in exactly whom ``can`` allows.

Every handler of ``routes.py`` declares the right it asks for (``@needs``) or why it asks for none (``@open_to_all``).
A new entry that asks for a right of ``SUBJECTS`` needs nothing more; one that is about something else stands in
``SPECIAL``.
"""

import ast
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from pim_bot.blocks import forms, ids
from pim_bot.errors import NotAllowed, Refused
from pim_bot.handlers.dispatch import Tables
from pim_bot.handlers.door import UnknownVisitor
from pim_bot.handlers.payloads import Click, Command, Happening, Request, Submission, Suggestion
from pim_bot.programme.bulletin import BulletinDraft
from pim_bot.programme.bulletins import send_bulletin
from pim_bot.programme.circles import place_of
from pim_bot.programme.contributing import log_contribution
from pim_bot.programme.contribution import ContributionDraft, ContributionType
from pim_bot.programme.document import mid_of, pu_of
from pim_bot.programme.edition import Scope
from pim_bot.programme.feedback import OVERALL
from pim_bot.programme.introducing import introduce
from pim_bot.programme.materials import add_material
from pim_bot.programme.people import Actor, Member
from pim_bot.programme.people_list import PersonRow
from pim_bot.programme.people_lists import bring_list
from pim_bot.programme.permissions import TRUSTED_DOORS, Action, Place, access_of, can
from pim_bot.programme.topics import open_topics
from pim_bot.routes import Hub, chat_tables, web_routes
from pim_bot.storage.tables.people import expert_assignment
from pim_bot.storage.tables.sessions import session as session_table
from pim_bot.storage.tables.sessions import session_request
from tests.engines import Engines, SQLiteEngines
from tests.hub import RunningHub, import_text, running_hub
from tests.integration.test_bad_input import database, schedule

PACKAGE = Path(__file__).parents[2] / "pim_bot"
EDITION, GREEN = "pim2-2021-2023", "miasto-zielone"
NETWORKS = (GREEN, "miasto-cyfrowe", "miasto-inicjatyw-ppp")
MORE_PEOPLE = """
supplements: pim2-2021-2023
people:
  - name: Opiekun cyfrowy (przykład)
    email: cyfrowy@example.org
    roles: [{role: guardian, network: miasto-cyfrowe, institution: mfipr}]
  - name: Ekspertka cyfrowa (przykład)
    email: ekspertka2@example.org
    roles: [{role: expert, network: miasto-cyfrowe, institution: bank-swiatowy}]
  - name: Dawna koordynatorka (przykład)
    email: dawna@example.org
    roles: [{role: coordinator, until: 2022-01-09}]
"""
NEWCOMERS = ("cyfrowy", "ekspertka2", "dawna", "obca")
PEOPLE = ("koordynatorka", "opiekunka", "ministerstwo", "ekspert", "zory", "lublin", *NEWCOMERS)
TEAM = "T1"

OWN_DATA = {Action.SEE_OWN_DATA, Action.CORRECT_OWN_DATA, Action.LIMIT_OWN_DATA}
"""What the law gives to everybody of whom something is kept, also to those who have no role any more."""

Entry = tuple[str, str]
"""How one comes in (command, button, form, suggestion), and the name on the wire."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a handler is asked about: places at any of which the right will do, and what stands in the request."""

    places: Callable[[Member], list[Place]] = lambda _: [Place()]
    value: str = ""
    metadata: str = ""
    typed: Mapping[str, Any] = field(default_factory=dict)
    rest: str = ""


@dataclass(frozen=True, kw_only=True)
class World:
    """A hub in which there is something of every kind to act on."""

    hub: RunningHub
    coming: str
    held: str
    assignment: str
    contribution: str
    advice: str
    session: str
    request: str
    visitor: str
    bulletin: str
    material: str
    brought: str
    invitees: list[str]
    members: Mapping[str, Member | None]


class Undone(Exception):
    """The handler did its work; it is taken back."""


async def _world(hub: RunningHub) -> World:
    await import_text(hub.parts, MORE_PEOPLE.encode())
    for name in NEWCOMERS:
        hub.slack.workspace.add_user(id=f"U{name.upper()}", name=name, real_name=name, email=f"{name}@example.org")
    await hub.settle()
    held = await schedule(hub)
    for name in ("zory", "lublin"):
        await hub.user(name).click(hub.user(name).last(), ids.GOING)
    advice = await schedule(hub, {"Rodzaj": "doradztwo-indywidualne", "Miasto": ["zory"], "Tytuł": "Doradztwo"})
    await hub.wind(days=11)
    await hub.user("ekspert").command("/pim", "doradztwo Żory 2h łąki")
    await hub.user("ekspert").click(hub.user("ekspert").last(), ids.SAVE_SESSION)
    ((session,),) = await hub.rows(session_table, session_table.c.id)
    zory = hub.user("zory")
    await zory.command("/pim", "umów łąki")
    assert (await zory.submit(zory.modal)).ok
    ((request,),) = await hub.rows(session_request, session_request.c.id)
    coming = await schedule(hub, {"Początek": "2022-03-10", "Zgłoszenia do": "2022-03-07"})
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "przypisz")
    asked = {"Ekspert/ka": "Ekspert zieleni (przykład)", "Sieć": GREEN, "Do": "2022-06-30"}
    assert (await planner.submit(planner.modal, asked)).ok
    ((assignment,),) = await hub.rows(expert_assignment, expert_assignment.c.id)
    contribution = await _contributed(hub)
    visitor = await _introduced(hub)
    bulletin, material = await _told_and_brought(hub, coming)
    async with hub.parts.storage.reading() as work:
        members = {name: await work.people.by_chat_user(TEAM, f"U{name.upper()}") for name in PEOPLE}
        invitees = [one.invitee for one in await work.attendances.of(coming)]
        opened = await work.feedback.get(f"activity:{held}")
    assert opened is not None
    assert opened.is_open
    assert [name for name, member in members.items() if member is None] == ["obca"]
    return World(
        hub=hub,
        coming=coming,
        held=held,
        assignment=str(assignment),
        contribution=contribution,
        advice=advice,
        session=str(session),
        request=str(request),
        visitor=visitor,
        bulletin=bulletin,
        material=material,
        brought=await _brought(hub),
        invitees=invitees,
        members=members,
    )


async def _introduced(hub: RunningHub) -> str:
    """Who says of themselves that they are of Żory, and waits to be confirmed."""
    async with hub.parts.storage.work() as work:
        visitor = await work.identities.see(TEAM, "UNOWA", at=hub.machine())
        typed = {"name": "Nowa osoba", "place": "Żory", "email": "nowa@zory.example.org"}
        await introduce(work, visitor, **typed, now=hub.parts.clock())
        return visitor


async def _brought(hub: RunningHub) -> str:
    """A list of people that the coordinator dropped, with somebody new on it."""
    row = PersonRow(number=2, name="Nowa osoba", email="ktos@raciborz.example.org", city="Racibórz")
    async with hub.parts.storage.work() as work:
        coordinator = await work.people.by_chat_user(TEAM, "UKOORDYNATORKA")
        actor = Actor(door="chat", member=coordinator)
        return (await bring_list(work, actor, [row], [], now=hub.parts.clock())).id


async def _told_and_brought(hub: RunningHub, coming: str) -> tuple[str, str]:
    """Topics are collected; the guardian's bulletin and a material that Żory brought."""
    draft = BulletinDraft(edition=EDITION, network=GREEN, title="Nabór", text="Trwa.")
    now = hub.parts.clock()
    async with hub.parts.storage.work() as work:
        guardian, zory = [await work.people.by_chat_user(TEAM, user) for user in ("UOPIEKUNKA", "UZORY")]
        acting = Actor(door="chat", member=guardian)
        await open_topics(work, acting, coming, until=now + timedelta(days=3), now=now)
        bulletin, _ = await send_bulletin(work, acting, draft, now=now)
        bringing = Actor(door="chat", member=zory)
        material = await add_material(work, bringing, coming, title="Łąki", link="https://a.example.org", now=now)
    return bulletin.id, material.id


async def _contributed(hub: RunningHub) -> str:
    """What the expert proposed for the MID of Żory."""
    draft = ContributionDraft(document=MID, part="dzialania", type=ContributionType.IDEA, text="Łąki")
    async with hub.parts.storage.work() as work:
        expert = await work.people.by_chat_user(TEAM, "UEKSPERT")
        assert expert is not None
        actor = Actor(door="chat", member=expert)
        return (await log_contribution(work, actor, draft, author=expert.id, now=hub.parts.clock())).id


def _plannable(member: Member) -> list[Place]:
    """Every place in which anybody may plan anything."""
    networks = {role.network for role in member.roles if role.network} | {GREEN}
    cities = {role.city for role in member.roles if role.city}
    places = [Place(edition=EDITION, networks=(network,)) for network in networks]
    return places + [Place(edition=EDITION, city=city, scope=Scope.LOCAL) for city in cities]


def _green(_: Member) -> list[Place]:
    return [Place(edition=EDITION, networks=(GREEN,), scope=Scope.NETWORK)]


MID, PU = mid_of(EDITION, GREEN, "zory"), pu_of(EDITION, GREEN)


def _documents(member: Member) -> list[Place]:
    """Every document in whose network or city anybody has a part."""
    networks = {role.network for role in member.roles if role.network} | {GREEN}
    cities = {role.city for role in member.roles if role.city} | {"zory"}
    places = [Place(edition=EDITION, networks=(network,)) for network in networks]
    return places + [Place(edition=EDITION, networks=(network,), city=city) for network in networks for city in cities]


def _zory(_: Member) -> list[Place]:
    return [Place(edition=EDITION, networks=(GREEN,), city="zory")]


def _own_places(member: Member) -> list[Place]:
    return [Place(edition=EDITION, networks=(role.network,), city=role.city or "any") for role in member.roles]


def _own_city_in_green(member: Member) -> list[Place]:
    cities = {role.city for role in member.roles if role.city}
    return [Place(edition=EDITION, networks=(GREEN,), city=city) for city in cities]


def _own_networks(member: Member) -> list[Place]:
    """Every network in which anybody has a part, and the whole edition."""
    networks = {role.network for role in member.roles if role.network}
    return [Place(edition=EDITION), *(Place(edition=EDITION, networks=(network,)) for network in networks)]


def subjects(world: World) -> dict[Action, Subject]:
    """What an entry is asked about, by the right that it asks for."""
    invited = [Place(edition=EDITION, invitee=invitee) for invitee in world.invitees]
    seen = f'{{"activity": "{world.coming}", "revision": 1}}'
    of_zory = json.dumps({"session": world.session, "city": "zory"})
    team = f"{EDITION}/{GREEN}/zory/{_id(world, 'zory')}"
    own = Subject(places=lambda member: [Place(owner=member.id)])
    of_activity = Subject(places=_green, value=world.coming, metadata=seen)

    def asked(member: Member) -> list[Place]:
        mine = member.in_edition(EDITION).invitees(member.day_of(world.hub.parts.clock()))
        return [Place(owner=member.id)] if set(mine) & set(world.invitees) else []

    return {
        Action.SEE_PROGRAMME: Subject(),
        Action.SCHEDULE_ACTIVITY: Subject(places=_plannable),
        Action.MOVE_ACTIVITY: of_activity,
        Action.CANCEL_ACTIVITY: of_activity,
        Action.CHANGE_ACTIVITY: of_activity,
        Action.CHASE_ANSWERS: of_activity,
        Action.MARK_PRESENCE: Subject(
            places=_green, value=world.held, metadata=json.dumps({"activity": world.held, "page": 0, "seen": ""})
        ),
        Action.REPORT_ACTIVITY: Subject(
            places=_green, value=world.held, metadata=json.dumps({"activity": world.held, "revision": 0})
        ),
        Action.ANSWER_INVITATION: Subject(places=lambda _: invited, value=world.coming, metadata=world.coming),
        Action.ASSIGN_EXPERT: Subject(places=lambda _: [Place(edition=EDITION)], value=world.assignment),
        Action.ANSWER_ASSIGNMENT: Subject(
            places=lambda _: [Place(owner=_id(world, "ekspert"))], value=world.assignment
        ),
        Action.SEE_OWN_DATA: own,
        Action.CORRECT_OWN_DATA: own,
        Action.LIMIT_OWN_DATA: own,
        Action.SET_PREFERENCES: own,
        Action.MANAGE_TEAM: Subject(places=_green, value=team, metadata=team),
        Action.BRING_PEOPLE: Subject(
            places=lambda _: [Place(edition=EDITION, owner=_id(world, "koordynatorka"))], value=f"{world.brought}/1"
        ),
        Action.SEE_QUESTIONS: Subject(places=lambda _: [Place(edition=EDITION)]),
        Action.CONFIRM_PERSON: Subject(places=_green, value=world.visitor),
        Action.SEE_DELIVERIES: Subject(places=lambda _: [Place(edition=EDITION)]),
        Action.DECIDE_DELIVERY: Subject(places=lambda _: [Place(edition=EDITION)], value="no-such-message"),
        Action.GIVE_FEEDBACK: Subject(
            places=asked, value=f"activity:{world.held}", metadata=f"activity:{world.held}", typed={OVERALL: "4"}
        ),
        Action.LOG_CONTRIBUTION: Subject(places=_documents),
        Action.DECIDE_CONTRIBUTION: Subject(
            places=lambda _: [place_of(MID)], value=world.contribution, metadata=world.contribution
        ),
        Action.ANSWER_FOR_CONTRIBUTION: Subject(
            places=lambda _: [Place(owner=_id(world, "ekspert"))], value=world.contribution
        ),
        Action.LOG_SESSION: Subject(places=_own_places),
        Action.ARRANGE_SESSION: Subject(places=_zory, value=world.request, metadata=world.request),
        Action.CORRECT_SESSION: Subject(places=_zory, value=f"{world.session}/zory", metadata=of_zory),
        Action.SEE_SESSION: Subject(places=_zory, rest="Żory"),
        Action.LEAD_TOPICS: replace(of_activity, metadata=world.coming),
        Action.BACK_TOPICS: Subject(
            places=_own_city_in_green,
            value=world.coming,
            metadata=json.dumps({"activity": world.coming, "backed": []}),
            typed={"proposal": "Łąki"},
        ),
        Action.SEND_BULLETIN: Subject(places=_own_networks),
        Action.SEE_READERS: Subject(
            places=lambda _: [Place(edition=EDITION, owner=_id(world, "opiekunka"))], value=world.bulletin
        ),
        Action.ADD_MATERIAL: replace(of_activity, metadata=world.coming),
        Action.REMOVE_MATERIAL: Subject(
            places=lambda _: [Place(edition=EDITION, networks=(GREEN,), owner=_id(world, "zory"))],
            value=world.material,
        ),
    }


def _id(world: World, name: str) -> str:
    member = world.members[name]
    assert member is not None
    return member.id


def special(world: World) -> dict[Entry, Subject]:
    """Entries that need more than the right's usual subject."""
    times = {"starts_at": "2022-04-20", "starts_time": "10:00", "ends_time": "15:00"}
    workshop = {"kind": "warsztaty-sieci", "title": "Woda", "networks": [GREEN], **times}
    assigned = {"expert": "nobody", "network": GREEN, "since": "2022-02-01", "until": "2022-06-30"}
    usual = subjects(world)
    to_pu = {"document": PU.key, "type": "idea"}
    of_zory = Subject(places=_zory, metadata=json.dumps({"session": world.session, "city": "zory"}))
    told = {"network": GREEN, "audience": "everybody", "title": "Nabór", "text": "Trwa."}
    of_any = Subject(places=_own_places)
    today = f"{world.hub.parts.clock():%Y-%m-%d}"
    line = json.dumps({"cities": ["zory"], "minutes": 60, "day": today, "topic": "woda"})
    logged = {"cities": ["zory"], "day": today, "length": "1h"}
    over = json.dumps({"form": ids.ASSIGNMENT_FORM, "about": "", "typed": assigned})
    previewed = json.dumps({"activity": world.coming, "revision": 1, "typed": times})
    return {
        ("command", "kto"): Subject(places=_plannable),
        ("command", "who"): Subject(places=_plannable),
        ("command", "co"): replace(usual[Action.SEE_OWN_DATA], rest="o mnie wiecie"),
        ("form", ids.ACTIVITY_FORM): Subject(
            places=_green, typed=workshop, metadata=json.dumps({"step": forms.STEPS, "typed": {}, "notice": ""})
        ),
        ("form", ids.MOVE_FORM): replace(usual[Action.MOVE_ACTIVITY], typed=times),
        ("form", ids.MOVE_PREVIEW): replace(usual[Action.MOVE_ACTIVITY], metadata=previewed),
        ("form", ids.ANSWER_FORM): replace(usual[Action.ANSWER_INVITATION], typed={"answer": "going"}),
        ("form", ids.PEOPLE_FORM): replace(usual[Action.ANSWER_INVITATION], typed={"people": "Ktoś"}),
        ("form", ids.CONTRIBUTION_FORM): Subject(places=lambda _: [place_of(PU)], typed=to_pu),
        ("form", ids.CONTRIBUTION_TEXT_FORM): Subject(
            places=lambda _: [place_of(PU)],
            metadata=json.dumps(to_pu),
            typed={"part": "zmiany-prawne", "text": "Uprościć"},
        ),
        ("button", ids.SHOW_WAITING): replace(usual[Action.DECIDE_CONTRIBUTION], places=_documents, value="all"),
        ("form", ids.WAITING_FORM): replace(usual[Action.DECIDE_CONTRIBUTION], typed={"chosen": [world.contribution]}),
        ("button", ids.ASK_QUESTION): Subject(value='{"meaning": "help"}'),
        ("button", ids.SAVE_SESSION): replace(of_zory, value=line),
        ("button", ids.AS_PLANNED): replace(of_zory, value=world.advice),
        ("button", ids.NOT_HELD): replace(of_zory, value=world.advice),
        ("button", ids.DETAIL_SESSION): replace(of_zory, value=world.session),
        ("button", ids.SESSION_TO_MID): replace(of_zory, value=f"{world.session}/zory"),
        ("form", ids.SESSION_FORM): replace(of_zory, metadata="{}", typed=logged),
        **{("command", word): of_any for word in ("doradztwo", "session", "konsultacja", "sesja", "umow", "arrange")},
        ("button", ids.ASK_SESSION): of_any,
        ("button", ids.CHOOSE_TIME): replace(of_zory, value=f"{world.request}/2022-04-20T10:00:00+00:00"),
        ("form", ids.ASK_FORM): replace(of_zory, typed={"city": "zory", "topic": "Łąki"}),
        ("form", ids.SESSION_DETAILS): of_zory,
        ("form", ids.SESSION_WORDS): of_zory,
        ("form", ids.SESSION_MID_FORM): replace(of_zory, typed={"part": "wyzwanie", "text": "Łąka"}),
        ("form", ids.SETTLE_TOPICS_FORM): replace(
            usual[Action.LEAD_TOPICS], metadata=json.dumps({"activity": world.coming, "revision": 1})
        ),
        ("form", ids.BULLETIN_FORM): Subject(places=_green, typed=told),
        ("form", ids.BULLETIN_PREVIEW): Subject(places=_green, metadata=json.dumps(told)),
        ("button", ids.MATERIAL_SHORTCUT): Subject(places=lambda _: [Place(edition=EDITION, networks=NETWORKS)]),
        ("form", ids.ASSIGNMENT_FORM): replace(usual[Action.ASSIGN_EXPERT], typed=assigned),
        ("form", ids.JOIN_FORM): replace(usual[Action.MANAGE_TEAM], typed={"since": "2022-01-10"}),
        ("button", ids.TAKE_OVER_ACTIVITY): replace(usual[Action.CHANGE_ACTIVITY], value=world.coming),
        ("form", ids.ABSENCE_FORM): replace(
            usual[Action.SET_PREFERENCES], typed={"since": "2022-03-01", "until": "2022-03-02"}
        ),
        ("form", ids.LEAVE_FORM): replace(usual[Action.MANAGE_TEAM], typed={"last_day": "2022-03-01"}),
        ("form", ids.REPORT_FORM): replace(
            usual[Action.REPORT_ACTIVITY],
            typed={"held_from": "2022-01-20", "held_until": "2022-01-20", "outcome": "Łąki"},
        ),
        ("form", ids.RELEASE_FORM): replace(
            usual[Action.ASSIGN_EXPERT], metadata=world.assignment, typed={"last_day": "2022-03-01"}
        ),
        ("form", ids.REPLACE_FORM): replace(
            usual[Action.ASSIGN_EXPERT], metadata=world.assignment, typed={"expert": "nobody", "since": "2022-03-01"}
        ),
        ("form", ids.OVER_BUDGET_FORM): replace(usual[Action.ASSIGN_EXPERT], metadata=over),
    }


class NoScreens:
    """A chat in which forms open for nobody in particular."""

    async def open(self, trigger_id: str, view: dict[str, Any]) -> None:
        """Open it."""


def undoing(hub: RunningHub) -> Hub:
    """The same handlers; whatever they write is taken back before it is committed."""
    storage = hub.parts.storage

    @asynccontextmanager
    async def taken_back(label: str = "act") -> AsyncIterator[Any]:
        async with storage.work(label) as work:
            yield work
            raise Undone

    door = replace(hub.parts.hub.activities.door, open_work=taken_back, screens=NoScreens())
    changed = {}
    for one in fields(Hub):
        handlers = getattr(hub.parts.hub, one.name)
        with_door = {"door": door} if hasattr(handlers, "door") else {}
        with_screens = {"screens": NoScreens()} if hasattr(handlers, "screens") else {}
        changed[one.name] = replace(handlers, **with_door, **with_screens) if with_door or with_screens else handlers
    return Hub(**changed)


def entries(tables: Tables) -> Iterator[tuple[Entry, Callable[[Any], Awaitable[object]]]]:
    """Every entry of the tables, by how one comes in."""
    named: dict[str, Mapping[str, Callable[[Any], Awaitable[object]]]] = {
        "command": {**tables.commands, "no-such-word": tables.unknown_command},
        "button": tables.buttons,
        "form": tables.forms,
        "suggestion": tables.suggestions,
    }
    for how, handlers in named.items():
        for name, handler in handlers.items():
            yield (how, name), handler


def request_of(entry: Entry, subject: Subject, name: str) -> Request:
    """What comes in when that person uses that entry."""
    how, wire = entry
    who: dict[str, Any] = {
        "team_id": TEAM,
        "user_id": f"U{name.upper()}",
        "key": f"matrix:{entry}:{name}",
        "trigger_id": "1.2",
    }
    if how == "command":
        return Command(**who, word=wire, rest=subject.rest)
    if how == "button":
        score = "/5" if wire == ids.SCORE else ""
        return Click(**who, action_id=wire + score, value=subject.value)
    if how == "form":
        return Submission(**who, callback_id=wire, metadata=subject.metadata, typed=subject.typed)
    return Suggestion(**who, field_name=wire, typed="")


async def is_let_in(handler: Callable[[Any], Awaitable[object]], request: Request) -> bool:
    """Whether the handler goes to work for this person; what it then finds wrong with the input is another thing."""
    try:
        await handler(request)
    except (NotAllowed, UnknownVisitor):
        return False
    except (Refused, Undone):
        return True
    return True


def allowed(world: World, name: str, action: Action, subject: Subject) -> bool:
    """Whether the table of rights lets this person in."""
    member = world.members[name]
    if member is None:
        return False
    now = world.hub.parts.clock()
    actor, day = Actor(door="chat", member=member), member.day_of(now)
    in_programme = action in OWN_DATA or can(actor, Action.SEE_PROGRAMME, Place(), day=day)
    return in_programme and any(can(actor, action, place, day=day) for place in subject.places(member))


async def test_every_entry_lets_in_whom_the_rights_allow_and_nobody_else(engines: Engines) -> None:
    async with running_hub(engines, looked_up=True) as hub:
        world = await _world(hub)
        usual, unusual = subjects(world), special(world)
        before = await database(hub)
        found, expected = {}, {}
        for entry, handler in entries(chat_tables(undoing(hub))):
            access = access_of(handler)
            assert access is not None, f"{entry}: please declare @needs(Action…) or @open_to_all(…)"
            if access.open_because:
                continue
            assert access.action in usual, f"{entry}: please say in subjects() what {access.action} is about"
            subject = unusual.get(entry, usual[access.action])
            found[entry] = {name for name in PEOPLE if await is_let_in(handler, request_of(entry, subject, name))}
            expected[entry] = {name for name in PEOPLE if allowed(world, name, access.action, subject)}
        assert found == expected
        assert await database(hub) == before
    # The walk tells rights apart: some entries are for all, some for some, and nobody without a role gets in.
    assert {frozenset(names) for names in found.values()} >= {
        frozenset(PEOPLE) - {"dawna", "obca"},
        frozenset(PEOPLE) - {"obca"},
        frozenset({"koordynatorka"}),
        frozenset({"koordynatorka", "opiekunka"}),
        frozenset({"ekspert"}),
        frozenset({"zory", "lublin", "ekspert", "opiekunka", "ministerstwo"}),
    }


async def test_every_way_in_declares_its_right(engines: Engines) -> None:
    async with running_hub(engines) as hub:
        tables = chat_tables(hub.parts.hub)
        handlers: list[tuple[Entry, object]] = [*entries(tables)]
        handlers += [(("event", name), handler) for name, handler in tables.happenings.items()]
        app = web.Application()
        web_routes(app, hub.parts.hub, None)
        handlers += [(("web", str(route.resource)), route.handler) for route in app.router.routes()]
        handlers += [(("web", str(route.resource)), route.handler) for route in hub.parts.app.router.routes()]
        said = {entry: access_of(handler) for entry, handler in handlers}
        assert {entry for entry, access in said.items() if access is None} == set()
        open_ones = {entry: access.open_because for entry, access in said.items() if access and not access.action}
        assert all(open_ones.values())
        of_newcomers = {("button", ids.INTRODUCE), ("form", ids.INTRODUCTION_FORM)}
        assert {how for how, _ in set(open_ones) - of_newcomers} == {"event", "web"}


@pytest.mark.parametrize("name", ["member_joined_channel", "message", "app_mention"])
async def test_events_of_strangers_change_nothing_of_the_programme(engines: Engines, name: str) -> None:
    async with running_hub(engines) as hub:
        handler = chat_tables(hub.parts.hub).happenings[name]
        without = (
            "identity",
            "person_key",
            "event_log",
            "event_reaction",
            "audit",
            "audit_seal",
            "audit_unsealed",
            "handled_request",
        )
        before = await database(hub, *without)
        event = {"type": name, "channel": "C9", "channel_type": "im", "user": "UOBCA", "text": "x"}
        await handler(Happening(team_id=TEAM, user_id="UOBCA", key=f"event:{name}", type=name, event=event))
        assert await database(hub, *without) == before


@pytest.mark.parametrize(
    ("user", "more"),
    [("USLACKBOT", {}), ("UBOT", {"bot_id": "B1"}), ("", {"bot_id": "B1"}), ("UZORY", {"subtype": "channel_topic"})],
)
async def test_what_no_person_writes_leaves_no_trace(sqlite: SQLiteEngines, user: str, more: dict[str, str]) -> None:
    async with running_hub(sqlite) as hub:
        handler = chat_tables(hub.parts.hub).happenings["message"]
        before = await database(hub)
        event = {"type": "message", "channel": "D9", "channel_type": "im", "user": user, "text": "terminy", **more}
        await handler(Happening(team_id=TEAM, user_id=user, key="event:1", type="message", event=event))
        assert await database(hub) == before


def test_who_acts_without_a_person_is_one_of_few() -> None:
    """The command line and imports are trusted, since whoever runs them has the database; other doors are not."""
    doors: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Actor"):
                continue
            given = {word.arg: word.value for word in node.keywords}
            assert "door" in given, f"{path.name}: an actor without a door"
            if "member" not in given and isinstance(given["door"], ast.Constant):
                doors.setdefault(str(given["door"].value), set()).add(path.relative_to(PACKAGE).as_posix())
    acting_as_trusted = {door: places for door, places in doors.items() if door in TRUSTED_DOORS}
    assert set().union(*acting_as_trusted.values()) <= {
        "administration.py",
        "members.py",
        "safekeeping.py",
        "storage/restoring.py",
        "demo.py",
        "cli.py",
    }
