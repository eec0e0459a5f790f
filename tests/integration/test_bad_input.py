"""Bad input: the answer is a sentence of a person, and nothing half-written stays behind."""

import copy
import json
import logging
import re
from collections.abc import AsyncIterator, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from pim_bot.blocks.activities import count_line
from pim_bot.i18n import Words
from pim_bot.playground.driver import Person
from pim_bot.playground.form import fresh_values
from pim_bot.playground.model import Message
from pim_bot.playground.transport import Answer
from pim_bot.playground.views import View
from pim_bot.programme.activity import AttendanceCount
from pim_bot.programme.card import card_of
from pim_bot.storage.tables.activities import activity, attendance
from pim_bot.storage.tables.base import metadata
from tests.engines import Engines
from tests.hub import BOT, RunningHub, running_hub

WORKSHOP: dict[str, Any] = {
    "Rodzaj": "warsztaty-sieci",
    "Sieć": ["miasto-zielone"],
    "Tytuł": "Woda opadowa w mieście",
    "Początek": "2022-01-20",
    "Początek, godzina": "10:00",
    "Koniec, godzina": "15:00",
    "Zgłoszenia do": "2022-01-17",
    "Miejsce": "Lublin, Ratusz",
}
NO_ANSWER_BY = {"Zgłoszenia do": None}
DAY = "Prosimy wybrać dzień z kalendarza."
FAR = "To bardzo odległy termin. Prosimy sprawdzić rok."
EMPTY_TITLE = "Prosimy wpisać tytuł."
ENDS_FIRST = "Koniec musi być później niż początek. Prosimy poprawić jedną z godzin."
LINK = "Prosimy wkleić adres, który zaczyna się od https://"
DROP = "'; DROP TABLE city; --"
TOO_LONG = "Ten tekst ma 40000 znaków, a zmieści się najwyżej {most}. Prosimy go skrócić."
TWICE = "Godzina 02:30 wypada w tym dniu dwa razy: zegary przechodzą na czas zimowy. Prosimy wybrać, o którą chodzi."
NO_EXPERT = "Ta osoba nie ma w tej edycji roli eksperckiej. Prosimy wybrać inną osobę."
NO_HOUR = "Godziny 02:30 w tym dniu nie ma: zegary przechodzą na czas letni. Prosimy podać inną godzinę."
ROLE = "Do tego potrzebna jest inna rola w programie. Jeśli to pomyłka, prosimy o kontakt z koordynacją programu."
BROKEN = "Coś poszło nie tak po naszej stronie"

Rows = dict[str, list[tuple[object, ...]]]


@dataclass
class Logs:
    """What was logged while a test ran."""

    ours: list[MutableMapping[str, Any]]
    others: pytest.LogCaptureFixture

    @property
    def troubles(self) -> list[str]:
        """Tracebacks, and whatever was logged as an error."""
        ours = [str(line) for line in self.ours if "exc_info" in line or line["log_level"] in ("error", "critical")]
        return ours + [line.getMessage() for line in self._others() if line.exc_info or line.levelno >= logging.ERROR]

    def _others(self) -> list[logging.LogRecord]:
        return self.others.get_records("call")

    def clear(self) -> None:
        self.ours.clear()
        self.others.clear()


def watched(caplog: pytest.LogCaptureFixture) -> Iterator[Logs]:
    """Watch the logs of one test; at its end there must be no traceback in them."""
    with capture_logs() as ours:
        logs = Logs(ours, caplog)
        yield logs
        assert logs.troubles == []


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        yield running


@pytest.fixture(autouse=True)
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[Logs]:
    yield from watched(caplog)


async def database(hub: RunningHub, *without: str) -> Rows:
    """Everything that is in the database, by table, but who leads just now."""
    async with hub.parts.storage.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in await connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
            if table.name not in (*without, "leadership")
        }


async def planned(hub: RunningHub, *names: str) -> list[tuple[object, ...]]:
    """The activities that people planned in chat, by these columns, oldest first."""
    columns = [activity.c[name] for name in ("scheduled_by", *names)]
    found = await hub.rows(activity, *columns)
    return [row[1:] for row in found if str(row[0]).startswith("member:")]


async def open_form(hub: RunningHub, name: str = "koordynatorka") -> Person:
    person = hub.user(name)
    assert (await person.command("/pim", "wydarzenie")).ok
    assert person.modal is not None
    return person


