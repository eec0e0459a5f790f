"""Answers to questions in plain words: the point first, then what belongs to it, then what can be done about it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pim_bot.blocks import ids
from pim_bot.blocks.activities import form_word, one_line, when_of
from pim_bot.blocks.elements import Block, Message, actions, button, context, cut, ended, escape, section
from pim_bot.i18n import Words
from pim_bot.programme.activity import Activity, Answer, Attendance
from pim_bot.programme.card import ActivityCard
from pim_bot.programme.feedback import FeedbackRound
from pim_bot.programme.people import team_of
from pim_bot.programme.questions.finding import Advice, CityState, Trace
from pim_bot.programme.questions.question import Counted, Meaning, Question
from pim_bot.programme.session import CityWords

MOST_LINES = 40
MOST_IN_SECTION = 10
MOST_BUTTONS = 12
LONGEST_LINE = 240
LONGEST_VALUE = 2000


def answer(
    words: Words, first: str, lines: Sequence[str] = (), *, buttons: Sequence[Block] = (), hint: str = ""
) -> Message:
    """Say an answer: one sentence that is the point, lines, one row of buttons, a hint. User text is escaped here."""
    shown = [cut(" ".join(line.split()), LONGEST_LINE) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(words.text("… i jeszcze: {n}", n=len(lines) - MOST_LINES))
    blocks: list[Block] = [section(f"*{escape(cut(first, LONGEST_LINE * 4))}*")]
    for start in range(0, len(shown), MOST_IN_SECTION):
        part = shown[start : start + MOST_IN_SECTION]
        blocks.append(section("\n".join(f"• {escape(line)}" for line in part)))
    blocks += [actions("answer", *buttons[:MOST_BUTTONS])] if buttons else []
    blocks += [context(escape(hint))] if hint else []
    return Message("\n".join(part for part in (first, *shown, hint) if part), tuple(blocks))


def with_notice(said: Message, notice: Block) -> Message:
    """Add the notice of personal data to the first answer that somebody gets."""
    return replace(said, blocks=(*said.blocks, notice))


# What can be asked, as people ask it


def example(words: Words, meaning: Meaning) -> str:
    """Say a question of that meaning, as somebody would ask it."""
    said = {
        Meaning.WAITING: words.text("Co na mnie czeka?"),
        Meaning.WHEN: words.text("Kiedy i gdzie najbliższe warsztaty?"),
        Meaning.PREPARE: words.text("Co mamy przygotować na jutro?"),
        Meaning.AGENDA: words.text("Jaka jest agenda warsztatów?"),
        Meaning.DEADLINE: words.text("Do kiedy oddajemy harmonogram do MID?"),
        Meaning.MISSING: words.text("Co nam jeszcze brakuje w MID-zie?"),
        Meaning.EXPERT: words.text("Kto jest naszym ekspertem?"),
        Meaning.GUARDIAN: words.text("Kto jest opiekunem naszej sieci?"),
        Meaning.TEAM: words.text("Kto jest w naszym zespole?"),
        Meaning.ARRANGE: words.text("Chcemy umówić konsultację"),
        Meaning.MOVE: words.text("Przełóżmy konsultację"),
        Meaning.CANCEL: words.text("Odwołajmy konsultację"),
        Meaning.AGREEMENTS: words.text("Co ustaliliśmy ostatnio?"),
        Meaning.ASK_EXPERT: words.text("Mam pytanie do eksperta"),
        Meaning.WHO_GOES: words.text("Kto jedzie na najbliższe warsztaty?"),
        Meaning.REGISTER: words.text("Zgłaszam dwie osoby"),
        Meaning.ONLINE: words.text("Nie damy rady przyjechać, można online?"),
        Meaning.TEAM_CHANGE: words.text("Zmiana w zespole: nowa osoba"),
        Meaning.EXPERIENCE: words.text("Kto już robił łąki kwietne?"),
        Meaning.SAID: words.text("Co miasta mówiły o zamówieniach?"),
        Meaning.MATERIALS: words.text("Wyślij prezentację z Poznania"),
        Meaning.COMMENT: words.text("Mamy uwagę do PU"),
        Meaning.RECOMMEND: words.text("Dodaj rekomendację do PU"),
        Meaning.ADD_TO_MID: words.text("Dopisz do naszego MID"),
        Meaning.LOG_SESSION: words.text("Zapisz notatkę z konsultacji z Żorami"),
        Meaning.SILENT: words.text("Które miasta nie odzywały się od miesiąca?"),
        Meaning.SESSIONS_COUNT: words.text("Ile konsultacji miała Świdnica?"),
        Meaning.SHOW_MID: words.text("Pokaż MID Dębicy"),
        Meaning.SHOW_PU: words.text("Pokaż PU naszej sieci"),
        Meaning.ASK_COMMENTS: words.text("Poproś sieć o uwagi do piątku"),
        Meaning.OWING: words.text("Kto nie potwierdził udziału?"),
        Meaning.CHASE: words.text("Przypomnij tym, którzy nie odpisali"),
        Meaning.SEND_AGENDA: words.text("Wyślij agendę do sieci cyfrowej"),
        Meaning.PRESENCE: words.text("Zaznacz obecność"),
        Meaning.SURVEY: words.text("Ankieta po warsztatach"),
        Meaning.REPLACED: words.text("Kto jest nową osobą w zespole Wyszkowa?"),
        Meaning.NEWS: words.text("Co nowego w sieci od poniedziałku?"),
        Meaning.FOR_US: words.text("Które zalecenia są do nas?"),
        Meaning.POSITION_DUE: words.text("Do kiedy stanowisko resortu?"),
        Meaning.LAW: words.text("Jakie przepisy chcą zmienić miasta?"),
        Meaning.MID_STATE: words.text("Stan MID-ów na dziś"),
        Meaning.AT_RISK: words.text("Które miasta są zagrożone?"),
        Meaning.COMPARE: words.text("Porównaj sieci"),
        Meaning.CATEGORIES: words.text("Ile zaleceń ma która kategoria?"),
        Meaning.PEOPLE_LIST: words.text("Lista uczestników i obecności"),
        Meaning.REPORT: words.text("Raport za kwartał"),
        Meaning.NEW_ACTIVITY: words.text("Dodaj wydarzenie"),
        Meaning.ANNOUNCE: words.text("Ogłoszenie do wszystkich miast"),
        Meaning.TOPICS: words.text("Zbierzmy tematy na warsztaty"),
        Meaning.ASSIGN: words.text("Przypisz eksperta do Lublina"),
        Meaning.MY_DATA: words.text("Co o mnie wiecie?"),
        Meaning.FEWER: words.text("mniej wiadomości"),
        Meaning.HELP: words.text("Co potrafisz?"),
    }
    return said[meaning]


def ask_button(words: Words, question: Question, label: str, number: int) -> Block:
    """Make the button that asks a question; its value is the question."""
    value = json.dumps(question.as_facts(), ensure_ascii=False)
    return button(label, f"{ids.ASK_QUESTION}/{number}", value if len(value) <= LONGEST_VALUE else "{}")


def not_understood(words: Words, nearest: Sequence[Meaning]) -> Message:
    """Say that a question was not understood, and offer the nearest that can be asked."""
    first = words.text("Nie wiem, o co chodzi w tym pytaniu. Może o jedno z tych:")
    examples = [example(words, one) for one in nearest]
    buttons = [
        ask_button(words, Question(meaning=one), said, number)
        for number, (one, said) in enumerate(zip(nearest, examples, strict=True))
    ]
    return answer(words, first, examples, buttons=buttons, hint=_commands(words))


def capabilities(words: Words, meanings: Sequence[Meaning]) -> Message:
    """Say what can be asked."""
    first = words.text("Odpowiadam na pytania o program. Na przykład:")
    return answer(words, first, [example(words, one) for one in meanings], hint=_commands(words))


def _commands(words: Words) -> str:
    return words.text("Wszystkie polecenia pokaże /pim pomoc.")


def which_city(words: Words, question: Question, cities: Sequence[tuple[str, str]]) -> Message:
    """Ask which city is meant; a tap asks the question of that one."""
    first = words.text("O które miasto chodzi?")
    buttons = [
        ask_button(words, replace(question, cities=(slug,), unsure=(), words=()), name, number)
        for number, (slug, name) in enumerate(cities[:MOST_BUTTONS])
    ]
    return answer(words, first, [name for _, name in cities], buttons=buttons)


def unknown_city(words: Words, typed: str, nearest: Sequence[str]) -> Message:
    """Say that a name is not that of a city."""
    first = words.text("Nie ma w programie miasta o nazwie „{typed}”.", typed=typed[:60])
    near = words.text("Najbliższe nazwy: {names}.", names=", ".join(nearest)) if nearest else ""
    return answer(words, f"{first} {near}".strip())


def not_in_edition(words: Words, city: str) -> Message:
    """Say that a city takes no part now."""
    return answer(words, words.text("{city}: to miasto nie bierze udziału w tej edycji.", city=city))


def sentence(words: Words, text: str, *, buttons: Sequence[Block] = (), hint: str = "") -> Message:
    """Say one sentence with what can be done."""
    return answer(words, text, buttons=buttons, hint=hint)


# Activities


def when(
    words: Words, coming: Sequence[ActivityCard], past: Sequence[ActivityCard], mine: Attendance | None, sought: str
) -> Message:
    """Say when and where the next one is; where none comes, when the last one was."""
    if coming:
        first, *others = coming
        buttons = []
        if mine is not None and mine.answer is None and first.activity.is_open:
            buttons = [button(words.text("Odpowiedz"), ids.ANSWER, first.activity.id, style="primary")]
        title = words.text("Najbliższe: {line}", line=one_line(words, first))
        return answer(words, ended(title), [one_line(words, one) for one in others[:3]], buttons=buttons)
    none = (
        words.text("Nie ma w planie wydarzenia, które pasuje do „{sought}”.", sought=sought)
        if sought
        else words.text("Nie ma w planie takiego wydarzenia.")
    )
    if not past:
        return answer(words, none)
    last = words.text("Ostatnie było: {line}.", line=one_line(words, past[0]))
    return answer(words, f"{none} {last}")


def prepare(words: Words, cards: Sequence[ActivityCard], steps: Sequence[tuple[str, CityWords]]) -> Message:
    """Say what stands in the activity's details, and the next steps of the last session."""
    if not cards and not steps:
        return answer(words, words.text("Nic nie jest zapisane do przygotowania na ten czas."))
    lines = []
    for card in cards[:3]:
        lines.append(one_line(words, card))
        lines += [words.text("Program: {text}", text=card.activity.agenda)] if card.activity.agenda else []
        lines += [words.text("Opis: {text}", text=card.activity.description)] if card.activity.description else []
        if not card.activity.agenda and not card.activity.description:
            lines.append(words.text("W szczegółach tego wydarzenia nie zapisano, co przygotować."))
    for city, told in steps:
        due = f" ({words.day(told.due, weekday=False)})" if told.due else ""
        said = words.text("{city}, następny krok z ostatniego doradztwa: {step}", city=city, step=told.next_step)
        lines.append(f"{said}{due}")
    return answer(words, words.text("Co jest zapisane do przygotowania:"), lines)


