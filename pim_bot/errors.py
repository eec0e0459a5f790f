"""What can go wrong, as classes that carry facts; the sentence for the person is made at the door, in their language.

``Refused`` is the only error a person's own act may cause. Everything else is a fault of ours or of a machine.
"""

import errno
from collections.abc import Mapping


class PimBotError(Exception):
    """Base of all errors of the hub."""


class Refused(PimBotError):
    """The programme's rules or the input do not allow the act.

    ``reason`` is a message of the catalogues (Polish source text) with ``{names}`` for ``facts``. ``fields`` tells,
    for a form, which field is to be corrected and why.
    """

    def __init__(self, reason: str, *, fields: Mapping[str, "Refused"] | None = None, **facts: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts
        self.fields = dict(fields or {})


class NotAllowed(Refused):
    """The person's role does not allow the act (see ``programme.permissions``)."""


class NotFound(Refused):
    """The thing the act speaks of is not there (any more)."""


class StaleForm(Refused):
    """The form was opened on an older version of the thing; it must be looked at again before it is saved."""


class SettingsError(PimBotError):
    """A setting is missing or wrong; the text says which one and what to do."""


class NoDatabase(PimBotError):
    """There is no database at the address that was set; nothing was made."""


class StorageUnavailable(PimBotError):
    """The database could not be asked; the same act can be tried again."""


class StorageBusy(StorageUnavailable):
    """Somebody else held the database for longer than this door may wait; nothing was written."""


class StorageAway(StorageUnavailable):
    """The database does not answer, or has no room; nothing was written."""


class TooSlow(StorageUnavailable):
    """The database did not answer in time; whether the act was written is not known. Trying again does no harm."""


class LineTaken(PimBotError):
    """Two workers claimed messages of one conversation at once; whoever hears this claims anew."""


class NobodyHeard(PimBotError):
    """Slack was not heard on any Socket Mode connection for too long; a new process may do better."""


class BrokenProgrammeFile(PimBotError):
    """A programme file was refused; ``problems`` holds every (line, field, what is wrong and what to do)."""

    def __init__(self, path: str, problems: list[tuple[int, str, str]]) -> None:
        self.path = path
        self.problems = problems
        super().__init__("\n".join(f"{path}:{line}: {field}: {text}" for line, field, text in problems))


_WHY = {
    errno.ENOENT: "nie ma takiego pliku ani folderu",
    errno.EACCES: "brak uprawnień",
    errno.EPERM: "brak uprawnień",
    errno.EEXIST: "taki plik już jest",
    errno.EISDIR: "to jest folder",
    errno.ENOTDIR: "częścią ścieżki jest plik, a nie folder",
    errno.ENOSPC: "brak miejsca na dysku",
    errno.EROFS: "dysk jest tylko do odczytu",
    errno.ELOOP: "to jest dowiązanie",
}


def why_not(error: OSError) -> str:
    """Say in Polish why a file could not be used; what is rare stays in the words of the system."""
    return _WHY.get(error.errno or 0) or error.strerror or type(error).__name__
