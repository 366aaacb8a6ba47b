"""Scans (扫描): a stack on its way from a scanner into a batch, page by page.

    queued ──► scanning ──► waiting ──► finishing ──► finished
      ▲                       │ (for the clerk)
      └──────── more ─────────┘

Every scan that is not finished may be cancelled. The pages lie in a folder of the scan until its
end, so that neither a crash nor a closed browser loses one that was shown. Whatever broke off
waits with its problem: what came is good. A scanner works for one scan at a time: `holder` names
the worker that has it in hand, also for the moment between a clerk's stop and the scanner's own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from archive import access
from archive.base import ledger
from archive.base.db import Record
from archive.base.errors import N_, Conflict, NotAllowed, NotFound
from archive.base.ledger import HOUSE, Actor, Subject
from archive.batches import Batch
from archive.users import User

# No page takes so long: the worker of another machine that was silent for this long is gone.
PATIENCE = timedelta(minutes=30)
MOST_SHOWN = 20


class NoSuchScan(NotFound):
    text = N_("There is no scan with this number. Look at the scanners and begin one.")


class NotYourScan(NotAllowed):
    text = N_("This scan is %(name)s's. Ask them, or an archivist, to go on with it or to end it.")


class ScannerAtWork(Conflict):
    text = N_("This scanner is at work for another scan. Wait until that is done and start again.")


class ScanUnderWay(Conflict):
    text = N_("The scanner is still at work for this scan. Wait for it, or stop it first.")


class ScanOver(Conflict):
    text = N_("This scan has come to its end. Begin a new one.")


class NothingScanned(Conflict):
    text = N_("No page has come yet. Scan one, or cancel the scan.")


BROKEN_OFF = N_(
    "Scanning broke off because the server was restarted. The pages that came are kept: "
    "go on with the next one."
)


class ScanState(StrEnum):
    QUEUED = "queued"
    SCANNING = "scanning"
    WAITING = "waiting"
    FINISHING = "finishing"
    FINISHED = "finished"
    CANCELLED = "cancelled"


OVER = (ScanState.FINISHED, ScanState.CANCELLED)
# Written out the same here and in the query, so that the database sees that they fit.
UNFINISHED = "state NOT IN ('finished', 'cancelled')"
BUSY = (ScanState.QUEUED, ScanState.SCANNING, ScanState.FINISHING)


@dataclass(frozen=True)
class Wanted:
    """What is to be scanned. `settings` are the scanner's own, by name; `sheets` are those that
    the clerk counted in the hand. `batch` is the one whose backs these are, else it has its own."""

    device: str
    scanner: str
    settings: dict[str, Any]
    two_sided: bool = False
    name: str = ""
    sheets: int | None = None
    batch: int | None = None


class ScanJob(Record):
    """One stack, or the sheets laid on the glass one after another."""

    __tablename__ = "scan_job"
    __table_args__ = (
        Index("ix_scan_job_state", "state", "id"),
        Index("ix_scan_job_clerk", "clerk_id", "id"),
        # The few of many that are still to come to their end.
        Index(
            "ix_scan_job_unfinished",
            "id",
            sqlite_where=text(UNFINISHED),
            postgresql_where=text(UNFINISHED),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    device: Mapped[str] = mapped_column(String(300))
    # The scanner's name for people.
    scanner: Mapped[str] = mapped_column(String(300))
    settings: Mapped[dict[str, Any]]
    two_sided: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(200), default="")
    sheets: Mapped[int | None]
    state: Mapped[ScanState] = mapped_column(String(20))
    pages: Mapped[int] = mapped_column(default=0)
    problem: Mapped[dict[str, Any] | None]
    # Where its original is, or will be if it was begun for that batch.
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    begun_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    holder: Mapped[str] = mapped_column(String(200), default="")

    clerk: Mapped[User | None] = relationship()

    @property
    def subject(self) -> Subject:
        return Subject("scan", self.id)

    @property
    def actor(self) -> Actor:
        """Whose scan it is."""
        return self.clerk.actor if self.clerk else HOUSE

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY or (bool(self.holder) and self.state not in OVER)


def begin(session: Session, wanted: Wanted, *, by: Actor, at: datetime) -> ScanJob:
    """A scan that waits for its scanner. Raises ScannerAtWork."""
    if is_taken(session, wanted.device):
        raise ScannerAtWork
    job = ScanJob(
        clerk_id=by.id, device=wanted.device, scanner=wanted.scanner[:300],
        settings=wanted.settings, two_sided=wanted.two_sided, name=wanted.name.strip()[:200],
        sheets=wanted.sheets, batch_id=wanted.batch, state=ScanState.QUEUED, begun_at=at,
        moved_at=at,
    )  # fmt: skip
    session.add(job)
    session.flush()
    return job


def by_id(session: Session, number: int) -> ScanJob:
    """The scan with this id. Raises NoSuchScan."""
    found = session.get(ScanJob, number, options=[joinedload(ScanJob.clerk)])
    if found is None:
        raise NoSuchScan
    return found


def in_hand(session: Session, number: int, *, by: Actor) -> ScanJob:
    """The scan with this id, for whoever may say how it goes on: its clerk, or a keeper.

    Raises:
        NoSuchScan: there is none.
        NotYourScan: it is another clerk's.
    """
    job = by_id(session, number)
    if not may_direct(session, job, by):
        raise NotYourScan(name=job.actor.name)
    return job


def may_direct(session: Session, job: ScanJob, by: Actor) -> bool:
    """Whether this person may say how a scan goes on."""
    return job.clerk_id == by.id or access.may(session.get(User, by.id), "scans.direct")


def unfinished(session: Session) -> Sequence[ScanJob]:
    """Scans that are under way or wait for their clerk, the newest first."""
    query = select(ScanJob).where(text(UNFINISHED)).options(joinedload(ScanJob.clerk))
    return session.scalars(query.order_by(ScanJob.id.desc()).limit(MOST_SHOWN)).all()


def last_of(session: Session, clerk: Actor, device: str = "") -> ScanJob | None:
    """What this person scanned last, with this scanner or any: it is set the same way again."""
    query = select(ScanJob).where(ScanJob.clerk_id == clerk.id).order_by(ScanJob.id.desc())
    return session.scalar((query.where(ScanJob.device == device) if device else query).limit(1))


def is_taken(session: Session, device: str) -> bool:
    """Whether a scanner is at work, or about to be."""
    at_work = ScanJob.state.in_((ScanState.QUEUED, ScanState.SCANNING)) | (ScanJob.holder != "")
    query = select(ScanJob.id).where(ScanJob.device == device, at_work)
    return session.scalar(query.limit(1)) is not None


def more(session: Session, job: ScanJob, *, at: datetime) -> None:
    """Scan the next sheet from the glass, or the next stack.

    Raises:
        ScanOver, ScanUnderWay, ScannerAtWork: it cannot go on now.
    """
    _check_waiting(job)
    if is_taken(session, job.device):
        raise ScannerAtWork
    job.state, job.problem, job.moved_at = ScanState.QUEUED, None, at


def stop(job: ScanJob, *, at: datetime) -> None:
    """Let no more pages come; those that came stay. Raises ScanOver."""
    _check_open(job)
    if job.state in (ScanState.QUEUED, ScanState.SCANNING):
        job.state, job.moved_at = ScanState.WAITING, at


def finish(job: ScanJob, *, at: datetime) -> None:
    """Make one original of the pages that came.

    Raises:
        ScanOver, ScanUnderWay: it cannot be finished now.
        NothingScanned: there is no page.
    """
    _check_waiting(job)
    if not job.pages:
        raise NothingScanned
    job.state, job.problem, job.moved_at = ScanState.FINISHING, None, at


def cancel(session: Session, job: ScanJob, *, by: Actor, at: datetime) -> None:
    """Throw the pages away. Raises ScanOver where they are in the archive already."""
    _check_open(job)
    if job.state == ScanState.FINISHING:
        raise ScanOver
    job.state, job.moved_at = ScanState.CANCELLED, at
    ledger.record(
        session, "scan.cancelled", job.subject, by=by, at=at, device=job.scanner, pages=job.pages
    )


# The worker's part


def claim(session: Session, *, holder: str, at: datetime) -> ScanJob | None:
    """The scan whose turn it is: one to finish, else the oldest whose scanner is free."""
    waiting = select(ScanJob).where(ScanJob.holder == "").order_by(ScanJob.id)
    job = session.scalar(waiting.where(ScanJob.state == ScanState.FINISHING).limit(1))
    if job is None:
        held = select(ScanJob.device).where(ScanJob.holder != "")
        queued = waiting.where(ScanJob.state == ScanState.QUEUED, ScanJob.device.not_in(held))
        job = session.scalar(queued.limit(1))
        if job is None:
            return None
    take(job, holder=holder, at=at)
    return job


def take(job: ScanJob, *, holder: str, at: datetime) -> None:
    """A worker has the scan in hand."""
    if job.state == ScanState.QUEUED:
        job.state = ScanState.SCANNING
    job.holder, job.moved_at = holder, at


def came(job: ScanJob, pages: int, *, at: datetime) -> None:
    """Note how many whole pages lie in the folder."""
    job.pages, job.moved_at = pages, at


def settle(
    job: ScanJob, holder: str, pages: int, problem: dict[str, Any] | None, *, at: datetime
) -> None:
    """The scanner is free again; the clerk says how it goes on."""
    if job.holder != holder:
        return
    job.holder, job.pages, job.moved_at = "", pages, at
    if job.state not in OVER:
        job.state, job.problem = ScanState.WAITING, problem


def arrive(job: ScanJob, batch: Batch, *, at: datetime) -> None:
    """Its original is in the archive."""
    job.holder, job.batch_id, job.moved_at = "", batch.id, at
    job.state = ScanState.FINISHED


def release(session: Session, is_gone: Callable[[str], bool], *, at: datetime) -> Sequence[ScanJob]:
    """Free the scanners of workers that are no more; the scans that they had in hand."""
    held = session.scalars(select(ScanJob).where(ScanJob.holder != "")).all()
    left = [job for job in held if is_gone(job.holder) or job.moved_at < at - PATIENCE]
    for job in left:
        job.holder = ""
        if job.state == ScanState.SCANNING:
            job.state, job.problem = ScanState.WAITING, {"text": BROKEN_OFF, "params": {}}
    return left


def needed(session: Session) -> set[int]:
    """The scans whose folders are still needed."""
    query = select(ScanJob.id).where(ScanJob.state.not_in(OVER) | (ScanJob.holder != ""))
    return set(session.scalars(query))


def _check_open(job: ScanJob) -> None:
    if job.state in OVER:
        raise ScanOver


def _check_waiting(job: ScanJob) -> None:
    _check_open(job)
    if job.is_busy:
        raise ScanUnderWay
