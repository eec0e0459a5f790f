"""Messages about an activity: its announcement, the question to those who owe an answer, and what became of it."""

from collections.abc import Sequence
from datetime import datetime

from pim_bot.blocks import ids
from pim_bot.blocks.elements import Block, Message, actions, button, context, escape, fields, header, link, section
from pim_bot.i18n import Words
from pim_bot.programme.activity import Activity, ActivityStatus, Answer, Attendance, Form, waiting_list
from pim_bot.programme.card import ActivityCard
from pim_bot.programme.edition import ActivityKind
from pim_bot.programme.material import Material
from pim_bot.programme.people import Member, team_of

MOST_MATERIALS = 5


def form_word(words: Words, form: str) -> str:
    """Say how people meet."""
    names = {
        Form.ON_SITE: words.text("stacjonarnie"),
        Form.ONLINE: words.text("online"),
        Form.HYBRID: words.text("hybrydowo"),
    }
    return names.get(Form(form), form)


def title_of(words: Words, activity: Activity) -> str:
    """Say the title, with what became of the activity before it."""
    if activity.status is ActivityStatus.CANCELLED:
        return words.text("ODWOŁANE: {title}", title=activity.title)
    if activity.moved_from is not None and activity.is_open:
        return words.text("PRZENIESIONE: {title}", title=activity.title)
    return activity.title


def when_of(words: Words, activity: Activity) -> str:
    """Say when it is, and that the date is provisional if it is."""
    said = words.when(activity.starts_at, activity.ends_at, activity.zone, all_day=activity.all_day)
    return words.text("{when} (termin wstępny)", when=said) if activity.provisional else said


def where_of(words: Words, activity: Activity) -> str:
    """Say where it is and in which form."""
    country = "" if activity.country == "PL" else words.country(activity.country)
    place = ", ".join(part for part in (activity.place, country) if part)
    form = form_word(words, activity.form)
    return f"{place} ({form})" if place else form


def places_of(words: Words, activity: Activity) -> str:
    """Say how many may come, and how many of one team; "" where there is no limit."""
    of_team = activity.places_per_team
    for_team = words.text("na zespół: {most}", most=of_team) if of_team is not None else ""
    return ", ".join(part for part in (str(activity.capacity or ""), for_team) if part)


def networks_of(card: ActivityCard) -> str:
    """Say the networks' names."""
    return ", ".join(network.name for network in card.networks)


def kind_name(words: Words, kind: ActivityKind) -> str:
    """Say the kind's name in the language."""
    return (kind.name_en or kind.name) if words.language == "en" else kind.name


def one_line(words: Words, card: ActivityCard) -> str:
    """Say the whole point in one line: what, when, where."""
    activity = card.activity
    return f"{title_of(words, activity)}: {when_of(words, activity)}, {where_of(words, activity)}"


def _facts(words: Words, card: ActivityCard) -> list[Block]:
    activity = card.activity
    answer_by = words.moment(activity.answer_by) if activity.answer_by and activity.is_open else ""
    blocks = [
        header(title_of(words, activity)),
        fields(
            [
                (words.text("Kiedy"), when_of(words, activity)),
                (words.text("Gdzie"), where_of(words, activity)),
                (words.text("Rodzaj"), kind_name(words, card.kind)),
                (words.text("Sieć"), networks_of(card)),
                (words.text("Zgłoszenia do"), answer_by),
                (words.text("Liczba miejsc"), places_of(words, activity)),
                (words.text("Zagadnienie przekrojowe"), activity.theme),
            ]
        ),
    ]
    if activity.moved_from is not None and activity.is_open:
        old = words.moment(activity.moved_from, activity.zone)
        blocks.append(context(words.text("Poprzedni termin: {when}", when=old)))
    if activity.reason:
        blocks.append(section(words.text("Powód: {reason}", reason=escape(activity.reason))))
    if activity.agenda:
        blocks.append(section(f"*{words.text('Program')}*\n{escape(activity.agenda)}"))
    if activity.description:
        blocks.append(section(escape(activity.description)))
    return blocks


