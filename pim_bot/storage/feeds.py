"""Calendar items and feed versions, as rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.calendar.item import FeedItem
from pim_bot.calendar.ports import NetworkFeed
from pim_bot.storage.editions import network_of
from pim_bot.storage.rows import insert_new, upsert
from pim_bot.storage.tables.activities import activity_network, feed, feed_item
from pim_bot.storage.tables.edition import edition as edition_table
from pim_bot.storage.tables.edition import network as network_table


class FeedRows:
    """Implements ``calendar.ports.Feeds``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put_item(self, activity_id: str, item: FeedItem, *, revision: int) -> None:
        row = {
            "activity_id": activity_id,
            "uid": item.uid,
            "first_day": item.first_day,
            "last_day": item.last_day,
            "cancelled": item.cancelled,
            "zone": item.zone,
            "body": item.body,
            "revision": revision,
        }
        await upsert(self._connection, feed_item, [row])

    async def touch(self, edition: str, networks: Sequence[str], *, at: datetime) -> None:
        if not networks:
            return
        rows = [{"edition": edition, "network": slug, "version": 0, "changed_at": at} for slug in networks]
        await insert_new(self._connection, feed, rows)
        mine = (feed.c.edition == edition, feed.c.network.in_(networks))
        await self._connection.execute(update(feed).where(*mine).values(version=feed.c.version + 1))
        await self._connection.execute(update(feed).where(*mine, feed.c.changed_at < at).values(changed_at=at))

    async def of_network(self, slug: str) -> NetworkFeed | None:
        found = await self._connection.execute(
            select(network_table, feed.c.version, feed.c.changed_at)
            .join(edition_table, edition_table.c.slug == network_table.c.edition)
            .outerjoin(feed, (feed.c.edition == network_table.c.edition) & (feed.c.network == network_table.c.slug))
            .where(network_table.c.slug == slug)
            .order_by(edition_table.c.first_day.desc())
        )
        row = found.mappings().first()
        if row is None:
            return None
        return NetworkFeed(
            edition=row["edition"], network=network_of(row), version=row["version"] or 0, changed_at=row["changed_at"]
        )

    async def items(self, edition: str, network: str) -> list[FeedItem]:
        found = await self._connection.execute(
            select(feed_item)
            .join(activity_network, activity_network.c.activity_id == feed_item.c.activity_id)
            .where(activity_network.c.edition == edition, activity_network.c.network == network)
            .order_by(activity_network.c.starts_at, feed_item.c.uid)
        )
        return [
            FeedItem(
                uid=row["uid"],
                body=row["body"],
                zone=row["zone"],
                first_day=row["first_day"],
                last_day=row["last_day"],
                cancelled=row["cancelled"],
            )
            for row in found.mappings()
        ]
