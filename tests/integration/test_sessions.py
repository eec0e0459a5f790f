"""Advisory sessions: logged in a minute, asked for after one on the calendar, told to the city, private to both."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from pim_bot.storage.tables.activities import activity
from pim_bot.storage.tables.contributions import contribution
from pim_bot.storage.tables.sessions import session, session_city, session_expert
from tests.engines import Engines
from tests.hub import RunningHub, running_hub

LINE = "Doradztwo: Żory, 10 stycznia 2022, 2 h, temat: łąki kwietne"
WORDS = {"Ustalenia": "Łąka przy szkole nr 3", "Dalsze kroki": "Wycena siewu"}


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        yield running


async def logged(hub: RunningHub, **changes: object) -> None:
    """Let the expert log a session with Żory in the form."""
    expert = hub.user("ekspert")
    await expert.command("/pim", "doradztwo")
    filled = {"Miasto": ["zory"], "Czas trwania": "2h", **WORDS, **changes}
    outcome = await expert.submit(expert.modal, filled)
    assert (outcome.errors_by_label, outcome.withheld) == ({}, {})
    await hub.settle()


async def test_one_line_is_shown_and_saved_with_one_tap(hub: RunningHub) -> None:
    expert = hub.user("ekspert")
    await expert.command("/pim", "doradztwo Żory 2h łąki kwietne")
    shown = expert.last()
    assert shown.text == f"{LINE}. Zapisać? Nic nie jest jeszcze zapisane."
    assert await hub.rows(session, session.c.id) == []
    await expert.click(shown, "session.save")
    await expert.click(shown, "session.save")
    await hub.settle()
    assert await hub.rows(session, session.c.minutes, session.c.topic) == [(120, "łąki kwietne")]
    assert await hub.rows(session_city, session_city.c.city, session_city.c.network) == [("zory", "miasto-zielone")]
    assert hub.texts("ekspert")[-1] == f"Zapisane. {LINE}, Ekspert zieleni (przykład)."
    assert [text for text in hub.texts("zory") if "Doradztwo" in text] == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Żory łąki", "Prosimy dopisać czas, na przykład: 2h albo 90 min."),
        ("Zorry 2h", "Nie widać w tym nazwy miasta. Najbliższe nazwy: Żory."),
        ("xyz 2h", "Nie widać w tym nazwy miasta. Na przykład: /pim doradztwo Żory 2h łąki kwietne"),
    ],
)
async def test_what_a_line_does_not_say_is_asked_for(hub: RunningHub, typed: str, said: str) -> None:
    expert = hub.user("ekspert")
    await expert.command("/pim", f"doradztwo {typed}")
    assert expert.last().text == said
    await expert.click(expert.last(), "session.new")
    assert expert.modal is not None
    assert expert.modal.body["callback_id"] == "session.form"


async def test_the_form_tells_the_city_what_was_agreed_and_the_city_corrects_it(hub: RunningHub) -> None:
    await logged(hub)
    told = (
        "Doradztwo: Żory, 10 stycznia 2022, 2 h, Ekspert zieleni (przykład). Ustalenia: Łąka przy szkole nr 3. "
        "Dalsze kroki: Wycena siewu. "
    )
    ask = "Jeśli coś jest inaczej, prosimy to poprawić. Przeczytają to tylko eksperci BŚ Państwa miasta."
    assert hub.texts("zory")[-1] == told + ask
    assert [text for text in hub.texts("zory2") if "Łąka" in text] == []  # the contact owns the duty
    zory = hub.user("zory")
    await zory.click(zory.last(), "session.correct")
    outcome = await zory.submit(zory.modal, {"Co jest inaczej": "Przy szkole nr 5"})
    assert outcome.errors_by_label == {}
    await hub.settle()
    assert hub.texts("ekspert")[-1] == (
        "Żory, Rozwój, Żory (przykład) poprawia ustalenia "
        "(Doradztwo: Żory, 10 stycznia 2022, 2 h, Ekspert zieleni (przykład)): Przy szkole nr 5"
    )
    assert "Poprawka miasta: Przy szkole nr 5" in hub.texts("zory")[-1]


async def test_wrong_input_is_told_at_the_fields_and_nothing_is_written(hub: RunningHub) -> None:
    expert = hub.user("ekspert")
    await expert.command("/pim", "doradztwo")
    outcome = await expert.submit(
        expert.modal, {"Miasto": ["zory"], "Data": "2022-01-11", "Czas trwania": "długo", "Ustalenia": "x" * 3000}
    )
    assert outcome.errors_by_label == {
        "Data": "Ten dzień jeszcze nie nadszedł. Prosimy podać dzień, w którym była sesja.",
        "Czas trwania": "Prosimy podać czas od 5 minut do 24 godzin, na przykład: 2h albo 90 min.",
    }
    assert await hub.rows(session, session.c.id) == []


async def test_the_rest_is_added_step_by_step_and_goes_to_the_mid_without_the_notes(hub: RunningHub) -> None:
    await logged(hub)
    expert = hub.user("ekspert")
    await expert.click(expert.last(), "session.detail")
    await expert.submit(expert.modal, {"Temat": "łąki kwietne", "Forma": "on_site"})
    outcome = await expert.submit(
        expert.modal,
        {"Kto": "Wydział zieleni", "Do kiedy": "2022-02-01", "Notatki": "Budżet niepewny", "Część MID": ["wyzwanie"]},
    )
    assert outcome.errors_by_label == {}
    await hub.settle()
    assert "Dalsze kroki: Wycena siewu (Wydział zieleni, do 1 lutego 2022)" in hub.texts("zory")[-1]
    assert "Budżet" not in str(hub.user("zory").last().blocks)
    confirmation = next(one for one in reversed(expert.messages()) if one.text.startswith("Zapisane."))
    await expert.click(confirmation, "session.to-mid/zory")
    outcome = await expert.submit(expert.modal)
    assert outcome.errors_by_label == {}
    await hub.settle()
    columns = [
        contribution.c[name] for name in ("document", "city", "part", "type", "text", "circle", "source", "status")
    ]
    assert await hub.rows(contribution, *columns) == [
        ("MID", "zory", "wyzwanie", "agreement", "łąki kwietne: Łąka przy szkole nr 3", "city", "session", "proposed")
    ]
    shown = next(one for one in reversed(expert.messages()) if one.text.startswith("Zapisane."))
    assert "session.to-mid" not in str(shown.blocks)
    assert "W propozycjach do MID-u: Żory." in str(shown.blocks)


async def test_several_cities_each_have_their_own_words(hub: RunningHub) -> None:
    await logged(hub, Miasto=["zory", "lublin"], Ustalenia=None, **{"Dalsze kroki": None})
    expert = hub.user("ekspert")
    await expert.click(expert.last(), "session.detail")
    await expert.submit(expert.modal, {})
    await expert.submit(expert.modal, {"Ustalenia": "Tylko dla Żor"})
    await expert.submit(expert.modal, {"Ustalenia": "Tylko dla Lublina"})
    await hub.settle()
    assert "Tylko dla Żor" in hub.texts("zory")[-1]
    assert "Lublina" not in str(hub.user("zory").messages())
    assert "Tylko dla Lublina" in hub.texts("lublin")[-1]
    assert "dla Żor" not in str(hub.user("lublin").messages())


async def schedule_advice(hub: RunningHub) -> None:
    """Let the coordinator put an advisory session on the calendar, and the expert say that they come."""
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "wydarzenie")
    advice = {
        "Rodzaj": "doradztwo-indywidualne",
        "Tytuł": "Łąki kwietne",
        "Początek": "2022-01-12",
        "Początek, godzina": "10:00",
        "Koniec, godzina": "11:30",
        "Miasto": ["zory"],
    }
    outcome = await planner.submit(planner.modal, advice)
    assert outcome.errors_by_label == {}
    await hub.settle()
    await hub.user("ekspert").click(hub.user("ekspert").last(), "attend.going")
    await hub.settle()


async def test_after_a_session_the_expert_is_asked_and_answers_with_one_tap(hub: RunningHub) -> None:
    await schedule_advice(hub)
    await hub.wind(days=3)
    expert = hub.user("ekspert")
    assert hub.texts("ekspert")[-1] == (
        "Łąki kwietne, środa, 12 stycznia 2022, 10:00–11:30. Czy doradztwo odbyło się jak w planie "
        "(1 h 30 min)? Jedno kliknięcie zapisze sesję."
    )
    asked = expert.last()
    await expert.click(asked, "session.as-planned")
    await hub.settle()
    assert await hub.rows(session, session.c.minutes, session.c.topic, session.c.form) == [
        (90, "Łąki kwietne", "on_site")
    ]
    assert len(await hub.rows(session_expert, session_expert.c.member_id)) == 1
    assert hub.texts("ekspert")[-2:] == [
        "Łąki kwietne, środa, 12 stycznia 2022, 10:00–11:30. Sesja jest zapisana.",
        "Zapisane. Doradztwo: Żory, 12 stycznia 2022, 1 h 30 min, temat: Łąki kwietne, Ekspert zieleni (przykład).",
    ]
    await hub.wind(days=7)
    assert [text for text in hub.texts("ekspert") if "Przypominamy o zapisaniu" in text] == []


async def test_the_silent_are_nudged_once_and_may_say_that_it_did_not_take_place(hub: RunningHub) -> None:
    await schedule_advice(hub)
    await hub.wind(days=14)
    nudges = [one for one in hub.user("ekspert").messages() if one.text.startswith("Przypominamy o zapisaniu sesji.")]
    assert len(nudges) == 1
    await hub.user("ekspert").click(nudges[0], "session.not-held")
    await hub.settle()
    assert await hub.rows(session, session.c.minutes, session.c.status) == [(0, "not_held")]
    assert "Zapisane: ta sesja się nie odbyła." in hub.user("ekspert").messages()[-1].text


async def test_changes_to_what_was_planned_are_saved_in_the_prefilled_form(hub: RunningHub) -> None:
    await schedule_advice(hub)
    await hub.wind(days=3)
    expert = hub.user("ekspert")
    await expert.click(expert.last(), "session.new")
    outcome = await expert.submit(expert.modal, {"Czas trwania": "3h"})
    assert outcome.errors_by_label == {}
    await hub.settle()
    assert await hub.rows(session, session.c.minutes, session.c.topic) == [(180, "Łąki kwietne")]


async def test_logged_hours_count_against_the_budget_of_days(hub: RunningHub) -> None:
    planner, expert = hub.user("koordynatorka"), hub.user("ekspert")
    await planner.command("/pim", "przypisz")
    asked = {"Ekspert/ka": "Ekspert zieleni (przykład)", "Sieć": "miasto-zielone", "Od": "2022-01-01"}
    await planner.submit(planner.modal, {**asked, "Do": "2022-12-31", "Budżet dni": "12"})
    await hub.settle()
    await expert.click(expert.last(), "assignment.accept")
    await hub.settle()
    await logged(hub)
    assert hub.texts("ekspert")[-1].endswith("Wykorzystane dni: 0,25 z 12.")


def seconds(text: str) -> int:
    """An instant as the chat's field for a day and a time sends it."""
    return int(datetime.fromisoformat(text).timestamp())


