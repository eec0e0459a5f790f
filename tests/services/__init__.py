"""Real servers for the tests, started on free ports of the loopback, and databases cloned for each test."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from tests.services.postgres import PostgresServer
from tests.services.rabbitmq import RabbitServer
from tests.services.redis import RedisServer
from tests.services.service import Service, ServiceFailed, free_port

__all__ = [
    "PostgresServer",
    "RabbitServer",
    "RedisServer",
    "Service",
    "ServiceFailed",
    "free_port",
    "fresh_database",
    "template_database",
]


async def template_database(server: PostgresServer, name: str, fill: Callable[[str], Awaitable[None]]) -> str:
    """Make a database to clone from, filled through its address, once for each server; tells its name.

    ``fill`` closes its connections: a database that somebody is connected to cannot be cloned.
    """
    if name not in server.templates:
        await asyncio.to_thread(server.drop_database, name)  # what a failed attempt left
        await asyncio.to_thread(server.new_database, name=name)
        await fill(server.url(name))
        server.templates.add(name)
    return name


@asynccontextmanager
async def fresh_database(server: PostgresServer, template: str = "template1") -> AsyncIterator[str]:
    """The address of a database of its own, cloned from a template and dropped at the end."""
    name = await asyncio.to_thread(server.new_database, template)
    try:
        yield server.url(name)
    finally:
        await asyncio.to_thread(server.drop_database, name)
