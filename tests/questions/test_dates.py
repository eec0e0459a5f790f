"""Days and hours as people write them."""

from datetime import date

import pytest

from pim_bot.programme.questions.dates import Span, times_in

MONDAY = date(2022, 1, 10)


def span(first: tuple[int, int, int], last: tuple[int, int, int] | None = None) -> Span:
    return Span(first=date(*first), last=date(*(last or first)))


@pytest.mark.parametrize(
    ("text", "days", "hour"),
    [
        ("jutro o 10", span((2022, 1, 11)), "10:00"),
        ("pojutrze o 9:30", span((2022, 1, 12)), "9:30"),
        ("dziś, godz. 14.15", span((2022, 1, 10)), "14:15"),
        ("10-12 maja", span((2022, 5, 10), (2022, 5, 12)), ""),
        ("31.05-03.06", span((2022, 5, 31), (2022, 6, 3)), ""),
        ("31 maja – 3 czerwca br.", span((2022, 5, 31), (2022, 6, 3)), ""),
        ("30 grudnia - 2 stycznia", span((2021, 12, 30), (2022, 1, 2)), ""),
        ("28 marca 2023 r.", span((2023, 3, 28)), ""),
        ("2022-05-10", span((2022, 5, 10)), ""),
        ("10.05.2022", span((2022, 5, 10)), ""),
        ("w przyszły wtorek", span((2022, 1, 18)), ""),
        ("we wtorek", span((2022, 1, 11)), ""),
        ("w zeszły piątek", span((2022, 1, 7)), ""),
        ("do piątku", span((2022, 1, 14)), ""),
        ("od poniedziałku", span((2022, 1, 3), (2022, 1, 10)), ""),
        ("w przyszłym tygodniu", span((2022, 1, 17), (2022, 1, 23)), ""),
        ("w tym tygodniu", span((2022, 1, 10), (2022, 1, 16)), ""),
        ("w przyszłym miesiącu", span((2022, 2, 1), (2022, 2, 28)), ""),
        ("od miesiąca", span((2021, 12, 11), (2022, 1, 10)), ""),
        ("od dwóch tygodni", span((2021, 12, 27), (2022, 1, 10)), ""),
        ("za 3 dni", span((2022, 1, 13)), ""),
        ("w maju", span((2022, 5, 1), (2022, 5, 31)), ""),
        ("tomorrow at 10", span((2022, 1, 11)), "10:00"),
        ("May 10-12, 2022", span((2022, 5, 10), (2022, 5, 12)), ""),
        ("on the 28th of March", span((2022, 3, 28)), ""),
        ("next Tuesday", span((2022, 1, 18)), ""),
        ("for two weeks", span((2021, 12, 27), (2022, 1, 10)), ""),
        ("31 lutego", None, ""),
        ("45.13", None, ""),
        ("dwie osoby", None, ""),
        ("o 25", None, ""),
        ("o 3 osoby", None, ""),
    ],
)
def test_days_and_hours_are_read(text: str, days: Span | None, hour: str) -> None:
    found = times_in(text, MONDAY)
    assert (found.span, found.hour) == (days, hour)


@pytest.mark.parametrize("text", ["29 lutego", "29.02"])
def test_a_day_that_few_years_have_is_the_one_of_such_a_year_or_none(text: str) -> None:
    assert times_in(text, date(2024, 1, 10)).span == span((2024, 2, 29))
    assert times_in(text, date(2022, 1, 10)).span is None


def test_what_was_read_is_not_in_the_rest() -> None:
    assert times_in("Zapisz na 28 marca o 10:00 konferencję", MONDAY).rest.split() == ["zapisz", "na", "konferencje"]
