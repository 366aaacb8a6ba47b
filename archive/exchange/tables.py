"""Tables as they come from outside: Excel workbooks (.xlsx) and CSV files, read row by row.

A workbook is a ZIP of XML that anybody may have made: it is read as a stream, its entities do not
swell (openpyxl reads through defusedxml), and what it unpacks to is bounded before it is opened.
"""

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Protocol
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook

from archive.base.errors import N_, Invalid, TooLarge

OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # how an .xls begins, and an .xlsx with a password
ZIP = b"PK\x03\x04"
MOST_UNPACKED = 2 << 30  # bytes of one workbook: a million rows of a catalogue are half of it
MOST_SHARED = 256 << 20  # bytes of the texts that all its sheets share, which are held in memory
MOST_COLUMNS = 200
SHARED = "xl/sharedStrings.xml"
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
CHUNK = 1 << 20
OVERLAP = 200  # bytes: longer than one element that names merged cells
SAMPLE = 1 << 16
ENCODINGS = ("utf-8-sig", "gb18030")
# What a spreadsheet would take for a formula; a CSV of ours writes an apostrophe before it.
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class NotATable(Invalid):
    text = N_(
        "“%(name)s” is no Excel workbook (.xlsx) and no CSV file. "
        "Open it in your spreadsheet program and save it as .xlsx."
    )


class OldWorkbook(Invalid):
    text = N_(
        "“%(name)s” is a workbook in the old .xls format, or one with a password. "
        "Open it in your spreadsheet program and save it as .xlsx without a password."
    )


class TornWorkbook(Invalid):
    text = N_(
        "The workbook “%(name)s” is damaged and cannot be read. "
        "Open it in your spreadsheet program, save it again, then send that."
    )


class SwollenWorkbook(TooLarge):
    text = N_(
        "The workbook unpacks to more than %(megabytes)s MB, the most that is read. "
        "Split it and import the parts."
    )


@dataclass(frozen=True)
class Formula:
    """A cell that says how its value is reckoned, in place of the value."""

    text: str


@dataclass(frozen=True)
class Error:
    """A cell that shows an error of the spreadsheet, like #REF!."""

    text: str


Value = str | int | float | bool | date | datetime | time | Formula | Error | None


@dataclass(frozen=True)
class Row:
    """One row of a sheet: its number, from 1 as the spreadsheet counts, and its cells."""

    number: int
    cells: tuple[Value, ...]

    @property
    def is_empty(self) -> bool:
        return all(
            cell is None or (isinstance(cell, str) and not cell.strip()) for cell in self.cells
        )


class Table(Protocol):
    """What is imported from: sheets with rows."""

    def sheets(self) -> Sequence[str]:
        """The names of its sheets; a CSV file has one without a name."""

    def rows(self, sheet: str) -> Iterator[Row]:
        """The rows of a sheet, in order, as they are read. Raises TornWorkbook."""

    def merged(self, sheet: str) -> Sequence[str]:
        """The ranges of merged cells, like A3:A7, in their order."""


