"""Everyday work of a hub on a big database, each kind of it by name, with what it asks of the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp.test_utils import make_mocked_request

from pim_bot.bootstrap import Parts, put_together
from pim_bot.handlers.payloads import Click, Command, Happening
from pim_bot.notifications.delivery import (
    NOT_INVITED,
    Addressee,
    Finding,
    Later,
    Missing,
    Outcome,
    Refused,
    Sent,
    Unknown,
)
from pim_bot.notifications.pace import POST, Allowance, Pace
from pim_bot.notifications.ports import Way
from pim_bot.programme.activity import Activity, ActivityDraft
from pim_bot.programme.people import Actor
from pim_bot.programme.scheduling import move_activity, schedule_activity
from tests.hub import MONDAY_NINE, settings_for
from tests.postman import Postman
from tests.storage import big
from tests.storage.plans import Asked, listening

HUB = Actor(door="command-line")
COORDINATOR, OFFICIAL, EXPERT = "UKOORDYNATORKA", "UZORY", "UEKSPERT"


class Weather(Postman):
    """A chat in which everything that can become of a message happens in turn."""

    dies = False

    async def reach(self, addressee: Addressee) -> Way | Refused | Later:
        return Way(conversation=addressee.conversation or "C1", address=addressee.address)

    async def post(self, conversation: str, rendering: dict[str, Any], *, key: str, thread: str) -> Outcome:
        if self.dies:
            raise ConnectionAbortedError
        sent = await super().post(conversation, rendering, key=key, thread=thread)
        outcomes: dict[int, Outcome] = {
            3: Later(timedelta(seconds=30)),
            5: Unknown(conversation),
            7: Refused(NOT_INVITED),
        }
        return outcomes.get(self.carried % 20, sent)

    async def find(self, conversation: str, *, key: str, since: datetime, thread: str) -> Finding:
        self.carried += 1
        return Missing() if self.carried % 2 else Sent(conversation, f"2.{self.carried}")


@dataclass(kw_only=True)
class Everyday:
    """A hub on the big database, its everyday work by name, and what was asked of the database in each."""

    parts: Parts
    postman: Weather
    activities: list[Activity] = field(default_factory=list)
    asked: dict[str, dict[str, Asked]] = field(default_factory=dict)
    _presses: int = 0

    async def prepare(self) -> None:
        """Schedule what is to come."""
        for number in range(big.TO_COME):
            starts_at = MONDAY_NINE + timedelta(days=3 + number, hours=2)
            draft = ActivityDraft(
                kind="warsztaty-sieci",
                title=f"Warsztaty {number}",
                networks=(big.NETWORK,),
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=4),
                zone="Europe/Warsaw",
                answer_by=starts_at - timedelta(days=2),
            )
            async with self.parts.storage.work() as work:
                self.activities.append(await schedule_activity(work, HUB, big.EDITION, draft, now=self.parts.clock()))

    async def relay(self) -> None:
        """Reactions: due, done, failed, parked."""
        await self.parts.bus.run_due()
        async with self.parts.storage.work("relay") as work:
            assert await work.reactions.due(frozenset({"announce-activity"}), 100) == []
            await work.reactions.next_try()
            await work.reactions.parked()
            await work.reactions.settle(1, "announce-activity", retry=True)

    async def claim(self) -> None:
        """Deliveries: claimed, sent, put off, refused, doubtful and found again, abandoned by a worker that died."""
        delivery = self.parts.delivery
        await delivery.run_due()
        self.postman.dies = True
        with suppress(ConnectionAbortedError):
            await replace(delivery, lease=timedelta(seconds=-1)).run_due()
        self.postman.dies = False
        await replace(delivery, doubt_wait=timedelta()).run_due()
        async with self.parts.storage.reading() as work:
            await work.deliveries.next_times()
            await work.deliveries.oldest_waiting(self.parts.clock())
        async with self.parts.storage.work("claim") as work:
            await work.deliveries.to_sweep(timedelta(), 100)
            await work.deliveries.is_reconciled(self.parts.clock())
            await work.deliveries.parts("nobody's")
            await work.buckets.close(POST, timedelta())

    async def answer(self) -> None:
        """The answer button, and what follows from it."""
        handlers = self.parts.hub.attendance
        for press, activity in zip(
            (handlers.going, handlers.unsure, handlers.not_going), self.activities, strict=False
        ):
            await press(self._click(activity.id))
        await self.parts.bus.run_due()
        await self.parts.delivery.run_due()

    async def home(self) -> None:
        """``/pim`` and ``/pim terminy``, of an official and of a coordinator."""
        agenda = self.parts.hub.agenda
        for user in (OFFICIAL, EXPERT, COORDINATOR):
            assert (await agenda.waiting(self._command(user, ""))).blocks
            assert (await agenda.help(self._command(user, ""))).blocks
            for rest in ("", "miasto zielone", "Żory", "nic takiego"):
                assert (await agenda.agenda(self._command(user, rest))).blocks

    async def feed(self) -> None:
        """A calendar is fetched, an activity is moved and its item made anew."""
        await self._fetch()
        for activity in self.activities[-3:]:
            later = activity.starts_at + timedelta(days=1)
            async with self.parts.storage.work() as work:
                await move_activity(
                    work,
                    HUB,
                    activity.id,
                    starts_at=later,
                    ends_at=later + timedelta(hours=4),
                    answer_by=None,
                    now=self.parts.clock(),
                )
        await self.parts.bus.run_due()
        await self._fetch()

    async def _fetch(self) -> None:
        request = make_mocked_request("GET", "/", match_info={"slug": big.NETWORK})
        assert (await self.parts.hub.feeds.network(request)).status == 200

    async def reminder(self) -> None:
        """Reminders fall due, are heard of, written and sent; after a week with digests, ends and feedback."""
        for days in (1, 2, 4):
            self.parts.clock.offset += timedelta(days=days)
            await self.parts.falling_due.run_due()
            async with self.parts.storage.reading() as work:
                await work.due_items.next_at()
            await self.parts.bus.run_due()
            await self.parts.delivery.run_due()

    async def channel(self) -> None:
        """The bot is invited to a channel that messages wait for, and to one that nobody knows."""
        for number, conversation in enumerate(("C1", "C2")):
            happening = Happening(
                team_id=big.TEAM_ID,
                user_id="UBOT",
                key=f"event:{number}",
                type="member_joined_channel",
                event={"channel": conversation},
            )
            await self.parts.hub.channels.member_joined(happening)
        await self.parts.bus.run_due()

    async def match(self) -> None:
        """Somebody new comes, and somebody imported is looked for."""
        await self.parts.hub.agenda.door.meet(self._command("UNOWY", ""))
        async with self.parts.storage.work() as work:
            await work.identities.looked_up(f"member-{10_000_001}", at=MONDAY_NINE)
        await self.parts.matching.run_due()
        await self.parts.bus.run_due()
        await self.parts.delivery.run_due()

    async def watch(self) -> None:
        """``/readyz``."""
        await self.parts.hub.health.ready(make_mocked_request("GET", "/readyz"))

    def _command(self, user: str, rest: str) -> Command:
        return Command(team_id=big.TEAM_ID, user_id=user, key=f"command:{user}", word="", rest=rest)

    def _click(self, value: str) -> Click:
        self._presses += 1
        return Click(
            team_id=big.TEAM_ID, user_id=OFFICIAL, key=f"click:{self._presses}", action_id="attend", value=value
        )


WORK = ("prepare", "relay", "claim", "answer", "home", "feed", "reminder", "channel", "match", "watch")
"""In this order; each is what the next one works on."""


@asynccontextmanager
async def everyday(url: str, folder: Path) -> AsyncIterator[Everyday]:
    """Do everyday work on the big database, and note what it asks."""
    async with put_together(settings_for(folder, big.NOWHERE, database_url=url)) as parts:
        parts.clock.set_to(MONDAY_NINE)
        parts.delivery.chat = parts.matching.chat = postman = Weather(big.TEAM_ID)
        # In few rounds, so that a bad plan is met some times and not some hundred times before it is told.
        parts.bus.batch = parts.delivery.batch = parts.falling_due.batch = 500
        # What is old goes once a day, and reads everything that may be old: that is not everyday work.
        sealing, _retaining = parts.falling_due.chores
        parts.falling_due.chores = (sealing,)
        wide = Allowance(per_minute=1_000_000, burst=1_000_000)
        parts.delivery.pace, parts.delivery.flood = Pace(conversation=wide, posts=wide, changes=wide), 3
        parts.bus.longest_transaction = parts.delivery.longest_transaction = timedelta(minutes=10)
        hub = Everyday(parts=parts, postman=postman)
        for name in WORK:
            with listening(parts.storage.engine) as hub.asked[name]:
                await getattr(hub, name)()
        async with parts.storage.reading() as work:
            assert (await work.reactions.parked(), await work.reactions.next_try()) == ([], None)
        yield hub
