"""Reminders: rungs planned for each person, bundled when they fall due, and said only if they still matter."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from pim_bot.events.catalogue import ActivityEvent, MemberEvent, ReminderFellDue, TeamChanged
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.audience import Invited, audience_of, audiences_of
from pim_bot.notifications.direct import heard_by, opening_for
from pim_bot.notifications.hours import hours_for, hours_of
from pim_bot.notifications.intent import DueItem, Intent, Kind
from pim_bot.notifications.ladders import ANSWER, START, ladder
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.activity import Activity, Answer
from pim_bot.programme.people import Actor, Member
from pim_bot.programme.preferences import Topic

KINDS = (ANSWER, START)
CLOCK = Actor(door="clock")
PREFERRED = "preferred"
"""Why a rung is dropped that a person does not want, or that is no longer theirs."""


async def plan_reminders(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Plan the rungs of an activity anew; what was sent stays sent, what is no longer due is dropped."""
    event = recorded.event
    assert isinstance(event, ActivityEvent)
    activity = await work.activities.get(event.activity_id)
    if activity is None or activity.revision != event.revision:
        return
    items: list[DueItem] = []
    if activity.is_open:
        kind = await work.editions.kind(activity.edition, activity.kind)
        leads = kind.ladder if kind else ()
        for one in await audience_of(work, activity):
            items += _items(activity, one, leads, recorded.at)
    await work.due_items.keep_only(event.subject, KINDS, items, why=activity.status)


