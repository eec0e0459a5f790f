"""The Home tab as blocks: what waits first, what comes, where the person belongs, and what else they can do."""

from collections.abc import Sequence
from datetime import datetime

from pim_bot.blocks import ids
from pim_bot.blocks.activities import answer_word
from pim_bot.blocks.contributions import document_word
from pim_bot.blocks.elements import Block, Message, actions, button, context, divider, escape, header, section
from pim_bot.blocks.lists import item, shortcuts
from pim_bot.blocks.waiting import waiting_lines
from pim_bot.i18n import Words
from pim_bot.notifications.home import Home, Progress
from pim_bot.programme.activity import Attendance
from pim_bot.programme.permissions import Action

MOST_OF_A_KIND, MOST_NETWORKS, MOST_ASSIGNMENTS, MOST_DOCUMENTS = 5, 5, 10, 10


def home(words: Words, shown: Home, *, now: datetime, public_url: str) -> Message:
    """Make the Home tab of a member; ``text`` is what it comes to, for those who read the ledger."""
    lines, blocks = waiting_lines(words, shown.waiting, most=MOST_OF_A_KIND)
    blocks[0:1] = [header(lines[0])]
    if shown.is_empty:
        blocks.append(section(words.text("Tu pojawią się zaproszenia, prośby i terminy, gdy tylko coś będzie.")))
    parts = (
        _coming(words, shown),
        _documents(words, shown),
        _assignments(words, shown),
        _networks(words, shown),
        _calendars(words, shown, public_url),
    )
    for part in parts:
        blocks += [divider(), *part] if part else []
    blocks += [divider(), actions("home", *_shortcuts(words, shown))]
    blocks.append(context(words.text("Stan na {when}.", when=words.moment(now, shown.member.zone))))
    return Message("\n".join(lines), tuple(blocks), is_home=True)


def _titled(title: str, lines: Sequence[str]) -> str:
    return "\n".join([f"*{title}*", *(f"• {line}" for line in lines)])


def _coming(words: Words, shown: Home) -> list[Block]:
    title = f"*{words.text('Najbliższe wydarzenia')}*"
    if shown.ahead:
        return [section(title), *(section(item(words, card)) for card in shown.ahead[:MOST_OF_A_KIND])]
    if not shown.waiting.coming:
        return [section(f"{title}\n{words.text('Nie ma jeszcze terminów. Pokażą się tu, gdy je zaplanujemy.')}")]
    blocks: list[Block] = [section(title)]
    for card, attendance in shown.waiting.coming[:MOST_OF_A_KIND]:
        change = button(words.text("Odpowiedź"), ids.ANSWER, card.activity.id)
        blocks.append(section(f"{item(words, card)}\n{_answer(words, attendance)}", accessory=change))
    return blocks


def _answer(words: Words, attendance: Attendance) -> str:
    if attendance.answer is None:
        return words.text("Odpowiedzi jeszcze nie ma.")
    return words.text("Odpowiedź: {answer}.", answer=answer_word(words, attendance.answer))


def _documents(words: Words, shown: Home) -> list[Block]:
    if not shown.documents:
        return []
    lines = [_progress(words, one) for one in shown.documents[:MOST_DOCUMENTS]]
    blocks = [section(_titled(words.text("Państwa dokumenty"), lines))]
    if not any(one.begun or one.waiting for one in shown.documents):
        teach = words.text("Wkład dodają Państwo przyciskiem poniżej albo z menu wiadomości: „Dodaj do MID/PU”.")
        blocks.append(context(teach))
    return blocks


def _progress(words: Words, one: Progress) -> str:
    said = words.text(
        "{document}: części z treścią {begun} z {parts}",
        document=document_word(words, one.name),
        begun=one.begun,
        parts=one.parts,
    )
    return escape(said + (", " + words.text("do decyzji: {n}", n=one.waiting) if one.waiting else ""))


def _networks(words: Words, shown: Home) -> list[Block]:
    lines = []
    for network, guardians in shown.networks[:MOST_NETWORKS]:
        name = (network.name_en or network.name) if words.language == "en" else network.name
        care = words.text("opieka: {names}", names=", ".join(guardians)) if guardians else words.text("bez opieki")
        lines.append(escape(f"{name} – {care}"))
    return [section(_titled(words.text("Państwa sieci"), lines))] if lines else []


def _calendars(words: Words, shown: Home, public_url: str) -> list[Block]:
    """Tell the addresses that a calendar subscribes to; they are public, as the networks' dates are."""
    lines = [
        f"{escape(network.name)}: {public_url}/ical/siec/{network.slug}.ics"
        for network, _ in shown.networks[:MOST_NETWORKS]
    ]
    return [section(_titled(words.text("Kalendarze do subskrypcji"), lines))] if lines else []


def _assignments(words: Words, shown: Home) -> list[Block]:
    lines = []
    for one, place in shown.assignments[:MOST_ASSIGNMENTS]:
        said = words.text("{place}: od {since} do {until}", place=place, since=one.since, until=one.until)
        used = words.text("wykorzystane dni: {used} z {days}", used=shown.used.get(one.id, 0.0), days=one.days)
        lines.append(escape(f"{said}, {used}" if one.days else said))
    return [section(_titled(words.text("Państwa przypisania"), lines))] if lines else []


def _shortcuts(words: Words, shown: Home) -> list[Block]:
    buttons = []
    if Action.LOG_SESSION in shown.rights:
        buttons.append(button(words.text("Zapisz doradztwo"), ids.NEW_SESSION, "new"))
    if Action.ARRANGE_SESSION in shown.rights:
        buttons.append(button(words.text("Umów doradztwo"), ids.ASK_SESSION, "new"))
    if shown.documents:
        buttons.append(button(words.text("Dodaj do MID/PU"), ids.CONTRIBUTE, shown.documents[0].name.document.key))
    settings = button(words.text("Ustawienia"), ids.FEWER_MESSAGES, "home")
    return [*buttons, *shortcuts(words, shown.rights), settings]
