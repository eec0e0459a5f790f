"""Several processes of each type: killed, replaced one by one, started by honcho. Nothing is lost or said twice."""

import asyncio
import os
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from signal import SIGCONT, SIGINT, SIGSTOP, SIGTERM, Signals

import pytest
import pytest_asyncio

from pim_bot.playground.server import LocalSlack
from tests.endtoend.crowd import GETS_DIGEST, Crowd
from tests.endtoend.killing import report
from tests.endtoend.ledger import Takeover
from tests.endtoend.many import (
    LEADER_SECONDS,
    Balanced,
    Town,
    leader_in,
    local_slack,
    present_in,
    readyz,
    settings_of,
    town,
)
from tests.endtoend.running import CLOCK, END_SECONDS, HOST, ROOT, WEB, WORKER, Running, environment, found, until
from tests.hub import USERS
from tests.services import PostgresServer, RedisServer, free_port, fresh_database
from tests.services.processes import Guard, family, gone

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOAK = bool(os.environ.get("PIM_SOAK"))
SEED = int(os.environ.get("PIM_SEED", "20220128"))
ACTS = 1000 if SOAK else 60
ACTS_PER_KILL = 8 if SOAK else 12
REDIS, FROZEN = "redis", "frozen clock"
VICTIMS = (WEB, WORKER, CLOCK, REDIS, FROZEN)
TWO_OF_EACH = ("web.1", "web.2", "worker.1", "worker.2", "clock.1", "clock.2")
LETTER = "Prosimy powiedzieć, kim Państwo są"
"""What a worker writes to somebody whom no programme file names."""

HONCHO_ENDS_WITHIN = 15.0
MARGIN = timedelta(seconds=12)
"""How late a clock may take over: one that froze in a transaction holds on for ten seconds; the cores are shared."""


def says_it_leads(clock: Running) -> bool:
    """What a clock has logged last of itself."""
    return clock.said.rfind('"clock.leads"') > clock.said.rfind('"clock.stands-by"')


# The hub that the tests share


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def busy(postgres: PostgresServer, redis: RedisServer) -> AsyncIterator[tuple[Town, Crowd]]:
    """The hub and its people."""
    async with town(postgres, redis.url) as it:
        await it.ledger.keep_record()
        yield it, Crowd(slack=it.slack)


async def judged(it: Town, crowd: Crowd) -> list[Takeover]:
    """Let everything settle, and count; tells every change of the leader."""
    await crowd.judged(seconds=60)
    await it.ledger.settled(seconds=60)
    assert crowd.wrong() == {}, f"PIM_SEED={SEED}"
    changes = await it.ledger.takeovers()
    assert [change for change in changes if change.pause < timedelta()] == []
    leading = await it.leader()
    assert [one for one in it.processes.of(CLOCK) if says_it_leads(one)] == [leading]
    return changes


def longest_pause(changes: list[Takeover]) -> float:
    """How long, at the longest, nobody led."""
    return round(max((change.pause.total_seconds() for change in changes), default=0.0), 2)


# Killed


@dataclass(kw_only=True)
class Reaper:
    """Kills processes of the hub and Redis, one after the other, and starts again what was killed."""

    town: Town
    crowd: Crowd
    redis: RedisServer
    chance: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    weeks: int = 0
    takeover_seconds: list[float] = field(default_factory=list)

    async def reap(self, acts: int) -> None:
        """Kill somebody during each few acts, everybody in turn, in an order of chance."""
        victims: list[str] = []
        while self.crowd.acknowledged < acts:
            victims = victims or self.chance.sample(VICTIMS, len(VICTIMS))
            async with asyncio.TaskGroup() as group:
                group.create_task(self.crowd.work(ACTS_PER_KILL))
                group.create_task(self.kill(victims.pop()))

    async def kill(self, victim: str) -> None:
        self.kills[victim] += 1
        await asyncio.sleep(self.chance.uniform(0, 0.3))
        if victim == REDIS:
            await self._kill_redis()
        elif victim == CLOCK:
            await self._kill_leader()
        elif victim == FROZEN:
            await self._freeze_leader()
        else:
            await self._kill(self.chance.choice(self.town.processes.of(victim)))

    async def _kill(self, one: Running) -> None:
        await one.killed()
        self.town.processes.start(one.name)

    async def _kill_redis(self) -> None:
        await asyncio.to_thread(self.redis.kill)
        await asyncio.sleep(self.chance.uniform(0, 1))
        await asyncio.to_thread(self.redis.start)

    async def _kill_leader(self) -> None:
        leader = await self._leader_with_work()
        await leader.killed()
        began = time.monotonic()
        self.town.processes.start(leader.name)
        await self._until_another_leads(leader)
        self.takeover_seconds.append(round(time.monotonic() - began, 2))

    async def _freeze_leader(self) -> None:
        """Let the leading clock stand still until another one leads; then it wakes, and still thinks that it leads."""
        leader = await self._leader_with_work()
        leader.popen.send_signal(SIGSTOP)
        try:
            await self._until_another_leads(leader)
        finally:
            leader.popen.send_signal(SIGCONT)

    async def _leader_with_work(self) -> Running:
        """The leading clock just when something falls due: the week's digest of those who get one."""
        await self.digests_are_heard()
        self.weeks += 1
        await self.town.ledger.wind(days=7)
        await asyncio.sleep(self.chance.uniform(0, 0.6))
        return await self.town.leader()

    async def _until_another_leads(self, leader: Running) -> None:
        async def another_leads() -> bool:
            return await self.town.ledger.leads() not in (0, leader.popen.pid)

        await found(another_leads, seconds=30, what="another clock leads")

    async def digests_are_heard(self) -> None:
        """Wait until everybody who gets one has each week's digest."""
        what = f"digests of {self.weeks} weeks are heard"
        await until(lambda: self.crowd.digests() == self.digests, seconds=60, what=what)

    @property
    def digests(self) -> dict[str, list[int]]:
        """How many digests everybody is to have, each of another week."""
        return {name: [1] * self.weeks if name in GETS_DIGEST else [] for name in USERS}


