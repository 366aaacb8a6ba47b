"""Tables that come from outside: workbooks and CSV files of every make, good and bad."""

import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from archive.base.errors import Refusal
from archive.exchange import tables
from archive.exchange.tables import Formula, Row, open_table

ROWS = (
    ("题名", "日期"),
    ("设备采购合同", datetime.fromisoformat("2024-05-31")),
    ("", None),
    ("运单", "2024-06"),
)


def workbook(path: Path, *rows: tuple[object, ...], merged: str = "") -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    book.save(path)
    return path


def read(path: Path) -> list[Row]:
    table = open_table(path, path.name)
    return list(table.rows(table.sheets()[0]))


def test_a_workbook_is_read_row_by_row(tmp_path: Path) -> None:
    found = read(workbook(tmp_path / "a.xlsx", *ROWS))
    assert [row.number for row in found] == [1, 2, 3, 4]
    assert found[1].cells == ROWS[1]
    assert [row.is_empty for row in found] == [False, False, True, False]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_csv_file_is_read_in_the_encodings_of_spreadsheets(
    tmp_path: Path, encoding: str, mark: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'题名{mark}日期\r\n"甲{mark}乙\n丙"{mark}2024\r\n', encoding, newline="")
    assert [row.cells for row in read(path)] == [("题名", "日期"), (f"甲{mark}乙\n丙", "2024")]


def test_merged_cells_are_named(tmp_path: Path) -> None:
    table = open_table(workbook(tmp_path / "a.xlsx", *ROWS, merged="A2:A4"), "a.xlsx")
    assert table.merged(table.sheets()[0]) == ["A2:A4"]


def test_a_formula_is_seen_as_one(tmp_path: Path) -> None:
    found = read(workbook(tmp_path / "a.xlsx", ("题名",), ("=cmd|'/C calc'!A0",)))
    assert found[1].cells == (Formula("=cmd|'/C calc'!A0"),)
    path = tmp_path / "a.csv"
    path.write_text("题名\n=1+1\n'=1+1\n-5\n", "utf-8")
    assert [row.cells[0] for row in read(path)[1:]] == [Formula("=1+1"), "=1+1", "-5"]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@sum", "'quoted", "合同"])
def test_what_a_csv_file_guards_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{tables.guarded(text)}\n", "utf-8")
    assert read(path)[0].cells == (text,)


@pytest.mark.parametrize(
    ("name", "body", "refusal"),
    [
        ("old.xlsx", tables.OLE + b"\0" * 600, tables.OldWorkbook),
        ("scan.jpg", b"\xff\xd8\xff\xe0\0\0JFIF", tables.NotATable),
        ("torn.xlsx", tables.ZIP + b"\x14\0\6\0" * 50, tables.TornWorkbook),
        ("binary.csv", bytes([0x81, 0xFF, 0xFE, 0x00] * 20), tables.NotATable),
        ("latin.csv", "题名\n".encode() + bytes([0x81, 0x20, 0xFF]), tables.NotATable),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(
    tmp_path: Path, name: str, body: bytes, refusal: type[Refusal]
) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    with pytest.raises(refusal):
        read(path)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("readme.txt", "nothing")
    with pytest.raises(tables.NotATable):
        read(path)


def test_a_workbook_that_swells_is_refused_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "a.xlsx", *ROWS)
    monkeypatch.setattr(tables, "MOST_UNPACKED", 1000)
    with pytest.raises(tables.SwollenWorkbook):
        read(path)


def rewritten(path: Path, member: str, body: bytes) -> Path:
    """The workbook with one of its members replaced."""
    target = path.with_name(f"other-{path.name}")
    with zipfile.ZipFile(path) as packed, zipfile.ZipFile(target, "w") as copy:
        for name in packed.namelist():
            copy.writestr(name, body if name == member else packed.read(name))
    return target


@pytest.mark.parametrize(
    "body",
    [
        b"<worksheet><sheetData><row><c",
        b'<!DOCTYPE a [<!ENTITY x "xxxx"><!ENTITY y "&x;&x;">]><worksheet>&y;</worksheet>',
        b"\0\1\2",
        b"",
    ],
)
def test_a_sheet_that_is_damaged_or_hostile_is_refused(tmp_path: Path, body: bytes) -> None:
    path = workbook(tmp_path / "a.xlsx", *ROWS)
    with pytest.raises(tables.TornWorkbook):
        read(rewritten(path, "xl/worksheets/sheet1.xml", body))


def test_a_hidden_sheet_is_left_alone(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("隐藏").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert open_table(tmp_path / "a.xlsx", "a.xlsx").sheets() == ["Sheet"]
