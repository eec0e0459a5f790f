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
from pim_bot.handlers.absence import AbsenceHandlers
from pim_bot.handlers.activities import ActivityHandlers
from pim_bot.handlers.agenda import AgendaHandlers
from pim_bot.handlers.arranging import ArrangingHandlers
from pim_bot.handlers.assignments import AssignmentHandlers
from pim_bot.handlers.attendance import AttendanceHandlers
from pim_bot.handlers.bulletins import BulletinHandlers
from pim_bot.handlers.channels import ChannelHandlers
from pim_bot.handlers.contributions import ContributionHandlers
from pim_bot.handlers.deliveries import DeliveryHandlers
from pim_bot.handlers.dispatch import Dispatcher, Tables
from pim_bot.handlers.documents import DocumentHandlers
from pim_bot.handlers.feedback import FeedbackHandlers
from pim_bot.handlers.files import FileHandlers
from pim_bot.handlers.home import HomeHandlers
from pim_bot.handlers.materials import MaterialHandlers
from pim_bot.handlers.newcomers import NewcomerHandlers
from pim_bot.handlers.preferences import PreferenceHandlers
from pim_bot.handlers.presence import PresenceHandlers
from pim_bot.handlers.privacy import PrivacyHandlers
from pim_bot.handlers.questions import QuestionHandlers
from pim_bot.handlers.reports import ReportHandlers
from pim_bot.handlers.sessions import SessionHandlers
from pim_bot.handlers.teams import TeamHandlers
from pim_bot.handlers.topics import TopicHandlers
from pim_bot.handlers.visiting_cards import VisitingCardHandlers
from pim_bot.jobs.deliver import Delivery
from pim_bot.jobs.fetching import Fetching
from pim_bot.jobs.match import Matching
from pim_bot.jobs.quoting import Quoting
from pim_bot.notifications import (
    absence,
    activities,
    arranging,
    assignments,
    bulletins,
    chasing,
    contacts,
    contributions,
    deciding,
    digests,
    feedback,
    home,
    leaving,
    materials,
    members,
    newcomers,
    people_lists,
    reminders,
    reports,
    sessions,
    topics,
)
from pim_bot.web.feeds import FeedPages
from pim_bot.web.health import HealthPages
from pim_bot.web.participants import ParticipantPages
from pim_bot.web.slack import SlackPages


@dataclass(frozen=True, kw_only=True, slots=True)
class Hub:
    """Every bound handler and job."""

    activities: ActivityHandlers
    attendance: AttendanceHandlers
    presence: PresenceHandlers
    reports: ReportHandlers
    agenda: AgendaHandlers
    assignments: AssignmentHandlers
    contributions: ContributionHandlers
    documents: DocumentHandlers
    sessions: SessionHandlers
    arranging: ArrangingHandlers
    feedback: FeedbackHandlers
    channels: ChannelHandlers
    files: FileHandlers
    home: HomeHandlers
    privacy: PrivacyHandlers
    deliveries: DeliveryHandlers
    topics: TopicHandlers
    bulletins: BulletinHandlers
    materials: MaterialHandlers
    preferences: PreferenceHandlers
    questions: QuestionHandlers
    teams: TeamHandlers
    absence: AbsenceHandlers
    visiting_cards: VisitingCardHandlers
    newcomers: NewcomerHandlers
    participants: ParticipantPages
    feeds: FeedPages
    health: HealthPages
    metrics: Callable[[web.Request], Awaitable[web.Response]] | None = None