async def watch_leaders(town: Town, seen: set[int]) -> None:
    """Note whom the webs name as the leader, until cancelled."""
    while True:
        for address in [one.address for one in town.processes.of(WEB)]:
            _, page = await readyz(address)
            seen.add(leader_in(page))
        await asyncio.sleep(0.3)


async def test_kills_of_any_process_and_of_redis_lose_and_double_nothing(
    busy: tuple[Town, Crowd], redis: RedisServer
) -> None:
    it, crowd = busy
    await it.processes.up(*TWO_OF_EACH)
    reaper = Reaper(town=it, crowd=crowd, redis=redis, chance=random.Random(SEED))  # noqa: S311 - replayable
    before, doubts, seen = len(await it.ledger.takeovers()), await it.ledger.doubts(), set[int]()
    watching = asyncio.create_task(watch_leaders(it, seen))
    await reaper.reap(ACTS)
    await it.processes.up(*TWO_OF_EACH)
    changes = (await judged(it, crowd))[before:]
    watching.cancel()
    report(
        "many processes, killed",
        seed=SEED,
        acts=crowd.acknowledged,
        activities=len(crowd.acts),
        kills=dict(reaper.kills),
        acts_tried_again=crowd.repeated,
        passed_on=it.line.passed_on,
        slowest_answer=it.line.slowest,
        digests=reaper.weeks * len(GETS_DIGEST),
        doubts=await it.ledger.doubts() - doubts,
        leaders_named=len(seen - {0}),
        leader_seconds=LEADER_SECONDS,
        longest_takeover=max(reaper.takeover_seconds, default=0),
        longest_without_leader=longest_pause(changes),
    )
    await reaper.digests_are_heard()
    assert seen - {0} <= await it.ledger.leaders()
    assert len(changes) >= reaper.kills[CLOCK] + reaper.kills[FROZEN]
    polled = timedelta(seconds=LEADER_SECONDS / 3)
    assert [change for change in changes if change.pause > polled + MARGIN] == []


# Replaced


async def replace_one_by_one(it: Town, names: Sequence[str]) -> dict[str, tuple[int, float]]:
    """Start a new process, and when it is at work end the old one, for each; tells the exit codes and the seconds."""
    ends = {}
    for name in names:
        old = it.processes.running.pop(name)
        new = it.processes.start(name)
        await found(partial(_is_at_work, it, new), seconds=60, what=f"{new.name} is at work")
        ends[name] = await old.stopped()
    return ends


async def _is_at_work(it: Town, one: Running) -> bool:
    """Whether all is well, and the process is among those at work; a web is asked itself."""
    web = one if one.type == WEB else it.processes.of(WEB)[0]
    status, page = await readyz(web.address)
    return status == 200 and one.popen.pid in present_in(page)


