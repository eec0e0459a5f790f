"""Advisory sessions: the forms in which they are logged, and what the expert and the city are told."""

from collections.abc import Collection, Sequence
from datetime import date

from pim_bot.blocks import ids, inputs
from pim_bot.blocks.activities import form_word
from pim_bot.blocks.elements import (
    Block,
    Message,
    actions,
    button,
    context,
    divider,
    ended,
    escape,
    header,
    modal,
    option,
    section,
)
from pim_bot.blocks.forms import Choices
from pim_bot.blocks.inputs import Typed
from pim_bot.i18n import Words
from pim_bot.programme.activity import Form
from pim_bot.programme.edition import City, DocumentPart
from pim_bot.programme.session import AdvisorySession, CityWords
from pim_bot.programme.session_card import SessionCard

MOST_LISTED, MOST_CITIES = 10, 24


def length_of(words: Words, minutes: int) -> str:
    """Say how long something took."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return words.text("{minutes} min", minutes=rest)
    if rest:
        return words.text("{hours} h {minutes} min", hours=hours, minutes=rest)
    return words.text("{hours} h", hours=hours)


def log_form(words: Words, cities: Sequence[City], typed: Typed, metadata: str) -> Block:
    """Make the form in which a session is logged in under a minute; the rest can be added afterwards."""
    blocks = [
        inputs.cities("cities", words.text("Miasto"), cities, typed),
        inputs.day("day", words.text("Data"), typed),
        inputs.line(
            "length",
            words.text("Czas trwania"),
            typed,
            optional=False,
            hint=words.text("Na przykład: 2h, 1,5 godz., 90 min."),
        ),
        inputs.line(
            "agreed",
            words.text("Ustalenia"),
            typed,
            lines=True,
            hint=words.text("Przeczyta je zespół miasta i eksperci BŚ tego miasta, nikt inny."),
        ),
        inputs.line("next_step", words.text("Dalsze kroki"), typed, lines=True),
    ]
    title, submit, close = words.text("Doradztwo"), words.text("Zapisz"), words.text("Anuluj")
    return modal(ids.SESSION_FORM, title, submit, close, blocks, metadata)


def details_form(words: Words, choices: Choices, typed: Typed, metadata: str) -> Block:
    """Make the first step of „Uzupełnij”: what concerns the whole session."""
    forms = [option(form_word(words, form), form.value) for form in Form]
    experts = [option(member.name, member.id) for member in choices.experts]
    blocks = [
        inputs.line("topic", words.text("Temat"), typed, hint=words.text("Temat widzi też koordynacja programu.")),
        inputs.select("form", words.text("Forma"), forms, typed),
        *([inputs.several("experts", words.text("Pozostali eksperci i ekspertki"), experts, typed)] if experts else []),
    ]
    title, submit, close = words.text("Uzupełnij sesję"), words.text("Dalej"), words.text("Anuluj")
    return modal(ids.SESSION_DETAILS, title, submit, close, blocks, metadata)


def words_form(words: Words, city: str, parts: Sequence[DocumentPart], typed: Typed, metadata: str) -> Block:
    """Make the step of „Uzupełnij” that is about one city."""
    sections = [option(part.name, part.slug) for part in parts]
    blocks = [
        section(f"*{escape(city)}*"),
        inputs.line("agreed", words.text("Ustalenia"), typed, lines=True),
        inputs.line("next_step", words.text("Dalsze kroki"), typed, lines=True),
        inputs.line("owner", words.text("Kto"), typed, hint=words.text("Kto zajmie się dalszymi krokami.")),
        inputs.day("due", words.text("Do kiedy"), typed, optional=True),
        *([inputs.several("sections", words.text("Część MID"), sections, typed)] if sections else []),
        inputs.line(
            "notes",
            words.text("Notatki"),
            typed,
            lines=True,
            hint=words.text("Notatki nigdy nie trafiają do MID-u."),
        ),
    ]
    title, submit, close = words.text("Uzupełnij sesję"), words.text("Zapisz"), words.text("Anuluj")
    return modal(ids.SESSION_WORDS, title, submit, close, blocks, metadata)


def mid_form(words: Words, city: str, parts: Sequence[DocumentPart], typed: Typed, metadata: str) -> Block:
    """Make the form in which agreements are proposed for a city's MID."""
    sections = [option(part.name, part.slug) for part in parts]
    said = words.text(
        "Propozycję do MID-u przeczyta zespół miasta i eksperci BŚ tego miasta. O przyjęciu decyduje miasto."
    )
    blocks = [
        section(f"*{escape(city)}*\n{said}"),
        inputs.select("part", words.text("Część MID"), sections, typed),
        inputs.line("text", words.text("Treść"), typed, optional=False, lines=True),
    ]
    title, submit, close = words.text("Do MID-u"), words.text("Zaproponuj"), words.text("Anuluj")
    return modal(ids.SESSION_MID_FORM, title, submit, close, blocks, metadata)


