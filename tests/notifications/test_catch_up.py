"""After an outage: each person gets one message for each activity that still matters, and none for any other."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pim_bot.i18n import Words
from pim_bot.programme.activity import Activity, ActivityDraft, Answer
from pim_bot.programme.invitations import answer_invitation
from pim_bot.programme.people import Actor
from pim_bot.programme.scheduling import cancel_activity, schedule_activity
from tests.engines import Engines
from tests.hub import USERS, RunningHub, running_hub
from tests.notifications.test_hours import warsaw

CLI = Actor(door="command-line")
HAVE_DIGESTS = {"koordynatorka", "opiekunka", "ministerstwo"}
EDITION = "pim2-2021-2023"


def draft(title: str, day: str, kind: str = "warsztaty-sieci", hour: int = 10) -> ActivityDraft:
    starts_at = warsaw(f"{day} {hour:02}:00")
    return ActivityDraft(
        kind=kind,
        title=title,
        networks=("miasto-zielone",),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        zone="Europe/Warsaw",
    )


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines) as running:
        await running.settle()
        yield running


async def scheduled(hub: RunningHub, wanted: ActivityDraft, *, going: tuple[str, ...] = ()) -> Activity:
    """Schedule an activity, let these people answer that they go, and let all of it be told."""
    async with hub.parts.storage.work() as work:
        activity = await schedule_activity(work, CLI, EDITION, wanted, now=hub.parts.clock())
        for name in going:
            member = await work.people.by_chat_user(hub.slack.workspace.team_id, f"U{name.upper()}")
            assert member is not None
            actor = Actor(door="chat", member=member)
            await answer_invitation(work, actor, activity.id, Answer.GOING, now=hub.parts.clock())
    await hub.settle()
    return activity


def directly(hub: RunningHub, title: str) -> dict[str, int]:
    """How many messages each person has that speak of an activity."""
    counted = {name: sum(title in text for text in hub.texts(name)) for name in USERS}
    return {name: count for name, count in counted.items() if count}


def reminders(hub: RunningHub, name: str, title: str) -> int:
    """How many reminders of an activity somebody has."""
    begin = tuple(Words(language).text("Przypominamy: {lines}", lines="") for language in ("pl", "en"))
    return sum(text.startswith(begin) and title in text for text in hub.texts(name))


async def outage_until(hub: RunningHub, moment: datetime) -> None:
    """Nothing runs until that moment; then everything does."""
    hub.parts.clock.set_to(moment)
    await hub.settle()


def gained(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: count - before.get(name, 0) for name, count in after.items() if count != before.get(name, 0)}


async def test_after_three_hours_one_message_takes_everything_that_fell_due(hub: RunningHub) -> None:
    await scheduled(hub, draft("Woda", "2022-01-20", hour=10))
    await scheduled(hub, draft("Zieleń", "2022-01-20", hour=12))
    await outage_until(hub, warsaw("2022-01-13 09:30"))
    before = Counter({name: len(hub.texts(name)) for name in USERS})
    await outage_until(hub, warsaw("2022-01-13 12:30"))
    after = Counter({name: len(hub.texts(name)) for name in USERS})
    owners = {"ekspert", "opiekunka", "ministerstwo", "zory", "lublin"}
    assert after - before == Counter(dict.fromkeys(owners, 1))
    assert all("Woda" in hub.texts(name)[-1] and "Zieleń" in hub.texts(name)[-1] for name in owners)


async def test_after_three_weeks_one_message_for_what_is_to_come(hub: RunningHub) -> None:
    trip = replace(
        draft("Wizyta", "2022-02-15", "zagraniczna-wizyta-studyjna", 0),
        all_day=True,
        ends_at=warsaw("2022-02-19 00:00"),
        answer_by=warsaw("2022-02-10 16:00"),
    )
    await scheduled(hub, trip)
    before = directly(hub, "Wizyta")
    await outage_until(hub, warsaw("2022-02-08 10:00"))
    owners = {"ekspert", "opiekunka", "ministerstwo", "zory", "lublin"}
    told = gained(before, directly(hub, "Wizyta"))
    assert told == {name: 1 + (name in HAVE_DIGESTS) for name in owners} | {"koordynatorka": 1}
    assert {name: reminders(hub, name, "Wizyta") for name in owners} == dict.fromkeys(owners, 1)


async def test_after_three_weeks_nothing_is_said_of_what_is_past_or_called_off(hub: RunningHub) -> None:
    await scheduled(hub, draft("Przeszłość", "2022-01-20"))
    cancelled = await scheduled(hub, draft("Odwołane spotkanie", "2022-02-01"))
    hub.parts.clock.set_to(warsaw("2022-01-31 10:00"))
    async with hub.parts.storage.work() as work:
        await cancel_activity(work, CLI, cancelled.id, reason="", now=hub.parts.clock())
    await hub.settle()
    titles = ("Przeszłość", "Odwołane spotkanie")
    assert {reminders(hub, name, title) for name in USERS for title in titles} == {0}


async def test_after_three_weeks_feedback_is_asked_once_and_not_reminded_of_in_the_same_breath(
    hub: RunningHub,
) -> None:
    await hub.meet()
    await scheduled(hub, draft("Warsztat", "2022-01-12"), going=("zory", "ekspert"))
    before = directly(hub, "Warsztat")
    await outage_until(hub, warsaw("2022-01-24 10:00"))
    told = gained(before, directly(hub, "Warsztat"))
    told = {name: count for name, count in told.items() if name not in HAVE_DIGESTS}
    assert told == {"zory": 1, "ekspert": 1}


async def test_a_round_of_feedback_that_an_outage_swallowed_is_closed_all_the_same(hub: RunningHub) -> None:
    await hub.meet()
    activity = await scheduled(hub, draft("Warsztat", "2022-01-12"), going=("zory", "ekspert"))
    await outage_until(hub, warsaw("2022-02-02 10:00"))
    await hub.wind(days=30)
    async with hub.parts.storage.reading() as work:
        found = await work.feedback.get(f"activity:{activity.id}")
        assert found is None or not found.is_open


async def test_of_the_digests_that_an_outage_swallowed_one_comes(hub: RunningHub) -> None:
    await outage_until(hub, warsaw("2022-02-01 10:00"))
    digests = [text.splitlines()[0] for text in hub.texts("koordynatorka") if text.startswith("Przegląd tygodnia")]
    assert digests == ["Przegląd tygodnia: 31 stycznia – 6 lutego 2022"]
    await hub.wind(days=7)
    digests = [text.splitlines()[0] for text in hub.texts("koordynatorka") if text.startswith("Przegląd tygodnia")]
    assert digests[1:] == ["Przegląd tygodnia: 7–13 lutego 2022"]
