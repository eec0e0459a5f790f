"""A storm over one hub: it is killed at named points and at random instants while faults strike in the chat.

Everything is drawn from one seed: the points, the instants, the faults. The judge counts when it is over.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from random import Random

from pim_bot.faults import POINTS
from pim_bot.playground.model import Json
from tests.engines import Engines
from tests.harness.far_end import FarEnd, far_end
from tests.harness.flood import Planner, move_in, prepare
from tests.harness.judge import Judgement, judged
from tests.harness.lives import Lives, hub_settings
from tests.harness.slack_file import SlackFile
from tests.services import free_port

AT_A_POINT = 0.5
"""How many of the deaths are at a named point."""

AT_WORK = 0.8
"""In how many lives the time counts from when the hub serves; in the others from its birth, so it may die in it."""

PASSES = {"act": 2, "clock": 2, "relay": 4, "claim": 8, "record": 12, "send": 100, "doubt": 20, "sweep": 2}
"""The last passing of a point at which a life may end: some are passed once a message, others once an act."""

BREATH, BREATH_SECONDS = 10, 60.0
"""After so many kills the hub may live until it has caught up with the acts, so that they come to an end together."""

PAUSE, LOOK = 0.02, 0.1
QUIET_LOOKS, QUIET_SECONDS = 3, 0.4
"""So many looks must find the same, so far apart."""

LAST_ACTS_SECONDS = 600.0
REST_SECONDS = 120.0
"""How long a hub may do nothing before it is at rest; what is open then is stuck, what is double is doubled."""

THE_CHAT_DIES = 0.02
"""In how many lives of the hub the chat itself is killed, and started again on its file."""

POSTING: list[Json] = [
    {"drop": {"after_accept": True}},
    {"drop": {"after_accept": False}},
    {"server-error": {"after_accept": True}},
    {"server-error": {"after_accept": True, "status": 503}},
    {"server-error": {"after_accept": False, "status": 502}},
    {"late": {"seconds": 0.2, "drop": True}},
    {"late": {"seconds": 0.3}},
    {"refuse": {"error": "fatal_error"}},
    {"refuse": {"error": "internal_error"}},
]
READING: list[Json] = [
    {"drop": {}},
    {"server-error": {}},
    {"refuse": {"error": "fatal_error"}},
]
DENIED: list[Json] = [
    {"refuse": {"error": "missing_scope"}},
    {"partial-history": {"keep": 0, "admitted": True}},
]
OPENING: list[Json] = [{"drop": {}}, {"server-error": {}}, {"late": {"seconds": 0.2}}]


@dataclass(frozen=True, kw_only=True)
class Weather:
    """How hard it blows."""

    kills: int
    messages: int
    members: int
    seed: int
    chance: float = 0.06
    denied: float = 0.0
    too_many: float = 0.0
    longest: float = 1.4
    """How long a life lasts at most, in seconds; one that ends at an instant may end at any before."""

    settings: dict[str, str] = field(default_factory=dict)

    @property
    def acts(self) -> int:
        """One act is a message to each member, one to the channel and one to the planner."""
        return ceil(self.messages / (self.members + 2))


@dataclass(frozen=True, kw_only=True)
class Passed:
    """What a storm leaves behind."""

    judgement: Judgement
    deaths: Counter[str]
    chat_deaths: int
    seconds: float
    faults: dict[str, int]
    complaints: tuple[str, ...]
    """Errors and tracebacks in the hub's log: what the chat does is none of them."""

    @property
    def kills(self) -> int:
        return sum(self.deaths.values())


async def storm(
    engines: Engines, weather: Weather, *, folder: Path | None = None, tell: Callable[[str], None] = lambda _: None
) -> Passed:
    """Let a hub live and die through the weather, come to rest, and be judged.

    The chat's file and the hub's log lie in ``folder``, or in that of the engines.
    """
    began = time.monotonic()
    await prepare(engines, weather.members)
    folder = folder or engines.folder
    file, port = folder / "slack.db", free_port()
    async with far_end(file, app_url=f"http://127.0.0.1:{port}/slack/events") as slack:
        await move_in(slack, weather.members)
        hub = Lives(settings=_settings(engines, slack, port) | weather.settings, log=folder / "hub.log")
        try:
            await blow(slack, weather)
            passing = _Passing(slack=slack, hub=hub, weather=weather, tell=tell)
            await passing.through()
            await passing.rest(engines)
        finally:
            await hub.close()
    kept = SlackFile(file)
    judgement = await judged(kept, engines.database_url)
    faults = kept.faults_met()
    kept.close()
    return Passed(
        judgement=judgement,
        deaths=hub.deaths,
        chat_deaths=slack.starts - 1,
        seconds=round(time.monotonic() - began, 1),
        faults=faults,
        complaints=hub.complaints(),
    )


