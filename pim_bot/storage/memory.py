"""What one transaction has read already and nobody in it has changed."""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
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

    async def recall_many(
        self, what: str, keys: Iterable[str], ask: Callable[[list[str]], Awaitable[Mapping[str, Result]]]
    ) -> dict[str, Result]:
        """Tell the answers for several keys, asking once for all that are not known yet; None where there is none."""
        wanted = list(dict.fromkeys(keys))
        unknown = [key for key in wanted if (what, key) not in self._known]
        answers = await ask(unknown) if unknown else {}
        self._known |= {(what, key): answers.get(key) for key in unknown}
        found = {key: self._known[what, key] for key in wanted}
        return {key: answer for key, answer in found.items() if answer is not None}

    def forget(self) -> None:
        """Ask everything anew from now on."""
        self._known.clear()
