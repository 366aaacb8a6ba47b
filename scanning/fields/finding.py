"""Finding: what stands after, beside or below a label on the paper."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from scanning.fields.values import PLAIN
from scanning.reading import Box, Line, PageReading

# How sure it is that a text belongs to its label, by where it stands.
AFTER_COLON, BESIDE, AFTER_SPACE, CLOSE_BY, BELOW = 1.0, 0.9, 0.9, 0.6, 0.7
FIRST, LAST = 8, 2  # pages
REACH_DOWN = 2.0  # heights of the label's line


@dataclass(frozen=True)
class Place:
    """A line of the paper, its page's number, and its text with plain instead of full-width
    signs, character for character."""

    line: Line
    page: int
    plain: str


@dataclass(frozen=True)
class Answer:
    """What stands at a label: the end of a line's plain text, from `start` on."""

    place: Place
    start: int
    sure: float
    label: str

    @property
    def text(self) -> str:
        return self.place.plain[self.start :]


@dataclass(frozen=True)
class Found:
    """A value read from the paper; `role` is what a party is called there."""

    value: str
    confidence: float
    page: int
    box: Box
    role: str = ""

    @classmethod
    def at(
        cls, place: Place, start: int, end: int, value: str, sure: float, role: str = ""
    ) -> "Found":
        """A value that stands at plain[start:end] of a line; a doubtful line makes it doubtful."""
        confidence = round(sure * place.line.confidence, 3)
        return cls(value, confidence, place.page, place.line.box_of(start, end), role)


class Paper:
    """The lines of a document's first and last pages, where it says what it is, in their order."""

    def __init__(self, readings: Sequence[PageReading]) -> None:
        told = readings if len(readings) <= FIRST + LAST else (*readings[:FIRST], *readings[-LAST:])
        self.readings = tuple(told)
        self.places = tuple(
            Place(line, page.number, line.text.translate(PLAIN))
            for page in told
            for line in page.lines
        )

    def answers(self, labels: Sequence[str]) -> Iterator[Answer]:
        """What stands at any of the labels, in the labels' order and then the paper's."""
        for label in labels:
            for place in self.places:
                for match in _label(label).finditer(place.plain):
                    yield from self._at(label, place, match)

    def _at(self, label: str, place: Place, match: re.Match[str]) -> Iterator[Answer]:
        rest = place.plain[match.end() :]
        if rest and match["colon"]:
            yield Answer(place, match.end(), AFTER_COLON, label)
        elif rest and match.start() == 0:
            yield Answer(place, match.end(), AFTER_SPACE if match["space"] else CLOSE_BY, label)
        elif not rest and len(match[0]) >= len(place.plain) - 2:
            beside, below = self.row_after(place)[:1], self._below(place)
            if beside:
                yield Answer(beside[0], 0, BESIDE, label)
            elif below:
                yield Answer(below, 0, BELOW, label)

    def row_after(self, place: Place) -> list[Place]:
        """The lines to the right in the same row, from left to right."""
        _, top, right, bottom = place.line.box
        row = [
            other
            for other in self.places
            if other.page == place.page
            and other.line.box[0] >= right - (bottom - top) / 2
            and _shared(top, bottom, other.line.box[1], other.line.box[3]) > 0.5
        ]
        return sorted(row, key=lambda other: other.line.box[0])

    def _below(self, place: Place) -> Place | None:
        """The nearest line underneath."""
        left, top, right, bottom = place.line.box
        height = bottom - top
        column = [
            other
            for other in self.places
            if other.page == place.page
            and -height / 3 <= other.line.box[1] - bottom <= REACH_DOWN * height
            and _shared(left, right, other.line.box[0], other.line.box[2]) > 0.3
        ]
        return min(column, key=lambda other: other.line.box[1], default=None)


@cache
def _label(words: str) -> re.Pattern[str]:
    """The label, perhaps spaced out, with a bracket or its translation after it:
    名 称 (全称) : · Shipper 发货人 : · 卖方 / Seller :"""
    spaced = r"\s*".join(re.escape(char) for char in words if not char.isspace())
    other_script = "[一-龥]{2,6}" if words.isascii() else "[A-Za-z][A-Za-z. ]{1,20}"
    # English labels stand as words; a Chinese one must not be the end of a longer word.
    return re.compile(
        rf"(?<![一-龥A-Za-z]){spaced}(?![A-Za-z])(?:\s*\([^()]{{1,14}}\))?"
        rf"(?:(?:\s*/?\s*{other_script})?\s*\.?(?P<colon>:)\s*|\.?(?P<space>\s*))",
        re.IGNORECASE,
    )


def _shared(start: int, end: int, other_start: int, other_end: int) -> float:
    """The length both spans share, as a share of the shorter one."""
    shared = min(end, other_end) - max(start, other_start)
    return shared / max(1, min(end - start, other_end - other_start))
