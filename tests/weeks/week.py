"""A hub on Monday morning, and one person in it: their kind of account, their language, and what they did."""

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from typing import Any

from yaml import safe_load

from pim_bot.blocks import ids
from pim_bot.i18n import Words
from pim_bot.locale import catalogue, said
from pim_bot.playground.driver import Person
from pim_bot.playground.model import Message
from pim_bot.playground.workspace import Workspace
from tests.engines import Engines
from tests.hub import BOT, PEOPLE, USERS, RunningHub, fill_workspace, import_text, running_hub, shipped

ELSEWHERE = "T2"
"""The workspace of whoever comes by Slack Connect."""
CALENDAR = (
    "poniedziałek wtorek środa czwartek piątek sobota niedziela stycznia lutego marca kwietnia maja czerwca lipca "
    "sierpnia września października listopada grudnia"
)
FROM = {
    "koordynatorka": "MFiPR",
    "opiekunka": "MFiPR",
    "ekspert": "Bank Światowy",
    "ministerstwo": "MKiŚ",
    "zory": "Żory",
    "zory2": "Żory",
}
"""What people write of themselves under „Miasto albo instytucja”."""


class Account(StrEnum):
    """What kind of account somebody has."""

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"


@dataclass(kw_only=True)
class Week:
    """The week of one person."""

    hub: RunningHub
    name: str
    account: Account
    language: str
    me: Person

    @property
    def is_stranger(self) -> bool:
        """Whether the person has neither commands nor a Home tab nor shortcuts."""
        return self.account is Account.STRANGER

    def told(self, pl: str, en: str) -> str:
        """Choose what is said to the person, or by them, in their language."""
        return pl if self.language == "pl" else en

    @property
    def texts(self) -> list[str]:
        """What the bot wrote to the person, by its text."""
        return self.hub.texts(self.name)

    def heard(self, pl: str, en: str) -> None:
        """Check the last message of the bot to the person."""
        assert self.texts[-1] == self.told(pl, en)

    async def ask(self, pl: str, en: str) -> Message:
        """Write to the bot, and read the one message that answers."""
        before = len(self.texts)
        await self.me.say(self.told(pl, en))
        await self.hub.settle()
        assert len(self.texts) == before + 1, self.texts[before:]
        return self.me.last()

    async def press(self, message: Message | None, action_id: str) -> None:
        """Press a button of a message, the newest that has it if none is named; what follows happens."""
        place = message or self.newest(action_id)
        outcome = await self.me.click(place, action_id)
        assert outcome.ok, outcome
        await self.hub.settle()

    def newest(self, action_id: str) -> Message:
        """Find the newest message that has a button."""
        return newest_with(self.me, action_id)

    async def send(self, filled: dict[str, Any] | None = None) -> None:
        """Fill in the form that stands open, and send it to its end; its fields are named in Polish."""
        words = Words(self.language)
        outcome = await self.me.submit(
            self.me.modal, {words.text(label): value for label, value in (filled or {}).items()}
        )
        assert (outcome.errors_by_label, outcome.withheld, outcome.error) == ({}, {}, None)
        await self.hub.settle()

    async def home(self) -> str:
        """Look at the Home tab, and read all that stands there."""
        view = await self.me.open_home()
        await self.hub.settle()
        assert (view or self.me.home) is not None
        return "\n".join(texts_in(self.me.home.blocks)) if self.me.home else ""

    def polish_words(self, *names: str) -> set[str]:
        """Tell which Polish words the bot said to the person, but for names of the programme and what people wrote."""
        shown = [*self.me.messages()]
        said_to_them = [text for one in shown if one.user == BOT for text in (one.text, *texts_in(one.blocks))]
        if self.me.home is not None:
            said_to_them += texts_in(self.me.home.blocks)
        return {word for text in said_to_them for word in polish_in(text, (*names, *names_of_the_programme()))}


def newest_with(person: Person, action_id: str) -> Message:
    """Find the newest message before somebody that has a button."""
    return next(one for one in reversed(person.messages()) if f"'{action_id}" in str(one.blocks))


def labels(message: Message) -> list[str]:
    """Tell the labels of a message's buttons."""
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row if "text" in element]


