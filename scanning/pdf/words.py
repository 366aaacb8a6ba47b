"""Words as invisible text: each character where it was found on the page."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from scanning import images, photos
from scanning.pdf import glyphless
from scanning.reading import Line, PageReading

Matrix = NDArray[np.float64]
"""3 × 3, for points as columns (x, y, 1)."""

FONT_NAME = "JzWords"
SLACK = 0.2  # of a line's height: how far a character may stand from where it was found
BASELINE = 0.2  # of a line's height, up from the bottom of its box
LEANING = 2.0  # times as high as its characters are wide: a line's box, not its characters
TALL = 1.5  # times as high as wide: the line runs down the page
SHORT = 4  # characters; fewer may all be narrow ones
FIRST_LENT = 0xE000  # codes of the private use area, which stand in no reading


@dataclass
class Codes:
    """The code of each character: its number, or for rare ones beyond two bytes a lent one."""

    lent: dict[str, int] = field(default_factory=dict)

    def of(self, char: str) -> str:
        number = ord(char)
        if number > 0xFFFF:
            number = self.lent.setdefault(char, FIRST_LENT + len(self.lent))
        return f"{number:04X}"


def content(reading: PageReading, to_page: Matrix, codes: Codes) -> bytes:
    """The operators that set the page's lines; `to_page` leads from the reading's pixels to
    the page's own units, through a slanting look too (its last row need not be 0 0 1)."""
    shown = [operator for line in reading.lines for operator in _line(line, to_page, codes)]
    return "\n".join(["BT 3 Tr", f"/{FONT_NAME} 1 Tf", *shown, "ET"]).encode("ascii")


def from_centre(reading: PageReading) -> Matrix:
    """From the reading's pixels to distances from the page's centre, up being positive."""
    return np.array([[1, 0, -reading.width / 2], [0, -1, reading.height / 2], [0, 0, 1]])


def clockwise(degrees: float) -> Matrix:
    """A turn about the origin, up being positive."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])


def before_straightening(reading: PageReading) -> tuple[int, int]:
    """The upright page's size before its sheet grew in images.straighten()."""
    radians = np.radians(abs(reading.skew))
    cos, sin = np.cos(radians), np.sin(radians)
    grown = np.array([[cos, sin], [sin, cos]])
    width, height = np.linalg.solve(grown, [reading.width, reading.height])
    return round(width), round(height)


def on_photo(reading: PageReading, width: int, height: int) -> tuple[PageReading, Matrix]:
    """How a page lies on the photo it was squared from, and the way from its pixels to that.

    PDF cannot square a picture, and computing it anew would be another picture than the one that
    came. So the photo stays as it was taken (`width` × `height`, in any unit), turned upright
    only, and each line's words are laid along the slanting line on it: straightening, turning
    and squaring are undone in turn. Other pages are told back as they are.
    """
    if reading.corners is None:
        return reading, np.eye(3)
    upright = before_straightening(reading)
    wide, high = width, height
    squared = upright
    if reading.rotation % 180:
        squared, wide, high = (upright[1], upright[0]), height, width
    matrix, _ = images.turning(*upright, reading.skew)
    straightened = np.vstack([matrix, [0, 0, 1]]) @ _quarter_turns(reading.rotation, *squared)
    seen = np.diag([width, height, 1.0]) @ photos.to_shares(reading.corners, squared)
    shown = _quarter_turns(reading.rotation, width, height)
    taken = replace(reading, skew=0.0, width=wide, height=high, dpi=0, corners=None)
    return taken, shown @ seen @ np.linalg.inv(straightened)


def _quarter_turns(degrees: int, width: int, height: int) -> Matrix:
    """The way of images.turn() from a picture of that size."""
    ways = {
        0: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        90: [[0, -1, height], [1, 0, 0], [0, 0, 1]],
        180: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
        270: [[0, 1, 0], [-1, 0, width], [0, 0, 1]],
    }
    return np.array(ways[degrees % 360], np.float64)


def six(matrix: Matrix) -> bytes:
    """The matrix as PDF's six numbers."""
    (a, c, e), (b, d, f) = matrix[:2]
    return b"%.5f %.5f %.5f %.5f %.3f %.3f" % (a, b, c, d, e, f)


