"""Delivery: what a sent message can come to, and what is done then. Pure rules; ``jobs`` carries them out.

A post to Slack cannot be repeated safely and there is no idempotency key, so a post whose fate is unknown becomes
*doubtful*: it waits longer than Slack's worst delay, the conversation is read to its end, and only a complete reading
without the message's key lets it be sent once more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from pim_bot.notifications.intent import Kind, Operation

NOT_INVITED = "not-invited"
UNKNOWN_CHANNEL = "unknown-channel"
UNKNOWN_PERSON = "unknown-person"
ARCHIVED = "archived"
DEACTIVATED = "deactivated"
REFUSED = "refused"
UNREACHABLE = "unreachable"
UNREADABLE = "unreadable"
NO_TARGET = "no-target"
NOTHING_TO_SAY = "nothing-to-say"
SUPERSEDED = "superseded"
BROKEN = "broken"
SPOILED_BLOCKS = "spoiled-blocks"
"""The chat does not take the blocks; the text alone, which says the whole point, is sent instead."""

REASONS = (
    NOT_INVITED,
    UNKNOWN_CHANNEL,
    UNKNOWN_PERSON,
    ARCHIVED,
    DEACTIVATED,
    REFUSED,
    UNREACHABLE,
    UNREADABLE,
    BROKEN,
)
"""Why a message did not reach its recipient, each with a sentence in the catalogues (``blocks.messages``)."""

RATE_LIMITED = "rate-limited"
CHAT_AWAY = "chat-away"
REFUSED_TOKEN = "refused-token"  # noqa: S105 - the name of a reason
RESTORED = "restored"

LATE = (RATE_LIMITED, CHAT_AWAY, REFUSED_TOKEN, RESTORED, BROKEN)
"""Why a message that is due waits; the last three names are those of pauses and of failures, too."""

PAUSES = (REFUSED_TOKEN, RESTORED)
"""Why nothing is sent at all: the chat refuses our token; or a backup was restored, and whatever may have been sent
since the backup is first looked for."""

_KEYS = UUID("8f2f3c5e-3a0e-4c8f-9a55-0e2f6b1f7c11")


def intent_key(kind: str, recipient: str, subject: str, occurrence: str) -> str:
    """Make the key that a message carries: the same for the same intent, also after a restore.

    It tells others nothing: a one-way hash of pseudonymous ids.
    """
    return str(uuid5(_KEYS, f"{kind}\n{recipient}\n{subject}\n{occurrence}"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressee:
    """Where a message goes: a member or a channel, and what is known of the way there.

    ``address`` is a chat user's id, else empty; ``email`` and ``name`` serve to find it. ``is_restricted`` tells
    that the member limited the use of their data, so that nothing is sent but the answer to an act of theirs.
    """

    recipient_id: str
    kind: str
    language: str = "pl"
    zone: str = "Europe/Warsaw"
    member_id: str = ""
    team_id: str = ""
    address: str = ""
    email: str = ""
    conversation: str = ""
    is_restricted: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Notification:
    """A claimed notification: what is to be said to whom, and where its message stands if it has one.

    ``occurrence`` of a change is that of the message that is changed.
    """

    id: str
    key: str
    kind: Kind
    subject: str
    occurrence: str
    operation: Operation
    addressee: Addressee
    facts: dict[str, Any]
    attempts: int
    rendering: dict[str, Any] | None = None
    target_conversation: str = ""
    target_ts: str = ""
    target_state: str = ""
    target_kind: Kind | None = None
    target_id: str = ""
    started_at: datetime | None = None
    lease_token: str = ""
    conversation: str = ""
    ts: str = ""
    late_why: str = ""
    posts: int = 0
    sweeps: int = 0

    @property
    def thread(self) -> str:
        """The message in whose thread it stands: one of ours, or the question that it answers; "" for none."""
        if self.operation is Operation.REPLY:
            return self.target_ts
        return str(self.facts.get("thread") or "") if self.kind is Kind.ANSWER else ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The message stands in the conversation."""

    conversation: str
    ts: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The chat said definitely no; nothing was posted and trying again will not help."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing was posted; try again after a while. ``counted`` is False when the wait was the chat's own wish.

    ``why`` is one of ``LATE``; ``method`` is what the chat asked to be left alone with.
    """

    after: timedelta
    counted: bool = True
    detail: str = ""
    why: str = CHAT_AWAY
    method: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether the message was posted."""

    conversation: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """The conversation was read to its end and the message is not there."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The conversation could not be read to its end."""

    detail: str = ""


Outcome = Sent | Refused | Later | Unknown
Finding = Sent | Missing | Unreadable | Later

MOST_ATTEMPTS = 12
MOST_RENDERINGS = 3
"""How often the words of a message are tried that cannot be made by our own fault."""
SWEEPS = 4
FIRST_BACK_OFF = timedelta(seconds=2)
LONGEST_BACK_OFF = timedelta(minutes=10)


def back_off(attempts: int) -> timedelta:
    """Tell how long to wait after so many attempts that failed for a passing reason."""
    seconds = FIRST_BACK_OFF.total_seconds() * float(2 ** min(attempts, 16))
    return min(timedelta(seconds=seconds), LONGEST_BACK_OFF)


def next_sweep(sweeps: int, doubt_wait: timedelta) -> timedelta | None:
    """Tell how long after that many readings a conversation is read again for a late double; None after the last.

    The waits grow fourfold from the doubt wait: of a chat that takes longer than that, most doubles come soon after.
    """
    return doubt_wait * 4**sweeps if sweeps < SWEEPS else None
