"""One segment of the index as arrays over its file: forms, facts, terms and their records."""

import json
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.engines.whoosh_schema import Facts
from search.engines.whoosh_storage import SealedStorage
from search.entry import Question

Ids = NDArray[np.integer[Any]]
Weights = NDArray[np.float32]
Mask = NDArray[np.bool_]

NO_PARTY = np.iinfo(np.int64).min
AFTER = b"\xff"  # stands behind every UTF-8 text
CALLED = 2.0  # a word in title, code or names counts so many times one on a page
KNOWN_TERMS = 4_096  # terms of a segment whose place is remembered
PROOFS = 64  # common phrases of a segment whose records are remembered
SATURATION, LENGTH = 1.2, 0.75  # BM25: how soon repetition stops counting, how much length matters


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


class Texts:
    """Texts that lie one after the other in the file, as a sequence."""

    def __init__(self, texts: memoryview, begins: memoryview) -> None:
        self._texts = texts
        self._begins = begins.cast("Q")

    def __len__(self) -> int:
        return len(self._begins) - 1

    def __getitem__(self, i: int) -> bytes:
        return bytes(self._texts[self._begins[i] : self._begins[i + 1]])

    def __iter__(self) -> Iterator[bytes]:
        return map(self.__getitem__, range(len(self)))


class Segment:
    """A segment never changes; which of its documents are still in the index is said elsewhere.

    `ids` are the records of all terms and `counts` how often they hold them, `posted` where each
    term's begin. The file stays readable to who has it open when a commit takes it away.
    Raises SealBroken.
    """

    def __init__(self, storage: SealedStorage, written: Any) -> None:
        self._parts = _parts(storage, written)
        self.records: int = written.doc_count_all()
        stated = json.loads(bytes(self._parts[".fct"]))
        self.starts = np.array([start for start, _ in stated], np.int32)
        self.facts = [Facts(**each) for _, each in stated]
        self.forms = Texts(self._parts[".rec"], self._parts[".beg"])
        self.terms = Texts(self._parts[".trm"], self._parts[".key"])
        self.posted: NDArray[np.uint64] = self._array(".pst", "u8")
        self.counts: NDArray[np.uint8] = self._array(".cnt", "u1")
        wide = len(self._parts[".ids"]) > 2 * len(self.counts)
        self.ids: Ids = self._array(".ids", "u4" if wide else "u2")
        self._range = lru_cache(maxsize=KNOWN_TERMS)(self._look_up)
        self._proofs: OrderedDict[bytes, Postings] = OrderedDict()
        self._guard = Lock()

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
        """BM25's weight of each record's length: in a long page one word says less."""
        lengths = np.diff(self._array(".beg", "u8")).astype(np.float32)
        usual = max(float(lengths.mean()), 1.0)
        return (SATURATION * (1 - LENGTH + LENGTH * lengths / usual)).astype(np.float32)

    @cached_property
    def boosts(self) -> Weights:
        """What a word in each record counts: in title, code and names more than on a page."""
        boosts = np.ones(self.records, np.float32)
        boosts[self.starts] = CALLED
        return boosts

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

    def frequency(self, term: str) -> int:
        """How many records hold the term."""
        start, stop = self._range(term, prefix=False)
        return stop - start

    def postings(self, term: str) -> Postings:
        """The records that hold the term."""
        start, stop = self._range(term, prefix=False)
        return Postings(self.ids[start:stop], self.counts[start:stop].astype(np.float32))

    def beginning(self, prefix: str) -> Postings:
        """The records that hold a term that begins so: they lie side by side."""
        start, stop = self._range(prefix, prefix=True)
        return _added_up(self.ids[start:stop], self.counts[start:stop])

    def _look_up(self, term: str, *, prefix: bool) -> tuple[int, int]:
        """From where to where the records of the term, or of all terms that begin so, lie."""
        sought = term.encode()
        first = last = bisect_left(self.terms, sought)
        if prefix:
            last = bisect_left(self.terms, sought + AFTER, lo=first)
        elif first < len(self.terms) and self.terms[first] == sought:
            last += 1
        return int(self.posted[first]), int(self.posted[last])

    def holding(self, pattern: bytes, records: Ids) -> Mask:
        """Which of the records hold the pattern in their form; one flag for each."""
        forms = self.forms
        return np.array([pattern in forms[record] for record in records.tolist()], bool)

    def remembered(self, pattern: bytes, prove: Callable[[], Postings]) -> Postings:
        """The records that hold a pattern, as proved before if that was lately."""
        with self._guard:
            known = self._proofs.get(pattern)
        proved = prove() if known is None else known
        with self._guard:
            self._proofs[pattern] = proved
            self._proofs.move_to_end(pattern)
            if len(self._proofs) > PROOFS:
                self._proofs.popitem(last=False)
        return proved


def _parts(storage: SealedStorage, written: Any) -> dict[str, memoryview]:
    """The parts of a segment's file, by their endings, once its seal is found whole."""
    whole = storage.sealed(written.make_filename(written.COMPOUND_EXT))
    files = written.open_compound_file(storage)
    ranges = {"." + name.rpartition(".")[2]: files.range(name) for name in files.list()}
    files.close()
    return {name: whole[start : start + length] for name, (start, length) in ranges.items()}
