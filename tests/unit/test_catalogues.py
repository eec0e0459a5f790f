"""The catalogues hold every text of the package, and say it well. How to add a text: ``pim_bot/locale/README.md``.

``python -m pim_bot.locale`` brings both catalogues up to date.
"""

import ast
import gettext
import io
import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo

from pim_bot.blocks import forms
from pim_bot.blocks.presence import presence_form
from pim_bot.handlers.agenda import COMMAND_WORDS
from pim_bot.i18n import LANGUAGES, WARSAW, Words
from pim_bot.locale import LANGUAGES as CATALOGUES
from pim_bot.locale import PACKAGE, UnreadableText, catalogue, read_module, said, source_texts, texts_of, untranslated
from pim_bot.locale import updated as as_it_should_be
from pim_bot.programme.activity import Activity, Attendance
from pim_bot.programme.countries import ZONES
from pim_bot.programme.people import Member

PL, EN = Words("pl"), Words("en")
NO_WORDS = ("locale", "playground", "programme/file", "storage", "blocks/limits.py")
"""Where ``text`` is something else: a column, a field of a file, an argument of the Web API."""

GENDERED = re.compile(r"ł/a|ła/|ł\(a\)|[eo]n/a\b|ny/a\b|[łl][ae][śm]\b|\bpan/i|\bPan/i", re.IGNORECASE)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def sources(message: Message) -> tuple[str, ...]:
    return said(message.id)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def identity(message: Message) -> str | tuple[str, str]:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def by_babel(path: Path) -> set[str | tuple[str, ...]]:
    refusals = ("Refused", "NotAllowed", "NotFound", "StaleForm", "SkippedHour", "DoubledHour")
    keywords: dict[str, tuple[int, ...]] = dict.fromkeys(("text", *refusals), (1,))
    with path.open("rb") as file:
        found = extract("python", file, keywords=keywords | {"plural": (1, 2)})
        return {message for _, message, _, _ in found}


def test_catalogues_are_those_of_the_languages() -> None:
    assert CATALOGUES == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_in_the_catalogue_and_nothing_else(language: str) -> None:
    kept = {identity(message) for message in messages(language)}
    assert kept == source_texts()
    assert len(kept) == len(messages(language))


def test_babel_finds_no_text_that_we_missed() -> None:
    paths = [path for path in PACKAGE.rglob("*.py") if not str(path.relative_to(PACKAGE)).startswith(NO_WORDS)]
    found = {message for path in paths for message in by_babel(path)}
    assert len(found) > 100
    assert found <= source_texts()


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ('words.text("Tak")', {"Tak"}),
        ('visit.words.text("Tak", name=1)', {"Tak"}),
        ("x = f\"{words.text('Tak')}: {y}\"", {"Tak"}),
        ('words.plural("{n} miasto", "{n} miast", n)', {("{n} miasto", "{n} miast")}),
        ('ASKED = (\n    "Czy "\n    "tak?"\n)\nwords.text(ASKED)', {"Czy tak?"}),
        ('words.text("Tak" if sure else "Nie")', {"Tak", "Nie"}),
        ("words.text(refused.reason)", set()),
        ('from pim_bot.errors import Refused\nraise Refused("Nie.")', {"Nie."}),
        ('from pim_bot.errors import Refused as No\nraise No("Nie.")', {"Nie."}),
        ('from pim_bot.notifications.delivery import Refused\nRefused("archived")', set()),
        (
            """
from pim_bot.errors import Refused
def _no(reason, most): return Refused("Źle.", fields={"x": Refused(reason, most=most)})
_no("Za dużo.", 3)
""",
            {"Źle.", "Za dużo."},
        ),
        (
            """
from pim_bot.errors import Refused
class Late(Refused):
    def __init__(self): super().__init__("Za późno.")
""",
            {"Za późno."},
        ),
        ('record.text("title")', set()),
    ],
)
def test_texts_are_found_where_they_are_written(code: str, texts: set[str | tuple[str, str]]) -> None:
    module = read_module("pim_bot.sample", ast.parse(code))
    assert texts_of([module]) == texts


