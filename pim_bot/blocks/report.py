"""The report after an activity: the question, the form, and what is shown of it."""

import json
from typing import Any

from pim_bot.blocks import ids, inputs
from pim_bot.blocks.activities import when_of
from pim_bot.blocks.elements import Block, Message, actions, button, cut, escape, modal, section
from pim_bot.blocks.inputs import Typed
from pim_bot.i18n import Words
from pim_bot.programme.activity import Activity
from pim_bot.programme.card import ActivityCard
from pim_bot.programme.people import Member
from pim_bot.programme.report import ActivityReport

LONGEST_PART = 1200
"""So much of each part is shown in a message; all of it stands in the form."""


def report_request(
    words: Words, card: ActivityCard, report: ActivityReport | None, *, by: Member | None, step: str
) -> Message:
    """Ask for the report; ``step`` is asked, nudge or escalation. Once it is there, say so and by whom."""
    title, when = card.activity.title, when_of(words, card.activity)
    line = f"{title}, {when}."
    if report is not None:
        done = words.text("Relacja jest zapisana.")
        who = words.text("Autorstwo: {who}.", who=by.name) if by else ""
        said = f"{done} {who}".strip()
        return Message(f"{line} {said}", (section(f"*{escape(title)}*, {when}\n{escape(said)}"),))
    ask = words.text("Prosimy o krótką relację: kto przyszedł, co z tego wynikło, linki do materiałów. Dwie minuty.")
    first = {
        "nudge": words.text("Przypominamy o relacji. Więcej przypomnień nie będzie."),
        "escalation": words.text("Nie ma jeszcze relacji z wydarzenia. Może ją napisać także koordynacja."),
    }.get(step, "")
    said = f"{first} {ask}".strip()
    blocks = (
        section(f"*{escape(title)}*, {when}\n{said}"),
        actions(
            f"report/{card.activity.id}",
            button(words.text("Napisz relację"), ids.WRITE_REPORT, card.activity.id, style="primary"),
            button(words.text("Zaznacz obecność"), ids.MARK_PRESENCE, card.activity.id),
        ),
    )
    return Message(f"{line} {said}", blocks)


def report_form(words: Words, activity: Activity, report: ActivityReport | None, came: str) -> Block:
    """Make the form of five fields, filled with what is known: the planned days, and who came or was to come."""
    typed: dict[str, Any] = {
        "held_from": activity.first_day.isoformat(),
        "held_until": activity.last_day.isoformat(),
        "came": came,
    }
    if report is not None:
        typed = {
            "held_from": report.held_from.isoformat(),
            "held_until": report.held_until.isoformat(),
            "came": report.came,
            "outcome": report.outcome,
        }
    metadata = json.dumps({"activity": activity.id, "revision": report.revision if report else 0})
    return modal(
        ids.REPORT_FORM,
        words.text("Relacja"),
        words.text("Zapisz"),
        words.text("Anuluj"),
        [section(f"*{escape(activity.title)}*\n{when_of(words, activity)}"), *_fields(words, typed)],
        metadata,
    )


def _fields(words: Words, typed: Typed) -> list[Block]:
    planned = words.text("Jeśli było inaczej, niż zaplanowano, prosimy poprawić datę. Plan zostaje obok.")
    shown = words.text("Przeczyta to cała sieć.")
    few = words.text("Przeczytają to osoby, które planują wydarzenie.")
    return [
        inputs.day("held_from", words.text("Odbyło się od"), typed, hint=planned),
        inputs.day("held_until", words.text("Odbyło się do"), typed),
        inputs.line("came", words.text("Kto przyszedł"), typed, lines=True, hint=few),
        inputs.line("outcome", words.text("Co z tego wynikło"), typed, lines=True, optional=False, hint=shown),
        inputs.line(
            "materials",
            words.text("Materiały"),
            typed,
            lines=True,
            hint=words.text("Każdy w osobnej linii: tytuł i adres. Zostaną przy wydarzeniu."),
        ),
    ]


def report_blocks(words: Words, activity: Activity, report: ActivityReport, *, people: bool) -> list[Block]:
    """Show a report below its activity; ``people`` who came are named only to those who plan it."""
    parts = [(words.text("Relacja"), escape(report.outcome))]
    if (report.held_from, report.held_until) != (activity.first_day, activity.last_day):
        held = words.days(report.held_from, report.held_until)
        parts.append(
            (
                words.text("Odbyło się"),
                words.text("{held} (plan: {planned})", held=held, planned=when_of(words, activity)),
            )
        )
    if people and report.came:
        parts.append((words.text("Kto przyszedł"), escape(report.came)))
    shown = [f"*{label}:* {cut(said, LONGEST_PART)}" for label, said in parts]
    return [section("\n".join(shown))]
