"""The hub's own secret keys (``PIM_SECRET_KEY``): hashes that only the hub can make, and where a key is kept."""

import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pim_bot.errors import SettingsError

SHORTEST = 32
"""A key has at least so many characters: 128 bits even when it is written in hexadecimal digits."""

ADVICE = "Nowy klucz wypisze: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"


class SecretKeys:
    """Makes keyed hashes (HMAC-SHA256, RFC 2104) with the first key; finds them again with any.

    ``purpose`` keeps a hash of one kind from passing for one of another. The object tells no key in its text.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = tuple(keys)

    @property
    def values(self) -> tuple[str, ...]:
        """The keys themselves, for whoever keeps them out of logs."""
        return self._keys

    def digest(self, purpose: str, value: str) -> str:
        """Make the hash that is kept: 64 hexadecimal digits."""
        return _digest(self._keys[0], purpose, value)

    def digests(self, purpose: str, value: str) -> tuple[str, ...]:
        """Tell every hash under which the value may have been kept while keys are being replaced."""
        return tuple(_digest(key, purpose, value) for key in self._keys)

    def match(self, purpose: str, value: str, digest: str) -> bool:
        """Tell whether the hash is one of this value, in constant time for each key."""
        return any(hmac.compare_digest(one.encode(), digest.encode()) for one in self.digests(purpose, value))


def _digest(key: str, purpose: str, value: str) -> str:
    return hmac.new(key.encode(), f"{purpose}\0{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def read_secret_keys(given: Sequence[str], *, file: Path | None) -> SecretKeys:
    """Take the keys that were set, or else the one in a file, which is made when it is not there.

    ``file`` None means that there is no place for one: several machines share the database. Raises ``SettingsError``
    when a key is missing or too short.
    """
    if problem := problem_of(given):
        raise SettingsError(problem)
    if given:
        return SecretKeys(given)
    if file is None:
        raise SettingsError(
            "PIM_SECRET_KEY: brak. Na PostgreSQL wszystkie procesy potrzebują tego samego klucza, więc musi być "
            f"ustawiony. {ADVICE}"
        )
    return SecretKeys((kept_key(file),))


def problem_of(keys: Sequence[str]) -> str:
    """Say what is wrong with keys that were set; "" when nothing is."""
    if any(len(key) < SHORTEST for key in keys):
        return f"PIM_SECRET_KEY: klucz ma mniej niż {SHORTEST} znaki, a taki da się odgadnąć. {ADVICE}"
    return ""


def kept_key(file: Path) -> str:
    """Read the key of a file; when there is no file it is made, whole or not at all, readable for its owner only.

    Raises ``SettingsError`` when that cannot be done.
    """
    try:
        if not file.exists():
            _make(file)
        key = file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "to nie jest tekst"
        raise SettingsError(
            f"PIM_SECRET_KEY: nie da się użyć pliku {file} ({why}). Prosimy o prawa do niego."
        ) from None
    if len(key) < SHORTEST:
        raise SettingsError(
            f"PIM_SECRET_KEY: klucz w pliku {file} jest ucięty. Prosimy go przywrócić z kopii; jeśli jej nie ma, "
            "usunąć plik: nowy powstanie przy starcie, a wydane linki stracą ważność."
        )
    return key


def _make(file: Path) -> None:
    """Make the file in one step: of two processes that start at once, the second uses what the first has made."""
    number, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)  # mode 0600
    try:
        with os.fdopen(number, "w") as new:
            new.write(secrets.token_urlsafe(SHORTEST) + "\n")
            new.flush()
            os.fsync(new.fileno())
        with suppress(FileExistsError):
            os.link(name, file)
    finally:
        Path(name).unlink()
