"""What people read of their own data: the notice, what is kept, and the form in which it is corrected."""

from collections.abc import Sequence
from datetime import datetime

from pim_bot.blocks import ids
from pim_bot.blocks.elements import (
    Block,
    Message,
    actions,
    button,
    confirmation,
    context,
    escape,
    header,
    input_block,
    modal,
    option,
    section,
)
from pim_bot.i18n import Words
from pim_bot.programme.countries import ZONES
from pim_bot.programme.people import Member, RoleName
from pim_bot.programme.privacy import NOTICE_VERSION, Contacts, Kept

LONGEST_TYPED = 320
LANGUAGES = {"pl": "polski", "en": "English"}


def notice(words: Words, contacts: Contacts) -> str:
    """Say what is done with a person's data, in few words (RODO art. 13, the first layer)."""
    contact = contacts.iod or words.text("kontakt poda koordynacja programu")
    administrator = contacts.administrator or words.text("urząd, który prowadzi program")
    return words.text(
        "Dane osobowe: administratorem jest {administrator}. To, co Państwo tu wpiszą i wybiorą, "
        "zapisujemy, żeby prowadzić program (art. 6 ust. 1 lit. e RODO); dostawcą komunikatora jest Slack. Inspektor "
        "ochrony danych: {contact}. Wgląd, poprawki i ograniczenie: {command}. Skargi przyjmuje Prezes UODO.",
        administrator=administrator,
        contact=contact,
        command=f"{ids.COMMAND} {words.text('moje dane')}",
    )


def notice_block(words: Words, contacts: Contacts) -> Block:
    """Make the first block of a form for somebody who was not shown the notice yet; its id tells the version."""
    return section(f":information_source: {escape(notice(words, contacts))}", block_id=f"{ids.NOTICE}/{NOTICE_VERSION}")


def my_data(words: Words, member: Member, kept: Kept, *, roles: Sequence[str], contacts: Contacts) -> Message:
    """Tell a person what is kept of them, and what they can do about it."""
    limited = [words.text("Używanie Państwa danych jest ograniczone: tylko je przechowujemy.")]
    lines = [
        *(limited if member.is_restricted else []),
        words.text("Imię i nazwisko: {name}", name=member.name),
        words.text("Adres e-mail: {email}", email=member.email or "–"),
        words.text("Język i strefa czasowa: {language}, {zone}", language=LANGUAGES[words.language], zone=member.zone),
        words.text("Role w programie: {roles}", roles=", ".join(roles) or "–"),
        words.text("Przypisania eksperckie: {n}", n=kept.assignments),
        words.text("Imienne zaproszenia: {n}", n=kept.invitations),
        words.text("Wiadomości od bota: {n}, w tym jeszcze z treścią: {texts}", n=kept.messages, texts=kept.texts),
        words.text("Zaplanowane przypomnienia: {n}", n=kept.reminders),
        *(
            [words.text("Informacja o danych pokazana: {when}", when=_day(words, kept.notice_at))]
            if kept.notice_at
            else []
        ),
    ]
    beyond = words.text(
        "Opinie o wydarzeniach są anonimowe i nie da się ich z nikim powiązać. Wiadomości w Slacku przechowuje Slack "
        "na polecenie właściciela przestrzeni roboczej. O kopię danych albo o ich usunięcie prosimy napisać do "
        "koordynacji lub inspektora ochrony danych."
    )
    first = words.text("Państwa dane w pim_bot")
    blocks = (
        header(first),
        section("\n".join(f"• {escape(line)}" for line in lines)),
        actions("privacy/own", *_buttons(words, member)),
        context(escape(beyond)),
        context(escape(notice(words, contacts))),
    )
    return Message("\n".join([first, *lines, beyond]), blocks)


def _day(words: Words, instant: datetime) -> str:
    return words.day(instant.date(), weekday=False)


def _buttons(words: Words, member: Member) -> list[Block]:
    correct = button(words.text("Popraw"), ids.CORRECT_DATA, member.id)
    if member.is_restricted:
        return [correct, button(words.text("Zdejmij ograniczenie"), ids.LIFT_LIMIT, member.id)]
    sure = confirmation(
        words.text("Ograniczyć używanie danych?"),
        words.text("Bot nie będzie wysyłał przypomnień, zaproszeń ani przeglądów. Można to w każdej chwili cofnąć."),
        words.text("Ogranicz"),
        words.text("Anuluj"),
    )
    return [correct, button(words.text("Ogranicz używanie"), ids.LIMIT_DATA, member.id, confirm=sure)]


def role_word(words: Words, name: RoleName) -> str:
    """Say what somebody is."""
    return {
        RoleName.COORDINATOR: words.text("koordynacja programu"),
        RoleName.GUARDIAN: words.text("opieka nad siecią"),
        RoleName.EXPERT: words.text("wsparcie eksperckie"),
        RoleName.OFFICIAL: words.text("zespół miasta"),
        RoleName.MINISTRY: words.text("ministerstwo"),
    }[name]


def correction_form(words: Words, member: Member) -> Block:
    """Make the form in which a person corrects their data: some at once, some through the coordinators."""
    at_once = words.text("Zmieni się od razu.")
    asked = words.text("Tę zmianę potwierdza koordynacja, bo po adresie e-mail rozpoznajemy osoby.")
    zones = [option(zone.replace("_", " "), zone) for zone in sorted({member.zone, *ZONES.values()})]
    languages = [option(name, code) for code, name in LANGUAGES.items()]
    language = "en" if member.language.startswith("en") else "pl"
    blocks = [
        _line("name", words.text("Imię i nazwisko"), member.name, ""),
        _line("email", words.text("Adres e-mail"), member.email, asked),
        _select("language", words.text("Język"), languages, language, at_once),
        _select("zone", words.text("Strefa czasowa"), zones, member.zone, at_once),
    ]
    title, submit, close = words.text("Popraw dane"), words.text("Wyślij"), words.text("Anuluj")
    return modal(ids.CORRECTION_FORM, title, submit, close, blocks, "")


def _line(name: str, label: str, value: str, hint: str) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": ids.VALUE, "max_length": LONGEST_TYPED}
    return input_block(name, label, element | ({"initial_value": value[:LONGEST_TYPED]} if value else {}), hint=hint)


def _select(name: str, label: str, options: list[Block], value: str, hint: str) -> Block:
    chosen = next(one for one in options if one["value"] == value)
    element: Block = {"type": "static_select", "action_id": ids.VALUE, "options": options, "initial_option": chosen}
    return input_block(name, label, element, hint=hint)


def correction(words: Words, *, who: str, name: str, email: str, member_id: str) -> Message:
    """Tell a coordinator what a person asks to have corrected, and how."""
    text = words.text(
        "{who} prosi o poprawienie danych. Ma być: {name}, {email}. Prosimy poprawić plik programu i użyć: {command}",
        who=who,
        name=name,
        email=email or "–",
        command=f"pim-bot member correct {member_id}",
    )
    return Message(text, (section(escape(text)),))