def count_line(words: Words, card: ActivityCard) -> str:
    """Say the live count."""
    count = card.count
    people = words.plural("{n} osoba", "{n} osób", count.people)
    said = words.text(
        "Odpowiedzi: udział {going} ({people}), jeszcze bez decyzji {unsure}, bez udziału {not_going}, "
        "czekamy na {owed}.",
        going=count.going,
        people=people,
        unsure=count.unsure,
        not_going=count.not_going,
        owed=count.owed,
    )
    return f"{said} {words.text('Lista rezerwowa: {n}.', n=count.waiting)}" if count.waiting else said


def answer_buttons(words: Words, card: ActivityCard, *, team: bool) -> Block:
    """Make the answer buttons; a team can also register people by name."""
    activity = card.activity
    register = [button(words.text("Zgłaszam osoby"), ids.REGISTER, activity.id)] if team else []
    return actions(
        f"attend/{activity.id}/{activity.revision}",
        button(words.text("Wezmę udział"), ids.GOING, activity.id, style="primary"),
        *register,
        button(words.text("Jeszcze nie wiem"), ids.UNSURE, activity.id),
        button(words.text("Nie wezmę udziału"), ids.NOT_GOING, activity.id),
    )


def move_buttons(words: Words, activity: Activity) -> Block:
    """Make the buttons of either side of an advisory session, which may move it or call it off."""
    return actions(
        f"plan/{activity.id}/{activity.revision}",
        button(words.text("Przenieś"), ids.MOVE, activity.id),
        button(words.text("Odwołaj"), ids.CANCEL, activity.id, style="danger"),
    )


def plan_buttons(words: Words, card: ActivityCard) -> Block:
    """Make the buttons of those who may plan the activity."""
    activity = card.activity
    owed = [button(words.text("Kto nie potwierdził"), ids.WHO_OWES, activity.id)] if card.count.owed else []
    return actions(
        f"plan/{activity.id}/{activity.revision}",
        *owed,
        button(words.text("Przenieś"), ids.MOVE, activity.id),
        button(words.text("Zmień szczegóły"), ids.CHANGE, activity.id),
        button(words.text("Odwołaj"), ids.CANCEL, activity.id, style="danger"),
    )


def announcement(
    words: Words,
    card: ActivityCard,
    *,
    now: datetime,
    materials: Sequence[Material] = (),
    report: Sequence[Block] = (),
) -> Message:
    """Say in a network's channel that there is an activity, with its materials, the live count and the buttons."""
    blocks = [*_facts(words, card), *_materials(words, materials), context(count_line(words, card))]
    if not card.is_over(now):
        blocks.append(answer_buttons(words, card, team=True))
        blocks.append(context(words.text("Jedna odpowiedź wystarczy za cały zespół miasta.")))
    elif card.activity.status is ActivityStatus.HELD:
        blocks += [context(words.text("To wydarzenie już się odbyło.")), *report]
    if card.activity.status is not ActivityStatus.CANCELLED:
        bring = button(words.text("Dodaj materiał"), ids.ADD_MATERIAL, card.activity.id)
        blocks.append(actions(f"materials/{card.activity.id}", bring))
    return Message(one_line(words, card), tuple(blocks))


def _materials(words: Words, materials: Sequence[Material]) -> list[Block]:
    """List the newest materials, and how all of them are found."""
    if not materials:
        return []
    lines = [f"• {escape(one.title)} {link(one.link)}" for one in materials[-MOST_MATERIALS:]]
    more = [words.text("Wszystkie: {command}", command=f"`{ids.COMMAND} {words.text('materiały')}`")]
    heading = f"*{words.text('Materiały')}*"
    return [section("\n".join([heading, *lines, *(more if len(materials) > MOST_MATERIALS else [])]))]


def answer_word(words: Words, answer: Answer) -> str:
    """Say an answer."""
    return {
        Answer.GOING: words.text("Wezmę udział"),
        Answer.UNSURE: words.text("Jeszcze nie wiem"),
        Answer.NOT_GOING: words.text("Nie wezmę udziału"),
        Answer.WAITING: words.text("lista rezerwowa"),
    }[answer]


