"""What commands answer: what waits for this person, the agenda, help; and the weekly digest."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from pim_bot.blocks import ids
from pim_bot.blocks.activities import (
    count_line,
    networks_of,
    one_line,
    plan_buttons,
    title_of,
    when_of,
    where_of,
    who_owes,
)
from pim_bot.blocks.elements import Block, Message, actions, button, context, escape, header, section, without_markup
from pim_bot.i18n import Words
from pim_bot.notifications.digests import GAPS_WITHIN, Digest
from pim_bot.programme.card import ActivityCard
from pim_bot.programme.edition import Network
from pim_bot.programme.permissions import Action

MOST_LISTED = 12
MOST_OFFERED = 3


def help_text(words: Words, rights: Collection[Action]) -> Message:
    """Say which commands there are for somebody with these rights."""
    lines = [
        words.text("`/pim` – co na Państwa czeka"),
        words.text("`/pim terminy [sieć lub miasto]` – najbliższe wydarzenia"),
        words.text("`/pim dodaj [treść]` – wkład do MID albo PU"),
        words.text("`/pim mid [miasto]`, `/pim pu [sieć]` – co jest w dokumencie"),
        words.text("`/pim temat [treść]` – tematy na najbliższe warsztaty: zgłaszanie i popieranie"),
        words.text("`/pim materiały [miasto, słowo]` – prezentacje i nagrania z wydarzeń"),
        words.text("`/pim eksperci` – kto wspiera którą sieć i które miasto"),
        words.text("`/pim zespół [miasto]` – kto jest w zespole miasta"),
        words.text("`/pim ocena` – ankiety, które czekają na Państwa odpowiedź"),
        words.text("`/pim szukaj [słowo]` – kto może w tym pomóc"),
        words.text("`/pim wizytówka` – w czym mogą Państwo pomóc innym"),
        words.text("`/pim urlop [od] [do] [kto zastępuje]` – nieobecność i zastępstwo"),
        words.text("`/pim ustawienia` – jakie wiadomości, kiedy i w jakim języku"),
        words.text("`/pim moje dane` – co o Państwu wiemy"),
        words.text("Pytanie można też po prostu napisać do bota, na przykład: kiedy najbliższe warsztaty?"),
        words.text("`/pim pomoc` – ta lista"),
    ]
    if Action.LOG_SESSION in rights:
        lines.insert(-1, words.text("`/pim doradztwo [miasto, czas, temat]` – zapisanie sesji doradztwa"))
    if Action.ARRANGE_SESSION in rights:
        lines.insert(-1, words.text("`/pim umów [temat]` – prośba o doradztwo"))
    if Action.SEE_SESSION in rights:
        lines.insert(-1, words.text("`/pim ustalenia [miasto]` – ostatnie sesje doradztwa i co ustalono"))
    if Action.SEND_BULLETIN in rights:
        lines.insert(-1, words.text("`/pim ogłoszenie [treść]` – wiadomość do sieci, strony albo wszystkich"))
    if Action.SCHEDULE_ACTIVITY in rights:
        lines.insert(-1, words.text("`/pim wydarzenie` – zaplanowanie wydarzenia"))
        lines.insert(-1, words.text("`/pim obecność [wydarzenie]` – kto przyszedł"))
        lines.insert(-1, words.text("`/pim kto [wydarzenie]` – kto nie potwierdził udziału, z przypomnieniem"))
    if Action.ASSIGN_EXPERT in rights:
        lines.insert(-1, words.text("`/pim przypisz` – przypisanie eksperta lub ekspertki do sieci albo miasta"))
        lines.insert(-1, words.text("`/pim pytania` – o co ludzie pytają bota i czego nie rozumie"))
        lines.insert(-1, words.text("`/pim doręczenia` – co nie dotarło i co z tym zrobić"))
    text = "\n".join(lines)
    return Message(text, (section(text),))


def unknown_command(words: Words, typed: str, *, nearest: str, rights: Collection[Action]) -> Message:
    """Say that a word is not a command, and which one may have been meant."""
    first = words.text("Nie ma polecenia „{typed}”.", typed=typed[:40])
    hint = words.text("Czy chodziło o `/pim {nearest}`?", nearest=escape(nearest)) if nearest else ""
    commands = help_text(words, rights)
    said = f"{first} {hint}".strip()
    return Message(f"{said}\n{commands.text}", (section(f"{escape(first)} {hint}".strip()), *commands.blocks))


def shortcuts(words: Words, rights: Collection[Action]) -> list[Block]:
    """Make the buttons that lead on from a list, as far as the person may use them."""
    buttons = (
        [button(words.text("Nowe wydarzenie"), ids.NEW_ACTIVITY, "new")] if Action.SCHEDULE_ACTIVITY in rights else []
    )
    buttons += [button(words.text("Przypisz eksperta/kę"), ids.ASSIGN, "new")] if Action.ASSIGN_EXPERT in rights else []
    return [*buttons, button(words.text("Wszystkie terminy"), ids.SHOW_AGENDA, "agenda")]


def item(words: Words, card: ActivityCard) -> str:
    """Say of an activity what, when, where and for whom, in a line each."""
    activity = card.activity
    lines = [
        f"*{escape(title_of(words, activity))}*",
        when_of(words, activity),
        escape(where_of(words, activity)),
        escape(networks_of(card)),
    ]
    return "\n".join(line for line in lines if line)


def agenda(
    words: Words,
    cards: Sequence[ActivityCard],
    *,
    filtered_by: str,
    feeds: Sequence[tuple[str, str]],
    plannable: frozenset[str],
) -> Message:
    """Say what comes, with the buttons of those who may plan it, and where the calendars are."""
    title = words.text("Terminy: {name}", name=filtered_by) if filtered_by else words.text("Najbliższe terminy")
    blocks: list[Block] = [header(title)]
    lines = [title]
    if not cards:
        empty = words.text("Nie ma tu jeszcze zaplanowanych wydarzeń.")
        blocks.append(section(empty))
        lines.append(empty)
    for card in cards[:MOST_LISTED]:
        lines.append(one_line(words, card))
        blocks.append(section(f"{item(words, card)}\n{count_line(words, card)}"))
        if card.activity.id in plannable and card.activity.is_open:
            blocks.append(plan_buttons(words, card))
    if len(cards) > MOST_LISTED:
        more = words.plural("… i jeszcze {n} wydarzenie", "… i jeszcze {n} wydarzeń", len(cards) - MOST_LISTED)
        blocks.append(context(more))
    for name, address in list(feeds)[:5]:
        blocks.append(
            context(words.text("Kalendarz sieci {name}: {address}", name=escape(name), address=without_markup(address)))
        )
    return Message("\n".join(lines), tuple(blocks))


def nothing_found(words: Words, typed: str, nearest: Sequence[str]) -> Message:
    """Say that no network or city has that name, and which ones come near."""
    text = words.text("Nie ma sieci ani miasta o nazwie „{typed}”.", typed=typed[:60])
    if nearest:
        text += " " + words.text("Najbliższe nazwy: {names}.", names=", ".join(nearest))
    return Message(text, (section(escape(text)),))


def sentence(text: str) -> Message:
    """Say one sentence."""
    return Message(text, (section(escape(text)),))


def digest(words: Words, found: Digest, *, now: datetime) -> Message:
    """Say what needs this person, what comes and what changed in the week; one line when all is well."""
    monday = date.fromisocalendar(int(found.week[:4]), int(found.week[-2:]), 1)
    title = words.text("Przegląd tygodnia: {days}", days=words.days(monday, monday + timedelta(days=6)))
    parts: list[tuple[str, Sequence[Any], Callable[[Words, Any], str]]] = [
        (words.text("Czekamy na odpowiedzi"), found.unanswered, _owing),
        (words.text("Terminy wstępne do potwierdzenia"), found.provisional, _short),
        (words.text("Sieci bez eksperta lub ekspertki"), found.networks_without_expert, _name),
        (
            words.text("Sieci bez terminu w najbliższych {n} dniach", n=GAPS_WITHIN.days),
            found.networks_without_date,
            _name,
        ),
        (words.text("W tym tygodniu"), found.coming, _short),
        (words.text("Nowe wydarzenia"), found.scheduled, _short),
        (words.text("Przeniesione"), found.moved, _moved),
        (words.text("Odwołane"), found.cancelled, _short),
        (words.text("Odbyły się"), found.held, _held),
    ]
    blocks: list[Block] = [header(title)]
    lines = [title]
    if found.all_is_well:
        well = words.text("Nic nie wymaga teraz Państwa działania.")
        blocks.append(section(well))
        lines.append(well)
    if found.undelivered:
        failed = words.plural("Nie dotarła {n} wiadomość.", "Nie dotarło {n} wiadomości.", found.undelivered)
        blocks.append(section(f"*{failed}*"))
        lines.append(failed)
        show = button(words.text("Pokaż doręczenia"), ids.SHOW_DELIVERIES, "deliveries")
        blocks.append(actions("digest/deliveries", show))
    for name, things, say in parts:
        if things:
            counted = f"{name} ({len(things)})"
            said = [say(words, one) for one in things[:MOST_LISTED]]
            blocks.append(section(f"*{counted}*\n" + "\n".join(f"• {escape(line)}" for line in said)))
            lines.append(f"{counted}: " + "; ".join(said))
            if things is found.unanswered:
                blocks.append(actions("digest/owes", *_ask_who_owes(words, found.unanswered)))
    blocks.append(actions("digest", *shortcuts(words, found.rights)))
    return Message("\n".join(lines), tuple(blocks))


def _name(_: Words, network: Network) -> str:
    return network.name


def _short(words: Words, card: ActivityCard) -> str:
    return f"{card.activity.title}, {when_of(words, card.activity)}"


def _ask_who_owes(words: Words, cards: Sequence[ActivityCard]) -> list[Block]:
    """Make the buttons that lead to whoever has not answered yet, and to the reminder of exactly those."""
    label = words.text("Kto nie potwierdził")
    return [
        button(
            f"{label}: {card.activity.title}", f"{ids.WHO_OWES}/{number}" if number else ids.WHO_OWES, card.activity.id
        )
        for number, card in enumerate(cards[:MOST_OFFERED])
    ]


def _owing(words: Words, card: ActivityCard) -> str:
    owed = words.plural("brakuje {n} odpowiedzi", "brakuje {n} odpowiedzi", card.count.owed)
    teams = f" ({who_owes(words, card)})"
    return f"{_short(words, card)}: {owed}{teams}"


def _moved(words: Words, card: ActivityCard) -> str:
    assert card.activity.moved_from is not None
    old = words.moment(card.activity.moved_from, card.activity.zone)
    return words.text("{line} (poprzednio: {old})", line=_short(words, card), old=old)


def _held(words: Words, card: ActivityCard) -> str:
    return words.text("{line}: zgłoszone osoby: {n}", line=_short(words, card), n=card.count.people)
