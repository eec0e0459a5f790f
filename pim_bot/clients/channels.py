"""Whether the bot may post where the programme wants it to."""

import aiohttp
from slack_sdk.errors import SlackApiError

from pim_bot.blocks.messages import failure_word
from pim_bot.clients.slack import SlackChat
from pim_bot.finding import Finding, wrong
from pim_bot.i18n import Words


async def channel_problems(chat: SlackChat, names: list[str]) -> list[Finding]:
    """Tell the channels that the bot cannot post in, each with the one step that mends it."""
    if not names:
        return []
    try:
        problems = await chat.channels_without_bot(names)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        return [wrong("kanały", f"nie da się ich odczytać ({type(error).__name__}). Prosimy spróbować za chwilę.")]
    words = Words()
    return [wrong(f"kanał #{name}", failure_word(words, why, name)) for name, why in sorted(problems.items())]
