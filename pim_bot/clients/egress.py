"""The only way out: where the hub may connect to over HTTP, and that is Slack.

Nothing that a person types is ever fetched. Should that change one day, or an answer of Slack name another address,
this guard stands in between (OWASP „Server-Side Request Forgery Prevention”): a list of hosts, no address of the inner
network, no redirect. A proxy of ``HTTPS_PROXY`` is the operator's own and may be anywhere.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from socket import AddressFamily
from urllib.parse import urlsplit
from urllib.request import getproxies

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

SLACKS = ("slack.com", "slack-gov.com")
"""Slack's own names; below them are its files and the far ends of Socket Mode."""

ENCRYPTED = {"https": "https", "wss": "https", "http": "http", "ws": "http"}
"""A scheme → the one under which its socket is opened: WebSocket begins as HTTP."""

INSIDE = (ip_network("192.0.0.0/24"), ip_network("168.63.129.16/32"))
"""Addresses that look public and are the inside of a cloud: IETF protocol assignments, Azure's wire server."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})


class EgressRefused(aiohttp.ClientError):
    """The hub does not connect to that; the text names the host, and no more of the address."""


class EgressUnresolved(OSError):
    """A name leads into the inner network."""


class Egress:
    """Lets requests to the Web API's own address and to Slack's hosts through; as a middleware of the client."""

    def __init__(self, api_url: str) -> None:
        self._api = _origin(URL(api_url))

    async def __call__(self, request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        """Send a request, each hop of a redirect included; answers with where else to go are refused."""
        self.require(request.url)
        response = await send(request)
        if response.status in REDIRECTS:
            response.close()
            raise EgressRefused(f"{request.url.host} answered with a redirect ({response.status})")
        return response

    def require(self, url: URL) -> None:
        """Raise ``EgressRefused`` unless the hub may connect there."""
        if url.user is not None or url.password is not None:
            raise EgressRefused(f"an address with a user: {url.host}")
        if _origin(url) == self._api:
            return
        host = (url.host or "").rstrip(".")
        is_slack = any(host == name or host.endswith(f".{name}") for name in SLACKS)
        if not (is_slack and _origin(url)[0] == "https" and url.port == 443):  # noqa: PLR2004 - the port of HTTPS
            raise EgressRefused(f"not a host of Slack: {url.scheme}://{host}:{url.port}")


def _origin(url: URL) -> tuple[str, str, int | None]:
    return ENCRYPTED.get(url.scheme, url.scheme), (url.host or "").lower(), url.port


class OuterResolver(AbstractResolver):
    """Resolves names, and refuses those that lead into the inner network, unless the operator named the host."""

    def __init__(self, resolver: AbstractResolver, *, trusted: Iterable[str]) -> None:
        self._resolver = resolver
        self._trusted = frozenset(host.lower() for host in trusted)

    async def resolve(
        self, host: str, port: int = 0, family: AddressFamily = AddressFamily.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if host.lower() not in self._trusted and not all(is_outer(one["host"]) for one in found):
            raise EgressUnresolved(f"{host} leads into the inner network")
        return found

    async def close(self) -> None:
        await self._resolver.close()


def is_outer(address: str) -> bool:
    """Tell whether an address is one of the public internet; v4 inside v6 is looked at as v4."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None) or _last(found)
        found = inside or found
    return found.is_global and not found.is_multicast and not any(found in network for network in INSIDE)


def _last(address: IPv6Address) -> IPv4Address | None:
    """Tell the v4 address in the last bits of one that is translated (RFC 6052) or compatible (RFC 4291)."""
    return IPv4Address(int(address) & 0xFFFFFFFF) if int(address) >> 32 in (0x64FF9B << 64, 0) else None


def guarded_session(api_url: str, *listening: aiohttp.TraceConfig) -> aiohttp.ClientSession:
    """Make the session for all that the hub fetches; ``api_url`` is the operator's own choice and may be anywhere.

    ``listening`` hear of what is fetched.
    """
    named = [api_url, *getproxies().values()]
    trusted = [host for address in named if (host := urlsplit(address).hostname)]
    resolver = OuterResolver(ThreadedResolver(), trusted=trusted)
    return aiohttp.ClientSession(
        trust_env=True,
        connector=aiohttp.TCPConnector(resolver=resolver),
        middlewares=(Egress(api_url),),
        trace_configs=list(listening),
    )
