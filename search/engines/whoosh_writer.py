"""One commit: documents put in and taken out, segments merged, the bookmark kept."""

from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate
from typing import Any

import numpy as np
from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from search.engines.whoosh_codec import ArrayCodec, Gathered
from search.engines.whoosh_schema import records
from search.engines.whoosh_segment import Mask, Segment
from search.entry import Entry

LARGEST = 4_096  # records of a segment that a commit may make by merging: some 0.2 s of work
FAN = 8  # segments of one size that are merged into one


class ArrayWriter(SegmentWriter):
    """Whoosh's writer with our codec, gathering postings as arrays."""

    def __init__(self, index: FileIndex) -> None:
        super().__init__(index, _lk=False, codec=ArrayCodec())
        self.pool = Gathered()

    def take_over(self, segment: Segment, alive: Mask) -> None:
        """Copy the documents of a segment that are still in the index."""
        kept = alive[segment.owners]
        renumbered = np.cumsum(kept) - 1 + self.docnum
        self.perdocwriter.take_over(segment, kept, renumbered)
        self.pool.take_over(segment, kept, renumbered)
        self.docnum += int(kept.sum())
        self._added = True

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        self.fieldwriter.add_gathered(self.pool)
        self.fieldwriter.close()


def commit(
    index: FileIndex,
    opened: Mapping[str, Segment],
    entries: Iterable[Entry],
    out: set[int],
    bookmark: int,
) -> None:
    """Write entries, take documents out, keep the bookmark: it holds when this returns, or not.

    `opened` are the index's segments by their names. The caller sees that nobody else writes.
    """
    writer = ArrayWriter(index)
    try:
        _take_out(writer.segments, opened, out)
        for entry in entries:
            for record in records(entry):
                writer.add_document(**record)
        writer.schema.bookmark = bookmark
        writer.commit(mergetype=_merging(opened))
    except BaseException:
        writer.cancel()
        raise


def _take_out(segments: list[Any], opened: Mapping[str, Segment], documents: set[int]) -> None:
    """Mark the records of documents as deleted."""
    wanted = np.array(sorted(documents), np.int64)
    for written in segments:
        segment = opened[written.segment_id()]
        for record in np.flatnonzero(np.isin(segment.documents, wanted)[segment.owners]):
            written.delete_document(int(record))


def alive(segment: Segment, written: Any) -> Mask:
    """Which documents of the segment are still in the index."""
    kept = np.ones(segment.records, bool)
    kept[list(written.deleted_docs())] = False
    return kept[segment.starts]


def _merging(opened: Mapping[str, Segment]) -> Callable[[ArrayWriter, list[Any]], list[Any]]:
    """Whoosh's merge policy: it copies segments into the writer and says which ones stay."""

    def merge(writer: ArrayWriter, segments: list[Any]) -> list[Any]:
        merged = to_merge({s.segment_id(): s.doc_count() for s in segments})
        for written in segments:
            segment = opened[written.segment_id()]
            if written.segment_id() in merged:
                writer.take_over(segment, alive(segment, written))
        return [written for written in segments if written.segment_id() not in merged]

    return merge


def to_merge(sizes: Mapping[str, int]) -> set[str]:
    """Which of the segments, whose records are counted, a commit merges with what it writes.

    Whenever eight are of one size (fewer than 8 records, 64, 512 …) they become one, as far as
    that does not exceed LARGEST; one that is more than half as large is left alone for good. So a
    commit mostly copies nothing, and a record is copied once for each size. Empty ones fall away.
    """
    merged = {name for name, records in sizes.items() if not records}
    open_to_more = sorted((n, name) for name, n in sizes.items() if n <= LARGEST // 2)
    size = FAN
    while size <= LARGEST:
        alike = [(n, name) for n, name in open_to_more if size // FAN <= n < size]
        filled = accumulate(records for records, _ in alike)
        if len(alike) >= FAN:
            merged |= {name for (_, name), n in zip(alike, filled, strict=True) if n <= LARGEST}
        size *= FAN
    return merged
