"""Reactions to experts' assignments: the expert is asked, the person who asked hears the answer."""

from pim_bot.events.catalogue import AssignmentEvent, ExpertAccepted, ExpertAssigned
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.direct import tell_members
from pim_bot.notifications.intent import Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.assignment import AssignmentStatus


async def ask_expert(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Ask the expert to accept or decline."""
    event = recorded.event
    assert isinstance(event, ExpertAssigned)
    assignment = await work.assignments.get(event.assignment_id)
    if assignment is None or assignment.status is not AssignmentStatus.PROPOSED:
        return
    await _tell(work, recorded, assignment.member_id, Kind.ASSIGNMENT_QUESTION)


async def tell_of_assignment_answer(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Take the buttons off the question, and tell the person who assigned."""
    event = recorded.event
    assert isinstance(event, AssignmentEvent)
    assignment = await work.assignments.get(event.assignment_id)
    if assignment is None or assignment.revision != event.revision:
        return
    await work.outbox.refresh(event.subject, [Kind.ASSIGNMENT_QUESTION], at=recorded.at)
    if assignment.assigned_by.startswith("member:"):
        await _tell(work, recorded, assignment.assigned_by.removeprefix("member:"), Kind.ASSIGNMENT_ANSWER)


async def tell_of_release(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Take the buttons off the question, and tell the expert that the assignment ends."""
    event = recorded.event
    assert isinstance(event, AssignmentEvent)
    assignment = await work.assignments.get(event.assignment_id)
    if assignment is None or assignment.revision != event.revision:
        return
    await work.outbox.refresh(event.subject, [Kind.ASSIGNMENT_QUESTION], at=recorded.at)
    await _tell(work, recorded, assignment.member_id, Kind.ASSIGNMENT_RELEASED, occurrence=str(event.revision))


async def hand_over_place(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Give whoever accepted an assignment the summary of its network or city."""
    event = recorded.event
    assert isinstance(event, ExpertAccepted)
    assignment = await work.assignments.get(event.assignment_id)
    if assignment is not None and assignment.status is AssignmentStatus.ACCEPTED:
        await _tell(work, recorded, assignment.member_id, Kind.HANDOVER)


async def _tell(
    work: NotificationWork, recorded: RecordedEvent, member_id: str, kind: Kind, *, occurrence: str = ""
) -> None:
    member = await work.people.get(member_id)
    if member is None:
        return
    await tell_members(work, recorded, [member], kind, occurrence=occurrence, revision=recorded.event.revision)
