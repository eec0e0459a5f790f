"""The office's list of people as a spreadsheet: read, and the template in which it is filled in."""

from datetime import date

from pim_bot.programme.people_list import HEADINGS, PersonRow, RowProblem, read_rows
from pim_bot.reports.spreadsheets import Sheet, read, written

EXAMPLE = ("Anna Nowak", "anna.nowak@zory.example", "Żory", "Miasto Zielone", "tak", date(2022, 2, 1), None)
NOTES = (
    ("Imię i nazwisko, Adres e-mail, Miasto", "Potrzebne w każdym wierszu."),
    ("Sieć", "Tylko gdy miasto jest w kilku sieciach."),
    ("Osoba kontaktowa", "tak albo nie; jedna osoba w zespole. Puste pole: bez zmian."),
    ("Od, Do", "Dzień, na przykład 2022-01-31. Puste pole: bez zmian, a dla nowej osoby od dziś."),
    ("Przykład", "Wiersz z przykładem prosimy usunąć."),
)


def people_in(data: bytes) -> tuple[list[PersonRow], list[RowProblem]]:
    """Read a list of people. Raises ``Refused`` when the file as a whole is wrong."""
    return read_rows(read(data))


def template() -> bytes:
    """Write the empty list with its headings, one example, and what each column means."""
    return written(
        [
            Sheet(name="Osoby", headings=HEADINGS, rows=[EXAMPLE]),
            Sheet(name="Objaśnienia", headings=("Kolumna", "Co wpisać"), rows=NOTES),
        ]
    )
