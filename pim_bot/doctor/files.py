"""The files with personal data: nobody but the owner of the hub may read them."""

from pim_bot.errors import SettingsError
from pim_bot.finding import Finding, wrong
from pim_bot.settings import Settings
from pim_bot.storage.engine import database_file
from pim_bot.storage.erasures import FILE
from pim_bot.storage.sqlite import is_readable_by_others, readable_by_others

NAME = "pliki"


def look_at_files(settings: Settings) -> list[Finding]:
    """Look at who can read the database and the list of erasures, when they are there.

    An address of the database that cannot be read is told elsewhere.
    """
    try:
        file = database_file(settings.database)
    except SettingsError:
        file = None
    erasures = settings.data_dir / FILE
    found = [*(readable_by_others(file) if file else []), *([erasures] if is_readable_by_others(erasures) else [])]
    if not found:
        return []
    names = " ".join(map(str, found))
    return [wrong(NAME, f"dane osobowe mogą czytać inne konta tej maszyny. Prosimy użyć: chmod 600 {names}")]
