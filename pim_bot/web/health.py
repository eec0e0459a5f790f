"""``/healthz`` says that the process is alive; ``/readyz`` says whether it is fit to serve, and what is wrong."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import web

from pim_bot.errors import PimBotError
from pim_bot.patience import within
from pim_bot.programme.permissions import open_to_all

log = structlog.get_logger(__name__)

PATIENCE = timedelta(seconds=1.5)

Check = Callable[[], Coroutine[Any, Any, str]]
"""Tells what is wrong, or "" when all is well."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthPages:
    """Answers the two pages that a supervisor asks for."""

    checks: Mapping[str, Check]
    facts: Callable[[], Awaitable[Mapping[str, Any]]]

    @open_to_all("says only that the process answers")
    async def alive(self, request: web.Request) -> web.Response:
        """Say that the process answers."""
        return web.json_response({"ok": True})

    @open_to_all("asked by supervisors; tells of processes and counts, of nobody's affairs")
    async def ready(self, request: web.Request) -> web.Response:
        """Say whether every check passes, and who leads; 503 with the reasons when one does not."""
        wrong: dict[str, str] = {}
        for name, check in self.checks.items():
            try:
                said = await within(PATIENCE, check())
            except Exception as error:  # noqa: BLE001 - whatever a check raises is what is wrong
                log.warning("readyz.check-failed", check=name, error=type(error).__name__)
                said = str(error) if isinstance(error, PimBotError) else type(error).__name__
            if said:
                wrong[name] = said
            if "database" in wrong:
                break  # the other checks ask it too
        facts = {} if "database" in wrong else await self.facts()
        return web.json_response({"ok": not wrong, "wrong": wrong, **facts}, status=503 if wrong else 200)
