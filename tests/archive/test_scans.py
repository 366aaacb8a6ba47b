"""Scans: who has the scanner, how one goes on, and what a worker's end leaves."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from archive import batches, scans, users
from archive.base import ledger, web
from archive.base.ledger import HOUSE
from archive.scans import (
    NothingScanned,
    ScanJob,
    ScannerAtWork,
    ScanOver,
    ScanState,
    ScanUnderWay,
    Wanted,
)
from archive.users import Role
from tests.pages import Browser
from tests.people import NOON, PASSWORD, Cast, Visitor

GLASS = Wanted("test:0", "Noname frontend-tester", {"source": "Flatbed", "resolution": 300})
WORKER, OTHER = "here:1", "here:2"


def begun(session: Session, cast: Cast, wanted: Wanted = GLASS) -> ScanJob:
    return scans.begin(session, wanted, by=cast.clerk.actor, at=NOON)


def scanned(session: Session, cast: Cast, pages: int = 1) -> ScanJob:
    """A scan that waits for its clerk."""
    job = begun(session, cast)
    assert scans.claim(session, holder=WORKER, at=NOON) is job
    scans.came(job, pages, at=NOON)
    scans.settle(job, WORKER, pages, None, at=NOON)
    return job


def test_a_scanner_works_for_one_scan_at_a_time(session: Session, cast: Cast) -> None:
    job = begun(session, cast)
    with pytest.raises(ScannerAtWork):
        begun(session, cast)
    begun(session, cast, Wanted("test:1", "another one", {}))
    scans.claim(session, holder=WORKER, at=NOON)
    scans.stop(job, at=NOON)
    assert job.state == ScanState.WAITING
    # The clerk has stopped it, but the scanner has not come to rest.
    with pytest.raises(ScannerAtWork):
        begun(session, cast)
    with pytest.raises(ScanUnderWay):
        scans.more(session, job, at=NOON)
    scans.settle(job, WORKER, 2, None, at=NOON)
    assert begun(session, cast).id > job.id


def test_pages_come_until_the_clerk_finishes(session: Session, cast: Cast) -> None:
    job = scanned(session, cast)
    scans.more(session, job, at=NOON)
    assert scans.claim(session, holder=WORKER, at=NOON) is job
    with pytest.raises(ScanUnderWay):
        scans.finish(job, at=NOON)
    scans.settle(job, WORKER, 2, None, at=NOON)
    scans.finish(job, at=NOON)
    assert scans.claim(session, holder=WORKER, at=NOON) is job
    batch = batches.open_batch(session, source="scanner", by=cast.clerk.actor, at=NOON)
    scans.arrive(job, batch, at=NOON)
    assert (job.state, job.batch_id, job.holder) == (ScanState.FINISHED, batch.id, "")
    for step in (scans.stop, scans.finish):
        with pytest.raises(ScanOver):
            step(job, at=NOON)


def test_a_scan_without_a_page_cannot_be_finished(session: Session, cast: Cast) -> None:
    job = scanned(session, cast, pages=0)
    with pytest.raises(NothingScanned):
        scans.finish(job, at=NOON)


def test_what_broke_off_waits_with_its_problem_until_it_goes_on(
    session: Session, cast: Cast
) -> None:
    job = begun(session, cast)
    scans.claim(session, holder=WORKER, at=NOON)
    scans.settle(job, WORKER, 3, {"text": "jam", "params": {}}, at=NOON)
    assert (job.state, job.pages) == (ScanState.WAITING, 3)
    assert job.problem == {"text": "jam", "params": {}}
    scans.more(session, job, at=NOON)
    assert job.problem is None


def test_a_cancelled_scan_stands_in_the_ledger_and_stays_cancelled(
    session: Session, cast: Cast
) -> None:
    job = begun(session, cast)
    scans.claim(session, holder=WORKER, at=NOON)
    scans.cancel(session, job, by=cast.clerk.actor, at=NOON)
    assert scans.needed(session) == {job.id}, "its worker still writes there"
    scans.settle(job, WORKER, 4, None, at=NOON)
    assert job.state == ScanState.CANCELLED
    assert scans.needed(session) == set()
    assert [row.action for row in ledger.history(session, job.subject)] == ["scan.cancelled"]
    with pytest.raises(ScanOver):
        scans.cancel(session, job, by=cast.clerk.actor, at=NOON)


def test_two_workers_never_have_one_scan_or_one_scanner(session: Session, cast: Cast) -> None:
    first, second = begun(session, cast), begun(session, cast, Wanted("test:1", "other", {}))
    assert scans.claim(session, holder=WORKER, at=NOON) is first
    assert scans.claim(session, holder=OTHER, at=NOON) is second
    assert scans.claim(session, holder=OTHER, at=NOON) is None
    scans.settle(first, OTHER, 9, None, at=NOON)
    assert (first.state, first.pages) == (ScanState.SCANNING, 0), "not its own to settle"


def test_a_worker_that_is_gone_leaves_the_scan_to_its_clerk(session: Session, cast: Cast) -> None:
    job = begun(session, cast)
    scans.claim(session, holder=WORKER, at=NOON)
    scans.came(job, 5, at=NOON)
    scans.release(session, lambda _: False, at=NOON + timedelta(minutes=1))
    assert job.state == ScanState.SCANNING
    scans.release(session, lambda holder: holder == WORKER, at=NOON)
    assert (job.state, job.pages, job.holder) == (ScanState.WAITING, 5, "")
    assert job.problem and job.problem["text"] == scans.BROKEN_OFF


def test_a_silent_worker_of_another_machine_counts_as_gone(session: Session, cast: Cast) -> None:
    job = scanned(session, cast)
    scans.finish(job, at=NOON)
    scans.claim(session, holder=WORKER, at=NOON)
    scans.release(session, lambda _: False, at=NOON + scans.PATIENCE + timedelta(seconds=1))
    assert scans.claim(session, holder=OTHER, at=NOON) is job


def test_what_a_clerk_scanned_last_is_remembered_by_scanner(session: Session, cast: Cast) -> None:
    assert scans.last_of(session, cast.clerk.actor) is None
    first, second = begun(session, cast), begun(session, cast, Wanted("test:1", "other", {}))
    assert scans.last_of(session, cast.clerk.actor) is second
    assert scans.last_of(session, cast.clerk.actor, "test:0") is first
    assert scans.last_of(session, cast.archivist.actor) is None


def test_another_clerks_scan_is_ended_by_a_keeper_alone(
    app: Flask, house: web.House, staffed: Cast
) -> None:
    with house.database.writing() as session:
        other = users.create(
            session, login="qian", name="钱进", password=users.hashed(PASSWORD), role=Role.CLERK,
            by=HOUSE, at=NOON,
        )  # fmt: skip
        number = scanned(session, staffed).id
    for deed in ("more", "stop", "finish", "cancel"):
        reply = Visitor(app, other).post(f"/scans/{number}/{deed}")
        assert (reply.status, reply.data["error"].split(".")[0]) == (403, "This scan is 陈静's")
    assert "Cancel" not in Browser(app, other).get(f"/scans/{number}").text
    assert "Cancel" in Browser(app, staffed.clerk).get(f"/scans/{number}").text
    assert Visitor(app, staffed.clerk).post(f"/scans/{number}/stop").status == 200
    told = Visitor(app, staffed.archivist).post(f"/scans/{number}/cancel")
    assert (told.status, told.data["state"]) == (200, "cancelled")
