"""Every event there is, by subject."""

from datetime import datetime

import msgspec

from pim_bot.events.event import Event


class ActivityEvent(Event, frozen=True, kw_only=True):
    """Something happened to an activity."""

    activity_id: str

    @property
    def subject(self) -> str:
        return f"activity:{self.activity_id}"


class ActivityScheduled(ActivityEvent, frozen=True, kw_only=True):
    """An activity was put on the calendar."""


class ActivityMoved(ActivityEvent, frozen=True, kw_only=True):
    """An activity got another time; ``previous_start`` is the instant it left."""

    previous_start: datetime


class ActivityChanged(ActivityEvent, frozen=True, kw_only=True):
    """Something of an activity but its time was changed; ``what`` names the fields."""

    what: tuple[str, ...]


class ActivityCancelled(ActivityEvent, frozen=True, kw_only=True):
    """An activity was called off."""


class ActivityHeld(ActivityEvent, frozen=True, kw_only=True):
    """The end of an activity that was not called off has passed."""


class AnswersChased(ActivityEvent, frozen=True, kw_only=True):
    """Somebody who plans an activity asked that those who owe an answer be reminded that day."""

    day: str


class PresenceMarked(Event, frozen=True, kw_only=True):
    """It was marked, or marked anew, who came to an activity."""

    activity_id: str

    @property
    def subject(self) -> str:
        return f"presence:{self.activity_id}"


class ReportFellDue(ActivityEvent, frozen=True, kw_only=True):
    """It is time to ask once more for the report, or to tell the coordinators; ``step`` is what fell due."""

    step: str


class ActivityReported(Event, frozen=True, kw_only=True):
    """Somebody reported on an activity that is over, or changed the report; what it says stands in no event."""

    activity_id: str

    @property
    def subject(self) -> str:
        return f"report:{self.activity_id}"


class AttendanceEvent(Event, frozen=True, kw_only=True):
    """Something happened to the invitation of a team, or of a person invited on their own."""

    activity_id: str
    invitee: str

    @property
    def subject(self) -> str:
        return f"attendance:{self.activity_id}/{self.invitee}"


class AttendanceAnswered(AttendanceEvent, frozen=True, kw_only=True):
    """A team, or a person invited on their own, said whether they take part."""


class PlaceGiven(AttendanceEvent, frozen=True, kw_only=True):
    """Whoever waited for a place got one that came free."""


class AssignmentEvent(Event, frozen=True, kw_only=True):
    """Something happened to an expert's assignment."""

    assignment_id: str

    @property
    def subject(self) -> str:
        return f"assignment:{self.assignment_id}"


class ExpertAssigned(AssignmentEvent, frozen=True, kw_only=True):
    """An expert was asked to serve a network or a city."""


class ExpertAccepted(AssignmentEvent, frozen=True, kw_only=True):
    """The expert took the assignment."""


class ExpertDeclined(AssignmentEvent, frozen=True, kw_only=True):
    """The expert did not take the assignment."""


class ExpertReleased(AssignmentEvent, frozen=True, kw_only=True):
    """An expert's assignment ends earlier than it was to."""


class ExpertReplaced(AssignmentEvent, frozen=True, kw_only=True):
    """Somebody else was asked to go on with an expert's assignment; ``successor`` is theirs."""

    successor: str


class TopicsEvent(Event, frozen=True, kw_only=True):
    """Something happened to the topics that cities choose together for an activity."""

    activity_id: str

    @property
    def subject(self) -> str:
        return f"topics:{self.activity_id}"


class TopicsOpened(TopicsEvent, frozen=True, kw_only=True):
    """Cities can propose and back topics until a moment, or until another one than before."""


class TopicsBacked(TopicsEvent, frozen=True, kw_only=True):
    """A city said what it backs, or proposed a topic."""


class TopicsMerged(TopicsEvent, frozen=True, kw_only=True):
    """Several topics became one, or stand by themselves again."""


class TopicsEnded(TopicsEvent, frozen=True, kw_only=True):
    """The moment has passed until which topics were collected."""


