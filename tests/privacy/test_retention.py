"""Retention runs by itself: what is older than its period goes, what is not stays, on either engine."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from pim_bot.errors import SettingsError
from pim_bot.programme.privacy import hold_on
from pim_bot.settings import read_settings
from pim_bot.storage.retention import KINDS
from pim_bot.storage.tables.flow import (
    audit,
    audit_seal,
    event_log,
    event_reaction,
    handled_request,
    notification,
    parked_request,
)
from pim_bot.storage.tables.people import identity, recipient
from pim_bot.storage.tables.privacy import held, one_time_token, retention_run
from tests.engines import Engines
from tests.hub import MONDAY_NINE, RunningHub, running_hub

A_DAY = timedelta(days=1)


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines) as running:
        yield running


async def runs(hub: RunningHub) -> dict[str, tuple[datetime, int]]:
    rows = await hub.rows(retention_run, retention_run.c.category, retention_run.c.ran_at, retention_run.c.deleted)
    return {category: (at, deleted) for category, at, deleted in rows}


def test_every_category_has_a_period_and_every_period_a_category() -> None:
    assert set(read_settings().retention) == set(KINDS)


async def test_it_runs_once_a_day_and_says_so(hub: RunningHub) -> None:
    await hub.settle()
    assert {category: at for category, (at, _) in (await runs(hub)).items()} == dict.fromkeys(KINDS, MONDAY_NINE)
    await hub.wind(hours=23)
    assert {at for at, _ in (await runs(hub)).values()} == {MONDAY_NINE}
    await hub.wind(hours=1)
    assert {at for at, _ in (await runs(hub)).values()} == {MONDAY_NINE + A_DAY}


async def words(hub: RunningHub) -> list[tuple[Any, ...]]:
    columns = (notification.c.state, notification.c.sent_at, notification.c.rendering, notification.c.facts)
    return [row for row in await hub.rows(notification, *columns) if row[0] == "sent"]


async def test_the_words_of_messages_go_after_thirty_days_and_the_fact_stays(hub: RunningHub) -> None:
    await hub.meet("zory")
    first = await words(hub)
    assert len(first) == 1
    assert first[0][2] is not None
    await hub.wind(days=29)
    assert next(row[2] for row in await words(hub)) is not None
    await hub.wind(days=2)
    told = {row[1]: row for row in await words(hub)}
    assert told[first[0][1]][2:] == (None, {})
    assert (await hub.rows(notification, notification.c.id)) != []


async def test_a_failure_that_nobody_mended_is_over_with_its_words(hub: RunningHub) -> None:
    await hub.meet("zory")
    async with hub.parts.storage.engine.begin() as connection:
        await connection.execute(notification.update().values(state="failed", facts={"name": "Ktoś"}))
    await hub.wind(days=31)
    async with hub.parts.storage.engine.connect() as connection:
        rows = await connection.execute(
            notification.select().where(notification.c.kind == "welcome").with_only_columns(
                notification.c.state, notification.c.rendering, notification.c.facts
            )
        )  # fmt: skip
        assert [tuple(row) for row in rows] == [("dropped", None, {})]


async def test_events_go_when_everybody_has_heard_of_them(hub: RunningHub) -> None:
    await hub.settle()
    async with hub.parts.storage.engine.begin() as connection:
        old = {"type": "MemberLeft", "version": 99, "subject": "member:x", "actor": "clock", "body": {}}
        rows = [old | {"id": 5_000_000 + n, "at": MONDAY_NINE} for n in range(2)]
        await connection.execute(insert(event_log), rows)
        receipt = {"reaction": "r", "subject": "member:x", "type": "MemberLeft", "version": 99}
        states = [receipt | {"event_id": 5_000_000 + n, "state": state} for n, state in enumerate(("done", "parked"))]
        await connection.execute(insert(event_reaction), states)
    await hub.wind(days=366)
    left = {number for (number,) in await hub.rows(event_log, event_log.c.id)}
    assert {5_000_000, 5_000_001} & left == {5_000_001}
    first_day = {at for (at,) in await hub.rows(event_log, event_log.c.at) if at < MONDAY_NINE + A_DAY}
    assert first_day == {MONDAY_NINE}  # the parked one


async def test_requests_tokens_and_strangers_go_by_machine_time(hub: RunningHub) -> None:
    hub.slack.workspace.add_user(id="UOBCY4455", name="obcy", real_name="Obcy", email="obcy@elsewhere.org")
    await hub.meet("zory")
    await hub.slack.as_user("UOBCY4455").command("/pim", "pomoc")
    await hub.settle()
    now = hub.machine()
    async with hub.parts.storage.engine.begin() as connection:
        token = {"digest": "a" * 64, "purpose": "panel", "made_at": now, "ends_at": now + timedelta(minutes=10)}
        await connection.execute(insert(one_time_token), token)
        await connection.execute(insert(parked_request), {"id": "p", "at": now, "why": "odd", "body": b"{}"})
        await connection.execute(insert(handled_request), {"key": "k", "at": now})
    counted = (one_time_token, parked_request, handled_request)

    async def later(days: int) -> list[int]:
        hub.machine.advance(days=days)
        hub.parts.clock.set_to(MONDAY_NINE + (hub.machine() - now))
        await hub.settle()
        return [len(await hub.rows(table)) for table in counted]

    assert await later(1) == [1, 1, 1]
    assert await later(1) == [0, 1, 1]
    assert await later(6) == [0, 0, 0]
    users = {user for (user,) in await hub.rows(identity, identity.c.user_id)}
    assert {"UOBCY4455", "UZORY"} <= users
    await later(83)
    users = {user for (user,) in await hub.rows(identity, identity.c.user_id)}
    assert users & {"UOBCY4455", "UZORY"} == {"UZORY"}
    assert "UOBCY4455" not in {address for (address,) in await hub.rows(recipient, recipient.c.address)}


async def test_what_is_held_goes_on_the_day_after_the_last(hub: RunningHub) -> None:
    await hub.settle()
    until = (MONDAY_NINE + 10 * A_DAY).date()
    async with hub.parts.storage.work() as work:
        hold = hold_on("attendance", "rozliczenie projektu", until, today=date(2022, 1, 10))
        await work.privacy.keep_hold(hold, by="command-line", at=MONDAY_NINE)
    async with hub.parts.storage.engine.begin() as connection:
        row = {"category": "attendance", "member_id": "m", "at": datetime(2022, 1, 1, tzinfo=UTC), "rows": {}}
        await connection.execute(insert(held), row)
    await hub.wind(days=10)
    assert len(await hub.rows(held)) == 1
    await hub.wind(days=1)
    assert await hub.rows(held) == []


async def test_the_audit_goes_after_its_period_and_its_seals_stay(hub: RunningHub) -> None:
    await hub.settle()
    now = hub.machine()
    row = {"at": now, "actor": "clock", "door": "clock", "action": "MemberLeft", "subject": "member:x"}
    seal = {"digest": "d", "chain": "c"}
    ages = {9_000_001: 1097, 9_000_002: 1095}
    async with hub.parts.storage.engine.begin() as connection:
        await connection.execute(insert(audit), [row | {"id": number} for number in ages])
        sealed = [
            seal | {"position": number, "audit_id": number, "sealed_at": now - days * A_DAY}
            for number, days in ages.items()
        ]
        await connection.execute(insert(audit_seal), sealed)
    await hub.wind(days=1)
    assert {number for (number,) in await hub.rows(audit, audit.c.id)} & set(ages) == {9_000_002}
    assert {number for (number,) in await hub.rows(audit_seal, audit_seal.c.audit_id)} >= set(ages)


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("PIM_RETENTION_AUDIT_DAYS", "730"),
        ("PIM_RETENTION_REQUESTS_DAYS", "6"),
        ("PIM_RETENTION_MESSAGES_DAYS", "0"),
        ("PIM_RETENTION_EVENTS_DAYS", "długo"),
    ],
)
def test_a_period_that_is_too_short_is_refused_with_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, days: str
) -> None:
    monkeypatch.setenv(name, days)
    with pytest.raises(SettingsError, match=f"{name}: .*dni"):
        read_settings()
