"""Materials of activities, as rows."""

from dataclasses import fields

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.programme.material import Material
from pim_bot.storage.tables.activities import activity as activity_table
from pim_bot.storage.tables.materials import material as material_table

_FIELDS = tuple(field.name for field in fields(Material))


class MaterialRows:
    """Implements ``programme.ports.Materials``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, material_id: str) -> Material | None:
        return next(iter(await self._read(material_table.c.id == material_id)), None)

    async def of(self, activity_id: str) -> list[Material]:
        return await self._read(material_table.c.activity_id == activity_id)

    async def of_edition(self, edition: str) -> list[Material]:
        theirs = select(activity_table.c.id).where(activity_table.c.edition == edition)
        return await self._read(material_table.c.activity_id.in_(theirs))

    async def _read(self, which: ColumnElement[bool]) -> list[Material]:
        oldest_first = (material_table.c.added_at, material_table.c.id)
        found = await self._connection.execute(select(material_table).where(which).order_by(*oldest_first))
        return [Material(**{name: row[name] for name in _FIELDS}) for row in found.mappings()]

    async def add(self, material: Material) -> None:
        await self._connection.execute(insert(material_table), {name: getattr(material, name) for name in _FIELDS})

    async def remove(self, material_id: str) -> None:
        await self._connection.execute(delete(material_table).where(material_table.c.id == material_id))
