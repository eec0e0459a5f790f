"""Bulletins: the form and its preview, what each person is sent, and who has read it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from pim_bot.blocks import ids, inputs
from pim_bot.blocks.elements import (
    Block,
    Message,
    actions,
    button,
    context,
    cut,
    divider,
    escape,
    header,
    link,
    modal,
    option,
    section,
)
from pim_bot.blocks.inputs import Typed
from pim_bot.i18n import Words
from pim_bot.programme.bulletin import Audience, Bulletin, BulletinDraft
from pim_bot.programme.bulletins import LONGEST_LINK, LONGEST_TEXT, LONGEST_TITLE, Reader, Reading
from pim_bot.programme.edition import Network

ALL_NETWORKS = "all"
MOST_LISTED = 60
LONGEST_NAMES = 2500


def audience_word(words: Words, audience: Audience) -> str:
    """Name the side a bulletin is for."""
    return {
        Audience.EVERYBODY: words.text("wszyscy"),
        Audience.CITIES: words.text("zespoły miast"),
        Audience.WORLD_BANK: words.text("Bank Światowy"),
        Audience.MINISTRIES: words.text("ministerstwa"),
    }[audience]


def bulletin_form(words: Words, networks: Sequence[Network], typed: Typed, *, to_all: bool) -> Block:
    """Make the form; ``to_all`` offers all networks at once."""
    options = [option(one.name, one.slug) for one in networks]
    options = [*([option(words.text("Wszystkie sieci"), ALL_NETWORKS)] if to_all else []), *options]
    sides = [option(audience_word(words, one), one.value) for one in Audience]
    only = {"network": options[0]["value"]} if len(options) == 1 else {}
    filled = {"audience": Audience.EVERYBODY.value, **only, **typed}
    blocks = [
        inputs.select("network", words.text("Sieć"), options, filled),
        inputs.select("audience", words.text("Do kogo"), sides, filled),
        inputs.line("title", words.text("Tytuł"), filled, optional=False, most=LONGEST_TITLE),
        inputs.line("text", words.text("Treść"), filled, optional=False, lines=True, most=LONGEST_TEXT),
        inputs.line("link", words.text("Link"), filled, most=LONGEST_LINK),
    ]
    title, submit, close = words.text("Ogłoszenie"), words.text("Podgląd"), words.text("Anuluj")
    return modal(ids.BULLETIN_FORM, title, submit, close, blocks, "")


def preview(
    words: Words, draft: BulletinDraft, readers: Sequence[Reader], network: str, channels: int, metadata: str
) -> Block:
    """Show what goes out and to how many, before it goes."""
    counts = words.plural("{n} osoba", "{n} osób", len(readers))
    sides = [
        f"{audience_word(words, side)}: {sum(one.side is side for one in readers)}"
        for side in Audience
        if any(one.side is side for one in readers)
    ]
    told = words.text(
        "Dostanie je: {people} ({sides}). Sieć: {network}.", people=counts, sides=", ".join(sides), network=network
    )
    also = [words.text("Stanie też w kanale sieci.")] if channels else []
    blocks = [
        section(escape(" ".join([told, *also]))),
        context(words.text("Każda osoba dostanie je w swoich godzinach pracy. Wysłanego ogłoszenia nie można cofnąć.")),
        divider(),
        *_body(words, draft),
    ]
    title, submit, close = words.text("Podgląd ogłoszenia"), words.text("Wyślij"), words.text("Popraw")
    return modal(ids.BULLETIN_PREVIEW, title, submit, close, blocks, metadata)


def _body(words: Words, draft: BulletinDraft) -> list[Block]:
    address = link(draft.link)
    return [
        header(draft.title),
        section(escape(draft.text)),
        *([section(words.text("Link: {link}", link=address))] if address else []),
    ]


def bulletin(
    words: Words, one: Bulletin, *, sender: str, network: str, read_at: datetime | None, counts: tuple[int, int] | None
) -> Message:
    """Tell somebody a bulletin; ``counts`` (read, all) stand in a channel, where nobody's own answer can be shown."""
    who = words.text("Ogłoszenie. Od: {who}. Sieć: {network}.", who=sender, network=network)
    mark = button(words.text("Przeczytane"), ids.READ_BULLETIN, one.id)
    if read_at is not None:
        state = words.text("Przeczytane: {when}.", when=words.moment(read_at))
        last: list[Block] = [context(state)]
    else:
        state = words.text("Prosimy potwierdzić przyciskiem „Przeczytane”.")
        last = [actions(f"bulletin/{one.id}", mark)]
        if counts is not None:
            last.append(context(words.text("Przeczytane: {read} z {all}.", read=counts[0], all=counts[1])))
    text = " ".join(part for part in (f"{one.title}.", one.text, one.link, who, state) if part)
    return Message(text, (*_body(words, one), context(escape(who)), *last))


def sent(words: Words, one: Bulletin, *, read: int, total: int) -> Message:
    """Tell the sender how many have read it, with the way to who has not."""
    text = words.text(
        "Ogłoszenie „{title}” jest wysłane. Przeczytane: {read} z {total}.", title=one.title, read=read, total=total
    )
    show = button(words.text("Kto przeczytał"), ids.SHOW_READERS, one.id)
    return Message(text, (section(escape(text)), actions(f"bulletin/{one.id}/readers", show)))


def readers(words: Words, found: Reading, names: Mapping[str, str]) -> Message:
    """Say who has read a bulletin and who has not, by city and side."""
    total = len(found.read) + len(found.unread)
    title = words.text("Przeczytane: {read} z {total}", read=len(found.read), total=total)
    parts = [(words.text("Jeszcze nie:"), found.unread), (words.text("Przeczytane:"), found.read)]
    blocks: list[Block] = [section(f"*{escape(found.bulletin.title)}*\n{title}")]
    lines = [f"{found.bulletin.title}. {title}."]
    for heading, people in parts:
        if people:
            said = [heading, *_by_place(words, people, names)]
            lines += said
            blocks.append(section(cut("\n".join(escape(line) for line in said), LONGEST_NAMES)))
    return Message("\n".join(lines), tuple(blocks))


def _by_place(words: Words, people: Sequence[Reader], names: Mapping[str, str]) -> list[str]:
    places: dict[str, list[str]] = defaultdict(list)
    for one in people:
        places[names.get(one.city, one.city) or audience_word(words, one.side)].append(one.member.name)
    return [f"{place}: {', '.join(who)}" for place, who in places.items()][:MOST_LISTED]
