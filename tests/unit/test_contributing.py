"""Contributions: logged once, decided once by the document's owner, withheld until consent, never changed halfway."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pim_bot.errors import NotAllowed, NotFound, Refused
from pim_bot.events.catalogue import (
    ContributionAccepted,
    ContributionConsented,
    ContributionEdited,
    ContributionLogged,
    ContributionReturned,
    ContributionSourceDeleted,
    ContributionSourceEdited,
    ContributionWithdrawn,
    ContributionWithheld,
)
from pim_bot.programme import contribution_life as life
from pim_bot.programme.contributing import documents_for, log_contribution, log_message
from pim_bot.programme.contribution import (
    Consent,
    Contribution,
    ContributionDraft,
    ContributionStatus,
    ContributionType,
    Source,
    SourceMessage,
)
from pim_bot.programme.document import document_of, mid_of, pu_of
from pim_bot.programme.edition import DocumentPart
from pim_bot.programme.people import Member
from pim_bot.programme.permissions import Action
from tests.fakes import FakeWork
from tests.unit.green import (
    COORDINATOR,
    EDITION,
    EXPERT,
    GREEN,
    GUARDIAN,
    LUBLIN,
    MINISTRY,
    NOBODY,
    NOW,
    ZORY,
    ZORY2,
    acting,
    programme,
)

LATER = NOW + timedelta(hours=1)
MID, PU = mid_of(EDITION, GREEN, "zory"), pu_of(EDITION, GREEN)
DRAFT = ContributionDraft(document=MID, part="dzialania", type=ContributionType.IDEA, text="Łąki kwietne")
TO_PU = replace(DRAFT, document=PU, part="prawo")
PUBLIC = SourceMessage(team_id="T1", channel_id="C1", ts="1.2", author_team="T1", author_user="UZORY", is_private=False)
PRIVATE = replace(PUBLIC, is_private=True)


def with_parts(*more: Member) -> FakeWork:
    work = programme(*more)
    work.editions.parts_in_order = [
        DocumentPart(document="MID", slug="dzialania", name="Działania", position=1),
        DocumentPart(document="PU", slug="prawo", name="Prawo", position=1),
    ]
    work.people.chat = {("T1", f"U{one.id.upper()}"): one.id for one in (ZORY, EXPERT, LUBLIN, MINISTRY)}
    return work


async def logged(work: FakeWork, who: Member = EXPERT, **changes: Any) -> Contribution:
    return await log_contribution(work, acting(who), replace(DRAFT, **changes), author=who.id, now=NOW)


async def asked(work: FakeWork) -> Contribution:
    """What Żory wrote in private and the expert put in."""
    return await log_message(work, acting(EXPERT), TO_PU, PRIVATE, now=NOW)


def events_of(work: FakeWork) -> list[str]:
    return [type(event).__name__ for event, _, _ in work.recorded]


async def test_what_an_expert_proposes_waits_for_the_city() -> None:
    work = with_parts()
    made = await logged(work, text=" Łąki\u200b kwietne ")
    expected = Contribution(
        **{name: getattr(DRAFT, name) for name in ContributionDraft.__dataclass_fields__},
        id=made.id,
        author="expert",
        logged_by="member:expert",
        logged_at=NOW,
    )
    assert made == expected
    assert work.state() == with_parts().state() | {
        "contributions": {made.id: expected},
        "recorded": [(ContributionLogged(contribution_id=made.id, revision=1), "member:expert", NOW)],
    }


async def test_what_the_owner_adds_is_accepted_at_once() -> None:
    work = with_parts()
    made = await logged(work, ZORY)
    assert (made.status, made.decided_by, made.decided_at) == (ContributionStatus.ACCEPTED, "member:zory", NOW)
    assert work.recorded == [
        (ContributionLogged(contribution_id=made.id, revision=1), "member:zory", NOW),
        (ContributionAccepted(contribution_id=made.id, revision=1), "member:zory", NOW),
    ]


@pytest.mark.parametrize(
    ("who", "document", "allowed"),
    [
        (ZORY, MID, True),
        (EXPERT, MID, True),
        (LUBLIN, MID, False),
        (MINISTRY, MID, False),
        (GUARDIAN, MID, False),
        (COORDINATOR, MID, False),
        (NOBODY, MID, False),
        (LUBLIN, PU, True),
        (MINISTRY, PU, True),
        (COORDINATOR, PU, False),
    ],
)
async def test_who_may_add_to_what(who: Member, document: Any, allowed: bool) -> None:  # noqa: FBT001
    work = with_parts()
    draft = replace(DRAFT, document=document, part="dzialania" if document.city else "prawo")
    if allowed:
        await log_contribution(work, acting(who), draft, author=who.id, now=NOW)
    else:
        with pytest.raises(NotAllowed):
            await log_contribution(work, acting(who), draft, author=who.id, now=NOW)
        assert work.state() == with_parts().state()
    listed = await documents_for(work, acting(who), Action.LOG_CONTRIBUTION, EDITION, now=NOW)
    assert (document in listed) == allowed


async def test_every_field_that_is_wrong_is_told_at_once_and_nothing_is_kept() -> None:
    work = with_parts()
    wrong: dict[str, Any] = {
        "part": "prawo",
        "text": "\u2066",
        "addressee": "x" * 301,
        "people": ("gone",),
        "cities": ("atlantyda",),
    }
    with pytest.raises(Refused) as refused:
        await logged(work, **wrong)
    assert set(refused.value.fields) == {"part", "text", "addressee", "credited", "cities"}
    assert work.state() == with_parts().state()


async def test_one_message_is_one_contribution_however_often_it_is_added() -> None:
    work = with_parts()
    first = await log_message(work, acting(EXPERT), TO_PU, PUBLIC, now=NOW)
    again = await log_message(work, acting(LUBLIN), replace(TO_PU, text="Inaczej"), PUBLIC, now=LATER)
    assert again == first
    assert (first.author, first.logged_by, first.source, first.source_key) == (
        "zory",
        "member:expert",
        Source.MESSAGE,
        "slack:T1/C1/1.2",
    )
    assert list(work.contributions.by_id) == [first.id]


@pytest.mark.parametrize(
    ("who", "message", "consent", "author"),
    [
        (EXPERT, PUBLIC, Consent.NOT_NEEDED, "zory"),
        (EXPERT, PRIVATE, Consent.ASKED, "zory"),
        (ZORY, PRIVATE, Consent.NOT_NEEDED, "zory"),
        (EXPERT, replace(PRIVATE, by_bot=True), Consent.NOT_NEEDED, "expert"),
        (EXPERT, replace(PUBLIC, author_user="UOBCA"), Consent.NOT_NEEDED, ""),
    ],
)
async def test_whose_consent_is_needed(who: Member, message: SourceMessage, consent: Consent, author: str) -> None:
    made = await log_message(with_parts(), acting(who), TO_PU, message, now=NOW)
    assert (made.consent, made.author) == (consent, author)


async def test_whoever_cannot_be_asked_is_not_quoted() -> None:
    work = with_parts()
    with pytest.raises(Refused, match="nie możemy zapytać o zgodę"):
        await log_message(work, acting(EXPERT), TO_PU, replace(PRIVATE, author_user="UOBCA"), now=NOW)
    assert work.state() == with_parts().state()


async def test_nothing_withheld_is_accepted_not_even_by_the_owner_who_added_it() -> None:
    work = with_parts()
    made = await asked(work)
    assert (made.status, made.is_open) == (ContributionStatus.PROPOSED, False)
    with pytest.raises(Refused, match="ktoś już zdecydował"):
        await life.accept_contribution(work, acting(EXPERT), made.id, now=LATER)
    assert await work.contributions.waiting(EDITION) == []


async def test_consent_lets_it_go_on_and_is_given_once() -> None:
    work = with_parts()
    made = await asked(work)
    agreed = await life.answer_consent(work, acting(ZORY), made.id, agree=True, now=LATER)
    assert agreed == replace(made, consent=Consent.GIVEN, revision=2)
    assert await life.answer_consent(work, acting(ZORY), made.id, agree=True, now=LATER) == agreed
    with pytest.raises(Refused):
        await life.answer_consent(work, acting(ZORY), made.id, agree=False, now=LATER)
    assert events_of(work) == [ContributionLogged.__name__, ContributionConsented.__name__]


async def test_refused_consent_deletes_the_words() -> None:
    work = with_parts()
    made = await asked(work)
    refused = await life.answer_consent(work, acting(ZORY), made.id, agree=False, now=LATER)
    assert refused == replace(made, consent=Consent.REFUSED, status=ContributionStatus.WITHDRAWN, text="", revision=2)
    assert events_of(work) == [ContributionLogged.__name__, ContributionWithheld.__name__]


async def test_only_its_author_consents() -> None:
    work = with_parts()
    made = await asked(work)
    for who in (EXPERT, ZORY2, COORDINATOR, NOBODY):
        with pytest.raises(NotAllowed):
            await life.answer_consent(work, acting(who), made.id, agree=True, now=LATER)
    assert work.contributions.by_id == {made.id: made}


async def test_accepted_once_whoever_presses_again() -> None:
    work = with_parts()
    made = await logged(work)
    accepted = await life.accept_contribution(work, acting(ZORY), made.id, now=LATER)
    assert accepted == replace(
        made, status=ContributionStatus.ACCEPTED, revision=2, decided_by="member:zory", decided_at=LATER
    )
    assert await life.accept_contribution(work, acting(ZORY2), made.id, now=LATER) == accepted
    with pytest.raises(Refused, match="ktoś już zdecydował"):
        await life.return_contribution(work, acting(ZORY2), made.id, reason="Nie", now=LATER)
    assert events_of(work) == [ContributionLogged.__name__, ContributionAccepted.__name__]


async def test_returned_with_a_reason_and_not_without() -> None:
    work = with_parts()
    made = await logged(work)
    for reason in ("", " \u200b", "x" * 3001):
        with pytest.raises(Refused) as refused:
            await life.return_contribution(work, acting(ZORY), made.id, reason=reason, now=LATER)
        assert set(refused.value.fields) == {"reason"}
    returned = await life.return_contribution(work, acting(ZORY), made.id, reason=" Mamy to ", now=LATER)
    assert (returned.status, returned.reason) == (ContributionStatus.RETURNED, "Mamy to")
    assert events_of(work) == [ContributionLogged.__name__, ContributionReturned.__name__]


@pytest.mark.parametrize("who", [EXPERT, LUBLIN, MINISTRY, GUARDIAN, COORDINATOR, NOBODY])
async def test_nobody_but_the_city_decides_on_its_mid(who: Member) -> None:
    work = with_parts()
    made = await logged(work)
    acts: list[Callable[[], Awaitable[object]]] = [
        lambda: life.accept_contribution(work, acting(who), made.id, now=LATER),
        lambda: life.return_contribution(work, acting(who), made.id, reason="Nie", now=LATER),
        lambda: life.decide_contributions(work, acting(who), [made.id], accept=True, now=LATER),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            await act()
    assert work.contributions.by_id == {made.id: made}


async def test_several_are_decided_all_or_none_and_what_is_decided_stays() -> None:
    work = with_parts()
    first, second, third = [await logged(work, text=text) for text in ("Raz", "Dwa", "Trzy")]
    await life.return_contribution(work, acting(ZORY2), second.id, reason="Nie", now=LATER)
    decided = await life.decide_contributions(
        work, acting(ZORY), [first.id, second.id, third.id], accept=True, now=LATER
    )
    assert {one.text: one.status for one in decided} == {
        "Raz": ContributionStatus.ACCEPTED,
        "Trzy": ContributionStatus.ACCEPTED,
    }
    with pytest.raises(Refused) as refused:
        await life.decide_contributions(work, acting(ZORY), [], accept=True, now=LATER)
    assert set(refused.value.fields) == {"chosen"}


async def test_withdrawn_before_it_is_accepted_and_not_after() -> None:
    work = with_parts()
    made = await logged(work, text="Raz", justification="Bo tak")
    for who in (ZORY, COORDINATOR):
        with pytest.raises(NotAllowed):
            await life.withdraw_contribution(work, acting(who), made.id, now=LATER)
    gone = await life.withdraw_contribution(work, acting(EXPERT), made.id, now=LATER)
    assert gone == replace(made, status=ContributionStatus.WITHDRAWN, text="", justification="", revision=2)
    assert await life.withdraw_contribution(work, acting(EXPERT), made.id, now=LATER) == gone
    assert events_of(work) == [ContributionLogged.__name__, ContributionWithdrawn.__name__]
    kept = await logged(work, text="Dwa")
    await life.accept_contribution(work, acting(ZORY), kept.id, now=LATER)
    with pytest.raises(Refused, match="już przyjęty"):
        await life.withdraw_contribution(work, acting(EXPERT), kept.id, now=LATER)


async def test_an_edit_is_noted_once_taken_over_by_its_author_and_decided_on_anew() -> None:
    work = with_parts()
    made = await log_message(work, acting(LUBLIN), TO_PU, PUBLIC, now=NOW)
    await life.accept_contribution(work, acting(EXPERT), made.id, now=NOW)
    noted = await life.note_source_edited(work, acting(NOBODY), PUBLIC.key, text="Inaczej", now=LATER)
    assert noted is not None
    assert (noted.text, noted.newer_text, noted.status) == ("Łąki kwietne", "Inaczej", ContributionStatus.ACCEPTED)
    assert await life.note_source_edited(work, acting(NOBODY), PUBLIC.key, text="Inaczej", now=LATER) is None
    assert await life.note_source_edited(work, acting(NOBODY), "slack:T1/C1/9", text="Inne", now=LATER) is None
    with pytest.raises(NotAllowed):
        await life.take_over_edit(work, acting(ZORY2), made.id, now=LATER)
    taken = await life.take_over_edit(work, acting(ZORY), made.id, now=LATER)
    assert (taken.text, taken.newer_text, taken.status, taken.decided_by, taken.decided_at) == (
        "Inaczej",
        "",
        ContributionStatus.PROPOSED,
        "",
        None,
    )
    assert events_of(work)[-2:] == [ContributionSourceEdited.__name__, ContributionEdited.__name__]


async def test_a_deletion_is_noted_once_and_the_text_stays() -> None:
    work = with_parts()
    made = await log_message(work, acting(EXPERT), TO_PU, PUBLIC, now=NOW)
    gone = await life.note_source_deleted(work, acting(NOBODY), PUBLIC.key, now=LATER)
    assert gone == replace(made, revision=2, source_gone_at=LATER)
    assert await life.note_source_deleted(work, acting(NOBODY), PUBLIC.key, now=LATER) is None
    assert events_of(work)[-1] == ContributionSourceDeleted.__name__


async def test_what_is_not_there_is_said_to_be_gone() -> None:
    with pytest.raises(NotFound):
        await life.accept_contribution(with_parts(), acting(ZORY), "none", now=NOW)


@pytest.mark.parametrize(
    "key", ["", "MID", "MID/e1/zielone", "PU/e1", "PU/e1/zielone/zory", "X/e1/zielone", MID.key + "/x"]
)
def test_what_is_no_document_is_none(key: str) -> None:
    assert document_of(key) is None


def test_a_documents_key_is_read_back() -> None:
    assert [document_of(one.key) for one in (MID, PU)] == [MID, PU]
