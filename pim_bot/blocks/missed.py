"""The dead man's notice: what should have run, when and for whom, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pim_bot.blocks.elements import Message, escape, header, section
from pim_bot.i18n import Words
from pim_bot.notifications import arranging, digests, feedback, ladders, reports, topics


@dataclass(frozen=True, kw_only=True, slots=True)
class Missed:
    """A run that was missed: for how many it was, some of their names, and whether it still waits."""

    kind: str
    due_at: datetime
    items: int
    names: tuple[str, ...]
    waits: bool


def runs_missed(words: Words, runs: Sequence[Missed]) -> Message:
    """Tell a coordinator what did not run, and what to do."""
    still = any(run.waits for run in runs)
    todo = (
        words.text(
            "Zegar centrum nie pracuje. Prosimy o przekazanie tego osobie, która opiekuje się serwerem: co jest nie "
            "tak, powie polecenie pim-bot doctor, a zegar uruchamia pim-bot run albo pim-bot clock. "
            "To, co nadal ma sens, wyjdzie potem samo."
        )
        if still
        else words.text(
            "Zegar centrum stał, ale znów pracuje: to, co nadal miało sens, wyszło z opóźnieniem. Prosimy o "
            "sprawdzenie, czy komuś nie jest potrzebna wiadomość od Państwa."
        )
    )
    lines = [_line(words, run) for run in runs]
    title = words.text("Nie wyszło na czas")
    text = f"{title}: {' '.join(lines)} {todo}"
    listed = "\n".join(f"• {escape(line)}" for line in lines)
    return Message(text, (header(title), section(listed), section(escape(todo))))


def _line(words: Words, run: Missed) -> str:
    facts = {"what": _what(words, run.kind), "when": words.moment(run.due_at)}
    if not run.names:
        return words.text("{what} – {when}.", **facts)
    more = run.items - len(run.names)
    names = ", ".join(run.names)
    if more > 0:
        names = words.text("{names} i inni ({n})", names=names, n=more)
    return words.text("{what} – {when}, dla: {names}.", **facts, names=names)


def _what(words: Words, kind: str) -> str:
    return {
        digests.DIGEST: words.text("przegląd tygodnia"),
        ladders.ANSWER: words.text("przypomnienie o odpowiedzi"),
        ladders.START: words.text("przypomnienie o wydarzeniu"),
        feedback.ENDS: words.text("zamknięcie wydarzenia"),
        feedback.OPENS: words.text("prośba o ocenę"),
        arranging.NUDGES: words.text("przypomnienie o prośbie o doradztwo"),
        topics.ENDS: words.text("koniec zbierania tematów"),
        feedback.NUDGES: words.text("druga prośba o ocenę"),
        feedback.CLOSES: words.text("wynik ocen"),
        reports.NUDGES: words.text("przypomnienie o relacji"),
        reports.ESCALATES: words.text("wiadomość o braku relacji"),
    }.get(kind, words.text("wiadomość"))
