"""The servers of the tests, each started when the first test asks for it, and the closing word on what was covered."""

import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp.web_app import _cached_build_middleware
from hypothesis import settings
from sqlalchemy import Connection, Engine, event

from tests.engines import engines, sqlite, sqlite_templates
from tests.services import PostgresServer, RabbitServer, RedisServer
from tests.services.rabbitmq import INSTALL, MISSING, installed

__all__ = ["engines", "sqlite", "sqlite_templates"]  # fixtures for all tests

# The short run tries the same data each time, so that a change is blamed only for what it did; the long one finds new.
settings.register_profile("short", derandomize=True)
settings.register_profile("long", max_examples=500, print_blob=True)
settings.load_profile("long" if os.environ.get("PIM_SOAK") else "short")

# The engines that took part, as they call themselves.
COVERED = pytest.StashKey[list[str]]()
# What a machine may lack: the reason of the skipped tests, its name, and the command that brings it.
GAPS = {MISSING: ("RabbitMQ", INSTALL)}


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        pytestconfig.stash[COVERED].append(server.name)
        yield server


@pytest.fixture(scope="session")
def redis(pytestconfig: pytest.Config) -> Iterator[RedisServer]:
    with RedisServer() as server:
        pytestconfig.stash[COVERED].append(server.name)
        yield server


@pytest.fixture(scope="session")
def rabbitmq(pytestconfig: pytest.Config) -> Iterator[RabbitServer]:
    with RabbitServer() as server:
        pytestconfig.stash[COVERED].append(server.name)
        yield server


@pytest.fixture(autouse=True)
def forgotten_hubs() -> Iterator[None]:
    """Let go of a hub when its test has ended: aiohttp keeps the last 1,024 applications that have middleware.

    A thousand hubs make every collection of garbage take seconds, in which nobody is answered.
    """
    yield
    _cached_build_middleware.cache_clear()


def pytest_configure(config: pytest.Config) -> None:
    covered = config.stash.setdefault(COVERED, [])

    @event.listens_for(Engine, "engine_connect")
    def _sqlite_took_part(connection: Connection) -> None:
        name = f"SQLite {sqlite3.sqlite_version}"
        if connection.dialect.name == "sqlite" and name not in covered:
            covered.insert(0, name)


LONG = ("tests/endtoend", "tests/harness", "tests/storage/test_plans.py", "tests/integration", "tests/storage")
"""What takes longest goes first: of several processes that share the files none is left with a long one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs RabbitMQ where there is none; PostgreSQL and Redis are always there."""
    items.sort(
        key=lambda item: next((place for place, one in enumerate(LONG) if item.nodeid.startswith(one)), len(LONG))
    )
    for item in items:
        if "rabbitmq" in getattr(item, "fixturenames", ()):
            item.add_marker("rabbitmq")
        if item.get_closest_marker("rabbitmq") and not installed():
            item.add_marker(pytest.mark.skip(reason=MISSING))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """One process of several hands in with what it ran."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["covered"] = session.config.stash[COVERED]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Collect what the processes ran with."""
    covered = node.config.stash[COVERED]
    covered += [name for name in getattr(node, "workeroutput", {}).get("covered", ()) if name not in covered]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Nothing is skipped in silence: say with what the tests ran, what did not run, and what would let it run."""
    skipped: dict[str, list[str]] = defaultdict(list)
    for report in terminalreporter.stats.get("skipped", []):
        skipped[reason_of(report)].append(report.nodeid)
    lines = closing_lines(config.stash[COVERED], skipped)
    if lines:
        terminalreporter.section("coverage of engines")
        terminalreporter.write("\n".join([*lines, ""]))


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why something was skipped."""
    place_and_reason = report.longrepr
    words = place_and_reason[2] if isinstance(place_and_reason, tuple) else str(place_and_reason)
    return words.removeprefix("Skipped: ")


def closing_lines(covered: list[str], skipped: dict[str, list[str]]) -> list[str]:
    """What the end of the run says."""
    lines = [f"Covered: {', '.join(covered)}"] if covered else []
    for reason, tests in skipped.items():
        count = f"{len(tests)} test{'s' if len(tests) > 1 else ''}"
        if reason in GAPS:
            name, command = GAPS[reason]
            lines.append(f"Not covered: {name} ({count}). To cover: {command} && make test")
        else:
            lines += [f"Skipped ({count}): {reason}", *(f"    {test}" for test in tests)]
    return lines
