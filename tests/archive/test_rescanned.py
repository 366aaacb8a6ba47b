"""A better scan takes the place of the older one, which is kept, and everything can be undone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from archive import batches, documents, users
from archive.base import ledger
from archive.base.errors import Refusal
from archive.base.ledger import HOUSE, Actor
from archive.documents import Document, State
from tests import stock
from tests.people import NOON, hire

LATER = NOON + timedelta(hours=1)
OLD = ("合同 第一页", "合同 第二页")
NEW = ("合同 清晰的第一页", "合同 清晰的第二页")


@pytest.fixture
def filed(session: Session) -> Document:
    """A contract of two pages in its volume."""
    return stock.file(session, stock.read(session, "old.pdf", *OLD))


@pytest.fixture
def scan(session: Session, filed: Document) -> Document:
    """The same contract scanned again."""
    return stock.read(
        session, "new.pdf", *NEW, fields={"title": {"value": "采购合同", "page": 1}}
    )  # fmt: skip


def attach(session: Session, document: Document, scan: Document, **told: Any) -> int:
    return documents.attach_better_scan(session, document, scan, by=HOUSE, at=LATER, **told)


def undo(session: Session, document: Document) -> Document:
    return documents.undo_better_scan(session, document, by=HOUSE, at=LATER)


def everything(document: Document) -> dict[str, Any]:
    """All that the record says."""
    return {column.key: getattr(document, column.key) for column in Document.__table__.columns}


def test_a_filed_paper_shows_the_better_scan_and_keeps_its_place(
    session: Session, filed: Document, scan: Document
) -> None:
    code, title, original = filed.code, filed.title, scan.original.sha256
    attach(session, filed, scan)
    assert documents.page_texts(session, filed) == list(NEW)
    assert (filed.state, filed.code, filed.title) == (State.FILED, code, title)
    assert filed.original.sha256 == original
    assert documents.is_whole(session, filed)
    assert [page.original.file_name for page in documents.leaves(session, filed)] == ["new.pdf"] * 2


def test_the_older_scan_is_kept_page_for_page_and_in_no_list(
    session: Session, filed: Document, scan: Document
) -> None:
    attach(session, filed, scan)
    assert scan.state == State.OLDER
    assert documents.page_texts(session, scan) == list(OLD)
    assert [page.number for page in documents.leaves(session, scan)] == [1, 2]
    assert documents.inbox(session, before=None, limit=10) == []
    assert documents.counts(session) == {}
    assert filed.older_scans == [scan]


def test_both_and_the_volume_tell_of_it_in_one_row(
    session: Session, filed: Document, scan: Document
) -> None:
    attach(session, filed, scan)
    assert filed.volume is not None
    told = [ledger.history(session, one.subject)[0] for one in (filed, scan, filed.volume)]
    first = told[0]
    assert {row.id for row in told} == {first.id}
    assert first.action == "document.rescanned"
    assert (first.data["older"], first.data["pages"], first.data["before"]) == (scan.id, 2, 2)


def test_undone_it_is_as_before(session: Session, filed: Document, scan: Document) -> None:
    before = everything(filed), everything(scan)
    attach(session, filed, scan)
    session.flush()
    assert undo(session, filed) is scan
    session.flush()
    assert (everything(filed), everything(scan)) == before
    assert documents.page_texts(session, filed) == list(OLD)
    assert documents.page_texts(session, scan) == list(NEW)


def test_one_may_follow_another_and_the_newest_is_undone_first(
    session: Session, filed: Document, scan: Document
) -> None:
    attach(session, filed, scan)
    third = stock.read(session, "third.pdf", "第三次 一", "第三次 二")
    documents.attach_better_scan(session, filed, third, by=HOUSE, at=LATER + timedelta(hours=1))
    assert undo(session, filed) is third
    assert documents.page_texts(session, filed) == list(NEW)
    assert undo(session, filed) is scan
    with pytest.raises(documents.NoOlderScan):
        undo(session, filed)


def test_whoever_compared_with_another_scan_than_is_shown_now_is_told(
    session: Session, filed: Document, scan: Document
) -> None:
    third = stock.read(session, "third.pdf", "第三次 一", "第三次 二")
    attach(session, filed, scan, seen=0)
    session.flush()
    with pytest.raises(documents.OtherScanShown):
        attach(session, filed, third, seen=0)
    documents.attach_better_scan(
        session, filed, third, by=HOUSE, at=LATER + timedelta(hours=1), seen=scan.id
    )
    assert documents.undo_better_scan(session, filed, by=HOUSE, at=LATER, seen=third.id) is third
    session.flush()
    # The same click once more.
    with pytest.raises(documents.OtherScanShown):
        documents.undo_better_scan(session, filed, by=HOUSE, at=LATER, seen=third.id)
    assert documents.page_texts(session, filed) == list(NEW)


def test_a_paper_of_the_inbox_takes_what_the_better_scan_suggests(session: Session) -> None:
    first = stock.read(session, "old.pdf", "模糊", fields={"title": {"value": "模糊合司"}})
    scan = stock.read(session, "new.pdf", "清晰", fields={"title": {"value": "清晰合同"}})
    attach(session, first, scan)
    assert (first.state, first.title) == (State.READ, "清晰合同")
    assert list(documents.inbox(session, before=None, limit=10)) == [first]
    undo(session, first)
    assert (first.title, scan.title) == ("模糊合司", "清晰合同")


def test_a_paper_of_which_nothing_could_be_read_is_read_by_its_better_scan(
    session: Session, scan: Document
) -> None:
    lost = stock.open_pages(session, stock.receive(session, "lost.pdf"), 2)
    for _ in range(2):
        page = stock.claim(session)
        assert page is not None
        problem = {"text": "torn", "params": {}}
        documents.miss_page(session, page, stock.READER, problem, again=False)
        session.flush()
    stock.finish(session, lost)
    assert lost.state == State.FAILED
    attach(session, lost, scan)
    assert (lost.state, lost.problem) == (State.READ, None)
    undo(session, lost)
    assert (lost.state, lost.problem) == (State.FAILED, {"text": "torn", "params": {}})


def test_corrections_stay_with_the_scan_they_were_made_on_and_are_counted(
    session: Session, filed: Document, scan: Document
) -> None:
    page = documents.page_of(session, filed, 2)
    documents.correct(session, filed, page, 1, "改过", saw=OLD[1], by=HOUSE, at=NOON)
    assert documents.corrections(session, filed) == 1
    assert attach(session, filed, scan) == 1
    assert documents.page_texts(session, filed) == list(NEW)
    assert documents.page_texts(session, scan) == [OLD[0], "改过"]
    undo(session, filed)
    assert documents.page_texts(session, filed) == [OLD[0], "改过"]


def test_another_number_of_pages_is_asked_about_and_counted_in_the_volume(
    session: Session, filed: Document
) -> None:
    assert filed.volume is not None
    longer = stock.read(session, "longer.pdf", *NEW, "附件")
    with pytest.raises(documents.OtherPageCount):
        attach(session, filed, longer)
    attach(session, filed, longer, pages_differ=True)
    assert (filed.pages_total, filed.volume.pages) == (3, 3)
    undo(session, filed)
    assert (filed.pages_total, filed.volume.pages) == (2, 2)


def test_what_is_filed_or_unread_or_the_same_is_no_better_scan(
    session: Session, filed: Document, scan: Document
) -> None:
    other = stock.file(session, stock.read(session, "other.pdf", "甲", "乙"), number="2")
    waiting = stock.open_pages(session, stock.receive(session, "waiting.pdf"), 2)
    refusals: tuple[tuple[Document, Document, type[Refusal]], ...] = (
        (filed, filed, documents.NotWithItself),
        (filed, other, documents.ScanIsFiled),
        (filed, waiting, documents.BeingRead),
        (waiting, scan, documents.BeingRead),
    )
    for document, better, refusal in refusals:
        with pytest.raises(refusal):
            attach(session, document, better, pages_differ=True)


def test_a_paper_in_another_clerks_hand_is_left_alone(
    session: Session, filed: Document, scan: Document
) -> None:
    cast = hire(session)
    me, other = (Actor(one.id, one.name) for one in (cast.clerk, cast.archivist))
    documents.take(session, scan, by=other, at=LATER)
    with pytest.raises(documents.InOtherHands):
        documents.attach_better_scan(session, filed, scan, by=me, at=LATER)
    assert users.by_id(session, scan.taken_by_id or 0).name == cast.archivist.name


def test_an_older_scan_is_neither_filed_nor_corrected_nor_attached(
    session: Session, filed: Document, scan: Document
) -> None:
    attach(session, filed, scan)
    third = stock.read(session, "third.pdf", *NEW)
    page = documents.page_of(session, scan, 1)
    refused = (
        lambda: stock.file(session, scan),
        lambda: documents.take(session, scan, by=HOUSE, at=LATER),
        lambda: documents.put_away(session, scan, by=HOUSE, at=LATER),
        lambda: documents.retry(session, scan, by=HOUSE, at=LATER),
        lambda: documents.read_page_again(session, scan, page, by=HOUSE, at=LATER),
        lambda: documents.correct(session, scan, page, 1, "改", saw=OLD[0], by=HOUSE, at=LATER),
        lambda: attach(session, scan, third),
        lambda: attach(session, third, scan),
    )
    for deed in refused:
        with pytest.raises(documents.OlderScan, match="设备采购合同"):
            deed()


def test_an_older_scan_waits_for_nobody(session: Session) -> None:
    first = stock.read(session, "old.pdf", "模糊")
    scan = stock.read(session, "new.pdf", "清晰")
    attach(session, first, scan)
    session.flush()
    old, new = (batches.by_id(session, one.original.batch_id) for one in (scan, first))
    far = documents.progress_of(session, [old, new])
    assert (far[old.id].documents, far[new.id].documents) == ({"older": 1}, {"read": 1})
    assert (far[old.id].is_settled, far[new.id].is_settled) == (True, False)
    assert documents.unbacked(session) is first
    documents.back(session, first, "contract", {})
    session.flush()
    assert documents.unbacked(session) is None
    assert documents.unfinished(session) == []
    stock.file(session, first)
    assert documents.take_next(session, after=0, by=HOUSE, at=LATER) is None
    undo(session, first)
    session.flush()
    # Filed it stays; the better scan is a paper of its own, and is looked at a second time.
    assert documents.take_next(session, after=0, by=HOUSE, at=LATER) is scan
    assert scan.is_backed


def test_the_strip_keeps_the_older_pages_where_they_lie(
    session: Session, filed: Document, scan: Document
) -> None:
    old, new = filed.original.batch_id, scan.original.batch_id
    attach(session, filed, scan)
    for number, home in ((old, scan), (new, filed)):
        batch = batches.by_id(session, number)
        strip = documents.strip_of(documents.pages_of(session, batch))
        assert [leaf.document for leaf in strip] == [home.id] * 2
    with pytest.raises(documents.OlderScan):
        batch = batches.by_id(session, old)
        first = documents.pages_of(session, batch)[0].id
        documents.rearrange(
            session, batch, "turn", lambda now: documents.turn(now, first, 90), by=HOUSE, at=LATER
        )


def test_a_paper_that_keeps_an_older_scan_is_not_joined_away(session: Session) -> None:
    first = stock.read(session, "old.pdf", "一")
    stack = stock.read(session, "stack.pdf", "别的", "二")
    batch = batches.by_id(session, stack.original.batch_id)
    pages = [page.id for page in documents.pages_of(session, batch)]
    documents.rearrange(
        session, batch, "split", lambda now: documents.split(now, pages[1]), by=HOUSE, at=NOON
    )
    for one in documents.unfinished(session, limit=5):
        documents.finish_reading(session, one, "contract", {}, at=NOON)
    scan = documents.pages_of(session, batch)[1].document
    assert scan is not None
    attach(session, first, scan)
    with pytest.raises(documents.StandsForOlder):
        documents.rearrange(
            session, batch, "join", lambda now: documents.join(now, pages[1]), by=HOUSE, at=LATER
        )


def test_the_same_file_again_names_the_paper_that_shows_it_now(
    session: Session, filed: Document, scan: Document
) -> None:
    attach(session, filed, scan)
    assert stock.receive(session, "old.pdf", "old.pdf" + "".join(OLD)) is filed
    assert stock.receive(session, "new.pdf", "new.pdf" + "".join(NEW)) is filed
