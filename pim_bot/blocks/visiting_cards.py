"""Visiting cards: the form, who was found, and the contacts that people agreed to share."""

from collections.abc import Sequence

from pim_bot.blocks import ids, inputs
from pim_bot.blocks.elements import (
    Block,
    Message,
    actions,
    button,
    context,
    cut,
    escape,
    header,
    modal,
    option,
    section,
)
from pim_bot.blocks.privacy import role_word
from pim_bot.i18n import Words
from pim_bot.programme.knowing import LONGEST, MOST_FOUND, Found
from pim_bot.programme.people import Member
from pim_bot.programme.visiting_card import VisitingCard

SHARES = "shares"
SHOWN_OFFER = 300
MOST_CONTACTS = 40


def card_form(words: Words, card: VisitingCard | None) -> Block:
    """Make the form of one's own card."""
    typed = {"offer": card.offer if card else "", SHARES: [SHARES] if card and card.shares else []}
    told = words.text("Wizytówkę widzą osoby programu, gdy szukają pomocy. Puste pole usuwa wizytówkę.")
    agree = option(words.text("Po warsztatach mój kontakt dostają inni, którzy też się zgodzili"), SHARES)
    blocks = [
        inputs.line("offer", words.text("Mogę pomóc w …"), typed, lines=True, most=LONGEST, hint=told),
        inputs.boxes(SHARES, words.text("Kontakt"), [agree], typed),
    ]
    title, submit, close = words.text("Wizytówka"), words.text("Zapisz"), words.text("Anuluj")
    return modal(ids.CARD_FORM, title, submit, close, blocks, "")


def found_people(words: Words, typed: str, found: Sequence[Found], places: dict[str, str]) -> Message:
    """Say who was found, with what they offer."""
    own = actions("card", button(words.text("Moja wizytówka"), ids.OPEN_CARD, "card"))
    if not found:
        text = words.text("Nikogo nie znaleźliśmy: {typed}. Prosimy spróbować innego słowa.", typed=cut(typed, 100))
        return Message(text, (section(escape(text)), own))
    title = words.text("Osoby: {typed}", typed=cut(typed, 100))
    lines = [title, *(_line(words, one, places) for one in found[:MOST_FOUND])]
    blocks: list[Block] = [header(title), *(section(escape(line)) for line in lines[1:])]
    if len(found) >= MOST_FOUND:
        blocks.append(context(words.text("To pierwsze wyniki. Więcej słów zawęzi wyszukiwanie.")))
    return Message("\n".join(lines), (*blocks, own))


def _line(words: Words, found: Found, places: dict[str, str]) -> str:
    parts = dict.fromkeys(
        " ".join(filter(None, [role_word(words, role.name), places.get(role.city or role.network, "")]))
        for role in found.roles
    )
    said = f"{found.member.name} ({', '.join(parts)})"
    return f"{said}: {cut(found.offer, SHOWN_OFFER)}" if found.offer else said


def contacts(words: Words, title: str, people: Sequence[tuple[Member, VisitingCard]]) -> Message:
    """Tell the contacts of the others who agreed."""
    first = words.text("Kontakty po wydarzeniu: {title}", title=title)
    lines = [
        f"{member.name}, {member.email}: {cut(card.offer, SHOWN_OFFER)}" for member, card in people[:MOST_CONTACTS]
    ]
    why = words.text("Dostają je osoby, które zgodziły się na to w wizytówce ({command}).", command="/pim wizytówka")
    blocks = [section(f"*{escape(first)}*"), *(section(escape(line)) for line in lines), context(escape(why))]
    return Message("\n".join([first, *lines, why]), tuple(blocks))
