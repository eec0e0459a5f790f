"""A hub to measure: the demo's programme with its people, all of them known in chat, and activities to act on."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path

from benchmarks.payloads import ANSWERS, TEAM
from pim_bot.bootstrap import Parts, put_together
from pim_bot.demo import FILES, STARTS_AT
from pim_bot.programme.activity import Activity, ActivityDraft
from pim_bot.programme.people import Actor, Member, RoleName
from pim_bot.programme.scheduling import schedule_activity
from tests.hub import import_text, settings_for, shipped

NETWORK = "miasto-zielone"
EDITION = "pim2-2021-2023"
DATABASE = "pim_bot.db"
NOWHERE = "http://127.0.0.1:9/api/"


def chat_people(database: Path) -> list[tuple[str, str]]:
    """Tell (user id, e-mail) of everybody who has an e-mail; the same for the hub and for the far end."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        emails = connection.execute("SELECT email FROM member WHERE email IS NOT NULL ORDER BY email").fetchall()
    return [(f"U{number:03}", email) for number, (email,) in enumerate(emails, start=1)]


def chat_channels(database: Path) -> list[tuple[str, str]]:
    """Tell (id, name) of the programme's channels."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        names = connection.execute("SELECT channel FROM network UNION SELECT channel FROM edition").fetchall()
    return [(f"C{number:03}", name) for number, (name,) in enumerate(sorted(names), start=1) if name]


@dataclass(kw_only=True)
class Furnished:
    """A hub's parts, and who can act in it."""

    folder: Path
    parts: Parts
    users: dict[str, str]
    coordinator: Member
    officials: list[Member]
    _titles: int = 0
    _turns: int = 0

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    @property
    def planner(self) -> str:
        """The chat user who plans."""
        return self.users[self.coordinator.email]

    async def schedule(self) -> Activity:
        """Do one act: schedule a workshop of one network, in a transaction of its own."""
        self._titles += 1
        now = self.parts.clock()
        starts_at = STARTS_AT + timedelta(days=60 + self._titles % 200, hours=1)
        draft = ActivityDraft(
            kind="warsztaty-sieci",
            title=f"Warsztaty {self._titles}",
            networks=(NETWORK,),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=5),
            zone="Europe/Warsaw",
            cities=("lublin",),
            answer_by=starts_at - timedelta(days=7),
            place="Lublin, Ratusz",
        )
        async with self.parts.storage.work() as work:
            actor = Actor(door="chat", member=self.coordinator)
            return await schedule_activity(work, actor, EDITION, draft, now=now)

    def answers(self, activities: list[Activity], number: int) -> list[tuple[str, str, str]]:
        """Tell that many (user, button, activity): every team in its turn, each lap with the next answer."""
        pairs = list(product(activities, self.officials))
        wanted = []
        for turn in range(self._turns, self._turns + number):
            activity, official = pairs[turn % len(pairs)]
            button = ANSWERS[turn // len(pairs) % len(ANSWERS)]
            wanted.append((self.users[official.email], button, activity.id))
        self._turns += number
        return wanted


async def imported(folder: Path) -> Path:
    """Import the demo's files into a fresh database, at the demo's time, and let its reactions run; tells the file."""
    async with put_together(settings_for(folder, NOWHERE)) as parts:
        await parts.migrate()
        async with parts.storage.work() as work:
            await work.keep_offset(parts.clock.set_to(STARTS_AT))
        for name in FILES:
            await import_text(parts, shipped(name), name)
        await _know_in_chat(parts, folder / DATABASE)
        await parts.bus.run_due()
    return folder / DATABASE


@asynccontextmanager
async def furnished(folder: Path, source: Path) -> AsyncIterator[Furnished]:
    """Open a hub on a copy of an imported database."""
    await asyncio.to_thread(_copy, source, folder / DATABASE)
    async with put_together(settings_for(folder, NOWHERE)) as parts:
        await parts.migrate()
        users = {email: user for user, email in chat_people(folder / DATABASE)}
        day = STARTS_AT.date()
        async with parts.storage.reading() as work:
            coordinator = (await work.people.coordinators(EDITION, day))[0]
            teams = await work.people.teams(EDITION, [NETWORK], day)
        officials = [team.members[0] for team in teams if team.members]
        assert all(one.has_role(RoleName.OFFICIAL, day) for one in officials)
        yield Furnished(folder=folder, parts=parts, users=users, coordinator=coordinator, officials=officials)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)


async def _know_in_chat(parts: Parts, database: Path) -> None:
    async with parts.storage.work() as work:
        for user, email in chat_people(database):
            await work.identities.match(TEAM, user, email=email, locale="pl-PL", zone="Europe/Warsaw", at=parts.clock())