def answered_line(words: Words, card: ActivityCard, attendance: Attendance, by: Member | None) -> str:
    """Say what was answered and by whom, without a verb that needs the person's gender."""
    assert attendance.answer is not None
    team = team_of(attendance.invitee)
    city = card.city_names.get(team[1], "") if team else ""
    who = ", ".join(part for part in (by.name, city) if part) if by else ""
    said = words.text("Odpowiedź: {answer}.", answer=answer_word(words, attendance.answer))
    if attendance.answer is Answer.WAITING:
        said = _waits(words, card, attendance)
    people = ", ".join(attendance.people)
    named = words.text("Zgłoszone osoby: {people}.", people=people) if people else ""
    confirmed = words.text("Potwierdzenie: {who}.", who=who) if who else ""
    return " ".join(part for part in (said, named, confirmed) if part)


def _waits(words: Words, card: ActivityCard, attendance: Attendance) -> str:
    queue = [one.invitee for one in waiting_list(card.attendances)]
    number = queue.index(attendance.invitee) + 1 if attendance.invitee in queue else 1
    return words.text(
        "Wszystkie miejsca są zajęte. Lista rezerwowa, miejsce w kolejce: {number}. Gdy zwolni się miejsce, damy znać.",
        number=number,
    )


def place_given(words: Words, card: ActivityCard, attendance: Attendance) -> Message:
    """Say to those who waited that a place came free and is theirs."""
    people = ", ".join(attendance.people)
    named = words.text("Zgłoszone osoby: {people}.", people=people) if people else ""
    line = one_line(words, card)
    text = words.text("Zwolniło się miejsce i jest dla Państwa: {line}.", line=line)
    note = words.text("Jeśli udział nie jest już możliwy, prosimy zmienić odpowiedź.")
    change = button(words.text("Zmień odpowiedź"), ids.ANSWER, card.activity.id)
    said = " ".join(part for part in (text, named, note) if part)
    return Message(said, (section(escape(said)), actions(f"attend/{card.activity.id}/place", change)))


def invitation(
    words: Words, card: ActivityCard, attendance: Attendance, *, by: Member | None, now: datetime
) -> Message:
    """Ask somebody who owes an answer; once it is given, say what it is instead."""
    team = team_of(attendance.invitee) is not None
    blocks = _facts(words, card)
    if (address := link(card.activity.link)) and not card.is_over(now):
        blocks.append(context(words.text("Link do spotkania: {link}", link=address)))
    if card.is_over(now):
        ask = words.text("Odpowiedź nie jest już potrzebna.")
        blocks.append(context(ask))
    elif attendance.answer is None:
        ask = _request(words, card, team=team)
        blocks += [section(ask), answer_buttons(words, card, team=team)]
    else:
        ask = answered_line(words, card, attendance, by)
        blocks += [
            section(escape(ask)),
            actions(
                f"attend/{card.activity.id}/{card.activity.revision}",
                button(words.text("Zmień odpowiedź"), ids.ANSWER, card.activity.id),
            ),
        ]
    return Message(f"{one_line(words, card)}. {ask}", tuple(blocks))


def _request(words: Words, card: ActivityCard, *, team: bool) -> str:
    until = words.moment(card.activity.answer_by) if card.activity.answer_by else ""
    if team and until:
        return words.text("Prosimy o odpowiedź za zespół do: {until}. Wystarczy jedna.", until=until)
    if team:
        return words.text("Prosimy o odpowiedź za zespół. Wystarczy jedna.")
    return words.text("Prosimy o odpowiedź do: {until}.", until=until) if until else words.text("Prosimy o odpowiedź.")


def who_comes(card: ActivityCard) -> str:
    """Name the people whom teams registered, by city; for those who plan the activity only."""
    teams = [
        f"{card.city_names.get(team[1], team[1])}: {', '.join(one.people)}"
        for one in card.attendances
        if one.people and one.answer is Answer.GOING and (team := team_of(one.invitee))
    ]
    return "; ".join(sorted(teams))


def who_waits(card: ActivityCard) -> str:
    """Name the teams on the waiting list with how many places they wait for, the first first."""
    teams = [(one, team_of(one.invitee)) for one in waiting_list(card.attendances)]
    return ", ".join(f"{card.city_names.get(team[1], team[1])} ({one.size})" for one, team in teams if team)


MOST_NAMED = 10


def who_owes(words: Words, card: ActivityCard) -> str:
    """Name the teams that owe an answer, and count the rest of them and the people invited on their own."""
    named = list(card.teams_owing[:MOST_NAMED])
    if more := len(card.teams_owing) - len(named):
        named.append(words.plural("i jeszcze {n} miasto", "i jeszcze {n} miast", more))
    if others := card.count.owed - len(card.teams_owing):
        named.append(words.plural("oraz {n} osoba", "oraz {n} osób", others))
    return ", ".join(named)


