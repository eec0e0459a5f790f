"""The ledger in words: why a message goes then, why it was late or not sent; and the list to decide on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pim_bot.blocks import ids
from pim_bot.blocks.elements import (
    Block,
    Message,
    actions,
    button,
    confirmation,
    context,
    divider,
    escape,
    header,
    section,
)
from pim_bot.blocks.messages import failure_word, kind_word
from pim_bot.i18n import Words
from pim_bot.notifications import delivery
from pim_bot.notifications.hours import OpenHours
from pim_bot.notifications.intent import Kind, Operation, State
from pim_bot.notifications.ladders import ANSWER
from pim_bot.notifications.ledger import BY_PERSON, DECIDABLE, HUB_AWAY, IN_LINE, TRIED_AGAIN, Decision, Entry, Part

MOST_ROWS = 8
"""How many messages one list shows: each takes three blocks of the fifty that a message may have."""

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


def state_word(words: Words, state: State) -> str:
    """Say how far a delivery has come."""
    return {
        State.PLANNED: words.text("zaplanowana"),
        State.SENDING: words.text("właśnie wysyłana"),
        State.SENT: words.text("wysłana"),
        State.DOUBTFUL: words.text("sprawdzamy, czy dotarła"),
        State.FAILED: words.text("nie dotarła"),
        State.NEEDS_HUMAN: words.text("czeka na decyzję"),
        State.DROPPED: words.text("pominięta"),
        State.FOLDED: words.text("razem z innymi w jednej wiadomości"),
    }[state]


def error_word(words: Words, entry: Entry) -> str:
    """Say why a message did not arrive, or was not sent at all; "" when nothing is wrong."""
    gone = words.text("Dane tej osoby zostały usunięte, więc nie ma do kogo wysłać.")
    if entry.is_erased and entry.sent_at is None:  # the erasure took the error, too
        return gone
    if not entry.error:
        return ""
    dropped = {
        delivery.NO_TARGET: words.text("Wiadomości, która miała się zmienić, już nie ma."),
        delivery.NOTHING_TO_SAY: words.text("Nie było już o czym pisać: odpowiedź przyszła albo sprawa się skończyła."),
        delivery.SUPERSEDED: words.text("Nowsza zmiana tej samej wiadomości mówi wszystko."),
        "cancelled": words.text("Wydarzenie zostało odwołane."),
        "scheduled": words.text("Termin albo lista osób się zmieniły, więc ta chwila już nie obowiązuje."),
        "restricted": words.text("Ta osoba ograniczyła używanie swoich danych, więc bot nic do niej nie wysyła."),
        "erased": gone,
        "preferred": words.text("Ta osoba wybrała w ustawieniach inne przypomnienia."),
        BY_PERSON: words.text("Pominięta decyzją osoby."),
    }
    if entry.error in dropped:
        return dropped[entry.error]
    if entry.state is State.DROPPED and entry.error not in delivery.REASONS:
        return words.text("Nie była już potrzebna ({why}).", why=entry.error)
    return failure_word(words, entry.error, entry.address)


def late_word(words: Words, code: str) -> str:
    """Say why a message is late; "" when it is not."""
    if not code:
        return ""
    return {
        "rate-limited": words.text("Komunikator poprosił o wolniejsze wysyłanie."),
        "paced": words.text("Wiadomości do tej rozmowy wysyłamy pojedynczo, żeby jej nie zalać."),
        "chat-away": words.text("Komunikator nie odpowiadał."),
        "refused-token": words.text("Komunikator odrzuca token bota. Prosimy sprawdzić: pim-bot doctor."),
        "restored": words.text("Baza została odtworzona z kopii; najpierw sprawdzamy, co już dotarło."),
        "broken": words.text("Tej wiadomości nie udało się ułożyć; to błąd po naszej stronie."),
        TRIED_AGAIN: words.text("Komunikator nie przyjął jej za pierwszym razem, więc wysyłamy ponownie."),
        IN_LINE: words.text("Czeka na wcześniejszą wiadomość w tej samej rozmowie."),
        HUB_AWAY: words.text("Centrum było wtedy wyłączone albo zajęte."),
    }.get(code, words.text("Powód: {code}.", code=code))


def held_word(words: Words, code: str) -> str:
    """Say why a message, or a rung, does not go at its own moment; "" when it does."""
    if not code:
        return ""
    return {
        "away": words.text("czeka na powrót tej osoby"),
        "quiet-hours": words.text("czeka na godziny pracy"),
        "moved-before-quiet-time": words.text("przesunięte na ostatnią chwilę godzin pracy przed tym terminem"),
        "held-until-open": words.text("czeka na najbliższe godziny pracy"),
        "no-open-moment": words.text("nie ma wcześniej godzin pracy, więc idzie od razu"),
    }.get(code, code)


def quiet_word(words: Words, moment: datetime, zone: str) -> str:
    """Say what kind of quiet time a moment falls into."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    if OpenHours.is_working_day(day):
        return words.text("poza godzinami pracy")
    return words.text("weekend") if day.weekday() > 4 else words.text("święto")  # noqa: PLR2004 - Saturday


