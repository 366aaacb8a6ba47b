"""Photos: a sheet of paper photographed on a table, found and squared.

Only where the picture shows all four corners of a sheet on something darker, and the sheet's
sides say that it was not looked at from straight above: what a flat scanner made is never touched.
"""

import math
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanning import images
from scanning.images import Grey, Picture
from scanning.reading import Corner, Corners

Points = NDArray[Any]
"""Points of an outline in pixels, n × 2; OpenCV gives them as it likes, whole or not."""

Quad = NDArray[np.float32]
"""The corners in pixels, 4 × 2."""

FINDING_SIDE = 600  # pixels
LAMP_SIDE = 30  # pixels; a lamp's light falls slowly
LEAST_SHEET = 0.2  # of the picture's area
MOST_SHEET = 0.97
LIKE_A_SHEET = 0.96  # overlap of what is bright with the four-sided figure
TABLE_DARKER = 12  # of 255: by how much the table is darker, along every side
OUTSIDE, INSIDE = 0.02, 0.02  # of the longer side: how far from the sheet's edge one looks
LEAST_ANGLE = 55.0  # degrees, of a corner
ASKEW = 1.5  # degrees between opposite sides; below it nothing is to be squared
LEANING = images.MOST_SKEW  # degrees; less is straightened by the lines of text
MOST_SHADE = 0.25  # of the light; on a photo less is evened than on a scan
SQUARED = "sheet squared"  # what a reading's steps say of it
A4_SHAPE, NEAR_A4 = math.sqrt(2), 0.15


def sheet(picture: Picture) -> Corners | None:
    """The corners of a sheet that needs squaring; None where there is none."""
    small = images.shrink(picture, FINDING_SIDE)
    height, width = small.shape[:2]
    for quad in _candidates(small):
        is_sheet = _is_sheet(quad, width, height) and _needs_squaring(quad)
        if is_sheet and _lies_on_darker(images.grey(small), quad):
            return _shares(quad, width, height)
    return None


def as_read(
    picture: Picture, rotation: int, skew: float, corners: Corners | None = None
) -> Picture:
    """The picture of an original's page as it was when it was read: squared, upright, straight."""
    if corners is not None:
        picture = squared(picture, corners)
    return images.straighten(images.turn(picture, rotation), skew)


def squared(picture: Picture, corners: Corners) -> Picture:
    """The sheet alone, as if looked at from straight above."""
    height, width = picture.shape[:2]
    size = squared_size(corners, width, height)
    matrix = np.linalg.inv(to_shares(corners, size)) @ np.diag([1 / width, 1 / height, 1.0])
    flat = cv2.warpPerspective(
        picture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(flat, np.uint8)


def squared_size(corners: Corners, width: int, height: int) -> tuple[int, int]:
    """Width and height of the squared sheet of a picture of that size: as large as the sheet's
    longer sides, in the shape of A4 if it nearly has it (a slanting look shortens)."""
    quad = np.array(corners) * (width, height)
    sides = np.linalg.norm(quad - np.roll(quad, -1, axis=0), axis=1)
    across, down = float(max(sides[0], sides[2])), float(max(sides[1], sides[3]))
    short, long = sorted((across, down))
    if abs(long / short / A4_SHAPE - 1) < NEAR_A4:
        short, long = max(short, long / A4_SHAPE), max(long, short * A4_SHAPE)
    across, down = (short, long) if across <= down else (long, short)
    return max(1, round(across)), max(1, round(down))


def to_shares(corners: Corners, size: tuple[int, int]) -> NDArray[np.float64]:
    """The 3 × 3 matrix from pixels of the squared sheet of that size to shares of the photo."""
    width, height = size
    square = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(square, np.array(corners, np.float32))
    return np.asarray(matrix, np.float64)


def _shares(quad: Quad, width: int, height: int) -> Corners:
    first, second, third, fourth = ((float(x) / width, float(y) / height) for x, y in quad)
    return first, second, third, fourth


def _candidates(small: Picture) -> Iterator[Quad]:
    """Four-sided figures that what is bright fills, by several ideas of bright."""
    smooth = np.asarray(cv2.GaussianBlur(images.grey(small), (0, 0), 2), np.uint8)
    for seen in (smooth, _evenly_lit(smooth)):
        otsu, _ = cv2.threshold(seen, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        for level in (otsu, otsu * 0.85, otsu * 1.15):
            quad = _bright_figure(np.asarray(seen > level))
            if quad is not None:
                yield quad


def _evenly_lit(grey: Grey) -> Grey:
    """The picture as if the lamp stood above its middle: a lit table is else as bright as a sheet
    in the shade."""
    # Print is dark in any light.
    bare = cv2.medianBlur(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((9, 9))), 9)
    small = cv2.resize(bare, (LAMP_SIDE, LAMP_SIDE), interpolation=cv2.INTER_AREA)
    light = np.log(np.maximum(small, 1).astype(np.float64)).ravel()
    down, across = np.mgrid[-1 : 1 : LAMP_SIDE * 1j, -1 : 1 : LAMP_SIDE * 1j]
    places = np.stack([np.ones(light.size), across.ravel(), down.ravel()], axis=1)
    fall = np.linalg.lstsq(places, light, rcond=None)[0]
    height, width = grey.shape
    across, down = np.linspace(-1, 1, width)[None, :], np.linspace(-1, 1, height)[:, None]
    evened = np.maximum(bare, 1) / np.exp(fall[1] * across + fall[2] * down)
    return np.asarray(np.clip(evened / np.percentile(evened, 95) * 230, 0, 255), np.uint8)


def _bright_figure(bright: NDArray[np.bool_]) -> Quad | None:
    """The largest bright part, if its hull has four sides and is like a sheet."""
    # Print must not tear the sheet apart; what touches it by a thread must not belong to it.
    whole = cv2.morphologyEx(bright.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9)))
    whole = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((9, 9)))
    outlines, _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    hull = cv2.convexHull(outline)
    for share in (0.01, 0.02, 0.03, 0.05):
        rough = cv2.approxPolyDP(hull, share * cv2.arcLength(hull, True), True)
        if len(rough) == 4:
            quad = _clockwise(_refined(rough.reshape(4, 2), outline.reshape(-1, 2)))
            is_like = _overlap(outline, quad, bright.shape) >= LIKE_A_SHEET
            return quad if is_like else None
    return None


