"""The ceiling of writing and reading: one table, SQLAlchemy Core, the same safety of the disk, and nothing else."""

from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, event, insert, make_url, select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

metadata = MetaData()
thing = Table(
    "thing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(100), nullable=False),
    Column("note", String(400), nullable=False),
)


def bare_engine(address: str) -> AsyncEngine:
    """Make an engine as it comes: on PostgreSQL by psycopg, on SQLite in WAL with synchronous FULL."""
    url = make_url(address)
    if url.get_backend_name() == "postgresql":
        return create_async_engine(url.set(drivername="postgresql+psycopg"))
    engine = create_async_engine(url.set(drivername="sqlite+aiosqlite"))

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=1500"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


async def create(engine: AsyncEngine) -> None:
    """Make the table, with one row to read."""
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.execute(insert(thing), {"name": "one", "note": "to be read"})


async def insert_one(engine: AsyncEngine) -> None:
    """Insert one row and commit."""
    async with engine.begin() as connection:
        await connection.execute(insert(thing), {"name": "Warsztaty", "note": "Lublin, Ratusz"})


async def read_one(engine: AsyncEngine) -> str:
    """Read one row by its key."""
    async with engine.connect() as connection:
        found = await connection.execute(select(thing).where(thing.c.id == 1))
        name: str = found.mappings().one()["name"]
        return name
