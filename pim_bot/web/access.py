"""What is logged of a request: method, route, status and time; never the path, which may hold a secret."""

import structlog
from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

log = structlog.get_logger("pim_bot.access")


class RouteAccessLogger(AbstractAccessLogger):
    """Logs the route's pattern in place of the path."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        match_info = getattr(request, "match_info", None)
        resource = match_info.route.resource if match_info is not None else None
        log.info(
            "request",
            method=request.method,
            route=resource.canonical if resource is not None else "-",
            status=response.status,
            milliseconds=round(time * 1000, 1),
        )
