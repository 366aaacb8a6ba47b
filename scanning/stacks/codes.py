"""Codes on a page: those that can be read, and the large ones that can not.

What a code means is not known here. On the papers themselves stand others' codes: invoices,
parcels and licences carry them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from scanning import images
from scanning.images import Grey
from scanning.reading import Box
from scanning.stacks.finders import finders
from scanning.stacks.working import Mask, Working

_Format = zxingcpp.BarcodeFormat
QR = zxingcpp.BarcodeFormats([_Format.QRCode])
# Kinds with a check of their own that stand on business papers. DataBar, ITF and Codabar are
# left out: lines of text pass for them now and then.
COMMON = zxingcpp.BarcodeFormats([
    _Format.QRCode, _Format.DataMatrix, _Format.PDF417, _Format.Code128, _Format.Code39,
    _Format.EAN13,
])  # fmt: skip
FINE_SIDE, COARSE_SIDE = 2_400, 1_700  # pixels; A4 at 200 and 145 dpi
MOST_RETRIED = 4
CROP_SIDE = 500  # pixels of a code that is tried again
AROUND = 6.0  # mm of white around it
DARK, DUSKY = 0.4, 0.32  # to the paper around; to the whole page's light, for codes run to grey

# What looks like a large code that nobody can read. The codes of covers and separators are 25 mm
# or more; a black stamp of a name is smaller.
SMALLEST, LARGEST = 20.0, 90.0  # mm
JOINED = 3.5  # mm; white within a code
SQUARE = 1.4  # a smear makes it longer
FULL = 0.86  # of its square; a round stamp fills 0.79 of it
DENSE = 0.36  # of it is black; print of any size has less
BLOCKS, EVEN = 4, 0.17  # its quarters' quarters are about equally dark; a portrait's are not


Sides = tuple[float, float, float, float]


@dataclass(frozen=True)
class Code:
    """A code that was read: what it says, its kind (`QRCode`, `EAN13` …), its box in the pixels
    of the page as it was scanned, and how much darker than the paper it is, 0 to 1.

    Both a code on the back and its mirrored shadow on the front can be read.
    """

    text: str
    kind: str
    box: Box
    depth: float = 1.0


def read(grey: Grey, page: Working) -> tuple[tuple[Code, ...], tuple[Box, ...]]:
    """The codes that could be read, and the boxes of large ones that could not."""
    passes = ((FINE_SIDE, QR), (COARSE_SIDE, COMMON))
    seen = [code for side, formats in passes for code in _read(grey, side, formats)]
    found = _distinct(seen)
    unread: list[Box] = []
    for box in [*_code_like(page), *_remains(page)][:MOST_RETRIED]:
        if any(_overlap(box, known) for known in (*(code.box for code in found), *unread)):
            continue
        again = _tried_again(grey, box, AROUND * page.per_mm * page.scale)
        if again is None:
            unread.append(box)
        else:
            found.append(again)
    return tuple(replace(code, depth=_depth(code, page)) for code in found), tuple(unread)


def _read(grey: Grey, side: int, formats: zxingcpp.BarcodeFormats) -> Iterator[Code]:
    picture = images.shrink(grey, side)
    scale = grey.shape[1] / picture.shape[1]
    for code in zxingcpp.read_barcodes(picture, formats, text_mode=zxingcpp.TextMode.Plain):
        if code.text:
            place = code.position
            corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
            across = [corner.x for corner in corners]
            down = [corner.y for corner in corners]
            box = _scaled((min(across), min(down), max(across), max(down)), scale)
            yield Code(code.text, code.format.name, box)


def _depth(code: Code, page: Working) -> float:
    """How dark the code's dark parts are; a barcode's box may be a mere line."""
    left, top, right, bottom = _scaled(code.box, 1 / page.scale)
    part = page.depth[max(0, top) : bottom + 2, max(0, left) : right + 2]
    return round(float(np.percentile(part, 80)), 2) if part.size else 0.0


def _distinct(codes: list[Code]) -> list[Code]:
    """Each code once, though it was read in both sizes."""
    kept: list[Code] = []
    for code in codes:
        if not any(code.text == other.text and _overlap(code.box, other.box) for other in kept):
            kept.append(code)
    return kept


def _remains(page: Working) -> list[Box]:
    """What is left of QR codes: one box around the finder patterns that are near each other."""
    boxes: list[Box] = []
    for finder in finders(page):
        near = LARGEST * page.per_mm * page.scale / 2
        left, top, right, bottom = _scaled(finder, page.scale)
        reach = (left - near, top - near, right + near, bottom + near)
        beside = next((box for box in boxes if _overlap(box, reach)), None)
        if beside is None:
            boxes.append((left, top, right, bottom))
        else:
            boxes.remove(beside)
            boxes.append((
                min(left, beside[0]), min(top, beside[1]),
                max(right, beside[2]), max(bottom, beside[3]),
            ))  # fmt: skip
    return boxes


def _code_like(page: Working) -> list[Box]:
    """Large dense black squares, the largest first."""
    dark = (page.black > DARK) | (page.dusk > DUSKY)
    size = round(JOINED * page.per_mm) | 1
    closed = cv2.morphologyEx(dark.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((size, size)))
    # What is joined by a thin line only (a frame, a pen) comes apart again.
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((2 * size, 2 * size)))
    outlines, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = (_square(np.asarray(line), dark, page.per_mm) for line in outlines)
    squares = [box for box in found if box is not None and _is_even(page.dusk, box)]
    squares.sort(key=lambda box: box[0] - box[2])
    return [_scaled(box, page.scale) for box in squares]


def _square(outline: NDArray[Any], dark: Mask, per_mm: float) -> Box | None:
    """The box of an outline that might be a code's."""
    _, (width, height), _ = cv2.minAreaRect(outline)
    short, long = sorted((width, height))
    right_size = SMALLEST * per_mm <= long <= LARGEST * per_mm and long < SQUARE * short
    if not right_size or cv2.contourArea(outline) < FULL * width * height:
        return None
    left, top, across, down = cv2.boundingRect(outline)
    inside = np.zeros((down, across), np.uint8)
    cv2.drawContours(inside, [outline - (left, top)], 0, 1, -1)
    black = dark[top : top + down, left : left + across][inside > 0]
    return (left, top, left + across, top + down) if black.mean() > DENSE else None


