"""The demo: the whole hub in one process on a fresh data folder, with the real programme and a local chat.

Nothing between the page and the bot is stubbed: the page's workspace speaks Slack's Web API and signed requests over
the loopback.
"""

import asyncio
import os
import secrets
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from aiohttp import web

from pim_bot.bootstrap import EVERYTHING, Parts, background, put_together, serving, stop_signal
from pim_bot.clock import machine_clock
from pim_bot.errors import SettingsError
from pim_bot.i18n import Words
from pim_bot.playground.browser import BrowserPage, PageText, Shortcut
from pim_bot.playground.call_log import CallLog
from pim_bot.playground.server import attach, set_base_url
from pim_bot.playground.switchboard import Switchboard
from pim_bot.playground.workspace import Workspace
from pim_bot.programme.edition import Edition, Person
from pim_bot.programme.file import opened
from pim_bot.programme.importing import import_edition
from pim_bot.programme.people import Actor
from pim_bot.settings import Settings

STARTS_AT = datetime(2022, 1, 10, 8, 0, tzinfo=UTC)  # Monday, 9:00 in Warsaw
FILES = ("pim2-2021-2023.yaml", "demo-pim2.yaml")
BOT = "UPIMBOT"

TRY_FIRST = {
    "pl": (
        "Prosimy wybrać osobę „Koordynatorka Programu (przykład)”, wpisać `/pim wydarzenie` i zaplanować warsztaty.",
        "W kanale sieci jest ogłoszenie. Prosimy wybrać osobę z zespołu miasta i odpowiedzieć przyciskiem.",
        "Jako koordynacja: `/pim terminy`, a potem „Przenieś”. Wiadomości zmienią się na miejscu.",
        "Zegar „do następnego zdarzenia” przynosi przypomnienia, a w poniedziałek o 8:00 przegląd tygodnia.",
    ),
    "en": (
        "Choose “Koordynatorka Programu (przykład)”, type `/pim activity` and schedule a network workshop.",
        "The network's channel has the announcement. Choose somebody of a city team and answer with a button.",
        "As a coordinator: `/pim agenda`, then “Przenieś” (move). The messages change in place.",
        "The clock “to the next thing due” brings reminders, and on Monday at 8:00 the weekly digest.",
    ),
}


async def demo(*, host: str = "127.0.0.1", port: int = 8080) -> None:
    """Run the demo until SIGTERM or SIGINT; its data folder is new and deleted at the end."""
    stop = stop_signal()
    with tempfile.TemporaryDirectory(prefix="pim-demo-") as folder:
        settings = demo_settings(Path(folder), host=host, port=port)
        await _make_tables(settings)
        async with put_together(settings, roles=EVERYTHING) as parts:
            await parts.migrate()
            ready = asyncio.Event()
            switchboard = await furnish(parts, ready)
            async with parts.present(), background(parts, EVERYTHING), serving(parts) as bound:
                address = f"http://{host}:{bound}"
                switchboard.app_url = f"{address}/slack/events"
                set_base_url(switchboard, address, prefix="/playground")
                await parts.winding.settle()  # everybody is found in chat before the first command
                ready.set()
                print(_greeting(address), flush=True)  # noqa: T201 - this is what the person waits for
                await stop.wait()


async def _make_tables(settings: Settings) -> None:
    """Make the tables in a process of its own: what the migrations need is not kept in memory then."""
    environment = os.environ | {"PIM_DATABASE_URL": settings.database, "PIM_DATA_DIR": str(settings.data_dir)}
    command = (sys.executable, "-m", "pim_bot", "db", "upgrade")
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
    if await process.wait() != 0:
        raise SettingsError(f"Nie da się przygotować bazy danych w {settings.data_dir}.")


def demo_settings(folder: Path, *, host: str, port: int) -> Settings:
    """Make the settings of a demo, with secrets of its own."""
    return Settings.model_validate(
        {
            "data_dir": folder,
            "database_url": f"sqlite:///{folder / 'pim_bot.db'}",
            "host": host,
            "port": port,
            "public_url": f"http://{host}:{port}",
            "slack_api_url": f"http://{host}:{port}/playground/api/",
            "SLACK_BOT_TOKEN": f"xoxb-{secrets.token_hex(12)}",
            "SLACK_SIGNING_SECRET": secrets.token_hex(16),
            "SLACK_APP_TOKEN": "",
            "secret_key": secrets.token_urlsafe(32),
            "broker_url": "",
            "requests_per_minute": 0,  # one person at one machine, and the page asks much
            "doubt_seconds": 5,
            "lease_seconds": 15,
            # The local chat takes everything at once, so that weeks go by in seconds.
            "conversation_per_minute": 0,
            "posts_per_minute": 0,
            "changes_per_minute": 0,
        }
    )


