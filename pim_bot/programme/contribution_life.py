"""What becomes of a contribution: accepted or returned by the document's owner, withdrawn, consented to, edited."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pim_bot.errors import NotFound, Refused
from pim_bot.events.catalogue import (
    ContributionAccepted,
    ContributionConsented,
    ContributionEdited,
    ContributionEvent,
    ContributionReturned,
    ContributionSourceDeleted,
    ContributionSourceEdited,
    ContributionWithdrawn,
    ContributionWithheld,
)
from pim_bot.programme import ports
from pim_bot.programme.contributing import LONGEST_TEXT, owns_document
from pim_bot.programme.contribution import Consent, Contribution, ContributionStatus
from pim_bot.programme.people import Actor
from pim_bot.programme.permissions import Action, require
from pim_bot.programme.words import clean_text

WORDLESS: dict[str, Any] = {"text": "", "justification": "", "link": "", "newer_text": ""}
"""What is left of the words of somebody who took them back."""


async def accept_contribution(
    work: ports.ProgrammeWork, actor: Actor, contribution_id: str, *, now: datetime
) -> Contribution:
    """Take a contribution into its document; accepting twice changes nothing."""
    contribution = await _held(work, contribution_id)
    _require_owner(actor, contribution, now=now)
    if contribution.status is ContributionStatus.ACCEPTED:
        return contribution
    return await _decide(work, actor, contribution, ContributionStatus.ACCEPTED, now=now)


async def return_contribution(
    work: ports.ProgrammeWork, actor: Actor, contribution_id: str, *, reason: str, now: datetime
) -> Contribution:
    """Give a contribution back with a reason, which its author and those credited read."""
    contribution = await _held(work, contribution_id)
    _require_owner(actor, contribution, now=now)
    if problem := _reason_problem(reason):
        raise Refused("Formularz wymaga poprawek.", fields={"reason": problem})
    return await _decide(work, actor, contribution, ContributionStatus.RETURNED, reason=clean_text(reason), now=now)


async def decide_contributions(
    work: ports.ProgrammeWork,
    actor: Actor,
    contribution_ids: Sequence[str],
    *,
    accept: bool,
    reason: str = "",
    now: datetime,
) -> list[Contribution]:
    """Decide several at once, all or none; what somebody else decided meanwhile is left as it is."""
    if not contribution_ids:
        raise Refused("Formularz wymaga poprawek.", fields={"chosen": Refused("Prosimy zaznaczyć co najmniej jeden.")})
    decided = []
    for one in sorted(set(contribution_ids)):  # in one order, so that two people do not wait for each other
        contribution = await _held(work, one)
        _require_owner(actor, contribution, now=now)
        if not contribution.is_open:
            continue
        if accept:
            decided.append(await accept_contribution(work, actor, one, now=now))
        else:
            decided.append(await return_contribution(work, actor, one, reason=reason, now=now))
    return decided


async def withdraw_contribution(
    work: ports.ProgrammeWork, actor: Actor, contribution_id: str, *, now: datetime
) -> Contribution:
    """Take one's own contribution back before it is accepted; its words are deleted."""
    contribution = await _held(work, contribution_id)
    _require_own(actor, contribution, now=now)
    if contribution.status is ContributionStatus.WITHDRAWN:
        return contribution
    if contribution.status is ContributionStatus.ACCEPTED:
        raise Refused("Ten wkład jest już przyjęty, więc nie można go wycofać. W razie pytań pomoże koordynacja.")
    return await _changed(
        work, actor, contribution, ContributionWithdrawn, now=now, status=ContributionStatus.WITHDRAWN, **WORDLESS
    )


async def answer_consent(
    work: ports.ProgrammeWork, actor: Actor, contribution_id: str, *, agree: bool, now: datetime
) -> Contribution:
    """Agree, or not, that one's private message reaches the others; a refusal deletes its words."""
    contribution = await _held(work, contribution_id)
    require(actor, Action.ANSWER_FOR_CONTRIBUTION, now=now, owner=contribution.author or "-")
    wanted = Consent.GIVEN if agree else Consent.REFUSED
    if contribution.consent is wanted:
        return contribution
    if contribution.consent is not Consent.ASKED or contribution.status is not ContributionStatus.PROPOSED:
        raise Refused("To pytanie jest już nieaktualne.")
    if agree:
        return await _changed(work, actor, contribution, ContributionConsented, now=now, consent=wanted)
    return await _changed(
        work,
        actor,
        contribution,
        ContributionWithheld,
        now=now,
        consent=wanted,
        status=ContributionStatus.WITHDRAWN,
        **WORDLESS,
    )


