"""Forms: scheduling, moving and cancelling an activity, answering for a team, assigning an expert.

``typed`` is what a person has filled in so far, by field; a form that has to be shown again is built from it, so
nothing typed is lost. Field names are the names under which the domain reports problems.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pim_bot.blocks import ids, inputs
from pim_bot.blocks.activities import answer_word, form_word, kind_name, when_of, where_of
from pim_bot.blocks.elements import LONGEST_OPTION_VALUE, Block, input_block, modal, option, plain, section
from pim_bot.blocks.elements import escape as escaped
from pim_bot.blocks.inputs import Typed
from pim_bot.i18n import Words
from pim_bot.programme.activity import CHOICES, Activity, Attendance, Form
from pim_bot.programme.countries import ZONES
from pim_bot.programme.edition import ActivityKind, City, Network
from pim_bot.programme.names import folded
from pim_bot.programme.people import Member
from pim_bot.programme.scheduling import MOST_PLACES

FIRST, SECOND = "0", "1"
PROVISIONAL = "provisional"


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What can be chosen in forms of one edition."""

    kinds: Sequence[ActivityKind] = ()
    networks: Sequence[Network] = ()
    cities: Sequence[City] = ()
    themes: Sequence[str] = ()
    experts: Sequence[Member] = ()


def _fold(words: Words, name: str, label: str, typed: Typed) -> Block:
    options = [
        option(words.text("Pierwsza (czas letni)"), FIRST),
        option(words.text("Druga (czas zimowy)"), SECOND),
    ]
    element: Block = {"type": "radio_buttons", "action_id": ids.VALUE, "options": options}
    chosen = [one for one in options if one["value"] == typed.get(name)]
    element |= {"initial_option": chosen[0]} if chosen else {}
    hint = words.text("Tego dnia zegary przechodzą na czas zimowy i ta godzina wypada dwa razy.")
    return input_block(name, label, element, optional=True, hint=hint)


def _provisional(words: Words, typed: Typed) -> Block:
    box = option(words.text("Termin wstępny, może się jeszcze zmienić"), PROVISIONAL)
    element: Block = {"type": "checkboxes", "action_id": ids.VALUE, "options": [box]}
    element |= {"initial_options": [box]} if typed.get(PROVISIONAL) else {}
    return input_block(PROVISIONAL, words.text("Pewność terminu"), element, optional=True)


def _times(words: Words, typed: Typed) -> list[Block]:
    """Make the fields of a span of time; the question which of two doubled hours is meant comes when it is needed."""
    blocks = [
        inputs.day("starts_at", words.text("Początek"), typed),
        inputs.hour("starts_time", words.text("Początek, godzina"), typed),
        inputs.day(
            "ends_at", words.text("Koniec"), typed, optional=True, hint=words.text("Puste pole: ten sam dzień.")
        ),
        inputs.hour(
            "ends_time",
            words.text("Koniec, godzina"),
            typed,
            hint=words.text("Bez godzin wydarzenie trwa cały dzień."),
        ),
    ]
    if "starts_fold" in typed:
        blocks.insert(2, _fold(words, "starts_fold", words.text("Początek: która z dwóch godzin"), typed))
    if "ends_fold" in typed:
        blocks.append(_fold(words, "ends_fold", words.text("Koniec: która z dwóch godzin"), typed))
    return blocks


STEPS = 3
"""How many steps the form of a new activity has; what is needed first comes first, six fields to a step."""


def _asked_hours(words: Words, typed: Typed) -> list[Block]:
    """Ask which of two doubled hours is meant, in a later step: the country may make one of an hour that was none."""
    labels = {
        "starts_fold": words.text("Początek: która z dwóch godzin"),
        "ends_fold": words.text("Koniec: która z dwóch godzin"),
    }
    return [_fold(words, name, label, typed) for name, label in labels.items() if name in typed and typed[name] is None]


def activity_form(words: Words, choices: Choices, typed: Typed, *, step: int = 1, metadata: str = "") -> Block:
    """Make a step of the form in which an activity is scheduled; ``metadata`` carries what the steps before it hold."""
    blocks = (_what_and_when, _who_and_where, _more)[step - 1](words, choices, typed)
    if step > 1:
        blocks += _asked_hours(words, typed)
    submit = words.text("Dalej") if step < STEPS else words.text("Zaplanuj")
    close = words.text("Anuluj") if step == 1 else words.text("Wstecz")
    return modal(ids.ACTIVITY_FORM, words.text("Nowe wydarzenie"), submit, close, blocks, metadata)


