"""Reminders on fakes: planned for whoever owns the duty, bundled by day, planned anew only where nothing was sent."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from pim_bot.events.catalogue import MemberJoined, ReminderFellDue
from pim_bot.events.event import Event, RecordedEvent
from pim_bot.notifications.intent import Intent, Kind
from pim_bot.notifications.reminders import (
    KINDS,
    let_reminders_fall_due,
    plan_reminders,
    plan_reminders_for_member,
    remind,
)
from pim_bot.programme.activity import Activity, ActivityDraft, Answer
from pim_bot.programme.invitations import answer_invitation
from pim_bot.programme.preferences import Preferences
from pim_bot.programme.scheduling import cancel_activity, move_activity, schedule_activity
from tests.fakes import FakeWork
from tests.notifications.test_hours import said, warsaw
from tests.unit.green import DRAFT, EDITION, HUB, NOW, ZORY, ZORY2, acting, person, programme

FAR = replace(DRAFT, starts_at=warsaw("2022-03-24 10:00"), ends_at=warsaw("2022-03-24 15:00"), answer_by=None)
WEEK_BEFORE = warsaw("2022-03-17 10:00")


async def hear(work: FakeWork, reaction: Any, event: Event, at: datetime) -> None:
    await reaction(work, RecordedEvent(id=1, at=at, actor="command-line", event=event))


async def scheduled(work: FakeWork, draft: ActivityDraft = FAR) -> Activity:
    activity = await schedule_activity(work, HUB, EDITION, draft, now=NOW)
    await hear(work, plan_reminders, work.recorded[-1][0], NOW)
    return activity


def planned(work: FakeWork) -> dict[str, list[str]]:
    """Member → when something is due to them."""
    found: dict[str, list[str]] = {}
    for item in work.due_items.planned():
        found.setdefault(item.member_id, []).append(said(item.due_at))
    return found


async def fall_due(work: FakeWork, now: datetime) -> list[Intent]:
    """Let everything fall due and be heard; tells the messages that follow."""
    before = len(work.recorded)
    await let_reminders_fall_due(work, await work.due_items.due(now, 100), now=now)
    for event, _, at in work.recorded[before:]:
        assert isinstance(event, ReminderFellDue)
        await hear(work, remind, event, at)
    messages = list(work.outbox.planned.values())
    work.outbox.planned.clear()
    return messages


async def test_everybody_invited_is_reminded_of_the_start_and_owners_of_the_duty_of_the_answer() -> None:
    work = programme()
    await scheduled(work, replace(FAR, answer_by=warsaw("2022-03-10 16:00")))
    start, answer = ["2022-03-17 10:00", "2022-03-23 10:00"], ["2022-03-04 08:00", "2022-03-09 15:59"]
    assert planned(work) == {
        "zory": answer + start,
        "zory2": start,
        "lublin": answer + start,
        "expert": answer + start,
        "guardian": answer + start,
        "ministry": answer + start,
    }


AWAY = Preferences(away_since=date(2022, 3, 1), away_until=date(2022, 3, 31), deputy="zory2")


async def test_the_answer_is_asked_of_the_deputy_of_whoever_is_away_and_the_start_of_nobody_for_them() -> None:
    work = programme()
    activity = await scheduled(work, replace(FAR, answer_by=warsaw("2022-03-10 16:00")))
    work.people.by_id["zory"] = replace(ZORY, preferences=AWAY)
    asked = await fall_due(work, warsaw("2022-03-04 08:00"))
    mine = [(one.recipient, one.subject) for one in asked if "zory" in one.recipient]
    assert mine == [("to:member:zory2", "member:zory")]
    await answer_invitation(work, acting(ZORY2), activity.id, Answer.GOING, people=None, now=warsaw("2022-03-05 08:00"))
    started = await fall_due(work, warsaw("2022-03-17 10:00"))
    mine = [(one.recipient, one.subject) for one in started if "zory" in one.recipient]
    assert mine == [("to:member:zory2", "member:zory2")]


async def test_without_a_deputy_nobody_is_reminded_of_what_is_over_after_the_return() -> None:
    work = programme()
    await scheduled(work, replace(FAR, answer_by=warsaw("2022-03-10 16:00")))
    work.people.by_id["zory"] = replace(ZORY, preferences=replace(AWAY, deputy=""))
    asked = await fall_due(work, warsaw("2022-03-04 08:00"))
    assert "to:member:zory" not in [one.recipient for one in asked]


async def test_two_activities_of_one_day_are_one_message_to_a_person() -> None:
    work = programme()
    await scheduled(work)
    await scheduled(work, replace(FAR, starts_at=warsaw("2022-03-24 15:00"), ends_at=warsaw("2022-03-24 17:00")))
    messages = await fall_due(work, WEEK_BEFORE)
    assert sorted(message.recipient for message in messages) == [
        "to:member:expert",
        "to:member:guardian",
        "to:member:lublin",
        "to:member:ministry",
        "to:member:zory",
    ]
    bundled = [item for state, item in work.due_items.by_id.values() if state == "fell" and item.member_id == "zory"]
    assert (len(bundled), {item.batch for item in bundled}) == (2, {messages[0].occurrence})
    assert await fall_due(work, warsaw("2022-03-17 15:30")) == []


async def test_the_bundle_of_a_day_takes_nothing_of_the_next_day() -> None:
    work = programme()
    await scheduled(work)
    await scheduled(work, replace(FAR, starts_at=warsaw("2022-03-25 10:00"), ends_at=warsaw("2022-03-25 12:00")))
    assert len(await fall_due(work, WEEK_BEFORE)) == 5
    assert len(await fall_due(work, warsaw("2022-03-18 10:00"))) == 5


async def test_whoever_does_not_go_hears_no_more_and_whoever_goes_hears_of_the_start() -> None:
    work = programme()
    activity = await scheduled(work)
    await answer_invitation(work, acting(ZORY), activity.id, Answer.GOING, people=["Osoba zory2"], now=NOW)
    for member in ("expert", "guardian", "ministry", "lublin"):
        one = work.people.by_id[member]
        await answer_invitation(work, acting(one), activity.id, Answer.NOT_GOING, now=NOW)
    messages = await fall_due(work, WEEK_BEFORE)
    assert sorted(message.recipient for message in messages) == ["to:member:zory", "to:member:zory2"]


async def test_a_move_plans_anew_only_what_was_not_sent() -> None:
    work = programme()
    activity = await scheduled(work)
    await fall_due(work, WEEK_BEFORE)
    now = warsaw("2022-03-18 10:00")
    later = warsaw("2022-04-21 10:00")
    moved = await move_activity(
        work, HUB, activity.id, starts_at=later, ends_at=later + timedelta(hours=1), answer_by=None, now=now
    )
    await hear(work, plan_reminders, work.recorded[-1][0], now)
    assert moved.revision == 2
    assert set(map(tuple, planned(work).values())) == {("2022-04-20 10:00",)}
    states = {(state, item.occurrence) for state, item in work.due_items.by_id.values()}
    assert states == {("fell", "10080"), ("planned", "1440")}


async def test_a_move_into_the_week_drops_the_rung_that_has_passed_and_a_move_back_brings_it_again() -> None:
    work = programme()
    activity = await scheduled(work)
    now = warsaw("2022-03-01 10:00")
    for starts_at, expected in (
        (warsaw("2022-03-04 10:00"), ("2022-03-03 10:00",)),
        (FAR.starts_at, ("2022-03-17 10:00", "2022-03-23 10:00")),
    ):
        await move_activity(
            work, HUB, activity.id, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), answer_by=None, now=now
        )
        await hear(work, plan_reminders, work.recorded[-1][0], now)
        assert set(map(tuple, planned(work).values())) == {expected}


async def test_a_cancelled_activity_plans_nothing_and_what_had_fallen_due_is_not_said() -> None:
    work = programme()
    activity = await scheduled(work)
    await let_reminders_fall_due(work, await work.due_items.due(WEEK_BEFORE, 100), now=WEEK_BEFORE)
    fallen = [event for event, _, _ in work.recorded if isinstance(event, ReminderFellDue)]
    await cancel_activity(work, HUB, activity.id, reason="", now=WEEK_BEFORE)
    await hear(work, plan_reminders, work.recorded[-1][0], WEEK_BEFORE)
    for event in fallen:
        await hear(work, remind, event, WEEK_BEFORE)
    assert (planned(work), work.outbox.planned) == ({}, {})
    assert len(fallen) == 6


async def test_an_old_event_plans_nothing() -> None:
    work = programme()
    activity = await scheduled(work)
    old = work.recorded[-1][0]
    await move_activity(
        work,
        HUB,
        activity.id,
        starts_at=warsaw("2022-04-24 10:00"),
        ends_at=warsaw("2022-04-24 12:00"),
        answer_by=None,
        now=NOW,
    )
    before = work.state()
    await hear(work, plan_reminders, old, NOW)
    assert work.state() == before


async def test_whoever_joins_a_team_gets_the_rungs_that_are_still_to_come() -> None:
    work = programme()
    await scheduled(work)
    newcomer = person("newcomer")
    work.people.by_id["newcomer"] = replace(newcomer, roles=ZORY.roles)
    now = warsaw("2022-03-17 12:00")
    await hear(work, plan_reminders_for_member, MemberJoined(member_id="newcomer", revision=1), now)
    assert planned(work)["newcomer"] == ["2022-03-23 10:00"]


async def test_a_reminder_is_held_in_quiet_time_but_never_past_the_start() -> None:
    night = warsaw("2022-03-16 20:00")
    for starts_at, not_before, why in (
        (warsaw("2022-03-17 10:00"), warsaw("2022-03-17 08:00"), "quiet-hours"),
        (warsaw("2022-03-17 07:30"), night, ""),
    ):
        work = programme()
        await scheduled(work, replace(FAR, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)))
        messages = await fall_due(work, night)
        told = {(one.kind, one.not_before, one.held_why) for one in messages}
        assert told == {(Kind.REMINDER, not_before, why)}


def test_what_is_reminded_of_is_the_answer_and_the_start() -> None:
    assert KINDS == ("reminder-answer", "reminder-start")
