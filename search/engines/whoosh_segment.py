"""One segment of the index, opened for reading: its documents' facts and its terms as arrays."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import SegmentReader, TermNotFound

from search.engines.whoosh_schema import Facts
from search.entry import Question

Ids = NDArray[np.int32]
Weights = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Postings:
    """Records that hold something, ascending, and how often each of them does."""

    ids: Ids
    counts: Weights

    def only(self, chosen: Mask) -> "Postings":
        """Those of them that are chosen; one flag for each."""
        return Postings(self.ids[chosen], self.counts[chosen])


NOWHERE = Postings(np.zeros(0, np.int32), np.zeros(0, np.float32))


def union(found: list[Postings]) -> Postings:
    """Records that hold any of several things; their counts added up."""
    found = [postings for postings in found if len(postings.ids)]
    if len(found) < 2:
        return found[0] if found else NOWHERE
    sums = np.bincount(
        np.concatenate([postings.ids for postings in found]),
        np.concatenate([postings.counts for postings in found]),
    )
    ids = np.flatnonzero(sums).astype(np.int32)
    return Postings(ids, sums[ids].astype(np.float32))


class Segment:
    """A segment never changes once written, but for the documents that are taken out of it."""

    def __init__(self, reader: SegmentReader) -> None:
        self._reader = reader
        self._forms = self._column("form")
        self.records: int = reader.doc_count_all()
        stated = self._column("facts")
        found = [(i, json.loads(line)) for i in range(self.records) if (line := stated[i])]
        self.starts = np.array([i for i, _ in found], np.int32)
        self.facts = [Facts(**each) for _, each in found]

    def _column(self, name: str) -> Any:
        return self._reader.column_reader(name)

    def taken_out(self) -> Mask:
        """Which documents are no longer in the index, by their order in the segment."""
        gone = np.zeros(self.records, bool)
        gone[list(self._reader.segment().deleted_docs())] = True
        return gone[self.starts]

    def close(self) -> None:
        """Let go of the files."""
        self._reader.close()

    @cached_property
    def documents(self) -> NDArray[np.int64]:
        """The archive's number of each document."""
        return np.array([each.document for each in self.facts], np.int64)

    @cached_property
    def owners(self) -> Ids:
        """The document of each record, by its order in the segment."""
        sizes = np.diff(self.starts, append=self.records)
        return np.repeat(np.arange(len(self.starts), dtype=np.int32), sizes)

    @cached_property
    def latest(self) -> NDArray[np.int32]:
        """The last day each document can be of; 0 when that is unknown."""
        return np.array([each.latest for each in self.facts], np.int32)

    @cached_property
    def lengths(self) -> Weights:
        """Bytes of each record's form: long pages weigh less."""
        return np.array([len(self._forms[i]) for i in range(self.records)], np.float32)

    @cached_property
    def _categories(self) -> NDArray[np.str_]:
        return np.array([each.category for each in self.facts], np.str_)

    @cached_property
    def _kinds(self) -> NDArray[np.str_]:
        return np.array([each.kind for each in self.facts], np.str_)

    @cached_property
    def _parties(self) -> NDArray[np.int64]:
        none = np.iinfo(np.int64).min
        given = (none if each.party is None else each.party for each in self.facts)
        return np.fromiter(given, np.int64, len(self.facts))

    @cached_property
    def _earliest(self) -> NDArray[np.int32]:
        return np.array([each.earliest for each in self.facts], np.int32)

    def passing(self, question: Question, since: int, until: int) -> Mask:
        """Documents that pass the filters. `since` and `until` as yyyymmdd, 0 for no bound."""
        passing = np.ones(len(self.facts), bool)
        if question.category:
            passing &= self._categories == question.category
        if question.kind:
            passing &= self._kinds == question.kind
        if question.party is not None:
            passing &= self._parties == question.party
        if since:
            passing &= self.latest >= since
        if until:
            passing &= (self._earliest <= until) & (self._earliest > 0)
        return passing

    def form(self, record: int) -> bytes:
        """The form of a record's text, in UTF-8."""
        form: bytes = self._forms[record]
        return form

    def frequency(self, term: str) -> int:
        """How many records hold the term."""
        return len(self.postings(term).ids)

    def postings(self, term: str) -> Postings:
        """The records that hold the term."""
        try:
            matcher = self._reader.postings("terms", term.encode())
        except TermNotFound:
            return NOWHERE
        found = []
        while matcher.is_active():
            found.append((matcher.id(), matcher.weight()))
            matcher.next()
        ids = np.array([record for record, _ in found], np.int32)
        return Postings(ids, np.array([count for _, count in found], np.float32))

    def beginning(self, prefix: str) -> Postings:
        """The records that hold a term that begins so."""
        terms = self._reader.expand_prefix("terms", prefix)
        return union([self.postings(term.decode()) for term in terms])
