"""Which records of a segment answer a clause: candidates by their terms, proved in the text."""

import numpy as np

from search.analysis import LONGEST, is_han
from search.engines.whoosh_segment import NOWHERE, Mask, Postings, Segment, union
from search.query import Clause


def answering(segment: Segment, clause: Clause, allowed: Mask) -> Postings:
    """The records of allowed documents that answer the clause. One flag a document."""
    found = [_phrase(segment, clause, allowed)]
    if clause.code and not _is_single(clause):
        found.append(_within(segment, _word(segment, clause.code, clause.begins), allowed))
    return union(found)


def rarity(segment: Segment, clause: Clause) -> int:
    """At most so many records can hold the clause's pattern; cheap."""
    words, last = _terms(clause)
    known = [segment.frequency(term) for term in words]
    return min(known) if known and not last else segment.records


def _is_single(clause: Clause) -> bool:
    """One word, one character or two neighbours: the term alone proves it."""
    words, last = _terms(clause)
    return len(words) + len(last) == 1 and len(clause.pattern.strip()) <= LONGEST


def _terms(clause: Clause) -> tuple[list[str], list[str]]:
    """Terms that must all be there; and, when the last word may go on, how that one begins."""
    words: list[str] = []
    for run in clause.pattern.split():
        if is_han(run[0]) and len(run) > 1:
            words += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            words.append(run[:LONGEST])
    last = [words.pop()] if clause.begins else []
    return list(dict.fromkeys(words)), last


def _word(segment: Segment, term: str, begins: bool) -> Postings:
    return segment.beginning(term) if begins else segment.postings(term)


def _within(segment: Segment, postings: Postings, allowed: Mask) -> Postings:
    return postings.only(allowed[segment.owners[postings.ids]])


def _phrase(segment: Segment, clause: Clause, allowed: Mask) -> Postings:
    words, last = _terms(clause)
    words.sort(key=segment.frequency)
    found: Postings | None = None
    for term, begins in [*((word, False) for word in words), *((word, True) for word in last)]:
        postings = _within(segment, _word(segment, term, begins), allowed)
        found = postings if found is None else _both(found, postings)
        if not len(found.ids):
            return NOWHERE
    if found is None or _is_single(clause):
        return found or NOWHERE
    return _proved(segment, clause.pattern.encode(), found)


def _both(found: Postings, others: Postings) -> Postings:
    return found.only(np.isin(found.ids, others.ids, assume_unique=True))


def _proved(segment: Segment, pattern: bytes, candidates: Postings) -> Postings:
    """The candidates whose form holds the pattern, and how often it does."""
    counts = [segment.form(int(record)).count(pattern) for record in candidates.ids]
    proved = Postings(candidates.ids, np.array(counts, np.float32))
    return proved.only(proved.counts > 0)
