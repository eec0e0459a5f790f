"""Topics that cities choose together, as rows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.errors import StaleForm
from pim_bot.programme.topic import ProposedTopic, TopicRound, TopicSort, TopicsStatus
from pim_bot.storage.rows import Row, upsert
from pim_bot.storage.tables.topics import topic as topic_table
from pim_bot.storage.tables.topics import topic_round

_OF_ROUND = tuple(field.name for field in fields(TopicRound) if field.name != "topics")
_OF_TOPIC = tuple(field.name for field in fields(ProposedTopic))


class TopicRows:
    """Implements ``programme.ports.Topics``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, activity_id: str) -> TopicRound | None:
        return (await self.many([activity_id])).get(activity_id)

    async def many(self, activity_ids: Iterable[str]) -> dict[str, TopicRound]:
        """Read rounds in two statements, however many there are."""
        wanted = list(activity_ids)
        rounds = await self._connection.execute(select(topic_round).where(topic_round.c.activity_id.in_(wanted)))
        known = list(rounds.mappings())
        topics: dict[str, list[ProposedTopic]] = defaultdict(list)
        found = await self._connection.execute(
            select(topic_table).where(topic_table.c.activity_id.in_(wanted)).order_by(topic_table.c.number)
        )
        for row in found.mappings():
            topics[row["activity_id"]].append(_topic_of(row))
        return {row["activity_id"]: _round_of(row, topics[row["activity_id"]]) for row in known}

    async def add(self, found: TopicRound) -> None:
        await self._connection.execute(insert(topic_round), _round_row(found))
        await self._keep_topics(found)

    async def save(self, found: TopicRound) -> None:
        statement = (
            update(topic_round)
            .where(topic_round.c.activity_id == found.activity_id, topic_round.c.revision == found.revision - 1)
            .values(_round_row(found))
        )
        if (await self._connection.execute(statement)).rowcount != 1:
            raise StaleForm("Tematy zmieniły się od otwarcia formularza. Prosimy otworzyć go ponownie.")
        await self._keep_topics(found)

    async def _keep_topics(self, found: TopicRound) -> None:
        rows = [{name: getattr(one, name) for name in _OF_TOPIC} for one in found.topics]
        changed = [
            row | {"activity_id": found.activity_id, "sort": row["sort"].value, "cities": list(row["cities"])}
            for row in rows
        ]
        await upsert(self._connection, topic_table, changed)


def _topic_of(row: Row) -> ProposedTopic:
    values = {name: row[name] for name in _OF_TOPIC}
    return ProposedTopic(**(values | {"sort": TopicSort(row["sort"]), "cities": tuple(row["cities"])}))


def _round_of(row: Row, topics: list[ProposedTopic]) -> TopicRound:
    values = {name: row[name] for name in _OF_ROUND} | {"status": TopicsStatus(row["status"])}
    return TopicRound(**values, topics=tuple(topics))


def _round_row(found: TopicRound) -> dict[str, Any]:
    return {name: getattr(found, name) for name in _OF_ROUND} | {"status": found.status.value}