def agenda(words: Words, card: ActivityCard | None, *, sends: bool = False, changes: bool = False) -> Message:
    """Say the agenda of an activity; whoever plans it can open its details."""
    if card is None:
        return answer(words, words.text("Nie ma w planie takiego wydarzenia."))
    activity = card.activity
    first = ended(one_line(words, card))
    empty = words.text("Programu jeszcze nie zapisano.")
    lines = activity.agenda.splitlines() if activity.agenda else [empty]
    buttons = [button(words.text("Zmień szczegóły"), ids.CHANGE, activity.id)] if changes else []
    hint = ""
    if sends:
        hint = (
            words.text("Agenda stoi w ogłoszeniu i zaproszeniach. Po zapisaniu zmiany odświeżą się one u wszystkich.")
            if changes
            else words.text("Agendę zmienia i rozsyła osoba, która planuje to wydarzenie.")
        )
    return answer(words, first, lines, buttons=buttons, hint=hint)


def materials(words: Words, cards: Sequence[ActivityCard], sought: str) -> Message:
    """Say where the materials of an activity may be found."""
    if not cards:
        return when(words, [], [], None, sought)
    first = words.text("Bot nie ma zapisanej prezentacji z tego wydarzenia. Prosimy zapytać osobę, która je prowadzi.")
    return answer(words, first, [one_line(words, one) for one in cards[:3]])


