"""A typed page, laid out: where each of its characters stands.

A row is a line of print. A row that begins with = is a heading in large print, in the middle. A
bar parts two cells, and so does a wide gap, as it does for any reader of lines.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

HALF, HEIGHT, PITCH, TOP, LEFT = 12, 24, 38, 60, 40  # pixels: half a character, print, rows
HEADING = 1.8  # times as large
WIDTH = 1_240
GAP = re.compile(r" {4,}")  # blanks as wide as two characters
MIDDLE = "\u2000"  # of what may be wide, Greek and Russian letters are not
PAGE = "\n---page\n"


@dataclass(frozen=True)
class Cell:
    """A character and the box that it stands in."""

    char: str
    left: float
    top: int
    right: float
    bottom: int


def pages_of(text: str) -> list[str]:
    return text.split(PAGE)


def laid(page: str) -> Iterator[list[Cell]]:
    """The page's runs of print, row by row, character by character."""
    top = TOP
    for row in page.splitlines():
        if row.startswith("="):
            text, size = row[1:].strip(), HEADING
            start = max(0.0, (WIDTH - _width(text) * HALF * size) / 2)
            height = round(HEIGHT * size)
        else:
            text, size, start, height = row, 1.0, float(LEFT), HEIGHT
        for begin, end in _runs(text):
            left = start + _width(text[:begin]) * HALF * size
            yield list(_cells(text[begin:end], left, top, size, height))
        top += PITCH + height - HEIGHT


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Where the cells of a row begin and end."""
    for cell in re.finditer(r"[^|]+", text):
        begin = cell.start()
        for gap in [*GAP.finditer(text, cell.start(), cell.end()), None]:
            end = gap.start() if gap else cell.end()
            bare = text[begin:end].strip()
            if bare:
                first = text.index(bare, begin)
                yield first, first + len(bare)
            begin = gap.end() if gap else end


def _cells(text: str, left: float, top: int, size: float, height: int) -> Iterator[Cell]:
    for char in text:
        right = left + _width(char) * HALF * size
        yield Cell(char, left, top, right, top + height)
        left = right


def _width(text: str) -> int:
    """In half characters."""
    return sum(2 if char > MIDDLE and unicodedata.east_asian_width(char) in "WFA" else 1
               for char in text)  # fmt: skip
