"""The guard before Slack's door: nothing of a request is parsed before its signature is checked.

Slack's rule: HMAC-SHA256 over ``v0:timestamp:raw body``, compared in constant time, not older than five minutes
(Slack: „Verifying requests from Slack”). Bolt's own check comes too late for garbage, so it is switched off.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import structlog
from aiohttp import web

from pim_bot.clock import Clock
from pim_bot.web.throttle import Clients, Throttle, too_many

log = structlog.get_logger(__name__)

MOST_BYTES = 1024 * 1024
_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


class Guard:
    """Lets only signed requests in; several secrets may be valid while one is being replaced.

    ``failures`` counts what was refused, by client: what is signed is never counted, so Slack is never held up.
    ``stamped`` hears when each of them was signed.
    """

    def __init__(
        self,
        secrets: Sequence[str],
        *,
        machine_clock: Clock,
        oldest: timedelta,
        failures: Throttle | None = None,
        clients: Clients | None = None,
        stamped: Callable[[datetime], None] = lambda _said: None,
    ) -> None:
        self._stamped = stamped
        self._secrets = [secret.encode() for secret in secrets]
        self._machine_clock = machine_clock
        self._oldest = oldest.total_seconds()
        self._failures = failures
        self._clients = clients or Clients()

    async def signed_body(self, request: web.Request) -> bytes:
        """Read the raw body of a signed request; answers 401, 413 or 429 before anything is parsed."""
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            raise self._refused(request, "malformed")
        if abs(self._machine_clock().timestamp() - int(timestamp)) > self._oldest:
            raise self._refused(request, "stale")
        body = await request.read()
        if not any(hmac.compare_digest(signature, sign(secret, timestamp, body)) for secret in self._secrets):
            raise self._refused(request, "mismatch")
        self._stamped(datetime.fromtimestamp(int(timestamp), UTC))
        return body

    def _refused(self, request: web.Request, why: str) -> web.HTTPClientError:
        if self._failures and (wait := self._failures.wait_for(self._clients.address_of(request))):
            return too_many(wait)  # and no line in the log for each
        log.warning("slack.request-refused", why=why)
        return web.HTTPUnauthorized(text="unauthorized")


def sign(secret: bytes, timestamp: str, body: bytes) -> str:
    """Sign a body as Slack does."""
    return "v0=" + hmac.new(secret, b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
