"""Messages about assignments of experts, and about what one person hands over to another."""

from datetime import datetime

from pim_bot.blocks import assignments as blocks
from pim_bot.blocks import handover as handover_blocks
from pim_bot.blocks import leaving, messages
from pim_bot.blocks.elements import Message
from pim_bot.i18n import Words
from pim_bot.jobs.rendering.recipient import member_of
from pim_bot.notifications.delivery import Notification
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.enrolling import TeamPlace
from pim_bot.programme.handover import hand_over
from pim_bot.programme.leaving import duties_of
from pim_bot.programme.people import Actor
from pim_bot.programme.permissions import Action, Place, can
from pim_bot.programme.staffing import place_name


async def question(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Ask an expert whether they accept."""
    assignment = await work.assignments.get(claimed.subject.removeprefix("assignment:"))
    if assignment is None:
        return None
    return messages.assignment_question(words, assignment, await place_name(work, assignment))


async def answered(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell what the expert answered."""
    assignment = await work.assignments.get(claimed.subject.removeprefix("assignment:"))
    expert = await work.people.get(assignment.member_id) if assignment else None
    if assignment is None or expert is None:
        return None
    return messages.assignment_answer(words, assignment, await place_name(work, assignment), expert.name)


async def released(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Tell an expert that an assignment has ended."""
    assignment = await work.assignments.get(claimed.subject.removeprefix("assignment:"))
    return blocks.released(words, assignment, await place_name(work, assignment)) if assignment else None


async def handover(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Hand a network or a city over to somebody new in a team or an assignment."""
    member = await member_of(work, claimed)
    if member is not None and claimed.subject.startswith("team:"):
        edition, network, city = claimed.subject.removeprefix("team:").split("/")
        return handover_blocks.handover(
            words, await hand_over(work, member, edition, network=network, city=city, now=now)
        )
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
    return handover_blocks.handover(words, found)


async def duties(work: NotificationWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """List what somebody who left a team leaves behind, while anything is left."""
    member = await member_of(work, claimed)
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
    return leaving.duties(words, found, city=names.get(city, city), may_assign=may_assign)