async def plan_reminders_for_member(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Plan the rungs of everything a person's invitations are for, as they prefer it; others are dropped."""
    event = recorded.event
    assert isinstance(event, MemberEvent)
    await _plan_for(work, [event.member_id], recorded.at)


async def plan_reminders_of_team(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Plan the rungs of a team anew: its duties may be somebody else's now, and whoever left has none."""
    event = recorded.event
    assert isinstance(event, TeamChanged)
    team = await work.people.enrolled(event.edition, event.network, event.city, recorded.at.date())
    await _plan_for(work, sorted({event.member_id, *(one.id for one in team)}), recorded.at)


async def _plan_for(work: NotificationWork, member_ids: Sequence[str], now: datetime) -> None:
    members = {one.id: one for one in await work.people.many(member_ids)}
    invitees = dict.fromkeys(invitee for one in members.values() for invitee in one.every_invitee())
    invited = await work.attendances.of_invitees(list(invitees), now)
    activities = {activity.id: activity for activity, _ in invited if activity.is_open}
    items: list[DueItem] = []
    for activity_id, audience in (await audiences_of(work, list(activities.values()))).items():
        activity = activities[activity_id]
        kind = await work.editions.kind(activity.edition, activity.kind)
        for one in audience:
            if one.member.id in members and kind is not None:
                items += _items(activity, one, kind.ladder, now)
    await work.due_items.keep_only_for(list(members), KINDS, items, why=PREFERRED)


def _items(activity: Activity, invited: Invited, leads: tuple[int, ...], now: datetime) -> list[DueItem]:
    preferences = invited.member.preferences
    if not preferences.wants(Topic.REMINDERS):
        return []
    return [
        DueItem(
            kind=rung.kind,
            subject=f"activity:{activity.id}",
            member_id=invited.member.id,
            occurrence=rung.occurrence,
            due_at=rung.due_at,
            nominal_at=rung.nominal_at,
            why=rung.why,
        )
        for rung in ladder(activity, preferences.ladder or leads, hours_for(invited.member), now)
        if rung.kind == START or invited.owns_duty
    ]


async def let_reminders_fall_due(work: NotificationWork, items: list[DueItem], *, now: datetime) -> None:
    """Turn due rungs into one event a person; everything else that is due to that person today comes along."""
    members = await work.people.many([item.member_id for item in items])
    untils = {one.id: hours_of(one.zone).end_of_day(now) for one in members}
    await work.due_items.fell([item for item in items if item.member_id not in untils])
    due = await work.due_items.of_members(untils, KINDS)
    batch = now.isoformat(timespec="seconds")
    await work.due_items.fell(due, batch=batch)
    by_member = sorted(due, key=lambda item: item.member_id)
    for member_id, bundle in groupby(by_member, key=lambda item: item.member_id):
        event = ReminderFellDue(member_id=member_id, day=batch, due_ids=tuple(item.id for item in bundle))
        work.record(event, actor=CLOCK, at=now)


async def remind(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Plan the one message that reminds a person, if anything in it still matters."""
    event = recorded.event
    assert isinstance(event, ReminderFellDue)
    member = await work.people.get(event.member_id)
    if member is None:
        return
    matters = await what_matters(work, member, event.day, recorded.at)
    if not matters:
        return
    (hears,) = await heard_by(work, [member], recorded.at)
    if hears.id != member.id:
        matters = await duties_for(work, hears, matters, recorded.at)
    elif member.preferences.is_away(member.day_of(recorded.at)):
        matters = []  # nobody stands in, and after the return it is too late
    if not matters:
        return
    not_before, why = opening_for(hears, recorded.at)
    starts = min(activity.starts_at for activity, _ in matters)
    if not_before >= starts:
        not_before, why = recorded.at, ""
    recipients = await work.recipients.members([hears.id])
    await work.outbox.intend(
        [
            Intent(
                kind=Kind.REMINDER,
                recipient=recipients[hears.id],
                subject=event.subject,
                occurrence=event.day,
                not_before=not_before,
                held_why=why,
            )
        ]
    )


async def duties_for(
    work: NotificationWork, deputy: Member, matters: Sequence[tuple[Activity, Invited]], now: datetime
) -> list[tuple[Activity, Invited]]:
    """Tell what of somebody's reminder their deputy hears: answers that they may give and do not owe themselves."""
    mine = set(deputy.invitees(deputy.day_of(now)))
    audiences = await audiences_of(work, [activity for activity, _ in matters])
    return [
        (activity, one)
        for activity, one in matters
        if one.owes_answer
        and one.attendance.invitee in mine
        and not any(own.member.id == deputy.id and own.owns_duty for own in audiences[activity.id])
    ]


def _goes_or_should_say(one: Invited, activity: Activity, now: datetime) -> bool:
    """Tell whether the start is worth a word; whoever still owes an answer is reminded of that until it is late."""
    if one.owes_answer and activity.answer_by is not None and activity.answer_by > now:
        return False
    return one.takes_part and (not one.owes_answer or one.owns_duty)


def why_silent(one: Invited | None, kind: str) -> str:
    """Tell the code of why a rung is not worth a word to this person; "" when it is."""
    if one is None:
        return "not-invited"
    if one.attendance.answer is Answer.NOT_GOING:
        return "not-going"
    if kind == ANSWER:
        return "" if one.owes_answer else "answered"
    if not one.takes_part:
        return "others-go"
    if one.owes_answer:
        return "answer-first" if one.owns_duty else "contact-answers"
    return ""


async def what_matters(
    work: NotificationWork, member: Member, batch: str, now: datetime, *, said: bool = False
) -> list[tuple[Activity, Invited]]:
    """Tell, of a bundle of rungs, the activities that are still worth a word to this person, by start.

    Of a bundle that was ``said`` already everything stays worth its word.
    """
    found: dict[str, tuple[Activity, Invited]] = {}
    items = await work.due_items.of_batch(member.id, batch)
    activities = await work.activities.many(item.subject.removeprefix("activity:") for item in items)
    worth = [one for one in activities.values() if said or (one.is_open and one.starts_at > now)]
    audiences = await audiences_of(work, worth)
    for item in items:
        activity = activities.get(item.subject.removeprefix("activity:"))
        if activity is None:
            continue
        for one in audiences.get(activity.id, ()):
            wanted = one.owes_answer if item.kind == ANSWER else _goes_or_should_say(one, activity, now)
            if one.member.id == member.id and (said or wanted):
                found[activity.id] = (activity, one)
    return sorted(found.values(), key=lambda pair: pair[0].starts_at)
