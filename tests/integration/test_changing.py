"""Details of an activity are changed after it was planned: copies follow, and people hear only of what they must."""

from tests.hub import RunningHub
from tests.integration.test_bad_input import forge_click
from tests.integration.test_walk import LINE, schedule

ELSEWHERE = LINE.replace("Lublin, Ratusz", "Lublin, Zamek")
TOLD = "Zmiana: Woda opadowa w mieście, czwartek, 20 stycznia 2022, 10:00–15:00. Gdzie: Lublin, Zamek (stacjonarnie)."


async def change(hub: RunningHub, **typed: object) -> None:
    planner = hub.user("koordynatorka")
    await planner.click(planner.messages()[0], "activity.change")
    outcome = await planner.submit(planner.modal, typed)
    assert (outcome.errors_by_label, outcome.error) == ({}, None)
    await hub.settle()


async def test_another_place_is_told_to_those_concerned_and_every_copy_follows(hub: RunningHub) -> None:
    await schedule(hub)
    await hub.user("zory").click(hub.user("zory").last(), "attend.going")
    await hub.user("lublin").click(hub.user("lublin").last(), "attend.not-going")
    await hub.settle()
    await change(hub, Miejsce="Lublin, Zamek", Program="10:00 kawa")
    assert [message.text for message in hub.channel()] == [ELSEWHERE, TOLD]
    assert "10:00 kawa" in str(hub.channel()[0].blocks)
    assert hub.texts("zory")[1:] == [TOLD]
    assert hub.texts("zory")[0].startswith(ELSEWHERE)
    assert "Odpowiedź: Wezmę udział." in hub.texts("zory")[0]
    assert TOLD not in hub.texts("lublin")
    assert len(hub.texts("lublin")) == 1
    # Reminders go on from the changed activity.
    await hub.wind(days=9)
    assert "Lublin, Zamek" in hub.texts("zory")[-1]


async def test_of_the_programme_alone_nobody_is_told_and_the_link_stays_with_the_invited(hub: RunningHub) -> None:
    await schedule(hub)
    await change(hub, Program="10:00 kawa", Opis="Prosimy o kurtki", Miasto=["Żory"])
    assert [message.text for message in hub.channel()] == [LINE]
    assert "Prosimy o kurtki" in str(hub.channel()[0].blocks)
    assert len(hub.texts("zory")) == 1
    await change(hub, **{"Link do spotkania": "https://spotkanie.example.org/1"})
    assert "spotkanie.example.org" not in str([message.blocks for message in hub.channel()])
    assert len(hub.channel()) == 1
    assert hub.texts("zory")[-1] == (
        "Zmiana: Woda opadowa w mieście, czwartek, 20 stycznia 2022, 10:00–15:00. Link do spotkania jest inny."
    )
    assert "https://spotkanie.example.org/1" in str(hub.user("zory").last().blocks)
    await change(hub)
    assert len(hub.texts("zory")) == 2


async def test_more_places_let_the_waiting_list_move_up_and_fewer_than_are_taken_are_refused(hub: RunningHub) -> None:
    await schedule(hub, **{"Liczba miejsc": "1"})
    for name in ("zory", "ekspert"):
        await hub.user(name).click(hub.user(name).last(), "attend.going")
    await hub.settle()
    await change(hub, **{"Liczba miejsc": "2"})
    assert hub.texts("ekspert")[-1].startswith("Zwolniło się miejsce i jest dla Państwa: Woda opadowa")
    planner = hub.user("koordynatorka")
    await planner.click(planner.messages()[0], "activity.change")
    outcome = await planner.submit(planner.modal, {"Liczba miejsc": "1", "Link do spotkania": "ftp://x"})
    assert outcome.errors_by_label == {
        "Liczba miejsc": "Zgłoszonych jest już więcej osób: 2. Prosimy podać większą liczbę.",
        "Link do spotkania": "Prosimy wkleić adres, który zaczyna się od https://",
    }


async def test_a_move_that_waits_for_the_morning_is_told_although_a_detail_was_changed_after_it(
    hub: RunningHub,
) -> None:
    await schedule(hub)
    await hub.wind(hours=12)
    planner = hub.user("koordynatorka")
    await planner.click(planner.messages()[0], "activity.move")
    await planner.submit(planner.modal, {"Początek": "2022-02-03", "Zgłoszenia do": None})
    await planner.submit(planner.modal)
    await hub.settle()
    await change(hub, Program="10:00 kawa")
    await hub.wind(hours=14)
    assert [text for text in hub.texts("zory") if text.startswith("Zmiana terminu: Woda opadowa w mieście.")] != []


async def test_a_form_that_was_overtaken_says_what_is_there_now_and_keeps_what_was_typed(hub: RunningHub) -> None:
    await schedule(hub)
    planner, guardian = hub.user("koordynatorka"), hub.user("opiekunka")
    await planner.click(planner.messages()[0], "activity.change")
    value = planner.modal and planner.modal.body["private_metadata"]
    assert value is not None
    activity_id = str(value).split('"activity": "')[1].split('"')[0]
    await forge_click(hub, "opiekunka", "activity.change", activity_id)
    assert (await guardian.submit(guardian.modal, {"Miejsce": "Lublin, Zamek"})).ok
    overtaken = planner.modal
    await planner.submit(overtaken, {"Miejsce": "Lublin, Teatr"})
    assert planner.modal is not None
    assert "To wydarzenie zmieniło się od otwarcia formularza." in str(planner.modal.blocks)
    assert "Lublin, Zamek (stacjonarnie)" in str(planner.modal.blocks)
    assert planner.modal.values["place"]["value"]["value"] == "Lublin, Teatr"
    assert (await planner.submit(planner.modal)).ok
    await hub.settle()
    assert hub.channel()[0].text == LINE.replace("Ratusz", "Teatr")
