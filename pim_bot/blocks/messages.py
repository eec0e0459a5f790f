"""Messages to one person that are not about one activity alone: reminders, assignments, feedback, welcome, failures."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from pim_bot.blocks import ids
from pim_bot.blocks.activities import answer_buttons, answered_line, when_of, where_of
from pim_bot.blocks.elements import (
    Block,
    Message,
    actions,
    button,
    context,
    cut,
    divider,
    escape,
    header,
    link,
    section,
)
from pim_bot.blocks.newcomers import ask_who
from pim_bot.i18n import Words
from pim_bot.notifications import delivery
from pim_bot.notifications.intent import Kind
from pim_bot.programme.activity import Attendance
from pim_bot.programme.assignment import AssignmentStatus, ExpertAssignment
from pim_bot.programme.card import ActivityCard
from pim_bot.programme.people import Member, team_of

MOST_REMINDED = 8
MOST_BUNDLED_BLOCKS = 45
LONGEST_LINE = 140


def reminder(words: Words, items: list[tuple[ActivityCard, Attendance]], *, now: datetime) -> Message:
    """Remind of activities: what, when, where, and what to do."""
    lines: list[str] = []
    blocks: list[Block] = [header(words.plural("Przypomnienie", "Przypomnienia", len(items)))]
    for card, attendance in items[:MOST_REMINDED]:
        todo = _todo(words, card, attendance, now)
        activity = card.activity
        lines.append(f"{activity.title}: {when_of(words, activity)}, {where_of(words, activity)}. {todo}")
        said = (when_of(words, activity), where_of(words, activity), todo)
        blocks.append(section("\n".join([f"*{escape(activity.title)}*", *map(escape, said)])))
        if address := link(activity.link):
            blocks.append(context(words.text("Link do spotkania: {link}", link=address)))
        if attendance.answer is None and not card.is_over(now):
            blocks.append(answer_buttons(words, card, team=team_of(attendance.invitee) is not None))
    if len(items) > MOST_REMINDED:
        more = words.plural("… i jeszcze {n} wydarzenie", "… i jeszcze {n} wydarzeń", len(items) - MOST_REMINDED)
        blocks.append(context(f"{more}: `{ids.COMMAND} terminy`"))
    return Message(words.text("Przypominamy: {lines}", lines=" ".join(lines)), tuple(blocks))


def _todo(words: Words, card: ActivityCard, attendance: Attendance, now: datetime) -> str:
    if attendance.answer is not None:
        return answered_line(words, card, attendance, None)
    if card.is_over(now):
        return words.text("Odpowiedź nie jest już potrzebna.")
    if card.activity.answer_by and card.activity.answer_by <= now:
        return words.text("Termin zgłoszeń minął. Prosimy o odpowiedź jak najszybciej.")
    if card.activity.answer_by:
        return words.text("Prosimy o odpowiedź do: {until}.", until=words.moment(card.activity.answer_by))
    return words.text("Prosimy o odpowiedź.")


def assignment_question(words: Words, assignment: ExpertAssignment, place: str) -> Message:
    """Ask an expert to take an assignment; once answered, say the answer instead of the buttons."""
    text = words.text(
        "Prośba o wsparcie: {place}, od {since} do {until}, budżet dni: {days}.",
        place=place,
        since=assignment.since,
        until=assignment.until,
        days=assignment.days,
    )
    blocks: list[Block] = [header(words.text("Prośba o wsparcie eksperckie")), section(escape(text))]
    if assignment.role:
        blocks.append(context(words.text("Rola: {role}", role=escape(assignment.role))))
    if assignment.status is AssignmentStatus.PROPOSED:
        blocks.append(
            actions(
                f"assignment/{assignment.id}/{assignment.revision}",
                button(words.text("Przyjmuję"), ids.ACCEPT, assignment.id, style="primary"),
                button(words.text("Nie mogę przyjąć"), ids.DECLINE, assignment.id),
            )
        )
        return Message(text + " " + words.text("Prosimy o odpowiedź."), tuple(blocks))
    answer = assignment_word(words, assignment.status)
    return Message(f"{text} {answer}", (*blocks, context(answer)))


def assignment_word(words: Words, status: AssignmentStatus) -> str:
    """Say where an assignment stands."""
    return {
        AssignmentStatus.PROPOSED: words.text("Czeka na odpowiedź."),
        AssignmentStatus.ACCEPTED: words.text("Odpowiedź: przyjmuję."),
        AssignmentStatus.DECLINED: words.text("Odpowiedź: nie mogę przyjąć."),
        AssignmentStatus.RELEASED: words.text("To przypisanie jest zakończone."),
    }[status]


def assignment_answer(words: Words, assignment: ExpertAssignment, place: str, expert: str) -> Message:
    """Tell the person who assigned what the expert answered."""
    text = words.text(
        "{expert}, {place}: {answer}", expert=expert, place=place, answer=assignment_word(words, assignment.status)
    )
    return Message(text, (section(escape(text)),))


def welcome(words: Words, member: Member) -> Message:
    """Greet a person of the programme at the first contact."""
    text = words.text(
        "Dzień dobry, {name}. Tu pim_bot. Przypominamy o wydarzeniach programu, zbieramy odpowiedzi "
        "i prowadzimy kalendarz.",
        name=member.name,
    )
    hint = words.text(
        "Można tu pisać zwykłymi słowami, na przykład: Co na mnie czeka? To samo pokazuje polecenie {command}.",
        command=f"`{ids.COMMAND}`",
    )
    rights = words.text("Co o Państwu wiemy, pokaże pytanie: Co o mnie wiecie?")
    return Message(f"{text} {hint} {rights}", (section(escape(text)), context(f"{hint} {rights}")))


def stranger(words: Words) -> Message:
    """Tell somebody whom no programme file names what to do."""
    return ask_who(
        words,
        words.text(
            "Nie ma Państwa jeszcze na liście osób programu. Prosimy powiedzieć, kim Państwo są: wystarczą imię "
            "i nazwisko, miasto albo instytucja i służbowy adres e-mail."
        ),
    )


def refusal(words: Words, reason: str, facts: dict[str, object]) -> Message:
    """Tell why a click had no effect."""
    text = words.text(reason, **facts)
    return Message(text, (section(escape(text)),))


def failure_word(words: Words, error: str, address: str) -> str:
    """Say why a message did not reach its recipient, and the step that mends it."""
    channel = f"#{address}" if address else words.text("ten kanał")
    return {
        delivery.NOT_INVITED: words.text(
            "Bot nie jest w kanale {channel}. Prosimy wpisać w nim: /invite @pim_bot", channel=channel
        ),
        delivery.UNKNOWN_CHANNEL: words.text(
            "Nie ma kanału {channel}. Prosimy go utworzyć i wpisać w nim: /invite @pim_bot", channel=channel
        ),
        delivery.ARCHIVED: words.text(
            "Kanał {channel} jest zarchiwizowany. Prosimy go przywrócić albo podać inny w pliku programu.",
            channel=channel,
        ),
        delivery.UNKNOWN_PERSON: words.text(
            "W komunikatorze nie ma nikogo z adresem e-mail podanym w pliku programu. "
            "Prosimy sprawdzić adres albo zaprosić tę osobę."
        ),
        delivery.DEACTIVATED: words.text(
            "Konto tej osoby w komunikatorze jest wyłączone. Prosimy sprawdzić, czy jest nadal w zespole."
        ),
        delivery.UNREACHABLE: words.text(
            "Komunikator długo nie odpowiadał. Prosimy sprawdzić połączenie poleceniem pim-bot doctor."
        ),
        delivery.BROKEN: words.text(
            "Nie udało się przygotować treści tej wiadomości. To błąd po naszej stronie; szczegóły są w dzienniku."
        ),
        delivery.UNREADABLE: words.text(
            "Nie wiadomo, czy wiadomość dotarła, a rozmowy nie da się odczytać. Prosimy zajrzeć do niej i zdecydować."
        ),
    }.get(error, words.text("Komunikator odrzucił wiadomość. Prosimy sprawdzić ustawienia poleceniem pim-bot doctor."))


def kind_word(words: Words, kind: str) -> str:
    """Say what kind of message it was."""
    names = {
        Kind.ANNOUNCEMENT: words.text("ogłoszenie wydarzenia"),
        Kind.INVITATION: words.text("prośba o odpowiedź"),
        Kind.REMINDER: words.text("przypomnienie"),
        Kind.MOVED: words.text("zmiana terminu"),
        Kind.CHANGED: words.text("zmiana miejsca, formy albo linku"),
        Kind.CANCELLED: words.text("odwołanie wydarzenia"),
        Kind.ATTENDANCE_NUDGE: words.text("przypomnienie o odpowiedzi"),
        Kind.PLACE_GIVEN: words.text("wiadomość o wolnym miejscu"),
        Kind.DIGEST: words.text("przegląd tygodnia"),
        Kind.PLANNED: words.text("potwierdzenie zaplanowania"),
        Kind.ASSIGNMENT_QUESTION: words.text("prośba o wsparcie eksperckie"),
        Kind.ASSIGNMENT_ANSWER: words.text("odpowiedź na prośbę o wsparcie"),
        Kind.ASSIGNMENT_RELEASED: words.text("koniec przypisania"),
        Kind.HANDOVER: words.text("podsumowanie na początek"),
        Kind.FEEDBACK_QUESTION: words.text("prośba o opinię"),
        Kind.FEEDBACK_NUDGE: words.text("przypomnienie o opinii"),
        Kind.FEEDBACK_RESULT: words.text("wynik opinii"),
        Kind.REPORT_QUESTION: words.text("prośba o relację"),
        Kind.REPORT_NUDGE: words.text("przypomnienie o relacji"),
        Kind.REPORT_ESCALATION: words.text("wiadomość o braku relacji"),
        Kind.SESSION_REQUESTED: words.text("prośba o doradztwo"),
        Kind.SESSION_OFFERED: words.text("propozycja terminów doradztwa"),
        Kind.SESSION_REQUEST_NUDGE: words.text("przypomnienie o prośbie o doradztwo"),
        Kind.SESSION_ARRANGED: words.text("umówione doradztwo"),
        Kind.SESSION_DECLINED: words.text("odmowa doradztwa"),
        Kind.SESSION_QUESTION: words.text("pytanie o sesję doradztwa"),
        Kind.SESSION_NUDGE: words.text("przypomnienie o zapisaniu sesji"),
        Kind.SESSION_LOGGED: words.text("potwierdzenie zapisania sesji"),
        Kind.SESSION_AGREED: words.text("ustalenia z doradztwa"),
        Kind.SESSION_CORRECTED: words.text("poprawka ustaleń"),
        Kind.WELCOME: words.text("powitanie"),
        Kind.STRANGER: words.text("odpowiedź osobie spoza listy"),
        Kind.REFUSAL: words.text("wyjaśnienie"),
        Kind.DELIVERY_FAILED: words.text("wiadomość o braku doręczenia"),
        Kind.DELIVERIES: words.text("lista doręczeń"),
        Kind.CONTRIBUTION_PROPOSED: words.text("wkład do decyzji"),
        Kind.CONTRIBUTION_THANKS: words.text("podziękowanie za wkład"),
        Kind.CONTRIBUTION_DECIDED: words.text("decyzja o wkładzie"),
        Kind.CONTRIBUTION_CONSENT: words.text("prośba o zgodę na wkład"),
        Kind.CONTRIBUTION_EDIT: words.text("pytanie o nową treść wkładu"),
        Kind.CONTRIBUTION_OFFER: words.text("propozycja dodania wiadomości do MID/PU"),
        Kind.TOPICS: words.text("prośba o tematy"),
        Kind.TOPICS_ENDED: words.text("koniec zbierania tematów"),
        Kind.BULLETIN: words.text("ogłoszenie"),
        Kind.BULLETIN_SENT: words.text("potwierdzenie ogłoszenia"),
        Kind.BUNDLE: words.text("kilka wiadomości razem"),
    }
    return names.get(Kind(kind), words.text("wiadomość"))


def delivery_failed(words: Words, *, kind: str, error: str, address: str) -> Message:
    """Tell a coordinator that a message did not arrive, and what to do."""
    text = words.text(
        "Nie dotarła wiadomość ({kind}). {why}",
        kind=kind_word(words, kind),
        why=failure_word(words, error, address),
    )
    show = button(words.text("Pokaż doręczenia"), ids.SHOW_DELIVERIES, "deliveries")
    return Message(text, (section(escape(text)), actions("deliveries", show)))


def bundle(words: Words, told: Sequence[Message]) -> Message:
    """Say several messages in one: as they are, for as long as there is room, the others by their first words."""
    intro = words.plural("Mamy dla Państwa wiadomość", "Mamy dla Państwa wiadomości: {n}", len(told))
    blocks: list[Block] = [header(intro)]
    short: list[str] = []
    for message in told:
        own = message.blocks or (section(escape(message.text)),)
        if short or len(blocks) + len(own) + 1 > MOST_BUNDLED_BLOCKS:
            short.append(f"• {escape(cut(message.text, LONGEST_LINE))}")
        else:
            blocks += [divider(), *own]
    if short:
        blocks += [divider(), section("\n".join(short))]
    blocks.append(
        context(
            words.text(
                "Wszystko, co na Państwa czeka: {command} albo pytanie: Co na mnie czeka?", command=f"`{ids.COMMAND}`"
            )
        )
    )
    return Message(" ".join([f"{intro}.", *(message.text for message in told)]), tuple(_named_once(blocks)))


def _named_once(blocks: Sequence[Block]) -> list[Block]:
    """Give blocks of different messages different names, as the chat wants them in one message."""
    seen: Counter[str] = Counter()
    named = []
    for block in blocks:
        name = block.get("block_id")
        if name is not None:
            seen[name] += 1
            block = block | {"block_id": f"{name}/{seen[name]}"} if seen[name] > 1 else block  # noqa: PLW2901
        named.append(block)
    return named
