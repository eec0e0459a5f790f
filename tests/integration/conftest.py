"""A running hub for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.hub import RunningHub, running_hub


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[RunningHub]:
    async with running_hub(tmp_path) as running:
        yield running
