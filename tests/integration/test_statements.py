"""How many statements each act takes: written down here once, and the same with five times as much of everything."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request
from sqlalchemy import event, select, update

from pim_bot.blocks import forms, ids
from pim_bot.blocks.presence import CAME, STEP
from pim_bot.bootstrap import Parts, put_together
from pim_bot.clock import ProgrammeClock, machine_clock
from pim_bot.handlers.dispatch import Tables
from pim_bot.handlers.door import Screens
from pim_bot.handlers.payloads import Click, Command, Happening, Quoted, Submission, Suggestion
from pim_bot.handlers.presence import digest_of
from pim_bot.i18n import Words
from pim_bot.jobs.fall_due import FALLS, let_fall_due
from pim_bot.jobs.rendering.answering import Answering, answer
from pim_bot.jobs.rendering.renderers import render
from pim_bot.notifications import reminders
from pim_bot.notifications.intent import DueItem, Kind, State
from pim_bot.notifications.ledger import Wanted
from pim_bot.notifications.ports import ChatFile, ChatProfile
from pim_bot.programme.activity import Activity, ActivityDraft
from pim_bot.programme.feedback import HALF, OVERALL, VALUES, values_subject
from pim_bot.programme.marking import roster_of
from pim_bot.programme.people import Actor
from pim_bot.programme.people_list import PersonRow, RowProblem
from pim_bot.programme.presence import pages_of
from pim_bot.programme.privacy import Contacts
from pim_bot.programme.questions.finding import Asked
from pim_bot.programme.questions.question import Meaning, Question
from pim_bot.programme.questions.understanding import SEARCHING
from pim_bot.programme.scheduling import schedule_activity
from pim_bot.routes import REACTIONS, Hub, chat_tables, jobs
from pim_bot.storage.audit import keys_of
from pim_bot.storage.tables.activities import activity as activity_table
from pim_bot.storage.tables.bulletins import bulletin as bulletin_table
from pim_bot.storage.tables.contributions import contribution as contribution_table
from pim_bot.storage.tables.dropped import people_list
from pim_bot.storage.tables.materials import material as material_table
from pim_bot.storage.tables.newcomers import introduction
from pim_bot.storage.tables.people import expert_assignment
from pim_bot.storage.tables.people import member as member_table
from pim_bot.storage.tables.sessions import session as session_table
from pim_bot.storage.tables.sessions import session_request
from tests.engines import Engines, SQLiteEngines
from tests.hub import MONDAY_NINE, import_text, settings_for
from tests.postman import Postman

NOWHERE = "http://127.0.0.1:9/api/"
TEAM_ID = "T1"
EDITION = "proba"
SMALL, LARGE = 1, 5
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
HUB = Actor(door="command-line")
FIRST_STEPS = (ids.MOVE_FORM, ids.CONTRIBUTION_FORM, ids.BULLETIN_FORM)
UNKNOWN = "/pim and a word that is no command"
ABOUT_DATA = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
LOCKS = "pg_advisory_xact_lock"
"""What only PostgreSQL is asked: on SQLite whoever writes holds everything."""


def programme(size: int) -> str:
    """A small edition, or one in which there is more of everything."""
    cities = [f"miasto-{number}" for number in range(size)]
    people = [f"koordynacja-{number}: {{role: coordinator}}" for number in range(size)]
    people += [f"opieka-{number}: {{role: guardian, network: zielone, institution: mfipr}}" for number in range(size)]
    people += [f"ekspert-{number}: {{role: expert, network: zielone, institution: bank}}" for number in range(2 * size)]
    people += [f"{city}-kontakt: {{role: official, city: {city}, contact: tak}}" for city in cities]
    people += [f"{city}-druga: {{role: official, city: {city}}}" for city in cities]
    named = [line.split(": ", 1) for line in people]
    return "\n".join(
        [
            f"slug: {EDITION}",
            "name: Edycja próbna",
            "first_day: 2022-01-01",
            "last_day: 2022-12-31",
            "contribution_reaction: memo",
            "values_days: [2022-01-12, 2022-12-01]",
            "institutions:",
            "  - {slug: mfipr, name: Ministerstwo, side: mfipr}",
            "  - {slug: bank, name: Bank, side: world_bank}",
            "cities:",
            *(f"  - {{slug: {city}, name: {city.title()}}}" for city in cities),
            "networks:",
            f"  - {{slug: zielone, name: Zielone, channel: pim-zielone, cities: [{', '.join(cities)}]}}",
            "kinds:",
            "  - {slug: warsztaty, name: Warsztaty, ladder: [1d]}",
            "  - {slug: doradztwo, name: Doradztwo, scope: one_city, invites: [cities, world_bank], ladder: [1d]}",
            "mid_sections:",
            "  - {slug: dzialania, name: Działania}",
            "  - {slug: wyzwanie, name: Wyzwanie}",
            "pu_categories:",
            "  - {slug: zmiany-prawne, name: Zmiany prawne}",
            "people:",
            *(f"  - {{name: {name}, email: {name}@example.org, roles: [{role}]}}" for name, role in named),
        ]
    )


EMAILS = {"DRUGIE-KONTO": "miasto-0-druga@example.org"}
"""Who comes to chat without having been looked up: the second account of somebody. All others are strangers."""


class Acquainted(Postman):
    """A chat that knows the e-mail of few: all others are strangers."""

    async def profile(self, user_id: str) -> ChatProfile | None:
        return ChatProfile(team_id=TEAM_ID, user_id=user_id, email=EMAILS.get(user_id, ""))


class NoScreens:
    """Nobody looks."""

    async def open(self, trigger_id: str, view: dict[str, Any]) -> None:
        assert view["blocks"]


@dataclass(kw_only=True)
class Stage:
    """A hub on a programme of some size, and how many statements each act took in it."""

    parts: Parts
    tables: Tables
    size: int
    postman: Postman
    counts: dict[str, int] = field(default_factory=dict)
    _requests: int = 0

    @contextmanager
    def counted(self, name: str) -> Iterator[None]:
        """Count what is asked meanwhile; of several times the dearest counts."""
        asked: list[str] = []

        def note(_: object, __: object, statement: str, *___: object) -> None:
            if statement.lstrip().startswith(ABOUT_DATA) and LOCKS not in statement:
                asked.append(statement)

        engine = self.parts.storage.engine.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield
        finally:
            event.remove(engine, "before_cursor_execute", note)
        self.counts[name] = max(len(asked), self.counts.get(name, 0))

    def who(self, user: str) -> dict[str, Any]:
        """Somebody with a new request."""
        self._requests += 1
        return {"team_id": TEAM_ID, "user_id": user.upper(), "key": f"request:{self._requests}"}

    async def command(self, user: str, word: str, rest: str = "") -> None:
        command = Command(**self.who(user), word=word, rest=rest)
        handler = self.tables.commands.get(word, self.tables.unknown_command)
        with self.counted(f"/pim {word}".strip() if word in self.tables.commands else UNKNOWN):
            await handler(command)

    async def press(
        self, user: str, button: str, value: str = "", *, answer: str = "", quoted: Quoted | None = None
    ) -> None:
        action_id = f"{button}/{answer}" if answer else button
        click = Click(**self.who(user), action_id=action_id, value=value, quoted=quoted)
        with self.counted(button):
            await self.tables.buttons[button](click)

    async def submit(self, user: str, form: str, typed: dict[str, Any], metadata: str = "") -> None:
        submission = Submission(**self.who(user), callback_id=form, metadata=metadata, typed=typed, fields=tuple(typed))
        with self.counted(form):
            answer = await self.tables.forms[form](submission)
        assert answer is not None
        steps = {ids.ACTIVITY_FORM: forms.STEPS, ids.CHANGE_FORM: forms.CHANGE_STEPS}
        is_step = form in steps and json.loads(metadata)["step"] < steps[form]
        assert answer["response_action"] == ("push" if form in FIRST_STEPS or is_step else "update")

    async def suggest(self, user: str, name: str) -> None:
        with self.counted(f"suggestions of {name}"):
            assert await self.tables.suggestions[name](Suggestion(**self.who(user), field_name=name, typed="mia"))

    async def happen(self, user: str, name: str, **facts: Any) -> None:
        with self.counted(name):
            await self.tables.happenings[name](Happening(**self.who(user), type=name, event=facts))

    async def fetch(self, name: str) -> None:
        request = make_mocked_request("GET", "/", match_info={"slug": "zielone"})
        with self.counted(name):
            assert (await self.parts.hub.feeds.network(request)).status == 200

    async def ready(self) -> None:
        with self.counted("/readyz"):
            await self.parts.hub.health.ready(make_mocked_request("GET", "/readyz"))

    async def round(self, name: str, run: Callable[[], Awaitable[int]], done: int) -> None:
        """A round of a job, with so much to do in it."""
        with self.counted(name):
            assert await run() == done

    async def settle(self) -> None:
        """Let reactions hear and messages go until nothing is left, each counted by itself."""
        while await self._react() + await self._deliver():
            continue

    async def _react(self) -> int:
        runs = {reaction.name: reaction.run for named in REACTIONS.values() for reaction in named}
        async with self.parts.storage.work("relay") as work:
            due = await work.reactions.due(frozenset(runs), 1000)
        for one in due:
            async with self.parts.storage.work("relay") as work:
                with self.counted(f"{type(one.recorded.event).__name__}: {one.reaction}"):
                    await runs[one.reaction](work, one.recorded)
                await work.reactions.done([one])
        return len(due)

    async def _deliver(self) -> int:
        delivery = self.parts.delivery
        async with self.parts.storage.work("claim") as work:
            claimed = await work.deliveries.claimable(self.parts.clock(), delivery.batch)
        for one in claimed:
            async with self.parts.storage.reading() as work:
                with self.counted(f"message: {one.kind}"):
                    await render(work, one, self.parts.clock())
        await delivery._send_and_record(await delivery._claim())
        return len(claimed)

    async def fall_due(self) -> None:
        """Let fall due what is due now: reminders together, all else one by one."""
        async with self.parts.storage.work("clock") as work:
            items = await work.due_items.due(self.parts.clock(), 1000)
        bundles: list[list[DueItem]] = [[one for one in items if one.kind in reminders.KINDS]]
        bundles += [[one] for one in items if one.kind not in reminders.KINDS]
        for bundle in filter(None, bundles):
            async with self.parts.storage.work("clock") as work:
                name = "reminders" if bundle[0].kind in reminders.KINDS else bundle[0].kind
                with self.counted(f"falls due: {name}"):
                    await let_fall_due(work, bundle, self.parts.clock())

    async def wind(self, to: datetime) -> None:
        """Go on to an instant, through whatever falls due at it."""
        self.parts.clock.set_to(to)
        await self.fall_due()
        await self.settle()

    async def schedule(
        self, title: str, starts_at: datetime, *, kind: str = "warsztaty", cities: tuple[str, ...] = ()
    ) -> Activity:
        draft = ActivityDraft(
            kind=kind,
            title=title,
            networks=("zielone",),
            cities=cities,
            starts_at=starts_at,
            ends_at=starts_at + AN_HOUR,
            zone="Europe/Warsaw",
            answer_by=starts_at - A_DAY,
        )
        async with self.parts.storage.work() as work:
            return await schedule_activity(work, HUB, EDITION, draft, now=self.parts.clock())

    async def last(self, column: Any) -> Any:
        """The newest value of a column that sorts by its making."""
        async with self.parts.storage.engine.connect() as connection:
            return (await connection.execute(select(column).order_by(column.desc()).limit(1))).scalar()


@asynccontextmanager
async def stage(engines: Engines, size: int) -> AsyncIterator[Stage]:
    """A programme of that size, everybody known in chat, with activities to come."""
    await engines.start_from(f"programme_{size}", lambda url: _import(engines, url, size))
    async with _open(engines, engines.database_url, size) as opened:
        yield opened


async def _import(engines: Engines, url: str, size: int) -> None:
    async with _open(engines, url, size) as opened:
        await import_text(opened.parts, programme(size).encode())
        await opened.parts.matching.run_due()
        while await opened.parts.matching.run_due():
            continue
        for number in range(size):
            await opened.schedule(f"Warsztaty {number}", MONDAY_NINE + 14 * A_DAY + number * timedelta(minutes=1))
        await opened.parts.winding.settle()
        async with opened.parts.storage.engine.begin() as connection:
            known = (await connection.execute(select(member_table.c.id))).scalars()
            await keys_of(connection, {"chat", *(f"member:{one}" for one in known)})


@asynccontextmanager
async def _open(engines: Engines, url: str, size: int) -> AsyncIterator[Stage]:
    async with put_together(settings_for(engines.folder, NOWHERE, database_url=url)) as parts:
        await parts.migrate()
        parts.clock.set_to(MONDAY_NINE)
        parts.delivery.chat = parts.matching.chat = parts.quoting.chat = postman = Acquainted(TEAM_ID)
        # However slow the machine is, a batch is a batch.
        parts.bus.longest_transaction = parts.delivery.longest_transaction = timedelta(minutes=10)
        tables = chat_tables(_without_screens(parts))
        yield Stage(parts=parts, tables=tables, size=size, postman=postman)


def _without_screens(parts: Parts) -> Hub:
    screens: Screens = NoScreens()
    hub = parts.hub
    return replace(
        hub,
        activities=replace(hub.activities, screens=screens),
        attendance=replace(hub.attendance, screens=screens),
        agenda=replace(hub.agenda, screens=screens),
        presence=replace(hub.presence, screens=screens),
        assignments=replace(hub.assignments, screens=screens),
        contributions=replace(hub.contributions, screens=screens),
        sessions=replace(hub.sessions, screens=screens),
        arranging=replace(hub.arranging, screens=screens),
        privacy=replace(hub.privacy, screens=screens),
        preferences=replace(hub.preferences, screens=screens),
        teams=replace(hub.teams, screens=screens),
        topics=replace(hub.topics, screens=screens),
        bulletins=replace(hub.bulletins, screens=screens),
        materials=replace(hub.materials, screens=screens),
        newcomers=replace(hub.newcomers, screens=screens),
        absence=replace(hub.absence, screens=screens),
        visiting_cards=replace(hub.visiting_cards, screens=screens),
    )


NEWCOMERS = f"""
supplements: {EDITION}
channel: pim-proba
people:
  - {{name: Nowa osoba, email: nowa@example.org, roles: [{{role: official, city: miasto-0}}]}}
  - {{name: Nowa koordynacja, email: nowa-koordynacja@example.org, roles: [{{role: coordinator}}]}}
