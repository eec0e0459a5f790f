"""Materials of activities: where they are, and the form in which one is added."""

from collections.abc import Sequence

from pim_bot.blocks import ids, inputs
from pim_bot.blocks.activities import when_of
from pim_bot.blocks.elements import (
    Block,
    Message,
    button,
    confirmation,
    context,
    escape,
    header,
    link,
    modal,
    option,
    section,
)
from pim_bot.blocks.inputs import Typed
from pim_bot.i18n import Words
from pim_bot.programme.activity import Activity
from pim_bot.programme.material import Material
from pim_bot.programme.materials import LONGEST_LINK, LONGEST_TITLE, Found

MOST_LISTED = 20


def material_line(material: Material) -> str:
    """Say a material and where it leads, as mrkdwn."""
    return f"• {escape(material.title)} {link(material.link)}"


def materials(words: Words, found: Sequence[Found], *, typed: str) -> Message:
    """Answer ``/pim materiały``."""
    if not found:
        nothing = (
            words.text("Nie ma materiałów, które pasują do słów „{typed}”.", typed=typed[:60])
            if typed
            else words.text("Nie ma jeszcze żadnych materiałów.")
        )
        how = words.text(
            "Dodaje się je przyciskiem „Dodaj materiał” w ogłoszeniu wydarzenia albo skrótem na wiadomości."
        )
        return Message(f"{nothing} {how}", (section(escape(f"{nothing} {how}")),))
    title = words.text("Materiały")
    blocks: list[Block] = [header(title)]
    lines = [title]
    left = MOST_LISTED
    for one in found:
        if not left:
            break
        said = f"{one.activity.title}, {when_of(words, one.activity)}"
        lines.append(said)
        blocks.append(section(f"*{escape(said)}*"))
        for material in one.materials[:left]:
            lines.append(f"• {material.title}: {material.link}")
            remove = _remove(words, material) if material.id in one.own else None
            blocks.append(section(material_line(material), accessory=remove))
        left -= len(one.materials[:left])
    total = sum(len(one.materials) for one in found)
    if total > MOST_LISTED:
        more = words.text("Materiałów jest więcej: {total}. Prosimy dopisać miasto albo słowo z tytułu.", total=total)
        blocks.append(context(more))
        lines.append(more)
    return Message("\n".join(lines), tuple(blocks))


def _remove(words: Words, material: Material) -> Block:
    ask = confirmation(
        words.text("Usunąć materiał?"),
        words.text("Link zniknie z listy i z ogłoszenia. Sam plik zostaje tam, gdzie jest."),
        words.text("Usuń"),
        words.text("Zostaw"),
    )
    return button(words.text("Usuń"), ids.REMOVE_MATERIAL, material.id, style="danger", confirm=ask)


def material_form(words: Words, activities: Sequence[Activity], typed: Typed, *, from_message: bool = False) -> Block:
    """Make the form; with several activities it asks to which one the material belongs."""
    keeps = words.text(
        "Zapisujemy tytuł i link, a nie sam plik: otworzy go ten, kto ma do niego dostęp tam, gdzie plik leży. "
        "Gdy plik zniknie stamtąd, link przestanie działać."
    )
    message = words.text("Link prowadzi do pliku albo do wiadomości w komunikatorze.")
    options = [option(f"{one.title}, {words.day(one.first_day, weekday=False)}", one.id) for one in activities]
    alone = activities[0] if len(activities) == 1 else None
    blocks = [
        *([section(f"*{escape(alone.title)}*\n{escape(when_of(words, alone))}")] if alone else []),
        *([] if alone else [inputs.select("activity", words.text("Wydarzenie"), options, typed)]),
        inputs.line("title", words.text("Tytuł"), typed, optional=False, most=LONGEST_TITLE),
        inputs.line("link", words.text("Link"), typed, optional=False, most=LONGEST_LINK),
        context(f"{message} {keeps}" if from_message else keeps),
    ]
    title, submit, close = words.text("Dodaj materiał"), words.text("Dodaj"), words.text("Anuluj")
    return modal(ids.MATERIAL_FORM, title, submit, close, blocks, alone.id if alone else "")
