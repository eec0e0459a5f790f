"""What one transaction has read already and nobody in it has changed."""

from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

Result = TypeVar("Result")


class Memory:
    """Spares a transaction the same question twice; whoever writes, or holds a subject, makes it forget."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Any] = {}

    async def recall(self, question: Hashable, ask: Callable[[], Awaitable[Result]]) -> Result:
        """Tell the answer, asking for it only the first time. It is shared: nobody may change it."""
        if question not in self._known:
            self._known[question] = await ask()
        answer: Result = self._known[question]
        return answer

    def forget(self) -> None:
        """Ask everything anew from now on."""
        self._known.clear()
