"""``/healthz`` says that the process is alive; ``/readyz`` says how the hub is, as this process sees it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from aiohttp import web

from pim_bot.clock import Clock
from pim_bot.errors import PimBotError
from pim_bot.patience import within
from pim_bot.programme.permissions import open_to_all
from pim_bot.vitals import Limits, Signs, Verdict, Vitals, Waited, judge_hub, judge_process

log = structlog.get_logger(__name__)

PATIENCE = timedelta(seconds=1.5)


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthPages:
    """Answers the two pages that a supervisor asks for.

    ``vitals`` asks the database how the hub is, for as long as there is ``patience``; ``signs`` asks the process how it
    is itself.
    """

    vitals: Callable[[], Awaitable[Vitals]]
    signs: Callable[[], Awaitable[Signs]]
    waited: Waited
    machine_clock: Clock
    limits: Limits
    patience: timedelta = PATIENCE

    @open_to_all("says only that the process answers")
    async def alive(self, request: web.Request) -> web.Response:
        """Say that the process answers."""
        return web.json_response({"ok": True})

    @open_to_all("asked by supervisors; tells of processes and counts, of nobody's affairs")
    async def ready(self, request: web.Request) -> web.Response:
        """Say what is wrong (503) and what needs attention (200; with ``?strict`` that is 503 too), and who leads."""
        verdict, facts = await self.examine()
        bad = verdict.wrong or ("strict" in request.query and verdict.attention)
        page = {"ok": not bad, "wrong": verdict.wrong, "attention": verdict.attention, **facts}
        return web.json_response(page, status=503 if bad else 200)

    async def examine(self) -> tuple[Verdict, dict[str, Any]]:
        """Judge the process and, when the database answers, the hub; tells besides who leads and who is at work."""
        verdict = judge_process(await self.signs(), limits=self.limits)
        try:
            vitals = await within(self.patience, self.vitals())
        except Exception as error:  # noqa: BLE001 - whatever is raised is what is wrong
            log.warning("readyz.check-failed", check="database", error=type(error).__name__)
            said = str(error) if isinstance(error, PimBotError) else type(error).__name__
            return verdict | Verdict({"database": said}), {}
        hub = judge_hub(vitals, self.waited, now=self.machine_clock(), limits=self.limits)
        return verdict | hub, _facts(vitals)


def _facts(vitals: Vitals) -> dict[str, Any]:
    name, until, leads = vitals.leader or ("", None, False)
    clock = {"leader": name if leads else None, "until": _time(until) if until else None}
    processes = [{"name": one.process.name, "roles": list(one.process.roles)} for one in vitals.processes if one.live]
    return {"clock": clock, "processes": processes}


def _time(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
