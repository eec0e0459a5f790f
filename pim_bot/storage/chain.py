"""The chain over the audit: what a row's digest and a link are made of.

A digest stands for one row; a link for everything up to it. Whoever changes a row, or takes one out, would have to make
every later link anew, and then they are no longer those that somebody noted elsewhere.
"""

import hashlib
import json
from datetime import datetime

from pim_bot.storage.rows import Row

BEGINNING = ""
"""What stands before the first link."""

COLUMNS = ("id", "at", "actor", "door", "action", "subject", "revision", "before", "after")


def digest_of(row: Row) -> str:
    """Make the SHA-256 (hex) of one row of the audit."""
    return _sha256([row[name] for name in COLUMNS])


def link_of(previous: str, *, position: int, audit_id: int, digest: str, sealed_at: datetime) -> str:
    """Make the SHA-256 (hex) of one link from the one before and from everything its seal says."""
    return _sha256([previous, position, audit_id, digest, sealed_at])


def _sha256(values: list[object]) -> str:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_instant)
    return hashlib.sha256(text.encode()).hexdigest()


def _instant(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat(timespec="microseconds")
