"""Rounds of feedback, as rows: marks of who answered, and a bag that nothing ties to them."""

import random
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.programme.feedback import About, FeedbackAnswer, FeedbackResult, FeedbackRound, about_of
from pim_bot.storage.rows import Row, in_state, insert_new
from pim_bot.storage.tables.feedback import (
    feedback_answer,
    feedback_mark,
    feedback_round,
    named_answer,
    pooled_answer,
    pooled_mark,
    pooled_round,
)

OF_ACTIVITY = f"{About.ACTIVITY}:"
HIGHEST_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class _Tables:
    """Where rounds of a sort are kept, and how a round is named there."""

    round: Table
    mark: Table
    bag: Table
    key: str
    prefix: str = ""

    def name(self, subject: str) -> dict[str, str]:
        """Give the column that names a round, with its value."""
        return {self.key: subject.removeprefix(self.prefix)}

    def of(self, table: Table, subject: str) -> ColumnElement[bool]:
        """Make the condition that a row of one of these tables belongs to a round."""
        return table.c[self.key] == subject.removeprefix(self.prefix)


_AFTER_ACTIVITY = _Tables(feedback_round, feedback_mark, feedback_answer, "activity_id", OF_ACTIVITY)
_POOLED = _Tables(pooled_round, pooled_mark, pooled_answer, "subject")


def _tables_of(subject: str) -> _Tables:
    return _AFTER_ACTIVITY if about_of(subject) is About.ACTIVITY else _POOLED


class FeedbackRows:
    """Implements ``notifications.ports.FeedbackRounds``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open(self, opened: FeedbackRound, *, at: datetime) -> None:
        tables = _tables_of(opened.subject)
        row = {"state": "open", "opened_at": at, "closes_at": opened.closes_at, "named": opened.named}
        await insert_new(self._connection, tables.round, [tables.name(opened.subject) | row])

    async def get(self, subject: str) -> FeedbackRound | None:
        tables = _tables_of(subject)
        found = await self._connection.execute(select(tables.round).where(tables.of(tables.round, subject)))
        row = found.mappings().first()
        return _round_of(row, subject) if row else None

    async def has_answered(self, subject: str, member_id: str) -> bool:
        return member_id in await self.answered(subject)

    async def answered(self, subject: str) -> set[str]:
        tables = _tables_of(subject)
        found = await self._connection.execute(select(tables.mark.c.member_id).where(tables.of(tables.mark, subject)))
        return set(found.scalars())

    async def open_for(self, member_id: str) -> list[FeedbackRound]:
        found = []
        for tables in (_AFTER_ACTIVITY, _POOLED):
            same = tables.mark.c[tables.key] == tables.round.c[tables.key]
            answered = exists().where(same, tables.mark.c.member_id == member_id)
            rows = await self._connection.execute(select(tables.round).where(in_state(tables.round, "open"), ~answered))
            found += [_round_of(row, f"{tables.prefix}{row[tables.key]}") for row in rows.mappings()]
        return found

    async def put(self, to: FeedbackRound, member_id: str, answer: FeedbackAnswer) -> None:
        tables = _tables_of(to.subject)
        await self._connection.execute(insert(tables.mark), tables.name(to.subject) | {"member_id": member_id})
        if to.named:
            row: dict[str, Any] = {"subject": to.subject, "member_id": member_id}
            row |= {"scores": list(answer.scores), "comment": answer.comment}
            await self._connection.execute(insert(named_answer), row)
        else:
            await self._fill(to.subject, [answer])

    async def _fill(self, subject: str, answers: Sequence[FeedbackAnswer]) -> None:
        """Put answers into the bag under random numbers: those of a sequence would tell the order."""
        tables = _tables_of(subject)
        rows = []
        for answer in answers:
            said: dict[str, Any] = {"comment": answer.comment}
            said |= {"score": answer.scores[0]} if tables is _AFTER_ACTIVITY else {"scores": list(answer.scores)}
            rows.append(tables.name(subject) | said | {"id": secrets.randbelow(HIGHEST_NUMBER) + 1})
        if rows:
            await self._connection.execute(insert(tables.bag), rows)

    async def answers(self, of: FeedbackRound) -> list[FeedbackAnswer]:
        tables = _tables_of(of.subject)
        mine = named_answer.c.subject == of.subject if of.named else tables.of(tables.bag, of.subject)
        table = named_answer if of.named else tables.bag
        found = await self._connection.execute(select(table).where(mine).order_by(*table.primary_key))
        return [_answer_of(row) for row in found.mappings()]

    async def close(self, closed: FeedbackRound, result: FeedbackResult) -> None:
        tables = _tables_of(closed.subject)
        if not closed.named:
            answers = await self.answers(closed)
            random.SystemRandom().shuffle(answers)
            await self._connection.execute(delete(tables.bag).where(tables.of(tables.bag, closed.subject)))
            await self._fill(closed.subject, answers if result.enough else ())
        await self._connection.execute(delete(tables.mark).where(tables.of(tables.mark, closed.subject)))
        await self._connection.execute(
            update(tables.round)
            .where(tables.of(tables.round, closed.subject))
            .values(state="closed", result=asdict(result))
        )


def _round_of(row: Row, subject: str) -> FeedbackRound:
    return FeedbackRound(
        subject=subject,
        closes_at=row["closes_at"],
        named=row["named"],
        is_open=row["state"] == "open",
        result=_result_of(row["result"]) if row["result"] is not None else None,
    )


def _result_of(kept: dict[str, Any]) -> FeedbackResult:
    """Read a result; the first ones had one mean and no name for several."""
    means = kept.get("means", [kept["mean"]] if "mean" in kept else [])
    return FeedbackResult(enough=kept["enough"], answers=kept.get("answers", 0), means=tuple(means))


def _answer_of(row: Row) -> FeedbackAnswer:
    scores = (row["score"],) if "score" in row else tuple(row["scores"])
    return FeedbackAnswer(scores=scores, comment=row["comment"] or "", member_id=row.get("member_id", ""))
