"""A running hub for each test, once on each set of engines."""

from collections.abc import AsyncIterator

import pytest

from tests.engines import Engines
from tests.hub import RunningHub, running_hub


@pytest.fixture
async def hub(engines: Engines) -> AsyncIterator[RunningHub]:
    async with running_hub(engines) as running:
        yield running
