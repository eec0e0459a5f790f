"""``/metrics``: Prometheus reads it, only with the token, and it tells numbers that are so, of nobody in particular."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from pim_bot.playground.faults import Refuse
from tests.engines import Engines, SQLiteEngines
from tests.hub import USERS, RunningHub, running_hub
from tests.integration.test_health import schedule

prometheus_client = pytest.importorskip("prometheus_client", reason="prometheus-client is not installed")
from prometheus_client.parser import text_string_to_metric_families  # noqa: E402 - after it is known to be there

TOKEN = "token-of-the-tests"
Sample = tuple[str, frozenset[tuple[str, str]]]


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines, looked_up=True, metrics_token=TOKEN) as running:
        await running.settle()
        yield running


async def fetch(hub: RunningHub, path: str = "/metrics", token: str = TOKEN) -> tuple[int, str]:
    address = str(hub.slack.app_url).replace("/slack/events", path)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as response:
        return response.status, await response.text()


async def scraped(hub: RunningHub) -> dict[Sample, float]:
    """Everything that Prometheus would take, by name and labels."""
    status, text = await fetch(hub)
    assert status == 200
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    values = {(one.name, frozenset(one.labels.items())): one.value for one in samples}
    assert len(values) == len(samples)  # nothing is told twice
    return values


def of(name: str, **labels: str) -> Sample:
    return name, frozenset(labels.items())


async def test_without_the_token_nothing_is_told(hub: RunningHub) -> None:
    answers = [await fetch(hub, token=token) for token in ("", "wrong", f"{TOKEN}x", "ż")]
    assert answers == [(401, "unauthorized")] * 4


async def test_where_no_token_is_set_there_is_no_such_page(sqlite: SQLiteEngines) -> None:
    async with running_hub(sqlite) as hub:
        assert (await fetch(hub))[0] == 404


async def test_a_hub_that_is_well(hub: RunningHub) -> None:
    values = await scraped(hub)
    told = {sample: value for sample, value in values.items() if sample[0].startswith("pim_")}
    expected = {
        of("pim_ready"): 1.0,
        of("pim_database_up"): 1.0,
        of("pim_clock_leads"): 1.0,
        of("pim_oldest_waiting_seconds"): 0.0,
        of("pim_missed_runs"): 0.0,
        of("pim_pauses"): 0.0,
        of("pim_broker_away_seconds"): 0.0,
        of("pim_reactions", state="due"): 0.0,
        of("pim_reactions", state="parked"): 0.0,
        **{of("pim_processes", role=role): 0.0 for role in ("web", "worker", "clock")},
        **{
            of("pim_messages", state=state): 0.0
            for state in ("planned", "sending", "doubtful", "failed", "needs-human")
        },
    }
    assert {sample: told.get(sample) for sample in expected} == expected
    assert told[of("pim_disk_free_bytes")] > 0
    assert not [name for name, _ in told if name in ("pim_wrong", "pim_attention")]


async def test_what_happens_is_counted(hub: RunningHub) -> None:
    before = await scraped(hub)
    await schedule(hub)
    hub.slack.workspace.user("ULUBLIN").deleted = True
    waiting = await scraped(hub)
    assert waiting[of("pim_reactions", state="due")] > 0
    await hub.settle()
    after = await scraped(hub)
    requests = of("pim_requests_total", route="/slack/events", status="200")
    assert after[requests] - before.get(requests, 0) >= 2
    assert after[of("pim_request_seconds_count", route="/slack/events")] == after[requests]
    assert after[of("pim_deliveries_total", kind="announcement", outcome="sent")] == 1
    assert after[of("pim_deliveries_total", kind="invitation", outcome="failed")] == 1
    assert after[of("pim_messages", state="failed")] == 1
    assert after[of("pim_attention", what="dead-letters")] == 1
    assert after[of("pim_clock_skew_seconds", of="slack")] == pytest.approx(0, abs=1)


async def test_what_waits_is_told_with_its_age(hub: RunningHub) -> None:
    hub.slack.faults.always("chat.postMessage", Refuse("token_revoked"))
    await schedule(hub)
    await hub.settle()
    hub.machine.advance(minutes=20)
    values = await scraped(hub)
    assert values[of("pim_oldest_waiting_seconds")] == timedelta(minutes=20).total_seconds()
    assert (values[of("pim_ready")], values[of("pim_wrong", what="backlog")]) == (0, 1)


async def test_a_page_that_is_not_there_makes_no_label_of_its_own(hub: RunningHub) -> None:
    for path in ("/jan.kowalski@example.org", "/ical/siec/token-123.ics"):
        await fetch(hub, path)
    values = await scraped(hub)
    routes = {dict(labels).get("route") for name, labels in values if name == "pim_requests_total"}
    assert routes == {"-", "/ical/siec/{slug}.ics"}


async def test_nobody_is_named_and_no_id_is_told(hub: RunningHub) -> None:
    await hub.meet()
    await schedule(hub)
    await hub.settle()
    _, text = await fetch(hub)
    assert not [word for word in (*USERS.values(), *(f"U{name.upper()}" for name in USERS), "przykład") if word in text]
    assert re.findall(r"[0-9a-f]{32}", text) == []


async def test_an_envelope_of_a_new_type_makes_no_new_label(hub: RunningHub) -> None:
    noted = hub.parts.senses.noted
    for kind in ("events_api", "something-new", "something-else"):
        noted(kind, 0.1, True)
    values = await scraped(hub)
    kinds = {dict(labels)["type"]: value for (name, labels), value in values.items() if name == "pim_envelopes_total"}
    assert kinds == {"events_api": 1, "other": 2}
