"""Contributions to MIDs and PUs: the form „Dodaj do MID/PU”, what is said of a contribution, and what a document holds.

Whether the reader may read the words of a contribution is asked before (``programme.circles``); ``reads`` tells it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pim_bot.blocks import ids, inputs
from pim_bot.blocks.elements import (
    Block,
    Message,
    actions,
    button,
    confirmation,
    context,
    cut,
    escape,
    fields,
    header,
    in_quotes,
    link,
    modal,
    option,
    plain,
    section,
)
from pim_bot.blocks.inputs import Typed
from pim_bot.i18n import Words
from pim_bot.programme.contribution import Circle, Consent, Contribution, ContributionStatus, ContributionType
from pim_bot.programme.contribution_card import ContributionCard, DocumentName
from pim_bot.programme.document import DocumentKind
from pim_bot.programme.document_view import DocumentView
from pim_bot.programme.edition import City, DocumentPart

LONGEST_QUOTE = 300
LONGEST_LISTED = 140
MOST_WAITING = 30
MOST_PARTS = 20
MOST_IN_PART = 5
LONGEST_VALUE = 1990
ACCEPT, RETURN = "accept", "return"


def document_word(words: Words, name: DocumentName) -> str:
    """Name a document."""
    if name.document.kind is DocumentKind.MID:
        return words.text("MID: {city} ({network})", city=name.city, network=name.network)
    return words.text("PU: {network}", network=name.network)


def type_word(words: Words, kind: ContributionType) -> str:
    """Name what a contribution is."""
    return {
        ContributionType.IDEA: words.text("pomysł"),
        ContributionType.AGREEMENT: words.text("ustalenie"),
        ContributionType.DATA: words.text("dane"),
        ContributionType.PRACTICE: words.text("dobra praktyka"),
        ContributionType.PROBLEM: words.text("trudność"),
        ContributionType.RECOMMENDATION: words.text("rekomendacja"),
        ContributionType.COMMENT: words.text("uwaga"),
    }[kind]


def status_word(words: Words, card: ContributionCard) -> str:
    """Say where a contribution stands, who decided and when."""
    one = card.contribution
    if one.consent is Consent.ASKED and one.status is ContributionStatus.PROPOSED:
        return words.text("Czeka na zgodę osoby, która to napisała.")
    if one.consent is Consent.REFUSED:
        return words.text("Bez zgody osoby, która to napisała. Treść została usunięta.")
    if one.status is ContributionStatus.WITHDRAWN:
        return words.text("Wycofane. Treść została usunięta.")
    if one.status is ContributionStatus.PROPOSED:
        return words.text("Czeka na decyzję.")
    day = one.decided_at.date() if one.decided_at else ""
    who = {"who": card.decided_by or words.text("osoba, której dane usunięto"), "day": day}
    if one.status is ContributionStatus.ACCEPTED:
        return words.text("Przyjęte: {who}, {day}.", **who)
    return words.text("Zwrócone: {who}, {day}. Powód: {reason}", reason=one.reason, **who)


def readers_word(words: Words, circle: Circle, name: DocumentName) -> str:
    """Say who will be able to read a contribution."""
    if circle is Circle.CITY:
        return words.text(
            "Kto to przeczyta: zespół ({city}) oraz ekspertki i eksperci Banku Światowego. "
            "Koordynacja zobaczy tylko, że wkład jest i w której części.",
            city=name.city,
        )
    if circle is Circle.NETWORK:
        return words.text(
            "Kto to przeczyta: wszystkie osoby sieci {network} (miasta, Bank Światowy, ministerstwa) oraz koordynacja.",
            network=name.network,
        )
    return words.text("Kto to przeczyta: wszystkie osoby programu.")


def document_form(words: Words, documents: Sequence[DocumentName], typed: Typed, metadata: str, *, text: str) -> Block:
    """Make the first step: which document, and what kind of thing; ``text`` shows what is to be added."""
    options = [option(document_word(words, one), one.document.key) for one in documents]
    kinds = [option(type_word(words, kind), kind.value) for kind in ContributionType]
    blocks = [
        *([section(_quoted(cut(text, LONGEST_QUOTE)))] if text else []),
        inputs.select("document", words.text("Dokument"), options, typed),
        inputs.select("type", words.text("Rodzaj"), kinds, typed),
    ]
    title, submit, close = words.text("Dodaj do MID/PU"), words.text("Dalej"), words.text("Anuluj")
    return modal(ids.CONTRIBUTION_FORM, title, submit, close, blocks, metadata)


@dataclass(frozen=True, kw_only=True, slots=True)
class TextStep:
    """What the second step knows: the document, its parts, who reads what is added, and where it comes from."""

    document: DocumentName
    type: ContributionType
    parts: Sequence[DocumentPart]
    cities: Sequence[City]
    credited: Sequence[tuple[str, str]]
    circle: Circle
    is_own_document: bool
    asks_author: bool
    from_message: bool
    is_cut: bool = False
    file: str = ""


def text_form(words: Words, step: TextStep, typed: Typed, metadata: str) -> Block:
    """Make the second step: the part, the words, who is credited; it says who will read it before it is saved."""
    is_mid = step.document.document.kind is DocumentKind.MID
    parts = [option(part.name, part.slug) for part in step.parts]
    cut_hint = words.text("Wiadomość jest dłuższa, tu jest jej początek.") if step.is_cut else ""
    recommends = not is_mid and step.type is ContributionType.RECOMMENDATION
    blocks = [
        section(f"*{escape(document_word(words, step.document))}*, {type_word(words, step.type)}"),
        inputs.select("part", words.text("Część MID") if is_mid else words.text("Zakres zalecenia"), parts, typed),
        inputs.line("text", words.text("Treść"), typed, optional=False, lines=True, hint=cut_hint),
        *(_recommendation(words, typed) if recommends else []),
        inputs.people("credited", words.text("Osoby"), step.credited, hint=words.text("Komu dziękujemy za ten wkład.")),
        inputs.cities(
            "cities", words.text("Miasto"), step.cities, typed, hint=words.text("Miasta, od których to mamy.")
        ),
        context(*_before_saving(words, step)),
    ]
    title, submit, close = words.text("Dodaj do MID/PU"), words.text("Dodaj"), words.text("Wstecz")
    return modal(ids.CONTRIBUTION_TEXT_FORM, title, submit, close, blocks, metadata)


def _recommendation(words: Words, typed: Typed) -> list[Block]:
    hint = words.text("Na przykład resort, do którego kierujemy rekomendację.")
    return [
        inputs.line("addressee", words.text("Adresat"), typed, hint=hint),
        inputs.line("justification", words.text("Uzasadnienie"), typed, lines=True),
    ]


def _before_saving(words: Words, step: TextStep) -> list[str]:
    lines = [escape(readers_word(words, step.circle, step.document))]
    if step.asks_author:
        lines.append(
            words.text(
                "To wiadomość z rozmowy, której nie widzą wszyscy, więc najpierw zapytamy o zgodę osobę, "
                "która ją napisała. Do tego czasu wkład widzą tylko Państwo i ta osoba."
            )
        )
    elif step.is_own_document:
        lines.append(words.text("O tym dokumencie decydują Państwo, więc wkład będzie od razu przyjęty."))
    if step.file:
        lines.append(
            words.text(
                "Do wiadomości dołączony jest plik „{name}”. Zapiszemy link do niego, a nie sam plik: otworzy go ten, "
                "kto ma do niego dostęp w komunikatorze, i tylko tak długo, jak plik tam jest.",
                name=escape(step.file),
            )
        )
    if step.from_message:
        lines.append(
            words.text("O zmianie albo usunięciu tej wiadomości dowiemy się tylko tam, gdzie bot jest w kanale.")
        )
    return lines


def done_line(words: Words, card: ContributionCard, *, is_new: bool, reads: bool) -> str:
    """Say what was saved, or what is there already from the same message."""
    document = document_word(words, card.document)
    first = (
        words.text("Dodane do dokumentu {document}, część: {part}.", document=document, part=card.part)
        if is_new
        else words.text("Ta wiadomość jest już dodana do dokumentu {document}.", document=document)
        if reads
        else words.text("Ta wiadomość jest już dodana. Nie widzą jej wszyscy.")
    )
    return f"{first} {status_word(words, card)}" if reads else first


def proposed(words: Words, card: ContributionCard) -> Message:
    """Ask the document's owner for a decision; once decided, say the decision instead of the buttons."""
    one = card.contribution
    status = status_word(words, card)
    intro = words.text("Nowy wkład. {document}. Część: {part}.", document=_document(words, card), part=card.part)
    if one.is_open:
        status = words.text("Prosimy o decyzję: przyjąć albo zwrócić z powodem.")
    blocks = [header(words.text("Nowy wkład do MID/PU")), *_body(words, card)]
    if one.is_open:
        blocks.append(
            actions(
                f"contribution/{one.id}/{one.revision}",
                button(words.text("Przyjmij"), ids.ACCEPT_CONTRIBUTION, one.id, style="primary"),
                button(words.text("Zwróć z powodem"), ids.RETURN_CONTRIBUTION, one.id),
                button(words.text("Wszystkie czekające"), ids.SHOW_WAITING, "all"),
            )
        )
    else:
        blocks.append(context(escape(status)))
    return Message(f"{intro} {_short(words, one)} {status}".replace("  ", " "), tuple(blocks))


