"""The door of printing: what a folder's label says, and who printed which."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from archive import codes, volumes
from archive.base import ledger, web
from archive.base.ledger import HOUSE
from labels import print as printing
from labels.decode import decode
from labels.draw import NothingToPrint
from labels.sheets import NoSuchPlace, UnknownSheet
from tests import stock
from tests.counting import counting
from tests.labels.papers import as_file, pictures
from tests.people import NOON

HOME = "https://archive.example.com"


def test_a_label_says_how_a_folder_is_found_and_nothing_of_its_papers(session: Session) -> None:
    folder = stock.folder(session)
    label = printing.label_of(folder, address=HOME)
    assert label.code == folder.code
    assert label.url == f"{HOME}/c/{folder.code}"
    assert label.text == "Q001-ZY·KH·2·2024·D10-0001"
    assert label.title == f"{stock.HENGYUE} 合同与订单 2024"
    assert "K01-G07-C3-G2" in label.lines
    assert "总价" not in str(label)


def test_a_printed_label_is_scanned_back_to_its_folder(session: Session) -> None:
    folders = [stock.folder(session, f"第{number}公司") for number in range(3)]
    pdf = BytesIO()
    labels, drawn = printing.draw_folders(folders, pdf, address=HOME)
    assert drawn.pages == 1
    seen = {found.text for page in pictures(pdf.getvalue(), 200) for found in decode(as_file(page))}
    assert seen == {label.url for label in labels}
    for text in seen:
        subject = codes.resolve(session, text, address=HOME)
        assert volumes.folder_by_id(session, subject.id) in folders


def test_folders_are_found_by_what_was_typed_or_scanned(session: Session) -> None:
    folder = stock.folder(session)
    code = folder.code
    for typed in (code, code.lower(), f"{code[:4]} {code[4:]}", f"{HOME}/c/{code}"):
        assert printing.folders_typed(session, [typed], address=HOME) == [folder]
    with pytest.raises(codes.NotACode):
        printing.folders_typed(session, [code, "?"], address=HOME)


def test_a_thousand_labels_are_found_with_one_question_and_no_more_are_printed(
    house: web.House,
) -> None:
    with house.database.writing() as session:
        typed = [stock.folder(session, f"第{number}公司").code for number in range(3)][::-1]
    with house.database.reading() as session:
        with counting(house) as questions:
            found = printing.folders_typed(session, typed, address=HOME)
        assert [folder.code for folder in found] == typed
        assert sum(question.startswith("SELECT") for question in questions) == 1
        with pytest.raises(printing.TooManyLabels):
            printing.folders_typed(session, typed[:1] * 1001, address=HOME)
        with pytest.raises(volumes.NoSuchFolder):
            printing.folders_typed(session, [typed[0], codes.draw()], address=HOME)


def test_printing_stands_in_the_history_of_every_folder(session: Session) -> None:
    folders = [stock.folder(session, f"第{number}公司") for number in range(2)]
    printing.note_printed(session, [*folders, folders[0]], "A4-3x8", by=HOUSE, at=NOON)
    codes_told = [one.code for one in [*folders, folders[0]]]
    for folder in folders:
        row = ledger.history(session, folder.subject)[0]
        assert (row.action, row.data) == (
            "labels.printed",
            {"count": 3, "sheet": "A4-3x8", "codes": codes_told},
        )


def test_what_cannot_be_printed_is_refused_and_leaves_no_file(
    session: Session, tmp_path: Path
) -> None:
    folder, out = stock.folder(session), tmp_path / "labels.pdf"
    with pytest.raises(UnknownSheet):
        printing.draw_folders([folder], out, address=HOME, sheet="nonsense")
    with pytest.raises(NoSuchPlace):
        printing.draw_folders([folder], out, address=HOME, start=999)
    with pytest.raises(NothingToPrint):
        printing.draw_folders([], out, address=HOME)
    assert not out.exists()


def test_labels_go_on_where_the_sheet_was_begun(session: Session) -> None:
    folder, pdf = stock.folder(session), BytesIO()
    _, drawn = printing.draw_folders([folder] * 3, pdf, address=HOME, start=2)
    assert drawn.pages == len(PdfReader(pdf).pages) == 1