"""

PLANNER, OFFICIAL, EXPERT = "koordynacja-0", "miasto-0-kontakt", "ekspert-0"
NEW_ACTIVITY = {
    "kind": "warsztaty",
    "title": "Woda opadowa",
    "networks": ["zielone"],
    "starts_at": "2022-01-24",
    "starts_time": "10:00",
    "ends_time": "15:00",
    "answer_by": "2022-01-21",
}


async def play(on: Stage) -> dict[str, int]:
    """Do everything that can be done once; tells how many statements each act took."""
    await _commands(on)
    await _own_data(on)
    await _preferences(on)
    await _teams(on)
    await _absence(on)
    await _cards(on)
    activity_id = await _activity(on)
    await _taken_over(on, activity_id)
    await _assignment(on)
    await _contributions(on)
    await _marked(on)
    await _topics(on, activity_id)
    await _bulletins(on)
    await _materials(on, activity_id)
    await _chat(on)
    await _dropped(on)
    await _newcomers(on)
    advice = [await _advice(on, days) for days in (3, 4)]
    await _reminders_and_feedback(on, activity_id)
    await _sessions(on, *advice)
    await _arranged(on)
    await _questions(on)
    await _moved_and_cancelled(on)
    await _missed_runs(on)
    await _flood(on)
    await _homes(on)
    await _rounds(on)
    return on.counts


async def _homes(on: Stage) -> None:
    for user in (OFFICIAL, EXPERT, PLANNER):
        await on.happen(user, "app_home_opened", tab="home")
    await on.settle()


async def _commands(on: Stage) -> None:
    for word in ("", "pomoc", "help", "terminy", "agenda", "plan", "cokolwiek"):
        await on.command(PLANNER, word)
        await on.command(OFFICIAL, word)
    for word in ("wydarzenie", "activity", "dzialanie", "przypisz", "assign"):
        await on.command(PLANNER, word)
    for word, rest in (("moje", "dane"), ("my", "data"), ("co", "o mnie wiecie"), ("rodo", ""), ("gdpr", "")):
        await on.command(PLANNER, word, rest)
        await on.command(OFFICIAL, word, rest)
    for button in (ids.NEW_ACTIVITY, ids.NEW_ACTIVITY_SHORTCUT, ids.SHOW_AGENDA, ids.ASSIGN):
        await on.press(PLANNER, button)
    for name in ("cities", "city", "credited"):
        await on.suggest(PLANNER, name)
    await on.fetch("calendar, made")
    await on.fetch("calendar, kept")
    await on.ready()


async def _own_data(on: Stage) -> None:
    for button in (ids.CORRECT_DATA, ids.LIMIT_DATA, ids.LIFT_LIMIT):
        await on.press(OFFICIAL, button)
        await on.settle()
    typed = {"name": "Inne nazwisko", "email": "inny@example.org", "language": "en", "zone": "Europe/Berlin"}
    await on.submit(OFFICIAL, ids.CORRECTION_FORM, typed)
    await on.settle()


async def _preferences(on: Stage) -> None:
    for user in (PLANNER, OFFICIAL):
        for word in ("ustawienia", "settings"):
            await on.command(user, word)
        await on.press(user, ids.FEWER_MESSAGES)
        typed = {"wanted": ["reminders", "invitations", "feedback", "digest"], "ladder": ["1440"], "opens": "07:30"}
        await on.submit(user, ids.PREFERENCES_FORM, typed)
        await on.submit(user, ids.PREFERENCES_FORM, typed | {"ladder": [], "opens": "08:00"})
        await on.submit(user, ids.PREFERENCES_MORE_FORM, {"zone": "Europe/Warsaw", "digest_day": "0"})
        await on.settle()


async def _teams(on: Stage) -> None:
    for word in ("zespol", "team"):
        await on.command(PLANNER, word, "miasto-0")
        await on.command(OFFICIAL, word)
    place = f"{EDITION}/zielone/miasto-0"
    async with on.parts.storage.reading() as work:
        contact = await work.people.by_chat_user(TEAM_ID, OFFICIAL.upper())
        colleague = await work.people.by_chat_user(TEAM_ID, "MIASTO-0-DRUGA")
    assert contact is not None
    assert colleague is not None
    await on.press(PLANNER, ids.JOIN_TEAM, place)
    typed = {"name": "Nowa w zespole", "email": "w-zespole@example.org", "since": "2022-01-10"}
    await on.submit(PLANNER, ids.JOIN_FORM, typed, place)
    await on.settle()
    for one in (colleague, contact):
        await on.press(PLANNER, ids.MAKE_CONTACT, f"{place}/{one.id}")
        await on.settle()
    added = f"{place}/{await on.last(member_table.c.id)}"
    await on.press(PLANNER, ids.MAKE_CONTACT, added)
    await on.press(PLANNER, ids.LEAVE_TEAM, added)
    await on.submit(PLANNER, ids.LEAVE_FORM, {"last_day": "2022-01-10"}, added)
    await on.settle()
    await on.press(PLANNER, ids.MAKE_CONTACT, f"{place}/{contact.id}")
    await on.settle()


async def _absence(on: Stage) -> None:
    async with on.parts.storage.reading() as work:
        colleague = await work.people.by_chat_user(TEAM_ID, "MIASTO-0-DRUGA")
    assert colleague is not None
    for word in ("urlop", "absence", "nieobecnosc"):
        await on.command(OFFICIAL, word, "1.12 2.12")
    await on.press(OFFICIAL, ids.PLAN_ABSENCE)
    typed = {"since": "2022-12-01", "until": "2022-12-02", "deputy": colleague.id}
    await on.submit(OFFICIAL, ids.ABSENCE_FORM, typed)
    await on.settle()
    await on.press(OFFICIAL, ids.END_ABSENCE)
    await on.settle()


async def _cards(on: Stage) -> None:
    """Everybody offers the same, and those who agree share their contacts after the workshop."""
    for word in ("wizytowka", "card"):
        await on.command(OFFICIAL, word)
    await on.press(OFFICIAL, ids.OPEN_CARD)
    for user in (OFFICIAL, EXPERT, PLANNER):
        await on.submit(user, ids.CARD_FORM, {"offer": "Łąki kwietne", "shares": ["shares"]})
    for word in ("szukaj", "search"):
        await on.command(OFFICIAL, word, "łąki")
    await on.settle()


async def _taken_over(on: Stage, activity_id: str) -> None:
    await on.press("opieka-0", ids.TAKE_OVER_ACTIVITY, activity_id)
    await on.press(PLANNER, ids.EXPORT_ATTENDANCE, activity_id)
    await on.settle()


class OneFile:
    """Files of the chat: whichever is asked for, it is there."""

    async def look(self, file_id: str) -> ChatFile:
        return ChatFile(name="osoby.xlsx", size=1, address="")

    async def load(self, file: ChatFile, *, most: int) -> bytes:
        return b""


async def _dropped(on: Stage) -> None:
    """Lists of people are dropped: saved, left, and forgotten within the hour."""
    on.parts.fetching.files = OneFile()
    await on.happen(OFFICIAL, "message/file_share", channel_type="im", files=[{"id": "F1", "name": "plan.ics"}])
    await on.settle()
    for number, button in enumerate((ids.SAVE_LIST, ids.LEAVE_LIST, "")):
        row = PersonRow(number=2, name="Z listy", email=f"z-listy-{number}@example.org", city="miasto-0")
        on.parts.fetching.read_people = partial(_read, row)
        await on.happen(PLANNER, "message/file_share", channel_type="im", files=[{"id": "F1", "name": "osoby.xlsx"}])
        await on.round("round: fetch, one file", on.parts.fetching.run_due, 1)
        await on.settle()
        if button:
            await on.press(PLANNER, button, f"{await on.last(people_list.c.id)}/1")
        await on.settle()
    await on.round("round: fetch, nothing", on.parts.fetching.run_due, 0)


async def _read(row: PersonRow, data: bytes) -> tuple[list[PersonRow], list[RowProblem]]:
    return [row], []


async def _newcomers(on: Stage) -> None:
    """Two whom no list names say who they are; one is confirmed, one is not."""
    for number, button in enumerate((ids.CONFIRM_PERSON, ids.DECLINE_PERSON)):
        newcomer = f"przybywa-{number}"
        await on.happen(newcomer, "message", channel_type="im")
        await on.parts.matching.run_due()
        await on.settle()
        await on.press(newcomer, ids.INTRODUCE)
        typed = {"name": "Kto Nowy", "place": "miasto-0", "email": f"{newcomer}@example.org"}
        await on.submit(newcomer, ids.INTRODUCTION_FORM, typed)
        await on.settle()
        await on.press("opieka-0", button, await on.last(introduction.c.visitor))
        await on.settle()


async def _activity(on: Stage) -> str:
    for step in range(1, forms.STEPS + 1):
        await on.submit(PLANNER, ids.ACTIVITY_FORM, NEW_ACTIVITY, json.dumps({"step": step, "typed": {}, "notice": ""}))
    await on.settle()
    activity_id: str = await on.last(activity_table.c.id)
    for word in ("kto", "who"):
        await on.command(PLANNER, word, "warsztaty")
    for button in (ids.WHO_OWES, ids.CHASE_ANSWERS):
        await on.press(PLANNER, button, activity_id)
    await on.settle()
    for button in (ids.REGISTER, ids.ANSWER, ids.GOING, ids.UNSURE, ids.NOT_GOING):
        await on.press(OFFICIAL, button, activity_id)
    await on.submit(OFFICIAL, ids.PEOPLE_FORM, {"people": "Osoba trzecia"}, activity_id)
    async with on.parts.storage.engine.begin() as connection:
        await connection.execute(
            update(activity_table).where(activity_table.c.id == activity_id).values(capacity=1, places_per_team=1)
        )
    await on.press(EXPERT, ids.GOING, activity_id)
    await on.press(OFFICIAL, ids.NOT_GOING, activity_id)  # the expert, who waits, gets the place
    await on.settle()
    async with on.parts.storage.engine.begin() as connection:
        await connection.execute(
            update(activity_table).where(activity_table.c.id == activity_id).values(capacity=None, places_per_team=None)
        )
    await on.press(EXPERT, ids.UNSURE, activity_id)
    for number in range(on.size):
        await on.submit(f"ekspert-{number}", ids.ANSWER_FORM, {"answer": "going"}, activity_id)
        await on.press(f"miasto-{number}-kontakt", ids.GOING, activity_id)
    await on.settle()
    return activity_id


async def _assignment(on: Stage) -> None:
    async with on.parts.storage.reading() as work:
        expert = await work.people.by_chat_user(TEAM_ID, EXPERT.upper())
        second = await work.people.by_chat_user(TEAM_ID, "EKSPERT-1")
    assert expert is not None
    assert second is not None
    for word in ("eksperci", "experts"):
        await on.command(PLANNER, word)
        await on.command(OFFICIAL, word)
    for month, button in (("03", ids.ACCEPT), ("05", ids.DECLINE), ("06", ids.RELEASE), ("08", ids.REPLACE)):
        period = {"since": f"2022-{month}-01", "until": f"2022-{month}-30"}
        await on.submit(PLANNER, ids.ASSIGNMENT_FORM, {"expert": expert.id, "network": "zielone", **period})
        await on.settle()
        made = await on.last(expert_assignment.c.id)
        await on.press(PLANNER if button in (ids.RELEASE, ids.REPLACE) else EXPERT, button, made)
        await on.settle()
        if button == ids.RELEASE:
            await on.submit(PLANNER, ids.RELEASE_FORM, {"last_day": "2022-06-10"}, made)
        if button == ids.REPLACE:
            typed = {"expert": second.id, "since": "2022-08-10", "days": "3"}
            await on.submit(PLANNER, ids.REPLACE_FORM, typed, made)
        await on.settle()
    over = {"expert": expert.id, "network": "zielone", "since": "2022-11-01", "until": "2022-11-05", "days": "300"}
    await on.submit(
        PLANNER, ids.OVER_BUDGET_FORM, {}, json.dumps({"form": ids.ASSIGNMENT_FORM, "about": "", "typed": over})
    )
    await on.settle()


QUOTED = Quoted(
    team_id=TEAM_ID,
    domain="t1",
    channel_id="C1",
    channel_name="privategroup",
    ts="1.1",
    thread_ts="",
    author_team=TEAM_ID,
    author_user=OFFICIAL.upper(),
    by_bot=False,
    text="Łąki",
)


async def _contributions(on: Stage) -> None:
    mid, pu = f"MID/{EDITION}/zielone/miasto-0", f"PU/{EDITION}/zielone"
    for word in ("dodaj", "contribute", "wpis", "wklad"):
        await on.command(EXPERT, word, "Łąki")
    for word in ("mid", "pu"):
        await on.command(OFFICIAL, word)
    await on.press(EXPERT, ids.CONTRIBUTE)
    await on.press(EXPERT, ids.CONTRIBUTE_SHORTCUT, quoted=QUOTED)
    await on.submit(EXPERT, ids.CONTRIBUTION_FORM, {"document": mid, "type": "idea"}, '{"text": "Łąki"}')

    async def contributed(document: str = mid, part: str = "dzialania", **source: Any) -> str:
        metadata = json.dumps({"document": document, "type": "idea"} | source)
        await on.submit(EXPERT, ids.CONTRIBUTION_TEXT_FORM, {"part": part, "text": "Łąki"}, metadata)
        await on.settle()
        found: str = await on.last(contribution_table.c.id)
        return found

    returned = await contributed()
    await on.press(OFFICIAL, ids.RETURN_CONTRIBUTION, returned)
    await on.press(OFFICIAL, ids.SHOW_WAITING, "all")
    await on.submit(OFFICIAL, ids.RETURN_FORM, {"reason": "Mamy to"}, returned)
    await on.settle()
    await on.press(OFFICIAL, ids.ACCEPT_CONTRIBUTION, await contributed())
    await on.submit(OFFICIAL, ids.WAITING_FORM, {"chosen": [await contributed()], "decision": "accept"})
    await on.press(EXPERT, ids.WITHDRAW_CONTRIBUTION, await contributed())
    await on.settle()
    author = {"team_id": TEAM_ID, "channel_id": "C1", "author_team": TEAM_ID, "author_user": OFFICIAL.upper()}
    await on.press(
        OFFICIAL, ids.REFUSE_CONTRIBUTION, await contributed(pu, "zmiany-prawne", source=author | {"ts": "1"})
    )
    agreed = await contributed(pu, "zmiany-prawne", source=author | {"ts": "2"})
    await on.press(OFFICIAL, ids.AGREE_TO_CONTRIBUTION, agreed)
    await on.settle()
    changed = {"ts": "2", "text": "Łąki kwietne"}
    await on.happen("ubot", "message/message_changed", channel="C1", message=changed, previous_message={"text": "Łąki"})
    await on.settle()
    await on.press(OFFICIAL, ids.TAKE_OVER_EDIT, agreed)
    await on.happen("ubot", "message/message_deleted", channel="C1", deleted_ts="2")
    await on.settle()


async def _marked(on: Stage) -> None:
    """Messages are marked with the reaction; their words are read, and the button under the offer is pressed."""
    for number in range(on.size):
        item = {"type": "message", "channel": "C1", "ts": f"{number}.5"}
        await on.happen(EXPERT, "reaction_added", reaction="memo", item=item)
        await on.round("round: quote, one message", on.parts.quoting.run_due, 1)
    await on.round("round: quote, nothing", on.parts.quoting.run_due, 0)
    await on.settle()
    source = {"team_id": TEAM_ID, "channel_id": "C1", "ts": "1.5"}
    await on.press(EXPERT, ids.CONTRIBUTE_OFFERED, json.dumps({"text": "Łąki", "source": source}))


async def _topics(on: Stage, activity_id: str) -> None:
    """Topics are collected, proposed, backed, merged, and made the agenda; another end falls due."""
    until = {"until": int((on.parts.clock() + 2 * A_DAY).timestamp())}
    await on.press(PLANNER, ids.OPEN_TOPICS, activity_id)
    await on.submit(PLANNER, ids.OPEN_TOPICS_FORM, until, activity_id)
    await on.settle()
    for number in range(on.size):
        metadata = json.dumps({"activity": activity_id, "backed": []})
        await on.press(f"miasto-{number}-kontakt", ids.BACK_TOPICS, activity_id)
        await on.submit(f"miasto-{number}-kontakt", ids.VOICES_FORM, {"proposal": f"Temat {number}"}, metadata)
    await on.submit(OFFICIAL, ids.VOICES_FORM, {"proposal": "Woda"}, metadata)
    await on.settle()
    for word in ("temat", "tematy", "topic"):
        await on.command(PLANNER, word)
        await on.command(OFFICIAL, word)
    await on.press(PLANNER, ids.MERGE_TOPICS, activity_id)
    await on.submit(PLANNER, ids.MERGE_TOPICS_FORM, {"together": ["1", "2"]}, activity_id)
    await on.press(PLANNER, ids.SETTLE_TOPICS, activity_id)
    async with on.parts.storage.reading() as work:
        found = await work.topics.get(activity_id)
        assert found is not None
    seen = json.dumps({"activity": activity_id, "revision": found.revision})
    await on.submit(PLANNER, ids.SETTLE_TOPICS_FORM, {"agenda": "Tematy"}, seen)
    await on.settle()
    await on.submit(PLANNER, ids.OPEN_TOPICS_FORM, until, activity_id)  # the end of this one falls due
    await on.settle()


async def _bulletins(on: Stage) -> None:
    """Bulletins are written, seen, sent and read, and the sender looks who has read them."""
    for word in ("ogloszenie", "announce"):
        await on.command(PLANNER, word)
    await on.press(PLANNER, ids.NEW_BULLETIN)
    typed = {"network": "zielone", "audience": "everybody", "title": "Nabór", "text": "Trwa."}
    await on.submit(PLANNER, ids.BULLETIN_FORM, typed)
    await on.submit(PLANNER, ids.BULLETIN_PREVIEW, {}, json.dumps(typed))
    await on.settle()
    bulletin_id = await on.last(bulletin_table.c.id)
    await on.press(OFFICIAL, ids.READ_BULLETIN, bulletin_id)
    await on.settle()
    await on.press(PLANNER, ids.SHOW_READERS, bulletin_id)


async def _materials(on: Stage, activity_id: str) -> None:
    """Materials are added, found among many, and taken away."""
    await on.press(EXPERT, ids.ADD_MATERIAL, activity_id)
    await on.press(EXPERT, ids.MATERIAL_SHORTCUT, quoted=QUOTED)
    for number in range(on.size):
        typed = {"title": f"Łąki {number}", "link": f"https://a.example.org/{number}"}
        await on.submit(EXPERT, ids.MATERIAL_FORM, typed, activity_id)
    await on.settle()
    for word in ("materialy", "materials"):
        await on.command(OFFICIAL, word, "łąki")
    await on.press(EXPERT, ids.REMOVE_MATERIAL, await on.last(material_table.c.id))
    await on.settle()


async def _chat(on: Stage) -> None:
    await on.happen("ubot", "member_joined_channel", channel="C1")
    await on.happen(OFFICIAL, "message", channel_type="im", text="Kiedy najbliższe warsztaty?")
    await on.happen(OFFICIAL, "app_mention", channel="C1", ts="1.1", text="<@UBOT> Kto jest naszym ekspertem?")
    for name in ("app_uninstalled", "tokens_revoked"):
        await on.happen("ubot", name)
    await on.parts.delivery.begin()
    on.postman.refuses = True
    assert await on._deliver() == 1
    on.postman.refuses = False
    await on.settle()
    await _deliveries(on)
    for newcomer in ("drugie-konto", "obca-osoba"):
        await on.parts.hub.agenda.door.meet(Command(**on.who(newcomer), word="", rest=""))
    await on.parts.matching.run_due()
    await import_text(on.parts, NEWCOMERS.encode())
    await on.parts.matching.run_due()
    await on.settle()


async def _deliveries(on: Stage) -> None:
    """What did not arrive is looked at, left, and sent again after all."""
    async with on.parts.storage.reading() as work:
        (failed,) = await work.ledger.found(Wanted(states=[State.FAILED]), now=on.parts.clock())
    for word in ("doreczenia", "deliveries", "wysylka"):
        await on.command(PLANNER, word)
    for button in (ids.SHOW_DELIVERIES, ids.MORE_DELIVERIES):
        await on.press(PLANNER, button, "0")
    await on.settle()
    for button in (ids.DROP_DELIVERY, ids.RESEND_DELIVERY):
        await on.press(PLANNER, button, failed.id)
        await on.settle()


async def _reminders_and_feedback(on: Stage, activity_id: str) -> None:
    """The start of next Monday's digest, the reminders of the eve, the ends, the questions and the answers to them."""
    for days in (7, 11, 13, 14):
        await on.wind(MONDAY_NINE + days * A_DAY + 8 * AN_HOUR)
    await on.wind(MONDAY_NINE + 15 * A_DAY)
    for word in ("obecnosc", "presence"):
        await on.command(PLANNER, word, "woda")
    await on.press(PLANNER, ids.MARK_PRESENCE, activity_id)
    async with on.parts.storage.reading() as work:
        activity = await work.activities.get(activity_id)
        assert activity is not None
        listed = pages_of(await roster_of(work, activity), most=STEP)[0]
    marked = json.dumps({"activity": activity_id, "page": 0, "seen": digest_of(listed)})
    typed = {f"{CAME}/{listed[0].key}": [one.key for one in listed], "people": "Ewa"}
    await on.submit(PLANNER, ids.PRESENCE_FORM, typed, marked)
    await on.settle()
    await on.press(PLANNER, ids.WRITE_REPORT, activity_id)
    for word in ("ocena", "feedback", "ankieta", "opinia"):
        await on.command(OFFICIAL, word)
    await on.press(OFFICIAL, ids.SCORE, activity_id, answer="5")
    await on.press(OFFICIAL, ids.OPEN_FEEDBACK, activity_id)
    await on.submit(OFFICIAL, ids.FEEDBACK_FORM, {OVERALL: "5", "comment": "Dobrze"}, activity_id)
    await on.settle()
    values = dict.fromkeys(VALUES, "4")
    await on.submit(OFFICIAL, ids.FEEDBACK_FORM, values, values_subject(EDITION, HALF))
    await on.settle()
    await on.wind(MONDAY_NINE + 21 * A_DAY)
    report = {"held_from": "2022-01-24", "held_until": "2022-01-24", "outcome": "Łąki"}
    await on.submit(PLANNER, ids.REPORT_FORM, report, json.dumps({"activity": activity_id, "revision": 0}))
    await on.settle()
    await on.wind(MONDAY_NINE + 31 * A_DAY)


