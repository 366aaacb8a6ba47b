"""The answer to a question: documents that answer every clause, the best of them first."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.engines.matching import answering, rarity
from search.engines.whoosh_schema import span
from search.engines.whoosh_segment import (
    SATURATION,
    Mask,
    Postings,
    Segment,
    Weights,
    union,
)
from search.entry import Hit, Question, Results
from search.query import Clause, parse


@dataclass(frozen=True)
class Shelf:
    """A segment, and which of its documents are still in the index."""

    segment: Segment
    alive: Mask


@dataclass(frozen=True)
class Found:
    """What answers in one segment: documents by their order in it, their scores, the pages'."""

    segment: Segment
    documents: NDArray[np.intp]
    scores: Weights
    pages: Weights


NOTHING = np.zeros(0, np.intp), np.zeros(0, np.float32), np.zeros(0, np.float32)


def answer(shelves: Sequence[Shelf], question: Question) -> Results:
    """The documents that answer, as many as were asked for."""
    query = parse(question.text)
    if not query.clauses and not query.everything:
        return Results(0, ())
    weights = _weights([shelf.segment for shelf in shelves], query.clauses)
    found = [_on_shelf(shelf, question, query.clauses, weights) for shelf in shelves]
    return _best(found, question)


def pages(shelves: Sequence[Shelf], text: str, document: int) -> Sequence[int]:
    """The document's pages that answer any clause, in order."""
    clauses = parse(text).clauses
    for shelf in shelves:
        only = shelf.alive & (shelf.segment.documents == document)
        for order in np.flatnonzero(only).tolist():
            found = [answering(shelf.segment, clause, only) for clause in clauses]
            numbers = union(found).ids - shelf.segment.starts[order]
            return [int(number) for number in numbers if number]
    return []


def _weights(segments: Sequence[Segment], clauses: Sequence[Clause]) -> list[float]:
    """How much each clause tells: the rarer the more (BM25's idf)."""
    records = sum(segment.records for segment in segments)
    rare = [sum(rarity(segment, clause) for segment in segments) for clause in clauses]
    return [math.log(1 + (records - n + 0.5) / (n + 0.5)) for n in rare]


def _on_shelf(
    shelf: Shelf, question: Question, clauses: Sequence[Clause], weights: Sequence[float]
) -> Found:
    segment, allowed = shelf.segment, _allowed(shelf, question)
    answers: list[Postings] = []
    for clause in clauses:
        answers.append(answering(segment, clause, allowed))
        if not len(answers[-1].ids):
            return Found(segment, *NOTHING)
        allowed = np.zeros_like(allowed)
        allowed[segment.owners[answers[-1].ids]] = True
    documents = np.zeros(len(allowed), np.float32)
    pages = np.zeros(segment.records, np.float32)
    for postings, weight in zip(answers, weights, strict=True):
        scores = weight * _repetition(segment, postings)
        best = np.zeros_like(documents)
        np.maximum.at(best, segment.owners[postings.ids], scores)
        documents += best
        pages[postings.ids] += scores
    chosen = np.flatnonzero(allowed)
    return Found(segment, chosen, documents[chosen], pages)


def _allowed(shelf: Shelf, question: Question) -> Mask:
    since, _ = span(question.since)
    _, until = span(question.until)
    return shelf.alive & shelf.segment.passing(question, since, until)


def _repetition(segment: Segment, postings: Postings) -> Weights:
    """BM25's share of how often a record holds the word, long records counting less."""
    counts, ids = postings.counts, postings.ids
    return segment.boosts[ids] * counts * (SATURATION + 1) / (counts + segment.lengths[ids])


def _best(found: list[Found], question: Question) -> Results:
    """The best first; among equals, and without words, the newest."""
    found = [each for each in found if len(each.documents)]
    if not found:
        return Results(0, ())
    scores = np.concatenate([each.scores for each in found])
    dates = np.concatenate([each.segment.latest[each.documents] for each in found])
    numbers = np.concatenate([each.segment.documents[each.documents] for each in found])
    first = max(question.offset, 0)
    shown = _order(scores, dates, numbers, first + max(question.limit, 0))[first:]
    begins = np.cumsum([0, *(len(each.documents) for each in found)])
    hits = []
    for i in shown.tolist():
        place = int(np.searchsorted(begins, i, "right")) - 1
        page = _page(found[place], int(found[place].documents[i - begins[place]]))
        hits.append(Hit(int(numbers[i]), page, float(scores[i])))
    return Results(len(scores), tuple(hits))


def _order(
    scores: Weights, dates: NDArray[np.int32], numbers: NDArray[np.int64], wanted: int
) -> NDArray[np.intp]:
    """Places of the first so many by score, then date, then number."""
    chosen = np.arange(len(scores))
    leading = scores if scores.any() else dates
    if 0 < wanted < len(scores):
        # Sorting half a million for the sake of twenty is what a searcher would wait for.
        bar = np.partition(leading, len(leading) - wanted)[len(leading) - wanted]
        chosen = np.flatnonzero(leading >= bar)
    order = np.lexsort((-numbers[chosen], -dates[chosen], -scores[chosen]))
    return chosen[order][:wanted]


def _page(found: Found, order: int) -> int:
    """The page that answers best; 0 when only title or names do."""
    start = found.segment.starts[order]
    stop = np.searchsorted(found.segment.owners, order, "right")
    pages = found.pages[start + 1 : stop]
    return int(pages.argmax()) + 1 if len(pages) and pages.max() > 0 else 0
