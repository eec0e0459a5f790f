"""What an examination of the hub finds: one thing, whether it is well, and the step that mends it."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, and what to do if it is not."""

    name: str
    ok: bool
    text: str

    def line(self) -> str:
        """Say it in one line."""
        return f"{'✔' if self.ok else '✘'} {self.name}: {self.text}"

    def as_dict(self) -> dict[str, Any]:
        """Give it to a script."""
        return asdict(self)


def well(name: str, text: str) -> Finding:
    """Tell of a thing that needs nothing."""
    return Finding(name=name, ok=True, text=text)


def wrong(name: str, text: str) -> Finding:
    """Tell of a thing that is to be mended; the text says how."""
    return Finding(name=name, ok=False, text=text)
