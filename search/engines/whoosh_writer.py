"""One commit: documents put in and taken out, segments merged, the bookmark kept."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from search.engines.whoosh_codec import ArrayCodec, Gathered
from search.engines.whoosh_schema import records
from search.engines.whoosh_segment import Mask, Segment
from search.entry import Entry

LARGEST = 1_024  # records of a segment that a commit may make by merging
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

    Whenever eight are of one size (fewer than 8 records, 64, 512) they become one, up to LARGEST
    records: a commit never copies much more than that, and a record is copied four times at most.
    Empty ones fall away.
    """
    merged = {name for name, records in sizes.items() if not records}
    size = FAN
    while size <= LARGEST:
        alike = {n for n, records in sizes.items() if size // FAN <= records < size}
        room = sum(sizes[name] for name in alike) <= LARGEST
        merged |= alike if len(alike) >= FAN and room else set()
        size *= FAN
    return merged
