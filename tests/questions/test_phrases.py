"""The phrases of the programme's people, and what strangers to the grammar wrote for them."""

from datetime import date
from pathlib import Path

import pytest

from pim_bot.blocks.answers import example
from pim_bot.i18n import LANGUAGES, Words
from pim_bot.programme.questions.grammar import BEYOND, FORMS, IDEAS, NEUTRAL, RULES
from pim_bot.programme.questions.question import Meaning, Question, question_of
from pim_bot.programme.questions.understanding import Unclear, understand
from tests.questions.programme import listed, vocabulary

TODAY = date(2022, 1, 10)
DOCUMENT = Path(__file__).parents[2] / "docs" / "questions.md"


def meant(text: str) -> str:
    """What a text is understood as; "" for nothing."""
    understood = understand(text, vocabulary(), today=TODAY)
    return understood.meaning.value if isinstance(understood, Question) else ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_of_the_programme_is_understood(language: str) -> None:
    phrases = listed("phrases.yaml")
    assert {one["id"] for one in phrases if one["id"][0] != "x"} == {
        f"{role}{number}"
        for role, count in (("m", 18), ("e", 7), ("o", 7), ("r", 5), ("k", 8))
        for number in range(1, count + 1)
    }
    assert {one["id"]: meant(one[language]) for one in phrases} == {one["id"]: one["means"] for one in phrases}


@pytest.mark.parametrize(("file", "understood"), [("paraphrases.yaml", 219), ("paraphrases_second.yaml", 208)])
def test_paraphrases_of_strangers_are_understood_and_none_is_taken_for_something_else(
    file: str, understood: int
) -> None:
    """Before the grammar was made better with its help, of each set only this was understood, or taken for another.

    First set: 72.0 % right, 6.7 % wrong; second: 84.0 % right, 3.6 % wrong. These figures are nearer to what a new
    sentence meets than those below.
    """
    means = {one["id"]: one["means"] for one in listed("phrases.yaml")}
    paraphrases = listed(file)
    found = [(means[one["id"]], meant(one["text"]), one["text"]) for one in paraphrases]
    assert len(found) == 225
    assert [(meaning, text) for wanted, meaning, text in found if meaning not in (wanted, "")] == []
    assert sum(wanted == meaning for wanted, meaning, _ in found) == understood


def test_what_nobody_has_learnt_from_is_mostly_understood() -> None:
    """The honest figure: 85.1 % right and 2.3 % (four sentences) taken for something else, none of it learnt from.

    Whoever makes the grammar better with the help of these sentences needs new ones from somebody else.
    """
    means = {one["id"]: one["means"] for one in listed("phrases.yaml")}
    found = [(means[one["id"]], meant(one["text"]), one["text"]) for one in listed("paraphrases_third.yaml")]
    assert (len(found), sum(wanted == meaning for wanted, meaning, _ in found)) == (175, 149)
    assert {(wanted, meaning) for wanted, meaning, _ in found if meaning not in (wanted, "")} == {
        ("said", "news"),
        ("presence", "people-list"),
        ("position-due", "said"),
        ("announce", "register"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "Leszno deleguje jedną osobę na najbliższe warsztaty",
        "Agenda warsztatów w Poznaniu była za długa",
        "Nasz ekspert nie przyjechał do Żor",
        "Termin konferencji zmienił się w zeszłym tygodniu",
        "MID Dębicy leży u burmistrza",
        "Ogłaszamy, że konferencja odbędzie się online",
        "Powiedziałam burmistrzowi, że brakuje nam harmonogramu w MID-zie",
    ],
)
def test_what_is_told_is_never_answered_with_a_fact(text: str) -> None:
    found = understand(text, vocabulary(), today=TODAY)
    assert isinstance(found, Unclear) or found.meaning in FORMS


@pytest.mark.parametrize(
    "text",
    [
        "Napisz do miast, że agenda będzie jutro",
        "Proszę poinformować wszystkie miasta, że zmienił się termin konferencji",
        "Tell all cities that the conference has moved to 5 April",
        "Przekaż miastom, że konsultacje są odwołane",
    ],
)
def test_an_order_to_tell_others_outranks_what_is_to_be_told(text: str) -> None:
    assert meant(text) == "announce"


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("napisz do sieci cyfrowej, że czekam na uwagi do środy", {Meaning.ASK_COMMENTS, Meaning.ANNOUNCE}),
        ("Jak wygląda część diagnoza w MID Gdańska?", {Meaning.SHOW_MID, Meaning.MID_STATE}),
        ("lista osób z Płocka na wyjazd", {Meaning.PEOPLE_LIST, Meaning.WHO_GOES}),
    ],
)
def test_two_meanings_that_are_near_each_other_are_both_offered(text: str, nearest: set[Meaning]) -> None:
    found = understand(text, vocabulary(), today=TODAY)
    assert isinstance(found, Unclear)
    assert nearest <= set(found.nearest)


