"""What the office's list of people would do, row by row, in plain words."""

from collections.abc import Sequence

from pim_bot.i18n import Words
from pim_bot.programme.people_list import Effect, PeoplePlan, RowProblem, Step

MOST_LINES = 200


def plan_lines(words: Words, plan: PeoplePlan, unread: Sequence[RowProblem] = ()) -> list[str]:
    """Say what is wrong, row by row, or else who is new, who changes and how many stay as they are."""
    problems = sorted([*unread, *plan.problems], key=lambda one: one.number)
    if problems:
        said = [
            words.text("Wiersz {number}: {why}", number=one.number, why=words.text(one.why.reason, **one.why.facts))
            for one in problems
        ]
        return [
            *_few(words, said),
            words.text("Nic nie zapisano. Prosimy poprawić te wiersze i wczytać listę ponownie."),
        ]
    new, changed = plan.of(Effect.NEW), plan.of(Effect.CHANGED)
    said = [words.text("Nowa osoba: {who}", who=_who(one)) for one in new]
    said += [words.text("Zmiana: {who}", who=_who(one)) for one in changed]
    counts = words.text(
        "Nowe osoby: {new}, zmiany: {changed}, bez zmian: {same}.",
        new=len(new),
        changed=len(changed),
        same=len(plan.of(Effect.UNCHANGED)),
    )
    return [*_few(words, said), counts]


def _few(words: Words, lines: list[str]) -> list[str]:
    more = len(lines) - MOST_LINES
    return lines if more <= 0 else [*lines[:MOST_LINES], words.text("… i jeszcze wierszy: {n}", n=more)]


def _who(step: Step) -> str:
    row = step.row
    parts = [row.name, row.email, row.city, *([row.since.isoformat()] if row.since else [])]
    return ", ".join([*parts, *([f"– {row.until.isoformat()}"] if row.until else [])])
