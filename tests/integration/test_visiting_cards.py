"""A card is filled in, found by others, and after a workshop those who agreed get each other's contact."""

from pim_bot.blocks import ids
from tests.hub import RunningHub
from tests.integration.test_walk import schedule

AGREE = "Po warsztatach mój kontakt dostają inni, którzy też się zgodzili"


async def test_people_find_each_other_and_share_their_contacts(hub: RunningHub) -> None:
    await hub.meet()
    for name, offer in (("zory", "łąki kwietne"), ("ekspert", "przetargi na zieleń")):
        person = hub.user(name)
        await person.command("/pim", "wizytówka")
        assert (await person.submit(person.modal, {"Mogę pomóc w …": offer, "Kontakt": [AGREE]})).ok
    found = await hub.user("zory2").command("/pim", "szukaj łąk")
    assert found.text.splitlines() == ["Osoby: łąk", "Rozwój, Żory (przykład) (zespół miasta Żory): łąki kwietne"]
    nobody = await hub.user("zory2").command("/pim", "szukaj tramwaje")
    assert nobody.text.startswith("Nikogo nie znaleźliśmy: tramwaje.")
    await schedule(hub)
    for name in ("zory", "ekspert", "opiekunka"):
        await hub.user(name).click(hub.user(name).last(), ids.GOING)
    await hub.settle()
    await hub.wind(days=20)
    shared = {name: [text for text in hub.texts(name) if text.startswith("Kontakty po wydarzeniu")] for name in
              ("zory", "zory2", "ekspert", "opiekunka")}  # fmt: skip
    assert {name: len(texts) for name, texts in shared.items()} == {"zory": 1, "zory2": 0, "ekspert": 1, "opiekunka": 0}
    assert "Ekspert zieleni (przykład), ekspert@example.org: przetargi na zieleń" in shared["zory"][0]
    assert "rozwoj@zory.example.org: łąki kwietne" in shared["ekspert"][0]
