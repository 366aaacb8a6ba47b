"""Documents and their pages: received once, read by one at a time, filed under a number."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import documents
from archive.base import ledger
from archive.base.db import Database
from archive.base.files import Kept
from archive.base.ledger import HOUSE
from archive.documents import (
    MOST_ABANDONED,
    BeingRead,
    Document,
    FiledAlready,
    InOtherHands,
    NotADate,
    NothingToFile,
    NothingToRetry,
    NotYetRead,
    Page,
    PageState,
    State,
)
from tests import stock
from tests.people import NOON, hire

SLOW = {"text": "The page was not read within %(seconds)s seconds.", "params": {"seconds": 5}}


def test_the_same_bytes_are_one_document_whatever_their_name(session: Session) -> None:
    first = stock.receive(session, "a.pdf", "bytes")
    again, is_new = documents.receive(
        session,
        Kept(first.original.sha256, 1),
        "b.pdf",
        engine="x",
        by=HOUSE,
        at=NOON,
        source="upload",
    )
    assert (again, is_new) == (first, False)
    assert len(ledger.history(session, first.subject)) == 1


def test_the_same_bytes_sent_many_times_at_once_are_one_document(
    database: Database, session: Session
) -> None:
    session.commit()

    def send(_: int) -> int:
        with database.writing() as own:
            return stock.receive(own, "a.pdf", "bytes").id

    with ThreadPoolExecutor(8) as crowd:
        assert len(set(crowd.map(send, range(16)))) == 1


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\scans\\合同.pdf", "合同.pdf"),
        ("a\0b\r\nc\x1b[31m.pdf", "abc[31m.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("  .pdf ", ".pdf"),
        ("..", "?"),
        (".", "?"),
        ("/", "?"),
        ("", "?"),
        ("\udcff.pdf", ".pdf"),
        ("x" * 400 + ".pdf", "x" * 300),
    ],
)
def test_of_a_files_name_only_a_name_is_kept(session: Session, sent: str, kept: str) -> None:
    document, _ = documents.receive(
        session, Kept("0" * 64, 1), sent, engine="x", by=HOUSE, at=NOON, source="upload"
    )
    assert document.file_name == kept


def test_a_paper_goes_from_received_to_read_to_filed(session: Session) -> None:
    document = stock.receive(session)
    assert documents.unopened(session) == [document]
    stock.open_pages(session, document, 2)
    assert (document.state, document.pages_total) == (State.READING, 2)
    for text in ("one", "two"):
        page = stock.claim(session, "here:1")
        assert page is not None
        documents.attach_reading(session, page, "here:1", text, {})
        session.flush()
    assert documents.unfinished(session) == [document]
    documents.finish_reading(session, document, "contract", {}, at=NOON)
    assert documents.counts(session) == {"read": 1}
    assert documents.page_texts(session, document) == ["one", "two"]
    stock.file(session, document)
    assert documents.counts(session) == {}
    assert document.code.endswith("-ZY·KH·2·2024·D10-0001-001")
    told = [row.action for row in reversed(ledger.history(session, document.subject))]
    assert told == ["document.received", "document.read", "document.filed"]


def test_opening_twice_makes_no_page_twice(session: Session) -> None:
    document = stock.open_pages(session, stock.receive(session), 3)
    stock.open_pages(session, document, 3)
    assert len(session.scalars(select(Page)).all()) == 3


def test_page_one_of_every_paper_comes_before_page_two_of_any(session: Session) -> None:
    long = stock.open_pages(session, stock.receive(session, "long"), 3)
    short = stock.open_pages(session, stock.receive(session, "short"), 1)
    turns = []
    while page := stock.claim(session, "here:1"):
        turns.append((page.document_id, page.number))
    assert turns == [(long.id, 1), (short.id, 1), (long.id, 2), (long.id, 3)]


def test_two_readers_never_get_one_page(database: Database, session: Session) -> None:
    for number in range(3):
        stock.open_pages(session, stock.receive(session, f"{number}.pdf"), 20)
    session.commit()

    def take_all(reader: int) -> list[int]:
        taken: list[int] = []
        while True:
            with database.writing() as own:
                page = documents.claim_page(own, holder=f"here:{reader}", at=NOON)
            if page is None:
                return taken
            taken.append(page.id)

    with ThreadPoolExecutor(10) as crowd:
        taken = [page for pages in crowd.map(take_all, range(10)) for page in pages]
    assert len(taken) == 60
    assert len(set(taken)) == 60


def test_a_dead_readers_pages_wait_again_and_nobody_elses(session: Session) -> None:
    stock.open_pages(session, stock.receive(session), 3)
    dead = stock.claim(session, "here:1")
    alive = stock.claim(session, "here:2")
    assert sorted(documents.holders(session)) == ["here:1", "here:2"]
    documents.release(session, "here:1")
    session.flush()
    session.expire_all()
    assert dead is not None
    assert alive is not None
    assert (dead.state, alive.state) == (PageState.WAITING, PageState.CLAIMED)
    # It may be the page that killed its reader: the others come first.
    third = stock.claim(session, "here:2")
    assert third is not None
    assert third.number == 3
    assert stock.claim(session, "here:2") == dead


def test_a_page_whose_readers_are_gone_again_and_again_is_parked(session: Session) -> None:
    document = stock.open_pages(session, stock.receive(session), 1)
    for _ in range(MOST_ABANDONED):
        page = stock.claim(session, "here:1")
        assert page is not None
        documents.release(session, "here:1")
        session.flush()
    assert stock.claim(session) is None
    session.refresh(document)
    assert page is not None
    assert (page.state, document.pages_done) == (PageState.FAILED, 1)
    assert page.problem is not None
    assert page.problem["text"].startswith("Reading this page broke off")


def test_a_clerk_with_one_paper_does_not_wait_for_another_with_hundreds(session: Session) -> None:
    cast = hire(session)
    many, one = cast.clerk.actor, cast.archivist.actor
    for number in range(50):
        stock.open_pages(session, stock.receive(session, f"many {number}", by=many), 2)
    for _ in range(5):
        stock.claim(session)
    late = stock.open_pages(session, stock.receive(session, "late", by=one), 1)
    turns = [stock.claim(session) for _ in range(4)]
    assert late.id in [page.document_id for page in turns if page]


def test_a_claim_grows_old(session: Session) -> None:
    stock.open_pages(session, stock.receive(session), 2)
    stock.claim(session, "elsewhere:1")
    stock.claim(session, "elsewhere:2", NOON + timedelta(minutes=4))
    documents.release_older(session, timedelta(minutes=5), at=NOON + timedelta(minutes=6))
    assert list(documents.holders(session)) == ["elsewhere:2"]


def test_a_late_reading_after_a_lost_claim_is_dropped(session: Session) -> None:
    document = stock.open_pages(session, stock.receive(session), 1)
    page = stock.claim(session, "slow:1")
    assert page is not None
    documents.release(session, "slow:1")
    again = stock.claim(session, "quick:2")
    assert again == page
    assert not documents.attach_reading(session, page, "slow:1", "late", {})
    documents.miss_page(session, page, "slow:1", SLOW, again=False)
    assert documents.attach_reading(session, page, "quick:2", "in time", {})
    assert not documents.attach_reading(session, page, "quick:2", "twice", {})
    session.refresh(document)
    assert (document.pages_done, documents.page_texts(session, document)) == (1, ["in time"])


def miss(session: Session, *, again: bool) -> Page:
    page = stock.claim(session, "here:1")
    assert page is not None
    documents.miss_page(session, page, "here:1", SLOW, again=again)
    session.flush()
    return page


def test_a_page_that_fails_three_times_is_parked(session: Session) -> None:
    document = stock.open_pages(session, stock.receive(session), 1)
    for _ in range(3):
        assert documents.unfinished(session) == []
        page = miss(session, again=True)
    assert (page.state, page.tries, page.problem) == (PageState.FAILED, 3, SLOW)
    assert stock.claim(session, "here:1") is None
    documents.finish_reading(session, document, "other", {}, at=NOON)
    assert (document.state, document.problem) == (State.FAILED, SLOW)
    assert ledger.history(session, document.subject)[0].action == "document.failed"


def test_a_page_that_no_try_can_mend_is_parked_at_once(session: Session) -> None:
    stock.open_pages(session, stock.receive(session), 1)
    assert miss(session, again=False).state == PageState.FAILED


def test_one_lost_page_of_two_leaves_a_document_that_is_read_and_says_so(
    session: Session,
) -> None:
    document = stock.open_pages(session, stock.receive(session), 2)
    miss(session, again=False)
    page = stock.claim(session, "here:1")
    assert page is not None
    documents.attach_reading(session, page, "here:1", "two", {"lines": []})
    session.flush()
    documents.finish_reading(session, document, "other", {}, at=NOON)
    assert (document.state, document.problem) == (State.READ, SLOW)
    assert documents.page_texts(session, document) == ["", "two"]
    documents.retry(session, document, by=HOUSE, at=NOON)
    session.refresh(document)
    assert (document.state, document.pages_done, document.problem) == (State.READING, 1, None)
    assert miss(session, again=True).number == 1


def test_what_was_read_needs_no_other_try(session: Session) -> None:
    document = stock.read(session)
    with pytest.raises(NothingToRetry):
        documents.retry(session, document, by=HOUSE, at=NOON)
    stock.file(session, document)
    with pytest.raises(NothingToRetry):
        documents.retry(session, document, by=HOUSE, at=NOON)


def test_a_paper_in_hand_is_read_again_for_nobody_else(session: Session) -> None:
    cast = hire(session)
    document = stock.receive(session)
    documents.refuse(session, document, {"text": "Torn.", "params": {}}, at=NOON)
    documents.take(session, document, by=cast.clerk.actor, at=NOON)
    session.flush()
    with pytest.raises(InOtherHands, match=cast.clerk.name):
        documents.retry(session, document, by=cast.archivist.actor, at=NOON)
    documents.retry(session, document, by=cast.clerk.actor, at=NOON)
    assert document.state == State.RECEIVED


def test_a_filed_papers_unread_page_is_read_again_and_its_place_stays(session: Session) -> None:
    document = stock.open_pages(session, stock.receive(session), 2)
    for problem in (None, {"text": "Torn.", "params": {}}):
        page = stock.claim(session)
        assert page is not None
        if problem:
            documents.miss_page(session, page, stock.READER, problem, again=False)
        else:
            documents.attach_reading(session, page, stock.READER, "first", stock.reading("first"))
        session.flush()
    stock.finish(session, document)
    filed = stock.file(session, document)
    code = filed.code
    documents.retry(session, filed, by=HOUSE, at=NOON)
    with pytest.raises(BeingRead):
        documents.retry(session, filed, by=HOUSE, at=NOON)
    page = stock.claim(session)
    assert page is not None
    documents.attach_reading(session, page, stock.READER, "second", stock.reading("second"))
    session.flush()
    session.expire_all()
    assert list(documents.unfinished(session)) == [filed]
    documents.finish_reading(session, filed, "other", {}, at=NOON)
    assert (filed.state, filed.code, filed.kind) == (State.FILED, code, "contract")
    assert documents.page_texts(session, filed) == ["first", "second"]
    assert list(documents.unfinished(session)) == []


def test_a_file_without_a_page_takes_no_number(session: Session) -> None:
    document = stock.receive(session)
    documents.refuse(session, document, {"text": "Torn.", "params": {}}, at=NOON)
    with pytest.raises(NothingToFile):
        stock.file(session, document)
    assert (document.state, document.volume, document.item) == (State.FAILED, None, None)


def test_what_is_being_read_is_not_asked_for_twice(session: Session) -> None:
    document = stock.receive(session)
    with pytest.raises(BeingRead):
        documents.retry(session, document, by=HOUSE, at=NOON)


def test_an_original_that_is_no_paper_fails_and_may_be_tried_again(session: Session) -> None:
    document = stock.receive(session)
    problem = {"text": "The file is empty.", "params": {}}
    documents.refuse(session, document, problem, at=NOON)
    assert (document.state, document.problem) == (State.FAILED, problem)
    documents.retry(session, document, by=HOUSE, at=NOON)
    assert documents.unopened(session) == [document]


def test_a_paper_that_is_being_read_is_not_filed(session: Session) -> None:
    document = stock.receive(session)
    with pytest.raises(NotYetRead):
        stock.file(session, document)
    stock.open_pages(session, document)
    with pytest.raises(NotYetRead):
        stock.file(session, document)


def test_a_paper_that_could_not_be_read_is_filed_by_eye(session: Session) -> None:
    document = stock.open_pages(session, stock.receive(session))
    page = stock.claim(session)
    assert page is not None
    documents.miss_page(session, page, stock.READER, SLOW, again=False)
    session.flush()
    stock.finish(session, document)
    assert document.state == State.FAILED
    assert stock.file(session, document).code


def test_a_filed_paper_is_not_filed_again(session: Session) -> None:
    document = stock.file(session, stock.read(session))
    with pytest.raises(FiledAlready, match=document.code):
        stock.file(session, document)


def test_of_many_who_file_one_paper_at_once_one_does(database: Database, session: Session) -> None:
    document = stock.read(session)
    stock.party(session)
    session.commit()

    def file(_: int) -> bool:
        try:
            with database.writing() as own:
                stock.file(own, documents.by_id(own, document.id))
        except FiledAlready:
            return False
        return True

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(file, range(16))) == 1
    session.expire_all()
    assert session.get_one(Document, document.id).item == 1


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  ", ""),
        ("2024", "2024"),
        ("2024-05", "2024-05"),
        ("2024-5", "2024-05"),
        ("2024-2-5", "2024-02-05"),
        (" 2024-05-31 ", "2024-05-31"),
        ("2024-02-29", "2024-02-29"),
        ("２０２４－０５－３１", "2024-05-31"),
        ("2024年2月29日", "2024-02-29"),
        ("2024年5月", "2024-05"),
        ("2024年", "2024"),
        ("2024 年 5 月 31 日", "2024-05-31"),
        ("2024/5/31", "2024-05-31"),
        ("2024.5.31", "2024-05-31"),
    ],
)
def test_a_date_is_kept_as_exactly_as_it_is_known(typed: str, kept: str) -> None:
    assert documents.partial_date(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "2024年2月30日", "2023-02-29", "2024-13", "2024-0", "2024-00-10", "2024-5-0", "2024-5-32",
        "31.5.2024", "24-05-31", "0999", "3000", "2024-", "2024--5", "-2024", "2024-5-31-1",
        "2024年5日", "5月31日", "today", "二〇二四年", "2024-05-31T00:00", "2024\0", "٢٠٢٤",
        "2024-٥",
        "9" * 5000,
    ],
)  # fmt: skip
def test_a_day_that_never_was_is_refused(typed: str) -> None:
    with pytest.raises(NotADate) as refused:
        documents.partial_date(typed)
    assert len(str(refused.value)) < 200


def test_what_is_no_date_is_quoted_as_it_was_typed() -> None:
    with pytest.raises(NotADate, match="“31 May 2024” is not a date"):
        documents.partial_date(" 31 May 2024 ")


@given(st.text(alphabet="0123456789-年月日/. ２\0x", max_size=14))
def test_any_date_is_iso_or_refused(typed: str) -> None:
    try:
        kept = documents.partial_date(typed)
    except NotADate:
        return
    assert kept == "" or (kept.isascii() and len(kept) in (4, 7, 10))
    assert documents.partial_date(kept) == kept


def test_the_clerk_turns_from_paper_to_paper_and_begins_again_with_the_oldest(
    session: Session,
) -> None:
    made = [stock.read(session, f"{number}.pdf") for number in range(3)]
    stock.receive(session, "not read yet.pdf")

    def following(number: int) -> Document | None:
        return documents.take_next(session, after=number, by=HOUSE, at=NOON)

    assert following(made[0].id) == made[1]
    assert following(made[2].id) == made[0]
    for document in made:
        stock.file(session, document)
    assert following(made[2].id) is None


def test_the_inbox_is_paged_without_what_is_filed(session: Session) -> None:
    made = [stock.read(session, f"{number}.pdf") for number in range(6)]
    stock.file(session, made[2])
    first = documents.inbox(session, before=None, limit=3)
    second = documents.inbox(session, before=first[-1].id, limit=3)
    assert [*first, *second] == [made[5], made[4], made[3], made[1], made[0]]
    assert documents.counts(session) == {"read": 5}
