"""Feedback beside that after one activity: the five values, a quarter of advice, the named mode, and who hears what."""

from collections.abc import AsyncIterator

import pytest

from pim_bot.storage.tables.feedback import named_answer, pooled_answer, pooled_mark, pooled_round
from pim_bot.storage.tables.flow import due_item
from tests.engines import Engines
from tests.hub import USERS, RunningHub, import_text, running_hub, shipped
from tests.integration.test_sessions import logged
from tests.integration.test_walk import schedule

EDITION = "pim2-2021-2023"
HALF = f"values:{EDITION}/half"
OFFICIALS = ("zory", "zory2", "lublin", "racibórz", "słupsk")
MORE = """
supplements: pim2-2021-2023
people:
  - {name: "Racibórz (przykład)", email: raciborz@example.org, role: official, city: raciborz}
  - {name: "Słupsk (przykład)", email: slupsk@example.org, role: official, city: slupsk}
"""
SCORES = {
    "Rozwój pracowników": "5",
    "Aktualne problemy": "4",
    "Dobre praktyki": "4",
    "Harmonogram i wsparcie eksperckie": "2",
    "Nowe kontakty": "3",
}
ENGLISH = dict(
    zip(
        ("Staff development", "Current problems", "Good practices", "Schedule and expert support", "New contacts"),
        SCORES.values(),
        strict=True,
    )
)
ASK = (
    "Co daje Państwu udział w programie: połowa edycji. Prosimy ocenić pięć wartości w jednym krótkim formularzu. "
    "Wystarczy minuta. Czekamy do: środa, 26 stycznia 2022, 8:00. "
)
ANONYMOUS = "Odpowiedź jest anonimowa: zapisujemy ją bez nazwiska i godziny."
NAMED = (
    "Ta ankieta jest imienna: odpowiedzi z nazwiskami przeczytają osoby koordynujące program i opiekujące się siecią."
)


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        yield running


async def told(hub: RunningHub, line: str) -> None:
    """The edition's file says one thing more."""
    await import_text(hub.parts, shipped("pim2-2021-2023.yaml") + f"\n{line}\n".encode())
    await hub.settle()


async def more_officials(hub: RunningHub) -> None:
    """Two more people of cities, so that there are five."""
    for name, email in (("racibórz", "raciborz"), ("słupsk", "slupsk")):
        hub.slack.workspace.add_user(
            id=f"U{name.upper()}", name=name, real_name=name, email=f"{email}@example.org", locale="pl-PL"
        )
    await import_text(hub.parts, MORE.encode())
    await hub.settle()
    await hub.meet("racibórz", "słupsk")


def count_of(hub: RunningHub, start: str) -> dict[str, int]:
    """How many messages that begin so each person has."""
    found = {name: sum(text.startswith(start) for text in hub.texts(name)) for name in USERS}
    return {name: count for name, count in found.items() if count}


async def test_the_five_values_are_asked_on_the_days_of_the_file_in_one_form(hub: RunningHub) -> None:
    await told(hub, "values_days: [2022-01-12, 2022-03-01]")
    await hub.wind(days=2)
    assert hub.texts("zory")[-1] == hub.texts("zory2")[-1] == ASK + ANONYMOUS
    assert hub.texts("lublin")[-1].startswith("What the programme gives you: half-way through the edition.")
    assert count_of(hub, "Co daje Państwu") == {"zory": 1, "zory2": 1}  # neither experts nor those who run it
    zory = hub.user("zory")
    await zory.click(zory.last(), "feedback.open")
    assert (await zory.submit(zory.modal, SCORES | {"Nowe kontakty": None})).withheld == {"contacts": "required"}
    assert await hub.rows(pooled_answer) == []
    assert (await zory.submit(zory.modal, SCORES)).ok
    await hub.settle()
    assert await hub.rows(None, pooled_answer.c.subject, pooled_answer.c.scores, pooled_answer.c.comment) == [
        (HALF, [5, 4, 4, 2, 3], "")
    ]
    assert zory.last().text == (
        "Co daje Państwu udział w programie: połowa edycji. Dziękujemy. Państwa opinia jest zapisana, bez nazwiska "
        "i godziny."
    )
    await hub.wind(days=5)
    nudge = "Przypominamy o prośbie o opinię."
    assert count_of(hub, nudge) == {"zory2": 1}
    await hub.wind(days=20)
    assert count_of(hub, nudge) == {}  # both questions say now that it is over
    few = "Opinie: Co daje Państwu udział w programie: połowa edycji. Za mało odpowiedzi, by pokazać wynik."
    assert count_of(hub, few) == {"koordynatorka": 1, "opiekunka": 1, "ministerstwo": 1}
    closed = (
        "Co daje Państwu udział w programie: połowa edycji. Zbieranie opinii już się zakończyło. Za mało odpowiedzi"
    )
    assert count_of(hub, closed) == {"zory": 1, "zory2": 2}
    assert (await hub.rows(pooled_answer), await hub.rows(pooled_mark)) == ([], [])
    await hub.wind(days=24)
    assert count_of(hub, "Co daje Państwu udział w programie: koniec edycji.") == {"zory": 1, "zory2": 1}


