"""Rounds of feedback, as rows: marks of who answered, and a bag that nothing ties to them."""

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.storage.rows import insert_new
from pim_bot.storage.tables.activities import feedback_answer, feedback_mark, feedback_round


class FeedbackRows:
    """Implements ``notifications.ports.FeedbackRounds``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open(self, activity_id: str, *, at: datetime, closes_at: datetime) -> None:
        row = {"activity_id": activity_id, "state": "open", "opened_at": at, "closes_at": closes_at}
        await insert_new(self._connection, feedback_round, [row])

    async def state(self, activity_id: str) -> str | None:
        found = await self._connection.execute(
            select(feedback_round.c.state).where(feedback_round.c.activity_id == activity_id)
        )
        state: str | None = found.scalar()
        return state

    async def has_answered(self, activity_id: str, member_id: str) -> bool:
        found = await self._connection.execute(
            select(feedback_mark.c.member_id).where(
                feedback_mark.c.activity_id == activity_id, feedback_mark.c.member_id == member_id
            )
        )
        return found.first() is not None

    async def answered(self, activity_id: str) -> set[str]:
        found = await self._connection.execute(
            select(feedback_mark.c.member_id).where(feedback_mark.c.activity_id == activity_id)
        )
        return set(found.scalars())

    async def asked(self, member_id: str, activity_ids: Sequence[str]) -> set[str]:
        answered = exists().where(
            feedback_mark.c.activity_id == feedback_round.c.activity_id, feedback_mark.c.member_id == member_id
        )
        found = await self._connection.execute(
            select(feedback_round.c.activity_id).where(
                feedback_round.c.activity_id.in_(activity_ids), feedback_round.c.state == "open", ~answered
            )
        )
        return set(found.scalars())

    async def put(self, activity_id: str, member_id: str, score: int) -> None:
        await self._connection.execute(insert(feedback_mark), {"activity_id": activity_id, "member_id": member_id})
        await self._connection.execute(insert(feedback_answer), {"activity_id": activity_id, "score": score})

    async def close(self, activity_id: str) -> list[int]:
        bag = feedback_answer.c.activity_id == activity_id
        found = await self._connection.execute(select(feedback_answer.c.score, feedback_answer.c.comment).where(bag))
        answers = [{"activity_id": activity_id, "score": score, "comment": comment} for score, comment in found]
        random.SystemRandom().shuffle(answers)
        await self._connection.execute(delete(feedback_answer).where(bag))
        if answers:
            await self._connection.execute(insert(feedback_answer), answers)
        await self._connection.execute(delete(feedback_mark).where(feedback_mark.c.activity_id == activity_id))
        await self._connection.execute(
            update(feedback_round).where(feedback_round.c.activity_id == activity_id).values(state="closed")
        )
        return sorted(answer["score"] for answer in answers)

    async def keep_result(self, activity_id: str, result: dict[str, Any]) -> None:
        await self._connection.execute(
            update(feedback_round).where(feedback_round.c.activity_id == activity_id).values(result=result)
        )

    async def result(self, activity_id: str) -> dict[str, Any] | None:
        found = await self._connection.execute(
            select(feedback_round.c.result).where(feedback_round.c.activity_id == activity_id)
        )
        result: dict[str, Any] | None = found.scalar()
        return result
