"""The form in which it is marked who came: people by ticks, as many steps as it takes."""

from collections.abc import Sequence

from pim_bot.blocks import ids
from pim_bot.blocks.activities import when_of
from pim_bot.blocks.elements import (
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    input_block,
    link,
    modal,
    option,
    section,
)
from pim_bot.blocks.inputs import LONGEST_INPUT
from pim_bot.i18n import Words
from pim_bot.programme.activity import Activity, Answer
from pim_bot.programme.participants import Participants
from pim_bot.programme.people import team_of
from pim_bot.programme.presence import Expected

CAME = "came"
TICKS, MOST_BOXES = 10, 5
STEP = TICKS * MOST_BOXES
"""As many people as one step holds: five groups of ten, which is what Block Kit allows in one field."""


def presence_form(
    words: Words,
    activity: Activity,
    people: Sequence[Expected],
    city_names: dict[str, str],
    *,
    others: Sequence[str] | None,
    metadata: str,
    note: str = "",
) -> Block:
    """Make one step; whoever was expected is ticked at first. ``others`` are the names besides, in the last step."""
    people = people[:STEP]
    blocks: list[Block] = [section(f"*{escape(activity.title)}*\n{when_of(words, activity)}")]
    if note:
        blocks.append(section(escape(note)))
    if people:
        blocks.append(section(words.text("Prosimy odznaczyć osoby, które nie przyszły.")))
    for first in range(0, len(people), TICKS):
        group = people[first : first + TICKS]
        options = [option(_called(one, city_names), one.key) for one in group]
        chosen = [box for box, one in zip(options, group, strict=True) if one.came is not False]
        element: Block = {"type": "checkboxes", "action_id": ids.VALUE, "options": options}
        element |= {"initial_options": chosen} if chosen else {}
        label = words.text("Osoby {first}–{last}", first=first + 1, last=first + len(group))
        # A name of its own in every step: a field that has the name of an older one keeps what was ticked there.
        blocks.append(input_block(f"{CAME}/{group[0].key}", label, element, optional=True))
    if others is not None:
        line: Block = {
            "type": "plain_text_input",
            "action_id": ids.VALUE,
            "max_length": LONGEST_INPUT,
            "multiline": True,
        }
        line |= {"initial_value": "\n".join(others)[:LONGEST_INPUT]} if others else {}
        hint = words.text("Każda osoba w osobnej linii.")
        blocks.append(input_block("people", words.text("Osoby spoza listy"), line, optional=True, hint=hint))
        listed = button(words.text("Lista do Excela"), ids.EXPORT_ATTENDANCE, activity.id)
        blocks.append(actions("list", listed))
    submit = words.text("Zapisz") if others is not None else words.text("Zapisz i dalej")
    return modal(ids.PRESENCE_FORM, words.text("Obecność"), submit, words.text("Zamknij"), blocks, metadata)


def export_link(words: Words, listed: Participants, address: str) -> Message:
    """Say how many people the list has, and give the link to it, and the way without the web."""
    registered = sum(one.size for one in listed.attendances if one.answer is Answer.GOING)
    text = words.text("{title}: zgłoszonych osób: {registered}.", title=listed.activity.title, registered=registered)
    once = words.text("Link działa raz, przez kwadrans. Lista zawiera dane osobowe, więc prosimy go nie przekazywać.")
    command = f"pim-bot export obecnosc {listed.activity.id} --out obecnosc.xlsx"
    other = words.text("Bez strony, na serwerze: {command}", command=command)
    blocks = (section(escape(text)), section(f"{link(address)}\n{escape(once)}"), context(escape(other)))
    return Message(f"{text} {address} {once} {other}", blocks)


def _called(one: Expected, city_names: dict[str, str]) -> str:
    team = team_of(one.invitee)
    return f"{one.name} ({city_names.get(team[1], team[1])})" if team else one.name
