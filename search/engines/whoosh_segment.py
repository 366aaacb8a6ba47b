"""One segment of the index as arrays over its file: forms, facts, terms and their records."""

import json
import mmap
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.engines.whoosh_schema import Facts
from search.engines.whoosh_storage import SealedStorage, check
from search.entry import Question

Ids = NDArray[np.integer[Any]]
Weights = NDArray[np.float32]
Mask = NDArray[np.bool_]

NO_PARTY = np.iinfo(np.int64).min
AFTER = b"\xff"  # stands behind every UTF-8 text


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
    ids = np.concatenate([postings.ids for postings in found])
    return _added_up(ids, np.concatenate([postings.counts for postings in found]))


def _added_up(ids: Ids, counts: NDArray[Any]) -> Postings:
    sums = np.bincount(ids, counts)
    held = np.flatnonzero(sums)
    return Postings(held, sums[held].astype(np.float32))


class _Texts:
    """Texts that lie one after the other, as a sequence."""

    def __init__(self, texts: memoryview, ends: memoryview) -> None:
        self._texts = texts
        self._ends = ends.cast("Q")

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, i: int) -> bytes:
        return bytes(self._texts[self._ends[i - 1] if i else 0 : self._ends[i]])


class Segment:
    """A segment never changes; which of its documents are still in the index is said elsewhere.

    The file stays readable to who has it open when a commit takes it away. Raises SealBroken.
    """

    def __init__(self, storage: SealedStorage, written: Any) -> None:
        files = written.open_compound_file(storage)
        path = Path(storage.folder) / written.make_filename(written.COMPOUND_EXT)
        with path.open("rb") as file:
            whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        check(whole)
        self._parts = {}
        for name in files.list():
            start, length = files.range(name)
            self._parts["." + name.rpartition(".")[2]] = whole[start : start + length]
        files.close()
        self.records: int = written.doc_count_all()
        stated = json.loads(bytes(self._parts[".fct"]))
        self.starts = np.array([start for start, _ in stated], np.int32)
        self.facts = [Facts(**each) for _, each in stated]
        self._forms = _Texts(self._parts[".rec"], self._parts[".end"])
        self._terms = _Texts(self._parts[".trm"], self._parts[".key"])
        self.posted: NDArray[np.uint64] = self._array(".pst", "u8")
        self.counts: NDArray[np.uint8] = self._array(".cnt", "u1")
        wide = len(self._parts[".ids"]) > 2 * len(self.counts)
        self.ids: Ids = self._array(".ids", "u4" if wide else "u2")

    def _array(self, name: str, kind: str) -> NDArray[Any]:
        # Parts begin anywhere in the file; numpy reads arrays that are not aligned as well.
        return np.frombuffer(self._parts[name], kind)

    @cached_property
    def documents(self) -> NDArray[np.int64]:
        """The archive's number of each document."""
        return np.array([each.document for each in self.facts], np.int64)

    @cached_property
    def owners(self) -> NDArray[np.int32]:
        """The document of each record, by its order in the segment."""
        sizes = np.diff(self.starts, append=self.records)
        return np.repeat(np.arange(len(self.starts), dtype=np.int32), sizes)

    @cached_property
    def latest(self) -> NDArray[np.int32]:
        """The last day each document can be of, as yyyymmdd; 0 when that is unknown."""
        return np.array([each.latest for each in self.facts], np.int32)

    @cached_property
    def lengths(self) -> Weights:
        """Bytes of each record's form: long pages weigh less."""
        return np.diff(self._array(".end", "u8"), prepend=np.uint64(0)).astype(np.float32)

    @cached_property
    def _categories(self) -> NDArray[np.str_]:
        return np.array([each.category for each in self.facts], np.str_)

    @cached_property
    def _kinds(self) -> NDArray[np.str_]:
        return np.array([each.kind for each in self.facts], np.str_)

    @cached_property
    def _parties(self) -> NDArray[np.int64]:
        parties = [NO_PARTY if each.party is None else each.party for each in self.facts]
        return np.array(parties, np.int64)

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
        return self._forms[record]

    def terms(self) -> list[bytes]:
        """All terms in order."""
        return [self._terms[i] for i in range(len(self._terms))]

    def frequency(self, term: str) -> int:
        """How many records hold the term."""
        start, stop = self._range(term.encode(), prefix=False)
        return stop - start

    def postings(self, term: str) -> Postings:
        """The records that hold the term."""
        start, stop = self._range(term.encode(), prefix=False)
        return Postings(self.ids[start:stop], self.counts[start:stop].astype(np.float32))

    def beginning(self, prefix: str) -> Postings:
        """The records that hold a term that begins so: they lie side by side."""
        start, stop = self._range(prefix.encode(), prefix=True)
        return _added_up(self.ids[start:stop], self.counts[start:stop])

    def _range(self, term: bytes, *, prefix: bool) -> tuple[int, int]:
        """From where to where the records of the term, or of all terms that begin so, lie."""
        first = bisect_left(self._terms, term)
        if prefix:
            last = bisect_left(self._terms, term + AFTER, lo=first)
        else:
            last = first + (first < len(self._terms) and self._terms[first] == term)
        return self._posted_before(first), self._posted_before(last)

    def _posted_before(self, term: int) -> int:
        return int(self.posted[term - 1]) if term else 0
