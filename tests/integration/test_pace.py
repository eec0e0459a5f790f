"""The chat's pace: never too fast when all is calm, everybody in turn, and a flood for one person is one message."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from itertools import pairwise

import pytest

from pim_bot.notifications.pace import POST, Allowance, Pace
from pim_bot.playground.faults import TooMany
from pim_bot.playground.model import Message
from pim_bot.storage.tables.flow import notification
from tests.engines import Engines
from tests.hub import RunningHub, running_hub
from tests.integration.test_bad_input import (
    WORKSHOP,
    Logs,
    everything_said,
    forge_click,
    open_form,
    planned,
    schedule,
    shown_count,
    watched,
)
from tests.integration.test_delivery_faults import (
    ALL,
    assert_each_once,
    keys_in_chat,
    later,
    planned_workshop,
    posted,
    reports,
    states,
)


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        running.parts.delivery.pace = Pace()
        await running.settle()
        yield running


@pytest.fixture(autouse=True)
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[Logs]:
    yield from watched(caplog)


async def plan_many(hub: RunningHub, count: int) -> None:
    """Schedule workshops; nothing of them is sent yet."""
    planner = await open_form(hub)
    for number in range(count):
        await planner.command("/pim", "wydarzenie")
        assert (await planner.submit(planner.modal, WORKSHOP | {"Tytuł": f"Warsztat {number}"})).ok


async def second_by_second(hub: RunningHub, seconds: int) -> list[int]:
    """Let seconds pass; tells how many messages stood in the chat after each."""
    counts = []
    for _ in range(seconds):
        await later(hub, seconds=1)
        counts.append(len(keys_in_chat(hub)))
    return counts


async def test_a_chat_of_slacks_limits_never_says_too_many(hub: RunningHub) -> None:
    hub.slack.faults.pace("chat.postMessage", per_second=1, burst=3)
    hub.slack.faults.pace("chat.update", per_second=1, burst=20)
    await plan_many(hub, 8)
    await second_by_second(hub, 30)
    assert len(keys_in_chat(hub)) == 8 * ALL
    assert posted(hub) == 8 * ALL, "no call was refused and made again"
    assert len(hub.channel()) == 8
    gaps = [float(later.ts) - float(earlier.ts) for earlier, later in pairwise(hub.channel())]
    assert sum(gaps) >= 8 - Pace().conversation.burst
    await assert_each_once(hub)


async def test_the_whole_workspace_has_a_pace_of_its_own(hub: RunningHub) -> None:
    hub.parts.delivery.pace = Pace(
        conversation=Allowance(per_minute=0, burst=1), posts=Allowance(per_minute=60, burst=3)
    )
    await planned_workshop(hub)
    await hub.settle()
    assert len(keys_in_chat(hub)) == 3
    assert await second_by_second(hub, 6) == [4, 5, 6, 7, 8, 8]


async def test_what_is_urgent_goes_before_what_can_wait(hub: RunningHub) -> None:
    await schedule(hub)
    ((activity_id,),) = await planned(hub, "id")
    await later(hub, minutes=5)
    hub.parts.delivery.pace = Pace(
        conversation=Allowance(per_minute=0, burst=1), posts=Allowance(per_minute=60, burst=1)
    )
    await plan_many(hub, 1)
    await hub.parts.bus.run_due()
    planner = hub.user("koordynatorka")
    await forge_click(hub, "koordynatorka", "activity.cancel", str(activity_id))
    assert (await planner.submit(planner.modal, {"Powód": "Burza"})).ok
    before = set(keys_in_chat(hub))
    await hub.settle()
    await second_by_second(hub, 30)
    kinds = {str(key): kind for key, kind in await hub.rows(notification, notification.c.key, notification.c.kind)}
    order = [kinds[str((message.metadata or {})["event_payload"]["key"])] for message in said_in_order(hub)]
    new = order[len(before) :]
    assert new.index("cancelled") < new.index("invitation")


def said_in_order(hub: RunningHub) -> list[Message]:
    return sorted(everything_said(hub), key=lambda message: float(message.ts))


async def test_after_too_many_nobody_calls_that_method_until_the_chat_allows_it(hub: RunningHub) -> None:
    await planned_workshop(hub)
    hub.slack.faults.next("chat.postMessage", TooMany(retry_after=30))
    hub.parts.delivery.batch = 1
    await hub.settle()
    assert posted(hub) == 1
    await second_by_second(hub, 28)
    assert posted(hub) == 1
    await second_by_second(hub, 10)
    assert (posted(hub), await states(hub)) == (1 + ALL, {("sent", "")})
    assert {row[0] for row in await hub.rows(notification, notification.c.attempts)} == {0}


async def test_changes_go_on_while_posts_must_wait(hub: RunningHub) -> None:
    activity_id = await schedule(hub)
    async with hub.parts.storage.work() as work:
        await work.buckets.close(POST, timedelta(seconds=60))
    await forge_click(hub, "ekspert", "attend.going", activity_id)
    await planned_workshop(hub, "Drugi")
    before = posted(hub)
    await later(hub, seconds=50)
    assert (await shown_count(hub, activity_id)).going == 1
    assert posted(hub) == before
    await second_by_second(hub, 20)
    assert posted(hub) == before + ALL


async def test_many_changes_of_one_message_are_one(hub: RunningHub) -> None:
    activity_id = await schedule(hub)
    await later(hub, minutes=5)
    updates = len(hub.slack.workspace.calls["chat.update"])
    for answer in ("going", "unsure", "not-going") * 4:
        await forge_click(hub, "zory", f"attend.{answer}", activity_id)
        await hub.parts.bus.run_due()
    await later(hub, minutes=5)
    changed = len(hub.slack.workspace.calls["chat.update"]) - updates
    shown = len(
        [
            row
            for row in await hub.rows(notification, notification.c.state, notification.c.operation)
            if row == ("sent", "post")
        ]
    )
    assert changed <= shown


async def test_a_flood_for_one_person_is_one_message_that_can_be_answered(hub: RunningHub) -> None:
    hub.parts.delivery.pace, hub.parts.delivery.flood = Pace(conversation=Allowance(per_minute=0, burst=1)), 5
    before = len(hub.user("zory").messages())
    await plan_many(hub, 7)
    await second_by_second(hub, 30)
    zory = hub.user("zory")
    (bundle,) = zory.messages()[before:]
    assert all(f"Warsztat {number}" in bundle.text for number in range(7))
    found = await hub.rows(notification, notification.c.kind, notification.c.state, notification.c.recipient_id)
    folded = [row for row in found if row[1] == "folded"]
    assert {row[0] for row in folded} <= {"invitation", "planned"}
    assert len(hub.channel()) == 7, "a channel is not a person"
    assert {row[1] for row in found} == {"folded", "sent"}
    assert (await zory.click(bundle, "attend.going")).ok
    await later(hub, minutes=2)
    (bundle,) = zory.messages()[before:]
    assert bundle.text.count("Odpowiedź: Wezmę udział.") == 1


async def test_one_bad_recipient_never_stops_the_others(hub: RunningHub) -> None:
    hub.slack.workspace.deactivate("UZORY")
    hub.slack.workspace.archive("CZIELONE")
    await plan_many(hub, 3)
    await second_by_second(hub, 30)
    found = await hub.rows(notification, notification.c.state, notification.c.error)
    assert set(found) == {("sent", ""), ("failed", "unknown-person"), ("failed", "archived")}
    assert len(reports(hub)) == 2
