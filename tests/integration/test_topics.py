"""``/pim temat``: the guardian opens the collecting, cities propose and back, the agenda comes of it."""

from copy import deepcopy
from datetime import UTC, datetime

from pim_bot.blocks import ids
from pim_bot.storage.tables.activities import activity as activity_table
from pim_bot.storage.tables.topics import topic
from tests.hub import RunningHub
from tests.integration.test_walk import schedule

UNTIL = int(datetime(2022, 1, 14, 11, 0, tzinfo=UTC).timestamp())


async def open_topics(hub: RunningHub, who: str = "opiekunka") -> None:
    listed = await hub.user(who).command("/pim", "temat")
    assert listed.message is not None
    await hub.user(who).click(listed.message, ids.OPEN_TOPICS)
    saved = await hub.user(who).submit(hub.user(who).modal, {"Zbieramy do": UNTIL})
    assert (saved.errors_by_label, saved.withheld) == ({}, {})
    await hub.settle()


async def test_cities_choose_the_topics_and_they_become_the_agenda(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    await open_topics(hub)
    asked = hub.texts("zory")[-1]
    assert asked.startswith("Tematy na: Woda opadowa w mieście, czwartek, 20 stycznia")
    assert "Prosimy zgłaszać i popierać tematy do: piątek, 14 stycznia 2022, 12:00." in asked
    assert not any(text.startswith("Tematy na:") for text in hub.texts("zory2") + hub.texts("ekspert"))
    zory, lublin, guardian = hub.user("zory"), hub.user("lublin"), hub.user("opiekunka")
    # The official of Lublin finds the question in the channel, in which everybody sees the same.
    posted = next(one for one in hub.channel() if one.text.startswith("Tematy na:"))
    await zory.click(zory.last(), ids.BACK_TOPICS)
    await zory.submit(zory.modal, {"Nasz temat albo pytanie": "Łąki kwietne"})
    await zory.command("/pim", "temat Kto płaci za wodę?")
    await zory.submit(zory.modal, {"Co zgłaszamy": "question"})
    await lublin.click(posted, ids.BACK_TOPICS)
    await lublin.submit(lublin.modal, {"We back": ["1"], "Our topic or question": "Trawniki"})
    await hub.settle()
    posted = next(one for one in hub.channel() if one.text.startswith("Tematy na:"))
    assert posted.text.splitlines()[1:] == [
        "1. Łąki kwietne. Zgłoszenie: Żory. Poparcie: Lublin. (2 głosy)",
        "2. Pytanie: Kto płaci za wodę? Zgłoszenie: Żory. (1 głos)",
        "3. Trawniki. Zgłoszenie: Lublin. (1 głos)",
    ]
    listed = await guardian.command("/pim", "temat")
    assert listed.message is not None
    await guardian.click(listed.message, ids.MERGE_TOPICS)
    await guardian.submit(
        guardian.modal, {"Tematy do połączenia": ["1", "3"], "Wspólna treść": "Łąki zamiast trawników"}
    )
    listed = await guardian.command("/pim", "temat")
    assert listed.message is not None
    await guardian.click(listed.message, ids.SETTLE_TOPICS)
    saved = await guardian.submit(guardian.modal)
    assert (saved.errors_by_label, saved.withheld) == ({}, {})
    await hub.settle()
    agenda = "Tematy miast:\n1. Łąki zamiast trawników (Lublin, Żory; 2 głosy)\n2. Kto płaci za wodę? (Żory; 1 głos)"
    assert (agenda,) in await hub.rows(activity_table, activity_table.c.agenda)
    announcement = next(one for one in hub.channel() if one.text.startswith("Woda opadowa"))
    assert "Łąki zamiast trawników (Lublin, Żory; 2 głosy)" in str(announcement.blocks)
    posted = next(one for one in hub.channel() if one.text.startswith("Tematy na:"))
    assert "Tematy są już w programie wydarzenia." in posted.text
    assert ids.BACK_TOPICS not in str(posted.blocks)


async def test_the_end_takes_the_button_off_and_asks_the_guardian(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    await open_topics(hub)
    zory = hub.user("zory")
    await zory.command("/pim", "temat Łąki kwietne")
    await zory.submit(zory.modal)
    await hub.settle()
    message = deepcopy(next(one for one in zory.messages() if one.text.startswith("Tematy na:")))
    await hub.wind(days=5)
    told = [text for text in hub.texts("opiekunka") if text.startswith("Tematy na:")]
    assert told[-1].endswith("Prosimy połączyć podobne tematy i ułożyć z nich program.")
    assert "Zbieranie tematów zakończyło się: piątek, 14 stycznia 2022, 12:00." in told[-1]
    now = next(one for one in zory.messages() if one.ts == message.ts)
    assert ids.BACK_TOPICS not in str(now.blocks)
    await zory.click(message, ids.BACK_TOPICS)  # an old copy of the button
    await hub.settle()
    assert hub.texts("zory")[-1].startswith("Zbieranie tematów na to wydarzenie już się zakończyło.")
    assert await hub.rows(topic, topic.c.text, topic.c.cities) == [("Łąki kwietne", ["zory"])]


async def test_a_cancelled_activity_collects_nothing_any_more(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    await open_topics(hub)
    planner = hub.user("koordynatorka")
    listed = await planner.command("/pim", "terminy")
    assert listed.message is not None
    await planner.click(listed.message, ids.CANCEL)
    await planner.submit(planner.modal, {"Powód": "Choroba"})
    await hub.settle()
    posted = next(one for one in hub.channel() if one.text.startswith("Tematy na:"))
    assert "To wydarzenie jest odwołane" in posted.text
    assert ids.BACK_TOPICS not in str(posted.blocks)
    before = hub.texts("opiekunka")
    await hub.wind(days=6)
    assert not any(text.startswith("Tematy na:") for text in hub.texts("opiekunka")[len(before) :])


async def test_an_expert_is_told_that_cities_speak(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    await open_topics(hub)
    posted = next(one for one in hub.channel() if one.text.startswith("Tematy na:"))
    await hub.user("ekspert").click(posted, ids.BACK_TOPICS)
    await hub.settle()
    assert hub.texts("ekspert")[-1] == "Tematy zgłaszają i popierają zespoły miast z sieci tego wydarzenia."
