"""Quality: whether a page's picture is good enough to keep, by DA/T 31-2017, and what to do if not.

The clauses: §9.4 at least 200 dots an inch; §10.2 pages straight; §12.2 every picture checked for
what a machine can check: whole, clear, neither too dark nor too pale. The standard gives no
measures for these last; those below were set on generated pages (tests/bench/images.py).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanning import aslant, images
from scanning.images import Grey, Picture
from scanning.reading import Box, Line
from scanning.stacks.said import Said

N_ = str  # Marks a sentence for translation; it is translated where it is shown.

LEAST_DPI = 200  # DA/T 31-2017 §9.4
ROUNDED = 0.02  # 1,654 pixels for 210 mm are 200 dots an inch, too
A4 = (8.27, 11.69)  # inches
A4_SHAPE = 0.03  # by how much a page's shape may differ and be taken for A4
LARGEST = 24.0  # inches; a file that says more says its resolution wrongly
LOWEST_LINE = 14  # pixels: print of 10 points at 100 dots an inch
MOST_LEANING = 1.0  # degrees, after straightening
# Degrees by which a sheet may lie askew: at more, A4's corners are over 18 mm off the scanner's
# glass, and with them what stands near its margins.
MOST_ASKEW = 5.0
WIDEST = 20.0  # degrees: as far as leaning is looked for
DARKEST = 100  # of 255: paper darker than this is too dark
LEAST_CONTRAST = 70  # of 255, between print and the paper about it
PALE = 160  # of 255: darker paper with little contrast is no pale page
SOFTEST = 3.2  # pixels from paper to ink, and …
SOFTEST_SHARE = 0.074  # … of a line's height; sharp print at 200 dots an inch needs 0.05
FEWEST_LINES = 3  # to say anything of print
LEAST_CHARS = 2
MOST_LINES = 40  # of them measured
AT_EDGE = 0.15  # of a line's height
CUT_LINES = 0.1  # of the lines run into the edge
EDGE = 2  # pixels
LEAST_INK, MOST_INK = 0.06, 0.8  # of the edge beside a line

LOW = N_(
    "The picture has only about %(dpi)s dots per inch; an archive asks for %(least)s. "
    "Scan the page once more at a higher resolution."
)
SMALL = N_(
    "The print is only %(pixels)s pixels high. Scan the page once more at a higher resolution."
)
SKEWED = N_("The page still leans by %(degrees)s degrees. Scan it once more, laid straight.")
ASKEW = N_("The page lay askew by %(degrees)s degrees. Scan it once more, laid straight.")
ASLANT = N_(
    "The page was photographed from aside, or is bent. Scan it, or photograph it once more, lying "
    "flat on a darker table, from straight above."
)
DARK = N_("The page is too dark. Scan it once more, with more light.")
FAINT = N_("The print is too pale. Scan the page once more, with stronger contrast.")
DULL = N_("The print hardly stands out from the paper. Scan the page once more.")
BLURRED = N_("The print is blurred. Scan the page once more, lying flat and still.")
CUT = N_("Print runs out of the picture at its edge. Scan the page once more, with all its edges.")


@dataclass(frozen=True)
class Print:
    """How the print looks, the middle of its lines: the brightness of paper and ink (0 to 255),
    the width of the ink's edges and the lines' height in pixels."""

    paper: float
    ink: float
    edge: float
    height: float


def verdict(
    taken: Picture,
    page: Picture,
    lines: Sequence[Line],
    dpi: int,
    skew: float,
    scanned_at: int = 0,
) -> tuple[dict[str, Any], ...]:
    """What is wrong with the picture, as plain data of Said; nothing where all is well.

    `taken` is the picture as it was straightened by `skew` degrees, which gave `page` with
    its `lines`; `dpi` is what the file says, 0 if nothing; `scanned_at` are the dots an inch of
    the scan that a PDF's page shows, 0 if none.
    """
    printed = _print(images.grey(page), [line.box for line in lines if _has_print(line)])
    found = [_low(scanned_at) if scanned_at else _resolution(taken, dpi, printed)]
    if printed is not None:
        found += [
            _leaning(page, skew, lines),
            _aslant(page, lines),
            _light(printed),
            _blur(printed),
            _edges(taken, lines, skew, printed),
        ]
    return tuple(asdict(one) for one in found if one is not None)


def _has_print(line: Line) -> bool:
    left, top, right, bottom = line.box
    return len(line.text) >= LEAST_CHARS and left < right and top < bottom


def _runs_across(line: Line) -> bool:
    left, top, right, bottom = line.box
    return _has_print(line) and right - left > bottom - top


def _resolution(taken: Picture, dpi: int, printed: Print | None) -> Said | None:
    """By what the file says, if that can be; else by the size of A4; else by the print's."""
    height, width = taken.shape[:2]
    if not dpi or max(height, width) / dpi > LARGEST:
        dpi = as_a4(width, height)
    if dpi:
        return _low(dpi)
    if printed is not None and printed.height < LOWEST_LINE:
        return Said(SMALL, {"pixels": round(printed.height)})
    return None


