"""P26, health tells the truth: each fault turns ``/readyz`` red or is named there, and nothing else does."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request
from sqlalchemy import event, insert, text, update

from pim_bot.bootstrap import CLOCK, put_together, running
from pim_bot.clients.queue import Queue
from pim_bot.clock import machine_clock
from pim_bot.errors import StorageAway
from pim_bot.notifications.intent import State
from pim_bot.playground.faults import Refuse
from pim_bot.playground.server import LocalSlack
from pim_bot.process import this_process
from pim_bot.storage.tables.flow import event_reaction, notification, pause
from pim_bot.vitals import MANY, MEGABYTE
from pim_bot.web.health import HealthPages
from tests.endtoend.many import until_ready
from tests.endtoend.running import until
from tests.engines import Engines, SQLiteEngines
from tests.hub import USERS, RunningHub, StillClock, make_workspace, running_hub, settings_for
from tests.integration.test_walk import WORKSHOP
from tests.services import PostgresServer, free_port, fresh_database


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        await running.settle()
        # However slow the machine is, the database answers.
        health = replace(running.parts.hub.health, patience=timedelta(seconds=30))
        running.parts.hub = replace(running.parts.hub, health=health)
        yield running


def pages(hub: RunningHub) -> HealthPages:
    return hub.parts.hub.health


async def page(hub: RunningHub, query: str = "") -> tuple[int, dict[str, Any]]:
    """What ``/readyz`` answers."""
    response = await pages(hub).ready(make_mocked_request("GET", f"/readyz{query}"))
    assert isinstance(response.body, bytes)
    return response.status, json.loads(response.body)


async def said(hub: RunningHub) -> tuple[int, dict[str, str], dict[str, str]]:
    """The status, what is wrong, and what needs attention."""
    status, told = await page(hub)
    assert told["ok"] is (status == 200)
    strict, told_strictly = await page(hub, "?strict")
    assert strict == (503 if told["wrong"] or told["attention"] else 200)
    assert set(told_strictly["attention"]) == set(told["attention"])
    return status, told["wrong"], told["attention"]


WELL: tuple[int, dict[str, str], dict[str, str]] = (200, {}, {})


async def schedule(hub: RunningHub) -> None:
    """Something of which many are to hear."""
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "wydarzenie")
    outcome = await planner.submit(planner.modal, WORKSHOP)
    assert outcome.errors == {}


async def test_a_hub_that_is_well_says_so_and_who_leads_it(hub: RunningHub) -> None:
    me = this_process(())
    until = hub.machine() + timedelta(seconds=15)
    assert await page(hub) == (
        200,
        {
            "ok": True,
            "wrong": {},
            "attention": {},
            "clock": {"leader": me.name, "until": until.isoformat(timespec="seconds")},
            "processes": [],
        },
    )


# The database.


async def test_messages_that_wait_too_long_are_wrong_whoever_keeps_them(hub: RunningHub) -> None:
    await schedule(hub)  # the event is there, and no worker hears of it
    hub.machine.advance(minutes=14)
    assert (await said(hub))[1] == {}
    hub.machine.advance(minutes=2)
    status, wrong, _ = await said(hub)
    assert (status, wrong) == (503, {"backlog": "the oldest message has waited 16 minutes"})
    await hub.parts.bus.run_due()  # now the reactions have heard, and the messages wait
    status, wrong, _ = await said(hub)
    assert (status, wrong) == (503, {"backlog": "the oldest message has waited 16 minutes"})
    await hub.settle()
    assert (await said(hub))[:2] == (200, {})


async def test_messages_that_slack_does_not_take_are_a_backlog_too(hub: RunningHub) -> None:
    hub.slack.faults.always("chat.postMessage", Refuse("token_revoked"))
    await schedule(hub)
    await hub.settle()
    hub.machine.advance(minutes=16)
    await hub.settle()
    status, wrong, _ = await said(hub)
    assert status == 503
    assert "backlog" in wrong


async def test_winding_is_not_waiting(hub: RunningHub) -> None:
    await schedule(hub)
    await hub.parts.bus.run_due()
    hub.parts.clock.set_to(hub.parts.clock() + timedelta(days=8))
    assert (await said(hub))[1] == {}
    hub.machine.advance(minutes=16)
    assert set((await said(hub))[1]) == {"backlog", "missed-runs"}


async def test_a_message_that_reaches_nobody_is_named_and_takes_no_web_out_of_service(hub: RunningHub) -> None:
    hub.slack.workspace.conversations["CZIELONE"].archived = True
    await schedule(hub)
    await hub.settle()
    status, wrong, attention = await said(hub)
    assert (status, wrong) == (200, {})
    assert attention == {
        "dead-letters": "messages of the last 7 days that reached nobody: announcement 1; see `pim-bot deliveries`"
    }
    await hub.wind(days=8)
    assert "dead-letters" not in (await said(hub))[2]


async def test_many_who_are_not_reached_within_an_hour_are_wrong(hub: RunningHub) -> None:
    hub.slack.faults.always("chat.postMessage", Refuse("restricted_action"))
    await schedule(hub)
    await hub.settle()
    failed = await hub.rows(notification, notification.c.recipient_id, notification.c.state)
    recipients = {recipient for recipient, state in failed if state == State.FAILED}
    assert len(recipients) >= MANY
    status, wrong, attention = await said(hub)
    assert (status, list(wrong), attention) == (503, ["dead-letters"], {})
    assert wrong["dead-letters"].startswith(f"{len(recipients)} recipients within an hour; messages of the last 7 days")
    hub.machine.advance(minutes=61)  # nobody new: somebody still has to look, the hub does its work
    status, wrong, attention = await said(hub)
    assert "dead-letters" not in wrong
    assert "dead-letters" in attention


async def test_a_parked_reaction_is_named_and_what_it_holds_up_is_no_backlog(hub: RunningHub) -> None:
    await schedule(hub)
    async with hub.parts.storage.engine.begin() as connection:
        await connection.execute(update(event_reaction).where(event_reaction.c.state == "due").values(state="parked"))
    hub.machine.advance(minutes=20)
    status, wrong, attention = await said(hub)
    assert (status, wrong) == (200, {})
    assert attention["reactions"].endswith("parked: see `pim-bot parked`")


async def test_a_pause_that_stands_is_wrong(hub: RunningHub) -> None:
    since = hub.machine()
    async with hub.parts.storage.engine.begin() as connection:
        await connection.execute(insert(pause).values(why="restored", since=since))
    status, wrong, _ = await said(hub)
    assert (status, wrong) == (503, {"pause": f"nothing is sent since {since.isoformat(timespec='seconds')}: restored"})


async def test_that_no_clock_leads_needs_attention(hub: RunningHub) -> None:
    until = hub.machine() + timedelta(seconds=15)
    hub.machine.advance(seconds=16)
    attention = {"clock": f"no clock leads since {until.isoformat(timespec='seconds')}: start `pim-bot clock`"}
    assert await said(hub) == (200, {}, attention)


async def test_that_nobody_gets_the_digest_needs_attention(hub: RunningHub) -> None:
    async with hub.parts.storage.engine.begin() as connection:
        await connection.execute(text("UPDATE due_item SET state = 'dropped' WHERE kind = 'digest'"))
    attention = {"digest": "nobody gets the weekly digest: the programme names no coordinator and no guardian"}
    assert await said(hub) == (200, {}, attention)


async def test_a_database_that_does_not_answer_is_wrong_and_the_process_is_still_judged(
    hub: RunningHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away() -> Any:
        raise StorageAway("the database does not answer")

    hub.parts.hub = replace(hub.parts.hub, health=replace(pages(hub), vitals=away))
    hub.parts.senses.skew.ahead = timedelta(seconds=90)
    status, told = await page(hub)
    assert (status, set(told["wrong"])) == (503, {"database", "clock-skew"})
    assert "clock" not in told


# The process.


async def test_a_clock_that_is_not_the_databases_is_wrong(postgres: PostgresServer, tmp_path: Path) -> None:
    """Leases go by PostgreSQL's own clock, which is the machine's here; this process believes it is 61 s later."""
    async with fresh_database(postgres) as address, LocalSlack(make_workspace()) as slack:
        settings = settings_for(tmp_path, slack.api_url, database_url=address)
        async with put_together(settings) as parts:
            await parts.migrate()
            health = parts.hub.health
            assert "clock-skew" not in (await health.examine())[0].wrong
            ahead = replace(health, machine_clock=lambda: machine_clock() + timedelta(seconds=61.5))
            wrong = (await ahead.examine())[0].wrong
    assert wrong["clock-skew"].endswith("s ahead of the database's: set it by NTP")


async def test_a_broker_that_is_away_needs_attention(hub: RunningHub) -> None:
    queue = Queue(f"redis://127.0.0.1:{free_port()}/", {}, machine_clock=hub.machine)
    hub.parts.senses.queue = queue
    queue.look()
    await until(lambda: queue.away_since is not None, seconds=20, what="the broker is found to be away")
    since = hub.machine().isoformat(timespec="seconds")
    assert await said(hub) == (
        200,
        {},
        {"broker": f"away since {since}; messages come up to a polling period later"},
    )
    await queue.stop()


@pytest.mark.parametrize(
    ("ahead", "wrong"),
    [
        (59, {}),
        (62, {"clock-skew": "this machine's clock is 62 s ahead of Slack's: set it by NTP"}),
        (-62, {"clock-skew": "this machine's clock is 62 s behind Slack's: set it by NTP"}),
    ],
)
async def test_a_clock_that_is_not_slacks_is_wrong_at_the_next_answer(
    hub: RunningHub, ahead: int, wrong: dict[str, str]
) -> None:
    hub.slack.workspace.machine_clock = StillClock(hub.machine() - timedelta(seconds=ahead))
    await hub.parts.chat.ask_time()
    assert await said(hub) == (503 if wrong else 200, wrong, {})
    hub.slack.workspace.machine_clock = hub.machine
    await hub.parts.chat.ask_time()
    assert await said(hub) == WELL


async def test_a_signed_request_shows_that_our_clock_is_behind_and_never_that_it_is_ahead(hub: RunningHub) -> None:
    hub.slack.workspace.machine_clock = StillClock(hub.machine() + timedelta(seconds=62))
    await hub.user("zory").command("/pim", "pomoc")
    assert set((await said(hub))[1]) == {"clock-skew"}
    hub.slack.workspace.machine_clock = hub.machine
    await hub.parts.chat.ask_time()
    hub.machine.advance(seconds=200)  # a request of then is delivered again now
    assert (await hub.slack.deliver(hub.slack.last_request)).status == 200
    assert "clock-skew" not in (await said(hub))[1]


async def test_a_disk_without_room_is_wrong_and_one_with_little_needs_attention(hub: RunningHub) -> None:
    free = shutil.disk_usage(hub.parts.settings.data_dir).free
    limits = pages(hub).limits
    hub.parts.hub = replace(hub.parts.hub, health=replace(pages(hub), limits=replace(limits, least_disk=free // 3)))
    status, wrong, attention = await said(hub)
    assert (status, wrong, list(attention)) == (200, {}, ["disk"])
    hub.parts.hub = replace(
        hub.parts.hub, health=replace(pages(hub), limits=replace(limits, least_disk=free + 500 * MEGABYTE))
    )
    status, wrong, attention = await said(hub)
    assert (status, list(wrong), attention) == (503, ["disk"], {})
    assert wrong["disk"].startswith(f"{hub.parts.settings.data_dir}: ")
    assert wrong["disk"].endswith(" MB free")


async def test_a_process_that_can_write_nothing_says_so(hub: RunningHub) -> None:
    presence = hub.parts.presence
    await presence.enter()
    hub.machine.advance(seconds=14)
    assert "heartbeat" not in (await said(hub))[1]
    hub.machine.advance(seconds=2)
    status, wrong, _ = await said(hub)
    assert (status, wrong) == (
        503,
        {"heartbeat": "this process could write nothing for 16 s: is the disk full, the database held?"},
    )
    await presence.beat()
    assert (await said(hub))[1] == {}


async def test_a_full_database_file_stops_the_heart_and_is_told(sqlite: SQLiteEngines) -> None:
    """SQLite is given no page more, as when the disk is full: the driver says SQLITE_FULL."""
    async with running_hub(sqlite, looked_up=True) as hub:
        await hub.settle()
        presence = hub.parts.presence
        await presence.enter()
        engine = hub.parts.storage.engine

        @event.listens_for(engine.sync_engine, "connect")
        def _no_more_room(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA max_page_count = 1")

        await engine.dispose()
        with pytest.raises(StorageAway, match="SQLITE_FULL"):
            await _fill(hub)
        hub.machine.advance(seconds=20)
        status, wrong, _ = await said(hub)
        assert (status, list(wrong)) == (503, ["heartbeat"])


async def _fill(hub: RunningHub) -> None:
    async with hub.parts.storage.work() as work:
        for number in range(2000):
            await work.requests.is_new(f"filling/{number}/{'x' * 300}", at=hub.machine())


def test_the_people_of_this_hub_are_enough_for_a_flood() -> None:
    assert len(USERS) >= MANY


async def test_a_clock_tells_its_health_on_a_port_of_its_own(
    sqlite: SQLiteEngines, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, port = asyncio.Event(), free_port()
    monkeypatch.setattr(running, "stop_signal", lambda: stop)
    settings = settings_for(sqlite.folder, "http://127.0.0.1:9/api/", health_port=port)
    process = asyncio.create_task(running.run(settings, frozenset({CLOCK})))
    address = f"http://127.0.0.1:{port}"
    try:
        told = await until_ready(address)
        assert [one["roles"] for one in told["processes"]] == [["clock"]]
        async with aiohttp.ClientSession() as session, session.get(f"{address}/slack/events") as answer:
            assert answer.status == 404
    finally:
        stop.set()
        await process
