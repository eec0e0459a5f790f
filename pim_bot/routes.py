"""THE PAGE TO READ: which command, button, form, event, job and address leads to which function.

``Hub`` is the record of everything that was put together; ``bootstrap`` fills it.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from pim_bot.blocks import ids
from pim_bot.calendar.publishing import publish_activity
from pim_bot.events import catalogue as happened
from pim_bot.events.bus import Bus, Reaction, Reactions
from pim_bot.handlers.activities import ActivityHandlers
from pim_bot.handlers.agenda import AgendaHandlers
from pim_bot.handlers.assignments import AssignmentHandlers
from pim_bot.handlers.attendance import AttendanceHandlers
from pim_bot.handlers.channels import ChannelHandlers
from pim_bot.handlers.deliveries import DeliveryHandlers
from pim_bot.handlers.dispatch import Dispatcher, Tables
from pim_bot.handlers.feedback import FeedbackHandlers
from pim_bot.handlers.home import HomeHandlers
from pim_bot.handlers.privacy import PrivacyHandlers
from pim_bot.jobs.deliver import Delivery
from pim_bot.jobs.match import Matching
from pim_bot.notifications import activities, assignments, deciding, digests, feedback, home, members, reminders
from pim_bot.web.feeds import FeedPages
from pim_bot.web.health import HealthPages
from pim_bot.web.slack import SlackPages


@dataclass(frozen=True, kw_only=True, slots=True)
class Hub:
    """Every bound handler and job."""

    activities: ActivityHandlers
    attendance: AttendanceHandlers
    agenda: AgendaHandlers
    assignments: AssignmentHandlers
    feedback: FeedbackHandlers
    channels: ChannelHandlers
    home: HomeHandlers
    privacy: PrivacyHandlers
    deliveries: DeliveryHandlers
    feeds: FeedPages
    health: HealthPages
    metrics: Callable[[web.Request], Awaitable[web.Response]] | None = None


SHOWN_AT_HOME = Reaction("refresh-homes", home.refresh_homes)

# What happened → who hears of it. The names are kept with every receipt and never change.
REACTIONS: Reactions = {
    happened.ActivityScheduled: (
        Reaction("announce-activity", activities.announce_activity),
        Reaction("invite-participants", activities.invite_participants),
        Reaction("plan-reminders", reminders.plan_reminders),
        Reaction("plan-end", feedback.plan_end),
        Reaction("publish-activity", publish_activity),
        SHOWN_AT_HOME,
    ),
    happened.ActivityMoved: (
        Reaction("tell-of-move", activities.tell_of_move),
        Reaction("plan-reminders", reminders.plan_reminders),
        Reaction("plan-end", feedback.plan_end),
        Reaction("publish-activity", publish_activity),
        SHOWN_AT_HOME,
    ),
    happened.ActivityCancelled: (
        Reaction("tell-of-cancellation", activities.tell_of_cancellation),
        Reaction("plan-reminders", reminders.plan_reminders),
        Reaction("plan-end", feedback.plan_end),
        Reaction("publish-activity", publish_activity),
        SHOWN_AT_HOME,
    ),
    happened.ActivityHeld: (Reaction("show-held", activities.show_held), SHOWN_AT_HOME),
    happened.AttendanceAnswered: (Reaction("show-answer", activities.show_answer), SHOWN_AT_HOME),
    happened.ExpertAssigned: (Reaction("ask-expert", assignments.ask_expert), SHOWN_AT_HOME),
    happened.ExpertAccepted: (
        Reaction("tell-of-assignment-answer", assignments.tell_of_assignment_answer),
        SHOWN_AT_HOME,
    ),
    happened.ExpertDeclined: (
        Reaction("tell-of-assignment-answer", assignments.tell_of_assignment_answer),
        SHOWN_AT_HOME,
    ),
    happened.MemberJoined: (
        Reaction("plan-reminders-for-member", reminders.plan_reminders_for_member),
        Reaction("plan-digest", digests.plan_digest),
    ),
    happened.RestrictionLifted: (
        Reaction("plan-reminders-for-member", reminders.plan_reminders_for_member),
        Reaction("plan-digest", digests.plan_digest),
    ),
    happened.MemberMatched: (Reaction("welcome-member", members.welcome_member), SHOWN_AT_HOME),
    happened.StrangerMet: (Reaction("answer-stranger", members.answer_stranger),),
    happened.ChannelOpened: (Reaction("release-channel", members.release_channel),),
    happened.ReminderFellDue: (Reaction("remind", reminders.remind),),
    happened.FeedbackRequested: (Reaction("ask-for-feedback", feedback.ask_for_feedback), SHOWN_AT_HOME),
    happened.FeedbackGiven: (Reaction("thank-for-feedback", feedback.thank_for_feedback), SHOWN_AT_HOME),
    happened.FeedbackClosed: (Reaction("tell-feedback-result", feedback.tell_feedback_result), SHOWN_AT_HOME),
    happened.DigestFellDue: (Reaction("send-digest", digests.send_digest),),
    happened.DeliveryFailed: (
        Reaction("tell-of-failed-delivery", members.tell_of_failed_delivery),
        Reaction("show-deliveries", deciding.show_deliveries),
    ),
    happened.DeliveryResent: (Reaction("show-deliveries", deciding.show_deliveries),),
    happened.DeliveryDropped: (Reaction("show-deliveries", deciding.show_deliveries),),
    happened.RunsMissed: (Reaction("tell-of-missed-runs", members.tell_of_missed_runs),),
}


def chat_tables(hub: Hub) -> Tables:
    """Names on the wire → handlers. Command words are written without diacritics; people may type them with."""
    return Tables(
        commands={
            "": hub.agenda.waiting,
            "pomoc": hub.agenda.help,
            "help": hub.agenda.help,
            "terminy": hub.agenda.agenda,
            "agenda": hub.agenda.agenda,
            "plan": hub.agenda.agenda,
            "wydarzenie": hub.activities.open_form_by_command,
            "activity": hub.activities.open_form_by_command,
            "dzialanie": hub.activities.open_form_by_command,
            "przypisz": hub.assignments.open_form_by_command,
            "assign": hub.assignments.open_form_by_command,
            "moje": hub.privacy.my_data,
            "my": hub.privacy.my_data,
            "co": hub.privacy.my_data,
            "rodo": hub.privacy.my_data,
            "gdpr": hub.privacy.my_data,
            "doreczenia": hub.deliveries.show,
            "deliveries": hub.deliveries.show,
            "wysylka": hub.deliveries.show,
        },
        unknown_command=hub.agenda.unknown,
        buttons={
            ids.GOING: hub.attendance.going,
            ids.UNSURE: hub.attendance.unsure,
            ids.NOT_GOING: hub.attendance.not_going,
            ids.REGISTER: hub.attendance.open_people,
            ids.ANSWER: hub.attendance.open_answer,
            ids.NEW_ACTIVITY: hub.activities.open_form,
            ids.MOVE: hub.activities.open_move,
            ids.CANCEL: hub.activities.open_cancel,
            ids.SHOW_AGENDA: hub.agenda.show_agenda,
            ids.ASSIGN: hub.assignments.open_form,
            ids.ACCEPT: hub.assignments.accept,
            ids.DECLINE: hub.assignments.decline,
            ids.SCORE: hub.feedback.score,
            ids.CORRECT_DATA: hub.privacy.open_correction,
            ids.LIMIT_DATA: hub.privacy.limit,
            ids.LIFT_LIMIT: hub.privacy.lift_limit,
            ids.SHOW_DELIVERIES: hub.deliveries.show_by_click,
            ids.MORE_DELIVERIES: hub.deliveries.show_more,
            ids.RESEND_DELIVERY: hub.deliveries.resend,
            ids.DROP_DELIVERY: hub.deliveries.drop,
            ids.NEW_ACTIVITY_SHORTCUT: hub.activities.open_form,
        },
        forms={
            ids.ACTIVITY_FORM: hub.activities.schedule,
            ids.MOVE_FORM: hub.activities.move,
            ids.MOVE_PREVIEW: hub.activities.confirm_move,
            ids.CANCEL_FORM: hub.activities.cancel,
            ids.PEOPLE_FORM: hub.attendance.register_people,
            ids.ANSWER_FORM: hub.attendance.answer,
            ids.ASSIGNMENT_FORM: hub.assignments.assign,
            ids.CORRECTION_FORM: hub.privacy.correct,
        },
        suggestions={
            "cities": hub.activities.suggest_cities,
            "city": hub.activities.suggest_cities,
        },
        happenings={
            "member_joined_channel": hub.channels.member_joined,
            "message": hub.channels.message,
            "app_home_opened": hub.home.opened,
            "app_uninstalled": hub.channels.left,
            "tokens_revoked": hub.channels.left,
        },
    )


def slack_routes(bolt: AsyncApp, dispatcher: Dispatcher) -> None:
    """One listener for each kind of request; which handler it is stands in ``chat_tables``.

    Bolt tries its listeners one after the other, so few of them are fast. Everything is acknowledged here, after the
    handler's transaction is committed.
    """
    everything = re.compile(".*", re.DOTALL)

    async def on_command(ack: AsyncAck, body: dict[str, Any]) -> None:
        answer = await dispatcher.command(body)
        await (ack(answer) if answer else ack())

    async def on_click(ack: AsyncAck, body: dict[str, Any]) -> None:
        await dispatcher.click(body)
        await ack()

    async def on_submission(ack: AsyncAck, body: dict[str, Any]) -> None:
        answer = await dispatcher.submission(body)
        await (ack(**answer) if answer else ack())

    async def on_suggestion(ack: AsyncAck, body: dict[str, Any]) -> None:
        answer = await dispatcher.suggestion(body)
        await ack(**(answer or {"options": []}))

    async def on_happening(body: dict[str, Any], request: AsyncBoltRequest) -> None:
        retry = request.headers.get("x-slack-retry-num", ["0"])[0]
        await dispatcher.happening(body, retry=int(retry) if str(retry).isdigit() else 0)

    async def on_shortcut(ack: AsyncAck, body: dict[str, Any]) -> None:
        await dispatcher.shortcut(body)
        await ack()

    # In the order of their frequency: every listener that is tried in vain costs time.
    bolt.action(everything)(on_click)
    bolt.event(everything)(on_happening)
    bolt.command(everything)(on_command)
    bolt.view(everything)(on_submission)
    bolt.options(everything)(on_suggestion)
    bolt.shortcut(everything)(on_shortcut)


LIMITS: Mapping[str, int] = {
    "/slack/events": 0,  # only what has no signature is counted, by the guard: Slack itself is never held up
    "/healthz": 0,  # costs nothing, and a supervisor that reads 429 kills a process that is well
    "/readyz": 5,
    "/metrics": 5,
}
"""Addresses → how many times as many requests as elsewhere one client may make; 0 = any number."""


def web_routes(app: web.Application, hub: Hub, slack: SlackPages | None) -> None:
    """Addresses → pages."""
    health_routes(app, hub)
    app.router.add_get("/ical/siec/{slug}.ics", hub.feeds.network)
    if slack is not None:
        app.router.add_post("/slack/events", slack.receive)


def health_routes(app: web.Application, hub: Hub) -> None:
    """Addresses → pages for a supervisor; also processes that serve nothing else have them."""
    app.router.add_get("/healthz", hub.health.alive)
    app.router.add_get("/readyz", hub.health.ready)
    if hub.metrics is not None:
        app.router.add_get("/metrics", hub.metrics)


def jobs(bus: Bus, delivery: Delivery, matching: Matching) -> Mapping[str, Callable[[], Awaitable[object]]]:
    """Bells → the workers' background work. What falls due is the leading clock's (``jobs/fall_due.py``)."""
    return {
        "relay": bus.run_due,
        "deliver": delivery.run_due,
        "match": matching.run_due,
    }