def _refined(rough: Points, outline: Points) -> Quad:
    """The corners where lines laid through the middle of each side's points meet."""
    lines = []
    for at in range(4):
        start, end = rough[at].astype(np.float64), rough[(at + 1) % 4].astype(np.float64)
        along = (end - start) / max(1.0, float(np.linalg.norm(end - start)))
        offset = outline - start
        place = offset @ along
        aside = np.abs(offset @ (-along[1], along[0]))
        length = float(np.linalg.norm(end - start))
        near = outline[(aside < 6) & (place > 0.1 * length) & (place < 0.9 * length)]
        if len(near) < 10:
            return rough.astype(np.float32)
        lines.append(cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel())
    return np.array([_meeting(lines[at - 1], lines[at]) for at in range(4)], np.float32)


def _meeting(one: NDArray[np.float32], other: NDArray[np.float32]) -> Corner:
    """Where two lines (direction x, y, point x, y) meet; nowhere near if they are parallel."""
    crossing = one[0] * other[1] - one[1] * other[0]
    if abs(crossing) < 1e-6:
        return -1e6, -1e6
    away = ((other[2] - one[2]) * other[1] - (other[3] - one[3]) * other[0]) / crossing
    return float(one[2] + away * one[0]), float(one[3] + away * one[1])


def _clockwise(quad: Quad) -> Quad:
    """From the corner nearest to the picture's top left, clockwise."""
    middle = quad.mean(axis=0)
    angles = np.arctan2(quad[:, 1] - middle[1], quad[:, 0] - middle[0])
    ordered = quad[np.argsort(angles)]
    return np.asarray(np.roll(ordered, -int(ordered.sum(axis=1).argmin()), axis=0), np.float32)


def _overlap(outline: Points, quad: Quad, shape: tuple[int, ...]) -> float:
    """Shared area over joint area of the outline's inside and the figure."""
    inside, figure = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    cv2.drawContours(inside, [outline], -1, 1, cv2.FILLED)
    cv2.fillConvexPoly(figure, np.round(quad).astype(np.int32), 1)
    return float((inside & figure).sum() / max(1, (inside | figure).sum()))


def _is_sheet(quad: Quad, width: int, height: int) -> bool:
    """Whether the figure is large, inside the picture, and has no pointed corner."""
    lies_inside = (
        (quad >= -1).all() and (quad[:, 0] <= width).all() and (quad[:, 1] <= height).all()
    )
    share = cv2.contourArea(quad) / (width * height)
    return bool(
        lies_inside and LEAST_SHEET <= share <= MOST_SHEET and min(_angles(quad)) >= LEAST_ANGLE
    )


def _angles(quad: Quad) -> list[float]:
    before, after = np.roll(quad, 1, axis=0) - quad, np.roll(quad, -1, axis=0) - quad
    cosines = (before * after).sum(axis=1)
    cosines /= np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    return [float(angle) for angle in np.degrees(np.arccos(np.clip(cosines, -1, 1)))]


def _needs_squaring(quad: Quad) -> bool:
    """Whether opposite sides are not parallel, or the sheet leans more than text can tell."""
    sides = np.roll(quad, -1, axis=0) - quad
    leaning = np.degrees(np.arctan2(sides[:, 1], sides[:, 0])) - (0, 90, 180, -90)
    leaning = (leaning + 180) % 360 - 180
    apart = max(abs(leaning[0] - leaning[2]), abs(leaning[1] - leaning[3]))
    return bool(apart > ASKEW or abs(float(leaning.mean())) > LEANING)


def _lies_on_darker(grey: Grey, quad: Quad) -> bool:
    """Whether along every side the picture is darker outside than inside."""
    middle, longer = quad.mean(axis=0), max(grey.shape)
    for at in range(4):
        start, end = quad[at], quad[(at + 1) % 4]
        along = np.linspace(0.1, 0.9, 40)[:, None]
        points = start + along * (end - start)
        normal = np.array([end[1] - start[1], start[0] - end[0]])
        normal = normal / np.linalg.norm(normal)
        if (middle - start) @ normal > 0:
            normal = -normal
        inner = _seen(grey, points - normal * INSIDE * longer)
        outer = _seen(grey, points + normal * OUTSIDE * longer)
        if len(outer) < len(points) / 2 or np.median(inner) - np.median(outer) < TABLE_DARKER:
            return False
    return True


def _seen(grey: Grey, points: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The brightness at those of the points that lie in the picture."""
    x, y = np.round(points).astype(np.int64).T
    inside = (x >= 0) & (y >= 0) & (x < grey.shape[1]) & (y < grey.shape[0])
    return np.asarray(grey[y[inside], x[inside]], np.uint8)