class TopicsSettled(TopicsEvent, frozen=True, kw_only=True):
    """The topics became the activity's agenda."""


class BulletinEvent(Event, frozen=True, kw_only=True):
    """Something happened to a bulletin: what coordinators and guardians tell many people at once."""

    bulletin_id: str

    @property
    def subject(self) -> str:
        return f"bulletin:{self.bulletin_id}"


class BulletinSent(BulletinEvent, frozen=True, kw_only=True):
    """A bulletin goes out to everybody it is for."""


class BulletinRead(BulletinEvent, frozen=True, kw_only=True):
    """Somebody said that they have read it."""


class PeopleListEvent(Event, frozen=True, kw_only=True):
    """Something happened to a list of people that was dropped into the chat."""

    list_id: str

    @property
    def subject(self) -> str:
        return f"people-list:{self.list_id}"


class PeopleListRead(PeopleListEvent, frozen=True, kw_only=True):
    """What the list would do is known, or is something else by now, and is to be shown."""


class PeopleListAccepted(PeopleListEvent, frozen=True, kw_only=True):
    """Whoever brought the list said that it is to be saved."""


class PeopleListSaved(PeopleListEvent, frozen=True, kw_only=True):
    """What the list says is in the programme now."""


class PeopleListLeft(PeopleListEvent, frozen=True, kw_only=True):
    """Whoever brought the list said that nothing of it is to be saved."""


class PeopleListEnded(PeopleListEvent, frozen=True, kw_only=True):
    """Nobody decided within the hour for which a list is kept."""


class MaterialEvent(Event, frozen=True, kw_only=True):
    """Something happened to a material of an activity."""

    material_id: str
    activity_id: str

    @property
    def subject(self) -> str:
        return f"material:{self.material_id}"


class MaterialAdded(MaterialEvent, frozen=True, kw_only=True):
    """A presentation, a recording or another thing to read belongs to an activity now."""


class MaterialRemoved(MaterialEvent, frozen=True, kw_only=True):
    """A material no longer belongs to its activity."""


class ContributionEvent(Event, frozen=True, kw_only=True):
    """Something happened to a contribution to a MID or a PU."""

    contribution_id: str

    @property
    def subject(self) -> str:
        return f"contribution:{self.contribution_id}"


class ContributionLogged(ContributionEvent, frozen=True, kw_only=True):
    """Something was proposed for a document."""


class ContributionAccepted(ContributionEvent, frozen=True, kw_only=True):
    """The document's owner took it in."""


class ContributionReturned(ContributionEvent, frozen=True, kw_only=True):
    """The document's owner gave it back, with a reason."""


class ContributionWithdrawn(ContributionEvent, frozen=True, kw_only=True):
    """Its author took it back before it was accepted."""


class ContributionConsented(ContributionEvent, frozen=True, kw_only=True):
    """The author of the private message agreed that it reaches the others."""


class ContributionWithheld(ContributionEvent, frozen=True, kw_only=True):
    """The author of the private message did not agree; its words were deleted."""


class ContributionSourceEdited(ContributionEvent, frozen=True, kw_only=True):
    """The message it was taken from says something else now."""


class ContributionSourceDeleted(ContributionEvent, frozen=True, kw_only=True):
    """The message it was taken from was deleted."""


class ContributionEdited(ContributionEvent, frozen=True, kw_only=True):
    """Its author took over what the message says now; the document's owner decides on that."""


class SessionEvent(Event, frozen=True, kw_only=True):
    """Something happened to an advisory session; what was said in it stands in no event."""

    session_id: str

    @property
    def subject(self) -> str:
        return f"session:{self.session_id}"


class SessionLogFellDue(ActivityEvent, frozen=True, kw_only=True):
    """It is time to ask once more how a session on the calendar went, since nobody has logged it."""


class AdvisorySessionLogged(SessionEvent, frozen=True, kw_only=True):
    """An expert logged a session; ``activity_id`` is what was on the calendar, or ""."""

    activity_id: str = ""


