"""A second reader: Tesseract on a field's own few words, so that two agree before one is believed.

fields.suggest(readings, second=SecondReader(sheets))
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from scanning import originals, photos, seals
from scanning.engines import tesseract
from scanning.images import Picture
from scanning.reading import Box, PageReading

ASIDE, ABOVE = 0.3, 0.15  # of the words' height: paper left around them
KEPT = 4  # pages held in memory
MOST_SECONDS = 40.0  # of reading in all: then the rest stays unbacked, rather than the paper unread


@dataclass(frozen=True)
class Sheet:
    """A page of a paper: the file it came in, its number there, and its reading, which has its
    number in the paper."""

    path: Path
    leaf: int
    reading: PageReading


class SecondReader:
    """Reads boxes of a paper's pages as they were read the first time.

    Where Tesseract or its language is missing it reads nothing, and nothing is backed by it.
    """

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._spent = 0.0
        self._sheets = {sheet.reading.number: sheet for sheet in sheets}
        self._page = lru_cache(maxsize=KEPT)(self._straight)

    def __call__(self, page: int, box: Box, script: str) -> str:
        """What stands in the box of that page; `script` is "han" or "latin"."""
        if self._spent > MOST_SECONDS:
            return ""
        began = time.monotonic()
        lines = _lines_in(self._sheets[page].reading, box)
        said = tesseract.read_words(_cut(self._page(page), box), script, lines)
        self._spent += time.monotonic() - began
        return said

    def _straight(self, number: int) -> Picture:
        """The page upright and straight, its seals lifted, as the boxes are measured on it."""
        sheet = self._sheets[number]
        reading, picture = sheet.reading, originals.load(sheet.path, sheet.leaf).picture
        page = photos.as_read(picture, reading.rotation, reading.skew, reading.corners)
        lifted = any(step.startswith(seals.LIFTED) for step in reading.steps)
        found = seals.seals(page) if lifted else []
        return seals.lift(page, found) if found else page


def _lines_in(reading: PageReading, box: Box) -> int:
    """How many lines the first reader found one below the other in the box."""
    left, top, right, bottom = box
    inside = sorted(
        (line.box[1], line.box[3])
        for line in reading.lines
        if line.box[0] < right
        and line.box[2] > left
        and top <= (line.box[1] + line.box[3]) / 2 <= bottom
    )
    below = [one for one, other in pairwise(inside) if other[0] > (one[0] + one[1]) / 2]
    return 1 + len(below)


def _cut(page: Picture, box: Box) -> Picture:
    left, top, right, bottom = box
    height = bottom - top
    aside, above = round(ASIDE * height), round(ABOVE * height)
    rows = slice(max(0, top - above), min(page.shape[0], bottom + above))
    columns = slice(max(0, left - aside), min(page.shape[1], right + aside))
    return page[rows, columns]