async def _advice(on: Stage, days: int) -> str:
    starts_at = MONDAY_NINE + days * A_DAY
    activity = await on.schedule(f"Doradztwo {days}", starts_at, kind="doradztwo", cities=("miasto-0",))
    await on.settle()
    await on.press(EXPERT, ids.GOING, activity.id)
    await on.settle()
    return activity.id


async def _sessions(on: Stage, held: str, not_held: str) -> None:
    """Sessions are logged, in a line, in the form and with one tap, added to, corrected, proposed and looked up."""
    for number in range(5 * on.size):  # what was logged before costs nothing
        line = {"cities": ["miasto-0"], "minutes": 60, "topic": f"Dawniej {number}"}
        await on.press(EXPERT, ids.SAVE_SESSION, json.dumps(line))
    for word in ("doradztwo", "session", "konsultacja", "sesja"):
        await on.command(EXPERT, word, "Miasto-0 2h woda")
    for word in ("ustalenia", "agreements"):
        await on.command(PLANNER, word)
        await on.command(OFFICIAL, word)
    for button in (ids.NEW_SESSION, ids.NEW_SESSION_SHORTCUT):
        await on.press(EXPERT, button)
    await on.press(EXPERT, ids.NEW_SESSION, f"activity:{held}")
    for button, value in ((ids.AS_PLANNED, held), (ids.NOT_HELD, not_held)):
        await on.press(EXPERT, button, value)
        await on.settle()
    typed = {"cities": ["miasto-0"], "day": f"{on.parts.clock():%Y-%m-%d}", "length": "2h", "agreed": "Łąka"}
    await on.submit(EXPERT, ids.SESSION_FORM, typed, "{}")
    await on.settle()
    session_id = await on.last(session_table.c.id)
    of_city = json.dumps({"session": session_id, "city": "miasto-0"})
    await on.press(EXPERT, ids.DETAIL_SESSION, session_id)
    await on.submit(EXPERT, ids.SESSION_DETAILS, {"topic": "Woda", "form": "online"}, of_city)
    await on.submit(EXPERT, ids.SESSION_WORDS, {"agreed": "Inna łąka", "sections": ["wyzwanie"]}, of_city)
    await on.settle()
    await on.press(EXPERT, ids.SESSION_TO_MID, f"{session_id}/miasto-0")
    await on.submit(EXPERT, ids.SESSION_MID_FORM, {"part": "wyzwanie", "text": "Łąka"}, of_city)
    await on.settle()
    await on.press(OFFICIAL, ids.CORRECT_SESSION, f"{session_id}/miasto-0")
    await on.submit(OFFICIAL, ids.SESSION_CORRECTION, {"correction": "Jeszcze inna"}, of_city)
    await on.settle()