def correction_form(words: Words, card: SessionCard, told: CityWords, metadata: str) -> Block:
    """Make the form in which a city says what is different from what the expert wrote down."""
    blocks = [
        section("\n".join([f"*{escape(one_line(words, card))}*", *map(escape, _told(words, told))])),
        inputs.line(
            "correction", words.text("Co jest inaczej"), {"correction": told.correction}, optional=False, lines=True
        ),
    ]
    title, submit, close = words.text("Popraw ustalenia"), words.text("Wyślij"), words.text("Anuluj")
    return modal(ids.SESSION_CORRECTION, title, submit, close, blocks, metadata)


def one_line(words: Words, card: SessionCard) -> str:
    """Say the fact of a session: with which city, when, how long, about what, with whom."""
    session = card.session
    cities = ", ".join(card.cities.get(one.city, one.city) for one in session.cities)
    said = words.text(
        "Doradztwo: {cities}, {day}, {length}",
        cities=cities,
        day=words.day(session.day, weekday=False),
        length=length_of(words, session.minutes),
    )
    topic = words.text("temat: {topic}", topic=session.topic) if session.topic else ""
    experts = ", ".join(card.experts)
    return ", ".join(part for part in (said, topic, experts) if part)


def _told(words: Words, told: CityWords, *, notes: bool = False) -> list[str]:
    """Say what a session came to for a city, line by line."""
    due = words.text("do {day}", day=words.day(told.due, weekday=False)) if told.due else ""
    who = ", ".join(part for part in (told.owner, due) if part)
    next_step = f"{told.next_step} ({who})" if told.next_step and who else told.next_step or who
    lines = [
        words.text("Ustalenia: {text}", text=told.agreed) if told.agreed else "",
        words.text("Dalsze kroki: {text}", text=next_step) if next_step else "",
        words.text("Notatki: {text}", text=told.notes) if notes and told.notes else "",
        words.text("Poprawka miasta: {text}", text=told.correction) if told.correction else "",
    ]
    return [line for line in lines if line]


def line_preview(words: Words, said: str, value: str) -> Message:
    """Show what a line was understood as, with one tap to save it."""
    ask = words.text("Zapisać? Nic nie jest jeszcze zapisane.")
    buttons = actions(
        "session-line",
        button(words.text("Zapisz"), ids.SAVE_SESSION, value, style="primary"),
        button(words.text("Zmień w formularzu"), ids.NEW_SESSION, value),
    )
    return Message(f"{said}. {ask}", (section(f"*{escape(said)}*\n{ask}"), buttons))


def line_missing(words: Words, missing: Sequence[str], value: str) -> Message:
    """Say what a line does not tell, and offer the form with what it does tell."""
    text = " ".join(missing)
    form = button(words.text("Otwórz formularz"), ids.NEW_SESSION, value, style="primary")
    return Message(text, (section(escape(text)), actions("session-line", form)))


def logged(
    words: Words, card: SessionCard, used: Sequence[tuple[float, int]], *, proposed: Collection[str] = ()
) -> Message:
    """Confirm to an expert what was logged, with the way to the rest and the days used of the budget.

    ``proposed`` are the cities whose agreements are among the proposals for the MID already.
    """
    session = card.session
    said = words.text("Zapisane. {line}.", line=one_line(words, card))
    days = [words.text("Wykorzystane dni: {used} z {days}.", used=part, days=whole) for part, whole in used]
    text = " ".join([said, *days])
    blocks: list[Block] = [section(f"*{escape(said)}*"), *([context(" ".join(days))] if days else [])]
    for told in session.cities:
        lines = _told(words, told, notes=True) if told.city in card.readable else []
        if lines:
            blocks.append(
                section("\n".join([f"*{escape(card.cities.get(told.city, told.city))}*", *map(escape, lines)]))
            )
    to_mid = [
        button(
            words.text("Do MID-u: {city}", city=card.cities.get(one.city, one.city)),
            f"{ids.SESSION_TO_MID}/{one.city}",
            _key(session, one),
        )
        for one in session.cities
        if one.city not in proposed
    ]
    detail = button(words.text("Uzupełnij"), ids.DETAIL_SESSION, session.id)
    blocks.append(actions(f"session/{session.id}/{session.revision}", detail, *to_mid[:MOST_CITIES]))
    if proposed:
        names = ", ".join(card.cities.get(one, one) for one in sorted(proposed))
        blocks.append(context(words.text("W propozycjach do MID-u: {names}.", names=escape(names))))
    return Message(text, tuple(blocks))


