"""The dead man's notice: when no clock runs, coordinators are told once of each run that did not take place."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from pim_bot.blocks.missed import Missed, runs_missed
from pim_bot.i18n import Words
from pim_bot.jobs.dead_man import GRACE
from pim_bot.notifications.intent import Kind, State
from pim_bot.storage.tables.flow import event_log, notification
from tests.engines import Engines
from tests.hub import RunningHub, running_hub
from tests.integration.test_walk import WORKSHOP
from tests.notifications.test_hours import warsaw

FRIDAY = datetime(2022, 1, 14, 14, 0, tzinfo=UTC)
DIGESTS = "przegląd tygodnia – poniedziałek, 17 stycznia 2022, 8:00"


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    """A hub on Friday at 15:00; the digests of Monday at 8:00 are planned."""
    async with running_hub(engines, at=FRIDAY, looked_up=True) as running:
        await running.settle()
        yield running


async def stand_still(hub: RunningHub, until: datetime) -> None:
    """Time goes on, and the clock does not let anything fall due; everything else works."""
    hub.machine.advance(seconds=(until - hub.parts.clock()).total_seconds())
    await deliver(hub)


async def deliver(hub: RunningHub) -> None:
    while await hub.parts.bus.run_due() + await hub.parts.delivery.run_due():
        continue


async def look(hub: RunningHub) -> int:
    """One round of the watch of a process that has looked before."""
    told = await hub.parts.dead_man.look()
    hub.machine.advance(seconds=GRACE.total_seconds())
    told += await hub.parts.dead_man.look()
    await deliver(hub)
    return told


def notices(hub: RunningHub, name: str = "koordynatorka") -> list[str]:
    return [text for text in hub.texts(name) if text.startswith("Nie wyszło na czas")]


async def test_the_digest_that_did_not_run_is_told_once_and_comes_when_the_clock_is_back(hub: RunningHub) -> None:
    await stand_still(hub, warsaw("2022-01-17 08:16"))
    assert await look(hub) == 1
    (notice,) = notices(hub)
    assert notice == (
        f"Nie wyszło na czas: {DIGESTS}, dla: Koordynatorka (przykład), Ministerstwo (przykład), "
        "Opiekunka sieci (przykład). Zegar centrum nie pracuje. Prosimy o przekazanie tego osobie, która opiekuje się "
        "serwerem: co jest nie tak, powie polecenie pim-bot doctor, a zegar uruchamia pim-bot run albo pim-bot clock. "
        "To, co nadal ma sens, wyjdzie potem samo."
    )
    assert [await look(hub) for _ in range(5)] == [0] * 5
    assert notices(hub, "opiekunka") == []
    await hub.settle()  # the clock is back
    digests = await hub.rows(notification, notification.c.occurrence, notification.c.state)
    assert digests.count(("2022-W03", State.SENT)) == 3
    assert len(notices(hub)) == 1


async def test_a_clock_that_only_comes_a_little_late_is_not_told(hub: RunningHub) -> None:
    await stand_still(hub, warsaw("2022-01-17 08:14"))
    assert await look(hub) == 0
    # After an outage of everything the first look finds much; the clock catches up before the second one.
    await stand_still(hub, warsaw("2022-01-19 10:00"))
    assert await hub.parts.dead_man.look() == 0
    await hub.settle()
    hub.machine.advance(seconds=GRACE.total_seconds())
    assert await hub.parts.dead_man.look() == 0
    assert notices(hub) == []


async def test_while_nobody_leads_each_further_run_is_told_once_too(hub: RunningHub) -> None:
    planner = hub.user("koordynatorka")
    await planner.command("/pim", "wydarzenie")
    await planner.submit(planner.modal, WORKSHOP)  # on Thursday; its reminders fall due on Wednesday
    await hub.settle()
    told = []
    for moment in ("2022-01-17 08:16", "2022-01-18 12:00", "2022-01-19 12:00", "2022-01-19 15:00"):
        await stand_still(hub, warsaw(moment))
        told.append(await look(hub))
    assert told == [2, 0, 1, 0]
    first, second = notices(hub)
    assert ("przegląd" in first, "przypomnienie o odpowiedzi" in first) == (True, True)
    assert ("przegląd" in second, "przypomnienie o wydarzeniu – środa, 19 stycznia 2022" in second) == (False, True)


async def test_two_processes_that_look_at_once_tell_it_once(hub: RunningHub) -> None:
    await stand_still(hub, warsaw("2022-01-17 09:00"))
    hub.parts.dead_man._since = hub.machine() - GRACE
    told = [await hub.parts.dead_man.look() for _ in range(2)]
    await deliver(hub)
    assert (sum(told), len(notices(hub))) == (1, 1)
    events = await hub.rows(event_log, event_log.c.type)
    assert events.count(("RunsMissed",)) == 1


async def test_when_the_notice_is_written_after_the_clock_is_back_it_says_so(hub: RunningHub) -> None:
    await stand_still(hub, warsaw("2022-01-17 07:00"))
    await stand_still(hub, warsaw("2022-01-17 08:16"))
    await hub.parts.dead_man.look()
    hub.machine.advance(seconds=GRACE.total_seconds())
    assert await hub.parts.dead_man.look() == 1
    await hub.parts.falling_due.run_due()  # before a worker has come to the notice
    await deliver(hub)
    (notice,) = notices(hub)
    assert "Zegar centrum stał, ale znów pracuje" in notice


async def test_winding_through_weeks_tells_nothing(hub: RunningHub) -> None:
    for _ in range(4):
        await hub.wind(days=7)
        assert await look(hub) == 0
    assert notices(hub) == []


async def test_readyz_names_what_did_not_run(hub: RunningHub) -> None:
    await stand_still(hub, warsaw("2022-01-17 08:16"))
    verdict, _ = await hub.parts.hub.health.examine()
    assert verdict.wrong == {"missed-runs": "did not run: digest of 2022-01-17 07:00 UTC (3)"}


async def test_a_digest_that_reaches_nobody_is_told_to_the_other_coordinators_and_named(hub: RunningHub) -> None:
    hub.slack.workspace.user("UOPIEKUNKA").deleted = True
    await hub.wind(days=4)
    kinds = await hub.rows(notification, notification.c.kind, notification.c.state)
    assert (Kind.DIGEST, State.FAILED) in kinds
    assert any("przegląd tygodnia" in text for text in hub.texts("koordynatorka"))
    verdict, _ = await hub.parts.hub.health.examine()
    assert "digest 1" in verdict.attention["dead-letters"]


def test_many_are_named_by_their_number() -> None:
    run = Missed(
        kind="reminder-start",
        due_at=warsaw("2022-01-17 08:00"),
        items=5,
        names=("Anna Nowak (przykład)", "Jan Kos (przykład)"),
        waits=True,
    )
    assert runs_missed(Words("en"), [run]).text == (
        "Not sent on time: reminder of an activity – Monday, 17 January 2022, 8:00, for: Anna Nowak (przykład), "
        "Jan Kos (przykład) and others (3). The hub's clock is not running. Please pass this on to whoever looks after "
        "the server: pim-bot doctor says what is wrong, and pim-bot run or pim-bot clock starts the clock. Whatever "
        "still matters then goes out by itself."
    )


def test_a_grace_is_shorter_than_what_is_promised() -> None:
    assert timedelta() < GRACE <= timedelta(seconds=30)
