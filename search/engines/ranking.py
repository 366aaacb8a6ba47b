"""The answer to a question: documents that answer every clause, the best of them first."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.engines.matching import answering, rarity
from search.engines.whoosh_schema import span
from search.engines.whoosh_segment import Mask, Postings, Segment
from search.entry import Hit, Question, Results
from search.query import Clause, parse

# BM25's customary constants: how soon repetition stops counting, how much length matters.
SATURATION, LENGTH = 1.2, 0.75
CALLED = 2.0  # a word in title, code or names counts so many times one on a page


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
    scores: NDArray[np.float32]
    pages: NDArray[np.float32]


def answer(shelves: Sequence[Shelf], question: Question) -> Results:
    """The documents that answer, as many as were asked for."""
    query = parse(question.text)
    if not query.clauses and not query.everything:
        return Results(0, ())
    weights = _weights([shelf.segment for shelf in shelves], query.clauses)
    found = [_on_shelf(shelf, question, query.clauses, weights) for shelf in shelves]
    return _best(found, question)


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


def _repetition(segment: Segment, postings: Postings) -> NDArray[np.float32]:
    """BM25's share of how often a record holds the word, long records counting less."""
    usual = max(float(segment.lengths.mean()), 1.0)
    length = 1 - LENGTH + LENGTH * segment.lengths[postings.ids] / usual
    share = postings.counts * (SATURATION + 1) / (postings.counts + SATURATION * length)
    called = np.isin(postings.ids, segment.starts, assume_unique=True)
    scores: NDArray[np.float32] = np.where(called, CALLED * share, share)
    return scores


def _best(found: list[Found], question: Question) -> Results:
    """The best first; among equals, and without words, the newest."""
    total = sum(len(each.documents) for each in found)
    if not total:
        return Results(0, ())
    scores = np.concatenate([each.scores for each in found])
    dates = np.concatenate([each.segment.latest[each.documents] for each in found])
    numbers = np.concatenate([each.segment.documents[each.documents] for each in found])
    places = [(each, int(order)) for each in found for order in each.documents]
    order = np.lexsort((-numbers, -dates, -scores))
    first = max(question.offset, 0)
    shown = order[first : first + max(question.limit, 0)]
    hits = (Hit(int(numbers[i]), _page(*places[i]), float(scores[i])) for i in shown)
    return Results(total, tuple(hits))


def _page(found: Found, order: int) -> int:
    """The page that answers best; 0 when only title or names do."""
    start = found.segment.starts[order]
    stop = np.searchsorted(found.segment.owners, order, "right")
    pages = found.pages[start + 1 : stop]
    return int(pages.argmax()) + 1 if len(pages) and pages.max() > 0 else 0
