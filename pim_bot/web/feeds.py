"""Calendars over HTTP: ``/ical/siec/<slug>.ics``, with validators that let a subscriber fetch only what changed."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from pim_bot.calendar.feed import FeedHeader, etag, feed_bytes
from pim_bot.calendar.headers import NOT_MODIFIED, FeedVersion, http_date, status_for
from pim_bot.calendar.ports import NetworkFeed
from pim_bot.calendar.window import in_window, moved_at, window_start
from pim_bot.clock import Clock
from pim_bot.errors import StorageUnavailable
from pim_bot.i18n import Words
from pim_bot.patience import within
from pim_bot.programme.permissions import open_to_all

PATIENCE = timedelta(seconds=5)
_SLUG = re.compile(r"[a-z0-9-]{1,60}")
HEADERS = {
    "Cache-Control": "private, max-age=300",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A feed's bytes as they were made, for which version and first day of the window."""

    made_of: tuple[str, int, object]
    body: bytes
    version: FeedVersion


@dataclass(kw_only=True)
class FeedPages:
    """Serves feeds; the bytes are made once per version and kept."""

    open_reading: Callable[[], AbstractAsyncContextManager[Any]]
    programme_clock: Clock
    most_kept: int = 200
    _kept: dict[str, Kept] = field(default_factory=dict)

    @open_to_all("a network's calendar is public; it holds no names of people and no join links")
    async def network(self, request: web.Request) -> web.Response:
        """Serve a network's calendar; an unknown address is 404, trouble is 503 and never half a calendar."""
        slug = request.match_info["slug"]
        if not _SLUG.fullmatch(slug):
            raise web.HTTPNotFound(text="not found")
        try:
            kept = await within(PATIENCE, self._feed(slug))
        except StorageUnavailable as error:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"}) from error
        if kept is None:
            raise web.HTTPNotFound(text="not found")
        status = status_for(
            kept.version,
            if_none_match=request.headers.get("If-None-Match"),
            if_modified_since=request.headers.get("If-Modified-Since"),
        )
        headers = HEADERS | {"ETag": kept.version.etag, "Last-Modified": http_date(kept.version.last_modified)}
        if status == NOT_MODIFIED:
            return web.Response(status=status, headers=headers)
        return web.Response(body=kept.body, content_type="text/calendar", charset="utf-8", headers=headers)

    async def _feed(self, slug: str) -> Kept | None:
        now = self.programme_clock()
        async with self.open_reading() as work:
            feed = await work.feeds.of_network(slug)
            if feed is None:
                return None
            made_of = (feed.edition, feed.version, (window_start(now), now.date()))
            kept = self._kept.get(slug)
            if kept is None or kept.made_of != made_of:
                items = await work.feeds.items(feed.edition, slug)
                kept = _made(feed, items, now, made_of)
                if len(self._kept) >= self.most_kept:
                    self._kept.clear()
                self._kept[slug] = kept
        return kept


def _made(feed: NetworkFeed, items: list[Any], now: datetime, made_of: tuple[str, int, object]) -> Kept:
    words = Words()
    name = words.text("PIM: {name}", name=feed.network.name)
    description = words.text("Wydarzenia sieci {name}. Partnerska Inicjatywa Miast.", name=feed.network.name)
    body = feed_bytes(FeedHeader(name=name, description=description), in_window(items, now))
    window_moved = moved_at(items, now)
    changed_at = max(feed.changed_at, window_moved) if feed.changed_at else window_moved
    return Kept(made_of=made_of, body=body, version=FeedVersion(etag(body), changed_at))
