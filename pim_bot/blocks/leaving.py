"""What somebody who leaves a team has not handed on yet, each duty with the button that hands it on."""

from pim_bot.blocks import ids
from pim_bot.blocks.activities import when_of
from pim_bot.blocks.elements import Block, Message, actions, button, escape, section
from pim_bot.i18n import Words
from pim_bot.programme.leaving import Duties

MOST_CANDIDATES = 5
MOST_LISTED = 10


def duties(words: Words, found: Duties, *, city: str, may_assign: bool) -> Message:
    """Say what is to be handed on; when nothing is left, say that."""
    until = words.text(", ostatni dzień: {day}", day=words.day(found.last_day, weekday=False)) if found.last_day else ""
    title = words.text("Odejście z zespołu ({city}): {name}{until}.", city=city, name=found.leaver.name, until=until)
    if not found.are_left:
        text = f"{title} {words.text('Wszystkie obowiązki są już przekazane.')}"
        return Message(text, (section(escape(text)),))
    lines = [f"{title} {words.text('Do przekazania:')}"]
    blocks: list[Block] = [section(f"*{escape(title)}*\n{words.text('Do przekazania:')}")]
    for said, row in _rows(words, found, city, may_assign=may_assign):
        lines.append(said)
        blocks += [section(f"• {escape(said)}"), *row]
    return Message("\n".join(lines), tuple(blocks))


def _rows(words: Words, found: Duties, city: str, *, may_assign: bool) -> list[tuple[str, list[Block]]]:
    key = found.place.key
    rows: list[tuple[str, list[Block]]] = []
    if found.was_contact:
        said = words.text("Osoba kontaktowa zespołu: prosimy wskazać nową.")
        chosen = [
            button(one.name, f"{ids.MAKE_CONTACT}/{number}", f"{key}/{one.id}")
            for number, one in enumerate(found.others[:MOST_CANDIDATES])
        ]
        rows.append((said, [actions(f"duties/contact/{found.leaver.id}", *chosen)] if chosen else []))
    if found.was_last:
        said = words.text("MID ({city}) nie ma teraz nikogo, kto za niego odpowiada.", city=city)
        add = button(words.text("Dodaj osobę"), ids.JOIN_TEAM, key)
        rows.append((said, [actions(f"duties/team/{found.leaver.id}", add)]))
    for activity in found.activities[:MOST_LISTED]:
        said = words.text("Wydarzenie: {title}, {when}", title=activity.title, when=when_of(words, activity))
        take = button(words.text("Przejmuję"), ids.TAKE_OVER_ACTIVITY, activity.id)
        rows.append((said, [actions(f"duties/activity/{activity.id}/{activity.revision}", take)]))
    for one in found.assignments[:MOST_LISTED]:
        said = words.text("Przypisanie eksperckie do {until}", until=one.until)
        hand_on = button(words.text("Zastąp"), ids.REPLACE, one.id)
        end = button(words.text("Zakończ"), ids.RELEASE, one.id)
        rows.append((said, [actions(f"duties/assignment/{one.id}/{one.revision}", hand_on, end)] if may_assign else []))
    return rows