# What happened → who hears of it. The names are kept with every receipt and never change.
TOLD: Reactions = {
    happened.ActivityScheduled: (
        Reaction("announce-activity", activities.announce_activity),
        Reaction("invite-participants", activities.invite_participants),
        Reaction("plan-reminders", reminders.plan_reminders),
        Reaction("plan-end", feedback.plan_end),
        Reaction("publish-activity", publish_activity),
    ),
    happened.ActivityMoved: (
        Reaction("tell-of-move", activities.tell_of_move),
        Reaction("show-topics", topics.show_topics),
        Reaction("plan-reminders", reminders.plan_reminders),
        Reaction("plan-end", feedback.plan_end),
        Reaction("publish-activity", publish_activity),
    ),
    happened.ActivityChanged: (
        Reaction("tell-of-change", activities.tell_of_change),
        Reaction("show-duties", leaving.show_duties),
        Reaction("plan-reminders", reminders.plan_reminders),
        Reaction("plan-end", feedback.plan_end),
        Reaction("publish-activity", publish_activity),
    ),
    happened.ActivityCancelled: (
        Reaction("tell-of-cancellation", activities.tell_of_cancellation),
        Reaction("show-topics", topics.show_topics),
        Reaction("plan-reminders", reminders.plan_reminders),
        Reaction("plan-end", feedback.plan_end),
        Reaction("publish-activity", publish_activity),
    ),
    happened.ActivityHeld: (
        Reaction("show-held", activities.show_held),
        Reaction("ask-how-session-went", sessions.ask_how_it_went),
        Reaction("share-contacts", contacts.share_contacts),
        Reaction("ask-for-report", reports.ask_for_report),
    ),
    happened.ReportFellDue: (Reaction("ask-again-for-report", reports.ask_again),),
    happened.ActivityReported: (Reaction("show-report", reports.show_report),),
    happened.SessionLogFellDue: (Reaction("nudge-to-log-session", sessions.nudge_to_log),),
    happened.AdvisorySessionLogged: (
        Reaction("tell-of-session", sessions.tell_of_session),
        Reaction("plan-advice-feedback", feedback.plan_advice),
    ),
    happened.AdvisorySessionChanged: (Reaction("tell-of-session", sessions.tell_of_session),),
    happened.AdvisorySessionCorrected: (Reaction("tell-of-session-correction", sessions.tell_of_correction),),
    happened.SessionRequested: (Reaction("ask-for-session-times", arranging.ask_other_side),),
    happened.SessionTimesOffered: (Reaction("show-session-times", arranging.show_offers),),
    happened.SessionRequestFellDue: (Reaction("ask-again-for-session-times", arranging.ask_again),),
    happened.SessionArranged: (Reaction("tell-of-arranged-session", arranging.tell_of_arrangement),),
    happened.SessionRequestDeclined: (Reaction("tell-of-declined-session", arranging.tell_of_refusal),),
    happened.AnswersChased: (Reaction("nudge-owing", chasing.nudge_owing),),
    happened.AttendanceAnswered: (Reaction("show-answer", activities.show_answer),),
    happened.PlaceGiven: (
        Reaction("show-answer", activities.show_answer),
        Reaction("tell-of-place", activities.tell_of_place),
    ),
    happened.ExpertAssigned: (Reaction("ask-expert", assignments.ask_expert),),
    happened.ExpertAccepted: (
        Reaction("tell-of-assignment-answer", assignments.tell_of_assignment_answer),
        Reaction("hand-over-place", assignments.hand_over_place),
    ),
    happened.ExpertReleased: (Reaction("tell-of-release", assignments.tell_of_release),),
    happened.ExpertReplaced: (Reaction("tell-of-release", assignments.tell_of_release),),
    happened.ExpertDeclined: (Reaction("tell-of-assignment-answer", assignments.tell_of_assignment_answer),),
    happened.ContributionLogged: (
        Reaction("ask-for-consent", contributions.ask_for_consent),
        Reaction("ask-document-owners", contributions.ask_owners),
        Reaction("thank-for-contribution", contributions.thank),
        Reaction("show-proposal-in-session", sessions.show_proposal),
    ),
    happened.ContributionConsented: (
        Reaction("show-contribution", contributions.show_contribution),
        Reaction("ask-document-owners", contributions.ask_owners),
        Reaction("thank-for-contribution", contributions.thank),
    ),
    happened.ContributionWithheld: (
        Reaction("show-contribution", contributions.show_contribution),
        Reaction("tell-of-refused-consent", contributions.tell_of_refused_consent),
    ),
    happened.ContributionAccepted: (Reaction("tell-of-contribution-decision", contributions.tell_of_decision),),
    happened.ContributionReturned: (Reaction("tell-of-contribution-decision", contributions.tell_of_decision),),
    happened.ContributionWithdrawn: (Reaction("show-contribution", contributions.show_contribution),),
    happened.ContributionSourceEdited: (Reaction("offer-edit", contributions.offer_edit),),
    happened.ContributionSourceDeleted: (Reaction("show-contribution", contributions.show_contribution),),
    happened.ContributionEdited: (
        Reaction("show-contribution", contributions.show_contribution),
        Reaction("ask-document-owners", contributions.ask_owners),
    ),
    happened.TopicsOpened: (Reaction("ask-for-topics", topics.ask_for_topics),),
    happened.TopicsBacked: (Reaction("show-topics", topics.show_topics),),
    happened.TopicsMerged: (Reaction("show-topics", topics.show_topics),),
    happened.TopicsEnded: (Reaction("tell-of-topics-end", topics.tell_of_end),),
    happened.TopicsSettled: (Reaction("show-topics", topics.show_topics),),
    happened.BulletinSent: (Reaction("tell-everybody", bulletins.tell_everybody),),
    happened.BulletinRead: (Reaction("show-read", bulletins.show_read),),
    happened.PeopleListRead: (Reaction("show-people-list", people_lists.show_list),),
    happened.PeopleListAccepted: (Reaction("take-people-list-over", people_lists.take_over),),
    happened.PeopleListSaved: (Reaction("show-decided-people-list", people_lists.show_decided),),
    happened.PeopleListLeft: (Reaction("show-decided-people-list", people_lists.show_decided),),
    happened.PeopleListEnded: (Reaction("show-decided-people-list", people_lists.show_decided),),
    happened.MaterialAdded: (Reaction("show-materials", materials.show_materials),),
    happened.MaterialRemoved: (Reaction("show-materials", materials.show_materials),),
    happened.TeamChanged: (
        Reaction("hand-over-team", members.hand_over_team),
        Reaction("plan-reminders-of-team", reminders.plan_reminders_of_team),
        Reaction("list-duties", leaving.list_duties),
    ),
    happened.MemberJoined: (
        Reaction("plan-reminders-for-member", reminders.plan_reminders_for_member),
        Reaction("plan-digest", digests.plan_digest),
    ),
    happened.PreferencesChanged: (
        Reaction("plan-reminders-for-member", reminders.plan_reminders_for_member),
        Reaction("plan-digest", digests.plan_digest),
    ),
    happened.AbsenceChanged: (Reaction("tell-deputy", absence.tell_deputy),),
    happened.MemberCorrected: (
        Reaction("plan-reminders-for-member", reminders.plan_reminders_for_member),
        Reaction("plan-digest", digests.plan_digest),
    ),
    happened.RestrictionLifted: (
        Reaction("plan-reminders-for-member", reminders.plan_reminders_for_member),
        Reaction("plan-digest", digests.plan_digest),
    ),
    happened.MemberMatched: (Reaction("welcome-member", members.welcome_member),),
    happened.StrangerMet: (Reaction("answer-stranger", members.answer_stranger),),
    happened.VisitorIntroduced: (Reaction("ask-to-confirm-person", newcomers.ask_to_confirm),),
    happened.IntroductionConfirmed: (Reaction("show-introduction", newcomers.show_introduction),),
    happened.IntroductionDeclined: (Reaction("show-introduction", newcomers.show_introduction),),
    happened.ChannelOpened: (Reaction("release-channel", members.release_channel),),
    happened.ReminderFellDue: (Reaction("remind", reminders.remind),),
    happened.FeedbackRequested: (Reaction("ask-for-feedback", feedback.ask_for_feedback),),
    happened.FeedbackGiven: (Reaction("thank-for-feedback", feedback.thank_for_feedback),),
    happened.FeedbackClosed: (Reaction("tell-feedback-result", feedback.tell_feedback_result),),
    happened.PooledFeedbackRequested: (Reaction("ask-for-feedback", feedback.ask_for_feedback),),
    happened.PooledFeedbackGiven: (Reaction("thank-for-feedback", feedback.thank_for_feedback),),
    happened.PooledFeedbackClosed: (Reaction("tell-feedback-result", feedback.tell_feedback_result),),
    happened.EditionChanged: (Reaction("plan-values-feedback", feedback.plan_values),),
    happened.DigestFellDue: (Reaction("send-digest", digests.send_digest),),
    happened.DeliveryFailed: (
        Reaction("tell-of-failed-delivery", members.tell_of_failed_delivery),
        Reaction("show-deliveries", deciding.show_deliveries),
    ),
    happened.DeliveryResent: (Reaction("show-deliveries", deciding.show_deliveries),),
    happened.DeliveryDropped: (Reaction("show-deliveries", deciding.show_deliveries),),
    happened.RunsMissed: (Reaction("tell-of-missed-runs", members.tell_of_missed_runs),),
}