async def asked(hub: RunningHub) -> None:
    """Let the city ask for a session."""
    zory = hub.user("zory")
    await zory.command("/pim", "doradztwo łąki kwietne")
    outcome = await zory.submit(zory.modal, {"Pytanie": "Kiedy kosić?", "Część MID": "wyzwanie"})
    assert (outcome.errors_by_label, outcome.withheld) == ({}, {})
    await hub.settle()


async def offered(hub: RunningHub, *times: str) -> dict[str, str]:
    """Let the expert offer times; tells what was wrong with them."""
    expert = hub.user("ekspert")
    await expert.click(
        next(one for one in reversed(expert.messages()) if "session.offer" in str(one.blocks)), "session.offer"
    )
    values = {f"Termin {number}": seconds(time) for number, time in enumerate(times, start=1)}
    outcome = await expert.submit(expert.modal, values)
    await hub.settle()
    return dict(outcome.errors_by_label)


async def test_a_city_asks_the_expert_offers_and_one_tap_schedules_it(hub: RunningHub) -> None:
    await asked(hub)
    assert hub.texts("ekspert")[-1] == (
        "Prośba o doradztwo: Rozwój, Żory (przykład). Żory, temat: łąki kwietne. Pytanie: Kiedy kosić? "
        "Część MID: Wyzwanie / problem. Prosimy zaproponować do trzech terminów."
    )
    assert await offered(hub, "2022-01-13T10:00+01:00", "2022-01-14T12:00+01:00") == {}
    zory = hub.user("zory")
    assert hub.texts("zory")[-1] == (
        "Ekspert zieleni (przykład) proponuje terminy doradztwa (Żory, temat: łąki kwietne): "
        "czwartek, 13 stycznia 2022, 10:00; piątek, 14 stycznia 2022, 12:00. "
        "Jedno kliknięcie wpisuje termin do kalendarza obu stron."
    )
    question = zory.last()
    await zory.click(question, "session.choose/1")
    await zory.click(question, "session.choose/1")
    await hub.settle()
    columns = [activity.c[name] for name in ("kind", "title", "starts_at", "cities", "status")]
    start = datetime(2022, 1, 14, 11, tzinfo=UTC)
    assert [row for row in await hub.rows(activity, *columns) if row[1] == "łąki kwietne"] == [
        ("doradztwo-indywidualne", "łąki kwietne", start, ["zory"], "scheduled")
    ]
    assert hub.texts("ekspert")[-1] == (
        "Umówione doradztwo: piątek, 14 stycznia 2022, 12:00–13:00. Żory, temat: łąki kwietne. Pytanie: Kiedy kosić?"
    )
    assert "session.choose" not in str(zory.messages())
    assert {name: hub.texts(name) for name in ("zory2", "ministerstwo", "opiekunka", "koordynatorka")} == {
        "zory2": [],
        "ministerstwo": [],
        "opiekunka": [],
        "koordynatorka": [],
    }


