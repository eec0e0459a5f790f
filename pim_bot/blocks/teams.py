"""A city's team as a list, and the forms in which people are added to it and their time in it ends."""

from collections.abc import Sequence
from datetime import date

from pim_bot.blocks import ids, inputs
from pim_bot.blocks.elements import NOTHING, Block, Message, actions, button, escape, header, modal, option, section
from pim_bot.blocks.inputs import Typed
from pim_bot.i18n import Words
from pim_bot.programme.enrolling import TeamList
from pim_bot.programme.people import Member, Role

MOST_LISTED = 20
CONTACT = "contact"


def team(words: Words, found: TeamList, *, today: date) -> Message:
    """Say who is in the team, with the buttons of whoever sees to its people."""
    title = words.text("Zespół: {city}", city=found.city)
    blocks: list[Block] = [header(title)]
    lines = [title]
    for member, role in found.members[:MOST_LISTED]:
        said = _line(words, member, role, today, email=found.manages)
        lines.append(said)
        blocks.append(section(escape(said)))
        if found.manages:
            value = f"{found.place.key}/{member.id}"
            contact = button(words.text("Osoba kontaktowa"), ids.MAKE_CONTACT, value)
            end = button(words.text("Zakończ"), ids.LEAVE_TEAM, value)
            blocks.append(actions(f"team/{member.id}", *([] if role.contact else [contact]), end))
    if not found.members:
        lines.append(words.text("W tym zespole nie ma jeszcze nikogo."))
        blocks.append(section(lines[-1]))
    if found.manages:
        add = button(words.text("Dodaj osobę"), ids.JOIN_TEAM, found.place.key, style="primary")
        blocks.append(actions("team", add))
    return Message("\n".join(lines), tuple(blocks))


def _line(words: Words, member: Member, role: Role, today: date, *, email: bool) -> str:
    parts = [
        member.name,
        *([member.email] if email and member.email else []),
        *([words.text("osoba kontaktowa")] if role.contact else []),
        *([words.text("od {since}", since=role.since)] if role.since and role.since > today else []),
        *([words.text("do {until}", until=role.until)] if role.until else []),
    ]
    return ", ".join(parts)


def teams(words: Words, cities: Sequence[str]) -> Message:
    """Ask which city is meant."""
    example = f"/pim zespół {next(iter(cities), '')}".strip()
    text = words.text("Którego miasta? Prosimy wpisać na przykład: {command}", command=example)
    known = words.text("Miasta: {names}", names=", ".join(cities) or NOTHING)
    return Message(f"{text}\n{known}", (section(escape(text)), section(escape(known))))


def join_form(words: Words, city: str, key: str, typed: Typed) -> Block:
    """Make the form in which a person is added to a team."""
    hint = words.text("Po tym adresie rozpoznamy tę osobę w komunikatorze.")
    blocks = [
        section(f"*{escape(city)}*"),
        inputs.line("name", words.text("Imię i nazwisko"), typed, optional=False),
        inputs.line("email", words.text("Adres e-mail"), typed, optional=False, hint=hint),
        inputs.day("since", words.text("Od"), typed),
        inputs.boxes(CONTACT, words.text("Rola"), [option(words.text("Osoba kontaktowa zespołu"), CONTACT)], typed),
    ]
    title, submit, close = words.text("Nowa osoba w zespole"), words.text("Dodaj"), words.text("Anuluj")
    return modal(ids.JOIN_FORM, title, submit, close, blocks, key)


def leave_form(words: Words, name: str, key: str, today: date) -> Block:
    """Make the form in which somebody's time in a team ends."""
    told = words.text("To, co już jest zapisane, zostaje w historii. Po tym dniu przypomnienia nie będą przychodzić.")
    blocks = [
        section(f"*{escape(name)}*\n{told}"),
        inputs.day("last_day", words.text("Ostatni dzień"), {"last_day": today.isoformat()}),
    ]
    title, submit, close = words.text("Odejście z zespołu"), words.text("Zapisz"), words.text("Anuluj")
    return modal(ids.LEAVE_FORM, title, submit, close, blocks, key)
