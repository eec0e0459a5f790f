"""The same weather over this hub and over bots as they are usually built; who loses and doubles how much."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from random import Random

from tests.endtoend.running import until
from tests.engines import Engines
from tests.harness import naive
from tests.harness.far_end import far_end
from tests.harness.flood import move_in
from tests.harness.lives import Lives
from tests.harness.naive import Outbox
from tests.harness.slack_file import SlackFile
from tests.harness.storm import Weather, blow, live, storm

OURS = "pim_bot"
AT_ONCE = "pim_bot that looks at once"
"""This very hub with a wait in doubt that is shorter than the chat's delay: what the wait is good for."""

NO_WAIT = {"PIM_DOUBT_SECONDS": "0.001"}
QUIET_SECONDS = 1.5
REST_SECONDS = 600.0


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the table: so many messages were to be said, so many kills; extra copies and missing ones counted."""

    bot: str
    seed: int
    messages: int
    kills: int
    faults: int
    lost: int
    doubled: int
    taken_away: int = 0
    """Doubles that stood there for a while: only this hub looks for them."""

    def __str__(self) -> str:
        cells = (self.bot, self.seed, self.messages, self.kills, self.faults, self.lost, self.doubled, self.taken_away)
        return "| " + " | ".join(map(str, cells)) + " |"


HEAD = f"| bot | seed | messages | kills | faults | lost | doubled | doubles taken away |\n{'|---' * 8}|"


async def compared(
    engines: Engines, weather: Weather, *, ways: tuple[str, ...] = naive.WAYS, tell: Callable[[str], None] = print
) -> list[Line]:
    """Run everybody through the same weather: the same seed draws points, instants and faults."""
    lines = []
    tell(HEAD)
    for bot in (OURS, *ways):
        folder = engines.folder / bot.replace(" ", "-")
        folder.mkdir()
        if bot in naive.WAYS:
            lines.append(await naive_storm(folder, weather, bot))
        else:
            settings = NO_WAIT if bot == AT_ONCE else {}
            lines.append(await our_storm(engines, folder, replace(weather, settings=settings), bot))
        tell(str(lines[-1]))
    return lines


async def our_storm(engines: Engines, folder: Path, weather: Weather, bot: str) -> Line:
    """Let this hub live and die through the weather."""
    passed = await storm(engines, weather, folder=folder)
    counted = passed.judgement.figures
    return Line(
        bot=bot,
        seed=weather.seed,
        messages=counted["intended"],
        kills=passed.kills,
        faults=counted["faults"],
        lost=counted["lost"] + counted["stuck"],
        doubled=counted["doubled"],
        taken_away=counted["swept"],
    )


async def naive_storm(folder: Path, weather: Weather, way: str) -> Line:
    """Let a naive bot live and die through the weather, come to rest, and count what people see."""
    outbox, source = Outbox(folder / "outbox.db"), Random(f"{weather.seed}/kills")  # noqa: S311 - the seed of all
    planned: list[tuple[str, str]] = []
    async with far_end(folder / "slack.db", app_url="http://127.0.0.1:9/") as slack:
        await move_in(slack, weather.members)
        await blow(slack, weather)
        program = ("naive", str(folder / "outbox.db"), slack.api_url, way)
        bot = Lives(settings={"PIM_SLACK_API_URL": slack.api_url}, log=folder / "bot.log", program=program)
        try:
            for kill in range(weather.kills):
                acts = ceil((kill + 1) / weather.kills * weather.acts)
                new = _messages(len(planned) // weather.members, acts, weather.members)
                outbox.plan(new)
                planned += new
                await live(bot, slack, source, longest=weather.longest)
            await slack.ask("calm")
            await bot.begin()
            await until(lambda: not outbox.waiting(), seconds=REST_SECONDS, what=f"{way} has said everything")
            await asyncio.sleep(QUIET_SECONDS)
            await bot.dead(within=0, cause="end")
        finally:
            await bot.close()
            outbox.close()
    file = SlackFile(folder / "slack.db")
    seen = Counter((one.channel, one.text) for one in file.standing())
    meant = Counter((f"D{user.removeprefix('U')}", text) for user, text in planned)
    faults = sum(file.faults_met().values())
    file.close()
    return Line(
        bot=f"naive: {way}",
        seed=weather.seed,
        messages=len(planned),
        kills=weather.kills,
        faults=faults,
        lost=(meant - seen).total(),
        doubled=(seen - meant).total(),
    )


def _messages(first: int, last: int, members: int) -> list[tuple[str, str]]:
    """The words of so many acts, to each member."""
    return [(f"U{number:04}", f"Akt {act:05}") for act in range(first, last) for number in range(members)]
