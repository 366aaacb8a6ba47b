"""Papers alike are found by their keys: from the index, and with bounded work, however many."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from archive import documents
from archive.documents import alike
from tests.looks import FORM, crowd, look_like, paper

SAME = "17003", "91320281"
KEYS = 4 + 2, 4 * (16 + 16 * 15 // 2)  # bands and numbers; what differs by a bit or two
MOST_READ = KEYS[0] * alike.MOST_EXACT + KEYS[1] * alike.MOST_NEAR


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


def test_among_many_papers_of_one_form_keys_are_looked_up_and_few_rows_are_read(
    session: Session,
) -> None:
    crowd(session)
    first = paper(session, "first.pdf", FORM, "20240417003", "91320281")
    again = paper(session, "again.pdf", FORM ^ 0b111, "20240417003", "91320281")
    with listening(session) as asked:
        found = documents.lookalikes(session, again)
    assert found[0][1].document_id == first.id
    assert len(asked) == 1 + -(-KEYS[1] // alike.AT_ONCE)
    assert sum(rows_of(session, *one) for one in asked) <= MOST_READ
    for one in asked:
        steps = plan(session, *one)
        if session.connection().dialect.name == "sqlite":
            assert steps.count("look USING PRIMARY KEY (key=?)") == alike.AT_ONCE
            assert "SCAN look" not in steps
        else:
            assert steps.count("pk_look") == alike.AT_ONCE
            assert "Seq Scan on look" not in steps


@pytest.mark.parametrize(("numbers", "seen"), [((), False), (("17003",), False), (SAME, True)])
def test_whose_picture_is_another_is_found_by_two_numbers(
    session: Session, numbers: tuple[str, ...], seen: bool
) -> None:
    one = paper(session, "one.pdf", FORM, *SAME)
    other = paper(session, "other.pdf", FORM ^ 0xFFFFF, *numbers)
    found = [page.document_id for _, page in documents.lookalikes(session, other)]
    assert (one.id in found) is seen


@pytest.mark.parametrize("bits", [0, 3, 7, 11, 12])
def test_a_page_is_found_to_eleven_bits_wherever_they_lie(session: Session, bits: int) -> None:
    chance = random.Random(bits)
    one, other = paper(session, "one.pdf", FORM), paper(session, "other.pdf", FORM)
    for _ in range(12):
        spread = sum(1 << place for place in chance.sample(range(64), bits))
        look_like(session, other, FORM ^ spread)
        found = [page.document_id for _, page in documents.lookalikes(session, other)]
        assert (one.id in found) is (bits <= alike.ALIKE_BITS)
