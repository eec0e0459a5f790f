"""``/metrics``: numbers for Prometheus, in its text format. They name no person and carry no id.

What happens in this process is counted as it happens; how the hub is, is read anew for each answer, so that nothing
stale is told. Who may read it: whoever has the token (``docs/operating.md``).
"""

import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from pim_bot.errors import PimBotError
from pim_bot.patience import within
from pim_bot.programme.permissions import open_to_all
from pim_bot.vitals import Signs, Verdict, Vitals, Waited

PATIENCE = timedelta(seconds=1.5)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0)
"""Slack waits three seconds for an answer."""
ENVELOPES = frozenset({"events_api", "interactive", "slash_commands"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What is open in the ledger, by state: messages, and reactions."""

    messages: Mapping[str, int]
    reactions: Mapping[str, int]


class _Gauges(Collector):
    """Values that were read for one answer."""

    def __init__(self) -> None:
        self._families: dict[str, GaugeMetricFamily] = {}

    def tell(self, name: str, meaning: str, value: float, **labels: str) -> None:
        """Add one value; those of one name differ in their labels."""
        family = self._families.setdefault(name, GaugeMetricFamily(name, meaning, labels=list(labels)))
        family.add_metric(list(labels.values()), value)

    def collect(self) -> Iterable[Metric]:
        """Tell them all."""
        return list(self._families.values())


@dataclass(kw_only=True)
class Metrics:
    """Counts what this process does, and answers whoever has the token."""

    token: str
    vitals: Callable[[], Awaitable[Vitals]]
    counts: Callable[[], Awaitable[Counts]]
    signs: Callable[[], Awaitable[Signs]]
    examine: Callable[[], Awaitable[tuple[Verdict, object]]]
    waited: Waited
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        """Make the counters, in a registry of their own."""
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "pim_requests", "Requests answered over HTTP.", ["route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "pim_request_seconds",
            "Seconds from a request to its answer over HTTP.",
            ["route"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._envelopes = Counter(
            "pim_envelopes", "Requests that came over Socket Mode.", ["type", "acknowledged"], registry=self.registry
        )
        self._envelope_seconds = Histogram(
            "pim_envelope_seconds",
            "Seconds from a request over Socket Mode to its acknowledgement.",
            ["type"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._deliveries = Counter(
            "pim_deliveries",
            "What attempts to deliver a message came to, by kind of message.",
            ["kind", "outcome"],
            registry=self.registry,
        )

    @web.middleware
    async def measured(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Count a request by the pattern of its address, and take its time."""
        resource = request.match_info.route.resource
        route, began, status = resource.canonical if resource is not None else "-", perf_counter(), 500
        try:
            response = await handler(request)
            status = response.status
        except web.HTTPException as answer:
            status = answer.status
            raise
        else:
            return response
        finally:
            self._requests.labels(route, str(status)).inc()
            self._seconds.labels(route).observe(perf_counter() - began)

    def envelope(self, kind: str, seconds: float, acknowledged: bool) -> None:  # noqa: FBT001 - as SocketMode tells it
        """Count a request of Socket Mode."""
        kind = kind if kind in ENVELOPES else "other"
        self._envelopes.labels(kind, "yes" if acknowledged else "no").inc()
        self._envelope_seconds.labels(kind).observe(seconds)

    def delivered(self, kind: str, outcome: str) -> None:
        """Count what an attempt to deliver came to."""
        self._deliveries.labels(kind, outcome).inc()

    @open_to_all("only with the token; numbers of the hub, of nobody's affairs")
    async def page(self, request: web.Request) -> web.Response:
        """Tell the numbers to whoever has the token."""
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, f"Bearer {self.token}".encode()):
            return web.Response(status=401, text="unauthorized", headers={"WWW-Authenticate": "Bearer"})
        text = generate_latest(self.registry) + generate_latest(await self._now())
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})

    async def _now(self) -> CollectorRegistry:
        gauges = _Gauges()
        verdict, _ = await self.examine()
        for name in verdict.wrong:
            gauges.tell("pim_wrong", "1 for each thing that is wrong, by the name that /readyz gives it.", 1, what=name)
        for name in verdict.attention:
            gauges.tell("pim_attention", "1 for each thing that needs attention, as in /readyz.", 1, what=name)
        gauges.tell("pim_ready", "Whether nothing is wrong: 1 or 0.", float(not verdict.wrong))
        _of_process(gauges, await self.signs())
        try:
            vitals, counts = await within(PATIENCE, self.vitals()), await within(PATIENCE, self.counts())
        except PimBotError:
            gauges.tell("pim_database_up", "Whether the database answers: 1 or 0.", 0)
        else:
            gauges.tell("pim_database_up", "Whether the database answers: 1 or 0.", 1)
            _of_hub(gauges, vitals, counts, self.waited)
        registry = CollectorRegistry()
        registry.register(gauges)
        return registry


def _of_process(gauges: _Gauges, signs: Signs) -> None:
    if signs.beat_at is not None:
        silence = (signs.now - signs.beat_at).total_seconds()
        gauges.tell("pim_heartbeat_age_seconds", "Seconds since this process could write last.", silence)
    if signs.ahead is not None:
        gauges.tell("pim_clock_skew_seconds", "How far a clock is from ours.", signs.ahead.total_seconds(), of="slack")
    free = [one or 0 for one in signs.free.values()]
    if free:
        gauges.tell("pim_disk_free_bytes", "The least free space of the disks written to.", min(free))
    if signs.links:
        gauges.tell(
            "pim_socket_connections", "Open connections of Socket Mode.", sum(one.is_open for one in signs.links)
        )
        silence = (signs.now - max(one.heard_at for one in signs.links)).total_seconds()
        gauges.tell("pim_socket_silence_seconds", "Seconds since anything came in over Socket Mode.", silence)
    away = signs.broker_away_since
    gauges.tell(
        "pim_broker_away_seconds", "Seconds since the broker is away, 0 while it is there.",
        (signs.now - away).total_seconds() if away else 0,
    )  # fmt: skip


def _of_hub(gauges: _Gauges, vitals: Vitals, counts: Counts, waited: Waited) -> None:
    for state in ("planned", "sending", "doubtful", "failed", "needs-human"):
        value = counts.messages.get(state, 0)
        gauges.tell(
            "pim_messages", "Messages that are not, or never will be, where they should be.", value, state=state
        )
    for state in ("due", "parked"):
        gauges.tell("pim_reactions", "Reactions that are not done.", counts.reactions.get(state, 0), state=state)
    waits = waited(vitals.oldest_waiting).total_seconds() if vitals.oldest_waiting else 0
    gauges.tell("pim_oldest_waiting_seconds", "How long the oldest message that is due has waited.", max(waits, 0))
    gauges.tell("pim_missed_runs", "Digests, reminders and the like that should have run.", len(vitals.missed_runs))
    gauges.tell("pim_pauses", "Reasons why nothing is sent at present.", len(vitals.pauses))
    leads = vitals.leader is not None and vitals.leader[2]
    gauges.tell("pim_clock_leads", "Whether any clock leads: 1 or 0.", float(leads))
    for role in ("web", "worker", "clock"):
        live = sum(one.live and role in one.process.roles for one in vitals.processes)
        gauges.tell("pim_processes", "Processes at work, by role.", live, role=role)
