"""``/pim temat``: cities choose the topics of a coming activity together; whoever plans it makes them its agenda."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pim_bot.blocks import topics as blocks
from pim_bot.blocks.elements import Message
from pim_bot.blocks.forms import done_view
from pim_bot.errors import Refused, StaleForm
from pim_bot.handlers.dispatch import Answer
from pim_bot.handlers.door import Door, Screens, Visit
from pim_bot.handlers.payloads import Click, Command, Request, Submission
from pim_bot.programme.permissions import Action, needs
from pim_bot.programme.scheduling import planned_by
from pim_bot.programme.topic import TopicRound, TopicSort
from pim_bot.programme.topics import (
    Voices,
    city_speaking,
    give_voices,
    led_round,
    merge_topics,
    open_topics,
    settle_topics,
    speaking_round,
    topics_ahead,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicHandlers:
    """The command, and the forms behind its buttons."""

    door: Door
    screens: Screens

    @needs(Action.SEE_PROGRAMME)
    async def show(self, command: Command) -> Message | None:
        """``/pim temat [text]``: where topics stand; with a text, a city's people get the form with it filled in."""
        async with self.door.look(command) as visit:
            edition = await visit.edition()
            found = await topics_ahead(visit.work, visit.actor, edition.slug, now=visit.now)
            view = _form_for(visit, blocks.cards_ahead(found), command.rest) if command.rest else None
            message = None if view else blocks.ahead(visit.words, found, now=visit.now)
        if view is not None:
            await self.screens.open(command.trigger_id, view)
        return message

    @needs(Action.LEAD_TOPICS)
    async def open_start(self, click: Click) -> None:
        """„Zbieraj tematy”, „Zmień termin zbierania”: open the form."""
        async with self.door.look(click) as visit:
            activity = await planned_by(visit.work, visit.actor, click.value, Action.LEAD_TOPICS, now=visit.now)
            known = await visit.work.topics.get(activity.id)
            until = known.until if known else activity.answer_by or activity.starts_at - timedelta(days=1)
            typed = {"until": int(until.timestamp())} if until > visit.now else {}
            view = blocks.open_form(visit.words, activity, typed)
        await self.screens.open(click.trigger_id, view)

    @needs(Action.LEAD_TOPICS)
    async def start(self, submission: Submission) -> Answer:
        """Open the collecting, or give it another end."""
        async with self.door.act(submission) as visit:
            until = _instant(submission.typed.get("until"))
            found = await open_topics(visit.work, visit.actor, submission.metadata, until=until, now=visit.now)
            said = visit.words.text("Zapisane. Zbieramy do: {until}.", until=visit.words.moment(found.until))
            return _done(visit, said)

    @needs(Action.BACK_TOPICS)
    async def open_voices(self, click: Click) -> None:
        """„Zgłoś lub poprzyj”: open the form for the person's city."""
        async with self.door.look(click) as visit:
            found, activity, city = await speaking_round(visit.work, visit.actor, click.value, now=visit.now)
            card = blocks.TopicsCard(activity=activity, found=found, names=await _names(visit))
            view = blocks.voices_form(visit.words, card, city, _seen_voices(found, city))
        await self.screens.open(click.trigger_id, view)

    @needs(Action.BACK_TOPICS)
    async def give(self, submission: Submission) -> Answer:
        """Keep what the city backs and proposes; what somebody else of the team has chosen meanwhile stays."""
        activity_id, seen = _voices_seen(submission.metadata)
        chosen = _numbers(submission.typed.get("backed"))
        sort = submission.typed.get("sort")
        voices = Voices(
            backs=chosen - seen,
            drops=(seen - chosen) if "backed" in submission.typed else frozenset(),
            proposes=str(submission.typed.get("proposal") or ""),
            sort=TopicSort(sort) if sort in set(TopicSort) else TopicSort.TOPIC,
        )
        async with self.door.act(submission) as visit:
            await give_voices(visit.work, visit.actor, activity_id, voices, now=visit.now)
            return _done(visit, visit.words.text("Głos miasta jest zapisany. Dziękujemy. Do końca można go zmienić."))

    @needs(Action.LEAD_TOPICS)
    async def open_merge(self, click: Click) -> None:
        """„Połącz tematy”: open the form."""
        async with self.door.look(click) as visit:
            view = blocks.merge_form(visit.words, await _card(visit, click.value))
        await self.screens.open(click.trigger_id, view)

    @needs(Action.LEAD_TOPICS)
    async def merge(self, submission: Submission) -> Answer:
        """Make one of several topics."""
        typed = submission.typed
        async with self.door.act(submission) as visit:
            await merge_topics(
                visit.work,
                visit.actor,
                submission.metadata,
                sorted(_numbers(typed.get("together"))),
                text=str(typed.get("text") or ""),
                apart=sorted(_numbers(typed.get("apart"))),
                now=visit.now,
            )
            said = visit.words.text("Zapisane. Żaden głos nie zginął: połączone tematy można znów rozdzielić.")
            return _done(visit, said)

    @needs(Action.LEAD_TOPICS)
    async def open_settle(self, click: Click) -> None:
        """„Ułóż program”: open the form with the agenda that the topics make."""
        await self.screens.open(click.trigger_id, await self._settle_view(click, click.value))

    async def _settle_view(self, request: Request, activity_id: str, *, note: str = "") -> dict[str, Any]:
        async with self.door.look(request) as visit:
            card = await _card(visit, activity_id)
            metadata = json.dumps({"activity": activity_id, "revision": card.found.revision})
            said = visit.words.text(note) if note else ""
            return blocks.settle_form(visit.words, card, blocks.agenda_of(visit.words, card), metadata, note=said)

    @needs(Action.LEAD_TOPICS)
    async def settle(self, submission: Submission) -> Answer:
        """Save the agenda."""
        activity_id, revision = _settle_seen(submission.metadata)
        agenda = str(submission.typed.get("agenda") or "")
        try:
            async with self.door.act(submission) as visit:
                await settle_topics(
                    visit.work, visit.actor, activity_id, agenda=agenda, seen_revision=revision, now=visit.now
                )
                return _done(visit, visit.words.text("Program jest zapisany. Stoi już w ogłoszeniu wydarzenia."))
        except StaleForm as stale:
            view = await self._settle_view(submission, activity_id, note=stale.reason)
            return {"response_action": "update", "view": view}