SHOWN_AT_HOME = (
    happened.ActivityScheduled,
    happened.ActivityMoved,
    happened.ActivityChanged,
    happened.ActivityCancelled,
    happened.ActivityHeld,
    happened.AttendanceAnswered,
    happened.PlaceGiven,
    happened.ExpertAssigned,
    happened.ExpertAccepted,
    happened.ExpertDeclined,
    happened.ExpertReleased,
    happened.ExpertReplaced,
    happened.AdvisorySessionLogged,
    happened.SessionRequested,
    happened.SessionTimesOffered,
    happened.SessionArranged,
    happened.SessionRequestDeclined,
    happened.ContributionLogged,
    happened.ContributionConsented,
    happened.ContributionWithheld,
    happened.ContributionAccepted,
    happened.ContributionReturned,
    happened.ContributionWithdrawn,
    happened.ContributionEdited,
    happened.TeamChanged,
    happened.MemberMatched,
    happened.PreferencesChanged,
    happened.FeedbackRequested,
    happened.FeedbackGiven,
    happened.FeedbackClosed,
    happened.PooledFeedbackRequested,
    happened.PooledFeedbackGiven,
    happened.PooledFeedbackClosed,
    happened.TopicsOpened,
    happened.TopicsBacked,
    happened.TopicsEnded,
    happened.TopicsSettled,
    happened.BulletinSent,
    happened.BulletinRead,
)
"""After these the Home tabs of those concerned are shown anew."""