def thanks(words: Words, card: ContributionCard, *, reads: bool, is_own: bool) -> Message:
    """Thank for a contribution, and say where it stands; its author may withdraw it before it is accepted."""
    one = card.contribution
    intro = words.text("Dziękujemy za wkład. {document}.", document=_document(words, card))
    status = status_word(words, card)
    blocks = [section(f"*{escape(intro)}*"), *(_body(words, card) if reads else []), context(escape(status))]
    if is_own and one.status in (ContributionStatus.PROPOSED, ContributionStatus.RETURNED):
        blocks.append(actions(f"contribution/{one.id}/{one.revision}", _withdraw(words, one)))
    return Message(f"{intro} {status}", tuple(blocks))


def _withdraw(words: Words, one: Contribution) -> Block:
    ask = words.text("Treść zostanie usunięta i nie da się tego cofnąć.")
    sure = confirmation(words.text("Wycofać wkład?"), ask, words.text("Wycofaj"), words.text("Zostaw"))
    return button(words.text("Wycofaj"), ids.WITHDRAW_CONTRIBUTION, one.id, confirm=sure)


def decided(words: Words, card: ContributionCard, *, reads: bool) -> Message:
    """Say what became of a contribution to those who made it."""
    intro = words.text("Decyzja o wkładzie. {document}.", document=_document(words, card))
    status = status_word(words, card)
    quote = [section(_quoted(card.contribution.text))] if reads and card.contribution.text else []
    return Message(f"{intro} {status}", (section(f"*{escape(intro)}*\n{escape(status)}"), *quote))


