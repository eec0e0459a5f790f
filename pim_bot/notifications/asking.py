"""A question in plain words: understood, counted, and its answer put on its way. The sentence itself is not kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pim_bot.notifications.intent import Intent, Kind
from pim_bot.notifications.ports import NotificationWork
from pim_bot.programme.people import Actor
from pim_bot.programme.questions.asking import read_question
from pim_bot.programme.questions.question import Meaning, Question
from pim_bot.programme.questions.understanding import Unclear

PUBLIC = frozenset({Meaning.WHEN})
"""What is answered in a channel, from what everybody may read; everything else goes to the person alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where something was asked: in which thread, and in which channel; "" stands for the direct conversation."""

    thread: str = ""
    channel: str = ""


DIRECT = Place()


async def ask(
    work: NotificationWork,
    actor: Actor,
    text: str,
    *,
    key: str,
    place: Place = DIRECT,
    facts: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Understand a text and plan its answer; ``key`` names the request, ``facts`` go along with the answer.

    Raises ``NotAllowed`` where the person may not ask for it.
    """
    understood = await read_question(work, actor, text, now=now)
    await answer(work, actor, understood, key=key, place=place, facts=facts, now=now)


async def answer(
    work: NotificationWork,
    actor: Actor,
    understood: Question | Unclear,
    *,
    key: str,
    place: Place = DIRECT,
    facts: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Plan the answer to what was understood: in the channel only what everybody may read there."""
    assert actor.member is not None
    said: dict[str, Any] = (
        {"question": understood.as_facts()}
        if isinstance(understood, Question)
        else {"nearest": [one.value for one in understood.nearest]}
    )
    in_channel = bool(place.channel) and isinstance(understood, Question) and understood.meaning in PUBLIC
    recipient = (
        await _channel(work, place.channel)
        if in_channel
        else (await work.recipients.members([actor.member.id]))[actor.member.id]
    )
    thread = place.thread if in_channel or not place.channel else ""
    intent = Intent(
        kind=Kind.ANSWER,
        recipient=recipient,
        subject=f"member:{actor.member.id}",
        occurrence=key,
        not_before=now,
        facts={**said, **(facts or {}), **({"thread": thread} if thread else {})},
    )
    await work.outbox.intend([intent])


async def _channel(work: NotificationWork, conversation: str) -> str:
    return await work.recipients.channel_by_conversation(conversation) or await work.recipients.channel(conversation)