async def _arranged(on: Stage) -> None:
    """A city asks, the expert offers, the city chooses; another request is declined, and one is not answered."""
    for word in ("umow", "arrange"):
        await on.command(OFFICIAL, word)
    await on.press(OFFICIAL, ids.ASK_SESSION)
    asked = {"city": "miasto-0", "topic": "Woda", "question": "Ile?"}
    for reason in ("", "Urlop"):
        await on.submit(OFFICIAL, ids.ASK_FORM, asked)
        await on.settle()
        request_id = await on.last(session_request.c.id)
        await on.press(EXPERT, ids.OFFER_TIMES, request_id)
        if reason:
            await on.press(EXPERT, ids.DECLINE_REQUEST, request_id)
            await on.submit(EXPERT, ids.DECLINE_FORM, {"reason": reason}, request_id)
        else:
            start = (on.parts.clock() + 20 * A_DAY).replace(minute=0, second=0, microsecond=0)
            times = {"offer_1": int(start.timestamp()), "length": "1h"}
            await on.submit(EXPERT, ids.OFFER_FORM, times, request_id)
            await on.settle()
            await on.press(OFFICIAL, ids.CHOOSE_TIME, f"{request_id}/{start.isoformat()}")
        await on.settle()
    await on.submit(OFFICIAL, ids.ASK_FORM, asked)  # nobody answers this one
    await on.settle()


