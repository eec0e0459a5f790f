"""From a claimed notification to words: which facts are read and which block says them, by kind of message.

The facts are those of the present, so a message that waited says what is true when it goes out. None means that there
is nothing to say any more.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from pim_bot.blocks import activities as activity_blocks
from pim_bot.blocks import answers, home, lists, messages, newcomers, privacy
from pim_bot.blocks import arranging as arranging_blocks
from pim_bot.blocks import feedback as feedback_blocks
from pim_bot.blocks import ledger as ledger_blocks
from pim_bot.blocks import sessions as session_blocks
from pim_bot.blocks.absence import standing_in
from pim_bot.blocks.assignments import released
from pim_bot.blocks.elements import Block, Message
from pim_bot.blocks.handover import handover
from pim_bot.blocks.leaving import duties
from pim_bot.blocks.missed import Missed, runs_missed
from pim_bot.blocks.preferences import with_fewer
from pim_bot.blocks.report import report_blocks, report_request
from pim_bot.blocks.visiting_cards import contacts
from pim_bot.i18n import Words, language_of
from pim_bot.jobs import rendering_contributions as contributions
from pim_bot.jobs import rendering_together as together
from pim_bot.jobs.answering import ABOUT, Answering, answer
from pim_bot.jobs.ports import WorkerWork
from pim_bot.notifications.absence import absence_key
from pim_bot.notifications.contacts import who_share
from pim_bot.notifications.delivery import Notification
from pim_bot.notifications.digests import LOOK_BACK, compose_digest
from pim_bot.notifications.feedback import asked_about, is_overseer
from pim_bot.notifications.home import compose_home
from pim_bot.notifications.intent import AUTOMATIC, Kind
from pim_bot.notifications.ports import LedgerWork, NotificationWork
from pim_bot.notifications.reminders import duties_for, what_matters
from pim_bot.notifications.subjects import titles_of
from pim_bot.programme.activity import ActivityStatus, Answer, Attendance
from pim_bot.programme.arranging import side_of
from pim_bot.programme.budget import days_used
from pim_bot.programme.card import ActivityCard, card_of
from pim_bot.programme.enrolling import TeamPlace
from pim_bot.programme.feedback import FeedbackAnswer
from pim_bot.programme.handover import hand_over
from pim_bot.programme.introduction import Introduction
from pim_bot.programme.invitations import invitation_of
from pim_bot.programme.leaving import duties_of
from pim_bot.programme.people import Actor, Member
from pim_bot.programme.permissions import Action, Place, can
from pim_bot.programme.privacy import Contacts
from pim_bot.programme.questions.finding import Asked
from pim_bot.programme.questions.question import Meaning, question_of
from pim_bot.programme.session import AdvisorySession, SessionRequest, SessionStatus
from pim_bot.programme.session_card import SessionCard, session_cards
from pim_bot.programme.staffing import place_name

Render = Callable[[WorkerWork, Notification, Words, datetime], Awaitable[Message | None]]


async def render(work: WorkerWork, claimed: Notification, now: datetime, *, public_url: str = "") -> Message | None:
    """Say the message in the recipient's language from the present state; None when nothing is to be said.

    ``public_url`` is where the calendars are.
    """
    if not _is_heard(claimed):
        return None
    words = Words(language_of(claimed.addressee.language))
    if claimed.kind is Kind.HOME:
        return await _home(work, claimed, words, now, public_url)
    said = await RENDERERS[claimed.kind](work, claimed, words, now)
    return with_fewer(words, said) if said is not None and claimed.kind in AUTOMATIC else said


def _is_heard(claimed: Notification) -> bool:
    """Tell whether the recipient may be told: who limited their data hears only why an act of theirs was refused."""
    return not claimed.addressee.is_restricted or claimed.kind is Kind.REFUSAL


async def _card(work: NotificationWork, claimed: Notification) -> ActivityCard | None:
    activity = await work.activities.get(claimed.subject.removeprefix("activity:"))
    return await card_of(work, activity) if activity else None


async def _member(work: NotificationWork, claimed: Notification) -> Member | None:
    return await work.people.get(claimed.addressee.member_id) if claimed.addressee.member_id else None


async def _my_attendance(
    work: NotificationWork, card: ActivityCard, claimed: Notification, now: datetime
) -> Attendance | None:
    member = await _member(work, claimed)
    return await invitation_of(work, card.activity, member, member.day_of(now)) if member else None


async def _announcement(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    card = await _card(work, claimed)
    if card is None:
        return None
    materials = await work.materials.of(card.activity.id)
    report = await _report_of(work, card, words, people=False)
    return activity_blocks.announcement(words, card, now=now, materials=materials, report=report)


async def _report_of(work: NotificationWork, card: ActivityCard, words: Words, *, people: bool) -> list[Block]:
    held = card.activity.status is ActivityStatus.HELD
    report = await work.reports.get(card.activity.id) if held else None
    return report_blocks(words, card.activity, report, people=people) if report else []


async def _invitation(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    card = await _card(work, claimed)
    attendance = await _my_attendance(work, card, claimed, now) if card else None
    if card is None or attendance is None:
        return None
    if not claimed.target_ts and (attendance.answer is not None or card.is_over(now)):
        return None
    by = await work.people.get(attendance.answered_by) if attendance.answered_by else None
    return activity_blocks.invitation(words, card, attendance, by=by, now=now)


async def _planned(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    card = await _card(work, claimed)
    if card is None:
        return None
    report = await _report_of(work, card, words, people=True)
    return activity_blocks.planned(words, card, report=report, now=now)


async def _report(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    card = await _card(work, claimed)
    report = await work.reports.get(card.activity.id) if card else None
    if card is None or (report is not None and not claimed.target_ts):
        return None
    by = await work.people.get(report.reported_by.removeprefix("member:")) if report else None
    return report_request(words, card, report, by=by, step=claimed.kind.removeprefix("report-"))


async def _moved(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    card = await _card(work, claimed)
    if card is None or not card.activity.is_open or not _is_still_moved_there(card, claimed):
        return None
    attendance = await _my_attendance(work, card, claimed, now)
    previous = datetime.fromisoformat(claimed.facts["previous_start"])
    answered = attendance is not None and attendance.answer is not None
    return activity_blocks.moved(words, card, previous_start=previous, answered=answered)


def _is_still_moved_there(card: ActivityCard, claimed: Notification) -> bool:
    """Tell whether a move is the last one; details that were changed after it do not outdate it."""
    if str(card.activity.revision) == claimed.occurrence:
        return True
    return bool(claimed.facts.get("starts_at") == card.activity.starts_at.isoformat())


async def _changed(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    card = await _card(work, claimed)
    if card is None or card.is_over(now):
        return None
    return activity_blocks.changed(words, card, what=claimed.facts["what"])


async def _cancelled(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    card = await _card(work, claimed)
    return activity_blocks.cancelled(words, card) if card else None


async def _place_given(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    card = await _card(work, claimed)
    attendance = await _my_attendance(work, card, claimed, now) if card else None
    if card is None or attendance is None or attendance.answer is not Answer.GOING or card.is_over(now):
        return None
    return activity_blocks.place_given(words, card, attendance)


async def _attendance_nudge(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    card = await _card(work, claimed)
    attendance = await _my_attendance(work, card, claimed, now) if card else None
    if card is None or attendance is None:
        return None
    if not claimed.target_ts and (attendance.answer is not None or card.is_over(now)):
        return None
    return messages.reminder(words, [(card, attendance)], now=now)


async def _reminder(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    member = await work.people.get(claimed.subject.removeprefix("member:"))
    reader = await _member(work, claimed)
    if member is None or reader is None:
        return None
    found = await what_matters(work, member, claimed.occurrence, now, said=bool(claimed.target_ts))
    if reader.id != member.id and not claimed.target_ts:
        found = await duties_for(work, reader, found, now)
    items = [(await card_of(work, activity), one.attendance) for activity, one in found]
    return messages.reminder(words, items, now=now) if items else None


async def _assignment_question(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    assignment = await work.assignments.get(claimed.subject.removeprefix("assignment:"))
    if assignment is None:
        return None
    return messages.assignment_question(words, assignment, await place_name(work, assignment))


async def _assignment_answer(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    assignment = await work.assignments.get(claimed.subject.removeprefix("assignment:"))
    expert = await work.people.get(assignment.member_id) if assignment else None
    if assignment is None or expert is None:
        return None
    return messages.assignment_answer(words, assignment, await place_name(work, assignment), expert.name)


async def _assignment_released(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    assignment = await work.assignments.get(claimed.subject.removeprefix("assignment:"))
    return released(words, assignment, await place_name(work, assignment)) if assignment else None


async def _handover(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    member = await _member(work, claimed)
    if member is not None and claimed.subject.startswith("team:"):
        edition, network, city = claimed.subject.removeprefix("team:").split("/")
        return handover(words, await hand_over(work, member, edition, network=network, city=city, now=now))
    assignment = await work.assignments.get(claimed.subject.removeprefix("assignment:"))
    if member is None or assignment is None:
        return None
    previous = await work.assignments.get(assignment.replaces) if assignment.replaces else None
    before = await work.people.get(previous.member_id) if previous else None
    found = await hand_over(
        work,
        member,
        assignment.edition,
        network=assignment.network,
        city=assignment.city,
        before=before.name if before else "",
        now=now,
    )
    return handover(words, found)


async def _duties(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    member = await _member(work, claimed)
    leaver = await work.people.get(claimed.occurrence.split("/")[0])
    if member is None or leaver is None:
        return None
    edition, network, city = claimed.subject.removeprefix("team:").split("/")
    place = TeamPlace(edition=edition, network=network, city=city)
    found = await duties_of(work, leaver, place, now=now)
    if not found.are_left and not claimed.target_ts:
        return None
    names = {one.slug: one.name for one in await work.editions.cities(edition)}
    actor = Actor(door="chat", member=member)
    may_assign = can(actor, Action.ASSIGN_EXPERT, Place(edition=edition), day=member.day_of(now))
    return duties(words, found, city=names.get(city, city), may_assign=may_assign)


async def _contacts(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    activity = await work.activities.get(claimed.subject.removeprefix("activity:"))
    found = await who_share(work, activity) if activity else []
    mine = [one for one in found if one[0].id == claimed.addressee.member_id]
    others = [one for one in found if one[0].id != claimed.addressee.member_id]
    return contacts(words, activity.title, others) if activity and mine and others else None


async def _standing_in(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    member = await work.people.get(claimed.subject.removeprefix("member:"))
    return standing_in(words, member, holds=absence_key(member) == claimed.occurrence) if member else None


async def _request(
    work: NotificationWork, claimed: Notification, request_id: str, now: datetime
) -> tuple[SessionRequest, str, Member] | None:
    """Read a request for a session with the name of its city, for somebody who still stands on a side of it."""
    request = await work.session_requests.get(request_id)
    member = await _member(work, claimed)
    if request is None or member is None or side_of(member, request, now) is None:
        return None
    cities = {city.slug: city.name for city in await work.editions.cities(request.edition)}
    return request, cities.get(request.city, request.city), member


async def _session_requested(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    found = await _request(work, claimed, claimed.subject.removeprefix("session-request:"), now)
    if found is None or not (found[0].is_open or claimed.target_ts):
        return None
    request, city, _ = found
    by = await work.people.get(request.asked_by)
    parts = {part.slug: part.name for part in await work.editions.parts(request.edition)}
    part = parts.get(request.part, "")
    return arranging_blocks.requested(words, request, city, who=by.name if by else city, part=part)


async def _session_offered(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    found = await _request(work, claimed, claimed.subject.removeprefix("session-request:"), now)
    if found is None or not (found[0].is_open or claimed.target_ts):
        return None
    request, city, member = found
    by = await work.people.get(request.answered_by)
    return arranging_blocks.offered(words, request, city, who=by.name if by else city, zone=member.zone)


async def _session_arranged(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    found = await _request(work, claimed, claimed.occurrence, now)
    activity = await work.activities.get(claimed.subject.removeprefix("activity:"))
    if found is None or activity is None:
        return None
    over = not activity.is_open or activity.starts_at <= now
    return arranging_blocks.arranged(words, found[0], activity, found[1], over=over)


async def _session_declined(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    found = await _request(work, claimed, claimed.subject.removeprefix("session-request:"), now)
    return arranging_blocks.declined(words, found[0], found[1]) if found else None


async def _session_question(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    activity = await work.activities.get(claimed.subject.removeprefix("activity:"))
    if activity is None:
        return None
    session = await work.sessions.of_activity(activity.id)
    if session is not None and not claimed.target_ts:
        return None
    return session_blocks.question(
        words,
        title=activity.title,
        when=activity_blocks.when_of(words, activity),
        length=session_blocks.length_of(words, round((activity.ends_at - activity.starts_at).total_seconds() / 60)),
        activity_id=activity.id,
        state=session.status if session else "asked",
        nudge=claimed.kind is Kind.SESSION_NUDGE,
    )


async def _session_card(work: NotificationWork, claimed: Notification, now: datetime) -> SessionCard | None:
    """Read a session as its recipient may read it; None when it, or the recipient, is gone or did not take place."""
    session = await work.sessions.get(claimed.subject.removeprefix("session:"))
    member = await _member(work, claimed)
    if session is None or member is None or session.status is not SessionStatus.HELD:
        return None
    return (await session_cards(work, [session], Actor(door="chat", member=member), now))[0]


async def _session_logged(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    card = await _session_card(work, claimed, now)
    if card is None or not card.readable:
        return None
    session = card.session
    sources = {one.city: f"session:{session.id}/{one.city}" for one in session.cities}
    proposed = [city for city, source in sources.items() if await work.contributions.by_source(source)]
    used = await _days_used(work, session, claimed.addressee.member_id)
    return session_blocks.logged(words, card, used, proposed=proposed)


async def _days_used(work: NotificationWork, session: AdvisorySession, member_id: str) -> list[tuple[float, int]]:
    """Tell, of each assignment with a budget that the session counts for, the days used and the budget."""
    places = {(one.network, "") for one in session.cities} | {("", one.city) for one in session.cities}
    mine = [
        one
        for one in await work.assignments.of_edition(session.edition)
        if one.member_id == member_id and one.days and one.since <= session.day <= one.until
    ]
    used = await days_used(work, session.edition, mine) if mine else {}
    counted = [one for one in mine if ("" if one.city else one.network, one.city) in places]
    return [(used[one.id], one.days) for one in counted]


async def _session_agreed(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    card = await _session_card(work, claimed, now)
    told = card.session.words_for(claimed.occurrence) if card else None
    if card is None or told is None or told.city not in card.readable or not told.has_agreements:
        return None
    by = await work.people.get(told.corrected_by) if told.corrected_by else None
    return session_blocks.agreed(words, card, told, by=by.name if by else "")


async def _session_corrected(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    card = await _session_card(work, claimed, now)
    told = card.session.words_for(claimed.occurrence.split("/")[0]) if card else None
    if card is None or told is None or told.city not in card.readable or not told.correction:
        return None
    by = await work.people.get(told.corrected_by) if told.corrected_by else None
    return session_blocks.corrected(words, card, told, by=by.name if by else "")


async def _feedback(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    asked = await asked_about(work, claimed.subject)
    found = await work.feedback.get(claimed.subject)
    if asked is None or found is None:
        return None
    state = "closed"
    if found.is_open:
        answered = await work.feedback.has_answered(found.subject, claimed.addressee.member_id)
        state = "answered" if answered else "asked"
    if not claimed.target_ts and state != "asked":
        return None
    nudge = claimed.kind is Kind.FEEDBACK_NUDGE
    return feedback_blocks.feedback_question(words, asked, found, state=state, nudge=nudge)


async def _feedback_result(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    asked = await asked_about(work, claimed.subject)
    closed = await work.feedback.get(claimed.subject)
    member = await _member(work, claimed)
    if asked is None or closed is None or closed.result is None or member is None:
        return None
    answers: list[FeedbackAnswer] = []
    if is_overseer(member, asked, member.day_of(now)) and (closed.named or closed.result.enough):
        answers = await work.feedback.answers(closed)
    people = await work.people.many([one.member_id for one in answers]) if closed.named else []
    names = {one.id: one.name for one in people}
    return feedback_blocks.feedback_result(words, asked, closed.result, answers, names)


async def _digest(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    member = await _member(work, claimed)
    found = await compose_digest(work, member, claimed.occurrence, now) if member else None
    return lists.digest(words, found, now=now) if found else None


async def _welcome(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    member = await _member(work, claimed)
    return messages.welcome(words, member) if member else None


async def _stranger(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    return messages.stranger(words)


async def _introduced(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    introduction = await work.introductions.get(claimed.subject.removeprefix("visitor:"))
    if introduction is None or not (introduction.waits or claimed.target_ts):
        return None
    by = await work.people.get(introduction.decided_by) if introduction.decided_by else None
    known = await work.people.by_email(introduction.email) if introduction.waits else None
    return newcomers.introduced(
        words,
        introduction,
        place=await _place_of_newcomer(work, introduction),
        known=known.name if known else "",
        by=by.name if by else "",
    )


async def _place_of_newcomer(work: NotificationWork, introduction: Introduction) -> str:
    if introduction.city:
        cities = await work.editions.cities(introduction.edition)
        return next((one.name for one in cities if one.slug == introduction.city), introduction.city)
    institutions = {one.slug: one.names for one in await work.editions.institutions(introduction.edition)}
    names = institutions.get(introduction.institution, ())
    return next((one.name for one in reversed(names) if one.until is None), introduction.institution)


async def _introduction_declined(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    return newcomers.introduction_declined(words)


async def _refusal(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    return messages.refusal(words, claimed.facts["reason"], claimed.facts.get("facts", {}))


async def _delivery_failed(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime
) -> Message | None:
    return messages.delivery_failed(words, **claimed.facts)


async def _runs_missed(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    runs = []
    for run in claimed.facts["runs"]:
        due_at = datetime.fromisoformat(run["due_at"])
        members = await work.people.many(run["members"])
        runs.append(
            Missed(
                kind=run["kind"],
                due_at=due_at,
                items=run["items"],
                names=tuple(member.name for member in members),
                waits=await work.due_items.is_overdue(run["kind"], due_at),
            )
        )
    return runs_missed(words, runs)


async def _correction(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    facts = claimed.facts
    return privacy.correction(words, who=facts["who"], name=facts["name"], email=facts["email"], member_id=facts["id"])


async def _deliveries(work: LedgerWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    member = await _member(work, claimed)
    if member is None:
        return None
    facts = await work.ledger.facts(claimed.target_id or claimed.id)  # a change has none of its own
    entries = await work.ledger.entries(facts["ids"])
    decisions = await work.ledger.decisions([one.id for one in entries])
    deciders = await work.people.many([one.actor.removeprefix("member:") for one in decisions.values()])
    troubles = facts.get("troubles", len(facts["ids"]))
    in_trouble = set(facts["ids"][:troubles])
    found = ledger_blocks.DeliveryList(
        entries=[one for one in entries if one.id in in_trouble],
        sent=[one for one in entries if one.id not in in_trouble],
        titles=await titles_of(work, [one.subject for one in entries]),
        decisions=decisions,
        deciders={f"member:{one.id}": one.name for one in deciders},
        counts=await work.ledger.counts(since=now - LOOK_BACK),
        more=facts["more"],
        page=facts["page"],
        workspace=facts.get("workspace", ""),
    )
    return ledger_blocks.deliveries(words, found, zone=member.zone, now=now)


async def _answer(work: WorkerWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    facts = claimed.facts
    contacts = Contacts(**facts.get("contacts", {}))
    member = await _member(work, claimed)
    edition = await work.editions.in_force(member.day_of(now) if member else now.date())
    if member is None and claimed.addressee.member_id:
        return None
    if "question" not in facts:
        said = answers.not_understood(words, [Meaning(one) for one in facts.get("nearest", [])] or list(ABOUT[:3]))
    elif edition is None:
        said = lists.sentence(
            words.text("Nie wczytano jeszcze żadnej edycji programu. Prosimy o kontakt z koordynacją.")
        )
    else:
        asked = Asked(question=question_of(facts["question"]), edition=edition, now=now, member=member)
        said = await answer(Answering(work=work, asked=asked, words=words, contacts=contacts))
    return answers.with_notice(said, privacy.notice_block(words, contacts)) if facts.get("notice") else said


async def _home(
    work: NotificationWork, claimed: Notification, words: Words, now: datetime, public_url: str
) -> Message | None:
    member = await _member(work, claimed)
    if member is None:
        return None
    return home.home(words, await compose_home(work, member, now), now=now, public_url=public_url)


async def _bundle(work: WorkerWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Say several messages in one; each as it would be said alone."""
    parts = await work.deliveries.parts(claimed.target_id or claimed.id)
    heard = [replace(part, target_ts=claimed.target_ts) for part in parts if _is_heard(part)]
    said = [await RENDERERS[part.kind](work, part, words, now) for part in heard]
    told = [message for message in said if message is not None]
    return messages.bundle(words, told) if told else None


