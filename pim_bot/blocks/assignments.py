"""Who serves which network and city, and the forms in which an assignment is ended or handed on."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pim_bot.blocks import ids, inputs
from pim_bot.blocks.elements import (
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    header,
    input_block,
    modal,
    option,
    section,
)
from pim_bot.blocks.inputs import Typed
from pim_bot.blocks.messages import assignment_word
from pim_bot.i18n import Words
from pim_bot.programme.assignment import AssignmentStatus, ExpertAssignment
from pim_bot.programme.people import Member
from pim_bot.programme.staffing import Service, Staff

MOST_LISTED = 20


def staff(words: Words, found: Staff, typed: Typed | None = None) -> Message:
    """Say who serves where, with the buttons of whoever assigns; ``typed`` fills the form of a new assignment."""
    title = words.text("Ekspertki i eksperci")
    blocks: list[Block] = [header(title)]
    lines = [title]
    for one in found.services[:MOST_LISTED]:
        line = _line(words, one)
        lines.append(line)
        blocks.append(section(escape(line)))
        if found.assigns:
            end = button(words.text("Zakończ"), ids.RELEASE, one.assignment.id)
            hand_on = button(words.text("Zastąp"), ids.REPLACE, one.assignment.id)
            blocks.append(actions(f"staff/{one.assignment.id}/{one.assignment.revision}", hand_on, end))
    if len(found.services) > MOST_LISTED:
        more = words.plural(
            "… i jeszcze {n} przypisanie", "… i jeszcze {n} przypisań", len(found.services) - MOST_LISTED
        )
        blocks.append(context(more))
        lines.append(more)
    whole = [
        words.text("Cała sieć {network}: {names}", network=network, names=", ".join(names))
        for network, names in found.in_networks
    ]
    if whole:
        lines += whole
        blocks.append(section("\n".join(map(escape, whole))))
    if len(lines) == 1:
        lines.append(words.text("Nikt nie jest jeszcze przypisany."))
        blocks.append(section(lines[-1]))
    if found.gaps:
        gaps = words.text("Bez wsparcia eksperckiego: {names}", names=", ".join(one.name for one in found.gaps))
        lines.append(gaps)
        blocks.append(section(f":warning: {escape(gaps)}"))
    if found.assigns:
        blocks.append(actions("staff", button(words.text("Przypisz eksperta/kę"), ids.ASSIGN, json.dumps(typed or {}))))
    return Message("\n".join(lines), tuple(blocks))


def _line(words: Words, one: Service) -> str:
    assignment = one.assignment
    said = words.text(
        "{place}: {expert}, od {since} do {until}",
        place=one.place,
        expert=one.expert or "–",
        since=assignment.since,
        until=assignment.until,
    )
    if one.days_used is not None:
        said += ". " + words.text("Wykorzystane dni: {used} z {days}", used=one.days_used, days=assignment.days)
    if assignment.status is AssignmentStatus.PROPOSED:
        said += f". {assignment_word(words, assignment.status)}"
    return said


def release_form(words: Words, assignment: ExpertAssignment, place: str, expert: str, today: date) -> Block:
    """Make the form in which an assignment is ended early."""
    told = words.text(
        "Dotychczasowy przebieg zostaje w historii, a ta osoba dostanie wiadomość. Miejsce może zostać bez wsparcia."
    )
    blocks = [
        section(f"*{escape(place)}*\n{escape(expert)}\n{told}"),
        inputs.day("last_day", words.text("Ostatni dzień"), {"last_day": today.isoformat()}),
    ]
    title, submit, close = words.text("Zakończ przypisanie"), words.text("Zakończ"), words.text("Anuluj")
    return modal(ids.RELEASE_FORM, title, submit, close, blocks, assignment.id)


def replace_form(
    words: Words,
    assignment: ExpertAssignment,
    place: str,
    expert: str,
    experts: Sequence[Member],
    typed: Typed,
) -> Block:
    """Make the form in which somebody else goes on with an assignment."""
    told = words.text(
        "Dotychczasowy przebieg zostaje w historii. Nowa osoba dostanie prośbę o przyjęcie, a po przyjęciu "
        "podsumowanie: dokumenty, ustalenia, terminy i osoby."
    )
    others = [option(one.name, one.id) for one in experts if one.id != assignment.member_id]
    days: Block = {
        "type": "number_input",
        "action_id": ids.VALUE,
        "is_decimal_allowed": False,
        "min_value": "0",
        "max_value": "400",
        "initial_value": str(typed.get("days") or "0"),
    }
    blocks = [
        section(f"*{escape(place)}*\n{escape(expert)}\n{told}"),
        inputs.select("expert", words.text("Ekspert/ka"), others, typed),
        inputs.day("since", words.text("Od"), typed),
        input_block(
            "days",
            words.text("Budżet dni"),
            days,
            optional=True,
            hint=words.text("Podpowiadamy dni, które zostały z dotychczasowego budżetu."),
        ),
    ]
    title, submit, close = words.text("Zastąp eksperta/kę"), words.text("Zastąp"), words.text("Anuluj")
    return modal(ids.REPLACE_FORM, title, submit, close, blocks, assignment.id)


def over_budget(words: Words, reason: str, facts: Mapping[str, Any], *, form: str, about: str, typed: Typed) -> Block:
    """Make the screen that shows an overrun before it is saved; ``form`` is what is confirmed."""
    metadata = json.dumps({"form": form, "about": about, "typed": dict(typed)})
    said = words.text(reason, **facts)
    ask = words.text("Jeśli tak ma być, prosimy potwierdzić. Powrót do formularza: Anuluj.")
    title, submit, close = words.text("Budżet dni"), words.text("Zapisz mimo to"), words.text("Anuluj")
    return modal(ids.OVER_BUDGET_FORM, title, submit, close, [section(f":warning: {escape(said)}\n{ask}")], metadata)


def released(words: Words, assignment: ExpertAssignment, place: str) -> Message:
    """Tell an expert that an assignment ends, and when."""
    if assignment.status is AssignmentStatus.RELEASED:
        text = words.text("Prośba o wsparcie nie jest już aktualna: {place}. Dziękujemy.", place=place)
    else:
        text = words.text(
            "Zmiana w przypisaniu: {place}, ostatni dzień to {until}. Dziękujemy za współpracę.",
            place=place,
            until=assignment.until,
        )
    return Message(text, (section(escape(text)),))