async def _moved_and_cancelled(on: Stage) -> None:
    starts_at = on.parts.clock() + 30 * A_DAY
    activity = await on.schedule("Przenoszone", starts_at)
    await on.settle()
    for button in (ids.MOVE, ids.CANCEL):
        await on.press(PLANNER, button, activity.id)
    metadata = f'{{"activity": "{activity.id}", "revision": %d}}'
    day = f"{starts_at + A_DAY:%Y-%m-%d}"
    typed = {"starts_at": day, "starts_time": "10:00", "ends_time": "12:00"}
    await on.submit(PLANNER, ids.MOVE_FORM, typed, metadata % 1)
    shown = json.dumps({"activity": activity.id, "revision": 1, "typed": typed})
    await on.submit(PLANNER, ids.MOVE_PREVIEW, {}, shown)
    await on.settle()
    await on.press(PLANNER, ids.CHANGE, activity.id)
    changed = {"place": "Zamek", "link": "https://spotkanie.example.org", "capacity": "40"}
    for step in range(1, forms.CHANGE_STEPS + 1):
        seen = json.dumps({"activity": activity.id, "revision": 2, "step": step, "typed": {}})
        await on.submit(PLANNER, ids.CHANGE_FORM, changed, seen)
    await on.settle()
    await on.submit(PLANNER, ids.CANCEL_FORM, {"reason": "Choroba"}, metadata % 3)
    await on.settle()


async def _missed_runs(on: Stage) -> None:
    """No clock lets anything fall due for a week, and somebody notices."""
    parts = on.parts
    parts.clock.set_to(parts.clock() + 7 * A_DAY)
    parts.dead_man.programme_clock = ProgrammeClock(offset=parts.clock.offset)  # has stood there all the time
    parts.dead_man._since = machine_clock() - A_DAY
    with on.counted("watch: runs missed"):
        assert await parts.dead_man.look() == 2  # the digest, and the request that nobody answered
    await on.settle()
    with on.counted("watch: nothing new"):
        assert await parts.dead_man.look() == 0
    await on.fall_due()
    await on.settle()


