"""Lending and taking back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import categories, circulation, parties, volumes
from archive.base import ledger
from archive.base.db import Database
from archive.circulation import AlreadyOut, BorrowerGone, DueInThePast, HoldsFolders, Loan, NotOut
from archive.users import User
from archive.volumes import Folder
from tests.people import NOON, Cast

TODAY = date(2026, 3, 2)
IN_TWO_WEEKS = TODAY + timedelta(days=14)


@pytest.fixture
def folder(session: Session, cast: Cast) -> Folder:
    """A folder on the shelf."""
    by = cast.clerk.actor
    party = parties.create(session, "上海远东国际贸易有限公司", by=by, at=NOON)
    category = categories.plan(session)[1]
    volume = volumes.taking(session, category, party, 2024, "D10", by=by, at=NOON)
    session.commit()
    return volumes.folders_of(session, volume)[0]


def lend(session: Session, folder: Folder, cast: Cast, due_on: date = IN_TWO_WEEKS) -> Loan:
    return circulation.check_out(
        session, folder, session.get_one(User, cast.reader.id),
        purpose="核对付款条款", due_on=due_on, today=TODAY,
        by=cast.archivist.actor, at=NOON,
    )  # fmt: skip


def test_a_lent_folder_is_with_its_borrower_until_it_comes_back(
    session: Session, cast: Cast, folder: Folder
) -> None:
    lend(session, folder, cast)
    current = circulation.open_loan(session, folder)
    assert current is not None
    assert current.borrower == cast.reader
    circulation.check_in(session, folder, by=cast.archivist.actor, at=NOON)
    assert circulation.open_loan(session, folder) is None


def test_a_folder_that_is_out_is_refused_with_the_holders_name(
    session: Session, cast: Cast, folder: Folder
) -> None:
    lend(session, folder, cast)
    with pytest.raises(AlreadyOut, match="李雷 has this folder until 2026-03-16"):
        lend(session, folder, cast)


def test_what_is_not_lent_cannot_be_taken_back(
    session: Session, cast: Cast, folder: Folder
) -> None:
    with pytest.raises(NotOut):
        circulation.check_in(session, folder, by=cast.archivist.actor, at=NOON)


def test_nothing_is_lent_until_yesterday(session: Session, cast: Cast, folder: Folder) -> None:
    with pytest.raises(DueInThePast):
        lend(session, folder, cast, due_on=TODAY - timedelta(days=1))


def test_a_closed_account_cannot_borrow(session: Session, cast: Cast, folder: Folder) -> None:
    with pytest.raises(BorrowerGone):
        circulation.check_out(
            session, folder, cast.stranger, purpose="?", due_on=IN_TWO_WEEKS, today=TODAY,
            by=cast.archivist.actor, at=NOON,
        )  # fmt: skip


def test_an_account_that_holds_a_folder_cannot_be_closed(
    session: Session, cast: Cast, folder: Folder
) -> None:
    lend(session, folder, cast)
    with pytest.raises(HoldsFolders, match="李雷 still holds folders"):
        circulation.close_account(session, cast.reader, by=cast.administrator.actor, at=NOON)


def test_lending_stands_in_the_history_of_folder_volume_and_borrower(
    session: Session, cast: Cast, folder: Folder
) -> None:
    lend(session, folder, cast)
    for subject in (folder.subject, folder.volume.subject, cast.reader.subject):
        assert ledger.history(session, subject)[0].action == "folder.checked_out"


def test_the_database_itself_lets_one_of_two_loans_win(
    session: Session, cast: Cast, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    loan = lend(session, folder, cast)
    # Whoever looked a moment before the other wrote sees a folder that is free.
    answers = iter([None, loan])
    monkeypatch.setattr(circulation, "open_loan", lambda *_: next(answers))
    with pytest.raises(AlreadyOut, match="李雷 has this folder"):
        lend(session, folder, cast)
    assert session.scalars(select(Loan)).all() == [loan]


@pytest.mark.slow
def test_of_two_hundred_who_take_one_folder_at_once_one_wins(
    database: Database, session: Session, cast: Cast, folder: Folder
) -> None:
    def take(_: int) -> bool:
        try:
            with database.writing() as own:
                lend(own, own.get_one(Folder, folder.id), cast)
        except AlreadyOut:
            return False
        return True

    session.commit()
    with ThreadPoolExecutor(40) as crowd:
        won = list(crowd.map(take, range(200)))
    assert sum(won) == 1
    session.expire_all()
    assert len(session.scalars(select(Loan)).all()) == 1
    assert ledger.verify(session).ok
