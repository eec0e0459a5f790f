"""``/pim ogłoszenie``: written once, shown before it goes, told to everybody it is for, and who has read it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pim_bot.blocks import bulletins as blocks
from pim_bot.blocks.elements import Message
from pim_bot.blocks.forms import done_view
from pim_bot.errors import NotAllowed, Refused
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import Door, Screens
from pim_bot.handlers.payloads import Click, Command, Request, Submission
from pim_bot.programme.bulletin import Audience, BulletinDraft
from pim_bot.programme.bulletins import (
    LONGEST_TEXT,
    checked_bulletin,
    networks_to_tell,
    read_bulletin,
    readers_shown,
    send_bulletin,
)
from pim_bot.programme.permissions import Action, Place, can, needs

LONGEST_METADATA = 3000
FIELDS = ("network", "audience", "title", "text", "link")


@dataclass(frozen=True, kw_only=True, slots=True)
class BulletinHandlers:
    """The form, its preview, „Przeczytane”, and who has read it."""

    door: Door
    screens: Screens

    @needs(Action.SEND_BULLETIN)
    async def open_by_command(self, command: Command) -> Message | None:
        """``/pim ogłoszenie [text]``: open the form."""
        await self._open(command, {"text": command.rest[:LONGEST_TEXT]})
        return None

    @needs(Action.SEND_BULLETIN)
    async def open(self, click: Click) -> None:
        """Open the form from a button."""
        await self._open(click, {})

    async def _open(self, request: Request, typed: Mapping[str, Any]) -> None:
        async with self.door.look(request) as visit:
            edition = await visit.edition()
            networks = await networks_to_tell(visit.work, visit.actor, edition.slug, now=visit.now)
            if not networks:
                raise NotAllowed("Ogłoszenia wysyła koordynacja, a do swojej sieci opiekun/ka sieci.")
            day = visit.member.day_of(visit.now)
            to_all = can(visit.actor, Action.SEND_BULLETIN, Place(edition=edition.slug), day=day)
            view = blocks.bulletin_form(visit.words, networks, typed, to_all=to_all)
        await self.screens.open(request.trigger_id, view)

    @needs(Action.SEND_BULLETIN)
    async def show_preview(self, submission: Submission) -> Answer:
        """Show what goes out and to how many; nothing is sent yet."""
        typed = {name: submission.typed.get(name) or "" for name in FIELDS}
        async with self.door.step(submission) as visit:
            edition = await visit.edition()
            draft, readers = await checked_bulletin(visit.work, visit.actor, _draft(typed, edition.slug), now=visit.now)
            metadata = json.dumps(typed | {"title": draft.title, "text": draft.text}, ensure_ascii=False)
            if len(metadata) > LONGEST_METADATA:
                problem = Refused("Ten tekst jest za długi. Prosimy go skrócić.")
                raise Refused("Formularz wymaga poprawek.", fields={"text": problem})
            networks = await visit.work.editions.networks(edition.slug)
            name = next(
                (one.name for one in networks if one.slug == draft.network), visit.words.text("Wszystkie sieci")
            )
            channels = [one for one in networks if draft.network in ("", one.slug) and one.channel]
            stands = len(channels) if draft.audience is Audience.EVERYBODY else 0
            view = blocks.preview(visit.words, draft, readers, name, stands, metadata)
            return {"response_action": "push", "view": view}

    @needs(Action.SEND_BULLETIN)
    async def send(self, submission: Submission) -> Answer:
        """Send it, and say to how many it goes."""
        typed = _typed_before(submission.metadata)
        async with self.door.act(submission) as visit:
            edition = await visit.edition()
            _, readers = await send_bulletin(visit.work, visit.actor, _draft(typed, edition.slug), now=visit.now)
            said = visit.words.plural("Wysłane do {n} osoby.", "Wysłane do {n} osób.", len(readers))
            more = visit.words.text("W wiadomości zobaczą Państwo, kto je przeczytał.")
            view = done_view(visit.words, visit.words.text("Ogłoszenie"), f"{said} {more}")
            return {"response_action": "update", "view": view | {"clear_on_close": True}}

    @needs(Action.SEE_PROGRAMME)
    async def read(self, click: Click) -> None:
        """„Przeczytane”."""
        async with self.door.act(click) as visit:
            await read_bulletin(visit.work, visit.actor, click.value, now=visit.now)

    @needs(Action.SEE_READERS)
    async def show_readers(self, click: Click) -> None:
        """„Kto przeczytał”: show it on a screen of its own."""
        async with self.door.look(click) as visit:
            found = await readers_shown(visit.work, visit.actor, click.value, now=visit.now)
            cities = await visit.work.editions.cities(found.bulletin.edition)
            message = blocks.readers(visit.words, found, {one.slug: one.name for one in cities})
            view = done_view(visit.words, visit.words.text("Kto przeczytał"), message.text)
        await self.screens.open(click.trigger_id, view | {"blocks": list(message.blocks)})


def _draft(typed: Mapping[str, Any], edition: str) -> BulletinDraft:
    """Read the form. Raises ``Refused`` with fields."""
    network, audience = str(typed.get("network") or ""), typed.get("audience")
    problems: dict[str, Refused] = {}
    if not network:
        problems["network"] = Refused("Prosimy wybrać sieć.")
    if audience not in set(Audience):
        problems["audience"] = Refused("Prosimy wybrać, do kogo jest ogłoszenie.")
    if problems:
        raise Refused("Formularz wymaga poprawek.", fields=problems)
    return BulletinDraft(
        edition=edition,
        network="" if network == blocks.ALL_NETWORKS else network,
        audience=Audience(str(audience)),
        title=str(typed.get("title") or ""),
        text=str(typed.get("text") or ""),
        link=str(typed.get("link") or ""),
    )


def _typed_before(metadata: str) -> dict[str, Any]:
    """Read what was typed in the form under the preview."""
    try:
        return dict(json.loads(metadata))
    except (ValueError, TypeError) as error:
        raise Refused("Ten formularz jest już nieaktualny. Prosimy otworzyć go ponownie.") from error