async def test_from_five_answers_up_everybody_asked_hears_the_means(hub: RunningHub) -> None:
    await more_officials(hub)
    await told(hub, "values_days: [2022-01-12, 2022-03-01]")
    await hub.wind(days=2)
    for name in OFFICIALS:
        person = hub.user(name)
        await person.click(person.last(), "feedback.open")
        assert (await person.submit(person.modal, ENGLISH if name == "lublin" else SCORES)).ok
    await hub.wind(days=16)
    result = (
        "Opinie: Co daje Państwu udział w programie: połowa edycji. Średnie ocen: Rozwój pracowników: 5, Aktualne "
        "problemy: 4, Dobre praktyki: 4, Harmonogram i wsparcie eksperckie: 2, Nowe kontakty: 3; odpowiedzi: 5."
    )
    assert count_of(hub, result) == {
        **dict.fromkeys(("koordynatorka", "opiekunka", "ministerstwo", "zory", "zory2"), 1),
    }
    assert [text for text in hub.texts("ekspert") if text.startswith("Opinie")] == []


async def test_without_days_in_the_file_the_values_are_asked_half_way_and_two_weeks_before_the_end(
    hub: RunningHub,
) -> None:
    await import_text(hub.parts, shipped("pim2-2021-2023.yaml").replace(b"short: PIM2", b"short: PIM-2"))
    await hub.settle()
    planned = await hub.rows(None, due_item.c.subject, due_item.c.kind, due_item.c.due_at)
    days = {subject: f"{at:%Y-%m-%d}" for subject, kind, at in planned if str(subject).startswith("values:")}
    assert days == {HALF: "2022-06-24", f"values:{EDITION}/end": "2023-03-14"}


async def test_sessions_of_a_quarter_are_asked_about_once_and_only_the_cities_that_had_one(hub: RunningHub) -> None:
    await logged(hub)
    await hub.wind(days=30)
    await logged(hub, Ustalenia="Druga łąka")
    await hub.wind(days=48)
    ask = "Doradztwo indywidualne, sieć Miasto Zielone, I kwartał 2022."
    assert count_of(hub, ask) == {}
    await hub.wind(days=4)
    assert count_of(hub, ask) == {"zory": 1, "zory2": 1}
    zory = hub.user("zory")
    question = next(one for one in reversed(zory.messages()) if one.text.startswith(ask))
    await zory.click(question, "feedback.score/4")
    assert (await zory.submit(zory.modal, {"Komentarz": "Bardzo konkretnie"})).ok
    await hub.settle()
    subject = f"advice:{EDITION}/miasto-zielone/2022-Q1"
    kept = await hub.rows(None, pooled_answer.c.subject, pooled_answer.c.scores, pooled_answer.c.comment)
    assert kept == [(subject, [4], "Bardzo konkretnie")]
    await logged(hub, Ustalenia="Trzecia łąka")
    await hub.wind(days=60)
    assert await hub.rows(None, pooled_round.c.subject, pooled_round.c.state) == [(subject, "closed")]


async def test_whoever_had_no_session_cannot_answer_about_advice(hub: RunningHub) -> None:
    await logged(hub)
    await hub.wind(days=85)
    zory, lublin = hub.user("zory"), hub.user("lublin")
    question = next(one for one in zory.messages() if one.text.startswith("Doradztwo indywidualne"))
    before = len(hub.texts("lublin"))
    await lublin.click(question, "feedback.score/4")
    await hub.settle()
    assert lublin.modal is None
    assert len(hub.texts("lublin")) == before + 1
    assert await hub.rows(pooled_answer) == []


async def test_the_named_mode_says_so_before_the_first_tap_and_shows_names_only_to_those_who_run_it(
    hub: RunningHub,
) -> None:
    await told(hub, "values_days: [2022-01-12, 2022-03-01]\nnamed_feedback: tak")
    await schedule(hub)
    zory = hub.user("zory")
    await zory.click(zory.last(), "attend.going")
    await hub.wind(days=11)
    question = next(one for one in reversed(zory.messages()) if one.text.startswith("Woda opadowa"))
    assert NAMED in question.text
    assert NAMED in str(question.blocks)
    assert ANONYMOUS not in str(question.blocks)
    await told(hub, "values_days: [2022-01-12, 2022-03-01]")  # too late for this round
    await zory.click(question, "feedback.score/2")
    assert zory.modal is not None
    assert NAMED in str(zory.modal.body)
    assert (await zory.submit(zory.modal, {"Komentarz": "Za długo"})).ok
    ((subject, scores, comment),) = await hub.rows(
        None, named_answer.c.subject, named_answer.c.scores, named_answer.c.comment
    )
    assert (str(subject).split(":")[0], scores, comment) == ("activity", [2], "Za długo")
    await hub.wind(days=20)
    named = (
        "Opinie: Woda opadowa w mieście. Za mało odpowiedzi, by pokazać wynik. Rozwój, Żory (przykład): 2. „Za długo”"
    )
    assert count_of(hub, named) == {"koordynatorka": 1, "opiekunka": 1, "ministerstwo": 1}
    assert [text for name in ("zory2", "lublin", "ekspert") for text in hub.texts(name) if "Za długo" in text] == []


async def test_the_command_shows_what_waits_for_an_answer_until_it_is_given(hub: RunningHub) -> None:
    await told(hub, "values_days: [2022-01-12, 2022-03-01]")
    zory = hub.user("zory")
    await zory.command("/pim", "ocena")
    assert zory.last().text == "Żadna ankieta nie czeka teraz na Państwa odpowiedź."
    await schedule(hub)
    await zory.click(zory.last(), "attend.going")
    await hub.wind(days=11)
    await zory.command("/pim", "ankieta")
    shown = zory.last()
    assert ASK in shown.text
    assert "Woda opadowa w mieście." in shown.text
    await zory.click(shown, "feedback.score/3")
    assert (await zory.submit(zory.modal)).ok
    await zory.command("/pim", "opinia")
    assert "Woda opadowa w mieście." not in zory.last().text
    await hub.user("ekspert").command("/pim", "ocena")
    assert hub.user("ekspert").last().text == "Żadna ankieta nie czeka teraz na Państwa odpowiedź."