def _is_even(dusk: NDArray[np.float32], box: Box) -> bool:
    left, top, right, bottom = box
    rim = (right - left) // 16
    part = dusk[top + rim : bottom - rim, left + rim : right - rim]
    blocks = cv2.resize(part, (BLOCKS, BLOCKS), interpolation=cv2.INTER_AREA)
    return float(np.std(blocks)) < EVEN


def _tried_again(grey: Grey, box: Box, around: float) -> Code | None:
    """The code in a box, read from pictures of it that were worked on."""
    left, top = max(0, round(box[0] - around)), max(0, round(box[1] - around))
    crop = grey[top : round(box[3] + around), left : round(box[2] + around)]
    for attempt in _attempts(images.shrink(np.ascontiguousarray(crop), CROP_SIDE)):
        for binarizer in (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram):
            for code in zxingcpp.read_barcodes(attempt, QR, binarizer=binarizer):
                return Code(code.text, code.format.name, box)
    return None


def _attempts(crop: Grey) -> Iterator[Grey]:
    """As it is, evened, smoothed (specks), sharpened (blur), thickened and thinned (streaks)."""
    yield crop
    even = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(4, 4)).apply(crop)
    soft = cv2.GaussianBlur(crop, (0, 0), 2.0)
    sharp = cv2.addWeighted(crop, 3.0, cv2.GaussianBlur(crop, (0, 0), 4.0), -2.0, 0)
    for changed in (
        even, soft, sharp, cv2.medianBlur(crop, 7),
        cv2.erode(crop, np.ones((5, 5))), cv2.dilate(crop, np.ones((5, 5))),
    ):  # fmt: skip
        yield np.asarray(changed, np.uint8)


def _overlap(one: Sides, other: Sides) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > 0 and down > 0


def _scaled(box: Sides, scale: float) -> Box:
    left, top, right, bottom = (round(side * scale) for side in box)
    return left, top, right, bottom
