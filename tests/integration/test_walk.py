"""One activity all the way: scheduled, announced, answered, reminded of, moved, counted in the digest."""

import aiohttp
import pytest

from tests.hub import RunningHub

WORKSHOP = {
    "Rodzaj": "warsztaty-sieci",
    "Sieć": ["miasto-zielone"],
    "Tytuł": "Woda opadowa w mieście",
    "Początek": "2022-01-20",
    "Początek, godzina": "10:00",
    "Koniec, godzina": "15:00",
    "Zgłoszenia do": "2022-01-17",
    "Miejsce": "Lublin, Ratusz",
    "Miasto": ["lublin"],
}
LINE = "Woda opadowa w mieście: czwartek, 20 stycznia 2022, 10:00–15:00, Lublin, Ratusz (stacjonarnie)"


async def schedule(hub: RunningHub, **changes: object) -> None:
    """Let the coordinator schedule the workshop in the form."""
    await hub.settle()
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "wydarzenie")
    outcome = await planner.submit(planner.modal, WORKSHOP | changes)
    assert (outcome.errors_by_label, outcome.withheld) == ({}, {})
    await hub.settle()


def count_in(hub: RunningHub) -> str:
    """The live count in the channel's announcement."""
    details = [block["elements"][0]["text"] for block in hub.channel()[0].blocks if block["type"] == "context"]
    return next(str(text) for text in details if text.startswith("Odpowiedzi"))


async def test_scheduling_announces_in_the_channel_and_asks_those_who_owe_an_answer(hub: RunningHub) -> None:
    await schedule(hub)
    assert [message.text for message in hub.channel()] == [LINE]
    team = f"{LINE}. Prosimy o odpowiedź za zespół do: poniedziałek, 17 stycznia 2022, 16:00. Wystarczy jedna."
    alone = f"{LINE}. Prosimy o odpowiedź do: poniedziałek, 17 stycznia 2022, 16:00."
    names = ("zory", "zory2", "ekspert", "opiekunka", "ministerstwo", "koordynatorka")
    assert {name: hub.texts(name) for name in names} == {
        "zory": [team],
        "zory2": [team],
        "ekspert": [alone],
        "opiekunka": [alone],
        "ministerstwo": [alone],
        "koordynatorka": [f"Wydarzenie jest zaplanowane. {LINE}"],
    }


async def test_one_answer_ends_the_question_to_the_colleague_and_shows_in_the_count(hub: RunningHub) -> None:
    await schedule(hub)
    await hub.user("zory").click(hub.user("zory").last(), "attend.going")
    await hub.user("lublin").click(hub.channel()[0], "attend.not-going")
    await hub.settle()
    answered = "Odpowiedź: Wezmę udział. Zgłoszone osoby: Rozwój, Żory (przykład)."
    assert answered in hub.texts("zory")[0]
    assert answered in hub.texts("zory2")[0]
    assert count_in(hub) == ("Odpowiedzi: udział 1 (1 osoba), jeszcze bez decyzji 0, bez udziału 1, czekamy na 11.")


async def test_people_are_registered_by_name_and_the_answer_can_be_changed(hub: RunningHub) -> None:
    await schedule(hub)
    zory = hub.user("zory")
    await zory.click(zory.last(), "attend.register")
    outcome = await zory.submit(
        zory.modal, {"Osoby z zespołu": ["Zieleń, Żory (przykład)"], "Osoby": "Osoba trzecia (przykład)"}
    )
    assert outcome.errors_by_label == {}
    await hub.settle()
    assert "udział 1 (2 osoby)" in count_in(hub)
    await zory.click(zory.messages()[0], "attend.open")
    await zory.submit(zory.modal, {"Odpowiedź": "not_going"})
    await hub.settle()
    assert "udział 0 (0 osób), jeszcze bez decyzji 0, bez udziału 1" in count_in(hub)


