"""Arranging an advisory session: the forms, and what each side is told."""

from collections.abc import Sequence

from pim_bot.blocks import ids, inputs
from pim_bot.blocks.activities import move_buttons, when_of
from pim_bot.blocks.elements import (
    Block,
    Message,
    actions,
    button,
    context,
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
from pim_bot.programme.arranging import MOST_OFFERS
from pim_bot.programme.edition import City, DocumentPart
from pim_bot.programme.session import RequestStatus, SessionRequest


def ask_form(words: Words, cities: Sequence[City], parts: Sequence[DocumentPart], typed: Typed) -> Block:
    """Make the form in which a session is asked for."""
    places = [option(city.name, city.slug) for city in cities]
    sections = [option(part.name, part.slug) for part in parts]
    hint = words.text("Przeczyta je zespół miasta i eksperci BŚ tego miasta, nikt inny.")
    blocks = [
        inputs.select("city", words.text("Miasto"), places, typed),
        inputs.line(
            "topic",
            words.text("Temat"),
            typed,
            optional=False,
            hint=words.text("Temat widzi też koordynacja programu."),
        ),
        *([inputs.select("part", words.text("Część MID"), sections, typed, optional=True)] if sections else []),
        inputs.line("question", words.text("Pytanie"), typed, lines=True, hint=hint),
    ]
    title, submit, close = words.text("Umów doradztwo"), words.text("Wyślij"), words.text("Anuluj")
    return modal(ids.ASK_FORM, title, submit, close, blocks, "")


def offer_form(words: Words, request: SessionRequest, city: str, typed: Typed) -> Block:
    """Make the form in which times are offered."""
    labels = [words.text("Termin {n}", n=number) for number in range(1, MOST_OFFERS + 1)]
    blocks = [
        section("\n".join(map(escape, _about(words, request, city)))),
        *(inputs.instant(f"offer_{n}", label, optional=n > 1) for n, label in enumerate(labels, start=1)),
        inputs.line(
            "length",
            words.text("Czas trwania"),
            {"length": "1h"} | dict(typed),
            optional=False,
            hint=words.text("Na przykład: 2h, 1,5 godz., 90 min."),
        ),
    ]
    title, submit, close = words.text("Zaproponuj terminy"), words.text("Wyślij"), words.text("Anuluj")
    return modal(ids.OFFER_FORM, title, submit, close, blocks, request.id)


def decline_form(words: Words, request: SessionRequest, city: str) -> Block:
    """Make the form in which a request is ended."""
    blocks = [
        section("\n".join(map(escape, _about(words, request, city)))),
        inputs.line("reason", words.text("Powód"), {}, optional=False, lines=True),
    ]
    title, submit, close = words.text("Zakończ prośbę"), words.text("Wyślij"), words.text("Anuluj")
    return modal(ids.DECLINE_FORM, title, submit, close, blocks, request.id)


def _about(words: Words, request: SessionRequest, city: str) -> list[str]:
    question = words.text("Pytanie: {text}", text=request.question) if request.question else ""
    first = words.text("{city}, temat: {topic}", city=city, topic=request.topic)
    return [line for line in (first, question) if line]


def _state(words: Words, request: SessionRequest) -> str:
    return {
        RequestStatus.ASKED: words.text("Czeka na terminy."),
        RequestStatus.OFFERED: words.text("Terminy są zaproponowane."),
        RequestStatus.ARRANGED: words.text("Termin jest umówiony."),
        RequestStatus.DECLINED: words.text("Prośba jest zakończona."),
    }[request.status]


def requested(words: Words, request: SessionRequest, city: str, *, who: str, part: str) -> Message:
    """Ask the other side for times; once they are offered, say how far it has come instead."""
    about = _about(words, request, city)
    about += [words.text("Część MID: {name}", name=part)] if part else []
    first = words.text("Prośba o doradztwo: {who}", who=who)
    blocks: list[Block] = [header(words.text("Prośba o doradztwo")), section("\n".join(map(escape, [who, *about])))]
    if request.status is RequestStatus.ASKED:
        ask = words.text("Prosimy zaproponować do trzech terminów.")
        blocks.append(offer_buttons(words, request))
    else:
        ask = _state(words, request)
        blocks.append(context(ask))
    return Message(" ".join(map(ended, [first, *about, ask])), tuple(blocks))


def offered(words: Words, request: SessionRequest, city: str, *, who: str, zone: str) -> Message:
    """Show the side that asked the offered times; one tap puts the session on the calendar."""
    times = [words.moment(start, zone) for start in request.offers]
    first = words.text(
        "{who} proponuje terminy doradztwa ({about}): {times}",
        who=who,
        about="; ".join(_about(words, request, city)[:1]),
        times="; ".join(times),
    )
    blocks: list[Block] = [section(escape(first))]
    if request.status is not RequestStatus.OFFERED:
        return Message(f"{first}. {_state(words, request)}", (*blocks, context(_state(words, request))))
    blocks.append(choice_buttons(words, request, zone))
    ask = words.text("Jedno kliknięcie wpisuje termin do kalendarza obu stron.")
    return Message(f"{first}. {ask}", (*blocks, context(ask)))


def once_more(words: Words, said: Message) -> Message:
    """Say by a first line that a message was there already, and that it still waits."""
    first = words.text("Przypominamy: ta sprawa czeka na Państwa.")
    return Message(f"{first} {said.text}", (context(first), *said.blocks))


def requested_line(words: Words, request: SessionRequest, city: str) -> str:
    """Say in a line whose turn it is on a request, and what about."""
    about = "; ".join(_about(words, request, city)[:1])
    if request.status is RequestStatus.OFFERED:
        return words.text("Proponowane terminy doradztwa ({about})", about=about)
    return words.text("Prośba o doradztwo ({about})", about=about)


def offer_buttons(words: Words, request: SessionRequest) -> Block:
    """Make the buttons of whoever is asked for times."""
    return actions(
        f"request/{request.id}/{request.revision}",
        button(words.text("Zaproponuj terminy"), ids.OFFER_TIMES, request.id, style="primary"),
        button(words.text("Nie mogę"), ids.DECLINE_REQUEST, request.id),
    )


def choice_buttons(words: Words, request: SessionRequest, zone: str) -> Block:
    """Make the buttons of whoever chooses one of the offered times, told in their ``zone``."""
    chosen = [
        button(words.moment(start, zone), f"{ids.CHOOSE_TIME}/{number}", f"{request.id}/{start.isoformat()}")
        for number, start in enumerate(request.offers[:MOST_OFFERS])
    ]
    none = button(words.text("Żaden nie pasuje"), ids.DECLINE_REQUEST, request.id)
    return actions(f"request/{request.id}/{request.revision}", *chosen, none)


def arranged(words: Words, request: SessionRequest, activity: Activity, city: str, *, over: bool) -> Message:
    """Tell whoever offered which time was chosen, with the question to prepare for."""
    about = _about(words, request, city)
    first = words.text("Umówione doradztwo: {when}", when=when_of(words, activity))
    if not activity.is_open:
        first = words.text("To doradztwo już się odbyło albo jest odwołane: {when}", when=when_of(words, activity))
    blocks = [section("\n".join([f"*{escape(first)}*", *map(escape, about)]))]
    if not over:
        blocks.append(move_buttons(words, activity))
    return Message(" ".join(map(ended, [first, *about])), tuple(blocks))


def declined(words: Words, request: SessionRequest, city: str) -> Message:
    """Tell the other side that a request was ended, and why."""
    text = words.text(
        "Prośba o doradztwo jest zakończona ({about}). Powód: {reason}",
        about="; ".join(_about(words, request, city)[:1]),
        reason=request.reason,
    )
    return Message(text, (section(escape(text)),))
