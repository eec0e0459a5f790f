"""What the command line does with a hub: import a programme, examine the set-up, look at what is parked."""

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError

from pim_bot.blocks.messages import failure_word
from pim_bot.bootstrap import Parts, put_together
from pim_bot.errors import Refused, SettingsError
from pim_bot.i18n import Words
from pim_bot.programme.comparison import unnamed
from pim_bot.programme.file import opened
from pim_bot.programme.importing import import_edition
from pim_bot.programme.people import Actor
from pim_bot.settings import Settings, missing_for_slack


async def import_file(settings: Settings, text: bytes, *, name: str, dry_run: bool) -> list[str]:
    """Take a programme file over, or only tell what would change; returns the lines to print.

    Raises ``BrokenProgrammeFile``; then nothing is written.
    """
    async with put_together(settings) as parts:
        await parts.migrate()
        async with parts.storage.work() as work:
            file = opened(text, name=name)
            present = await work.programme.load(file.slug)
            wanted = file.edition(present)
            changes = await import_edition(work, Actor(door="import"), wanted, now=parts.clock(), dry_run=dry_run)
            left = [] if file.supplements else unnamed(present, wanted)
        lines = [change.sentence() for change in changes] + [one.sentence() for one in left]
        if not changes:
            return [*lines, "Bez zmian."]
        done = "Tyle by się zmieniło: {n}. Nic nie zapisano." if dry_run else "Zapisane zmiany: {n}."
        channels = [network.channel for network in wanted.networks if network.channel]
        problems = [] if dry_run else await _channel_problems(parts, channels)
        return [*lines, done.format(n=len(changes)), *(one.line() for one in problems)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, and what to do if it is not."""

    name: str
    ok: bool
    text: str

    def line(self) -> str:
        """Say it in one line."""
        return f"{'✔' if self.ok else '✘'} {self.name}: {self.text}"

    def as_dict(self) -> dict[str, Any]:
        """Give it to a script."""
        return asdict(self)


async def examine(settings: Settings | SettingsError) -> list[Finding]:
    """Look at everything that has to be right before the hub can serve, and tell each thing with its remedy."""
    if isinstance(settings, SettingsError):
        return [Finding(name="ustawienia", ok=False, text=line) for line in str(settings).splitlines()]
    found = [Finding(name="ustawienia", ok=True, text="odczytane")]
    found += [Finding(name="Slack", ok=False, text=text) for text in missing_for_slack(settings)]
    found.append(_public_address(settings))
    try:
        async with put_together(settings) as parts:
            found += await _database(parts)
            if settings.slack_bot_token.get_secret_value():
                found += await _slack(parts)
    except SettingsError as error:
        found.append(Finding(name="ustawienia", ok=False, text=str(error)))
    return found


def _public_address(settings: Settings) -> Finding:
    address = urlsplit(settings.public)
    local = address.hostname in ("127.0.0.1", "localhost", "::1")
    if settings.slack_app_token.get_secret_value():
        return Finding(name="adres", ok=True, text="Socket Mode nie wymaga adresu publicznego.")
    if local or address.scheme != "https":
        text = (
            f"Slack nie dotrze do {settings.public}. Prosimy ustawić PIM_PUBLIC_URL (https://…) albo SLACK_APP_TOKEN."
        )
        return Finding(name="adres", ok=False, text=text)
    return Finding(name="adres", ok=True, text=settings.public)


async def _database(parts: Parts) -> list[Finding]:
    try:
        await parts.migrate()
        async with parts.storage.reading() as work:
            edition = await work.editions.in_force(parts.clock().date())
            parked = await work.reactions.parked()
    except Exception as error:  # noqa: BLE001 - whatever the engine raises is the finding
        text = f"nie da się otworzyć ({type(error).__name__}). Prosimy sprawdzić PIM_DATABASE_URL i prawa do folderu."
        return [Finding(name="baza danych", ok=False, text=text)]
    found = [Finding(name="baza danych", ok=True, text="otwarta i aktualna")]
    if edition is None:
        text = "nie wczytano żadnej edycji. Prosimy użyć: pim-bot import PLIK"
        found.append(Finding(name="program", ok=False, text=text))
    else:
        found.append(Finding(name="program", ok=True, text=edition.name))
    if parked:
        text = f"wstrzymanych: {len(parked)}. Szczegóły: pim-bot parked"
        found.append(Finding(name="reakcje", ok=False, text=text))
    return found


async def _slack(parts: Parts) -> list[Finding]:
    try:
        identity = await parts.chat.identity()
    except SlackApiError as error:
        code = str(error.response.get("error", ""))
        text = f"Slack odrzucił token ({code}). Prosimy skopiować go ponownie z ustawień aplikacji."
        return [Finding(name="SLACK_BOT_TOKEN", ok=False, text=text)]
    except (aiohttp.ClientError, TimeoutError) as error:
        text = f"brak połączenia z {parts.settings.slack_api} ({type(error).__name__}). Prosimy sprawdzić HTTPS_PROXY."
        return [Finding(name="Slack", ok=False, text=text)]
    found = [Finding(name="Slack", ok=True, text=f"{identity['team']}, bot {identity['user_id']}")]
    async with parts.storage.reading() as work:
        edition = await work.editions.in_force(parts.clock().date())
        networks = await work.editions.networks(edition.slug) if edition else []
    return found + await _channel_problems(parts, [network.channel for network in networks if network.channel])


async def _channel_problems(parts: Parts, channels: list[str]) -> list[Finding]:
    """Tell the channels that the bot cannot post in, each with the one step that mends it."""
    if not channels or not parts.settings.slack_bot_token.get_secret_value():
        return []
    try:
        problems = await parts.chat.channels_without_bot(channels)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        return [Finding(name="kanały", ok=False, text=f"nie da się ich odczytać ({type(error).__name__}).")]
    words = Words()
    return [
        Finding(name=f"kanał #{name}", ok=False, text=failure_word(words, why, name))
        for name, why in sorted(problems.items())
    ]


async def parked(settings: Settings, *, retry: str, skip: str) -> list[dict[str, Any]]:
    """Try a parked reaction again or skip it, and tell which ones are left."""
    async with put_together(settings) as parts:
        await parts.migrate()
        async with parts.storage.work() as work:
            for key, again in ((retry, True), (skip, False)):
                if key and not await _settle(work, key, again=again):
                    raise Refused("Nie ma takiej wstrzymanej reakcji: {key}. Listę pokaże: pim-bot parked", key=key)
            return [dict(row) for row in await work.reactions.parked()]


async def _settle(work: Any, key: str, *, again: bool) -> bool:
    number, _, reaction = key.partition("/")
    return number.isdigit() and await work.reactions.settle(int(number), reaction, retry=again)


async def upgrade_database(settings: Settings) -> str:
    """Bring the database to the newest migration."""
    async with put_together(settings) as parts:
        await parts.migrate()
    return "Baza danych jest aktualna."
