"""Topics and questions that cities propose and back for a coming activity: one voice per city and topic."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class TopicSort(StrEnum):
    """Whether something is to be talked about, or to be answered."""

    TOPIC = "topic"
    QUESTION = "question"


class TopicsStatus(StrEnum):
    """Where the collecting stands; once settled, the topics are the activity's agenda."""

    OPEN = "open"
    SETTLED = "settled"


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposedTopic:
    """A topic as a city put it. ``cities`` are those that back it; ``merged_into`` is another one's number, or 0.

    A topic that no city backs any more is not shown; its number is never given again.
    """

    number: int
    text: str
    sort: TopicSort = TopicSort.TOPIC
    city: str
    proposed_by: str
    cities: tuple[str, ...] = ()
    merged_into: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A topic with everything that was merged into it: the cities that proposed it, and all that back it."""

    topic: ProposedTopic
    proposed_by: tuple[str, ...]
    cities: tuple[str, ...]
    merged: tuple[ProposedTopic, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicRound:
    """The collecting of topics for one activity, open until a moment. ``opened_by`` is the actor's pseudonymous id."""

    activity_id: str
    until: datetime
    opened_by: str
    opened_at: datetime
    status: TopicsStatus = TopicsStatus.OPEN
    topics: tuple[ProposedTopic, ...] = ()
    revision: int = 1

    def is_open(self, now: datetime) -> bool:
        """Tell whether voices count now."""
        return self.status is TopicsStatus.OPEN and now < self.until

    def standings(self) -> list[Standing]:
        """Tell the topics that any city backs, the most backed first, the earlier first among equals."""
        merged: dict[int, list[ProposedTopic]] = defaultdict(list)
        for one in self.topics:
            merged[one.merged_into].append(one)
        found = [_standing(one, merged[one.number]) for one in merged.pop(0, [])]
        return sorted((one for one in found if one.cities), key=lambda one: (-len(one.cities), one.topic.number))

    def merged_into(self, number: int) -> list[ProposedTopic]:
        """Tell what was merged into a topic."""
        return [one for one in self.topics if one.merged_into == number]

    def backed_by(self, city: str) -> frozenset[int]:
        """Tell the numbers of the topics that a city backs; of merged ones, the number of what they are now."""
        return frozenset(one.merged_into or one.number for one in self.topics if city in one.cities)

    def with_voice(self, number: int, city: str) -> "TopicRound":
        """Let a city back a topic."""
        return self._with({number}, lambda one: one if city in one.cities else replace(one, cities=(*one.cities, city)))

    def without_voice(self, number: int, city: str) -> "TopicRound":
        """Take a city's voice for a topic back, also for what was merged into it."""
        silent = {number, *(one.number for one in self.merged_into(number))}
        return self._with(silent, lambda one: replace(one, cities=tuple(name for name in one.cities if name != city)))

    def _with(self, numbers: set[int], change: Callable[[ProposedTopic], ProposedTopic]) -> "TopicRound":
        return replace(self, topics=tuple(change(one) if one.number in numbers else one for one in self.topics))


def _standing(topic: ProposedTopic, merged: Sequence[ProposedTopic]) -> Standing:
    backed = [one for one in (topic, *merged) if one.cities]
    return Standing(
        topic=topic,
        proposed_by=tuple(dict.fromkeys(one.city for one in backed)),
        cities=tuple(dict.fromkeys(city for one in backed for city in one.cities)),
        merged=tuple(merged),
    )
