"""What ``pim-bot doctor`` says: everything that has to be right before the hub can serve, each with its remedy.

It only looks: nothing is made, migrated or left behind. What does not answer is given up after a few seconds.
"""

import asyncio
from datetime import timedelta

from pim_bot.clients.slack import TIMEOUT
from pim_bot.doctor.chat import NAME as SLACK
from pim_bot.doctor.chat import look_at_channels, look_at_chat
from pim_bot.doctor.database import look_at_database
from pim_bot.doctor.files import look_at_files
from pim_bot.doctor.keys import look_at_keys
from pim_bot.doctor.queue import look_at_queue
from pim_bot.doctor.threads import NobodyWaits
from pim_bot.errors import SettingsError
from pim_bot.finding import Finding, well, wrong
from pim_bot.settings import Settings

NAME = "ustawienia"
SLOWEST = timedelta(seconds=20)
"""How long after our patience has ended Slack may still take a message over: a margin, nobody promises it."""


def examined(settings: Settings | SettingsError) -> list[Finding]:
    """Examine the hub on a loop that nothing keeps from ending."""

    async def look() -> list[Finding]:
        asyncio.get_running_loop().set_default_executor(NobodyWaits())
        return await examine(settings)

    return asyncio.run(look())


async def examine(settings: Settings | SettingsError) -> list[Finding]:
    """Tell everything that was looked at: first what is wrong, in the order in which to mend it, then what is well."""
    if isinstance(settings, SettingsError):
        return [wrong(NAME, line) for line in str(settings).splitlines()]
    stored, queue, chat = await asyncio.gather(
        look_at_database(settings), look_at_queue(settings.broker_url), look_at_chat(settings)
    )
    is_known = any(one.ok and one.name == SLACK for one in chat)
    channels = await look_at_channels(settings, stored.channels) if is_known else []
    settled = well(NAME, "odczytane")
    named = [
        *look_at_keys(settings),
        *look_at_files(settings),
        *stored.database,
        *queue,
        *chat,
        *_contacts(settings),
        *_doubt(settings),
    ]
    found = [settled, *named, *stored.programme, *channels, *stored.processes]
    return sorted(found, key=lambda one: one.ok)


def _contacts(settings: Settings) -> list[Finding]:
    """Tell that nobody is named whom people can ask about their data (RODO art. 13)."""
    told = {
        "PIM_IOD_CONTACT": (settings.contacts.iod, "kontakt do inspektora ochrony danych"),
        "PIM_ADMINISTRATOR": (settings.contacts.administrator, "nazwę administratora danych"),
    }
    return [
        wrong(name, f"brak. Prosimy podać {what}: bot pokazuje to osobom (art. 13 RODO).")
        for name, (value, what) in told.items()
        if not value
    ]


def _doubt(settings: Settings) -> list[Finding]:
    """Tell that a message in doubt is looked for so soon that Slack may still be working on it."""
    least = timedelta(seconds=TIMEOUT) + SLOWEST
    if settings.doubt_wait >= least:
        return []
    text = (
        f"{settings.doubt_seconds:g} s to za mało: Slack może jeszcze wtedy przyjmować wiadomość, której szukamy, i "
        f"dotarłaby dwa razy. Prosimy podać co najmniej {least.total_seconds():.0f} albo usunąć to ustawienie (90)."
    )
    return [wrong("PIM_DOUBT_SECONDS", text)]


def closing_word(found: list[Finding]) -> str:
    """Say in one line how it stands."""
    wrongs = sum(not one.ok for one in found)
    return f"Do naprawienia: {wrongs}. Prosimy zacząć od góry." if wrongs else "Wszystko jest w porządku."
