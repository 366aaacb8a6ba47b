"""Spoiling: good pages made bad in known ways, as scanners, cameras and people do it."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from scanning import images
from scanning.images import Picture
from scanning.reading import Line

A4_HEIGHT = 297.0  # mm
TABLES = {"dark": (40, 42, 45), "wood": (120, 80, 50), "grey": (110, 112, 115),
          "light": (190, 180, 165), "pale": (203, 200, 197),
          "nearly white": (222, 220, 217)}  # fmt: skip


def blurred(picture: Picture, millimetres: float = 0.3) -> Picture:
    """Out of focus, as if the picture were a page of A4."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), millimetres * _per_mm(picture)), np.uint8)


def shaken(picture: Picture, millimetres: float = 1.2) -> Picture:
    """Moved sideways while it was taken."""
    length = max(3, round(millimetres * _per_mm(picture)))
    return np.asarray(cv2.blur(picture, (length, max(1, length // 2))), np.uint8)


def dark(picture: Picture) -> Picture:
    return (picture * 0.3).astype(np.uint8)


def faint(picture: Picture) -> Picture:
    """As from a toner cartridge near its end."""
    return (255 - (255 - picture.astype(np.float32)) * 0.2).astype(np.uint8)


def dull(picture: Picture) -> Picture:
    """A grey veil."""
    return (picture * 0.2 + 80).astype(np.uint8)


def cut_off(picture: Picture, lines: Sequence[Line], side: str) -> tuple[Picture, tuple[Line, ...]]:
    """The page without what was left of most lines' beginnings, or below the last line's middle."""
    if side == "left":
        starts = sorted(line.box[0] for line in lines)
        heights = sorted(line.box[3] - line.box[1] for line in lines)
        x, y = starts[len(starts) // 2] + heights[len(heights) // 2], picture.shape[0]
        kept = picture[:, x:]
    else:
        last = max(lines, key=lambda line: line.box[3])
        x, y = 0, (last.box[1] + last.box[3]) // 2
        kept = picture[:y]
    left = [_moved(line, x, y) for line in lines if line.box[2] > x + 20 and line.box[1] < y]
    return np.ascontiguousarray(kept), tuple(left)


def _moved(line: Line, x: int, y: int) -> Line:
    left, top, right, bottom = line.box
    return replace(line, box=(max(0, left - x), top, right - x, min(y, bottom)), cuts=())


def rescanned(picture: Picture, seed: int) -> Picture:
    """The same paper once more: turned by half a degree, another resolution, another scanner's
    brightness and light, a strong JPEG."""
    chance = np.random.default_rng(seed)
    turned = images.straighten(picture, float(chance.choice([-0.5, 0.5])))
    height, width = turned.shape[:2]
    scale = chance.uniform(0.5, 0.9)
    size = max(200, round(width * scale)), max(200, round(height * scale))
    other = cv2.resize(turned, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    light = np.linspace(1.0, chance.uniform(0.75, 1.0), size[0])[None, :, None]
    lit = other * light * chance.uniform(0.85, 1.0) + chance.normal(0, 3, other.shape)
    plain = np.clip(lit, 0, 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", plain, [cv2.IMWRITE_JPEG_QUALITY, 40])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def photographed(picture: Picture, table: str, seed: int) -> tuple[Picture, NDArray[np.float64]]:
    """The page on a table under a lamp, taken by hand; and its corners, as shares of the photo."""
    chance = np.random.default_rng(seed)
    page = images.shrink(picture, 1_600)
    high, wide = page.shape[:2]
    size = int(wide * 1.3), int(high * 1.25)
    flat = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    leaning = chance.uniform(-0.07, 0.07, (4, 2)) * (wide, high)
    corners = flat * 0.95 + (wide * 0.15, high * 0.125) + leaning
    matrix = cv2.getPerspectiveTransform(flat, corners.astype(np.float32))
    grain = cv2.GaussianBlur(chance.normal(0, 60, (size[1], size[0])).astype(np.float32), (0, 0), 3)
    ground = np.array(TABLES[table], np.float32) + grain[..., None]
    mask = cv2.warpPerspective(np.ones((high, wide), np.float32), matrix, size)[..., None]
    seen = cv2.warpPerspective(page, matrix, size) * mask + ground * (1 - mask)
    lamp = np.linspace(1, chance.uniform(0.5, 0.9), size[0])[None, :, None]
    lit = seen * lamp + chance.normal(0, 4, seen.shape)
    return np.clip(lit, 0, 255).astype(np.uint8), corners / size


def _per_mm(picture: Picture) -> float:
    return float(max(picture.shape[:2])) / A4_HEIGHT