def who_goes(words: Words, card: ActivityCard | None, *, named: Sequence[str], cities: Sequence[str]) -> Message:
    """Say who goes, by name where the reader may know names, else by city."""
    if card is None:
        return answer(words, words.text("Nie ma w planie takiego wydarzenia."))
    lines = []
    for one in card.attendances:
        team = team_of(one.invitee)
        if team is None or (cities and team[1] not in cities):
            continue
        city = card.city_names.get(team[1], team[1])
        lines.append(f"{city}: {_answer_word(words, one, names=team[1] in named)}")
    if not lines:
        lines = [words.text("Nie ma tu zaproszenia dla tego miasta.")]
    hint = "" if named else words.text("Nazwiska widzi zespół miasta i osoby, które planują wydarzenie.")
    return answer(words, ended(one_line(words, card)), lines, hint=hint)


def _answer_word(words: Words, one: Attendance, *, names: bool) -> str:
    said = {
        Answer.GOING: words.text("udział potwierdzony"),
        Answer.UNSURE: words.text("jeszcze bez decyzji"),
        Answer.NOT_GOING: words.text("bez udziału"),
        Answer.WAITING: words.text("na liście rezerwowej"),
    }
    word = said[one.answer] if one.answer else words.text("jeszcze bez odpowiedzi")
    people = ", ".join(one.people) if names else words.plural("{n} osoba", "{n} osób", len(one.people))
    return f"{word} ({people})" if one.people else word