async def schedule(hub: RunningHub, changes: Mapping[str, Any] | None = None) -> str:
    """Schedule a workshop, settle, and tell its id."""
    planner = await open_form(hub)
    before = set(await planned(hub, "id"))
    outcome = await planner.submit(planner.modal, {**WORKSHOP, **(changes or {})})
    assert (outcome.error, outcome.withheld, outcome.errors_by_label) == (None, {}, {})
    await hub.settle()
    ((new,),) = set(await planned(hub, "id")) - before
    return str(new)


async def forge_form(
    hub: RunningHub, name: str, view: View, state: Mapping[str, Any], *, metadata_of: str | None = None, **other: Any
) -> Answer:
    """Send a form with whatever in its state, as no chat client would let a person do; its id is a new one."""
    switchboard = hub.slack.switchboard
    payload = copy.deepcopy(switchboard.payloads.submission(hub.user(name).user, view))
    payload["view"]["id"] = hub.slack.workspace.new_id("V")
    if metadata_of is not None:
        payload["view"]["private_metadata"] = metadata_of
    for field, given in state.items():
        payload["view"]["state"]["values"][field]["value"] |= given
    return await send_json(hub, payload | other)


async def forge_click(hub: RunningHub, name: str, action_id: str, value: str, **other: Any) -> Answer:
    """Press a button that stands nowhere."""
    workspace = hub.slack.workspace
    payload = hub.slack.switchboard.payloads.click(
        hub.user(name).user,
        Message(ts="1646211600.000001", channel="CZIELONE", user=BOT, text="", shown_at=workspace.machine_clock()),
        {
            "type": "button",
            "action_id": action_id,
            "block_id": "b",
            "value": value,
            "action_ts": workspace.next_ts(),
        },
        {},
        None,
    )
    return await send_json(hub, payload | other)


async def send_json(hub: RunningHub, payload: Mapping[str, Any]) -> Answer:
    """Sign and send an interaction; lone surrogates travel as JSON escapes."""
    body = urlencode({"payload": json.dumps(payload)}).encode()
    return await hub.slack.deliver(hub.slack.signed(body))


async def shown_count(hub: RunningHub, activity_id: str) -> AttendanceCount:
    """The live count of an activity, which its announcement in the channel must show."""
    async with hub.parts.storage.reading() as work:
        found = await work.activities.get(activity_id)
        assert found is not None
        card = await card_of(work, found)
    lines = [count_line(Words(), card) in json.dumps(one.blocks, ensure_ascii=False) for one in hub.channel()]
    assert lines.count(True) == 1
    return card.count


def field_errors(answer: Answer) -> dict[str, str]:
    assert (answer.status, answer.json.get("response_action")) == (200, "errors"), answer
    return dict(answer.json["errors"])


def chosen(*values: str) -> dict[str, Any]:
    return {"selected_options": [{"text": {"type": "plain_text", "text": value}, "value": value} for value in values]}


def one(value: str) -> dict[str, Any]:
    return {"selected_option": chosen(value)["selected_options"][0]}


def mrkdwn(found: Any) -> list[str]:
    """Every text of a message in which Slack would see mentions and links."""
    if isinstance(found, Message):
        return [found.text, *mrkdwn(found.blocks)]
    if isinstance(found, dict):
        texts = [found["text"]] if found.get("type") == "mrkdwn" else []
        return texts + [text for part in found.values() for text in mrkdwn(part)]
    return [text for part in found for text in mrkdwn(part)] if isinstance(found, list) else []


def everything_said(hub: RunningHub) -> list[Message]:
    workspace = hub.slack.workspace
    return [one for place in workspace.conversations for one in workspace.messages(place) if one.user == BOT]


def tokens(hub: RunningHub) -> set[str]:
    """What Slack would take for a mention or a link in anything the bot said."""
    return {token for said in everything_said(hub) for text in mrkdwn(said) for token in re.findall(r"<[^>]*>?", text)}