def planned(words: Words, card: ActivityCard, *, report: Sequence[Block] = (), now: datetime) -> Message:
    """Confirm to the person who planned an activity that it stands, with the buttons to change it."""
    blocks = [*_facts(words, card), context(count_line(words, card))]
    if coming := who_comes(card):
        blocks.append(section(words.text("Zgłoszone osoby: {people}.", people=escape(coming))))
    if waiting := who_waits(card):
        blocks.append(section(words.text("Lista rezerwowa: {teams}.", teams=escape(waiting))))
    if not card.is_over(now):
        blocks.append(plan_buttons(words, card))
        if card.count.owed:
            waiting = words.text("Czekamy na odpowiedź: {teams}.", teams=escape(who_owes(words, card)))
            blocks.append(context(waiting))
    elif card.activity.status is not ActivityStatus.CANCELLED:
        mark = button(words.text("Zaznacz obecność"), ids.MARK_PRESENCE, card.activity.id)
        write = button(words.text("Napisz relację"), ids.WRITE_REPORT, card.activity.id)
        held = card.activity.status is ActivityStatus.HELD
        blocks += [*report, actions(f"presence/{card.activity.id}/{card.activity.revision}", mark, *([write] * held))]
    text = words.text("Wydarzenie jest zaplanowane. {line}", line=one_line(words, card))
    return Message(text, tuple(blocks))


def moved(words: Words, card: ActivityCard, *, previous_start: datetime, answered: bool) -> Message:
    """Say that an activity has another time, what it was, and that answers stand."""
    activity = card.activity
    old = words.moment(previous_start, activity.zone)
    text = words.text(
        "Zmiana terminu: {title}. Nowy termin: {new}. Poprzedni termin: {old}.",
        title=activity.title,
        new=when_of(words, activity),
        old=old,
    )
    blocks = [
        section(
            words.text(
                "*Zmiana terminu:* {title}\n*Nowy termin:* {new}\n*Poprzedni termin:* {old}",
                title=escape(activity.title),
                new=when_of(words, activity),
                old=old,
            )
        )
    ]
    if answered:
        note = words.text("Państwa odpowiedź pozostaje ważna. Jeśli nowy termin nie pasuje, prosimy ją zmienić.")
        change = button(words.text("Zmień odpowiedź"), ids.ANSWER, activity.id)
        blocks += [context(note), actions(f"attend/{activity.id}/{activity.revision}", change)]
    return Message(text, tuple(blocks))


def changed(words: Words, card: ActivityCard, *, what: Sequence[str]) -> Message:
    """Say that the place, the form or the link of an activity is another one."""
    activity = card.activity
    title, when = activity.title, when_of(words, activity)
    facts = [(words.text("Gdzie"), where_of(words, activity))] if {"place", "form"} & set(what) else []
    said = " ".join(f"{label}: {value}." for label, value in facts)
    line = words.text("Zmiana: {title}, {when}.", title=title, when=when)
    shown = [
        f"*{words.text('Zmiana')}:* {escape(title)}, {when}",
        *(f"*{label}:* {escape(value)}" for label, value in facts),
    ]
    if "link" in what:
        known = words.text("Link do spotkania jest inny.") if activity.link else words.text("Nie ma już linku.")
        said = f"{said} {known}".strip()
        shown.append(words.text("Link do spotkania: {link}", link=link(activity.link)) if activity.link else known)
    return Message(f"{line} {said}", (section("\n".join(shown)),))


def cancelled(words: Words, card: ActivityCard) -> Message:
    """Say that an activity is called off, and why."""
    activity = card.activity
    when = when_of(words, activity)
    text = words.text("Odwołane: {title}, {when}.", title=activity.title, when=when)
    lines = [words.text("*Odwołane:* {title}, {when}", title=escape(activity.title), when=when)]
    if activity.reason:
        text += " " + words.text("Powód: {reason}", reason=activity.reason)
        lines.append(words.text("Powód: {reason}", reason=escape(activity.reason)))
    return Message(text, (section("\n".join(lines)),))