async def furnish(parts: Parts, ready: asyncio.Event | None = None) -> Switchboard:
    """Import the programme with its made-up people and open the local chat for them."""
    async with parts.storage.work() as work:
        await work.keep_offset(parts.clock.set_to(STARTS_AT))
    edition = await _import(parts)
    workspace = Workspace(
        machine_clock=machine_clock,
        programme_clock=parts.clock,
        bot_user_id=BOT,
        bot_name="pim_bot",
        bot_token=parts.settings.slack_bot_token.get_secret_value(),
        name="PIM 2021-2023 (demo)",
    )
    workspace.calls = CallLog(most=100)
    _move_in(workspace, edition)
    secret = parts.settings.signing_secrets[0]
    switchboard = Switchboard(workspace, signing_secret=secret, app_url="")
    page = BrowserPage(switchboard, winder=parts.winding, text=_page_text(), ready=ready)
    attach(parts.app, switchboard=switchboard, prefix="/playground", page=page)
    parts.app.router.add_get("/", _to_playground)
    return switchboard


async def _to_playground(_: web.Request) -> web.Response:
    raise web.HTTPFound("/playground/")


async def _import(parts: Parts) -> Edition:
    folder = resources.files("pim_bot.programme") / "editions"
    async with parts.storage.work() as work:
        for name in FILES:
            file = opened((folder / name).read_bytes(), name=name)
            wanted = file.edition(await work.programme.load(file.slug))
            await import_edition(work, Actor(door="import"), wanted, now=parts.clock())
        return wanted


def _move_in(workspace: Workspace, edition: Edition) -> None:
    """Make the programme's people users of the local chat and open the networks' channels."""
    people = sorted(edition.people, key=lambda person: _place(person, edition))
    users = {person.email: f"U{number:03}" for number, person in enumerate(people, start=1)}
    for person in people:
        workspace.add_user(
            id=users[person.email],
            name=person.email.split("@")[0],
            real_name=person.name,
            email=person.email,
            locale="en-GB" if person.language == "en" else "pl-PL",
            tz=person.zone or edition.zone,
            title=_title(person, edition),
            group=_group(person, edition),
        )
    networks = {city: network.slug for network in edition.networks for city in _cities(network.memberships)}
    for number, network in enumerate(edition.networks, start=1):
        here = [
            users[person.email]
            for person in edition.people
            if any(
                role.role == "coordinator" or network.slug in (role.network, networks.get(role.city))
                for role in person.roles
            )
        ]
        if network.channel:
            workspace.add_channel(id=f"C{number:03}", name=network.channel, members=[*here, BOT])
    if edition.channel:
        workspace.add_channel(id="C000", name=edition.channel, members=[*users.values(), BOT])


def _cities(memberships: Iterable[object]) -> list[str]:
    return [getattr(membership, "city", "") for membership in memberships]


def _place(person: Person, edition: Edition) -> tuple[int, str, int, str]:
    """Order people as a visitor looks for them: coordination first, then each network's guardians, experts, cities."""
    order = ("coordinator", "guardian", "ministry", "expert", "official")
    role = person.roles[0].role
    return int(role != "coordinator"), _group(person, edition), order.index(role), person.name


def _title(person: Person, edition: Edition) -> str:
    cities = {city.slug: city.name for city in edition.cities}
    networks = {network.slug: network.name for network in edition.networks}
    role = person.roles[0]
    place = cities.get(role.city) or networks.get(role.network, "")
    names = {
        "coordinator": "koordynacja",
        "guardian": "opieka nad siecią",
        "expert": "ekspert/ka BŚ",
        "official": "zespół miasta",
        "ministry": "ministerstwo",
    }
    return ", ".join(part for part in (names[role.role], place) if part)


def _group(person: Person, edition: Edition) -> str:
    role = person.roles[0]
    if role.role == "coordinator":
        return "Koordynacja programu"
    for network in edition.networks:
        if network.slug == role.network or role.city in _cities(network.memberships):
            return f"Sieć {network.name}"
    return "Program"


def _page_text() -> PageText:
    words = Words()
    return PageText(
        product="pim_bot",
        command="/pim",
        try_first=TRY_FIRST,
        examples=(
            "",
            "wydarzenie",
            "terminy",
            "terminy w Żorach",
            "doradztwo Żory 2h łąki kwietne",
            "przypisz",
            "temat",
            "materiały",
            "pomoc",
        ),
        reactions=("memo", "+1"),
        shortcuts=[
            Shortcut(callback_id="shortcut.activity", name=words.text("Nowe wydarzenie")),
            Shortcut(callback_id="shortcut.session", name=words.text("Zapisz doradztwo")),
            Shortcut(callback_id="shortcut.contribution", name=words.text("Dodaj do MID/PU"), on_message=True),
            Shortcut(callback_id="shortcut.material", name=words.text("Dodaj materiał"), on_message=True),
        ],
    )


def _greeting(address: str) -> str:
    steps = "\n".join(f"  {number}. {text}" for number, text in enumerate(TRY_FIRST["pl"], start=1))
    return (
        f"\npim_bot działa z programem 2021-2023: {address}/playground/\n\n"
        f"Co wypróbować najpierw:\n{steps}\n\n"
        f"Kalendarz sieci: {address}/ical/siec/miasto-zielone.ics\nKoniec: Ctrl-C\n"
    )


def main(*, host: str, port: int) -> None:
    """Run the demo."""
    asyncio.run(demo(host=host, port=port))
