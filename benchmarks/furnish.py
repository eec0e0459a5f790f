"""A hub to measure: the demo's programme with its people, all of them known in chat, and activities to act on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import CompoundSelect, Select, select, union
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.engines import Engine
from benchmarks.payloads import ANSWERS, TEAM
from pim_bot.bootstrap import Parts, put_together
from pim_bot.demo import FILES, STARTS_AT
from pim_bot.programme.activity import Activity, ActivityDraft
from pim_bot.programme.people import Actor, Member, RoleName
from pim_bot.programme.scheduling import schedule_activity
from pim_bot.storage.engine import make_reading
from pim_bot.storage.tables.edition import edition, network
from pim_bot.storage.tables.people import member
from tests.hub import import_text, settings_for, shipped

NETWORK = "miasto-zielone"
EDITION = "pim2-2021-2023"
NOWHERE = "http://127.0.0.1:9/api/"


async def chat_people(engine: AsyncEngine) -> list[tuple[str, str]]:
    """Tell (user id, e-mail) of everybody who has an e-mail; the same for the hub and for the far end."""
    asked = select(member.c.email).where(member.c.email.is_not(None))
    return [(f"U{number:03}", email) for number, email in enumerate(await _sorted(engine, asked), start=1)]


async def chat_channels(engine: AsyncEngine) -> list[tuple[str, str]]:
    """Tell (id, name) of the programme's channels."""
    names = await _sorted(engine, union(select(network.c.channel), select(edition.c.channel)))
    return [(f"C{number:03}", name) for number, name in enumerate(names, start=1) if name]


async def _sorted(engine: AsyncEngine, asked: Select[tuple[str]] | CompoundSelect[Any]) -> list[str]:
    async with make_reading(engine).connect() as connection:
        return sorted((await connection.execute(asked)).scalars())


@dataclass(kw_only=True)
class Furnished:
    """A hub's parts, and who can act in it."""

    folder: Path
    address: str
    parts: Parts
    users: dict[str, str]
    coordinator: Member
    officials: list[Member]
    _titles: int = 0
    _turns: int = 0

    @property
    def engine(self) -> AsyncEngine:
        return self.parts.storage.engine

    @property
    def planner(self) -> str:
        """The chat user who plans."""
        return self.users[self.coordinator.email]

    async def schedule(self, networks: tuple[str, ...] = (NETWORK,), *, days: int = 60) -> Activity:
        """Do one act: schedule a workshop, of one network if nothing else is told, in a transaction of its own."""
        self._titles += 1
        now = self.parts.clock()
        starts_at = STARTS_AT + timedelta(days=days + self._titles % 200, hours=1)
        draft = ActivityDraft(
            kind="warsztaty-sieci",
            title=f"Warsztaty {self._titles}",
            networks=networks,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=5),
            zone="Europe/Warsaw",
            cities=("lublin",),
            answer_by=starts_at - timedelta(days=min(days, 7)),
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


async def imported(engine: Engine, folder: Path) -> str:
    """Import the demo's files into a new database, at the demo's time, and let its reactions run; tells its address."""
    address = await engine.new(folder)
    async with put_together(settings_for(folder, NOWHERE, database_url=address)) as parts:
        await parts.migrate()
        async with parts.storage.work() as work:
            await work.keep_offset(parts.clock.set_to(STARTS_AT))
        for name in FILES:
            await import_text(parts, shipped(name), name)
        await _know_in_chat(parts)
        await parts.bus.run_due()
    return address


@asynccontextmanager
async def furnished(
    engine: Engine, folder: Path, source: str, *, chat: str = NOWHERE, **settings: object
) -> AsyncIterator[Furnished]:
    """Open a hub on a copy of an imported database."""
    address = await engine.copy(source, folder)
    async with put_together(settings_for(folder, chat, database_url=address, **settings)) as parts:
        await parts.migrate()
        users = {email: user for user, email in await chat_people(parts.storage.engine)}
        day = STARTS_AT.date()
        async with parts.storage.reading() as work:
            coordinator = (await work.people.coordinators(EDITION, day))[0]
            teams = await work.people.teams(EDITION, [NETWORK], day)
        officials = [team.members[0] for team in teams if team.members]
        assert all(one.has_role(RoleName.OFFICIAL, day) for one in officials)
        yield Furnished(
            folder=folder, address=address, parts=parts, users=users, coordinator=coordinator, officials=officials
        )


async def _know_in_chat(parts: Parts) -> None:
    people = await chat_people(parts.storage.engine)
    async with parts.storage.work() as work:
        for user, email in people:
            await work.identities.match(TEAM, user, email=email, locale="pl-PL", zone="Europe/Warsaw", at=parts.clock())