async def test_reminders_come_to_those_who_owe_and_then_to_those_who_go(hub: RunningHub) -> None:
    await schedule(hub)
    zory = hub.user("zory")
    await zory.click(zory.last(), "attend.going")
    await hub.settle()
    await hub.wind(days=9)
    going = (
        "Przypominamy: Woda opadowa w mieście: czwartek, 20 stycznia 2022, 10:00–15:00, Lublin, Ratusz (stacjonarnie). "
        "Odpowiedź: Wezmę udział. Zgłoszone osoby: Rozwój, Żory (przykład)."
    )
    owing = (
        "Przypominamy: Woda opadowa w mieście: czwartek, 20 stycznia 2022, 10:00–15:00, Lublin, Ratusz (stacjonarnie). "
        "Prosimy o odpowiedź do: poniedziałek, 17 stycznia 2022, 16:00."
    )
    assert hub.texts("zory")[1:] == [going]
    assert hub.texts("zory2")[1:] == []
    assert hub.texts("ekspert")[1:] == [owing]


async def test_a_move_changes_messages_in_place_keeps_answers_and_is_counted_on_monday(hub: RunningHub) -> None:
    await schedule(hub)
    zory, planner = hub.user("zory"), hub.user("koordynatorka")
    await zory.click(zory.last(), "attend.going")
    await hub.user("lublin").click(hub.channel()[0], "attend.not-going")
    await hub.settle()
    await hub.wind(days=3)
    await planner.click(planner.messages()[0], "activity.move")
    outcome = await planner.submit(
        planner.modal, {"Początek": "2022-02-03", "Koniec": "2022-02-03", "Zgłoszenia do": None}
    )
    assert outcome.errors_by_label == {}
    await planner.submit(planner.modal)
    await hub.settle()
    told = (
        "Zmiana terminu: Woda opadowa w mieście. Nowy termin: czwartek, 3 lutego 2022, 10:00–15:00. "
        "Poprzedni termin: czwartek, 20 stycznia 2022, 10:00."
    )
    moved = "PRZENIESIONE: Woda opadowa w mieście: czwartek, 3 lutego 2022, 10:00–15:00, Lublin, Ratusz (stacjonarnie)"
    assert [message.text for message in hub.channel()] == [moved, told]
    assert hub.channel()[1].thread_ts == hub.channel()[0].ts
    assert "udział 1" in count_in(hub)
    assert hub.texts("zory")[-1] == told
    assert told not in hub.texts("lublin")
    await hub.wind(days=4)
    when = "czwartek, 3 lutego 2022, 10:00–15:00"
    assert planner.messages()[-1].text.splitlines()[0] == "Przegląd tygodnia: 17–23 stycznia 2022"
    assert f"Przeniesione (1): Woda opadowa w mieście, {when} (poprzednio: czwartek, 20 stycznia 2022, 10:00)" in (
        planner.messages()[-1].text.splitlines()
    )


async def test_a_cancellation_is_told_once_and_ends_the_buttons(hub: RunningHub) -> None:
    await schedule(hub)
    planner = hub.user("koordynatorka")
    await planner.click(planner.messages()[0], "activity.cancel")
    await planner.submit(planner.modal, {"Powód": "Choroba prowadzącej osoby"})
    await hub.settle()
    await hub.wind(days=14)
    said = "Odwołane: Woda opadowa w mieście, czwartek, 20 stycznia 2022, 10:00–15:00. Powód: Choroba prowadzącej osoby"
    assert [message.text for message in hub.channel()] == [f"ODWOŁANE: {LINE}", said]
    assert "attend." not in str(hub.channel()[0].blocks)
    assert hub.texts("zory2")[-1] == said
    assert hub.texts("ekspert")[1:] == [said]


async def test_feedback_is_asked_after_the_end_and_answered_in_two_taps(hub: RunningHub) -> None:
    await schedule(hub)
    zory = hub.user("zory")
    await zory.click(zory.last(), "attend.going")
    await hub.settle()
    await hub.wind(days=11)
    asked = (
        "Woda opadowa w mieście. Jak Państwo oceniają to spotkanie? 1 to najniższa, a 5 najwyższa ocena. Czekamy do: "
        "czwartek, 3 lutego 2022, 15:00. Odpowiedź jest anonimowa: zapisujemy ją bez nazwiska i godziny."
    )
    assert zory.messages()[-1].text == asked
    question = zory.messages()[-1]
    await zory.click(question, "feedback.score/5")
    assert zory.messages()[-1].text == asked
    assert (await zory.submit(zory.modal)).ok
    await hub.settle()
    assert zory.messages()[-1].text == (
        "Woda opadowa w mieście. Dziękujemy. Państwa opinia jest zapisana, bez nazwiska i godziny."
    )
    await hub.wind(days=20)
    results = [text for text in hub.texts("koordynatorka") if text.startswith("Opinie")]
    assert results == ["Opinie: Woda opadowa w mieście. Za mało odpowiedzi, by pokazać wynik."]


