"""What notifications need from storage beside what the domain needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pim_bot import errors
from pim_bot.notifications.delivery import Addressee, Finding, Later, Outcome, Refused, Unreadable
from pim_bot.notifications.intent import DueItem, Intent, Kind, Run
from pim_bot.notifications.ledger import Ledger
from pim_bot.programme.feedback import FeedbackAnswer, FeedbackResult, FeedbackRound
from pim_bot.programme.ports import ProgrammeWork


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """A message that did not reach its recipient; ``error`` is one of ``delivery.REASONS``."""

    kind: Kind
    recipient: str
    address: str
    error: str


class Outbox(Protocol):
    """Notifications on their way."""

    async def intend(self, intents: Sequence[Intent]) -> None:
        """Plan messages; one that was intended before is left as it is."""

    async def refresh(self, subject: str, kinds: Sequence[Kind], *, at: datetime) -> None:
        """Plan that every message of these kinds about the subject is brought up to date where it stands.

        A message that is still to be sent needs nothing, since it is written from the present state; several changes
        before the refresh goes out are one refresh.
        """

    async def refresh_for(
        self, recipients: Sequence[str], kinds: Sequence[Kind], *, since: datetime, at: datetime
    ) -> None:
        """Plan that what these recipients were sent since then is brought up to date where it stands."""

    async def stands(self, recipient: str, kind: Kind, subject: str, *, conversation: str, at: datetime) -> None:
        """Note that something stands before a recipient without having been sent, so that it can be refreshed."""

    async def refresh_homes(self, member_ids: Sequence[str], *, at: datetime) -> None:
        """Plan that the Home tabs of these members are shown anew; whoever never looked at it has none."""

    async def drop(self, subject: str, kinds: Sequence[Kind], *, why: str) -> None:
        """Drop what is planned and not yet sent."""

    async def take_words(self, subject: str, kinds: Sequence[Kind]) -> None:
        """Forget the words of every change of these messages that was made: what was shown to whom, and when."""

    async def forget_words(self, subject: str, kind: Kind) -> None:
        """Forget the words of messages of this kind that were sent, when they are no longer shown so."""

    async def was_intended(self, kind: Kind, subject: str, occurrence: str) -> bool:
        """Tell whether anybody was to be told this about the subject, this time."""

    async def retry_for(self, recipient: str, *, at: datetime) -> int:
        """Plan again what failed for a recipient that can be reached now."""

    async def failure(self, notification_id: str) -> Failure | None: ...

    async def failed_since(self, since: datetime) -> int:
        """Count what could not be delivered and waits for a person."""


class Recipients(Protocol):
    """Whom messages reach."""

    async def members(self, member_ids: Sequence[str]) -> dict[str, str]:
        """Tell the recipient of each member, made where there was none."""

    async def home(self, member_id: str, team_id: str, user_id: str) -> str:
        """Tell the recipient that stands for the Home tab of a member who is this user of chat."""

    async def channel(self, name: str) -> str:
        """Tell the recipient of a channel, made where there was none."""

    async def channel_by_conversation(self, conversation: str) -> str | None:
        """Tell the recipient that stands for a Slack channel."""

    async def unknown_channels(self) -> list[str]:
        """Tell the recipients of channels that the chat did not know, or did not show."""

    async def visitor(self, visitor: str) -> str | None:
        """Tell the recipient of somebody in chat whom the programme does not know, by their pseudonymous id."""


class DueItems(Protocol):
    """What falls due."""

    async def plan(self, items: Sequence[DueItem]) -> None:
        """Plan items; one that is planned already gets the new time, one that fell due or was sent stays."""

    async def keep_only(self, subject: str, kinds: Sequence[str], items: Sequence[DueItem], *, why: str) -> None:
        """Plan these items and drop every other planned one of these kinds of the subject."""

    async def keep_only_for(
        self, member_ids: Sequence[str], kinds: Sequence[str], items: Sequence[DueItem], *, why: str
    ) -> None:
        """Plan these items and drop every other planned one of these kinds that is for these members."""

    async def due(self, now: datetime, limit: int) -> list[DueItem]:
        """Tell what is due by now, by time."""

    async def of_members(self, untils: Mapping[str, datetime], kinds: Sequence[str]) -> list[DueItem]:
        """Tell what is planned for members, for each until then, by time."""

    async def fell(self, items: Sequence[DueItem], *, batch: str = "") -> None:
        """Mark the items as fallen due, in one batch."""

    async def of_batch(self, member_id: str, batch: str) -> list[DueItem]: ...

    async def next_at(self) -> datetime | None:
        """Tell when the next item falls due."""

    async def overdue(self, since: datetime) -> list[Run]:
        """Tell what should have fallen due by an instant and did not, the oldest first, with some of its members."""

    async def is_overdue(self, kind: str, due_at: datetime) -> bool:
        """Tell whether anything of a run still waits."""


class FeedbackRounds(Protocol):
    """Rounds of feedback: the marks of who answered, and the bag of answers."""

    async def open(self, opened: FeedbackRound, *, at: datetime) -> None:
        """Keep a new round; one that is there already stays as it is, named or not."""

    async def get(self, subject: str) -> FeedbackRound | None: ...

    async def has_answered(self, subject: str, member_id: str) -> bool: ...

    async def answered(self, subject: str) -> set[str]:
        """Tell everybody who has answered."""

    async def open_for(self, member_id: str) -> list[FeedbackRound]:
        """Tell the open rounds in which this person has not answered, whether they are asked or not."""

    async def put(self, to: FeedbackRound, member_id: str, answer: FeedbackAnswer) -> None:
        """Mark the person and add the answer to the bag, with nothing that ties the two together.

        In the named mode it is kept with the person instead.
        """

    async def answers(self, of: FeedbackRound) -> list[FeedbackAnswer]:
        """Tell what is in the bag, in an order that says nothing; in the named mode with the person of each."""

    async def close(self, closed: FeedbackRound, result: FeedbackResult) -> None:
        """Keep the result, rewrite the bag in random order and delete the marks.

        A bag of too few answers is emptied: where one or two have answered, their scores would be known as theirs.
        """


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatProfile:
    """A user of chat as the chat tells it. ``email`` is empty when the chat does not show it."""

    team_id: str
    user_id: str
    email: str = ""
    locale: str = ""
    zone: str = ""
    is_person: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """The way to a recipient, found out just now: the conversation, and who it leads to."""

    conversation: str
    address: str = ""
    profile: ChatProfile | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Quotation:
    """What a message of the chat says, in the chat's markup, who wrote it, and who can read it where it stands.

    ``files`` are (name, address) of what hangs on it.
    """

    text: str
    author_team: str = ""
    author_user: str = ""
    by_bot: bool = False
    is_private: bool = True
    link: str = ""
    files: tuple[tuple[str, str], ...] = ()


class Chat(Protocol):
    """The chat, as the worker sees it. Nothing here retries by itself."""

    async def reach(self, addressee: Addressee) -> Way | Refused | Later:
        """Find the conversation that leads to an addressee."""

    async def post(self, conversation: str, rendering: dict[str, Any], *, key: str, thread: str) -> Outcome:
        """Post a message that carries the opaque key."""

    async def update(self, conversation: str, ts: str, rendering: dict[str, Any], *, key: str) -> Outcome:
        """Change a message where it stands; may be repeated."""

    async def publish(self, user_id: str, rendering: dict[str, Any]) -> Outcome:
        """Show a person their Home tab; may be repeated."""

    async def find(self, conversation: str, *, key: str, since: datetime, thread: str) -> Finding:
        """Read a conversation, or a thread of it, from ``since`` to its end for the message with this key."""

    async def copies(
        self, conversation: str, *, key: str, since: datetime, thread: str
    ) -> list[str] | Later | Unreadable:
        """Tell the ``ts`` of every message with this key, oldest first; the whole conversation since then is read."""

    async def retract(self, conversation: str, ts: str) -> Outcome:
        """Take a message away that stands there twice; one that is gone already counts as taken away."""

    async def quote(self, conversation: str, ts: str) -> Quotation | Unreadable | Later:
        """Read one message; a reply in a thread is read as itself."""

    async def profile(self, user_id: str) -> ChatProfile | None:
        """Tell who a user of chat is; None when the chat does not say."""

    async def person(self, email: str) -> ChatProfile | Refused | Later:
        """Tell the user of chat with that e-mail."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatFile:
    """A file of the chat: what it is called, how long the chat says it is, and where its bytes are."""

    name: str
    size: int
    address: str


class Files(Protocol):
    """Files of the chat; what is refused comes with the sentence for whoever sent it."""

    async def look(self, file_id: str) -> ChatFile | errors.Refused | Later:
        """Tell what a file is."""

    async def load(self, file: ChatFile, *, most: int) -> bytes | errors.Refused | Later:
        """Get the bytes of a file, at most so many."""


class NotificationWork(ProgrammeWork, Protocol):
    """One transaction as reactions and handlers see it."""

    @property
    def outbox(self) -> Outbox: ...
    @property
    def recipients(self) -> Recipients: ...
    @property
    def due_items(self) -> DueItems: ...
    @property
    def feedback(self) -> FeedbackRounds: ...


class LedgerWork(NotificationWork, Protocol):
    """One transaction as whoever reads the ledger, or decides about a message, sees it."""

    @property
    def ledger(self) -> Ledger: ...
