"""``/pim ustawienia``: what a person chose holds for everything that is planned, at once."""

from tests.hub import BOT, RunningHub
from tests.integration.test_walk import LINE, schedule

FORM = (
    "Co przysyłać w wiadomościach",
    "Przypomnienia: ile wcześniej",
    "Wiadomości od godziny",
    "Wiadomości do godziny",
)
TOPICS = {
    "invitations": "Prośby o odpowiedź (zawsze są też w kanale sieci)",
    "reminders": "Przypomnienia o wydarzeniach",
    "feedback": "Prośby o opinię po wydarzeniach",
    "bulletins": "Ogłoszenia, które są też w kanale sieci",
}


def inputs(view: object) -> list[str]:
    """The labels of a form's fields."""
    return [block["label"]["text"] for block in view.blocks if block["type"] == "input"]  # type: ignore[attr-defined]


async def test_one_screen_of_six_questions_and_more_for_whoever_gets_the_digest(hub: RunningHub) -> None:
    await hub.meet()
    zory, planner, lublin = hub.user("zory"), hub.user("koordynatorka"), hub.user("lublin")
    await zory.command("/pim", "ustawienia")
    assert inputs(zory.modal) == [*FORM, "Język", "Strefa czasowa"]
    await planner.command("/pim", "Ustawienia")
    assert inputs(planner.modal) == [*FORM, "Język", "Więcej po zapisaniu"]
    await planner.submit(planner.modal, {"Więcej po zapisaniu": ["more"]})
    assert inputs(planner.modal) == ["Strefa czasowa", "Przegląd tygodnia: dzień", "Przegląd tygodnia: godzina"]
    await planner.submit(planner.modal, {"Przegląd tygodnia: dzień": "czwartek"})
    await lublin.command("/pim", "settings")
    assert lublin.modal is not None
    assert lublin.modal.title == "Settings"
    await hub.wind(days=7)
    digests = [message.ts for message in planner.messages() if message.text.startswith("Przegląd tygodnia")]
    assert len(digests) == 1  # on Thursday, and none on Monday


async def test_whoever_wants_less_is_told_less_and_hears_of_changes_all_the_same(hub: RunningHub) -> None:
    await hub.meet()
    zory, zory2 = hub.user("zory"), hub.user("zory2")
    await zory.command("/pim", "ustawienia")
    outcome = await zory.submit(zory.modal, {"Co przysyłać w wiadomościach": []})
    assert outcome.errors_by_label == {}
    assert zory.modal is not None
    assert zory.modal.blocks[0]["text"]["text"] == (
        f"Zapisane. Wiadomości przychodzą w dni robocze od 08:00 do 16:00. Wyłączone: {'; '.join(TOPICS.values())}."
    )
    before = len(hub.texts("zory"))
    await schedule(hub)
    await hub.wind(days=9)
    assert hub.texts("zory")[before:] == []
    assert [text for text in hub.texts("zory2") if LINE in text] != []
    planner = hub.user("koordynatorka")
    planned = next(message for message in planner.messages() if message.text.startswith("Wydarzenie jest"))
    await planner.click(planned, "activity.cancel")
    await planner.submit(planner.modal, {"Powód": "Choroba"})
    await hub.settle()
    assert [text.split(":")[0] for text in hub.texts("zory")[before:]] == ["Odwołane"]
    assert zory2.last().text == zory.last().text


async def test_a_reminder_ends_with_the_way_to_fewer_of_them(hub: RunningHub) -> None:
    await schedule(hub)
    zory = hub.user("zory")
    await hub.wind(days=9)
    reminder = next(message for message in zory.messages() if message.text.startswith("Przypominamy"))
    assert reminder.user == BOT
    assert reminder.blocks[-1]["elements"][0]["text"]["text"] == "Mniej wiadomości"
    await zory.click(reminder, "preferences.fewer")
    assert zory.modal is not None
    assert zory.modal.title == "Ustawienia"


async def test_rungs_and_hours_are_planned_anew(hub: RunningHub) -> None:
    await schedule(hub)
    zory = hub.user("zory")
    await zory.command("/pim", "ustawienia")
    wrong = await zory.submit(zory.modal, {"Wiadomości od godziny": "12:00", "Wiadomości do godziny": "12:30"})
    assert wrong.errors_by_label == {
        "Wiadomości do godziny": "Koniec musi być co najmniej godzinę po początku. Prosimy poprawić jedną z godzin."
    }
    await zory.submit(zory.modal, {"Przypomnienia: ile wcześniej": ["1440"], "Wiadomości do godziny": "13:00"})
    await zory.click(zory.messages()[0], "attend.going")
    await hub.settle()
    before = len(hub.texts("zory"))
    await hub.wind(days=9)  # to Wednesday, 9:00; the workshop begins on Thursday at 10:00
    assert hub.texts("zory")[before:] == []
    await hub.wind(hours=4)
    assert len(hub.texts("zory")[before:]) == 1
