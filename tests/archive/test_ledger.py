"""The ledger: gapless, hash-chained, and any tampering named with its row."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone

import pytest
from sqlalchemy import TextClause, delete, insert, select, text, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from archive.base import ledger
from archive.base.db import Database
from archive.base.ledger import GENESIS, HOUSE, Actor, LedgerRow, LedgerSubject, Subject
from tests.people import NOON

FOLDER, VOLUME = Subject("folder", 7), Subject("volume", 3)
WANG = Actor(2, "王芳")


@pytest.fixture
def ten(session: Session) -> Session:
    """Ten rows about a folder, after the one that founds the fonds."""
    for number in range(10):
        ledger.record(
            session, "folder.shelved", FOLDER, VOLUME, by=WANG, at=NOON, place=f"K01-{number}"
        )
    session.commit()
    return session


def test_an_untouched_ledger_is_sound(ten: Session) -> None:
    verdict = ledger.verify(ten)
    assert verdict.data["head"] == verdict.head
    assert (verdict.rows, verdict.ok, verdict.first_bad) == (11, True, None)
    assert verdict.head == ledger.newest(ten, limit=1)[0].hash


def test_verifying_in_small_batches_says_the_same(ten: Session) -> None:
    assert ledger.verify(ten, batch=3) == ledger.verify(ten)


def test_an_empty_ledger_is_sound(database: Database) -> None:
    with database.reading() as session:
        assert ledger.verify(session) == ledger.Verdict(0, None, GENESIS)


TAMPERING: dict[str, tuple[int, Callable[[Session], object]]] = {
    "another time": (5, lambda s: s.execute(
        update(LedgerRow).where(LedgerRow.id == 5).values(at=NOON + timedelta(seconds=1)))),
    "another actor": (5, lambda s: s.execute(
        update(LedgerRow).where(LedgerRow.id == 5).values(actor="someone"))),
    "another account": (5, lambda s: s.execute(
        update(LedgerRow).where(LedgerRow.id == 5).values(actor_id=1))),
    "another action": (5, lambda s: s.execute(
        update(LedgerRow).where(LedgerRow.id == 5).values(action="folder.burnt"))),
    "other data": (5, lambda s: s.execute(
        text("UPDATE ledger SET body = replace(body, 'K01-3', 'K01-9') WHERE id = 5"))),
    "a body that is no JSON": (5, lambda s: s.execute(
        update(LedgerRow).where(LedgerRow.id == 5).values(body="?"))),
    "another hash": (5, lambda s: s.execute(
        update(LedgerRow).where(LedgerRow.id == 5).values(hash="0" * 64))),
    "a subject less": (5, lambda s: s.execute(
        delete(LedgerSubject).where(LedgerSubject.row_id == 5, LedgerSubject.kind == "volume"))),
    "a subject more": (5, lambda s: s.execute(
        insert(LedgerSubject).values(row_id=5, kind="document", ref=1))),
    "another subject": (5, lambda s: s.execute(
        update(LedgerSubject).where(LedgerSubject.row_id == 5, LedgerSubject.kind == "folder")
        .values(ref=8))),
    "a row removed": (5, lambda s: (
        s.execute(delete(LedgerSubject).where(LedgerSubject.row_id == 5)),
        s.execute(delete(LedgerRow).where(LedgerRow.id == 5)))),
    "the first row removed": (1, lambda s: (
        s.execute(delete(LedgerSubject).where(LedgerSubject.row_id == 1)),
        s.execute(delete(LedgerRow).where(LedgerRow.id == 1)))),
    "a row put at the end": (12, lambda s: s.execute(_copy_of_row(11, 12))),
    "a row put before the first": (0, lambda s: s.execute(_copy_of_row(11, 0))),
    "a row put far before the first": (-7, lambda s: s.execute(_copy_of_row(11, -7))),
}  # fmt: skip


def _copy_of_row(number: int, target: int) -> TextClause:
    rest = "at, actor_id, actor, action, body, hash FROM ledger"
    return text(
        f"INSERT INTO ledger (id, at, actor_id, actor, action, body, hash) "
        f"SELECT {target}, {rest} WHERE id = {number}"
    )


@pytest.mark.parametrize("how", TAMPERING)
def test_whatever_is_tampered_with_is_found_with_its_number(ten: Session, how: str) -> None:
    number, tamper = TAMPERING[how]
    tamper(ten)
    ten.commit()
    verdict = ledger.verify(ten)
    assert not verdict.ok
    assert verdict.first_bad == number


def test_a_row_that_was_altered_and_hashed_again_breaks_the_next_one(ten: Session) -> None:
    row, before = ten.get_one(LedgerRow, 5), ten.get_one(LedgerRow, 4)
    row.body = row.body.replace("K01-3", "K01-9")
    row.hash = ledger._hash(before.hash, row.body)
    ten.commit()
    assert ledger.verify(ten).first_bad == 6


def test_twenty_threads_writing_at_once_leave_no_gap(database: Database, session: Session) -> None:
    session.commit()

    def write(number: int) -> None:
        for turn in range(5):
            with database.writing() as own:
                ledger.record(own, "folder.shelved", FOLDER, by=HOUSE, at=NOON, n=number, turn=turn)

    with ThreadPoolExecutor(20) as crowd:
        list(crowd.map(write, range(20)))
    session.expire_all()
    numbers = session.scalars(select(LedgerRow.id).order_by(LedgerRow.id)).all()
    assert list(numbers) == list(range(1, 102))
    assert ledger.verify(session).ok


def test_a_change_that_is_undone_leaves_no_row_and_no_gap(
    database: Database, session: Session
) -> None:
    session.commit()
    with pytest.raises(ZeroDivisionError), database.writing() as own:
        ledger.record(own, "folder.shelved", FOLDER, by=HOUSE, at=NOON)
        raise ZeroDivisionError
    with database.writing() as own:
        assert ledger.record(own, "folder.shelved", FOLDER, by=HOUSE, at=NOON).id == 2


def test_a_things_history_holds_its_own_rows_the_newest_first(ten: Session) -> None:
    ledger.record(ten, "volume.opened", VOLUME, by=HOUSE, at=NOON)
    assert [row.id for row in ledger.history(ten, FOLDER)] == list(range(11, 1, -1))
    assert ledger.history(ten, VOLUME)[0].action == "volume.opened"
    assert ledger.history(ten, Subject("folder", 8)) == []


def test_a_history_is_paged_without_gap_or_repetition(ten: Session) -> None:
    first = ledger.history(ten, FOLDER, limit=4)
    second = ledger.history(ten, FOLDER, before=first[-1].id, limit=4)
    third = ledger.history(ten, FOLDER, before=second[-1].id, limit=4)
    assert [row.id for row in (*first, *second, *third)] == list(range(11, 1, -1))


def test_the_ledger_is_paged_and_followed(ten: Session) -> None:
    assert [row.id for row in ledger.newest(ten, limit=3)] == [11, 10, 9]
    assert [row.id for row in ledger.newest(ten, before=9, limit=3)] == [8, 7, 6]
    assert [row.id for row in ledger.after(ten, 8, 10)] == [9, 10, 11]
    assert ledger.head(ten) == 11


def test_the_same_moment_in_another_zone_is_the_same_row(session: Session) -> None:
    shanghai = NOON.astimezone(timezone(timedelta(hours=8)))
    row = ledger.record(session, "user.invited", by=HOUSE, at=shanghai)
    session.commit()
    session.expire_all()
    assert row.at == NOON
    assert ledger.verify(session).ok


def test_a_moment_without_its_zone_is_not_written(session: Session) -> None:
    with pytest.raises(StatementError, match="needs its zone"):
        ledger.record(session, "user.invited", by=HOUSE, at=NOON.replace(tzinfo=None))


def test_a_subject_named_twice_is_one_subject(session: Session) -> None:
    row = ledger.record(session, "labels.printed", FOLDER, FOLDER, by=HOUSE, at=NOON)
    assert row.subjects == ["folder:7"]
    assert ledger.verify(session).ok