def open_table(path: Path, name: str) -> Table:
    """The table in a file; what is inside tells its format, not its name.

    Raises:
        OldWorkbook, NotATable, TornWorkbook, SwollenWorkbook: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    if head.startswith(OLE):
        raise OldWorkbook(name=name)
    if head.startswith(ZIP):
        return Workbook(path, name)
    return CommaFile(path, name)


class Workbook:
    """An .xlsx file."""

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name
        try:
            with zipfile.ZipFile(path) as packed:
                _check_size(packed)
            # Opened here: by a name, it would be judged by its ending.
            self._book = load_workbook(path.open("rb"), read_only=True)
        except BROKEN as error:
            raise TornWorkbook(name=name) from error
        except KeyError as error:
            # A ZIP, but not of a workbook.
            raise NotATable(name=name) from error

    def sheets(self) -> Sequence[str]:
        return [sheet.title for sheet in self._book.worksheets if sheet.sheet_state == "visible"]

    def rows(self, sheet: str) -> Iterator[Row]:
        found = self._book[sheet]
        # What a workbook says of its own size is often wrong, and may be a lie.
        found.reset_dimensions()
        for number, cells in enumerate(self._read(found.iter_rows()), 1):
            yield Row(number, tuple(_value(cell) for cell in cells[:MOST_COLUMNS]))

    def _read(self, rows: Iterator[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
        try:
            yield from rows
        except BROKEN as error:
            raise TornWorkbook(name=self._name) from error

    def merged(self, sheet: str) -> Sequence[str]:
        # Merged cells are told behind all rows, where openpyxl does not read as it streams.
        member = str(vars(self._book[sheet])["_worksheet_path"])
        try:
            with zipfile.ZipFile(self._path) as packed, packed.open(member) as file:
                return list(_merged(iter(lambda: file.read(CHUNK), b"")))
        except BROKEN as error:
            raise TornWorkbook(name=self._name) from error


# What reading a damaged workbook raises.
BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, ParseError, DefusedXmlException, EOFError, ValueError,
    TypeError, AttributeError, IndexError, NotImplementedError,
)  # fmt: skip


class CommaFile:
    """A CSV file: in UTF-8 or GB 18030, parted by commas, semicolons or tabs."""

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name
        with path.open("rb") as file:
            if b"\0" in file.read(SAMPLE):
                raise NotATable(name=name)
        self._encoding = self._told_encoding()
        self._mark = self._told_mark()

    def sheets(self) -> Sequence[str]:
        return [""]

    def rows(self, sheet: str) -> Iterator[Row]:
        with self._path.open(encoding=self._encoding, newline="") as file:
            lines = csv.reader(file, delimiter=self._mark)
            try:
                for number, cells in enumerate(lines, 1):
                    yield Row(number, tuple(_unguarded(cell) for cell in cells[:MOST_COLUMNS]))
            except csv.Error as error:
                raise NotATable(name=self._name) from error

    def merged(self, sheet: str) -> Sequence[str]:
        return ()

    def _told_encoding(self) -> str:
        for encoding in ENCODINGS:
            try:
                with self._path.open(encoding=encoding) as file:
                    while file.read(CHUNK):
                        pass
            except UnicodeDecodeError:
                continue
            return encoding
        raise NotATable(name=self._name)

    def _told_mark(self) -> str:
        with self._path.open(encoding=self._encoding) as file:
            first = file.readline(SAMPLE)
        return max(",;\t", key=first.count)


def guarded(text: str) -> str:
    """A text as a CSV file carries it, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith((*STARTS_FORMULA, "'")) else text


def _unguarded(text: str) -> str | Formula:
    if text.startswith("'"):
        return text[1:]
    # A negative number and a phone number begin with the same signs, and are none.
    return Formula(text) if text.startswith("=") else text


def _check_size(packed: zipfile.ZipFile) -> None:
    sizes = {member.filename: member.file_size for member in packed.infolist()}
    if sum(sizes.values()) > MOST_UNPACKED or sizes.get(SHARED, 0) > MOST_SHARED:
        raise SwollenWorkbook(megabytes=MOST_UNPACKED >> 20)


def _value(cell: object) -> Value:
    value: Value = getattr(cell, "value", None)
    kind = getattr(cell, "data_type", "n")
    if kind == "f" or not isinstance(value, str | int | float | date | time | None):
        return Formula(str(value)[:100])
    return Error(str(value)) if kind == "e" else value


def _merged(chunks: Iterator[bytes]) -> Iterator[str]:
    left = b""
    for chunk in chunks:
        text = left + chunk
        end = 0
        for found in MERGED.finditer(text):
            yield found[1].decode()
            end = found.end()
        left = text[max(end, len(text) - OVERLAP) :]