def _line(line: Line, to_page: Matrix, codes: Codes) -> Iterator[str]:
    left, top, right, bottom = line.box
    tall = bottom - top > TALL * (right - left) and len(line.text) > 1
    size = _height(line, tall)
    below = (0.5 - BASELINE) * size  # from the line's middle to where its characters stand
    if tall:
        along, up, start = (0.0, 1.0), (1.0, 0.0), ((left + right) / 2 - below, float(top))
    else:
        along, up, start = (1.0, 0.0), (0.0, -1.0), (float(left), (top + bottom) / 2 + below)
    vectors = np.array([along, up, start]).T * [size, size, 1]
    laid = _about(line, to_page) @ np.vstack([vectors, [0, 0, 1]])
    yield f"{six(laid).decode()} Tm"
    cuts = _cuts(line, tall)
    for first, last in _runs(line.text, cuts, slack=SLACK * size):
        natural = sum(_natural(char) for char in line.text[first:last])
        stretched = 100 * max(1.0, cuts[last] - cuts[first]) / (natural * size)
        said = "".join(codes.of(char) for char in line.text[first:last])
        yield f"{stretched:.2f} Tz <{said}> Tj"


def _about(line: Line, to_page: Matrix) -> Matrix:
    """The way without a slanting look that comes nearest to `to_page` about the line's middle."""
    if not to_page[2, :2].any():
        return to_page
    left, top, right, bottom = line.box
    x, y = (left + right) / 2, (top + bottom) / 2
    ends = np.array([[left, y, 1], [right, y, 1], [x, top, 1], [x, bottom, 1], [x, y, 1]]).T
    far = to_page @ ends
    west, east, north, south, middle = (far[:2] / far[2]).T
    across = (east - west) / max(1, right - left)
    down = (south - north) / max(1, bottom - top)
    moved = middle - across * x - down * y
    return np.vstack([np.array([across, down, moved]).T, [0, 0, 1]])


def _height(line: Line, tall: bool) -> float:
    """The characters' height. The box of a line that leans is higher than they are, and would
    lay its text over the lines beside it."""
    left, top, right, bottom = line.box
    across, length = max(1, bottom - top), max(1, right - left)
    if tall:
        across, length = length, across
    if len(line.text) < SHORT:
        return across
    return min(across, LEANING * length / sum(_natural(char) for char in line.text))


def _natural(char: str) -> float:
    """The character's width in the font, in heights: Latin is half as wide as Chinese."""
    return glyphless.NARROW if ord(char) < glyphless.FIRST_WIDE else 1.0


def _cuts(line: Line, tall: bool) -> list[float]:
    """Where the characters part along the line; where unknown, by their natural widths."""
    if len(line.cuts) == len(line.text) + 1 and not tall:
        return [float(cut) for cut in line.cuts]
    left, top, right, bottom = line.box
    start, length = (top, bottom - top) if tall else (left, right - left)
    ends = list(accumulate((_natural(char) for char in line.text), initial=0.0))
    return [start + length * end / ends[-1] for end in ends]


def _runs(text: str, cuts: list[float], slack: float) -> list[tuple[int, int]]:
    """Parts of the line, as long as may be, whose characters evenly stretched stand where they
    were found. Few parts, because readers of PDF may see a gap or a line's end between two."""
    runs: list[tuple[int, int]] = []
    first = 0
    while first < len(text):
        last = first + 1
        while last < len(text) and _is_even(text, cuts, (first, last + 1), slack):
            last += 1
        # pdfium sees a line's end before a lone character.
        if runs and (last - first == 1 or _length(runs[-1]) == 1):
            first, _ = runs.pop()
        runs.append((first, last))
        first = last
    return runs


def _length(run: tuple[int, int]) -> int:
    return run[1] - run[0]


def _is_even(text: str, cuts: list[float], run: tuple[int, int], slack: float) -> bool:
    first, last = run
    ends = list(accumulate(_natural(char) for char in text[first:last]))
    stretch = (cuts[last] - cuts[first]) / ends[-1]
    return all(
        abs(cuts[first] + end * stretch - cut) <= slack
        for end, cut in zip(ends, cuts[first + 1 : last + 1], strict=True)
    )