REFUSED: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"Koniec, godzina": "09:00"}, {"Koniec, godzina": ENDS_FIRST}),
    ({"Koniec, godzina": "10:00"}, {"Koniec, godzina": ENDS_FIRST}),
    ({"Koniec": "2022-01-19"}, {"Koniec": ENDS_FIRST}),
    ({"Początek": "2022-01-09"} | NO_ANSWER_BY, {"Początek": "Ten termin już minął. Prosimy podać przyszły."}),
    (
        {"Początek": "2022-03-27", "Początek, godzina": "02:30", "Koniec, godzina": "05:00"},
        {"Początek, godzina": NO_HOUR},
    ),
    (
        {"Koniec, godzina": None},
        {"Koniec, godzina": "Prosimy podać obie godziny albo żadnej (wtedy to cały dzień)."},
    ),
    ({"Tytuł": "   "}, {"Tytuł": EMPTY_TITLE}),
    ({"Tytuł": "\u200b\ufeff\u2060"}, {"Tytuł": EMPTY_TITLE}),
    ({"Tytuł": "\u202e\u0007\u0000"}, {"Tytuł": EMPTY_TITLE}),
    ({"Tytuł": "&" * 3000}, {"Tytuł": "Ten tekst ma 3000 znaków, a zmieści się najwyżej 150. Prosimy go skrócić."}),
    ({"Link do spotkania": "javascript:alert(1)"}, {"Link do spotkania": LINK}),
    ({"Link do spotkania": "https://"}, {"Link do spotkania": LINK}),
    ({"Link do spotkania": "https://[::1"}, {"Link do spotkania": LINK}),
    (
        {"Zgłoszenia do": "2022-01-21"},
        {"Zgłoszenia do": "Termin zgłoszeń jest po rozpoczęciu. Prosimy podać wcześniejszy dzień."},
    ),
    (
        {"Zgłoszenia do": "2022-01-07"},
        {"Zgłoszenia do": "Termin zgłoszeń już minął. Prosimy podać przyszły albo zostawić puste pole."},
    ),
    ({"Zgłoszenia do": "0001-01-01"}, {"Zgłoszenia do": FAR}),
    (
        {"Koniec": "2023-02-24"},
        {"Koniec": "Wydarzenie trwałoby ponad 60 dni. Prosimy sprawdzić datę końca."},
    ),
    ({"Początek": "0001-01-01"}, {"Początek": FAR}),
    ({"Początek": "9999-12-31"}, {"Początek": FAR}),
    ({"Początek": "2099-12-31"}, {"Początek": FAR}),
    ({"Koniec": "9999-12-31", "Początek, godzina": None, "Koniec, godzina": None}, {"Koniec": FAR}),
    ({"Początek": "2022-02-29"}, {"Początek": DAY}),
    ({"Koniec": "2022-02-29"}, {"Koniec": DAY}),
    ({"Początek": "jutro"}, {"Początek": DAY}),
    ({"Początek, godzina": "25:61"}, {"Początek, godzina": "Prosimy podać godzinę w postaci 9:00."}),
    ({"Sieć": []}, {"Sieć": "Prosimy wybrać sieć."}),
    (
        {"Rodzaj": "doradztwo-indywidualne", "Miasto": ["Żory", "Lublin"]},
        {"Miasto": "To wydarzenie dotyczy jednego miasta. Prosimy je wybrać."},
    ),
    (
        {"Tytuł": " ", "Koniec, godzina": "09:00"},
        {"Tytuł": EMPTY_TITLE, "Koniec, godzina": ENDS_FIRST},
    ),
    (
        {"Link do spotkania": "ftp://x", "Program": "ą" * 3000, "Liczba miejsc": "2", "Miejsca na zespół": "3"},
        {"Link do spotkania": LINK, "Miejsca na zespół": "Na zespół nie może być więcej miejsc niż razem."},
    ),
]


async def test_a_form_that_cannot_be_saved_names_every_field_and_leaves_no_trace(hub: RunningHub, logs: Logs) -> None:
    planner = await open_form(hub)
    before = await database(hub)
    view = planner.modal
    assert view is not None
    told = []
    for changes, _ in REFUSED:
        view.values = fresh_values(view.blocks)
        outcome = await planner.submit(view, WORKSHOP | changes)
        assert (outcome.error, outcome.withheld) == (None, {}), changes
        assert outcome.errors, changes
        told.append((changes, outcome.errors_by_label))
        assert logs.troubles == [], changes
    assert told == REFUSED
    await hub.settle()
    assert await database(hub) == before
    view.values = fresh_values(view.blocks)
    outcome = await planner.submit(view, WORKSHOP)
    assert (outcome.errors, outcome.error) == ({}, None)


async def test_an_empty_title_is_not_even_sent(hub: RunningHub) -> None:
    planner = await open_form(hub)
    assert (await planner.submit(planner.modal, WORKSHOP | {"Tytuł": ""})).withheld == {"title": "required"}


async def test_a_title_of_invisible_signs_alone_is_empty(hub: RunningHub) -> None:
    planner = await open_form(hub)
    view = planner.modal
    assert view is not None
    for title in ("\u200c\u200d", "\u00ad\u00ad", "\ufe0f", "\u3164", "\u2800"):
        outcome = await planner.submit(view, WORKSHOP | {"Tytuł": title})
        assert outcome.errors_by_label == {"Tytuł": EMPTY_TITLE}, title.encode("unicode_escape")