def lead_word(words: Words, lead: timedelta) -> str:
    """Say how long before: „7 dni”, „2 godziny”."""
    if lead % _DAY == timedelta():
        return words.plural("{n} dzień", "{n} dni", lead // _DAY)
    if lead % _HOUR == timedelta():
        return words.plural("{n} godzina", "{n} godzin", lead // _HOUR)
    return words.plural("{n} minuta", "{n} minut", lead // timedelta(minutes=1))


def rung_word(words: Words, kind: str, lead: timedelta) -> str:
    """Name a rung of a ladder."""
    said = lead_word(words, lead)
    if kind == ANSWER:
        return words.text("{lead} do terminu zgłoszeń", lead=said)
    return words.text("{lead} do początku", lead=said)


def part_word(words: Words, part: Part, zone: str) -> str:
    """Say which rung it is, and why it is not at its own moment."""
    item = part.item
    said = rung_word(words, item.kind, part.lead)
    if not item.why:
        return said
    return words.text(
        "{rung}; wypada {when} ({quiet}), {held}",
        rung=said,
        when=words.moment(item.nominal_at, zone),
        quiet=quiet_word(words, item.nominal_at, zone),
        held=held_word(words, item.why),
    )


def rule_word(words: Words, kind: Kind, operation: Operation) -> str:
    """Say by which rule a message is sent."""
    if operation is Operation.UPDATE:
        return words.text("wcześniejsza wiadomość pokaże w miejscu aktualny stan")
    return {
        Kind.ANNOUNCEMENT: words.text("nowe wydarzenie ogłaszamy w kanale"),
        Kind.INVITATION: words.text("kto ma odpowiedzieć, dostaje pytanie"),
        Kind.PLANNED: words.text("kto planuje, dostaje potwierdzenie"),
        Kind.MOVED: words.text("zmiana terminu"),
        Kind.CHANGED: words.text("inne miejsce, forma albo link"),
        Kind.CANCELLED: words.text("odwołanie wydarzenia"),
        Kind.ATTENDANCE_NUDGE: words.text("kto planuje, przypomina osobom bez odpowiedzi"),
        Kind.PLACE_GIVEN: words.text("zwolniło się miejsce, na które ktoś czeka"),
        Kind.REMINDER: words.text("drabinka przypomnień tego rodzaju wydarzeń"),
        Kind.ASSIGNMENT_QUESTION: words.text("nowe przypisanie wymaga odpowiedzi"),
        Kind.ASSIGNMENT_ANSWER: words.text("kto przypisuje, dowiaduje się o odpowiedzi"),
        Kind.FEEDBACK_QUESTION: words.text("po wydarzeniu pytamy obecne osoby o opinię"),
        Kind.FEEDBACK_NUDGE: words.text("jedno przypomnienie o opinii, do osób bez odpowiedzi"),
        Kind.FEEDBACK_RESULT: words.text("zbieranie opinii się zakończyło"),
        Kind.SESSION_REQUEST_NUDGE: words.text("jedno przypomnienie o prośbie o doradztwo"),
        Kind.REPORT_QUESTION: words.text("po wydarzeniu prosimy o relację osobę, która je planuje"),
        Kind.REPORT_NUDGE: words.text("jedno przypomnienie o relacji"),
        Kind.REPORT_ESCALATION: words.text("po tygodniu bez relacji dowiaduje się koordynacja"),
        Kind.DIGEST: words.text("przegląd w poniedziałek o 8:00, a w święto w następny dzień pracy"),
    }.get(kind, words.text("odpowiedź na to, co się właśnie stało"))


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryList:
    """What coordinators see: some entries with their titles, what was decided, and the counts behind them.

    ``entries`` are those in trouble, ``sent`` what was sent lately; ``workspace`` is the address for links.
    """

    entries: Sequence[Entry] = ()
    sent: Sequence[Entry] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    deciders: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[State, int] = field(default_factory=dict)
    more: int = 0
    page: int = 0
    workspace: str = ""


def deliveries(words: Words, found: DeliveryList, *, zone: str, now: datetime) -> Message:
    """List what did not arrive or is late, each with the buttons to decide; then what was sent; then the counts."""
    title = words.text("Doręczenia, które czekają na Państwa") if found.entries else words.text("Doręczenia")
    blocks: list[Block] = [header(title)]
    lines = [title]
    for entry in found.entries[:MOST_ROWS]:
        decided = found.decisions.get(entry.id)
        is_settled = decided is not None and entry.state not in DECIDABLE
        said = _entry_lines(words, found, entry, zone, None if is_settled else now)
        lines.append(_spoken(said if not is_settled else [*said, _state_line(words, entry, zone)]))
        blocks.append(section(_bold_first(said)))
        if decided is not None:
            waits = waits_word(words, entry, zone)
            decision = f"{decision_word(words, decided, found.deciders, zone)} {waits}".rstrip()
            lines.append(decision)
            blocks.append(context(escape(decision)))
        if not is_settled and (buttons := _buttons(words, entry)):
            blocks.append(actions(f"delivery/{entry.id}/{entry.state}", *buttons))
    if not found.entries and not found.page:
        well = words.text("Wszystko, co miało dotrzeć, dotarło.")
        blocks.append(section(well))
        lines.append(well)
    if found.sent:
        lately = words.text("Ostatnio wysłane")
        blocks += [divider(), section(f"*{lately}*")]
        lines.append(lately)
    for entry in found.sent[:MOST_ROWS]:
        said = _sent_lines(words, found, entry, zone, now)
        lines.append(_spoken(said))
        link = permalink(entry, found.workspace)
        told = _bold_first(said)
        blocks.append(section(f"{told}\n<{link}|{words.text('Otwórz wiadomość')}>" if link else told))
    counted = counts_line(words, found.counts)
    blocks += [divider(), context(escape(counted))]
    lines.append(counted)
    if found.more > 0:
        more = button(
            words.plural("Pokaż jeszcze {n}", "Pokaż jeszcze {n}", found.more), ids.MORE_DELIVERIES, str(found.page + 1)
        )
        blocks.append(actions(f"deliveries/{found.page}", more))
    return Message("\n".join(lines), tuple(blocks))


def _spoken(lines: Sequence[str]) -> str:
    """Join lines to what is read aloud: whom and what is a sentence, too."""
    first, *rest = lines
    return " ".join([f"{first}.", *rest])


def _bold_first(lines: Sequence[str]) -> str:
    first, *rest = map(escape, lines)
    return "\n".join([f"*{first}*", *rest])


def permalink(entry: Entry, workspace: str) -> str:
    """Tell the address of a message, "" while it has none or the workspace's is not known."""
    if not (entry.conversation and entry.ts and workspace):
        return ""
    return f"{workspace.rstrip('/')}/archives/{entry.conversation}/p{entry.ts.replace('.', '')}"


def _sent_lines(words: Words, found: DeliveryList, entry: Entry, zone: str, now: datetime) -> list[str]:
    """Say whom and what, when it was due and sent, and why it was late if it was."""
    if entry.sent_at is None:  # it is being sent again since the list was made
        return _entry_lines(words, found, entry, zone, now)
    (first,) = _entry_lines(words, found, entry, zone, None)
    due, sent = words.moment(entry.not_before, zone), words.moment(entry.sent_at, zone)
    times = words.text("Termin: {due}, wysłana: {sent}.", due=due, sent=sent)
    return [line for line in (first, times, late_word(words, entry.why_late(now))) if line]


def _entry_lines(words: Words, found: DeliveryList, entry: Entry, zone: str, now: datetime | None) -> list[str]:
    """Say whom and what; and, while nobody has decided, how it stands ``now`` and why."""
    title = found.titles.get(entry.subject, "")
    what = f"{kind_word(words, entry.kind)}: {title}" if title else kind_word(words, entry.kind)
    first = f"{who_word(words, entry)} – {what}"
    if now is None:
        return [first]
    why = [error_word(words, entry), late_word(words, entry.why_late(now))]
    return [first, _state_line(words, entry, zone), *(line for line in why if line)]


def _state_line(words: Words, entry: Entry, zone: str) -> str:
    due = words.moment(entry.not_before, zone)
    return words.text("Wiadomość: {state}. Termin: {when}.", state=state_word(words, entry.state), when=due)


def who_word(words: Words, entry: Entry) -> str:
    """Say whom a message is for."""
    if entry.recipient_kind == "channel":
        return words.text("kanał #{name}", name=entry.address)
    if entry.is_erased:
        return words.text("osoba, której dane usunięto")
    return entry.name or words.text("osoba spoza listy programu")


def decision_word(words: Words, decided: Decision, deciders: Mapping[str, str], zone: str) -> str:
    """Say what a person decided about a message, who and when."""
    who = deciders.get(decided.actor) or words.text("wiersz poleceń")
    when = words.moment(decided.at, zone)
    if decided.what == "resent":
        return words.text("Decyzja: wysłać ponownie ({who}, {when}).", who=who, when=when)
    return words.text("Decyzja: pominąć ({who}, {when}).", who=who, when=when)


def waits_word(words: Words, entry: Entry, zone: str) -> str:
    """Say when a message goes that is held, and why; "" when it is not."""
    if entry.state is not State.PLANNED or not entry.held_why:
        return ""
    when, why = words.moment(entry.not_before, zone), held_word(words, entry.held_why)
    return words.text("Zostanie wysłana: {when} ({why}).", when=when, why=why)


def _buttons(words: Words, entry: Entry) -> list[Block]:
    """Make the buttons of what may be decided: what is in doubt or on its way is not sent again from here."""
    if entry.state is State.SENDING or not (entry.is_open or entry.state in DECIDABLE):
        return []
    no = words.text("Anuluj")
    in_doubt = words.text(
        "Nie wiadomo, czy ta wiadomość dotarła, więc może przyjść drugi raz. Prosimy najpierw zajrzeć do rozmowy."
    )
    plainly = words.text("Wiadomość zostanie wysłana jeszcze raz, w aktualnej postaci.")
    again = confirmation(
        words.text("Wysłać ponownie?"),
        in_doubt if entry.state is State.NEEDS_HUMAN else plainly,
        words.text("Wyślij ponownie"),
        no,
    )
    skip = confirmation(
        words.text("Pominąć?"),
        words.text("Ta wiadomość nie zostanie wysłana. Można to potem zmienić poleceniem pim-bot deliveries resend."),
        words.text("Pomiń"),
        no,
    )
    buttons = [button(words.text("Pomiń"), ids.DROP_DELIVERY, entry.id, confirm=skip)]
    if entry.state in DECIDABLE:
        resend = button(words.text("Wyślij ponownie"), ids.RESEND_DELIVERY, entry.id, style="primary", confirm=again)
        buttons.insert(0, resend)
    return buttons


def counts_line(words: Words, counts: Mapping[State, int]) -> str:
    """Say how many messages of the last week arrived and how many did not."""
    return words.text(
        "Ostatnie 7 dni: wysłane {sent}, nie dotarły {failed}, czekają na decyzję {human}, w drodze {open}, "
        "pominięte {dropped}.",
        sent=counts.get(State.SENT, 0),
        failed=counts.get(State.FAILED, 0),
        human=counts.get(State.NEEDS_HUMAN, 0),
        open=sum(counts.get(state, 0) for state in (State.PLANNED, State.SENDING, State.DOUBTFUL)),
        dropped=counts.get(State.DROPPED, 0),
    )
