"""``/healthz`` says that the process is alive; ``/readyz`` says whether it is fit to serve, and what is wrong."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog
from aiohttp import web

log = structlog.get_logger(__name__)

Check = Callable[[], Awaitable[str]]
"""Tells what is wrong, or "" when all is well."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthPages:
    """Answers the two pages that a supervisor asks for."""

    checks: Mapping[str, Check]

    async def alive(self, request: web.Request) -> web.Response:
        """Say that the process answers."""
        return web.json_response({"ok": True})

    async def ready(self, request: web.Request) -> web.Response:
        """Say whether every check passes; 503 with the reasons when one does not."""
        wrong: dict[str, str] = {}
        for name, check in self.checks.items():
            try:
                said = await check()
            except Exception as error:  # noqa: BLE001 - whatever a check raises is what is wrong
                log.warning("readyz.check-failed", check=name, error=type(error).__name__)
                said = type(error).__name__
            if said:
                wrong[name] = said
        return web.json_response({"ok": not wrong, "wrong": wrong}, status=503 if wrong else 200)