class AdvisorySessionChanged(SessionEvent, frozen=True, kw_only=True):
    """An expert added to what is logged of a session, or changed it."""


class AdvisorySessionCorrected(SessionEvent, frozen=True, kw_only=True):
    """A city said what is to be corrected in the agreements."""

    city: str


class SessionRequestEvent(Event, frozen=True, kw_only=True):
    """Something happened to a request for an advisory session; the question stands in no event."""

    request_id: str

    @property
    def subject(self) -> str:
        return f"session-request:{self.request_id}"


class SessionRequested(SessionRequestEvent, frozen=True, kw_only=True):
    """A city or an expert asked for a session."""


class SessionTimesOffered(SessionRequestEvent, frozen=True, kw_only=True):
    """The other side offered times."""


class SessionRequestFellDue(SessionRequestEvent, frozen=True, kw_only=True):
    """Nobody has done anything about a request since its ``revision``, and it is time to ask once more."""


class SessionArranged(SessionRequestEvent, frozen=True, kw_only=True):
    """One of the times was chosen, and the session stands on the calendar."""


class SessionRequestDeclined(SessionRequestEvent, frozen=True, kw_only=True):
    """Either side ended the request, with a reason."""


class MemberEvent(Event, frozen=True, kw_only=True):
    """Something happened to a person of the programme."""

    member_id: str

    @property
    def subject(self) -> str:
        return f"member:{self.member_id}"


class MemberJoined(MemberEvent, frozen=True, kw_only=True):
    """A person entered the programme, or got a role in it."""


class MemberLeft(MemberEvent, frozen=True, kw_only=True):
    """The last role of a person ended."""


class TeamChanged(Event, frozen=True, kw_only=True):
    """Somebody joined a city's team, left it, or became its contact; ``change`` is joined, left or contact."""

    edition: str
    network: str
    city: str
    member_id: str
    change: str

    @property
    def subject(self) -> str:
        return f"team:{self.edition}/{self.network}/{self.city}"


class MemberRestricted(MemberEvent, frozen=True, kw_only=True):
    """A person limited the use of their data (RODO art. 18): it is kept, and nothing else is done with it."""


class RestrictionLifted(MemberEvent, frozen=True, kw_only=True):
    """A person ended that limit."""


class CorrectionRequested(MemberEvent, frozen=True, kw_only=True):
    """A person asked the coordinators to correct their data (RODO art. 16); what is wrong stands in the messages."""


class MemberCorrected(MemberEvent, frozen=True, kw_only=True):
    """What is kept of a person was corrected: the name, the e-mail, the language or the time zone."""


class PreferencesChanged(MemberEvent, frozen=True, kw_only=True):
    """A person chose anew what they are told, when, and how far ahead."""


class AbsenceChanged(MemberEvent, frozen=True, kw_only=True):
    """A person said from when until when they are away, or that they are not."""


class VisitingCardChanged(MemberEvent, frozen=True, kw_only=True):
    """A person changed what they offer to help with, or took it away."""


class MemberErased(MemberEvent, frozen=True, kw_only=True):
    """A person's data was erased (RODO art. 17); the pseudonymous id stays where counts need it."""


class MemberMatched(MemberEvent, frozen=True, kw_only=True):
    """A person of the programme and a user of chat turned out to be the same."""


class VisitorEvent(Event, frozen=True, kw_only=True):
    """Something happened with a user of chat; ``visitor`` is a pseudonymous id, not the one that the chat knows."""

    visitor: str

    @property
    def subject(self) -> str:
        return f"visitor:{self.visitor}"


class ChatUserSeen(VisitorEvent, frozen=True, kw_only=True):
    """Somebody whom the hub does not know yet used the bot; they are to be matched by e-mail."""


class StrangerMet(VisitorEvent, frozen=True, kw_only=True):
    """Somebody used the bot whom no programme file names."""


class VisitorIntroduced(VisitorEvent, frozen=True, kw_only=True):
    """Somebody whom no programme file names said who they are."""


