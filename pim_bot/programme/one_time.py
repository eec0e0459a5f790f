"""One-time tokens: what opens one door, once, for one person, for a quarter of an hour.

A token is 256 random bits in a link. Only its keyed hash is kept, so that whoever reads the database opens nothing.
Mail scanners and chat open every link that they see: a page shows what the link is for, and only a press of its button
(POST) spends the token. Sources: OWASP „Forgot Password” and „Session Management” cheat sheets.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from pim_bot.secret_keys import SecretKeys

LIFE = timedelta(minutes=15)
RANDOM_BYTES = 32
HASHED_FOR = "one-time token"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pass:
    """What a token lets in: for what, whom, and which facts it was made with (ids and numbers, nothing personal)."""

    purpose: str
    member_id: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class OneTimeTokens(Protocol):
    """Where the hashes are kept."""

    async def keep(self, digest: str, made: Pass, *, at: datetime, until: datetime) -> None: ...

    async def spend(
        self, digests: tuple[str, ...], *, purpose: str, member_id: str | None, at: datetime
    ) -> Pass | None:
        """Spend the token, in one step; of two at once one gets it. ``member_id`` None takes anybody's."""


class TokenWork(Protocol):
    """One transaction in which tokens are made or spent."""

    @property
    def one_time_tokens(self) -> OneTimeTokens: ...


async def make_token(work: TokenWork, keys: SecretKeys, made: Pass, *, now: datetime) -> str:
    """Make a token and keep its hash; the token itself is told only here. ``now`` is machine time."""
    token = secrets.token_urlsafe(RANDOM_BYTES)
    await work.one_time_tokens.keep(keys.digest(HASHED_FOR, token), made, at=now, until=now + LIFE)
    return token


async def spend_token(
    work: TokenWork, keys: SecretKeys, token: str, *, purpose: str, now: datetime, member_id: str | None = None
) -> Pass | None:
    """Spend a token; None when it opens nothing here.

    Expired, spent, unknown, for something else, or for somebody else than ``member_id``: the answer is the same, so
    that nobody learns which tokens there are. ``now`` is machine time.
    """
    digests = keys.digests(HASHED_FOR, token)
    return await work.one_time_tokens.spend(digests, purpose=purpose, member_id=member_id, at=now)