async def _questions(on: Stage) -> None:
    """Every question, answered for everybody; and how often what was asked."""
    for word in ("pytania", "questions"):
        await on.command(PLANNER, word)
    await on.press(OFFICIAL, ids.ASK_QUESTION, json.dumps({"meaning": Meaning.NEWS}))
    await on.settle()
    async with on.parts.storage.reading() as work:
        edition = await work.editions.get(EDITION)
        people = [await work.people.by_chat_user(TEAM_ID, user.upper()) for user in (PLANNER, OFFICIAL, EXPERT)]
    assert edition is not None
    for meaning in Meaning:
        for member in people:
            question = Question(meaning=meaning, words=("woda",) if meaning in SEARCHING else ())
            asked = Asked(question=question, edition=edition, now=on.parts.clock(), member=member)
            async with on.parts.storage.reading() as work:
                with on.counted(f"answer: {meaning}"):
                    await answer(Answering(work=work, asked=asked, words=Words(), contacts=Contacts()))


async def _flood(on: Stage) -> None:
    """Two messages for everybody, said as one."""
    for title in ("Pierwsze z dwóch", "Drugie z dwóch"):
        await on.schedule(title, on.parts.clock() + 40 * A_DAY)
    while await on._react():
        continue
    now = on.parts.clock()
    async with on.parts.storage.work("claim") as work:
        lines = [one.addressee.recipient_id for one in await work.deliveries.claimable(now, 1000)]
        for line in await work.deliveries.floods(lines, now, most=1):
            await work.deliveries.fold(line, now, most=2)
    await on.settle()


async def _rounds(on: Stage) -> None:
    """Rounds with nothing to do, and with one thing to do."""
    parts = on.parts
    await parts.falling_due.run_due()  # the retention of the day
    await on.round("round: relay, nothing", parts.bus.run_due, 0)
    await on.round("round: deliver, nothing", parts.delivery.run_due, 0)
    await on.round("round: clock, nothing", parts.falling_due.run_due, 0)
    await on.round("round: match, nothing", parts.matching.run_due, 0)
    await parts.hub.agenda.door.meet(Command(**on.who("inna-obca-osoba"), word="", rest=""))
    await on.round("round: match, one person", parts.matching.run_due, 1)
    await on.round("round: relay, one reaction", parts.bus.run_due, 1)
    await on.round("round: deliver, one message", parts.delivery.run_due, 1)


