"""Spreadsheets (XLSX): written so that nothing in them is carried out, read within hard limits.

A spreadsheet is a ZIP of XML that somebody else made: what it unpacks to, how many parts it has and how far it is read
is bounded before anything is parsed, and a document type, the way to entity bombs, is refused
(https://owasp.org/www-community/vulnerabilities/XML_External_Entity_(XXE)_Processing).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pim_bot.errors import Refused

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_PARTS = 200
MOST_ROWS, MOST_COLUMNS = 3000, 30
WIDEST = 60
LONGEST_SHEET_NAME = 31
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
FORMULA = "="
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"

Value = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A table with its headings; days and instants become dates of Excel, an instant by the clock it was given in."""

    name: str
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Value]]


def written(sheets: Iterable[Sheet]) -> bytes:
    """Write tables as a file of Excel."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _write(book.create_sheet(_sheet_name(sheet.name)), sheet)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet_name(name: str) -> str:
    return "".join(sign for sign in _storable(name) if sign not in "[]:*?/\\'")[:LONGEST_SHEET_NAME] or "Arkusz"


def _storable(text: str) -> str:
    """Leave out what no XML can hold (https://www.w3.org/TR/xml/#charsets)."""
    return ILLEGAL_CHARACTERS_RE.sub("", text).translate({0xFFFE: None, 0xFFFF: None})


def _write(page: Worksheet, sheet: Sheet) -> None:
    for number, row in enumerate([sheet.headings, *sheet.rows], start=1):
        for column, value in enumerate(row, start=1):
            cell = page.cell(row=number, column=column)
            assert isinstance(cell, Cell)  # nothing is merged here
            _put(cell, value)
    for cell in page[1]:
        cell.font = Font(bold=True)
    page.freeze_panes = "A2"
    for column, heading in enumerate(sheet.headings, start=1):
        longest = max((len(str(row[column - 1] or "")) for row in sheet.rows), default=0)
        page.column_dimensions[get_column_letter(column)].width = min(WIDEST, max(len(heading), longest) + 2)


def _put(cell: Cell, value: Value) -> None:
    """Write a value; text stays text, whatever it begins with."""
    if isinstance(value, str):
        cell.value = _storable(value)
        cell.data_type = "s"
        if value.startswith(STARTS_FORMULA):
            cell.quotePrefix = True
    elif isinstance(value, datetime):
        cell.value = value.replace(tzinfo=None)
        cell.number_format = MOMENT
    else:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = DAY


def read(data: bytes) -> list[list[object]]:
    """Read the first table of a file of Excel, row by row. Raises ``Refused`` that says what is wrong with the file."""
    _examine(data)
    try:
        book = load_workbook(BytesIO(data), read_only=True)
        page = book.worksheets[0]
        rows = page.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
        found = [_without_end([_plain(value) for value in row]) for row in rows]
    except Exception as error:  # whatever a broken file makes the library raise, it is the file
        raise Refused("Tego pliku nie da się odczytać jako arkusza Excela. Prosimy zapisać go ponownie.") from error
    if len(found) > MOST_ROWS:
        raise Refused("Lista ma więcej niż {most} wierszy. Prosimy podzielić ją na części.", most=MOST_ROWS)
    return found


def _without_end(row: list[object]) -> list[object]:
    """Leave out the empty cells after the last one that holds anything."""
    while row and row[-1] is None:
        row.pop()
    return row


def _plain(value: object) -> object:
    """Give a plain value; of a formula that the library knows as a thing of its own, that it is one."""
    return value if value is None or isinstance(value, (str, int, float, date, datetime)) else FORMULA


def _examine(data: bytes) -> None:
    """Refuse what is too big or no spreadsheet before anything of it is parsed."""
    if len(data) > MOST_BYTES:
        raise Refused("Plik jest za duży: najwyżej {most} MB.", most=MOST_BYTES // 1024 // 1024)
    try:
        with ZipFile(BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Refused("Plik rozpakowuje się do zbyt wielu danych. Prosimy zostawić w nim samą listę.")
            texts = [packed.read(part) for part in parts if part.filename.endswith((".xml", ".rels"))]
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Refused("To nie jest plik Excela (.xlsx). Prosimy zapisać listę w tym formacie.") from error
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        raise Refused("To nie jest plik Excela (.xlsx). Prosimy zapisać listę w tym formacie.")
    if any(b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\0" in text for text in texts):
        raise Refused("Tego pliku nie czytamy: ma części, których arkusz nie potrzebuje.")