def _settings(engines: Engines, slack: FarEnd, port: int) -> dict[str, str]:
    return hub_settings(
        database_url=engines.database_url,
        broker_url=engines.broker_url,
        folder=engines.folder,
        port=port,
        api_url=slack.api_url,
    )


async def blow(slack: FarEnd, weather: Weather) -> None:
    """Say which faults strike from now on."""
    chance, seed = weather.chance, str(weather.seed)
    posting = POSTING
    if weather.too_many:
        # One 429 closes the method for everybody, so it is drawn more seldom than the others.
        rounds = max(1, round(chance / weather.too_many / len(POSTING)))
        posting = [*POSTING * rounds, {"too-many": {"retry_after": 1}}]
    denied = round(weather.denied / chance * len(READING) * 10) if chance else 0
    await slack.strike("chat.postMessage", posting, chance=chance, seed=seed)
    await slack.strike("conversations.history", READING * 10 + DENIED * denied, chance=chance, seed=seed)
    await slack.strike("conversations.open", OPENING, chance=chance, seed=seed)
    await slack.strike("users.lookupByEmail", OPENING, chance=chance / 3, seed=seed)


async def live(bot: Lives, slack: FarEnd, source: Random, *, longest: float) -> None:
    """Let a bot live once, and die where and when the source says."""
    instant, point = source.uniform(0, longest), source.choice(POINTS)
    passes = source.randint(1, PASSES[point.partition(".")[0]])
    at_point, chat_dies = source.random() < AT_A_POINT, source.random() < THE_CHAT_DIES
    is_at_work = source.random() < AT_WORK
    await bot.begin(die_at=f"{point}:{passes}" if at_point else "")
    if is_at_work:
        await bot.serving()
    if chat_dies:
        await asyncio.sleep(instant / 2)
        await slack.kill()
        await slack.start()
    await bot.dead(within=longest if at_point else instant, cause=point)


@dataclass(kw_only=True)
class _Passing:
    slack: FarEnd
    hub: Lives
    weather: Weather
    tell: Callable[[str], None]
    _ended: int = 0

    async def through(self) -> None:
        """Kill the hub as often as the weather says, and go on until all acts were acknowledged."""
        source = Random(f"{self.weather.seed}/kills")  # noqa: S311 - the seed makes a failing run replayable
        self._planner = Planner(self.slack)
        planning = asyncio.create_task(self._plan())
        try:
            while self.hub.deaths.total() < self.weather.kills:
                if self.hub.deaths.total() % BREATH == BREATH - 1:
                    await self._take_breath()
                else:
                    await live(self.hub, self.slack, source, longest=self.weather.longest)
                self._ended = self.hub.deaths.total()
                if self._ended % 50 == 0:
                    self.tell(f"{self._ended} kills, {await self.slack.standing()} messages")
        finally:
            self._ended = self.weather.kills
        await self.hub.begin()
        assert await self.hub.serving()
        await asyncio.wait_for(planning, LAST_ACTS_SECONDS)

    async def _take_breath(self) -> None:
        """Live until at most two acts are still to be told, and die then."""
        await self.hub.begin()
        await self.hub.serving()
        told = self.weather.members + 2
        for _ in range(int(BREATH_SECONDS / LOOK)):
            if await self.slack.standing() >= (len(self._planner.planned) - 2) * told:
                break
            await asyncio.sleep(LOOK)
        await self.hub.dead(within=0, cause="")

    async def _plan(self) -> None:
        """Act as fast as the kills go on, so that both come to their end together."""
        while len(self._planner.planned) < self.weather.acts:
            share = (self._ended + 1) / max(self.weather.kills, 1)
            if len(self._planner.planned) < ceil(share * self.weather.acts):
                await self._planner.plan()
            await asyncio.sleep(PAUSE)

    async def rest(self, engines: Engines) -> None:
        """Wait until nothing more happens: everything is said, or given to a human."""
        before, same, end = None, 0, time.monotonic() + REST_SECONDS
        while same < QUIET_LOOKS and time.monotonic() < end:
            judgement = await _glance(engines, self.slack)
            same = same + 1 if judgement == before and not judgement.under_way else 0
            if judgement != before:
                end = time.monotonic() + REST_SECONDS
            before = judgement
            await asyncio.sleep(QUIET_SECONDS)
        await self.hub.end()


async def _glance(engines: Engines, slack: FarEnd) -> Judgement:
    file = SlackFile(slack.file)
    try:
        return await judged(file, engines.database_url)
    finally:
        file.close()
