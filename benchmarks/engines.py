"""The databases that are measured, each as safe as in earnest: an acknowledged commit survives a power cut."""

import asyncio
import os
import sqlite3
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Protocol

from tests.services import PostgresServer

SQLITE, POSTGRESQL = "sqlite", "postgresql"
DATABASE = "pim_bot.db"


class Engine(Protocol):
    """Makes databases, empty or as copies; an address is the source of as many copies as are wanted."""

    @property
    def mark(self) -> str:
        """What the ids of its rows end with."""

    @property
    def title(self) -> str:
        """The engine, and how safe it is."""

    async def new(self, folder: Path) -> str:
        """Make an empty database; tells its address."""

    async def copy(self, source: str, folder: Path) -> str:
        """Copy a database that nobody is connected to; tells the address of the copy."""


@dataclass(frozen=True)
class SQLite:
    """A file in the folder of whoever asks."""

    mark: str = ""
    title: str = "SQLite WAL FULL"

    async def new(self, folder: Path) -> str:
        _make(folder)
        return f"sqlite:///{folder / DATABASE}"

    async def copy(self, source: str, folder: Path) -> str:
        address = await self.new(folder)
        await asyncio.to_thread(_copy, source.removeprefix("sqlite:///"), address.removeprefix("sqlite:///"))
        return address


def _make(folder: Path) -> None:
    """Make the folder that a hub keeps its files in."""
    folder.mkdir(parents=True, exist_ok=True)


def _copy(source: str, target: str) -> None:
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)


class DurablePostgres(PostgresServer):
    """PostgreSQL as it is set up for service: its data on the disk, and every commit waits for the disk."""

    def __init__(self) -> None:
        super().__init__(settings={"fsync": "on", "shared_buffers": "128MB", "max_wal_size": "1GB"})
        self._disk = self._new_folder()
        self._data = self._disk / "data"

    def _prepare(self) -> None:
        if self.account is not None:
            os.chown(self._disk, self.account.pw_uid, self.account.pw_gid)
        super()._prepare()


@dataclass(frozen=True)
class PostgreSQL:
    """Databases of one server, which drops them all at its end."""

    server: PostgresServer
    mark: str = "-pg"
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def title(self) -> str:
        return f"{self.server.name}, fsync on"

    async def new(self, folder: Path) -> str:
        return await self.copy(self.server.url("template1"), folder)

    async def copy(self, source: str, folder: Path) -> str:
        _make(folder)
        name = f"bench_{next(self._numbers)}"
        await asyncio.to_thread(self.server.new_database, source.rpartition("/")[2], name=name)
        return self.server.url(name)