class IntroductionConfirmed(VisitorEvent, frozen=True, kw_only=True):
    """Whoever looks after the network took somebody in as who they said they are."""


class IntroductionDeclined(VisitorEvent, frozen=True, kw_only=True):
    """Whoever looks after the network does not know the person."""


class ChannelOpened(Event, frozen=True, kw_only=True):
    """The bot was invited to a channel; what waited for it can go out."""

    team_id: str
    channel_id: str

    @property
    def subject(self) -> str:
        return f"channel:{self.team_id}/{self.channel_id}"


class ReminderFellDue(Event, frozen=True, kw_only=True):
    """It is time to remind one person; ``due_ids`` are all rungs of that person's working day, sent as one message."""

    member_id: str
    day: str
    due_ids: tuple[str, ...]

    @property
    def subject(self) -> str:
        return f"member:{self.member_id}"


class FeedbackRequested(ActivityEvent, frozen=True, kw_only=True):
    """It is time to ask those who took part how it was; a ``nudge`` goes once, to the silent."""

    nudge: bool = False


class FeedbackGiven(ActivityEvent, frozen=True, kw_only=True):
    """Somebody gave feedback; who and what is on purpose not said."""


class FeedbackClosed(ActivityEvent, frozen=True, kw_only=True):
    """The round of feedback ended and its results were computed, once."""


class PooledFeedbackEvent(Event, frozen=True, kw_only=True):
    """Something happened to a round that is not about one activity; ``about`` is its subject."""

    about: str

    @property
    def subject(self) -> str:
        return self.about


class PooledFeedbackRequested(PooledFeedbackEvent, frozen=True, kw_only=True):
    """It is time to ask about the five values, or a quarter of advice; a ``nudge`` goes once, to the silent."""

    nudge: bool = False


class PooledFeedbackGiven(PooledFeedbackEvent, frozen=True, kw_only=True):
    """Somebody answered; who and what is on purpose not said."""


class PooledFeedbackClosed(PooledFeedbackEvent, frozen=True, kw_only=True):
    """The round ended and its results were computed, once."""


class EditionChanged(Event, frozen=True, kw_only=True):
    """An import changed the facts of an edition, its dates among them."""

    edition: str

    @property
    def subject(self) -> str:
        return f"edition:{self.edition}"


class DigestFellDue(MemberEvent, frozen=True, kw_only=True):
    """It is time for one person's weekly digest; ``week`` is the ISO week, such as 2022-W03."""

    week: str


class DeliveryEvent(Event, frozen=True, kw_only=True):
    """Something happened to the delivery of a message."""

    notification_id: str

    @property
    def subject(self) -> str:
        return f"notification:{self.notification_id}"


class DeliveryFailed(DeliveryEvent, frozen=True, kw_only=True):
    """A message could not be delivered and will not be tried again by itself."""


class DeliveryResent(DeliveryEvent, frozen=True, kw_only=True):
    """A person decided that a message is sent again; ``due`` is when it was to be sent until then."""

    due: datetime | None = None


class DeliveryDropped(DeliveryEvent, frozen=True, kw_only=True):
    """A person decided that a message is not sent."""


class MissedRun(msgspec.Struct, frozen=True, kw_only=True):
    """What of one kind should have fallen due at one instant and did not; ``members`` are some of those it is for."""

    kind: str
    due_at: datetime
    items: int
    members: tuple[str, ...] = ()


class RunsMissed(Event, frozen=True, kw_only=True):
    """Digests, reminders or other things that should have fallen due a while ago did not; each run is told once."""

    runs: tuple[MissedRun, ...]

    @property
    def subject(self) -> str:
        return "clock:programme"


def _leaves(base: type[Event]) -> list[type[Event]]:
    found = [leaf for child in base.__subclasses__() for leaf in _leaves(child)]
    return found or [base]


BY_NAME: dict[str, type[Event]] = {event.type_name(): event for event in _leaves(Event)}
"""Event classes by the name in the log; a name that is not here belongs to a newer process."""