def texts_in(part: object) -> Iterator[str]:
    """Tell every text that stands in blocks."""
    if isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for inner in part.values():
            yield from texts_in(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from texts_in(inner)


def polish_in(text: str, names: Iterable[str] = ()) -> set[str]:
    """Tell which words of a text only the Polish catalogue has, but for ``names``."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return _words(text) & _polish()


@cache
def names_of_the_programme() -> tuple[str, ...]:
    """Tell what the programme itself calls its people, places, activities and parts of documents."""
    found = [*_named(safe_load(shipped("pim2-2021-2023.yaml"))), *_named(safe_load(PEOPLE))]
    return ("Dodaj do MID/PU", "MKiŚ", *found)


def _named(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for name, inner in part.items():
            if isinstance(inner, str) and name in ("name", "title", "place"):
                yield inner
            yield from _named(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from ([inner] if isinstance(inner, str) else _named(inner))


@cache
def _polish() -> set[str]:
    """Words of the Polish texts that stand in no English one."""
    messages = [one for one in catalogue("en") if one.id]
    polish = {word for one in messages for source in said(one.id) for word in _words(source)}
    english = {word for one in messages for text in said(one.string) for word in _words(text)}
    return (polish | _words(CALENDAR)) - english


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{3,}", re.sub(r"\{\w*\}|https?://\S+", " ", text.lower())))


@asynccontextmanager
async def beginning_week(engines: Engines, name: str, account: Account, language: str) -> AsyncIterator[Week]:
    """Monday, nine o'clock: the chat knows everybody; whoever comes by Slack Connect was confirmed by a guardian."""
    move_in = partial(_move_in, name=name, account=account, language=language)
    whose = f"_{name}_{account}_{language}"
    async with running_hub(engines, looked_up=True, move_in=move_in, whose=whose) as hub:
        week = Week(hub=hub, name=name, account=account, language=language, me=hub.user(name))
        if week.is_stranger:
            await be_confirmed(week)
        week.me.taps = 0
        yield week


def _move_in(workspace: Workspace, *, name: str, account: Account, language: str) -> None:
    fill_workspace(workspace)
    user = workspace.users[f"U{name.upper()}"]
    user.locale = {"pl": "pl-PL", "en": "en-GB"}[language]
    user.restricted = account is Account.GUEST
    if account is Account.STRANGER:
        user.home_team = ELSEWHERE
        workspace.conversations["CZIELONE"].shared = True


async def be_confirmed(week: Week) -> None:
    """Say who one is, in the form that the bot offers, and be confirmed by whoever looks after the network."""
    if week.name == "koordynatorka":
        await a_second_coordinator(week.hub)
    await week.ask("Dzień dobry", "Good morning")
    assert week.texts[-1].startswith(
        week.told("Nie ma Państwa jeszcze na liście osób programu.", "You are not on the programme's list yet.")
    )
    await week.press(week.me.last(), ids.INTRODUCE)
    said_of_oneself = {"Imię i nazwisko": week.name, "Miasto albo instytucja": FROM[week.name]}
    await week.send({**said_of_oneself, "Adres e-mail": USERS[week.name]})
    await week.me.close()
    confirms = next(one for one in map(week.hub.user, (*USERS, "druga")) if ids.CONFIRM_PERSON in seen_by(one))
    assert (await confirms.click(newest_with(confirms, ids.CONFIRM_PERSON), ids.CONFIRM_PERSON)).ok
    await week.hub.settle()


async def schedule(hub: RunningHub, filled: dict[str, Any]) -> None:
    """Let the coordinator schedule an activity in the form."""
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "wydarzenie")
    outcome = await planner.submit(planner.modal, filled)
    assert (outcome.errors_by_label, outcome.withheld) == ({}, {})
    await hub.settle()


def seen_by(person: Person) -> str:
    """All that the bot shows to somebody in their direct conversation."""
    return str([(one.text, one.blocks) for one in person.messages() if one.user == BOT])


async def a_second_coordinator(hub: RunningHub) -> None:
    """People of institutions are confirmed by coordinators, so the only one could not come by Slack Connect."""
    hub.slack.workspace.add_user(id="UDRUGA", name="druga", real_name="druga", email="druga@example.org")
    druga = "{name: Druga koordynatorka (przykład), email: druga@example.org, role: coordinator}"
    await import_text(hub.parts, f"supplements: pim2-2021-2023\npeople:\n  - {druga}\n".encode())
    await hub.settle()
