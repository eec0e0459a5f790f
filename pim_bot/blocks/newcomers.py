"""Somebody new says who they are; whoever looks after the network confirms it."""

import re

from pim_bot.blocks import ids, inputs
from pim_bot.blocks.elements import Block, Message, actions, button, context, escape, modal, section
from pim_bot.i18n import Words
from pim_bot.programme.introduction import Introduction, IntroductionStatus

_ACCOUNT = re.compile(r"[A-Z0-9]{2,40}")


def ask_who(words: Words, text: str) -> Message:
    """Say to somebody whom no list names what to do, with the button that opens the form."""
    introduce = button(words.text("Wypełnij krótki formularz"), ids.INTRODUCE, "introduce", style="primary")
    return Message(text, (section(escape(text)), actions("introduce", introduce)))


def introduction_form(words: Words) -> Block:
    """Make the form in which somebody says who they are."""
    where = words.text("Na przykład: Żory, Bank Światowy, MKiŚ.")
    office = words.text("Służbowy: po nim pozna Państwa osoba, która potwierdza zgłoszenie.")
    blocks = [
        inputs.line("name", words.text("Imię i nazwisko"), {}, optional=False, most=120),
        inputs.line("place", words.text("Miasto albo instytucja"), {}, optional=False, most=120, hint=where),
        inputs.line("email", words.text("Adres e-mail"), {}, optional=False, most=320, hint=office),
    ]
    title, submit, close = words.text("Kim Państwo są"), words.text("Wyślij"), words.text("Anuluj")
    return modal(ids.INTRODUCTION_FORM, title, submit, close, blocks, "")


def introduced(words: Words, introduction: Introduction, *, place: str, known: str, by: str) -> Message:
    """Ask whether somebody is who they say; ``known`` is whose e-mail it is already, ``by`` who decided."""
    who = f"{introduction.name}, {place}, {introduction.email}"
    text = words.text("Do bota pisze nowa osoba: {who}.", who=who)
    account = introduction.account if _ACCOUNT.fullmatch(introduction.account) else ""
    blocks: list[Block] = [section(escape(text))]
    blocks += [context(f"{words.text('Konto w komunikatorze')}: <@{account}>")] if account else []
    if not introduction.waits:
        said = _decision(words, introduction, by)
        return Message(f"{text} {said}", (*blocks, section(escape(said))))
    ask = words.text("Prosimy potwierdzić albo odmówić: po potwierdzeniu ta osoba widzi program i dostaje wiadomości.")
    if known:
        ask += " " + words.text(
            "Ten adres jest już na liście osób: {name}. Konto zostanie z nią połączone.", name=known
        )
    confirm = button(words.text("Potwierdzam"), ids.CONFIRM_PERSON, introduction.visitor, style="primary")
    decline = button(words.text("Nie znam tej osoby"), ids.DECLINE_PERSON, introduction.visitor)
    buttons = actions(f"introduced/{introduction.visitor}/{introduction.revision}", confirm, decline)
    return Message(f"{text} {ask}", (*blocks, section(escape(ask)), buttons))


def _decision(words: Words, introduction: Introduction, by: str) -> str:
    when = words.day(introduction.decided_at.date(), weekday=False) if introduction.decided_at else ""
    if introduction.status is IntroductionStatus.CONFIRMED:
        return words.text("Potwierdzenie: {by}, {when}.", by=by, when=when)
    return words.text("Odmowa: {by}, {when}.", by=by, when=when)


def introduction_declined(words: Words) -> Message:
    """Tell somebody that nobody knew them."""
    text = words.text(
        "Nie udało się potwierdzić Państwa zgłoszenia. Prosimy o kontakt z koordynacją programu albo o ponowne "
        "zgłoszenie, jeśli w danych był błąd."
    )
    return ask_who(words, text)
