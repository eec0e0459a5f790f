"""The hub's own secret key: whether there is one, whether it is long enough, and whether others can read it."""

from pathlib import Path

from pim_bot.errors import SettingsError
from pim_bot.finding import Finding, well, wrong
from pim_bot.secret_keys import kept_key, read_secret_keys
from pim_bot.settings import Settings
from pim_bot.storage.engine import key_file
from pim_bot.storage.sqlite import is_readable_by_others

NAME = "klucz"


def look_at_keys(settings: Settings) -> list[Finding]:
    """Look at the key, and make none. An address of the database that cannot be read is told elsewhere."""
    try:
        file = key_file(settings.database)
    except SettingsError:
        file = None
        if not settings.secret_keys:
            return []
    try:
        if settings.secret_keys or file is None:
            read_secret_keys(settings.secret_keys, file=None)
    except SettingsError as error:
        return [wrong(NAME, str(error))]
    kept = file if file is not None and file.exists() else None
    if not settings.secret_keys:
        return [_kept(kept) if kept else well(NAME, f"powstanie przy pierwszym starcie w pliku {file}")]
    return [_replaced(settings, kept) if kept else well(NAME, "ustawiony w PIM_SECRET_KEY")]


def _kept(file: Path) -> Finding:
    try:
        kept_key(file)
    except SettingsError as error:
        return wrong(NAME, str(error))
    if is_readable_by_others(file):
        return wrong(NAME, f"plik {file} mogą czytać inni. Prosimy użyć: chmod 600 {file}")
    return well(NAME, f"w pliku {file}")


def _replaced(settings: Settings, file: Path) -> Finding:
    """Look at a key that was set although one is kept: what the kept one signed must still be found."""
    try:
        kept = kept_key(file)
    except SettingsError as error:
        return wrong(NAME, str(error))
    if kept in settings.secret_keys:
        return well(NAME, f"ustawiony w PIM_SECRET_KEY; klucz z pliku {file} jest na jego liście")
    return wrong(
        NAME,
        f"w pliku {file} jest inny klucz niż w PIM_SECRET_KEY, więc to, co nim podpisano, straciło ważność. "
        "Prosimy dopisać go po przecinku na końcu PIM_SECRET_KEY albo usunąć plik.",
    )
