"""Opens a hub that is there, for the commands that look at it or change something in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pim_bot.bootstrap.building import put_together
from pim_bot.bootstrap.parts import Parts
from pim_bot.settings import Settings
from pim_bot.storage.engine import require_there


@asynccontextmanager
async def opened_hub(settings: Settings) -> AsyncIterator[Parts]:
    """Put together the hub of these settings with its tables brought up to date.

    Raises ``NoDatabase`` where none was begun yet, and makes nothing there: whoever mistypes a path is told so and
    does not look at an empty hub.
    """
    require_there(settings.database)
    async with put_together(settings) as parts:
        await parts.migrate()
        yield parts
