"""What is to be said, to whom and why: never text. The words are made when the row is claimed for delivery."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Every kind of message the hub sends."""

    ANNOUNCEMENT = "announcement"
    INVITATION = "invitation"
    PLANNED = "planned"
    MOVED = "moved"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    PLACE_GIVEN = "place-given"
    ATTENDANCE_NUDGE = "attendance-nudge"
    REMINDER = "reminder"
    ASSIGNMENT_QUESTION = "assignment-question"
    ASSIGNMENT_ANSWER = "assignment-answer"
    SESSION_REQUESTED = "session-requested"
    SESSION_OFFERED = "session-offered"
    SESSION_REQUEST_NUDGE = "session-request-nudge"
    SESSION_ARRANGED = "session-arranged"
    SESSION_DECLINED = "session-declined"
    SESSION_QUESTION = "session-question"
    SESSION_NUDGE = "session-nudge"
    SESSION_LOGGED = "session-logged"
    SESSION_AGREED = "session-agreed"
    SESSION_CORRECTED = "session-corrected"
    ASSIGNMENT_RELEASED = "assignment-released"
    HANDOVER = "handover"
    DUTIES = "duties"
    STANDING_IN = "standing-in"
    CONTACTS = "contacts"
    FEEDBACK_QUESTION = "feedback-question"
    FEEDBACK_NUDGE = "feedback-nudge"
    FEEDBACK_RESULT = "feedback-result"
    REPORT_QUESTION = "report-question"
    REPORT_NUDGE = "report-nudge"
    REPORT_ESCALATION = "report-escalation"
    DIGEST = "digest"
    WELCOME = "welcome"
    STRANGER = "stranger"
    INTRODUCED = "introduced"
    INTRODUCTION_DECLINED = "introduction-declined"
    REFUSAL = "refusal"
    DELIVERY_FAILED = "delivery-failed"
    RUNS_MISSED = "runs-missed"
    CORRECTION = "correction"
    DELIVERIES = "deliveries"
    CONTRIBUTION_PROPOSED = "contribution-proposed"
    CONTRIBUTION_THANKS = "contribution-thanks"
    CONTRIBUTION_DECIDED = "contribution-decided"
    CONTRIBUTION_CONSENT = "contribution-consent"
    CONTRIBUTION_EDIT = "contribution-edit"
    ANSWER = "answer"
    CONTRIBUTION_OFFER = "contribution-offer"
    TOPICS = "topics"
    TOPICS_ENDED = "topics-ended"
    BULLETIN = "bulletin"
    BULLETIN_SENT = "bulletin-sent"
    PEOPLE_LIST = "people-list"
    BUNDLE = "bundle"
    HOME = "home"
    """Not a message: the bot's Home tab of one person, shown anew whenever it changes."""


URGENT = frozenset(
    {
        Kind.PLANNED,
        Kind.MOVED,
        Kind.CHANGED,
        Kind.CANCELLED,
        Kind.WELCOME,
        Kind.STRANGER,
        Kind.INTRODUCTION_DECLINED,
        Kind.REFUSAL,
        Kind.ANSWER,
        Kind.DELIVERIES,
        Kind.SESSION_LOGGED,
        Kind.CONTRIBUTION_OFFER,
        Kind.PEOPLE_LIST,
    }
)
"""What goes out before everything else: changes, and answers to somebody who waits for one."""


CHANGES = frozenset({Kind.MOVED, Kind.CHANGED, Kind.CANCELLED})
"""Changes to an activity: shortly before it they come at any hour."""


PASSED_ON = frozenset(
    {
        Kind.REPORT_QUESTION,
        Kind.REPORT_NUDGE,
        Kind.INVITATION,
        Kind.MOVED,
        Kind.CHANGED,
        Kind.CANCELLED,
        Kind.PLACE_GIVEN,
        Kind.ATTENDANCE_NUDGE,
        Kind.SESSION_REQUESTED,
        Kind.SESSION_OFFERED,
        Kind.SESSION_REQUEST_NUDGE,
        Kind.SESSION_ARRANGED,
        Kind.SESSION_DECLINED,
        Kind.SESSION_AGREED,
        Kind.CONTRIBUTION_PROPOSED,
        Kind.INTRODUCED,
        Kind.DUTIES,
        Kind.FEEDBACK_RESULT,
        Kind.RUNS_MISSED,
    }
)
"""What is somebody's duty and not a word to this very person: while they are away, their deputy hears it."""


NEVER_FOLDED = frozenset({Kind.BUNDLE, Kind.DELIVERIES, Kind.PEOPLE_LIST})
"""What is not said within another message: one that says several already, and lists of many rows."""


AUTOMATIC = frozenset(
    {
        Kind.REMINDER,
        Kind.FEEDBACK_QUESTION,
        Kind.FEEDBACK_NUDGE,
        Kind.REPORT_QUESTION,
        Kind.REPORT_NUDGE,
        Kind.REPORT_ESCALATION,
        Kind.SESSION_QUESTION,
        Kind.SESSION_NUDGE,
        Kind.SESSION_REQUEST_NUDGE,
        Kind.DIGEST,
        Kind.BUNDLE,
    }
)
"""What comes by the calendar, and not because somebody did something: it ends with the way to fewer messages."""


class Operation(StrEnum):
    """How a message reaches the conversation: as a new post, a reply in the thread of one, or a change of one."""

    POST = "post"
    REPLY = "reply"
    UPDATE = "update"


class State(StrEnum):
    """How far the delivery of a notification has come."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    DOUBTFUL = "doubtful"
    FAILED = "failed"
    NEEDS_HUMAN = "needs-human"
    DROPPED = "dropped"
    FOLDED = "folded"
    """Said within another message: too many waited for one person."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Intent:
    """One message to one recipient; (kind, recipient, subject, occurrence) makes it once only.

    ``facts`` are plain values that the present state cannot tell later, such as the time before a move.
    """

    kind: Kind
    recipient: str
    subject: str
    occurrence: str = ""
    revision: int = 0
    not_before: datetime
    held_why: str = ""
    operation: Operation = Operation.POST
    target_kind: Kind | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What of one kind falls due at one instant of programme time: the weekly digests, a round of reminders.

    ``members`` are some of those for whom it is meant.
    """

    kind: str
    due_at: datetime
    items: int
    members: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DueItem:
    """Something that falls due by programme time; the same (kind, subject, member, occurrence) is planned once."""

    kind: str
    subject: str
    due_at: datetime
    nominal_at: datetime
    member_id: str = ""
    occurrence: str = ""
    why: str = ""
    id: str = ""
    batch: str = ""
