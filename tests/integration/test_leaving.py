"""The app is taken out of the workspace: not one more call, and nothing is lost."""

from collections.abc import AsyncIterator

import pytest

from tests.engines import Engines
from tests.hub import RunningHub, running_hub
from tests.integration.test_delivery_faults import assert_each_once, later, planned_workshop, states


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True) as running:
        await running.settle()
        yield running


@pytest.mark.parametrize(
    "event",
    [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT"]}}],
)
async def test_after_the_app_was_taken_out_no_call_is_made(hub: RunningHub, event: dict[str, object]) -> None:
    await planned_workshop(hub)
    await hub.slack.event(event)
    calls = len(hub.slack.workspace.calls.all)
    await later(hub, hours=12)
    await hub.wind(days=7)
    assert len(hub.slack.workspace.calls.all) == calls
    await hub.parts.delivery.begin()
    await later(hub, seconds=1)
    assert {state for state, _ in await states(hub)} <= {"sent", "dropped"}
    await assert_each_once(hub)


async def test_tokens_of_people_are_none_of_ours(hub: RunningHub) -> None:
    await hub.slack.event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
    await planned_workshop(hub)
    await hub.settle()
    assert await states(hub) == {("sent", "")}
