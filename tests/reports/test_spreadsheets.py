"""Spreadsheets: what is written is never carried out, and what is read is bounded before it is parsed."""

from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from pim_bot.errors import Refused
from pim_bot.reports import spreadsheets
from pim_bot.reports.spreadsheets import Sheet, read, written

NASTY = ("=1+1", "+48", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0")


def test_what_is_written_is_read_again() -> None:
    rows = [("Żory", 2, date(2022, 1, 31), None), ("Lublin", 1.5, None, "tak")]
    told = read(written([Sheet(name="Osoby", headings=("Miasto", "Ile", "Dzień", "Czy"), rows=rows)]))
    assert told == [
        ["Miasto", "Ile", "Dzień", "Czy"],
        ["Żory", 2, datetime(2022, 1, 31)],  # noqa: DTZ001 - Excel knows no zone
        ["Lublin", 1.5, None, "tak"],
    ]


def test_days_are_dates_of_excel_and_instants_keep_their_clock() -> None:
    at = datetime(2022, 1, 31, 9, 30, tzinfo=UTC)
    page = load_workbook(BytesIO(written([Sheet(name="x", headings=("a", "b"), rows=[(date(2022, 1, 31), at)])])))["x"]
    assert [(page[name].is_date, page[name].number_format) for name in ("A2", "B2")] == [
        (True, "yyyy-mm-dd"),
        (True, "yyyy-mm-dd hh:mm"),
    ]
    assert page["B2"].value == at.replace(tzinfo=None)


@pytest.mark.parametrize("text", NASTY)
def test_nothing_that_somebody_typed_becomes_a_formula(text: str) -> None:
    cell = load_workbook(BytesIO(written([Sheet(name="x", headings=("a",), rows=[(text,)])])))["x"]["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=50))
def test_any_text_can_be_written(value: str, name: str) -> None:
    storable = value.encode("utf-8", "ignore").decode()
    data = written([Sheet(name=name.encode("utf-8", "ignore").decode(), headings=("a",), rows=[(storable,)])])
    cell = load_workbook(BytesIO(data)).worksheets[0]["A2"]
    assert cell.data_type in ("s", "n", "inlineStr")
    assert not str(cell.value or "").startswith("=") or cell.quotePrefix


def packed(**parts: bytes) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as one:
        for name, content in ({"[Content_Types].xml": b"<Types/>"} | parts).items():
            one.writestr(name, content)
    return file.getvalue()


def rebuilt(data: bytes, name: str, change: tuple[bytes, bytes]) -> bytes:
    """The file with something changed in one of its parts."""
    file = BytesIO()
    with ZipFile(BytesIO(data)) as before, ZipFile(file, "w", ZIP_DEFLATED) as after:
        for part in before.infolist():
            content = before.read(part)
            assert part.filename != name or change[0] in content
            after.writestr(part, content.replace(*change) if part.filename == name else content)
    return file.getvalue()


PLAIN = written([Sheet(name="x", headings=("a",), rows=[("b",)])])
ENTITY = b'<!DOCTYPE x [<!ENTITY lol "lol">]><worksheet'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "nie jest plik Excela"),
        (b"PK\x03\x04 and no more", "nie jest plik Excela"),
        (packed(a=b"b")[:-30], "nie jest plik Excela"),
        (b"imie;nazwisko", "nie jest plik Excela"),
        (packed(), "nie da się odczytać"),
        (b"x" * (spreadsheets.MOST_BYTES + 1), "za duży"),
        (packed(bomb=bytes(spreadsheets.MOST_UNPACKED + 1)), "rozpakowuje się"),
        (packed(**{f"part{number}": b"" for number in range(spreadsheets.MOST_PARTS)}), "rozpakowuje się"),
        (rebuilt(PLAIN, "xl/worksheets/sheet1.xml", (b"<worksheet", ENTITY)), "nie czytamy"),
        (rebuilt(PLAIN, "xl/worksheets/sheet1.xml", (b"<worksheet", b"<sheetwork")), "nie da się odczytać"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read(data)


def test_a_list_without_end_is_refused() -> None:
    rows = [("x",)] * spreadsheets.MOST_ROWS
    with pytest.raises(Refused, match="więcej niż"):
        read(written([Sheet(name="x", headings=("a",), rows=rows)]))


def test_a_formula_is_told_as_one_and_never_computed() -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = "=1+1"
    file = BytesIO()
    book.save(file)
    assert read(file.getvalue()) == [["=1+1"]]
