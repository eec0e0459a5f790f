"""The Home tab: what waits for a person, shown when they look and kept up to date from then on."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from pim_bot.blocks import ids
from pim_bot.blocks.limits import broken_view
from pim_bot.playground.faults import Drop
from tests.engines import Engines
from tests.hub import RunningHub, running_hub
from tests.integration.test_bad_input import schedule
from tests.integration.test_bulletins import send
from tests.integration.test_delivery_faults import later
from tests.integration.test_sessions import schedule_advice
from tests.integration.test_topics import open_topics

TITLE = "Woda opadowa w mieście"


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        yield running


async def look(hub: RunningHub, name: str) -> str:
    """Open the Home tab and read it."""
    assert [one.ok for one in await hub.slack.switchboard.open_home(f"U{name.upper()}")] == [True]
    await hub.settle()
    return shown(hub, name)


def shown(hub: RunningHub, name: str) -> str:
    """What stands on somebody's Home tab."""
    home = hub.user(name).home
    return "" if home is None else str(home.body["blocks"])


async def test_somebody_new_sees_what_will_come_there(hub: RunningHub) -> None:
    seen = await look(hub, "koordynatorka")
    assert "Nic na Państwa nie czeka." in seen
    assert "Nowe wydarzenie" in seen
    assert "Stan na poniedziałek, 10 stycznia 2022, 9:00" in seen


async def test_an_invitation_appears_by_itself_and_goes_when_it_is_answered(hub: RunningHub) -> None:
    before = await look(hub, "zory")
    await schedule(hub)
    await hub.settle()
    asked = shown(hub, "zory")
    assert (TITLE in before, TITLE in asked, "Czeka na Państwa 1 sprawa." in asked) == (False, True, True)
    zory = hub.user("zory")
    assert zory.home is not None
    assert (await zory.click(zory.home, "attend.open")).ok
    assert (await zory.submit(zory.modal, {"Odpowiedź": "Wezmę udział"})).ok
    await hub.settle()
    assert "Nic na Państwa nie czeka." in shown(hub, "zory")
    assert "Odpowiedź: Wezmę udział." in shown(hub, "zory")


async def test_whoever_coordinates_sees_what_comes_in_all_networks_and_who_looks_after_them(hub: RunningHub) -> None:
    before = await look(hub, "koordynatorka")
    assert "Miasto Zielone – opieka: " in before
    await schedule(hub)
    await hub.settle()
    seen = shown(hub, "koordynatorka")
    assert (TITLE in before, TITLE in seen) == (False, True)
    assert "PU: Miasto Zielone: części z treścią 0 z 5" in seen
    assert "Nic na Państwa nie czeka." in seen


async def test_a_session_that_is_over_waits_there_until_it_is_logged(hub: RunningHub) -> None:
    await schedule_advice(hub)
    assert "Doradztwo do zapisania" not in await look(hub, "ekspert")
    await hub.wind(days=3)
    assert "Doradztwo do zapisania: Łąki kwietne" in shown(hub, "ekspert")
    expert = hub.user("ekspert")
    assert expert.home is not None
    await expert.click(expert.home, ids.AS_PLANNED)
    await hub.settle()
    assert "Doradztwo do zapisania" not in shown(hub, "ekspert")


async def test_whoever_never_looked_has_no_home_and_costs_nothing(hub: RunningHub) -> None:
    await schedule(hub)
    await hub.settle()
    assert hub.slack.workspace.calls["views.publish"] == []


async def test_several_changes_are_one_publication_and_a_lost_one_is_made_again(hub: RunningHub) -> None:
    await look(hub, "zory")
    hub.slack.faults.next("views.publish", Drop(after_accept=True), Drop())
    await schedule(hub)
    await hub.settle()
    for _ in range(3):
        await later(hub, seconds=10)
    assert TITLE in shown(hub, "zory")


async def test_home_speaks_the_language_of_its_person_and_is_legal(hub: RunningHub) -> None:
    await schedule(hub)
    seen = await look(hub, "lublin")
    assert "1 matter is waiting for you." in seen
    home: Any = hub.user("lublin").home
    assert broken_view({"type": "home", "blocks": home.body["blocks"]}) == []


async def test_an_announcement_to_read_and_topics_to_choose_wait_there_until_they_are_done(hub: RunningHub) -> None:
    await schedule(hub)
    await look(hub, "zory")
    await open_topics(hub)
    await send(hub, "opiekunka", **{"Do kogo": "cities"})
    zory = hub.user("zory")
    seen = shown(hub, "zory")
    assert "Ogłoszenie do przeczytania: Nabór" in seen
    assert f"Tematy na: {TITLE}. Prosimy o głos Państwa miasta do: piątek, 14 stycznia 2022, 12:00." in seen
    assert zory.home is not None
    await zory.click(zory.home, ids.READ_BULLETIN)
    await zory.click(zory.home, ids.BACK_TOPICS)
    assert (await zory.submit(zory.modal, {"Nasz temat albo pytanie": "Łąki kwietne"})).ok
    await hub.settle()
    seen = shown(hub, "zory")
    assert ("Ogłoszenie do przeczytania" in seen, "Tematy na:" in seen) == (False, False)
    assert "Tematy na:" not in await look(hub, "zory2")  # the city has spoken


async def test_an_announcement_of_long_ago_is_not_asked_about_any_more(hub: RunningHub) -> None:
    await send(hub, "opiekunka", **{"Do kogo": "cities"})
    assert "Ogłoszenie do przeczytania" in await look(hub, "zory")
    await hub.wind(days=31)
    assert "Ogłoszenie do przeczytania" not in await look(hub, "zory")