def to_answer(words: Words, found: Sequence[tuple[Activity, Attendance]], *, register: bool) -> Message:
    """Offer the forms in which a team answers; of an activity that is not on site, say so."""
    if not found:
        return answer(words, words.text("Nie ma teraz zaproszenia, na które Państwo odpowiadają."))
    action = ids.REGISTER if register else ids.ANSWER
    lines = [f"{one.title}, {when_of(words, one)}: {form_word(words, one.form)}" for one, _ in found]
    label = words.text("Zgłaszam osoby") if register else words.text("Odpowiedz")
    labelled = [label if len(found) == 1 else f"{label}: {one.title}" for one, _ in found]
    buttons = [
        button(name, f"{action}/{number}" if number else action, one.id)
        for number, (name, (one, _)) in enumerate(zip(labelled, found, strict=True))
    ]
    first = (
        words.text("Zgłoszenie otworzy formularz z osobami zespołu.")
        if register
        else words.text("Tak odbywa się najbliższe wydarzenie. Odpowiedź można zmienić w formularzu.")
    )
    hint = "" if register else words.text("O udziale zdalnym decyduje osoba, która planuje wydarzenie.")
    return answer(words, first, lines, buttons=buttons, hint=hint)


def to_change(words: Words, cards: Sequence[ActivityCard], *, cancels: bool) -> Message:
    """Offer the forms in which activities are moved or called off."""
    if not cards:
        return answer(words, words.text("Nie ma w planie wydarzenia, które mogą Państwo zmienić."))
    action = ids.CANCEL if cancels else ids.MOVE
    label = words.text("Odwołaj") if cancels else words.text("Przenieś")
    buttons = [
        button(
            label if len(cards) == 1 else f"{label}: {when_of(words, one.activity)}",
            f"{action}/{number}" if number else action,
            one.activity.id,
        )
        for number, one in enumerate(cards)
    ]
    first = words.text("Formularz pokaże, kogo to dotyczy; nic nie zmieni się wcześniej.")
    return answer(words, first, [one_line(words, one) for one in cards], buttons=buttons)


