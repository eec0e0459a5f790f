"""One-time tokens on both engines: each opens its door once, for its person, for a quarter of an hour."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from pim_bot.programme.one_time import LIFE, Pass, make_token, spend_token
from pim_bot.secret_keys import SecretKeys
from pim_bot.storage.tables.privacy import one_time_token
from tests.engines import Engines
from tests.hub import KEY, RunningHub, running_hub

LOGIN = Pass(purpose="panel", member_id="member-of-zory", facts={"activity": "a1"})
NEW, OLD, FOREIGN = (SecretKeys([name * 40]) for name in "nof")


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines) as running:
        yield running


async def made(hub: RunningHub, keys: SecretKeys | None = None, what: Pass = LOGIN) -> str:
    async with hub.parts.storage.work() as work:
        return await make_token(work, keys or hub.parts.keys, what, now=hub.machine())


async def spent(
    hub: RunningHub, token: str, *, keys: SecretKeys | None = None, purpose: str = "panel", member_id: str | None = None
) -> Pass | None:
    async with hub.parts.storage.work() as work:
        return await spend_token(
            work, keys or hub.parts.keys, token, purpose=purpose, now=hub.machine(), member_id=member_id
        )


async def test_a_token_opens_its_door_once(hub: RunningHub) -> None:
    token = await made(hub)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)  # 256 bits
    assert await spent(hub, token, member_id="member-of-zory") == LOGIN
    assert await spent(hub, token, member_id="member-of-zory") is None


async def test_what_opens_nothing_is_all_the_same_and_spends_nothing(hub: RunningHub) -> None:
    token = await made(hub)
    others = {
        "unknown": await spent(hub, "x" * 43),
        "cut": await spent(hub, token[:-1]),
        "empty": await spent(hub, ""),
        "odd": await spent(hub, "\ud800\0" * 50_000),
        "the hash itself": await spent(hub, hub.parts.keys.digest("one-time token", token)),
        "for something else": await spent(hub, token, purpose="erasure"),
        "for somebody else": await spent(hub, token, member_id="member-of-lublin"),
        "another hub's": await spent(hub, token, keys=FOREIGN),
    }
    assert others == dict.fromkeys(others)
    assert await spent(hub, token) == LOGIN
    others = {"spent": await spent(hub, token), "spent, other purpose": await spent(hub, token, purpose="erasure")}
    assert others == dict.fromkeys(others)


async def test_a_token_lives_a_quarter_of_an_hour_of_machine_time(hub: RunningHub) -> None:
    first, second = await made(hub), await made(hub)
    await hub.wind(days=2)  # programme time says nothing about it
    hub.machine.advance(seconds=LIFE.total_seconds() - 0.001)
    assert await spent(hub, first) == LOGIN
    hub.machine.advance(seconds=0.001)
    assert await spent(hub, second) is None


async def test_of_many_at_once_one_gets_in(hub: RunningHub) -> None:
    for _ in range(5):
        token = await made(hub)
        found = await asyncio.gather(*(spent(hub, token) for _ in range(8)))
        assert [one for one in found if one is not None] == [LOGIN]


async def test_a_spent_token_that_is_rolled_back_is_not_spent(hub: RunningHub) -> None:
    token = await made(hub)

    async def fail_on_the_way() -> None:
        async with hub.parts.storage.work() as work:
            assert await spend_token(work, hub.parts.keys, token, purpose="panel", now=hub.machine()) == LOGIN
            raise RuntimeError("on the way")

    with pytest.raises(RuntimeError, match="on the way"):
        await fail_on_the_way()
    assert await spent(hub, token) == LOGIN


async def test_a_token_outlives_the_replacement_of_its_key(hub: RunningHub) -> None:
    both, new = SecretKeys([*NEW.values, *OLD.values]), NEW
    before, kept = await made(hub, OLD), await made(hub, OLD)
    during = await made(hub, both)
    found = {
        "made before": await spent(hub, before, keys=both) == LOGIN,
        "made before, key gone": await spent(hub, kept, keys=new),
        "made during, old key": await spent(hub, during, keys=OLD),
        "made during, new key": await spent(hub, during, keys=new) == LOGIN,
    }
    assert found == {
        "made before": True,
        "made before, key gone": None,
        "made during, old key": None,
        "made during, new key": True,
    }


async def test_only_a_hash_is_kept(hub: RunningHub) -> None:
    token = await made(hub)
    rows = await hub.rows(one_time_token)
    assert [row[0] for row in rows] == [SecretKeys([KEY]).digest("one-time token", token)]
    assert token not in repr(rows)