def _what_and_when(words: Words, choices: Choices, typed: Typed) -> list[Block]:
    kinds = [option(kind_name(words, kind), kind.slug) for kind in choices.kinds]
    return [
        inputs.select("kind", words.text("Rodzaj"), kinds, typed),
        inputs.line("title", words.text("Tytuł"), typed, optional=False),
        *_times(words, typed),
    ]


def _who_and_where(words: Words, choices: Choices, typed: Typed) -> list[Block]:
    networks = [option(network.name, network.slug) for network in choices.networks]
    only = len(networks) == 1 and any(
        kind.slug == typed.get("kind") and not kind.scope.is_of_one_city for kind in choices.kinds
    )
    several = inputs.several(
        "networks",
        words.text("Sieć"),
        networks,
        {"networks": [networks[0]["value"]], **typed} if only else typed,
        hint=words.text("Przy wydarzeniu wszystkich sieci prosimy zostawić puste pole."),
    )
    countries = sorted((option(words.country(code), code) for code in ZONES), key=_poland_first)
    goes_abroad = any(kind.all_day for kind in choices.kinds if kind.slug == typed.get("kind"))
    country = inputs.select("country", words.text("Kraj"), countries, {"country": "PL", **typed})
    return [
        *([several] if networks else []),
        _hosts(words, choices.cities, typed),
        inputs.line("place", words.text("Miejsce"), typed),
        country if goes_abroad else _form(words, typed),
        inputs.day("answer_by", words.text("Zgłoszenia do"), typed, optional=True),
        _provisional(words, typed),
    ]


def _more(words: Words, choices: Choices, typed: Typed) -> list[Block]:
    return [
        inputs.line("agenda", words.text("Program"), typed, lines=True),
        inputs.line("description", words.text("Opis"), typed, lines=True),
        _link(words, typed),
        *_places(words, typed),
        *([_theme(words, choices.themes, typed)] if choices.themes else []),
    ]


def _theme(words: Words, themes: Sequence[str], typed: Typed) -> Block:
    options = [option(theme, theme) for theme in themes if len(theme) <= LONGEST_OPTION_VALUE]
    return inputs.select("theme", words.text("Zagadnienie przekrojowe"), options, typed, optional=True)


def _hosts(words: Words, cities: Sequence[City], typed: Typed) -> Block:
    hint = words.text("Gospodarze, a przy doradztwie i spotkaniu lokalnym to jedno miasto.")
    return inputs.cities("cities", words.text("Miasto"), cities, typed, hint=hint)


def _form(words: Words, typed: Typed) -> Block:
    forms = [option(form_word(words, form), form.value) for form in Form]
    return inputs.select("form", words.text("Forma"), forms, {"form": Form.ON_SITE.value, **typed})


def _link(words: Words, typed: Typed) -> Block:
    return inputs.line(
        "link", words.text("Link do spotkania"), typed, hint=words.text("Widzą go tylko osoby zaproszone.")
    )


def _places(words: Words, typed: Typed) -> list[Block]:
    hint = words.text("Puste pole: bez ograniczeń. Kto się nie zmieści, czeka na liście rezerwowej.")
    return [
        inputs.number("capacity", words.text("Liczba miejsc"), typed, most=MOST_PLACES, hint=hint),
        inputs.number(
            "places_per_team",
            words.text("Miejsca na zespół"),
            typed,
            most=MOST_PLACES,
            hint=words.text("Z jednego miasta."),
        ),
    ]


CHANGE_STEPS = 2


def change_form(
    words: Words, activity: Activity, choices: Choices, typed: Typed, *, step: int = 1, metadata: str, note: str = ""
) -> Block:
    """Make a step of the form in which an activity's details are changed; ``note`` says what changed meanwhile."""
    blocks = [
        *([section(escaped(note))] if note else []),
        section(f"*{escaped(activity.title)}*\n{when_of(words, activity)}\n{escaped(where_of(words, activity))}"),
    ]
    if step == 1:
        blocks += [
            inputs.line("place", words.text("Miejsce"), typed),
            _form(words, typed),
            _hosts(words, choices.cities, typed),
            _link(words, typed),
            *_places(words, typed),
        ]
    else:
        blocks += [
            inputs.line("agenda", words.text("Program"), typed, lines=True),
            inputs.line("description", words.text("Opis"), typed, lines=True),
            *([_theme(words, choices.themes, typed)] if choices.themes else []),
        ]
    submit = words.text("Dalej") if step < CHANGE_STEPS else words.text("Zapisz")
    close = words.text("Anuluj") if step == 1 else words.text("Wstecz")
    return modal(ids.CHANGE_FORM, words.text("Zmień szczegóły"), submit, close, blocks, metadata)


