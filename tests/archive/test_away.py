"""What is no paper for the archive leaves the inbox, and comes back to it as it was."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from archive import batches, documents
from archive.base import ledger
from archive.base.ledger import HOUSE
from archive.documents import (
    BeingRead,
    Document,
    FiledAlready,
    InOtherHands,
    JoinedAlready,
    NotPutAway,
    PutAway,
    Sought,
    State,
)
from tests import stock
from tests.people import NOON, hire


def failed(session: Session) -> Document:
    """A file that could not be opened."""
    document = stock.receive(session)
    documents.refuse(session, document, {"text": "The file is empty.", "params": {}}, at=NOON)
    return document


def inbox(session: Session, state: str = "") -> list[int]:
    found = documents.inbox(session, before=None, limit=50, sought=Sought(state=state))
    return [one.id for one in found]


def test_what_is_put_away_leaves_the_inbox_and_is_listed_apart(session: Session) -> None:
    document, other = failed(session), stock.read(session)
    documents.put_away(session, document, by=HOUSE, at=NOON)
    assert inbox(session) == [other.id]
    assert inbox(session, State.AWAY) == [document.id]
    assert documents.counts(session) == {"read": 1}
    assert ledger.history(session, document.subject)[0].action == "document.put_away"


@pytest.mark.parametrize("make", [failed, stock.read])
def test_what_is_brought_back_is_as_it_was(
    session: Session, make: Callable[[Session], Document]
) -> None:
    document = make(session)
    before = document.state
    documents.put_away(session, document, by=HOUSE, at=NOON)
    documents.bring_back(session, document, by=HOUSE, at=NOON)
    assert (document.state, inbox(session)) == (before, [document.id])
    assert ledger.history(session, document.subject)[0].action == "document.brought_back"
    with pytest.raises(NotPutAway):
        documents.bring_back(session, document, by=HOUSE, at=NOON)


def test_nothing_is_done_to_what_is_put_away(session: Session) -> None:
    document = stock.read(session)
    page = documents.page_of(session, document, 1)
    documents.put_away(session, document, by=HOUSE, at=NOON)
    other = stock.read(session, "other.pdf", "别的")
    when: dict[str, Any] = {"by": HOUSE, "at": NOON}
    refused = (
        lambda: documents.put_away(session, document, **when),
        lambda: stock.file(session, document),
        lambda: documents.take(session, document, **when),
        lambda: documents.retry(session, document, **when),
        lambda: documents.read_page_again(session, document, page, **when),
        lambda: documents.correct(session, document, page, 1, "改", saw=page.text, **when),
        lambda: documents.add_line(session, document, page, 0, "新", **when),
        lambda: documents.attach_better_scan(session, document, other, **when),
        lambda: documents.attach_better_scan(session, other, document, **when),
    )
    for deed in refused:
        with pytest.raises(PutAway):
            deed()
    assert (document.state, page.text) == (State.AWAY, "设备采购合同")


def test_what_is_put_away_waits_for_nobody(session: Session) -> None:
    document = stock.read(session)
    batch = batches.by_id(session, document.original.batch_id)
    assert documents.unbacked(session) is document
    documents.put_away(session, document, by=HOUSE, at=NOON)
    session.flush()
    assert documents.unbacked(session) is None
    assert documents.unfinished(session) == []
    assert documents.take_next(session, after=0, by=HOUSE, at=NOON) is None
    assert documents.progress_of(session, [batch])[batch.id].is_settled
    documents.bring_back(session, document, by=HOUSE, at=NOON)
    session.flush()
    assert not documents.progress_of(session, [batch])[batch.id].is_settled
    assert documents.take_next(session, after=0, by=HOUSE, at=NOON) is document


def test_the_pages_of_what_is_put_away_stay_with_it(session: Session) -> None:
    document = stock.read(session)
    page = documents.page_of(session, document, 1)
    documents.put_away(session, document, by=HOUSE, at=NOON)
    with pytest.raises(PutAway):
        documents.rearrange(
            session, page.original.batch, "turn", lambda strip: documents.turn(strip, page.id, 90),
            by=HOUSE, at=NOON, seen="",
        )  # fmt: skip


def test_only_what_waits_for_a_clerk_is_put_away(session: Session) -> None:
    for document, refusal in (
        (stock.receive(session, "a.pdf", "a"), BeingRead),
        (stock.file(session, stock.read(session)), FiledAlready),
    ):
        before = document.state
        with pytest.raises(refusal):
            documents.put_away(session, document, by=HOUSE, at=NOON)
        assert document.state == before


def test_what_has_no_pages_any_more_is_not_put_away(session: Session) -> None:
    document = stock.read(session)
    document.state = State.JOINED
    session.flush()
    with pytest.raises(JoinedAlready):
        documents.put_away(session, document, by=HOUSE, at=NOON)


def test_what_another_clerk_has_in_hand_is_not_put_away(session: Session) -> None:
    cast, document = hire(session), stock.read(session)
    documents.take(session, document, by=cast.clerk.actor, at=NOON)
    session.flush()
    with pytest.raises(InOtherHands):
        documents.put_away(session, document, by=cast.archivist.actor, at=NOON)
    documents.put_away(session, document, by=cast.clerk.actor, at=NOON)
    assert document.taken_by_id is None
