"""Slack: the tokens, the address, who the bot is, and whether it may post in its channels."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import urlsplit

from slack_sdk.errors import SlackApiError

from pim_bot.clients.channels import channel_problems
from pim_bot.clients.egress import guarded_session
from pim_bot.clients.slack import WAITS_FOR_OPERATOR, SlackChat, make_client
from pim_bot.errors import TooSlow
from pim_bot.finding import Finding, well, wrong
from pim_bot.patience import within
from pim_bot.settings import Settings, missing_for_slack

NAME = "Slack"
PATIENCE = timedelta(seconds=5)
PATIENCE_FOR_PAGES = timedelta(seconds=10)
"""A workspace with many channels tells them page by page."""


async def look_at_chat(settings: Settings) -> list[Finding]:
    """Look at what the bot needs to talk to Slack."""
    found = [wrong(NAME, text) for text in missing_for_slack(settings)] + [_public_address(settings)]
    if settings.slack_bot_token.get_secret_value():
        async with _chat(settings) as chat:
            found.append(await _identity(chat, settings.slack_api))
    return found


async def look_at_channels(settings: Settings, names: list[str]) -> list[Finding]:
    """Look at where the programme writes to; for a bot that Slack knows."""
    try:
        async with _chat(settings) as chat:
            return await within(PATIENCE_FOR_PAGES, channel_problems(chat, names))
    except TooSlow:
        return [wrong("kanały", "Slack zbyt długo o nich opowiada. Prosimy spróbować za chwilę.")]


@asynccontextmanager
async def _chat(settings: Settings) -> AsyncIterator[SlackChat]:
    async with guarded_session(settings.slack_api) as session:
        yield SlackChat(make_client(settings.slack_bot_token.get_secret_value(), settings.slack_api, session))


def _public_address(settings: Settings) -> Finding:
    address = urlsplit(settings.public)
    local = address.hostname in ("127.0.0.1", "localhost", "::1")
    if settings.slack_app_token.get_secret_value():
        return well("adres", "Socket Mode nie wymaga adresu publicznego.")
    if local or address.scheme != "https":
        return wrong(
            "adres",
            f"Slack nie dotrze do {settings.public}. Prosimy ustawić PIM_PUBLIC_URL (https://…) albo SLACK_APP_TOKEN.",
        )
    return well("adres", settings.public)


async def _identity(chat: SlackChat, address: str) -> Finding:
    try:
        identity = await within(PATIENCE, chat.identity())
    except SlackApiError as error:
        return _refused(error, address)
    except Exception as error:  # noqa: BLE001 - whatever keeps the answer from coming is the finding
        why = "nie odpowiada" if isinstance(error, (TooSlow, TimeoutError)) else type(error).__name__
        return wrong(NAME, f"brak połączenia z {address} ({why}). Prosimy sprawdzić HTTPS_PROXY, NO_PROXY i DNS.")
    return well(NAME, f"{identity['team']}, bot {identity['user_id']}")


def _refused(error: SlackApiError, address: str) -> Finding:
    said = getattr(error.response, "data", None)
    code = str(said.get("error", "")) if isinstance(said, dict) else ""
    if code in WAITS_FOR_OPERATOR:
        text = f"Slack odrzucił token ({code}). Prosimy skopiować go ponownie z ustawień aplikacji."
        return wrong("SLACK_BOT_TOKEN", text)
    if code:
        return wrong(NAME, f"Slack odmówił ({code}). Prosimy spróbować za chwilę.")
    return wrong(NAME, f"pod adresem {address} nie odpowiada Slack. Prosimy poprawić PIM_SLACK_API_URL.")