def typed_details(activity: Activity) -> dict[str, Any]:
    """Tell an activity's details as they stand in the fields of a form."""
    names = ("place", "form", "link", "capacity", "places_per_team", "agenda", "description", "theme")
    return {name: getattr(activity, name) for name in names} | {"cities": list(activity.cities)}


def _poland_first(country: Block) -> tuple[bool, str]:
    return country["value"] != "PL", folded(country["text"]["text"])


def typed_times(activity: Activity) -> dict[str, Any]:
    """Tell an activity's times as they stand in the fields of a form."""
    zone = ZoneInfo(activity.zone)
    starts, ends = activity.starts_at.astimezone(zone), activity.ends_at.astimezone(zone)
    typed: dict[str, Any] = {
        "starts_at": activity.first_day.isoformat(),
        "ends_at": activity.last_day.isoformat(),
        "answer_by": _day(activity.answer_by, zone),
        PROVISIONAL: [PROVISIONAL] if activity.provisional else [],
    }
    if not activity.all_day:
        typed |= {"starts_time": f"{starts:%H:%M}", "ends_time": f"{ends:%H:%M}", "ends_at": ends.date().isoformat()}
    if typed["ends_at"] == typed["starts_at"]:
        typed["ends_at"] = None  # the same day follows the start wherever it is moved
    return typed


def end_moved_along(typed: Typed, activity: Activity) -> dict[str, Any]:
    """Move the last day of several along when only the first one was changed in the form."""
    before, now = typed_times(activity), dict(typed)
    first, last = day_of(before, "starts_at"), day_of(before, "ends_at")
    with suppress(ValueError):  # an odd date is told at its field later
        chosen = day_of(now, "starts_at")
        if first and last and chosen and chosen != first and now.get("ends_at") == before["ends_at"]:
            now["ends_at"] = (last + (chosen - first)).isoformat()
    return now


def _day(instant: datetime | None, zone: ZoneInfo) -> str | None:
    return instant.astimezone(zone).date().isoformat() if instant else None


def move_form(words: Words, activity: Activity, typed: Typed, metadata: str, *, note: str = "") -> Block:
    """Make the form in which an activity is moved; ``note`` says what changed meanwhile."""
    now_at = words.text(
        "*{title}*\nObecny termin: {when}", title=escaped(activity.title), when=when_of(words, activity)
    )
    blocks = [
        *([section(escaped(note))] if note else []),
        section(now_at),
        *_times(words, typed),
        inputs.day("answer_by", words.text("Zgłoszenia do"), typed, optional=True),
        _provisional(words, typed),
    ]
    title, submit, close = words.text("Przenieś wydarzenie"), words.text("Dalej"), words.text("Anuluj")
    return modal(ids.MOVE_FORM, title, submit, close, blocks, metadata)


def cancel_form(
    words: Words, activity: Activity, typed: Typed, metadata: str, *, told: Sequence[str] = (), note: str = ""
) -> Block:
    """Make the form in which an activity is called off; ``told`` says what that changes for whom."""
    ask = words.text(
        "*{title}*\n{when}\nOsoby zaproszone dostaną wiadomość. Odwołania nie można cofnąć.",
        title=escaped(activity.title),
        when=when_of(words, activity),
    )
    blocks = [
        *([section(escaped(note))] if note else []),
        section(ask),
        *([section("\n".join(escaped(line) for line in told))] if told else []),
        inputs.line(
            "reason", words.text("Powód"), typed, lines=True, hint=words.text("Zobaczą go wszystkie zaproszone osoby.")
        ),
    ]
    title, submit, close = words.text("Odwołaj wydarzenie"), words.text("Odwołaj"), words.text("Zostaw wydarzenie")
    return modal(ids.CANCEL_FORM, title, submit, close, blocks, metadata)


