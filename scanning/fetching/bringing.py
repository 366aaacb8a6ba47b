"""Bringing in: files that came together are kept and become a batch's originals, in one commit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from filelock import FileLock, Timeout
from sqlalchemy.orm import Session

from archive import access, documents, sources, users
from archive.base import web
from archive.base.db import now
from archive.base.errors import Refusal
from archive.base.files import Kept
from archive.base.ledger import HOUSE, Actor
from archive.base.terminal import catalogue, said_by
from archive.batches import Batch
from archive.sources import Problem
from scanning.devices.errors import NothingCame
from scanning.errors import Unreadable


@dataclass(frozen=True)
class Brought:
    """A file as it came: its bytes and its name."""

    source: BinaryIO
    name: str


def bring(
    house: web.House,
    files: Sequence[Brought],
    batch: Callable[[Session], Batch],
    *,
    source: str,
    by: Actor,
) -> int:
    """Keep the files; how many of them are new. Their batch is opened if there is one.

    All of it is one commit: after a crash the same files come again, whole, and once.

    Raises:
        NoRoom, Busy: it cannot be kept now.
    """
    kept = [(house.files.keep(file.source), file.name) for file in files]
    with house.database.writing() as session:
        fresh = _receive(session, house, kept, batch, source, by)
    if fresh:
        house.queue.nudge("open")
    return fresh


def _receive(
    session: Session,
    house: web.House,
    kept: Sequence[tuple[Kept, str]],
    batch: Callable[[Session], Batch],
    source: str,
    by: Actor,
) -> int:
    new = [one for one in kept if documents.of_original(session, one[0].sha256) is None]
    opened = batch(session) if new else None
    received = [
        documents.receive(
            session, file, name, engine=house.settings.engine, by=by, at=now(), source=source,
            batch=opened,
        )
        for file, name in new
    ]  # fmt: skip
    return sum(is_new for _, is_new in received)


def whose(session: Session, login: str) -> Actor:
    """The clerk whose papers a source brings; the house's own where none is set.

    Raises:
        NoSuchLogin, NotAllowed: the setting names nobody who may receive papers.
    """
    if not login:
        return HOUSE
    return access.require(users.by_login(session, login), "papers.receive").actor


def told(problem: NothingCame | Unreadable | Refusal) -> Problem:
    """A refusal as a record keeps it."""
    return {"text": problem.text, "params": problem.params}


def in_words(house: web.House, problem: NothingCame | Unreadable | Refusal) -> str:
    """A refusal in the house's own language, for those who find it beside a file."""
    return said_by(catalogue(house.settings.language).gettext, problem)


class Post:
    """The one worker of all that looks at a source, and what it found there."""

    def __init__(self, house: web.House, source: str) -> None:
        self._house, self._source = house, source
        # Of the process, not of a thread: now this one does the duty, now that.
        self._lock = FileLock(house.settings.data / f"{source}.lock", thread_local=False)

    def is_ours(self) -> bool:
        """Whether this worker is the one; from then on, until its end."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        # Held once, however often it is asked.
        if self._lock.lock_counter > 1:
            self._lock.release()
        return True

    def close(self) -> None:
        self._lock.release(force=True)

    def note(self, problem: Problem | None) -> None:
        """Note a look, if it tells anything new."""
        at: datetime = now()
        with self._house.database.reading() as session:
            if not sources.is_worth_noting(session, self._source, problem, at=at):
                return
        with self._house.database.writing() as session:
            sources.note_look(session, self._source, problem, at=at)

    def note_left_out(self, problem: Problem) -> None:
        with self._house.database.writing() as session:
            sources.note_left_out(session, self._source, problem, at=now())
