"""Volumes and numbers: consecutive without gaps, also when everyone files at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import categories, codes, documents, numbers, shelving, volumes
from archive.base import ledger
from archive.base.db import Database
from archive.base.ledger import HOUSE, Subject
from archive.categories import DocumentType
from archive.documents import Document
from archive.volumes import Folder, NoSuchFolder, NoSuchVolume, Volume
from tests import stock
from tests.people import NOON


def test_numbers_begin_with_one_and_each_series_has_its_own(session: Session) -> None:
    assert [numbers.take(session, "a") for _ in range(3)] == [1, 2, 3]
    assert numbers.take(session, "b") == 1


def test_a_number_that_was_taken_in_vain_is_given_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        numbers.take(session, "a")
        raise ZeroDivisionError
    with database.writing() as session:
        assert numbers.take(session, "a") == 1


def test_twenty_threads_that_file_two_hundred_papers_leave_no_gap(
    database: Database, session: Session
) -> None:
    waiting = [stock.read(session, f"{number}.pdf").id for number in range(200)]
    session.commit()
    companies = [f"第{number}公司" for number in range(4)]

    def file_all(turn: int) -> None:
        for number in waiting[turn::20]:
            # As at the door: the clerk types the name, and the card is made in the same commit.
            with database.writing() as own:
                stock.file(own, documents.by_id(own, number), companies[number % 4])

    with ThreadPoolExecutor(20) as crowd:
        list(crowd.map(file_all, range(20)))
    session.expire_all()
    held = session.scalars(select(Volume).order_by(Volume.number)).all()
    assert [volume.number for volume in held] == [1, 2, 3, 4]
    for volume in held:
        items = session.scalars(
            select(Document.item).where(Document.volume_id == volume.id).order_by(Document.item)
        ).all()
        assert list(items) == list(range(1, 51))
        assert (volume.items, volume.pages) == (50, 50)
    assert len(session.scalars(select(Folder)).all()) == 4
    assert ledger.verify(session).ok


def test_papers_of_one_party_year_category_and_period_lie_in_one_volume(session: Session) -> None:
    first = stock.file(session, stock.read(session, "1.pdf"))
    second = stock.file(session, stock.read(session, "2.pdf", "一", "二", "三"))
    assert first.volume == second.volume
    assert (first.item, second.item) == (1, 2)
    assert second.code == first.code[:-1] + "2"
    assert second.volume is not None
    assert (second.volume.items, second.volume.pages) == (2, 4)


def test_another_party_year_period_or_category_is_another_volume(session: Session) -> None:
    plan = categories.plan(session)
    licence: DocumentType = plan[0].types[0]
    filed = [
        stock.file(session, stock.read(session, "0.pdf")),
        stock.file(session, stock.read(session, "1.pdf"), "上海远东国际贸易有限公司"),
        stock.file(session, stock.read(session, "2.pdf"), year=2025),
        stock.file(session, stock.read(session, "3.pdf"), retention="D30"),
        stock.file(session, stock.read(session, "4.pdf"), type=licence),
    ]
    assert [document.code for document in filed] == [
        "Q001-ZY·KH·2·2024·D10-0001-001",
        "Q001-ZY·KH·2·2024·D10-0002-001",
        "Q001-ZY·KH·2·2025·D10-0001-001",
        "Q001-ZY·KH·2·2024·D30-0001-001",
        "Q001-ZY·KH·1·2024·D10-0001-001",
    ]


def test_a_new_volume_has_a_folder_whose_label_leads_to_it(session: Session) -> None:
    folder = stock.folder(session)
    found = codes.resolve(session, folder.code, address="http://here")
    assert found == Subject("folder", folder.id) == folder.subject
    assert volumes.folder_by_code(session, f" {folder.code.lower()}\n") == folder
    assert volumes.folder_by_id(session, folder.id) == folder


@pytest.mark.parametrize("code", ["", "x", "ABCDEFGH", "卷", "\0", "x" * 300, "%"])
def test_no_folder_has_a_made_up_code(session: Session, code: str) -> None:
    with pytest.raises(NoSuchFolder):
        volumes.folder_by_code(session, code)


def test_what_is_not_there_is_refused(session: Session) -> None:
    with pytest.raises(NoSuchVolume):
        volumes.by_id(session, 99)
    with pytest.raises(NoSuchFolder):
        volumes.folder_by_id(session, 99)


def test_a_folder_gets_its_place_and_the_ledger_tells(session: Session) -> None:
    folder = stock.folder(session, place="K01-G07-C3-G2")
    shelving.shelve(session, folder, " ｋ02－1 ", by=HOUSE, at=NOON)
    assert folder.home is not None
    assert folder.home.code == "K02-1"
    newest = ledger.history(session, folder.subject)[0]
    assert newest.data == {
        "folder": folder.code, "place": "K02-1", "before": "K01-G07-C3-G2",
    }  # fmt: skip
    shelving.shelve(session, folder, "K02-1", by=HOUSE, at=NOON)
    assert ledger.history(session, folder.subject)[0] == newest


def test_volumes_and_folders_are_paged_the_newest_first(session: Session) -> None:
    made = [stock.folder(session, f"第{number}公司") for number in range(5)]
    first = volumes.folders(session, before=None, limit=3)
    rest = volumes.folders(session, before=first[-1].id, limit=3)
    assert [*first, *rest] == made[::-1]
    listed = volumes.listed(session, "", before=None, limit=3)
    listed = [*listed, *volumes.listed(session, "", before=listed[-1].id, limit=3)]
    assert listed == [folder.volume for folder in made[::-1]]
    assert volumes.listed(session, "q001-zy·kh·2·2024·d10-0002", before=None, limit=9) == [
        made[1].volume
    ]
    for typed in ("%", "_", "\\", "q001%"):
        assert volumes.listed(session, typed, before=None, limit=9) == []
    assert volumes.counts(session) == {"volumes": 5, "folders": 5}


def test_the_plan_is_founded_once(session: Session) -> None:
    again = categories.found(session, "Q001", "another name", at=NOON)
    assert again.name == "测试公司"
    plan = categories.plan(session)
    assert [category.number for category in plan] == [1, 2, 3, 4, 5]
    for category in plan:
        assert [kind.position for kind in category.types] == list(range(1, len(category.types) + 1))


def test_the_type_of_a_kind_of_paper_is_suggested(session: Session) -> None:
    for kind in ("licence", "contract", "invoice", "waybill"):
        suggested = categories.suggest_type(session, kind)
        assert suggested is not None
        assert suggested.kind == kind
    assert categories.suggest_type(session, "") is None
    assert categories.suggest_type(session, "nonsense") is None
