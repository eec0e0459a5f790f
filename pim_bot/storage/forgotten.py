"""Who must not come back by a file: keyed hashes of the e-mails and names of erased people."""

import hmac
import re
from collections.abc import Sequence
from secrets import token_bytes

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pim_bot.storage.mentions import GONE
from pim_bot.storage.rows import insert_new
from pim_bot.storage.tables.privacy import forgotten, forgotten_key

_WORD = re.compile(r"[\w.+%-]+@[\w.-]+\w|\w+(?:[-'’]\w+)*")
_KEY_BYTES = 32


class ForgottenRows:
    """Remembers that somebody is to be forgotten, and recognises them in a file."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def remember(self, email: str, name: str) -> None:
        """Remember an e-mail, and a full name, by their hashes."""
        key = await self._key(make=True)
        told = [words for words in (_words(email)[:1], _words(name)) if words]
        rows = [
            {"digest": _digest(key, words), "length": len(words)} for words in told if len(words) > 1 or "@" in words[0]
        ]
        await insert_new(self._connection, forgotten, rows)

    async def readmit(self, email: str, name: str = "") -> bool:
        """Let somebody come back who asks for it; tells whether the e-mail was forgotten."""
        key = await self._key()
        if not key:
            return False
        digests = [_digest(key, words) for words in (_words(email)[:1], _words(name)) if words]
        result = await self._connection.execute(delete(forgotten).where(forgotten.c.digest.in_(digests)))
        return result.rowcount > 0

    async def among(self, emails: Sequence[str]) -> set[str]:
        """Tell which of these e-mails are forgotten."""
        lengths, key = await self._lengths(), await self._key()
        return {email for email in emails if (1, _digest(key, _words(email)[:1])) in lengths} if lengths else set()

    async def without_them(self, texts: Sequence[str]) -> list[str]:
        """Give texts without the forgotten names and e-mails in them."""
        known, key = await self._lengths(), await self._key()
        if not known:
            return list(texts)
        lengths = sorted({length for length, _ in known}, reverse=True)
        return [_redacted(text, key, known, lengths) for text in texts]

    async def _lengths(self) -> set[tuple[int, str]]:
        found = await self._connection.execute(select(forgotten.c.length, forgotten.c.digest))
        return {(length, digest) for length, digest in found}

    async def _key(self, *, make: bool = False) -> bytes:
        if make:
            await insert_new(self._connection, forgotten_key, [{"id": 1, "value": token_bytes(_KEY_BYTES)}])
        return (await self._connection.execute(select(forgotten_key.c.value))).scalar() or b""


def _words(text: str) -> list[str]:
    return [found.group().casefold() for found in _WORD.finditer(text)]


def _digest(key: bytes, words: Sequence[str]) -> str:
    return hmac.digest(key, " ".join(words).encode(), "sha256").hex()


def _redacted(text: str, key: bytes, known: set[tuple[int, str]], lengths: Sequence[int]) -> str:
    """Take out every run of words whose hash is known, the longest first."""
    found = list(_WORD.finditer(text))
    kept, start, place = [], 0, 0
    while place < len(found):
        for length in lengths:
            run = found[place : place + length]
            words = [one.group().casefold() for one in run]
            if len(run) == length and (length, _digest(key, words)) in known:
                kept += [text[start : run[0].start()], GONE]
                start, place = run[-1].end(), place + length
                break
        else:
            place += 1
    return "".join([*kept, text[start:]])
