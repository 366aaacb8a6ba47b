"""A Whoosh codec for terms without positions: plain arrays, read where they lie in the file.

The parts of a segment, numbers as the machine has them; Whoosh puts them into one file:

    .rec  the records' forms, one after the other       .beg  where each begins (u8)
    .fct  JSON: [[a document's first record, its facts], …]
    .trm  the terms in order, one after the other       .key  where each begins (u8)
    .ids  each term's records in order (u2, or u4 in a segment of more than 65,536 records)
    .cnt  how often each record holds the term, 255 at most (u1)
    .pst  where each term's records begin (u8)

Where things begin is said for one more of them: there the last one ends.
Terms that begin alike lie side by side and so do their records: a prefix is one slice. Merging
moves arrays, never single postings.
"""

import json
from array import array
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Segment

from search.engines.whoosh_schema import Facts
from search.engines.whoosh_segment import Mask, Segment
from search.engines.whoosh_storage import SealedStorage

MOST = 255  # a count of one byte
Posting = tuple[str, bytes, int, float, bytes]  # Whoosh's: field, term, record, weight, nothing


class SealedSegment(W3Segment):
    """A segment of one file, sealed."""

    def create_compound_file(self, storage: SealedStorage) -> None:
        """Put the parts together."""
        super().create_compound_file(storage)
        storage.seal(self.make_filename(self.COMPOUND_EXT))


class ArrayCodec(base.Codec):
    """Writes the parts. They are read by `Segment`, without Whoosh."""

    length_stats = False

    def new_segment(self, storage: SealedStorage, indexname: str) -> SealedSegment:
        """A segment that has no parts yet."""
        return SealedSegment(self, indexname)

    def per_document_writer(self, storage: SealedStorage, segment: SealedSegment) -> "RecordWriter":
        """What writes forms and facts."""
        return RecordWriter(storage, segment)

    def field_writer(self, storage: SealedStorage, segment: SealedSegment) -> "TermWriter":
        """What writes terms and postings."""
        return TermWriter(storage, segment)


class RecordWriter(base.PerDocumentWriter):
    """Forms go to the disk as they come, the rest when all is written."""

    def __init__(self, storage: SealedStorage, segment: SealedSegment) -> None:
        self.is_closed = False
        self._create = _creator(storage, segment)
        self._forms = self._create(".rec")
        self._begins = array("Q", (0,))
        self._facts: list[tuple[int, Facts]] = []
        self._record = 0

    def start_doc(self, docnum: int) -> None:
        """Whoosh's beginning of a record."""
        self._record = docnum

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int) -> None:
        """Whoosh's stored value of a field of the record."""
        if fieldname == "form":
            self._add_form(value)
        elif fieldname == "facts":
            self._facts.append((self._record, value))

    def _add_form(self, form: bytes) -> None:
        self._forms.write(form)
        self._begins.append(self._begins[-1] + len(form))

    def cancel_doc(self) -> None:
        """Whoosh's end of a record that failed; the commit fails with it."""

    def take_over(self, segment: Segment, kept: Mask, renumbered: NDArray[np.int64]) -> None:
        """Copy a segment's records that are kept, under their new numbers."""
        for record in np.flatnonzero(kept):
            self._add_form(segment.forms[int(record)])
        for start, facts in zip(segment.starts, segment.facts, strict=True):
            if kept[start]:
                self._facts.append((int(renumbered[start]), facts))

    def close(self) -> None:
        """Finish the parts."""
        self.is_closed = True
        self._forms.close()
        _write(self._create(".beg"), self._begins.tobytes())
        facts = json.dumps([(record, asdict(each)) for record, each in self._facts])
        _write(self._create(".fct"), facts.encode())


class Gathered:
    """The postings of the segment that is being written, in the place of Whoosh's pool."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._terms, self._records, self._counts = array("I"), array("I"), array("B")

    def add(self, posting: Posting) -> None:
        """Whoosh's posting of a term in a record."""
        _, term, record, weight, _ = posting
        self._terms.append(self._numbers.setdefault(term, len(self._numbers)))
        self._records.append(record)
        self._counts.append(min(int(weight), MOST))

    def take_over(self, segment: Segment, kept: Mask, renumbered: NDArray[np.int64]) -> None:
        """Add a segment's postings of the records that are kept, under their new numbers."""
        held = kept[segment.ids]
        numbers = self._numbers
        known = [numbers.setdefault(term, len(numbers)) for term in segment.terms]
        frequencies = segment.posted[1:] - segment.posted[:-1]
        terms = np.repeat(np.array(known, np.uint32), frequencies.astype(np.int64))
        self._terms.frombytes(terms[held].tobytes())
        self._records.frombytes(renumbered[segment.ids[held]].astype(np.uint32).tobytes())
        self._counts.frombytes(segment.counts[held].tobytes())

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """The finished parts of the segment, by their names."""
        numbers, records = np.array(self._terms, np.uint32), np.array(self._records, np.uint32)
        held = np.bincount(numbers, minlength=len(self._numbers))
        terms = sorted(term for term, number in self._numbers.items() if held[number])
        known = [self._numbers[term] for term in terms]
        ranks = np.zeros(len(held), np.uint32)
        ranks[known] = np.arange(len(terms))
        # Stable: records came in order, and must stay in order within their term.
        order = np.argsort(ranks[numbers], kind="stable")
        wide = records.max(initial=0) > np.iinfo(np.uint16).max
        yield ".trm", b"".join(terms)
        yield ".key", _begins([len(term) for term in terms])
        yield ".ids", records[order].astype("u4" if wide else "u2").tobytes()
        yield ".cnt", np.array(self._counts, np.uint8)[order].tobytes()
        yield ".pst", _begins(held[known])

    def cleanup(self) -> None:
        """Whoosh's end of the pool: it leaves nothing on the disk."""


class TermWriter(base.FieldWriter):
    """Writes what was gathered, once."""

    def __init__(self, storage: SealedStorage, segment: SealedSegment) -> None:
        self.is_closed = False
        self._create = _creator(storage, segment)

    def add_gathered(self, gathered: Gathered) -> None:
        """Write the segment's terms and postings."""
        for name, part in gathered.parts():
            _write(self._create(name), part)

    def close(self) -> None:
        """Everything is written already."""
        self.is_closed = True


def _creator(storage: SealedStorage, segment: SealedSegment) -> Callable[[str], Any]:
    return lambda name: segment.create_file(storage, name)


def _write(file: Any, part: bytes) -> None:
    with file:
        file.write(part)


def _begins(sizes: ArrayLike) -> bytes:
    """Where things of these sizes begin, and the last one ends."""
    return np.cumsum(np.concatenate(([0], sizes)), dtype="u8").tobytes()
