"""One line that logs a session: what it says is read, and what it does not say is not guessed."""

from datetime import date

import pytest

from pim_bot.programme.edition import City
from pim_bot.programme.names import city_names
from pim_bot.programme.session_line import SessionLine, minutes_in, read_line

MONDAY = date(2022, 1, 10)
CITIES = city_names(
    [
        City(slug="zory", name="Żory", genitive="Żor", locative="Żorach"),
        City(slug="ruda-slaska", name="Ruda Śląska", genitive="Rudy Śląskiej", locative="Rudzie Śląskiej"),
        City(slug="raciborz", name="Racibórz", genitive="Raciborza", locative="Raciborzu"),
        City(slug="marki", name="Marki", genitive="Marek", locative="Markach"),
        City(slug="kostrzyn", name="Kostrzyn nad Odrą", genitive="Kostrzyna nad Odrą"),
    ]
)


def line(*cities: str, minutes: int | None = None, day: date | None = None, topic: str = "") -> SessionLine:
    return SessionLine(cities=list(cities), minutes=minutes, day=day, topic=topic)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Żory 2h łąki kwietne", line("zory", minutes=120, topic="łąki kwietne")),
        ("zory 2 h laki kwietne", line("zory", minutes=120, topic="laki kwietne")),
        ("w Żorach 1,5 godz. PPP", line("zory", minutes=90, topic="PPP")),
        ("z Rudą Śląską 90 min", line("ruda-slaska", minutes=90)),
        ("2h Żory", line("zory", minutes=120)),
        ("wczoraj Żory 1h 30 min: harmonogram", line("zory", minutes=90, day=date(2022, 1, 9), topic="harmonogram")),
        ("Żory wczoraj 2h", line("zory", minutes=120, day=date(2022, 1, 9))),
        ("Żory 2h łąki kwietne wczoraj", line("zory", minutes=120, day=date(2022, 1, 9), topic="łąki kwietne")),
        ("Żory łąki kwietne 2h", line("zory", minutes=120, topic="łąki kwietne")),
        ("Żory w piątek 2h", line("zory", minutes=120, day=date(2022, 1, 7))),
        ("Żory on friday 2 hours meadows", line("zory", minutes=120, day=date(2022, 1, 7), topic="meadows")),
        ("Żory 5.01 2h", line("zory", minutes=120, day=date(2022, 1, 5))),
        ("Żory 20.12 2h", line("zory", minutes=120, day=date(2021, 12, 20))),
        ("Żory 2022-01-04, 45 minut, NBS", line("zory", minutes=45, day=date(2022, 1, 4), topic="NBS")),
        ("Żory pół godziny", line("zory", minutes=30)),
        ("Żory półtorej godziny zieleń", line("zory", minutes=90, topic="zieleń")),
        ("Żory, Racibórz i Ruda Śląska 3h woda", line("zory", "raciborz", "ruda-slaska", minutes=180, topic="woda")),
        ("Kostrzyn nad Odrą 2h", line("kostrzyn", minutes=120)),
        ("Żory 2h woda i Racibórz jako przykład", line("zory", minutes=120, topic="woda i Racibórz jako przykład")),
        ("Żory łąki kwietne", line("zory", topic="łąki kwietne")),
        ("Atlantyda 2h", line(topic="Atlantyda", minutes=120)),
        ("Żory 31.02 2h", line("zory", topic="31.02", minutes=120)),
        ("Żory 2h 3 hektary łąk", line("zory", minutes=120, topic="3 hektary łąk")),
        ("dla Marek 1h", line("marki", minutes=60)),
        ("", line()),
    ],
)
def test_a_line_is_read_as_it_is_meant(typed: str, read: SessionLine) -> None:
    assert read_line(typed, CITIES, today=MONDAY) == read


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("2h", 120),
        ("2", 120),
        ("90", 90),
        ("1,5 godz.", 90),
        ("1.5h", 90),
        ("1 h 15 min", 75),
        ("90 min", 90),
        ("półtorej godziny", 90),
        ("długo", None),
        ("2h albo 3h", None),
        ("", None),
        ("-1", None),
        ("٢h", 120),
    ],
)
def test_a_length_is_read_as_people_write_it(typed: str, minutes: int | None) -> None:
    assert minutes_in(typed) == minutes
