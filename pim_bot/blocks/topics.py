"""Topics that cities choose together: where they stand, and the forms to propose, merge and settle them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pim_bot.blocks import ids, inputs
from pim_bot.blocks.activities import when_of
from pim_bot.blocks.elements import (
    Block,
    Message,
    actions,
    button,
    context,
    cut,
    ended,
    escape,
    header,
    modal,
    option,
    section,
)
from pim_bot.blocks.inputs import Typed
from pim_bot.i18n import Words
from pim_bot.programme.activity import Activity
from pim_bot.programme.scheduling import LONGEST_TEXT
from pim_bot.programme.topic import Standing, TopicRound, TopicSort, TopicsStatus
from pim_bot.programme.topics import LONGEST_TOPIC, TopicsAhead

MOST_IN_TEXT, MOST_LISTED = 5, 40
MOST_ROUNDS = 3
LONGEST_CITIES = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicsCard:
    """A round with its activity and the names of cities.

    ``leads`` tells whether the reader plans the activity, ``speaks`` whether they are of a city that is asked.
    """

    activity: Activity
    found: TopicRound
    names: Mapping[str, str]
    leads: bool = False
    speaks: bool = True

    def named(self, cities: Sequence[str]) -> str:
        """Say the names of cities."""
        return ", ".join(sorted(self.names.get(one, one) for one in cities))


def _title(words: Words, card: TopicsCard) -> str:
    return words.text("Tematy na: {title}", title=card.activity.title)


def _line(words: Words, card: TopicsCard, standing: Standing) -> str:
    """Say a topic, who proposed it and who backs it."""
    topic = standing.topic
    text = words.text("Pytanie: {text}", text=topic.text) if topic.sort is TopicSort.QUESTION else topic.text
    proposed = cut(card.named(standing.proposed_by), LONGEST_CITIES)
    voices = words.plural("{n} głos", "{n} głosów", len(standing.cities))
    backing = [one for one in standing.cities if one not in standing.proposed_by]
    backed = cut(card.named(backing), LONGEST_CITIES)
    said = words.text("{text} Zgłoszenie: {cities}.", text=ended(text), cities=proposed)
    more = words.text("Poparcie: {cities}.", cities=backed) if backed else ""
    return " ".join(part for part in (said, more, f"({voices})") if part)


def _state(words: Words, card: TopicsCard, now: datetime) -> str:
    if not card.activity.is_open:
        return words.text("To wydarzenie jest odwołane albo już się odbyło, więc tematów już nie zbieramy.")
    if card.found.status is TopicsStatus.SETTLED:
        return words.text("Tematy są już w programie wydarzenia.")
    until = words.moment(card.found.until, card.activity.zone)
    if not card.found.is_open(now):
        return words.text("Zbieranie tematów zakończyło się: {until}.", until=until)
    return words.text(
        "Prosimy zgłaszać i popierać tematy do: {until}. Każde miasto ma jeden głos na temat.", until=until
    )


def is_collecting(card: TopicsCard, now: datetime) -> bool:
    """Tell whether cities may speak now."""
    return card.activity.is_open and card.activity.ends_at > now and card.found.is_open(now)


def topics(words: Words, card: TopicsCard, *, now: datetime, short: bool = False) -> Message:
    """Say where the topics of an activity stand, with the buttons of whoever may act on them; ``short``: the first."""
    title, state = _title(words, card), _state(words, card, now)
    standings = card.found.standings()
    lines = [f"{number}. {_line(words, card, one)}" for number, one in enumerate(standings, 1)]
    nothing = [] if lines else [words.text("Nie ma jeszcze żadnego tematu.")]
    blocks = [
        header(title),
        section(f"{escape(when_of(words, card.activity))}\n{escape(state)}"),
        *(section(escape(line)) for line in lines[: MOST_IN_TEXT if short else MOST_LISTED] or nothing),
    ]
    more = words.plural("… i jeszcze {n} temat", "… i jeszcze {n} tematów", len(lines) - MOST_IN_TEXT)
    left = [more] if len(lines) > MOST_IN_TEXT else []
    blocks += [context(more)] if left and short else []
    if buttons := _buttons(words, card, standings, now):
        blocks.append(actions(f"topics/{card.activity.id}/{card.found.revision}", *buttons))
    said = f"{title}, {when_of(words, card.activity)}. {state}"
    return Message("\n".join([said, *(lines[:MOST_IN_TEXT] or nothing), *left]), tuple(blocks))


def _buttons(words: Words, card: TopicsCard, standings: Sequence[Standing], now: datetime) -> list[Block]:
    key = card.activity.id
    buttons = []
    if card.speaks and is_collecting(card, now):
        buttons.append(button(words.text("Zgłoś lub poprzyj"), ids.BACK_TOPICS, key, style="primary"))
    if card.leads and card.activity.is_open and card.activity.ends_at > now:
        if len(standings) > 1 or any(one.merged for one in standings):
            buttons.append(button(words.text("Połącz tematy"), ids.MERGE_TOPICS, key))
        if standings:
            buttons.append(button(words.text("Ułóż program"), ids.SETTLE_TOPICS, key))
        buttons.append(button(words.text("Zmień termin zbierania"), ids.OPEN_TOPICS, key))
    return buttons


def cards_ahead(found: TopicsAhead) -> list[TopicsCard]:
    """Make a card of each round."""
    return [
        TopicsCard(
            activity=activity,
            found=one,
            names=found.names,
            leads=activity.id in found.led,
            speaks=activity.id in found.spoken,
        )
        for activity, one in found.rounds
    ]


def ahead(words: Words, found: TopicsAhead, *, now: datetime) -> Message:
    """Say where topics are collected, and for whoever plans, where they could be."""
    return rounds(words, cards_ahead(found), found.without, now=now)


def rounds(words: Words, cards: Sequence[TopicsCard], without: Sequence[Activity], *, now: datetime) -> Message:
    """Answer ``/pim temat``: where topics are collected, and for whoever plans, where they could be."""
    said = [topics(words, card, now=now, short=len(cards) > 1) for card in cards[:MOST_ROUNDS]]
    blocks = [block for message in said for block in message.blocks]
    texts = [message.text for message in said]
    if not cards:
        texts.append(words.text("Na żadne wydarzenie nie zbieramy teraz tematów."))
        blocks.append(section(texts[-1]))
    if without:
        texts.append(words.text("Zbieranie tematów można otworzyć tu:"))
        blocks.append(section(texts[-1]))
    for activity in without[:MOST_ROUNDS]:
        line = f"{activity.title}, {when_of(words, activity)}"
        texts.append(line)
        start = button(words.text("Zbieraj tematy"), ids.OPEN_TOPICS, activity.id)
        blocks.append(section(escape(line), accessory=start))
    return Message("\n".join(texts), tuple(blocks))


def ended_message(words: Words, card: TopicsCard, *, now: datetime) -> Message:
    """Tell whoever collects the topics that the time is over and what to do."""
    message = topics(words, card, now=now)
    todo = words.text("Prosimy połączyć podobne tematy i ułożyć z nich program.")
    if card.found.status is TopicsStatus.SETTLED or not card.activity.is_open:
        return message
    return Message(f"{message.text}\n{todo}", (*message.blocks[:2], context(todo), *message.blocks[2:]))


def open_form(words: Words, activity: Activity, typed: Typed) -> Block:
    """Make the form in which the collecting is opened, or gets another end."""
    told = words.text(
        "Zapytamy w kanale sieci i w wiadomości do osób kontaktowych miast. Wynik trafi do programu wydarzenia, gdy "
        "Państwo go zatwierdzą."
    )
    blocks = [
        section(f"*{escape(activity.title)}*\n{escape(when_of(words, activity))}"),
        context(told),
        inputs.instant("until", words.text("Zbieramy do"), typed, optional=False),
    ]
    title, submit, close = words.text("Tematy"), words.text("Zapisz"), words.text("Anuluj")
    return modal(ids.OPEN_TOPICS_FORM, title, submit, close, blocks, activity.id)


def voices_form(words: Words, card: TopicsCard, city: str, metadata: str, *, proposal: str = "") -> Block:
    """Make the form in which a city backs topics and proposes one."""
    own = card.found.backed_by(city)
    standings = card.found.standings()
    options = [option(one.topic.text, str(one.topic.number)) for one in standings]
    typed = {
        "backed": [str(number) for number in own],
        "proposal": proposal[:LONGEST_TOPIC],
        "sort": TopicSort.TOPIC.value,
    }
    sorts = [
        option(words.text("temat do rozmowy"), TopicSort.TOPIC.value),
        option(words.text("pytanie, na które szukamy odpowiedzi"), TopicSort.QUESTION.value),
    ]
    label = words.text("Popieramy")
    hint = words.text("Można wybrać kilka. Odznaczenie wycofuje poparcie.")
    named = card.names.get(city, city)
    speaking = words.text("Głos miasta: {city}. Wystarczy jedna osoba z zespołu.", city=named)
    blocks = [
        section(f"*{escape(card.activity.title)}*\n{escape(speaking)}"),
        *([inputs.several("backed", label, options, typed, hint=hint)] if options else []),
        inputs.line("proposal", words.text("Nasz temat albo pytanie"), typed, most=LONGEST_TOPIC),
        inputs.choice("sort", words.text("Co zgłaszamy"), sorts, typed),
        context(words.text("Przy temacie stanie nazwa miasta. Zobaczą ją wszystkie osoby programu.")),
    ]
    title, submit, close = words.text("Tematy"), words.text("Zapisz"), words.text("Anuluj")
    return modal(ids.VOICES_FORM, title, submit, close, blocks, metadata)


def merge_form(words: Words, card: TopicsCard) -> Block:
    """Make the form in which several topics become one."""
    standings = card.found.standings()
    options = [option(one.topic.text, str(one.topic.number)) for one in standings]
    merged = [option(one.text, str(one.number)) for standing in standings for one in standing.merged]
    hint = words.text("Głosy się łączą, a przy temacie stoją wszystkie miasta, od których to mamy.")
    blocks = [
        section(f"*{escape(card.activity.title)}*"),
        *([inputs.several("together", words.text("Tematy do połączenia"), options, {}, hint=hint)] if options else []),
        inputs.line(
            "text",
            words.text("Wspólna treść"),
            {},
            most=LONGEST_TOPIC,
            hint=words.text("Puste pole: treść najwcześniejszego z nich."),
        ),
        *([inputs.several("apart", words.text("Rozdziel połączone"), merged, {})] if merged else []),
    ]
    title, submit, close = words.text("Połącz tematy"), words.text("Połącz"), words.text("Anuluj")
    return modal(ids.MERGE_TOPICS_FORM, title, submit, close, blocks, card.activity.id)


def agenda_of(words: Words, card: TopicsCard) -> str:
    """Write the agenda that the topics make, the most backed first, as many as fit under what stands in it already."""
    before = card.activity.agenda
    lines = [words.text("Tematy miast:")]
    for number, standing in enumerate(card.found.standings(), 1):
        cities = card.named(standing.proposed_by)
        voices = words.plural("{n} głos", "{n} głosów", len(standing.cities))
        lines.append(f"{number}. {standing.topic.text} ({cities}; {voices})")
    written = "\n".join(lines)
    while len(agenda := f"{before}\n\n{written}" if before else written) > LONGEST_TEXT and len(lines) > 1:
        lines.pop()
        written = "\n".join(lines)
    return agenda


def settle_form(words: Words, card: TopicsCard, agenda: str, metadata: str, *, note: str = "") -> Block:
    """Make the form that shows the agenda before it is saved."""
    told = words.text("Po zapisaniu program zobaczą wszyscy zaproszeni, w każdej kopii ogłoszenia i w kalendarzach.")
    blocks = [
        *([section(escape(note))] if note else []),
        section(f"*{escape(card.activity.title)}*\n{escape(when_of(words, card.activity))}"),
        inputs.line("agenda", words.text("Program"), {"agenda": agenda}, optional=False, lines=True),
        context(told),
    ]
    title, submit, close = words.text("Ułóż program"), words.text("Zapisz program"), words.text("Anuluj")
    return modal(ids.SETTLE_TOPICS_FORM, title, submit, close, blocks, metadata)
