"""What the office's list of people would do, row by row, in plain words."""

from collections.abc import Sequence

from pim_bot.blocks import ids
from pim_bot.blocks.elements import LONGEST_SECTION, Block, Message, actions, button, context, cut, escape, section
from pim_bot.i18n import Words
from pim_bot.programme.people_list import Effect, PeoplePlan, RowProblem, Step
from pim_bot.programme.people_lists import ListStatus, PeopleList

MOST_LINES = 200
MOST_SHOWN = 40
LONGEST_LINE = 300
CORRECT = "Nic nie zapisano. Prosimy poprawić te wiersze i wczytać listę ponownie."


def plan_lines(words: Words, plan: PeoplePlan, unread: Sequence[RowProblem] = ()) -> list[str]:
    """Say what is wrong, row by row, or else who is new, who changes and how many stay as they are."""
    problems = sorted([*unread, *plan.problems], key=lambda one: one.number)
    if problems:
        return [*_few(words, _problems(words, problems), MOST_LINES), words.text(CORRECT)]
    new, changed, same = (len(plan.of(effect)) for effect in (Effect.NEW, Effect.CHANGED, Effect.UNCHANGED))
    return [*_few(words, _effects(words, plan), MOST_LINES), _counted(words, new, changed, same)]


def _problems(words: Words, problems: Sequence[RowProblem]) -> list[str]:
    return [
        words.text("Wiersz {number}: {why}", number=one.number, why=words.text(one.why.reason, **one.why.facts))
        for one in problems
    ]


def _effects(words: Words, plan: PeoplePlan) -> list[str]:
    said = [words.text("Nowa osoba: {who}", who=_who(one)) for one in plan.of(Effect.NEW)]
    return said + [words.text("Zmiana: {who}", who=_who(one)) for one in plan.of(Effect.CHANGED)]


def _counted(words: Words, new: int, changed: int, same: int) -> str:
    return words.text("Nowe osoby: {new}, zmiany: {changed}, bez zmian: {same}.", new=new, changed=changed, same=same)


def _few(words: Words, lines: list[str], most: int) -> list[str]:
    more = len(lines) - most
    return lines if more <= 0 else [*lines[:most], words.text("… i jeszcze wierszy: {n}", n=more)]


def _who(step: Step) -> str:
    row = step.row
    parts = [row.name, row.email, row.city, *([row.since.isoformat()] if row.since else [])]
    return ", ".join([*parts, *([f"– {row.until.isoformat()}"] if row.until else [])])


def list_shown(words: Words, one: PeopleList) -> Message:
    """Show to whoever dropped a list what it would do, with the buttons that decide, or what became of it."""
    if one.status is not ListStatus.SHOWN:
        said = _decided(words, one)
        return Message(said, (section(escape(said)),))
    if one.plan.problems:
        intro = words.text("Tej listy osób nie da się zapisać. Wierszy do poprawienia: {n}.", n=len(one.plan.problems))
        return _listed([intro, words.text(CORRECT)], _few(words, _problems(words, one.plan.problems), MOST_SHOWN))
    counts = _counted(words, one.new, one.changed, one.same)
    if not one.waits:
        return _listed([words.text("Ta lista osób niczego nie zmienia."), counts, *_forgotten(words, one)], [])
    intro = words.text("Podgląd listy osób; jeszcze nic nie zapisano.")
    again = [words.text("Od poprzedniego podglądu coś się zmieniło, to jest nowy.")] if one.revision > 1 else []
    ends = words.text("Podgląd znika po godzinie. Nowe osoby dostaną podsumowanie swojego zespołu.")
    value = f"{one.id}/{one.revision}"
    save = button(words.text("Zapisz"), ids.SAVE_LIST, value, style="primary")
    leave = button(words.text("Zostawiam jak jest"), ids.LEAVE_LIST, value)
    shown = _listed(
        [intro, *again, counts, *_forgotten(words, one)], _few(words, _effects(words, one.plan), MOST_SHOWN)
    )
    buttons = (context(escape(ends)), actions(f"people-list/{value}", save, leave))
    ask = words.text("Prosimy wybrać: „Zapisz” albo „Zostawiam jak jest”.")
    return Message(f"{shown.text} {ask}", (*shown.blocks, *buttons))


def _forgotten(words: Words, one: PeopleList) -> list[str]:
    said = words.text("Pominięte osoby, których dane usunięto na ich prośbę: {n}.", n=one.forgotten)
    return [said] if one.forgotten else []


def _decided(words: Words, one: PeopleList) -> str:
    match one.status:
        case ListStatus.ACCEPTED:
            return words.text("Właśnie zapisujemy listę osób.")
        case ListStatus.SAVED:
            return words.text(
                "Lista osób jest zapisana. {counts}", counts=_counted(words, one.new, one.changed, one.same)
            )
        case ListStatus.LEFT:
            return words.text("Wszystko zostaje jak jest: z tej listy osób nic nie zapisano.")
        case _ if one.same and not one.new and not one.changed:
            return words.text("Ta lista osób niczego nie zmieniła, więc nie było czego zapisać.")
        case _:
            return words.text(
                "Podgląd listy osób zniknął po godzinie, bo są w nim dane osób, i nic z niej nie zapisano. Jeśli ma "
                "być zapisana, prosimy wysłać plik jeszcze raz."
            )


def _listed(intro: Sequence[str], lines: Sequence[str]) -> Message:
    """Say a few sentences, and below them lines, in as many sections as they fill."""
    said = " ".join(intro)
    blocks: list[Block] = [section(escape(said))]
    piece = ""
    for line in (cut(escape(one), LONGEST_LINE) for one in lines):
        if len(piece) + len(line) >= LONGEST_SECTION:
            blocks.append(section(piece))
            piece = ""
        piece += f"\n{line}" if piece else line
    return Message("\n".join([said, *lines]), (*blocks, *([section(piece)] if piece else [])))