def people_form(words: Words, activity: Activity, team: Sequence[Member], typed: Typed) -> Block:
    """Make the form in which a team names the people who come: of the team by a tick, others by name."""
    blocks = [section(f"*{escaped(activity.title)}*\n{when_of(words, activity)}"), *_people(words, team, typed)]
    title, submit, close = words.text("Zgłaszam osoby"), words.text("Zgłoś"), words.text("Anuluj")
    return modal(ids.PEOPLE_FORM, title, submit, close, blocks, activity.id)


def _people(words: Words, team: Sequence[Member], typed: Typed) -> list[Block]:
    options = [option(member.name, member.id) for member in team][:10]
    boxes: list[Block] = []
    if options:
        element: Block = {"type": "checkboxes", "action_id": ids.VALUE, "options": options}
        chosen = [one for one in options if one["value"] in (typed.get("team") or ())]
        element |= {"initial_options": chosen} if chosen else {}
        boxes.append(input_block("team", words.text("Osoby z zespołu"), element, optional=True))
    hint = words.text("Każda osoba w osobnej linii.")
    return [*boxes, inputs.line("people", words.text("Osoby"), typed, lines=True, hint=hint)]


def answer_form(
    words: Words, activity: Activity, attendance: Attendance, team: Sequence[Member], typed: Typed
) -> Block:
    """Make the form in which an invitation is answered, or an answer is changed."""
    options = [option(answer_word(words, answer), answer.value) for answer in CHOICES]
    chosen = typed.get("answer") or (attendance.answer.value if attendance.answer else None)
    element: Block = {"type": "radio_buttons", "action_id": ids.VALUE, "options": options}
    initial = [one for one in options if one["value"] == chosen]
    element |= {"initial_option": initial[0]} if initial else {}
    blocks = [
        section(f"*{escaped(activity.title)}*\n{when_of(words, activity)}"),
        input_block("answer", words.text("Odpowiedź"), element),
        *(_people(words, team, typed) if team else []),
    ]
    title, submit, close = words.text("Odpowiedź"), words.text("Wyślij"), words.text("Anuluj")
    return modal(ids.ANSWER_FORM, title, submit, close, blocks, activity.id)


def assignment_form(words: Words, choices: Choices, typed: Typed) -> Block:
    """Make the form in which an expert is assigned to a network or a city."""
    experts = [option(member.name, member.id) for member in choices.experts]
    networks = [option(network.name, network.slug) for network in choices.networks]
    days: Block = {
        "type": "number_input",
        "action_id": ids.VALUE,
        "is_decimal_allowed": False,
        "min_value": "0",
        "max_value": "400",
    }
    days |= {"initial_value": typed["days"]} if typed.get("days") else {}
    blocks = [
        inputs.select("expert", words.text("Ekspert/ka"), experts, typed),
        *([inputs.select("network", words.text("Sieć"), networks, typed, optional=True)] if networks else []),
        inputs.cities(
            "city", words.text("Miasto"), choices.cities, typed, hint=words.text("Jeśli dotyczy jednego miasta.")
        ),
        inputs.line(
            "role", words.text("Rola"), typed, hint=words.text("Na przykład: wsparcie przy MID, tematy prawne.")
        ),
        inputs.day("since", words.text("Od"), typed),
        inputs.day("until", words.text("Do"), typed),
        input_block("days", words.text("Budżet dni"), days, optional=True),
    ]
    title, submit, close = words.text("Przypisz eksperta/kę"), words.text("Przypisz"), words.text("Anuluj")
    return modal(ids.ASSIGNMENT_FORM, title, submit, close, blocks, "")


def done_view(words: Words, title: str, text: str) -> Block:
    """Make the last screen of a form: what was saved."""
    return {
        "type": "modal",
        "title": plain(title, 24),
        "close": plain(words.text("Zamknij"), 24),
        "blocks": [section(escaped(text))],
    }


def suggested_cities(cities: Sequence[City]) -> dict[str, Any]:
    """Answer a field that asks for cities while somebody types."""
    return {"options": [option(city.name, city.slug) for city in cities[:100]]}


def day_of(typed: Typed, name: str) -> date | None:
    """Read a day that was picked in a form; the chat sends none for an empty field."""
    return date.fromisoformat(typed[name]) if typed.get(name) else None
