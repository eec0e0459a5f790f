"""The answer to a question in plain words."""

from datetime import datetime

from pim_bot.blocks import answers, lists, privacy
from pim_bot.blocks.elements import Message
from pim_bot.i18n import Words
from pim_bot.jobs.ports import WorkerWork
from pim_bot.jobs.rendering.answering import ABOUT, Answering, answer
from pim_bot.jobs.rendering.recipient import member_of
from pim_bot.notifications.delivery import Notification
from pim_bot.programme.privacy import Contacts
from pim_bot.programme.questions.finding import Asked
from pim_bot.programme.questions.question import Meaning, question_of


async def answer_to(work: WorkerWork, claimed: Notification, words: Words, now: datetime) -> Message | None:
    """Answer a question, or offer the nearest things that are known."""
    facts = claimed.facts
    contacts = Contacts(**facts.get("contacts", {}))
    member = await member_of(work, claimed)
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
