"""The Home tab as blocks: what waits first, what comes, where the person belongs, and what else they can do."""

from datetime import datetime

from pim_bot.blocks import ids
from pim_bot.blocks.activities import answer_word
from pim_bot.blocks.elements import Block, Message, actions, button, context, divider, escape, header, section
from pim_bot.blocks.lists import item, shortcuts, waiting_lines
from pim_bot.i18n import Words
from pim_bot.notifications.home import Home
from pim_bot.programme.activity import Attendance

MOST_NETWORKS, MOST_ASSIGNMENTS = 5, 10


def home(words: Words, shown: Home, *, now: datetime) -> Message:
    """Make the Home tab of a member; ``text`` is what it comes to, for those who read the ledger."""
    lines, blocks = waiting_lines(words, shown.waiting)
    blocks[0:1] = [header(lines[0])]
    if shown.is_empty:
        blocks.append(section(words.text("Tu pojawią się zaproszenia, prośby i terminy.")))
    for part in (_coming(words, shown), _networks(words, shown), _assignments(words, shown)):
        blocks += [divider(), *part] if part else []
    blocks += [divider(), actions("home", *shortcuts(words, plans=shown.plans, assigns=shown.assigns))]
    blocks.append(context(words.text("Stan na {when}.", when=words.moment(now, shown.member.zone))))
    return Message("\n".join(lines), tuple(blocks))


def _coming(words: Words, shown: Home) -> list[Block]:
    if not shown.waiting.coming:
        return []
    blocks: list[Block] = [section(f"*{words.text('Najbliższe wydarzenia')}*")]
    for card, attendance in shown.waiting.coming:
        change = button(words.text("Odpowiedź"), ids.ANSWER, card.activity.id)
        blocks.append(section(f"{item(words, card)}\n{_answer(words, attendance)}", accessory=change))
    return blocks


def _answer(words: Words, attendance: Attendance) -> str:
    if attendance.answer is None:
        return words.text("Odpowiedzi jeszcze nie ma.")
    return words.text("Odpowiedź: {answer}.", answer=answer_word(words, attendance.answer))


def _networks(words: Words, shown: Home) -> list[Block]:
    lines = []
    for network, guardians in shown.networks[:MOST_NETWORKS]:
        name = (network.name_en or network.name) if words.language == "en" else network.name
        care = words.text("opieka: {names}", names=", ".join(guardians)) if guardians else words.text("bez opieki")
        lines.append(f"• {escape(name)} – {escape(care)}")
    return [section("\n".join([f"*{words.text('Państwa sieci')}*", *lines]))] if lines else []


def _assignments(words: Words, shown: Home) -> list[Block]:
    lines = [
        "• "
        + escape(
            words.text(
                "{place}: od {since} do {until}, budżet dni: {days}",
                place=place,
                since=one.since,
                until=one.until,
                days=one.days,
            )
        )
        for one, place in shown.assignments[:MOST_ASSIGNMENTS]
    ]
    return [section("\n".join([f"*{words.text('Państwa przypisania')}*", *lines]))] if lines else []
