"""What is logged of a request: method, route, status and time; never the path, which may hold a secret."""

import structlog
from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

log = structlog.get_logger("pim_bot.access")


class RouteAccessLogger(AbstractAccessLogger):
    """Logs the route's pattern in place of the path."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        log.info(
            "request",
            method=request.method[:20],
            route=_route_of(request),
            status=response.status,
            milliseconds=round(time * 1000, 1),
        )


def _route_of(request: web.BaseRequest) -> str:
    try:
        resource = request.match_info.route.resource  # type: ignore[attr-defined]
    except (AttributeError, AssertionError):  # what was no HTTP was taken to no route
        return "-"
    return resource.canonical if resource is not None else "-"
