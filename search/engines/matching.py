"""Which records of a segment answer a clause: candidates by their terms, proved in the text."""

from functools import lru_cache

import numpy as np

from search.analysis import LONGEST, is_han
from search.engines.whoosh_segment import NOWHERE, Mask, Postings, Segment, union
from search.query import Clause

FEW = 32  # candidates that are sooner proved than narrowed by one more term
MANY = 1_000  # candidates whose proof is worth remembering


def answering(segment: Segment, clause: Clause, allowed: Mask) -> Postings:
    """The records of allowed documents that answer the clause. One flag a document."""
    found = [_phrase(segment, p, clause.begins, allowed) for p in clause.patterns]
    if clause.code and is_han(clause.code[0]):
        found.append(_within(segment, _word(segment, clause.code, clause.begins), allowed))
    found += [_within(segment, segment.postings(value), allowed) for value in clause.values]
    return union(found)


def rarity(segment: Segment, clause: Clause) -> int:
    """About how many records hold the clause: as many as its rarest term at most."""
    words, begun = _terms(clause.pattern, clause.begins)
    known = [segment.frequency(word) for word in words]
    return min(known) if known and not begun else segment.records


def _is_single(pattern: str) -> bool:
    """One word, one character or two neighbours: the term alone proves it.

    Codes without their marks are terms as well, like words.
    """
    runs = pattern.split()
    return len(runs) == 1 and len(runs[0]) <= (2 if is_han(runs[0][0]) else LONGEST)


@lru_cache(maxsize=1_000)
def _terms(pattern: str, begins: bool) -> tuple[tuple[str, ...], str]:
    """Terms that must all be there; and, when the last word may go on, how that one begins."""
    words: list[str] = []
    for run in pattern.split():
        if is_han(run[0]) and len(run) > 1:
            words += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            words.append(run[:LONGEST])
    begun = words.pop() if begins else ""
    return tuple(dict.fromkeys(words)), begun


def _word(segment: Segment, term: str, begins: bool) -> Postings:
    return segment.beginning(term) if begins else segment.postings(term)


def _within(segment: Segment, postings: Postings, allowed: Mask) -> Postings:
    return postings.only(allowed[segment.owners[postings.ids]])


def _phrase(segment: Segment, pattern: str, begins: bool, allowed: Mask) -> Postings:
    candidates = _candidates(segment, pattern, begins)
    if _is_single(pattern):
        return _within(segment, candidates, allowed)
    sought = pattern.encode()
    if len(candidates.ids) > MANY:
        proved = segment.remembered(sought, lambda: _proved(segment, sought, candidates))
        return _within(segment, proved, allowed)
    return _proved(segment, sought, _within(segment, candidates, allowed))


def _candidates(segment: Segment, pattern: str, begins: bool) -> Postings:
    """Records that hold all terms of the pattern, with the counts of the rarest one."""
    words, begun = _terms(pattern, begins)
    terms = [(word, False) for word in sorted(words, key=segment.frequency)]
    found: Postings | None = None
    for term, goes_on in [*terms, (begun, True)] if begun else terms:
        if found is not None and len(found.ids) <= FEW:
            return found
        postings = _word(segment, term, goes_on)
        found = postings if found is None else _both(segment, found, postings)
    return found or NOWHERE


def _both(segment: Segment, found: Postings, others: Postings) -> Postings:
    held = np.zeros(segment.records, bool)
    held[others.ids] = True
    return found.only(held[found.ids])


def _proved(segment: Segment, pattern: bytes, candidates: Postings) -> Postings:
    """The candidates whose form holds the pattern."""
    return candidates.only(segment.holding(pattern, candidates.ids))
