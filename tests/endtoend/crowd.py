"""Several people at once, who try again whatever was not acknowledged, and a judge who counts what everybody heard.

The judge reads what people see in the local Slack; only whether everything has settled is asked of the database.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from pim_bot.blocks import ids
from pim_bot.playground.driver import Person
from pim_bot.playground.model import Message
from pim_bot.playground.outcome import Outcome
from pim_bot.playground.server import LocalSlack
from pim_bot.playground.views import View
from tests.endtoend.running import PAUSE, until
from tests.hub import USERS

CHANNEL = "kanał"
BOT = "UBOT"
PLANNERS = ("koordynatorka", "opiekunka")
INVITED = ("ekspert", "lublin", "ministerstwo", "opiekunka", "zory", "zory2")
# Of the team that named who comes, the one it named; its contact hears of everything.
TOLD_OF_MOVE = ("ekspert", "lublin", "ministerstwo", "opiekunka", "zory")
GETS_DIGEST = ("koordynatorka", "ministerstwo", "opiekunka")
FIRST_WORDS = {
    "Wydarzenie jest zaplanowane.": "planned",
    "Zmiana terminu:": "moved",
    "New date:": "moved",
    "Przegląd tygodnia:": "digest",
    "The week in brief:": "digest",
}
DAY, NEW_DAY = "2023-03-21", "2023-03-28"
"""Near the end of the programme, so that nothing of it falls due while weeks are wound."""

ANSWERED = "I'll take part"
CONFIRMED = "Nowy termin jest zapisany"
CLICK_SECONDS = 60.0
MOST_OPEN = 3
"""How many activities that still wait for answers a planner leaves behind."""

Step = Callable[[], Awaitable[bool]]
"""One thing that somebody does; tells whether it got anybody anywhere."""

Heard = dict[str, dict[str, int]]
"""Kind of message → place → how many."""


@dataclass(kw_only=True)
class Act:
    """One activity, and what of it was acknowledged to whom."""

    title: str
    planner: str
    scheduled: bool = False
    answered: bool = False
    registered: bool = False
    moved: bool = False

    @property
    def guest(self) -> str:
        """Whom the team registers: a name that nobody else bears."""
        return f"Gość {self.title}"

    @property
    def to_be_heard(self) -> Heard:
        """What everybody whom it concerns is to hear, exactly."""
        heard: Heard = {
            "announcement": {CHANNEL: 1},
            "planned": {self.planner: 1},
            "invitation": dict.fromkeys(INVITED, 1),
        }
        if self.moved:
            heard["moved"] = {CHANNEL: 1, **dict.fromkeys(TOLD_OF_MOVE, 1)}
        return heard


class Chronicle:
    """What people see, sorted by the activity it is about; read on from where it was read to last."""

    def __init__(self, slack: LocalSlack) -> None:
        self._slack = slack
        self._people = {name: slack.as_user(f"U{name.upper()}") for name in USERS}
        self._read: Counter[str] = Counter()
        self._found: dict[str, dict[str, dict[str, list[Message]]]] = {}

    def person(self, name: str) -> Person:
        return self._people[name]

    def seen(self, title: str) -> dict[str, dict[str, list[Message]]]:
        """The bot's messages about an activity: kind → place → messages."""
        self._read_on()
        return self._found.get(title, {})

    def message(self, title: str, kind: str, place: str) -> Message | None:
        """The first such message, if it has come."""
        return next(iter(self.seen(title).get(kind, {}).get(place, [])), None)

    def heard(self, title: str) -> Heard:
        """How often everybody has heard what."""
        return {
            kind: {place: len(messages) for place, messages in places.items()}
            for kind, places in self.seen(title).items()
        }

    def digests(self) -> dict[str, list[int]]:
        """How often everybody got each week's digest."""
        return {name: list(self._digests_of(name).values()) for name in self._people}

    def _digests_of(self, name: str) -> Counter[str]:
        messages = self._people[name].messages()
        return Counter(one.text.partition("\n")[0] for one in messages if kind_of(one, name) == "digest")

    def _read_on(self) -> None:
        for place in (CHANNEL, *self._people):
            messages = (
                self._slack.workspace.messages("CZIELONE") if place == CHANNEL else self._people[place].messages()
            )
            for message in messages[self._read[place] :]:
                kind = kind_of(message, place)
                if message.user == BOT and "Akt " in message.text and kind != "digest":
                    kinds = self._found.setdefault(title_in(message.text), {})
                    kinds.setdefault(kind, {}).setdefault(place, []).append(message)
            self._read[place] = len(messages)


