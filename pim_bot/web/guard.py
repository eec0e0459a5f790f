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

log = structlog.get_logger(__name__)

MOST_BYTES = 1024 * 1024
_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


class Guard:
    """Lets only signed requests in; several secrets may be valid while one is being replaced.

    ``stamped`` hears when each of them was signed.
    """

    def __init__(
        self,
        secrets: Sequence[str],
        *,
        machine_clock: Clock,
        oldest: timedelta,
        stamped: Callable[[datetime], None] = lambda _said: None,
    ) -> None:
        self._stamped = stamped
        self._secrets = [secret.encode() for secret in secrets]
        self._machine_clock = machine_clock
        self._oldest = oldest.total_seconds()

    async def signed_body(self, request: web.Request) -> bytes:
        """Read the raw body of a signed request; answers 401 or 413 before anything is parsed."""
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            raise self._refused("malformed")
        if abs(self._machine_clock().timestamp() - int(timestamp)) > self._oldest:
            raise self._refused("stale")
        body = await request.read()
        if not any(hmac.compare_digest(signature, sign(secret, timestamp, body)) for secret in self._secrets):
            raise self._refused("mismatch")
        self._stamped(datetime.fromtimestamp(int(timestamp), UTC))
        return body

    @staticmethod
    def _refused(why: str) -> web.HTTPUnauthorized:
        log.warning("slack.request-refused", why=why)
        return web.HTTPUnauthorized(text="unauthorized")


def sign(secret: bytes, timestamp: str, body: bytes) -> str:
    """Sign a body as Slack does."""
    return "v0=" + hmac.new(secret, b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
