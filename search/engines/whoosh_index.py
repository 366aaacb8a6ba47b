"""The index kept by Whoosh: one writer among all processes; readers see a commit at once."""

import pickle
import struct
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from whoosh import index as whoosh
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from search.engines.index import IndexBusy, IndexTorn
from search.engines.ranking import answer
from search.engines.whoosh_schema import catalogue, records
from search.engines.whoosh_segment import Segment
from search.entry import Entry, Question, Results

WAIT = 60.0  # seconds for another process's commit
ATTEMPTS = 20  # a commit may take a file away between reading its name and opening it
LARGEST = 1_024  # records in a segment that a commit still merges into another
FAN = 8  # segments of one size that are merged into one


@dataclass(frozen=True)
class Snapshot:
    """The index as one commit left it."""

    mark: tuple[int, int]
    bookmark: int
    segments: tuple[Segment, ...]


class WhooshIndex:
    """See `Index`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guard = threading.RLock()
        self._snapshot: Snapshot | None = None
        self._storage = FileStorage(str(folder))
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Beside the folder: it must outlive a folder that is cleared.
        self._lock = FileLock(folder.with_name(folder.name + ".lock"), timeout=WAIT)
        if not folder.exists():
            self.clear()

    def write(self, entries: Iterable[Entry], gone: Iterable[int], bookmark: int) -> None:
        """See `Index.write`."""
        latest = {entry.document: entry for entry in entries}
        with self._guard, self._writing():
            snapshot = self._current()
            with self._reading():
                writer = SegmentWriter(whoosh.FileIndex(self._storage), _lk=False)
            try:
                _take_out(writer, snapshot, {*latest, *gone})
                for entry in latest.values():
                    for record in records(entry):
                        writer.add_document(**record)
                writer.schema.bookmark = bookmark
                writer.commit(mergetype=_merge)
            except BaseException:
                writer.cancel()
                raise

    def bookmark(self) -> int:
        """See `Index.bookmark`."""
        return self._current().bookmark

    def search(self, question: Question) -> Results:
        """See `Index.search`."""
        with self._guard:
            return answer(self._current().segments, question)

    def count(self) -> int:
        """See `Index.count`."""
        with self._guard:
            return sum(int((~s.taken_out()).sum()) for s in self._current().segments)

    def clear(self) -> None:
        """See `Index.clear`."""
        with self._guard, self._writing():
            self._folder.mkdir(parents=True, exist_ok=True)
            for file in self._folder.iterdir():
                if file.is_file():
                    file.unlink()
            whoosh.TOC.create(self._storage, catalogue())

    def close(self) -> None:
        """See `Index.close`."""
        with self._guard:
            self._snapshot = None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
        except Timeout as waited:
            raise IndexBusy(self._folder) from waited

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Whatever Whoosh makes of a table of contents that is not one, it is torn."""
        try:
            yield
        except _TORN as torn:
            raise IndexTorn(self._folder) from torn

    def _current(self) -> Snapshot:
        """The last commit, opened; a new one only when there was another commit."""
        with self._guard, self._reading():
            for attempt in range(ATTEMPTS):
                try:
                    mark = self._mark()
                    if self._snapshot is None or self._snapshot.mark != mark:
                        self._snapshot = self._open(mark)
                    return self._snapshot
                except FileNotFoundError:
                    if attempt == ATTEMPTS - 1:
                        raise
            raise AssertionError

    def _mark(self) -> tuple[int, int]:
        """What tells one commit from another: its number, and when it was written."""
        generation = whoosh.TOC._latest_generation(self._storage, whoosh._DEF_INDEX_NAME)
        name = whoosh.TOC._filename(whoosh._DEF_INDEX_NAME, generation)
        return generation, (self._folder / name).stat().st_mtime_ns

    def _open(self, mark: tuple[int, int]) -> Snapshot:
        toc = whoosh.TOC.read(self._storage, whoosh._DEF_INDEX_NAME, gen=mark[0])
        segments = tuple(
            Segment(SegmentReader(self._storage, toc.schema, segment)) for segment in toc.segments
        )
        return Snapshot(mark, toc.schema.bookmark, segments)


_TORN: tuple[type[Exception], ...] = (
    OSError, EOFError, ValueError, TypeError, AttributeError, ImportError, LookupError,
    AssertionError, NameError, MemoryError, struct.error, pickle.UnpicklingError, whoosh.IndexError,
)


def _take_out(writer: SegmentWriter, snapshot: Snapshot, documents: set[int]) -> None:
    """Mark the records of documents as deleted."""
    wanted = np.fromiter(documents, np.int64, len(documents))
    for segment, written in zip(snapshot.segments, writer.segments, strict=True):
        for record in np.flatnonzero(np.isin(segment.documents, wanted)[segment.owners]):
            written.delete_document(int(record))


def _merge(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    """Merge eight segments of one size into the next larger size, up to LARGEST records.

    A commit so never writes more than about LARGEST records beside its own, and a record is
    written again three times at most. Segments from which everything was deleted fall away.
    """
    sizes: dict[int, list[Any]] = {}
    for segment in segments:
        if segment.doc_count():
            sizes.setdefault(_size(segment.doc_count()), []).append(segment)
    kept: list[Any] = []
    for size, alike in sizes.items():
        if len(alike) < FAN or FAN**size > LARGEST:
            kept += alike
            continue
        for segment in alike:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return kept


def _size(records: int) -> int:
    """0 for fewer than 8 records, 1 for fewer than 64, and so on."""
    size = 0
    while FAN ** (size + 1) <= records:
        size += 1
    return size