async def _names(visit: Visit) -> dict[str, str]:
    edition = await visit.edition()
    return {city.slug: city.name for city in await visit.work.editions.cities(edition.slug)}


def _form_for(visit: Visit, cards: Sequence[blocks.TopicsCard], text: str) -> dict[str, Any] | None:
    """Make the form for the next activity in which the person's city may speak now; None where there is none."""
    day = visit.member.day_of(visit.now)
    for card in cards:
        city = city_speaking(visit.member, card.activity, day)
        if city and blocks.is_collecting(card, visit.now):
            return blocks.voices_form(visit.words, card, city, _seen_voices(card.found, city), proposal=text)
    return None


async def _card(visit: Visit, activity_id: str) -> blocks.TopicsCard:
    found, activity = await led_round(visit.work, visit.actor, activity_id, now=visit.now)
    return blocks.TopicsCard(activity=activity, found=found, names=await _names(visit), leads=True)


def _seen_voices(found: TopicRound, city: str) -> str:
    return json.dumps({"activity": found.activity_id, "backed": sorted(found.backed_by(city))})


def _voices_seen(metadata: str) -> tuple[str, frozenset[int]]:
    try:
        found = json.loads(metadata)
        return str(found["activity"]), frozenset(int(one) for one in found["backed"])
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("Ten formularz jest już nieaktualny. Prosimy otworzyć go ponownie.") from error


def _settle_seen(metadata: str) -> tuple[str, int]:
    try:
        found = json.loads(metadata)
        return str(found["activity"]), int(found["revision"])
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("Ten formularz jest już nieaktualny. Prosimy otworzyć go ponownie.") from error


def _numbers(chosen: Any) -> frozenset[int]:
    return frozenset(int(one) for one in chosen or () if str(one).isascii() and str(one).isdigit())


def _instant(typed: object) -> datetime | None:
    """Read a field for a day and a time: seconds since 1970; None for what no calendar has."""
    try:
        return datetime.fromtimestamp(int(str(typed)), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _done(visit: Visit, said: str) -> Answer:
    view = done_view(visit.words, visit.words.text("Tematy"), said)
    return {"response_action": "update", "view": view | {"clear_on_close": True}}