def consent(words: Words, card: ContributionCard) -> Message:
    """Ask the author of a private message whether the others may read it; once answered, say the answer."""
    one = card.contribution
    ask = words.text(
        "{who}: prośba o zgodę na dodanie Państwa wiadomości. {document}, część: {part}.",
        who=card.logged_by,
        document=_document(words, card),
        part=card.part,
    )
    if one.consent is not Consent.ASKED or one.status is not ContributionStatus.PROPOSED:
        said = words.text("Zgoda: tak.") if one.consent is Consent.GIVEN else status_word(words, card)
        return Message(f"{ask} {said}", (section(escape(ask)), context(escape(said))))
    readers = readers_word(words, one.circle, card.document)
    todo = words.text("Bez Państwa zgody nikt więcej tego nie przeczyta. Odmowa usuwa treść.")
    buttons = actions(
        f"contribution/{one.id}/{one.revision}",
        button(words.text("Zgadzam się"), ids.AGREE_TO_CONTRIBUTION, one.id, style="primary"),
        button(words.text("Nie"), ids.REFUSE_CONTRIBUTION, one.id),
    )
    blocks = (section(escape(ask)), section(_quoted(one.text)), context(escape(readers), todo), buttons)
    return Message(f"{ask} {_short(words, one)} {readers} {todo}", blocks)


