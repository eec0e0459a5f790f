"""Places: as many as the form says, a waiting list behind them, and word to whoever moves up."""

from tests.hub import RunningHub
from tests.integration.test_walk import LINE, schedule

FULL = "Wszystkie miejsca są zajęte. Lista rezerwowa, miejsce w kolejce: {number}. Gdy zwolni się miejsce, damy znać."


async def test_whoever_finds_no_place_waits_moves_up_and_is_told(hub: RunningHub) -> None:
    await schedule(hub, **{"Liczba miejsc": "1", "Miejsca na zespół": "1"})
    zory, expert, lublin = hub.user("zory"), hub.user("ekspert"), hub.user("lublin")
    assert "*Liczba miejsc*\n1, na zespół: 1" in str(hub.channel()[0].blocks).replace("\\n", "\n")
    await zory.click(zory.last(), "attend.going")
    await lublin.click(hub.channel()[0], "attend.going")
    await hub.wind(hours=1)
    await expert.click(expert.last(), "attend.going")
    await hub.settle()
    assert FULL.format(number=2) in hub.texts("ekspert")[0]
    planner = hub.user("koordynatorka")
    assert "Lista rezerwowa: Lublin (1)." in str(planner.messages()[0].blocks)
    assert "Lista rezerwowa: 2." in str(hub.channel()[0].blocks)
    await zory.click(zory.messages()[0], "attend.open")
    assert (await zory.submit(zory.modal, {"Odpowiedź": "not_going"})).ok
    await hub.settle()
    told = hub.texts("lublin")[-1]
    assert told.startswith("A place came free and it is yours: Woda opadowa w mieście: Thursday, 20 January 2022")
    assert FULL.format(number=1) in hub.texts("ekspert")[0]
    await lublin.click(lublin.last(), "attend.open")
    assert (await lublin.submit(lublin.modal, {"Answer": "unsure"})).ok
    await hub.settle()
    change = "Jeśli udział nie jest już możliwy, prosimy zmienić odpowiedź."
    assert hub.texts("ekspert")[1:] == [f"Zwolniło się miejsce i jest dla Państwa: {LINE}. {change}"]
    assert "Odpowiedź: Wezmę udział." in hub.texts("ekspert")[0]


async def test_the_form_says_who_waits(hub: RunningHub) -> None:
    await schedule(hub, **{"Liczba miejsc": "1"})
    await hub.user("zory").click(hub.user("zory").last(), "attend.going")
    expert = hub.user("lublin")
    await expert.click(expert.last(), "attend.register")
    outcome = await expert.submit(expert.modal, {"People": "Anna\nJan"})
    assert outcome.errors_by_label == {"People": "There are 1 places in all. Please shorten the list of people."}
    assert (await expert.submit(expert.modal, {"People": "Anna"})).ok
    assert "All places are taken. We will let you know when one comes free." in str(
        expert.modal and expert.modal.blocks
    )
