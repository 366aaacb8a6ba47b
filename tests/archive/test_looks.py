"""Papers alike are found by their keys: from the index, and with bounded work, however many."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from archive import documents
from archive.documents import Document, Look, alike
from tests import stock

ROWS = 200_000
PER_PAPER = 4
FORM = 0x5A5A_0F0F_3C3C_1234
MOST_READ = 10 * alike.MOST_EXACT + 2 * alike.MOST_NEAR


def likeness_of(bits: int) -> int:
    """64 bits as a signed number."""
    return bits - (1 << 64) if bits >> 63 else bits


def paper(session: Session, name: str, bits: int, *numbers: str) -> Document:
    """A paper that was read and looks like this."""
    document = stock.read(session, name, name)
    documents.page_of(session, document, 1).likeness = likeness_of(bits)
    documents.note_looks(session, document, numbers)
    session.flush()
    return document


def crowd(session: Session, *, of_one_form: bool) -> None:
    """Papers by the ten thousand: all different, or all of one form to within two bits."""
    chance, first = random.Random(7), stock.read(session, "crowd.pdf", "x")
    last = first.id + ROWS // PER_PAPER
    told = {"original_id": first.original_id, "state": "read", "fields": {}, "guesses": {}}
    session.execute(insert(Document), [{"id": n, **told} for n in range(first.id + 1, last + 1)])
    rows = []
    for number in range(first.id + 1, last + 1):
        bits = chance.getrandbits(64)
        if of_one_form:
            bits = FORM ^ (1 << chance.randrange(64)) ^ (1 << chance.randrange(64))
        rows += [
            {"key": key, "document_id": number, "likeness": likeness_of(bits)}
            for key in alike._keys(bits)
        ]
    session.execute(insert(Look), rows)
    session.execute(text("ANALYZE"))
    if session.connection().dialect.name == "postgresql":
        # Its own numbers follow the rows that were just inserted.
        top = "(SELECT max(id) FROM document)"
        session.execute(text(f"SELECT setval('document_id_seq', {top})"))


@contextmanager
def listening(session: Session) -> Iterator[list[tuple[str, Any]]]:
    """What the database is asked of looks meanwhile."""
    asked: list[tuple[str, Any]] = []
    connection = session.connection()

    def note(_conn: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if "FROM look" in statement and "LIMIT" in statement:
            asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    yield asked
    event.remove(connection, "before_cursor_execute", note)


def plan(session: Session, statement: str, parameters: Any) -> str:
    """How the database answers a question."""
    connection = session.connection()
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    steps = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
    return "\n".join(str(step) for step in steps)


def rows_of(session: Session, statement: str, parameters: Any) -> int:
    return len(session.connection().exec_driver_sql(statement, parameters).all())


@pytest.mark.parametrize("of_one_form", [False, True], ids=["all different", "all of one form"])
def test_among_fifty_thousand_papers_the_key_is_looked_up_and_few_rows_are_read(
    session: Session, of_one_form: bool
) -> None:
    crowd(session, of_one_form=of_one_form)
    first = paper(session, "first.pdf", FORM, "20240417003", "91320281")
    again = paper(session, "again.pdf", FORM ^ 0b111, "20240417003", "91320281")
    with listening(session) as asked:
        found = documents.lookalikes(session, again)
    assert found[0].document_id == first.id
    assert len(asked) == 3
    assert sum(rows_of(session, *one) for one in asked) <= MOST_READ
    for one in asked:
        steps = plan(session, *one)
        if session.connection().dialect.name == "sqlite":
            assert "look USING PRIMARY KEY (key=?)" in steps
            assert "SCAN look" not in steps
        else:
            assert "pk_look" in steps
            assert "Seq Scan on look" not in steps


@pytest.mark.parametrize("bits", [0, 3, 7, 11, 12])
def test_a_page_is_found_to_eleven_bits_wherever_they_lie(session: Session, bits: int) -> None:
    chance = random.Random(bits)
    one = paper(session, "one.pdf", FORM)
    for trial in range(12):
        spread = sum(1 << place for place in chance.sample(range(64), bits))
        other = paper(session, f"{trial}.pdf", FORM ^ spread)
        found = [page.document_id for page in documents.lookalikes(session, other)]
        assert (one.id in found) is (bits <= alike.ALIKE_BITS)
        documents.note_looks(session, other, ())
        documents.page_of(session, other, 1).likeness = None
        documents.note_looks(session, other, ())
        session.flush()
