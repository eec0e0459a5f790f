"""Materials: added from the announcement or from a message, shown there, found by the city, taken away again."""

from pim_bot.blocks import ids
from pim_bot.storage.tables.materials import material
from tests.hub import RunningHub
from tests.integration.test_walk import schedule

WORKSHOP = "Woda opadowa w mieście, 20 stycznia 2022"
LINK = "https://pliki.example.org/laki.pdf"


async def test_a_material_stands_in_the_announcement_and_is_found_by_its_city(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    zory = hub.user("zory")
    (announcement,) = [one for one in hub.channel() if one.text.startswith("Woda opadowa")]
    await zory.click(announcement, ids.ADD_MATERIAL)
    assert zory.modal is not None
    assert "Zapisujemy tytuł i link, a nie sam plik" in str(zory.modal.blocks)
    assert (await zory.submit(zory.modal, {"Tytuł": "Łąki kwietne", "Link": LINK})).ok
    await hub.settle()
    (announcement,) = [one for one in hub.channel() if one.text.startswith("Woda opadowa")]
    assert f"• Łąki kwietne <{LINK}>" in str(announcement.blocks)
    await hub.wind(days=20)
    (announcement,) = [one for one in hub.channel() if one.text.startswith("Woda opadowa")]
    assert f"• Łąki kwietne <{LINK}>" in str(announcement.blocks)
    found = await hub.user("lublin").command("/pim", "materials Lublin łąki")
    assert f"• Łąki kwietne: {LINK}" in found.text
    assert ids.REMOVE_MATERIAL not in str(found.blocks)
    nothing = await hub.user("lublin").command("/pim", "materials Płock")
    assert nothing.text.startswith('No materials match "Płock".')
    mine = await zory.command("/pim", "materiały")
    assert mine.message is not None
    await zory.click(mine.message, ids.REMOVE_MATERIAL)
    await hub.settle()
    assert await hub.rows(material) == []
    (announcement,) = [one for one in hub.channel() if one.text.startswith("Woda opadowa")]
    assert LINK not in str(announcement.blocks)


async def test_the_shortcut_fills_the_form_from_a_message(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    message = hub.slack.workspace.post("CZIELONE", user="ULUBLIN", text=f"Nasze łąki\n<{LINK}|tu>")
    expert = hub.user("ekspert")
    await expert.shortcut(ids.MATERIAL_SHORTCUT, message)
    assert (await expert.submit(expert.modal, {"Wydarzenie": WORKSHOP})).ok
    assert await hub.rows(material, material.c.title, material.c.link) == [("Nasze łąki", LINK)]
    found = await hub.user("zory").command("/pim", "materiały deszczowa Lublinie opadowa")
    assert found.text.startswith("Nie ma materiałów")
    found = await hub.user("zory").command("/pim", "materiały opadowej")
    assert "Nasze łąki" in found.text
