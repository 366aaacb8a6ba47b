"""Circulation (借阅): who holds a folder, since when, until when."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Select, String, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from archive import shelving, users
from archive.base import ledger
from archive.base.db import Record
from archive.base.errors import N_, Conflict, Invalid
from archive.base.ledger import Actor
from archive.users import User
from archive.volumes import Folder, Volume


class AlreadyOut(Conflict):
    text = N_("%(holder)s has this folder until %(due_on)s. Ask them, or wait for its return.")


class NotOut(Conflict):
    text = N_(
        "This folder is not out on loan: there is nothing to take back. Its place is %(home)s."
    )


class NotOutNorShelved(NotOut):
    text = N_(
        "This folder is not out on loan: there is nothing to take back. Give it a place on a shelf."
    )


class DueInThePast(Invalid):
    text = N_("The due date %(due_on)s is in the past. Choose a later day.")


class BorrowerGone(Invalid):
    text = N_("%(name)s has no active account and cannot borrow. Choose someone else.")


class HoldsFolders(Conflict):
    text = N_(
        "%(name)s still holds folders (%(count)s in all). Take them back, then close the account."
    )


class Loan(Record):
    """A folder outside its place, in someone's hands."""

    __tablename__ = "loan"
    __table_args__ = (
        # The database itself lets only one of two win.
        Index(
            "uq_loan_open",
            "folder_id",
            unique=True,
            sqlite_where=text("returned_at IS NULL"),
            postgresql_where=text("returned_at IS NULL"),
        ),
        Index("ix_loan_due", "returned_at", "due_on", "id"),
        Index("ix_loan_borrower", "borrower_id", "returned_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    folder_id: Mapped[int] = mapped_column(ForeignKey("folder.id"))
    borrower_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    purpose: Mapped[str] = mapped_column(String(300))
    lent_at: Mapped[datetime]
    lent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    due_on: Mapped[date]
    returned_at: Mapped[datetime | None]
    returned_to_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    note: Mapped[str] = mapped_column(String(500), default="")

    folder: Mapped[Folder] = relationship()
    borrower: Mapped[User] = relationship(foreign_keys=[borrower_id])

    def is_overdue(self, on: date) -> bool:
        return self.returned_at is None and self.due_on < on


def check_out(
    session: Session,
    folder: Folder,
    borrower: User,
    *,
    purpose: str,
    due_on: date,
    today: date,
    by: Actor,
    at: datetime,
) -> Loan:
    """Hand a folder to a borrower.

    Raises:
        AlreadyOut: someone has it.
        DueInThePast: the due day is before today.
        BorrowerGone: the borrower's account is closed.
    """
    if due_on < today:
        raise DueInThePast(due_on=due_on.isoformat())
    if not borrower.is_active:
        raise BorrowerGone(name=borrower.name)
    if current := open_loan(session, folder):
        raise AlreadyOut(holder=current.borrower.name, due_on=current.due_on.isoformat())
    loan = Loan(
        folder=folder,
        borrower=borrower,
        purpose=purpose.strip(),
        lent_at=at,
        lent_by_id=by.id,
        due_on=due_on,
    )
    _insert(session, loan)
    shelving.go_out(session, folder, borrower, reason=loan.purpose, by=by, at=at)
    ledger.record(
        session, "folder.checked_out", folder.subject, folder.volume.subject, borrower.subject,
        by=by, at=at, folder=folder.code, borrower=borrower.name, due_on=due_on.isoformat(),
        purpose=loan.purpose,
    )  # fmt: skip
    return loan


def check_in(session: Session, folder: Folder, *, note: str = "", by: Actor, at: datetime) -> Loan:
    """Take a folder back.

    Raises:
        NotOut: nobody has it.
    """
    loan = session.scalar(_open(folder).with_for_update(of=Loan))
    if loan is None:
        raise NotOut(home=folder.home.code) if folder.home else NotOutNorShelved
    loan.returned_at, loan.returned_to_id, loan.note = at, by.id, note.strip()
    shelving.come_back(session, folder, loan.borrower, reason=loan.note, by=by, at=at)
    ledger.record(
        session, "folder.returned", folder.subject, folder.volume.subject, loan.borrower.subject,
        by=by, at=at, folder=folder.code, borrower=loan.borrower.name, note=loan.note,
    )  # fmt: skip
    return loan


def open_loan(session: Session, folder: Folder) -> Loan | None:
    """Who has the folder now, if anyone."""
    return session.scalar(_open(folder))


def refuse_out(session: Session, folders: Iterable[Folder]) -> None:
    """Raises AlreadyOut where one of these folders is out: nobody can take a paper from it."""
    for loan in open_loans_of(session, folders).values():
        raise AlreadyOut(holder=loan.borrower.name, due_on=loan.due_on.isoformat())


def open_loans(
    session: Session, *, after: tuple[date, int] | None = None, limit: int = 50
) -> Sequence[Loan]:
    """Folders that are out, the soonest due first, after a given (due day, loan id)."""
    query = select(Loan).where(Loan.returned_at.is_(None))
    if after is not None:
        due_on, number = after
        later = (Loan.due_on > due_on) | ((Loan.due_on == due_on) & (Loan.id > number))
        query = query.where(later)
    shown = (
        joinedload(Loan.borrower),
        joinedload(Loan.folder).joinedload(Folder.volume).joinedload(Volume.party),
        joinedload(Loan.folder).joinedload(Folder.home),
        joinedload(Loan.folder).joinedload(Folder.present),
    )
    return session.scalars(query.options(*shown).order_by(Loan.due_on, Loan.id).limit(limit)).all()


def open_loans_of(session: Session, folders: Iterable[Folder]) -> dict[int, Loan]:
    """Which of these folders are out, and to whom, by the folder's id."""
    wanted = Loan.folder_id.in_([folder.id for folder in folders]) & Loan.returned_at.is_(None)
    found = session.scalars(select(Loan).where(wanted).options(joinedload(Loan.borrower)))
    return {loan.folder_id: loan for loan in found}


def count_out(session: Session, *, today: date) -> dict[str, int]:
    """How many folders are out, and how many of them are overdue."""
    out = select(func.count(Loan.id)).where(Loan.returned_at.is_(None))
    return {
        "out": session.scalar(out) or 0,
        "overdue": session.scalar(out.where(Loan.due_on < today)) or 0,
    }


def close_account(session: Session, user: User, *, by: Actor, at: datetime) -> None:
    """Close the account of someone who holds nothing.

    Raises:
        HoldsFolders: something is still out to them.
    """
    held = held_by(session, user)
    if held:
        raise HoldsFolders(name=user.name, count=len(held))
    users.close(session, user, by=by, at=at)


def held_by(session: Session, borrower: User) -> Sequence[Loan]:
    """What a person has now, the soonest due first."""
    query = select(Loan).where(Loan.borrower_id == borrower.id, Loan.returned_at.is_(None))
    shown = joinedload(Loan.folder).joinedload(Folder.volume)
    return session.scalars(query.options(shown).order_by(Loan.due_on, Loan.id)).all()


def _open(folder: Folder) -> Select[Loan]:
    open_one = (Loan.folder_id == folder.id) & Loan.returned_at.is_(None)
    return select(Loan).where(open_one).options(joinedload(Loan.borrower))


def _insert(session: Session, loan: Loan) -> None:
    try:
        with session.begin_nested():
            session.add(loan)
    except IntegrityError as error:
        winner = open_loan(session, loan.folder)
        if winner is None:
            raise
        raise AlreadyOut(holder=winner.borrower.name, due_on=winner.due_on.isoformat()) from error