def edit_offer(words: Words, card: ContributionCard) -> Message | None:
    """Offer to take over what the message says since it was edited."""
    one = card.contribution
    intro = words.text(
        "Wiadomość, z której pochodzi wkład, jest zmieniona. {document}.", document=_document(words, card)
    )
    if not one.newer_text:
        said = words.text("Wkład ma już aktualną treść.")
        return Message(f"{intro} {said}", (section(escape(intro)), context(said)))
    ask = words.text("Czy przejąć nową treść? Decyzja o niej zapadnie na nowo.")
    take = button(words.text("Przejmij nową treść"), ids.TAKE_OVER_EDIT, one.id, style="primary")
    blocks = (
        section(escape(intro)),
        section(_quoted(one.newer_text)),
        context(ask),
        actions(f"contribution/{one.id}/{one.revision}", take),
    )
    return Message(f"{intro} {in_quotes(words, cut(one.newer_text, LONGEST_QUOTE))} {ask}", blocks)


def offer(words: Words, facts: Mapping[str, Any], text: str, *, is_known: bool) -> Message:
    """Answer a reaction: the button under it opens the form with these words; ``facts`` tell where they come from."""
    if is_known:
        said = words.text("Wiadomość oznaczona reakcją jest już dodana do MID albo PU.")
        return Message(said, (section(said),))
    if "text" not in facts:
        said = words.text(
            "Nie udało się przeczytać wiadomości oznaczonej reakcją. Prosimy użyć na niej skrótu „Dodaj do MID/PU”."
        )
        return Message(said, (section(escape(said)),))
    ask = words.text("Czy dodać tę wiadomość do MID albo PU? Nic nie jest jeszcze zapisane.")
    value = cut_to_fit({"source": facts["source"], "text": text, "files": facts["files"][:1]}, LONGEST_VALUE)
    add = button(words.text("Dodaj do MID/PU"), ids.CONTRIBUTE_OFFERED, value, style="primary")
    shown = cut(text, LONGEST_QUOTE)
    blocks = (section(escape(ask)), *([section(_quoted(shown))] if text else []), actions("contribution/offer", add))
    return Message(f"{ask} {in_quotes(words, shown)}", blocks)


def cut_to_fit(facts: Mapping[str, Any], most: int) -> str:
    """Write facts as JSON of at most so many signs; their ``text`` is cut if need be, which ``is_cut`` tells."""
    kept = dict(facts)
    while len(written := json.dumps(kept, ensure_ascii=False)) > most and kept["text"]:
        over = max(1, len(written) - most)
        kept |= {"text": kept["text"][: max(0, len(kept["text"]) - over)], "is_cut": True}
    return written


def return_form(words: Words, card: ContributionCard, typed: Typed) -> Block:
    """Make the form in which a contribution is given back."""
    hint = words.text("Przeczyta go osoba, od której jest wkład, i osoby wymienione w podziękowaniu.")
    blocks = [
        section(f"*{escape(_document(words, card))}*"),
        section(_quoted(card.contribution.text)),
        inputs.line("reason", words.text("Powód"), typed, optional=False, lines=True, hint=hint),
    ]
    title, submit, close = words.text("Zwróć wkład"), words.text("Zwróć"), words.text("Anuluj")
    return modal(ids.RETURN_FORM, title, submit, close, blocks, card.contribution.id)


