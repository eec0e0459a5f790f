"""Messages and forms about contributions: within the limits of the chat whatever was typed, and harmless."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim_bot.blocks import contributions as blocks
from pim_bot.blocks.limits import broken_options
from pim_bot.i18n import Words
from pim_bot.programme.contribution import Circle, Consent, Contribution, ContributionStatus, ContributionType, Source
from pim_bot.programme.contribution_card import ContributionCard, DocumentName
from pim_bot.programme.document import mid_of, pu_of
from pim_bot.programme.document_view import DocumentView
from pim_bot.programme.edition import City, DocumentPart
from tests.unit.test_blocks import faults_of, faults_of_view, lines, names, slowly, texts, words

NOW = datetime(2022, 1, 10, 8, 0, tzinfo=UTC)
LINK = "https://t1.slack.com/archives/C1/p1?thread_ts=1.1&cid=C1"
MID, PU = mid_of("e1", "zielone", "zory"), pu_of("e1", "zielone")


@st.composite
def card_of(draw: st.DrawFn) -> ContributionCard:
    document = draw(st.sampled_from([MID, PU]))
    decided = draw(st.booleans())
    one = Contribution(
        id=draw(st.uuids()).hex,
        document=document,
        part="dzialania",
        type=draw(st.sampled_from(ContributionType)),
        text=draw(texts),
        justification=draw(texts),
        addressee=draw(lines),
        circle=draw(st.sampled_from(Circle)),
        source=draw(st.sampled_from(Source)),
        source_link=draw(st.sampled_from(["", LINK])),
        consent=draw(st.sampled_from(Consent)),
        author="m1",
        logged_by="member:m2",
        logged_at=NOW,
        status=draw(st.sampled_from(ContributionStatus)),
        decided_at=NOW if decided else None,
        reason=draw(texts),
        newer_text=draw(texts),
        source_gone_at=draw(st.none() | st.just(NOW)),
    )
    return ContributionCard(
        contribution=one,
        document=DocumentName(document=document, network=draw(names), city=draw(names) if document.city else ""),
        part=draw(names),
        author=draw(lines),
        logged_by=draw(names),
        decided_by=draw(lines),
        people=tuple(draw(st.lists(names, max_size=3))),
        cities=tuple(draw(st.lists(names, max_size=3))),
    )


@slowly
@given(words, card_of(), st.booleans())
def test_every_message_keeps_the_limits_and_is_harmless(say: Words, card: ContributionCard, reads: bool) -> None:  # noqa: FBT001
    offer = blocks.edit_offer(say, card)
    said = [
        blocks.proposed(say, card),
        blocks.thanks(say, card, reads=reads, is_own=reads),
        blocks.decided(say, card, reads=reads),
        blocks.consent(say, card),
        *([offer] if offer else []),
    ]
    assert [faults_of(message, ours=(LINK,)) for message in said] == [[]] * len(said)
    assert faults_of_view(blocks.return_form(say, card, {"reason": card.contribution.reason})) == []
    assert blocks.done_line(say, card, is_new=reads, reads=reads)


@slowly
@given(words, card_of())
def test_whoever_may_not_read_is_not_told_the_words(say: Words, card: ContributionCard) -> None:
    secret = "Tajne łąki kwietne"
    hidden = ContributionCard(
        **{name: getattr(card, name) for name in card.__dataclass_fields__}
        | {"contribution": _saying(card.contribution, secret)}
    )
    messages = [
        blocks.thanks(say, hidden, reads=False, is_own=False),
        blocks.decided(say, hidden, reads=False),
    ]
    assert [message for message in messages if secret in message.text + str(message.blocks)] == []
    assert secret not in blocks.done_line(say, hidden, is_new=False, reads=False)


def _saying(one: Contribution, text: str) -> Contribution:
    changes = {"text": text, "justification": text, "newer_text": text}
    return Contribution(**{name: getattr(one, name) for name in one.__dataclass_fields__} | changes)


@slowly
@given(words, st.lists(names, min_size=1, max_size=12), texts, st.sampled_from(ContributionType), st.booleans())
def test_both_steps_of_the_form_keep_the_limits_and_ask_for_six_things_at_most(
    say: Words,
    named: list[str],
    text: str,
    kind: ContributionType,
    flag: bool,  # noqa: FBT001
) -> None:
    documents = [
        DocumentName(document=mid_of("e1", "zielone", f"miasto-{n}"), network=name, city=name)
        for n, name in enumerate(named * 12)
    ]
    typed = {"document": MID.key, "type": kind.value, "text": text, "cities": ["zory"]}
    first = blocks.document_form(say, documents, typed, "", text=text)
    for document in (MID, PU):
        step = blocks.TextStep(
            document=DocumentName(document=document, network=named[0], city=named[-1]),
            type=kind,
            parts=[DocumentPart(document="MID", slug=f"p{n}", name=name) for n, name in enumerate(named)],
            cities=[City(slug="zory", name=named[0])],
            credited=[(name, f"m{n}") for n, name in enumerate(named)],
            circle=Circle.CITY,
            is_own_document=flag,
            asks_author=not flag,
            from_message=flag,
            is_cut=flag,
        )
        second = blocks.text_form(say, step, typed, "")
        assert [faults_of_view(view) for view in (first, second)] == [[], []]
        inputs = [sum(block["type"] == "input" for block in view["blocks"]) for view in (first, second)]
        assert inputs[0] == 2
        assert inputs[1] <= 6


@slowly
@given(words, card_of(), st.sampled_from([1, 9, 10, 11, 30, 31, 500]))
def test_the_list_to_decide_keeps_the_limits_however_much_waits(
    say: Words, card: ContributionCard, number: int
) -> None:
    cards = [
        ContributionCard(
            **{name: getattr(card, name) for name in card.__dataclass_fields__}
            | {"contribution": _with_id(card.contribution, f"{n:032}")}
        )
        for n in range(number)
    ]
    view = blocks.waiting_form(say, cards)
    assert faults_of_view(view) == []
    assert sum(block["type"] == "input" for block in view["blocks"]) <= 6
    offered = [
        len(block["element"]["options"]) for block in view["blocks"] if block.get("block_id", "")[:6] == "chosen"
    ]
    assert sum(offered) == min(number, 30)


def _with_id(one: Contribution, key: str) -> Contribution:
    return Contribution(**{name: getattr(one, name) for name in one.__dataclass_fields__} | {"id": key})


@slowly
@given(words, card_of(), names, st.sampled_from([0, 1, 5, 2000]), st.sampled_from([1, 9, 40]))
def test_a_document_keeps_the_limits_however_much_is_in_it(
    say: Words, card: ContributionCard, name: str, number: int, parts: int
) -> None:
    found = DocumentView(
        name=card.document,
        parts=[DocumentPart(document="MID", slug=f"p{n}", name=name) for n in range(parts)],
        read={f"p{n}": [card] * number for n in range(parts)},
        known={"p0": number},
        contributes=True,
        waiting=number,
    )
    assert faults_of(blocks.document(say, found)) == []


@pytest.mark.parametrize("number", [0, 1, 100, 500])
def test_people_to_credit_are_offered_within_the_limits(number: int) -> None:
    offered = blocks.suggested_people([("Osoba " * 40, f"m{n}") for n in range(number)])
    assert broken_options(offered) == []
    assert len(offered["options"]) == min(number, 100)
