"""Learning: what a clerk made of papers like this one before.

A type has a profile: the pairs of characters that most of its papers' first pages have; pairs
that few types have weigh more. A party is known by the names that stood on the papers filed for
it, however they were misread or abbreviated; a volume by both. All of it is plain data: the
archive keeps the examples, one for each paper that a clerk filed, and hands them in.
"""

import math
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scanning.fields.names import folded, likeness
from scanning.fields.signs import PLAIN

LETTERS = 1_500  # of a first page: what a paper is, and whose, stands near its top
LIKE_ENOUGH = 0.35  # of a profile's weight that a page must have
PARTY, VOLUME = "party", "volume"
SURE_OF_PARTY = 0.4  # of all votes
ALIKE = 0.6  # of two names' pairs of characters: the same name, perhaps misread
MARGIN = 0.05  # below the likest name: names that are less like it are others'
MOST = 2_000  # examples that are looked at, the newest; about a second
BUCKETS = 1 << 24


@dataclass(frozen=True)
class Example:
    """A filed paper: the marks of its first page, the names that stood on it, folded, and what
    it was filed as, by name: {"type": …, "party": …, "volume": …}."""

    marks: frozenset[int]
    names: tuple[str, ...]
    answers: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        return {
            "marks": sorted(self.marks),
            "names": list(self.names),
            "answers": dict(self.answers),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Example":
        return cls(frozenset(stored["marks"]), tuple(stored["names"]), dict(stored["answers"]))


@dataclass(frozen=True)
class Guess:
    """What the papers like it were filed as, and how far that leads (0.5 to 1)."""

    value: str
    sure: float


def learn(first_page: str, names: Sequence[str], answers: Mapping[str, str]) -> Example:
    """The example that a filed paper is; `names` are its `parties` as read. Empty answers teach
    nothing."""
    kept = {name: value for name, value in answers.items() if value}
    return Example(marks(first_page), tuple(map(folded, names)), kept)


def suggest(examples: Sequence[Example], first_page: str, names: Sequence[str]) -> dict[str, Guess]:
    """What a paper will be filed as, by name, where papers like it were filed before.

    `examples` from the oldest to the newest.
    """
    recent, own = examples[-MOST:], marks(first_page)
    asked = dict.fromkeys(name for one in recent for name in one.answers)
    told = {name: _likest(name, recent, own) for name in asked if name not in (PARTY, VOLUME)}
    told[PARTY] = _named(recent, [folded(name) for name in names])
    found = {name: guess for name, guess in told.items() if guess is not None}
    volume = _same_volume(recent, found)
    return found | ({VOLUME: volume} if volume else {})


def guess(
    examples: Sequence[Mapping[str, Any]], first_page: str, names: Sequence[str]
) -> dict[str, Any]:
    """suggest() on plain data, as a child of the workshop is asked."""
    told = suggest([Example.from_dict(one) for one in examples], first_page, names)
    return {name: {"value": one.value, "sure": one.sure} for name, one in told.items()}


def _named(examples: Sequence[Example], names: Sequence[str]) -> Guess | None:
    """The party as which papers with these names were filed. A name that stands on papers of
    every party, as our own does, says nothing."""
    votes: dict[str, float] = defaultdict(float)
    parties = len({one.answers[PARTY] for one in examples if PARTY in one.answers})
    for name in names:
        filed = _filed_for(name, examples)
        says = math.log((1 + parties) / len(filed)) if filed else 0.0
        for party, times in filed.items():
            votes[party] += says * times / filed.total()
    best = max(votes, key=lambda party: votes[party], default=None)
    sure = votes[best] / sum(votes.values()) if best else 0.0
    return Guess(best, round(sure, 3)) if best and sure >= SURE_OF_PARTY else None


def _filed_for(name: str, examples: Sequence[Example]) -> Counter[str]:
    """The parties as which papers with the likest name were filed."""
    alike = [
        (max((likeness(name, other) for other in one.names), default=0.0), one.answers[PARTY])
        for one in examples
        if PARTY in one.answers
    ]
    least = max(ALIKE, max((like for like, _ in alike), default=0.0) - MARGIN)
    return Counter(party for like, party in alike if like >= least)


def _same_volume(examples: Sequence[Example], found: Mapping[str, Guess]) -> Guess | None:
    """The volume that the last paper of this party and type went into."""
    if PARTY not in found:
        return None
    same = [
        one
        for one in examples
        if VOLUME in one.answers
        and all(one.answers.get(name) == guess.value for name, guess in found.items())
    ]
    sure = min(guess.sure for guess in found.values())
    return Guess(same[-1].answers[VOLUME], sure) if same else None


def marks(first_page: str) -> frozenset[int]:
    """The page's pairs of characters as numbers; every figure is like every other."""
    text = first_page[:LETTERS].translate(PLAIN).lower()
    text = re.sub(r"[^\w一-龥]+", " ", re.sub(r"\d", "0", text))
    pairs = {text[i : i + 2] for i in range(len(text) - 1)}
    return frozenset(zlib.crc32(pair.encode()) % BUCKETS for pair in pairs if pair.strip())


def _likest(name: str, examples: Sequence[Example], own: frozenset[int]) -> Guess | None:
    """The answer whose papers have what this one has and others have not."""
    profiles = _profiles(name, examples)
    spread = Counter(mark for profile in profiles.values() for mark in profile)
    weights = {mark: math.log((1 + len(profiles)) / n) for mark, n in spread.items()}
    scores = {answer: _likeness(own, one, weights) for answer, one in profiles.items()}
    newest = {one.answers[name]: n for n, one in enumerate(examples) if name in one.answers}
    # Of answers that are as like, the latest: a clerk who corrects is believed.
    ranked = sorted(scores, key=lambda one: (round(scores[one], 2), newest[one]), reverse=True)[:2]
    if not ranked or scores[ranked[0]] < LIKE_ENOUGH:
        return None
    second = scores[ranked[1]] if len(ranked) > 1 else 0.0
    lead = scores[ranked[0]] / (scores[ranked[0]] + second)
    return Guess(ranked[0], round(lead, 3))


def _profiles(name: str, examples: Sequence[Example]) -> dict[str, frozenset[int]]:
    """By answer, the marks that at least half of its papers have."""
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    papers: Counter[str] = Counter()
    for one in examples:
        if answer := one.answers.get(name):
            counts[answer].update(one.marks)
            papers[answer] += 1
    return {
        answer: frozenset(mark for mark, n in counted.items() if 2 * n >= papers[answer])
        for answer, counted in counts.items()
    }


def _likeness(own: frozenset[int], profile: frozenset[int], weights: Mapping[int, float]) -> float:
    """The weight of the profile's marks that the page has, as a share of them all."""
    whole = sum(weights[mark] for mark in profile)
    return sum(weights[mark] for mark in profile & own) / whole if whole else 0.0