def title_in(text: str) -> str:
    """The title of the activity that a message is about."""
    start = text.index("Akt ")
    return text[start : start + len("Akt 0000")]


def kind_of(message: Message, place: str) -> str:
    """What a message of the bot is."""
    for words, kind in FIRST_WORDS.items():
        if message.text.startswith(words):
            return kind
    return "announcement" if place == CHANNEL else "invitation"


def saved(outcome: Outcome) -> bool:
    """Whether a form says that it is saved: it is gone, or its last screen has no field left."""
    if not outcome.ok:
        return False
    answer = outcome.answer.json
    if answer.get("response_action") == "clear":
        return True
    view = answer.get("view") or {}
    return answer.get("response_action") == "update" and all(block["type"] != "input" for block in view["blocks"])


@dataclass(kw_only=True)
class Crowd:
    """Two planners, an official who answers and one who registers people, all at work at the same time.

    Whatever was not acknowledged is tried again: a form as the same form, a press of a button as a new one. What people
    were told instead is kept in ``refused``.
    """

    slack: LocalSlack
    thinks: float = 0.0
    acts: list[Act] = field(default_factory=list)
    acknowledged: int = 0
    repeated: int = 0
    refused: list[str] = field(default_factory=list)
    chronicle: Chronicle = field(init=False)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _open: dict[str, tuple[View, Act]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chronicle = Chronicle(self.slack)

    async def work(self, acts: int) -> None:
        """Act, all at once, until so many more acts were acknowledged."""
        target = self.acknowledged + acts
        await self.work_until(lambda: self.acknowledged >= target)

    async def work_until(self, is_over: Callable[[], bool]) -> None:
        """Act, all at once."""
        async with asyncio.TaskGroup() as group:
            steps: list[Step] = [partial(self._plan, name) for name in PLANNERS]
            for step in (*steps, self._answer, self._register):
                group.create_task(self._repeat(step, is_over))

    async def _repeat(self, step: Step, is_over: Callable[[], bool]) -> None:
        while not is_over():
            got_on = await step()
            await asyncio.sleep(self.thinks if got_on else self.thinks + PAUSE)

    # The steps

    async def _plan(self, planner: str) -> bool:
        if planner in self._open:
            return await self.submit(planner)
        mine = [act for act in self.acts if act.planner == planner]
        ripe = [act for act in mine if act.registered and not act.moved and self._all_have_heard(act)]
        if ripe:
            return await self._press(planner, ripe[0], "planned", "activity.move")
        if sum(not (act.registered and act.answered) for act in mine) < MOST_OPEN:
            return await self.open_form(planner)
        return False

    async def open_form(self, planner: str) -> bool:
        """Ask for the form of a new activity."""
        person = self.chronicle.person(planner)
        outcome = await person.command("/pim", "wydarzenie")
        done = self._was_done(outcome.ok and not outcome.text and person.modal is not None, outcome.text)
        if done and person.modal is not None:
            self._open[planner] = (person.modal, Act(title=f"Akt {next(self._numbers):04}", planner=planner))
        return done

    async def _register(self) -> bool:
        if "zory" in self._open:
            return await self.submit("zory")
        # Before the others of the team were asked their question would fall away.
        ready = [act for act in self.acts if not act.registered and self._team_was_asked(act)]
        return bool(ready) and await self._press("zory", ready[0], "invitation", "attend.register")

    async def _press(self, name: str, act: Act, kind: str, button: str) -> bool:
        """Press a button that opens a form."""
        person, message = self.chronicle.person(name), self.chronicle.message(act.title, kind, name)
        assert message is not None
        done = await self._click(person, message, button, lambda: person.modal is not None)
        if done and person.modal is not None:
            self._open[name] = (person.modal, act)
        return done

    async def _answer(self) -> bool:
        for act in self.acts:
            message = None if act.answered else self.chronicle.message(act.title, "invitation", "lublin")
            if message is not None:
                act.answered = await self._accept(message)
                self.acknowledged += act.answered
                return act.answered
        return False

    async def _accept(self, message: Message) -> bool:
        """Answer a question, unless an answer that was not acknowledged stands there already."""
        if ANSWERED in message.text:
            return True
        person = self.chronicle.person("lublin")
        return await self._click(person, message, "attend.going", lambda: ANSWERED in message.text)

    async def _click(self, person: Person, message: Message, button: str, shows: Callable[[], bool]) -> bool:
        """Press a button; tells whether it had its effect. A click that was taken shows that, or words say why not."""
        if person.modal is not None:
            await person.close(all_of_them=True)
        outcome = await person.click(message, button)
        if outcome.ok:
            what = f"a click on {button} shows something"
            await until(lambda: shows() or bool(words_on(person.modal)), seconds=CLICK_SECONDS, what=what)
        words = words_on(person.modal)
        return self._was_done(outcome.ok and not words, words)

    async def submit(self, name: str) -> bool:
        """Send the form that somebody has open."""
        view, act = self._open[name]
        person, is_preview = self.chronicle.person(name), view.body.get("callback_id") == ids.MOVE_PREVIEW
        outcome = await person.submit(person.modal or view, {} if is_preview else typed_for(act, name))
        if outcome.ok and outcome.answer.json.get("response_action") == "push" and person.modal is not None:
            self._open[name] = (person.modal, act)  # what the move changes; it is confirmed there
            return True
        said = str(outcome.answer.json)
        is_saved = saved(outcome) and (not is_preview or CONFIRMED in said or "'clear'" in said)
        done = self._was_done(is_saved, str(dict(outcome.errors) or ""))
        if done or is_preview:  # where it was not saved, the form is asked for again
            del self._open[name]
        if done:
            self._note(act, name)
        return done

    def _note(self, act: Act, name: str) -> None:
        self.acknowledged += 1
        if name not in PLANNERS:
            act.registered = True
        elif act.scheduled:
            act.moved = True
        else:
            act.scheduled = True
            self.acts.append(act)

    def _was_done(self, done: bool, said: str) -> bool:  # noqa: FBT001
        if not done:
            self.repeated += 1
            self.refused += [said] if said else []
        return done

    def _team_was_asked(self, act: Act) -> bool:
        heard = self.chronicle.heard(act.title).get("invitation", {})
        return "zory" in heard and "zory2" in heard

    def _all_have_heard(self, act: Act) -> bool:
        return self.chronicle.heard(act.title) == act.to_be_heard

    # The judge

    def digests(self) -> dict[str, list[int]]:
        """How often everybody got each week's digest."""
        return self.chronicle.digests()

    async def judged(self, *, seconds: float) -> None:
        """Wait until everybody has heard of everything; then nobody may have heard anything twice."""
        waiting = [act.title for act in self.acts]
        await until(lambda: not self._still_missing(waiting), seconds=seconds, what=f"all is heard but {waiting}")

    def _still_missing(self, waiting: list[str]) -> list[str]:
        waiting[:] = [act.title for act in self.acts if act.title in waiting and self._misses(act)]
        return waiting

    def _misses(self, act: Act) -> bool:
        heard = self.chronicle.heard(act.title)
        return any(places.keys() - heard.get(kind, {}).keys() for kind, places in act.to_be_heard.items())

    def wrong(self) -> dict[str, object]:
        """Everything that is not as it was acknowledged; empty when all is well."""
        heard = {act.title: self.chronicle.heard(act.title) for act in self.acts}
        found: dict[str, object] = {
            act.title: heard[act.title] for act in self.acts if heard[act.title] != act.to_be_heard
        }
        found |= {f"answer to {act.title}": text for act in self.acts if (text := self._unanswered(act))}
        found |= {f"guest of {act.title}": text for act in self.acts if (text := self._unregistered(act))}
        return found

    def _unanswered(self, act: Act) -> str:
        """What the official's question says, when it does not say the acknowledged answer."""
        message = self.chronicle.message(act.title, "invitation", "lublin")
        said = message.text if message else "nothing"
        return said if act.answered and ANSWERED not in said else ""

    def _unregistered(self, act: Act) -> str:
        """What the planner reads of who comes, when the guest is not named there exactly once."""
        message = self.chronicle.message(act.title, "planned", act.planner)
        said = str(message.blocks) if message else "nothing"
        return said if act.registered and said.count(act.guest) != 1 else ""


def words_on(view: View | None) -> str:
    """What a screen says that is no form."""
    return "" if view is None or view.body.get("submit") else str(view.blocks)


def typed_for(act: Act, name: str) -> dict[str, object]:
    """What somebody types into the form that is before them."""
    if name not in PLANNERS:
        return {"people": act.guest}
    return {"Początek": NEW_DAY} if act.scheduled else new_activity(act.title)


def new_activity(title: str) -> dict[str, object]:
    """What a planner types."""
    return {
        "Rodzaj": "warsztaty-sieci",
        "Sieć": ["miasto-zielone"],
        "Tytuł": title,
        "Początek": DAY,
        "Początek, godzina": "10:00",
        "Koniec, godzina": "12:00",
    }