async def test_whoever_does_not_answer_a_request_is_asked_once_more(hub: RunningHub) -> None:
    await asked(hub)
    await hub.wind(days=3)
    await hub.wind(days=7)
    again = [one for one in hub.texts("ekspert") if one.startswith("Przypominamy: ta sprawa czeka na Państwa.")]
    (once,) = again
    assert once == (
        "Przypominamy: ta sprawa czeka na Państwa. Prośba o doradztwo: Rozwój, Żory (przykład). Żory, temat: łąki "
        "kwietne. Pytanie: Kiedy kosić? Część MID: Wyzwanie / problem. Prosimy zaproponować do trzech terminów."
    )
    assert await offered(hub, "2022-01-27T10:00+01:00") == {}
    await hub.wind(days=5)
    (once,) = [one for one in hub.texts("zory") if one.startswith("Przypominamy: ta sprawa")]
    assert once == (
        "Przypominamy: ta sprawa czeka na Państwa. Ekspert zieleni (przykład) proponuje terminy doradztwa (Żory, "
        "temat: łąki kwietne): czwartek, 27 stycznia 2022, 10:00. Jedno kliknięcie wpisuje termin do kalendarza obu "
        "stron."
    )
    await hub.user("zory").click(hub.user("zory").last(), "session.choose/0")
    await hub.settle()
    assert "session.choose" not in str(hub.user("zory").messages())


