"""Socket Mode: the same requests, over a socket that the hub opens itself; no public address is needed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from pim_bot.bootstrap import put_together, running, serving
from pim_bot.clients.socket_mode import SocketMode
from pim_bot.clock import machine_clock
from pim_bot.errors import NobodyHeard
from pim_bot.playground.driver import Person
from pim_bot.playground.outcome import Outcome
from pim_bot.playground.server import LocalSlack
from pim_bot.storage.engine import make_engine, upgrade
from pim_bot.storage.tables.activities import activity
from tests.endtoend.running import until
from tests.engines import Engines, SQLiteEngines
from tests.hub import (
    MONDAY_NINE,
    PEOPLE,
    SECRET,
    RunningHub,
    StillClock,
    import_text,
    make_workspace,
    running_hub,
    settings_for,
    shipped,
)
from tests.integration.test_walk import LINE, WORKSHOP

APP_TOKEN = make_workspace().app_token


async def _make_tables(address: str) -> None:
    engine = make_engine(address)
    await upgrade(engine)
    await engine.dispose()


async def test_an_activity_is_scheduled_and_answered_over_socket_mode(engines: Engines) -> None:
    machine = StillClock(MONDAY_NINE)
    workspace = make_workspace(machine)
    async with LocalSlack(workspace, signing_secret=SECRET) as slack:
        await engines.start_from("empty", _make_tables)
        settings = settings_for(
            engines.folder,
            slack.api_url,
            database_url=engines.database_url,
            SLACK_SIGNING_SECRET="",
            SLACK_APP_TOKEN=workspace.app_token,
        )
        async with put_together(settings, machine=machine) as parts:
            await parts.migrate()
            parts.clock.set_to(MONDAY_NINE)
            await import_text(parts, shipped("pim2-2021-2023.yaml"))
            await import_text(parts, PEOPLE.encode())
            async with serving(parts):
                hub = RunningHub(parts=parts, slack=slack, machine=machine)
                await hub.settle()
                planner = hub.user("koordynatorka")
                assert (await planner.command("/pim", "pomoc")).ok
                await planner.command("/pim", "wydarzenie")
                refused = await planner.submit(planner.modal, WORKSHOP | {"Koniec, godzina": "09:00"})
                assert list(refused.errors_by_label) == ["Koniec, godzina"]
                assert (await planner.submit(planner.modal, WORKSHOP | {"Koniec, godzina": "15:00"})).errors == {}
                await hub.settle()
                assert [message.text for message in hub.channel()] == [LINE]
                assert (await hub.user("zory").click(hub.channel()[0], "attend.going")).ok
                await hub.settle()
                assert "Odpowiedź: Wezmę udział." in hub.texts("zory")[0]


@asynccontextmanager
async def connected(engines: Engines) -> AsyncIterator[RunningHub]:
    """A hub that hears Slack over Socket Mode alone, with people who are known."""
    async with running_hub(engines, looked_up=True, SLACK_SIGNING_SECRET="", SLACK_APP_TOKEN=APP_TOKEN) as hub:
        hub.slack.app_url = None
        await hub.settle()
        yield hub


async def ready(hub: RunningHub) -> tuple[dict[str, str], dict[str, str]]:
    """What is wrong, and what needs attention."""
    verdict, _ = await hub.parts.hub.health.examine()
    return verdict.wrong, verdict.attention


def sockets(hub: RunningHub) -> SocketMode:
    assert hub.parts.senses.sockets is not None
    return hub.parts.senses.sockets


async def both_open(hub: RunningHub) -> None:
    await until(
        lambda: [one.is_open for one in sockets(hub).links()] == [True, True], seconds=20, what="both connections open"
    )


async def test_refreshes_under_load_lose_nothing_and_do_nothing_twice(engines: Engines) -> None:
    """P24 for sockets: each connection in turn is refreshed every 150 ms while people schedule and answer."""
    async with connected(engines) as hub:
        await both_open(hub)
        line = hub.slack.switchboard.sockets
        line.answer_within = 0.7
        refreshing = asyncio.create_task(_refresh(hub))
        planner = hub.user("koordynatorka")
        titles = [f"Warsztaty {number}" for number in range(12)]
        for title in titles:
            await _again_until_it_goes(partial(planner.command, "/pim", "wydarzenie"))
            # A person whose form brought no answer sends it again.
            await _again_until_it_goes(partial(_send, planner, WORKSHOP | {"Tytuł": title}))
            await hub.settle()
        refreshing.cancel()
        assert line.opened > 4
        await hub.settle()
        announced = [message.text.partition(":")[0] for message in hub.channel()]
        assert sorted(announced) == sorted(titles)
        scheduled = [title for (title,) in await hub.rows(activity, activity.c.title)]
        assert sorted(title for title in scheduled if title in titles) == sorted(titles)
        await both_open(hub)
        assert await ready(hub) == ({}, {})


async def _send(planner: Person, typed: Mapping[str, Any]) -> Outcome:
    """Send the step of the form that is before the person."""
    return await planner.submit(planner.modal, typed)


async def _refresh(hub: RunningHub) -> None:
    while True:
        await asyncio.sleep(0.15)
        await hub.slack.switchboard.sockets.refresh(oldest=True)


async def _again_until_it_goes(act: Callable[[], Awaitable[Any]]) -> None:
    for _ in range(5):
        with suppress(LookupError):  # a suggestion that brought no answer leaves nothing to choose
            if (await act()).ok:
                return
    raise AssertionError("nothing came through")


async def test_a_deaf_connection_needs_attention_and_two_are_wrong_until_slack_is_heard(engines: Engines) -> None:
    async with connected(engines) as hub:
        await both_open(hub)
        line = hub.slack.switchboard.sockets
        sockets(hub).ping_every = timedelta(seconds=0.05)
        line.is_mute = True
        line.mute()
        await asyncio.sleep(0.1)  # what was on its way has come in
        hub.machine.advance(seconds=19)
        assert "sockets" not in (await ready(hub))[0]
        hub.machine.advance(seconds=2)
        assert (await ready(hub))[0] == {
            "sockets": "no Socket Mode connection is heard, the last one 21 s ago: Slack's requests do not come in"
        }
        line.is_mute = False  # whoever connects anew is heard
        sockets(hub).look()
        await both_open(hub)
        await until(lambda: line.open_count == 2, seconds=20, what="the deaf ones are closed")
        for link in sockets(hub).links():
            assert link.heard_at == hub.machine()
        assert "sockets" not in (await ready(hub))[0]
        assert (await hub.user("zory").command("/pim", "pomoc")).ok


async def test_one_connection_that_is_not_open_needs_attention(engines: Engines) -> None:
    async with connected(engines) as hub:
        await both_open(hub)
        hub.slack.workspace.refuses_token = "internal_error"
        await hub.slack.switchboard.sockets.refresh(oldest=True)
        await until(lambda: not all(one.is_open for one in sockets(hub).links()), seconds=20, what="one is closed")
        assert await ready(hub) == ({}, {"sockets": "1 of 2 Socket Mode connections not heard"})


async def test_a_process_that_hears_nothing_for_long_ends_and_says_why(
    sqlite: SQLiteEngines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The supervisor starts another; its exit code is 1 and the last line says why."""
    monkeypatch.setattr(running, "stop_signal", asyncio.Event)
    workspace = make_workspace(StillClock(machine_clock()))
    async with LocalSlack(workspace, signing_secret=SECRET) as slack:
        slack.switchboard.sockets.is_mute = True
        settings = settings_for(
            sqlite.folder,
            slack.api_url,
            SLACK_APP_TOKEN=workspace.app_token,
            deaf_seconds=0.2,
            deaf_end_seconds=1.0,
        )
        with pytest.raises(NobodyHeard, match=r"not heard on any connection .* starts it anew"):
            await running.run(settings)