async def test_an_expert_is_assigned_accepts_and_the_coordinator_hears_it(hub: RunningHub) -> None:
    await hub.settle()
    planner, expert = hub.user("koordynatorka"), hub.user("ekspert")
    await planner.command("/pim", "przypisz")
    filled = {
        "Ekspert/ka": "Ekspert zieleni (przykład)",
        "Sieć": "miasto-zielone",
        "Od": "2022-02-01",
        "Do": "2022-12-31",
        "Budżet dni": "12",
    }
    outcome = await planner.submit(planner.modal, filled)
    assert outcome.errors_by_label == {}
    await hub.settle()
    await expert.click(expert.last(), "assignment.accept")
    await hub.settle()
    assert planner.messages()[-1].text == "Ekspert zieleni (przykład), Miasto Zielone: Odpowiedź: przyjmuję."
    await planner.command("/pim", "przypisz")
    again = await planner.submit(planner.modal, filled)
    assert again.errors_by_label == {
        "Ekspert/ka": (
            "Ta osoba ma już takie przypisanie od 1 lutego 2022 do 31 grudnia 2022. Prosimy zmienić okres albo osobę."
        )
    }


async def test_the_calendar_shows_the_activity_and_its_move(hub: RunningHub) -> None:
    await schedule(hub)
    address = str(hub.slack.app_url).replace("/slack/events", "/ical/siec/miasto-zielone.ics")
    async with aiohttp.ClientSession() as session:
        async with session.get(address) as first:
            body, tag = await first.text(), first.headers["ETag"]
        assert "SUMMARY:Woda opadowa w mieście\r\n" in body
        async with session.get(address, headers={"If-None-Match": tag}) as again:
            assert (again.status, await again.read()) == (304, b"")
        planner = hub.user("koordynatorka")
        await planner.click(planner.messages()[0], "activity.move")
        await planner.submit(planner.modal, {"Początek": "2022-02-03", "Koniec": "2022-02-03", "Zgłoszenia do": None})
        await planner.submit(planner.modal)
        await hub.settle()
        async with session.get(address, headers={"If-None-Match": tag}) as moved:
            assert moved.status == 200
            body = await moved.text()
        assert "SUMMARY:PRZENIESIONE: Woda opadowa w mieście\r\n" in body
        assert "DTSTART;TZID=Europe/Warsaw:20220203T100000\r\n" in body
        async with session.get(address.replace("miasto-zielone", "miasto-nieznane")) as unknown:
            assert unknown.status == 404


@pytest.mark.parametrize(
    ("last_day", "moved_to", "expected"),
    [
        (None, "2022-01-19", "środa, 19 stycznia 2022, 10:00–15:00"),
        (None, "2022-02-03", "czwartek, 3 lutego 2022, 10:00–15:00"),
        ("2022-01-21", "2022-02-03", "czwartek, 3 lutego 2022, 10:00 – piątek, 4 lutego 2022, 15:00"),
        ("2022-01-21", "2022-01-18", "wtorek, 18 stycznia 2022, 10:00 – środa, 19 stycznia 2022, 15:00"),
    ],
)
async def test_when_only_the_first_day_is_moved_the_last_one_moves_along(
    hub: RunningHub, last_day: str | None, moved_to: str, expected: str
) -> None:
    await schedule(hub, **{"Koniec": last_day, "Zgłoszenia do": None})
    planner = hub.user("koordynatorka")
    await planner.click(planner.messages()[0], "activity.move")
    outcome = await planner.submit(planner.modal, {"Początek": moved_to})
    assert outcome.errors_by_label == {}
    await planner.submit(planner.modal)
    await hub.settle()
    place = "Lublin, Ratusz (stacjonarnie)"
    assert hub.channel()[0].text == f"PRZENIESIONE: Woda opadowa w mieście: {expected}, {place}"