def _key(session: AdvisorySession, told: CityWords) -> str:
    return f"{session.id}/{told.city}"


def agreed(words: Words, card: SessionCard, told: CityWords, *, by: str) -> Message:
    """Tell a city what was agreed, so that it can say what is different."""
    lines = _told(words, told)
    corrected = words.text("Poprawka: {who}.", who=by) if told.correction and by else ""
    ask = words.text("Jeśli coś jest inaczej, prosimy to poprawić. Przeczytają to tylko eksperci BŚ Państwa miasta.")
    text = " ".join([*map(ended, [one_line(words, card), *lines]), corrected or ask])
    label = words.text("Zmień poprawkę") if told.correction else words.text("Popraw")
    blocks = (
        section("\n".join([f"*{escape(one_line(words, card))}*", *map(escape, lines)])),
        context(escape(corrected or ask)),
        actions(
            f"agreed/{card.session.id}/{card.session.revision}",
            button(label, ids.CORRECT_SESSION, _key(card.session, told)),
        ),
    )
    return Message(text, blocks)


def corrected(words: Words, card: SessionCard, told: CityWords, *, by: str) -> Message:
    """Tell an expert what a city says of the agreements."""
    text = words.text(
        "{city} poprawia ustalenia ({line}): {correction}",
        city=", ".join(part for part in (card.cities.get(told.city, told.city), by) if part),
        line=one_line(words, card),
        correction=told.correction,
    )
    return Message(text, (section(escape(text)),))


def question(words: Words, *, title: str, when: str, length: str, activity_id: str, state: str, nudge: bool) -> Message:
    """Ask an expert how a session on the calendar went; ``state`` is asked, held or not_held."""
    line = f"{title}, {when}"
    if state != "asked":
        said = (
            words.text("Sesja jest zapisana.") if state == "held" else words.text("Zapisane: ta sesja się nie odbyła.")
        )
        return Message(f"{line}. {said}", (section(f"*{escape(line)}*\n{said}"),))
    first = words.text("Przypominamy o zapisaniu sesji. Więcej przypomnień nie będzie.") + " " if nudge else ""
    ask = words.text("Czy doradztwo odbyło się jak w planie ({length})? Jedno kliknięcie zapisze sesję.", length=length)
    blocks = (section(f"{first}*{escape(line)}*\n{ask}"), log_buttons(words, activity_id))
    return Message(f"{first}{line}. {ask}", blocks)


def log_buttons(words: Words, activity_id: str) -> Block:
    """Make the buttons that log a session which was on the calendar."""
    return actions(
        f"session-asked/{activity_id}",
        button(words.text("Odbyło się jak w planie"), ids.AS_PLANNED, activity_id, style="primary"),
        button(words.text("Zapisz ze zmianami"), ids.NEW_SESSION, f"activity:{activity_id}"),
        button(words.text("Nie odbyło się"), ids.NOT_HELD, activity_id),
    )


def session_list(words: Words, cards: Sequence[SessionCard], *, name: str) -> Message:
    """Say what was agreed lately; of sessions whose words the reader may not read, the fact."""
    title = words.text("Doradztwo: {name}", name=name) if name else words.text("Ostatnie doradztwo")
    blocks: list[Block] = [header(title)]
    lines = [title]
    if not cards:
        empty = words.text("Nie ma tu jeszcze zapisanych sesji.")
        lines.append(empty)
        blocks.append(section(empty))
    for card in cards[:MOST_LISTED]:
        fact = one_line(words, card)
        moved = dict.fromkeys(card.parts.get(slug, slug) for one in card.session.cities for slug in one.sections)
        said = [words.text("Części MID: {names}", names=", ".join(moved))] if moved else []
        for told in card.session.cities:
            if told.city in card.readable:
                said += _told(words, told, notes=True)
        lines.append(" ".join(map(ended, [fact, *said])))
        blocks += [divider(), section("\n".join([f"*{escape(fact)}*", *map(escape, said)]))]
    return Message("\n".join(lines), tuple(blocks))


def parsed_line(words: Words, *, cities: Sequence[str], day: date, minutes: int, topic: str) -> str:
    """Say what a line was understood as."""
    said = words.text(
        "Doradztwo: {cities}, {day}, {length}",
        cities=", ".join(cities),
        day=words.day(day, weekday=False),
        length=length_of(words, minutes),
    )
    return ", ".join([said, *([words.text("temat: {topic}", topic=topic)] if topic else [])])
