"""Who has not answered yet: cities first, then people, with the button that reminds exactly those."""

from collections.abc import Sequence

from pim_bot.blocks import ids
from pim_bot.blocks.activities import when_of
from pim_bot.blocks.elements import Block, Message, actions, button, context, escape, section
from pim_bot.i18n import Words
from pim_bot.notifications.chasing import Owing
from pim_bot.programme.activity import Activity
from pim_bot.programme.card import ActivityCard
from pim_bot.programme.names import folded

MOST_NAMED, MOST_LISTED = 60, 12


def who_owes(words: Words, found: Sequence[tuple[ActivityCard, Owing]]) -> Message:
    """Say of each activity which teams and which people owe an answer."""
    if not found:
        text = words.text("Nie ma nadchodzącego wydarzenia, na którego odpowiedzi Państwo czekają.")
        return Message(text, (section(text),))
    lines: list[str] = []
    blocks: list[Block] = []
    for card, owing in found[:MOST_LISTED]:
        activity = card.activity
        title = f"{activity.title}, {when_of(words, activity)}"
        said = _said(words, card, owing)
        lines.append(f"{title}. {' '.join(said)}")
        blocks.append(section("\n".join([f"*{escape(title)}*", *map(escape, said)])))
        listed = button(words.text("Lista do Excela"), ids.EXPORT_ATTENDANCE, activity.id)
        remind = button(words.text("Przypomnij tym osobom"), ids.CHASE_ANSWERS, activity.id, style="primary")
        row = [remind, listed] if owing.reminded else [listed]
        blocks.append(actions(f"owing/{activity.id}/{activity.revision}", *row))
        if owing.reminded:
            blocks.append(context(words.text("Najwyżej raz dziennie, w godzinach pracy każdej osoby.")))
    return Message("\n".join(lines), tuple(blocks))


def _said(words: Words, card: ActivityCard, owing: Owing) -> list[str]:
    cities = sorted((card.city_names.get(city, city) for city, _ in owing.teams), key=folded)
    nobody = sorted((card.city_names.get(city, city) for city, members in owing.teams if not members), key=folded)
    parts = [
        (words.text("Miasta bez odpowiedzi"), cities),
        (words.text("Zespoły bez osób w programie"), nobody),
        (words.text("Osoby bez odpowiedzi"), [one.name for one in owing.people]),
    ]
    said = [f"{label} ({len(names)}): {_named(names)}." for label, names in parts if names]
    return said or [words.text("Wszystkie odpowiedzi już są.")]


def _named(names: Sequence[str]) -> str:
    more = ", …" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def chased(words: Words, activity: Activity, owing: Owing) -> str:
    """Say who is being reminded."""
    count = words.plural("{n} osoba", "{n} osób", len(owing.reminded))
    return words.text("Przypomnienie o odpowiedzi jest w drodze ({count}): {title}.", count=count, title=activity.title)
