"""Conditional requests (RFC 9110 13): whether a subscriber already has this version of a feed."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from pim_bot.calendar.feed import etag

OK = 200
NOT_MODIFIED = 304

_ENTITY_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')  # RFC 9110 8.8.3
_DATE_SHAPES = re.compile(  # RFC 9110 5.6.7: the one to send and the two to accept
    r"\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT"
    r"|\w{6,9}, \d{2}-\w{3}-\d{2} \d{2}:\d{2}:\d{2} GMT"
    r"|\w{3} \w{3} [\d ]\d \d{2}:\d{2}:\d{2} \d{4}",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class FeedVersion:
    """The two validators of a feed's present body; stored, because the date must never go back."""

    etag: str
    last_modified: datetime

    def after(self, body: bytes, now: datetime) -> "FeedVersion":
        """Give the version of a new body: this one if nothing changed, else a later one.

        It is later by a second at least: dates in headers have no fractions, and some clients ask by date only.
        """
        tag = etag(body)
        if tag == self.etag:
            return self
        return FeedVersion(tag, max(now.replace(microsecond=0), self.last_modified + timedelta(seconds=1)))


def first_version(body: bytes, now: datetime) -> FeedVersion:
    """Give the version of a feed that was never published before."""
    return FeedVersion(etag(body), now.replace(microsecond=0))


def status_for(version: FeedVersion, *, if_none_match: str | None, if_modified_since: str | None) -> int:
    """Answer a GET or HEAD: 304 if the subscriber has this version, else 200.

    A tag beats a date (RFC 9110 13.1.3), and a date that is not one counts as absent.
    """
    if if_none_match is not None:
        return NOT_MODIFIED if _names(if_none_match, version.etag) else OK
    since = _instant(if_modified_since or "")
    return NOT_MODIFIED if since and version.last_modified.replace(microsecond=0) <= since else OK


def http_date(instant: datetime) -> str:
    """Write an instant as Last-Modified wants it (RFC 9110 5.6.7)."""
    return format_datetime(instant.astimezone(UTC), usegmt=True)


def _names(field: str, tag: str) -> bool:
    """Compare weakly (RFC 9110 13.1.2): a list of tags, or ``*`` for any."""
    return field.strip() == "*" or tag in _ENTITY_TAG.findall(field)


def _instant(field: str) -> datetime | None:
    if not _DATE_SHAPES.fullmatch(field.strip()):
        return None
    try:
        return parsedate_to_datetime(field.strip()).replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
