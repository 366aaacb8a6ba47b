"""Covered text: words that lie under the scan, the picture being drawn over the whole page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pypdf.generic import DictionaryObject, RectangleObject

from scanning.pdf.words import Matrix

Operation = tuple[Any, bytes]

TOLERANCE = 0.5  # points by which a picture may miss the page's edge
CLIPPING = {b"W", b"W*"}
PATHS = {b"m", b"l", b"c", b"v", b"y", b"re"}
PAINTING = {b"n", b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"}
CORNERS = np.array([[0, 1, 0, 1], [0, 0, 1, 1], [1, 1, 1, 1]], np.float64)


@dataclass(frozen=True)
class Brush:
    """The part of the graphics state that says whether a picture covers what is below."""

    way: Matrix
    is_whole: bool = True
    """Whether nothing is cut off and nothing shines through."""


def covered_until(
    operations: Sequence[Operation], resources: DictionaryObject, page: RectangleObject
) -> int:
    """How many operations come before the last picture that covers the whole page; 0 if none."""
    brush, saved, until = Brush(np.eye(3)), list[Brush](), 0
    path: list[Operation] = []
    for at, (operands, operator) in enumerate(operations):
        if operator in PATHS or operator in CLIPPING:
            path.append((operands, operator))
        elif operator in PAINTING:
            brush = replace(brush, is_whole=brush.is_whole and not _cuts(path, brush, page))
            path = []
        elif operator == b"q":
            saved.append(brush)
        elif operator == b"Q" and saved:
            brush = saved.pop()
        elif operator == b"cm":
            brush = replace(brush, way=brush.way @ _matrix(operands))
        elif operator == b"gs":
            brush = replace(brush, is_whole=False)
        elif operator == b"Do" and brush.is_whole and _is_opaque(resources, operands[0]):
            until = at if _covers(brush.way @ CORNERS, page) else until
    return until


def _matrix(operands: Sequence[Any]) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in operands)
    return np.array([[a, c, e], [b, d, f], [0, 0, 1]])


def _cuts(path: Sequence[Operation], brush: Brush, page: RectangleObject) -> bool:
    """Whether the path becomes a clipping that leaves out a part of the page."""
    if not any(operator in CLIPPING for _, operator in path):
        return False
    drawn = [one for one in path if one[1] in PATHS]
    if len(drawn) != 1 or drawn[0][1] != b"re":
        return True
    left, bottom, width, height = (float(value) for value in drawn[0][0])
    way = brush.way @ _matrix([width, 0, 0, height, left, bottom])
    return not _covers(way @ CORNERS, page)


def _covers(corners: Matrix, page: RectangleObject) -> bool:
    """Whether these corners are those of an upright rectangle that holds the page."""
    # Of a leaning one, no two corners share a side.
    xs, ys = (np.unique(values.round(2)) for values in corners[:2])
    return bool(
        len(xs) == len(ys) == 2
        and xs[0] <= float(page.left) + TOLERANCE
        and ys[0] <= float(page.bottom) + TOLERANCE
        and xs[1] >= float(page.right) - TOLERANCE
        and ys[1] >= float(page.top) - TOLERANCE
    )


def _is_opaque(resources: DictionaryObject, name: str) -> bool:
    picture = inner(inner(resources, "/XObject"), name)
    shining = {"/SMask", "/Mask", "/ImageMask", "/SMaskInData"}
    return picture.get("/Subtype") == "/Image" and not shining & set(picture)


def inner(holder: DictionaryObject, name: str) -> DictionaryObject:
    """The dictionary (or stream) of that name, empty where there is none."""
    found = holder.get(name)
    found = found.get_object() if found is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()
