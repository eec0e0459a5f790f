"""What waits for a person, each thing with its buttons: the answer to ``/pim`` and the first part of Home."""

from collections.abc import Collection

from pim_bot.blocks import ids
from pim_bot.blocks.activities import one_line
from pim_bot.blocks.arranging import choice_buttons, offer_buttons, requested_line
from pim_bot.blocks.elements import Block, Message, actions, button, context, cut, divider, escape, section
from pim_bot.blocks.feedback import round_title, score_blocks
from pim_bot.blocks.lists import item, shortcuts
from pim_bot.blocks.sessions import log_buttons
from pim_bot.i18n import Words
from pim_bot.notifications.feedback import Asked
from pim_bot.notifications.waiting import Assigned, Waiting
from pim_bot.programme.activity import Activity
from pim_bot.programme.bulletin import Bulletin
from pim_bot.programme.card import ActivityCard
from pim_bot.programme.feedback import FeedbackRound
from pim_bot.programme.permissions import Action
from pim_bot.programme.session import RequestStatus, SessionRequest
from pim_bot.programme.topic import TopicRound

LONGEST_BULLETIN = 300
MOST_IN_MESSAGE, MOST_COMING = 3, 5
"""How much of each kind is shown at once in a message, which holds half as many blocks as Home."""

Said = tuple[str, list[Block]]
"""One thing in a line, and as blocks."""


def waiting(words: Words, waits: Waiting, rights: Collection[Action]) -> Message:
    """Say what waits for a person, first of all the answers they owe, then what comes next."""
    lines, blocks = waiting_lines(words, waits, most=MOST_IN_MESSAGE)
    if waits.coming:
        blocks += [divider(), section(f"*{words.text('Najbliższe wydarzenia')}*")]
        coming = [card for card, _ in waits.coming[:MOST_COMING]]
        blocks += [section(item(words, card)) for card in coming]
        lines += [one_line(words, card) for card in coming]
    blocks.append(actions("waiting", *shortcuts(words, rights)))
    return Message("\n".join(lines), tuple(blocks))


def waiting_lines(words: Words, waits: Waiting, *, most: int) -> tuple[list[str], list[Block]]:
    """Say how much waits for a person, ``most`` of each kind with its buttons; the first block is the count."""
    first = (
        words.plural("Czeka na Państwa {n} sprawa.", "Czeka na Państwa {n} spraw.", waits.total)
        if waits.total
        else words.text("Nic na Państwa nie czeka.")
    )
    kinds = (waits.owed, waits.requests, waits.to_log, waits.assignments, waits.to_read, waits.topics, waits.to_rate)
    shown: list[Said] = [
        *(_owed(words, card) for card in waits.owed[:most]),
        *(_request(words, request, city, waits.zone) for request, city in waits.requests[:most]),
        *(_to_log(words, card) for card in waits.to_log[:most]),
        *(_assignment(words, one) for one in waits.assignments[:most]),
        *([_undecided(words, waits.undecided)] if waits.undecided else []),
        *(_to_read(words, one) for one in waits.to_read[:most]),
        *(_topics(words, activity, its, waits.zone) for activity, its in waits.topics[:most]),
        *(_to_rate(words, asked, found) for asked, found in waits.to_rate[:most]),
    ]
    lines, blocks = [first], [section(f"*{first}*")]
    for line, its_blocks in shown:
        lines.append(line)
        blocks += its_blocks
    if hidden := sum(max(0, len(kind) - most) for kind in kinds):
        more = words.plural("… i jeszcze {n} sprawa", "… i jeszcze {n} spraw", hidden)
        lines.append(more)
        blocks.append(context(more))
    return lines, blocks


def _owed(words: Words, card: ActivityCard) -> Said:
    answer = button(words.text("Odpowiedz"), ids.ANSWER, card.activity.id, style="primary")
    until = card.activity.answer_by
    told = "\n" + words.text("Prosimy o odpowiedź do: {until}.", until=words.moment(until)) if until else ""
    return one_line(words, card), [section(item(words, card) + told, accessory=answer)]


def _request(words: Words, request: SessionRequest, city: str, zone: str) -> Said:
    said = requested_line(words, request, city)
    chooses = request.status is RequestStatus.OFFERED
    buttons = choice_buttons(words, request, zone) if chooses else offer_buttons(words, request)
    return said, [section(escape(said)), buttons]


def _to_log(words: Words, card: ActivityCard) -> Said:
    said = words.text("Doradztwo do zapisania: {session}", session=one_line(words, card))
    return said, [section(escape(said)), log_buttons(words, card.activity.id)]


def _assignment(words: Words, assigned: Assigned) -> Said:
    assignment, place = assigned
    said = words.text(
        "Prośba o wsparcie: {place}, od {since} do {until}, budżet dni: {days}.",
        place=place,
        since=assignment.since,
        until=assignment.until,
        days=assignment.days,
    )
    buttons = actions(
        f"assignment/{assignment.id}/{assignment.revision}",
        button(words.text("Przyjmuję"), ids.ACCEPT, assignment.id, style="primary"),
        button(words.text("Nie mogę przyjąć"), ids.DECLINE, assignment.id),
    )
    return said, [section(escape(said)), buttons]


def _undecided(words: Words, count: int) -> Said:
    said = words.text("Wkład do MID i PU, który czeka na Państwa decyzję: {n}", n=count)
    return said, [section(said, accessory=button(words.text("Zdecyduj"), ids.SHOW_WAITING, "all"))]


def _to_rate(words: Words, asked: Asked, found: FeedbackRound) -> Said:
    said = words.text("Prosimy o ocenę: {title}.", title=round_title(words, asked))
    return said, [section(escape(said)), *score_blocks(words, asked, found)]


def _to_read(words: Words, bulletin: Bulletin) -> Said:
    said = words.text("Ogłoszenie do przeczytania: {title}", title=bulletin.title)
    mark = button(words.text("Przeczytane"), ids.READ_BULLETIN, bulletin.id)
    return said, [section(f"*{escape(said)}*\n{escape(cut(bulletin.text, LONGEST_BULLETIN))}", accessory=mark)]


def _topics(words: Words, activity: Activity, its: TopicRound, zone: str) -> Said:
    said = words.text(
        "Tematy na: {title}. Prosimy o głos Państwa miasta do: {until}.",
        title=activity.title,
        until=words.moment(its.until, zone),
    )
    speak = button(words.text("Zgłoś lub poprzyj"), ids.BACK_TOPICS, activity.id)
    return said, [section(escape(said), accessory=speak)]