FORGED: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"kind": one("nie-ma")}, {"kind": "Prosimy wybrać rodzaj wydarzenia."}),
    ({"kind": {"selected_option": None}}, {"kind": "Prosimy wybrać rodzaj wydarzenia."}),
    ({"cities": chosen("nie-ma", DROP)}, {"cities": f"Nie ma takiego miasta: {DROP}, nie-ma. Prosimy wybrać z listy."}),
    ({"networks": chosen("nie-ma")}, {"networks": "Nie ma takiej sieci: nie-ma. Prosimy wybrać z listy."}),
    (
        {"networks": chosen("miasto-zielone", "nie-ma")},
        {"networks": "Nie ma takiej sieci: nie-ma. Prosimy wybrać z listy."},
    ),
    *[
        ({name: {"value": "ą" * 40_000}}, {name: TOO_LONG.format(most=most)})
        for name, most in (("title", 150), ("place", 150), ("agenda", 3000), ("description", 3000))
    ],
    (
        {"link": {"value": "https://x.example/" + "a" * 40_000}},
        {"link": "Ten tekst ma 40018 znaków, a zmieści się najwyżej 1000. Prosimy go skrócić."},
    ),
]


async def all_steps(hub: RunningHub) -> list[View]:
    """The steps of a new activity's form, one over the other, with everything typed but the last one sent."""
    planner = await open_form(hub)
    assert (await planner.submit(planner.modal, WORKSHOP | {"Link do spotkania": "ftp://x"})).errors
    steps = hub.slack.workspace.views.stacks[planner.id]
    assert len(steps) == 3
    steps[-1].values["link"]["value"]["value"] = None
    return list(steps)


def carrying(view: View, **typed: Any) -> str:
    """What a step carries of those before it, with other values."""
    found = json.loads(view.body["private_metadata"])
    return json.dumps(found | {"typed": found["typed"] | typed})


async def test_values_that_no_form_offers_are_refused_in_words(hub: RunningHub, logs: Logs) -> None:
    steps = await all_steps(hub)
    before = await database(hub)
    told = []
    for state, _ in FORGED:
        view = next(one for one in steps if set(state) <= {block["block_id"] for block in one.blocks})
        told.append((state, field_errors(await forge_form(hub, "koordynatorka", view, state))))
        assert logs.troubles == [], str(state)[:100]
    assert told == FORGED
    await hub.settle()
    assert await database(hub) == before


async def test_values_of_no_sense_for_country_form_and_theme_fall_back_to_what_is_known(hub: RunningHub) -> None:
    view = (await all_steps(hub))[-1]
    carried = carrying(view, country="XX", form="telepatia")
    state = {"theme": one("<!channel> " + "x" * 5000)}
    answer = await forge_form(hub, "koordynatorka", view, state, metadata_of=carried)
    await hub.settle()
    assert answer.json["response_action"] == "update"
    assert await planned(hub, "country", "zone", "form", "theme") == [("PL", "Europe/Warsaw", "on_site", "")]


async def test_a_doubled_hour_asks_which_one_and_keeps_everything_typed(hub: RunningHub) -> None:
    await hub.settle()
    more = {
        "Początek": "2022-10-30",
        "Początek, godzina": "02:30",
        "Koniec, godzina": "05:00",
        "Miasto": ["Żory"],
        "Program": "9:00 <kawa> & ciastko",
        "Opis": "Opis",
        "Link do spotkania": "https://x.example/a?b=1&c=2",
        "Forma": "hybrid",
        "Pewność terminu": ["provisional"],
        "Zagadnienie przekrojowe": "Smart City",
    }
    starts: list[tuple[object, ...]] = []
    for choice in ("0", "1"):
        planner = await open_form(hub)
        typed = planner.modal
        assert typed is not None
        asked = await planner.submit(typed, WORKSHOP | more)
        assert asked.ok
        view = planner.modal
        assert view is typed  # the same form, changed in place
        (asks,) = [block for block in view.blocks if block["block_id"] == "starts_fold"]
        hint = "Tego dnia zegary przechodzą na czas zimowy i ta godzina wypada dwa razy."
        assert asks["hint"]["text"] == hint
        initial = {
            block["block_id"]: next(
                (element for name, element in block["element"].items() if name.startswith("initial_")), None
            )
            for block in view.blocks
            if block["type"] == "input"
        }
        assert {name: value["value"] if isinstance(value, dict) else value for name, value in initial.items()} == {
            "kind": "warsztaty-sieci",
            "title": WORKSHOP["Tytuł"],
            "starts_at": "2022-10-30",
            "starts_time": "02:30",
            "starts_fold": None,
            "ends_at": None,
            "ends_time": "05:00",
        }
        assert await planned(hub, "starts_at") == starts
        assert (await planner.submit(view)).errors_by_label == {"Początek: która z dwóch godzin": TWICE}
        assert await planned(hub, "starts_at") == starts
        assert (await planner.submit(view, WORKSHOP | more | {"Początek: która z dwóch godzin": choice})).ok
        starts.append((datetime(2022, 10, 30, int(choice), 30, tzinfo=UTC),))
        assert sorted(await planned(hub, "starts_at")) == starts
    kept = await planned(hub, "place", "cities", "agenda", "description", "link", "form", "provisional", "theme")
    said = (more["Program"], more["Opis"], more["Link do spotkania"])
    assert kept == 2 * [(WORKSHOP["Miejsce"], ["zory"], *said, "hybrid", True, "Smart City")]


