"""Forms read back from their PDFs: words, lines in millimetres, fonts, letters that overlap."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple, cast

import numpy as np
import pypdfium2
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

POINTS = 72 / 25.4


class Rule(NamedTuple):
    """A straight line or the outline of a rectangle, in mm from the page's lower left corner."""

    x: float
    y: float
    width: float
    height: float


def pages(pdf: BytesIO) -> list[PageObject]:
    return list(PdfReader(pdf).pages)


def size(page: PageObject) -> tuple[float, float]:
    """Width and height of the paper in mm."""
    return round(float(page.mediabox.width) / POINTS, 2), round(
        float(page.mediabox.height) / POINTS, 2
    )


def words(page: PageObject) -> str:
    """All that is written on a page, without spaces."""
    return "".join(page.extract_text().split())


def rules(page: PageObject) -> list[Rule]:
    """The lines and rectangles that are drawn on a page, in mm."""
    found, at = [], (0.0, 0.0)
    for operands, operator in _operations(page):
        if operator == b"re":
            found.append(_rule(*map(float, operands)))
        elif operator == b"m":
            at = float(operands[0]), float(operands[1])
        elif operator == b"l":
            x, y = float(operands[0]), float(operands[1])
            left, low = min(x, at[0]), min(y, at[1])
            found.append(_rule(left, low, abs(x - at[0]), abs(y - at[1])))
    return found


def embedded(page: PageObject) -> bool:
    """Whether every font that the page names is in the file."""
    fonts = cast(Any, page["/Resources"])["/Font"].values()
    return all("/FontFile2" in font.get_object()["/FontDescriptor"] for font in fonts)


def overlapping(pdf: BytesIO) -> list[str]:
    """Pairs of letters on one page of which one lies on more than a fifth of the other."""
    return [pair for page in pypdfium2.PdfDocument(pdf) for pair in _clashes(page)]


def _clashes(page: Any) -> Iterator[str]:
    text = page.get_textpage()
    letters = [
        (text.get_text_range(number, 1), text.get_charbox(number))
        for number in range(text.count_chars())
    ]
    # A character past U+FFFF counts as two here, both in one place and neither with a text.
    inked = [(told, box) for told, box in letters if told and box[2] > box[0] and box[3] > box[1]]
    boxes = np.array([box for _, box in inked])
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    for number, (letter, _) in enumerate(inked[:-1]):
        one, rest = boxes[number], boxes[number + 1 :]
        across = np.minimum(one[2], rest[:, 2]) - np.maximum(one[0], rest[:, 0])
        down = np.minimum(one[3], rest[:, 3]) - np.maximum(one[1], rest[:, 1])
        shared = np.clip(across, 0, None) * np.clip(down, 0, None)
        least = np.minimum(areas[number], areas[number + 1 :])
        for clash in np.flatnonzero(shared > 0.2 * least):
            yield f"{letter}{inked[number + 1 + int(clash)][0]}"


def _operations(page: PageObject) -> list[tuple[Any, bytes]]:
    content = ContentStream(page["/Contents"].get_object(), page.pdf)
    return content.operations


def _rule(*points: float) -> Rule:
    return Rule(*(round(point / POINTS, 2) for point in points))