def to_mark(words: Words, card: ActivityCard | None, *, listed: bool) -> Message:
    """Offer the form in which presence is marked."""
    if card is None:
        return answer(
            words, words.text("Nie ma wydarzenia z ostatniego roku, na którym mogą Państwo zaznaczyć obecność.")
        )
    activity = card.activity
    first = words.text("Obecność: {title}, {when}.", title=activity.title, when=when_of(words, activity))
    hint = words.text("Obecność zaznacza się w formularzu.") if listed else ""
    open_form = button(words.text("Zaznacz obecność"), ids.MARK_PRESENCE, activity.id, style="primary")
    export = [button(words.text("Lista do Excela"), ids.EXPORT_ATTENDANCE, activity.id)] if listed else []
    return answer(words, first, buttons=[*export, open_form], hint=hint)


def survey(words: Words, card: ActivityCard | None, found: FeedbackRound | None) -> Message:
    """Say how it stands with the question for feedback after an activity."""
    sent = words.text("Pytanie o ocenę przychodzi samo po każdym wydarzeniu; wystarczą dwa kliknięcia.")
    if card is None:
        return answer(words, sent)
    if found is None:
        said = words.text("Nie było jeszcze pytania o ocenę.")
    elif found.is_open:
        said = words.text("Oceny jeszcze spływają.")
    else:
        said = words.text("Ankieta jest zamknięta; wynik przyszedł w wiadomości, jeśli odpowiedzi było dość.")
    line = f"{card.activity.title}, {when_of(words, card.activity)}"
    return answer(words, f"{line}. {said}", hint=sent)


def news(words: Words, since: date, cards: Sequence[ActivityCard], added: Mapping[str, int]) -> Message:
    """Say what was planned or changed since a day, and how much was contributed."""
    day = words.day(since, weekday=False)
    lines = [one_line(words, one) for one in cards]
    lines += [words.text("Wkład do MID i PU, {network}: {n}", network=name, n=n) for name, n in sorted(added.items())]
    first = (
        words.text("Nowe albo zmienione od {day}:", day=day)
        if lines
        else words.text("Od {day} nic się nie zmieniło.", day=day)
    )
    return answer(words, first, lines)


# People


def experts(words: Words, served: Mapping[str, Sequence[str]]) -> Message:
    """Say who advises, by place."""
    lines = [f"{place}: {', '.join(names)}" for place, names in served.items()]
    if not lines:
        return answer(words, words.text("Nie ma jeszcze przypisanej osoby z Banku Światowego."), hint=_staff(words))
    return answer(words, words.text("Ekspertki i eksperci Banku Światowego:"), lines, hint=_staff(words))


def _staff(words: Words) -> str:
    return words.text("Wszystkie przypisania pokaże /pim eksperci.")


def guardians(words: Words, found: Sequence[tuple[str, str, str]], first: str = "") -> Message:
    """Say who looks after which network, by side."""
    sides = {
        "mfipr": words.text("MFiPR"),
        "ministry": words.text("ministerstwo"),
        "world_bank": words.text("Bank Światowy"),
    }
    lines = [f"{network}: {name} ({sides.get(side, side)})" for network, name, side in found]
    title = first or words.text("Opiekunki i opiekunowie sieci:")
    if not lines:
        return answer(words, f"{first} {words.text('Nie zapisano jeszcze opieki nad siecią.')}".strip())
    return answer(words, title, lines)


