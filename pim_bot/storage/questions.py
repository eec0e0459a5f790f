"""Counts of questions, as rows."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.programme.questions.question import Counted
from pim_bot.storage.rows import insert_into
from pim_bot.storage.tables.questions import question_count


class QuestionRows:
    """Implements ``programme.ports.Questions``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def count(self, month: str, meaning: str, heard: str) -> None:
        row = {"month": month, "meaning": meaning, "heard": heard, "count": 1}
        keys = [column.name for column in question_count.primary_key]
        one_more = {"count": question_count.c.count + 1}
        statement = insert_into(self._connection, question_count).on_conflict_do_update(
            index_elements=keys, set_=one_more
        )
        await self._connection.execute(statement, row)

    async def counted(self, since: str) -> list[Counted]:
        found = await self._connection.execute(
            select(question_count).where(question_count.c.month >= since).order_by(*question_count.primary_key)
        )
        return [Counted(**row) for row in found.mappings()]