def _low(dpi: int) -> Said | None:
    is_low = dpi < LEAST_DPI * (1 - ROUNDED)
    return Said(LOW, {"dpi": dpi, "least": LEAST_DPI}) if is_low else None


def as_a4(width: int, height: int) -> int:
    """Dots an inch if this is a page of A4; 0 if it has another shape."""
    short, long = sorted((width, height))
    if abs(long / short * A4[0] / A4[1] - 1) > A4_SHAPE:
        return 0
    return round(long / A4[1])


def _leaning(page: Picture, skew: float, lines: Sequence[Line]) -> Said | None:
    left = aslant.leaning([line for line in lines if _runs_across(line)])
    if left is None:
        left = images.skew(page, most=WIDEST)
    if abs(left) > MOST_LEANING:
        return Said(SKEWED, {"degrees": f"{abs(left):.1f}"})
    return Said(ASKEW, {"degrees": f"{abs(skew):.1f}"}) if abs(skew) > MOST_ASKEW else None


def _aslant(page: Picture, lines: Sequence[Line]) -> Said | None:
    is_aslant = aslant.is_aslant(page, [line for line in lines if _runs_across(line)])
    return Said(ASLANT) if is_aslant else None


def _light(printed: Print) -> Said | None:
    if printed.paper < DARKEST:
        return Said(DARK)
    if printed.paper - printed.ink >= LEAST_CONTRAST:
        return None
    return Said(FAINT if printed.paper > PALE else DULL)


def _blur(printed: Print) -> Said | None:
    softest = max(SOFTEST, SOFTEST_SHARE * printed.height)
    return Said(BLURRED) if printed.edge > softest else None


def _edges(taken: Picture, lines: Sequence[Line], skew: float, printed: Print) -> Said | None:
    """Whether ink of several lines' ends, or of one line's whole length, lies on the edge."""
    height, width = taken.shape[:2]
    matrix, _ = images.turning(width, height, skew)
    back = np.asarray(cv2.invertAffineTransform(matrix), np.float64)
    dark = images.grey(taken) < (printed.paper + printed.ink) / 2
    boxes = [_back(line.box, back) for line in lines if _runs_across(line)]
    aside = sum(_runs_out(dark, *box) for box in boxes)
    above = any(_runs_out(dark.T, top, left, bottom, right) for left, top, right, bottom in boxes)
    return Said(CUT) if above or aside > max(FEWEST_LINES - 1, CUT_LINES * len(boxes)) else None


def _runs_out(dark: NDArray[np.bool_], low: float, start: float, high: float, end: float) -> bool:
    """Whether print between rows `start` and `end` reaches the first or the last column.

    A ruling or a scanner's shadow inks the edge all along, print with gaps.
    """
    slack = AT_EDGE * min(end - start, high - low)
    rows = slice(max(0, round(start)), max(0, round(end)))
    strips = []
    if low <= slack:
        strips.append(dark[rows, :EDGE])
    if high >= dark.shape[1] - slack:
        strips.append(dark[rows, -EDGE:])
    shares = [float(strip.any(axis=1).mean()) for strip in strips if strip.size]
    return any(LEAST_INK < share < MOST_INK for share in shares)


def _back(box: Box, matrix: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """The box where it was before the page was straightened, about its middle."""
    left, top, right, bottom = box
    x, y = matrix @ ((left + right) / 2, (top + bottom) / 2, 1)
    across, down = (right - left) / 2, (bottom - top) / 2
    return x - across, y - down, x + across, y + down


def _print(page: Grey, boxes: Sequence[Box]) -> Print | None:
    if len(boxes) < FEWEST_LINES:
        return None
    chosen = boxes[:: max(1, len(boxes) // MOST_LINES)]
    measured = [_line(page[top:bottom, left:right]) for left, top, right, bottom in chosen]
    paper, ink, edge = np.median(measured, axis=0)
    # Print that runs down the page is as high as its column is wide.
    height = np.median([min(right - left, bottom - top) for left, top, right, bottom in chosen])
    return Print(float(paper), float(ink), float(edge), float(height))


def _line(cut: Grey) -> tuple[float, float, float]:
    """Brightness of paper and ink, and how many pixels lie between them where it is sharpest."""
    dark, bright = (float(value) for value in np.percentile(cut, (4, 90)))
    if bright - float(np.median(cut)) > float(np.median(cut)) - dark:
        # White print on a dark ground has no paper; its edges are as sharp.
        bright = float(np.percentile(cut, 97))
    across = cv2.Sobel(cut, cv2.CV_32F, 1, 0, ksize=3) / 8
    down = cv2.Sobel(cut, cv2.CV_32F, 0, 1, ksize=3) / 8
    steepest = float(np.percentile(np.hypot(across, down), 97))
    return bright, dark, (bright - dark) / max(1.0, steepest)
