"""Whatever somebody writes: it is answered within the chat's limits, and nothing of the programme changes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from pim_bot.blocks.answers import not_understood
from pim_bot.blocks.elements import Message
from pim_bot.blocks.limits import broken_limits
from pim_bot.i18n import LANGUAGES, Words
from pim_bot.jobs.rendering.answering import Answering, answer
from pim_bot.programme.contribution import Circle, Contribution, ContributionType
from pim_bot.programme.document import pu_of
from pim_bot.programme.people import Member
from pim_bot.programme.privacy import Contacts, Kept
from pim_bot.programme.questions.asking import read_question
from pim_bot.programme.questions.finding import Asked
from pim_bot.programme.questions.question import Meaning, Question
from pim_bot.programme.questions.understanding import SEARCHING
from pim_bot.programme.scheduling import schedule_activity
from tests.fakes import FakeWork
from tests.questions.programme import listed
from tests.unit.green import COORDINATOR, DRAFT, EDITION, EXPERT, GREEN, HUB, MINISTRY, NOW, ZORY, acting, programme

NASTY = ("<!channel>", "\u202e", "\u0000", "*", "`", "&" * 300, "<@U1>", "żółć", "\ud83d\ude80", "{n}", "%s")
PHRASES = [one[language] for one in listed("phrases.yaml") for language in LANGUAGES]
ASKERS = (COORDINATOR, EXPERT, MINISTRY, ZORY)
texts = some.one_of(
    some.text(max_size=300),
    some.lists(some.sampled_from([*PHRASES, *NASTY]), min_size=1, max_size=6).map(" ".join),
    some.sampled_from(
        ["x" * 40_000, "Kto już robił " + "łąki" * 10_000, "Kiedy " * 7000, "Kto robił " + "<!channel>" * 4000]
    ),
)


class KeptOfNobody:
    """Keeps nothing of anybody."""

    async def kept_of(self, member_id: str) -> Kept:
        return Kept(assignments=0, invitations=0, messages=0, texts=0, reminders=0)


async def full() -> FakeWork:
    """A programme in which something nasty stands everywhere."""
    work = programme()
    title = "<!channel> " + "&" * 120
    for days in (2, 4, 5):
        starts_at = NOW + timedelta(days=days)
        draft = replace(
            DRAFT,
            title=title,
            agenda="\n".join(["*&" * 20] * 50),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            answer_by=None,
        )
        await schedule_activity(work, HUB, EDITION, draft, now=NOW)
    for number in range(120):
        contribution = Contribution(
            id=f"c{number}",
            document=pu_of(EDITION, GREEN),
            part="prawne",
            type=ContributionType.RECOMMENDATION,
            text=f"{number} łąki " + "<!here>&" * 300,
            circle=Circle.PROGRAMME,
            author=ZORY.id,
            logged_by=f"member:{ZORY.id}",
            logged_at=NOW,
        )
        await work.contributions.add(contribution)
    work.privacy = KeptOfNobody()  # type: ignore[attr-defined]
    return work


async def said(work: FakeWork, member: Member, question: Question, words: Words) -> Message:
    edition = await work.editions.in_force(NOW.date())
    assert edition is not None
    asked = Asked(question=question, edition=edition, now=NOW, member=member)
    return await answer(Answering(work=cast("Any", work), asked=asked, words=words, contacts=Contacts()))


def is_legal(message: Message) -> bool:
    payload = message.as_payload()
    return not broken_limits("message", payload["blocks"]) and 0 < len(payload["text"]) <= 4000


@given(text=texts, member=some.sampled_from(ASKERS), language=some.sampled_from(LANGUAGES))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_any_text_is_answered_within_limits_and_changes_nothing(text: str, member: Member, language: str) -> None:
    work = programme()
    work.privacy = KeptOfNobody()  # type: ignore[attr-defined]
    before = work.state()
    understood = await read_question(work, acting(member), text, now=NOW)
    words = Words(language)
    if isinstance(understood, Question):
        assert is_legal(await said(work, member, understood, words))
        assert sum(map(len, understood.words)) <= 240
    else:
        assert is_legal(not_understood(words, understood.nearest or (Meaning.HELP,)))
    assert sum(work.questions.counts.values()) == 1
    assert all(month == "2022-01" for month, _, _ in work.questions.counts)
    work.questions.counts.clear()
    assert work.state() == before


async def test_every_answer_is_legal_whatever_stands_in_the_programme() -> None:
    work = await full()
    before = work.state()
    broken = {}
    for meaning in Meaning:
        for member in ASKERS:
            for language in LANGUAGES:
                question = Question(meaning=meaning, words=("łąki",) if meaning in SEARCHING - {Meaning.WHEN} else ())
                message = await said(work, member, question, Words(language))
                if not is_legal(message) or "<!channel>" in message.as_payload()["text"]:
                    broken[meaning, member.id] = broken_limits("message", message.as_payload()["blocks"])
    assert broken == {}
    assert work.state() == before