def team_change(words: Words, city: str, key: str, guardians_known: Sequence[tuple[str, str, str]]) -> Message:
    """Offer the form in which somebody joins a team, or say who sees to it."""
    if key:
        add = button(words.text("Dodaj osobę"), ids.JOIN_TEAM, key, style="primary")
        return answer(words, words.text("Nowa osoba w zespole: {city}.", city=city), buttons=[add])
    first = words.text(
        "Skład zespołu zmienia opiekun lub opiekunka sieci z MFiPR albo koordynacja. Prosimy napisać do:"
    )
    return guardians(words, [one for one in guardians_known if one[2] == "mfipr"], first)


# Documents


def deadline(words: Words, found: Sequence[tuple[str, str, str]]) -> Message:
    """Say that the hub does not know the date, and who does."""
    first = words.text("Terminu oddania części MID nie zapisano w programie. Zna go opieka sieci:")
    return guardians(words, found, first)


def missing(
    words: Words, city: str, empty: Sequence[str], waiting: Sequence[str], *, reads: bool, key: str = ""
) -> Message:
    """Say which parts of a MID are still empty; ``key`` names it to whoever may add to it."""
    if not reads:
        return private(words)
    if not empty and not waiting:
        return answer(words, words.text("MID, {city}: każda część ma już przyjęty wkład.", city=city))
    lines = [words.text("{part}: jeszcze pusto", part=part) for part in empty]
    lines += [words.text("{part}: czeka na przyjęcie", part=part) for part in waiting]
    add = [button(words.text("Dodaj do MID/PU"), ids.CONTRIBUTE, key)] if key else []
    return answer(words, words.text("MID, {city}: tego jeszcze brakuje.", city=city), lines, buttons=add)


def private(words: Words) -> Message:
    """Say politely that this is between a city and its experts."""
    return answer(
        words,
        words.text(
            "To jest sprawa miasta i jego ekspertów Banku Światowego, więc mogą ją czytać tylko te osoby. "
            "W razie potrzeby prosimy zapytać zespół miasta."
        ),
    )


def to_contribute(words: Words, key: str, kind: str, *, recommends: bool = False) -> Message:
    """Offer the form of a contribution, with document and type filled in."""
    if not key:
        return answer(
            words,
            words.text("Wkład do PU dodają osoby sieci, a do MID zespół miasta i jego eksperci Banku Światowego."),
        )
    first = (
        words.text("Zalecenie dopisze się do PU po wypełnieniu formularza.")
        if recommends
        else words.text("Formularz wkładu jest gotowy do wypełnienia.")
    )
    add = button(words.text("Otwórz formularz"), ids.CONTRIBUTE, f"{key} {kind}".strip(), style="primary")
    return answer(words, first, buttons=[add])


def traces(words: Words, found: Sequence[Trace], sought: str, *, said: bool) -> Message:
    """Say who did or said something, where and when."""
    if not sought:
        return answer(words, words.text("Prosimy dopisać, o jaki temat chodzi, na przykład: łąki kwietne."))
    if not found:
        return answer(
            words,
            words.text("Nie widzę nic o „{sought}” w tym, co mogą Państwo czytać.", sought=sought),
            hint=words.text("Szukam w MID, PU i doradztwie; w innych słowach może się znaleźć więcej."),
        )
    lines = [f"{one.who} ({one.edition}): {one.text}" for one in found]
    first = (
        words.text("O „{sought}” w tej edycji:", sought=sought)
        if said
        else words.text("„{sought}” – kto ma z tym doświadczenie:", sought=sought)
    )
    return answer(words, first, lines)


def advice(words: Words, found: Sequence[Advice], first: str, nothing: str, *, hint: str = "") -> Message:
    """Say recommendations: to whom, of which network."""
    if not found:
        return answer(words, nothing, hint=hint)
    lines = [_advice_line(words, one) for one in found]
    return answer(words, first, lines, hint=hint)


