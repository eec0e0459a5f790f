"""Being away: the form, what holds, and what the deputy is told."""

from collections.abc import Sequence

from pim_bot.blocks import ids, inputs
from pim_bot.blocks.elements import Block, Message, actions, button, escape, modal, option, section
from pim_bot.blocks.inputs import Typed
from pim_bot.i18n import Words
from pim_bot.programme.people import Member


def absence_line(words: Words, member: Member, deputy: str = "") -> str:
    """Say from when until when somebody is away."""
    preferences = member.preferences
    if preferences.away_since is None or preferences.away_until is None:
        return words.text("Nieobecność: żadna nie jest zapisana.")
    said = words.text(
        "Nieobecność: od {since} do {until}.",
        since=words.day(preferences.away_since, weekday=False),
        until=words.day(preferences.away_until, weekday=False),
    )
    return f"{said} {words.text('Zastępstwo: {name}.', name=deputy)}" if deputy else said


def absence_form(words: Words, member: Member, deputies: Sequence[Member], typed: Typed) -> Block:
    """Make the form in which somebody says when they are away and who stands in."""
    preferences = member.preferences
    told = words.text(
        "W tym czasie przychodzą tylko pilne zmiany. Obowiązki i przypomnienia dostaje osoba, która zastępuje; "
        "bez zastępstwa reszta poczeka do powrotu."
    )
    blocks: list[Block] = [section(f"{escape(absence_line(words, member))}\n{told}")]
    if preferences.away_since:
        blocks.append(actions("absence", button(words.text("Usuń nieobecność"), ids.END_ABSENCE, "end")))
    blocks += [inputs.day("since", words.text("Od"), typed), inputs.day("until", words.text("Do"), typed)]
    if deputies:
        options = [option(one.name, one.id) for one in deputies]
        blocks.append(inputs.select("deputy", words.text("Zastępstwo"), options, typed, optional=True))
    else:
        blocks.append(section(words.text("Nikt inny nie ma teraz takiej samej roli, więc wiadomości poczekają.")))
    title, submit, close = words.text("Urlop"), words.text("Zapisz"), words.text("Anuluj")
    return modal(ids.ABSENCE_FORM, title, submit, close, blocks, "")


def standing_in(words: Words, member: Member, *, holds: bool) -> Message:
    """Tell the deputy what passes to them, and until when; or that it does not any more."""
    if not holds:
        text = words.text("Zastępstwo ({name}) jest nieaktualne.", name=member.name)
        return Message(text, (section(escape(text)),))
    line = absence_line(words, member)
    text = words.text(
        "Zastępstwo: {name}. {line} W tym czasie obowiązki i przypomnienia tej osoby przychodzą do Państwa.",
        name=member.name,
        line=line,
    )
    return Message(text, (section(escape(text)),))