async def test_nobody_is_reminded_of_a_request_that_was_answered(hub: RunningHub) -> None:
    await asked(hub)
    assert await offered(hub, "2022-01-13T10:00+01:00") == {}
    await hub.user("zory").click(hub.user("zory").last(), "session.choose/0")
    await hub.wind(days=21)
    assert [
        one for name in ("ekspert", "zory") for one in hub.texts(name) if one.startswith("Przypominamy: ta s")
    ] == []


async def test_either_side_cancels_an_arranged_session_with_a_reason(hub: RunningHub) -> None:
    await asked(hub)
    await offered(hub, "2022-01-14T12:00+01:00")
    zory, expert = hub.user("zory"), hub.user("ekspert")
    await zory.click(zory.last(), "session.choose/0")
    await hub.settle()
    await expert.click(expert.last(), "activity.cancel")
    outcome = await expert.submit(expert.modal, {"Powód": "Choroba"})
    assert outcome.errors_by_label == {}
    await hub.settle()
    assert hub.texts("zory")[-1] == "Odwołane: łąki kwietne, piątek, 14 stycznia 2022, 12:00–13:00. Powód: Choroba"


async def test_times_that_are_taken_or_past_are_refused_at_their_fields(hub: RunningHub) -> None:
    await schedule_advice(hub)
    await asked(hub)
    assert await offered(hub, "2022-01-12T10:30+01:00", "2022-01-09T10:00+01:00", "2022-01-12T11:30+01:00") == {
        "Termin 1": "W tym czasie jedna ze stron ma już inne wydarzenie. Prosimy podać inny termin.",
        "Termin 2": "Ten termin już minął. Prosimy podać przyszły.",
    }


async def test_a_request_is_ended_with_a_reason_that_the_other_side_hears(hub: RunningHub) -> None:
    await asked(hub)
    expert = hub.user("ekspert")
    await expert.click(expert.last(), "session.decline")
    outcome = await expert.submit(expert.modal, {"Powód": "Urlop do lutego"})
    assert outcome.errors_by_label == {}
    await hub.settle()
    assert hub.texts("zory")[-1] == (
        "Prośba o doradztwo jest zakończona (Żory, temat: łąki kwietne). Powód: Urlop do lutego"
    )
    assert hub.texts("ekspert")[-1].endswith("Prośba jest zakończona.")


async def test_an_expert_asks_and_the_city_offers(hub: RunningHub) -> None:
    expert, zory = hub.user("ekspert"), hub.user("zory")
    await expert.command("/pim", "umów harmonogram MID")
    assert (await expert.submit(expert.modal, {"Miasto": "zory"})).errors_by_label == {}
    await hub.settle()
    await zory.click(zory.last(), "session.offer")
    assert (await zory.submit(zory.modal, {"Termin 1": seconds("2022-01-13T10:00+01:00")})).errors_by_label == {}
    await hub.settle()
    await expert.click(expert.last(), "session.choose/0")
    await hub.settle()
    assert hub.texts("zory")[-1].startswith("Umówione doradztwo: czwartek, 13 stycznia 2022, 10:00–11:00.")
