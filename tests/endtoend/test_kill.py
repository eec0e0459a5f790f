"""``kill -9`` at any moment, then start again: nothing acknowledged is lost, nothing is said twice."""

import asyncio
import os
import random
from contextlib import suppress

from pim_bot.faults import POINTS
from pim_bot.playground.faults import Late
from tests.endtoend.killing import Driver, KilledHub, answers, counted, killable_hub, report, settled
from tests.engines import Engines

ONCE_EACH = {
    "ekspert": 1,
    "kanał": 1,
    "koordynatorka": 1,
    "lublin": 1,
    "ministerstwo": 1,
    "opiekunka": 1,
    "zory": 1,
    "zory2": 1,
}
SOAK = bool(os.environ.get("PIM_SOAK"))
SEED = int(os.environ.get("PIM_SEED", "20220128"))
RANDOM_KILLS = 1000 if SOAK else 30


def wrong(hub: KilledHub, driver: Driver) -> dict[str, dict[str, int]]:
    """The acknowledged acts of which somebody has not heard exactly once."""
    found = counted(hub.slack, driver.scheduled)
    return {title: counts for title, counts in found.items() if counts != ONCE_EACH}


async def judge(hub: KilledHub, driver: Driver, name: str) -> None:
    """Start once more without faults, let everything settle, and count."""
    await hub.start()
    await driver.schedule()
    with suppress(TimeoutError):  # then it is told below what is wrong
        await hub.slack.until(lambda: not wrong(hub, driver), seconds=60)
    await hub.stop()
    assert await settled(hub.engines, hub.slack) == 0
    report(name, acts=len(driver.scheduled), starts=hub.starts, deaths=sum(hub.deaths.values()), seed=SEED)
    assert driver.answered <= await answers(hub.engines, hub.slack)
    assert wrong(hub, driver) == {}


async def test_every_named_point_survives_two_kills(engines: Engines) -> None:
    async with killable_hub(engines) as (hub, driver):
        for point in POINTS:
            for times in (1, 2):
                await die_at(hub, driver, point, times)
        assert {point: hub.deaths[point] for point in POINTS} == dict.fromkeys(POINTS, 2)
        await judge(hub, driver, "named points")


async def die_at(hub: KilledHub, driver: Driver, point: str, times: int) -> None:
    """Let the program die at a point: the work that leads there is done until it does."""
    if point.startswith("doubt."):
        await hub.start(die_at="send.after:1")
        await driver.schedule()
        await hub.dead(within=10, name="before doubt")
        times = 1  # each doubt is read about once; the second kill is of the next one
    if point.startswith("sweep.") and times == 1:
        await die_sweeping(hub, driver, point)
        return
    if point.startswith("sweep."):
        times = 1  # the double of the first kill still stands there
    await hub.start(die_at=f"{point}:{times}")
    for _ in range(4):
        if hub.process is None or hub.process.returncode is not None:
            break
        await driver.schedule()
        await driver.answer()
        if await _died(hub, 1.5):
            break
    assert await hub.dead(within=5, name=point), f"never reached: {point}:{times}"


async def die_sweeping(hub: KilledHub, driver: Driver, point: str) -> None:
    """Let the chat accept a message long after its doubt was resolved by sending again: it stands there twice."""
    sent_again = asyncio.Event()
    hub.slack.faults.next("chat.postMessage", Late(gate=sent_again, drop=True))
    await hub.start(die_at=f"{point}:1")
    await driver.schedule()
    await hub.slack.until(lambda: not wrong(hub, driver), seconds=60)
    sent_again.set()
    assert await hub.dead(within=30, name=point), f"never reached: {point}"


async def _died(hub: KilledHub, within: float) -> bool:
    assert hub.process is not None
    try:
        await asyncio.wait_for(asyncio.shield(hub.process.wait()), within)
    except TimeoutError:
        return False
    return True


async def test_kills_at_random_instants_lose_and_double_nothing(engines: Engines) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the seed makes a failing run replayable
    async with killable_hub(engines) as (hub, driver):
        for _ in range(RANDOM_KILLS):
            await hub.start()
            death = asyncio.get_running_loop().call_later(chance.uniform(0.0, 0.6), hub.kill)
            while hub.process is not None and hub.process.returncode is None and not death.cancelled():
                await driver.schedule()
                await driver.answer()
                if await _died(hub, 0.01):
                    break
            await hub.dead(within=5, name="random")
        assert hub.deaths == {"random": RANDOM_KILLS}
        await judge(hub, driver, "random instants")
