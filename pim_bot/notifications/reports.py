"""Reactions to reports: whoever leads an activity that is over is asked for one, twice, and then the coordinators."""

from datetime import datetime, timedelta

from pim_bot.events.catalogue import ActivityEvent, ActivityReported, ReportFellDue
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.direct import tell_members
from pim_bot.notifications.hours import hours_of
from pim_bot.notifications.intent import DueItem, Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.activity import Activity, ActivityStatus
from pim_bot.programme.edition import Scope
from pim_bot.programme.hosting import place_of
from pim_bot.programme.people import Actor, Member, RoleName
from pim_bot.programme.permissions import Action, can

NUDGES = "report-nudge"
ESCALATES = "report-escalation"
NUDGE_AFTER = timedelta(days=3)
ESCALATE_AFTER = timedelta(days=7)
ASKED_WITHIN = timedelta(days=14)
"""What ended longer ago is history that an import tells, and nobody is asked about it."""
QUESTIONS = (Kind.REPORT_QUESTION, Kind.REPORT_NUDGE, Kind.REPORT_ESCALATION)


async def ask_for_report(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Ask those who lead the activity, and plan the nudge and the escalation; a session has a log of its own."""
    event = recorded.event
    assert isinstance(event, ActivityEvent)
    activity = await work.activities.get(event.activity_id)
    if activity is None or activity.status is not ActivityStatus.HELD:
        return
    kind = await work.editions.kind(activity.edition, activity.kind)
    is_session = kind is not None and kind.scope is Scope.ONE_CITY
    if is_session or recorded.at - activity.ends_at > ASKED_WITHIN or await work.reports.get(activity.id):
        return
    await tell_members(work, recorded, await leads_of(work, activity, recorded.at), Kind.REPORT_QUESTION)
    steps = {NUDGES: NUDGE_AFTER, ESCALATES: ESCALATE_AFTER}
    opens = hours_of(activity.zone).next_open
    due = {step: opens(recorded.at + after) for step, after in steps.items()}
    items = [DueItem(kind=step, subject=event.subject, due_at=at, nominal_at=at) for step, at in due.items()]
    await work.due_items.plan(items)


async def ask_again(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Remind those who lead it, or tell the coordinators, if there is still no report."""
    event = recorded.event
    assert isinstance(event, ReportFellDue)
    activity = await work.activities.get(event.activity_id)
    if activity is None or await work.reports.get(activity.id):
        return
    leads = await leads_of(work, activity, recorded.at)
    if event.step == NUDGES:
        await tell_members(work, recorded, leads, Kind.REPORT_NUDGE)
        return
    coordinators = await work.people.coordinators(activity.edition, recorded.at.date())
    asked = {one.id for one in leads}
    others = [one for one in coordinators if one.id not in asked]
    await tell_members(work, recorded, others, Kind.REPORT_ESCALATION)


async def leads_of(work: NotificationWork, activity: Activity, now: datetime) -> list[Member]:
    """Tell who leads an activity: who planned it, else the networks' MFiPR guardians, else the coordinators.

    Of a person who may not report any more, since they have left or have another role, it is not asked.
    """
    kind = await work.editions.kind(activity.edition, activity.kind)
    place = place_of(activity, kind)

    def may_report(member: Member) -> bool:
        actor, day = Actor(door="clock", member=member), member.day_of(now)
        return can(actor, Action.REPORT_ACTIVITY, place, day=day)

    planner = activity.scheduled_by.removeprefix("member:")
    planned = await work.people.many([planner]) if activity.scheduled_by.startswith("member:") else []
    if found := [one for one in planned if may_report(one)]:
        return found
    people = await work.people.in_networks(activity.edition, activity.networks, now.date())
    guardians = [
        one
        for one in people
        if any(one.has_role(RoleName.GUARDIAN, now.date(), network=slug, side="mfipr") for slug in activity.networks)
    ]
    return [one for one in guardians if may_report(one)] or await work.people.coordinators(activity.edition, now.date())


async def show_report(work: NotificationWork, recorded: RecordedEvent) -> None:
    """End the questions, and show the report where the activity was announced."""
    event = recorded.event
    assert isinstance(event, ActivityReported)
    subject = f"activity:{event.activity_id}"
    await work.outbox.drop(subject, QUESTIONS, why="reported")
    await work.outbox.refresh(subject, [*QUESTIONS, Kind.ANNOUNCEMENT, Kind.PLANNED], at=recorded.at)
    await work.due_items.keep_only(subject, (NUDGES, ESCALATES), [], why="reported")