RENDERERS: dict[Kind, Render] = {
    Kind.ANNOUNCEMENT: _announcement,
    Kind.INVITATION: _invitation,
    Kind.PLANNED: _planned,
    Kind.MOVED: _moved,
    Kind.CHANGED: _changed,
    Kind.CANCELLED: _cancelled,
    Kind.PLACE_GIVEN: _place_given,
    Kind.ATTENDANCE_NUDGE: _attendance_nudge,
    Kind.REMINDER: _reminder,
    Kind.ASSIGNMENT_QUESTION: _assignment_question,
    Kind.ASSIGNMENT_ANSWER: _assignment_answer,
    Kind.SESSION_REQUESTED: _session_requested,
    Kind.SESSION_OFFERED: _session_offered,
    Kind.SESSION_ARRANGED: _session_arranged,
    Kind.SESSION_DECLINED: _session_declined,
    Kind.SESSION_QUESTION: _session_question,
    Kind.SESSION_NUDGE: _session_question,
    Kind.SESSION_LOGGED: _session_logged,
    Kind.SESSION_AGREED: _session_agreed,
    Kind.SESSION_CORRECTED: _session_corrected,
    Kind.ASSIGNMENT_RELEASED: _assignment_released,
    Kind.HANDOVER: _handover,
    Kind.DUTIES: _duties,
    Kind.CONTACTS: _contacts,
    Kind.STANDING_IN: _standing_in,
    Kind.FEEDBACK_QUESTION: _feedback,
    Kind.FEEDBACK_NUDGE: _feedback,
    Kind.FEEDBACK_RESULT: _feedback_result,
    Kind.REPORT_QUESTION: _report,
    Kind.REPORT_NUDGE: _report,
    Kind.REPORT_ESCALATION: _report,
    Kind.DIGEST: _digest,
    Kind.WELCOME: _welcome,
    Kind.STRANGER: _stranger,
    Kind.INTRODUCED: _introduced,
    Kind.INTRODUCTION_DECLINED: _introduction_declined,
    Kind.REFUSAL: _refusal,
    Kind.DELIVERY_FAILED: _delivery_failed,
    Kind.RUNS_MISSED: _runs_missed,
    Kind.CORRECTION: _correction,
    Kind.DELIVERIES: _deliveries,
    Kind.CONTRIBUTION_PROPOSED: contributions.proposed,
    Kind.CONTRIBUTION_THANKS: contributions.thanks,
    Kind.CONTRIBUTION_DECIDED: contributions.decided,
    Kind.CONTRIBUTION_CONSENT: contributions.consent,
    Kind.CONTRIBUTION_EDIT: contributions.edit_offer,
    Kind.ANSWER: _answer,
    Kind.CONTRIBUTION_OFFER: contributions.offer,
    Kind.TOPICS: together.topics,
    Kind.TOPICS_ENDED: together.topics_ended,
    Kind.BULLETIN: together.bulletin,
    Kind.BULLETIN_SENT: together.bulletin_sent,
    Kind.BUNDLE: _bundle,
}
