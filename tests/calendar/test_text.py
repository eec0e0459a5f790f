"""What is taken out of texts before they are published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim_bot.calendar.text import one_line, several_lines, web_address

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("a\x00b\x07c\x1bd\x7fe\x9ff", "abcdef"),
        ("a\u202eb\u2066c\u200fd\ufeffe", "abcde"),
        ("pół \ud83d pary", "pół  pary"),
        ("C:\\nowe\\pliki", "C:/nowe/pliki"),
        ("z\u0307o\u0301l\u0301c\u0301", "żóĺć"),
        ("a\tb  \n  c ", "a b\n  c"),
        ("👩‍👩‍👧‍👦 Żory", "👩‍👩‍👧‍👦 Żory"),
        ("a\ufffe\uffff\U0010ffffb", "ab"),
    ],
)
def test_lines_are_cleaned(written: str, published: str) -> None:
    assert several_lines(written) == published


def test_a_title_is_one_line() -> None:
    assert one_line("  Warsztaty\r\n\tw\u00a0Żorach\u2028 ") == "Warsztaty w Żorach"


@given(ANY_TEXT)
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    assert several_lines(several_lines(text)) == several_lines(text)
    assert one_line(one_line(text)) == one_line(text)


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("https://pim.example/a?b=c,d;e#f", "https://pim.example/a?b=c,d;e#f"),
        ("https://pim.example/żory", "https://pim.example/%C5%BCory"),
        ("https://pim.example/%C5%BCory", "https://pim.example/%C5%BCory"),
        ('https://pim.example/"a"', "https://pim.example/%22a%22"),
        ("https://pim.example/a b", ""),
        ("https://pim.example/a\r\nATTENDEE:mailto:x@y", ""),
        ("javascript:alert(1)", ""),
        ("pim.example", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_are_published_as_such(written: str, published: str) -> None:
    assert web_address(written) == published
