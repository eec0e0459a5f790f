"""Reactions to contributions: the document's owner is asked, those who made it are thanked and told the outcome."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from pim_bot.events.catalogue import ContributionEdited, ContributionEvent
from pim_bot.events.event import RecordedEvent
from pim_bot.notifications.direct import tell_members
from pim_bot.notifications.intent import Intent, Kind
from pim_bot.notifications.ports import NotificationWork, Quotation
from pim_bot.programme.circles import place_of
from pim_bot.programme.contribution import Consent, Contribution, ContributionStatus, MarkedMessage
from pim_bot.programme.document import Document, DocumentKind
from pim_bot.programme.people import Actor, Member
from pim_bot.programme.permissions import Action, can

IN_PLACE = (
    Kind.CONTRIBUTION_PROPOSED,
    Kind.CONTRIBUTION_THANKS,
    Kind.CONTRIBUTION_CONSENT,
    Kind.CONTRIBUTION_EDIT,
)


async def owners_of(work: NotificationWork, document: Document, now: datetime) -> list[Member]:
    """Tell who decides on a document: the city's team on its MID, the network's World Bank experts on its PU."""
    day = now.date()
    if document.kind is DocumentKind.MID:
        teams = await work.people.teams(document.edition, [document.network], day)
        people = [member for team in teams if team.city == document.city for member in team.members]
    else:
        people = await work.people.in_networks(document.edition, [document.network], day)
    place = place_of(document)
    return [
        one
        for one in people
        if can(Actor(door="reaction", member=one), Action.DECIDE_CONTRIBUTION, place, day=one.day_of(now))
    ]


async def ask_owners(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Ask the owners of the document for a decision; after an edit, for a new one."""
    contribution = await _present(work, recorded)
    if contribution is None or not contribution.is_open:
        return
    owners = await owners_of(work, contribution.document, recorded.at)
    again = str(recorded.event.revision) if isinstance(recorded.event, ContributionEdited) else ""
    await tell_members(work, recorded, owners, Kind.CONTRIBUTION_PROPOSED, occurrence=again)


async def thank(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Thank the author, those credited and whoever put it in, once."""
    contribution = await _present(work, recorded)
    if contribution is None or contribution.is_withheld or contribution.status is ContributionStatus.WITHDRAWN:
        return
    await tell_members(work, recorded, await _makers(work, contribution), Kind.CONTRIBUTION_THANKS)


async def ask_for_consent(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Ask the author of a private message whether the others may read it."""
    contribution = await _present(work, recorded)
    if contribution is None or contribution.consent is not Consent.ASKED:
        return
    authors = await work.people.many([contribution.author])
    await tell_members(work, recorded, authors, Kind.CONTRIBUTION_CONSENT)


async def offer_form(
    work: NotificationWork, marked: MarkedMessage, quotation: Quotation | None, *, now: datetime
) -> None:
    """Offer whoever marked a message the form with its words; None tells that it could not be read.

    The same person is offered the same message once, however often they mark it.
    """
    recipients = await work.recipients.members([marked.member_id])
    facts: dict[str, Any] = {"source": {"team_id": marked.team_id, "channel_id": marked.channel_id, "ts": marked.ts}}
    if quotation is not None:
        names = ("author_team", "author_user", "by_bot", "is_private", "link")
        facts["source"] |= {name: getattr(quotation, name) for name in names}
        facts |= {"text": quotation.text, "files": [list(one) for one in quotation.files]}
    intent = Intent(
        kind=Kind.CONTRIBUTION_OFFER,
        recipient=recipients[marked.member_id],
        subject=f"member:{marked.member_id}",
        occurrence=sha256(marked.key.encode()).hexdigest(),
        not_before=now,
        facts=facts,
    )
    await work.outbox.intend([intent])


async def tell_of_decision(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Take the buttons off, and tell those who made it what became of it; of what was taken in at once thanks tell."""
    contribution = await _present(work, recorded)
    if contribution is None:
        return
    await work.outbox.refresh(recorded.event.subject, IN_PLACE, at=recorded.at)
    if recorded.event.revision == 1:
        return
    people = [one for one in await _makers(work, contribution) if f"member:{one.id}" != contribution.decided_by]
    await tell_members(work, recorded, people, Kind.CONTRIBUTION_DECIDED, occurrence=str(recorded.event.revision))


async def tell_of_refused_consent(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Tell whoever put it in that its author did not agree."""
    contribution = await _present(work, recorded)
    if contribution is None:
        return
    people = await work.people.many([contribution.logged_by.removeprefix("member:")])
    await tell_members(work, recorded, people, Kind.CONTRIBUTION_DECIDED, occurrence=str(recorded.event.revision))


async def offer_edit(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Ask the author, or whoever put it in, whether the contribution shall say what its message says now."""
    contribution = await _present(work, recorded)
    if contribution is None or not contribution.newer_text:
        return
    asked = contribution.author or contribution.logged_by.removeprefix("member:")
    people = await work.people.many([asked])
    await tell_members(work, recorded, people, Kind.CONTRIBUTION_EDIT, occurrence=str(recorded.event.revision))


async def show_contribution(work: NotificationWork, recorded: RecordedEvent) -> None:
    """Bring what was said of a contribution up to date where it stands."""
    await work.outbox.refresh(recorded.event.subject, IN_PLACE, at=recorded.at)


async def _present(work: NotificationWork, recorded: RecordedEvent) -> Contribution | None:
    event = recorded.event
    assert isinstance(event, ContributionEvent)
    return await work.contributions.get(event.contribution_id)


async def _makers(work: NotificationWork, contribution: Contribution) -> list[Member]:
    return await work.people.many(sorted(contribution.own | set(contribution.people)))