async def test_both_ends_of_a_span_may_be_doubled(hub: RunningHub) -> None:
    planner = await open_form(hub)
    doubled = {"Początek": "2022-10-30", "Początek, godzina": "02:10", "Koniec, godzina": "02:10"}
    await planner.submit(planner.modal, WORKSHOP | doubled)
    same = {"Początek: która z dwóch godzin": "1", "Koniec: która z dwóch godzin": "0"}
    assert (await planner.submit(planner.modal, same)).errors_by_label == {"Koniec, godzina": ENDS_FIRST}
    mended = {key: str(1 - int(value)) for key, value in same.items()}
    assert (await planner.submit(planner.modal, WORKSHOP | doubled | mended)).ok
    assert await planned(hub, "starts_at", "ends_at") == [
        (datetime(2022, 10, 30, 0, 10, tzinfo=UTC), datetime(2022, 10, 30, 1, 10, tzinfo=UTC))
    ]


STRANGE = "<!channel> <!here> <@U1> <#C1> <!subteam^S1> <https://evil.example|https://our.host>"


async def test_mentions_and_links_of_strangers_are_harmless_in_everything_the_bot_says(hub: RunningHub) -> None:
    await hub.settle()
    typed = {"Tytuł": STRANGE, "Miejsce": STRANGE, "Program": STRANGE, "Opis": "&" * 3000}
    activity_id = await schedule(hub, typed)
    zory, planner = hub.user("zory"), hub.user("koordynatorka")
    await zory.click(zory.last(), "attend.register")
    assert (await zory.submit(zory.modal, {"Osoby": f"{STRANGE}\n*_~`"})).ok
    await hub.settle()
    assert planner.modal is not None
    await planner.command("/pim", "terminy")
    await planner.command("/pim", f"terminy {STRANGE}")
    await planner.command("/pim", STRANGE)
    await planner.command("/pim", "")
    await hub.user("lublin").command("/pim", "")
    await forge_click(hub, "koordynatorka", "activity.move", activity_id)
    await planner.submit(planner.modal, {"Początek": "2022-01-26", "Koniec": None, "Zgłoszenia do": "2022-01-24"})
    await planner.submit(planner.modal)
    await hub.settle()
    await hub.wind(days=8)
    await schedule(hub, (typed | {"Początek": "2022-02-20", "Zgłoszenia do": None}))
    await forge_click(hub, "koordynatorka", "activity.cancel", activity_id)
    assert (await planner.submit(planner.modal, {"Powód": STRANGE})).ok
    await hub.wind(days=14)
    kinds = {row[0] for row in await hub.rows(metadata.tables["notification"], metadata.tables["notification"].c.kind)}
    assert kinds >= {"announcement", "invitation", "planned", "moved", "cancelled", "reminder", "digest"}
    assert tokens(hub) == set()
    assert not [text for said in everything_said(hub) for text in mrkdwn(said) if re.search(r"&(?!amp;|lt;|gt;)", text)]


async def test_the_link_of_a_meeting_shows_where_it_leads(hub: RunningHub) -> None:
    await hub.settle()
    await schedule(hub, {"Link do spotkania": "https://x.example/a|https://our.host> <!channel>"})
    await hub.wind(days=10)
    assert tokens(hub) == {"<https://x.example/a%7Chttps://our.host%3E%20%3C!channel%3E>"}


FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
UNREADABLE = [
    ("Faktura\u202egpj.exe", "Fakturagpj.exe"),
    ("Woda\u0000 i\u0007 zieleń", "Woda i zieleń"),
    ("Woda \ud800 deszczowa", "Woda deszczowa"),
    ("Z" + "\u0301" * 200 + "algo", "Ź" + "\u0301" * 2 + "algo"),
    ("مدينة i miasto", "مدينة i miasto"),
    (f"rodzina {FAMILY} :tada:", f"rodzina {FAMILY} :tada:"),
    ("jeden\ndwa\ttrzy\u2028cztery", "jeden dwa trzycztery"),
]


