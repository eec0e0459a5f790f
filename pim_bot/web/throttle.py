"""How many requests one client may make: a full bucket is answered 429 with when to come again.

The buckets are in the memory of each web process: several processes let in so many times more, and a restart empties
them. That is enough against floods, which is all they are for; what must be counted exactly is in the database.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from math import ceil

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from pim_bot.clock import Clock
from pim_bot.i18n import LANGUAGES, Words

log = structlog.get_logger(__name__)

Network = IPv4Network | IPv6Network

MOST_KEYS = 20_000
HOME_BITS = 64
"""One household or office gets a whole /64 of IPv6 (RFC 6177), so that is one client."""


@dataclass(kw_only=True)
class Throttle:
    """Lets one request in per ``every``, and ``burst`` at once (GCRA, the leaky bucket of ITU-T I.371).

    Of each key only one number is kept, of at most ``most_keys`` keys; the one heard of longest ago goes first.
    """

    every: timedelta
    burst: int
    machine_clock: Clock
    most_keys: int = MOST_KEYS
    _full_until: OrderedDict[str, datetime] = field(default_factory=OrderedDict)

    def wait_for(self, key: str) -> timedelta:
        """Count a request in; tells how long to wait when it is one too many, and then does not count it."""
        now = self.machine_clock()
        full_until = max(self._full_until.pop(key, now), now)
        wait = full_until - now - self.every * (self.burst - 1)
        self._full_until[key] = full_until if wait > timedelta() else full_until + self.every
        if len(self._full_until) > self.most_keys:
            self._full_until.popitem(last=False)
        return max(wait, timedelta())

    @property
    def kept(self) -> int:
        """Tell how many keys are kept."""
        return len(self._full_until)


def per_minute(requests: int, machine_clock: Clock) -> Throttle | None:
    """Make a bucket for so many requests a minute, half of them at once; None when there is no limit."""
    if not requests:
        return None
    return Throttle(every=timedelta(minutes=1) / requests, burst=max(1, requests // 2), machine_clock=machine_clock)


class Clients:
    """Tells who asks. ``X-Forwarded-For`` is believed only as far as it was written by trusted proxies."""

    def __init__(self, trusted: Sequence[Network] = ()) -> None:
        self._trusted = tuple(trusted)
        self._told = False

    def address_of(self, request: web.BaseRequest) -> str:
        """Tell the address of the client: the nearest hop that is no proxy of ours."""
        hops = [hop.strip() for hop in ",".join(request.headers.getall("X-Forwarded-For", ())).split(",")]
        nearest = request.remote or ""
        if hops != [""] and not self._trusts(nearest):
            self._tell_once()
        while hops and self._trusts(nearest):
            found = _without_port(hops.pop())
            if found is None:
                break  # what a trusted proxy passed on is no address: the proxy itself is the client then
            nearest = found
        return _client(nearest)

    def _trusts(self, hop: str) -> bool:
        try:
            address = ip_address(hop)
        except ValueError:
            return False
        plain = getattr(address, "ipv4_mapped", None) or address
        return any(plain in network for network in self._trusted)

    def _tell_once(self) -> None:
        if not self._told:
            log.warning("proxy.not-trusted", advice="set PIM_TRUSTED_PROXIES, or all clients share one limit")
            self._told = True


def _without_port(hop: str) -> str | None:
    """Read one hop: some proxies add the port; None when it is no address."""
    for written in (hop, hop.rpartition(":")[0], hop.strip("[]"), hop.rpartition(":")[0].strip("[]")):
        try:
            return str(ip_address(written))
        except ValueError:
            continue
    return None


def _client(hop: str) -> str:
    try:
        address = ip_address(hop)
    except ValueError:
        return hop[:100]
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Network((int(address), HOME_BITS), strict=False))
    return str(address)


def too_many(wait: timedelta) -> web.HTTPTooManyRequests:
    """Make the refusal: when to come again, as a header for programs and in words for people."""
    seconds = max(1, ceil(wait.total_seconds()))
    said = "\n".join(_come_again(Words(language), seconds) for language in LANGUAGES)
    return web.HTTPTooManyRequests(text=said, headers={"Retry-After": str(seconds)})


def _come_again(words: Words, seconds: int) -> str:
    return words.text("Za dużo zapytań naraz. Prosimy spróbować ponownie za {n} s.", n=seconds)


def throttled(limits: Mapping[str, Throttle | None], *, otherwise: Throttle | None, clients: Clients) -> Middleware:
    """Make the middleware. ``limits`` names the routes that have a bucket of their own, or none.

    What no route answers (404) counts as well. A route with a ``{token}`` has a bucket for each token too, so that
    many addresses cannot wear one out; only its hash is kept.
    """

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        resource = request.match_info.route.resource
        limit = limits.get(resource.canonical, otherwise) if resource is not None else otherwise
        if limit is not None:
            waits = [limit.wait_for(key) for key in _keys(request, clients)]
            if any(waits):
                raise too_many(max(waits))
        return await handler(request)

    return middleware


def _keys(request: web.Request, clients: Clients) -> list[str]:
    token = request.match_info.get("token")
    keys = [clients.address_of(request)]
    return [*keys, "token " + hashlib.sha256(token.encode()).hexdigest()] if token else keys
