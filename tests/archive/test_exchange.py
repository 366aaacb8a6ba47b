"""Catalogues that come in from workbooks, and go out so that they come in again just so."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from archive import categories, locations, volumes
from archive.base import ledger
from archive.base.db import Database
from archive.base.errors import Refusal
from archive.base.ledger import HOUSE
from archive.documents import Document, State
from archive.exchange import checking, exporting, importing, runs
from archive.exchange.runs import ImportRow, RunState, Verdict
from archive.parties import Party
from archive.volumes import Arrangement, Folder, Volume, taking
from tests import stock
from tests.people import NOON

HEADS = ("档号", "题名", "大类", "年度", "保管期限", "客户名称", "文种", "日期", "金额", "页数")
VOLUME = "Q001-ZY·KH·2·2003·D30-0007"

Cells = tuple[Any, ...]


def row(item: int, **other: Any) -> Cells:
    """A row of the old catalogue, some of its cells otherwise."""
    told = dict(zip(HEADS, (
        f"{VOLUME}-{item:03d}", f"设备采购合同第{item}号", "2", 2003, "30年",
        stock.HENGYUE, "合同", "2003年5月2日", "￥１，２００．５０", "１２",
    ), strict=True))  # fmt: skip
    return tuple((told | other).values())


def workbook(path: Path, *rows: Cells, heads: Cells = HEADS, merged: str = "") -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "卷内目录"
    for cells in (heads, *rows):
        sheet.append(list(cells))
    if merged:
        sheet.merge_cells(merged)
    book.save(path)
    return path


@pytest.fixture(autouse=True)
def plan(database: Database) -> None:
    """The filing plan is there."""
    with database.writing() as session:
        categories.found(session, "Q001", "本公司", at=NOON)


@pytest.fixture
def begin(database: Database) -> Callable[[Path], int]:
    """A run of a file."""

    def begun(path: Path) -> int:
        with database.writing() as session:
            run = runs.begin(session, sha256="0" * 64, file_name=path.name, by=HOUSE, at=NOON)
            return run.id

    return begun


@pytest.fixture
def check(database: Database, begin: Callable[[Path], int]) -> Callable[[Path], int]:
    """A run of a file whose rows were looked at."""

    def checked(path: Path) -> int:
        number = begin(path)
        checking.check(database, number, path)
        return number

    return checked


@pytest.fixture
def bring(database: Database, check: Callable[[Path], int]) -> Callable[[Path], int]:
    """A run of a file that was imported."""

    def brought(path: Path) -> int:
        number = check(path)
        importing.bring_in(database, number, at=NOON)
        return number

    return brought


def problems(database: Database, number: int) -> list[tuple[str, str]]:
    """The cells at fault in a run, each with the name of its column."""
    with database.reading() as session:
        bad = runs.rows_of(session, runs.by_id(session, number), verdict=Verdict.BAD, limit=100)
        return [(one["cell"], one["name"]) for found in bad for one in found.problems]


def tally(database: Database, number: int) -> tuple[int, int, int]:
    with database.reading() as session:
        run = runs.by_id(session, number)
        return run.new, run.same, run.bad


def papers(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(Document.id))) or 0


def test_an_old_catalogue_comes_in_with_its_parties_volumes_and_codes(
    database: Database, bring: Callable[[Path], int], tmp_path: Path
) -> None:
    number = bring(workbook(tmp_path / "a.xlsx", row(1), row(2), row(5)))
    assert tally(database, number) == (3, 0, 0)
    with database.reading() as session:
        found = session.scalars(select(Document).order_by(Document.item)).all()
        assert [paper.code for paper in found] == [f"{VOLUME}-{n:03d}" for n in (1, 2, 5)]
        first = found[0]
        assert (first.state, first.dated, first.amount) == (State.FILED, "2003-05-02", "1200.50")
        assert (first.paper_pages, first.pages_total, first.scanned) == (12, 0, None)
        assert first.type is not None
        assert first.type.name_zh == "合同"
        volume = session.scalars(select(Volume)).one()
        assert (volume.code, volume.number, volume.year) == (VOLUME, 7, 2003)
        assert (volume.items, volume.pages, volume.last_item) == (3, 36, 5)
        assert session.scalars(select(Party.name)).one() == stock.HENGYUE
        assert ledger.verify(session).ok
        told = ledger.history(session, first.subject)
        assert [one.action for one in told] == ["document.imported"]


def test_new_volumes_are_numbered_behind_those_that_came_in(
    database: Database, bring: Callable[[Path], int], tmp_path: Path
) -> None:
    bring(workbook(tmp_path / "a.xlsx", row(1)))
    with database.writing() as session:
        told = stock.filing(session)
        opened = taking(session, told.type.category, told.party, 2003, "D30", by=HOUSE, at=NOON)
        assert opened.number == 8


VOLUME_HEADS = ("案卷号", "案卷题名", "大类", "年度", "保管期限", "客户名称", "状态")


def test_a_second_open_volume_of_the_same_papers_is_refused_and_names_the_first(
    database: Database, check: Callable[[Path], int], tmp_path: Path
) -> None:
    told = ("2", 2003, "D30", stock.HENGYUE)
    rows = (
        (1, "甲", *told, "未结卷"),
        (2, "乙", *told, "已结卷"),
        (3, "丙", *told, "未结卷"),
        (4, "丁", "2", 2004, "D30", stock.HENGYUE, "未结卷"),
    )
    number = check(workbook(tmp_path / "a.xlsx", *rows, heads=VOLUME_HEADS))
    assert tally(database, number) == (3, 0, 1)
    with database.reading() as session:
        (bad,) = runs.rows_of(session, runs.by_id(session, number), verdict=Verdict.BAD, limit=9)
    assert bad.number == 4
    (problem,) = bad.problems
    assert problem["text"].startswith("Row %(row)s of this file has an open volume")
    assert problem["params"] == {"row": 2}


def test_codes_are_kept_as_the_archive_spells_them_and_how_a_volume_is_arranged(
    database: Database, bring: Callable[[Path], int], tmp_path: Path
) -> None:
    told = ("甲", "2", 2003, "D30", stock.HENGYUE, "已结卷")
    heads = (*VOLUME_HEADS, "档号", "整理方式")
    rows = [(n, *told, f"ｑ001-zy‧kh·2·2003·d30-000{n}", way) for n, way in ((1, "按件"), (2, ""))]
    bring(workbook(tmp_path / "a.xlsx", *rows, heads=heads))
    with database.reading() as session:
        found = session.scalars(select(Volume).order_by(Volume.number)).all()
        assert [one.code for one in found] == [f"Q001-ZY·KH·2·2003·D30-000{n}" for n in (1, 2)]
        assert [one.arrangement for one in found] == [Arrangement.ITEM, Arrangement.VOLUME]
        assert volumes.by_code(session, "q001-zy·kh·2·2003·d30-0001") == found[0]


def test_a_period_that_is_not_told_is_that_of_the_document_type(
    database: Database, bring: Callable[[Path], int], tmp_path: Path
) -> None:
    other = {"档号": "", "文种": "重要合同", "保管期限": ""}
    bring(workbook(tmp_path / "a.xlsx", row(1, **other), row(2, 档号="", 保管期限="")))
    with database.reading() as session:
        found = session.scalars(select(Volume.retention).order_by(Volume.id)).all()
    assert found == ["D30", "D10"]


def test_an_imported_folder_stands_at_its_place_and_has_a_history(
    database: Database, bring: Callable[[Path], int], tmp_path: Path
) -> None:
    bring(workbook(tmp_path / "a.xlsx", (*row(1), "K01-G07-C3-G2"), heads=(*HEADS, "库位")))
    with database.reading() as session:
        folder = session.scalars(select(Folder)).one()
        paper = session.scalars(select(Document)).one()
        assert folder.home is not None
        assert (folder.home.code, paper.folder_id) == ("K01-G07-C3-G2", folder.id)
        told = ledger.history(session, folder.subject)
        assert [one.action for one in told] == ["volume.imported"]


@pytest.mark.parametrize("place", ["K01/第三架", "K09-G01"])
def test_a_place_that_is_none_or_not_in_the_tree_is_named(
    database: Database, check: Callable[[Path], int], tmp_path: Path, place: str
) -> None:
    with database.writing() as session:
        room = locations.at_code(session, "K01")
        room.level = locations.Level.ROOM
    number = check(workbook(tmp_path / "a.xlsx", (*row(1), place), heads=(*HEADS, "库位")))
    assert problems(database, number) == [("K2", "home")]


def test_papers_without_codes_get_the_next_ones(
    database: Database, bring: Callable[[Path], int], tmp_path: Path
) -> None:
    bring(workbook(tmp_path / "a.xlsx", row(1, 档号=""), row(2, 档号=None)))
    with database.reading() as session:
        codes = session.scalars(select(Document.archival_code).order_by(Document.id)).all()
    assert codes == [f"Q001-ZY·KH·2·2003·D30-0001-{n:03d}" for n in (1, 2)]


def test_the_same_file_once_more_changes_nothing(
    database: Database, bring: Callable[[Path], int], tmp_path: Path
) -> None:
    path = workbook(tmp_path / "a.xlsx", row(1), row(2))
    bring(path)
    again = bring(path)
    assert tally(database, again) == (0, 2, 0)
    assert papers(database) == 2


@pytest.mark.parametrize(
    ("other", "cell", "name"),
    [
        ({"题名": "=cmd|'/C calc'!A0"}, "B3", "title"),
        ({"题名": "长" * 301}, "B3", "title"),
        ({"题名": "  "}, "B3", "title"),
        ({"日期": "2003年2月30日"}, "H3", "dated"),
        ({"大类": "第九类"}, "C3", "category"),
        ({"文种": "情书"}, "G3", "type"),
        ({"文种": "营业执照"}, "G3", "type"),
        ({"年度": "二〇〇三"}, "D3", "year"),
        ({"保管期限": "一会儿"}, "E3", "retention"),
        ({"金额": "一百万"}, "I3", "amount"),
        ({"页数": -1}, "J3", "paper_pages"),
        ({"档号": "Q002-ZY-", "客户名称": ""}, "F3", "party"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_imported(
    database: Database,
    check: Callable[[Path], int],
    tmp_path: Path,
    other: dict[str, Any],
    cell: str,
    name: str,
) -> None:
    number = check(workbook(tmp_path / "a.xlsx", row(1), row(2, **other), row(3)))
    assert (cell, name) in problems(database, number)
    with pytest.raises(importing.BadRows):
        importing.bring_in(database, number, at=NOON)
    assert papers(database) == 0


def test_two_rows_of_one_code_are_told_of_each_other(
    database: Database, check: Callable[[Path], int], tmp_path: Path
) -> None:
    number = check(workbook(tmp_path / "a.xlsx", row(1), row(1, 题名="另一份")))
    assert tally(database, number) == (1, 0, 1)
    with database.reading() as session:
        bad = runs.rows_of(session, runs.by_id(session, number), verdict=Verdict.BAD, limit=9)
        assert bad[0].problems[0]["params"] == {"row": 2}


def test_a_row_that_differs_from_the_archive_overwrites_nothing(
    database: Database, bring: Callable[[Path], int], check: Callable[[Path], int], tmp_path: Path
) -> None:
    bring(workbook(tmp_path / "a.xlsx", row(1)))
    number = check(workbook(tmp_path / "b.xlsx", row(1, 题名="改了的题名")))
    assert problems(database, number) == [("A2", "code")]


@pytest.mark.parametrize(
    ("path", "refusal"),
    [
        (lambda folder: workbook(folder / "a.xlsx", row(1), row(2), merged="F2:F3"),
         checking.MergedCells),
        (lambda folder: workbook(folder / "a.xlsx", ("x", "y"), heads=("甲", "乙")),
         checking.NoHeadings),
        (lambda folder: workbook(folder / "a.xlsx", heads=()), checking.NoHeadings),
    ],
)  # fmt: skip
def test_a_file_that_is_no_catalogue_is_refused_as_a_whole(
    database: Database,
    begin: Callable[[Path], int],
    tmp_path: Path,
    path: Callable[[Path], Path],
    refusal: type[Refusal],
) -> None:
    file = path(tmp_path)
    number = begin(file)
    with pytest.raises(refusal):
        checking.check(database, number, file)
    with database.reading() as session:
        assert runs.by_id(session, number).state == RunState.REFUSED
    with pytest.raises(importing.FileRefused):
        importing.bring_in(database, number, at=NOON)


def test_a_title_above_the_headings_may_be_merged(
    database: Database, bring: Callable[[Path], int], tmp_path: Path
) -> None:
    path = workbook(tmp_path / "a.xlsx", HEADS, row(1), heads=("卷内文件目录",), merged="A1:J1")
    assert tally(database, bring(path)) == (1, 0, 0)


def test_a_check_that_was_broken_off_goes_on_behind_its_last_row(
    database: Database,
    begin: Callable[[Path], int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checking, "CHUNK", 2)
    path = workbook(tmp_path / "a.xlsx", *(row(n) for n in range(1, 8)))
    number, looks = begin(path), []

    def broken_off(rows: int) -> None:
        looks.append(rows)
        if rows == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        checking.check(database, number, path, look=broken_off)
    checking.check(database, number, path, look=looks.append)
    # The commit in which it was broken off was undone, and is done again.
    assert looks == [2, 4, 4, 6, 7]
    assert tally(database, number) == (7, 0, 0)


def test_an_import_that_is_broken_off_leaves_nothing(
    database: Database, check: Callable[[Path], int], tmp_path: Path
) -> None:
    number = check(workbook(tmp_path / "a.xlsx", row(1), row(2)))

    def broken_off(_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.bring_in(database, number, at=NOON, look=broken_off)
    assert papers(database) == 0
    with database.reading() as session:
        assert session.scalar(select(func.count(Party.id))) == 0
        assert session.scalar(select(func.count(Volume.id))) == 0
    importing.bring_in(database, number, at=NOON)
    assert papers(database) == 2
    with pytest.raises(importing.ImportedAlready):
        importing.bring_in(database, number, at=NOON)


def test_who_filed_the_same_code_meanwhile_wins(
    database: Database, check: Callable[[Path], int], tmp_path: Path
) -> None:
    path = workbook(tmp_path / "a.xlsx", row(1))
    first, second = check(path), check(path)
    importing.bring_in(database, first, at=NOON)
    with pytest.raises(importing.ArchiveChanged):
        importing.bring_in(database, second, at=NOON)
    assert papers(database) == 1


def sheets(path: Path) -> dict[str, list[Cells]]:
    book = load_workbook(path)
    return {sheet.title: [tuple(cells) for cells in sheet.values] for sheet in book.worksheets}


def test_what_goes_out_is_here_already_when_it_comes_back(
    database: Database, bring: Callable[[Path], int], tmp_path: Path
) -> None:
    bring(workbook(tmp_path / "a.xlsx", row(1), row(2, 题名="“=1+1”之说明")))
    with database.writing() as session:
        stock.file(session, stock.read(session), "另一家公司", title="=1+1")
    with database.reading() as session:
        assert exporting.export(session, tmp_path / "out.xlsx") == 2 + 2 + 3
    told = sheets(tmp_path / "out.xlsx")
    assert [cells[4] for cells in told["文件"]][1:] == [
        "设备采购合同第1号", "“=1+1”之说明", "=1+1",
    ]  # fmt: skip
    assert tally(database, bring(tmp_path / "out.xlsx")) == (0, 7, 0)


def test_the_template_has_headings_that_are_understood(tmp_path: Path) -> None:
    exporting.template(tmp_path / "t.xlsx")
    assert {name: len(rows) for name, rows in sheets(tmp_path / "t.xlsx").items()} == {
        "客户": 1, "案卷": 1, "文件": 1,
    }  # fmt: skip


def test_each_row_is_kept_with_what_it_said(
    database: Database, check: Callable[[Path], int], tmp_path: Path
) -> None:
    number = check(workbook(tmp_path / "a.xlsx", row(1)))
    with database.reading() as session:
        kept = session.scalars(select(ImportRow).where(ImportRow.run_id == number)).one()
    assert json.dumps(kept.told)
    assert (kept.told["volume"], kept.told["item"]) == (VOLUME, 1)