async def test_replacing_processes_one_by_one_while_people_act_loses_and_doubles_nothing(
    busy: tuple[Town, Crowd],
) -> None:
    it, crowd = busy
    await it.processes.up(*TWO_OF_EACH)
    leading = await it.leader()
    acts, doubts, complaints = crowd.acknowledged, await it.ledger.doubts(), it.processes.complaints()
    names = TWO_OF_EACH if SOAK else ("web.1", "worker.1", leading.name)
    crowd.thinks = 0.1
    replacing = asyncio.create_task(replace_one_by_one(it, names))
    await crowd.work_until(replacing.done)
    ends = await replacing
    changes = await judged(it, crowd)
    report(
        "many processes, replaced",
        acts=crowd.acknowledged - acts,
        acts_tried_again=crowd.repeated,
        passed_on=it.line.passed_on,
        slowest_answer=it.line.slowest,
        seconds_to_end={name: round(seconds, 2) for name, (_, seconds) in ends.items()},
        longest_without_leader=longest_pause(changes),
    )
    assert {name: code for name, (code, _) in ends.items()} == dict.fromkeys(names, 0)
    assert [seconds for _, seconds in ends.values() if seconds > END_SECONDS] == []
    assert crowd.refused == []
    assert await it.ledger.doubts() == doubts
    assert [entry for entry in it.processes.complaints() if entry not in complaints] == []


# Started by honcho


def honcho(*words: str) -> list[str]:
    """A command of honcho, with our Procfile."""
    return [str(Path(sys.executable).with_name("honcho")), "-f", str(ROOT / "Procfile"), *words]


@contextmanager
def started(command: list[str], settings: dict[str, str], log: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """A command that runs; whatever happens, nothing of it is left at the end."""
    guard = Guard()
    with log.open("wb") as file:
        run = subprocess.Popen(command, env=environment(settings), cwd=log.parent, stdout=file, stderr=file)
    guard.watch(run.pid, SIGTERM)
    try:
        yield run
    finally:
        guard.close()
        run.wait()


def port_range(length: int) -> int:
    """The first of so many free ports in a row."""
    while True:
        base = free_port()
        with suppress(OSError):
            for port in range(base, base + length):
                with socket.socket() as probe:
                    probe.bind((HOST, port))
            return base


async def test_honcho_starts_the_procfile_hands_out_ports_and_ends_everything(
    postgres: PostgresServer, redis: RedisServer, tmp_path: Path
) -> None:
    log = tmp_path / "honcho.log"
    async with fresh_database(postgres) as url, local_slack() as slack:
        settings = settings_of(slack, url, redis.url)
        with started(honcho("run", "pim-bot", "db", "upgrade"), settings, log) as release:
            assert await asyncio.to_thread(release.wait) == 0, said_in(log)
        ends = [await run_and_end(slack, settings, log, *one) for one in ((SIGINT, 2), (SIGTERM, 1))]
    report("honcho", seconds_to_end=ends)


async def run_and_end(slack: LocalSlack, settings: dict[str, str], log: Path, number: Signals, each: int) -> float:
    """Let so many processes of each type be started, used and ended; tells how many seconds the end took."""
    base = port_range(each)
    addresses = [f"http://{HOST}:{base + one}" for one in range(each)]
    many = ",".join(f"{kind}={each}" for kind in (WEB, WORKER, CLOCK))
    command = honcho("start", "-p", str(base), "-c", many, WEB, WORKER, CLOCK)
    slack.switchboard.http = line = Balanced(lambda: addresses)
    with started(command, settings, log) as run:
        for address in addresses:
            await found(partial(_are_at_work, address, 3 * each), seconds=60, what="all are at work")
            await _meet(slack, f"U{number.name}")
        await line.close()
        members, began = family(run.pid), time.monotonic()
        run.send_signal(number)
        assert await asyncio.to_thread(gone, members, seconds=HONCHO_ENDS_WITHIN), said_in(log)
    assert said_in(log).count("stopped (rc=0)") == 3 * each, said_in(log)
    assert sorted(line.answered) == addresses
    return round(time.monotonic() - began, 2)


def said_in(log: Path) -> str:
    """What honcho and its processes have said."""
    return log.read_text("utf-8", "replace")


async def _are_at_work(address: str, many: int) -> bool:
    status, page = await readyz(address)
    return status == 200 and len(present_in(page)) == many and leader_in(page) in present_in(page)


async def _meet(slack: LocalSlack, user: str) -> None:
    """Ask something as somebody who is not known: a web answers, and a worker writes."""
    slack.workspace.add_user(id=user, name=user, real_name=user, email=f"{user}@example.org")
    person = slack.as_user(user)
    outcome = await person.command("/pim")
    assert outcome.ok
    assert outcome.text
    await slack.until(lambda: any(LETTER in one.text for one in person.messages()), seconds=30)