BUDGET = {
    # commands
    "/pim": 16,
    "/pim activity": 2,
    "/pim agenda": 4,
    "/pim assign": 4,
    "/pim co": 2,
    "/pim deliveries": 9,
    "/pim doreczenia": 9,
    "/pim dzialanie": 2,
    "/pim eksperci": 6,
    "/pim experts": 6,
    "/pim pytania": 3,
    "/pim questions": 3,
    "/pim gdpr": 2,
    "/pim help": 2,
    "/pim kto": 8,
    "/pim obecnosc": 8,
    "/pim presence": 8,
    "/pim moje": 2,
    "/pim my": 2,
    "/pim plan": 4,
    "/pim pomoc": 2,
    "/pim przypisz": 4,
    "/pim rodo": 2,
    "/pim settings": 2,
    "/pim team": 3,
    "/pim terminy": 4,
    "/pim who": 8,
    "/pim ustawienia": 2,
    "/pim zespol": 3,
    "/pim wydarzenie": 2,
    "/pim wysylka": 9,
    "/pim agreements": 7,
    "/pim arrange": 2,
    "/pim doradztwo": 6,
    "/pim konsultacja": 6,
    "/pim sesja": 6,
    "/pim session": 6,
    "/pim umow": 2,
    "/pim ustalenia": 7,
    UNKNOWN: 2,
    # buttons and shortcuts
    ids.AS_PLANNED: 20,
    ids.ASK_SESSION: 2,
    ids.CHOOSE_TIME: 25,
    ids.CORRECT_SESSION: 7,
    ids.DECLINE_REQUEST: 4,
    ids.DETAIL_SESSION: 7,
    ids.NEW_SESSION: 5,
    ids.NOT_HELD: 20,
    ids.OFFER_TIMES: 4,
    ids.SAVE_SESSION: 22,
    ids.SESSION_TO_MID: 6,
    ids.NEW_SESSION_SHORTCUT: 3,
    ids.ACCEPT: 12,
    ids.ANSWER: 5,
    ids.ASSIGN: 4,
    ids.CANCEL: 37,
    ids.DECLINE: 12,
    ids.GOING: 15,  # to wait for a place
    ids.CHASE_ANSWERS: 16,
    ids.WHO_OWES: 8,
    ids.MARK_PRESENCE: 8,
    ids.CHANGE: 3,
    ids.CORRECT_DATA: 1,
    ids.FEWER_MESSAGES: 2,
    ids.LIFT_LIMIT: 18,
    ids.LIMIT_DATA: 19,
    ids.DROP_DELIVERY: 12,
    ids.MORE_DELIVERIES: 8,
    ids.MOVE: 3,
    ids.NEW_ACTIVITY: 2,
    ids.NEW_ACTIVITY_SHORTCUT: 2,
    ids.NOT_GOING: 17,  # and a place goes to the first who waits
    ids.REGISTER: 5,
    ids.RELEASE: 5,
    ids.REPLACE: 9,
    ids.JOIN_TEAM: 3,
    ids.LEAVE_TEAM: 2,
    ids.MAKE_CONTACT: 14,
    ids.SCORE: 11,
    ids.SHOW_AGENDA: 4,
    ids.UNSURE: 13,
    # forms, and fields that ask for choices
    ids.ASK_FORM: 10,
    ids.SESSION_CORRECTION: 21,
    ids.DECLINE_FORM: 12,
    ids.SESSION_DETAILS: 25,
    ids.SESSION_FORM: 22,
    ids.SESSION_MID_FORM: 17,
    ids.OFFER_FORM: 15,
    ids.SESSION_WORDS: 27,
    ids.ACTIVITY_FORM: 14,
    ids.ANSWER_FORM: 13,
    ids.ASSIGNMENT_FORM: 13,
    ids.RELEASE_FORM: 11,
    ids.REPLACE_FORM: 17,
    ids.ASK_QUESTION: 4,
    ids.OVER_BUDGET_FORM: 13,
    ids.JOIN_FORM: 20,
    ids.LEAVE_FORM: 12,
    ids.CANCEL_FORM: 14,
    ids.CHANGE_FORM: 16,
    ids.MOVE_FORM: 39,
    ids.PRESENCE_FORM: 23,
    ids.PEOPLE_FORM: 12,
    ids.CORRECTION_FORM: 23,
    ids.RESEND_DELIVERY: 13,
    ids.SHOW_DELIVERIES: 8,
    # forms, and fields that ask for choices
    ids.MOVE_PREVIEW: 15,
    ids.PREFERENCES_FORM: 20,
    ids.PREFERENCES_MORE_FORM: 19,
    "suggestions of cities": 2,
    "suggestions of city": 2,
    # what happens in chat, and what is fetched
    "app_uninstalled": 4,
    "member_joined_channel": 5,
    "message": 9,
    "app_mention": 7,
    "tokens_revoked": 2,
    "calendar, kept": 1,
    "calendar, made": 2,
    "/readyz": 7,
    # reactions
    "ActivityHeld: ask-how-session-went": 12,
    "AdvisorySessionChanged: tell-of-session": 13,
    "AdvisorySessionCorrected: tell-of-session-correction": 9,
    "AdvisorySessionLogged: tell-of-session": 12,
    "ContributionLogged: show-proposal-in-session": 3,
    "SessionArranged: tell-of-arranged-session": 7,
    "SessionLogFellDue: nudge-to-log-session": 9,
    "SessionRequestDeclined: tell-of-declined-session": 6,
    "SessionRequestFellDue: ask-again-for-session-times": 5,
    "SessionRequested: ask-for-session-times": 8,
    "SessionTimesOffered: show-session-times": 9,
    "BulletinRead: refresh-homes": 1,
    "BulletinSent: refresh-homes": 2,
    "TopicsBacked: refresh-homes": 4,
    "TopicsEnded: refresh-homes": 4,
    "TopicsOpened: refresh-homes": 4,
    "TopicsSettled: refresh-homes": 4,
    "ActivityChanged: plan-end": 4,
    "ActivityChanged: plan-reminders": 9,
    "ActivityChanged: publish-activity": 7,
    "ActivityChanged: tell-of-change": 14,
    "ActivityCancelled: plan-end": 2,
    "ActivityCancelled: plan-reminders": 2,
    "ActivityCancelled: publish-activity": 7,
    "ActivityCancelled: tell-of-cancellation": 17,
    "ActivityHeld: show-held": 10,
    "ActivityMoved: plan-end": 5,
    "ActivityMoved: plan-reminders": 10,
    "ActivityMoved: publish-activity": 7,
    "ActivityMoved: tell-of-move": 14,
    "ActivityScheduled: announce-activity": 5,
    "ActivityScheduled: invite-participants": 10,
    "ActivityScheduled: plan-end": 5,
    "ActivityScheduled: plan-reminders": 10,
    "ActivityScheduled: publish-activity": 7,
    "AnswersChased: nudge-owing": 8,
    "AttendanceAnswered: show-answer": 10,
    "PlaceGiven: show-answer": 10,
    "PlaceGiven: tell-of-place": 8,
    "ChannelOpened: release-channel": 2,
    "DeliveryDropped: show-deliveries": 5,
    "DeliveryFailed: show-deliveries": 4,
    "DeliveryFailed: tell-of-failed-delivery": 5,
    "DeliveryResent: show-deliveries": 5,
    "DigestFellDue: send-digest": 3,
    "ExpertAccepted: tell-of-assignment-answer": 6,
    "ExpertAccepted: hand-over-place": 5,
    "ExpertReleased: tell-of-release": 7,
    "ExpertReplaced: tell-of-release": 7,
    "ExpertAssigned: ask-expert": 5,
    "ExpertDeclined: tell-of-assignment-answer": 6,
    "FeedbackClosed: tell-feedback-result": 11,
    "FeedbackGiven: thank-for-feedback": 2,
    "FeedbackRequested: ask-for-feedback": 14,
    "MemberCorrected: plan-digest": 3,
    "MemberCorrected: plan-reminders-for-member": 10,
    "MemberJoined: plan-digest": 5,
    "MemberJoined: plan-reminders-for-member": 11,
    "MemberMatched: welcome-member": 3,
    "PreferencesChanged: plan-digest": 4,
    "PreferencesChanged: plan-reminders-for-member": 10,
    "ReminderFellDue: remind": 11,
    "RestrictionLifted: plan-digest": 3,
    "RestrictionLifted: plan-reminders-for-member": 11,
    "RunsMissed: tell-of-missed-runs": 4,
    "TeamChanged: hand-over-team": 3,
    "TeamChanged: plan-reminders-of-team": 13,
    "StrangerMet: answer-stranger": 3,
    # feedback by quarter and on values, and the report after an activity
    "EditionChanged: plan-values-feedback": 13,
    "PooledFeedbackRequested: ask-for-feedback": 10,
    "PooledFeedbackRequested: refresh-homes": 4,
    "ActivityHeld: ask-for-report": 9,
    "/pim ocena": 5,
    "/pim feedback": 5,
    "/pim ankieta": 5,
    "/pim opinia": 5,
    ids.OPEN_FEEDBACK: 11,
    ids.FEEDBACK_FORM: 19,
    "PooledFeedbackGiven: thank-for-feedback": 2,
    "PooledFeedbackGiven: refresh-homes": 4,
    "ReportFellDue: ask-again-for-report": 8,
    ids.REPORT_FORM: 14,
    "ActivityReported: show-report": 4,
    "PooledFeedbackClosed: tell-feedback-result": 10,
    "PooledFeedbackClosed: refresh-homes": 4,
    "AdvisorySessionLogged: plan-advice-feedback": 6,
    # topics, bulletins, materials, and messages marked with the reaction
    "reaction_added": 16,
    "round: quote, one message": 5,
    "round: quote, nothing": 2,
    "message: contribution-offer": 1,
    ids.CONTRIBUTE_OFFERED: 4,
    ids.OPEN_TOPICS: 5,
    ids.OPEN_TOPICS_FORM: 17,
    "TopicsOpened: ask-for-topics": 14,
    "message: topics": 4,
    ids.BACK_TOPICS: 5,
    ids.VOICES_FORM: 16,
    "TopicsBacked: show-topics": 2,
    "/pim temat": 6,
    "/pim tematy": 6,
    "/pim topic": 6,
    ids.MERGE_TOPICS: 5,
    ids.MERGE_TOPICS_FORM: 17,
    ids.SETTLE_TOPICS: 5,
    ids.SETTLE_TOPICS_FORM: 25,
    "TopicsMerged: show-topics": 2,
    "TopicsSettled: show-topics": 2,
    "/pim ogloszenie": 2,
    "/pim announce": 2,
    ids.NEW_BULLETIN: 2,
    ids.BULLETIN_FORM: 6,
    ids.BULLETIN_PREVIEW: 16,
    "BulletinSent: tell-everybody": 12,
    "message: bulletin": 4,
    "message: bulletin-sent": 2,
    ids.READ_BULLETIN: 14,
    "BulletinRead: show-read": 8,
    ids.SHOW_READERS: 10,
    ids.ADD_MATERIAL: 5,
    ids.MATERIAL_SHORTCUT: 5,
    ids.MATERIAL_FORM: 14,
    "MaterialAdded: show-materials": 2,
    "/pim materialy": 5,
    "/pim materials": 5,
    ids.REMOVE_MATERIAL: 13,
    "MaterialRemoved: show-materials": 2,
    "falls due: topics-end": 1,
    "TopicsEnded: tell-of-topics-end": 8,
    "message: topics-ended": 4,
    "ActivityMoved: show-topics": 1,
    "ActivityCancelled: show-topics": 1,
    # contributions to MIDs and PUs
    "/pim contribute": 3,
    "/pim dodaj": 3,
    "/pim mid": 3,
    "/pim pu": 3,
    "/pim wklad": 3,
    "/pim wpis": 3,
    "ContributionAccepted: tell-of-contribution-decision": 7,
    "ContributionConsented: ask-document-owners": 5,
    "ContributionConsented: show-contribution": 2,
    "ContributionConsented: thank-for-contribution": 5,
    "ContributionEdited: ask-document-owners": 5,
    "ContributionEdited: show-contribution": 2,
    "ContributionLogged: ask-document-owners": 5,
    "ContributionLogged: ask-for-consent": 4,
    "ContributionLogged: thank-for-contribution": 5,
    "ContributionReturned: tell-of-contribution-decision": 7,
    "ContributionSourceDeleted: show-contribution": 2,
    "ContributionSourceEdited: offer-edit": 4,
    "ContributionWithdrawn: show-contribution": 2,
    "ContributionWithheld: show-contribution": 2,
    "ContributionWithheld: tell-of-refused-consent": 5,
    ids.ACCEPT_CONTRIBUTION: 11,
    ids.AGREE_TO_CONTRIBUTION: 11,
    ids.CONTRIBUTION_FORM: 3,
    ids.CONTRIBUTE: 3,
    ids.REFUSE_CONTRIBUTION: 11,
    ids.RETURN_CONTRIBUTION: 5,
    ids.RETURN_FORM: 11,
    ids.TAKE_OVER_EDIT: 11,
    ids.CONTRIBUTION_TEXT_FORM: 15,
    ids.SHOW_WAITING: 5,
    ids.WAITING_FORM: 12,
    ids.WITHDRAW_CONTRIBUTION: 12,
    "message/message_changed": 12,
    "message/message_deleted": 12,
    "message: contribution-consent": 4,
    "message: contribution-decided": 4,
    "message: contribution-edit": 4,
    "message: contribution-proposed": 6,
    "message: contribution-thanks": 4,
    ids.CONTRIBUTE_SHORTCUT: 4,
    "suggestions of credited": 6,
    # the Home tab
    "ActivityCancelled: refresh-homes": 8,
    "ActivityChanged: refresh-homes": 8,
    "ActivityHeld: refresh-homes": 8,
    "ActivityMoved: refresh-homes": 8,
    "ActivityScheduled: refresh-homes": 8,
    "AdvisorySessionLogged: refresh-homes": 4,
    "AttendanceAnswered: refresh-homes": 8,
    "ContributionAccepted: refresh-homes": 4,
    "ContributionConsented: refresh-homes": 4,
    "ContributionEdited: refresh-homes": 4,
    "ContributionLogged: refresh-homes": 4,
    "ContributionReturned: refresh-homes": 4,
    "ContributionWithdrawn: refresh-homes": 4,
    "ContributionWithheld: refresh-homes": 4,
    "ExpertAccepted: refresh-homes": 2,
    "ExpertAssigned: refresh-homes": 2,
    "ExpertDeclined: refresh-homes": 2,
    "ExpertReleased: refresh-homes": 2,
    "ExpertReplaced: refresh-homes": 2,
    "FeedbackClosed: refresh-homes": 8,
    "FeedbackGiven: refresh-homes": 8,
    "FeedbackRequested: refresh-homes": 8,
    "MemberMatched: refresh-homes": 1,
    "PlaceGiven: refresh-homes": 8,
    "PreferencesChanged: refresh-homes": 1,
    "SessionArranged: refresh-homes": 5,
    "SessionRequestDeclined: refresh-homes": 5,
    "SessionRequested: refresh-homes": 5,
    "SessionTimesOffered: refresh-homes": 5,
    "TeamChanged: refresh-homes": 1,
    "app_home_opened": 7,
    "message: home": 19,
    # what falls due: reminders of a day together, all else one by one
    "falls due: report-escalation": 1,
    "falls due: report-nudge": 1,
    "falls due: session-nudge": 1,
    "falls due: session-request-nudge": 1,
    "falls due: activity-ends": 6,
    "falls due: digest": 5,
    "falls due: feedback-closes": 8,
    "falls due: feedback-nudge": 1,
    "falls due: feedback-opens": 1,
    "falls due: reminders": 4,
    # what watches over all that
    "watch: nothing new": 8,
    "watch: runs missed": 12,
    # writing one message
    "message: report-escalation": 4,
    "message: report-nudge": 5,
    "message: report-question": 5,
    "message: session-agreed": 7,
    "message: session-arranged": 5,
    "message: session-corrected": 7,
    "message: session-declined": 3,
    "message: session-logged": 8,
    "message: session-nudge": 4,
    "message: session-offered": 5,
    "message: session-question": 4,
    "message: session-request-nudge": 6,
    "message: session-requested": 5,
    "message: announcement": 5,
    "message: answer": 5,
    "message: assignment-answer": 4,
    "message: assignment-question": 2,
    "message: attendance-nudge": 5,
    "message: assignment-released": 2,
    "message: handover": 11,
    "message: bundle": 8,  # of two: each as alone
    "message: cancelled": 3,
    "message: changed": 3,
    "message: correction": 0,
    "message: deliveries": 6,
    "message: delivery-failed": 0,
    "message: digest": 8,
    "message: feedback-nudge": 4,
    "message: feedback-question": 4,
    "message: feedback-result": 4,
    "message: invitation": 5,
    "message: moved": 5,
    "message: place-given": 5,
    "message: planned": 4,
    "message: refusal": 0,
    "message: reminder": 4,
    "message: runs-missed": 3,
    "message: stranger": 0,
    "message: welcome": 1,
    # answers to questions: what is read for each
    "answer: waiting": 11,
    "answer: when": 3,
    "answer: prepare": 6,
    "answer: agenda": 3,
    "answer: deadline": 3,
    "answer: missing": 4,
    "answer: expert": 4,
    "answer: guardian": 3,
    "answer: team": 2,
    "answer: arrange": 1,
    "answer: move": 3,
    "answer: cancel": 3,
    "answer: agreements": 6,
    "answer: ask-expert": 1,
    "answer: who-goes": 3,
    "answer: register": 2,
    "answer: online": 2,
    "answer: team-change": 3,
    "answer: experience": 2,
    "answer: said": 5,
    "answer: materials": 4,
    "answer: comment": 1,
    "answer: recommend": 1,
    "answer: add-to-mid": 1,
    "answer: log-session": 1,
    "answer: silent": 3,
    "answer: sessions-count": 3,
    "answer: show-mid": 4,
    "answer: show-pu": 4,
    "answer: ask-comments": 1,
    "answer: owing": 3,
    "answer: chase": 3,
    "answer: send-agenda": 3,
    "answer: presence": 3,
    "answer: survey": 4,
    "answer: replaced": 2,
    "answer: news": 4,
    "answer: for-us": 2,
    "answer: position-due": 2,
    "answer: law": 2,
    "answer: mid-state": 3,
    "answer: at-risk": 3,
    "answer: compare": 3,
    "answer: categories": 2,
    "answer: people-list": 3,
    "answer: report": 1,
    "answer: new-activity": 1,
    "answer: announce": 1,
    "answer: topics": 5,
    "answer: assign": 7,
    "answer: my-data": 2,
    "answer: fewer": 1,
    "answer: help": 1,
    # rounds of the jobs
    "round: clock, nothing": 2,
    "round: deliver, nothing": 5,
    "round: deliver, one message": 10,
    "round: match, nothing": 3,
    "round: match, one person": 11,
    "round: relay, nothing": 1,
    "round: relay, one reaction": 6,
    "/pim absence": 4,
    "/pim card": 2,
    "/pim nieobecnosc": 4,
    "/pim search": 5,
    "/pim szukaj": 5,
    "/pim urlop": 4,
    "/pim wizytowka": 2,
    "AbsenceChanged: tell-deputy": 5,
    "ActivityChanged: show-duties": 7,
    "ActivityHeld: share-contacts": 10,
    "IntroductionConfirmed: show-introduction": 2,
    "IntroductionDeclined: show-introduction": 5,
    "TeamChanged: list-duties": 9,
    "VisitorIntroduced: ask-to-confirm-person": 5,
    # a list of people that was dropped
    "PeopleListAccepted: take-people-list-over": 15,
    "PeopleListEnded: show-decided-people-list": 3,
    "PeopleListLeft: show-decided-people-list": 3,
    "PeopleListRead: show-people-list": 7,
    "PeopleListSaved: show-decided-people-list": 3,
    "falls due: people-list-ends": 4,
    "message/file_share": 11,
    "message: people-list": 1,
    "round: fetch, nothing": 2,
    "round: fetch, one file": 15,
    ids.LEAVE_LIST: 11,
    ids.SAVE_LIST: 11,
    "message: contacts": 7,
    "message: duties": 6,
    "message: introduced": 3,
    "message: introduction-declined": 0,
    "message: standing-in": 1,
    ids.ABSENCE_FORM: 23,
    ids.CARD_FORM: 19,
    ids.CONFIRM_PERSON: 35,
    ids.DECLINE_PERSON: 13,
    ids.END_ABSENCE: 19,
    ids.EXPORT_ATTENDANCE: 9,
    ids.INTRODUCE: 1,
    ids.INTRODUCTION_FORM: 14,
    ids.OPEN_CARD: 2,
    ids.PLAN_ABSENCE: 4,
    ids.TAKE_OVER_ACTIVITY: 14,
    ids.WRITE_REPORT: 10,
}
"""The most statements that each act takes, on either engine; who needs another one writes it down here.

Four of an act are the audit's: its subject before and after, the key of whoever acts, and that its row has no seal yet.
The first act of a person takes one more, which makes the key.
"""