def _advice_line(words: Words, one: Advice) -> str:
    to = words.text("adresat: {body}", body=one.addressee) if one.addressee else ""
    return f"{', '.join(part for part in (one.network, one.part, to) if part)}: {one.text}"


def for_us(words: Words, found: Sequence[Advice], *, position: bool) -> Message:
    """Say which recommendations are addressed to the reader's institution."""
    hint = (
        words.text("Terminów na stanowisko resortu bot jeszcze nie prowadzi; zna je koordynacja.") if position else ""
    )
    return advice(
        words,
        found,
        words.text("Zalecenia do Państwa instytucji:"),
        words.text("Nie ma zaleceń, w których adresatem jest Państwa instytucja."),
        hint=hint,
    )


def law(words: Words, found: Sequence[Advice]) -> Message:
    """Say which regulations are to be changed."""
    return advice(
        words,
        found,
        words.text("Propozycje zmian w prawie:"),
        words.text("Nie ma jeszcze zaleceń o zmianach w prawie, które mogą Państwo czytać."),
    )


def categories(words: Words, counts: Mapping[str, int]) -> Message:
    """Say how many recommendations each category has."""
    total = sum(counts.values())
    lines = [f"{name}: {n}" for name, n in counts.items()]
    return answer(words, words.text("Zalecenia w PU, razem: {n}", n=total), lines)


# Cities by the numbers


def session_count(words: Words, state: CityState) -> Message:
    """Say how many sessions a city had."""
    hours = round(state.minutes / 60, 1)
    last = words.text("Ostatni kontakt: {day}.", day=words.day(state.last_day)) if state.last_day else ""
    said = words.text(
        "{city}: sesje doradztwa: {n}, godziny razem: {hours}.", city=state.city.name, n=state.sessions, hours=hours
    )
    return answer(words, f"{said} {last}".strip())


def _only_known(words: Words, *, sees_all: bool) -> str:
    """Say that a list is not of all cities."""
    return "" if sees_all else words.text("Są tu tylko miasta, o których pracy mogą Państwo wiedzieć.")


def silent(words: Words, states: Sequence[CityState], since: date, *, sees_all: bool) -> Message:
    """Say which cities had neither advice nor a contribution since a day."""
    day = words.day(since, weekday=False)
    if not states:
        everybody = words.text("Od {day} nie ma miasta bez doradztwa i bez wkładu.", day=day)
        return answer(words, everybody, hint=_only_known(words, sees_all=sees_all))
    first = words.text("Bez doradztwa i bez wkładu od {day}:", day=day)
    lines = [f"{one.city.name}: {_last(words, one)}" for one in states]
    return answer(words, first, lines, hint=_only_known(words, sees_all=sees_all))


def _last(words: Words, one: CityState) -> str:
    if one.last_day is None:
        return words.text("jeszcze nic nie zapisano")
    return words.text("ostatnio {day}", day=words.day(one.last_day, weekday=False))


def mid_states(words: Words, states: Sequence[CityState], first: str, *, sees_all: bool) -> Message:
    """Say how far MIDs are, city by city."""
    lines = [
        words.text(
            "{city}: części MID {filled} z {parts}, do przyjęcia {waiting}, sesje {sessions}, {last}",
            city=one.city.name,
            filled=one.filled,
            parts=one.parts,
            waiting=one.waiting,
            sessions=one.sessions,
            last=_last(words, one),
        )
        for one in states
    ]
    return answer(words, first, lines, hint=_only_known(words, sees_all=sees_all))