async def test_of_a_title_what_can_be_read_is_kept(hub: RunningHub) -> None:
    view = (await all_steps(hub))[-1]
    for typed, _ in UNREADABLE:
        answer = await forge_form(hub, "koordynatorka", view, {}, metadata_of=carrying(view, title=typed, place=typed))
        assert (answer.status, answer.json.get("response_action")) == (200, "update"), typed
    found = [(str(title), str(place)) for title, place in await planned(hub, "title", "place")]
    readable = [kept for _, kept in UNREADABLE]
    assert [place for _, place in found] == [title for title, _ in found]
    zalgo = next(title for title, _ in found if title.endswith("algo"))
    assert [title for title, _ in found if title != zalgo] == [kept for kept in readable if not kept.endswith("algo")]
    assert len(zalgo) <= 8
    await hub.settle()
    announced = [message.blocks[0]["text"]["text"] for message in hub.channel()]
    assert sorted(announced) == sorted(title for title, _ in found)


async def test_text_of_40000_characters_is_refused_or_cut_wherever_it_can_be_typed(hub: RunningHub, logs: Logs) -> None:
    await hub.settle()
    activity_id = await schedule(hub)
    planner, zory, long = hub.user("koordynatorka"), hub.user("zory"), "ż" * 40_000
    await zory.click(zory.last(), "attend.register")
    await forge_click(hub, "koordynatorka", "activity.cancel", activity_id)
    people, cancel = zory.modal, planner.modal
    assert people is not None
    assert cancel is not None
    before = await database(hub)
    too_long = "Każda osoba w osobnej linii, najwyżej 100 znaków w linii. Prosimy poprawić listę."
    assert field_errors(await forge_form(hub, "zory", people, {"people": {"value": long}})) == {"people": too_long}
    many = "\n".join(f"Osoba {number}" for number in range(5000))
    too_many = "Można zgłosić najwyżej 50 osób naraz."
    assert field_errors(await forge_form(hub, "zory", people, {"people": {"value": many}})) == {"people": too_many}
    reason = "Ten tekst ma 40000 znaków, a zmieści się najwyżej 3000. Prosimy go skrócić."
    assert field_errors(await forge_form(hub, "koordynatorka", cancel, {"reason": {"value": long}})) == {
        "reason": reason
    }
    assert (await planner.command("/pim", f"wydarzenie {long}")).ok
    assert planner.modal is not None
    assert planner.modal.values["title"]["value"]["value"] == "ż" * 150
    for text in (long, f"terminy {long}", "\u0000", "terminy \u0000\u202e", "'; DROP TABLE city; --", "<>&" * 900):
        outcome = await planner.command("/pim", text)
        assert outcome.text.startswith(("Nie ma polecenia", "Nie ma sieci ani miasta", "Czeka", "Nic", "Najbliż")), (
            text[:30]
        )
        assert len(outcome.text) < 1600
        assert logs.troubles == [], text[:30]
    assert await database(hub) == before


async def test_an_answer_that_is_none_is_refused_in_words(hub: RunningHub) -> None:
    await hub.settle()
    activity_id = await schedule(hub)
    zory = hub.user("zory")
    await zory.click(zory.last(), "attend.register")
    people = zory.modal
    assert people is not None
    assert (await zory.submit(people, {"Osoby": " \n\u200b\n "})).errors_by_label == {
        "Osoby": "Prosimy zaznaczyć albo wpisać przynajmniej jedną osobę."
    }
    await forge_click(hub, "zory", "attend.open", activity_id)
    view = zory.modal
    assert view is not None
    before = await database(hub)
    for given in (one("może"), {"selected_option": None}):
        assert field_errors(await forge_form(hub, "zory", view, {"answer": given})) == {
            "answer": "Prosimy wybrać jedną z odpowiedzi."
        }
    assert await database(hub) == before


