"""A storm: kills at named points and at random instants, faults of every kind; counted at the far end."""

from tests.endtoend.killing import report
from tests.engines import Engines
from tests.harness.comparison import compared
from tests.harness.judge import NOTHING
from tests.harness.seeds import SEED
from tests.harness.storm import Weather, storm


async def test_a_storm_loses_and_doubles_nothing_and_keeps_the_order(engines: Engines) -> None:
    weather = Weather(
        kills=20, messages=200, members=38, seed=SEED, chance=0.1, denied=0.005, too_many=0.002, longest=0.5
    )
    passed = await storm(engines, weather)
    report("storm", seed=SEED, kills=passed.kills, chat_kills=passed.chat_deaths, **passed.judgement.figures)
    assert (passed.judgement.wrong, passed.complaints) == (NOTHING, ())
    assert passed.kills == 20
    # The weather was rough: otherwise this shows nothing.
    assert passed.judgement.intended >= 200
    assert passed.judgement.faults > 10
    assert passed.judgement.looked_for > 0


async def test_a_bot_that_retries_doubles_in_the_weather_that_ours_comes_through(sqlite: Engines) -> None:
    weather = Weather(kills=8, messages=84, members=28, seed=SEED, chance=0.15, longest=0.5)
    ours, retry = await compared(sqlite, weather, ways=("retry",))
    assert (ours.lost, ours.doubled) == (0, 0)
    assert (retry.messages, retry.kills) == (84, 8)
    assert retry.doubled > 0
