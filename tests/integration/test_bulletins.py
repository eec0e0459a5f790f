"""``/pim ogłoszenie``: written once, seen before it goes, told to each, and who has read it."""

from typing import Any

from pim_bot.blocks import ids
from pim_bot.playground.outcome import Outcome
from pim_bot.storage.tables.bulletins import bulletin, bulletin_reader
from tests.hub import RunningHub

GREEN = "miasto-zielone"
TEXT = {"Sieć": GREEN, "Tytuł": "Nabór", "Treść": "Wnioski do *piątku*.", "Link": "https://a.example.org"}


async def preview(hub: RunningHub, who: str, **typed: Any) -> Outcome:
    person = hub.user(who)
    await person.command("/pim", "ogłoszenie")
    return await person.submit(person.modal, {**TEXT, **typed})


async def send(hub: RunningHub, who: str, **typed: Any) -> None:
    assert (await preview(hub, who, **typed)).ok
    assert (await hub.user(who).submit(hub.user(who).modal)).ok
    await hub.settle()


def told(hub: RunningHub, *names: str) -> set[str]:
    return {name for name in names if any("Wnioski do" in text for text in hub.texts(name))}


async def test_the_preview_says_to_how_many_it_goes_and_nothing_is_sent_yet(hub: RunningHub) -> None:
    await hub.meet()
    assert (await preview(hub, "koordynatorka", **{"Do kogo": "cities"})).ok
    view = hub.user("koordynatorka").modal
    assert view is not None
    assert "Dostanie je: 3 osoby (zespoły miast: 3). Sieć: Miasto Zielone." in str(view.blocks)
    await hub.settle()
    assert await hub.rows(bulletin) == []
    assert told(hub, "zory", "zory2", "lublin") == set()


async def test_a_side_of_a_network_is_told_and_who_has_read_it_stands_in_the_receipt(hub: RunningHub) -> None:
    await hub.meet()
    await send(hub, "opiekunka", **{"Do kogo": "cities"})
    assert told(hub, "zory", "zory2", "lublin", "ekspert", "ministerstwo", "koordynatorka") == {
        "zory",
        "zory2",
        "lublin",
    }
    assert not any("Wnioski" in one.text for one in hub.channel())
    zory, guardian = hub.user("zory"), hub.user("opiekunka")
    assert zory.last().text == (
        "Nabór. Wnioski do *piątku*. https://a.example.org Ogłoszenie. Od: Opiekunka sieci (przykład). "
        "Sieć: Miasto Zielone. Prosimy potwierdzić przyciskiem „Przeczytane”."
    )
    await zory.click(zory.last(), ids.READ_BULLETIN)
    await hub.settle()
    assert "Przeczytane: poniedziałek, 10 stycznia 2022, 9:00." in zory.last().text
    assert ids.READ_BULLETIN not in str(zory.last().blocks)
    assert ids.READ_BULLETIN in str(hub.user("zory2").last().blocks)
    assert guardian.last().text == "Ogłoszenie „Nabór” jest wysłane. Przeczytane: 1 z 3."
    await guardian.click(guardian.last(), ids.SHOW_READERS)
    assert guardian.modal is not None
    shown = str(guardian.modal.blocks)
    assert "Jeszcze nie:\\nLublin: Rozwój, Lublin (przykład)\\nŻory: Zieleń, Żory (przykład)" in shown
    assert "Przeczytane:\\nŻory: Rozwój, Żory (przykład)" in shown
    assert [at is not None for (at,) in await hub.rows(bulletin_reader, bulletin_reader.c.read_at)].count(True) == 1


async def test_what_is_for_everybody_stands_in_the_channel_and_whoever_wants_it_only_there_finds_it_there(
    hub: RunningHub,
) -> None:
    await hub.meet()
    zory2 = hub.user("zory2")
    await zory2.command("/pim", "ustawienia")
    await zory2.submit(zory2.modal, {"Co przysyłać w wiadomościach": ["invitations", "reminders", "feedback"]})
    await send(hub, "koordynatorka")
    assert told(hub, "zory", "zory2", "lublin", "ekspert", "ministerstwo", "opiekunka") == {
        "zory",
        "lublin",
        "ekspert",
        "ministerstwo",
        "opiekunka",
    }
    (posted,) = [one for one in hub.channel() if "Wnioski do" in one.text]
    assert "Przeczytane: 0 z 6." in str(posted.blocks)
    await zory2.click(posted, ids.READ_BULLETIN)
    await hub.settle()
    (posted,) = [one for one in hub.channel() if "Wnioski do" in one.text]
    assert "Przeczytane: 1 z 6." in str(posted.blocks)
    assert ids.READ_BULLETIN in str(posted.blocks)


async def test_all_networks_are_told_by_a_coordinator_alone(hub: RunningHub) -> None:
    await hub.meet()
    refused = await preview(hub, "opiekunka", Sieć=GREEN, Treść=" ")
    assert refused.withheld or refused.errors_by_label
    guardian = hub.user("opiekunka")
    assert guardian.modal is not None
    assert "Wszystkie sieci" not in str(guardian.modal.blocks)
    answer = await hub.user("zory").command("/pim", "announce")
    assert answer.text == "Ogłoszenia wysyła koordynacja, a do swojej sieci opiekun/ka sieci."
    await send(hub, "koordynatorka", **{"Sieć": "all", "Do kogo": "world_bank"})
    assert told(hub, "ekspert", "zory", "opiekunka") == {"ekspert"}