async def test_a_move_to_an_impossible_time_is_refused_in_words(hub: RunningHub) -> None:
    await hub.settle()
    activity_id = await schedule(hub)
    planner = hub.user("koordynatorka")
    await forge_click(hub, "koordynatorka", "activity.move", activity_id)
    view = planner.modal
    assert view is not None
    before = await database(hub)
    refused: list[tuple[dict[str, Any], dict[str, str]]] = [
        (
            {"Początek": "2022-03-27", "Początek, godzina": "02:30", "Koniec": "2022-03-27"},
            {"Początek, godzina": NO_HOUR},
        ),
        (
            {"Początek": "2022-01-05", "Koniec": "2022-01-05", "Zgłoszenia do": None},
            {"Początek": "Ten termin już minął. Prosimy podać przyszły."},
        ),
        (
            {"Początek, godzina": None, "Koniec, godzina": None},
            {"Początek, godzina": "To wydarzenie ma godziny. Prosimy je podać."},
        ),
        ({"Koniec": "2022-01-19"}, {"Koniec": ENDS_FIRST}),
        ({"Początek": "2022-02-29"}, {"Początek": DAY}),
    ]
    good = {key: WORKSHOP[key] for key in ("Początek", "Początek, godzina", "Koniec, godzina", "Zgłoszenia do")}
    for changes, expected in refused:
        outcome = await planner.submit(view, good | {"Koniec": "2022-01-20"} | changes)
        assert (outcome.errors_by_label, outcome.error) == (expected, None), changes
    assert await database(hub) == before
    doubled = {
        "Początek": "2022-10-30",
        "Koniec": "2022-10-30",
        "Początek, godzina": "02:30",
        "Koniec, godzina": "05:00",
    }
    assert (await planner.submit(view, doubled)).ok
    assert await database(hub) == before
    assert (await planner.submit(planner.modal, {"Początek: która z dwóch godzin": "1"})).ok
    assert await database(hub) == before
    assert (await planner.submit(planner.modal)).ok
    assert await planned(hub, "starts_at") == [(datetime(2022, 10, 30, 1, 30, tzinfo=UTC),)]


ASSIGNMENTS: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"Sieć": None}, {"Sieć": "Prosimy wybrać sieć albo miasto."}),
    ({"Do": "2022-01-01"}, {"Do": "Koniec jest przed początkiem. Prosimy poprawić jedną z dat."}),
    ({"Do": "2022-02-29"}, {"Do": DAY}),
    ({"Miasto": ["Żory", "Lublin"]}, {"Miasto": "Przypisanie dotyczy jednego miasta. Prosimy wybrać jedno."}),
]


async def test_an_assignment_that_cannot_be_is_refused_in_words(hub: RunningHub, logs: Logs) -> None:
    await hub.settle()
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "przypisz")
    view = planner.modal
    assert view is not None
    good = {"Ekspert/ka": "Ekspert zieleni (przykład)", "Sieć": "miasto-zielone", "Miasto": [], "Do": "2022-06-30"}
    before = await database(hub)
    for changes, expected in ASSIGNMENTS:
        outcome = await planner.submit(view, good | changes)
        assert (outcome.errors_by_label, outcome.error) == (expected, None), changes
    await planner.submit(view, good | {"Do": "2022-01-01"})
    until = {"until": {"selected_date": "2022-06-30"}}
    forged: list[tuple[dict[str, Any], dict[str, str]]] = [
        ({"expert": one("nie-ma")}, {"expert": NO_EXPERT}),
        ({"network": one("nie-ma")}, {"network": "Nie ma takiej sieci: nie-ma. Prosimy wybrać z listy."}),
        ({"city": chosen("nie-ma")}, {"city": "Nie ma takiego miasta: nie-ma. Prosimy wybrać z listy."}),
        ({"days": {"value": "-1"}}, {"days": "Prosimy podać liczbę dni od 0 do 400."}),
        ({"days": {"value": "²"}}, {"days": "Prosimy podać liczbę dni od 0 do 400."}),
        ({"days": {"value": "9" * 5000}}, {"days": "Prosimy podać liczbę dni od 0 do 400."}),
        ({name: {"selected_date": "9999-12-31"} for name in ("since", "until")}, {"since": FAR, "until": FAR}),
    ]
    told = []
    for state, _ in forged:
        told.append((state, (await forge_form(hub, "koordynatorka", view, until | state)).json.get("errors")))
        assert logs.troubles == [], str(state)[:100]
    assert told == forged
    assert await database(hub) == before


SUGGESTED = [
    ("Lodz", ["Łódź"]),
    ("łódź", ["Łódź"]),
    ("zory", ["Żory"]),
    ("ŻORY", ["Żory"]),
    ("w Żorach", ["Żory"]),
    ("do Lublina", ["Lublin"]),
    ("Lublinn", ["Lublin"]),
    ("Zorry", ["Żory"]),
    ("zupełnie nic takiego", []),
    ("q" * 1000, []),
    ("'; DROP TABLE city; --", []),
    ("\u202e\u0000%_\\", None),
]