@pytest.mark.parametrize(
    "text",
    [
        "Dzień dobry: kiedy najbliższe warsztaty?",
        "Kiedy najbliższe warsztaty? Szefowa pyta od rana",
        "Kiedy najbliższe warsztaty, bo muszę wpisać delegację",
    ],
)
def test_a_greeting_or_a_reason_does_not_hide_the_question(text: str) -> None:
    assert meant(text) == "when"


def test_the_document_lists_every_phrase_of_the_programme_with_its_answer() -> None:
    rows = [line.split("|")[1] for line in DOCUMENT.read_text().splitlines() if line.startswith("|")]
    said = [one["pl"].split(":")[0].rstrip("?") for one in listed("phrases.yaml")]
    assert [phrase for phrase in said if not any(phrase in row for row in rows)] == []


def test_rules_speak_only_of_ideas_that_are_there_and_every_idea_is_used() -> None:
    named = [set(" ".join([rule.cores.replace("|", " "), rule.beside, rule.never]).split()) for rule in RULES.values()]
    assert set().union(*named) | BEYOND | NEUTRAL == set(IDEAS)
    assert set(IDEAS) > NEUTRAL
    assert set(RULES) == set(Meaning)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_is_understood_as_what_it_is_an_example_of(language: str) -> None:
    words = Words(language)
    assert {one.value: meant(example(words, one)) for one in Meaning} == {one.value: one.value for one in Meaning}


@pytest.mark.parametrize(
    ("text", "cities", "networks", "part", "searched"),
    [
        ("Ile konsultacji miały Zory?", ("zory",), (), "", ()),
        ("Pokaż MID Rudy Śląskiej, część działania", ("ruda-slaska",), (), "dzialania", ()),
        ("O której zaczynamy w Miedzyrzecu Podlaskim?", ("miedzyrzec-podlaski",), (), "", ()),
        ("Co nowego w Sieci Zielonej?", (), ("miasto-zielone",), "", ()),
        ("What is new in the Green City network?", (), ("miasto-zielone",), "", ()),
        ("Kto jedzie z Raciborza do Kopenhagi?", ("raciborz",), (), "", ("Kopenhagi",)),
        ("Kto już robił łąki kwietne?", (), (), "", ("łąki", "kwietne")),
        ("Kto ma doświadczenie z otwieraniem danych?", (), (), "", ("otwieraniem", "danych")),
        ("Ile konsultacji miał Pcim?", (), (), "", ("Pcim",)),
        ("Mark attendance", (), (), "", ()),
    ],
)
def test_names_and_words_are_found(
    text: str, cities: tuple[str, ...], networks: tuple[str, ...], part: str, searched: tuple[str, ...]
) -> None:
    found = understand(text, vocabulary(), today=TODAY)
    assert isinstance(found, Question)
    assert (found.cities, found.networks, found.part, found.words) == (cities, networks, part, searched)


def test_a_question_is_kept_as_plain_values_without_the_sentence() -> None:
    found = understand(
        "Zapisz notatkę z konsultacji z Żorami 7 stycznia: pan Jan Kowalski choruje", vocabulary(), today=TODAY
    )
    assert isinstance(found, Question)
    assert found.as_facts() == {
        "meaning": "log-session",
        "cities": ["zory"],
        "kind": "session",
        "first": "2022-01-07",
        "last": "2022-01-07",
    }
    assert question_of(found.as_facts()) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        "asdf qwer",
        "Jaka będzie pogoda w Lublinie?",
        "Zupa pomidorowa",
        "Ile kosztuje bilet do kina?",
        "What is the capital of France?",
        "Która godzina?",
        "Kto wygrał wybory w Żorach?",
        "Usuń wydarzenie z kalendarza",
        "Przyjmij wszystkie wkłady do naszego MID",
        "Odrzuć zalecenie 4",
        "Delete all contributions",
        "Translate this document",
        "Co to jest MID?",
        "Jestem na urlopie do piątku",
        "Zmień mój e-mail",
        "Proszę usunąć wszystkie MID-y i odwołać konferencję oraz dodać nową osobę",
        "\u202e\u0000\u2066 \ud83d\ude80",
    ],
)
def test_what_nobody_can_know_is_not_guessed(text: str) -> None:
    assert isinstance(understand(text, vocabulary(), today=TODAY), Unclear)


def test_what_is_not_understood_names_the_nearest_and_keeps_no_words() -> None:
    found = understand("Kowalski pyta, kto z miasta i sieci?", vocabulary(), today=TODAY)
    assert isinstance(found, Unclear)
    assert found.heard == ("city", "network", "who")
    assert 1 <= len(found.nearest) <= 3
