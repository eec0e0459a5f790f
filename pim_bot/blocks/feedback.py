"""Feedback: the question, the form that is sent once, and what a round came to."""

from collections.abc import Mapping, Sequence

from pim_bot.blocks import ids, inputs
from pim_bot.blocks.elements import (
    Block,
    Message,
    actions,
    button,
    context,
    divider,
    ended,
    escape,
    in_quotes,
    modal,
    option,
    section,
)
from pim_bot.blocks.inputs import Typed
from pim_bot.i18n import Words
from pim_bot.notifications.feedback import Asked
from pim_bot.programme.feedback import (
    HALF,
    HIGHEST,
    LONGEST_COMMENT,
    LOWEST,
    OVERALL,
    VALUES,
    About,
    FeedbackAnswer,
    FeedbackResult,
    FeedbackRound,
)

MOST_SHOWN = 20
MOST_QUESTIONS = 10


def round_title(words: Words, asked: Asked) -> str:
    """Say what a round is about."""
    if asked.activity is not None:
        return asked.activity.title
    if asked.about is About.ADVICE:
        year, number = asked.period.split("-Q")
        return words.text(
            "Doradztwo indywidualne, sieć {network}, {number} kwartał {year}",
            network=asked.network,
            number=("I", "II", "III", "IV")[int(number) - 1],
            year=year,
        )
    if asked.period == HALF:
        return words.text("Co daje Państwu udział w programie: połowa edycji")
    return words.text("Co daje Państwu udział w programie: koniec edycji")


def value_word(words: Words, question: str) -> str:
    """Say a question: one of the five values that participants of the pilot named, or the score of the whole."""
    return {
        "staff": words.text("Rozwój pracowników"),
        "problems": words.text("Aktualne problemy"),
        "practices": words.text("Dobre praktyki"),
        "support": words.text("Harmonogram i wsparcie eksperckie"),
        "contacts": words.text("Nowe kontakty"),
        OVERALL: words.text("Ocena"),
    }[question]


def feedback_question(words: Words, asked: Asked, found: FeedbackRound, *, state: str, nudge: bool = False) -> Message:
    """Ask how it was; ``state`` is asked, answered or closed. The mode and the end are said before the first tap."""
    title = round_title(words, asked)
    if state == "answered":
        thanks = words.text("Dziękujemy. Państwa opinia jest zapisana, bez nazwiska i godziny.")
        if found.named:
            thanks = words.text("Dziękujemy. Państwa opinia jest zapisana.")
        return _said(title, thanks)
    if state == "closed":
        over = words.text("Zbieranie opinii już się zakończyło.")
        return _said(title, f"{over} {_outcome(words, asked, found.result)}".strip())
    first = words.text("Przypominamy o prośbie o opinię. Więcej przypomnień nie będzie.") + " " if nudge else ""
    ask = _request(words, asked)
    until = words.text("Czekamy do: {until}.", until=words.moment(found.closes_at))
    mode = mode_line(words, named=found.named)
    blocks = (
        section(f"{first}*{escape(title)}*\n{ask} {until}"),
        *score_blocks(words, asked, found),
    )
    return Message(f"{first}{ended(title)} {ask} {until} {mode}", blocks)


def score_blocks(words: Words, asked: Asked, found: FeedbackRound) -> list[Block]:
    """Make the buttons that lead to the form, with the mode and the promise that are said before."""
    said = f"{mode_line(words, named=found.named)} {promise(words, named=found.named)}"
    return [context(said), actions(f"feedback/{asked.subject}", *_buttons(words, asked))]


def _said(title: str, said: str) -> Message:
    return Message(f"{ended(title)} {said}", (section(f"*{escape(title)}*\n{said}"),))


def _request(words: Words, asked: Asked) -> str:
    if asked.about is About.VALUES:
        return words.text("Prosimy ocenić pięć wartości w jednym krótkim formularzu. Wystarczy minuta.")
    if asked.about is About.ADVICE:
        return words.text(
            "Jak Państwo oceniają sesje doradztwa z tego kwartału razem? 1 to najniższa, a 5 najwyższa ocena."
        )
    return words.text("Jak Państwo oceniają to spotkanie? 1 to najniższa, a 5 najwyższa ocena.")


def _buttons(words: Words, asked: Asked) -> list[Block]:
    if asked.about is About.VALUES:
        return [button(words.text("Oceń pięć wartości"), ids.OPEN_FEEDBACK, asked.subject, style="primary")]
    return [button(str(score), f"{ids.SCORE}/{score}", asked.subject) for score in range(LOWEST, HIGHEST + 1)]


