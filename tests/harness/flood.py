"""A programme so large that one act of a planner makes as many messages as there are members."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import update

from pim_bot.bootstrap import put_together
from pim_bot.clock import machine_clock
from pim_bot.playground.model import Json
from pim_bot.storage.tables.flow import event_reaction
from tests.engines import Engines
from tests.harness.far_end import FarEnd
from tests.hub import BOT, import_text, settings_for, shipped

CHANNEL = "CFLOOD"
PLANNER = "UPLANNER"
NINE = datetime(2023, 3, 13, 8, 0, tzinfo=UTC)
"""Nine o'clock on a Monday near the end of the programme, when little else is still to come."""

DAY = "2023-03-28"
NOWHERE = "http://127.0.0.1:9/api/"
CITIES = (
    *("gdansk", "kostrzyn-nad-odra", "lublin", "miedzyrzec-podlaski", "raciborz"),
    *("ruda-slaska", "slupsk", "uniejow", "zory", "zyrardow"),
)
"""Those of the network."""


def supplement(members: int) -> str:
    """The programme file that names the people: a planner, and officials of the ten cities of one network."""
    people = "\n".join(
        f"  - {{name: Osoba {number:04} (przykład), email: {address(number)},"
        f" roles: [{{role: official, city: {CITIES[number % len(CITIES)]}}}]}}"
        for number in range(members)
    )
    return f"""
supplements: pim2-2021-2023
networks:
  - {{slug: miasto-zielone, channel: pim-zielone}}
people:
  - {{name: Planistka (przykład), email: planner@example.org, roles: [{{role: coordinator}}]}}
{people}
"""


def address(number: int) -> str:
    return f"osoba{number:04}@example.org"


def workspace_of(members: int) -> tuple[list[Json], list[Json]]:
    """The same people in chat, and the network's channel."""
    people: list[Json] = [{"id": PLANNER, "name": "planner", "real_name": "planner", "email": "planner@example.org"}]
    people += [
        {"id": f"U{number:04}", "name": f"osoba{number}", "real_name": f"osoba{number}", "email": address(number)}
        for number in range(members)
    ]
    channel = {"id": CHANNEL, "name": "pim-zielone", "members": [BOT, PLANNER]}
    return people, [channel]


async def prepare(engines: Engines, members: int) -> None:
    """Make a database with the programme in it, where it is nine o'clock on that Monday."""
    await engines.start_from(f"flood_{members}", partial(_fill, engines.folder, members))
    settings = settings_for(engines.folder, NOWHERE, database_url=engines.database_url)
    async with put_together(settings) as parts, parts.storage.work() as work:
        await work.keep_offset(NINE - machine_clock())


async def _fill(folder: Path, members: int, url: str) -> None:
    async with put_together(settings_for(folder, NOWHERE, database_url=url)) as parts:
        await parts.migrate()
        parts.clock.set_to(NINE)
        await import_text(parts, shipped("pim2-2021-2023.yaml"))
        await import_text(parts, supplement(members).encode())
        async with parts.storage.engine.begin() as connection:
            # What reactions would plan for each member, reminders and digests, is not what the storm is about.
            await connection.execute(update(event_reaction).values(state="done"))


async def move_in(slack: FarEnd, members: int) -> None:
    people, channels = workspace_of(members)
    await slack.ask("people", people=people)
    await slack.ask("channels", channels=channels)


class Planner:
    """The coordinator, who plans one workshop after another and tries again what was not acknowledged."""

    def __init__(self, slack: FarEnd) -> None:
        self._slack = slack
        self._has_form = False
        self.tried = 0
        self.planned: list[str] = []

    async def plan(self) -> bool:
        """Try to plan one workshop; tells whether that was acknowledged."""
        try:
            return await self._plan()
        except (aiohttp.ClientError, TimeoutError):  # the chat was killed, and with it the form
            self._has_form = False
            return False

    async def _plan(self) -> bool:
        if not self._has_form:
            asked = await self._slack.ask("act", user=PLANNER, do="command", text="wydarzenie")
            self._has_form = bool(asked["ok"] and asked.get("modal"))
            self.tried += self._has_form
            return False if not self._has_form else await self._submit()
        return await self._submit()

    async def _submit(self) -> bool:
        title = f"Akt {self.tried:05}"
        told = await self._slack.ask("act", user=PLANNER, do="submit", values=self.form(title), note=title)
        done = bool(told["ok"])
        if done or told.get("modal") is None:
            self._has_form = False
        if done:
            self.planned.append(title)
        return done

    @staticmethod
    def form(title: str) -> dict[str, Any]:
        return {
            "Rodzaj": "warsztaty-sieci",
            "Sieć": ["miasto-zielone"],
            "Tytuł": title,
            "Początek": DAY,
            "Początek, godzina": "10:00",
            "Koniec, godzina": "12:00",
        }
