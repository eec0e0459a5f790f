"""The summary for somebody who takes over in a network or a city."""

from pim_bot.blocks import ids
from pim_bot.blocks.activities import one_line
from pim_bot.blocks.elements import Block, Message, context, cut, escape, header, section
from pim_bot.blocks.privacy import role_word
from pim_bot.i18n import Words
from pim_bot.programme.contribution import ContributionStatus
from pim_bot.programme.handover import Agreement, Handover

LONGEST_AGREEMENT = 300


def handover(words: Words, found: Handover) -> Message:
    """Say what there is to know of the place, each part under its heading."""
    title = words.text("Na dobry początek: {place}", place=found.place)
    first = words.text("Dotychczas zajmuje się tym: {name}.", name=found.before) if found.before else ""
    parts = [
        (words.text("Dokumenty"), [_document(words, found, number) for number in range(len(found.documents))]),
        (words.text("Ostatnie ustalenia"), [_agreement(words, one) for one in found.agreements]),
        (words.text("Najbliższe terminy"), [one_line(words, card) for card in found.coming]),
        (words.text("Osoby"), [f"{name} ({role_word(words, role)})" for name, role in found.people]),
    ]
    blocks: list[Block] = [header(title), *([section(escape(first))] if first else [])]
    lines = [title, *([first] if first else [])]
    for name, said in parts:
        told = said or [words.text("Nic tu jeszcze nie ma.")]
        blocks.append(section(f"*{name}*\n" + "\n".join(f"• {escape(line)}" for line in told)))
        lines.append(f"{name}: {'; '.join(told)}")
    blocks.append(
        context(
            words.text(
                "Co na Państwa czeka, pokaże {command} albo pytanie: Co na mnie czeka?", command=f"`{ids.COMMAND}`"
            )
        )
    )
    return Message("\n".join(lines), tuple(blocks))


def _agreement(words: Words, agreed: Agreement) -> str:
    return f"{words.day(agreed.day, weekday=False)}: {cut(agreed.text, LONGEST_AGREEMENT)}"


def _document(words: Words, found: Handover, number: int) -> str:
    document, counts = found.documents[number]
    return words.text(
        "{kind}: przyjęte wpisy: {accepted}, czekające: {proposed}",
        kind=document.kind.value,
        accepted=counts.get(ContributionStatus.ACCEPTED, 0),
        proposed=counts.get(ContributionStatus.PROPOSED, 0),
    )
