"""``/pim ustawienia``: what a person is told, when and how far ahead."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from pim_bot.blocks import preferences as blocks
from pim_bot.blocks.elements import Message
from pim_bot.blocks.forms import done_view
from pim_bot.errors import Refused
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import Door, Screens, Visit
from pim_bot.handlers.payloads import Click, Command, Request, Submission
from pim_bot.i18n import Words, language_of
from pim_bot.notifications.digests import may_get_digest
from pim_bot.programme.people import Member
from pim_bot.programme.permissions import Action, needs, require
from pim_bot.programme.preferences import Preferences
from pim_bot.programme.preferring import change_preferences


@dataclass(frozen=True, kw_only=True, slots=True)
class PreferenceHandlers:
    """The screen of preferences, and the button „Mniej wiadomości” that leads to it."""

    door: Door
    screens: Screens

    @needs(Action.SET_PREFERENCES)
    async def open_by_command(self, command: Command) -> Message | None:
        """``/pim ustawienia``: open the screen."""
        await self._open(command)
        return None

    @needs(Action.SET_PREFERENCES)
    async def open(self, click: Click) -> None:
        """„Mniej wiadomości”: open the same screen."""
        await self._open(click)

    async def _open(self, request: Request) -> None:
        async with self.door.look(request) as visit:
            require(visit.actor, Action.SET_PREFERENCES, now=visit.now, owner=visit.member.id)
            digest = await may_get_digest(visit.work, visit.member, visit.now)
            view = blocks.preferences_form(visit.words, visit.member, digest=digest)
        await self.screens.open(request.trigger_id, view)

    @needs(Action.SET_PREFERENCES)
    async def save(self, submission: Submission) -> Answer:
        """Keep the first screen, and show the second one to whoever asked for more."""
        async with self.door.act(submission) as visit:
            digest = await may_get_digest(visit.work, visit.member, visit.now)
            chosen = await self._keep(visit, submission.typed, digest=digest)
            if submission.typed.get(blocks.MORE):
                return {"response_action": "update", "view": blocks.more_form(_words(chosen), chosen)}
            return _done(chosen)

    @needs(Action.SET_PREFERENCES)
    async def save_more(self, submission: Submission) -> Answer:
        """Keep the second screen."""
        async with self.door.act(submission) as visit:
            return _done(await self._keep(visit, submission.typed, digest=True))

    async def _keep(self, visit: Visit, typed: Mapping[str, Any], *, digest: bool) -> Member:
        return await change_preferences(
            visit.work,
            visit.actor,
            language=typed.get("language") or language_of(visit.member.language),
            zone=typed.get("zone") or visit.member.zone,
            preferences=preferences_of(typed, visit.member.preferences, digest=digest),
            now=visit.now,
        )


def preferences_of(typed: Mapping[str, Any], before: Preferences, *, digest: bool) -> Preferences:
    """Read a screen; what does not stand on it stays. Raises ``Refused`` with fields."""
    problems: dict[str, Refused] = {}
    changes: dict[str, Any] = {
        name: _time(typed, name, problems) for name in ("opens", "closes", "digest_at") if name in typed
    }
    if "wanted" in typed:
        asked = set(blocks.topics_for(digest=digest))
        wanted = {topic for topic in asked if topic.value in (typed["wanted"] or ())}
        changes["muted"] = frozenset(before.muted - asked | asked - wanted)
    if "ladder" in typed:
        changes["ladder"] = tuple(_number(lead, "ladder", problems) for lead in typed["ladder"] or ())
    if "digest_day" in typed:
        changes["digest_day"] = _number(typed["digest_day"], "digest_day", problems)
    if problems:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    return replace(before, **changes)


def _time(typed: Mapping[str, Any], name: str, problems: dict[str, Refused]) -> time:
    try:
        return time.fromisoformat(typed[name] or "")
    except ValueError:
        problems[name] = Refused("Prosimy wybrać godzinę.")
        return time()


def _number(value: object, name: str, problems: dict[str, Refused]) -> int:
    said = str(value)
    if said.isascii() and said.isdigit() and len(said) <= len(str(blocks.LEADS[0])):
        return int(said)
    problems[name] = Refused("Prosimy wybrać z listy.")
    return 0


def _words(member: Member) -> Words:
    return Words(language_of(member.language))


def _done(member: Member) -> Answer:
    words = _words(member)
    view = done_view(words, words.text("Ustawienia"), blocks.saved(words, member))
    return {"response_action": "update", "view": view}
