"""The index kept by Whoosh: one writer among all processes; readers see a commit at once."""

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from whoosh import index as whoosh

from search.analysis import FORM
from search.engines.index import IndexBusy, IndexTorn
from search.engines.ranking import Shelf, answer, pages
from search.engines.whoosh_schema import catalogue
from search.engines.whoosh_segment import Segment
from search.engines.whoosh_storage import SealBroken, SealedStorage
from search.engines.whoosh_writer import alive, commit
from search.entry import Entry, Question, Results

NAME = "MAIN"  # Whoosh's name for an index that is alone in its folder
WAIT = 60.0  # seconds for another process's commit
ATTEMPTS = 20  # a commit may take a file away between reading its name and opening it
PAUSE = 0.01  # seconds between attempts

Mark = tuple[int, int, int]


@dataclass(frozen=True)
class Snapshot:
    """The index as one commit left it. `mark` tells that commit from every other."""

    mark: Mark
    bookmark: int
    opened: dict[str, Segment]
    shelves: tuple[Shelf, ...]


class WhooshIndex:
    """See `Index`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guard = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._storage = SealedStorage(str(folder))
        folder.mkdir(parents=True, exist_ok=True)
        # Beside the folder, so that it outlives whatever happens to the folder.
        self._lock = FileLock(folder.with_name(folder.name + ".lock"), timeout=WAIT)
        if not any(folder.iterdir()):
            with self._writing():
                # Another process may have begun it while this one waited.
                if not any(folder.iterdir()):
                    self._begin(generation=0)

    def write(self, entries: Iterable[Entry], gone: Iterable[int], bookmark: int) -> None:
        """See `Index.write`."""
        latest = {entry.document: entry for entry in entries}
        with self._writing():
            opened = self._current().opened
            index = whoosh.FileIndex(self._storage)
            commit(index, opened, latest.values(), {*latest, *gone}, bookmark)

    def bookmark(self) -> int:
        """See `Index.bookmark`."""
        return self._current().bookmark

    def search(self, question: Question) -> Results:
        """See `Index.search`."""
        return answer(self._current().shelves, question)

    def pages(self, text: str, document: int) -> Sequence[int]:
        """See `Index.pages`."""
        return pages(self._current().shelves, text, document)

    def count(self) -> int:
        """See `Index.count`."""
        return sum(int(shelf.alive.sum()) for shelf in self._current().shelves)

    def clear(self) -> None:
        """See `Index.clear`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._writing():
            self._begin(whoosh.TOC._latest_generation(self._storage, NAME) + 1)

    def close(self) -> None:
        """See `Index.close`."""
        self._snapshot = None

    def _begin(self, generation: int) -> None:
        """An empty table of contents, then away with what the former ones named."""
        whoosh.TOC(catalogue(), [], generation).write(self._storage, NAME)
        whoosh.clean_files(self._storage, NAME, generation, [])

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._lock.acquire()
        except Timeout as waited:
            raise IndexBusy(self._folder) from waited
        try:
            yield
        finally:
            self._lock.release()

    def _current(self) -> Snapshot:
        """The last commit; opened anew only when there was another one."""
        with self._guard:
            for _ in range(ATTEMPTS):
                try:
                    mark = self._mark()
                    if self._snapshot is None or self._snapshot.mark != mark:
                        self._snapshot = self._open(mark, self._snapshot)
                    return self._snapshot
                except FileNotFoundError:
                    time.sleep(PAUSE)
                except SealBroken as broken:
                    raise IndexTorn(self._folder) from broken
            raise IndexTorn(self._folder)

    def _mark(self) -> Mark:
        """Whoosh counts commits; the file's own marks tell an index from one made in its place."""
        generation = whoosh.TOC._latest_generation(self._storage, NAME)
        toc = (self._folder / whoosh.TOC._filename(NAME, generation)).stat()
        return generation, toc.st_mtime_ns, toc.st_ino

    def _open(self, mark: Mark, former: Snapshot | None) -> Snapshot:
        """Open the segments that were not open before."""
        toc = whoosh.TOC.read(self._storage, NAME, gen=mark[0])
        if toc.schema.form != FORM:
            # Written by an earlier Juanzong: what it holds is not what is asked now.
            raise IndexTorn(self._folder)
        known = former.opened if former else {}
        opened = {
            written.segment_id(): known.get(written.segment_id()) or Segment(self._storage, written)
            for written in toc.segments
        }
        shelves = (
            Shelf(opened[written.segment_id()], alive(opened[written.segment_id()], written))
            for written in toc.segments
        )
        return Snapshot(mark, toc.schema.bookmark, opened, tuple(shelves))
