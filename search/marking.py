"""From marked words in a page's text to rectangles on its picture."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from search.highlight import Range

Rect = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the page's picture at its full size."""

WIDE = frozenset("WFA")  # East Asian widths (UAX #11) that take a whole square


def rects(ranges: Sequence[Range], lines: Sequence[Mapping[str, Any]]) -> list[Rect]:
    """The rectangles of ranges of a text that is its lines joined by line ends.

    A line is {"text", "box", "cuts"?}: `cuts` are the x of its characters' edges; without them the
    place of a word in its line is reckoned from the widths that its characters usually have.
    """
    found = []
    for line, start in _placed(lines):
        end = start + len(line["text"])
        for first, last in ranges:
            if first < end and last > start:
                found.append(_part(line, max(first, start) - start, min(last, end) - start))
    return found


def _placed(lines: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], int]]:
    """Each line with the place of its first character in the text."""
    start = 0
    for line in lines:
        yield line, start
        start += len(line["text"]) + 1


def _part(line: Mapping[str, Any], first: int, last: int) -> Rect:
    left, top, right, bottom = line["box"]
    cuts = line.get("cuts") or ()
    if len(cuts) == len(line["text"]) + 1:
        return cuts[first], top, cuts[last], bottom
    widths = [_width(character) for character in line["text"]]
    whole = sum(widths) or 1.0
    before, until = sum(widths[:first]) / whole, sum(widths[:last]) / whole
    return round(left + (right - left) * before), top, round(left + (right - left) * until), bottom


def _width(character: str) -> float:
    return 1.0 if unicodedata.east_asian_width(character) in WIDE else 0.5