def compared(words: Words, rows: Sequence[tuple[str, int, int, int, int]], *, sees_all: bool) -> Message:
    """Say networks side by side: cities, filled parts of all, sessions."""
    lines = [
        words.text(
            "{network}: miasta {cities}, części MID {filled} z {parts}, sesje {sessions}",
            network=network,
            cities=cities,
            filled=filled,
            parts=parts,
            sessions=sessions,
        )
        for network, cities, filled, parts, sessions in rows
    ]
    return answer(words, words.text("Sieci obok siebie:"), lines, hint=_only_known(words, sees_all=sees_all))


# Forms and what is still to come


def to_ask(words: Words, typed: Mapping[str, Any], *, question: bool) -> Message:
    """Offer the form in which a session is asked for."""
    first = (
        words.text("Pytanie przeczytają eksperci Banku Światowego Państwa miasta; w tym formularzu można je wpisać.")
        if question
        else words.text("Prośba o doradztwo: druga strona zaproponuje do trzech terminów.")
    )
    return answer(words, first, buttons=[_form(words, words.text("Umów doradztwo"), ids.ASK_SESSION, typed)])


def to_log(words: Words, cities: Sequence[str], typed: Mapping[str, Any]) -> Message:
    """Offer the form of a session, with what was understood."""
    named = ", ".join(cities)
    first = words.text("Notatka z doradztwa: {cities}.", cities=named) if named else words.text("Notatka z doradztwa.")
    return answer(words, first, buttons=[_form(words, words.text("Zapisz doradztwo"), ids.NEW_SESSION, typed)])


def to_schedule(words: Words, typed: Mapping[str, Any], said: str) -> Message:
    """Offer the form of an activity, with what was understood."""
    first = words.text("Nowe wydarzenie: {said}", said=said) if said else words.text("Nowe wydarzenie.")
    return answer(words, ended(first), buttons=[_form(words, words.text("Otwórz formularz"), ids.NEW_ACTIVITY, typed)])


def _form(words: Words, label: str, action: str, typed: Mapping[str, Any]) -> Block:
    return button(label, action, json.dumps(dict(typed), ensure_ascii=False)[:LONGEST_VALUE], style="primary")


def to_announce(words: Words, *, may: bool) -> Message:
    """Offer the form of an announcement; it shows a preview before anything is sent."""
    if not may:
        return answer(words, words.text("Ogłoszenia wysyła koordynacja, a do swojej sieci opiekun/ka sieci."))
    first = words.text("Ogłoszenie: formularz pokaże podgląd i liczbę odbiorców, zanim cokolwiek pójdzie.")
    open_form = button(words.text("Otwórz formularz"), ids.NEW_BULLETIN, "new", style="primary")
    return answer(words, first, buttons=[open_form])


def fewer(words: Words) -> Message:
    """Offer the preferences."""
    first = words.text("W ustawieniach można wybrać, które wiadomości przychodzą i kiedy.")
    return answer(words, first, buttons=[button(words.text("Ustawienia"), ids.FEWER_MESSAGES, "all", style="primary")])


def questions_counted(words: Words, counted: Sequence[Counted]) -> Message:
    """Say how often what was asked, and what was heard in what was not understood."""
    understood: dict[str, int] = {}
    heard: dict[str, int] = {}
    for one in counted:
        into, name = (understood, one.meaning) if one.meaning else (heard, one.heard)
        into[name] = into.get(name, 0) + one.count
    total, unclear = sum(understood.values()) + sum(heard.values()), sum(heard.values())
    first = words.text("Pytania z trzech miesięcy: {n}, w tym niezrozumiane: {unclear}.", n=total, unclear=unclear)
    lines = [
        words.text("Niezrozumiane {n}×, pojęcia: {heard}", n=n, heard=name or "–")
        for name, n in sorted(heard.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_BUTTONS]
    ]
    known = {one.value for one in Meaning}
    lines += [
        f"{example(words, Meaning(name))} – {n}×"
        for name, n in sorted(understood.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_BUTTONS]
        if name in known
    ]
    hint = words.text("Słów z pytań bot nie zapisuje; pojęcia to nazwy z jego własnej listy.")
    return answer(words, first, lines, hint=hint)