async def take_over_edit(
    work: ports.ProgrammeWork, actor: Actor, contribution_id: str, *, now: datetime
) -> Contribution:
    """Let a contribution say what its message says since it was edited.

    The document's owner decides on that anew, unless it is the owner who takes it over.
    """
    contribution = await _held(work, contribution_id)
    _require_own(actor, contribution, now=now)
    if not contribution.newer_text or contribution.status is ContributionStatus.WITHDRAWN:
        raise Refused("Ten wkład ma już aktualną treść.")
    owned = owns_document(actor, contribution.document, now=now)
    return await _changed(
        work,
        actor,
        contribution,
        ContributionEdited,
        now=now,
        text=contribution.newer_text,
        newer_text="",
        status=ContributionStatus.ACCEPTED if owned else ContributionStatus.PROPOSED,
        decided_by=actor.id if owned else "",
        decided_at=now if owned else None,
        reason="",
    )


async def note_source_edited(
    work: ports.ProgrammeWork, actor: Actor, source_key: str, *, text: str, now: datetime
) -> Contribution | None:
    """Note that the message a contribution was taken from says something else; None when nothing was taken from it."""
    contribution = await _of_source(work, source_key)
    newer = clean_text(text)[:LONGEST_TEXT]
    if contribution is None or not newer or newer in (contribution.text, contribution.newer_text):
        return None
    if contribution.status is ContributionStatus.WITHDRAWN:
        return None
    return await _changed(work, actor, contribution, ContributionSourceEdited, now=now, newer_text=newer)


async def note_source_deleted(
    work: ports.ProgrammeWork, actor: Actor, source_key: str, *, now: datetime
) -> Contribution | None:
    """Note that the message a contribution was taken from is gone; its own text stays."""
    contribution = await _of_source(work, source_key)
    if contribution is None or contribution.source_gone_at is not None:
        return None
    return await _changed(work, actor, contribution, ContributionSourceDeleted, now=now, source_gone_at=now)


async def _held(work: ports.ProgrammeWork, contribution_id: str) -> Contribution:
    await work.hold(f"contribution:{contribution_id}")
    contribution = await work.contributions.get(contribution_id)
    if contribution is None:
        raise NotFound("Tego wkładu już nie ma. Aktualny stan pokaże polecenie /pim mid albo /pim pu.")
    return contribution


async def _of_source(work: ports.ProgrammeWork, source_key: str) -> Contribution | None:
    found = await work.contributions.by_source(source_key)
    return await _held(work, found.id) if found else None


def _require_owner(actor: Actor, contribution: Contribution, *, now: datetime) -> None:
    document = contribution.document
    require(
        actor,
        Action.DECIDE_CONTRIBUTION,
        now=now,
        edition=document.edition,
        network=document.network,
        city=document.city,
    )


def _require_own(actor: Actor, contribution: Contribution, *, now: datetime) -> None:
    mine = actor.member is not None and actor.member.id in contribution.own
    owner = actor.member.id if actor.member and mine else "-"
    require(actor, Action.ANSWER_FOR_CONTRIBUTION, now=now, owner=owner)


def _reason_problem(reason: str) -> Refused | None:
    cleaned = clean_text(reason)
    if not cleaned:
        return Refused("Prosimy napisać, dlaczego wkład wraca: autorka lub autor to przeczyta.")
    if len(cleaned) > LONGEST_TEXT:
        return Refused(
            "Ten tekst ma {length} znaków, a zmieści się najwyżej {most}. Prosimy go skrócić.",
            length=len(cleaned),
            most=LONGEST_TEXT,
        )
    return None


async def _decide(
    work: ports.ProgrammeWork,
    actor: Actor,
    contribution: Contribution,
    status: ContributionStatus,
    *,
    reason: str = "",
    now: datetime,
) -> Contribution:
    if not contribution.is_open:
        raise Refused("O tym wkładzie ktoś już zdecydował albo jest wycofany. Aktualny stan jest w wiadomości o nim.")
    event = ContributionAccepted if status is ContributionStatus.ACCEPTED else ContributionReturned
    return await _changed(
        work, actor, contribution, event, now=now, status=status, reason=reason, decided_by=actor.id, decided_at=now
    )


async def _changed(
    work: ports.ProgrammeWork,
    actor: Actor,
    contribution: Contribution,
    event: type[ContributionEvent],
    *,
    now: datetime,
    **changes: Any,
) -> Contribution:
    changed = replace(contribution, revision=contribution.revision + 1, **changes)
    await work.contributions.save(changed)
    work.record(event(contribution_id=changed.id, revision=changed.revision), actor=actor, at=now)
    return changed
