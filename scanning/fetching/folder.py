"""The watched folder: what is whole in it is received and moved to `done`.

A file at the top is a batch by itself, as it comes from a copier. Files in a folder are one batch
of that folder's name, as many as come on one day. A folder that is called like a clerk's log-in
name brings that clerk's papers.
"""

import logging
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from archive import batches, sources
from archive.base import web
from archive.base.db import now
from archive.base.errors import Refusal
from archive.base.ledger import Actor
from archive.batches import Batch
from scanning import originals
from scanning.devices.errors import FileChanged, FileGone, FileLocked, NothingCame, NotMoved
from scanning.devices.watched import Found, Watched
from scanning.errors import Unreadable
from scanning.fetching.bringing import Brought, Post, bring, in_words, told, whose

log = logging.getLogger(__name__)


class WatchedFolder:
    """The worker's part: one look at the folder of the settings."""

    def __init__(self, house: web.House, folder: Path) -> None:
        self._house, self._post = house, Post(house, sources.FOLDER)
        self._watched = Watched(folder, quiet_seconds=house.settings.watched_quiet_seconds)

    def step(self) -> bool:
        """Receive what is ready. Never asks to be called again at once: time must pass."""
        if self._post.is_ours():
            try:
                self._look()
            except (NothingCame, Refusal) as problem:
                self._post.note(told(problem))
            else:
                self._post.note(None)
        return False

    def close(self) -> None:
        self._post.close()

    def _look(self) -> None:
        for file in self._watched.ready(time.monotonic()):
            try:
                self._take(file)
            except (FileGone, FileChanged):
                continue  # Another look finds what is there then.
            except NotMoved as problem:
                self._leave_out(file, problem)
            except OSError as error:
                # The share does not give its bytes just now: those behind it are taken meanwhile.
                log.warning("The watched folder: %s: %s", file.name, error)
                self._leave_out(file, FileLocked(name=file.name))

    def _take(self, file: Found) -> None:
        try:
            with file.open() as source:
                originals.check_kind(source)
                self._receive(file, Brought(source, file.name))
        except (Unreadable, FileLocked) as problem:
            self._watched.failed(file, in_words(self._house, problem))
            self._leave_out(file, problem)
        else:
            self._watched.done(file)

    def _receive(self, file: Found, brought: Brought) -> None:
        with self._house.database.reading() as session:
            by = self._by(session, file)
        source = sources.FOLDER
        bring(
            self._house, [brought], lambda writing: self._batch(writing, file, by),
            source=source, by=by,
        )  # fmt: skip

    def _batch(self, session: Session, file: Found, by: Actor) -> Batch:
        known = file.batch and batches.lately(
            session, sources.FOLDER, file.batch, since=self._midnight()
        )
        return known or batches.open_batch(
            session, source=sources.FOLDER, by=by, at=now(), name=file.batch
        )

    def _by(self, session: Session, file: Found) -> Actor:
        try:
            return whose(session, file.batch or self._house.settings.watched_clerk)
        except Refusal:
            if not file.batch:
                raise
        return whose(session, self._house.settings.watched_clerk)

    def _midnight(self) -> datetime:
        today = now().astimezone(ZoneInfo(self._house.settings.timezone))
        return today.replace(hour=0, minute=0, second=0, microsecond=0)

    def _leave_out(self, file: Found, problem: NothingCame | Unreadable) -> None:
        log.warning("The watched folder: %s: %s", file.name, problem)
        self._post.note_left_out(told(problem) | {"name": file.name})
