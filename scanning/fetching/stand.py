"""The scanner's stand: a scan from its first page to the original in its batch.

The pages of a scan lie in `scans/<id>` of the data folder until the original is in the archive.
"""

import logging
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from archive import batches, documents, scans
from archive.base import tasks, web
from archive.base.db import now
from archive.base.errors import N_, NoRoom, Refusal
from archive.base.files import Kept, refusing_full_disk
from archive.base.ledger import Actor
from archive.batches import Batch
from archive.documents import Document
from archive.scans import ScanJob, ScanState, Wanted
from archive.sources import Problem
from scanning.devices import scanners
from scanning.devices.errors import NothingCame, PageNotKept
from scanning.devices.offers import Settings
from scanning.devices.pages import secure, small
from scanning.errors import Unreadable
from scanning.fetching.bringing import told
from scanning.pdf.bound import bind

ASK_SECONDS = 1.0  # between two looks whether the clerk wants it stopped
HOLD_SECONDS = 60.0  # between two notes that a scan is still being bound; see scans.PATIENCE

log = logging.getLogger(__name__)


class PagesGone(Refusal):
    text = N_(
        "The pages of this scan cannot be read from the server's disk. "
        "Cancel it and scan the stack once more."
    )


class Stand:
    """The worker's part: scans what clerks want scanned, and finishes what they are done with."""

    def __init__(self, house: web.House, holder: str = "") -> None:
        self._house, self._database = house, house.database
        self._holder = holder or tasks.identity()
        self._is_closing = False

    def start(self) -> None:
        """Take up what an earlier worker left."""
        # A worker that just starts holds nothing, even if an earlier one had its number.
        self._tidy(lambda holder: holder == self._holder or tasks.is_gone(holder))

    def step(self) -> bool:
        """Go on with the scan whose turn it is."""
        with self._database.writing() as session:
            job = scans.claim(session, holder=self._holder, at=now())
        if job is None:
            self._tidy(tasks.is_gone)
            return False
        if job.state == ScanState.FINISHING:
            self._finish(job)
        else:
            self._scan(job)
        return not self._is_closing

    def scan_at_once(self, wanted: Wanted, *, by: Actor) -> tuple[ScanJob, Problem | None]:
        """Scan and finish in this thread; what came is kept, also where a problem ended it.

        Raises:
            ScannerAtWork: another scan has the scanner.
        """
        with self._database.writing() as session:
            job = scans.begin(session, wanted, by=by, at=now())
            scans.take(job, holder=self._holder, at=now())
        problem = self._scan(job)
        with self._database.writing() as session:
            job = scans.by_id(session, job.id)
            if not job.pages:
                scans.cancel(session, job, by=by, at=now())
                return job, problem
            scans.finish(job, at=now())
            scans.take(job, holder=self._holder, at=now())
        self._finish(job)
        with self._database.reading() as session:
            finished = scans.by_id(session, job.id)
            return finished, finished.problem or problem

    def close(self) -> None:
        """Let scanners stop."""
        self._is_closing = True

    def _tidy(self, is_gone: Callable[[str], bool]) -> None:
        """Free the scanners of workers that are gone, and drop the pages nobody needs any more."""
        # Listed first: a scan that begins meanwhile is none of these.
        lying = list(folder_of(self._house, 0).parent.glob("[0-9]*"))
        with self._database.writing() as session:
            for job in scans.release(session, is_gone, at=now()):
                scans.came(job, _count(folder_of(self._house, job.id)), at=now())
            needed = scans.needed(session)
        for folder in lying:
            if int(folder.name) not in needed:
                shutil.rmtree(folder, ignore_errors=True)

    def _scan(self, job: ScanJob) -> Problem | None:
        folder = folder_of(self._house, job.id)
        problem: Problem | None = None
        is_stopped = _NowAndThen(lambda: self._is_stopped(job), ASK_SECONDS)
        try:
            with refusing_full_disk():
                folder.mkdir(parents=True, exist_ok=True)
                scanners.scan(
                    job.device, Settings(**job.settings), folder,
                    lambda page: self._came(job, page), stop=is_stopped,
                )  # fmt: skip
        except (NothingCame, NoRoom) as trouble:
            problem = told(trouble)
        except OSError:
            # Else it would be scanning for ever, and its scanner taken.
            log.warning("A page of scan %s cannot be kept.", job.id, exc_info=True)
            problem = told(PageNotKept())
        if self._is_closing:
            problem = {"text": scans.BROKEN_OFF, "params": {}}
        self._settle(job, problem)
        return problem

    def _came(self, job: ScanJob, page: Path) -> None:
        """A page is shown when it is safe on the disk."""
        secure(page)
        small(page)
        with self._database.writing() as session:
            known = session.get_one(ScanJob, job.id)
            # Those behind it may lie there already, but are not safe yet.
            scans.came(known, scanners.pages_in(page.parent).index(page) + 1, at=now())

    def _is_stopped(self, job: ScanJob) -> bool:
        if self._is_closing:
            return True
        with self._database.reading() as session:
            return session.get_one(ScanJob, job.id).state != ScanState.SCANNING

    def _settle(self, job: ScanJob, problem: Problem | None) -> None:
        folder = folder_of(self._house, job.id)
        with self._database.writing() as session:
            known = session.get_one(ScanJob, job.id)
            scans.settle(known, self._holder, _count(folder), problem, at=now())
            is_over = known.state in scans.OVER
        if is_over:
            shutil.rmtree(folder, ignore_errors=True)

    def _finish(self, job: ScanJob) -> None:
        folder = folder_of(self._house, job.id)
        try:
            with refusing_full_disk():
                kept = self._bound(job, folder)
        except (NoRoom, Unreadable) as trouble:
            self._settle(job, told(trouble))
            return
        except OSError:
            # Else it would be finishing for ever, and nobody could cancel it.
            log.warning("Scan %s cannot be finished.", job.id, exc_info=True)
            self._settle(job, told(PagesGone()))
            return
        with self._database.writing() as session:
            if not self._has_in_hand(session, job):
                # Another worker took it up meanwhile: the scan is one original, in one batch.
                return
            self._receive(session, job, kept)
        self._house.queue.nudge("open")
        # Whoever tidies up just now may be removing it, too.
        shutil.rmtree(folder, ignore_errors=True)

    def _bound(self, job: ScanJob, folder: Path) -> Kept:
        target = folder / f"{secrets.token_hex(8)}.pdf"
        try:
            # Bound again after a crash, it has the same bytes.
            bind(self._pages(job, folder), target, f"scan {job.id} of {job.begun_at.isoformat()}")
            with target.open("rb") as source:
                return self._house.files.keep(source)
        finally:
            target.unlink(missing_ok=True)

    def _pages(self, job: ScanJob, folder: Path) -> Iterator[Path]:
        """The pages, one after another; a stack of a thousand takes its time."""
        hold = _NowAndThen(lambda: self._hold(job), HOLD_SECONDS)
        for page in scanners.pages_in(folder):
            hold()
            yield page

    def _hold(self, job: ScanJob) -> bool:
        """Say that the scan is in hand, so that no other worker takes it up."""
        with self._database.writing() as session:
            is_ours = self._has_in_hand(session, job)
            if is_ours:
                scans.take(session.get_one(ScanJob, job.id), holder=self._holder, at=now())
            return is_ours

    def _has_in_hand(self, session: Session, job: ScanJob) -> bool:
        known = session.get_one(ScanJob, job.id)
        return known.holder == self._holder and known.state == ScanState.FINISHING

    def _receive(self, session: Session, job: ScanJob, kept: Kept) -> Document:
        known, at = scans.by_id(session, job.id), now()
        by, source = known.actor, "scanner"
        batch = self._batch(session, known, at)
        document, _ = documents.receive(
            session, kept, f"{known.name or f'scan-{known.id}'}.pdf",
            engine=self._house.settings.engine, by=by, at=at, source=source, batch=batch,
        )  # fmt: skip
        scans.arrive(known, batch, at=at)
        return document

    def _batch(self, session: Session, job: ScanJob, at: datetime) -> Batch:
        """The batch it was begun for, else its own."""
        if job.batch_id:
            return batches.by_id(session, job.batch_id)
        return batches.open_batch(
            session, source="scanner", by=job.actor, at=at, name=job.name, sheets=job.sheets,
            two_sided=job.two_sided,
        )  # fmt: skip


class _NowAndThen:
    """Asks a question at most once in so many seconds; in between the answer is as before."""

    def __init__(self, question: Callable[[], bool], seconds: float) -> None:
        self._question, self._seconds = question, seconds
        self._said, self._asked_at = False, -seconds

    def __call__(self) -> bool:
        if time.monotonic() - self._asked_at >= self._seconds:
            self._said, self._asked_at = self._question(), time.monotonic()
        return self._said


def folder_of(house: web.House, number: int) -> Path:
    """Where the pages of a scan lie until it is finished."""
    return house.settings.data / "scans" / str(number)


def page_of(house: web.House, job: ScanJob, number: int) -> Path:
    """The small picture of the page that came as number `number`. Raises NoSuchScan."""
    try:
        pages = scanners.pages_in(folder_of(house, job.id))
        if not 1 <= number <= len(pages):
            raise scans.NoSuchScan
        return small(pages[number - 1])
    except FileNotFoundError as error:
        # It is in the archive by now, or thrown away.
        raise scans.NoSuchScan from error


def _count(folder: Path) -> int:
    return len(scanners.pages_in(folder)) if folder.is_dir() else 0