def mode_line(words: Words, *, named: bool) -> str:
    """Say whether an answer bears a name."""
    if named:
        return words.text(
            "Ta ankieta jest imienna: odpowiedzi z nazwiskami przeczytają osoby koordynujące program "
            "i opiekujące się siecią."
        )
    return words.text("Odpowiedź jest anonimowa: zapisujemy ją bez nazwiska i godziny.")


def promise(words: Words, *, named: bool) -> str:
    """Say what becomes of an answer, before it is sent."""
    once = words.text("Przycisk otwiera formularz. Odpowiedź wysyła się raz i nie można jej potem zmienić.")
    if named:
        return once
    shown = words.text(
        "Wynik pokażemy od pięciu odpowiedzi. Komentarze przeczytają wtedy osoby koordynujące program "
        "i opiekujące się siecią, bez nazwisk."
    )
    return f"{once} {shown}"


def feedback_form(words: Words, asked: Asked, found: FeedbackRound, typed: Typed) -> Block:
    """Make the form: one score and a line, or a score for each of the five values."""
    mode, kept = mode_line(words, named=found.named), promise(words, named=found.named)
    blocks: list[Block] = [section(f"*{escape(round_title(words, asked))}*\n{mode}"), context(kept)]
    scores = [option(_score_word(words, score), str(score)) for score in range(LOWEST, HIGHEST + 1)]
    if asked.about is About.VALUES:
        blocks += [inputs.select(value, value_word(words, value), scores, typed) for value in VALUES]
    else:
        blocks.append(inputs.choice(OVERALL, value_word(words, OVERALL), scores, typed))
        hint = words.text("Jedna linia, jeśli mają Państwo ochotę. Prosimy nie podawać nazwisk.")
        blocks.append(inputs.line("comment", words.text("Komentarz"), typed, hint=hint, most=LONGEST_COMMENT))
    return modal(
        ids.FEEDBACK_FORM, words.text("Opinia"), words.text("Wyślij"), words.text("Anuluj"), blocks, asked.subject
    )


def _score_word(words: Words, score: int) -> str:
    if score == LOWEST:
        return words.text("1 (najniższa)")
    return words.text("5 (najwyższa)") if score == HIGHEST else str(score)


def feedback_result(
    words: Words,
    asked: Asked,
    result: FeedbackResult,
    answers: Sequence[FeedbackAnswer] = (),
    names: Mapping[str, str] | None = None,
) -> Message:
    """Tell what the round came to. ``answers`` are for those who run the programme: lines, in the named mode names."""
    title = words.text("Opinie: {title}", title=round_title(words, asked))
    text = f"{ended(title)} {_outcome(words, asked, result)}"
    blocks = [section(escape(text))]
    lines = [line for answer in answers if (line := _line(words, answer, names or {}))]
    blocks += [section(escape(line)) for line in lines[:MOST_SHOWN]]
    if len(lines) > MOST_SHOWN:
        blocks.append(context(words.text("I jeszcze: {count}.", count=len(lines) - MOST_SHOWN)))
    return Message(" ".join([text, *lines]), tuple(blocks))


def _outcome(words: Words, asked: Asked, result: FeedbackResult | None) -> str:
    if result is None:
        return ""
    if not result.enough:
        return words.text("Za mało odpowiedzi, by pokazać wynik.")
    if asked.about is not About.VALUES:
        return words.text("Średnia ocen: {mean}, odpowiedzi: {count}.", mean=result.means[0], count=result.answers)
    said = [
        words.text("{what}: {mean}", what=value_word(words, value), mean=mean)
        for value, mean in zip(VALUES, result.means, strict=True)
    ]
    means = ", ".join(said)
    return words.text("Średnie ocen: {means}; odpowiedzi: {count}.", means=means, count=result.answers)


def _line(words: Words, answer: FeedbackAnswer, names: Mapping[str, str]) -> str:
    said = in_quotes(words, answer.comment) if answer.comment else ""
    if not answer.member_id:
        return said
    who = names.get(answer.member_id, words.text("osoba spoza listy"))
    scores = ", ".join(str(score) for score in answer.scores)
    return f"{who}: {scores}. {said}".strip()


def waiting_feedback(words: Words, questions: Sequence[Message]) -> Message:
    """Show the rounds that wait for a person's answer, one below the other."""
    if not questions:
        none = words.text("Żadna ankieta nie czeka teraz na Państwa odpowiedź.")
        return Message(none, (section(none),))
    blocks: list[Block] = []
    for question in questions[:MOST_QUESTIONS]:
        blocks += [*([divider()] if blocks else []), *question.blocks]
    if len(questions) > MOST_QUESTIONS:
        blocks.append(context(words.text("I jeszcze: {count}.", count=len(questions) - MOST_QUESTIONS)))
    return Message(" ".join(ended(question.text) for question in questions), tuple(blocks))
