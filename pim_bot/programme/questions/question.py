"""What was understood of a question, in words of the hub's own: never the sentence that somebody wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Meaning(StrEnum):
    """Everything that can be asked for."""

    WAITING = "waiting"
    WHEN = "when"
    PREPARE = "prepare"
    AGENDA = "agenda"
    DEADLINE = "deadline"
    MISSING = "missing"
    EXPERT = "expert"
    GUARDIAN = "guardian"
    TEAM = "team"
    ARRANGE = "arrange"
    MOVE = "move"
    CANCEL = "cancel"
    AGREEMENTS = "agreements"
    ASK_EXPERT = "ask-expert"
    WHO_GOES = "who-goes"
    REGISTER = "register"
    ONLINE = "online"
    TEAM_CHANGE = "team-change"
    EXPERIENCE = "experience"
    SAID = "said"
    MATERIALS = "materials"
    COMMENT = "comment"
    RECOMMEND = "recommend"
    ADD_TO_MID = "add-to-mid"
    LOG_SESSION = "log-session"
    SILENT = "silent"
    SESSIONS_COUNT = "sessions-count"
    SHOW_MID = "show-mid"
    SHOW_PU = "show-pu"
    ASK_COMMENTS = "ask-comments"
    OWING = "owing"
    CHASE = "chase"
    SEND_AGENDA = "send-agenda"
    PRESENCE = "presence"
    SURVEY = "survey"
    REPLACED = "replaced"
    NEWS = "news"
    FOR_US = "for-us"
    POSITION_DUE = "position-due"
    LAW = "law"
    MID_STATE = "mid-state"
    AT_RISK = "at-risk"
    COMPARE = "compare"
    CATEGORIES = "categories"
    PEOPLE_LIST = "people-list"
    REPORT = "report"
    NEW_ACTIVITY = "new-activity"
    ANNOUNCE = "announce"
    TOPICS = "topics"
    ASSIGN = "assign"
    MY_DATA = "my-data"
    FEWER = "fewer"
    HELP = "help"


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One question: what is meant, and of whom, where and when, as far as it was said.

    ``cities`` and ``networks`` are slugs; ``words`` are what is searched for, or the one name that is not known.
    ``kind`` is what sort of activity is meant (``workshop``, ``visit`` …), ``past`` that it is over already.
    """

    meaning: Meaning
    cities: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    hour: str = ""
    kind: str = ""
    part: str = ""
    words: tuple[str, ...] = ()
    past: bool = False

    def as_facts(self) -> dict[str, Any]:
        """Give the question as plain values."""
        facts: dict[str, Any] = {"meaning": self.meaning.value}
        for name in ("cities", "networks", "unsure", "words"):
            facts |= {name: list(getattr(self, name))} if getattr(self, name) else {}
        for name in ("hour", "kind", "part", "past"):
            facts |= {name: getattr(self, name)} if getattr(self, name) else {}
        for name in ("first", "last"):
            facts |= {name: getattr(self, name).isoformat()} if getattr(self, name) else {}
        return facts


def question_of(facts: Mapping[str, Any]) -> Question:
    """Read a question that was kept as plain values."""
    values = dict(facts)
    for name in ("first", "last"):
        if name in values:
            values[name] = date.fromisoformat(values[name])
    for name in ("cities", "networks", "unsure", "words"):
        values[name] = tuple(values.get(name, ()))
    return Question(**(values | {"meaning": Meaning(values["meaning"])}))


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """How often something was asked for in a month; ``meaning`` is "" for what was not understood.

    ``heard`` are the ideas of the grammar that such a question had in it, never the words.
    """

    month: str
    meaning: str
    heard: str
    count: int
