"""What an event is: a frozen fact in the past tense that carries ids and plain values, never names or free text."""

from datetime import datetime
from typing import ClassVar

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all events. ``revision`` is the revision its subject had when this happened.

    ``version`` grows when the meaning of a field changes; a process leaves versions that it does not know alone.
    """

    version: ClassVar[int] = 1
    revision: int = 0

    @property
    def subject(self) -> str:
        """Tell what this happened to, as ``kind:id``; events of one subject are heard in their order."""
        raise NotImplementedError

    @classmethod
    def type_name(cls) -> str:
        """Tell the name under which events of this class are stored."""
        return cls.__name__


class RecordedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event as the log holds it: its number there, when it happened in programme time, and whose act it was."""

    id: int
    at: datetime
    actor: str
    event: Event
