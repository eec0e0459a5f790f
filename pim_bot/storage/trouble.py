"""What a driver's error means for whoever asked: the database is busy, or away, or it is a fault of ours."""

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pim_bot.errors import StorageAway, StorageBusy, StorageUnavailable

_BUSY_STATES = {
    "55P03",  # lock_not_available: lock_timeout
    "57014",  # query_canceled: statement_timeout
    "40P01",  # deadlock_detected
    "40001",  # serialization_failure
}
_AWAY_STATES = {"57P01", "57P02", "57P03", "53100", "53300", "25P03"}
"""Shut down, crashed, starting up, disk full, too many connections, transaction held for too long."""
_AWAY_SQLITE = ("SQLITE_FULL", "SQLITE_IOERR")


def trouble_of(error: Exception) -> StorageUnavailable | None:
    """Tell what a driver's error means; None when it is not the database's state but what was asked of it.

    Source of the codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
    """
    if isinstance(error, PoolTimeout):
        return StorageBusy("every connection of the pool is in use")
    if not isinstance(error, DBAPIError):
        return None
    name = str(getattr(error.orig, "sqlite_errorname", "") or "")
    state = str(getattr(error.orig, "sqlstate", "") or "")
    if name.startswith("SQLITE_BUSY") or state in _BUSY_STATES:
        return StorageBusy("the database is held by somebody else")
    if name.startswith(_AWAY_SQLITE) or state in _AWAY_STATES or state.startswith("08"):
        return StorageAway(f"the database does not work ({name or state})")
    lost = error.connection_invalidated or (isinstance(error, OperationalError) and not name and not state)
    return StorageAway("the database does not answer") if lost else None
