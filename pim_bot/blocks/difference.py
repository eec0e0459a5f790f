"""What an act would change, before it is confirmed: who is told, what becomes of reminders, what is in the way."""

from collections.abc import Sequence

from pim_bot.blocks import ids
from pim_bot.blocks.activities import one_line, when_of
from pim_bot.blocks.elements import Block, escape, modal, section
from pim_bot.blocks.ledger import quiet_word, rung_word
from pim_bot.i18n import Words
from pim_bot.notifications.difference import Difference, RungChange
from pim_bot.notifications.hours import OpenHours
from pim_bot.programme.activity import Activity
from pim_bot.programme.card import ActivityCard

MOST_LINES = 12


def move_preview(
    words: Words,
    before: Activity,
    moved: Activity,
    difference: Difference,
    *,
    zone: str,
    conflicts: Sequence[ActivityCard],
    metadata: str,
    note: str = "",
) -> Block:
    """Make the screen on which a move is confirmed; times of messages are told in ``zone``."""
    times = words.text(
        "*{title}*\nObecny termin: {old}\nNowy termin: {new}",
        title=escape(before.title),
        old=when_of(words, before),
        new=when_of(words, moved),
    )
    blocks = [section(escape(note))] if note else []
    blocks.append(section(times))
    if warnings := _warnings(words, moved, conflicts):
        blocks.append(_lines(words.text("Uwaga"), warnings))
    blocks.append(_lines(words.text("Kto się dowie"), difference_lines(words, difference, zone)))
    if rungs := [_rung_line(words, rung, zone) for rung in difference.rungs]:
        blocks.append(_lines(words.text("Przypomnienia"), rungs))
    title, submit, close = words.text("Co się zmieni"), words.text("Przenieś"), words.text("Wróć")
    return modal(ids.MOVE_PREVIEW, title, submit, close, blocks, metadata)


def _lines(title: str, lines: Sequence[str]) -> Block:
    shown = [f"• {escape(line)}" for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(f"… +{len(lines) - MOST_LINES}")
    return section("\n".join([f"*{title}*", *shown]))


def _warnings(words: Words, moved: Activity, conflicts: Sequence[ActivityCard]) -> list[str]:
    lines = [words.text("W tym samym czasie: {line}", line=one_line(words, card)) for card in conflicts]
    if not OpenHours.is_working_day(moved.first_day):
        quiet = quiet_word(words, moved.starts_at, moved.zone)
        lines.append(words.text("Nowy termin to dzień wolny: {quiet}.", quiet=quiet))
    return lines


def difference_lines(words: Words, difference: Difference, zone: str) -> list[str]:
    """Say who will be told, when, and which messages change where they stand."""
    lines = []
    if difference.channels:
        named = ", ".join(f"#{channel}" for channel in difference.channels)
        lines.append(words.text("Od razu w kanałach: {channels}.", channels=named))
    if difference.people:
        people = words.plural("{n} osoba", "{n} osób", difference.people)
        lines.append(
            words.text(
                "Wiadomość dostaną: {people}, w tym {teams}.",
                people=people,
                teams=_teams(words, difference),
            )
            if difference.teams
            else words.text("Wiadomość dostaną: {people}.", people=people)
        )
    if difference.despite_quiet:
        people = words.plural("{n} osoba", "{n} osób", difference.despite_quiet)
        lines.append(
            words.text("Od razu, mimo czasu wolnego od pracy: {people}, bo termin jest bliski.", people=people)
        )
    for until, count in difference.held_until:
        people = words.plural("{n} osoba", "{n} osób", count)
        lines.append(
            words.text("Dopiero {when}, w godzinach pracy: {people}.", when=words.moment(until, zone), people=people)
        )
    if difference.changed_in_place:
        changed = words.plural(
            "{n} wcześniejsza wiadomość", "{n} wcześniejszych wiadomości", difference.changed_in_place
        )
        lines.append(words.text("W miejscu zmieni się: {messages}.", messages=changed))
    if difference.no_longer_said:
        dropped = words.plural("{n} wiadomość", "{n} wiadomości", difference.no_longer_said)
        lines.append(words.text("Nie zostanie już wysłana: {messages}.", messages=dropped))
    gone = [rung for rung in difference.rungs if rung.after is None]
    if gone and len(gone) == len(difference.rungs):
        reminders = words.plural("{n} przypomnienie", "{n} przypomnień", sum(rung.people for rung in gone))
        lines.append(words.text("Odpadnie: {reminders}.", reminders=reminders))
    return lines or [words.text("Nikt nie dostanie wiadomości.")]


def _teams(words: Words, difference: Difference) -> str:
    return words.plural("{n} zespół miasta", "{n} zespołów miast", difference.teams)


def _rung_line(words: Words, rung: RungChange, zone: str) -> str:
    name = rung_word(words, rung.kind, rung.lead)
    people = words.plural("{n} osoba", "{n} osób", rung.people)
    if rung.before is None:
        assert rung.after is not None
        return words.text(
            "{rung}: nowe, {new} ({people})", rung=name, new=words.moment(rung.after, zone), people=people
        )
    old = words.moment(rung.before, zone)
    if rung.after is None:
        return words.text("{rung}: odpada, było {old} ({people})", rung=name, old=old, people=people)
    new = words.moment(rung.after, zone)
    return words.text("{rung}: {old} → {new} ({people})", rung=name, old=old, new=new, people=people)