ON_POSTGRESQL = {
    ids.CORRECTION_FORM: 22,
    ids.NOT_GOING: 16,
    ids.REPLACE_FORM: 16,
    ids.JOIN_FORM: 19,
    ids.CHOOSE_TIME: 24,
    ids.SETTLE_TOPICS_FORM: 24,
    ids.CONFIRM_PERSON: 32,
}
"""Where PostgreSQL takes another number."""


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_every_act_takes_as_many_statements_as_are_written_down_however_much_there_is(
    engines: Engines, size: int
) -> None:
    async with stage(engines, size) as on:
        other = {} if on.parts.storage.is_sqlite else ON_POSTGRESQL
        assert await play(on) == BUDGET | other


async def test_nothing_is_missing_from_the_table(sqlite: SQLiteEngines) -> None:
    async with _open(sqlite, sqlite.database_url, SMALL) as on:
        tables, parts = on.tables, on.parts
        rounds = {"clock", *jobs(parts.bus, parts.delivery, parts.matching, parts.quoting, parts.fetching)}
    acts = {f"/pim {word}".strip() for word in tables.commands} | {UNKNOWN, "calendar, made", "/readyz"}
    acts |= set(tables.buttons) | set(tables.forms) | set(tables.happenings)
    acts |= {f"suggestions of {name}" for name in tables.suggestions}
    acts |= {f"{happened.type_name()}: {one.name}" for happened, named in REACTIONS.items() for one in named}
    acts |= {f"falls due: {kind}" for kind in FALLS} | {f"message: {kind}" for kind in Kind}
    acts |= {f"round: {name}, nothing" for name in rounds}
    acts |= {f"answer: {meaning}" for meaning in Meaning}
    assert acts - set(BUDGET) == set()
    on_the_wire = {value for name, value in vars(ids).items() if name.isupper()}
    assert on_the_wire - {ids.COMMAND, ids.NOTICE, ids.VALUE} == set(tables.buttons) | set(tables.forms)
