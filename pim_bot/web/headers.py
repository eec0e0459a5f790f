"""The headers of every answer: what a browser may do with it. Said for all pages at once, errors included.

Sources: OWASP „HTTP Security Response Headers”; CSP level 3; RFC 6797 (Strict-Transport-Security).
"""

from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The policy of what is no page: calendars, JSON, refusals. Nothing in it is run, loaded or framed."""

YEAR_SECONDS = 365 * 24 * 60 * 60

HEADERS = {
    "Content-Security-Policy": NOTHING,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Calendar clients are no browsers and do not ask; other sites' pages must not embed what may be somebody's own.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Prepare = Callable[[web.Request, web.StreamResponse], Awaitable[None]]


def secured(*, https: bool) -> Prepare:
    """Make what completes an answer before it goes out; a page that says something itself keeps that.

    ``https`` tells that people reach the hub encrypted: then browsers are told never to come otherwise. Subdomains are
    left out, since they are not ours.
    """
    headers = HEADERS | ({"Strict-Transport-Security": f"max-age={YEAR_SECONDS}"} if https else {})

    async def prepare(_: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers.popall(hdrs.SERVER, None)

    return prepare
