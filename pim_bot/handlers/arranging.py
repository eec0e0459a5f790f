"""Arranging advisory sessions in chat: ask, offer times, choose one, or end it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pim_bot.blocks import arranging as blocks
from pim_bot.blocks import forms
from pim_bot.blocks.activities import when_of
from pim_bot.blocks.elements import Message
from pim_bot.errors import NotAllowed, Refused
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import Door, Screens, Visit
from pim_bot.handlers.payloads import Click, Command, Request, Submission
from pim_bot.handlers.prefilled import prefilled
from pim_bot.programme.arranging import (
    MOST_OFFERS,
    ask_for_session,
    choose_time,
    decline_request,
    offer_times,
    request_for,
)
from pim_bot.programme.permissions import Action, Place, can, needs
from pim_bot.programme.session import SessionRequestDraft
from pim_bot.programme.session_line import minutes_in


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrangingHandlers:
    """``/pim umów`` and the buttons of the messages between the two sides."""

    door: Door
    screens: Screens

    @needs(Action.ARRANGE_SESSION)
    async def by_command(self, command: Command) -> Message | None:
        """``/pim umów [topic]``: open the form in which a session is asked for."""
        await self._open(command, {"topic": command.rest[:150]})
        return None

    @needs(Action.ARRANGE_SESSION)
    async def open_form(self, click: Click) -> None:
        """Open the form from a button, with what stands on it."""
        await self._open(click, prefilled(click.value))

    async def _open(self, request: Request, typed: Mapping[str, Any]) -> None:
        async with self.door.look(request) as visit:
            view = await ask_view(visit, typed)
        await self.screens.open(request.trigger_id, view)

    @needs(Action.ARRANGE_SESSION)
    async def ask(self, submission: Submission) -> Answer:
        """Ask the other side."""
        typed = submission.typed
        async with self.door.act(submission) as visit:
            edition = await visit.edition()
            draft = SessionRequestDraft(
                edition=edition.slug,
                city=str(typed.get("city") or ""),
                topic=str(typed.get("topic") or ""),
                part=str(typed.get("part") or ""),
                question=str(typed.get("question") or ""),
            )
            await ask_for_session(visit.work, visit.actor, draft, now=visit.now)
            said = visit.words.text("Prośba jest wysłana. Terminy przyjdą w wiadomości.")
            return _done(visit, said)

    @needs(Action.ARRANGE_SESSION)
    async def open_offer(self, click: Click) -> None:
        """„Zaproponuj terminy”."""
        async with self.door.look(click) as visit:
            request = await request_for(visit.work, visit.actor, click.value, now=visit.now)
            city = await _city_name(visit, request.edition, request.city)
            view = blocks.offer_form(visit.words, request, city, {})
        await self.screens.open(click.trigger_id, view)

    @needs(Action.ARRANGE_SESSION)
    async def offer(self, submission: Submission) -> Answer:
        """Offer the times."""
        typed = submission.typed
        starts = [_instant(typed.get(f"offer_{number}")) for number in range(1, MOST_OFFERS + 1)]
        async with self.door.act(submission) as visit:
            minutes = minutes_in(str(typed.get("length") or "")) or 0
            await offer_times(visit.work, visit.actor, submission.metadata, starts, minutes=minutes, now=visit.now)
            return _done(visit, visit.words.text("Terminy są wysłane. Wybór przyjdzie w wiadomości."))

    @needs(Action.ARRANGE_SESSION)
    async def choose(self, click: Click) -> None:
        """Choose one of the offered times."""
        request_id, _, start = click.value.partition("/")
        async with self.door.act(click) as visit:
            activity = await choose_time(visit.work, visit.actor, request_id, _start(start), now=visit.now)
            said = visit.words.text("Umówione doradztwo: {when}", when=when_of(visit.words, activity))
            view = forms.done_view(visit.words, visit.words.text("Umów doradztwo"), said)
        if click.ephemeral:
            await self.screens.open(click.trigger_id, view)

    @needs(Action.ARRANGE_SESSION)
    async def open_decline(self, click: Click) -> None:
        """„Nie mogę” and „Żaden nie pasuje”: ask for the reason."""
        async with self.door.look(click) as visit:
            request = await request_for(visit.work, visit.actor, click.value, now=visit.now)
            city = await _city_name(visit, request.edition, request.city)
            view = blocks.decline_form(visit.words, request, city)
        await self.screens.open(click.trigger_id, view)

    @needs(Action.ARRANGE_SESSION)
    async def decline(self, submission: Submission) -> Answer:
        """End the request; the other side hears the reason."""
        reason = str(submission.typed.get("reason") or "")
        async with self.door.act(submission) as visit:
            await decline_request(visit.work, visit.actor, submission.metadata, reason=reason, now=visit.now)
            return _done(visit, visit.words.text("Prośba jest zakończona. Druga strona dostanie wiadomość."))


async def ask_view(visit: Visit, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Make the form with the cities of this person; raises ``NotAllowed`` when there is none."""
    edition, day = await visit.edition(), visit.member.day_of(visit.now)
    networks = [one.slug for one in await visit.work.editions.networks(edition.slug)]
    mine = {
        city
        for network, city in await visit.work.editions.cities_of(edition.slug, networks, day)
        if can(
            visit.actor,
            Action.ARRANGE_SESSION,
            Place(edition=edition.slug, networks=(network,), city=city),
            day=day,
        )
    }
    if not mine:
        raise NotAllowed(
            "O doradztwo proszą miasta i ich eksperci BŚ. Jeśli to pomyłka, prosimy o kontakt z koordynacją."
        )
    cities = [city for city in await visit.work.editions.cities(edition.slug) if city.slug in mine]
    parts = [one for one in await visit.work.editions.parts(edition.slug) if one.document == "MID"]
    chosen = {"city": cities[0].slug} if len(cities) == 1 else {}
    return blocks.ask_form(visit.words, cities, parts, {**chosen, **typed})


def _done(visit: Visit, said: str) -> Answer:
    view = forms.done_view(visit.words, visit.words.text("Umów doradztwo"), said)
    return {"response_action": "update", "view": view}


async def _city_name(visit: Visit, edition: str, slug: str) -> str:
    return next((city.name for city in await visit.work.editions.cities(edition) if city.slug == slug), slug)


def _instant(typed: object) -> datetime | None:
    """Read a field for a day and a time: seconds since 1970. Raises ``Refused`` for what no calendar has."""
    if not typed:
        return None
    try:
        return datetime.fromtimestamp(int(str(typed)), UTC)
    except (ValueError, OverflowError, OSError) as error:
        problem = Refused("Prosimy wybrać dzień i godzinę z kalendarza.")
        raise Refused("Formularz wymaga poprawek.", fields={"offer_1": problem}) from error


def _start(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise Refused("Ten przycisk jest już nieaktualny. Aktualne sprawy pokaże pytanie: Co na mnie czeka?") from error
