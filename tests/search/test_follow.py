"""The index follows the ledger: nothing is lost, whatever breaks between the two."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from archive import documents
from archive.base import ledger
from archive.base.db import Database
from archive.base.ledger import HOUSE, LedgerRow, LedgerSubject, Subject
from archive.documents import Document
from search.engines import Index, IndexBusy, IndexTorn, open_index
from search.entry import Question
from search.follow import BATCH, Follower, entry
from tests import stock
from tests.people import NOON

SOON = NOON + timedelta(seconds=1)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    opened = open_index(tmp_path / "index")
    yield opened
    opened.close()


@pytest.fixture
def follower(database: Database, index: Index) -> Follower:
    return Follower(database, index)


def follow(follower: Follower) -> None:
    while follower.step():
        pass


def found(index: Index, text: str) -> list[int]:
    return [hit.document for hit in index.search(Question(text=text)).hits]


def test_a_paper_is_found_once_it_is_read(
    session: Session, index: Index, follower: Follower
) -> None:
    document = stock.receive(session)
    session.commit()
    follow(follower)
    assert index.count() == 0
    stock.open_pages(session, document)
    page = stock.claim(session)
    assert page is not None
    documents.attach_reading(session, page, stock.READER, "设备采购合同", {"lines": []})
    session.flush()
    documents.finish_reading(session, document, "contract", {}, at=NOON)
    session.commit()
    follow(follower)
    assert found(index, "采购合同") == [document.id]


def test_a_filed_paper_is_found_by_code_number_party_and_category(
    session: Session, index: Index, follower: Follower
) -> None:
    document = stock.file(session, stock.read(session, "a.pdf", "总价 1000 元"))
    session.commit()
    follow(follower)
    for text in ("恒岳精密", "HY-2024-1", document.code, "a.pdf"):
        assert found(index, text) == [document.id], text
    assert index.search(Question(category="2", party=document.party_id)).total == 1
    assert index.search(Question(category="3")).total == 0
    assert index.search(Question(since="2024-06")).total == 0
    assert index.search(Question(kind="contract", until="2024-05-31")).total == 1


def test_what_is_read_once_more_is_not_found_meanwhile(
    session: Session, index: Index, follower: Follower
) -> None:
    document = stock.open_pages(session, stock.receive(session), 2)
    for text in ("第一页", ""):
        page = stock.claim(session)
        assert page is not None
        if text:
            documents.attach_reading(session, page, stock.READER, text, {"lines": []})
        else:
            problem: dict[str, Any] = {"text": "Torn.", "params": {}}
            documents.miss_page(session, page, stock.READER, problem, again=False)
        session.flush()
    documents.finish_reading(session, document, "other", {}, at=NOON)
    session.commit()
    follow(follower)
    assert found(index, "第一页") == [document.id]
    documents.retry(session, document, by=HOUSE, at=SOON)
    session.commit()
    follow(follower)
    assert found(index, "第一页") == []


def test_a_better_scan_is_found_in_place_of_the_older_one(
    session: Session, index: Index, follower: Follower
) -> None:
    known = stock.file(session, stock.read(session, "old.pdf", "旧扫描里的字"))
    scan = stock.read(session, "new.pdf", "新扫描里的字")
    documents.attach_better_scan(session, known, scan, by=HOUSE, at=SOON)
    session.commit()
    follow(follower)
    assert found(index, "新扫描里的字") == [known.id]
    assert found(index, "旧扫描里的字") == []
    documents.undo_better_scan(session, known, by=HOUSE, at=SOON)
    session.commit()
    follow(follower)
    assert found(index, "旧扫描里的字") == [known.id]
    assert found(index, "新扫描里的字") == [scan.id]


def test_many_rows_are_followed_in_batches_to_the_end(
    session: Session, index: Index, follower: Follower
) -> None:
    made = [stock.read(session, f"{number}.pdf", f"第{number}号合同").id for number in range(BATCH)]
    session.commit()
    # Each file opens a batch, comes in and is read; the filing plan came before them all.
    assert follower.behind() == 3 * BATCH + 1
    assert follower.step()
    assert follower.behind() == 2 * BATCH + 1
    follow(follower)
    assert (follower.behind(), index.count()) == (0, BATCH)
    assert found(index, "第7号合同") == [made[7]]


def test_following_again_changes_nothing(
    session: Session, index: Index, follower: Follower
) -> None:
    stock.read(session)
    session.commit()
    follow(follower)
    before = (index.bookmark(), index.count())
    assert not follower.step()
    assert (index.bookmark(), index.count()) == before


def test_a_deleted_index_is_written_again(
    session: Session, database: Database, tmp_path: Path
) -> None:
    document = stock.file(session, stock.read(session))
    session.commit()
    for _ in range(2):
        opened = open_index(tmp_path / "index")
        follow(Follower(database, opened))
        assert found(opened, "采购合同") == [document.id]
        opened.close()
        shutil.rmtree(tmp_path / "index")


def test_a_torn_index_is_written_again(
    session: Session, database: Database, tmp_path: Path
) -> None:
    document = stock.read(session)
    session.commit()
    opened = open_index(tmp_path / "index")
    follow(Follower(database, opened))
    opened.close()
    for file in (tmp_path / "index").rglob("*"):
        if file.is_file():
            file.write_bytes(b"torn" * 20)
    opened = open_index(tmp_path / "index")
    with pytest.raises(IndexTorn):
        found(opened, "采购合同")
    follow(Follower(database, opened))
    assert found(opened, "采购合同") == [document.id]
    opened.close()


def test_an_index_ahead_of_a_restored_database_begins_anew(
    session: Session, index: Index, follower: Follower
) -> None:
    kept, lost = stock.read(session, "kept.pdf", "留下"), stock.read(session, "lost.pdf", "丢失")
    session.commit()
    follow(follower)
    assert index.count() == 2
    for row in ledger.history(session, lost.subject):
        session.execute(delete(LedgerSubject).where(LedgerSubject.row_id == row.id))
        session.execute(delete(LedgerRow).where(LedgerRow.id == row.id))
    session.execute(delete(documents.Page).where(documents.Page.document_id == lost.id))
    session.execute(delete(Document).where(Document.id == lost.id))
    session.commit()
    follow(follower)
    assert found(index, "留下") == [kept.id]
    assert index.count() == 1


class Busy:
    """An index in which another process writes."""

    def bookmark(self) -> int:
        return 0

    def write(self, *_: object) -> None:
        raise IndexBusy(Path("index"))


def test_a_follower_leaves_when_another_writes(session: Session, database: Database) -> None:
    stock.read(session)
    session.commit()
    busy: Any = Busy()
    assert not Follower(database, busy).step()


def test_a_row_about_a_paper_that_is_no_more_is_passed(
    session: Session, index: Index, follower: Follower
) -> None:
    ledger.record(session, "document.read", Subject("document", 999), by=HOUSE, at=NOON)
    document = stock.read(session)
    session.commit()
    follow(follower)
    assert found(index, "采购合同") == [document.id]


def test_an_entry_holds_what_people_search_for(session: Session) -> None:
    box = [0, 0, 1, 1]
    fields = {
        "title": {"value": "设备采购合同", "confidence": 1, "page": 1, "box": box},
        "waybill_number": {"value": "SF123", "confidence": 1, "page": 1, "box": box},
        "signed_on": {"value": "2023-11-16", "confidence": 1, "page": 1, "box": box},
        "parties": {
            "value": [{"name": "甲公司", "role": "甲方"}], "confidence": 1, "page": 1, "box": box,
        },
        "nothing": {"value": None, "confidence": 0, "page": 1, "box": box},
    }  # fmt: skip
    document = stock.read(session, "scan.pdf", "文", fields=fields)
    told = entry(document, ["文"])
    assert told.title == "设备采购合同"
    assert told.dated == "2023-11-16"
    assert {"SF123", "甲公司", "scan.pdf"} <= set(told.names)
    assert all(told.names)
    assert (told.kind, told.category, told.party, told.code) == ("contract", "", None, "")


def test_the_date_of_the_filing_counts_more_than_the_suggested_one(session: Session) -> None:
    fields = {"signed_on": {"value": "2023-11-16", "confidence": 1, "page": 1, "box": None}}
    document = stock.file(session, stock.read(session, "a.pdf", "文", fields=fields))
    assert entry(document, ["文"]).dated == "2024-05-31"