REACTIONS: Reactions = {
    **TOLD,
    **{event: (*TOLD.get(event, ()), Reaction("refresh-homes", home.refresh_homes)) for event in SHOWN_AT_HOME},
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
            "plan": hub.documents.plan,
            "wydarzenie": hub.activities.open_form_by_command,
            "activity": hub.activities.open_form_by_command,
            "dzialanie": hub.activities.open_form_by_command,
            "kto": hub.attendance.who_owes,
            "who": hub.attendance.who_owes,
            "obecnosc": hub.presence.open_by_command,
            "presence": hub.presence.open_by_command,
            "ocena": hub.feedback.waiting,
            "feedback": hub.feedback.waiting,
            "ankieta": hub.feedback.waiting,
            "opinia": hub.feedback.waiting,
            "przypisz": hub.assignments.open_form_by_command,
            "assign": hub.assignments.open_form_by_command,
            "dodaj": hub.contributions.open_form_by_command,
            "contribute": hub.contributions.open_form_by_command,
            "wpis": hub.contributions.open_form_by_command,
            "wklad": hub.contributions.open_form_by_command,
            "mid": hub.documents.mid,
            "pu": hub.documents.pu,
            "doradztwo": hub.sessions.by_command,
            "session": hub.sessions.by_command,
            "konsultacja": hub.sessions.by_command,
            "sesja": hub.sessions.by_command,
            "umow": hub.arranging.by_command,
            "arrange": hub.arranging.by_command,
            "ustalenia": hub.sessions.agreements,
            "agreements": hub.sessions.agreements,
            "eksperci": hub.assignments.show_staff,
            "experts": hub.assignments.show_staff,
            "zespol": hub.teams.show,
            "team": hub.teams.show,
            "temat": hub.topics.show,
            "tematy": hub.topics.show,
            "topic": hub.topics.show,
            "ogloszenie": hub.bulletins.open_by_command,
            "announce": hub.bulletins.open_by_command,
            "materialy": hub.materials.show,
            "materials": hub.materials.show,
            "moje": hub.privacy.my_data,
            "my": hub.privacy.my_data,
            "co": hub.privacy.my_data,
            "rodo": hub.privacy.my_data,
            "gdpr": hub.privacy.my_data,
            "doreczenia": hub.deliveries.show,
            "deliveries": hub.deliveries.show,
            "wysylka": hub.deliveries.show,
            "pytania": hub.questions.counted,
            "questions": hub.questions.counted,
            "wizytowka": hub.visiting_cards.open_by_command,
            "card": hub.visiting_cards.open_by_command,
            "szukaj": hub.visiting_cards.search,
            "search": hub.visiting_cards.search,
            "urlop": hub.absence.open_by_command,
            "absence": hub.absence.open_by_command,
            "nieobecnosc": hub.absence.open_by_command,
            "ustawienia": hub.preferences.open_by_command,
            "settings": hub.preferences.open_by_command,
        },
        unknown_command=hub.agenda.unknown,
        buttons={
            ids.GOING: hub.attendance.going,
            ids.UNSURE: hub.attendance.unsure,
            ids.NOT_GOING: hub.attendance.not_going,
            ids.REGISTER: hub.attendance.open_people,
            ids.ANSWER: hub.attendance.open_answer,
            ids.WHO_OWES: hub.attendance.show_owing,
            ids.CHASE_ANSWERS: hub.attendance.chase,
            ids.EXPORT_ATTENDANCE: hub.presence.show_export,
            ids.MARK_PRESENCE: hub.presence.open,
            ids.WRITE_REPORT: hub.reports.open,
            ids.NEW_ACTIVITY: hub.activities.open_form,
            ids.MOVE: hub.activities.open_move,
            ids.CHANGE: hub.activities.open_change,
            ids.CANCEL: hub.activities.open_cancel,
            ids.SHOW_AGENDA: hub.agenda.show_agenda,
            ids.ASSIGN: hub.assignments.open_form,
            ids.ACCEPT: hub.assignments.accept,
            ids.DECLINE: hub.assignments.decline,
            ids.CONTRIBUTE: hub.contributions.open_form,
            ids.CONTRIBUTE_SHORTCUT: hub.contributions.open_form_by_shortcut,
            ids.ACCEPT_CONTRIBUTION: hub.contributions.accept,
            ids.RETURN_CONTRIBUTION: hub.contributions.open_return,
            ids.SHOW_WAITING: hub.contributions.open_waiting,
            ids.WITHDRAW_CONTRIBUTION: hub.contributions.withdraw,
            ids.AGREE_TO_CONTRIBUTION: hub.contributions.agree,
            ids.REFUSE_CONTRIBUTION: hub.contributions.refuse,
            ids.TAKE_OVER_EDIT: hub.contributions.take_over,
            ids.NEW_SESSION: hub.sessions.open_form,
            ids.NEW_SESSION_SHORTCUT: hub.sessions.open_form,
            ids.SAVE_SESSION: hub.sessions.save_line,
            ids.AS_PLANNED: hub.sessions.as_planned,
            ids.NOT_HELD: hub.sessions.not_held,
            ids.DETAIL_SESSION: hub.sessions.open_details,
            ids.SESSION_TO_MID: hub.sessions.open_mid,
            ids.CORRECT_SESSION: hub.sessions.open_correction,
            ids.ASK_SESSION: hub.arranging.open_form,
            ids.OFFER_TIMES: hub.arranging.open_offer,
            ids.CHOOSE_TIME: hub.arranging.choose,
            ids.DECLINE_REQUEST: hub.arranging.open_decline,
            ids.RELEASE: hub.assignments.open_release,
            ids.REPLACE: hub.assignments.open_replace,
            ids.JOIN_TEAM: hub.teams.open_join,
            ids.LEAVE_TEAM: hub.teams.open_leave,
            ids.MAKE_CONTACT: hub.teams.make_contact,
            ids.ASK_QUESTION: hub.questions.ask_again,
            ids.INTRODUCE: hub.newcomers.open_form,
            ids.TAKE_OVER_ACTIVITY: hub.teams.take_over_activity,
            ids.CONFIRM_PERSON: hub.newcomers.confirm,
            ids.DECLINE_PERSON: hub.newcomers.decline,
            ids.OPEN_TOPICS: hub.topics.open_start,
            ids.BACK_TOPICS: hub.topics.open_voices,
            ids.MERGE_TOPICS: hub.topics.open_merge,
            ids.SETTLE_TOPICS: hub.topics.open_settle,
            ids.SAVE_LIST: hub.files.save_list,
            ids.LEAVE_LIST: hub.files.leave_list,
            ids.NEW_BULLETIN: hub.bulletins.open,
            ids.READ_BULLETIN: hub.bulletins.read,
            ids.SHOW_READERS: hub.bulletins.show_readers,
            ids.ADD_MATERIAL: hub.materials.open_form,
            ids.MATERIAL_SHORTCUT: hub.materials.open_form_by_shortcut,
            ids.REMOVE_MATERIAL: hub.materials.remove,
            ids.CONTRIBUTE_OFFERED: hub.contributions.open_form_by_offer,
            ids.OPEN_CARD: hub.visiting_cards.open,
            ids.PLAN_ABSENCE: hub.absence.open,
            ids.END_ABSENCE: hub.absence.end,
            ids.SCORE: hub.feedback.open_form,
            ids.OPEN_FEEDBACK: hub.feedback.open_form,
            ids.FEWER_MESSAGES: hub.preferences.open,
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
            ids.CHANGE_FORM: hub.activities.change,
            ids.CANCEL_FORM: hub.activities.cancel,
            ids.PEOPLE_FORM: hub.attendance.register_people,
            ids.ANSWER_FORM: hub.attendance.answer,
            ids.PRESENCE_FORM: hub.presence.mark,
            ids.REPORT_FORM: hub.reports.save,
            ids.FEEDBACK_FORM: hub.feedback.give,
            ids.ASSIGNMENT_FORM: hub.assignments.assign,
            ids.CONTRIBUTION_FORM: hub.contributions.choose_document,
            ids.CONTRIBUTION_TEXT_FORM: hub.contributions.save,
            ids.RETURN_FORM: hub.contributions.give_back,
            ids.WAITING_FORM: hub.contributions.decide,
            ids.SESSION_FORM: hub.sessions.log,
            ids.SESSION_DETAILS: hub.sessions.details,
            ids.SESSION_WORDS: hub.sessions.words,
            ids.SESSION_MID_FORM: hub.sessions.propose,
            ids.SESSION_CORRECTION: hub.sessions.correct,
            ids.ASK_FORM: hub.arranging.ask,
            ids.OFFER_FORM: hub.arranging.offer,
            ids.DECLINE_FORM: hub.arranging.decline,
            ids.JOIN_FORM: hub.teams.join,
            ids.LEAVE_FORM: hub.teams.leave,
            ids.INTRODUCTION_FORM: hub.newcomers.introduce,
            ids.OVER_BUDGET_FORM: hub.assignments.confirm,
            ids.RELEASE_FORM: hub.assignments.release,
            ids.REPLACE_FORM: hub.assignments.hand_on,
            ids.CARD_FORM: hub.visiting_cards.save,
            ids.ABSENCE_FORM: hub.absence.save,
            ids.OPEN_TOPICS_FORM: hub.topics.start,
            ids.VOICES_FORM: hub.topics.give,
            ids.MERGE_TOPICS_FORM: hub.topics.merge,
            ids.SETTLE_TOPICS_FORM: hub.topics.settle,
            ids.BULLETIN_FORM: hub.bulletins.show_preview,
            ids.BULLETIN_PREVIEW: hub.bulletins.send,
            ids.MATERIAL_FORM: hub.materials.add,
            ids.PREFERENCES_FORM: hub.preferences.save,
            ids.PREFERENCES_MORE_FORM: hub.preferences.save_more,
            ids.CORRECTION_FORM: hub.privacy.correct,
        },
        suggestions={
            "cities": hub.activities.suggest_cities,
            "city": hub.activities.suggest_cities,
            "credited": hub.contributions.suggest_people,
        },
        happenings={
            "member_joined_channel": hub.channels.member_joined,
            "message": hub.questions.message,
            "app_mention": hub.questions.mention,
            "message/file_share": hub.files.dropped,
            "message/message_changed": hub.contributions.source_edited,
            "message/message_deleted": hub.contributions.source_deleted,
            "reaction_added": hub.contributions.marked,
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
    app.router.add_get("/lista/{token}", hub.participants.ask)
    app.router.add_post("/lista/{token}", hub.participants.download)
    app.router.add_get("/ical/siec/{slug}.ics", hub.feeds.network)
    if slack is not None:
        app.router.add_post("/slack/events", slack.receive)


def health_routes(app: web.Application, hub: Hub) -> None:
    """Addresses → pages for a supervisor; also processes that serve nothing else have them."""
    app.router.add_get("/healthz", hub.health.alive)
    app.router.add_get("/readyz", hub.health.ready)
    if hub.metrics is not None:
        app.router.add_get("/metrics", hub.metrics)


def jobs(
    bus: Bus, delivery: Delivery, matching: Matching, quoting: Quoting, fetching: Fetching
) -> Mapping[str, Callable[[], Awaitable[object]]]:
    """Bells → the workers' background work. What falls due is the leading clock's (``jobs/fall_due.py``)."""
    return {
        "relay": bus.run_due,
        "deliver": delivery.run_due,
        "match": matching.run_due,
        "quote": quoting.run_due,
        "fetch": fetching.run_due,
    }
