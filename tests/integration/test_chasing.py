"""„Kto nie potwierdził”: cities, then people, and one button that reminds exactly those."""

from pim_bot.storage.tables.flow import notification
from tests.hub import RunningHub
from tests.integration.test_walk import LINE, schedule

TITLE = "Woda opadowa w mieście, czwartek, 20 stycznia 2022, 10:00–15:00"
EMPTY = (
    "Zespoły bez osób w programie (8): Gdańsk, Kostrzyn nad Odrą, Międzyrzec Podlaski, Racibórz, Ruda Śląska, Słupsk, "
    "Uniejów, Żyrardów."
)
OWING = (
    "Miasta bez odpowiedzi (9): Gdańsk, Kostrzyn nad Odrą, Lublin, Międzyrzec Podlaski, Racibórz, Ruda Śląska, Słupsk, "
    f"Uniejów, Żyrardów. {EMPTY} Osoby bez odpowiedzi (2): Ministerstwo (przykład), Opiekunka sieci (przykład)."
)


async def test_exactly_those_who_owe_an_answer_are_reminded_once_a_day(hub: RunningHub) -> None:
    await schedule(hub)
    planner = hub.user("koordynatorka")
    for name in ("zory", "ekspert"):
        await hub.user(name).click(hub.user(name).last(), "attend.going")
    await hub.settle()
    for typed in ("kto", "kto nie potwierdził udziału: woda, Lublin", "who woda"):
        assert (await planner.command("/pim", typed)).text == f"{TITLE}. {OWING}"
    assert (await planner.command("/pim", "kto konferencja")).text == (
        "Nie ma nadchodzącego wydarzenia, na którego odpowiedzi Państwo czekają."
    )
    await planner.click(planner.messages()[0], "activity.owes")
    assert planner.modal is not None
    assert OWING.split(". ", maxsplit=1)[0] in str(planner.modal.blocks)
    before = {name: hub.texts(name) for name in ("zory", "zory2", "ekspert", "koordynatorka")}
    await planner.click(planner.modal, "activity.chase")
    assert "Przypomnienie o odpowiedzi jest w drodze (3 osoby): Woda opadowa w mieście." in str(planner.modal.blocks)
    await hub.settle()
    told = f"Przypominamy: {LINE}. Prosimy o odpowiedź do: poniedziałek, 17 stycznia 2022, 16:00."
    assert [hub.texts(name)[-1] for name in ("ministerstwo", "opiekunka")] == [told, told]
    assert hub.texts("lublin")[-1].startswith("A reminder: Woda opadowa w mieście")
    assert {name: hub.texts(name) for name in before} == before
    nudges = [row for row in await hub.rows(notification, notification.c.kind) if row == ("attendance-nudge",)]
    assert len(nudges) == 3
    # The same day again nobody is reminded; the answer takes the buttons off the reminder, too.
    await planner.click(planner.messages()[0], "activity.owes")
    await planner.click(planner.modal, "activity.chase")
    await hub.settle()
    assert (
        hub.texts("koordynatorka")[-1] == "Dziś przypomnienie o tym wydarzeniu już poszło. Następne można wysłać jutro."
    )
    guardian = hub.user("opiekunka")
    await guardian.click(guardian.last(), "attend.not-going")
    await hub.settle()
    assert "Odpowiedź: Nie wezmę udziału." in guardian.last().text
    await hub.wind(days=1)
    await planner.click(planner.messages()[0], "activity.owes")
    await planner.click(planner.modal, "activity.chase")
    await hub.settle()
    assert "(2 osoby)" in str(planner.modal.blocks)


async def test_whoever_plans_nothing_there_is_not_told_and_reminds_nobody(hub: RunningHub) -> None:
    await schedule(hub)
    refused = (
        "Do tego potrzebna jest inna rola w programie. Jeśli to pomyłka, prosimy o kontakt z koordynacją programu."
    )
    assert (await hub.user("ekspert").command("/pim", "kto")).text == refused
    # An official plans meetings of the own city, and there is none.
    assert (await hub.user("zory").command("/pim", "kto")).text.startswith("Nie ma nadchodzącego wydarzenia")
