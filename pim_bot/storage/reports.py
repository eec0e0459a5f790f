"""Reports on activities, as rows."""

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.programme.report import ActivityReport
from pim_bot.storage.rows import upsert
from pim_bot.storage.tables.activities import activity_report


class ReportRows:
    """Implements ``programme.ports.Reports``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, activity_id: str) -> ActivityReport | None:
        found = await self._connection.execute(
            select(activity_report).where(activity_report.c.activity_id == activity_id)
        )
        row = found.mappings().first()
        return ActivityReport(**row) if row else None

    async def save(self, report: ActivityReport) -> None:
        await upsert(self._connection, activity_report, [asdict(report)])