async def test_a_city_is_found_however_it_is_typed(hub: RunningHub, logs: Logs) -> None:
    planner = await open_form(hub)
    assert (await planner.submit(planner.modal, WORKSHOP | {"Sieć": []})).errors_by_label == {
        "Sieć": "Prosimy wybrać sieć."
    }
    view = planner.modal
    assert view is not None
    block = next(block for block in view.blocks if block["block_id"] == "cities")
    everything = await hub.slack.switchboard.suggest(planner.id, view, "value", "", block_id="cities")
    assert len(everything.options) == 30
    found = {}
    for typed, _ in SUGGESTED:
        answer = await hub.slack.switchboard.suggest(planner.id, view, "value", typed, block_id=block["block_id"])
        assert answer.error is None, typed
        assert logs.troubles == [], typed
        found[typed] = [option["text"]["text"] for option in answer.options]
    names = [option["text"]["text"] for option in everything.options]
    assert found == {typed: names if expected is None else expected for typed, expected in SUGGESTED}


async def test_a_name_that_is_none_is_answered_with_the_nearest_names(hub: RunningHub) -> None:
    await hub.settle()
    planner = hub.user("koordynatorka")
    answers = {
        typed: (await planner.command("/pim", f"terminy {typed}")).text
        for typed in ("Lublinn", "Zorry", "xyz", "<!here>")
    }
    assert answers == {
        "Lublinn": "Nie ma sieci ani miasta o nazwie „Lublinn”. Najbliższe nazwy: Lublin.",
        "Zorry": "Nie ma sieci ani miasta o nazwie „Zorry”. Najbliższe nazwy: Żory.",
        "xyz": "Nie ma sieci ani miasta o nazwie „xyz”.",
        "<!here>": "Nie ma sieci ani miasta o nazwie „&lt;!here&gt;”.",
    }
    for typed in ("w Żorach", "ZORY", "Lodz", "miasto zielone", "sieć Miasto Cyfrowe"):
        assert (await planner.command("/pim", f"terminy {typed}")).text.startswith("Terminy: "), typed


async def test_an_unknown_command_is_answered_with_the_nearest_one(hub: RunningHub) -> None:
    await hub.settle()
    first = (await hub.user("zory").command("/pim", "termyni")).text.splitlines()[0]
    assert first == "Nie ma polecenia „termyni”. Czy chodziło o `/pim terminy`?"


async def test_a_person_with_english_reads_english(hub: RunningHub) -> None:
    await hub.settle()
    activity_id = await schedule(hub)
    lublin = hub.user("lublin")
    await lublin.click(lublin.last(), "attend.register")
    form = lublin.modal
    assert form is not None
    said = [
        (await lublin.command("/pim", "nonsense")).text,
        (await lublin.command("/pim", "agenda Nowhere")).text,
        (await lublin.command("/pim", "assign")).text,
        *(await lublin.submit(form, {form.blocks[-1]["block_id"]: " "})).errors.values(),
    ]
    for action in ("activity.move", "activity.cancel", "nothing.known"):
        await forge_click(hub, "lublin", action, activity_id)
        await hub.settle()
        said.append(hub.texts("lublin")[-1])
    polish = [text for text in said if not text or re.search("[ąćęłńóśźż]|Prosimy|Nie ", text)]
    assert (len(said), polish) == (7, [])


async def test_whoever_the_programme_does_not_know_is_told_so_and_changes_nothing(hub: RunningHub) -> None:
    await hub.settle()
    activity_id = await schedule(hub)
    hub.slack.workspace.add_user(id="UOBCY", name="obcy", real_name="Obcy", email="obcy@example.com")
    without = (
        "identity",
        "event_log",
        "audit",
        "audit_unsealed",
        "person_key",
        "event_reaction",
        "notification",
        "recipient",
        "notice",
    )
    before = await database(hub, *without)
    obcy = hub.slack.as_user("UOBCY")
    first = await obcy.command("/pim", "wydarzenie")
    assert first.text.startswith("Dzień dobry! To pierwszy kontakt")
    await hub.settle()
    again = await obcy.command("/pim", "wydarzenie")
    assert again.text.startswith("Nie ma Państwa jeszcze na liście osób programu.")
    await obcy.click(hub.channel()[0], "attend.going")
    await hub.settle()
    posted = [message.text for message in obcy.messages() if message.user == BOT and message.only_for is None]
    assert posted[0].startswith("Nie ma Państwa jeszcze na liście osób programu.")
    assert obcy.modal is None
    assert await database(hub, *without) == before
    assert (activity_id, "member:obcy") not in await hub.rows(
        attendance, attendance.c.activity_id, attendance.c.invitee
    )
