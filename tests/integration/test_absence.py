"""Somebody goes on leave: from chat, with a deputy who is told and reminded instead."""

from pim_bot.blocks import ids
from pim_bot.storage.tables.people import preference
from tests.hub import RunningHub
from tests.integration.test_walk import schedule


async def test_the_deputy_is_told_and_reminded_instead(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    zory = hub.user("zory")
    assert (await zory.command("/pim", "urlop 11.01 31.01 zieleń")).ok
    assert (await zory.submit(zory.modal)).ok
    await hub.settle()
    assert hub.texts("zory2")[-1] == (
        "Zastępstwo: Rozwój, Żory (przykład). Nieobecność: od 11 stycznia 2022 do 31 stycznia 2022. "
        "W tym czasie obowiązki i przypomnienia tej osoby przychodzą do Państwa."
    )
    before, deputy = len(hub.texts("zory")), len(hub.texts("zory2"))
    await hub.wind(days=8)
    assert hub.texts("zory")[before:] == []
    reminded = hub.texts("zory2")[deputy:]
    assert reminded
    assert all("Woda opadowa w mieście" in text for text in reminded)
    await zory.command("/pim", "ustawienia")
    assert zory.modal is not None
    await zory.click(zory.modal, ids.PLAN_ABSENCE)
    await zory.click(zory.modal, ids.END_ABSENCE)
    await hub.settle()
    assert hub.texts("zory2")[-1 - len(reminded)] == "Zastępstwo (Rozwój, Żory (przykład)) jest nieaktualne."
    columns = (preference.c.away_since, preference.c.away_until, preference.c.deputy)
    assert await hub.rows(preference, *columns) == [(None, None, "")]
