"""The engines that a test of the hub runs on: SQLite alone, or PostgreSQL with Redis."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest

from tests.services import PostgresServer, RedisServer, template_database

Fill = Callable[[str], Awaitable[None]]
"""Fills the new database at an address, and closes its connections."""

SQLITE, POSTGRESQL = "sqlite", "postgresql+redis"


class Engines(Protocol):
    """A database and a broker for one test."""

    @property
    def folder(self) -> Path: ...
    @property
    def database_url(self) -> str: ...
    @property
    def broker_url(self) -> str: ...

    async def start_from(self, template: str, fill: Fill) -> None:
        """Begin with a new copy of a template, which is filled once in a run of the tests."""


@dataclass
class SQLiteEngines:
    """A file; the queue lives inside the process."""

    folder: Path
    templates: Path
    broker_url: str = ""

    @property
    def file(self) -> Path:
        return self.folder / "pim_bot.db"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.file}"

    async def start_from(self, template: str, fill: Fill) -> None:
        source = self.templates / f"{template}.db"
        if not source.exists():
            new = source.with_suffix(".new")
            new.unlink(missing_ok=True)
            await fill(f"sqlite:///{new}")
            new.rename(source)
        await asyncio.to_thread(self._copy, source)

    def _copy(self, source: Path) -> None:
        for beside in ("", "-wal", "-shm"):
            Path(f"{self.file}{beside}").unlink(missing_ok=True)
        shutil.copy(source, self.file)


@dataclass
class PostgresEngines:
    """A database of a real PostgreSQL, with a real Redis."""

    folder: Path
    server: PostgresServer
    broker_url: str
    databases: list[str] = field(default_factory=list)

    @property
    def database_url(self) -> str:
        return self.server.url(self.databases[-1])

    async def start_from(self, template: str, fill: Fill) -> None:
        name = await template_database(self.server, f"template_{template}", fill)
        self.databases.append(await asyncio.to_thread(self.server.new_database, name))

    def drop(self) -> None:
        """Take away what the test has left."""
        for name in self.databases:
            self.server.drop_database(name)


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("templates")


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def engines(request: pytest.FixtureRequest, tmp_path: Path, sqlite_templates: Path) -> Iterator[Engines]:
    """Each test that asks for it runs twice: with nothing beside the process, and with real servers."""
    if request.param == SQLITE:
        yield SQLiteEngines(tmp_path, sqlite_templates)
        return
    redis: RedisServer = request.getfixturevalue("redis")
    redis.wipe()
    made = PostgresEngines(tmp_path, request.getfixturevalue("postgres"), redis.url)
    yield made
    made.drop()


@pytest.fixture
def sqlite(tmp_path: Path, sqlite_templates: Path) -> SQLiteEngines:
    """For what is about SQLite itself."""
    return SQLiteEngines(tmp_path, sqlite_templates)


__all__ = ["Engines", "PostgresEngines", "SQLiteEngines", "engines", "sqlite", "sqlite_templates"]