def waiting_form(words: Words, cards: Sequence[ContributionCard]) -> Block:
    """Make the form in which several contributions are decided at once."""
    choices = [option(words.text("Przyjąć"), ACCEPT), option(words.text("Zwrócić z powodem"), RETURN)]
    blocks: list[Block] = []
    shown = cards[:MOST_WAITING]
    for first in range(0, len(shown), inputs.MOST_BOXES):
        ten = [
            option(f"{document_word(words, one.document)}, {one.part}", one.contribution.id, one.contribution.text)
            for one in shown[first : first + inputs.MOST_BOXES]
        ]
        label = words.text("Wkład do decyzji: od {first} do {last}", first=first + 1, last=first + len(ten))
        blocks.append(inputs.boxes(f"chosen{first // inputs.MOST_BOXES or ''}", label, ten))
    if len(cards) > MOST_WAITING:
        blocks.append(context(words.text("Następne pokażą się po tej decyzji.")))
    blocks.append(inputs.choice("decision", words.text("Decyzja"), choices, {"decision": ACCEPT}))
    blocks.append(
        inputs.line("reason", words.text("Powód"), {}, lines=True, hint=words.text("Potrzebny, gdy coś wraca."))
    )
    title, submit, close = words.text("Wkład do decyzji"), words.text("Zapisz"), words.text("Anuluj")
    return modal(ids.WAITING_FORM, title, submit, close, blocks, "")


def document(words: Words, found: DocumentView) -> Message:
    """Say what was contributed to each part of a document, and where it stands."""
    title = document_word(words, found.name)
    lines = [title]
    blocks: list[Block] = [header(title)]
    for part in found.parts[:MOST_PARTS]:
        cards, known = found.read.get(part.slug, ()), found.known.get(part.slug, 0)
        total = len(cards) + known
        counted = words.plural("{n} wkład", "{n} wkładów", total) if total else words.text("jeszcze pusto")
        lines.append(f"{part.name}: {counted}")
        said = [f"*{escape(part.name)}*: {counted}", *(_listed(words, card) for card in cards[-MOST_IN_PART:])]
        if known:
            said.append(words.text("Treść widzi zespół miasta oraz ekspertki i eksperci Banku Światowego."))
        blocks.append(section("\n".join(said)))
    buttons = (
        [button(words.text("Dodaj do MID/PU"), ids.CONTRIBUTE, found.name.document.key)] if found.contributes else []
    )
    if found.waiting:
        label = words.text("Do decyzji: {n}", n=found.waiting)
        buttons.append(button(label, ids.SHOW_WAITING, "all", style="primary"))
        lines.append(label)
    blocks += [actions("document", *buttons)] if buttons else []
    return Message("\n".join(lines), tuple(blocks))


def _listed(words: Words, card: ContributionCard) -> str:
    one = card.contribution
    gone = f" {words.text('Wiadomość źródłowa jest usunięta.')}" if one.source_gone_at else ""
    text = one.text and in_quotes(words, escape(cut(" ".join(one.text.split()), LONGEST_LISTED))) + " "
    return f"• {text}_{escape(status_word(words, card))}{gone}_"


def _document(words: Words, card: ContributionCard) -> str:
    return document_word(words, card.document)


def _short(words: Words, one: Contribution) -> str:
    return in_quotes(words, cut(" ".join(one.text.split()), LONGEST_QUOTE)) if one.text else ""


def _quoted(text: str) -> str:
    return "\n".join(f">{escape(line)}" for line in text.splitlines() or [""])


def _body(words: Words, card: ContributionCard) -> list[Block]:
    one = card.contribution
    pairs = [
        (words.text("Dokument"), _document(words, card)),
        (words.text("Część"), card.part),
        (words.text("Rodzaj"), type_word(words, one.type)),
        (words.text("Od"), card.author or card.logged_by),
        (words.text("Adresat"), one.addressee),
        (words.text("Osoby"), ", ".join(card.people)),
        (words.text("Miasta"), ", ".join(card.cities)),
    ]
    blocks: list[Block] = [fields(pairs)]
    blocks += [section(_quoted(one.text))] if one.text else []
    blocks += [section(f"*{words.text('Uzasadnienie')}*\n{escape(one.justification)}")] if one.justification else []
    details = []
    if one.source_gone_at:
        details.append(words.text("Wiadomość źródłowa jest usunięta."))
    elif address := link(one.source_link):
        details.append(words.text("Źródło: {link}", link=address))
    return [*blocks, *([context(*details)] if details else [])]


def suggested_people(found: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Answer a field that asks for people while somebody types."""
    return {"options": [{"text": plain(name, 75), "value": value} for name, value in found[: inputs.MOST_OPTIONS]]}