@pytest.mark.parametrize("said_as", ['f"Dla {name}"', '"Dla " + name', '"Dla %s" % name', '"Dla {}".format(name)'])
def test_a_text_of_pieces_is_refused(said_as: str) -> None:
    with pytest.raises(UnreadableText, match=r"pim_bot\.sample:1"):
        texts_of([read_module("pim_bot.sample", ast.parse(f"words.text({said_as})"))])


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_waits_for_a_translation(language: str) -> None:
    assert untranslated(language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_is_as_the_tool_writes_it(language: str) -> None:
    """Sorted, nothing fuzzy or left behind, no places of files, and a second run changes nothing."""
    written = (PACKAGE / "locale" / language / "pim_bot.po").read_bytes()
    assert written == as_it_should_be(language)
    assert not re.search(rb"^#[:~]|fuzzy", written, re.MULTILINE)
    assert not any(message.fuzzy for message in messages(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_what_the_code_fills_in_and_marks_up(language: str) -> None:
    for message in messages(language):
        expected = [(placeholders(one), Counter(re.findall(r"[*`\n]", one))) for one in sources(message)]
        for form in filter(None, said(message.string)):
            assert (placeholders(form), Counter(re.findall(r"[*`\n]", form))) in expected, message.id


def test_placeholders_are_names() -> None:
    """A ``{}`` or a brace that was not meant would fail only when the sentence is said."""
    for message in messages("pl"):
        assert all(name.isidentifier() for one in sources(message) for name in placeholders(one)), message.id


def test_english_is_english() -> None:
    for message in messages("en"):
        for form in said(message.string):
            assert not re.search(r"[ąćęłńóśźż„”]|Państw|\bPros", form, re.IGNORECASE), form


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_have_no_stray_spaces_and_end_alike(language: str) -> None:
    for message in messages(language):
        source = sources(message)[0]
        for form in filter(None, (*sources(message), *said(message.string))):
            assert form == form.strip(), form
            assert "  " not in form, form
            assert form.endswith((".", "?")) == source.endswith((".", "?")), form


def test_commands_in_texts_exist_in_that_language() -> None:
    polish, english = set(COMMAND_WORDS["pl"]), set(COMMAND_WORDS["en"])
    for message in messages("en"):
        named = {word for one in sources(message) for word in re.findall(r"/pim (\w+)", one)}
        twins = {word for form in said(message.string) for word in re.findall(r"/pim (\w+)", form)}
        assert named <= polish, message.id
        assert twins <= english, message.id
        assert len(named) == len(twins), message.id


def test_polish_fits_every_person() -> None:
    for message in messages("pl"):
        for one in (*sources(message), *said(message.string)):
            assert not GENDERED.search(one), one


@pytest.mark.parametrize(
    "wrong", ["potwierdził/a", "Zgłosiła/zgłosił", "odpowiedział(a)", "byłaś", "zgłosiłem", "Pan/i"]
)
def test_the_check_of_gender_sees(wrong: str) -> None:
    assert GENDERED.search(f"To {wrong} wczoraj.")


def test_both_plural_rules_are_those_of_the_files() -> None:
    """``Words`` counts by itself; what GNU gettext makes of the files' own rule is the same."""
    for language in LANGUAGES:
        compiled = _compiled(catalogue(language))
        for message in messages(language):
            if message.pluralizable:
                one, many = message.id[0], message.id[1]
                for n in range(1001):
                    assert Words(language).plural(one, many, n) == compiled.ngettext(one, many, n).format(n=n)


def _compiled(found: Catalog) -> gettext.GNUTranslations:
    file = io.BytesIO()
    write_mo(file, found)
    file.seek(0)
    return gettext.GNUTranslations(file)


ONE, FEW, MANY = (1,), (2, 22), (0, 5, 12, 25, 112)
PLURALS = {
    "{n} osoba": ("{n} osoba", "{n} osoby", "{n} osób"),
    "brakuje {n} odpowiedzi": ("brakuje {n} odpowiedzi",) * 3,
    "Mamy dla Państwa wiadomość": (
        "Mamy dla Państwa wiadomość",
        "Mamy dla Państwa wiadomości: {n}",
        "Mamy dla Państwa wiadomości: {n}",
    ),
    "Przypomnienie": ("Przypomnienie", "Przypomnienia", "Przypomnienia"),
    "Czeka na Państwa {n} sprawa.": (
        "Czeka na Państwa {n} sprawa.",
        "Czekają na Państwa {n} sprawy.",
        "Czeka na Państwa {n} spraw.",
    ),
    "Nie dotarła {n} wiadomość.": (
        "Nie dotarła {n} wiadomość.",
        "Nie dotarły {n} wiadomości.",
        "Nie dotarło {n} wiadomości.",
    ),
    "i jeszcze {n} miasto": ("i jeszcze {n} miasto", "i jeszcze {n} miasta", "i jeszcze {n} miast"),
    "oraz {n} osoba": ("oraz {n} osoba", "oraz {n} osoby", "oraz {n} osób"),
    "… i jeszcze {n} sprawa": ("… i jeszcze {n} sprawa", "… i jeszcze {n} sprawy", "… i jeszcze {n} spraw"),
    "… i jeszcze {n} wydarzenie": (
        "… i jeszcze {n} wydarzenie",
        "… i jeszcze {n} wydarzenia",
        "… i jeszcze {n} wydarzeń",
    ),
    "… i jeszcze {n} przypisanie": (
        "… i jeszcze {n} przypisanie",
        "… i jeszcze {n} przypisania",
        "… i jeszcze {n} przypisań",
    ),
    "Na Państwa decyzję albo na wysłanie czeka {n} wiadomość.": (
        "Na Państwa decyzję albo na wysłanie czeka {n} wiadomość.",
        "Na Państwa decyzję albo na wysłanie czekają {n} wiadomości.",
        "Na Państwa decyzję albo na wysłanie czeka {n} wiadomości.",
    ),
    "Pokaż jeszcze {n}": ("Pokaż jeszcze {n}",) * 3,
    "{n} dzień": ("{n} dzień", "{n} dni", "{n} dni"),
    "{n} godzina": ("{n} godzina", "{n} godziny", "{n} godzin"),
    "{n} minuta": ("{n} minuta", "{n} minuty", "{n} minut"),
    "{n} wcześniejsza wiadomość": (
        "{n} wcześniejsza wiadomość",
        "{n} wcześniejsze wiadomości",
        "{n} wcześniejszych wiadomości",
    ),
    "{n} wiadomość": ("{n} wiadomość", "{n} wiadomości", "{n} wiadomości"),
    "{n} przypomnienie": ("{n} przypomnienie", "{n} przypomnienia", "{n} przypomnień"),
    "{n} wkład": ("{n} wkład", "{n} wkłady", "{n} wkładów"),
    "Zapisane: {n} decyzja.": ("Zapisane: {n} decyzja.", "Zapisane: {n} decyzje.", "Zapisane: {n} decyzji."),
    "{n} głos": ("{n} głos", "{n} głosy", "{n} głosów"),
    "… i jeszcze {n} temat": ("… i jeszcze {n} temat", "… i jeszcze {n} tematy", "… i jeszcze {n} tematów"),
    "Wysłane do {n} osoby.": ("Wysłane do {n} osoby.", "Wysłane do {n} osób.", "Wysłane do {n} osób."),
    "{n} zespół miasta": ("{n} zespół miasta", "{n} zespoły miast", "{n} zespołów miast"),
}


def test_every_plural_of_the_package_is_spelled_out_here() -> None:
    """A new plural needs its three Polish forms looked at by a person: add it to ``PLURALS``."""
    assert {message.id[0] for message in messages("pl") if message.pluralizable} == set(PLURALS)


@pytest.mark.parametrize("one", PLURALS)
def test_polish_plurals(one: str) -> None:
    many = next(message.id[1] for message in messages("pl") if message.pluralizable and message.id[0] == one)
    for form, numbers in zip(PLURALS[one], (ONE, FEW, MANY), strict=True):
        for n in numbers:
            assert PL.plural(one, many, n) == form.format(n=n)


SAME_IN_ENGLISH = {"Pokaż jeszcze {n}"}


@pytest.mark.parametrize("one", PLURALS)
def test_english_has_one_form_for_one_and_another_for_all_else(one: str) -> None:
    many = next(message.id[1] for message in messages("en") if message.pluralizable and message.id[0] == one)
    single, *several = [EN.plural(one, many, n).replace(str(n), "{n}") for n in (1, 2, 5, 22)]
    assert set(several) == {EN.plural(one, many, 0).replace("0", "{n}")}
    assert (single == several[0]) is (one in SAME_IN_ENGLISH)


def test_english_plurals() -> None:
    assert [EN.plural("{n} osoba", "{n} osób", n) for n in (0, 1, 2, 22)] == [
        "0 people",
        "1 person",
        "2 people",
        "22 people",
    ]


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, *, zone: str = WARSAW) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_polish_months_stand_in_the_genitive() -> None:
    months = "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
    for number, name in enumerate(months.split(), start=1):
        first, third = date(2022, number, 1), date(2022, number, 3)
        assert PL.day(third, weekday=False) == f"3 {name} 2022"
        assert PL.days(first, third) == f"1–3 {name} 2022"
        assert PL.days(first, date(2022 + number // 12, number % 12 + 1, 1)).startswith(f"1 {name} ")
        assert PL.moment(at(2022, number, 3, 9)).endswith(f", 3 {name} 2022, 9:00")
        assert PL.when(at(2022, number, 1), at(2022, number, 4), WARSAW, all_day=True) == f"1–3 {name} 2022"
        assert PL.text("Bez doradztwa i bez wkładu od {day}:", day=third).endswith(f"od 3 {name} 2022:")


def test_days_are_said_with_their_weekday() -> None:
    assert PL.day(date(2022, 5, 10)) == "wtorek, 10 maja 2022"
    assert EN.day(date(2022, 5, 10)) == "Tuesday, 10 May 2022"


def test_days_among_the_facts_are_said_in_words() -> None:
    request = "Prośba o wsparcie: {place}, od {since} do {until}, budżet dni: {days}."
    facts = {"place": "Żory", "since": date(2022, 3, 1), "until": date(2023, 3, 28), "days": 12}
    assert PL.text(request, **facts) == ("Prośba o wsparcie: Żory, od 1 marca 2022 do 28 marca 2023, budżet dni: 12.")
    assert EN.text(request, **facts) == (
        "Request for support: Żory, from 1 March 2022 until 28 March 2023, budget of days: 12."
    )


@pytest.mark.parametrize(
    ("instant", "polish", "english"),
    [
        (at(2022, 5, 10, 9), "wtorek, 10 maja 2022, 9:00", "Tuesday, 10 May 2022, 9:00"),
        (at(2022, 11, 7, 16, 30), "poniedziałek, 7 listopada 2022, 16:30", "Monday, 7 November 2022, 16:30"),
        (at(2022, 10, 2, 0, 5), "niedziela, 2 października 2022, 0:05", "Sunday, 2 October 2022, 0:05"),
    ],
)
def test_moments_have_the_time_of_24_hours(instant: datetime, polish: str, english: str) -> None:
    assert (PL.moment(instant), EN.moment(instant)) == (polish, english)


def test_moments_follow_the_change_of_clocks() -> None:
    assert PL.moment(datetime(2022, 3, 27, 0, 59, tzinfo=UTC)) == "niedziela, 27 marca 2022, 1:59"
    assert PL.moment(datetime(2022, 3, 27, 1, 0, tzinfo=UTC)) == "niedziela, 27 marca 2022, 3:00"
    assert PL.moment(datetime(2022, 10, 30, 1, 0, tzinfo=UTC)) == "niedziela, 30 października 2022, 2:00"


@pytest.mark.parametrize(
    ("starts", "ends", "polish", "english"),
    [
        (
            at(2022, 5, 10, 9),
            at(2022, 5, 10, 15, 30),
            "wtorek, 10 maja 2022, 9:00–15:30",
            "Tuesday, 10 May 2022, 9:00–15:30",
        ),
        (
            at(2022, 5, 10, 0, 5),
            at(2022, 5, 10, 0, 45),
            "wtorek, 10 maja 2022, 0:05–0:45",
            "Tuesday, 10 May 2022, 0:05–0:45",
        ),
        (
            at(2022, 3, 26, 9),
            at(2022, 3, 28, 9),
            "sobota, 26 marca 2022, 9:00 – poniedziałek, 28 marca 2022, 9:00",
            "Saturday, 26 March 2022, 9:00 – Monday, 28 March 2022, 9:00",
        ),
        (
            at(2022, 12, 31, 20),
            at(2023, 1, 1),
            "sobota, 31 grudnia 2022, 20:00 – niedziela, 1 stycznia 2023, 0:00",
            "Saturday, 31 December 2022, 20:00 – Sunday, 1 January 2023, 0:00",
        ),
    ],
)
def test_spans_of_hours(starts: datetime, ends: datetime, polish: str, english: str) -> None:
    assert (PL.when(starts, ends, WARSAW), EN.when(starts, ends, WARSAW)) == (polish, english)


def test_spans_elsewhere_are_told_by_the_clock_of_the_place() -> None:
    helsinki = "Europe/Helsinki"
    starts, ends = at(2022, 6, 1, 10, zone=helsinki), at(2022, 6, 1, 12, zone=helsinki)
    assert PL.when(starts, ends, helsinki) == "środa, 1 czerwca 2022, 10:00–12:00 (czas miejscowy: Helsinki)"
    assert EN.when(starts, ends, helsinki) == "Wednesday, 1 June 2022, 10:00–12:00 (local time: Helsinki)"
    assert PL.when(starts, ends, WARSAW) == "środa, 1 czerwca 2022, 9:00–11:00"


@pytest.mark.parametrize(
    ("starts", "ends", "polish", "english"),
    [
        (at(2022, 5, 10), at(2022, 5, 11), "wtorek, 10 maja 2022", "Tuesday, 10 May 2022"),
        (at(2022, 5, 10), at(2022, 5, 13), "10–12 maja 2022", "10–12 May 2022"),
        (at(2022, 5, 31), at(2022, 6, 4), "31 maja – 3 czerwca 2022", "31 May – 3 June 2022"),
        (at(2022, 12, 30), at(2023, 1, 3), "30 grudnia 2022 – 2 stycznia 2023", "30 December 2022 – 2 January 2023"),
        (at(2022, 3, 26), at(2022, 3, 28), "26–27 marca 2022", "26–27 March 2022"),
        (at(2022, 10, 30), at(2022, 10, 31), "niedziela, 30 października 2022", "Sunday, 30 October 2022"),
    ],
)
def test_spans_of_whole_days(starts: datetime, ends: datetime, polish: str, english: str) -> None:
    assert PL.when(starts, ends, WARSAW, all_day=True) == polish
    assert EN.when(starts, ends, WARSAW, all_day=True) == english


def test_whole_days_elsewhere_are_the_days_of_the_place() -> None:
    tbilisi = "Asia/Tbilisi"
    starts, ends = at(2022, 9, 5, zone=tbilisi), at(2022, 9, 9, zone=tbilisi)
    assert PL.when(starts, ends, tbilisi, all_day=True) == "5–8 września 2022"


def test_countries() -> None:
    assert [PL.country(code) for code in ("DK", "EE", "GR", "CZ", "GB")] == [
        "Dania",
        "Estonia",
        "Grecja",
        "Czechy",
        "Wielka Brytania",
    ]
    assert [EN.country(code) for code in ("DK", "EE", "GR", "CZ", "GB")] == [
        "Denmark",
        "Estonia",
        "Greece",
        "Czechia",
        "United Kingdom",
    ]
    for words in (PL, EN):
        assert all(words.country(code) != code for code in ZONES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_and_buttons_of_forms_fit(language: str) -> None:
    """Block Kit cuts a form's title and buttons at 24 characters; a translation that long would lose its end."""
    words = Words(language)
    starts, ends = at(2022, 5, 10, 9), at(2022, 5, 10, 15)
    activity = Activity(
        id="a",
        edition="pim2",
        uid="u",
        changed_at=starts,
        kind="warsztaty",
        title="Warsztaty",
        networks=(),
        starts_at=starts,
        ends_at=ends,
        zone=WARSAW,
    )
    anna = Member(id="m", name="Anna N.")
    attendance = Attendance(activity_id="a", invitee="member:m")
    doubled = {"starts_fold": None, "ends_fold": None}
    views = [
        *(forms.activity_form(words, forms.Choices(themes=("Smart City",)), doubled, step=step) for step in (1, 2, 3)),
        forms.move_form(words, activity, {}, ""),
        *(forms.change_form(words, activity, forms.Choices(), {}, step=step, metadata="") for step in (1, 2)),
        presence_form(words, activity, [], {}, others=[], metadata=""),
        presence_form(words, activity, [], {}, others=None, metadata=""),
        forms.cancel_form(words, activity, {}, ""),
        forms.people_form(words, activity, [anna], {}),
        forms.answer_form(words, activity, attendance, [anna], {}),
        forms.assignment_form(words, forms.Choices(), {}),
    ]
    assert "…" not in repr(views)
